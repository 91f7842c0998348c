"""How a decision is shown on the terminal: its awards, how good it is known to be, its objectives step by step."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

from facility.cli.shared import Form, show, show_table


def show_decision(body: Mapping[str, Any], form: Form) -> None:
    """Answer with a decision's awards, or with the rules that conflict."""
    from facility.usecases.explain import award_rows
    from reports.table import Column, Table

    if body["status"] == "infeasible":
        moves = body.get("conflict_moves") or [{"rule": name, "sentence": ""} for name in body["conflict"]]
        rows = tuple((move["rule"], move["sentence"]) for move in moves)
        together = "this rule cannot hold"
        if len(body["conflict"]) > 1:
            together = "these rules cannot hold together, and without any one of them the rest can"
        title = f"Round {body['round']} is infeasible: {together}"
        told_of = (Column("name", "rule"), Column("move", "how far it alone would have to move"))
        show_table(Table("conflict", title, told_of, rows), form)
        return
    columns = (
        Column("request", "request"),
        Column("amount", "awarded", "amount"),
        Column("contributions", "paid by"),
    )
    title = f"Round {body['round']}: awards, {body['currency']}"
    show_table(Table("awards", title, columns, tuple(award_rows(body)), note=_how_good(body)), form)
    if form is Form.table and body.get("stages"):
        from reports.round_stages import stages_table

        show("\n")
        show_table(stages_table(body["stages"], body["currency"]), form)


def _how_good(body: Mapping[str, Any]) -> str:
    """Return what was decided and how good it is known to be, a line each."""
    reached = (
        f"{body['objective_name']} {Decimal(body['objective']):,}, at most {Decimal(body['bound']):,} was possible"
    )
    distance = "" if body["gap"] is None else f"; gap {body['gap']:.1e}" if body["gap"] else "; gap 0"
    late = "" if body["status"] == "optimal" else ", " + _why_unproven(body.get("method", ""))
    funded = len(body["awards"])
    asked = funded + len(body["unfunded"])
    return (
        f"{body['status']}{late}: {reached} (the solver's bound{distance})\n"
        f"{_certified(body)}{_given_up(body)}{_by_hand(body)}"
        f"awarded {Decimal(body['awarded']):,} of {Decimal(body['resources']):,} available, "
        f"to {funded:,} of {asked:,} request{'' if asked == 1 else 's'}\n"
        f"{body['solver']}, {body['seconds']} s; inputs {body['inputs'][:19]}{_how_raced(body)}"
    )


def _why_unproven(method: str) -> str:
    """Return why a decision is not known to be the best, from what it says of its search."""
    if "stopped by hand" in method:
        return "because it was stopped by hand"
    if "the solver broke off" in method:
        return "because the solver broke off"
    return "because the time ran out"


def _how_raced(body: Mapping[str, Any]) -> str:
    """Return a line on the race, if one was asked for."""
    method = body.get("method", "")
    if method.startswith("raced"):
        return f"\n{method}; another run may choose otherwise"
    return f"\n{method}" if "no race" in method else ""


def _given_up(body: Mapping[str, Any]) -> str:
    """Return what later objectives gave up of the first, as a line; nothing where they gave up nothing."""
    gave_up = Decimal(body["stages"][0]["gave_up"]) if body.get("stages") else 0
    later = f"for later objectives {gave_up:,} of {body['objective_name']} was given up, as the policy allows\n"
    return later if gave_up else ""


def _by_hand(body: Mapping[str, Any]) -> str:
    """Return a line for each override, with what it costs."""
    told = ""
    for one in body.get("overrides", ()):
        least = Decimal(one["price"]["at_least"]).quantize(Decimal("0.01"), ROUND_FLOOR)
        most = Decimal(one["price"]["at_most"]).quantize(Decimal("0.01"), ROUND_CEILING)
        price = f"{most:,}" if least == most else f"{least:,} to {most:,}"
        told += f"override of {one['request']} by {one['by']}: costs {price} of {body['objective_name']}\n"
    return told


def _certified(body: Mapping[str, Any]) -> str:
    """Return what exact fractions prove, as a line; nothing where nothing was proven."""
    from fractions import Fraction

    if "certified_bound" not in body:
        return ""
    reached, bound = (Fraction(body.get(f"{key}_exact", body[key])) for key in ("objective", "certified_bound"))
    if reached == bound:
        return "certified: no awards under these rules pass it (exact fractions)\n"
    gap = (bound - reached) / (reached or 1)
    upward = Context(prec=2, rounding=ROUND_CEILING).divide(Decimal(gap.numerator), Decimal(gap.denominator))
    return f"certified within {upward:.1e}: no awards pass {Decimal(body['certified_bound']):,} (exact fractions)\n"
