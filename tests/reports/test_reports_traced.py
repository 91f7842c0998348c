"""Reports that add up and say what was so: money steps, terms as frozen, versions, rates used, shares of countries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from report_books import NOW, Maker, empty_book

from ledgers.places import Places
from ledgers.terms import parse, spoken
from reports.page import html
from reports.page.bands import draw_flows
from reports.page.colours import MUTED, colours_of
from reports.registry import make
from reports.report import Bars, Flows, Link, Report
from reports.table import Table
from reports.wording import counted, earmark_words, limit_words, place, verb

LATER = datetime(2024, 8, 1, 9, 0, 0)


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    """Three contributions in as many currencies, cash beyond an agreement, a cost, and terms amended after payment."""
    maker = empty_book(tmp_path_factory.mktemp("book") / "traced.duckdb")
    maker.contribution("C-1", "Finland", "100.00", currency="EUR", base="110.00")
    maker.contribution(
        "C-2", "Canada", "50.00", currency="CAD", base="40.00", earmark="country=MLI", earmark_class="tightly"
    )
    maker.contribution("C-3", "Canada", "300.00")
    for number, (currency, units) in enumerate({"EUR": "0.8", "CAD": "1.25"}.items(), start=1):
        per_base, on = Decimal(units), date(2024, 1, 31)
        rate = {"rate_id": number, "currency": currency, "rate_date": on, "units_per_base": per_base}
        maker.put("ledger.rate", **rate, source=f"Bank {number}", log_id=1)
    received(maker, "C-1", "EUR", cash="120.00", base="96.00", carrying="110.00", unapplied="16.00", rate_id=1)
    received(maker, "C-2", "CAD", cash="25.00", base="21.00", carrying="20.00", unapplied="0.00", rate_id=2)
    maker.deposit("D-3", "C-3", "200.00")
    maker.request(
        "R-1", "70.00", countries={"GHA": (1, 3), "MLI": (2, 3)}, country="GHA:33.3|MLI:66.7", objectives=(7, 18)
    )
    maker.request("R-2", "10.00", countries={"MLI": (1, 1)}, window="diaspora")
    maker.put("ledger.request_measure", request_id="R-1", measure="x_staff", value=Decimal("12.5"))
    maker.put("ledger.score", request_id="R-1", reviewer="R. One", criterion="need", score=Decimal(80), log_id=1)
    maker.round("A", {"C-2": "21.00", "C-3": "200.00"}, ["R-1", "R-2"])
    maker.decision("A", "sha256:aa", {"R-1": {"C-3": "70.00"}, "R-2": {"C-2": "10.00"}}, {})
    maker.post_round("A", "sha256:aa")
    cost = [("budget:available", "budget:allocated", Decimal("5.00"), "C-3", None)]
    maker.budget("administration", date(2024, 4, 2), "administration|1", cost, purpose="audit")
    amend(maker, "C-2", "country=002")
    yield maker
    maker.book.close()


def received(
    maker: Maker, contribution: str, currency: str, *, cash: str, base: str, carrying: str, unapplied: str, rate_id: int
) -> None:
    """Receive cash: base is what it is worth, carrying what it discharges at the signing's rate."""
    own, worth, whole, rest = map(Decimal, (cash, base, carrying, unapplied))
    applied, gain = worth - rest, worth - rest - whole
    lines = [
        ("asset:cash:main", currency, own, worth, contribution, None),
        ("liability:unapplied-receipts", currency, -rest, -rest, contribution, None),
        ("asset:receivable", currency, -(own - rest), -whole, contribution, None),
        ("income:exchange" if gain > 0 else "expense:exchange", currency, Decimal(0), -gain, contribution, None),
        ("budget:available", "USD", applied, applied, contribution, None),
        ("budget:resource", "USD", -applied, -applied, contribution, None),
    ]
    maker.entry("deposit", date(2024, 2, 1), f"deposit|{contribution}", lines, rate_id=rate_id)


