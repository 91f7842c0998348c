"""One round: what was decided, who pays, what was refused and why, how good it is and how that is known."""

from __future__ import annotations

from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction

from ledgers.store import Book
from reports.report import Fact, Report
from reports.round_charts import charts
from reports.round_minutes import Minutes, Record, minutes_of
from reports.round_stages import given_up
from reports.round_tables import tables
from reports.scope import scope_of
from reports.wording import counted, day, exact, limit_words, listed, share, spoken, verb

_CERTIFIED = (
    "Certified",
    "Shown by fractions and whole numbers alone; what later objectives gave up is in it. `facility guide proofs`.",
)


def report(book: Book, *, round_id: str, decision: str | None = None) -> Report:
    """Return the minutes of one round.

    Args:
        book: The open book.
        round_id: The round.
        decision: Digest of the decision, or its beginning; the one that stands when None.

    Raises:
        SubjectUnknown: the book has no such round or decision.
    """
    minutes = minutes_of(scope_of(book, None, None), round_id, decision)
    scope = minutes.scope
    return Report(
        name="round",
        title=f"Round {minutes.round['round_id']}",
        facility=scope.facility,
        currency=scope.currency,
        as_of=minutes.round["opened_on"],
        known_at=scope.known_at,
        answer=_answer(minutes),
        facts=_facts(minutes),
        charts=charts(minutes) if minutes.decision else (),
        tables=tables(minutes),
        definitions=_definitions(minutes),
        sources=_sources(minutes),
    )


def _answer(m: Minutes) -> str:
    asked = f"{counted(m.round['requests'], 'request')} asking for {spoken(m.requested, m.currency)}"
    resources = spoken(m.resources, m.currency)
    if m.decision is None:
        competes = verb(m.round["requests"], "competes", "compete")
        return f"Nothing is decided yet: {asked} {competes} for {resources}."
    if m.decision["status"] == "infeasible":
        names = listed([f'"{limit_words(name)}"' for name in m.conflict])
        waits = verb(m.round["requests"], "waits", "wait")
        cannot = "these rules cannot hold together" if len(m.conflict) > 1 else "this rule cannot be kept"
        return f"No decision is possible: {cannot}: {names}. {asked} {waits} for {resources}."
    return (
        f"{spoken(m.awarded, m.currency)} of {resources} goes to {len(m.awards):,} of {asked}. "
        f"The decision is {_quality(m)}, and the round is {m.round['state']}."
    )


def _quality(m: Minutes) -> str:
    decision = m.decision or {}
    gap = decision["gap"] or 0
    if decision["status"] == "optimal":
        but = " but for what later objectives gave up" if given_up(m.stages) else ""
        met = f"within {_percent(gap)} of the solver's bound" if gap else "it meets the solver's bound"
        return f"optimal{',' if gap else ':'} {met}{but}"
    return f"feasible: the search was cut short; by the solver's bound, up to {_percent(gap)} more may be possible"


def _percent(gap: float) -> str:
    """Return a gap in percent with two digits that say something: `0.00057 %`."""
    return f"{Decimal(f'{gap * 100:.1e}'):f} %"


def _facts(m: Minutes) -> tuple[Fact, ...]:
    opening = [
        Fact("Resources", exact(m.resources, m.currency), f"{_kind_of_money(m)}, before the policy's reserve"),
        Fact("Asked for", exact(m.requested, m.currency), counted(m.round["requests"], "request")),
    ]
    if m.decision is None:
        return (*opening, Fact("State", m.round["state"], f"opened by {m.round['opened_by']}"))
    return (
        Fact("Awarded", exact(m.awarded, m.currency), _share_words(m)),
        *opening,
        Fact("Funded", f"{len(m.awards):,} of {m.round['requests']:,}", f"{counted(m.refused, 'request')} refused"),
        Fact("How good", m.decision["status"], _bound(m)),
        *_certified(m.decision),
        Fact("State", m.round["state"], _state(m)),
    )


def _kind_of_money(m: Minutes) -> str:
    return f"{exact(m.receivable, m.currency)} of it signed and not yet received" if m.receivable else "cash"


def _share_words(m: Minutes) -> str:
    return f"{share(m.awarded, m.resources)} of the resources" + ("" if m.receivable else ", cash")


def _resources_words(m: Minutes) -> str:
    if m.receivable:
        return "Cash available on the round's contributions, and what was signed for and not yet received,"
    return "Cash available on the round's contributions"


def _bound(m: Minutes) -> str:
    decision = m.decision or {}
    if decision["bound"] is None:
        return decision["solver"] or ""
    gap, gave_up = decision["gap"] or 0, given_up(m.stages)
    reached = f"{decision['objective_name']} {_short(decision['objective'])}"
    later = f", {_short(str(gave_up))} given up for later objectives" if gave_up else ""
    return f"{reached}, bound {_short(decision['bound'])}, gap {_percent(gap)}{later}"


def _certified(decision: Record) -> tuple[Fact, ...]:
    """Return what exact fractions prove of a decision; nothing where nothing was proven."""
    if decision["certified_bound"] is None:
        return ()
    reached, bound = Fraction(decision["objective_exact"]), Fraction(decision["certified_bound"])
    if reached == bound:
        return (Fact("Certified", "the best", "no awards under these rules pass it, by exact fractions"),)
    gap = 100 * (bound - reached) / (reached or 1)
    upward = Context(prec=2, rounding=ROUND_CEILING).divide(Decimal(gap.numerator), Decimal(gap.denominator))
    most = Context(prec=40, rounding=ROUND_CEILING).divide(Decimal(bound.numerator), Decimal(bound.denominator))
    text = f"{most.quantize(Decimal('0.01'), ROUND_CEILING):,}"
    return (Fact("Certified", f"within {upward:f} %", f"no awards pass {text}, by exact fractions"),)


def _short(text: str) -> str:
    return f"{Decimal(text):,.2f}"


def _state(m: Minutes) -> str:
    if m.round["state"] == "posted":
        return f"on {day(m.round['posted_on'])} by {m.round['posted_by']}"
    if m.round["state"] == "cancelled":
        return f"on {day(m.round['cancelled_on'])} by {m.round['cancelled_by']}"
    return f"{counted(len(m.approvals), 'approval')} so far"


def _definitions(m: Minutes) -> tuple[tuple[str, str], ...]:
    solver = m.decision["solver"] if m.decision else "the solver"
    return (
        ("Award", "What a decision gives to one request. It is reserved in the book when the round is posted."),
        ("Resources", f"{_resources_words(m)} when it was opened; pledges never count."),
        ("Merit", "Weight of a request, 0 to 100, from its file or its reviewers' scores."),
        ("Optimal", f"No other choice under the policy is better by more than the gap, by the bound of {solver}."),
        ("Bound", "The solver's own, in floating point and rounded outward: evidence, not a proof."),
        *((_CERTIFIED,) if m.decision and m.decision["certified_bound"] is not None else ()),
        ("Binding", "A limit that would not allow one unit more, or less for a floor."),
        ("Earmark", "The donor's restriction in the facility's term language; its class is derived from the terms."),
    )


def _sources(m: Minutes) -> tuple[str, ...]:
    opened = day(m.round["opened_on"])
    traced = (f"Problem solved: {m.decision['inputs']}.", f"Decision: {m.decision['decision']}.") if m.decision else ()
    return (
        f"The round as frozen in the book of {m.scope.facility} on {opened}; country groups as they were on that day.",
        f"Amounts are in {m.currency}; asks in other currencies were converted once, at import, and rounded down.",
        f"Policy: {m.round['policy_digest']}.",
        *traced,
    )
