"""A book as a plain dictionary of balances and a list of entries: the ground of the model of the whole book.

A balance is of (account, contribution, request, agreement, currency), each an empty text where there is none, and is a
pair: in its currency, and in dollars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from life_rows import PLACES, rounded
from naive_life import ZERO, Refused

FACILITY = "FACILITY"
CASH = "asset:cash:main"
Key = tuple[str, str, str, str, str]
Line = tuple[Key, Fraction, Fraction]

# What may not fall below zero, on which side it stands, of what it is counted, and the word of the refusal.
GUARDS: dict[str, tuple[int, tuple[int, ...], str]] = {
    "budget:available": (1, (1,), "available-exceeded"),
    "budget:conditional": (1, (1,), "available-exceeded"),
    "budget:allocated": (1, (1, 2), "allocated-exceeded"),
    "budget:allocated-uncollected": (1, (1, 2), "allocated-exceeded"),
    "budget:committed": (1, (1, 3), "committed-exceeded"),
    "asset:advance": (1, (1, 3), "advance-exceeded"),
    "expense:programme": (1, (1, 3), "expenditure-exceeded"),
    "asset:receivable:implementer": (1, (1, 3), "recovery-exceeded"),
    "liability:donor-refund": (-1, (1,), "donor-refund-exceeded"),
    "liability:fee": (-1, (), "fees-exceeded"),
    CASH: (1, (4,), "cash-exceeded"),
}


@dataclass
class Entry:
    """What one act posted."""

    kind: str
    day: int
    lines: list[Line]
    agreement: str = ""
    of: str = ""
    is_standing: bool = True


@dataclass
class Ledger:
    """Balances and entries, with days counted from the first and the rates of some days."""

    rates: dict[tuple[str, int], Fraction]
    totals: dict[Key, tuple[Fraction, Fraction]] = field(default_factory=dict)
    journal: dict[str, Entry] = field(default_factory=dict)

    def rate(self, currency: str, day: int) -> Fraction:
        if currency == "USD":
            return Fraction(1)
        return self.rates[currency, max(d for c, d in self.rates if c == currency and d <= day)]

    def base(self, amount: Fraction, currency: str, day: int) -> Fraction:
        """Return what an amount is worth in dollars on a day."""
        return rounded(amount / self.rate(currency, day))

    def worth(self, amount: Fraction, currency: str, base: Fraction, into: str, day: int) -> Fraction:
        """Return what an amount that is worth so many dollars is in another currency."""
        if currency == into:
            return amount
        if into == "USD":
            return base
        return rounded(amount / self.rate(currency, day) * self.rate(into, day), PLACES[into])

    def total(self, account: str, *, of: Mapping[int, str] | None = None) -> tuple[Fraction, Fraction]:
        """Return the sum of an account where the parts of the key that are named are so."""
        amount = base = ZERO
        for key, value in self.totals.items():
            if key[0] == account and all(key[place] == named for place, named in (of or {}).items()):
                amount, base = amount + value[0], base + value[1]
        return amount, base

    def held(self, account: str, who: str, request: str | None = None, agreement: str | None = None) -> Fraction:
        """Return what a contribution has on an account, in dollars."""
        of = {1: who, 2: request, 3: agreement}
        return self.total(account, of={place: named for place, named in of.items() if named is not None})[1]

    def parts(self, account: str, request: str | None = None, agreement: str | None = None) -> dict[str, Fraction]:
        """Return what each contribution that was ever there has on an account."""
        found: dict[str, Fraction] = defaultdict(Fraction)
        for key, value in self.totals.items():
            if key[0] == account and request in (None, key[2]) and agreement in (None, key[3]):
                found[key[1]] += value[1]
        return found

    def post(
        self, name: str, kind: str, day: int, lines: Iterable[Line], *, agreement: str = "", of: str = "",
        is_guarded: bool = True,
    ) -> Entry:  # fmt: skip
        """Post an entry, or refuse it because of what it would overdraw."""
        entry = Entry(kind, day, [line for line in lines if line[1] or line[2]], agreement, of)
        before = dict(self.totals)
        self.add(entry.lines)
        word = self.overdrawn(entry) if is_guarded else None
        if word:
            self.totals = before
            raise Refused(word)
        self.journal[name] = entry
        return entry

    def add(self, lines: Iterable[Line]) -> None:
        for key, amount, base in lines:
            had = self.totals.get(key, (ZERO, ZERO))
            self.totals[key] = (had[0] + amount, had[1] + base)

    def overdrawn(self, entry: Entry) -> str | None:
        """Return the word for what an entry that was just added takes below zero; None where nothing is."""
        for key, amount, _ in entry.lines:
            if key[0] not in GUARDS:
                continue
            side, places, word = GUARDS[key[0]]
            is_own = key[:2] == ("budget:available", FACILITY) and entry.kind in OWN_LINE
            is_fee_back = key[0] == "liability:fee" and entry.kind == "reversal"
            if side * amount >= 0 or is_own or is_fee_back:
                continue
            if side * self.total(key[0], of={place: key[place] for place in places})[0] < 0:
                return word
        return None

    def at(self, day: int) -> dict[Key, tuple[Fraction, Fraction]]:
        """Return the balances at the end of a day."""
        then = Ledger({})
        for entry in self.journal.values():
            if entry.day <= day:
                then.add(entry.lines)
        return then.totals


OWN_LINE = ("bank-charge", "interest", "implementer-interest")
"""What may take the facility's own line below zero."""


def line(
    account: str, who: str, amount: Fraction, base: Fraction | None = None, *, currency: str = "USD",
    request: str = "", agreement: str = "",
) -> Line:  # fmt: skip
    """Return a line; in dollars, unless said otherwise."""
    return (account, who, request, agreement, currency), amount, amount if base is None else base


def turned(lines: Iterable[Line]) -> list[Line]:
    """Return lines the other way round."""
    return [(key, -amount, -base) for key, amount, base in lines]


def exchanged(who: str, gain: Fraction, currency: str) -> Line:
    """Return the line of what was gained or lost on exchange."""
    account = "income:exchange" if gain > 0 else "expense:exchange"
    return line(account, who, ZERO, -gain, currency=currency)


def fair(amount: Fraction, weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Deal out dollars in proportion: whole cents first, then one each to the largest remainders, then by id."""
    held = {who: max(weight, ZERO) for who, weight in weights.items()}
    whole = sum(held.values(), ZERO)
    if not whole:
        return {min(held): amount} if held else {}
    exact = {who: amount * weight * 100 / whole for who, weight in held.items()}
    cents = {who: value.__floor__() for who, value in exact.items()}
    order = sorted((who for who in held if held[who]), key=lambda who: (cents[who] - exact[who], who))
    for who in order[: int(amount * 100) - sum(cents.values())]:
        cents[who] += 1
    return {who: Fraction(part, 100) for who, part in cents.items() if part}
