"""What becomes of contributions in the model of the whole book, by the written rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from life_rows import PLACES, rounded
from naive_life import ZERO, Claim, Naive, Refused, Tiers, down
from whole_book import CASH, Ledger, Line, exchanged, line, turned

CLAIMS = {"receivable": "asset:receivable", "note": "asset:promissory-note"}


@dataclass
class Signed:
    """What was agreed on a contribution, and what its parts are counted from."""

    currency: str
    conditional: bool = False
    percent: Fraction = ZERO
    tiers: Tiers = ()
    use_by: int | None = None
    keeps_interest: bool = False
    amount: Fraction = ZERO
    met: Fraction = ZERO
    charged: Fraction = ZERO
    claims: dict[str, Claim] = field(default_factory=lambda: {"receivable": Claim(), "note": Claim()})
    is_closed: bool = False


@dataclass
class Receipt:
    """Money that was applied to a contribution: what it discharged at which value, and what it left waiting."""

    who: str
    note: str
    held: str
    source: str = ""
    applied: Fraction = ZERO
    base_applied: Fraction = ZERO
    carrying: Fraction = ZERO
    fee: Fraction = ZERO
    left: tuple[Fraction, Fraction] = (ZERO, ZERO)
    taken: tuple[Fraction, Fraction] = (ZERO, ZERO)

    @property
    def claim(self) -> str:
        return "note" if self.note else "receivable"


@dataclass
class Contributions(Ledger):
    """Contributions and their money."""

    signed: dict[str, Signed] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    applications: dict[str, Receipt] = field(default_factory=dict)
    notes: dict[str, tuple[str, Fraction]] = field(default_factory=dict)
    """Whose each promissory note is, and its amount."""

    def pledge(self, who: str, amount: Fraction, currency: str, day: int) -> None:
        base = self.base(amount, currency, day)
        told = line("memo:pledge", who, amount, base, currency=currency)
        back = line("memo:contra", who, -amount, -base, currency=currency)
        self.post(f"pledge|{who}", "pledge", day, [told, back])

    def sign(self, who: str, terms: Signed, amount: Fraction, day: int) -> None:
        base = self.base(amount, terms.currency, day)
        terms.amount = amount
        terms.claims["receivable"] = Claim(amount, base, amount, base)
        self.signed[who] = terms
        other = "liability:deferred-contribution" if terms.conditional else "income:contribution"
        lines = [
            line("asset:receivable", who, amount, base, currency=terms.currency),
            line(other, who, -amount, -base, currency=terms.currency),
        ]
        announced = self.journal.get(f"pledge|{who}")
        self.post(f"signing|{who}", "signing", day, [*lines, *(turned(announced.lines) if announced else [])])

    # Money comes.

    def came(self, who: str) -> tuple[Fraction, Fraction]:
        """Return what was applied to a contribution and not taken back, in its currency and in dollars."""
        those = [one for one in (*self.receipts.values(), *self.applications.values()) if one.who == who]
        return sum((one.applied for one in those), ZERO), sum((one.base_applied for one in those), ZERO)

    @staticmethod
    def free(terms: Signed, applied: Fraction, base: Fraction) -> Fraction:
        """Return how much of what came the conditions that are met set free."""
        if not terms.conditional or terms.met >= applied:
            return base
        return down(base * terms.met / applied)

    def note_left(self, note: str) -> Fraction:
        """Return what of a note is not cash yet."""
        gone = [one.applied for one in self.receipts.values() if one.note == note]
        return self.notes[note][1] - sum(gone, ZERO)

    def fee(self, terms: Signed, before: Fraction, base: Fraction) -> Fraction:
        if not terms.tiers:
            return rounded(base * terms.percent)
        if not base:
            return ZERO
        return min(Naive.bears(terms.tiers, before + base), terms.charged + base) - terms.charged

    def place(
        self, receipt: Receipt, worth: Fraction, own: tuple[Fraction, Fraction], places: int
    ) -> tuple[list[Line], list[Line], Fraction]:
        """Apply money worth so much to a contribution; return its lines, the fee's, and what of it is used."""
        who, terms = receipt.who, self.signed[receipt.who]
        claim = terms.claims[receipt.claim]
        before = self.came(who)
        taken = min(worth, self.note_left(receipt.note) if receipt.note else claim.amount)
        used, base = own if taken == worth and taken else (ZERO, ZERO)
        if ZERO < taken < worth:
            used = rounded(own[0] * taken / worth, places)
            base = own[1] if used == own[0] else rounded(own[1] * taken / worth)
        receipt.applied, receipt.base_applied, receipt.carrying = taken, base, claim.discharge(taken)
        receipt.left = (own[0] - used, own[1] - base)
        receipt.fee = self.fee(terms, before[1], base)
        terms.charged += receipt.fee
        freed = self.free(terms, before[0] + taken, before[1] + base) - self.free(terms, *before)
        waits = max(ZERO, min(base, base - freed)) if terms.conditional else ZERO
        from_now = min(receipt.fee, base - waits)
        lines = [
            line(CLAIMS[receipt.claim], who, -taken, -receipt.carrying, currency=terms.currency),
            exchanged(who, base - receipt.carrying, terms.currency),
            line("budget:available", who, base - waits),
            line("budget:conditional", who, waits),
            line("budget:resource", who, -base),
            *self.collected(who, base - waits - from_now),
        ]
        fees = [
            line("expense:fee:administration", who, receipt.fee),
            line("liability:fee", who, -receipt.fee),
            line("budget:resource", who, receipt.fee),
            line("budget:available", who, -from_now),
            line("budget:conditional", who, from_now - receipt.fee),
        ]
        return lines, fees, used

    def collected(self, who: str, money: Fraction) -> list[Line]:
        """Return what money that comes puts into place of what was allocated before it came, the oldest first."""
        lines: list[Line] = []
        since: dict[str, int] = {}
        for number, entry in enumerate(self.journal.values()):
            for key, _, _ in entry.lines:
                if key[:2] == ("budget:allocated-uncollected", who):
                    since.setdefault(key[2], number)
        for request in sorted(since, key=lambda one: (since[one], one)):
            part = min(money, max(ZERO, self.held("budget:allocated-uncollected", who, request)))
            money -= part
            for account, side in (
                ("budget:available", -1), ("budget:resource", 1), ("budget:allocated", 1),
                ("budget:allocated-uncollected", -1),
            ):  # fmt: skip
                lines.append(line(account, who, side * part, request=request))
        return lines

    def deposit(
        self, key: str, who: str, currency: str, amount: Fraction, day: int, note: str, stated: Fraction | None
    ) -> None:
        terms = self.signed[who]
        if terms.is_closed:
            raise Refused("contribution-closed")
        base = self.base(amount, currency, day) if stated is None else stated
        receipt = Receipt(who, note, currency if stated is None else "USD")
        worth = self.worth(amount, currency, base, terms.currency, day)
        lines, fees, used = self.place(receipt, worth, (amount, base), PLACES[currency])
        cash = amount
        if stated is not None:
            cash, used, receipt.left = base, receipt.base_applied, (receipt.left[1], receipt.left[1])
        self.receipts[key] = receipt
        through = self.through(who, receipt, used, terms.currency)
        came = [
            line(CASH, who, cash, base, currency=receipt.held),
            line("liability:unapplied-receipts", who, -receipt.left[0], -receipt.left[1], currency=receipt.held),
        ]
        self.post(f"deposit|{key}|{who}", "deposit", day, [*came, *through, *lines], of=key, is_guarded=False)
        self.post(f"fee|deposit|{key}|{who}", "fee", day, fees, of=key, is_guarded=False)

    @staticmethod
    def through(who: str, receipt: Receipt, used: Fraction, into: str) -> list[Line]:
        """Return what passes through the conversion accounts where money discharges a claim in another currency."""
        if receipt.held == into:
            return []
        base = receipt.base_applied
        return [
            line(f"equity:conversion:{receipt.held}", who, -used, -base, currency=receipt.held),
            line(f"equity:conversion:{into}", who, receipt.applied, base, currency=into),
        ]

    def waiting(self, key: str) -> tuple[Fraction, Fraction]:
        """Return what of a deposit waits to be applied."""
        left = self.receipts[key].left
        gone = [one.taken for one in self.applications.values() if one.source == key]
        return left[0] - sum((one[0] for one in gone), ZERO), left[1] - sum((one[1] for one in gone), ZERO)

    def apply(self, key: str, source: str, who: str, asked: Fraction | None, day: int) -> None:
        terms, had, held = self.signed[who], self.waiting(source), self.receipts[source].held
        if had[0] <= 0:
            raise Refused("nothing-unapplied")
        amount = had[0] if asked is None else asked
        if amount > had[0]:
            raise Refused("unapplied-exceeded")
        if terms.is_closed:
            raise Refused("contribution-closed")
        base = rounded(had[1] * amount / had[0])
        receipt = Receipt(who, "", held, source)
        worth = self.worth(amount, held, base, terms.currency, day)
        lines, fees, used = self.place(receipt, worth, (amount, base), PLACES[held])
        receipt.taken, receipt.left = (used, receipt.base_applied), (ZERO, ZERO)
        waited = line(
            "liability:unapplied-receipts", self.receipts[source].who, used, receipt.base_applied, currency=held
        )
        through = self.through(who, receipt, used, terms.currency)
        self.applications[key] = receipt
        self.post(f"application|{key}", "application", day, [waited, *through, *lines], of=key, is_guarded=False)
        self.post(f"fee|application|{key}", "fee", day, fees, of=key, is_guarded=False)

    def give_back(self, receipt: Receipt) -> None:
        """Count what a receipt discharged and bore as if it had not come."""
        terms = self.signed[receipt.who]
        terms.claims[receipt.claim].back(receipt.applied, receipt.carrying)
        terms.charged -= receipt.fee

    def bounce(self, key: str, day: int) -> None:
        receipt = self.receipts[key]
        terms, who = self.signed[receipt.who], receipt.who
        if any(one.source == key for one in self.applications.values()):
            raise Refused("deposit-applied")
        if terms.is_closed:
            raise Refused("contribution-closed")
        lines = self.journal[f"deposit|{key}|{who}"].lines + self.journal[f"fee|deposit|{key}|{who}"].lines
        waited = sum((one[1] for one in lines if one[0][0] == "budget:conditional"), ZERO)
        del self.receipts[key]
        self.give_back(receipt)
        applied, base = self.came(who)
        waiting = max(ZERO, self.held("budget:conditional", who))
        still = min(max(ZERO, waiting - waited), base - self.free(terms, applied, base))
        brought = receipt.base_applied - receipt.fee
        back = [
            *turned(one for one in lines if not one[0][0].startswith("budget:")),
            line("budget:conditional", who, still - waiting),
            line("budget:available", who, waiting - still - brought),
            line("budget:resource", who, brought),
        ]
        self.post(f"bounce|{key}|{who}", "bounce", day, back, of=key, is_guarded=False)

    # What is to come changes.

    def give_note(self, key: str, who: str, amount: Fraction, day: int) -> None:
        terms = self.signed[who]
        if amount > terms.claims["receivable"].amount:
            raise Refused("note-exceeds-contribution")
        value = terms.claims["receivable"].discharge(amount)
        terms.claims["note"].back(amount, value)
        self.notes[key] = (who, amount)
        told = line("asset:promissory-note", who, amount, value, currency=terms.currency)
        back = line("asset:receivable", who, -amount, -value, currency=terms.currency)
        self.post(f"note|{key}", "note", day, [told, back])

    def write_off(self, key: str, who: str, amount: Fraction, day: int) -> None:
        terms = self.signed[who]
        if terms.conditional:
            raise Refused("write-off-conditional")
        claim = terms.claims["receivable"]
        if amount > claim.amount:
            raise Refused("write-off-exceeded")
        value = rounded(claim.base * amount / claim.amount)
        claim.back(-amount, -value)
        told = line("expense:write-off", who, amount, value, currency=terms.currency)
        back = line("asset:receivable", who, -amount, -value, currency=terms.currency)
        self.post(f"write-off|{key}", "write-off", day, [told, back])

    def amend(self, key: str, who: str, amount: Fraction, day: int) -> None:
        terms = self.signed[who]
        claim, moved = terms.claims["receivable"], amount - terms.amount
        if (
            terms.is_closed
            or amount <= 0
            or amount < terms.amount - claim.amount
            or (terms.conditional and amount < terms.met)
        ):
            raise Refused("amount-below-received")
        if not moved:
            return
        other = "liability:deferred-contribution" if terms.conditional else "income:contribution"
        stands = self.total(other, of={1: who})
        value = signed = self.base(moved, terms.currency, day)
        if moved < 0:
            value = signed = rounded(claim.base * moved / claim.amount)
            if terms.conditional:
                signed = rounded(stands[1] * moved / stands[0])
        terms.amount = amount
        claim.back(moved, value)
        lines = [
            line("asset:receivable", who, moved, value, currency=terms.currency),
            line(other, who, -moved, -signed, currency=terms.currency),
            exchanged(who, value - signed, terms.currency),
        ]
        self.post(f"amendment|{who}|{key}", "amendment", day, lines)

    def meet(self, key: str, who: str, amount: Fraction, day: int) -> None:
        terms = self.signed[who]
        if not terms.conditional:
            raise Refused("contribution-unconditional")
        if terms.met + amount > terms.amount:
            raise Refused("condition-exceeds-contribution")
        deferred = self.total("liability:deferred-contribution", of={1: who})
        value = rounded(-deferred[1] * amount / -deferred[0])
        terms.met += amount
        applied, base = self.came(who)
        waits = self.held("budget:conditional", who)
        freed = waits if terms.met >= applied else self.free(terms, applied, base) - (base - waits)
        freed = max(ZERO, min(waits, freed))
        lines = [
            line("liability:deferred-contribution", who, amount, value, currency=terms.currency),
            line("income:contribution", who, -amount, -value, currency=terms.currency),
            line("budget:available", who, freed),
            line("budget:conditional", who, -freed),
        ]
        self.post(f"condition|{who}|{key}", "condition", day, lines, is_guarded=False)
