"""The written rules of the statements: what covers instalments, whose advance is old, what is touched first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moments import lines, table
from report_books import empty_book

from ledgers.store import Book
from reports.ageing import bucket_of
from reports.donor_statement import PeriodCrossed
from reports.forecast import forecast_of, next_month
from reports.outstanding import claims, dues, laid_first, portions
from reports.page import html
from reports.registry import make
from reports.scope import scope_of
from reports.table import Column, Table, render, width
from reports.text import render_report
from reports.year import YearInvalid

END = date(2025, 12, 15)
amounts = st.integers(0, 10**9).map(lambda minor: Decimal(minor).scaleb(-2))


@given(parts=st.lists(amounts, max_size=6), amount=amounts)
def test_what_is_laid_on_parts_loses_nothing(parts: list[Decimal], amount: Decimal) -> None:
    laid, rest = laid_first(parts, amount)
    assert sum(laid, rest) == amount
    assert all(0 <= each <= part for each, part in zip(laid, parts, strict=True))
    short = [place for place, (each, part) in enumerate(zip(laid, parts, strict=True)) if each < part]
    assert all(laid[place] == 0 for place in short[1:])


@given(whole=amounts, weights=st.lists(st.integers(1, 10**6).map(Decimal), min_size=1, max_size=6))
def test_portions_sum_to_the_whole_and_are_fair_to_one_unit(whole: Decimal, weights: list[Decimal]) -> None:
    parts = portions(whole, weights, 2)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - whole * weight) <= Decimal("0.01") * sum(weights)


def test_ages_begin_on_the_day_after() -> None:
    assert [bucket_of(days) for days in (-5, 0, 1, 30, 31, 90, 91, 365, 366)] == [
        "not due",
        "not due",
        "1-30 days",
        "1-30 days",
        "31-90 days",
        "31-90 days",
        "91-365 days",
        "91-365 days",
        "more than a year",
    ]


def test_receipts_cover_the_earliest_instalments_and_reductions_fall_off_the_last(years: Book) -> None:
    found = {(due.contribution_id, due.due_on): due for due in dues(scope_of(years, END, None))}
    assert found["C-NOR", date(2025, 2, 15)].amount == Decimal("3000000.00")
    assert ("C-NOR", date(2024, 2, 15)) not in found
    assert found["C-BNK", date(2025, 10, 31)].amount == Decimal("400000.00")
    assert ("C-BNK", date(2026, 3, 31)) not in found
    assert found["C-CAN", None].since == date(2024, 3, 5)


def test_before_the_reduction_every_instalment_stands(years: Book) -> None:
    found = {
        due.due_on: due.amount
        for due in dues(scope_of(years, date(2025, 8, 31), None))
        if due.contribution_id == "C-BNK"
    }
    assert found == {date(2025, 10, 31): Decimal("700000"), date(2026, 3, 31): Decimal("800000")}


def test_advances_are_of_the_latest_disbursements(years: Book) -> None:
    found = [
        (claim.since, claim.amount) for claim in claims(scope_of(years, END, None)) if claim.commitment_id == "G-1"
    ]
    assert found == [(date(2024, 5, 16), Decimal("182500.00")), (date(2025, 1, 25), Decimal("250000.00"))]
    on_the_day = [claim for claim in claims(scope_of(years, date(2024, 6, 4), None)) if claim.commitment_id == "G-3"]
    assert [claim.since for claim in on_the_day] == [date(2024, 6, 1), date(2024, 6, 2)]
    after = [claim for claim in claims(scope_of(years, date(2024, 6, 5), None)) if claim.commitment_id == "G-3"]
    assert [(claim.since, claim.amount) for claim in after] == [(date(2024, 6, 1), Decimal("320000.00"))]


def test_awards_are_touched_in_the_written_order_and_what_is_disbursed_never(years: Book) -> None:
    report = make("at-risk", years, as_of=END)
    touched = table(report, "awards")
    order = {"allocated, not yet received": 0, "allocated": 1, "committed": 2}
    by_contribution: dict[str, list[int]] = {}
    for row in touched.rows:
        by_contribution.setdefault(str(row[1]), []).append(order[str(row[4])])
    assert all(stages == sorted(stages) for stages in by_contribution.values())
    assert [row[2] for row in touched.rows if row[1] == "C-BNK"] == ["R-6", "R-5"]
    fund = next(row for row in table(report, "gaps").rows if row[0] == "C-FND")
    assert (fund[2], fund[6], fund[7]) == (Decimal("488789.90"), Decimal("150000.00"), Decimal("338789.90"))


def test_a_forecast_lets_cash_run_out_in_the_month_in_which_it_does(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "short.duckdb")
    maker.contribution("C-1", "Norway", "100.00")
    maker.deposit("D-1", "C-1", "100.00")
    maker.request("R-1", "90.00")
    for number, due_on in enumerate((date(2024, 4, 1), date(2024, 8, 1)), start=1):
        maker.put(
            "ledger.commitment",
            commitment_id=f"G-{number}",
            version=1,
            request_id="R-1",
            implementer="IMP",
            signed_on=date(2024, 3, 1),
            amount=Decimal(80),
            indirect_max=0,
            content_digest="c",
            recorded_at=maker.recorded_at,
            log_id=1,
        )
        maker.put(
            "ledger.tranche",
            commitment_id=f"G-{number}",
            tranche=1,
            due_on=due_on,
            amount=Decimal(80),
            content_digest="c",
            log_id=1,
        )
        number_of = maker.sql("select max(entry_id) + 1 from ledger.entry")[0][0]
        maker.entry(
            "commitment",
            date(2024, 3, 1),
            f"commitment|{number}",
            [
                ("budget:committed", "USD", Decimal(80), Decimal(80), "C-1", "R-1"),
                ("budget:available", "USD", Decimal(-80), Decimal(-80), "C-1", None),
            ],
        )
        maker.sql("drop trigger posting_update on ledger.posting") if number == 1 else None
        maker.sql(
            "update ledger.posting set commitment_id = ? where entry_id = ? and account = 'budget:committed'",
            f"G-{number}",
            number_of,
        )
    found = forecast_of(scope_of(maker.book, date(2024, 3, 15), None))
    answer = make("cash-forecast", maker.book, as_of=date(2024, 3, 15)).answer
    maker.book.close()
    assert [month.cash for month in found.months] == [
        Decimal(100),
        Decimal(20),
        Decimal(20),
        Decimal(20),
        Decimal(20),
        Decimal(-60),
    ]
    assert found.runs_out is found.months[-1]
    assert answer.endswith("cash would run out in August 2024: USD 60 would lack.")


def test_months_follow_each_other_over_the_year() -> None:
    assert [next_month(date(2024, month, 15)) for month in (1, 12)] == [date(2024, 2, 1), date(2025, 1, 1)]


def test_pledges_stand_beside_the_forecast(years: Book) -> None:
    months = table(make("cash-forecast", years, as_of=END), "months")
    pledged = {row[0]: row[7] for row in months.rows if row[7]}
    assert list(pledged) == ["2026-04"]
    without = sum((row[1] for row in months.rows), Decimal(0))  # type: ignore[misc]
    assert without == sum(due.base_amount for due in dues(scope_of(years, END, None)) if due.due_on is not None)


def test_expired_money_comes_first_and_days_limit_it(years: Book) -> None:
    whole = table(make("expiring", years, as_of=END), "contributions")
    assert [row[0] for row in whole.rows] == ["C-FND", "C-GER"]
    within = table(make("expiring", years, as_of=END, days=30), "contributions")
    assert [row[0] for row in within.rows] == ["C-FND"]
    before = table(make("expiring", years, as_of=date(2025, 9, 14)), "contributions")
    assert [row[2] for row in before.rows if row[0] == "C-GER"] == [date(2026, 2, 28)]


def test_the_year_tells_what_changed_since_its_first_closing(years: Book) -> None:
    report = make("year", years, year="2025")
    changed = {(row[0], row[2]): row[5] for row in table(report, "restated").rows}
    assert changed["2024", "Programme expenditure by implementers"] == Decimal("12000.00")
    assert changed["2024", "Contributions written off"] == Decimal("40000.00")
    assert changed["2024", "Net assets"] == Decimal("-52000.00")
    assert "2025 was not closed" in table(report, "restated").note


def test_events_after_the_year_are_told_up_to_the_day_asked(years: Book) -> None:
    report = make("year", years, year="2024", as_of=date(2025, 1, 31))
    references = [row[2] for row in table(report, "later_events").rows]
    assert references == ["revaluation|2024-12-31|claims|1|back", "disbursement|P-5"]
    assert report.as_of == date(2024, 12, 31)


def test_a_year_that_is_running_is_told_up_to_the_day(years: Book) -> None:
    report = make("year", years, year="2025", as_of=date(2025, 6, 30))
    assert report.as_of == date(2025, 6, 30)
    assert "1 January to 30 June 2025" in table(report, "performance").title


def test_the_year_says_which_revenue_is_deferred_and_claims_no_compliance(years: Book) -> None:
    meanings = dict(make("year", years, year="2025").definitions)
    assert "Deferred at the end: C-GER." in meanings["Revenue"]
    assert "is for an auditor to say" in meanings["Basis"]


def test_a_donors_statement_says_that_it_is_an_attribution(years: Book) -> None:
    report = make("donor", years, donor="Norway")
    assert "reporting attribution" in table(report, "payments").note
    assert any("reporting attribution" in source for source in report.sources)
    results = table(report, "results")
    assert [(row[0], row[1], row[5]) for row in results.rows] == [("R-1", "people served", Decimal("6100.0000"))]


def test_new_steps_show_only_where_there_is_any(years: Book) -> None:
    def names(donor: str) -> set[str]:
        return {column.name for column in table(make("donor", years, donor=donor), "money").columns}

    assert {"bounced", "elsewhere", "written_off"} <= names("Canada")
    assert not {"bounced", "elsewhere", "written_off", "fees", "notes", "conditional"} & names("United Kingdom")
    assert {"conditional", "deferred", "fees"} <= names("Germany")


@pytest.mark.parametrize(
    ("error", "name", "options", "code", "message", "remedy"),
    [
        (YearInvalid, "year", {"year": "25"}, "year-invalid", "25 is not a year", "write four digits: 2025"),
        (
            YearInvalid,
            "year",
            {"year": "2031"},
            "year-invalid",
            "the year 2031 begins after 2025-12-01, the last day that counts",
            "name an earlier year, or give a later --as-of",
        ),
        (
            PeriodCrossed,
            "donor",
            {"donor": "Norway", "begins": date(2025, 2, 1), "as_of": date(2025, 1, 31)},
            "period-crossed",
            "the statement would begin on 2025-02-01, after its last day 2025-01-31",
            "give an earlier --from, or a later --as-of",
        ),
    ],
)
def test_what_cannot_be_stated_is_refused(
    years: Book, error: type[Exception], name: str, options: dict[str, Any], code: str, message: str, remedy: str
) -> None:
    with pytest.raises(error) as raised:
        make(name, years, **options)
    assert (raised.value.code, raised.value.message, raised.value.remedy) == (code, message, remedy)  # type: ignore[attr-defined]


NAMED: list[tuple[str, dict[str, Any]]] = [
    ("sources-and-uses", {}),
    ("funds-available", {}),
    ("donor", {"donor": "Canada"}),
    ("ageing", {}),
    ("cash-forecast", {}),
    ("expiring", {}),
    ("at-risk", {}),
    ("year", {"year": "2025"}),
]


@pytest.mark.parametrize(("name", "options"), NAMED, ids=[name for name, _ in NAMED])
def test_statements_fit_a_terminal_and_make_a_page(years: Book, name: str, options: dict[str, Any]) -> None:
    report = make(name, years, **options)
    tables = [each for each in report.tables if each.rows]
    for each in tables:
        shown = render(each, "table", width=100).splitlines()
        assert max(width(line) for line in shown[1:]) <= 100, each.name
    text = render_report(report, "table", width=100)
    assert report.answer.split()[0] in text
    page = html(report)
    assert all(str(each.title).split(",")[0] in page.replace("&#39;", "'") for each in tables)


@pytest.mark.parametrize(("name", "options"), NAMED, ids=[name for name, _ in NAMED])
def test_statements_of_an_empty_book_are_made(tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    maker = empty_book(tmp_path / "empty.duckdb")
    maker.contribution("C-1", "Canada", "10.00", on=date(2025, 1, 1))
    text = render_report(make(name, maker.book, **options), "table")
    page = html(make(name, maker.book, **options))
    maker.book.close()
    assert text
    assert "<h1>" in page


def test_a_wide_table_is_turned_round_and_loses_nothing() -> None:
    columns = (Column("id", "Contribution"), *(Column(f"c{n}", f"Amount number {n}", "amount") for n in range(9)))
    rows = tuple((f"C-{n}", *(Decimal(n * 10 + m) for m in range(9))) for n in range(3))
    shown = render(Table("t", "Wide", columns, rows, note="note " * 40), "table", width=60)
    assert max(map(len, shown.splitlines()[1:])) <= 60
    assert all(f"Amount number {n}" in shown for n in range(9))
    assert shown.count("C-1") == 1
    wide = render(Table("t", "Wide", columns, rows), "table")
    assert max(map(len, wide.splitlines())) > 100


def test_lines_of_a_statement_are_found_by_label(years: Book) -> None:
    assert lines(table(make("year", years, year="2025"), "budget"))["Resources"] > 0
