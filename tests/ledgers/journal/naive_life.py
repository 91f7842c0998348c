"""A book without a database: what becomes of contributions in their lives, by the written rules, in fractions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from life_rows import PLACES, rounded

ZERO = Fraction(0)
Tiers = tuple[tuple[int, Fraction, int], ...]


class Refused(Exception):
    """The book must refuse this, with this code."""


def down(value: Fraction) -> Fraction:
    """Return a value in the book's currency, down to the cent."""
    return Fraction((value * 100).__floor__(), 100)


@dataclass
class Claim:
    """What is still to come of an undertaking, and the value from which its parts are counted."""

    amount: Fraction = ZERO
    base: Fraction = ZERO
    of_amount: Fraction = ZERO
    of_base: Fraction = ZERO
    gone: Fraction = ZERO

    def set_anew(self) -> None:
        """Count from what stands now."""
        self.of_amount, self.of_base, self.gone = self.amount, self.base, ZERO

    def discharge(self, part: Fraction) -> Fraction:
        """Take a part away and return the value that it had."""
        if not part:
            return ZERO
        value = rounded(self.of_base * (self.gone + part) / self.of_amount)
        value -= rounded(self.of_base * self.gone / self.of_amount)
        self.gone += part
        self.amount -= part
        self.base -= value
        return value

    def back(self, part: Fraction, value: Fraction) -> None:
        """Put a part back at its value."""
        if part or value:
            self.amount += part
            self.base += value
        self.set_anew()


@dataclass
class Receipt:
    """Money that came: what it discharged at which value, what it made available, what waits to be applied."""

    line: str
    claim: str
    held: str
    cash: tuple[Fraction, Fraction]
    applied: Fraction = ZERO
    base_applied: Fraction = ZERO
    carrying: Fraction = ZERO
    fee: Fraction = ZERO
    waited: Fraction = ZERO
    unapplied: Fraction = ZERO
    base_unapplied: Fraction = ZERO
    source: str = ""
    taken: tuple[Fraction, Fraction] = (ZERO, ZERO)


@dataclass
class Line:
    """A contribution."""

    currency: str
    conditional: bool = False
    percent: Fraction = ZERO
    tiers: Tiers = ()
    amount: Fraction = ZERO
    receivable: Claim = field(default_factory=Claim)
    note: Claim = field(default_factory=Claim)
    deferred: Fraction = ZERO
    base_deferred: Fraction = ZERO
    income: Fraction = ZERO
    met: Fraction = ZERO
    available: Fraction = ZERO
    waiting: Fraction = ZERO
    charged: Fraction = ZERO
    fee_owed: Fraction = ZERO
    owed: Fraction = ZERO
    returned: Fraction = ZERO
    exchange: Fraction = ZERO
    written_off: Fraction = ZERO
    closed: bool = False


