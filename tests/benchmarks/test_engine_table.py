"""The engine's table: it is made, it goes on where it stopped, and it says *not met* when a bar is not met."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

from allocation.decide import solve
from allocation.prepared import prepare
from tests.benchmarks import engine_table, peers, programs, runs
from tests.benchmarks.figures import Bar, Figure, as_table
from tests.benchmarks.rounds import full_round
from tests.benchmarks.works import WORKS, Asked, Sizes, exponent

TINY = Sizes((4, 16), (4, 16), (4, 16), (4, 12), (8,), 1, 20.0)


def test_the_table_is_made_and_then_told_again_without_running(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(engine_table, "QUICK", TINY)
    asked = ["--quick", "--only", "same-run", "--only", "tight", "--seeds", "1", "--kept", str(tmp_path / "runs.jsonl")]
    engine_table.main(asked)
    made = capsys.readouterr()
    assert "Quick form" in made.out
    assert len(made.err.splitlines()) == 6
    for what in (
        "ours, all of it, s",
        "PuLP + CBC",
        "raw HiGHS",
        "SCIP",
        "by hand",
        "times our memory",
        "proven optimal",
    ):
        assert what in made.out
    assert "met" not in made.out
    monkeypatch.setattr(runs, "run", lambda job: pytest.fail("nothing is left to run"))
    engine_table.main([*asked, "--report", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert told["machine"]["Versions"].startswith("Python 3")
    seconds = next(one for one in told["figures"] if one["what"] == "ours, all of it, s")
    assert len(seconds["values"]) == 1
    assert 0 < seconds["values"][0] == seconds["median"] < 20


def test_a_bar_is_met_or_not_on_the_median_and_on_the_worst() -> None:
    def verdict(values: list[float], bar: Bar) -> str:
        return Figure("work", "what", values, bar=bar).verdict

    assert verdict([1.0, 2.0, 9.0], Bar(2, 10, seeds=3)) == "met"
    assert verdict([1.0, 2.1, 9.0], Bar(2, 10, seeds=3)) == "not met"
    assert verdict([1.0, 2.0, 11.0], Bar(2, 10, seeds=3)) == "not met"
    assert verdict([9.0, 10.0, 12.0], Bar(10, at_least=True, seeds=3)) == "met"
    assert verdict([9.0, 9.9, 12.0], Bar(10, at_least=True, seeds=3)) == "not met"
    assert verdict([1.0], Bar(2)) == "met (1 of 10 seeds)"
    assert verdict([], Bar(2)) == "not run"
    assert verdict([1.0, 1.0, math.inf], Bar(2, seeds=3)) == "met"
    assert verdict([1.0, 1.0, math.inf], Bar(2, 10, seeds=3)) == "not met"


def test_the_table_shows_the_verdict_and_what_had_no_answer() -> None:
    table = as_table([Figure("one work", "seconds", [3.0, math.inf], bar=Bar(1, 2, seeds=2), note="a remark")])
    cells = [cell.strip() for cell in table.splitlines()[2].split("|")[1:-1]]
    told = ["no answer", "no answer", "≤ 1 median, ≤ 2 worst", "not met"]
    assert cells == ["one work", "seconds", "2", *told, "a remark"]


def test_growth_is_the_slope_of_the_logarithms() -> None:
    assert exponent([(200, 2.0), (1_000, 2.0 * 5**1.2), (5_000, 2.0 * 25**1.2)]) == pytest.approx(1.2)


def test_what_does_not_stop_is_killed_and_counts_as_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_GRACE_SECONDS", 0.0)
    came = runs.run({"work": "ours", "donors": 60, "requests": 300, "seed": 1, "gap": "1e-9", "limit": 0.1})
    assert (came["status"], came["proven"]) == ("killed", False)
    assert came["memory"] > 1


def test_what_fails_says_so_and_is_run_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    job = {"work": "ours", "donors": 4, "requests": 8, "seed": 1, "gap": "no number", "limit": 5.0}
    said: list[str] = []
    for _ in range(2):
        runs.run_all([job, job], runs.Kept(tmp_path / "runs.jsonl"), say=said.append)
    assert len(said) == 2
    assert all("failed: ValueError: Invalid literal for Fraction" in line for line in said)


def test_runs_of_other_code_do_not_count(tmp_path: Path) -> None:
    kept, job = runs.Kept(tmp_path / "runs.jsonl"), {"work": "ours", "seed": 1}
    kept.add(job, {"status": "optimal"})
    assert kept.came(job) == {"status": "optimal"}
    kept.path.write_text(kept.path.read_text(encoding="utf-8").replace(runs.stamp(job), "0" * 16), encoding="utf-8")
    assert kept.came(job) is None
    assert runs.Kept(kept.path, any_stamp=True).came(job) == {"status": "optimal"}


def test_every_row_of_the_table_stands_without_a_single_run() -> None:
    for work in engine_table.WORKS.values():
        figures = list(work.figures(Asked(TINY), lambda job: None))
        assert all(one.verdict in ("", "not run") for one in figures)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_peers_solve_the_same_round(seed: int) -> None:
    problem = full_round(12, 40, seed, gap=Fraction(1, 10**6))
    round_, ours = prepare(problem), solve(problem)
    for program in (programs.pair_program(round_, programs.pairs_admitted(round_)), programs.class_program(round_)):
        for solver in (peers.by_highs, peers.by_cbc):
            said = solver(program, gap=1e-6, limit=30)
            assert said.proven
            assert said.objective == pytest.approx(float(ours.objective), rel=1e-5)


def test_an_explanation_that_was_killed_counts_as_no_answer() -> None:
    killed = {"status": "killed", "proven": False, "seconds": 600.0, "parts": {}, "unfunded": 9}
    asked = Asked(TINY, 1, None)
    figures = {figure.what: figure for figure in WORKS["explanations"].figures(asked, lambda job: killed)}
    losses = figures["losses and new money of all, s"]
    assert (losses.values, losses.verdict) == ([math.inf], "not met (1 of 10 seeds)")
    assert "killed" in losses.note
