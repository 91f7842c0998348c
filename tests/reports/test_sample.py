"""An auditor's sample: the same from the same seed, whatever is written later, and drawn as the written rule says."""

from __future__ import annotations

import hashlib
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
from reports.sample_drawn import SampleInvalid
from reports.scope import SubjectUnknown

FIRST = date(2024, 1, 1)
AMOUNTS = st.lists(st.integers(0, 5_000), min_size=1, max_size=14)
SEEDS = st.integers(0, 10**6)
FEW = max(12, settings.default.max_examples // 20)


def rows(report: Report, table: str = "items") -> list[dict[str, Any]]:
    of = next(each for each in report.tables if each.name == table)
    return [dict(zip([column.name for column in of.columns], row, strict=True)) for row in of.rows]


def received(maker: Maker, cents: list[int], *, first: int = 0, kind: str = "deposit", on: date = FIRST) -> None:
    """Post an entry for each amount of cents, with a reference from `first` on."""
    last = maker.sql("select coalesce(max(entry_id), 0) from ledger.entry")[0][0]
    names = "entry_id, line, account, currency, amount, base_amount"
    for number, each in enumerate(cents):
        reference, entry_id, money = f"e|{first + number}", last + number + 1, Decimal(each).scaleb(-2)
        words = {"reference": reference, "narration": reference, "digest": "d", "log_id": 1}
        maker.put("ledger.entry", entry_id=entry_id, kind=kind, entry_date=on, recorded_at=maker.recorded_at, **words)
        maker.sql(
            f"insert into ledger.posting ({names}) values"
            " (?, 1, 'asset:cash:main', 'USD', ?, ?), (?, 2, 'income:interest', 'USD', ?, ?)",
            *(entry_id, money, money, entry_id, -money, -money),
        )


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("samples")


def book_of(fresh: Path, cents: list[int]) -> Maker:
    path = fresh / f"{len(list(fresh.iterdir()))}.duckdb"
    maker = empty_book(path)
    received(maker, cents)
    return maker


def by_the_rule(cents: list[int], seed: int, size: int) -> dict[int, tuple[int, int] | None]:
    """Return what is drawn by value: of each entry its interval and unit, None for certain; walked unit by unit."""
    left, certain = size, set()
    while left:
        others = [each for at, each in enumerate(cents) if at not in certain]
        largest = max(others, default=0)
        if not largest or largest * left < sum(others):
            break
        certain.add(next(at for at, each in enumerate(cents) if at not in certain and each == largest))
        left -= 1
    units = [at for at, each in enumerate(cents) if at not in certain for _ in range(each)]
    found: dict[int, tuple[int, int] | None] = dict.fromkeys(certain)
    if not units or not left:
        return found
    start = int(hashlib.sha256(f"{seed}|start".encode()).hexdigest(), 16) % len(units)
    for number in range(left):
        unit = (start + number * len(units)) // left
        assert number * len(units) <= start + number * len(units) < (number + 1) * len(units)
        assert units[unit] not in found, "two points fell on one entry"
        found[units[unit]] = (number + 1, unit + 1)
    return found


@pytest.mark.nightly
@settings(max_examples=2 * FEW)
@given(cents=AMOUNTS, seed=SEEDS, size=st.integers(1, 16))
def test_by_value_every_interval_is_hit_once_and_what_is_large_is_certain(
    fresh: Path, cents: list[int], seed: int, size: int
) -> None:
    maker = book_of(fresh, cents)
    report = make("sample", maker.book, seed=seed, size=size)
    maker.book.close()
    told = {
        row["entry_id"] - 1: None if row["interval"] is None else (row["interval"], row["unit"]) for row in rows(report)
    }
    assert told == by_the_rule(cents, seed, size)
    intervals = sorted(row["interval"] for row in rows(report) if row["interval"] is not None)
    assert intervals == list(range(1, len(intervals) + 1))
    assert len(told) == min(size, sum(each > 0 for each in cents))


@pytest.mark.nightly
def test_a_point_on_the_very_beginning_of_an_entry_draws_it(fresh: Path) -> None:
    cents = [1, 2, 1, 1, 2]
    maker = book_of(fresh, cents)
    for seed in range(14):
        for size in (1, 2, 3):
            told = [row["entry_id"] - 1 for row in rows(make("sample", maker.book, seed=seed, size=size))]
            assert told == sorted(by_the_rule(cents, seed, size)), (seed, size)
    maker.book.close()


@pytest.mark.nightly
@settings(max_examples=FEW)
@given(cents=AMOUNTS, seed=SEEDS, size=st.integers(1, 16))
def test_at_random_the_first_by_sha256_are_drawn(fresh: Path, cents: list[int], seed: int, size: int) -> None:
    maker = book_of(fresh, cents)
    report = make("sample", maker.book, seed=seed, size=size, by="random")
    maker.book.close()
    order = sorted(range(len(cents)), key=lambda at: hashlib.sha256(f"{seed}|e|{at}".encode()).hexdigest())
    assert [row["entry_id"] - 1 for row in rows(report)] == sorted(order[:size])
    drawn = min(size, len(cents))
    assert {row["chance_exact"] for row in rows(report)} == {
        str(Decimal(1) if drawn == len(cents) else _exact(drawn, len(cents)))
    }


def _exact(drawn: int, of: int) -> str:
    divisor = next(each for each in range(drawn, 0, -1) if drawn % each == of % each == 0)
    return f"{drawn // divisor}/{of // divisor}"


@pytest.mark.nightly
@settings(max_examples=FEW)
@given(
    cents=AMOUNTS, later=AMOUNTS, seed=SEEDS, size=st.integers(1, 16), by=st.sampled_from(["value", "random"]),
    back=st.integers(-3, 3),
)  # fmt: skip
def test_the_same_seed_draws_the_same_whatever_is_written_later(
    fresh: Path, cents: list[int], later: list[int], seed: int, size: int, by: str, back: int
) -> None:
    maker = book_of(fresh, cents)
    asked = {"seed": seed, "size": size, "by": by, "as_of": FIRST}
    before = make("sample", maker.book, **asked)
    again = make("sample", maker.book, **asked)
    maker.recorded_at = NOW + timedelta(seconds=1)
    received(maker, later, first=len(cents), on=FIRST + timedelta(days=back))
    as_known, after = make("sample", maker.book, known_at=NOW, **asked), make("sample", maker.book, **asked)
    maker.book.close()
    assert before == again
    assert as_known.tables == before.tables
    assert as_known.answer == before.answer
    counted = cents + (later if back <= 0 else [])
    assert after.facts[0].note == f"of {len(counted)}; {size} asked for"


def test_another_seed_draws_another_sample(small: Maker) -> None:
    drawn = {
        tuple(row["entry_id"] for row in rows(make("sample", small.book, seed=seed, size=3))) for seed in range(20)
    }
    assert len(drawn) > 3


def test_what_moves_no_money_is_left_out_and_said(small: Maker) -> None:
    report = make("sample", small.book, seed=1, size=1000, by="random")
    drawn = {row["entry_id"] for row in rows(report)}
    memo = {
        row[0]
        for row in small.sql(
            "select entry_id from ledger.posting group by entry_id having bool_and(account like 'memo:%')"
        )
    }
    every = {row[0] for row in small.sql("select entry_id from ledger.entry")}
    assert drawn == every - memo
    note = next(each for each in report.tables if each.name == "population").note
    assert note == f"Left out: on memo accounts alone, where no money moves: {len(memo)} pledge."


def test_an_entry_is_worth_its_debits_in_money_or_else_in_budget(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "values.duckdb")
    ten, eight = Decimal("10.00"), Decimal("8.00")
    through = [
        ("asset:cash:main", "EUR", eight, ten),
        ("equity:conversion:EUR", "EUR", -eight, -ten),
        ("equity:conversion:CAD", "CAD", ten, ten),
        ("asset:receivable", "CAD", -ten, -ten),
        ("budget:available", "USD", ten, ten),
        ("budget:resource", "USD", -ten, -ten),
    ]
    revalued = [("asset:receivable", "EUR", Decimal(0), eight), ("income:exchange", "EUR", Decimal(0), -eight)]
    budget = [("budget:allocated", "USD", eight, eight), ("budget:available", "USD", -eight, -eight)]
    for kind, lines in (("through", through), ("revaluation", revalued), ("commitment", budget)):
        maker.entry(kind, FIRST, f"{kind}|1", [(*line, None, None) for line in lines])
    values = dict(maker.sql("select kind, value from report.entry_values"))
    report = make("sample", maker.book, seed=1, size=3)
    maker.book.close()
    assert values == {"through": ten, "revaluation": eight, "commitment": eight}
    assert {row["kind"]: row["chance"] for row in rows(report)} == dict.fromkeys(values, "certain")
    says = [row["says"] for row in rows(report, "trail") if row["which"] == "income:exchange"]
    assert says == ["credit; USD 8.00 in the book's currency"]


def test_amounts_finer_than_the_currency_are_counted_in_ten_thousandths(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "fine.duckdb")
    received(maker, [100, 100, 100])
    fine = Decimal("0.0001")
    maker.entry(
        "fine",
        FIRST,
        "fine|1",
        [("asset:a", "USD", fine, fine, None, None), ("asset:b", "USD", -fine, -fine, None, None)],
    )
    rule = {row["what"]: row["value"] for row in rows(make("sample", maker.book, seed=1, size=2), "rule")}
    coarse = {
        row["what"]: row["value"] for row in rows(make("sample", maker.book, seed=1, size=2, kind="deposit"), "rule")
    }
    maker.book.close()
    assert (rule["unit"], rule["units"]) == ("0.0001", "30001")
    assert (coarse["unit"], coarse["units"]) == ("0.01", "300")


def test_nothing_of_value_is_drawn_by_value_and_that_is_said(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "nothing.duckdb")
    received(maker, [0, 500])
    by_value = make("sample", maker.book, seed=1, size=5)
    at_random = make("sample", maker.book, seed=1, size=5, by="random")
    before = make("sample", maker.book, seed=1, size=5, as_of=FIRST - timedelta(days=1))
    maker.book.close()
    assert [row["entry_id"] for row in rows(by_value)] == [2]
    note = next(each for each in by_value.tables if each.name == "population").note
    assert note == "Left out: of no value, which only a sample at random can draw: 1 deposit."
    assert "By value: all there are of any value were drawn." in by_value.answer
    assert [row["entry_id"] for row in rows(at_random)] == [1, 2]
    assert before.answer == "Nothing can be drawn: no entry that moves money counts on 31 December 2023."


@pytest.mark.parametrize(
    ("options", "error", "message", "remedy"),
    [
        ({"size": 0}, SampleInvalid, "a sample of 0 entries is none", "draw one or more: --size 25"),
        ({"by": "weight"}, SampleInvalid, "a sample cannot be drawn by weight", "use one of: value, random"),
        ({"kind": "pledge"}, SubjectUnknown, "no entry of kind pledge moves money in this book", None),
        ({"kind": "transfers"}, SubjectUnknown, "no entry of kind transfers moves money in this book",
         "did you mean transfer?"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(
    small: Maker, options: dict[str, Any], error: type[SampleInvalid], message: str, remedy: str | None
) -> None:
    with pytest.raises(error) as refused:
        make("sample", small.book, **({"seed": 1, "size": 1} | options))
    assert refused.value.message == message
    assert remedy in (None, refused.value.remedy)


def test_a_trail_has_only_what_was_written_before_its_entry(tmp_path: Path) -> None:
    maker = empty_book(tmp_path / "trail.duckdb")
    maker.contribution("C-1", "Norway", "100.00")
    maker.deposit("D-1", "C-1", "60.00")
    maker.request("R-1", "50.00", country="KEN")
    maker.round("A", {"C-1": "60.00"}, ["R-1"])
    maker.decision("A", "sha256:aa", {"R-1": {"C-1": "50.00"}}, {})
    maker.post_round("A", "sha256:aa", on=date(2024, 3, 20))
    maker.recorded_at = NOW + timedelta(hours=1)
    maker.deposit("D-2", "C-1", "40.00", on=date(2024, 2, 2))
    for version, earmark, at in ((2, "country=UGA", NOW), (3, "country=KEN", datetime(2024, 6, 1, 12, 30))):
        maker.sql(
            "insert into ledger.contribution select * replace (? as version, ? as earmark, ?::timestamp as recorded_at)"
            " from ledger.contribution where contribution_id = 'C-1' and version = 1",
            *(version, earmark, at),
        )
    maker.transfer("T-1", "C-1", "R-1", "20.00")
    report = make("sample", maker.book, seed=1, size=100, by="random")
    maker.book.close()
    of_item = {row["item"]: row["reference"] for row in rows(report)}
    trails: dict[str, list[tuple[str, str]]] = {reference: [] for reference in of_item.values()}
    for row in rows(report, "trail"):
        trails[of_item[row["item"]]].append((row["what"], row["which"]))
    allocated, transferred = trails["allocation|A|R-1"], trails["transfer|T-1"]
    assert [step for step in allocated if not step[0].startswith(("line", "entry"))] == [
        *(("contribution", "C-1"), ("deposit", "D-1"), ("request", "R-1"), ("round", "A"), ("decision", "A")),
        *(("approval", "Ben"), ("write", "log 1")),
    ]
    assert [which for what, which in transferred if what == "deposit"] == ["D-1", "D-2"]
    assert [which for what, which in transferred if what == "decision"] == ["A"]
    assert [which for what, which in trails["deposit|D-2|C-1"] if what == "deposit"] == ["D-2"]
    assert [which for what, which in trails["agreement|C-1"] if what == "deposit"] == []
    terms = {
        of_item[row["item"]]: row["says"].partition("; ")[2]
        for row in rows(report, "trail")
        if row["what"] == "contribution"
    }
    assert terms["allocation|A|R-1"] == "version 1 of its terms, frozen by round A: no earmark"
    assert terms["deposit|D-1|C-1"] == "version 2 of its terms: earmark country=UGA"
    assert terms["transfer|T-1"] == "version 3 of its terms: earmark country=KEN"
