"""Every finding that the queries of grants can give is caused by a test, in its exact words."""

from __future__ import annotations

import re
from pathlib import Path

import ledgers.journal

GRANTS = (
    "clearances", "commitments", "conditions_met", "disbursements", "expenditures", "grants", "reversals", "tranches",
)  # fmt: skip
FOLDER = Path(str(ledgers.journal.__file__)).parent
GIVEN = re.compile(r"select (?:distinct )?'([a-z-]+)',\s*'(?:error|warning)'")
CHOSEN = re.compile(r"(?:then|else) '([a-z]+-exceeded)'")


def _codes(text: str) -> set[str]:
    return {*GIVEN.findall(text), *CHOSEN.findall(text)}


def test_every_finding_that_the_queries_of_grants_can_give_is_caused_here() -> None:
    texts = [path.read_text("utf-8") for kind in (*GRANTS, "movements") for path in (FOLDER / kind).glob("*.sql")]
    codes = {code for text in texts for code in _codes(text)}
    assert len(codes) >= 40
    here = Path(__file__).parent
    tests = "".join(path.read_text(encoding="utf-8") for path in sorted(here.glob("test_*.py")))
    assert {code for code in codes if f'"{code}"' not in tests} == set()


def test_every_kind_of_grants_is_looked_at() -> None:
    ruled = {path.parent.name for path in FOLDER.glob("*/*.sql") if _codes(path.read_text("utf-8"))}
    assert set(GRANTS) <= ruled
