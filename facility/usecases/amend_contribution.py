"""A contribution's terms change: a new dated version; what is posted stands, and nothing is rewritten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ledgers.errors import FacilityError, did_you_mean
from ledgers.places import Places
from ledgers.store import Book
from ledgers.terms import earmark_class, parse

PACKAGE = "ledgers.journal"


class ContributionUnknown(FacilityError):
    """No contribution of that id."""

    code = "contribution-unknown"


class AmendmentEmpty(FacilityError):
    """An amendment that says nothing, or not why."""

    code = "amendment-empty"


class SpendingDaysCrossed(FacilityError):
    """Days that a contribution may pay, of which the last is before the first or after the use-by date."""

    code = "spending-days-crossed"


def amend_contribution(
    book: Book,
    contribution_id: str,
    *,
    use_by: date | None = None,
    spend_from: date | None = None,
    spend_to: date | None = None,
    lift: Collection[str] = (),
    earmark: str | None = None,
    reason: str,
    on: date,
    actor: str,
    dry_run: bool = False,
) -> int | None:
    """Write a new version of a contribution's terms and return its number, or None when they are already so.

    Args:
        book: Open for writing.
        contribution_id: Which contribution.
        use_by: New last day of funded expenditure; None leaves it.
        spend_from: New first day of the expenditure that it may pay; None leaves it.
        spend_to: New last day of that expenditure; None leaves it.
        lift: Which of `use_by`, `spend_from`, `spend_to` is to stand no more.
        earmark: New terms; None leaves them.
        reason: Why, for the record.
        on: The day on which country groups in the terms are read.
        actor: Who amends.
        dry_run: Do everything but keep it.

    Raises:
        ContributionUnknown: no such contribution.
        AmendmentEmpty: nothing to change, or no reason.
        SpendingDaysCrossed: the days would end before they begin, or after the use-by date.
        TermInvalid: the earmark cannot be read.
    """
    found = book.rows(PACKAGE, "contribution_terms", contribution_id=contribution_id)
    if not found or contribution_id == "FACILITY":
        known = [row[0] for row in book.rows(PACKAGE, "contribution_ids") if row[0] != "FACILITY"]
        raise ContributionUnknown(
            f"no contribution {contribution_id} can be amended", remedy=did_you_mean(contribution_id, known)
        )
    given = {"use_by": use_by, "spend_from": spend_from, "spend_to": spend_to}
    changes = {name: day for name, day in given.items() if day is not None or name in lift}
    if (not changes and earmark is None) or not reason.strip():
        raise AmendmentEmpty(
            "an amendment says what changes and why",
            remedy="give --use-by, --spend-from, --spend-to or --earmark, and --reason",
        )
    version, terms_before, *days_before = found[0]
    before = dict(zip(given, days_before, strict=True))
    after = {**before, **changes}
    places = Places.on(on)
    terms = parse(terms_before if earmark is None else earmark, places=places)
    if (str(terms), after) == (terms_before, before):
        return None
    _refuse_crossed(contribution_id, **after)
    with book.lane(actor=actor, command=f"contribution amend {contribution_id}", dry_run=dry_run) as lane:
        book.run(
            PACKAGE,
            "amend",
            contribution_id=contribution_id,
            earmark=str(terms),
            earmark_class=earmark_class(terms, places),
            **after,
            reason=reason.strip(),
            recorded_at=lane.recorded_at,
            log_id=lane.log_id,
        )
        book.run(PACKAGE, "amend_span", contribution_id=contribution_id, **after)
        lane.new_count += 1
    return int(version) + 1


def _refuse_crossed(contribution_id: str, use_by: date | None, spend_from: date | None, spend_to: date | None) -> None:
    ends = [(day, name) for day, name in ((spend_to, "--spend-to"), (use_by, "--use-by")) if day is not None]
    if spend_from is not None and ends and min(ends)[0] < spend_from:
        raise SpendingDaysCrossed(
            f"contribution {contribution_id} would pay from {spend_from}, and not after {min(ends)[0]}",
            remedy=f"give --spend-from and {min(ends)[1]} in the order of time, or lift one with 'none'",
        )
    if spend_to is not None and use_by is not None and spend_to > use_by:
        raise SpendingDaysCrossed(
            f"contribution {contribution_id} would pay until {spend_to}, after its use-by date {use_by}",
            remedy="give an earlier --spend-to, or lift it with 'none'",
        )
