"""`facility round rules | weights | hold-back | attribution`: other rules of sharing, and questions to the optimum."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facility.cli.shared import Form, FormatOption, opened, progress, show_table

if TYPE_CHECKING:
    from allocation.problem import Problem
    from facility.usecases.share_round import Line

RoundArgument = Annotated[str, typer.Argument(metavar="ROUND", help="The round's id.", show_default=False)]
TimeOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit", metavar="SECONDS", help="For each solve, instead of the policy's.", min=0.1, max=86_400
    ),
]


class Rule(StrEnum):
    """A rule of sharing."""

    greedy = "greedy"
    proportional = "proportional"
    equal_shares = "equal-shares"
    formula = "formula"


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the round's."""
    app.command("rules")(rules)


def rules(
    round_id: RoundArgument,
    rule: Annotated[
        list[Rule] | None, typer.Option("--rule", help="Only this one; may be repeated.", show_default=False)
    ] = None,
    formula: Annotated[
        Path | None, typer.Option("--formula", metavar="FILE", help="Of the envelopes (TOML).", show_default=False)
    ] = None,
    awards: Annotated[bool, typer.Option("--awards", help="Show each request's award under every rule.")] = False,
    time_limit: TimeOption = None,
    form: FormatOption = Form.table,
) -> None:
    """Share the round by other rules, beside the optimum. Each says what it promises and what merit it costs."""
    from facility.usecases.share_round import RULES, read_formula, shared_by

    stated = None if formula is None else read_formula(formula)
    problem = _frozen(round_id)
    chosen = tuple(dict.fromkeys(each.value for each in rule)) if rule else tuple(RULES)
    with progress() as step:
        lines = shared_by(problem, chosen, stated=stated, time_limit=time_limit, progress=step)
    if awards:
        _show_awards(problem, lines, form)
    else:
        _show_rules(problem, lines, form)


def _frozen(round_id: str) -> Problem:
    from facility.usecases.build_problem import build_problem
    from ledgers.rounds import header

    with opened(writable=False) as book:
        return build_problem(book, header(book, round_id))


def _show_rules(problem: Problem, lines: list[Line], form: Form) -> None:
    from reports.table import Column, Table

    columns = (
        Column("rule", "rule"),
        Column("awards", "awards", "count"),
        Column("awarded", "awarded", "amount"),
        Column("merit", problem.policy.objective, "amount"),
        Column("cost_least_percent", "costs % at least", "amount"),
        Column("cost_most_percent", "at most", "amount"),
        Column("unspent", "unspent", "amount"),
        Column("limits_kept", "limits kept"),
        Column("promise", "what it promises"),
    )
    rows = tuple(
        (
            line.rule, line.awards, line.awarded, _rounded(line.merit, form), line.cost_least, line.cost_most,
            line.unspent, f"no: {'; '.join(line.broken)}" if line.broken else "yes", line.promise,
        )
        for line in lines
    )  # fmt: skip
    note = (
        "Costs are percents of the optimum's merit: at least against the best decision known, at most against its bound\n"
        "on all decisions. What breaks a limit could not be posted; its cost may be below zero."
    )
    title = f"Round {problem.round_id}: the same money by other rules, {problem.currency}"
    show_table(Table("rules", title, columns, rows, note=note), form)


def _show_awards(problem: Problem, lines: list[Line], form: Form) -> None:
    from ledgers.money import major_units
    from reports.table import Column, Row, Table

    named = [Column(line.rule.replace("-", "_"), line.rule, "amount") for line in lines]
    columns = (
        Column("request", "request"),
        Column("merit", "merit", "amount"),
        Column("asked", "asked", "amount"),
        *named,
    )
    nothing = major_units(0, problem.currency)
    rows: tuple[Row, ...] = tuple(
        (
            request.request_id,
            _decimal(request.merit),
            major_units(request.ask, problem.currency),
            *(line.amounts.get(request.request_id, nothing) for line in lines),
        )
        for request in problem.requests
        if any(request.request_id in line.amounts for line in lines)
    )
    title = f"Round {problem.round_id}: awards under each rule, {problem.currency}"
    note = f"{len(problem.requests) - len(rows):,} of {len(problem.requests):,} requests get nothing under any of them."
    show_table(Table("awards_by_rule", title, columns, rows, note=note), form)


def _rounded(value: Decimal, form: Form) -> Decimal:
    """Return a figure to two places for people; files carry it as it is."""
    return value.quantize(Decimal("0.01")) if form is Form.table else value


def _decimal(value: object) -> Decimal:
    from fractions import Fraction

    from allocation.decision import decimal_text

    return Decimal(decimal_text(Fraction(str(value)), places_max=4))
