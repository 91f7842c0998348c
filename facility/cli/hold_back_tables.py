"""The tables of `facility round hold-back`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from allocation.decision import decimal_text
from allocation.hold_back import Comparison, Course
from allocation.problem import Problem
from facility.cli.shared import Form, first_only
from ledgers.money import Money, major_units
from reports.table import Column, Row, Table


def courses(problem: Problem, found: Comparison, form: Form) -> Table:
    """Return one row a course: what it awards now, holds back and is expected to be worth."""
    columns = (
        Column("course", "course"),
        Column("awards_now", "awards now", "count"),
        Column("awarded_now", "awarded now", "amount"),
        Column("held_back", "held back", "amount"),
        Column("expected", f"expected {problem.policy.objective}", "amount"),
        Column("worst", "worst case", "amount"),
        Column("best", "best case", "amount"),
        Column("gain_percent", "gain over all now, %", "amount"),
        Column("limits_kept", "limits kept"),
    )
    rows = tuple(_course(problem, found, course, form) for course in found.courses)
    title = f"Round {problem.round_id}: decide now, or hold back for pledges, {problem.currency}"
    return Table("hold_back", title, columns, rows, note=_note(problem, found))


def _course(problem: Problem, found: Comparison, course: Course, form: Form) -> Row:
    first = found.courses[0].expected
    awarded = sum(course.now.values())
    worths = [end.worth for end in course.ends]
    gain = (course.expected - first) * 100 / first if first else Fraction(0)
    return (
        course.name,
        len(course.now),
        major_units(awarded, problem.currency),
        major_units(problem.resources - awarded, problem.currency),
        _figure(course.expected, form),
        _figure(min(worths), form),
        _figure(max(worths), form),
        Decimal(decimal_text(gain, places_max=4)),
        f"no: {'; '.join(course.broken)}" if course.broken else "yes",
    )


def _note(problem: Problem, found: Comparison) -> str:
    plan = found.courses[1]
    value = found.value_of_waiting
    missing = found.bound - plan.expected
    gap = float(missing / plan.expected) if plan.expected else 0.0
    kept = Money(major_units(problem.resources - sum(plan.now.values()), problem.currency), problem.currency)
    left_out = f"\nIn two steps and later, {found.left_out}; the bound counts them." if found.left_out else ""
    return (
        f"{len(found.scenarios)} ways to arrive. Two steps hold back {kept}, and are expected to gain "
        f"{_figure(value, Form.table):,} over all now.\n"
        f"{found.method}; no course can be expected to reach more than {_figure(found.bound, Form.table):,} "
        f"(gap {gap:.1e}).\n"
        "What is held back includes the policy's reserve. Every decision, in every scenario, was verified."
        f"{left_out}{first_only(problem)}"
    )


def awards(problem: Problem, found: Comparison, form: Form) -> Table:  # noqa: ARG001 (each table is asked the same way)
    """Return one row a request that two steps fund now or may fund later: how much now, and with what chance later."""
    plan = found.courses[1]
    columns = (
        Column("request", "request"),
        Column("asked", "asked", "amount"),
        Column("all_now", "all now", "amount"),
        Column("now", "two steps: now", "amount"),
        Column("chance_later", "chance to be funded later", "share"),
        Column("paid_by", "paid now by"),
    )
    rows: list[Row] = []
    for request in problem.requests:
        name = request.request_id
        chance = sum((end.scenario.chance for end in plan.ends if name in end.later), start=Fraction(0))
        first = found.courses[0].now.get(name, 0)
        if name in plan.now or chance or first:
            amounts = [major_units(n, problem.currency) for n in (request.ask, first, plan.now.get(name, 0))]
            payers = " ".join(payment.contribution_id for payment in plan.paid.get(name, ()))
            rows.append((name, *amounts, Decimal(decimal_text(chance, places_max=8)), payers))
    title = f"Round {problem.round_id}: what two steps fund now, and may fund later, {problem.currency}"
    return Table("hold_back_awards", title, columns, tuple(rows))


def scenarios(problem: Problem, found: Comparison, form: Form) -> Table:
    """Return one row a scenario: its chance, what arrives, and what each course is worth there."""
    columns = (
        Column("arrived", "arrived"),
        Column("chance", "chance", "share"),
        *(Column(course.name.replace(" ", "_"), course.name, "amount") for course in found.courses),
        Column("later", "awards later", "count"),
        Column("awarded", "awarded in two steps", "amount"),
    )
    rows: list[Row] = []
    for n, scenario in enumerate(found.scenarios):
        ends = [course.ends[n] for course in found.courses]
        rows.append(
            (
                " ".join(scenario.arrived) or "nothing",
                Decimal(decimal_text(scenario.chance, places_max=8)),
                *(_figure(end.worth, form) for end in ends),
                len(ends[1].later),
                major_units(ends[1].decision.awarded, problem.currency),
            )
        )
    title = f"Round {problem.round_id}: every way in which pledges may arrive"
    return Table("hold_back_scenarios", title, columns, tuple(rows))


def _figure(value: Fraction, form: Form) -> Decimal:
    exact = Decimal(decimal_text(value))
    return exact.quantize(Decimal("0.01")) if form is Form.table else exact
