"""`facility round ...`: open, solve, explain, approve, post, cancel."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from facility.cli.round_compare import compare, solve_scenario
from facility.cli.round_decided import show_decision
from facility.cli.round_files import files
from facility.cli.shared import (
    ByOption,
    DryRunOption,
    Form,
    FormatOption,
    NotYetThere,
    OnOption,
    actor,
    day,
    number_of_seconds,
    opened,
    progress,
    say,
    show,
    show_table,
    told,
    unstoppable,
)

if TYPE_CHECKING:
    from facility.usecases.rounds import Outcome
    from ledgers.store import Book

app = typer.Typer(
    help="Run an allocation round. Open, solve, explain, approve and post it, or cancel it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

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


@app.command("open")
def open_(
    round_id: RoundArgument,
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="The rules (TOML).", show_default=False)],
    on: OnOption = None,
    requests: Annotated[str, typer.Option(metavar="FILTER", help="Terms: which requests may stand.")] = "",
    contributions: Annotated[
        str, typer.Option(metavar="FILTER", help="Which money: contribution=, donor=, donor_kind=, class=.")
    ] = "",
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Freeze requests and policy, and hold the money. Later rounds see what is left of it."""
    from facility.usecases.rounds import open_from_policy

    with opened(writable=True) as book:
        done = open_from_policy(
            book,
            round_id,
            policy,
            on=day(on),
            requests=requests,
            contributions=contributions,
            actor=actor(by),
            dry_run=dry_run,
        )
        frozen = _frozen(book, round_id)
    for remark in done.remarks:
        say(f"note: {remark}")
    say(told(f"round {round_id} opened{frozen}", done.is_new, dry_run))


@app.command("solve")
def solve(
    round_id: RoundArgument,
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit",
            metavar="SECONDS",
            help="For the search, by the clock, instead of the policy's; 3 s later it is ended.",
            min=0.1,
            max=86_400,
            callback=number_of_seconds,
        ),
    ] = None,
    race: Annotated[
        bool, typer.Option("--race", help="Ask both forms of the model at once; may choose otherwise another time.")
    ] = False,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", metavar="FILE", help="What if (TOML): solved, not stored.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="With --scenario: write the decision (JSON) here."),
    ] = None,
    certify: Annotated[
        float,
        typer.Option(
            "--certify",
            metavar="SECONDS",
            help="That a proof in exact fractions may take; 0: none.",
            min=0,
            max=86_400,
            callback=number_of_seconds,
        ),
    ] = 30.0,
    by: ByOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = Form.table,
) -> None:
    """Decide awards, verified and certified. Ctrl-C keeps the best so far, or what is decided without its certificate.

    Who solves is the proposer.
    """
    from facility.usecases.rounds import decide, posed, propose

    if scenario is not None:
        solve_scenario(round_id, scenario, time_limit=time_limit, out=out, form=form)
        return
    if out is not None:
        raise typer.BadParameter("it writes what --scenario gives; use --format json", param_hint="--out")

    with opened(writable=False) as book:
        problem = posed(book, round_id)
    with progress() as step:
        body = decide(problem, time_limit=time_limit, certify=certify, progress=step, race=race)
    with unstoppable(), opened(writable=True) as book:
        done = propose(book, round_id, body, actor=actor(by), dry_run=dry_run)
    if done.decided is None:
        return
    if form is Form.json:
        show(json.dumps(done.decided.body, ensure_ascii=False, indent=1) + "\n")
    else:
        show_decision(done.decided.body, form)
    say(told(f"decision {done.decided.decision} proposed by {done.decided.proposer}", done.is_new, dry_run))
    if done.decided.status == "infeasible":
        raise typer.Exit(1)


app.command("files")(files)


