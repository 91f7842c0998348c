"""An exact dynamic program for all-or-nothing rounds, written apart from the engine: it reads the files by itself.

Understands what the rounds of `known_answers` use and refuses the rest: one unearmarked contribution and one for each
window, limits that weigh a measure or count awards (of all requests or of one window), and exclusive groups. A state is
what is used of everything that is scarce; of two ways to the same state the better one is kept.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

State = tuple[int, ...]


@dataclass(frozen=True)
class Ask:
    """One request: its group (itself, when it is in none), value, and what it uses of everything scarce."""

    group: str
    value: int
    uses: State


@dataclass(frozen=True)
class Program:
    """Maximise the value of the chosen asks, at most one of a group, within what there is.

    Attributes:
        asks: What can be chosen.
        ceilings: How much may be used of each scarce thing that is not money.
        windows: How much each window has of its own; their money comes after the ceilings in `Ask.uses`.
        common: How much there is for all windows beside that.
    """

    asks: tuple[Ask, ...]
    ceilings: State
    windows: State
    common: int

    def fits(self, used: State) -> bool:
        """Return whether what is used is there."""
        others, money = used[: len(self.ceilings)], used[len(self.ceilings) :]
        beyond = sum(max(0, spent - own) for spent, own in zip(money, self.windows, strict=True))
        return beyond <= self.common and all(u <= most for u, most in zip(others, self.ceilings, strict=True))


def best(program: Program) -> int:
    """Return the greatest value."""
    groups: dict[str, list[Ask]] = {}
    for ask in program.asks:
        groups.setdefault(ask.group, []).append(ask)
    values: dict[State, int] = {(0,) * (len(program.ceilings) + len(program.windows)): 0}
    for group in groups.values():
        after = dict(values)
        for used, value in values.items():
            for ask in group:
                then = tuple(u + more for u, more in zip(used, ask.uses, strict=True))
                if value + ask.value > after.get(then, -1) and program.fits(then):
                    after[then] = value + ask.value
        values = after
    return max(values.values())


def program_of(folder: Path) -> Program:
    """Return the program that a round's files state."""
    policy = tomllib.loads((folder / "policy.toml").read_text(encoding="utf-8"))
    assert set(policy) <= {"currency", "objectives", "gap", "limit", "exclusive"}, policy
    requests, contributions = _rows(folder / "requests.csv"), _rows(folder / "contributions.csv")
    earmarks = {row.get("earmark", ""): int(Fraction(row["available"])) for row in contributions}
    assert len(earmarks) == len(contributions), "one contribution an earmark"
    windows = sorted({row.get("window", "") for row in requests})
    assert set(earmarks) <= {"", *(f"window={name}" for name in windows if name)}, earmarks
    limits = policy.get("limit", [])
    group = {name: min(each["requests"]) for each in policy.get("exclusive", []) for name in each["requests"]}
    is_merit = policy["objectives"] == ["merit"]
    asks = []
    for row in requests:
        assert not row.get("amount_minimum"), "all or nothing"
        money = int(Fraction(row["amount_requested"]))
        uses = [_use(limit, row) for limit in limits]
        uses += [money if row.get("window", "") == name else 0 for name in windows]
        value = int(row["merit"]) * (money if is_merit else 1)
        asks.append(Ask(group.get(row["request_id"], row["request_id"]), value, tuple(uses)))
    ceilings = tuple(limit.get("count_at_most", limit.get("at_most")) for limit in limits)
    own = tuple(earmarks.get(f"window={name}", 0) if name else 0 for name in windows)
    return Program(tuple(asks), ceilings, own, earmarks.get("", 0))


def _use(limit: dict[str, object], row: dict[str, str]) -> int:
    assert set(limit) <= {"name", "select", "weigh", "at_most", "count_at_most"}, limit
    select = str(limit.get("select", ""))
    if select and select != f"window={row['window']}":
        assert select.startswith("window="), select
        return 0
    return int(row[str(limit["weigh"])] or 0) if "weigh" in limit else 1


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
