"""A contribution's terms change: a new dated version; what is posted stands, and nothing is rewritten."""

from __future__ import annotations

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


def amend_contribution(
    book: Book,
    contribution_id: str,
    *,
    use_by: date | None = None,
    lift_use_by: bool = False,
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
        use_by: New last day of funded expenditure; None leaves it, unless `lift_use_by`.
        lift_use_by: No last day any more.
        earmark: New terms; None leaves them.
        reason: Why, for the record.
        on: The day on which country groups in the terms are read.
        actor: Who amends.
        dry_run: Do everything but keep it.

    Raises:
        ContributionUnknown: no such contribution.
        AmendmentEmpty: nothing to change, or no reason.
        TermInvalid: the earmark cannot be read.
    """
    found = book.rows(PACKAGE, "contribution_terms", contribution_id=contribution_id)
    if not found or contribution_id == "FACILITY":
        known = [row[0] for row in book.rows(PACKAGE, "contribution_ids") if row[0] != "FACILITY"]
        raise ContributionUnknown(
            f"no contribution {contribution_id} can be amended", remedy=did_you_mean(contribution_id, known)
        )
    if (use_by is None and not lift_use_by and earmark is None) or not reason.strip():
        raise AmendmentEmpty(
            "an amendment says what changes and why", remedy="give --use-by or --earmark, and --reason"
        )
    version, terms_before, use_by_before = found[0]
    places = Places.on(on)
    terms = parse(terms_before if earmark is None else earmark, places=places)
    last_day = use_by if use_by is not None or lift_use_by else use_by_before
    if (str(terms), last_day) == (terms_before, use_by_before):
        return None
    with book.lane(actor=actor, command=f"contribution amend {contribution_id}", dry_run=dry_run) as lane:
        book.run(
            PACKAGE,
            "amend",
            contribution_id=contribution_id,
            earmark=str(terms),
            earmark_class=earmark_class(terms, places),
            use_by=last_day,
            reason=reason.strip(),
            recorded_at=lane.recorded_at,
            log_id=lane.log_id,
        )
        lane.new_count += 1
    return int(version) + 1
