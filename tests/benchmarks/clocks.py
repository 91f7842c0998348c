"""Processor seconds and memory, as the operating system accounts them, with what children used."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


class Clock:
    """Processor seconds of this process and of its children that have ended, since the clock was made."""

    def __init__(self) -> None:
        self._started = _used()

    @property
    def seconds(self) -> float:
        """Return what has been used so far."""
        return _used() - self._started


def _used() -> float:
    used = [resource.getrusage(who) for who in _WHO]
    return sum(one.ru_utime + one.ru_stime for one in used)


def noting(part: str, work: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    """Return work that adds the processor seconds of each call to what its part has spent."""

    @wraps(work)
    def noted(*given: Any, **named: Any) -> Any:
        clock = Clock()
        try:
            return work(*given, **named)
        finally:
            spent[part] = spent.get(part, 0.0) + clock.seconds

    return noted


def looked_at(pid: int) -> tuple[float, float]:
    """Return the processor seconds that a process and all below it have used, and the MiB that they hold now.

    Both are 0 where the system does not tell.
    """
    ticks, pages, left = 0, 0, [pid]
    while left:
        about = Path("/proc") / str(left.pop())
        try:
            # After the command in brackets: user, system, and the same of children that have ended.
            ticks += sum(map(int, (about / "stat").read_text().rpartition(")")[2].split()[11:15]))
            pages += int((about / "statm").read_text().split()[1])
            left += map(int, (about / "task" / about.name / "children").read_text().split())
        except (OSError, ValueError, IndexError):
            continue
    return ticks / os.sysconf("SC_CLK_TCK"), pages * resource.getpagesize() / 2**20
