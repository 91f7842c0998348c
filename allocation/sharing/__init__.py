"""Other rules by which the same money could be shared under the same earmarks and limits, to hold against the optimum.

One rule a module, each a function from a prepared round to awards in whole minor units:

- `greedy`: down the list by merit, as committees do it;
- `proportional`: the same share of each ask as far as money and ceilings reach;
- `equal_shares`: each contribution's money buys what it admits, at the same price for all who join;
- `formula`: an envelope for each country from a published formula, the ranking by merit inside.

`shared.finished` makes a decision of the awards and has the independent verifier look at it. A limit that a rule cannot
keep is named there, never hidden. Payments of contributions with a country share to requests of several countries are
not used by these rules: such a payment takes room in several countries at once, which their reckoning does not follow.
Where a round could have any, the promise says so.
"""
