"""What each kind of file holds: its columns, which are required, what their cells may say, and the key of a row.

Source: the file formats of the interface; kinds of donors and applicants, windows and levels are the project's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from ledgers.terms.words import APPLICANT_KINDS, LEVELS, WINDOWS

CellType = Literal[
    "text", "id", "date", "amount", "decimal", "integer", "percent", "currency", "enum", "boolean", "terms",
    "country", "countries", "objectives",
]  # fmt: skip

ZERO = Decimal(0)

DONOR_KINDS = ("state", "development_bank", "foundation", "private_sector", "diaspora", "multilateral")
ENTRY_KINDS = ("interest", "administration", "cancellation", "transfer")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind of file.

    Attributes:
        name: Its header.
        type: What its cells say.
        is_required: Whether the column must exist and every cell be filled.
        default: What an empty cell means, as text.
        values: The words an `enum` may use.
        unsupported: Words that the interface knows and the book cannot yet honour, with why; refused by name.
        least: Lowest number allowed.
        above: Number that must be exceeded.
        most: Highest number allowed.
        places: Decimal places kept of a number; the typed column is DECIMAL(18, places).
        currency: For an `amount`: name of the column with its currency; `base` for the book's; None where only the book
            knows.
    """

    name: str
    type: CellType = "text"
    is_required: bool = False
    default: str | None = None
    values: tuple[str, ...] = ()
    unsupported: Mapping[str, str] = field(default_factory=dict)
    least: Decimal | None = None
    above: Decimal | None = None
    most: Decimal | None = None
    places: int = 4
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    Attributes:
        name: As the import command calls it.
        columns: In the order of the interface, which is the order of the staged frame.
        key: Columns that together name a row; compared without regard to case.
        takes_extras: Whether numeric columns of the user's own (`x_…`) are allowed.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    takes_extras: bool = False


def _amount(
    name: str, *, is_required: bool = False, currency: str | None = "currency", least: Decimal | None = None
) -> Column:
    """Return a column of amounts above 0, or from `least` on."""
    above = ZERO if least is None else None
    return Column(name, "amount", is_required, above=above, least=least, currency=currency)


def _needed(name: str, type_: CellType = "text", values: tuple[str, ...] = ()) -> Column:
    return Column(name, type_, is_required=True, values=values)


def _marker(name: str) -> Column:
    return Column(name, "integer", least=ZERO, most=Decimal(3))


_NOT_YET = "the book does not yet {}"

CONTRIBUTIONS = Kind(
    "contributions",
    (
        Column("contribution_id", "id", True, unsupported={"FACILITY": "this id is the facility's own contribution"}),
        Column("agreement"),
        _needed("donor"),
        _needed("donor_kind", "enum", DONOR_KINDS),
        Column("donor_country", "country"),
        _needed("currency", "currency"),
        _amount("amount", is_required=True),
        Column("signed_on", "date"),
        Column("earmark", "terms"),
        Column("use_by", "date"),
        Column("spend_from", "date"),
        Column("spend_to", "date"),
        Column("country_share_max", "percent"),
        Column("stage", "enum", values=("pledge", "agreement"), default="agreement"),
        Column(
            "conditional", "boolean", default="no",
            unsupported={"yes": _NOT_YET.format("defer contributions with conditions")},
        ),
        Column(
            "interest", "enum", values=("facility",), default="facility",
            unsupported={"contribution": _NOT_YET.format("add interest to the contribution that earned it")},
        ),
        Column("fee_percent", "percent", default="0%", most=ZERO),
        Column("report_due", "date"),
        Column("note"),
    ),
    key=("contribution_id",),
)  # fmt: skip

DEPOSITS = Kind(
    "deposits",
    (
        _needed("deposit_id", "id"),
        _needed("contribution_id", "id"),
        _needed("received_on", "date"),
        _needed("currency", "currency"),
        _amount("amount", is_required=True),
        _amount("base_amount", currency="base"),
        _amount("applied_amount", currency=None, least=ZERO),
    ),
    key=("deposit_id", "contribution_id"),
)

REQUESTS = Kind(
    "requests",
    (
        _needed("request_id", "id"),
        _needed("title"),
        _needed("applicant", "id"),
        _needed("applicant_kind", "enum", APPLICANT_KINDS),
        Column("country", "countries"),
        _needed("window", "enum", WINDOWS),
        Column("objectives", "objectives"),
        _needed("currency", "currency"),
        _amount("amount_requested", is_required=True),
        _amount("amount_minimum", least=ZERO),
        Column("merit", "decimal", least=ZERO, most=Decimal(100)),
        _amount("cofinance", least=ZERO),
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
        _amount("cofinance_confirmed", least=ZERO),
        Column("continues", "id"),
        Column("follow_on", "id"),
    ),
    key=("request_id",),
    takes_extras=True,
)  # fmt: skip

REQUEST_YEARS = Kind(
    "request_years",
    (
        _needed("request_id", "id"),
        Column("year", "integer", is_required=True, least=Decimal(1900), most=Decimal(2199)),
        _amount("amount", is_required=True, currency=None),
    ),
    key=("request_id", "year"),
)
"""What of an ask is spent in each year."""

SCORES = Kind(
    "scores",
    (
        _needed("request_id", "id"),
        _needed("reviewer", "id"),
        _needed("criterion", "id"),
        Column("score", "decimal", is_required=True, least=ZERO, most=Decimal(100)),
    ),
    key=("request_id", "reviewer", "criterion"),
)

RECUSALS = Kind(
    "recusals",
    (_needed("request_id", "id"), _needed("reviewer", "id"), Column("reason")),
    key=("request_id", "reviewer"),
)
"""Reviewers whose scores on a request do not count."""

RATES = Kind(
    "rates",
    (
        _needed("currency", "currency"),
        _needed("rate_date", "date"),
        Column("units_per_base", "decimal", is_required=True, above=ZERO, places=8),
        _needed("source"),
    ),
    key=("currency", "rate_date"),
)

ENTRIES = Kind(
    "entries",
    (
        _needed("reference", "id"),
        _needed("kind", "enum", ENTRY_KINDS),
        _needed("entry_date", "date"),
        Column("amount", "amount", is_required=True, currency="currency"),
        _needed("currency", "currency"),
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
        _needed("contribution_id", "id"),
        _needed("donor"),
        _amount("amount", is_required=True, currency="base"),
        Column("earmark", "terms"),
        Column("chance", "percent", is_required=True),
    ),
    key=("contribution_id",),
)
"""Money that may come, with the chance that it does: a question to a round, never brought into the book."""

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (*(CONTRIBUTIONS, DEPOSITS, REQUESTS, REQUEST_YEARS, SCORES, RECUSALS, RATES, ENTRIES, PLEDGES),)
    }
)
"""Every kind of file that can be staged."""
