"""Every kind of file, and what contributions, deposits, requests, rates and other movements hold.

Source: the file formats of the interface; kinds of donors and applicants, windows and levels are the project's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from ledgers.staging.columns import ZERO, Column, Kind, amount, needed
from ledgers.staging.grant_columns import GRANT_KINDS
from ledgers.staging.life_columns import LIFE_KINDS
from ledgers.staging.opening_columns import OPENING_KINDS
from ledgers.vocabulary import APPLICANT_KINDS, LEVELS, WINDOWS

DONOR_KINDS = ("state", "development_bank", "foundation", "private_sector", "diaspora", "multilateral")
ENTRY_KINDS = (
    "interest", "administration", "cancellation", "lapse", "transfer", "implementer-interest", "bank-charge",
    "direct-cost", "fee-payment",
)  # fmt: skip


def _marker(name: str) -> Column:
    return Column(name, "integer", least=ZERO, most=Decimal(3))


_NOT_YET = "the book does not yet {}"

CONTRIBUTIONS = Kind(
    "contributions",
    (
        Column("contribution_id", "id", True, unsupported={"FACILITY": "this id is the facility's own contribution"}),
        Column("agreement"),
        needed("donor"),
        needed("donor_kind", "enum", DONOR_KINDS),
        Column("donor_country", "country"),
        needed("currency", "currency"),
        amount("amount", is_required=True),
        Column("signed_on", "date"),
        Column("earmark", "terms"),
        Column("use_by", "date"),
        Column("spend_from", "date"),
        Column("spend_to", "date"),
        Column("country_share_max", "percent"),
        Column("stage", "enum", values=("pledge", "agreement", "in-kind"), default="agreement"),
        Column(
            "conditional", "boolean", default="no",
        ),
        Column(
            "interest", "enum", values=("facility", "contribution"), default="facility",
        ),
        Column("fee_percent", "percent", default="0%"),
        Column("fee_schedule", "id"),
        Column("report_due", "date"),
        Column("note"),
    ),
    key=("contribution_id",),
)  # fmt: skip

DEPOSITS = Kind(
    "deposits",
    (
        needed("deposit_id", "id"),
        needed("contribution_id", "id"),
        needed("received_on", "date"),
        needed("currency", "currency"),
        amount("amount", is_required=True),
        amount("base_amount", currency="base"),
        amount("applied_amount", currency=None, least=ZERO),
        Column("bank", "id"),
        Column("note_id", "id"),
    ),
    key=("deposit_id", "contribution_id"),
)

REQUESTS = Kind(
    "requests",
    (
        needed("request_id", "id"),
        needed("title"),
        needed("applicant", "id"),
        needed("applicant_kind", "enum", APPLICANT_KINDS),
        Column("country", "countries"),
        needed("window", "enum", WINDOWS),
        Column("objectives", "objectives"),
        needed("currency", "currency"),
        amount("amount_requested", is_required=True),
        amount("amount_minimum", least=ZERO),
        Column("merit", "decimal", least=ZERO, most=Decimal(100)),
        amount("cofinance", least=ZERO),
        _marker("gender"),
        _marker("human_rights"),
        _marker("child"),
        Column("oda", "boolean"),
        Column("starts_on", "date"),
        Column("ends_on", "date"),
        Column("level", "enum", values=LEVELS),
        Column("place"),
        Column("implementer", "id"),
        Column(
            "finance_type", "enum", values=("grant",), default="grant",
            unsupported={what: _NOT_YET.format("carry anything but grants") for what in ("loan", "equity")},
        ),
        amount("cofinance_confirmed", least=ZERO),
        Column("continues", "id"),
        Column("follow_on", "id"),
    ),
    key=("request_id",),
    takes_extras=True,
)  # fmt: skip

REQUEST_YEARS = Kind(
    "request_years",
    (
        needed("request_id", "id"),
        Column("year", "integer", is_required=True, least=Decimal(1900), most=Decimal(2199)),
        amount("amount", is_required=True, currency=None),
    ),
    key=("request_id", "year"),
)
"""What of an ask is spent in each year."""

SCORES = Kind(
    "scores",
    (
        needed("request_id", "id"),
        needed("reviewer", "id"),
        needed("criterion", "id"),
        Column("score", "decimal", is_required=True, least=ZERO, most=Decimal(100)),
    ),
    key=("request_id", "reviewer", "criterion"),
)

RECUSALS = Kind(
    "recusals",
    (needed("request_id", "id"), needed("reviewer", "id"), Column("reason")),
    key=("request_id", "reviewer"),
)
"""Reviewers whose scores on a request do not count."""

RATES = Kind(
    "rates",
    (
        needed("currency", "currency"),
        needed("rate_date", "date"),
        Column("units_per_base", "decimal", is_required=True, above=ZERO, places=8),
        needed("source"),
    ),
    key=("currency", "rate_date"),
)

ENTRIES = Kind(
    "entries",
    (
        needed("reference", "id"),
        needed("kind", "enum", ENTRY_KINDS),
        needed("entry_date", "date"),
        Column("amount", "amount", is_required=True, currency="currency"),
        needed("currency", "currency"),
        amount("base_amount", currency="base"),
        Column("bank", "id"),
        Column("contribution_id", "id"),
        Column("request_id", "id"),
        Column("purpose"),
        Column("narration"),
    ),
    key=("reference",),
)
"""Movements of money that are neither deposit nor allocation."""

PLEDGES = Kind(
    "pledges",
    (
        needed("contribution_id", "id"),
        needed("donor"),
        amount("amount", is_required=True, currency="base"),
        Column("earmark", "terms"),
        Column("chance", "percent", is_required=True),
    ),
    key=("contribution_id",),
)
"""Money that may come, with the chance that it does: a question to a round, never brought into the book."""

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            CONTRIBUTIONS,
            DEPOSITS,
            REQUESTS,
            REQUEST_YEARS,
            SCORES,
            RECUSALS,
            RATES,
            ENTRIES,
            PLEDGES,
            *LIFE_KINDS,
            *GRANT_KINDS,
            *OPENING_KINDS,
        )
    }
)
"""Every kind of file that can be staged."""
