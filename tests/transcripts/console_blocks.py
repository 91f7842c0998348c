"""Runs the fenced `console` blocks of Markdown files, so that what a reader sees there is what the commands say.

A block holds commands after `$ ` (a `> ` continues the line above, `<<'END'` takes all lines up to END) and below each
what it prints, stdout and stderr as a terminal shows them. A last line `[exit 3]` is the exit code where it is not 0. A
line `...` stands for any lines. A fenced block with a name after its language, such as `csv deposits.csv`, is written
to a file of that name first. Seconds, times of writing, digests, versions and the folder are masked, because they vary;
nothing else is.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MASKS = (
    (re.compile(r"sha256:[0-9a-f]{12,}"), "sha256:…"),
    (re.compile(r"\b\d+(\.\d+)? s\b"), "… s"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b"), "YYYY-MM-DD hh:mm:ss"),
    (re.compile(r"HiGHS [\d.]+ \(PuLP [\d.]+\)"), "HiGHS … (PuLP …)"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A command with what it should print.

    Attributes:
        line: Of the command, in the Markdown file.
        command: For the shell.
        prompt: The command as it stands in the file.
        expected: Its output and, after another exit than 0, `[exit N]`; without the line break at the end.
    """

    line: int
    command: str
    prompt: str
    expected: str


@dataclass(slots=True)
class Shell:
    """A folder in which commands run one after the other; `cd` and `export` last.

    Attributes:
        folder: Where.
        prelude: The `cd` and `export` commands so far.
    """

    folder: Path
    prelude: list[str] = field(default_factory=list)

    def said(self, command: str) -> str:
        """Return what a command prints, masked, with its exit code."""
        done = subprocess.run(
            ["/bin/bash", "-c", "\n".join([*self.prelude, command])],
            cwd=self.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
        )
        if done.returncode == 0 and command.startswith(("cd ", "export ")):
            self.prelude.append(command)
        code = f"\n[exit {done.returncode}]" if done.returncode else ""
        text = done.stdout.decode("utf-8").replace(str(self.folder), "…").rstrip("\n") + code
        return masked(text).removeprefix("\n")


def environment() -> dict[str, str]:
    """Return the environment of a command: nobody's settings, and `manager` as who acts."""
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR", "COVERAGE_PROCESS_START") if name in os.environ}
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    return kept | {"PATH": path, "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100", "FACILITY_USER": "manager"}


def masked(text: str) -> str:
    """Return a text without what varies from run to run or from machine to machine."""
    for pattern, stand_in in _MASKS:
        text = pattern.sub(stand_in, text)
    return text


def blocks(text: str) -> Iterator[tuple[int, str, str | None, str]]:
    """Yield each fenced block: line of its first line, language, file name or None, content."""
    for found in _FENCE.finditer(text):
        yield text.count("\n", 0, found.start(3)) + 1, found[1], found[2], found[3]


def steps(content: str, first_line: int = 1) -> Iterator[Step]:
    """Yield the commands of a console block."""
    parts = re.split(r"^(?=\$ )", content, flags=re.MULTILINE)
    line = first_line + parts[0].count("\n")
    for part in parts[1:]:
        prompts = [part.split("\n")[0]]
        rest = part.split("\n")[1:]
        while rest and rest[0].startswith("> "):
            prompts.append(rest.pop(0))
        command = "\n".join(prompt[2:] for prompt in prompts)
        if here := re.search(r"<<'(\w+)'$", command):
            size = rest.index(here[1]) + 1
            prompts += rest[:size]
            command = "\n".join([command, *rest[:size]])
            rest = rest[size:]
        yield Step(line, command, "\n".join(prompts), masked("\n".join(rest).strip("\n")))
        line += part.count("\n")


def matches(expected: str, said: str) -> bool:
    """Return whether an output is the expected one, in which a line `...` stands for any lines, or none."""
    pattern = "\n".join(".*?" if line == "..." else re.escape(line) for line in expected.split("\n"))
    return re.fullmatch(pattern, said, re.DOTALL) is not None


def differences(paths: Sequence[Path], folder: Path, *, may_omit: bool = False) -> list[str]:
    """Run the files' blocks in order in one folder; return a message for each command that says something else.

    Args:
        paths: Markdown files.
        folder: Where the commands run.
        may_omit: A command shown without any output only has to succeed.
    """
    shell = Shell(folder)
    found = []
    for path in paths:
        for line, language, name, content in blocks(path.read_text(encoding="utf-8")):
            if name is not None:
                (folder / name).write_text(content, encoding="utf-8")
            elif language == "console":
                found += [_difference(path, step, shell, may_omit) for step in steps(content, line)]
    return [difference for difference in found if difference]


def _difference(path: Path, step: Step, shell: Shell, may_omit: bool) -> str:
    said = shell.said(step.command)
    is_omitted = may_omit and not step.expected and not re.search(r"^\[exit \d+\]\Z", said, re.MULTILINE)
    if is_omitted or matches(step.expected, said):
        return ""
    lines = difflib.ndiff(step.expected.split("\n"), said.split("\n"))
    return f"{path.name}, line {step.line}: $ {step.command}\n" + "\n".join(lines)


def rewrite(path: Path, folder: Path) -> None:
    """Write what the commands say into a transcript; read the difference before keeping it."""
    shell = Shell(folder)

    def replaced(found: re.Match[str]) -> str:
        if found[2]:
            (folder / found[2]).write_text(found[3], encoding="utf-8")
        if found[1] != "console" or found[2]:
            return found[0]
        told = []
        for step in steps(found[3]):
            said = shell.said(step.command)
            output = step.expected if matches(step.expected, said) else said
            told.append(step.prompt + (f"\n{output}" if output else ""))
        return "```console\n" + "\n\n".join(told) + "\n```"

    path.write_text(_FENCE.sub(replaced, path.read_text(encoding="utf-8")), encoding="utf-8")
