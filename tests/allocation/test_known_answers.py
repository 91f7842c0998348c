"""Rounds whose best decision is known from elsewhere: from the literature, and from a dynamic program of our own.

Each folder of `known_answers` is a round in the facility's format with its answer. Whoever reads the answer need not
trust the engine: `integer_program` reads the same files by itself and shares no line with it.
"""

from __future__ import annotations

import itertools
import random
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from integer_program import Ask, Program, best, program_of

from allocation import breaches, problem_from_frames, solve

ROUNDS = sorted(path for path in (Path(__file__).parent / "known_answers").iterdir() if path.is_dir())
ON = date(2026, 6, 30)


@pytest.mark.parametrize("folder", ROUNDS, ids=lambda path: path.name)
def test_a_round_is_decided_as_well_as_is_known_to_be_possible(folder: Path) -> None:
    known = tomllib.loads((folder / "answer.toml").read_text(encoding="utf-8"))
    money, asked = (pl.read_csv(folder / f"{name}.csv", infer_schema=False) for name in ("contributions", "requests"))
    problem = problem_from_frames(money, asked, folder / "policy.toml", on=ON)
    decision = solve(problem)
    assert decision.status == "optimal"
    assert decision.objective == Fraction(known["objective"])
    assert breaches(problem, decision) == []


@pytest.mark.parametrize("folder", ROUNDS, ids=lambda path: path.name)
def test_the_known_answer_is_that_of_the_dynamic_program(folder: Path) -> None:
    known = tomllib.loads((folder / "answer.toml").read_text(encoding="utf-8"))
    assert best(program_of(folder)) == Fraction(known["objective"])


def random_program(seed: int) -> Program:
    """Return 20 to 40 asks that share money and staff, some of them in groups."""
    drawn = random.Random(seed)
    count, groups = drawn.randint(20, 40), drawn.randint(1, 4)
    asks = []
    for number in range(count):
        money, staff = drawn.randint(5, 60), drawn.randint(0, 4)
        group = f"G-{drawn.randint(1, groups)}" if drawn.random() < 0.3 else f"R-{number:02}"
        asks.append(Ask(group, max(1, money + drawn.randint(-8, 8)), (staff, money)))
    total = sum(ask.uses[1] for ask in asks)
    return Program(tuple(asks), (drawn.randint(10, 40),), (0,), total * drawn.randint(20, 70) // 100)


def decided(program: Program) -> Fraction:
    """Return what the engine makes of a program of money, one measure and groups."""
    ids = [f"R-{number:02}" for number in range(len(program.asks))]
    groups: dict[str, list[str]] = {}
    for name, ask in zip(ids, program.asks, strict=True):
        groups.setdefault(ask.group, []).append(name)
    rules = "".join(f"[[exclusive]]\nrequests = {group}\n" for group in groups.values() if len(group) > 1)
    policy = f'currency = "USD"\nobjectives = ["score"]\ngap = 0\n{rules}'
    policy += f'[[limit]]\nname = "Staff"\nweigh = "x_staff"\nat_most = {program.ceilings[0]}\n'
    asked = pl.DataFrame(
        {
            "request_id": ids,
            "amount_requested": [ask.uses[1] for ask in program.asks],
            "merit": [ask.value for ask in program.asks],
            "x_staff": [ask.uses[0] for ask in program.asks],
        }
    )
    money = pl.DataFrame({"contribution_id": ["C-1"], "available": [program.common]})
    problem = problem_from_frames(money, asked, policy, on=ON)
    decision = solve(problem)
    assert decision.status == "optimal"
    assert breaches(problem, decision) == []
    return decision.objective


@pytest.mark.parametrize("seed", range(15))
def test_a_knapsack_of_money_and_staff_is_solved_as_by_the_dynamic_program(seed: int) -> None:
    program = random_program(seed)
    assert decided(program) == best(program)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 300))
def test_two_hundred_knapsacks_are_solved_as_by_the_dynamic_program(seed: int) -> None:
    program = random_program(seed)
    assert decided(program) == best(program)


@pytest.mark.parametrize("seed", range(20))
def test_the_dynamic_program_finds_what_trying_everything_finds(seed: int) -> None:
    drawn = random.Random(seed)
    asks = tuple(
        Ask(
            f"G-{drawn.randint(1, 6)}",
            drawn.randint(1, 9),
            (drawn.randint(0, 3), drawn.randint(0, 9), drawn.randint(0, 9)),
        )
        for _ in range(10)
    )
    program = Program(asks, (drawn.randint(2, 9),), (drawn.randint(0, 9), drawn.randint(0, 9)), drawn.randint(0, 20))
    found = 0
    for chosen in itertools.chain.from_iterable(itertools.combinations(asks, n) for n in range(len(asks) + 1)):
        used = tuple(sum(ask.uses[n] for ask in chosen) for n in range(3))
        one_each = len({ask.group for ask in chosen}) == len(chosen)
        beyond = sum(max(0, used[n + 1] - program.windows[n]) for n in range(2))
        if one_each and used[0] <= program.ceilings[0] and beyond <= program.common:
            found = max(found, sum(ask.value for ask in chosen))
    assert best(program) == found
