"""The example facility: one round, the same money under two scenarios, and a story of one screen.

The story's one refusal is not chosen by hand. Among the requests that A funds and B does not, in descending order
of the amount that A awards, the first is named for which lifting one contribution's earmark alone, all else as in B,
gets it funded again: found by solving B once more for each earmark. The largest loss is what a reader asks about first.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facility.example import EXAMPLE_YEAR, ROUND_ON, SCENARIOS, money_of, table
from facility.usecases.check_book import check_book
from facility.usecases.demo_proofs import HandedOver, dearest_terms, hand_over, proof_lines
from facility.usecases.import_file import import_files
from facility.usecases.rounds import approve_decision, open_from_policy, post, solve
from ledgers.errors import FacilityError
from ledgers.store import Book

if TYPE_CHECKING:
    from allocation.problem import Problem
    from facility.usecases.terms_cost import TermsCost

ROUND = "2024-1"
PROPOSER = "example proposer"
APPROVERS = ("example approver 1", "example approver 2")
POSTED_ON = ROUND_ON + timedelta(days=14)
OPENED_ON = date(EXAMPLE_YEAR, 1, 1)
_TRIED_MAX = 12
_INTRODUCTION = (
    "What country teams of the United Nations lacked for migration (source: UN INFO), against what fourteen States "
    "gave IOM unearmarked in 2024 (source: UN CEB). That this money meets this demand in one round of a facility is an "
    "example.\n\n"
    "Merit is a written rule over the figures, not reviewers' scores. In scenario B the earmarks, use-by dates, "
    "country shares and two of the donors are illustrative: no donor made them."
)
_SOURCES = (
    "demand: UN INFO, through open.unfck.org; supply: UN CEB. The dates of contributions and deposits are a "
    "convention; merit and smallest useful amounts are a written rule over the figures, not reviewers' scores."
)
_BANNERS = {
    "B": "Illustrative: the earmarks, use-by dates, country shares and two of the donors are examples; no donor made "
    "them."
}

Body = dict[str, Any]
Progress = Callable[[str], None]


class FolderUnusable(FacilityError):
    """The demo's folder cannot be made or written to."""

    code = "folder-unusable"


@dataclass(frozen=True, slots=True)
class Lifted:
    """A request that an earmark keeps from being funded.

    Attributes:
        request: The request's id.
        merit: Its merit.
        amount: What scenario A awards it.
        contribution: Whose earmark, lifted alone, gets it funded again; None when no single one does.
        donor: That contribution's donor.
        earmark: The earmark.
    """

    request: str
    merit: Decimal
    amount: Decimal
    contribution: str | None = None
    donor: str = ""
    earmark: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """One scenario, played to the end.

    Attributes:
        scenario: `A` or `B`.
        book: Its book.
        body: The posted decision's JSON.
        problem: The round as frozen.
        asked: Sum of the requests.
        countries: How many countries ask.
        donors: How many donors paid.
        checks: How many checks of the book ran, all without a finding.
    """

    scenario: str
    book: Path
    body: Body
    problem: Problem
    asked: Decimal
    countries: int
    donors: int
    checks: int


def run_demo(folder: Path, *, progress: Progress) -> str:
    """Build the example's books and pages in `folder` and return the story.

    Raises:
        FolderUnusable: the folder cannot be made or written to.
        FacilityError: a promise of the book does not hold.
    """
    from facility.usecases.write_pages import donor_file

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise FolderUnusable(
            f"{folder} cannot be used: {cause.strerror}", remedy="name another folder: facility demo DIR"
        ) from cause
    played = [_played(folder, scenario, progress) for scenario in SCENARIOS]
    progress("asking which earmark keeps a request from being funded")
    lifted = _lifted(played[0], played[1], progress)
    progress("proving it to strangers")
    with Book.open(played[1].book, writable=False) as book:
        dearest = dearest_terms(book, ROUND, progress=progress)
        handed = hand_over(book, ROUND, lifted.request, dearest, folder, progress=progress) if lifted else None
    progress("writing the pages")
    index = _pages(folder, played, lifted, handed, dearest)
    page = folder / donor_file("B", dearest.cost.donor if dearest is not None else "")
    proofs = proof_lines(handed, dearest, page)
    return _story(played, lifted, index, proofs)


