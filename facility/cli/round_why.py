"""`facility round prices|stability|alternatives`, and `explain --deep`: the round solved again to say why."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from facility.cli.shared import (
    Form,
    FormatOption,
    first_only,
    number_of_seconds,
    opened,
    progress,
    say,
    show,
    show_table,
)
from facility.usecases.figures import figure
from ledgers.errors import FacilityError

if TYPE_CHECKING:
    from allocation.explain.every import Explained
    from facility.usecases.why import Decisive

RoundArgument = Annotated[str, typer.Argument(metavar="ROUND", help="The round's id.", show_default=False)]
DecisionOption = Annotated[
    str | None,
    typer.Option(
        "--decision",
        metavar="HASH",
        help="Which, or the start of its hash (the posted one, else the latest).",
        show_default=False,
    ),
]
SecondsOption = Annotated[
    float,
    typer.Option(
        "--seconds", metavar="SECONDS", help="For each search.", min=0.1, max=3_600, callback=number_of_seconds
    ),
]


class FigureInvalid(FacilityError):
    """A share on the command line that is no part of the whole."""

    code = "figure-invalid"


def prices(
    round_id: RoundArgument,
    donors: Annotated[bool, typer.Option("--donors", help="What the terms of each donor cost the round.")] = False,
    claims: Annotated[
        Path | None,
        typer.Option("--claims", metavar="FILE", help="With --donors: claims for check_round.py.", show_default=False),
    ] = None,
    seconds: SecondsOption = 5.0,
    decision: DecisionOption = None,
    form: FormatOption = Form.table,
) -> None:
    """Price the earmarks. What money is worth under each; with --donors, what each donor's terms cost the round."""
    from facility.usecases import terms_cost, why

    if claims is not None and not donors:
        raise typer.BadParameter("claims are about donors here: add --donors", param_hint="--claims")
    with opened(writable=False) as book:
        asked = why.decisive(book, round_id, decision)
    if not donors:
        with progress() as step:
            _show_prices(asked, why.prices(asked, progress=step), form)
        return
    with progress() as step:
        found = terms_cost.terms_costs(asked, seconds=seconds, progress=step, is_claimed=claims is not None)
    _show_costs(asked, [one.cost for one in found], form)
    if claims is not None:
        made = [row for one in found for row in one.claims]
        about = {one.cost.donor for one in found}
        say(f"wrote {claims}: {why.note_claims(claims, made, about)} claims")


def stability(
    round_id: RoundArgument,
    draws: Annotated[int, typer.Option("--draws", help="How often scores are moved.", min=1, max=100_000)] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Of the draws; the same seed moves them the same way.")] = 1,
    spread: Annotated[
        str | None,
        typer.Option(
            "--spread",
            metavar="POINTS",
            help="Standard deviation of a merit where fewer than two reviewers scored.",
            show_default=False,
        ),
    ] = None,
    decision: DecisionOption = None,
    form: FormatOption = Form.table,
) -> None:
    """Say how often each request survives moved scores. They move within the reviewers' disagreement, seeded."""
    from facility.usecases import why
    from reports.table import Column, Table

    points = _points(spread)
    with opened(writable=False) as book:
        asked = why.decisive(book, round_id, decision)
        spreads = why.spreads(book, asked, points)
    with progress() as step:
        found = why.survivals(asked, spreads, draws=draws, seed=seed, progress=step)
    columns = (
        Column("request", "request"),
        Column("awarded", "awarded", "amount"),
        Column("spread", "spread, points", "amount"),
        Column("funded", "funded in", "share"),
        Column("part", "mean part", "share"),
    )
    rows = tuple(
        (one.request_id, awarded, figure(one.spread, 2), figure(one.over_half, 6), figure(one.funded, 6))
        for one, awarded in found
    )
    note = (
        f"{draws:,} draws, seed {seed}. Each moves every merit by a normal amount of its spread and solves the round's "
        "linear relaxation, which may split a few requests: funded means more than half of it. These are not decisions."
    )
    show_table(
        Table(
            "stability",
            f"Round {round_id}: what survives when scores move",
            columns,
            rows,
            note=note + first_only(asked.round_.problem),
        ),
        form,
    )