def amend(maker: Maker, contribution: str, earmark: str) -> None:
    maker.sql(
        "insert into ledger.contribution select * replace (2 as version, ? as earmark, 'softly' as earmark_class,"
        " 'the donor wrote' as reason, ?::timestamp as recorded_at) from ledger.contribution where contribution_id = ?",
        earmark,
        LATER,
        contribution,
    )


def table(report: Report, name: str) -> Table:
    return next(each for each in report.tables if each.name == name)


def objects(of: Table) -> list[dict[str, Any]]:
    return [dict(zip([column.name for column in of.columns], row, strict=True)) for row in of.rows]


def total(of: Table) -> dict[str, Any]:
    assert of.total is not None
    return dict(zip([column.name for column in of.columns], of.total, strict=True))


def adds_up(row: dict[str, Any]) -> bool:
    arrived = row["signed"] + row["exchange"] - row["receivable"] + row["unapplied"] == row["received"]
    used = row["allocated"] + row["administration"] + row["available"] + row["unapplied"]
    return bool(arrived) and bool(row["received"] + row["interest"] == used)


def test_a_donors_money_adds_up_from_signing_to_what_is_left(traced: Maker) -> None:
    finland = table(make("donor", traced.book, donor="Finland"), "money")
    assert finland.rows == (
        ("C-1", *map(Decimal, ("110.00", "-30.00", "0.00", "16.00", "96.00", "0.00", "0.00", "0.00", "80.00", "0.00"))),
    )
    canada = make("donor", traced.book, donor="Canada")
    rows = objects(table(canada, "money"))
    assert all(map(adds_up, [*rows, total(table(canada, "money"))]))
    assert [row["administration"] for row in rows] == [Decimal("0.00"), Decimal("5.00")]
    labels = {fact.label: fact.value for fact in canada.facts}
    assert (labels["Administration"], labels["Exchange difference"]) == ("USD 5.00", "USD 1.00")
    assert "Beyond agreement" not in labels


def test_donor_kinds_add_up_from_signing_to_what_is_left(traced: Maker, small: Maker) -> None:
    for maker in (traced, small):
        kinds = table(make("joint-account", maker.book), "donor_kinds")
        assert all(map(adds_up, [*objects(kinds), total(kinds)]))
    of_states = next(row for row in objects(table(make("joint-account", traced.book), "donor_kinds")))
    assert (of_states["unapplied"], of_states["exchange"]) == (Decimal("16.00"), Decimal("-29.00"))


def test_payments_keep_the_terms_that_the_round_froze(traced: Maker) -> None:
    for view in ("payments", "award_payments"):
        row = traced.sql(f"select earmark, earmark_class from report.{view} where contribution_id = 'C-2'")
        assert row == [("country=MLI", "tightly")], view
    paid = objects(table(make("donor", traced.book, donor="Canada"), "payments"))
    assert {row["contribution_id"]: row["earmark_class"] for row in paid} == {"C-2": "tightly", "C-3": "unearmarked"}


@pytest.mark.parametrize(
    ("options", "earmark"),
    [
        ({}, "country=Africa"),
        ({"as_of": date(2024, 7, 31)}, "country=MLI"),
        ({"as_of": date(2024, 8, 1)}, "country=Africa"),
        ({"known_at": datetime(2024, 7, 31)}, "country=MLI"),
    ],
)
def test_a_donor_sees_the_terms_in_force(traced: Maker, options: dict[str, Any], earmark: str) -> None:
    rows = objects(table(make("donor", traced.book, donor="Canada", **options), "contributions"))
    assert {row["contribution_id"]: row["earmark"] for row in rows} == {"C-2": earmark, "C-3": "none"}


