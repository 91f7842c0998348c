"""Flows drawn as bands from the left to the right, by hand: what is drawn is what was recorded, link by link."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from reports.page.colours import colours_of, variable
from reports.page.drawing import WIDE, Scale, scale_of
from reports.report import Flows, Link

NODES_MAX = 20
"""Ends that one side shows; the smallest beyond it are one end, `n others`."""

NODE_WIDTH = 10
BANDS_HEIGHT = 330
SLOT_MIN = 17
SLOT_GAP = 7
CHARACTER_WIDTH = 7.4
NAMES_WIDE, NAMES_NARROW = 620, 290
"""Most that the names of both sides take together, in pixels."""


@dataclass(frozen=True, slots=True)
class _Node:
    """One end of bands: where it stands and how tall it is, in pixels."""

    name: str
    amount: Decimal
    top: float
    height: float


def draw_flows(chart: Flows, *, width: int, key: str) -> str:
    """Return flows as an SVG element with a title and a description.

    Args:
        chart: What to draw.
        width: Of the whole drawing, in pixels.
        key: Unique within the page.
    """
    links = gathered(chart.links)
    whole = sum((link.amount for link in links), Decimal(0)) or Decimal(1)
    scale = scale_of(max((amount for _, amount in _totals(links, "source")), default=Decimal(0)), chart.currency)
    left = _placed(_totals(links, "source"), whole)
    right = _placed(_totals(links, "target"), whole)
    height = max(_bottom(left), _bottom(right)) + 30
    left, right = _centred(left, height), _centred(right, height)
    margin = _margins(left, right, scale, width)
    start, end = margin[0], width - margin[1]
    colours = colours_of([node.name for node in right])
    parts = [
        *(
            _path(band, start + NODE_WIDTH, end - NODE_WIDTH, colours[band.link.target], scale)
            for band in _stacked(links, left, right)
        ),
        *(_end(node, start, "end", "var(--ink)", scale, margin[0]) for node in left),
        *(_end(node, end - NODE_WIDTH, "start", variable(colours[node.name]), scale, margin[1]) for node in right),
        f'<text x="0" y="13" class="side">{escape(chart.left)}</text>',
        f'<text x="{width}" y="13" text-anchor="end" class="side">{escape(chart.right)}, {escape(scale.unit)}</text>',
    ]
    return (
        f'<svg role="img" aria-labelledby="{key}-t {key}-d" class="bands" viewBox="0 0 {width} {height:.0f}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{key}-t">{escape(chart.title)}</title>'
        f'<desc id="{key}-d">{escape(chart.description)}</desc>{"".join(parts)}</svg>'
    )


def _margins(left: list[_Node], right: list[_Node], scale: Scale, width: int) -> tuple[int, int]:
    """Return the room beside both sides' ends: what their names take, within limits, so that bands stay to be seen."""
    most, least = (NAMES_WIDE, 120) if width >= WIDE else (NAMES_NARROW, 110)
    wanted = [
        max((len(node.name) + len(scale.text(node.amount)) + 2 for node in nodes), default=0) for nodes in (left, right)
    ]
    room = [max(int(longest * CHARACTER_WIDTH) + 22, least) for longest in wanted]
    on_right = min(room[1], max(most - room[0], most // 2))
    return min(room[0], most - on_right), on_right


def gathered(links: tuple[Link, ...]) -> list[Link]:
    """Return the links with the smallest ends of a crowded side gathered in one, largest first."""
    renamed = {side: _names(links, side) for side in ("source", "target")}
    amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for link in links:
        amounts[renamed["source"][link.source], renamed["target"][link.target]] += link.amount
    found = [Link(source, target, amount) for (source, target), amount in amounts.items()]
    return sorted(found, key=lambda link: (-link.amount, link.source, link.target))


def _names(links: tuple[Link, ...], side: str) -> dict[str, str]:
    totals = _totals(list(links), side)
    shown = {name for name, _ in (totals if len(totals) <= NODES_MAX + 1 else totals[:NODES_MAX])}
    return {name: name if name in shown else f"{len(totals) - len(shown)} others" for name, _ in totals}


def _totals(links: list[Link], side: str) -> list[tuple[str, Decimal]]:
    """Return each end with its sum, the largest first and what was gathered last."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for link in links:
        totals[getattr(link, side)] += link.amount
    return sorted(totals.items(), key=lambda item: (item[0].endswith(" others"), -item[1], item[0]))


def _placed(totals: list[tuple[str, Decimal]], whole: Decimal) -> list[_Node]:
    nodes, top = [], 30.0
    for name, amount in totals:
        height = max(float(amount / whole) * BANDS_HEIGHT, 1.0)
        slot = max(height, SLOT_MIN)
        nodes.append(_Node(name, amount, top + (slot - height) / 2, height))
        top += slot + SLOT_GAP
    return nodes


def _bottom(nodes: list[_Node]) -> float:
    return max((node.top + max(node.height, SLOT_MIN) for node in nodes), default=30.0)


def _centred(nodes: list[_Node], height: float) -> list[_Node]:
    """Return a side's nodes moved down so that short sides stand in the middle."""
    shift = max((height - 30 - _bottom(nodes)) / 2, 0.0)
    return [_Node(node.name, node.amount, node.top + shift, node.height) for node in nodes]


@dataclass(frozen=True, slots=True)
class _Band:
    """One link as drawn: where it leaves and arrives, and how thick it is at both ends, in pixels."""

    link: Link
    leaves: float
    arrives: float
    thickness_left: float
    thickness_right: float


def _stacked(links: list[Link], left: list[_Node], right: list[_Node]) -> list[_Band]:
    """Return the bands; at each end they lie one under the other in the order of the far end."""
    leaves = _tops(links, left, right, "source", "target")
    arrives = _tops(links, right, left, "target", "source")
    sources, targets = {node.name: node for node in left}, {node.name: node for node in right}
    return [
        _Band(
            link,
            leaves[link],
            arrives[link],
            _thickness(link.amount, sources[link.source]),
            _thickness(link.amount, targets[link.target]),
        )
        for link in links
    ]


def _tops(links: list[Link], near: list[_Node], far: list[_Node], side: str, other: str) -> dict[Link, float]:
    nodes = {node.name: node for node in near}
    rank = {node.name: position for position, node in enumerate(far)}
    level = {node.name: node.top for node in near}
    tops: dict[Link, float] = {}
    for link in sorted(links, key=lambda link: rank[getattr(link, other)]):
        name = getattr(link, side)
        tops[link] = level[name]
        level[name] += _thickness(link.amount, nodes[name])
    return tops


def _path(band: _Band, start: float, end: float, colour: str, scale: Scale) -> str:
    middle = (start + end) / 2
    y1, y2, y3, y4 = band.leaves, band.arrives, band.arrives + band.thickness_right, band.leaves + band.thickness_left
    shape = (
        f"M{start:.1f} {y1:.2f}C{middle:.1f} {y1:.2f} {middle:.1f} {y2:.2f} {end:.1f} {y2:.2f}"
        f"L{end:.1f} {y3:.2f}C{middle:.1f} {y3:.2f} {middle:.1f} {y4:.2f} {start:.1f} {y4:.2f}Z"
    )
    said = escape(f"{band.link.source} → {band.link.target}: {scale.unit} {scale.text(band.link.amount)}")
    return f'<path d="{shape}" fill="{variable(colour)}" class="band"><title>{said}</title></path>'


def _thickness(amount: Decimal, node: _Node) -> float:
    return float(amount / node.amount) * node.height


def _end(node: _Node, x: float, anchor: str, colour: str, scale: Scale, margin: int) -> str:
    """Return one end with its name and sum beside it; a name that the margin does not hold is cut."""
    text_x = x - 7 if anchor == "end" else x + NODE_WIDTH + 7
    middle = node.top + node.height / 2 + 4
    said = scale.text(node.amount)
    longest = int((margin - 14) / CHARACTER_WIDTH) - len(said) - 1
    name = node.name if len(node.name) <= longest else node.name[: longest - 1].rstrip() + "…"
    return (
        f'<rect x="{x:.1f}" y="{node.top:.2f}" width="{NODE_WIDTH}" height="{node.height:.2f}" fill="{colour}"/>'
        f'<text x="{text_x:.1f}" y="{middle:.1f}" text-anchor="{anchor}">{escape(name)} '
        f'<tspan class="sum">{said}</tspan><title>{escape(node.name)}</title></text>'
    )
