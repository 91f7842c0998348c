"""How a donor's money is followed from signing to what is left, so that the figures beside each other add up.

Two sums hold of every contribution, of every set of them, on every day and as known at every time: what was promised
leads to what came in, and what came in leads to what it is kept and used for. A step that a book has nothing of is left
out, but for the steps that every reader looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class MoneyStep:
    """One step of the money, in the book's currency.

    Attributes:
        name: Of its column.
        label: For people.
        words: In a sentence.
        is_always: Whether it is shown where there is nothing of it.
        note: What it is, where the label does not say.
    """

    name: str
    label: str
    words: str
    is_always: bool = False
    note: str = ""


STEPS = (
    MoneyStep("signed", "Signed", "signed", True, "at the rates of signing, received or not"),
    MoneyStep("exchange", "Exchange difference", "exchange difference", True, "cash against the value at signing"),
    MoneyStep("receivable", "Not yet received", "not yet received", True, "signed, not cash"),
    MoneyStep("notes", "Promissory notes", "promissory notes", False, "signed and promised by a note, not cash"),
    MoneyStep("written_off", "Written off", "written off", False, "signed, and not expected any more"),
    MoneyStep("unapplied", "Beyond agreement", "beyond agreement", True, "cash not applied to an agreement"),
    MoneyStep("received", "Received, cash", "received", True, "cash in the bank"),
    MoneyStep("bounced", "Taken back by the bank", "taken back by the bank", False, "deposits that bounced"),
    MoneyStep(
        "elsewhere", "From other contributions", "from other contributions", False,
        "receipts applied here that came on another contribution (went to one, where negative)",
    ),
    MoneyStep("opened", "Came in before the book", "came in before the book", False, "brought in at its opening"),
    MoneyStep(
        "used_before", "Used or gained before it", "used or gained before it", False,
        "used before the opening (gained, where positive), as the old books had it",
    ),
    MoneyStep("interest", "Interest", "interest", True, "credited to these contributions"),
    MoneyStep("cash_exchange", "Exchange on cash", "exchange on cash", False, "what cash in other currencies gained"),
    MoneyStep(
        "unapplied_exchange", "Gain on what is beyond", "gain on what is beyond agreement", False,
        "part of the exchange difference, of cash that is not applied and not available",
    ),
    MoneyStep("fees", "Fees", "fees", False, "charged on what came in"),
    MoneyStep("bank_charges", "Bank charges", "bank charges", False, "on the facility's own line"),
    MoneyStep("returned", "Returned or owed", "returned or owed", False, "not used: given back to the donor, or owed"),
    MoneyStep(
        "uncollected", "Allocated, not yet received", "allocated and not yet received", False, "part of allocated"
    ),
    MoneyStep("allocated", "Allocated", "allocated", True, "reserved for requests, later stages included"),
    MoneyStep("administration", "Administration", "administration", True, "decided for the facility's own costs"),
    MoneyStep("available", "To be decided on", "to be decided on", True, "cash"),
    MoneyStep("conditional", "Waiting for a condition", "waiting for a condition", False, "cash, not yet available"),
)  # fmt: skip
"""In the order in which the money passes them."""

PARTS = (
    MoneyStep("committed", "Committed", "committed", False, "in signed grant agreements, not yet disbursed"),
    MoneyStep("disbursed", "Disbursed", "disbursed", True, "cash transferred; part of allocated and administration"),
    MoneyStep("spent", "Spent", "spent", False, "reported by implementers and allowed; part of disbursed"),
    MoneyStep("outside", "Held by implementers", "held by implementers", False, "disbursed, and not yet spent"),
    MoneyStep("deferred", "Deferred", "deferred", False, "part of signed: its conditions are not met yet"),
    MoneyStep("owed", "Owed to the donor", "owed to the donor", False, "part of returned or owed"),
)
"""Parts of the steps; none of them is added to anything."""

PROMISED = (("signed", 1), ("exchange", 1), ("receivable", -1), ("notes", -1), ("written_off", -1), ("unapplied", 1))
CAME = (("received", 1), ("bounced", -1), ("elsewhere", 1), ("opened", 1))
KEPT = (
    *CAME, ("unapplied", -1), ("used_before", 1), ("interest", 1), ("cash_exchange", 1), ("unapplied_exchange", -1),
    ("fees", -1), ("bank_charges", -1), ("returned", -1), ("uncollected", 1),
)  # fmt: skip
USED = (("allocated", 1), ("administration", 1), ("available", 1), ("conditional", 1))
NAMES = (*(step.name for step in (*STEPS, *PARTS)), "pledged", "in_kind")
_WORDS = {step.name: step.words for step in (*STEPS, *PARTS)}
Signs = Sequence[tuple[str, int]]


def shown_steps(rows: Iterable[Mapping[str, Any]]) -> tuple[MoneyStep, ...]:
    """Return the steps that rows of money need, in order."""
    return _shown(STEPS, list(rows))


def shown_parts(rows: Iterable[Mapping[str, Any]]) -> tuple[MoneyStep, ...]:
    """Return the parts of steps that rows of money need, in order."""
    return _shown(PARTS, list(rows))


def _shown(steps: tuple[MoneyStep, ...], rows: list[Mapping[str, Any]]) -> tuple[MoneyStep, ...]:
    return tuple(step for step in steps if step.is_always or any(row[step.name] for row in rows))


def money_note(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the sentences that say how the steps of these rows add up."""
    names = {step.name for step in shown_steps(list(rows))}
    first = f"{_sum(PROMISED, names)} = {_sum(CAME, names)}"
    second = f"{_sum(KEPT, names)} = {_sum(USED, names)}"
    return (
        f"{first[0].upper()}{first[1:]}; {second}. The exchange difference is what the cash was worth above (below, "
        "where "
        "negative) the value at the rate of the signing."
    )


def _sum(signs: Signs, names: set[str]) -> str:
    told = [(sign, _WORDS[name]) for name, sign in signs if name in names]
    return told[0][1] + "".join(f" {'+' if sign > 0 else '-'} {words}" for sign, words in told[1:])


def value(signs: Signs, row: Mapping[str, Any]) -> Decimal:
    """Return what one side of a sum comes to in a row of money."""
    return sum((sign * row[name] for name, sign in signs), ZERO)


def adds_up(row: Mapping[str, Any]) -> bool:
    """Return whether both sums hold of a row of money."""
    return value(PROMISED, row) == value(CAME, row) and value(KEPT, row) == value(USED, row)


def money_total(rows: Iterable[Mapping[str, Any]]) -> dict[str, Decimal]:
    """Return the sum of rows of money, by name."""
    rows = list(rows)
    return {name: sum((row[name] for row in rows), ZERO) for name in NAMES}
