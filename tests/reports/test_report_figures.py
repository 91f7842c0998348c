"""The figures of each report against sums over the journal that know nothing of the views."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from report_books import Maker

from reports.registry import KINDS, ReportOptionRefused, ReportUnknown, kind, make, names
from reports.report import Bars, Flows, Report, Waterfall
from reports.scope import SubjectUnknown
from reports.table import Table
from reports.text import TableUnknown, render_report

STAGES = "('budget:allocated', 'budget:allocated-uncollected', 'budget:committed', 'budget:disbursed')"


def table(report: Report, name: str) -> Table:
    return next(each for each in report.tables if each.name == name)


def column(of: Table, name: str) -> list[Any]:
    place = [each.name for each in of.columns].index(name)
    return [row[place] for row in of.rows]


def total(of: Table, name: str) -> Any:
    assert of.total is not None
    return of.total[[each.name for each in of.columns].index(name)]


def journal(small: Maker, where: str) -> Decimal:
    return Decimal(
        small.sql(
            f"select coalesce(sum(base_amount), 0) from ledger.posting join ledger.entry using (entry_id) where {where}"
        )[0][0]
    )


def test_funds_available_sums_the_journal(small: Maker) -> None:
    lines = {str(row[0]): row[1] for row in make("funds-available", small.book).tables[0].rows}
    assert lines["Contributions"] == -journal(small, "account = 'income:contribution'")
    assert lines["Cash receipts"] == journal(small, "account = 'asset:cash:main' and kind = 'deposit'")
    assert lines["Total resources received"] == journal(small, "account = 'asset:cash:main' and base_amount > 0")
    assert lines["Total funding decisions net of cancellations (B)"] == journal(small, f"account in {STAGES}")
    assert lines["Funds held in trust with no restrictions"] == journal(small, "account = 'asset:cash:main'")
    assert lines["Approved amounts pending cash transfers"] == journal(small, "account = 'budget:allocated'")
    assert lines["Total funds available to support decisions"] == journal(small, "account = 'budget:available'")


def test_funds_available_adds_up(small: Maker) -> None:
    report = make("funds-available", small.book)
    lines = {str(row[0]): row[1] for row in report.tables[0].rows}
    a, b = lines["Total potential resources (A)"], lines["Total funding decisions net of cancellations (B)"]
    assert lines["Potential resources net of decisions (A-B)"] == a - b
    assert (
        total(table(report, "available_by_class"), "available") == lines["Total funds available to support decisions"]
    )
    chart = report.charts[0]
    assert isinstance(chart, Waterfall)
    assert chart.steps[-2].end == chart.steps[-1].end == lines["Total funds available to support decisions"]


def test_a_round_pays_what_it_awards_and_keeps_the_decisions_sentences(small: Maker) -> None:
    report = make("round", small.book, round_id="A")
    awarded = small.sql("select awarded from ledger.decision where decision = 'sha256:aa'")[0][0]
    assert sum(column(table(report, "awards"), "awarded")) == total(table(report, "awards"), "awarded") == awarded
    assert sum(column(table(report, "payments"), "amount")) == total(table(report, "payments"), "amount") == awarded
    assert (
        total(table(report, "contributions"), "paid") == sum(column(table(report, "contributions"), "paid")) == awarded
    )
    assert sum(column(table(report, "windows"), "awarded")) == awarded
    said = dict(
        zip(column(table(report, "refusals"), "request_id"), column(table(report, "refusals"), "reason"), strict=True)
    )
    assert said == {
        "R-1": "The limit Integration at most 60 % stops it at 400.00.",
        "R-3": "No money may pay it.\nR-1 and R-2 have more merit.",
    }


def test_a_round_names_its_payers_quality_and_approvals(small: Maker) -> None:
    report = make("round", small.book, round_id="a")
    payers = dict(
        zip(column(table(report, "awards"), "request_id"), column(table(report, "awards"), "payers"), strict=True)
    )
    assert payers["R-2"] == "<script>alert(1)</script> (C-2) 400.00; Norway (C-1) 100.01"
    facts = {fact.label: (fact.value, fact.note) for fact in report.facts}
    assert facts["How good"] == ("optimal", "merit 1,000.00, bound 1,000.50, gap 0.050 %")
    assert facts["State"] == ("posted", "on 20 March 2024 by ana")
    assert column(table(report, "approvals"), "approver") == ["Ben"]
    assert report.answer == (
        "USD 900.01 of USD 1,400 goes to 2 of 3 requests asking for USD 1,350.01. The decision is optimal, within "
        "0.050 % of the solver's bound, and the round is posted."
    )


def test_the_standing_decision_is_shown_unless_another_is_named(small: Maker) -> None:
    assert column(table(make("round", small.book, round_id="B"), "awards"), "request_id") == ["R-4"]
    other = make("round", small.book, round_id="B", decision="b1")
    assert column(table(other, "awards"), "request_id") == ["R-3"]
    assert column(table(other, "payments"), "request_id") == ["R-3"]
    assert column(table(other, "contributions"), "paid") == [Decimal("50.00")]


def test_charts_draw_recorded_payments(small: Maker) -> None:
    flows = make("round", small.book, round_id="A").charts[0]
    assert isinstance(flows, Flows)
    drawn = Counter({(link.source, link.target): link.amount for link in flows.links})
    assert drawn == {
        ("Norway", "integration"): Decimal("400.00"),
        ("Norway", "diaspora"): Decimal("100.01"),
        ("<script>alert(1)</script>", "diaspora"): Decimal("400.00"),
    }


def test_a_donors_money_is_followed_by_stage(small: Maker) -> None:
    report = make("donor", small.book, donor="NORWAY")
    contributions, payments = table(report, "money"), table(report, "payments")
    mine = "contribution_id = 'C-1'"
    assert total(contributions, "signed") == -journal(small, f"{mine} and account = 'income:contribution'")
    assert total(contributions, "received") == journal(
        small, f"{mine} and account = 'asset:cash:main' and kind = 'deposit'"
    )
    assert total(contributions, "available") == journal(small, f"{mine} and account = 'budget:available'")
    assert total(payments, "allocated") == journal(small, f"{mine} and request_id is not null and account in {STAGES}")
    assert total(payments, "disbursed") == journal(small, f"{mine} and account = 'budget:disbursed'")
    assert total(contributions, "allocated") == total(payments, "allocated")
    assert total(table(report, "deposits"), "base_amount") == total(contributions, "received")


def test_a_donors_money_on_an_earlier_day(small: Maker) -> None:
    report = make("donor", small.book, donor="Norway", as_of=date(2024, 2, 28))
    assert report.answer == (
        "Norway signed for USD 1,000 and paid in USD 900 in cash. "
        "Nothing is allocated yet: USD 900 is to be decided on."
    )
    assert table(report, "payments").rows == ()


@pytest.mark.parametrize("name", ["windows", "objectives", "countries", "years"])
def test_every_table_of_the_joint_account_has_the_same_totals(small: Maker, name: str) -> None:
    of = table(make("joint-account", small.book), name)
    required = Decimal("600.00") + Decimal("500.01") + Decimal("250.00") + Decimal("150.00")
    allocated = journal(small, f"account in {STAGES} and request_id is not null")
    expected = (required, Decimal("100.00"), allocated, required - Decimal("100.00") - allocated)
    for position, figure in enumerate(("required", "available", "allocated", "gap")):
        assert sum(column(of, figure)) == total(of, figure) == expected[position]


def test_donor_kinds_of_the_joint_account_sum_the_journal(small: Maker) -> None:
    of = table(make("joint-account", small.book), "donor_kinds")
    assert total(of, "allocated") == journal(small, f"account in {STAGES} and request_id is not null")
    assert total(of, "available") == journal(small, "account = 'budget:available'")
    assert total(of, "pledged") == journal(small, "account = 'memo:pledge'")
    assert column(of, "donor_kind") == ["facility", "foundation", "state"]


def test_the_joint_account_on_an_earlier_day_has_no_allocations(small: Maker) -> None:
    report = make("joint-account", small.book, as_of=date(2024, 3, 1))
    assert total(table(report, "windows"), "allocated") == 0
    assert total(table(report, "windows"), "required") == Decimal("1500.01")


def test_bars_are_never_below_zero(small: Maker) -> None:
    for name, subject in (("joint-account", {}), ("round", {"round_id": "A"}), ("donor", {"donor": "Norway"})):
        for chart in make(name, small.book, **subject).charts:
            if isinstance(chart, Bars):
                assert all(amount >= 0 for bar in chart.bars for _, amount in bar.parts)


def test_reports_in_every_form(small: Maker) -> None:
    import json

    report = make("joint-account", small.book)
    assert set(json.loads(render_report(report, "json"))["tables"]) == {each.name for each in report.tables}
    assert render_report(report, "csv").splitlines()[0] == "windows,required,available,allocated,gap,covered"
    assert render_report(report, "csv", table="years").startswith("years,required")
    assert report.answer in render_report(report, "table")


def test_names_are_those_of_the_command_line() -> None:
    assert names() == (
        *("ageing", "at-risk", "cash-forecast", "donor", "expiring", "funds-available", "joint-account", "opening"),
        *("round", "sample", "sources-and-uses", "trial-balance", "year"),
    )
    assert all(each.subject is None or each.subject in each.options for each in KINDS.values())


@pytest.mark.parametrize(
    ("error", "name", "options", "code", "message", "remedy"),
    [
        (
            ReportUnknown,
            "fund-available",
            {},
            "report-unknown",
            "there is no report fund-available",
            "did you mean funds-available?",
        ),
        (
            ReportOptionRefused,
            "round",
            {"round_id": "A", "as_of": date(2024, 1, 1)},
            "report-option-refused",
            "the report round takes no --as-of",
            "leave it out; round takes --decision, --round",
        ),
        (
            ReportOptionRefused,
            "donor",
            {"donor": None},
            "report-option-refused",
            "the report donor needs to know which donor",
            "name it after the report: `facility report donor DONOR`",
        ),
        (
            SubjectUnknown,
            "donor",
            {"donor": "Norwey"},
            "report-subject-unknown",
            "there is no donor Norwey in the book",
            "did you mean Norway?",
        ),
        (
            SubjectUnknown,
            "round",
            {"round_id": "Z"},
            "report-subject-unknown",
            "there is no round Z in the book",
            "use one of: A, B",
        ),
        (
            SubjectUnknown,
            "round",
            {"round_id": "B", "decision": "b"},
            "report-subject-unknown",
            "there is no decision b in the book",
            "use one of: sha256:b1, sha256:b2",
        ),
    ],
)
def test_what_cannot_be_reported_is_refused_with_a_remedy(
    small: Maker, error: type[Exception], name: str, options: dict[str, Any], code: str, message: str, remedy: str
) -> None:
    with pytest.raises(error) as raised:
        make(name, small.book, **options)
    assert (raised.value.code, raised.value.message, raised.value.remedy) == (code, message, remedy)  # type: ignore[attr-defined]


def test_an_unknown_table_is_refused_with_the_nearest(small: Maker) -> None:
    with pytest.raises(TableUnknown) as raised:
        render_report(make("joint-account", small.book), "csv", table="window")
    assert raised.value.message == "the report joint-account has no table window"
    assert raised.value.remedy == "did you mean windows?"
    assert kind("round").subject == "round_id"
