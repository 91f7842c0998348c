"""What the cells of a row, and the rows of a file, must say together.

Each rule is an expression over the whole frame: typed columns by their names, the texts as given by `given.<name>`.
Cells already refused are null, so no rule complains of a cell twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from ledgers.errors import Finding
from ledgers.staging.columns import Kind
from ledgers.staging.findings import Severity, findings_from


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that must not be true of a row.

    Attributes:
        kind: The kind of file it is about.
        code: Stable name of the kind of error.
        column: Where the finding stands.
        where: True for the rows at fault.
        reason: The sentence, made of the row's texts.
        remedy: What to write instead.
        severity: Whether it refuses the file.
    """

    kind: str
    code: str
    column: str
    where: pl.Expr
    reason: pl.Expr
    remedy: str
    severity: Severity = "error"


def row_findings(kind: Kind, table: pl.DataFrame, *, file: str, on: date) -> list[Finding]:
    """Return what the rows of a file say against themselves and each other.

    Args:
        kind: The kind of file.
        table: Typed columns, `given.<name>` for each with its text, and `line`.
        file: The file as the user named it.
        on: The day of the import.
    """
    if not table.height:
        return []
    found = [one for rule in _rules(on) if rule.kind == kind.name for one in _findings_of(rule, table, file)]
    found += _repeated_keys(kind, table, file)
    if kind.name == "contributions":
        found += _donors_of_two_kinds(table, file)
    if kind.name == "deposits":
        found += _wires_of_two_kinds(table, file)
    return found


def _given(name: str) -> pl.Expr:
    return pl.col(f"given.{name}")


def _folded(name: str) -> pl.Expr:
    """Return identifiers as the terms compare them: each letter by itself (see `ledgers.terms.folded`)."""
    return (
        pl.col(name).str.replace_all("Σ", "σ", literal=True).str.replace_all("İ", "i", literal=True).str.to_lowercase()
    )


_DAYS_OF_EVENTS = (
    ("deposits", "received_on"),
    ("rates", "rate_date"),
    ("entries", "entry_date"),
    ("commitments", "signed_on"),
    ("clearances", "cleared_on"),
    ("conditions_met", "met_on"),
    ("disbursements", "paid_on"),
    ("expenditures", "spent_to"),
    ("refunds", "received_on"),
    ("recoveries", "received_on"),
    ("releases", "released_on"),
    ("disallowances", "decided_on"),
    ("exchanges", "exchanged_on"),
    ("contribution_conditions", "met_on"),
    ("promissory_notes", "received_on"),
    ("applications", "applied_on"),
    ("bounces", "bounced_on"),
    ("write_offs", "written_off_on"),
    ("returns", "decided_on"),
    ("donor_refunds", "paid_on"),
    ("reversals", "reversed_on"),
    ("results", "reported_on"),
)


def _rules(on: date) -> Sequence[Rule]:
    future = "{} is after the day of the import, " + on.isoformat()
    in_future = [
        Rule(
            kind, "date-in-future", column, pl.col(column) > on, pl.format(future, _given(column)),
            "check the year, or import it when the day has come", "warning",
        )
        for kind, column in _DAYS_OF_EVENTS
    ]  # fmt: skip
    return [*in_future, *_REQUEST_RULES, *_OTHER_RULES]


