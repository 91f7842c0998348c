"""`round solve` on a terminal: progress, Ctrl-C once and twice, no child left, the book as before when told so."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from commands import FACILITY, contents, ran

SCRIPT = Path(__file__).with_name("stubborn_facility.py")
BOOK = Path("facility.duckdb")
SECONDS_MAX = 60.0
PROGRESS = r"\d:\d\d:\d\d objective [\d,.]+, at most [\d,.]+, gap \d\.\de[+-]\d\d; asking classes x cells"


@dataclass
class Terminal:
    """A command whose stdin and stderr are a terminal of its own.

    Attributes:
        running: The command.
        keyboard: Where keys are typed and the screen is read.
        screen: What was shown so far.
    """

    running: subprocess.Popen[bytes]
    keyboard: int
    screen: str = field(default="")

    @property
    def shown(self) -> str:
        """Return the screen without colours and movements."""
        return re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", self.screen)

    def press_when(self, word: str, key: bytes = b"\x03") -> None:
        """Press a key, Ctrl-C, when a word is on the screen."""
        ends = time.monotonic() + SECONDS_MAX
        while word not in self.screen:
            assert time.monotonic() < ends, f"no {word!r} in {self.screen!r}"
            self._look(0.2)
        os.write(self.keyboard, key)

    def ended(self) -> tuple[int, str]:
        """Return the exit code and stdout, once the command has ended; its whole session must be gone."""
        ends = time.monotonic() + SECONDS_MAX
        while self.running.poll() is None:
            assert time.monotonic() < ends, f"does not end: {self.screen!r}"
            self._look(0.1)
        self._look(0.1)
        assert self.running.stdout is not None
        assert processes_of(self.running.pid) == []
        return self.running.returncode, self.running.stdout.read().decode()

    def _look(self, seconds: float) -> None:
        with suppress(OSError):  # nobody has the terminal open any more
            while select.select([self.keyboard], [], [], seconds)[0]:
                self.screen += os.read(self.keyboard, 65_536).decode("utf-8", "replace")
                seconds = 0


@contextmanager
def on_a_terminal(*command: str) -> Iterator[Terminal]:
    """Run a command with a terminal of 200 columns as its controlling one, so that Ctrl-C reaches its whole group."""
    keyboard, screen = pty.openpty()
    termios.tcsetwinsize(screen, (24, 200))
    running = subprocess.Popen(
        command,
        stdin=screen,
        stdout=subprocess.PIPE,
        stderr=screen,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
    )
    os.close(screen)
    with running:
        try:
            yield Terminal(running, keyboard)
        finally:
            running.kill()
            os.close(keyboard)


def stubborn(double: str) -> tuple[str, ...]:
    """Return the command that solves the book's round with a search that misbehaves."""
    return (sys.executable, str(SCRIPT), double, "round", "solve", "R1", "--by", "manager")


def processes_of(session: int) -> list[int]:
    """Return the processes of a session that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, of = stat.read_text().rpartition(")")[2].split()[:4]
            if int(of) == session and state != "Z":
                found.append(int(stat.parent.name))
    return found


pytestmark = [
    pytest.mark.usefixtures("desk"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see what is left running"),
]


def test_ctrl_c_keeps_the_best_so_far_with_its_gap() -> None:
    with on_a_terminal(*stubborn("FindsAndHangs")) as terminal:
        terminal.press_when("objective")
        code, out = terminal.ended()
    assert code == 0
    assert "feasible, because it was stopped by hand: merit" in out
    assert re.search(r"gap [1-9]\.\de-0\d", out)
    assert re.search(PROGRESS, terminal.shown)
    assert re.search(r"decision sha256:[0-9a-f]{64} proposed by manager", terminal.screen)
    assert "Traceback" not in terminal.screen
    listed = json.loads(ran("round", "list", "--format", "json").out)
    assert listed[0]["decisions"] == 2


def test_ctrl_c_after_the_search_keeps_the_decision_without_its_certificate() -> None:
    with on_a_terminal(*stubborn("SlowProof")) as terminal:
        terminal.press_when("checking and explaining")
        code, out = terminal.ended()
    assert code == 0
    assert "optimal" in out
    assert re.search(r"decision sha256:[0-9a-f]{64} proposed by manager", terminal.screen)
    assert "Traceback" not in terminal.screen
    assert json.loads(ran("round", "list", "--format", "json").out)[0]["decisions"] == 2


def test_ctrl_c_before_anything_is_found_is_told_and_leaves_the_book_as_it_was() -> None:
    before = contents(BOOK)
    with on_a_terminal(*stubborn("Sleeps")) as terminal:
        terminal.press_when("classes of money")
        code, out = terminal.ended()
    assert (code, out) == (1, "")
    assert "error: the search was stopped after" in terminal.screen
    assert "code: search-stopped" in terminal.screen
    assert "Traceback" not in terminal.screen
    assert contents(BOOK) == before


def test_a_second_ctrl_c_ends_at_once_and_leaves_the_book_as_it_was() -> None:
    before = contents(BOOK)
    with on_a_terminal(*stubborn("SeesAndHangs")) as terminal:
        terminal.press_when("objective")
        terminal.press_when("making the best choice so far exact")
        code, out = terminal.ended()
    assert (code, out) == (130, "")
    assert "stopped; what was already committed stands, nothing else was written" in terminal.screen
    assert "Traceback" not in terminal.screen
    assert contents(BOOK) == before


def test_the_time_limit_of_the_command_holds_and_a_failing_search_is_told() -> None:
    before = contents(BOOK)
    started = time.monotonic()
    with on_a_terminal(*stubborn("HangsInNativeCode"), "--time-limit", "1", "--dry-run") as terminal:
        code, out = terminal.ended()
    assert time.monotonic() - started < 20
    assert code == 0
    assert "feasible, because the time ran out: merit 0" in out
    with on_a_terminal(*stubborn("Dies")) as terminal:
        assert terminal.ended() == (1, "")
    assert "code: solver-failed" in terminal.screen
    assert "Traceback" not in terminal.screen
    assert contents(BOOK) == before


def test_progress_is_on_a_terminal_and_not_in_a_pipe() -> None:
    with on_a_terminal(str(FACILITY), "round", "solve", "R1", "--dry-run", "--format", "json") as terminal:
        code, out = terminal.ended()
    assert code == 0
    assert "0:00:00 " in terminal.shown
    assert json.loads(out)["status"] == "optimal"
    piped = ran("round", "solve", "R1", "--dry-run", "--format", "json")
    assert re.fullmatch(r"decision sha256:[0-9a-f]{64} proposed by manager.*\n", piped.err)
    assert {**json.loads(piped.out), "seconds": 0} == {**json.loads(out), "seconds": 0}


def test_a_race_is_told_in_the_decision_and_in_the_answer() -> None:
    done = ran("round", "solve", "R1", "--race", "--dry-run")
    assert done.code == 0, done.err
    assert re.search(
        r"raced: classes x cells against projected; .* first; .*; another run may choose otherwise", done.out
    )
    body = json.loads(ran("round", "solve", "R1", "--race", "--dry-run", "--format", "json").out)
    assert body["method"].startswith("raced: classes x cells against projected; ")
