"""What the demo hands to a refused applicant and to a donor: a page each, and the round's files with what is claimed.

The files are checked as a stranger would: by the checker among them, run by Python alone.
"""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ledgers.errors import FacilityError
from ledgers.store import Book

if TYPE_CHECKING:
    from facility.usecases.terms_cost import TermsCost

_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was written and what the checker said of it.

    Attributes:
        page: The applicant's page.
        files: Folder of the round's files.
        claims: How many statements about the request and about the donor's terms the checker worked out again.
        verdict: The checker's last line.
    """

    page: Path
    files: Path
    claims: int
    verdict: str


def hand_over(
    book: Book,
    round_id: str,
    request: str,
    dearest: TermsCost | None,
    folder: Path,
    *,
    progress: Callable[[str], None],
) -> HandedOver:
    """Write a refused request's page and the round's files with claims on it and a donor, and have them checked.

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
    made = why.claimed(asked, request, seconds=_SECONDS, progress=progress)
    why.write(page, refusal_page(book, asked, made))
    claims = why.note_claims(files / "claims.json", [*made.rows, *(dearest.claims if dearest else ())], {request})
    command = [sys.executable, str(files / "check_round.py"), str(files)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    if checked.returncode:
        raise FacilityError(
            f"the checker does not agree with the round's files: {checked.stdout.strip().splitlines()[-1:]}",
            remedy="this is a fault in Facility: please report it",
        )
    return HandedOver(page, files, claims, checked.stdout.strip().splitlines()[-1])


def dearest_terms(book: Book, round_id: str, *, progress: Callable[[str], None]) -> TermsCost | None:
    """Return what the terms cost that cost the round most, by a verified decision; None when none cost anything."""
    from facility.usecases import terms_cost, why

    costs = terms_cost.terms_costs(why.decisive(book, round_id), seconds=_SECONDS, progress=progress)
    most = max(costs, key=lambda found: (found.cost.at_least, found.cost.donor), default=None)
    return None if most is None or most.cost.at_least <= 0 else most


def proof_lines(handed: HandedOver | None, dearest: TermsCost | None, donor_page: Path) -> list[str]:
    """Return the story's lines on the earmark that costs most, the two pages and the proof."""
    lines = ["An earmark  no donor's terms cost the round anything"] if dearest is None else _dearest_lines(dearest)
    pages = [f"{handed.page} for the applicant"] if handed is not None else []
    pages += [f"{donor_page} for the donor"] if dearest is not None else []
    lines += [f"Pages      {'; '.join(pages)}"] if pages else []
    if handed is not None:
        lines += [
            f"To check   python {handed.files}/check_round.py {handed.files}",
            f"           with Python alone works {handed.claims} statements of these pages out again, and says:",
            f"           {handed.verdict}",
        ]
    return lines


def _dearest_lines(dearest: TermsCost) -> list[str]:
    cost, share = dearest.cost, dearest.share * 100
    per_cent = (Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal("0.1"), ROUND_FLOOR)
    terms, least = "; ".join(cost.earmarks), math.floor(cost.at_least)
    return [
        f"An earmark {terms}, of {cost.donor}, costs the round at least {least:,}",
        f"           points of merit, {per_cent} %: the round decided again without it, verified",
    ]
