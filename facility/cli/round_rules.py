"""`facility round rules | weights | hold-back | attribution`: other rules of sharing, and questions to the optimum."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facility.cli.shared import Form, FormatOption, number_of_seconds, opened, progress, show_table

if TYPE_CHECKING:
    from allocation.problem import Problem
    from facility.usecases.share_round import Line

RoundArgument = Annotated[str, typer.Argument(metavar="ROUND", help="The round's id.", show_default=False)]
TimeOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        help="For each solve, instead of the policy's.",
        min=0.1,
        max=86_400,
        callback=number_of_seconds,
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
    app.command("weights")(weights)
    app.command("hold-back")(hold_back)
    app.command("attribution")(attribution)


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
        "Costs are percents of the optimum's merit, against the best decision known and against the bound\n"
        "on all of them. What breaks a limit could not be posted; its cost may be below zero."
    )
    if problem.policy.later:
        note += f"\nWhat the later objectives gave up of {problem.policy.objective} is a cost of the optimum too."
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


class By(StrEnum):
    """Where money is looked for."""

    request = "request"
    window = "window"
    country = "country"


def attribution(
    round_id: RoundArgument,
    by: Annotated[By, typer.Option("--by", help="Where the money is looked for.")] = By.request,
    decision: Annotated[
        str | None, typer.Option("--decision", metavar="HASH", help="Which (the posted one, else the latest).")
    ] = None,
    form: FormatOption = Form.table,
) -> None:
    """Show whose money is where: exact, and pro rata. Unrestricted money is commingled; shares say it as a whole."""
    from facility.usecases.attribute_round import attributed
    from reports.table import Column, Row, Table

    with opened(writable=False) as book:
        rows: list[Row] = list(attributed(book, round_id, by=by.value, digest=decision))
        currency = book.currency
    columns = (
        Column("donor", "donor"),
        Column(by.value, by.value),
        Column("exact", "exact trace", "amount"),
        Column("pro_rata", "pro rata", "amount"),
        Column("difference", "difference", "amount"),
    )
    note = (
        "Exact: by the written rule of payments. Pro rata: money without earmark, dates and country share is in every\n"
        "request by the part that it makes up of all such money paid; all other money stays as traced.\n"
        "Each donor's and each request's total is the same in both."
    )
    title = f"Round {round_id}: whose money is where, {currency}"
    show_table(Table("attribution", title, columns, tuple(rows), note=note), form)


def weights(round_id: RoundArgument, time_limit: TimeOption = None, form: FormatOption = Form.table) -> None:
    """Show how awards change with whose weights make the merit. Each reviewer and criterion alone, then left out."""
    from facility.usecases.weigh_round import readings, scored_round
    from reports.table import Column, Row, Table

    with opened(writable=False) as book:
        problem, scores = scored_round(book, round_id)
    with progress() as step:
        found = readings(problem, scores, time_limit=time_limit, progress=step)
    columns = (
        Column("whose", "whose weights"),
        Column("scored", "scored", "count"),
        Column("awards", "awards", "count"),
        Column("common", "in common", "count"),
        Column("gained", "gained"),
        Column("lost", "lost"),
        Column("merit", f"official {problem.policy.objective}", "amount"),
        Column("cost_least_percent", "costs % at least", "amount"),
        Column("cost_most_percent", "at most", "amount"),
        Column("status", "status"),
    )
    rows: tuple[Row, ...] = tuple(
        (
            one.whose, one.scored, one.awards, one.common, " ".join(one.gained), " ".join(one.lost),
            _rounded(one.merit, form), one.cost_least, one.cost_most, one.status,
        )
        for one in found
    )  # fmt: skip
    note = (
        "Every line is the round solved anew under the same limits and earmarks; its awards are then valued by the\n"
        "official weights. Where a reviewer gave no score, the mean of all stands in."
    )
    title = f"Round {problem.round_id}: whose weights make the merit"
    show_table(Table("weights", title, columns, rows, note=note), form)


class Shown(StrEnum):
    """What a comparison shows."""

    courses = "courses"
    awards = "awards"
    scenarios = "scenarios"


def hold_back(
    round_id: RoundArgument,
    pledges: Annotated[
        Path, typer.Option("--pledges", metavar="FILE", help="What may come, with its chance.", show_default=False)
    ],
    waiting_costs: Annotated[
        str, typer.Option("--waiting-costs", metavar="SHARE", help="Merit lost by what is funded later.")
    ] = "0%",
    what: Annotated[
        Shown, typer.Option("--show", help="The courses, the first step, or the scenarios.")
    ] = Shown.courses,
    time_limit: TimeOption = None,
    form: FormatOption = Form.table,
) -> None:
    """Compare deciding now with holding money back for pledges. Values are expected, over every way they may arrive."""
    from facility.cli import hold_back_tables
    from facility.usecases.hold_back import held_back, read_pledges, waiting_cost

    problem, cost = _frozen(round_id), waiting_cost(waiting_costs)
    expected = read_pledges(problem, pledges)
    with progress() as step:
        found = held_back(problem, expected, waiting_costs=cost, time_limit=time_limit, progress=step)
    show_table(getattr(hold_back_tables, what.value)(problem, found, form), form)
