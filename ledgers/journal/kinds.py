"""The kinds of files: in which order the statements of each compare its rows with the book, and write them.

The statements of a kind stand in the folder of its name. `sorted` says of each row whether it is new, already there or
in conflict, `refused` lists every finding, the rest write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ledgers.errors import Finding
from ledgers.journal.batch import Batch
from ledgers.journal.movements import compare_movements, write_nothing
from ledgers.journal.post import post


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of file comes into the book.

    Attributes:
        standing: The temporary table that says what each row is to the book.
        compare: Compares the staged rows and returns the findings.
        write: Writes the new rows.
    """

    standing: str
    compare: Callable[[Batch], list[Finding]]
    write: Callable[[Batch], None]


def _record(kind: str, table: str, *statements: str) -> Kind:
    """Return a kind whose rows are kept as they are, and post nothing."""

    def compare(batch: Batch) -> list[Finding]:
        batch.run(f"{kind}/sorted")
        return batch.without_consequences(batch.findings(f"{kind}/refused"))

    def write(batch: Batch) -> None:
        batch.run(*(f"{kind}/{statement}" for statement in statements or ("insert",)))

    return Kind(table, compare, write)


def _movements(
    kind: str,
    *,
    is_grant: bool = False,
    has_rules: bool = True,
    refusing: Sequence[tuple[str, str]] = (),
    completing: Sequence[str] = (),
    adding: Sequence[str] = (),
    keeping: Sequence[str] = (),
) -> Kind:
    """Return a kind whose rows are movements of money; those of grants obey the rules of grants too."""
    rules: list[str | tuple[str, str]] = [
        *(["grants/refused"] if is_grant else ()),
        *([f"{kind}/refused"] if has_rules else ()),
    ]
    rules += [(f"{kind}/{condition}", f"{kind}/{query}") for condition, query in refusing]

    def compare(batch: Batch) -> list[Finding]:
        return compare_movements(
            batch,
            f"{kind}/movements",
            prepared=("grants/overrides", "grants/clearances") if is_grant else (),
            refusing=rules,
            completing=[f"{kind}/{name}" for name in completing],
            adding=[f"{kind}/{name}" for name in adding],
            keeping=[f"{kind}/{name}" for name in keeping],
        )

    return Kind("movement_standing", compare, write_nothing)


def _posted(kind: str, table: str, *, is_priced: bool = False, needs_basis: bool = False) -> Kind:
    """Return a kind of which each row is an entry by rules of its own, and is kept beside it."""

    def compare(batch: Batch) -> list[Finding]:
        batch.run(f"{kind}/sorted")
        if is_priced:
            batch.rates(f"{kind}/rate_needed")
        if needs_basis:
            batch.run("undertakings/basis")
        return batch.without_consequences(batch.findings(f"{kind}/refused"))

    def write(batch: Batch) -> None:
        batch.run(f"{kind}/postings")
        post(batch.book, batch.lane)
        batch.run(f"{kind}/insert")

    return Kind(table, compare, write)


def _compare_contributions(batch: Batch) -> list[Finding]:
    from ledgers.journal.framed import read_contributions

    read_contributions(batch)
    batch.run("contributions/sorted")
    batch.rates("contributions/rate_needed")
    return batch.findings("contributions/refused")


def _write_contributions(batch: Batch) -> None:
    batch.run(*(f"contributions/{name}" for name in ("donors", "insert", "spans", "entries", "postings")))
    post(batch.book, batch.lane)


_APPLYING = ("applied", "fees", "conditional", "collected", "entries", "postings")
"""What money that comes in discharges, which fee it bears, what waits for a condition, what was allocated before."""


def _compare_deposits(batch: Batch) -> list[Finding]:
    batch.run("deposits/sorted")
    batch.rates("deposits/rate_needed")
    return batch.findings("deposits/refused")


def _write_deposits(batch: Batch) -> None:
    batch.run("undertakings/basis", *(f"deposits/{name}" for name in _APPLYING))
    post(batch.book, batch.lane)
    batch.run("deposits/insert")


def _compare_applications(batch: Batch) -> list[Finding]:
    batch.run("applications/sorted")
    batch.rates("applications/rate_needed")
    return batch.findings("applications/refused")


def _write_applications(batch: Batch) -> None:
    batch.run("undertakings/basis", *(f"deposits/{name}" for name in _APPLYING))
    post(batch.book, batch.lane)
    batch.run("applications/insert")


def _compare_requests(batch: Batch) -> list[Finding]:
    from ledgers.journal.framed import read_requests

    read_requests(batch)
    batch.run("requests/sorted")
    batch.rates("requests/rate_needed")
    return batch.without_consequences(batch.findings("requests/refused"))


def _write_requests(batch: Batch) -> None:
    batch.run(*(f"requests/{name}" for name in ("insert", "countries", "objectives", "measures")))


KINDS: dict[str, Kind] = {
    "contributions": Kind("contribution_staged", _compare_contributions, _write_contributions),
    "deposits": Kind("deposit_staged", _compare_deposits, _write_deposits),
    "requests": Kind("request_staged", _compare_requests, _write_requests),
    "request_years": _record("request_years", "request_year_staged"),
    "scores": _record("scores", "score_staged"),
    "recusals": _record("recusals", "recusal_staged"),
    "rates": _record("rates", "rate_staged"),
    "entries": _movements("entries"),
    "exchanges": _posted("exchanges", "exchange_staged", is_priced=True),
    "instalments": _record("instalments", "instalment_staged"),
    "fee_schedules": _record("fee_schedules", "fee_tier_staged"),
    "contribution_conditions": _posted("contribution_conditions", "contribution_condition_staged"),
    "promissory_notes": _posted("promissory_notes", "note_staged", needs_basis=True),
    "applications": Kind("deposit_staged", _compare_applications, _write_applications),
    "bounces": _posted("bounces", "bounce_staged"),
    "write_offs": _posted("write_offs", "write_off_staged", needs_basis=True),
    "returns": _movements("returns"),
    "donor_refunds": _movements("donor_refunds", has_rules=False),
    "reversals": _movements("reversals", adding=("postings",), keeping=("insert",)),
    "opening": _posted("opening", "opening_staged", is_priced=True, needs_basis=True),
    "opening_totals": _record("opening_totals", "opening_total_staged"),
    "results": _record("results", "result_staged"),
    "banks": _record("banks", "bank_staged"),
    "clearances": _record("clearances", "clearance_staged"),
    "commitments": _movements("commitments", is_grant=True, keeping=("insert",)),
    "tranches": _record("tranches", "tranche_staged"),
    "conditions_met": _record("conditions_met", "condition_met_staged"),
    "disbursements": _movements(
        "disbursements",
        is_grant=True,
        has_rules=False,
        refusing=(
            ("planned", "tranches"),
            ("flagged", "audit_flags"),
            ("lacking", "clearances"),
            ("in_deficit", "deficits"),
        ),
    ),
    "expenditures": _movements(
        "expenditures", is_grant=True, completing=("replaced", "replaced_movements"), keeping=("replacing", "insert")
    ),
    "refunds": _movements("refunds", is_grant=True, has_rules=False),
    "releases": _movements("releases", is_grant=True, has_rules=False),
    "disallowances": _movements("disallowances", is_grant=True, has_rules=False),
    "recoveries": _movements("recoveries", is_grant=True, has_rules=False),
}
