"""What it means to force a request in: the least possible award, or the whole ask where it has a part already."""

from __future__ import annotations

from allocation.explain.variants import funded_row
from allocation.limits import Row
from allocation.prepared import Prepared

FORCED = "the request is funded"
"""Name of the row that forces a request in."""


def target(round_: Prepared, request: int, award: int) -> int:
    """Return what a request is forced to get: the least possible award, or the whole ask when it has a part."""
    return round_.ranges[request].ask if award else round_.ranges[request].least


def forcing_row(request: int, award: int, least: int) -> Row:
    """Return the row that forces a request in."""
    return Row(FORCED, -least, amounts={request: -1}) if award else funded_row(FORCED, [request])
