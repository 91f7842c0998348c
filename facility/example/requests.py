"""Requests made from outputs: amounts as the source has them, label, merit and smallest useful amount by written rules.

The rules stand in the constants below and in `README.md`. They were fixed before the first solve. Merit is a rule over
figures, not a reviewer's judgement.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from facility.example.outputs import Funding, Kept
from ledgers.money import half_away

UNFUNDED_POINTS = 40
"""For an output without any money; in proportion to the share of what it requires that is missing."""

DELIVERY_POINTS = 30
"""For an output that has spent all it has; in proportion to spent over available, at most 1."""

NO_RECORD_POINTS = 15
"""Instead of delivery, for an output that has had no money and so could not show any."""

GROUP_POINTS = {"LDC": 20, "LLDC": 10, "SIDS": 10}
"""For each group that the country belongs to on the round's date; they add up, to at most 30."""

WHOLE_UP_TO = Decimal(50_000)
"""Asks up to this many USD are all or nothing."""

SMALLEST_SHARE = Fraction(1, 4)
"""Of a larger ask: the smallest useful amount, rounded up to a whole thousand."""

SMALLEST_AT_MOST = Decimal(500_000)
"""However large the ask, half a million USD is a useful start."""

REQUEST_COLUMNS = (
    "request_id", "title", "applicant", "applicant_kind", "country", "window", "objectives", "currency",
    "amount_requested", "amount_minimum", "merit", "cofinance", "starts_on", "ends_on",
)  # fmt: skip

SOURCE_COLUMNS = (
    "request_id", "uninfo_id", "agency", "listed_under", "country_rule", "required", "available", "spent",
    "keyword", "found_in", "groups", "merit_unfunded", "merit_groups", "merit_delivery",
)  # fmt: skip


def request_row(kept: Kept) -> tuple[str, ...]:
    """Return one output as a row of `requests.csv`."""
    output, funding, keyword = kept.output, kept.funding, kept.match.keyword
    return (
        output.request_id,
        f"{output.agency}: {keyword.topic}, {kept.place.name}",
        output.agency,
        "international_organisation",
        kept.place.code,
        keyword.window,
        keyword.objectives,
        "USD",
        f"{funding.gap:.2f}",
        smallest_useful(funding.gap),
        str(sum(merit_parts(funding, kept.place.groups), Decimal(0))),
        f"{funding.available:.2f}",
        str(output.starts_on),
        str(output.ends_on),
    )


def source_row(kept: Kept) -> tuple[str, ...]:
    """Return where a request comes from as a row of `requests_source.csv`."""
    output, funding, place = kept.output, kept.funding, kept.place
    return (
        output.request_id,
        output.uninfo_id,
        output.agency,
        "|".join(output.countries),
        place.rule,
        *(f"{figure:.2f}" for figure in (funding.required, funding.available, funding.spent)),
        kept.match.keyword.text,
        kept.match.found_in,
        "|".join(place.groups),
        *(str(part) for part in merit_parts(funding, place.groups)),
    )


def merit_parts(funding: Funding, groups: Sequence[str]) -> Sequence[Decimal]:
    """Return the points for the share unfunded, the country's groups and delivery, each to two decimals, halves up."""
    required, available, spent = (Fraction(figure) for figure in (funding.required, funding.available, funding.spent))
    unfunded = UNFUNDED_POINTS * (required - available) / required
    in_groups = Fraction(sum(GROUP_POINTS[group] for group in groups))
    delivery = DELIVERY_POINTS * min(Fraction(1), spent / available) if available else Fraction(NO_RECORD_POINTS)
    return [Decimal(half_away(100 * points)).scaleb(-2) for points in (unfunded, in_groups, delivery)]


def smallest_useful(gap: Decimal) -> str:
    """Return the smallest useful amount of an ask, empty for all or nothing.

    >>> smallest_useful(Decimal(50_000)), smallest_useful(Decimal(50_001)), smallest_useful(Decimal(9_000_000))
    ('', '13000.00', '500000.00')
    """
    if gap <= WHOLE_UP_TO:
        return ""
    thousands = math.ceil(SMALLEST_SHARE * Fraction(gap) / 1000)
    return f"{min(Decimal(thousands) * 1000, SMALLEST_AT_MOST):.2f}"
