"""A child: one task in a process of its own, which ends when it is told to, whatever the solver in it is doing.

Not `multiprocessing`: a forked child would inherit threads and locks half-way, and a spawned one runs the caller's own
main module again. This one runs `child_entry.py` and nothing else of the caller's.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO

from allocation.messages import Answered, Broke, Ended, Message, Refused, Task
from ledgers.errors import FacilityError

_ENTRY = Path(__file__).with_name("child_entry.py")
_SOFT_SECONDS = 1.0

Inbox = SimpleQueue[tuple["Child", Message]]


class SolverFailed(FacilityError):
    """The solver's process could not be started, or broke off before it had found anything."""

    code = "solver-failed"


class Child:
    """One task, running apart.

    Args:
        name: What it is called in messages.
        task: What it runs; all of it must be picklable.
        seconds_max: After so many seconds it ends by itself, even if nobody is left to stop it.
        inbox: Where its messages go, one `Ended`, `Answered`, `Refused` or `Broke` last.
    """

    def __init__(self, name: str, task: Task, *, seconds_max: float, inbox: Inbox) -> None:
        self.name = name
        self._task = (task, seconds_max)
        self._inbox = inbox
        self._errors, self._running = _started()
        self._talk = threading.Thread(target=self._talked, daemon=True)
        self._talk.start()

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def number(self) -> int:
        """Return the process id."""
        return self._running.pid

    def stop(self) -> None:
        """End it, now; also when it is in native code, has hung, or has ended."""
        try:
            self._running.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(timeout=_SOFT_SECONDS)
        finally:
            self._running.kill()
            self._running.wait()
            self._talk.join()
            for stream in (self._running.stdin, self._running.stdout, self._errors):
                _closed(stream)

    def _talked(self) -> None:
        """Hand the task over, then pass on what the child says until its end."""
        stdin, stdout = self._running.stdin, self._running.stdout
        assert stdin is not None  # noqa: S101 (both are pipes)
        assert stdout is not None  # noqa: S101
        with suppress(OSError):  # a child that dies at once is heard of below
            pickle.dump(sys.path, stdin)
            pickle.dump(self._task, stdin, protocol=pickle.HIGHEST_PROTOCOL)
            stdin.flush()
        while True:
            try:
                message: Message = pickle.load(stdout)  # noqa: S301 (from our own child)
            except Exception:  # noqa: BLE001 (a killed child leaves half a message, which fails in many ways)
                self._inbox.put((self, Broke(self._how_it_ended())))
                return
            self._inbox.put((self, message))
            if isinstance(message, Ended | Broke | Answered | Refused):
                return

    def _how_it_ended(self) -> str:
        code = self._running.wait()
        if code < 0:
            name = signal.strsignal(-code) or "unknown"
            memory = "; the machine may have run out of memory" if -code == signal.SIGKILL else ""
            return f"it was ended by signal {-code} ({name}){memory}"
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return f"it ended with exit code {code}" + (f": {lines[-1]}" if lines else "")


def _started() -> tuple[IO[bytes], subprocess.Popen[bytes]]:
    """Start the process; return where its errors go, and itself."""
    command, pipe = [sys.executable, "-P", str(_ENTRY)], subprocess.PIPE
    with ExitStack() as undone:
        try:
            errors = undone.enter_context(tempfile.TemporaryFile())
            with _interrupts_held():
                running = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors)
        except OSError as cause:
            raise SolverFailed(
                f"the solver's process could not be started: {cause.strerror}",
                remedy="free some memory and disk, or let the machine have more processes",
            ) from cause
        undone.pop_all()
        return errors, running


def _closed(stream: IO[bytes] | None) -> None:
    if stream is not None:
        with suppress(OSError):  # what was not yet written needs no reader any more
            stream.close()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a child starts: it inherits that, so no Ctrl-C ends it before it can say what it found."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