_REQUEST_RULES = (
    Rule(
        "requests", "minimum-above-ask", "amount_minimum",
        pl.col("amount_minimum") > pl.col("amount_requested"),
        pl.format(
            "the smallest useful amount {} is more than the {} asked for",
            _given("amount_minimum"), _given("amount_requested"),
        ),
        "lower the minimum, or leave it empty if only the whole amount is of use",
    ),
    Rule(
        "requests", "ends-before-start", "ends_on",
        pl.col("ends_on") < pl.col("starts_on"),
        pl.format("the request ends on {}, before it starts on {}", _given("ends_on"), _given("starts_on")),
        "check both dates",
    ),
    Rule(
        "requests", "cofinance-above-total", "cofinance_confirmed",
        pl.col("cofinance_confirmed") > pl.col("cofinance"),
        pl.format(
            "{} confirmed is more than the whole co-finance of {}", _given("cofinance_confirmed"), _given("cofinance")
        ),
        "give the whole co-finance, and the part of it that is confirmed",
    ),
    Rule(
        "requests", "continues-itself", "continues",
        _folded("continues") == _folded("request_id"),
        pl.format("request {} says that it continues itself", _given("request_id")),
        "give the remainder an id of its own, and name here the request it continues",
    ),
)  # fmt: skip

_OTHER_RULES = (
    Rule(
        "contributions", "use-by-before-signing", "use_by",
        pl.col("use_by") < pl.col("signed_on"),
        pl.format("the use-by date {} is before the signing on {}", _given("use_by"), _given("signed_on")),
        "check both dates; such money can pay for nothing that is still to come", "warning",
    ),
    Rule(
        "contributions", "spending-days-crossed", "spend_to",
        pl.col("spend_to") < pl.col("spend_from"),
        pl.format(
            "the days that it may pay end on {}, before they begin on {}", _given("spend_to"), _given("spend_from")
        ),
        "check both dates",
    ),
    Rule(
        "contributions", "spending-days-crossed", "spend_to",
        pl.col("spend_to") > pl.col("use_by"),
        pl.format("the days that it may pay end on {}, after the use-by date {}", _given("spend_to"), _given("use_by")),
        "give the earlier of the two days under both, or leave spend_to empty",
    ),
    Rule(
        "contributions", "spending-days-crossed", "spend_from",
        (pl.col("spend_from") > pl.col("use_by")) & pl.col("spend_to").is_null(),
        pl.format(
            "the days that it may pay begin on {}, after the use-by date {}", _given("spend_from"), _given("use_by")
        ),
        "check both dates",
    ),
    Rule(
        "commitments", "amount-or-share", "amount",
        pl.col("given.amount").is_null() == pl.col("given.share").is_null(),
        pl.format(
            "agreement {} says neither its amount nor its share, or both",
            _given("commitment_id").fill_null("without an id"),
        ),
        "state one of the two: the amount in the book's currency, or the share of what is allocated to the request",
    ),
    Rule(
        "commitments", "ends-before-start", "ends_on",
        pl.col("ends_on") < pl.col("starts_on"),
        pl.format("the agreement ends on {}, before it starts on {}", _given("ends_on"), _given("starts_on")),
        "check both dates",
    ),
    Rule(
        "expenditures", "ends-before-start", "spent_to",
        pl.col("spent_to") < pl.col("spent_from"),
        pl.format("the expenditure ends on {}, before it begins on {}", _given("spent_to"), _given("spent_from")),
        "check both dates",
    ),
    Rule(
        "clearances", "ends-before-start", "valid_until",
        pl.col("valid_until") < pl.col("cleared_on"),
        pl.format("the clearance ends on {}, before its day {}", _given("valid_until"), _given("cleared_on")),
        "check both dates",
    ),
    Rule(
        "entries", "amount-out-of-range", "amount",
        pl.col("amount") == 0,
        pl.format("{} moves nothing", _given("amount")),
        "write the amount, or leave the row out",
    ),
    Rule(
        "entries", "amount-out-of-range", "amount",
        (pl.col("amount") < 0) & ~pl.col("kind").is_in(["interest", "bank-charge"]),
        pl.format("{} is negative, which only interest and bank charges may be", _given("amount")),
        "write the amount without its sign, or reverse the entry that was wrong",
    ),
)  # fmt: skip


