"""Rounds from frames and back: nothing is lost, everything wrong is told at once, and no float is money."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import json
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from strategies import COUNTRIES, ON, problems

import allocation
from allocation import (
    DecisionInvalid,
    FrameInvalid,
    PolicyInvalid,
    Problem,
    ProblemInvalid,
    awards_frame,
    decision_from_json,
    limits_frame,
    payments_frame,
    problem_frames,
    problem_from_frames,
    solve,
    stages_frame,
    unfunded_frame,
)
from allocation.decision import StageOutcome
from allocation.problem import Override

ROOT = Path(__file__).resolve().parents[2]
USD = 'currency = "USD"'
MONEY = pl.DataFrame({"contribution_id": ["C-1"], "available": ["100.00"]})
ASKED = pl.DataFrame({"request_id": ["R-1", "R-2"], "amount_requested": [40, 50], "merit": ["1", "2/3"]})


def of_the_same_merit(problem: Problem) -> Problem:
    """Return the problem with one merit for terms and for the objective, as a book has it, and with more to lose."""
    asked = []
    for number, request in enumerate(problem.requests):
        years = ((2026, 1), (2028, request.ask - 1)) if request.ask > 1 and number % 2 else ()
        about = dataclasses.replace(request.subject, merit=request.merit, oda=bool(number % 2), level="local")
        starts = date(2026, 2, 1) if number % 2 else None
        asked.append(dataclasses.replace(request, subject=about, years=years, cofinance=number, starts_on=starts))
    given = [dataclasses.replace(c, spend_from=date(2026, 1, 1)) for c in problem.contributions]
    first = tuple(Override(r.request_id, 0, r.ask, "the board", "audit") for r in asked[:1])
    return dataclasses.replace(problem, requests=tuple(asked), contributions=tuple(given), overrides=first)


@settings(max_examples=60)
@given(problems(countries=COUNTRIES, requests_max=8, contributions_max=6, scale=100_003))
def test_a_problem_comes_back_from_its_frames_as_it_was(made: Problem) -> None:
    problem = of_the_same_merit(made)
    again = problem_from_frames(**problem_frames(problem))
    assert again == problem
    assert again.inputs_digest() == problem.inputs_digest()


@settings(max_examples=25)
@given(problems(countries=COUNTRIES))
def test_frames_of_a_decision_hold_what_it_says(problem: Problem) -> None:
    decision = solve(problem)
    awards, paid = awards_frame(decision), payments_frame(decision)
    assert awards.rows() == [(a.request_id, Decimal(a.amount) / 100) for a in decision.awards]
    assert awards.schema["amount"] == pl.Decimal(38, 2)
    assert paid["amount"].sum() == awards["amount"].sum()
    summed = paid.group_by("request_id").agg(pl.col("amount").sum()).sort("request_id")
    assert summed.rows() == awards.rows()
    refused = unfunded_frame(decision)
    assert refused["request_id"].to_list() == [row.request_id for row in decision.unfunded]
    assert all(len(row[2]) == len(row[3]) > 0 for row in refused.rows())
    limits = limits_frame(decision)
    assert limits.height == len(decision.limits)
    assert limits["binding"].to_list() == [limit.binding for limit in decision.limits]
    assert stages_frame(decision).is_empty()


def test_a_stage_is_a_row() -> None:
    decision = solve(problem_from_frames(MONEY, ASKED, USD, on=ON))
    stage = StageOutcome("even:window", "the least", Fraction(1, 3), Fraction(1, 2), Fraction(0))
    rows = stages_frame(dataclasses.replace(decision, stages=(stage,))).rows()
    assert rows == [("even:window", "the least", Decimal("0.333333333334"), Decimal("0.5"), Decimal(0))]


def test_cells_are_read_as_frames_keep_them() -> None:
    money = pl.DataFrame(
        {
            "contribution_id": ["C-1", "C-2"],
            "available": pl.Series([Decimal("10.50"), Decimal(3)], dtype=pl.Decimal(12, 2)),
            "use_by": [date(2027, 1, 1), None],
            "country_used": ["UGA:1.00|KEN:2", None],
            "country_share_max": ["25%", None],
            "amount": ["40.01", "3"],
            "note": ["not read", None],
        }
    )
    asked = pl.DataFrame(
        {
            "request_id": ["R-1", "R-2"],
            "amount_requested": [40, 50],
            "amount_minimum": ["", "0"],
            "merit": pl.Series([Decimal("1.5"), Decimal(2)], dtype=pl.Decimal(10, 4)),
            "objectives": [[20, 3], []],
            "country": ["ken", "western africa"],
            "oda": [True, None],
            "gender": [2, None],
            "ends_on": ["2026-12-31", None],
            "x_staff": ["2/3", None],
            "title": ["not read", None],
        }
    )
    problem = problem_from_frames(money, asked, USD, on=ON)
    first, second = problem.contributions
    assert (first.available, first.use_by, first.donor) == (1_050, date(2027, 1, 1), "C-1")
    assert (first.country_cap, first.country_used) == (1_000, (("KEN", 200), ("UGA", 100)))
    assert (second.country_cap, second.country_used) == (None, ())
    one, two = problem.requests
    assert (one.ask, one.minimum, two.minimum, one.merit) == (4_000, 4_000, 0, Fraction(3, 2))
    assert (one.subject.objectives, one.subject.country, two.subject.country) == ((3, 20), "KEN", "011")
    assert (one.subject.oda, two.subject.oda, one.subject.gender, one.subject.merit) == (True, None, 2, Fraction(3, 2))
    assert (one.measures, two.measures) == ((("x_staff", Fraction(2, 3)),), ())


def test_a_policy_is_a_text_a_file_or_itself(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(USD)
    made = [problem_from_frames(MONEY, ASKED, policy, on=ON) for policy in (USD, file)]
    made.append(problem_from_frames(MONEY, ASKED, made[0].policy, on=ON))
    assert len({problem.inputs_digest() for problem in made}) == 1
    with pytest.raises(PolicyInvalid, match=r"none\.toml: 1 error\n  it cannot be read"):
        problem_from_frames(MONEY, ASKED, tmp_path / "none.toml", on=ON)
    with pytest.raises(PolicyInvalid, match="currency: missing"):
        problem_from_frames(MONEY, ASKED, "unit = 3", on=ON)
    for rule, said in (
        ('[[requires]]\nrequest = "R-1"\nneeds = "R-3"', "names a request that the book does not know: R-3"),
        ('[[limit]]\nweigh = "x_staff"\nat_most = 3', "weighs by x_staff"),
    ):
        with pytest.raises(ProblemInvalid, match=said):
            problem_from_frames(MONEY, ASKED, f"{USD}\n{rule}", on=ON)


SLIPS: list[tuple[str, str, list[object], int | None, str]] = [
    ("contributions", "available", [1.5], None,
     "floats (Float64) are not exact; cast it to decimal, or write it as text"),
    ("contributions", "available", ["1.005"], 1,
     "1.005 has more decimal places than USD allows (2); round it to 2 places"),
    ("contributions", "available", [-1], 1, "-1 is below zero; write an amount of 0 or more"),
    ("contributions", "available", [None], 1, "the cell is empty; fill it"),
    ("contributions", "available", [True], 1, "True is a bool, not an exact number; write 1250000.00"),
    ("contributions", "available", ["1e9"], 1, "1e9 is not a plain decimal number; write 1250000.00"),
    ("contributions", "stage", ["pledge"], 1,
     "a pledge is not spendable; leave it out, or give it to a scenario as money that arrives"),
    ("contributions", "currency", ["EUR"], 1, "EUR, and the policy counts in USD; convert its amounts to USD"),
    ("contributions", "earmark", ["windw=x"], 1,
     'at position 1 of "windw=x": expected an attribute, found windw; did you mean window?'),
    ("contributions", "use_by", ["31/12/2026"], 1,
     "31/12/2026 is not a date; write year-month-day, 2026-03-31, or cast the column to Date"),
    ("contributions", "country_used", ["KEN"], 1,
     "KEN is not one country with its amount; write KEN:1000.00|UGA:20.00"),
    ("contributions", "country_share_max", ["25%"], 1,
     "the share is of amount, which is not given; give country_cap alone, or country_share_max "
     "with amount"),
    ("contributions", "country_share_max", ["250%"], 1,
     "250% is not a share from 0% to 100%; write a number with its sign: 25%"),
    ("contributions", "donr", ["x"], None, "no such column is read; did you mean donor?"),
    ("requests", "request_id", ["R-1", "r-1"], 2, "r-1 stands in row 1 already; keep one of the two rows"),
    ("requests", "request_id", ["R|1", "R-2"], 1, "R|1 cannot be an id; use letters, digits, - and _"),
    ("requests", "amount_requested", [0, 50], 1, "0 is not above zero; write an amount above 0"),
    ("requests", "amount_minimum", [41, 1], 1,
     "it is more than amount_requested; lower it, or leave it empty: all or nothing"),
    ("requests", "merit", ["-1", "2"], 1, "-1 is below zero; write 0 or more"),
    ("requests", "window", ["integratoin", ""], 1, "integratoin is not known here; did you mean integration?"),
    ("requests", "country", ["", "Kenia"], 2, "Kenia is not a known country; did you mean KEN (Kenya)?"),
    ("requests", "objectives", ["24", ""], 1,
     "24 is not a whole number from 1 to 23; write numbers from 1 to 23, separated by |: 8|13"),
    ("requests", "gender", [4, 0], 1, "4 is not a whole number from 0 to 3; write 0 to 3"),
    ("requests", "oda", ["perhaps", "no"], 1, "perhaps is neither yes nor no; write yes or no, or a boolean"),
    ("requests", "x_staff", [0.5, 1.0], None,
     "floats (Float64) are not exact; cast it to decimal, or write it as text"),
    ("contributions", "donor", [1], 1, "1 is not text; cast the column to text"),
]  # fmt: skip


@pytest.mark.parametrize(("frame", "column", "cells", "row", "said"), SLIPS, ids=[f"{s[1]}-{s[2]}" for s in SLIPS])
def test_a_slip_is_named_with_its_place_and_remedy(
    frame: str, column: str, cells: list[object], row: int | None, said: str
) -> None:
    frames = {"contributions": MONEY, "requests": ASKED}
    frames[frame] = frames[frame].with_columns(pl.Series(column, cells))
    with pytest.raises(FrameInvalid) as refused:
        problem_from_frames(**frames, policy=USD, on=ON)
    assert len(refused.value.problems) == 1
    found = refused.value.problems[0]
    assert (found.frame, found.column, found.row) == (frame, column, row)
    assert f"{found.reason}; {found.remedy}" == said
    assert found.value == (None if row is None else cells[row - 1])
    assert refused.value.remedy == "correct what is listed; `facility guide python` shows every column"


def test_a_problem_says_its_place() -> None:
    with pytest.raises(FrameInvalid) as refused:
        problem_from_frames(MONEY, ASKED.with_columns(country=pl.Series(["", "Kenia"])), USD, on=ON)
    assert refused.value.message == (
        "1 error in the frames\n  requests, row 2 (R-2), column country: Kenia is not a known country; did you mean "
        "KEN (Kenya)?"
    )


def test_missing_columns_and_slips_of_every_frame_are_told_at_once() -> None:
    years = pl.DataFrame({"request_id": ["R-1", "R-1", "R-9"], "year": [2026, 2026, 1], "amount": [39, 1, 1]})
    overrides = pl.DataFrame({"request_id": ["R-1"], "least": [0], "most": [None], "by": [""], "reason": ["r"]})
    with pytest.raises(FrameInvalid) as refused:
        problem_from_frames(MONEY.drop("available"), ASKED.drop("merit"), USD, on=ON, request_years=years,
                            overrides=overrides)  # fmt: skip
    assert [(p.frame, p.column, p.row) for p in refused.value.problems] == [
        ("contributions", "available", None),
        ("request_years", "year", 2),
        ("request_years", "year", 3),
        ("requests", "merit", None),
        ("overrides", "most", 1),
        ("overrides", "by", 1),
    ]
    assert refused.value.message.startswith("6 errors in the frames\n  contributions, column available: the column is ")


def test_what_is_no_frame_date_or_policy_is_told_at_once() -> None:
    given = {"contributions": MONEY.lazy(), "requests": {"request_id": ["R-1"]}, "overrides": 3, "on": "2026-02-01"}
    with pytest.raises(FrameInvalid) as refused:
        problem_from_frames(**{"policy": USD, **given})
    assert str(refused.value).splitlines()[1:] == [
        "  contributions: LazyFrame is not a Polars DataFrame; call its `collect()`",
        "  requests: dict is not a Polars DataFrame; write `pl.DataFrame(...)` around it",
        "  overrides: int is not a Polars DataFrame; make it a Polars DataFrame",
        "  on: '2026-02-01' is not a date; write date(2026, 2, 1)",
    ]
    with pytest.raises(FrameInvalid, match="is not a date; write date"):
        problem_from_frames(MONEY, ASKED, USD, on=datetime(2026, 2, 1))
    with pytest.raises(FrameInvalid, match=r"funded_before: 'R-9' is no list of ids; write \[\"R-9\"\]"):
        problem_from_frames(MONEY, ASKED, USD, on=ON, funded_before="R-9")
    with pytest.raises(FrameInvalid, match="round_id: 5 is no id") as refused:
        problem_from_frames(MONEY, ASKED, USD, on=ON, round_id=5, funded_before=None)  # type: ignore[arg-type]
    assert len(refused.value.problems) == 2
    with pytest.raises(TypeError, match="solve takes a Problem, not NoneType"):
        solve(None)  # type: ignore[arg-type]
    with pytest.raises(PolicyInvalid, match="it cannot be read"):
        problem_from_frames(MONEY, ASKED, Path("a\0b"), on=ON)
    with pytest.raises(FrameInvalid, match="policy: NoneType is no policy; give TOML text"):
        problem_from_frames(MONEY, ASKED, None, on=ON)  # type: ignore[arg-type]


def test_a_decision_comes_back_from_its_json_and_from_no_other() -> None:
    decision = solve(problem_from_frames(MONEY, ASKED, USD, on=ON))
    told = decision.to_json()
    text = json.dumps(told)
    assert decision_from_json(told).digest() == decision_from_json(text).digest() == decision.digest()
    assert decision_from_json(text.encode()).to_json() == told
    with pytest.raises(DecisionInvalid, match="not what its digest says"):
        decision_from_json(text.replace('"50.00"', '"51.00"'))
    for wrong, said in (
        ({**told, "ties": "by lot"}, "not what its digest says"),
        ("[" * 100_000, "this is not a decision"),
        ({**told, "round": "\ud800"}, "this is not a decision"),
        ({**told, "objective": "1e9999"}, "this is not a decision|not what its digest says"),
        ("[]", "a list has no fields"),
        ("{", "this is not a decision"),
        (None, "NoneType has no fields"),
        ({key: told[key] for key in told if key != "awards"}, "the field awards is missing"),
        ({key: told[key] for key in told if key != "decision"}, "the field decision is missing"),
        ({**told, "awards": 3}, "this is not a decision"),
        ({**told, "awarded": "1.001"}, "this is not a decision"),
    ):
        with pytest.raises(DecisionInvalid, match=said):
            decision_from_json(wrong)  # type: ignore[arg-type]


def test_years_must_be_of_a_request_and_add_up() -> None:
    for years, said in (
        ({"request_id": ["R-9"], "year": [2026], "amount": [1]},
         "request_years, column request_id: R-9 is no request of the round; did you mean R-2?"),
        ({"request_id": ["R-1"], "year": [2026], "amount": [39]},
         "requests, row 1 (R-1), column amount_requested: the years of the request do not add up to it; correct "
         "request_years"),
    ):  # fmt: skip
        with pytest.raises(FrameInvalid) as refused:
            problem_from_frames(MONEY, ASKED, USD, on=ON, request_years=pl.DataFrame(years))
        assert [str(problem) for problem in refused.value.problems] == [said]


@pytest.mark.parametrize("module", ["frames", "decision_frames", "comparison", "scenario_file"])
def test_the_examples_in_docstrings_hold(module: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(f"allocation.{module}"))
    assert failed == 0


def test_the_guides_example_runs_as_it_stands(tmp_path: Path) -> None:
    page = (ROOT / "facility" / "help" / "python.md").read_text(encoding="utf-8")
    checker = doctest.DocTestParser().get_doctest(page, {}, "python.md", "python.md", 0)
    assert len(checker.examples) > 8
    assert doctest.DocTestRunner().run(checker).failed == 0


def test_the_guide_names_every_column_and_every_public_name() -> None:
    from allocation import frame_rows

    page = (ROOT / "facility" / "help" / "python.md").read_text(encoding="utf-8")
    columns = {*frame_rows._MONEY, *frame_rows._ASKED, *frame_rows._YEARS, *frame_rows._OVERRIDES}
    assert sorted(name for name in {*columns, *allocation.__all__} if f"`{name}`" not in page) == []


def test_importing_the_engine_imports_no_library() -> None:
    script = "import allocation, json, sys; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"polars", "pulp", "numpy", "highspy", "ledgers"} & set(json.loads(done.stdout)) == set()


@pytest.mark.parametrize("before", ["", "import allocation.decide; ", "from allocation.decide import solve as s; "])
def test_solve_is_the_function_whatever_was_imported_before(before: str) -> None:
    script = f"{before}import inspect; from allocation import solve; print(*inspect.signature(solve).parameters)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "problem time_limit certify progress\n"


def test_public_names_are_found_and_others_are_not() -> None:
    assert set(allocation.__all__) <= set(dir(allocation))
    for name in allocation.__all__:
        assert getattr(allocation, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'solv'"):
        _ = allocation.solv
