"""`round files`: a folder that anybody can check, written once, never over something else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ran

from facility.usecases import round_files
from facility.usecases.round_files import FolderUnwritable, write_round_files


def test_a_round_is_written_with_a_checker_that_certifies_it(desk: Path) -> None:
    done = ran("round", "files", "R1", "--out", "r1")
    assert (done.code, done.out) == (0, ""), done.err
    checked = subprocess.run(
        [sys.executable, "-I", "r1/check_round.py", "r1"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.splitlines()[-1].startswith("certified within ")
    told = re.search(r"fingerprint, to be told apart from them: (sha256:\w{64})\n", done.err)
    assert told is not None
    assert f"their fingerprint is {told[1]}\n" in checked.stdout
    again = ran("round", "files", "R1", "--out", "r1")
    assert again.code == 0
    assert told[1] in again.err
    assert "already there" in again.err


def test_trying_writes_nothing(desk: Path) -> None:
    done = ran("round", "files", "R1", "--out", "r1", "--dry-run")
    assert done.code == 0
    assert "dry run" in done.err
    assert not (desk / "r1").exists()


def test_a_folder_with_something_else_is_refused_untouched(desk: Path) -> None:
    (desk / "r1").mkdir()
    (desk / "r1" / "letter.txt").write_text("mine")
    done = ran("round", "files", "R1", "--out", "r1")
    assert done.code == 1
    assert "r1 holds something else than this decision's files: letter.txt is none of them" in done.err
    assert "folder-foreign" in done.err
    assert [path.name for path in (desk / "r1").iterdir()] == ["letter.txt"]


def test_a_file_that_differs_is_refused(desk: Path) -> None:
    assert ran("round", "files", "R1", "--out", "r1").code == 0
    (desk / "r1" / "policy.toml").write_text("touched")
    done = ran("round", "files", "R1", "--out", "r1")
    assert done.code == 1
    assert "policy.toml differs" in done.err


def test_a_place_that_is_no_folder_is_refused(desk: Path) -> None:
    done = ran("round", "files", "R1", "--out", "policy.toml")
    assert done.code == 1
    assert "folder-unwritable" in done.err


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(round_files.os, "fsync", full)
    with pytest.raises(FolderUnwritable, match="No space left on device"):
        write_round_files(tmp_path / "r1", "sha256:0", {"a.txt": b"a"})
    assert list((tmp_path / "r1").iterdir()) == []
