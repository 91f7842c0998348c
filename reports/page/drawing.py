"""Waterfalls and bars, drawn by altair as SVG without a browser or a network.

Each chart is drawn twice, for a wide and for a narrow page; the page shows the one that fits. Positions on the page are
floats; every figure that is written is text made from the exact amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Any

import altair as alt

from reports.page.colours import FAINT, INK, LINE, colours_of, themed
from reports.report import Bars, Waterfall

WIDE, NARROW = 960, 420
LABELS_WIDTH = 270
"""Most that the labels on the left of a wide chart take."""

FONT = "system-ui, -apple-system, Segoe UI, Roboto, sans-serif"


@dataclass(frozen=True, slots=True)
class Piece:
    """One rectangle of a chart, in major units."""

    label: str
    name: str
    start: Decimal
    end: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit in which a chart's figures are written.

    Attributes:
        unit: With the currency: `USD million`.
        divisor: Major units in it.
        places: Decimal places shown.
    """

    unit: str
    divisor: Decimal
    places: int

    def text(self, amount: Decimal) -> str:
        """Return an amount in this unit."""
        rounded = (amount / self.divisor).quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        return f"{rounded:,}".replace("-", "−")


def scale_of(largest: Decimal, currency: str) -> Scale:
    """Return the unit that keeps figures short."""
    for floor, word in ((10**9, "billion"), (10**6, "million")):
        if largest >= floor:
            return Scale(f"{currency} {word}", Decimal(floor), 2)
    return Scale(currency, Decimal(1), 0 if largest >= 10_000 else 2)


def waterfall_pieces(chart: Waterfall) -> list[Piece]:
    """Return the steps as rectangles."""
    return [Piece(step.label, step.tone, step.start, step.end) for step in chart.steps]


def bar_pieces(chart: Bars) -> list[Piece]:
    """Return the parts of the bars as rectangles, one beside the other."""
    pieces = []
    for bar in chart.bars:
        level = Decimal(0)
        for name, amount in bar.parts:
            pieces.append(Piece(bar.label, name, level, level + amount))
            level += amount
    return pieces


def draw(chart: Waterfall | Bars, *, width: int, key: str) -> str:
    """Return a chart as an SVG element with a title and a description.

    Args:
        chart: What to draw.
        width: Of the whole drawing, in pixels.
        key: Unique within the page.
    """
    import vl_convert

    pieces = waterfall_pieces(chart) if isinstance(chart, Waterfall) else bar_pieces(chart)
    specification = _chart(chart, pieces, width).to_dict()
    svg: str = vl_convert.vegalite_to_svg(specification, vl_version="v6.1")
    return _accessible(themed(svg), chart.title, chart.description, key)


def _chart(chart: Waterfall | Bars, pieces: list[Piece], width: int) -> Any:
    is_narrow = width < WIDE
    largest = max((max(abs(piece.start), abs(piece.end)) for piece in pieces), default=Decimal(1))
    scale = scale_of(largest, chart.currency)
    bars = _rows(pieces, scale)
    texts = _texts(chart, pieces, scale)
    names = list(dict.fromkeys(piece.name for piece in pieces))
    palette = colours_of(names)
    order = list(dict.fromkeys(piece.label for piece in pieces))
    room = 1.0 if is_narrow else 1.14
    lowest = min((float(min(piece.start, piece.end) / scale.divisor) for piece in pieces), default=0.0)
    domain = [min(0.0, lowest), float(largest / scale.divisor) * room or 1.0]
    y = alt.Y(
        "label:N", sort=order, title=None, scale=alt.Scale(paddingInner=0.6 if is_narrow else 0.34, paddingOuter=0.3)
    )
    labels = min(LABELS_WIDTH, 24 + 8 * max((len(label) for label in order), default=0))
    axis = alt.Axis(labelLimit=labels, minExtent=labels, labelPadding=8, ticks=False, domain=False)
    x_axis = alt.Axis(title=scale.unit, tickCount=4 if is_narrow else 7, domain=False, ticks=False, labelFlush=False)
    x = alt.X("start:Q", scale=alt.Scale(domain=domain, nice=False), axis=x_axis)
    colour = alt.Color("name:N", scale=alt.Scale(domain=names, range=[palette[name] for name in names]), legend=None)
    layers = [
        alt.Chart(alt.InlineData(bars))
        .mark_bar(cornerRadius=2)
        .encode(y=y.axis(None) if is_narrow else y.axis(axis), x=x, x2="end:Q", color=colour)
    ]
    base = alt.Chart(alt.InlineData(texts)).encode(y=y)
    if is_narrow:
        lift = -19
        layers.append(
            base.mark_text(align="left", dy=lift, fill=INK, fontSize=12).encode(x=alt.value(0), text="label:N")
        )
        layers.append(
            base.mark_text(align="right", dy=lift, fill=INK, fontSize=12).encode(x=alt.value(width - 24), text="text:N")
        )
    else:
        layers.append(
            base.mark_text(align="left", dx=6, fill=INK, fontSize=12.5).encode(x=alt.X("at:Q"), text="text:N")
        )
    step = 48 if is_narrow else 34
    plot = width - 24 if is_narrow else width - labels - 30
    return (
        alt.layer(*layers)
        .properties(width=plot, height=alt.Step(step), background="transparent", padding=8)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=FAINT,
            gridColor=LINE,
            labelFontSize=12.5,
            titleFontSize=12,
            titleFontWeight="normal",
        )
    )


def _rows(pieces: list[Piece], scale: Scale) -> list[dict[str, str | float]]:
    return [
        {
            "label": piece.label,
            "name": piece.name,
            "start": float(min(piece.start, piece.end) / scale.divisor),
            "end": float(max(piece.start, piece.end) / scale.divisor),
        }
        for piece in pieces
    ]


def _texts(chart: Waterfall | Bars, pieces: list[Piece], scale: Scale) -> list[dict[str, str | float]]:
    """Return one text a bar: what a step adds or takes, or what a bar sums to."""
    if isinstance(chart, Waterfall):
        amounts = {step.label: step.end - step.start for step in chart.steps}
        signs = {step.label: "" if step.tone == "total" or step.end < step.start else "+" for step in chart.steps}
    else:
        amounts = {bar.label: sum((amount for _, amount in bar.parts), Decimal(0)) for bar in chart.bars}
        signs = dict.fromkeys(amounts, "")
    ends: dict[str, Decimal] = {}
    for piece in pieces:
        ends[piece.label] = max(ends.get(piece.label, Decimal(0)), piece.start, piece.end)
    return [
        {"label": label, "text": signs[label] + scale.text(amount), "at": float(ends[label] / scale.divisor)}
        for label, amount in amounts.items()
    ]


def _accessible(svg: str, title: str, description: str, key: str) -> str:
    """Return a drawing with a name and a description for who cannot see it, and ids of its own."""
    own = re.sub(r'(id="|url\(#)(clip|gradient)', rf"\g<1>{key}-\g<2>", svg)
    own = re.sub(r' aria-(label|roledescription)="[^"]*"| role="graphics-[a-z]+"', "", own)
    own = re.sub(r' width="[\d.]+" height="[\d.]+"', "", own, count=1)
    head = f'<svg role="img" aria-labelledby="{key}-t {key}-d"'
    named = f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(description)}</desc>'
    opened = own.replace("<svg", head, 1)
    end = opened.index(">") + 1
    return opened[:end] + named + opened[end:]