def test_every_version_of_the_terms_is_told_with_its_reason(traced: Maker) -> None:
    rows = traced.sql(
        "select version, is_latest, counts_from, earmark, reason, recorded_at from report.contribution_versions"
        " where contribution_id = 'C-2' order by version"
    )
    assert rows == [
        (1, False, date(2024, 1, 10), "country=MLI", None, NOW),
        (2, True, date(2024, 8, 1), "country=002", "the donor wrote", LATER),
    ]
    shown = objects(table(make("donor", traced.book, donor="Canada"), "versions"))
    assert [(row["version"], row["earmark"]) for row in shown] == [(1, "country=MLI"), (2, "country=Africa")]
    assert not [each for each in make("donor", traced.book, donor="Finland").tables if each.name == "versions"]


def test_a_contribution_not_signed_yet_is_not_on_an_earlier_days_report(traced: Maker) -> None:
    report = make("donor", traced.book, donor="Canada", as_of=date(2024, 1, 9))
    assert table(report, "contributions").rows == ()


def test_a_donor_sees_only_the_rates_of_its_own_money(traced: Maker) -> None:
    assert [row[0] for row in table(make("donor", traced.book, donor="Finland"), "rates").rows] == ["EUR"]
    assert [row[0] for row in table(make("donor", traced.book, donor="Canada"), "rates").rows] == ["CAD"]
    assert [row[0] for row in table(make("funds-available", traced.book), "rates").rows] == ["CAD", "EUR"]


def test_awards_by_country_are_split_as_the_joint_account_splits(traced: Maker, small: Maker) -> None:
    for maker in (traced, small):
        ours = maker.sql(
            "select country, sum(amount) from report.award_countries where stands and round_id = 'A'"
            " group by 1 order by 1"
        )
        allocated = maker.sql(
            "select j.country, sum(j.allocated) from report.joint_account j join report.postings p using (entry_id)"
            " where p.line = 1 and p.kind = 'allocation' group by 1 order by 1"
        )
        assert ours == allocated
    assert ours == [("KEN", Decimal("240.00")), ("UGA", Decimal("160.00")), (None, Decimal("500.01"))]
    chart = next(each for each in make("round", traced.book, round_id="A").charts if each.title == "Awards by country")
    assert isinstance(chart, Bars)
    bars = {bar.label: sum(amount for _, amount in bar.parts) for bar in chart.bars}
    assert bars == {"Mali": Decimal("56.67"), "Ghana": Decimal("23.33")}


def test_places_have_names_and_shares(traced: Maker) -> None:
    awards = objects(table(make("round", traced.book, round_id="A"), "awards"))
    assert [row["country"] for row in awards] == ["Ghana 33.3 %, Mali 66.7 %", "Mali"]
    assert place({"country": "011"}) == "Western Africa"
    assert place({"country": "", "country_name": None}) == "global"


@pytest.mark.parametrize(
    "text", ["country=002", "window=diaspora; country!=011|KEN", "objective=7|18; country=LDC", ""]
)
def test_earmarks_in_words_mean_the_same(text: str) -> None:
    places = Places.on(date(2024, 1, 1))
    canonical = str(parse(text, places=places))
    said = earmark_words(canonical)
    assert not any(character.isdigit() for character in said.replace("objective=7|18", ""))
    if canonical:
        assert str(parse(said, places=places)) == canonical
        assert str(parse(spoken(parse(said, places=places)), places=places)) == canonical
    else:
        assert said == "none"


def test_limits_of_places_have_their_names() -> None:
    assert limit_words("One region, 35 % of resources: 202") == "One region, 35 % of resources: Sub-Saharan Africa"
    assert limit_words("Integration: at most 60 %") == "Integration: at most 60 %"


def test_notes_stand_beside_contributions(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "notes.duckdb")
    maker.contribution("C-1", "Norway", "10.00")
    maker.sql(
        "insert into ledger.contribution select * replace (2 as version, 'Illustrative donor' as note)"
        " from ledger.contribution where contribution_id = 'C-1'"
    )
    maker.deposit("D-1", "C-1", "10.00")
    maker.request("R-1", "10.00", country="KEN")
    maker.round("A", {"C-1": "10.00"}, ["R-1"])
    donor, minutes = make("donor", maker.book, donor="Norway"), make("round", maker.book, round_id="A")
    maker.book.close()
    assert [row["note"] for row in objects(table(donor, "contributions"))] == ["Illustrative donor"]
    assert [row["note"] for row in objects(table(minutes, "contributions"))] == [None]


