"""How a donor's money is followed from signing to what is left, so that the figures beside each other add up."""

from __future__ import annotations

MONEY_STEPS = (
    ("signed", "Signed"),
    ("exchange", "Exchange difference"),
    ("receivable", "Not yet received"),
    ("unapplied", "Beyond agreement"),
    ("received", "Received, cash"),
    ("interest", "Interest"),
    ("allocated", "Allocated"),
    ("administration", "Administration"),
    ("available", "To be decided on"),
)
"""(name, label) of each step, all in the book's currency, in the order in which the money passes them."""

MONEY_NOTE = (
    "Signed + exchange difference - not yet received + beyond agreement = received; received + interest = allocated + "
    "administration + to be decided on + beyond agreement, which is not applied. The exchange difference is what the "
    "cash was worth above (below, where negative) the value at the rate of the signing."
)
