"""Runs the stand-alone checker on rounds made by the tests."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from policy_text import policy_text

from allocation.decision import Decision
from allocation.problem import Problem
from facility.checker import check_round
from facility.usecases.frozen_files import SUMS, frozen_files


def written(folder: Path, problem: Problem, decision: Decision) -> Path:
    """Write a decided round's files."""
    for name, content in frozen_files(problem, policy_text(problem.policy), decision.to_json()).items():
        (folder / name).write_bytes(content)
    return folder


def checked(folder: Path, *more: str) -> tuple[int, str]:
    """Return the checker's exit code and what it printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = check_round.main([str(folder), *more])
    return code, said.getvalue()


def altered(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Alter the decision and make its hash and the sums fit again, as a forger would."""
    body = json.loads((folder / "decision.json").read_text())
    change(body)
    resign(folder, body)


def resign(folder: Path, body: dict[str, Any] | None = None) -> None:
    """Make the decision's hash and the sums fit what stands in a folder."""
    if body is not None:
        bare = {key: value for key, value in body.items() if key not in ("seconds", "decision", "claims")}
        text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        body["decision"] = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
        (folder / "decision.json").write_text(json.dumps(body, ensure_ascii=False))
    names = sorted(path.name for path in folder.iterdir() if path.name not in (SUMS, "claims.json"))
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / SUMS).write_text("".join(lines))
