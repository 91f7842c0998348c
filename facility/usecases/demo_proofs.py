"""What the demo hands to a refused applicant and to a donor: one page, the round's files, and what an earmark costs.

The files are checked as a stranger would: by the checker among them, run by Python alone.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from ledgers.errors import FacilityError
from ledgers.store import Book

_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was written and what the checker said of it.

    Attributes:
        page: The applicant's page.
        files: Folder of the round's files.
        claims: How many statements about the request the checker worked out again.
        verdict: The checker's last line.
    """

    page: Path
    files: Path
    claims: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Dearest:
    """The donor whose terms cost the round most.

    Attributes:
        donor: Which.
        earmarks: Its terms, as text.
        at_least: What a verified decision gains without them, in the objective's points.
        share: The same as a share of the objective.
    """

    donor: str
    earmarks: str
    at_least: Fraction
    share: Fraction


def hand_over(book: Book, round_id: str, request: str, folder: Path) -> HandedOver:
    """Write a refused request's page and the round's files with its claims, and have them checked.

    Raises:
        FacilityError: the checker finds something that does not hold.
    """
    from facility.usecases import why
    from facility.usecases.refusal_page import refusal_page
    from facility.usecases.round_files import round_files, write_round_files

    page, files = folder / f"refusal-{request}.html", folder / "round-b"
    for old in files.glob("*") if files.is_dir() else ():
        old.unlink()
    digest, found = round_files(book, round_id)
    write_round_files(files, digest, found)
    asked = why.decisive(book, round_id)
    made = why.claimed(asked, why.cost(asked, request, seconds=_SECONDS), seconds=_SECONDS)
    why.write(page, refusal_page(book, asked, made))
    claims = why.note_claims(files / "claims.json", made)
    command = [sys.executable, str(files / "check_round.py"), str(files)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    if checked.returncode:
        raise FacilityError(
            f"the checker does not agree with the round's files: {checked.stdout.strip().splitlines()[-1:]}",
            remedy="this is a fault in Facility: please report it",
        )
    return HandedOver(page, files, claims, checked.stdout.strip().splitlines()[-1])


def dearest_earmark(book: Book, round_id: str, *, progress: Callable[[str], None]) -> Dearest | None:
    """Return the donor whose terms cost the round most, by a verified decision; None when none costs anything."""
    from facility.usecases import why

    asked = why.decisive(book, round_id)
    costs = why.donor_costs(
        asked, seconds=_SECONDS, progress=lambda donor: progress(f"the round without {donor}'s terms")
    )
    most = max(costs, key=lambda cost: (cost.at_least, cost.donor), default=None)
    if most is None or most.at_least <= 0:
        return None
    share = most.at_least / asked.decision.objective
    return Dearest(most.donor, "; ".join(most.earmarks), most.at_least, share)


def handed_lines(handed: HandedOver) -> list[str]:
    """Return the story's lines on the page and the proof."""
    return [
        f"Its page   {handed.page}; to check that and the whole round, with Python alone:",
        f"           python {handed.files}/check_round.py {handed.files}",
        f"           works {handed.claims} statements about the refusal out again, and says:",
        f"           {handed.verdict}",
    ]


def dearest_lines(dearest: Dearest | None) -> list[str]:
    """Return the story's lines on the earmark that costs most."""
    if dearest is None:
        return ["An earmark  no donor's terms cost the round anything"]
    share = (Decimal(dearest.share.numerator) / Decimal(dearest.share.denominator) * 100).quantize(Decimal("0.1"))
    return [
        f"An earmark {dearest.earmarks}, of {dearest.donor}, costs the round at least {float(dearest.at_least):,.0f}",
        f"           points of merit, {share} %: the round decided again without it, verified",
    ]