@app.command("explain")
def explain(
    round_id: RoundArgument,
    request: Annotated[
        str | None, typer.Argument(metavar="REQUEST", help="Left out: all of them.", show_default=False)
    ] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Solve again: what it would cost to fund it, what new money it needs.")
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option("--page", metavar="FILE", help="One page (HTML) for the refused applicant.", show_default=False),
    ] = None,
    claims: Annotated[
        Path | None,
        typer.Option(
            "--claims", metavar="FILE", help="Claims about one request, for check_round.py.", show_default=False
        ),
    ] = None,
    seconds: Annotated[
        float,
        typer.Option(
            "--seconds",
            metavar="SECONDS",
            help="For each search of --deep.",
            min=0.1,
            max=3_600,
            callback=number_of_seconds,
        ),
    ] = 10.0,
    decision: DecisionOption = None,
    form: FormatOption = Form.table,
) -> None:
    """Say why a request was funded, partly funded or refused."""
    from facility.usecases.explain import explanations
    from reports.table import Column, Table

    if request is None and (page is not None or claims is not None):
        hint = "--page" if page is not None else "--claims"
        raise typer.BadParameter("it is about one request: name it after the round", param_hint=hint)
    if deep or page is not None or claims is not None:
        from facility.cli.round_why import explained_again

        explained_again(round_id, request, decision, page=page, claims=claims, seconds=seconds, form=form)
        return
    with opened(writable=False) as book:
        rows = explanations(book, round_id, request, decision)
    columns = (
        Column("request", "request"),
        Column("outcome", "outcome"),
        Column("asked", "asked", "amount"),
        Column("awarded", "awarded", "amount"),
        Column("kind", "kind of reason"),
        Column("sentence", "why"),
    )
    show_table(Table("explanations", f"Round {round_id}: why", columns, tuple(rows)), form)


app.command("compare")(compare)


@app.command("approve")
def approve(
    round_id: RoundArgument,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who approves.", show_default=False)] = None,
    decision: DecisionOption = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", hidden=True)] = None,
    dry_run: DryRunOption = False,
) -> None:
    """Approve a decision. The proposer cannot approve what they proposed."""
    from facility.usecases.rounds import approve_decision

    if key is not None:
        raise NotYetThere("approval by key is not there yet", remedy="approve by name: --by NAME")
    person = actor(by)
    with opened(writable=True) as book:
        done = approve_decision(book, round_id, by=person, digest=decision, actor=person, dry_run=dry_run)
    digest = done.decided.decision if done.decided else ""
    say(told(f"{person} approved decision {digest}", done.is_new, dry_run))


@app.command("post")
def post(
    round_id: RoundArgument,
    decision: DecisionOption = None,
    on: OnOption = None,
    by: ByOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Recheck a decision and write its allocations to the book. Whatever moved since is refused by name."""
    from facility.usecases.rounds import post as write

    with opened(writable=True) as book:
        done = write(book, round_id, on=day(on), digest=decision, actor=actor(by), dry_run=dry_run)
    body: dict[str, Any] = dict(done.decided.body) if done.decided else {"awards": (), "currency": "", "awarded": "0"}
    amount = f"{body['currency']} {Decimal(body['awarded']):,}"
    say(
        told(f"round {round_id} posted: {_counted(len(body['awards']), 'award')}, {amount}", done.is_new, dry_run)
        + _since(done)
    )


@app.command("cancel")
def cancel(round_id: RoundArgument, on: OnOption = None, by: ByOption = None, dry_run: DryRunOption = False) -> None:
    """End a round without posting; its money is free again."""
    from facility.usecases.rounds import cancel as end

    with opened(writable=True) as book:
        done = end(book, round_id, on=day(on), actor=actor(by), dry_run=dry_run)
    say(told(f"round {round_id} cancelled", done.is_new, dry_run) + _since(done))


@app.command("list")
def list_(form: FormatOption = Form.table) -> None:
    """List the rounds and how they stand."""
    from reports.table import Column, Table

    with opened(writable=False) as book:
        listed = book.rows("ledgers.rounds", "rounds_listed")
        rows = [(*row[:3], _plain(row[3], book.currency), *row[4:]) for row in listed]
    columns = (
        Column("round", "round"),
        Column("opened_on", "opened on", "date"),
        Column("state", "state"),
        Column("held", "held", "amount"),
        Column("requests", "requests", "count"),
        Column("decisions", "decisions", "count"),
    )
    show_table(Table("rounds", "Rounds", columns, tuple(rows)), form)


def _frozen(book: Book, round_id: str) -> str:
    """Return what an open round holds, as the end of a sentence; nothing when the book does not have it."""
    from ledgers.money import Money

    for listed, _, _, held, requests, _ in book.rows("ledgers.rounds", "rounds_listed"):
        if listed == round_id and held is not None:
            return f": {_counted(requests, 'request')}, {Money(held, book.currency)} held"
    return ""


def _since(done: Outcome) -> str:
    """Return since when a round that was already posted or cancelled stands so."""
    return f", since {done.since}" if done.since and not done.is_new else ""


def _plain(amount: Decimal | None, currency: str) -> Decimal | None:
    from ledgers.money import major_units, minor_units

    return None if amount is None else major_units(minor_units(amount, currency), currency)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
