"""The transcripts beside this file, and every console block of the documentation, say what the commands say.

`FACILITY_TRANSCRIPTS=write pytest tests/transcripts` writes them anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from console_blocks import Shell, blocks, differences, masked, matches, rewrite, steps

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TRANSCRIPTS = sorted(HERE.glob("*.md"))
GUIDE = (
    *("start", "files", "terms", "policies", "rounds", "contributions", "grants", "periods", "proofs", "sharing"),
    *("scenarios", "reports", "looking-in", "exports", "sql", "python", "errors"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a folder with the example's files in it."""
    shutil.copytree(HERE / "files", tmp_path, dirs_exist_ok=True)
    return tmp_path


LONG = {"later_rounds", "rules_that_fail", "what_if"}
"""Transcripts that solve round after round: half of the time of all, told by nightly runs."""


@pytest.mark.parametrize(
    "transcript",
    [pytest.param(path, marks=[pytest.mark.nightly] if path.stem in LONG else []) for path in TRANSCRIPTS],
    ids=lambda path: path.stem,
)
def test_the_commands_say_what_the_transcript_shows(transcript: Path, desk: Path) -> None:
    if os.environ.get("FACILITY_TRANSCRIPTS") == "write":
        rewrite(transcript, desk)
        pytest.skip("written anew")
    found = differences([transcript], desk)
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize(
    "pages",
    [("README.md",), tuple(f"facility/help/{page}.md" for page in GUIDE)],
    ids=["readme", "guide"],
)
def test_the_commands_say_what_the_documentation_shows(pages: tuple[str, ...], tmp_path: Path) -> None:
    paths = [ROOT / page for page in pages if (ROOT / page).is_file()]
    if not any(kind == "console" for path in paths for _, kind, _, _ in blocks(path.read_text(encoding="utf-8"))):
        pytest.skip(f"no console block in {', '.join(pages)}")
    found = differences(paths, tmp_path, may_omit=True)
    assert not found, "\n\n".join(found)


def test_the_runner_sees_another_output_exit_code_and_file(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```text note.txt\nhere\n```\n\n```console\n$ cat note.txt\nthere\n\n$ false\n"
        "$ echo a; echo b; echo c\na\n...\nc\n$ (exit 3)\n[exit 3]\n$ echo one \\\n> two\none two\n```\n"
    )
    found = differences([page], tmp_path)
    assert [message.splitlines()[0] for message in found] == [
        "page.md, line 6: $ cat note.txt",
        "page.md, line 9: $ false",
    ]
    assert "- there" in found[0]
    assert "+ here" in found[0]
    assert "+ [exit 1]" in found[1]


def test_a_command_shown_without_output_still_has_to_succeed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ cat > a.txt <<'END'\nfive\nEND\n$ cat a.txt\n$ cat b.txt\n```\n")
    found = differences([page], tmp_path, may_omit=True)
    assert [message.splitlines()[0] for message in found] == ["page.md, line 6: $ cat b.txt"]
    assert (tmp_path / "a.txt").read_text() == "five\n"


def test_only_what_varies_is_masked() -> None:
    assert masked("USD 12.50, 3 seconds, 2026-01-31, sha256:abc") == "USD 12.50, 3 seconds, 2026-01-31, sha256:abc"
    assert masked("2026-01-31 at 2026-11-28 06:06:28 UTC") == "2026-01-31 at YYYY-MM-DD hh:mm:ss UTC"
    assert masked("HiGHS 1.15.1 (PuLP 3.3.2), 0.14 s; sha256:e2a0fb765203") == "HiGHS … (PuLP …), … s; sha256:…"
    assert not matches("a\nb", "a\nc")
    assert not matches("a.c", "abc")
    assert matches("a\n...", "a\nb\nc")


def test_a_setting_lasts_from_command_to_command(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.said("export WHO=treasurer")
    assert shell.said("echo $WHO; false") == "treasurer\n[exit 1]"
    assert [step.command for step in steps("$ a\nx\n$ b\n")] == ["a", "b"]
