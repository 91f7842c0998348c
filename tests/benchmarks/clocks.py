"""Processor seconds and memory, as the operating system accounts them, with what children used."""

from __future__ import annotations

import resource
from pathlib import Path

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


def resident_mib(pid: int) -> float:
    """Return what a process and all below it hold in memory now, MiB; 0 where the system does not tell."""
    held, left = 0, [pid]
    while left:
        about = Path("/proc") / str(left.pop())
        try:
            held += int((about / "statm").read_text().split()[1])
            left += map(int, (about / "task" / about.name / "children").read_text().split())
        except (OSError, ValueError, IndexError):
            continue
    return held * resource.getpagesize() / 2**20
