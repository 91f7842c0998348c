"""Every error code is on the guide's page of errors, once, with its meaning and remedy; and no stranger is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "facility" / "help" / "errors.md"
PACKAGES = ("ledgers", "allocation", "reports", "facility")
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+\Z")
NUMBERS = ("amount", "number")
"""What a code that is composed in Python begins with."""
_CODE_AT = {"Fault": 0, "Finding": 0, "Checked": 0, "Rule": 1}
"""Where the code stands among the arguments of what carries one."""


def codes_in_python() -> set[str]:
    """Return the codes of errors, findings, faults and checks written in Python."""
    found = {"internal-fault"}
    for path in _files("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= set(_codes(node))
    return found


def codes_in_sql() -> set[str]:
    """Return the codes of findings written in SQL, and the names of the checks."""
    refusal = re.compile(r"select (?:distinct )?'([a-z-]+)', '(?:error|warning)'")
    found = {code for path in _files("*.sql") for code in refusal.findall(path.read_text(encoding="utf-8"))}
    return found | {path.stem.replace("_", "-") for path in (ROOT / "ledgers" / "checks").glob("*.sql")}


def _files(pattern: str) -> Iterator[Path]:
    return (path for package in PACKAGES for path in sorted((ROOT / package).rglob(pattern)))


def _codes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "code" for target in targets) and node.value:
            yield from _texts(node.value)
    elif isinstance(node, ast.Call):
        position = _CODE_AT.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if position is not None and len(node.args) > position:
            yield from _texts(node.args[position])
        for keyword in node.keywords:
            if (
                keyword.arg == "code"
                and isinstance(keyword.value, ast.Call)
                and ast.unparse(keyword.value.func) == "pl.lit"
            ):
                yield from _texts(keyword.value.args[0])


def _texts(value: ast.expr) -> Iterator[str]:
    """Yield the codes that an expression may be: a text, one of two, or one composed of `{name}-suffix`."""
    if isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)
    elif isinstance(value, ast.JoinedStr):
        *_, suffix = value.values
        assert isinstance(suffix, ast.Constant), ast.unparse(value)
        yield from (f"{name}{suffix.value}" for name in NUMBERS)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str) and CODE.match(value.value):
        yield value.value


def documented() -> list[list[str]]:
    """Return the rows of the page's tables: code, meaning, remedy."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]


def test_every_code_is_documented_and_no_stranger_is() -> None:
    on_page = {row[0].strip("`") for row in documented()}
    in_code = codes_in_python() | codes_in_sql()
    assert sorted(in_code - on_page) == []
    assert sorted(on_page - in_code) == []


def test_every_documented_code_has_its_meaning_and_remedy_once() -> None:
    rows = documented()
    assert len({row[0] for row in rows}) == len(rows)
    assert [row for row in rows if len(row) != 3 or not row[1] or not row[2]] == []


def test_the_collector_finds_codes_of_every_kind() -> None:
    found = codes_in_python() | codes_in_sql()
    assert {"book-busy", "amount-too-fine", "number-invalid", "key-repeated", "rate-missing", "cash-exceeded"} <= found
    assert {"minimum-above-ask", "donor-of-two-kinds"} <= found
    assert {"entries-balance", "earmarks-kept", "facility-error", "file-delimiter"} <= found