def alternatives(
    round_id: RoundArgument,
    within: Annotated[
        str, typer.Option("--within", metavar="SHARE", help="How much of the objective they may lose.")
    ] = "0.5%",
    count: Annotated[int, typer.Option("--count", help="How many to look for.", min=1, max=100)] = 5,
    seconds: SecondsOption = 20.0,
    decision: DecisionOption = None,
    form: FormatOption = Form.table,
) -> None:
    """List near-best decisions. Each funds others, loses little, is verified and as unlike the rest as can be."""
    from facility.usecases import why
    from reports.table import Column, Table

    share = _share(within)
    with opened(writable=False) as book:
        asked = why.decisive(book, round_id, decision)
    with progress() as step:
        found, ended = why.others(asked, within=share, count=count, seconds=seconds, progress=step)
    if ended == "time":
        say(f"note: after {seconds:g} s no other was found or ruled out; --seconds gives each search more")
    if form is Form.json:
        show(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return
    columns = (
        Column("number", "number", "count"),
        Column("loses", "loses", "amount"),
        Column("share", "share", "share"),
        Column("funded", "funds instead"),
        Column("refused", "does not fund"),
        Column("decision", "decision"),
    )
    rows = tuple(
        (
            number,
            Decimal(one["loses"]),
            Decimal(one["share"]),
            ", ".join(one["funded"]),
            ", ".join(one["refused"]),
            one["decision"]["decision"][:19],
        )
        for number, one in enumerate(found, start=1)
    )
    title = f"Round {round_id}: decisions that lose at most {within} of {asked.decision.objective_name}"
    told = ["Each keeps every rule and was verified."] if rows else []
    told += {
        "all": [f"{'Beyond these, no' if rows else 'No other'} choice of requests loses so little."],
        "time": ["Time ended before another was found or ruled out."],
        "count": [],
    }[ended]
    note = " ".join(told)
    show_table(Table("alternatives", title, columns, rows, note=note + first_only(asked.round_.problem)), form)


def explained_again(
    round_id: str,
    request: str | None,
    decision: str | None,
    *,
    page: Path | None,
    claims: Path | None,
    seconds: float,
    form: Form,
) -> None:
    """Answer `explain` with `--deep`, `--page` or `--claims`: for one request, or for all short of their ask."""
    from facility.usecases import why

    with opened(writable=False) as book:
        asked = why.decisive(book, round_id, decision)
    if request is None:
        with progress() as step:
            found = why.costs(asked, progress=step)
        _show_reasons(asked, round_id, None, found, form)
        return
    with progress() as step:
        made = why.claimed(asked, request, seconds=seconds, progress=step)
    if page is not None:
        from facility.usecases.refusal_page import refusal_page

        with opened(writable=False) as book:
            text = refusal_page(book, asked, made)
        why.write(page, text)
        say(f"wrote {page}")
    if claims is not None:
        say(f"wrote {claims}: {why.note_claims(claims, made.rows, {request})} claims")
    if form is Form.json:
        told = {**why.cost_json(asked, [made.explained])[0], "claims": list(made.rows)}
        show(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    _show_reasons(asked, round_id, request, [made.explained], form)


def _show_reasons(
    asked: Decisive,
    round_id: str,
    request: str | None,
    found: list[Explained],
    form: Form,
) -> None:
    from facility.usecases import why
    from facility.usecases.explain import explanations
    from reports.table import Column, Table

    if form is Form.json:
        show(json.dumps(why.cost_json(asked, found), ensure_ascii=False, indent=1) + "\n")
        return
    with opened(writable=False) as book:
        known = explanations(book, round_id, request, asked.stored.decision)
    columns = (
        Column("request", "request"),
        Column("outcome", "outcome"),
        Column("asked", "asked", "amount"),
        Column("awarded", "awarded", "amount"),
        Column("kind", "kind of reason"),
        Column("sentence", "why"),
    )
    rows = sorted([*known, *why.cost_rows(asked, found)], key=lambda row: row[0])
    show_table(Table("explanations", f"Round {round_id}: why, and what it would take", columns, tuple(rows)), form)


def _show_prices(asked: Decisive, found: list[Any], form: Form) -> None:
    from ledgers.money import Money, major_units
    from reports.table import Column, Table

    currency = asked.decision.currency
    columns = (
        Column("earmark", "earmark"),
        Column("contributions", "contributions", "count"),
        Column("available", "available", "amount"),
        Column("less", "the last is worth", "amount"),
        Column("more", "the next is worth", "amount"),
    )
    rows = tuple(
        (
            price.earmark or "unearmarked",
            price.contributions,
            major_units(price.available, currency),
            None if price.less is None else figure(price.less, 4),
            figure(price.more, 4),
        )
        for price in found
    )
    step = Money(major_units(found[0].step, currency), currency)
    title = (
        f"Round {asked.decision.round_id}: {asked.decision.objective_name} points for each {currency} under an earmark"
    )
    note = (
        f"On the linear relaxation, over a step of {step} less and {step} more; resources move with it. "
        "The next comes without dates or country share."
    )
    show_table(Table("prices", title, columns, rows, note=note + first_only(asked.round_.problem)), form)


def _show_costs(asked: Decisive, found: list[Any], form: Form) -> None:
    from ledgers.money import major_units
    from reports.table import Column, Table

    currency = asked.decision.currency
    columns = (
        Column("donor", "donor"),
        Column("available", "available", "amount"),
        Column("at_least", "costs at least", "amount"),
        Column("at_most", "costs at most", "amount"),
        Column("earmarks", "its earmarks"),
    )
    rows = tuple(
        (
            one.donor,
            major_units(one.available, currency),
            figure(one.at_least, 2),
            None if one.at_most is None else figure(one.at_most, 2, up=True),
            " / ".join(one.earmarks),
        )
        for one in found
    )
    title = f"Round {asked.decision.round_id}: {asked.decision.objective_name} points that each donor's terms cost"
    note = (
        "The round decided again with that donor's terms lifted, dates and caps kept: "
        "at least what a verified decision gains, at most what the bound leaves."
    )
    show_table(Table("donor_costs", title, columns, rows, note=note + first_only(asked.round_.problem)), form)


def _points(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text, re.ASCII):
        raise FigureInvalid(f"--spread {text} is not a number of points", remedy="write it as 4 or 2.5")
    return Decimal(text)


def _share(text: str) -> Fraction:
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,9})?)\s*%", text.strip(), re.ASCII)
    if match is None or Fraction(match[1]) > 100:
        raise FigureInvalid(f"--within {text} is not a share", remedy="write it in per cent: --within 0.5%")
    return Fraction(match[1]) / 100


def add_why(app: typer.Typer) -> None:
    """Add these commands to `facility round`."""
    app.command("prices")(prices)
    app.command("stability")(stability)
    app.command("alternatives")(alternatives)