def _played(folder: Path, scenario: str, progress: Progress) -> Played:
    from facility.usecases.build_problem import build_problem
    from ledgers.rounds import header

    path = folder / f"scenario-{scenario.lower()}.duckdb"
    path.unlink(missing_ok=True)
    contributions, deposits = money_of(scenario)
    files = {"contributions": contributions, "deposits": deposits, "requests": table("requests.csv")}
    name = f"Example facility {scenario} ({SCENARIOS[scenario]})"
    with Book.create(path, currency="USD", name=name, opened_on=OPENED_ON) as book:
        for kind, file in files.items():
            progress(f"scenario {scenario}: importing {kind}")
            import_files(book, kind, [file], on=ROUND_ON, actor=PROPOSER)
        open_from_policy(book, ROUND, table("policy.toml"), on=ROUND_ON, actor=PROPOSER)
        problem = build_problem(book, header(book, ROUND))
        decided = solve(
            book, ROUND, actor=PROPOSER, progress=lambda text: progress(f"scenario {scenario}: {text}")
        ).decided
        for approver in APPROVERS:
            approve_decision(book, ROUND, by=approver, actor=approver)
        progress(f"scenario {scenario}: posting and checking")
        post(book, ROUND, on=POSTED_ON, actor=PROPOSER)
        checked = check_book(book)
        asked, countries, donors = book.rows("facility.usecases", "demo_totals", round_id=ROUND)[0]
    failed = [result for result in checked if result.findings]
    if failed or decided is None:
        raise FacilityError(
            f"scenario {scenario}: check {failed[0].name} found: {failed[0].findings[0]}",
            remedy="this is a fault in Facility: please report it",
        )
    return Played(scenario, path, dict(decided.body), problem, asked, countries, donors, len(checked))


def _lifted(a: Played, b: Played, progress: Progress) -> Lifted | None:
    """Return the request named by the rule of the module's docstring, or None when B funds all that A does."""
    from allocation.apart import solve_apart
    from ledgers.terms import Terms, admits, spoken

    awarded = {award["request"]: Decimal(award["amount"]) for award in a.body["awards"]}
    funded_in_b = {award["request"] for award in b.body["awards"]}
    merit = {request.request_id: request.merit for request in b.problem.requests}
    subjects = {request.request_id: request.subject for request in b.problem.requests}
    lost = sorted(set(awarded) - funded_in_b, key=lambda request: (-awarded[request], request))
    named = [Lifted(r, Decimal(merit[r].numerator) / Decimal(merit[r].denominator), awarded[r]) for r in lost]
    for candidate in named[:_TRIED_MAX]:
        for given in sorted(b.problem.contributions, key=lambda c: (-c.available, c.contribution_id)):
            if admits(given.earmark, subjects[candidate.request], b.problem.places):
                continue
            progress(f"{candidate.request} if {given.contribution_id} had no earmark")
            free = tuple(
                replace(c, earmark=Terms(())) if c.contribution_id == given.contribution_id else c
                for c in b.problem.contributions
            )
            again = solve_apart(replace(b.problem, contributions=free), keeps_on_interrupt=False)
            if any(award.request_id == candidate.request for award in again.awards):
                return replace(
                    candidate, contribution=given.contribution_id, donor=given.donor, earmark=spoken(given.earmark)
                )
    return named[0] if named else None


def _pages(
    folder: Path, played: list[Played], lifted: Lifted | None, handed: HandedOver | None, dearest: TermsCost | None
) -> Path:
    from facility.usecases.write_pages import write_pages

    scenarios = [(one.scenario, SCENARIOS[one.scenario], one.book) for one in played]
    a, b = played
    introduction = f"{_INTRODUCTION}\n\n{_answer(a, b, lifted)}"
    more = []
    if handed is not None and lifted is not None:
        answer = f"Why {lifted.request} was not funded, what it would have taken, and how anybody can check it alone."
        more = [(handed.page.name, f"For the applicant: {lifted.request}", answer, "B")]
    return write_pages(
        folder,
        f"The example of {EXAMPLE_YEAR}",
        introduction,
        scenarios,
        ROUND,
        sources=_SOURCES,
        banners=_BANNERS,
        more=more,
        costs={} if dearest is None else {"B": dearest},
    )


