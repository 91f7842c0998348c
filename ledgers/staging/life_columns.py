"""What the files of a contribution's life hold, and those of the facility's own accounts."""

from __future__ import annotations

from decimal import Decimal

from ledgers.staging.columns import ZERO, Column, Kind, amount, needed

BANKS = Kind(
    "banks",
    (needed("bank", "id"), Column("currency", "currency"), Column("name"), Column("opened_on", "date")),
    key=("bank",),
)
"""The facility's accounts at banks; `main` is there without a row."""

EXCHANGES = Kind(
    "exchanges",
    (
        needed("exchange_id", "id"),
        needed("exchanged_on", "date"),
        needed("currency", "currency"),
        amount("amount", is_required=True),
        Column("bank", "id"),
        needed("to_currency", "currency"),
        amount("to_amount", is_required=True, currency="to_currency"),
        Column("to_bank", "id"),
    ),
    key=("exchange_id",),
)
"""Money that moves between the facility's own accounts."""

INSTALMENTS = Kind(
    "instalments",
    (needed("contribution_id", "id"), needed("due_on", "date"), amount("amount", is_required=True, currency=None)),
    key=("contribution_id", "due_on"),
)
"""What of a contribution is due when, in its currency."""

FEE_SCHEDULES = Kind(
    "fee_schedules",
    (
        needed("fee_schedule", "id"),
        Column("above", "amount", default="0", least=ZERO, currency="base"),
        Column("share", "percent", default="0%"),
        Column("flat", "amount", default="0", least=ZERO, currency="base"),
        Column("source"),
    ),
    key=("fee_schedule", "above"),
)
"""Tiers of a fee on deposits."""

CONTRIBUTION_CONDITIONS = Kind(
    "contribution_conditions",
    (
        needed("contribution_id", "id"),
        needed("condition", "id"),
        needed("met_on", "date"),
        amount("amount", is_required=True, currency=None),
        needed("source"),
    ),
    key=("contribution_id", "condition"),
)
"""Conditions of a contribution that are met, and how much of it each sets free."""

PROMISSORY_NOTES = Kind(
    "promissory_notes",
    (
        needed("note_id", "id"),
        needed("contribution_id", "id"),
        needed("received_on", "date"),
        amount("amount", is_required=True, currency=None),
    ),
    key=("note_id",),
)
"""Notes given for a contribution, in its currency."""

APPLICATIONS = Kind(
    "applications",
    (
        needed("application_id", "id"),
        needed("deposit_id", "id"),
        needed("from_contribution_id", "id"),
        needed("contribution_id", "id"),
        needed("applied_on", "date"),
        amount("amount", currency=None),
    ),
    key=("application_id",),
)
"""Receipts not yet applied that a contribution takes."""

BOUNCES = Kind(
    "bounces",
    (
        needed("deposit_id", "id"),
        needed("contribution_id", "id"),
        needed("bounced_on", "date"),
        needed("reason"),
    ),
    key=("deposit_id", "contribution_id"),
)
"""Deposits that the bank took back."""

WRITE_OFFS = Kind(
    "write_offs",
    (
        needed("write_off_id", "id"),
        needed("contribution_id", "id"),
        needed("written_off_on", "date"),
        amount("amount", is_required=True, currency=None),
        needed("reason"),
    ),
    key=("write_off_id",),
)
"""What is not expected any more of what a donor signed for, in its currency."""

RETURNS = Kind(
    "returns",
    (
        needed("return_id", "id"),
        needed("contribution_id", "id"),
        needed("decided_on", "date"),
        amount("amount", currency="base"),
        needed("reason"),
    ),
    key=("return_id",),
)
"""What a contribution will not use and its donor is owed."""

DONOR_REFUNDS = Kind(
    "donor_refunds",
    (
        needed("donor_refund_id", "id"),
        needed("contribution_id", "id"),
        needed("paid_on", "date"),
        needed("currency", "currency"),
        amount("amount", is_required=True),
        amount("base_amount", currency="base"),
        Column("bank", "id"),
        Column("note"),
    ),
    key=("donor_refund_id",),
)
"""What goes back to a donor."""

REVERSALS = Kind(
    "reversals",
    (needed("entry"), needed("reversed_on", "date"), needed("reason")),
    key=("entry",),
)
"""Entries that are taken back."""

RESULTS = Kind(
    "results",
    (
        needed("request_id", "id"),
        needed("indicator", "id"),
        Column("unit"),
        Column("baseline", "decimal", least=Decimal(-(10**13))),
        Column("target", "decimal", least=Decimal(-(10**13))),
        Column("actual", "decimal", least=Decimal(-(10**13))),
        needed("reported_on", "date"),
        needed("source"),
    ),
    key=("request_id", "indicator", "reported_on"),
)
"""What indicators of a request have reached."""

LIFE_KINDS = (
    BANKS, EXCHANGES, INSTALMENTS, FEE_SCHEDULES, CONTRIBUTION_CONDITIONS, PROMISSORY_NOTES, APPLICATIONS, BOUNCES,
    WRITE_OFFS, RETURNS, DONOR_REFUNDS, REVERSALS, RESULTS,
)  # fmt: skip
