"""What the files of grants hold: clearances, agreements, tranches, and the money that moves on them."""

from __future__ import annotations

from decimal import Decimal

from ledgers.staging.columns import ZERO, Column, Kind, amount, needed

CLEARANCES = Kind(
    "clearances",
    (
        needed("implementer", "id"),
        needed("clearance", "id"),
        needed("cleared_on", "date"),
        Column("outcome", "enum", values=("cleared", "refused"), default="cleared"),
        Column("valid_until", "date"),
        needed("source"),
    ),
    key=("implementer", "clearance", "cleared_on"),
)
"""What was found of an implementer: sanctions, due diligence, accountability."""

COMMITMENTS = Kind(
    "commitments",
    (
        needed("commitment_id", "id"),
        needed("request_id", "id"),
        needed("implementer", "id"),
        needed("signed_on", "date"),
        amount("amount", currency="base"),
        Column("share", "percent", above=ZERO),
        Column("indirect_max", "percent", default="7%", most=Decimal("0.07")),
        Column("starts_on", "date"),
        Column("ends_on", "date"),
        Column("report_due", "date"),
        Column("agreement"),
    ),
    key=("commitment_id",),
)
"""Signed grant agreements, each with one implementer."""

TRANCHES = Kind(
    "tranches",
    (
        needed("commitment_id", "id"),
        Column("tranche", "integer", is_required=True, least=Decimal(1), most=Decimal(999)),
        Column("due_on", "date"),
        amount("amount", is_required=True, currency="base"),
        Column("condition"),
    ),
    key=("commitment_id", "tranche"),
)

CONDITIONS_MET = Kind(
    "conditions_met",
    (
        needed("commitment_id", "id"),
        Column("tranche", "integer", is_required=True, least=Decimal(1), most=Decimal(999)),
        needed("met_on", "date"),
        needed("source"),
    ),
    key=("commitment_id", "tranche"),
)

DISBURSEMENTS = Kind(
    "disbursements",
    (
        needed("disbursement_id", "id"),
        needed("commitment_id", "id"),
        Column("tranche", "integer", least=Decimal(1), most=Decimal(999)),
        needed("paid_on", "date"),
        needed("currency", "currency"),
        amount("amount", is_required=True),
        amount("base_amount", currency="base"),
        Column("bank", "id"),
        Column("note"),
    ),
    key=("disbursement_id",),
)

EXPENDITURES = Kind(
    "expenditures",
    (
        needed("expenditure_id", "id"),
        needed("commitment_id", "id"),
        Column("spent_from", "date"),
        needed("spent_to", "date"),
        Column("status", "enum", values=("provisional", "final"), default="provisional"),
        needed("currency", "currency"),
        amount("direct", is_required=True),
        amount("indirect", least=ZERO),
        amount("base_amount", currency="base"),
        Column("replaces", "id"),
        Column("entry_date", "date"),
        Column("source"),
    ),
    key=("expenditure_id",),
)
"""What implementers report as spent."""


def _received(name: str, noun: str) -> Kind:
    columns = (
        needed(f"{noun}_id", "id"),
        needed("commitment_id", "id"),
        needed("received_on", "date"),
        needed("currency", "currency"),
        amount("amount", is_required=True),
        amount("base_amount", currency="base"),
        Column("bank", "id"),
        Column("note"),
    )
    return Kind(name, columns, key=(f"{noun}_id",))


REFUNDS = _received("refunds", "refund")
"""Unspent money that an implementer gives back."""

RECOVERIES = _received("recoveries", "recovery")
"""Disallowed cost that an implementer makes good."""

RELEASES = Kind(
    "releases",
    (
        needed("release_id", "id"),
        needed("commitment_id", "id"),
        needed("released_on", "date"),
        amount("amount", currency="base"),
        needed("reason"),
    ),
    key=("release_id",),
)
"""What is committed and will not be used."""

DISALLOWANCES = Kind(
    "disallowances",
    (
        needed("disallowance_id", "id"),
        needed("commitment_id", "id"),
        needed("decided_on", "date"),
        amount("amount", is_required=True, currency="base"),
        needed("reason"),
    ),
    key=("disallowance_id",),
)
"""Reported cost that is not allowed."""

GRANT_KINDS = (
    CLEARANCES, COMMITMENTS, TRANCHES, CONDITIONS_MET, DISBURSEMENTS, EXPENDITURES, REFUNDS, RELEASES, DISALLOWANCES,
    RECOVERIES,
)  # fmt: skip
