"""The public views: named, commented, loadable on an empty book, and true to the journal."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_books import NOW, Maker, empty_book

from ledgers.store.sql import texts_in

PROMISED = {
    "award_countries",
    "contribution_versions",
    "days",
    "entries",
    "entry_lines",
    "entry_values",
    "log",
    "rates",
    "request_measures",
    "scores",
    "donors",
    "contributions",
    "deposits",
    "requests",
    "rounds",
    "decisions",
    "limits",
    "awards",
    "refusals",
    "payments",
    "postings",
    "balances",
    "country_groups",
    "objectives",
    "flows",
    "joint_account",
    "dictionary",
}


def names(maker: Maker) -> set[str]:
    return {row[0] for row in maker.sql("select view_name from duckdb_views() where schema_name = 'report'")}


def test_every_promised_view_exists(small: Maker) -> None:
    assert names(small) >= PROMISED


def test_every_view_and_every_column_is_commented_and_in_the_dictionary(small: Maker) -> None:
    columns = small.sql("select table_name, column_name, comment from duckdb_columns() where schema_name = 'report'")
    assert [column for column in columns if not column[2]] == []
    assert [
        view
        for view in small.sql("select view_name, comment from duckdb_views() where schema_name = 'report'")
        if not view[1]
    ] == []
    listed = {row[:2] for row in small.sql("select view_name, column_name from report.dictionary")}
    assert listed == {column[:2] for column in columns}


def test_every_column_can_be_selected_without_quotes(small: Maker) -> None:
    columns: dict[str, list[str]] = {}
    for view, column in small.sql("select view_name, column_name from report.dictionary"):
        columns.setdefault(view, []).append(column)
    for view, named in columns.items():
        small.sql(f"select {', '.join(named)} from report.{view} order by {named[0]} limit 1")


def test_views_are_empty_on_an_empty_book_but_for_what_every_book_has(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "empty.duckdb")
    filled = {view for view in names(maker) if maker.sql(f"select count(*) from report.{view}")[0][0]}
    maker.book.close()
    assert filled == {
        *(
            "book",
            "contribution_versions",
            "contributions",
            "country_groups",
            "dictionary",
            "donors",
            "log",
            "objectives",
        ),
    }


@pytest.mark.parametrize(("name", "text"), texts_in("ledgers.views.report"))
def test_views_keep_to_sql_that_travels(name: str, text: str) -> None:
    code = re.sub(r"'[^']*'", "''", "\n".join(line.partition("--")[0] for line in text.splitlines())).lower()
    for forbidden in (r"[^/]/[^/]", r"\basof\b", r"\brange\(", r"\blist\(", r"\bgroup by all\b"):
        assert not re.search(forbidden, code), f"{name}: {forbidden}"


def test_contributions_say_what_the_journal_says(small: Maker) -> None:
    for column, account, sign in (
        ("available", "budget:available", 1),
        ("receivable", "asset:receivable", 1),
        ("signed", "income:contribution", -1),
        ("pledged", "memo:pledge", 1),
        ("disbursed", "budget:disbursed", 1),
    ):
        stated = dict(small.sql(f"select contribution_id, {column} from report.contributions where {column} <> 0"))
        booked = small.sql(
            "select contribution_id, sum(base_amount) from ledger.posting where account = ? group by all"
            " having sum(base_amount) <> 0",
            account,
        )
        assert stated == {contribution: sign * amount for contribution, amount in booked}, column


def test_an_open_round_holds_and_a_posted_one_does_not(small: Maker) -> None:
    row = small.sql("select available, held, unheld from report.contributions where contribution_id = 'C-1'")
    assert row == [(Decimal("379.99"), Decimal("100.00"), Decimal("279.99"))]
    assert small.sql("select sum(held) from report.contributions")[0][0] == Decimal("100.00")


def test_payments_by_stage_are_the_standing_decisions_and_the_journal(small: Maker) -> None:
    rows = small.sql(
        "select contribution_id, request_id, decided, allocated, disbursed from report.payments order by all"
    )
    assert rows == [
        ("C-1", "R-1", Decimal("400.00"), Decimal("400.00"), Decimal("300.00")),
        ("C-1", "R-2", Decimal("100.01"), Decimal("100.01"), Decimal("0")),
        ("C-1", "R-4", Decimal("100.00"), Decimal("0"), Decimal("0")),
        ("C-2", "R-2", Decimal("400.00"), Decimal("350.00"), Decimal("0")),
    ]


def test_rounds_and_decisions_have_states(small: Maker) -> None:
    assert small.sql("select round_id, state from report.rounds order by all") == [("A", "posted"), ("B", "decided")]
    stands = small.sql("select decision, stands from report.decisions order by all")
    assert stands == [("sha256:aa", True), ("sha256:b1", False), ("sha256:b2", True)]


def test_merit_is_the_frozen_fraction(small: Maker) -> None:
    assert {row[0] for row in small.sql("select merit from report.round_requests")} == {Decimal("50.500000")}


def test_a_refusal_says_what_was_given_all_the_same(small: Maker) -> None:
    rows = small.sql("select request_id, position, kind, awarded from report.refusals order by all")
    assert rows == [("R-1", 1, "limit", 400), ("R-3", 1, "not-eligible", 0), ("R-3", 2, "out-ranked", 0)]


def test_requests_carry_their_state(small: Maker) -> None:
    rows = dict(small.sql("select request_id, state from report.requests"))
    assert rows == {"R-1": "partly funded", "R-2": "partly funded", "R-3": "unfunded", "R-4": "unfunded"}


def test_flows_are_what_came_in_and_went_out(small: Maker) -> None:
    rows = dict(small.sql("select stage, sum(base_amount) from report.flows group by all"))
    assert rows == {"pledge": 300, "contribution": 1500, "deposit": 1400, "disbursement": 300}


def test_balances_sum_to_the_journal(small: Maker) -> None:
    stated = small.sql("select account, sum(base_balance) from report.balances group by all order by all")
    assert stated == small.sql("select account, sum(base_amount) from ledger.posting group by all order by all")


def test_the_joint_account_counts_every_amount_once(small: Maker) -> None:
    totals = small.sql("select sum(required), sum(available), sum(allocated), sum(gap) from report.joint_account")[0]
    asked = Decimal("600.00") + Decimal("500.01") + Decimal("250.00")
    cofinanced = Decimal("100.00") + Decimal("50.00")
    given = small.sql(
        "select sum(amount) from ledger.posting"
        " where account like 'budget:%' and account <> 'budget:available' and request_id is not null"
    )
    assert totals[:3] == (asked + cofinanced, Decimal("100.00"), given[0][0])
    assert totals[3] == totals[0] - totals[1] - totals[2]
    by_request = dict(small.sql("select request_id, sum(allocated) from report.joint_account group by all"))
    assert by_request == {"R-1": Decimal("400.00"), "R-2": Decimal("450.01"), "R-3": 0}


def test_a_request_that_continues_another_adds_its_money_and_no_need(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "c.duckdb")
    maker.contribution("C-1", "Norway", "100.00")
    maker.request("R-1", "60.00", window="diaspora", countries={"KEN": (1, 1)})
    maker.request("R-2", "40.00", window="institutions", countries={"UGA": (1, 1)}, continues="R-1", cofinance="7.00")
    maker.request("R-3", "10.00", window="integration", countries={"TZA": (1, 1)}, continues="R-2")
    maker.deposit("D-1", "C-1", "100.00")
    maker.round("A", {"C-1": "100.00"}, ["R-1", "R-2", "R-3"])
    maker.decision("A", "sha256:aa", {"R-1": {"C-1": "20.00"}, "R-2": {"C-1": "30.00"}, "R-3": {"C-1": "10.00"}}, {})
    maker.post_round("A", "sha256:aa")
    rows = maker.sql(
        "select request_window, country, sum(required), sum(allocated), sum(gap) from report.joint_account group by all"
    )
    maker.book.close()
    assert rows == [("diaspora", "KEN", Decimal("60.00"), Decimal("60.00"), Decimal("0.00"))]


def test_cofinance_is_converted_at_the_requests_rate_half_away_from_zero(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "euro.duckdb")
    maker.put(
        "ledger.rate",
        rate_id=1,
        currency="EUR",
        rate_date=date(2024, 1, 31),
        units_per_base=Decimal("0.8"),
        source="ECB",
        log_id=1,
    )
    maker.put(
        "ledger.request",
        request_id="R-1",
        applicant="Lagos",
        applicant_kind="city",
        country="",
        request_window="diaspora",
        objectives="",
        currency="EUR",
        amount_requested=Decimal("80"),
        amount_minimum=0,
        base_requested=Decimal("100"),
        base_minimum=0,
        rate_id=1,
        cofinance=Decimal("100.06"),
        cofinance_confirmed=Decimal("0.02"),
        content_digest="c",
        requested_on=date(2024, 2, 1),
        recorded_at=NOW,
        log_id=1,
    )
    request = maker.sql(
        "select base_cofinance, base_cofinance_confirmed, rate_date, units_per_base from report.requests"
    )
    account = maker.sql("select required, available, gap, year from report.joint_account")
    maker.book.close()
    assert request == [(Decimal("125.08"), Decimal("0.03"), date(2024, 1, 31), Decimal("0.8"))]
    assert account == [(Decimal("225.08"), Decimal("0.03"), Decimal("225.05"), 2024)]


COUNTRIES = ("KEN", "NER", "TZA", "UGA")


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    return empty_book(tmp_path_factory.mktemp("shares") / "shares.duckdb")


@given(
    amount=st.integers(1, 10**11),
    cuts=st.lists(st.integers(1, 99), min_size=0, max_size=3, unique=True),
    objectives=st.sets(st.integers(1, 23), max_size=5),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_parts_of_a_request_sum_to_it_and_are_fair_to_one_unit(
    shares: Maker, amount: int, cuts: list[int], objectives: set[int]
) -> None:
    points = [0, *sorted(cuts), 100]
    parts = {
        country: Fraction(high - low, 100) for country, (low, high) in zip(COUNTRIES, pairwise(points), strict=False)
    }
    number = shares.sql("select count(*) from ledger.request")[0][0]
    name = f"Q-{number}"
    shares.request(
        name,
        f"{amount}E-2",
        countries={c: (s.numerator, s.denominator) for c, s in parts.items()},
        objectives=tuple(sorted(objectives)),
    )
    rows = shares.sql("select country, objective, required from report.joint_account where request_id = ?", name)
    assert sum(row[2] for row in rows) == Decimal(amount).scaleb(-2)
    for country, _, required in rows:
        assert abs(Fraction(required) * 100 - amount * parts[country] / max(len(objectives), 1)) < 1


def _counts(maker: Maker, view: str, columns: list[str]) -> list[int]:
    """Return how many rows of a view have a figure above zero, column by column, each filtered for by itself."""
    return [maker.sql(f'select count(*) from report."{view}" where "{column}" > 0')[0][0] for column in columns]


def test_filters_on_views_find_the_same_whatever_the_optimizer_does(small: Maker) -> None:
    figures: dict[str, list[str]] = {}
    listed = (
        "select table_name, column_name from information_schema.columns where table_schema = 'report' "
        "and (data_type like 'DECIMAL%' or data_type in ('BIGINT', 'INTEGER', 'HUGEINT')) order by 1, 2"
    )
    for view, column in small.sql(listed):
        figures.setdefault(view, []).append(column)
    assert sum(map(len, figures.values())) > 100
    set_to = small.sql("select current_setting('disabled_optimizers')")[0][0]
    found = {}
    for disabled in ("", set_to):
        small.sql(f"set disabled_optimizers = '{disabled}'")
        found[disabled] = {view: _counts(small, view, columns) for view, columns in figures.items()}
    small.sql("pragma disable_optimizer")
    plain = {view: _counts(small, view, columns) for view, columns in figures.items()}
    small.sql("pragma enable_optimizer")
    # The first is what analysts have in a DuckDB of their own, the second what Facility's own connections have.
    assert found[""] == plain
    assert found[set_to] == plain
