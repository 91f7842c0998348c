"""`facility guide`: the pages of the guide, shipped with the package."""

from __future__ import annotations

from typing import Annotated

import typer

from facility.cli.shared import show
from ledgers.errors import FacilityError, did_you_mean


class PageUnknown(FacilityError):
    """A page that the guide does not have."""

    code = "guide-page-unknown"


def guide(
    page: Annotated[str, typer.Argument(metavar="PAGE", help="Left out: the list of pages.")] = "README",
) -> None:
    """Print a page of the guide.

    Its pages: start, files, moving-in, terms, policies, rounds, contributions, grants, periods, proofs, scenarios,
    sharing, reports, looking-in, exports, sql, python and errors.
    """
    from importlib.resources import files

    pages = {
        item.name.removesuffix(".md"): item for item in files("facility.help").iterdir() if item.name.endswith(".md")
    }
    if page not in pages:
        raise PageUnknown(f"the guide has no page {page}", remedy=did_you_mean(page, sorted(set(pages) - {"README"})))
    show(pages[page].read_text(encoding="utf-8"))
