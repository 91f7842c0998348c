"""What the terms of donors cost a round: found by deciding it again without them, and shown in a donor's report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from facility.usecases.figures import figure
from facility.usecases.scenarios import request_titles
from facility.usecases.why import Decisive
from ledgers.errors import FacilityError
from ledgers.money import major_units
from ledgers.store import Book
from reports.report import Fact, Report
from reports.table import Column, Table

if TYPE_CHECKING:
    from allocation.explain.earmark_prices import Cost

Progress = Callable[[str], None]


class TermsMissing(FacilityError):
    """A donor whose money in a round has no terms, or who has none there."""

    code = "terms-missing"


@dataclass(frozen=True, slots=True)
class TermsCost:
    """What one donor's terms cost a round.

    Attributes:
        asked: The round and its decision.
        cost: What was found.
        claims: The same as claims that the stand-alone checker reads; none where they were not asked for.
    """

    asked: Decisive
    cost: Cost
    claims: tuple[Mapping[str, Any], ...]

    @property
    def share(self) -> Fraction:
        """Return the least cost as a part of what the decision reached; 0 where that is nothing."""
        reached = self.asked.decision.reached
        return self.cost.at_least / reached if reached else Fraction(0)


def terms_costs(
    asked: Decisive, *, seconds: float, progress: Progress, donor: str | None = None, is_claimed: bool = True
) -> list[TermsCost]:
    """Return what the terms of each donor, or of one, cost the round.

    Args:
        asked: The round and its decision.
        seconds: Of each search, and of each proof.
        progress: Told what is done.
        donor: Whose terms alone.
        is_claimed: Whether claims for the checker are made too.

    Raises:
        TermsMissing: the donor has no money with terms in the round.
    """
    from allocation.asked import SPARE_SECONDS, asked_apart
    from allocation.explain.earmark_prices import donors_with_terms
    from allocation.explain.questions import costs_of_terms

    having = donors_with_terms(asked.round_.problem)
    if donor is not None and donor not in having:
        some = ", ".join(having[:8]) + (f" and {len(having) - 8} more" if len(having) > 8 else "")
        raise TermsMissing(
            f"{donor} has no money with terms in round {asked.decision.round_id}, so they cost it nothing",
            remedy=f"ask about one of these: {some}" if having else "no money of this round has terms",
        )
    donors = having if donor is None else [donor]
    about = (asked.round_.problem, asked.decision, donors, seconds, is_claimed)
    ends = SPARE_SECONDS + 3 * len(donors) * seconds
    found = asked_apart(costs_of_terms, *about, seconds=ends, progress=progress)
    return [TermsCost(asked, cost, claims) for cost, claims in found]


def with_terms_cost(book: Book, report: Report, found: TermsCost) -> Report:
    """Return a donor's report with what its terms cost a round: the figure, and who would be funded otherwise."""
    decision, cost = found.asked.decision, found.cost
    points = "points" if decision.objective_name == "score" else f"points of merit × {decision.currency}"
    most = _most(found)
    in_round = f"round {decision.round_id}"
    if found.asked.state == "cancelled":
        in_round += ", which was cancelled,"
    if cost.at_least > 0:
        value = f"{figure(cost.at_least):,} points"
        answer = (
            f" In {in_round} its terms cost at least {figure(cost.at_least):,} {points}, "
            f"{_per_cent(found.share)} % of what it reached: decided again without them, the same money reaches that "
            "much more."
        )
    else:
        value = "nothing found"
        answer = f" In {in_round} no better awards were found without its terms."
    if most is not None:
        answer += f" No awards without them reach more than {figure(most, up=True):,} more."
    return replace(
        report,
        answer=report.answer + answer,
        facts=(
            *report.facts,
            Fact("Its terms cost", value, f"round {decision.round_id}, at least; decided again without them"),
        ),
        tables=(*report.tables, _cost_table(found, most), _awards_table(book, found)),
        definitions=(
            *report.definitions,
            (
                "Cost of terms",
                "What the round's first objective would gain if the terms of this donor's contributions were lifted, "
                "dates and country shares kept. At least: what a verified decision gains. At most: what exact "
                "arithmetic leaves room for, where there was time.",
            ),
        ),
        sources=(
            *report.sources,
            f"Round {decision.round_id}, decision {found.asked.stored.decision}, decided again without the terms.",
        ),
    )


def _cost_table(found: TermsCost, most: Fraction | None) -> Table:
    decision, cost = found.asked.decision, found.cost
    columns = (
        Column("round_id", "Round"),
        Column("earmarks", "Terms lifted"),
        Column("available", f"Its money there, {decision.currency}", "amount"),
        Column("reached", f"Reached, {decision.objective_name} points", "amount"),
        Column("cost_at_least", "Cost at least", "amount"),
        Column("cost_at_most", "Cost at most", "amount"),
        Column("cost_percent", "At least, %", "amount"),
    )
    row = (
        decision.round_id,
        " / ".join(cost.earmarks),
        major_units(cost.available, decision.currency),
        figure(decision.reached),
        figure(cost.at_least),
        None if most is None else figure(most, up=True),
        Decimal(_per_cent(found.share)),
    )
    note = (
        "The round decided again with this donor's terms lifted, dates and country shares kept. `facility round prices "
        f"{decision.round_id} --donors --claims FILE` writes what a stranger needs to check it."
    )
    return Table("terms_cost", "What its terms cost", columns, (row,), note=note)


def _awards_table(book: Book, found: TermsCost) -> Table:
    """Return the requests whose award would be another without the terms, who gains first."""
    decision, other, titles = found.asked.decision, found.cost.decision, request_titles(book)
    now = {award.request_id: award.amount for award in decision.awards}
    then = now if other is None else {award.request_id: award.amount for award in other.awards}
    changed = [r for r in {*now, *then} if now.get(r, 0) != then.get(r, 0)]
    columns = (
        Column("request_id", "Request"),
        Column("title", "For"),
        Column("award", "Award", "amount"),
        Column("award_without", "Without the terms", "amount"),
        Column("change", "Change", "amount"),
    )

    def money(minor: int) -> Decimal:
        return major_units(minor, decision.currency)

    rows = tuple(
        (r, titles.get(r), money(now.get(r, 0)), money(then.get(r, 0)), money(then.get(r, 0) - now.get(r, 0)))
        for r in sorted(changed, key=lambda r: (now.get(r, 0) - then.get(r, 0), r))
    )
    title = f"Awards that would differ without its terms, {decision.currency}"
    note = (
        "One decision that reaches more; others may reach as much. All limits and all other donors' terms hold in it."
    )
    later = ", ".join(stage.name for stage in found.asked.round_.problem.policy.later)
    if later:
        note += f" It is decided by {decision.objective_name} alone: some awards differ for want of {later}."
    return Table("terms_awards", title, columns, rows, note=note)


def _most(found: TermsCost) -> Fraction | None:
    """Return what was proven that no awards without the terms pass; None where there was no time to prove any.

    The claim is against the decision; what later objectives gave up of it is no cost of any terms.
    """
    proven = next((Fraction(row["cost"]) for row in found.claims if row["kind"] == "terms-cost-at-most"), None)
    return None if proven is None else max(proven - found.asked.decision.given_up, found.cost.at_least)


def _per_cent(share: Fraction) -> str:
    """Return a share in per cent, to two places, rounded down."""
    return f"{figure(share * 100):f}"
