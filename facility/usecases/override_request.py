"""Somebody decides a request of an open round by hand: it is funded, refused, or held between amounts, and says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from facility.usecases.explain import RequestUnknown
from ledgers.errors import did_you_mean
from ledgers.money import Money, amount_of, major_units, minor_units
from ledgers.rounds import frozen_round, header, overrides_of, record_override, standing
from ledgers.rounds.errors import OverrideInvalid
from ledgers.store import Book

WHOLE = "all"
Row = tuple[int, str, str, str, str, date, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an override asks for; exactly one of these is set.

    Attributes:
        fund: Exactly this amount as text, or `all` for the whole ask.
        refuse: Nothing at all.
        at_least: This amount or more.
        at_most: This amount or less, or nothing.
        lift: The override that stands no longer counts.
    """

    fund: str | None = None
    refuse: bool = False
    at_least: str | None = None
    at_most: str | None = None
    lift: bool = False


def override_request(
    book: Book,
    round_id: str,
    request_id: str,
    wish: Wish,
    *,
    by: str,
    reason: str,
    on: date,
    dry_run: bool = False,
) -> tuple[bool, str]:
    """Record an override and return whether it is new, and what it says.

    Raises:
        RoundUnknown, RoundEnded, BeforeOpening, OverrideUnknown: see `ledgers.rounds.overrides`.
        RequestUnknown: the round does not hold the request.
        OverrideInvalid: nothing or too much is asked for, no award could keep it, or there is no reason.
        AmountInvalid: an amount cannot be read.
    """
    known = header(book, round_id)
    frozen = {row["request_id"]: row for row in frozen_round(book, round_id).requests}
    if request_id not in frozen:
        raise RequestUnknown(
            f"round {round_id} does not hold request {request_id}", remedy=did_you_mean(request_id, sorted(frozen))
        )
    if not reason.strip():
        raise OverrideInvalid("an override says why", remedy="give the reason with --reason, for the minutes")
    bounds = _bounds(wish, _Awardable.of(frozen[request_id], _unit(book, round_id), known.currency))
    with book.lane(actor=by, command=f"round override {round_id} {request_id}", dry_run=dry_run) as lane:
        is_new = record_override(
            book, lane, round_id, request_id, bounds=bounds, by=by, reason=" ".join(reason.split()), on=on
        )
    ask = frozen[request_id]["base_requested"]
    return is_new, _words(bounds[0], bounds[1], ask, known.currency) if bounds else "the override is lifted"


def override_rows(book: Book, round_id: str) -> list[Row]:
    """Return one row for each override of a round in the order in which they were made.

    Returns:
        Number, request, what it says, whether it `counts`, was `replaced` or `lifted`, who, the day, why.
    """
    history = overrides_of(book, round_id)
    currency = header(book, round_id).currency
    asks = {row["request_id"]: row["base_requested"] for row in frozen_round(book, round_id).requests}
    counts = {one.position for one in standing(history)}
    latest = {one.request_id: one for one in history}
    rows: list[Row] = []
    for one in history:
        says = "lifted"
        if one.least is not None and one.most is not None:
            says = _words(one.least, one.most, asks[one.request_id], currency)
        is_latest = latest[one.request_id].position == one.position
        stands = "counts" if one.position in counts else "lifts" if is_latest else "replaced"
        rows.append((one.position, one.request_id, says, stands, one.decided_by, one.event_date, one.reason))
    return rows


@dataclass(frozen=True, slots=True)
class _Awardable:
    """What a request may be awarded, in minor units: nothing, the ask, or a multiple of `unit` from `minimum` on."""

    request_id: str
    ask: int
    minimum: int
    unit: int
    currency: str

    @classmethod
    def of(cls, row: dict[str, Any], unit: int, currency: str) -> _Awardable:
        ask, minimum = (minor_units(row[name], currency) for name in ("base_requested", "base_minimum"))
        return cls(row["request_id"], ask, minimum, unit, currency)

    @property
    def smallest(self) -> int:
        """Return the smallest award above nothing."""
        return min(self.ask, max(1, -(-self.minimum // self.unit)) * self.unit)

    def amount(self, text: str, option: str) -> int:
        """Return an amount above zero and not above the ask."""
        amount = minor_units(amount_of(text, self.currency), self.currency)
        if not 0 < amount <= self.ask:
            raise OverrideInvalid(
                f"{option} {text} is not above zero and at most the {self._told(self.ask)} that {self.request_id} asks",
                remedy="give an amount within the ask, or --refuse",
            )
        return amount

    def exactly(self, text: str) -> int:
        """Return an amount that can be awarded."""
        amount = self.ask if text.casefold() == WHOLE else self.amount(text, "--fund")
        if amount != self.ask and (amount < self.smallest or amount % self.unit):
            parts = f", or a multiple of {self._told(self.unit)} from {self._told(self.smallest)} on"
            raise OverrideInvalid(
                f"{self.request_id} cannot be awarded {self._told(amount)}: an award is the whole ask of "
                f"{self._told(self.ask)}{parts if self.smallest < self.ask else ''}",
                remedy="give such an amount, or --fund all",
            )
        return amount

    def ceiling(self, text: str) -> int:
        """Return an amount that leaves room for some award."""
        amount = self.amount(text, "--at-most")
        if amount < self.smallest:
            raise OverrideInvalid(
                f"{self.request_id} cannot be awarded {self._told(amount)} or less: its smallest award is "
                f"{self._told(self.smallest)}",
                remedy="give at least that, or --refuse",
            )
        return amount

    def _told(self, minor: int) -> str:
        return str(Money(major_units(minor, self.currency), self.currency))


def _bounds(wish: Wish, awardable: _Awardable) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most that a wish means, major units; None when it lifts."""
    wished = [wish.fund is not None, wish.refuse, wish.at_least is not None, wish.at_most is not None, wish.lift]
    if sum(wished) != 1:
        raise OverrideInvalid(
            "an override says one thing" if sum(wished) else "an override says what is to be",
            remedy="give one of --fund, --refuse, --at-least, --at-most or --lift",
        )
    if wish.lift:
        return None
    least, most = 0, awardable.ask
    if wish.fund is not None:
        least = most = awardable.exactly(wish.fund)
    elif wish.refuse:
        most = 0
    elif wish.at_least is not None:
        least = awardable.amount(wish.at_least, "--at-least")
    elif wish.at_most is not None:
        most = awardable.ceiling(wish.at_most)
    return major_units(least, awardable.currency), major_units(most, awardable.currency)


def _words(least: Decimal, most: Decimal, ask: Decimal, currency: str) -> str:
    """Return what bounds on an award mean."""

    def told(amount: Decimal) -> str:
        return str(Money(amount, currency))

    if not most:
        return "refused"
    if least == most:
        return f"funded with {told(most)}" + (", the whole ask" if most == ask else "")
    return f"at least {told(least)}" if least else f"at most {told(most)}"


def _unit(book: Book, round_id: str) -> int:
    from facility.usecases.build_problem import policy_of

    return policy_of(header(book, round_id)).unit
