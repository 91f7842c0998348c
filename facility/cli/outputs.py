"""Long answers to a file: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from facility.cli.shared import OutputUnwritable, book_path


def write_whole(out: Path, pieces: Iterable[str]) -> None:
    """Write an answer to a file under another name, and give it its own when it is complete.

    A file that stands there is replaced, and stays as it is if anything goes wrong. What is no file, such as a pipe, is
    written to as it is.

    Raises:
        OutputUnwritable: the file cannot be written, or is the book.
    """
    target = _real(out)
    book = book_path()
    if target in (_real(book), _real(book.with_name(f"{book.name}.wal"))):
        raise OutputUnwritable(f"{out} belongs to the book itself", remedy="choose another name")
    try:
        if target.exists() and not target.is_file():
            _write(target, pieces)
        else:
            _replace(target, pieces)
    except OSError as cause:
        raise OutputUnwritable(
            f"{out} cannot be written: {cause.strerror}", remedy="choose a folder that exists and has space"
        ) from cause


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _replace(target: Path, pieces: Iterable[str]) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _write(part, pieces)
        if target.exists():
            part.chmod(target.stat().st_mode)  # who may read it stays as it was
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _write(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)
        file.flush()
        if path.is_file():
            os.fsync(file.fileno())