def _answer(a: Played, b: Played, lifted: Lifted | None) -> str:
    awarded = [(len(one.body["awards"]), Decimal(one.body["awarded"])) for one in (a, b)]
    text = (
        f"As given, the money reaches {awarded[0][0]} requests with USD {awarded[0][1]:,.0f}; under the illustrative "
        f"earmarks {awarded[1][0]} with USD {awarded[1][1]:,.0f}. "
    )
    if lifted is None:
        return text + "Every request funded as given is funded under the earmarks too."
    text += f"{lifted.request} gets USD {lifted.amount:,.0f} as given, and nothing under the earmarks"
    if lifted.contribution is None:
        return f"{text}; lifting any one earmark alone does not fund it."
    return f"{text}: with {lifted.earmark} on {lifted.contribution} alone lifted it is funded again."


def _story(played: list[Played], lifted: Lifted | None, index: Path, proofs: list[str]) -> str:
    a, b = played
    lines = [
        f"A financing facility for migration: the example of {EXAMPLE_YEAR} (USD, cash received, round of {ROUND_ON})",
        "",
        f"Who paid   {a.donors} States, {Decimal(a.body['resources']):,.0f}: "
        f"what they gave IOM unearmarked in {EXAMPLE_YEAR} (source: UN CEB)",
        f"Who asked  {len(a.problem.requests)} outputs of UN country teams in {a.countries} countries and areas lack"
        f" {a.asked:,.0f} (source: UN INFO)",
        "           merit and smallest useful amounts are a written rule over the figures, not reviewers' scores",
        "",
        *(line for one in played for line in _decided(one)),
        "",
        *_refusal(b, lifted),
        "",
        *proofs,
        "",
        f"Look       {index}",
        f"Ask        {_own_command()} --book {a.book} sql 'from report.awards'",
    ]
    return "\n".join(lines) + "\n"


def _own_command() -> str:
    """Return how this very command was called, so that the line can be copied: `facility`, or the path to it."""
    called = Path(sys.argv[0])
    return "facility" if called.name != "facility" or shutil.which("facility") else str(called)


def _decided(one: Played) -> list[str]:
    body = one.body
    label = "A, as given" if one.scenario == "A" else "B, illustrative earmarks"
    gap = f"{body['gap']:.1e}" if body["gap"] else "0"
    objective = Decimal(body["objective"])
    unspent = Decimal(body["resources"]) - Decimal(body["awarded"])
    return [
        f"Scenario {label}: {len(body['awards'])} awards, {Decimal(body['awarded']):,.0f}; {unspent:,.0f} stays"
        f" ({body['status']})",
        f"           merit {objective:,.0f}; the solver's bound leaves a gap of {gap}; {_certified(body)};",
        f"           verified apart from the solver to the cent, posted after {len(APPROVERS)} approvals,"
        f" {one.checks} checks of the book without a finding",
    ]


def _certified(body: Body) -> str:
    """Return what exact fractions prove of a decision."""
    if "certified_bound" not in body:
        return "nothing certified"
    reached, bound = Fraction(body["objective"]), Fraction(body["certified_bound"])
    gap = (bound - reached) / reached
    upward = Context(prec=2, rounding=ROUND_CEILING).divide(Decimal(gap.numerator), Decimal(gap.denominator))
    return f"certified in exact fractions within {upward:.1e}"


def _refusal(b: Played, lifted: Lifted | None) -> list[str]:
    if lifted is None:
        return ["A refusal  B funds every request that A funds: the illustrative earmarks cost no request its award"]
    titles = {row["request"]: row for row in b.body["unfunded"]}
    told = titles[lifted.request]
    reasons = {
        made["kind"]: sentence for made, sentence in reversed(list(zip(told["reasons"], told["because"], strict=True)))
    }
    said = next(
        (reasons[kind] for kind in ("not-eligible", "out-ranked") if kind in reasons), next(iter(reasons.values()))
    )
    opening = f"A refusal  {lifted.request} (merit {lifted.merit:.2f}): A awards {lifted.amount:,.0f}, B nothing."
    if lifted.contribution is None:
        because = "           no single earmark is responsible: lifting any one of them alone does not fund it"
    else:
        because = (
            f"           B's earmark {lifted.earmark} on {lifted.contribution} ({lifted.donor}) is responsible:\n"
            "           the round solved again with that earmark alone lifted funds the request"
        )
    return [opening, because, *_wrapped(f"B says: {said}")]


def _wrapped(text: str) -> list[str]:
    import textwrap

    indent = " " * 11
    return textwrap.wrap(text, 110, initial_indent=indent, subsequent_indent=indent)
