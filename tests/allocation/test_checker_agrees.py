"""The stand-alone checker and the engine read random rounds the same way."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from checked import checked, written
from hypothesis import given, settings
from strategies import COUNTRIES, problems

from allocation.problem import Problem
from allocation.solve import RoundUnsolved, solve


def _agree(problem: Problem) -> None:
    try:
        decision = solve(problem, certify=30)
    except RoundUnsolved:
        return
    with tempfile.TemporaryDirectory() as folder:
        code, said = checked(written(Path(folder), problem, decision))
    assert code == 0, said
    assert "certified within" in said or decision.status == "infeasible"


@settings(max_examples=60)
@given(problem=problems(countries=COUNTRIES, requests_max=5, contributions_max=4))
def test_the_checker_certifies_every_decision_of_the_engine(problem: Problem) -> None:
    _agree(problem)


@pytest.mark.nightly
@given(problem=problems(countries=COUNTRIES, requests_max=12, contributions_max=6, scale=10_000_000))
def test_the_checker_certifies_decisions_on_large_amounts(problem: Problem) -> None:
    _agree(problem)
