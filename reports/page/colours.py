"""Colours of the charts: drawn in those of the light page, then left to the page's style, which knows dark mode."""

from __future__ import annotations

import re
from collections.abc import Sequence

INK = "#1e293b"
FAINT = "#64748b"
LINE = "#d7dee8"
MUTED = "#a3b1c2"

SERIES = ("#0f766e", "#4c5fd5", "#d97706", "#be185d", "#0284c7", "#65a30d", "#7c3aed")
"""Of parts without a colour of their own, in order."""

_VARIABLES = {INK: "--ink", FAINT: "--faint", LINE: "--line", MUTED: "--muted"} | {
    colour: f"--c{number}" for number, colour in enumerate(SERIES, start=1)
}

BY_NAME = {
    "integration": SERIES[0],
    "institutions": SERIES[1],
    "diaspora": SERIES[2],
    "in": SERIES[0],
    "expected": MUTED,
    "out": SERIES[2],
    "used": SERIES[3],
    "more": SERIES[0],
    "less": SERIES[3],
    "total": INK,
    "plain": SERIES[0],
    "awarded": SERIES[0],
    "asked, not awarded": MUTED,
    "required": INK,
    "available from others": SERIES[4],
    "allocated by the facility": SERIES[0],
    "allocated": SERIES[0],
    "amount": SERIES[0],
    "gap": MUTED,
}
"""One word has one colour on every page."""


GATHERED = re.compile(r"\d+ others")
"""What ends gathered in one are called."""


def colours_of(names: Sequence[str]) -> dict[str, str]:
    """Return a colour for each name: its own, that of its last word after `·`, or the next free one."""
    own = {name: _own(name) for name in names}
    free = [colour for colour in SERIES if colour not in own.values()] or list(SERIES)
    others = [name for name, colour in own.items() if colour is None]
    return {name: colour or free[others.index(name) % len(free)] for name, colour in own.items()}


def _own(name: str) -> str | None:
    """Return a name's own colour; what was gathered, `22 others`, has that of nothing in particular."""
    return MUTED if GATHERED.fullmatch(name) else BY_NAME.get(name) or BY_NAME.get(name.rsplit(" · ", 1)[-1])


def themed(svg: str) -> str:
    """Return a drawing whose colours are the page's variables."""
    return re.sub(
        r"#[0-9a-f]{6}\b", lambda match: f"var({_VARIABLES[match[0]]})" if match[0] in _VARIABLES else match[0], svg
    )


def variable(colour: str) -> str:
    """Return a colour as the page's style names it."""
    return f"var({_VARIABLES[colour]})"