class Naive:
    """The whole book, in dollars."""

    def __init__(self, rates: Mapping[tuple[str, int], Fraction]) -> None:
        self.rates = rates
        self.lines: dict[str, Line] = {}
        self.receipts: dict[str, Receipt] = {}
        self.applications: dict[str, Receipt] = {}
        self.write_offs: dict[str, tuple[str, Fraction, Fraction]] = {}
        self.cash: dict[str, list[Fraction]] = defaultdict(lambda: [ZERO, ZERO])
        self.facility = ZERO
        self.facility_exchange = ZERO

    def rate(self, currency: str, day: int) -> Fraction:
        return (
            Fraction(1)
            if currency == "USD"
            else self.rates[currency, max(d for c, d in self.rates if c == currency and d <= day)]
        )

    def base(self, amount: Fraction, currency: str, day: int) -> Fraction:
        return rounded(amount / self.rate(currency, day))

    def sign(self, name: str, line: Line, amount: Fraction) -> None:
        base = self.base(amount, line.currency, 0)
        line.amount = amount
        line.receivable = Claim(amount, base)
        line.receivable.set_anew()
        if line.conditional:
            line.deferred, line.base_deferred = amount, base
        else:
            line.income = base
        self.lines[name] = line

    # Money comes.

    def came(self, name: str) -> tuple[Fraction, Fraction]:
        """Return what was applied to a contribution in all and not taken back, in its currency and in dollars."""
        those = [r for r in (*self.receipts.values(), *self.applications.values()) if r.line == name]
        return sum((r.applied for r in those), ZERO), sum((r.base_applied for r in those), ZERO)

    def free(self, line: Line, applied: Fraction, base: Fraction) -> Fraction:
        return base if line.met >= applied else down(base * line.met / applied)

    def place(self, receipt: Receipt, worth: Fraction, own: Fraction, base: Fraction, own_places: int) -> None:
        """Apply money that is worth so much of its contribution's currency, of so much money and dollars."""
        line = self.lines[receipt.line]
        claim = line.note if receipt.claim == "note" else line.receivable
        before = self.came(receipt.line)
        taken = min(worth, claim.amount)
        if taken == 0:
            used, used_base = ZERO, ZERO
        elif taken == worth:
            used, used_base = own, base
        else:
            used = rounded(own * taken / worth, own_places)
            used_base = base if used == own else rounded(base * taken / worth)
        receipt.applied, receipt.base_applied = taken, used_base
        receipt.carrying = claim.discharge(taken)
        line.exchange += used_base - receipt.carrying
        receipt.unapplied, receipt.base_unapplied = own - used, base - used_base
        receipt.waited = ZERO
        if line.conditional and used_base > 0:
            after = (before[0] + taken, before[1] + used_base)
            freed = self.free(line, *after) - (self.free(line, *before) if before[0] else ZERO)
            receipt.waited = max(ZERO, min(used_base, used_base - freed))
        if line.tiers:
            bears = self.bears(line.tiers, before[1] + used_base)
            receipt.fee = min(bears, line.charged + used_base) - line.charged if used_base else ZERO
        else:
            receipt.fee = rounded(used_base * line.percent)
        now = used_base - receipt.waited
        from_now = min(receipt.fee, now)
        line.available += now - from_now
        receipt.waited -= receipt.fee - from_now
        line.waiting += receipt.waited
        line.charged += receipt.fee
        line.fee_owed += receipt.fee

    @staticmethod
    def bears(tiers: Tiers, total: Fraction) -> Fraction:
        shares, flats = ZERO, ZERO
        for place, (above, share, flat) in enumerate(tiers):
            if total > above:
                upto = min(total, Fraction(tiers[place + 1][0])) if place + 1 < len(tiers) else total
                shares += share * (upto - above)
                flats += flat
        return rounded(shares) + flats

    def worth(self, amount: Fraction, currency: str, base: Fraction, into: str, day: int) -> Fraction:
        if currency == into:
            return amount
        if into == "USD":
            return base
        return rounded(amount / self.rate(currency, day) * self.rate(into, day), PLACES[into])

    def deposit(
        self, key: str, name: str, currency: str, amount: Fraction, day: int, claim: str, stated: Fraction | None
    ) -> None:
        line = self.lines[name]
        if line.closed:
            raise Refused("contribution-closed")
        base = self.base(amount, currency, day) if stated is None else stated
        worth = self.worth(amount, currency, base, line.currency, day)
        held = currency if stated is None else "USD"
        cash = (amount, base) if stated is None else (base, base)
        receipt = Receipt(name, claim, held, cash)
        self.place(receipt, worth, amount, base, PLACES[currency])
        if stated is not None:
            receipt.unapplied = receipt.base_unapplied
        self.receipts[key] = receipt
        self.cash[held][0] += cash[0]
        self.cash[held][1] += cash[1]

    def waits(self, key: str) -> tuple[Fraction, Fraction]:
        """Return what of a deposit waits to be applied."""
        receipt = self.receipts[key]
        gone = [a.taken for a in self.applications.values() if a.source == key]
        return receipt.unapplied - sum((g[0] for g in gone), ZERO), receipt.base_unapplied - sum(
            (g[1] for g in gone), ZERO
        )

    def apply(self, key: str, source: str, name: str, asked: Fraction | None, day: int) -> None:
        line, had = self.lines[name], self.waits(source)
        if had[0] <= 0:
            raise Refused("nothing-unapplied")
        amount = had[0] if asked is None else asked
        if amount > had[0]:
            raise Refused("unapplied-exceeded")
        if line.closed:
            raise Refused("contribution-closed")
        held = self.receipts[source].held
        base = rounded(had[1] * amount / had[0])
        receipt = Receipt(name, "receivable", held, (ZERO, ZERO), source=source)
        self.place(receipt, self.worth(amount, held, base, line.currency, day), amount, base, PLACES[held])
        receipt.taken = (amount - receipt.unapplied, base - receipt.base_unapplied)
        receipt.unapplied = receipt.base_unapplied = ZERO
        self.applications[key] = receipt

    def take_back(self, receipt: Receipt) -> Line:
        """Undo what a receipt discharged and bore, and return its contribution."""
        line = self.lines[receipt.line]
        claim = line.note if receipt.claim == "note" else line.receivable
        claim.back(receipt.applied, receipt.carrying)
        line.exchange -= receipt.base_applied - receipt.carrying
        line.charged -= receipt.fee
        line.fee_owed -= receipt.fee
        return line

    def bounce(self, key: str) -> None:
        receipt = self.receipts[key]
        if any(a.source == key for a in self.applications.values()):
            raise Refused("deposit-applied")
        if self.lines[receipt.line].closed:
            raise Refused("contribution-closed")
        del self.receipts[key]
        line = self.take_back(receipt)
        applied, base = self.came(receipt.line)
        most = ZERO if line.met >= applied else base - self.free(line, applied, base)
        still = min(max(ZERO, line.waiting - receipt.waited), most)
        line.available -= receipt.base_applied - receipt.fee - (line.waiting - still)
        line.waiting = still
        self.cash[receipt.held][0] -= receipt.cash[0]
        self.cash[receipt.held][1] -= receipt.cash[1]

    def unapply(self, key: str) -> None:
        receipt = self.applications[key]
        line = self.lines[receipt.line]
        now = receipt.base_applied - receipt.fee - receipt.waited
        if line.available < now or line.waiting < receipt.waited:
            raise Refused("available-exceeded")
        self.take_back(receipt)
        line.available -= now
        line.waiting -= receipt.waited
        del self.applications[key]

    # What is to come changes.

    def give_note(self, name: str, amount: Fraction) -> None:
        line = self.lines[name]
        if amount > line.receivable.amount:
            raise Refused("note-exceeds-contribution")
        line.note.amount += amount
        line.note.base += line.receivable.discharge(amount)
        line.note.set_anew()

    def write_off(self, key: str, name: str, amount: Fraction) -> None:
        line = self.lines[name]
        if line.conditional:
            raise Refused("write-off-conditional")
        if amount > line.receivable.amount:
            raise Refused("write-off-exceeded")
        value = rounded(line.receivable.base * amount / line.receivable.amount)
        line.receivable.back(-amount, -value)
        line.written_off += value
        self.write_offs[key] = (name, amount, value)

    def restore(self, key: str) -> None:
        name, amount, value = self.write_offs.pop(key)
        self.lines[name].receivable.back(amount, value)
        self.lines[name].written_off -= value

    def amend(self, name: str, amount: Fraction, day: int) -> None:
        line = self.lines[name]
        moved = amount - line.amount
        if line.closed or amount < line.amount - line.receivable.amount or (line.conditional and amount < line.met):
            raise Refused("amount-below-received")
        if moved >= 0:
            value = signed = self.base(moved, line.currency, day)
        else:
            value = rounded(line.receivable.base * moved / line.receivable.amount)
            signed = rounded(line.base_deferred * moved / line.deferred) if line.conditional else value
        line.amount = amount
        line.receivable.back(moved, value)
        line.exchange += value - signed
        if line.conditional:
            line.deferred += moved
            line.base_deferred += signed
        else:
            line.income += signed

    def meet(self, name: str, amount: Fraction) -> None:
        line = self.lines[name]
        if not line.conditional:
            raise Refused("contribution-unconditional")
        if line.met + amount > line.amount:
            raise Refused("condition-exceeds-contribution")
        value = rounded(line.base_deferred * amount / line.deferred)
        line.deferred -= amount
        line.base_deferred -= value
        line.income += value
        line.met += amount
        applied, base = self.came(name)
        if line.met >= applied:
            freed = line.waiting
        else:
            freed = max(ZERO, min(line.waiting, self.free(line, applied, base) - (base - line.waiting)))
        line.available += freed
        line.waiting -= freed

    # Money goes.

    def give(self, name: str, asked: Fraction | None) -> Fraction:
        line = self.lines[name]
        amount = max(ZERO, line.available) if asked is None else asked
        if amount == 0:
            raise Refused("nothing-to-move")
        if line.closed:
            raise Refused("contribution-closed")
        if amount > line.available:
            raise Refused("available-exceeded")
        line.available -= amount
        line.owed += amount
        line.returned += amount
        return amount

    def spend(self, currency: str, amount: Fraction, base: Fraction) -> None:
        if amount > self.cash[currency][0]:
            raise Refused("cash-exceeded")
        self.cash[currency][0] -= amount
        self.cash[currency][1] -= base

    def refund(self, name: str, currency: str, amount: Fraction, day: int) -> None:
        line, base = self.lines[name], self.base(amount, currency, day)
        if base > line.owed:
            raise Refused("donor-refund-exceeded")
        self.spend(currency, amount, base)
        line.owed -= base

    def pay_fees(self, amount: Fraction) -> None:
        owed = {name: line.fee_owed for name, line in sorted(self.lines.items()) if line.fee_owed > 0}
        if amount > sum(line.fee_owed for line in self.lines.values()):
            raise Refused("fees-exceeded")
        self.spend("USD", amount, amount)
        total = sum(owed.values(), ZERO)
        exact = {name: amount * value / total for name, value in owed.items()}
        parts = {name: down(share) for name, share in exact.items()}
        order = sorted(parts, key=lambda name: (parts[name] - exact[name], name))
        for name in order[: int((amount - sum(parts.values())) * 100)]:
            parts[name] += Fraction(1, 100)
        for name, part in parts.items():
            self.lines[name].fee_owed -= part

    def exchange(self, currency: str, amount: Fraction, into: str, to_amount: Fraction, day: int) -> None:
        if currency == into:
            raise Refused("exchange-of-one-currency")
        if currency == "USD":
            base = amount
        elif into == "USD":
            base = to_amount
        else:
            base = self.base(amount, currency, day)
        self.spend(currency, amount, base)
        self.cash[into][0] += to_amount
        self.cash[into][1] += base

    def interest(self, currency: str, amount: Fraction, day: int) -> None:
        base = self.base(amount, currency, day)
        self.cash[currency][0] += amount
        self.cash[currency][1] += base
        self.facility += base

    def charge(self, amount: Fraction) -> None:
        self.spend("USD", amount, amount)
        self.facility -= amount

    def revalue(self, day: int) -> None:
        for currency, held in self.cash.items():
            if currency != "USD":
                gain = self.base(held[0], currency, day) - held[1]
                held[1] += gain
                self.facility += gain
                self.facility_exchange += gain

    def stands_against_closing(self, name: str) -> bool:
        line = self.lines[name]
        waits = [self.waits(key) for key, receipt in self.receipts.items() if receipt.line == name]
        return any(
            (
                line.receivable.amount, line.note.amount, line.deferred, line.available, line.waiting, line.fee_owed,
                line.owed, *(part for pair in waits for part in pair),
            )
        )  # fmt: skip
