"""Trial balance: every account's debits, credits and balance, and the proof that each family of accounts sums to zero.

Money, budget and memo accounts are three books in one: no entry moves anything from one family to another, so each sums
to zero by itself, in each currency and in the book's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ledgers.store import Book
from reports.report import Fact, Report
from reports.scope import Scope, scope_of
from reports.table import Column, Row, Table, plain
from reports.wording import counted, day, exact, listed, verb

ZERO = Decimal(0)
FAMILIES = ("money", "budget", "memo")
_EVEN = "debit balances, and as much in credit balances"

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Proof:
    """What one family sums to: in a currency of its amounts, or in the book's currency over all of its postings."""

    family: str
    currency: str
    is_base: bool
    debits: Decimal
    credits: Decimal

    @property
    def difference(self) -> Decimal:
        return self.debits - self.credits


def report(book: Book, *, as_of: date | None = None, known_at: datetime | None = None) -> Report:
    """Return the trial balance.

    Args:
        book: The open book.
        as_of: Last entry date that counts; the book's last day when None.
        known_at: Last recorded time that counts; everything written when None.
    """
    scope = scope_of(book, as_of, known_at)
    span = scope.records("trial_balance_span")[0]
    accounts = _accounts(scope, span)
    proofs = [proof for family in FAMILIES for proof in _proofs(scope, family, accounts)]
    return Report(
        name="trial-balance",
        title="Trial balance",
        facility=scope.facility,
        currency=scope.currency,
        as_of=scope.as_of,
        known_at=scope.known_at,
        answer=_answer(scope, span, accounts, proofs),
        facts=_facts(scope, proofs),
        charts=(),
        tables=(_table(scope, accounts), _proof_table(proofs)),
        definitions=_definitions(scope),
        sources=(
            f"The journal of {scope.facility}: {span['counted']:,} of its "
            f"{counted(span['entries'], 'entry', 'entries')}, those dated up to {day(scope.as_of)}{_known(scope)}.",
        ),
    )


def _accounts(scope: Scope, span: Record) -> list[Record]:
    """Return one record an account and currency."""
    bounds = {name: span[name] for name in ("first_left_out", "last_counted")}
    return scope.records("trial_balance", **bounds)


def _proofs(scope: Scope, family: str, accounts: list[Record]) -> Iterable[_Proof]:
    """Yield what a family sums to in each currency, then in the book's currency, by the sides of its balances."""
    mine = [row for row in accounts if row["family"] == family]
    for currency in sorted({row["currency"] for row in mine}):
        rows = [row for row in mine if row["currency"] == currency]
        debits, credits = (scope.money(sum((row[side] for row in rows), ZERO)) for side in ("debits", "credits"))
        yield _Proof(family, currency, False, debits, credits)
    if mine:
        balances = [row["base_balance"] for row in mine]
        debits = scope.money(sum((each for each in balances if each > 0), ZERO))
        credits = scope.money(-sum((each for each in balances if each < 0), ZERO))
        yield _Proof(family, scope.currency, True, debits, credits)


def _table(scope: Scope, accounts: list[Record]) -> Table:
    money = scope.money
    rows = tuple(
        (
            *(row["family"], row["account"], row["currency"], money(row["debits"]), money(row["credits"])),
            *(money(row["balance"]), money(row["base_balance"]), row["lines"]),
        )
        for row in accounts
    )
    columns = (
        Column("family", "Family"),
        Column("account", "Account"),
        Column("currency", "Currency"),
        Column("debits", "Debits", "amount"),
        Column("credits", "Credits", "amount"),
        Column("balance", "Balance", "amount"),
        Column("base_balance", f"Balance, {scope.currency}", "amount"),
        Column("postings", "Postings", "count"),
    )
    note = "A balance below zero is a credit. Debits, credits and balance are in the currency of their line."
    return Table("accounts", f"Accounts, {day(scope.as_of)}", columns, rows, note=note, is_whole=True)


def _proof_table(proofs: list[_Proof]) -> Table:
    rows: tuple[Row, ...] = tuple(
        (proof.family, _what(proof), proof.debits, proof.credits, proof.difference) for proof in proofs
    )
    columns = (
        Column("family", "Family"),
        Column("what", "What is summed"),
        Column("debits", "Debits", "amount"),
        Column("credits", "Credits", "amount"),
        Column("difference", "Difference", "amount"),
    )
    strong = frozenset(position for position, proof in enumerate(proofs) if proof.is_base)
    return Table("proof", "Proof: each family sums to zero", columns, rows, note=_proof_line(proofs), strong=strong)


def _what(proof: _Proof) -> str:
    return f"balances of all currencies, in {proof.currency}" if proof.is_base else f"amounts in {proof.currency}"


def _proof_line(proofs: list[_Proof]) -> str:
    """Return the proof in a line: every difference by name, whether it is zero or not."""
    said = []
    for family in FAMILIES:
        sums = [_difference(proof) for proof in proofs if proof.family == family]
        if sums:
            said.append(f"{family} {', '.join(sums)}")
    return f"Debits less credits: {'; '.join(said)}." if said else ""


def _difference(proof: _Proof) -> str:
    return ("in all " if proof.is_base else "") + exact(proof.difference, proof.currency)


def _answer(scope: Scope, span: Record, accounts: list[Record], proofs: list[_Proof]) -> str:
    if not accounts:
        return f"No entry is dated up to {day(scope.as_of)}, so there is nothing to balance."
    off = {
        family: [_difference(proof) for proof in proofs if proof.family == family and proof.difference]
        for family in FAMILIES
    }
    start = (
        f"{counted(sum(row['lines'] for row in accounts), 'posting')} of "
        f"{counted(span['counted'], 'entry', 'entries')} stand on "
        f"{counted(len({row['account'] for row in accounts}), 'account')}."
    )
    if any(off.values()):
        wrong = "; ".join(f"{family} is off by {listed(sums)}" for family, sums in off.items() if sums)
        return f"{start} The book does not balance: {wrong}."
    families = listed([family for family in FAMILIES if any(proof.family == family for proof in proofs)])
    count = len({proof.family for proof in proofs})
    sums = verb(count, "sums", "each sum")
    return f"{start} The book balances: {families} {sums} to zero, in every currency and in {scope.currency}."


def _facts(scope: Scope, proofs: list[_Proof]) -> tuple[Fact, ...]:
    facts = []
    for proof in proofs:
        if proof.is_base:
            against = exact(proof.credits, scope.currency)
            note = f"debit balances, against {against} of credit balances" if proof.difference else _EVEN
            facts.append(Fact(proof.family.capitalize(), exact(proof.debits, scope.currency), note))
    return tuple(facts)


def _known(scope: Scope) -> str:
    return f" and written by {plain(scope.known_at)} UTC" if scope.known_at else ""


def _definitions(scope: Scope) -> tuple[tuple[str, str], ...]:
    return (
        ("Money", "Assets, liabilities, income, expenses and equity: every account that is neither budget nor memo."),
        ("Budget", "What money may be used for: resources, what is available, allocated and beyond; no cash."),
        ("Memo", "Noted and no money, such as pledges."),
        ("Debit, credit", "Amounts above zero and amounts below zero. A balance is debits less credits."),
        (
            f"Balance, {scope.currency}",
            "The sum of the postings' base amounts, each converted once, when it was posted, never here.",
        ),
    )
