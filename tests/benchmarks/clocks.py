"""Processor seconds and memory, as the operating system accounts them, with what children used."""

from __future__ import annotations

import resource

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


def memory_mib() -> float:
    """Return the peak of this process in MiB, and on top of it that of the largest child that has ended.

    The two peaks need not have been at the same moment, so a process with children may be shown with too much.
    """
    peaks = (resource.getrusage(who).ru_maxrss for who in _WHO)
    return sum(peaks) / 1024
