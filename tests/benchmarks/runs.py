"""Runs jobs one after the other, each in a process of its own with a hard stop, and keeps what they came to.

Every run is a line of a JSON-lines file that git ignores, so a long table can be made in pieces. A line counts only for
the code that it was made with: it bears a stamp over the sources that matter, and the solvers' versions.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.benchmarks.clocks import looked_at

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".benchmarks" / "engine.jsonl"

_GRACE_SHARE = 1.1
_GRACE_SECONDS = 20.0
_CLOCK_MANY = 10
_LOOK_SECONDS = 0.05

Job = dict[str, Any]
Came = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """What earlier runs came to.

    Attributes:
        path: The JSON-lines file.
        any_stamp: Whether runs of older code count too.
    """

    path: Path = KEPT
    any_stamp: bool = False

    def came(self, job: Job) -> Came | None:
        """Return the latest run of a job, or None."""
        return self._all().get(_key(job))

    def add(self, job: Job, came: Came) -> None:
        """Append a run."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"job": job, "stamp": stamp(job), "came": came}, sort_keys=True) + "\n")

    def _all(self) -> dict[str, Came]:
        if not self.path.exists():
            return {}
        read = (json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines())
        return {_key(run["job"]): run["came"] for run in read if self.any_stamp or run["stamp"] == stamp(run["job"])}


def run_all(jobs: Iterable[Job], kept: Kept, *, say: Callable[[str], None]) -> None:
    """Run the jobs that have not been run with this code, and again those that failed."""
    once = {_key(job): job for job in jobs}
    left = [job for job in once.values() if has_failed(kept.came(job))]
    for number, job in enumerate(left, start=1):
        came = run(job)
        kept.add(job, came)
        say(f"{number}/{len(left)} {told(job)}: {came['status']}, {came['seconds']:.2f} s, {came['memory']:.0f} MiB")


def has_failed(came: Came | None) -> bool:
    """Return whether a job came to nothing at all: it was not run, or broke off with an error."""
    return came is None or came["status"].startswith("failed")


def told(job: Job) -> str:
    """Return a job in a few words."""
    who = f"{job['model']} by {job['solver']}" if job["work"] == "peer" else job["work"]
    size = f"{job['donors']} x {job['requests']}" if "donors" in job else f"{job['requests']} requests"
    return f"{who}, {size}, seed {job['seed']}, gap {job.get('gap', 'of the policy')}"


def run(job: Job) -> Came:
    """Return what a job comes to in a process of its own; one that does not stop by itself is killed, and says so."""
    allowed = job["limit"] * _GRACE_SHARE + _GRACE_SECONDS
    command = [sys.executable, "-m", "tests.benchmarks.child", json.dumps(job)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as wrong:
        child = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=wrong, start_new_session=True)
        try:
            ended = _waited(child.pid, allowed)
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
        child.returncode = ended.code
        out.seek(0)
        wrong.seek(0)
        said, error = out.read().decode(), wrong.read().decode()
    if ended.code == 0:
        return {**json.loads(said.splitlines()[-1]), "memory": ended.memory}
    status = "killed" if ended.code == -signal.SIGKILL else "failed: " + (error.strip().splitlines() or ["no word"])[-1]
    return {
        "seconds": ended.seconds,
        "wall": ended.wall,
        "memory": ended.memory,
        "parts": {},
        "status": status,
        "proven": False,
        "objective": None,
    }


@dataclass(frozen=True)
class _Ended:
    """How a process and its children ended: exit code, processor seconds, seconds on the clock, peak MiB."""

    code: int
    seconds: float
    wall: float
    memory: float


def _waited(pid: int, allowed: float) -> _Ended:
    """Return how a process ended; it is killed with its children when it takes too long.

    The peak is the largest of what the system says of one process and what all of them were seen to hold together. Too
    long is `allowed` processor seconds, or many times that on the clock.
    """
    started, peak, seconds = time.monotonic(), 0.0, 0.0
    while True:
        ended, status, used = os.wait4(pid, os.WNOHANG)
        if not ended and (seconds > allowed or time.monotonic() - started > allowed * _CLOCK_MANY):
            os.killpg(pid, signal.SIGKILL)
            ended, status, used = os.wait4(pid, 0)
        if ended:
            seconds = max(seconds, used.ru_utime + used.ru_stime)
            peak = max(peak, used.ru_maxrss / 1024)
            return _Ended(os.waitstatus_to_exitcode(status), seconds, time.monotonic() - started, peak)
        seconds, held = looked_at(pid)
        peak = max(peak, held)
        time.sleep(_LOOK_SECONDS)


def stamp(job: Job) -> str:
    """Return the digest of what a job's figures depend on: our sources for our work, the models' for the peers'."""
    work = job["work"]
    if work not in _stamps:
        files = [Path(__file__).parent / f"{name}.py" for name in _FILES.get(work, _FILES["ours"])]
        if work != "peer":
            files += [*sorted((ROOT / "allocation").rglob("*.py")), ROOT / "tests" / "allocation" / "tight.py"]
        text = "".join(f"{file.relative_to(ROOT)} {file.read_text(encoding='utf-8')}" for file in files)
        _stamps[work] = hashlib.sha256((text + json.dumps(versions())).encode()).hexdigest()[:16]
    return _stamps[work]


_stamps: dict[str, str] = {}
_FILES = {
    "ours": ("rounds", "clocks", "child"),
    "explain": ("rounds", "clocks", "afterwards"),
    "certify": ("rounds", "clocks", "afterwards"),
    "peer": ("rounds", "clocks", "programs", "peers"),
}


def versions() -> dict[str, str]:
    """Return the versions of what solves; what is not installed is named so."""
    found = {"Python": sys.version.split()[0]}
    for name in ("highspy", "pulp", "pyscipopt", "numpy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _key(job: Job) -> str:
    return json.dumps(job, sort_keys=True)
