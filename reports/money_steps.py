"""How a donor's money is followed from signing to what is left, so that the figures beside each other add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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

UNCOLLECTED = ("uncollected", "Allocated, not yet received")
"""What rounds have allocated of money signed for and not yet received; a step only where there is any."""


def money_steps(rows: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Return the steps that rows of money need, in order."""
    place = MONEY_STEPS.index(("allocated", "Allocated"))
    extra = (UNCOLLECTED,) if any(row["uncollected"] for row in rows) else ()
    return (*MONEY_STEPS[:place], *extra, *MONEY_STEPS[place:])


def money_note(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the sentence that says how the steps of these rows add up."""
    if UNCOLLECTED not in money_steps(rows):
        return MONEY_NOTE
    return MONEY_NOTE.replace("received + interest =", "received + interest + allocated and not yet received =")
