"""The trial balance against sums over the journal that know nothing of it; and what it says of a broken book."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_books import NOW, Maker, empty_book

from reports.registry import make
from reports.report import Report

FIRST = date(2024, 1, 1)
Line = tuple[str, str, Decimal, Decimal]


def rows(report: Report, table: int = 0) -> list[dict[str, Any]]:
    of = report.tables[table]
    return [dict(zip([column.name for column in of.columns], row, strict=True)) for row in of.rows]


def journal(maker: Maker, where: str = "true") -> dict[tuple[str, str], tuple[Decimal, Decimal, Decimal, Decimal, int]]:
    """Return debits, credits, balance, base balance and postings of each account and currency, summed one by one."""
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 5)
    for account, currency, amount, base in maker.sql(
        "select account, currency, amount, base_amount from ledger.posting join ledger.entry using (entry_id)"
        f" where {where}"
    ):
        of = sums[account, currency]
        of[0 if amount > 0 else 1] += abs(amount)
        of[2] += amount
        of[3] += base
        of[4] += 1
    return {key: (a, b, c, d, int(e)) for key, (a, b, c, d, e) in sums.items()}


def told(report: Report) -> dict[tuple[str, str], tuple[Decimal, Decimal, Decimal, Decimal, int]]:
    return {
        (row["account"], row["currency"]): (
            *(row["debits"], row["credits"], row["balance"], row["base_balance"]),
            row["postings"],
        )
        for row in rows(report)
    }


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({}, "true"),
        ({"as_of": date(2024, 2, 28)}, "entry_date <= date '2024-02-28'"),
        ({"as_of": date(2024, 3, 20)}, "entry_date <= date '2024-03-20'"),
        ({"known_at": NOW - timedelta(seconds=1)}, f"recorded_at < timestamp '{NOW}'"),
    ],
    ids=["all", "february", "march", "known"],
)
def test_the_figures_are_those_of_the_journal(small: Maker, options: dict[str, Any], where: str) -> None:
    assert told(make("trial-balance", small.book, **options)) == journal(small, where)


def test_families_are_those_of_the_views_and_each_sums_to_zero(small: Maker) -> None:
    report = make("trial-balance", small.book)
    of_views = dict(small.sql("select distinct account, family from report.entry_lines"))
    assert {row["account"]: row["family"] for row in rows(report)} == of_views
    assert set(of_views.values()) == {"money", "budget", "memo"}
    proof = rows(report, 1)
    assert [(row["family"], row["difference"]) for row in proof if row["difference"]] == []
    assert {row["family"] for row in proof} == {"money", "budget", "memo"}
    assert report.answer.endswith(
        "The book balances: money, budget and memo each sum to zero, in every currency and in USD."
    )


def posted(maker: Maker, entries: list[tuple[date, datetime, list[Line]]]) -> None:
    for number, (on, recorded_at, lines) in enumerate(entries):
        maker.recorded_at = recorded_at
        maker.entry("any", on, f"e|{number}", [(*line, None, None) for line in lines])


MOVES = st.tuples(
    st.sampled_from(["asset:cash:main", "liability:fee", "budget:available", "memo:pledge", "expense:programme"]),
    st.sampled_from(["USD", "EUR", "JPY"]),
    st.decimals("0.0001", "99999.9999", places=4),
    st.integers(0, 9),
    st.integers(0, 9),
)


@settings(max_examples=max(15, settings.default.max_examples // 20))
@given(moves=st.lists(MOVES, max_size=12), day=st.integers(-1, 10), second=st.integers(-1, 10))
def test_whatever_is_dated_and_written_in_any_order_only_what_counts_is_summed(
    tmp_path_factory: pytest.TempPathFactory, moves: list[Any], day: int, second: int
) -> None:
    maker = empty_book(tmp_path_factory.mktemp("any") / "any.duckdb")
    entries = []
    for account, currency, amount, on, written in moves:
        base = amount if currency == "USD" else (amount * 2).quantize(Decimal("0.0001"))
        other = account.partition(":")[0] + ":other"
        lines = [(account, currency, amount, base), (other, currency, -amount, -base)]
        entries.append((FIRST + timedelta(days=on), NOW + timedelta(seconds=written), lines))
    posted(maker, entries)
    as_of, known_at = FIRST + timedelta(days=day), NOW + timedelta(seconds=second)
    report = make("trial-balance", maker.book, as_of=as_of, known_at=known_at)
    where = f"entry_date <= date '{as_of}' and recorded_at <= timestamp '{known_at}'"
    expected = journal(maker, where)
    counted = maker.sql(f"select count(*) from ledger.entry where {where}")[0][0]
    maker.book.close()
    assert told(report) == expected
    assert all(not row["difference"] for row in rows(report, 1))
    assert report.sources[0].startswith(f"The journal of Example facility: {counted} of its {len(moves)} entr")
    if not counted:
        assert report.answer.startswith("No entry is dated up to ")


def test_a_journal_that_does_not_balance_is_told(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "off.duckdb")
    for (guard,) in maker.sql("select trigger_name from duckdb_triggers() where table_name = 'posting'"):
        maker.sql(f"drop trigger {guard} on ledger.posting")
    one, two = Decimal("10.00"), Decimal("7.50")
    posted(maker, [(FIRST, NOW, [("asset:cash:main", "EUR", one, two), ("income:interest", "EUR", -two, -one)])])
    report = make("trial-balance", maker.book)
    maker.book.close()
    assert report.answer == (
        "2 postings of 1 entry stand on 2 accounts. The book does not balance: money is off by EUR 2.50 and in all "
        "USD -2.50."
    )
    assert report.facts[0].note == "debit balances, against USD 10.00 of credit balances"
    assert report.tables[1].note == "Debits less credits: money EUR 2.50, in all USD -2.50."