def test_a_trace_in_sql_reaches_rates_scores_measures_and_the_log(traced: Maker) -> None:
    assert traced.sql("select currency, units_per_base, source from report.rates order by rate_id") == [
        ("EUR", Decimal("0.8"), "Bank 1"),
        ("CAD", Decimal("1.25"), "Bank 2"),
    ]
    assert traced.sql("select request_id, measure, value from report.request_measures") == [
        ("R-1", "x_staff", Decimal("12.5"))
    ]
    assert traced.sql("select request_id, reviewer, criterion, score from report.scores") == [
        ("R-1", "R. One", "need", 80)
    ]
    assert traced.sql("select * from report.log") == traced.sql("select * from ledger.log")
    assert traced.sql("select count(parent_id) from report.flows") == [(0,)]


def test_a_banner_and_sources_stand_above_the_figures_and_are_text(traced: Maker) -> None:
    report = make("joint-account", traced.book)
    page = html(report, banner="Illustrative: <b>all</b>", sources="UN INFO & UN CEB")
    banner, sources = page.index("Illustrative: &lt;b&gt;all&lt;/b&gt;"), page.index("Sources: UN INFO &amp; UN CEB")
    assert banner < page.index("<h1>") < sources < page.index('class="answer"')
    assert 'class="banner"' not in html(report)
    assert "Sources:" not in html(report)


def test_gathered_ends_have_no_windows_colour() -> None:
    names = ["Kenya · diaspora", "22 others", "Norway"]
    colours = colours_of(names)
    assert colours["22 others"] == MUTED
    assert list(colours.values()).count(colours["22 others"]) == 1


def test_names_that_have_room_are_not_cut() -> None:
    long = "Lao People's Dem. Republic · integration"
    flows = Flows("t", "d", "USD", "left", "right", (Link("C-1", long, Decimal("1000000.00")),))
    wide = draw_flows(flows, width=960, key="k")
    assert wide.count("Lao People&#x27;s Dem. Republic · integration <tspan") == 1
    assert "…" in draw_flows(flows, width=420, key="k")


def test_one_takes_the_verb_of_one(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "one.duckdb")
    maker.request("R-1", "50.00", country="KEN")
    answer = make("joint-account", maker.book).answer
    maker.book.close()
    assert answer.startswith("1 request requires USD 50; others have")
    assert f"{counted(2, 'request')} {verb(2, 'requires', 'require')}" == "2 requests require"


def test_a_table_of_many_columns_keeps_their_width_and_shows_that_it_scrolls(traced: Maker) -> None:
    page = html(make("donor", traced.book, donor="Canada"))
    assert re.findall(r'<table class="wide" style="min-width:(\d+)px">', page) == ["936", "1144", "936", "936"]
    assert ".frame::-webkit-scrollbar { height: 12px" in page


def test_a_round_over_shares_that_have_no_cents_is_drawn_to_the_cent(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "thirds.duckdb")
    maker.contribution("C-1", "Norway", "10.00")
    maker.deposit("D-1", "C-1", "10.00")
    thirds = {"GHA": (1, 3), "KEN": (1, 3), "MLI": (1, 3)}
    maker.request("R-1", "10.00", countries=thirds)
    maker.round("A", {"C-1": "10.00"}, ["R-1"])
    maker.decision("A", "sha256:aa", {"R-1": {"C-1": "10.00"}}, {})
    rows = maker.sql("select country, amount, stands from report.award_countries order by country")
    maker.book.close()
    assert rows == [("GHA", Decimal("3.33"), True), ("KEN", Decimal("3.33"), True), ("MLI", Decimal("3.34"), True)]
