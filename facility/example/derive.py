"""Makes the example's tables from the public files: `python -m facility.example.derive DATA_DIR`.

Reads `migration/un_info_migration_outputs.csv` and `migration/iom_revenue_by_donor_2013_2024.csv` under DATA_DIR, and
beside this module the two tables written by hand, `window_rule.csv` and `illustrative_earmarks.csv`. Writes the others
beside this module and prints what was kept and what was left out, by reason (`counts.csv`).
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from facility.example import EXAMPLE_YEAR, ROUND_ON, table
from facility.example.keywords import window_rule
from facility.example.outputs import Kept, LeftOut, Output, outputs_of, rows_of, sifted
from facility.example.requests import REQUEST_COLUMNS, SOURCE_COLUMNS, request_row, source_row
from facility.example.supply import (
    CONTRIBUTION_COLUMNS,
    DEPOSIT_COLUMNS,
    UNEARMARKED,
    Gift,
    as_given,
    deposits,
    gifts_of,
    with_illustrative_earmarks,
)
from ledgers.places import Places

OUTPUTS = Path("migration", "un_info_migration_outputs.csv")
REVENUE = Path("migration", "iom_revenue_by_donor_2013_2024.csv")
COUNT_COLUMNS = ("source", "what", "rows", "counted_once", "usd")


def derived(data_dir: Path) -> dict[str, str]:
    """Return every derived table: its name and its text."""
    outputs = outputs_of(data_dir / OUTPUTS)
    kept, left_out = sifted(outputs, places=Places.on(ROUND_ON), rule=window_rule())
    kept.sort(key=lambda request: request.output.request_id)
    gifts, others = gifts_of(data_dir / REVENUE)
    given = as_given(gifts)
    earmarked = with_illustrative_earmarks(gifts, rows_of(table("illustrative_earmarks.csv")))
    return {
        "requests.csv": _text(REQUEST_COLUMNS, map(request_row, kept)),
        "requests_source.csv": _text(SOURCE_COLUMNS, map(source_row, kept)),
        "contributions_a.csv": _text(CONTRIBUTION_COLUMNS, given),
        "deposits_a.csv": _text(DEPOSIT_COLUMNS, deposits(given)),
        "contributions_b.csv": _text(CONTRIBUTION_COLUMNS, earmarked),
        "deposits_b.csv": _text(DEPOSIT_COLUMNS, deposits(earmarked)),
        "counts.csv": _text(COUNT_COLUMNS, [*_output_counts(kept, left_out), *_revenue_counts(gifts, others)]),
    }


def main(arguments: Sequence[str]) -> int:
    """Write the derived tables beside this module and print the counts."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m facility.example.derive DATA_DIR\n")
        return 2
    tables = derived(Path(arguments[0]))
    for name, text in tables.items():
        Path(__file__).with_name(name).write_text(text, encoding="utf-8", newline="")
    sys.stdout.write(tables["counts.csv"])
    return 0


def _output_counts(kept: Sequence[Kept], left_out: Sequence[LeftOut]) -> list[tuple[str, ...]]:
    """Return, for all outputs, those kept and each reason, the source's rows, the outputs and their gaps."""
    reasons = sorted({left.reason for left in left_out})
    everything = [*(request.output for request in kept), *(left.output for left in left_out)]
    return [
        _output_count("all outputs", everything),
        *(
            _output_count(f"left out: {reason}", [left.output for left in left_out if left.reason == reason])
            for reason in reasons
        ),
        _output_count("kept as requests", [request.output for request in kept]),
    ]


def _output_count(what: str, outputs: Sequence[Output]) -> tuple[str, ...]:
    gaps = (output.funding.gap for output in outputs if output.funding)
    missing = sum((gap for gap in gaps if gap > 0), Decimal(0))
    return "un_info", what, str(sum(len(output.countries) for output in outputs)), str(len(outputs)), f"{missing:.2f}"


def _revenue_counts(gifts: Sequence[Gift], others: Sequence[dict[str, str]]) -> list[tuple[str, ...]]:
    """Return, for the year's revenue, the States' gifts and what was left out by class."""
    counts = []
    for earmarking in sorted({row["earmarking_class"] for row in others}):
        amounts = [Decimal(row["amount_usd"]) for row in others if row["earmarking_class"] == earmarking]
        named = "not a State" if earmarking == UNEARMARKED else earmarking.lower()
        counts.append(_revenue_count(f"left out: {named}", amounts))
    kept = _revenue_count("kept: unearmarked from States", [gift.amount for gift in gifts])
    everything = [*(gift.amount for gift in gifts), *(Decimal(row["amount_usd"]) for row in others)]
    return [_revenue_count(f"all rows of {EXAMPLE_YEAR}", everything), *counts, kept]


def _revenue_count(what: str, amounts: Sequence[Decimal]) -> tuple[str, ...]:
    rows = str(len(amounts))
    return "iom_revenue", what, rows, rows, f"{sum(amounts, Decimal(0)):.2f}"


def _text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
