"""Random lives of contributions against a naive book of fractions: every balance and identity, after each step."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from books import contribution, deposit, entry, rate, refusal, take
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from life_rows import (
    PLACES,
    amend,
    application,
    bounce,
    close_line,
    condition,
    donor_refund,
    exchange,
    note,
    returned,
    revalue,
    reversal,
    tier,
    unsound,
    write_off,
)  # fmt: skip
from naive_life import Line, Naive, Refused

from ledgers.errors import FacilityError
from ledgers.store import Book

EXAMPLES = 40 if os.environ.get("FACILITY_TEST_PROFILE") == "thorough" else 3
START = date(2024, 1, 10)
TIERS = ((0, Fraction(7, 100), 3), (900, Fraction(2, 100), 0))
LINES = {
    "C1": Line("EUR", tiers=TIERS),
    "C2": Line("USD", percent=Fraction(1, 100)),
    "C3": Line("JPY", conditional=True, percent=Fraction(7, 100)),
    "C4": Line("EUR", conditional=True),
}
names = st.sampled_from(list(LINES))
currencies = st.sampled_from(["USD", "EUR", "JPY"])
shares = st.integers(1, 150)
"""Of what there is, in percent: some steps ask for too much."""

steps = st.one_of(
    st.tuples(
        st.just("deposit"), names, currencies, shares, st.sampled_from(["receivable"] * 3 + ["note"]), st.booleans()
    ),
    st.tuples(st.just("deposit"), names, currencies, shares, st.just("receivable"), st.just(False)),
    st.tuples(st.just("bounce"), st.integers(0, 5)),
    st.tuples(st.just("apply"), st.integers(0, 5), names, st.one_of(st.none(), shares)),
    st.tuples(st.just("unapply"), st.integers(0, 2)),
    st.tuples(st.just("note"), names, shares),
    st.tuples(st.just("write_off"), names, shares),
    st.tuples(st.just("restore"), st.integers(0, 2)),
    st.tuples(st.just("amend"), names, shares),
    st.tuples(st.just("meet"), st.sampled_from(["C3", "C4", "C4", "C1"]), shares),
    st.tuples(st.just("give"), names, st.one_of(st.none(), shares)),
    st.tuples(st.just("refund"), names, currencies, shares),
    st.tuples(st.just("pay_fees"), shares),
    st.tuples(st.just("exchange"), currencies, currencies, shares),
    st.tuples(st.just("interest"), currencies, shares),
    st.tuples(st.just("charge"), shares),
    st.tuples(st.just("revalue")),
    st.tuples(st.just("close"), names),
)
rate_cells = st.integers(500, 2_000_000).map(lambda n: Decimal(n).scaleb(-4))


def text(amount: Fraction, currency: str = "USD") -> str:
    """Return an amount as a file says it."""
    return f"{Decimal((amount * 10 ** PLACES[currency]).__round__()).scaleb(-PLACES[currency]):f}"


def refused_by(act: Callable[[], object]) -> str | None:
    """Return the code with which an act is refused; None where it is done."""
    try:
        act()
    except Refused as refused:
        return str(refused)
    except FacilityError as refused:
        return refused.code
    return None


class Life:
    """One random life: the book and the naive book beside it."""

    def __init__(self, book: Book, cells: list[Decimal]) -> None:
        self.book, self.day, self.number = book, 0, 0
        days = [(currency, day) for currency in ("EUR", "JPY") for day in (0, 8, 20)]
        scale = {"EUR": 100, "JPY": 1}
        units = {key: Decimal(cell) / scale[key[0]] for key, cell in zip(days, cells, strict=True)}
        self.naive = Naive({key: Fraction(value) for key, value in units.items()})
        take(book, "rates", *(rate(c, self.on(day), f"{value:f}") for (c, day), value in units.items()))
        take(book, "fee_schedules", tier(share="7%", flat="3"), tier(above="900", share="2%"))
        rows = []
        for name, line in LINES.items():
            amount = Fraction(1_000_00 if line.currency != "JPY" else 150_000, 10 ** PLACES[line.currency])
            copy = Line(line.currency, line.conditional, line.percent, line.tiers)
            self.naive.sign(name, copy, amount)
            said = {"fee_schedule": "S"} if line.tiers else {"fee_percent": f"{float(line.percent):.0%}"}
            rows.append(
                contribution(
                    name,
                    currency=line.currency,
                    amount=text(amount, line.currency),
                    conditional="yes" if line.conditional else "no",
                    **said,
                )
            )
        take(book, "contributions", *rows)

    def on(self, day: int | None = None) -> str:
        return str(START + timedelta(days=self.day if day is None else day))

    def part(self, of: Fraction, percent: int, currency: str = "USD") -> Fraction:
        """Return a share of an amount in whole units of a currency, at least one."""
        units = max(1, (abs(of) * percent * 10 ** PLACES[currency] / 100).__floor__())
        return Fraction(units, 10 ** PLACES[currency])

    def step(self, kind: str, *given: object) -> None:
        """Take one step in both books, or see both refuse it."""
        self.day += 1
        self.number += 1
        asked = getattr(self, kind)(*given)
        if asked is None:
            return
        naive, file, row = asked
        code = refused_by(naive)
        event(f"{kind}: {code}")
        if code is None:
            take(self.book, file, row)
        else:
            assert code in {one.code for one in refusal(self.book, file, row)}, row

    def deposit(self, name: str, currency: str, percent: int, claim: str, is_stated: bool) -> object:
        line, key = self.naive.lines[name], f"D{self.number}"
        wanted = (line.note if claim == "note" else line.receivable).amount or line.amount
        if claim == "note" and not line.note.of_amount:
            return None
        value = wanted / self.naive.rate(line.currency, self.day) * self.naive.rate(currency, self.day)
        amount = self.part(value, percent, currency)
        stated = (
            self.part(self.naive.base(amount, currency, self.day), 103) if is_stated and currency != "USD" else None
        )
        row = deposit(key, name, currency=currency, amount=text(amount, currency), received_on=self.on())
        row["base_amount"] = "" if stated is None else text(stated)
        if claim == "note":
            row["note_id"] = self.notes[name]
        return lambda: self.naive.deposit(key, name, currency, amount, self.day, claim, stated), "deposits", row

    notes: dict[str, str]

    def bounce(self, at: int) -> object:
        if not self.naive.receipts:
            return None
        key = list(self.naive.receipts)[at % len(self.naive.receipts)]
        row = bounce(key, self.naive.receipts[key].line, bounced_on=self.on())
        return lambda: self.naive.bounce(key), "bounces", row

    def apply(self, at: int, name: str, percent: int | None) -> object:
        if not self.naive.receipts:
            return None
        waits = [key for key in self.naive.receipts if self.naive.waits(key)[0]] or list(self.naive.receipts)
        source = waits[at % len(waits)]
        receipt, key = self.naive.receipts[source], f"A{self.number}"
        asked = None if percent is None else self.part(self.naive.waits(source)[0], percent, receipt.held)
        row = application(key, source, from_contribution_id=receipt.line, contribution_id=name, applied_on=self.on())
        row["amount"] = "" if asked is None else text(asked, receipt.held)
        return lambda: self.naive.apply(key, source, name, asked, self.day), "applications", row

    def unapply(self, at: int) -> object:
        if not self.naive.applications:
            return None
        key = list(self.naive.applications)[at % len(self.naive.applications)]
        row = reversal(f"application|{key}", reversed_on=self.on())
        return lambda: self.naive.unapply(key), "reversals", row

    def note(self, name: str, percent: int) -> object:
        line, key = self.naive.lines[name], f"N{self.number}"
        amount = self.part(line.receivable.amount, percent // 2 + 1, line.currency)
        self.notes = {**getattr(self, "notes", {}), name: key}
        row = note(key, text(amount, line.currency), contribution_id=name, received_on=self.on())
        if amount > line.receivable.amount:
            del self.notes[name]
        return lambda: self.naive.give_note(name, amount), "promissory_notes", row

    def write_off(self, name: str, percent: int) -> object:
        line, key = self.naive.lines[name], f"W{self.number}"
        amount = self.part(line.receivable.amount, percent, line.currency)
        row = write_off(key, text(amount, line.currency), contribution_id=name, written_off_on=self.on())
        return lambda: self.naive.write_off(key, name, amount), "write_offs", row

    def restore(self, at: int) -> object:
        if not self.naive.write_offs:
            return None
        key = list(self.naive.write_offs)[at % len(self.naive.write_offs)]
        row = reversal(f"write-off|{key}", reversed_on=self.on())
        return lambda: self.naive.restore(key), "reversals", row

    def amend(self, name: str, percent: int) -> None:
        line = self.naive.lines[name]
        amount = self.part(line.amount, percent, line.currency)
        code = refused_by(lambda: self.naive.amend(name, amount, self.day))
        event(f"amend: {code}")
        told = text(amount, line.currency)
        assert code == refused_by(lambda: amend(self.book, told, on=self.on(), contribution_id=name))

    def meet(self, name: str, percent: int) -> object:
        line = self.naive.lines[name]
        amount = self.part(line.amount - line.met, percent, line.currency)
        row = condition(f"K{self.number}", text(amount, line.currency), contribution_id=name, met_on=self.on())
        return lambda: self.naive.meet(name, amount), "contribution_conditions", row

    def give(self, name: str, percent: int | None) -> object:
        asked = None if percent is None else self.part(self.naive.lines[name].available, percent)
        row = returned(f"B{self.number}", contribution_id=name, decided_on=self.on())
        row["amount"] = "" if asked is None else text(asked)
        return lambda: self.naive.give(name, asked), "returns", row

    def refund(self, name: str, currency: str, percent: int) -> object:
        owed = self.naive.lines[name].owed * self.naive.rate(currency, self.day)
        amount = self.part(owed, percent, currency)
        row = donor_refund(
            f"G{self.number}", text(amount, currency), contribution_id=name, currency=currency, paid_on=self.on()
        )
        return lambda: self.naive.refund(name, currency, amount, self.day), "donor_refunds", row

    def pay_fees(self, percent: int) -> object:
        owed = sum((line.fee_owed for line in self.naive.lines.values()), Fraction(0))
        amount = self.part(owed, percent)
        row = entry(f"P{self.number}", "fee-payment", text(amount), entry_date=self.on())
        return lambda: self.naive.pay_fees(amount), "entries", row

    def exchange(self, currency: str, into: str, percent: int) -> object:
        amount = self.part(self.naive.cash[currency][0], percent, currency)
        value = amount / self.naive.rate(currency, self.day) * self.naive.rate(into, self.day)
        other = amount if currency == into else self.part(value, 97, into)
        row = exchange(
            f"X{self.number}",
            exchanged_on=self.on(),
            currency=currency,
            amount=text(amount, currency),
            to_currency=into,
            to_amount=text(other, into),
        )
        return lambda: self.naive.exchange(currency, amount, into, other, self.day), "exchanges", row

    def interest(self, currency: str, percent: int) -> object:
        amount = self.part(Fraction(50), percent, currency)
        row = entry(f"I{self.number}", amount=text(amount, currency), currency=currency, entry_date=self.on())
        return lambda: self.naive.interest(currency, amount, self.day), "entries", row

    def charge(self, percent: int) -> object:
        amount = self.part(Fraction(9), percent)
        row = entry(f"F{self.number}", "bank-charge", text(amount), entry_date=self.on())
        return lambda: self.naive.charge(amount), "entries", row

    def revalue(self) -> None:
        event("revalue")
        self.naive.revalue(self.day)
        revalue(self.book, self.on())
        # What is due from others is back at its value on the next day.
        self.day += 1

    def close(self, name: str) -> None:
        line = self.naive.lines[name]
        stands = self.naive.stands_against_closing(name) and not line.closed
        code = refused_by(lambda: close_line(self.book, name, on=self.on()))
        event(f"close: {code}")
        assert code == ("contribution-open" if stands else None)
        line.closed = line.closed or not stands

    def compare(self) -> None:
        """See every balance and every identity agree."""
        found: dict[tuple[str, str], tuple[Fraction, Fraction]] = {}
        for account, whose, amount, base in self.book.connection.execute(
            "select case when account like 'income:exchange' then 'expense:exchange' else account end, "
            "coalesce(contribution_id, ''), sum(amount), sum(base_amount) from ledger.posting group by all"
        ).fetchall():
            found[account, whose] = (Fraction(amount), Fraction(base))
        nothing = (Fraction(0), Fraction(0))
        for name, line in self.naive.lines.items():
            expected = {
                "asset:receivable": (line.receivable.amount, line.receivable.base),
                "asset:promissory-note": (line.note.amount, line.note.base),
                "liability:deferred-contribution": (-line.deferred, -line.base_deferred),
                "budget:available": (line.available,) * 2,
                "budget:conditional": (line.waiting,) * 2,
                "expense:fee:administration": (line.charged,) * 2,
                "liability:fee": (-line.fee_owed,) * 2,
                "liability:donor-refund": (-line.owed,) * 2,
                "income:contribution:returned": (line.returned,) * 2,
            }
            assert {a: found.get((a, name), nothing) for a in expected} == expected, name
            assert -found.get(("income:contribution", name), nothing)[1] == line.income
            assert -found.get(("expense:exchange", name), nothing)[1] == line.exchange
            assert found.get(("expense:write-off", name), nothing)[1] == line.written_off
        assert found.get(("budget:available", "FACILITY"), nothing)[1] == self.naive.facility
        assert -found.get(("expense:exchange", "FACILITY"), nothing)[1] == self.naive.facility_exchange
        self.compare_money()
        self.compare_identities()

    def compare_money(self) -> None:
        cash: dict[str, tuple[Fraction, Fraction]] = {}
        for currency, amount, base in self.book.connection.execute(
            "select currency, sum(amount), sum(base_amount) from ledger.posting "
            "where account = 'asset:cash:main' group by 1"
        ).fetchall():
            cash[currency] = (Fraction(amount), Fraction(base))
        assert {c: v for c, v in cash.items() if any(v)} == {c: tuple(v) for c, v in self.naive.cash.items() if any(v)}
        waits: dict[tuple[str, str], tuple[Fraction, Fraction]] = defaultdict(lambda: (Fraction(0), Fraction(0)))
        for key, receipt in self.naive.receipts.items():
            had, more = waits[receipt.line, receipt.held], self.naive.waits(key)
            waits[receipt.line, receipt.held] = (had[0] + more[0], had[1] + more[1])
        there = self.book.connection.execute(
            "select contribution_id, currency, -sum(amount), -sum(base_amount) from ledger.posting "
            "where account = 'liability:unapplied-receipts' group by 1, 2"
        ).fetchall()
        assert {(n, c): (Fraction(a), Fraction(b)) for n, c, a, b in there if a or b} == {
            key: value for key, value in waits.items() if any(value)
        }

    def compare_identities(self) -> None:
        assert self.book.connection.execute(
            "select contribution_id from report.contributions where contribution_id <> 'FACILITY' and ("
            "signed + exchange_difference - receivable - notes - written_off + unapplied <> received + transferred or "
            "received + transferred - unapplied + interest_earned + uncollected - fees - returned "
            "<> allocated + administration + available + waiting)"
        ).fetchall() == []  # fmt: skip
        assert self.book.connection.execute(
            "select contribution_id from report.contributions where contribution_id = 'FACILITY' and "
            "interest_earned + exchange_difference - bank_charges <> allocated + administration + available"
        ).fetchall() == []  # fmt: skip


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(st.lists(rate_cells, min_size=6, max_size=6), st.lists(steps, min_size=6, max_size=14))
def test_the_book_agrees_with_a_naive_book_of_fractions_through_any_life(
    fresh_book: Callable[[], Book], cells: list[Decimal], history: list[tuple[object, ...]]
) -> None:
    book = fresh_book()
    life = Life(book, cells)
    life.compare()
    for kind, *given_here in history:
        life.step(str(kind), *given_here)
        life.compare()
    assert unsound(book) == {}
    book.close()
