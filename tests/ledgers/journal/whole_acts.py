"""Acts on the book and on the model beside it: both take each, or both refuse it; then every balance is compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import life_rows as rows
from awards import CLEARANCES, clearance
from books import contribution, deposit, entry, rate, refusal, take
from naive_life import Refused, Tiers
from whole_book import CASH, FACILITY, Key
from whole_contributions import Signed
from whole_grants import Whole

from facility.usecases.amend_contribution import amend_contribution
from facility.usecases.close_contribution import close
from facility.usecases.periods import PeriodUnsound, close_through, reopen_from, revalue_on
from ledgers.errors import FacilityError
from ledgers.store import Book

START = date(2024, 3, 1)
TIERS: Tiers = ((0, Fraction(7, 100), 3), (900, Fraction(2, 100), 0))
TERMS: dict[str, tuple[Signed, int]] = {
    "C1": (Signed("EUR", tiers=TIERS), 1_000),
    "C2": (Signed("USD", percent=Fraction(1, 100)), 1_500),
    "C3": (Signed("JPY", conditional=True, percent=Fraction(7, 100)), 150_000),
    "C4": (Signed("EUR", conditional=True), 900),
    "C5": (Signed("USD", use_by=22), 800),
    "C6": (Signed("JPY", keeps_interest=True), 120_000),
}
PLEDGED = "C6"
OPEN_STAGES = ("available", "conditional", "allocated", "committed", "disbursed")


def text(amount: Fraction, currency: str = "USD") -> str:
    """Return an amount as a file says it."""
    return f"{Decimal((amount * 10 ** rows.PLACES[currency]).__round__()).scaleb(-rows.PLACES[currency]):f}"


def on(day: int) -> str:
    return str(START + timedelta(days=day))


def part(of: Fraction, percent: int, currency: str = "USD") -> Fraction:
    """Return a share of an amount in whole units of a currency, at least one."""
    units = max(1, (abs(of) * percent * 10 ** rows.PLACES[currency] / 100).__floor__())
    return Fraction(units, 10 ** rows.PLACES[currency])


class Acts:
    """Both books, and the acts on contributions, on the facility's own money and on periods."""

    seen: ClassVar[Counter[str]] = Counter()
    """How often each act was taken, or refused with which word, over all examples."""

    def __init__(self, book: Book, naive: Whole, day: int = 0, number: int = 0) -> None:
        self.book, self.naive, self.day, self.number = book, naive, day, number
        self.entries_seen = 0

    def key(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.number}"

    def rates(self, days: Mapping[tuple[str, int], Decimal]) -> None:
        take(self.book, "rates", *(rate(currency, on(day), f"{units:f}") for (currency, day), units in days.items()))
        self.naive.rates |= {key: Fraction(units) for key, units in days.items()}

    # Both books.

    def both(self, act: Callable[[], object], file: str, row: Mapping[str, object], name: str = "") -> bool:
        """Import a row that the model takes too, or see it refused for the model's reason."""
        word = self.word(act)
        today = date.fromisoformat(on(self.day))
        if word is None:
            take(self.book, file, row, on=today)
        else:
            codes = {found.code for found in refusal(self.book, file, row, on=today)}
            assert word in codes, (word, codes, row)
        self.settle(name or file, word)
        return word is None

    def command(self, act: Callable[[], object], real: Callable[[], object], name: str) -> bool:
        """Run a command that the model takes too, or see it refused for the model's reason."""
        word, code = self.word(act), None
        try:
            real()
        except FacilityError as refused:
            code = refused.code
            if word is None:
                raise
        assert code == word, (name, word, code)
        self.settle(name, word)
        return word is None

    @staticmethod
    def word(act: Callable[[], object]) -> str | None:
        try:
            act()
        except Refused as refused:
            return str(refused)
        return None

    def settle(self, name: str, word: str | None) -> None:
        Acts.seen[f"{name}: {word or 'taken'}"] += 1
        self.compare()
        self.day += 1

    def balances(self, through: int | None = None) -> dict[Key, tuple[Fraction, Fraction]]:
        """Return what the book has, of all days or up to one."""
        found = self.book.connection.execute(
            "select account, coalesce(contribution_id, ''), coalesce(request_id, ''), coalesce(commitment_id, ''), "
            "p.currency, sum(amount), sum(base_amount) from ledger.posting p join ledger.entry using (entry_id) "
            "where entry_date <= ? group by all order by all",
            [date.max if through is None else on(through)],
        ).fetchall()
        return {tuple(row[:5]): (Fraction(row[5]), Fraction(row[6])) for row in found if row[5] or row[6]}

    def compare(self, through: int | None = None) -> None:
        """See every balance agree, every new entry sum to nothing, and all money of contributions in its stages."""
        found = self.balances(through)
        totals = self.naive.totals if through is None else self.naive.at(through)
        expected = {key: value for key, value in totals.items() if any(value)}
        differences = {
            key: (found.get(key), expected.get(key))
            for key in sorted({*found, *expected}) if found.get(key) != expected.get(key)
        }  # fmt: skip
        assert not differences, {
            key: [told and [*map(float, told)] for told in pair] for key, pair in differences.items()
        }
        if through is None:
            self.balanced()
            self.followed(found)

    def balanced(self) -> None:
        unbalanced = self.book.connection.execute(
            "select entry_id from ledger.posting where entry_id > $1 group by 1, currency having sum(amount) <> 0 "
            "union select entry_id from ledger.posting where entry_id > $1 group by 1 having sum(base_amount) <> 0",
            [self.entries_seen],
        ).fetchall()
        assert unbalanced == []
        self.entries_seen = self.book.connection.execute("select max(entry_id) from ledger.posting").fetchall()[0][0]

    def followed(self, found: Mapping[Key, tuple[Fraction, Fraction]]) -> None:
        """See what came on each contribution in its stages: deposits and interest, less fees and what went back."""
        held: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for key, (_, base) in found.items():
            held[key[0], key[1]] += base
        for who in (*self.naive.signed, FACILITY):
            stages = sum(held[f"budget:{stage}", who] for stage in OPEN_STAGES)
            came = -held["income:interest", who] - held["income:interest:implementer", who]
            if who == FACILITY:
                exchange = held["income:exchange", who] + held["expense:exchange", who]
                assert came - exchange - held["expense:fee:bank", who] == stages
                continue
            came += self.naive.came(who)[1] - held["expense:fee:administration", who]
            assert came - held["income:contribution:returned", who] == stages, who

    # Contributions.

    def sign(self, who: str) -> bool:
        terms, units = TERMS[who]
        amount = Fraction(units)
        own = Signed(terms.currency, terms.conditional, terms.percent, terms.tiers, terms.use_by, terms.keeps_interest)
        is_pledge = who == PLEDGED and f"pledge|{who}" not in self.naive.journal
        row = contribution(
            who, currency=terms.currency, amount=text(amount, terms.currency),
            use_by=on(terms.use_by) if terms.use_by else "",
            conditional="yes" if terms.conditional else "no", interest="contribution" if terms.keeps_interest else "",
            fee_schedule="S" if terms.tiers else "", fee_percent="" if terms.tiers else f"{float(terms.percent):.0%}",
            stage="pledge" if is_pledge else "agreement", signed_on="" if is_pledge else on(self.day),
        )  # fmt: skip
        if is_pledge:
            return self.both(lambda: self.naive.pledge(who, amount, terms.currency, self.day), "contributions", row)
        return self.both(lambda: self.naive.sign(who, own, amount, self.day), "contributions", row)

    def deposit(self, who: str, currency: str, percent: int, is_stated: bool = False, note: str = "") -> bool:
        terms, key = self.naive.signed[who], self.key("D")
        wanted = (self.naive.note_left(note) if note else terms.claims["receivable"].amount) or terms.amount
        value = wanted / self.naive.rate(terms.currency, self.day) * self.naive.rate(currency, self.day)
        amount, stated = part(value, percent, currency), None
        if is_stated and currency != "USD":
            stated = part(self.naive.base(amount, currency, self.day), 103)
        row = deposit(
            key, who, currency=currency, amount=text(amount, currency), received_on=on(self.day), note_id=note
        )
        row["base_amount"] = "" if stated is None else text(stated)
        return self.both(
            lambda: self.naive.deposit(key, who, currency, amount, self.day, note, stated), "deposits", row
        )

    def apply(self, source: str, who: str, percent: int) -> bool:
        receipt, key = self.naive.receipts[source], self.key("A")
        asked = None if percent == 100 else part(self.naive.waiting(source)[0], percent, receipt.held)
        row = rows.application(
            key, source, from_contribution_id=receipt.who, contribution_id=who, applied_on=on(self.day)
        )
        row["amount"] = "" if asked is None else text(asked, receipt.held)
        return self.both(lambda: self.naive.apply(key, source, who, asked, self.day), "applications", row)

    def bounce(self, key: str) -> bool:
        row = rows.bounce(key, self.naive.receipts[key].who, bounced_on=on(self.day))
        return self.both(lambda: self.naive.bounce(key, self.day), "bounces", row)

    def note(self, who: str, percent: int) -> str:
        terms, key = self.naive.signed[who], self.key("N")
        amount = part(terms.claims["receivable"].amount, percent, terms.currency)
        row = rows.note(key, text(amount, terms.currency), contribution_id=who, received_on=on(self.day))
        taken = self.both(lambda: self.naive.give_note(key, who, amount, self.day), "promissory_notes", row)
        return key if taken else ""

    def write_off(self, who: str, percent: int) -> bool:
        terms, key = self.naive.signed[who], self.key("W")
        amount = part(terms.claims["receivable"].amount, percent, terms.currency)
        row = rows.write_off(key, text(amount, terms.currency), contribution_id=who, written_off_on=on(self.day))
        return self.both(lambda: self.naive.write_off(key, who, amount, self.day), "write_offs", row)

    def amend(self, who: str, amount: Fraction) -> bool:
        terms, key = self.naive.signed[who], self.key("M")
        told = Decimal(text(amount, terms.currency))
        today = date.fromisoformat(on(self.day))
        return self.command(
            lambda: self.naive.amend(key, who, amount, self.day),
            lambda: amend_contribution(self.book, who, amount=told, reason="agreed", on=today, actor="ada"),
            "amend",
        )

    def extend(self, who: str, days: int) -> bool:
        """Move the last day on which a contribution may be used; nothing is posted."""
        terms, last = self.naive.signed[who], self.day + days
        today, use_by = date.fromisoformat(on(self.day)), date.fromisoformat(on(self.day + days))

        def extending() -> None:
            if terms.is_closed:
                raise Refused("amount-below-received")
            terms.use_by = last

        return self.command(
            extending,
            lambda: amend_contribution(self.book, who, use_by=use_by, reason="agreed", on=today, actor="ada"),
            "amend use-by",
        )

    def meet(self, who: str, percent: int) -> bool:
        terms, key = self.naive.signed[who], self.key("Q")
        amount = part(terms.amount - terms.met, percent, terms.currency)
        row = rows.condition(key, text(amount, terms.currency), contribution_id=who, met_on=on(self.day))
        return self.both(lambda: self.naive.meet(key, who, amount, self.day), "contribution_conditions", row)

    def give(self, who: str, percent: int) -> bool:
        asked, key = None if percent == 100 else part(self.naive.held("budget:available", who), percent), self.key("B")
        row = rows.returned(key, contribution_id=who, decided_on=on(self.day))
        row["amount"] = "" if asked is None else text(asked)
        return self.both(lambda: self.naive.give(key, who, asked, self.day), "returns", row)

    def refund_donor(self, who: str, currency: str, percent: int) -> bool:
        owed, key = self.naive.held("liability:donor-refund", who) * self.naive.rate(currency, self.day), self.key("G")
        amount = part(owed, percent, currency)
        row = rows.donor_refund(
            key, text(amount, currency), contribution_id=who, currency=currency, paid_on=on(self.day)
        )
        return self.both(lambda: self.naive.refund_donor(key, who, currency, amount, self.day), "donor_refunds", row)

    def close(self, who: str) -> bool:
        def closing() -> None:
            if self.naive.stands_against_closing(who) and not self.naive.signed[who].is_closed:
                raise Refused("contribution-open")
            self.naive.signed[who].is_closed = True

        today = date.fromisoformat(on(self.day))
        return self.command(
            closing, lambda: close(self.book, who, on=today, reason="over", actor="ada"), "close contribution"
        )

    # The facility's own money.

    def own(self, kind: str, who: str, currency: str, percent: int, late: int = 0) -> bool:
        key, day = self.key("E"), self.day - late
        of = self.naive.held("budget:available", who) if kind == "administration" else Fraction(20)
        amount = part(of * self.naive.rate(currency, day), percent, currency)
        row = entry(key, kind, text(amount, currency), currency=currency, entry_date=on(day))
        row |= {"contribution_id": "" if who == FACILITY else who, "purpose": "p" if kind == "administration" else ""}
        return self.both(lambda: self.naive.own(key, kind, currency, amount, who, day), "entries", row, kind)

    def of_allocated(self, kind: str, request: str, percent: int, who: str = "") -> bool:
        key = self.key("E")
        account = "budget:allocated-uncollected" if kind == "lapse" else "budget:allocated"
        of = {1: who, 2: request} if who else {2: request}
        amount = part(self.naive.total(account, of=of)[1], percent)
        row = entry(
            key, kind, text(amount), entry_date=on(self.day), request_id=request, purpose="" if request else "p"
        )
        row["contribution_id"] = who
        return self.both(
            lambda: self.naive.of_allocated(key, kind, amount, request, who, self.day), "entries", row, kind
        )

    def pay_fees(self, percent: int, who: str = "") -> bool:
        owed = self.naive.total("liability:fee", of={1: who} if who else {})[1]
        key, amount = self.key("E"), part(owed, percent)
        row = entry(key, "fee-payment", text(amount), entry_date=on(self.day), contribution_id=who)
        return self.both(lambda: self.naive.pay_fees(key, amount, who, self.day), "entries", row, "fee-payment")

    def exchange(self, currency: str, into: str, percent: int) -> bool:
        key, amount = self.key("X"), part(self.naive.total(CASH, of={4: currency})[0], percent, currency)
        value = amount / self.naive.rate(currency, self.day) * self.naive.rate(into, self.day)
        other = amount if currency == into else part(value, 97, into)
        row = rows.exchange(
            key, exchanged_on=on(self.day), currency=currency, amount=text(amount, currency), to_currency=into,
            to_amount=text(other, into),
        )  # fmt: skip
        return self.both(lambda: self.naive.exchange(key, currency, amount, into, other, self.day), "exchanges", row)

    # Periods.

    def revalue(self) -> None:
        today = date.fromisoformat(on(self.day))
        self.naive.revalue(self.day)
        revalue_on(self.book, today, actor="ada")
        self.compare(self.day)
        self.settle("revalue", None)

    def close_period(self, is_loose: bool) -> None:
        """Close through today; loosely, a book with an open round may be refused."""
        today = date.fromisoformat(on(self.day))
        try:
            close_through(self.book, today, reason="end", actor="ada")
        except PeriodUnsound as refused:
            if not is_loose:
                raise
            return self.settle("close period", refused.code)
        self.naive.revalue(self.day)
        self.naive.closed_through = self.day
        self.compare(self.day)
        return self.settle("close period", None)

    def reopen(self, back: int) -> None:
        first = max(0, self.day - back)

        def reopening() -> None:
            if self.naive.closed_through < 0:
                raise Refused("period-refused")
            self.naive.closed_through = min(self.naive.closed_through, first - 1)

        today = date.fromisoformat(on(first))
        self.command(reopening, lambda: reopen_from(self.book, today, reason="late", actor="ada"), "reopen period")

    def clear(self, party: str) -> None:
        cleared_on = on(self.day)
        take(self.book, "clearances", *(clearance(party, of, cleared_on=cleared_on) for of in CLEARANCES))
        self.naive.cleared.add(party)
        self.settle("clear", None)
