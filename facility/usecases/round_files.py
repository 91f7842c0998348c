"""The files of a decided round, written into a folder that a stranger can check."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from facility.usecases.frozen_files import SUMS, frozen_files
from ledgers.errors import FacilityError
from ledgers.rounds import decision_of, header
from ledgers.store import Book

CLAIMS = "claims.json"
"""May stand beside the files: what is claimed of single requests."""

_NAMED_MAX = 3


class FolderForeign(FacilityError):
    """A folder that holds other files, or the files of another decision."""

    code = "folder-foreign"


class FolderUnwritable(FacilityError):
    """A folder that takes no files."""

    code = "folder-unwritable"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        folder: Where.
        files: Names, sorted.
        is_new: False when all of it was there already.
        decision: Hash of the decision.
    """

    folder: Path
    files: tuple[str, ...]
    is_new: bool
    decision: str


def round_files(book: Book, round_id: str, digest: str | None = None) -> tuple[str, dict[str, bytes]]:
    """Return a decision's hash and the files of its round by name.

    Raises:
        RoundUnknown, DecisionUnknown: nothing to write.
    """
    from facility.usecases.build_problem import build_problem

    known = header(book, round_id)
    decided = decision_of(book, round_id, digest)
    return decided.decision, frozen_files(build_problem(book, known), known.policy, decided.body)


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Return the hash of the sums of a round's files: who knows it from elsewhere knows that these are the files."""
    return "sha256:" + hashlib.sha256(files[SUMS]).hexdigest()


def write_round_files(folder: Path, decision: str, files: Mapping[str, bytes], *, dry_run: bool = False) -> Written:
    """Write files into a folder that is new, empty, or holds some of the same files already.

    Each file is complete before it gets its name, so that a run that was stopped can be repeated.

    Raises:
        FolderForeign: it holds something else; nothing is written.
        FolderUnwritable: it cannot be made, read or written.
    """
    try:
        present = _present(folder, files)
        missing = sorted(files.keys() - present)
        if not dry_run and missing:
            folder.mkdir(parents=True, exist_ok=True)
            for name in missing:
                _write(folder / name, files[name])
    except OSError as cause:
        raise FolderUnwritable(
            f"{folder} cannot be written: {cause.strerror or cause}",
            remedy="name a folder that may be written, on a disk with space, and run the command again",
        ) from cause
    return Written(folder, tuple(sorted(files)), bool(missing), decision)


def _present(folder: Path, files: Mapping[str, bytes]) -> set[str]:
    """Return which of the files a folder holds; refuse one that holds anything else."""
    if not folder.exists():
        return set()
    found = sorted(path.name for path in folder.iterdir() if not path.name.endswith(_PART) and path.name != CLAIMS)
    odd = [name for name in found if name not in files]
    other = [name for name in found if name in files and (folder / name).read_bytes() != files[name]]
    if odd or other:
        told = [f"{name} is none of them" for name in odd] + [f"{name} differs" for name in other]
        shown = "; ".join(told[:_NAMED_MAX]) + (
            f"; and {len(told) - _NAMED_MAX} more" if len(told) > _NAMED_MAX else ""
        )
        raise FolderForeign(
            f"{folder} holds something else than this decision's files: {shown}", remedy="name a new or empty folder"
        )
    return set(found)


_PART = ".part"


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + _PART)
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