def _findings_of(rule: Rule, table: pl.DataFrame, file: str) -> list[Finding]:
    at_fault = table.filter(rule.where.fill_null(value=False)).select(
        "line",
        code=pl.lit(rule.code),
        column=pl.lit(rule.column),
        value=_given(rule.column),
        reason=rule.reason,
        remedy=pl.lit(rule.remedy),
    )
    return findings_from(at_fault.to_dicts(), file=file, severity=rule.severity)


def _repeated_keys(kind: Kind, table: pl.DataFrame, file: str) -> list[Finding]:
    """Return each row whose key stands on an earlier line, with that line."""
    key = [pl.col(name) for name in kind.key]
    folded = [_folded(name) if table.schema[name] == pl.String else pl.col(name) for name in kind.key]
    at_fault = (
        table.filter(pl.all_horizontal(column.is_not_null() for column in key))
        .with_columns(first=pl.col("line").first().over(folded))
        .filter(pl.col("line") != pl.col("first"))
    )
    named = " and ".join(kind.key)
    return findings_from(
        at_fault.select(
            "line",
            code=pl.lit("key-repeated"),
            column=pl.lit(kind.key[0]),
            value=pl.concat_str([_given(name) for name in kind.key], separator=", "),
            reason=pl.format(
                "{} stands on line {} already, with other content",
                pl.concat_str([_given(name) for name in kind.key], separator=", "),
                pl.col("first"),
            ),
            remedy=pl.lit(
                f"give each row {'an' if named[0] in 'aeiou' else 'a'} {named} of its own, or delete one of the two"
            ),
        ).to_dicts(),
        file=file,
    )


def _donors_of_two_kinds(table: pl.DataFrame, file: str) -> list[Finding]:
    """Return each row that gives a donor another kind than its first row; a donor is known by its case-folded name."""
    known = table.filter(pl.col("donor").is_not_null() & pl.col("donor_kind").is_not_null())
    names = known["donor"].unique()
    folded = {name: name.casefold() for name in names}
    at_fault = (
        known.with_columns(folded=pl.col("donor").replace_strict(folded, return_dtype=pl.String))
        .with_columns(
            kind_before=pl.col("donor_kind").first().over("folded"), line_before=pl.col("line").first().over("folded")
        )
        .filter(pl.col("donor_kind") != pl.col("kind_before"))
        if folded
        else known.clear().with_columns(kind_before=pl.lit(""), line_before=pl.lit(0))
    )
    told = "{} is a {} here and a {} on line {}"
    return findings_from(
        at_fault.select(
            "line",
            code=pl.lit("donor-of-two-kinds"),
            column=pl.lit("donor_kind"),
            value=pl.col("donor_kind"),
            reason=pl.format(told, _given("donor"), pl.col("donor_kind"), pl.col("kind_before"), pl.col("line_before")),
            remedy=pl.lit("write the same kind everywhere, or tell two donors apart by their names"),
        ).to_dicts(),
        file=file,
    )


def _wires_of_two_kinds(table: pl.DataFrame, file: str) -> list[Finding]:
    """Return each row of a deposit whose day or currency differs from its first row: one wire has one of each."""
    wire = _folded("deposit_id")
    findings: list[Finding] = []
    for name in ("received_on", "currency"):
        at_fault = (
            table.filter(pl.col("deposit_id").is_not_null() & pl.col(name).is_not_null())
            .with_columns(
                given_before=_given(name).first().over(wire),
                before=pl.col(name).first().over(wire),
                line_before=pl.col("line").first().over(wire),
            )
            .filter(pl.col(name) != pl.col("before"))
        )
        told = "deposit {} has {} here and {} on line {}; one wire has one " + name
        findings += findings_from(
            at_fault.select(
                "line",
                code=pl.lit("deposit-inconsistent"),
                column=pl.lit(name),
                value=_given(name),
                reason=pl.format(
                    told, _given("deposit_id"), _given(name), pl.col("given_before"), pl.col("line_before")
                ),
                remedy=pl.lit("correct it, or give each wire a deposit_id of its own"),
            ).to_dicts(),
            file=file,
        )
    return findings
