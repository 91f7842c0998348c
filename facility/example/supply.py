"""Contributions and deposits: the States' unearmarked money as given, and again under illustrative earmarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from facility.example import EXAMPLE_YEAR, RECEIVED_ON, SIGNED_ON
from facility.example.outputs import rows_of
from ledgers.errors import FacilityError
from ledgers.places.tables import countries

UNEARMARKED = "Voluntary un-earmarked"
"""The source's class of contributions without restriction."""

CONTRIBUTION_COLUMNS = (
    "contribution_id", "donor", "donor_kind", "donor_country", "currency", "amount", "signed_on", "earmark", "use_by",
    "country_share_max", "stage", "note",
)  # fmt: skip

DEPOSIT_COLUMNS = ("deposit_id", "contribution_id", "received_on", "currency", "amount")

AS_GIVEN = "Unearmarked revenue of IOM in 2024 (UN CEB). The source gives the year; the dates are a convention."
EARMARK_ILLUSTRATIVE = "Illustrative earmark: this State gave the amount to IOM unearmarked in 2024."
DONOR_ILLUSTRATIVE = "Illustrative donor and earmark: the amount is that of {donor}, given to IOM unearmarked in 2024."
KEPT_UNEARMARKED = "As given, unearmarked; part of an illustrative scenario."


class ScenarioUnequal(FacilityError):
    """A scenario that does not share out exactly the money that was given."""

    code = "scenario-unequal"


@dataclass(frozen=True, slots=True)
class Gift:
    """What one State gave in the year.

    Attributes:
        iso3: The State.
        donor: Its name as the source gives it.
        amount: USD.
    """

    iso3: str
    donor: str
    amount: Decimal


def gifts_of(path: Path) -> tuple[list[Gift], list[dict[str, str]]]:
    """Return the States' unearmarked gifts of the year, sorted by code, and the year's other rows.

    A State is a member of the United Nations in the book's own table of countries.
    """
    states = {
        name: country.iso3
        for country in countries().values()
        if country.is_un_member
        for name in (country.name, *country.other_names)
    }
    of_year = [row for row in rows_of(path) if row["year"] == str(EXAMPLE_YEAR)]
    is_gift = [row["earmarking_class"] == UNEARMARKED and row["donor"] in states for row in of_year]
    gifts = [
        Gift(states[row["donor"]], row["donor"], Decimal(row["amount_usd"]))
        for row, counts in zip(of_year, is_gift, strict=True)
        if counts
    ]
    others = [row for row, counts in zip(of_year, is_gift, strict=True) if not counts]
    return sorted(gifts, key=lambda gift: gift.iso3), others


def as_given(gifts: Iterable[Gift]) -> list[tuple[str, ...]]:
    """Return scenario A's contributions: each gift as it was given."""
    return [
        _contribution(f"A-{gift.iso3}", gift.donor, "state", gift.iso3, gift.amount, note=AS_GIVEN) for gift in gifts
    ]


def with_illustrative_earmarks(gifts: Iterable[Gift], illustration: Iterable[dict[str, str]]) -> list[tuple[str, ...]]:
    """Return scenario B's contributions: the same money in the parts and under the terms of the illustration.

    Args:
        gifts: The States' money.
        illustration: Rows of `illustrative_earmarks.csv`.

    Raises:
        ScenarioUnequal: the parts of a State's money do not sum to what it gave.
    """
    by_iso3 = {gift.iso3: gift for gift in gifts}
    rows = list(illustration)
    for iso3 in sorted(by_iso3.keys() | {row["money_of"] for row in rows}):
        given = by_iso3[iso3].amount if iso3 in by_iso3 else Decimal(0)
        shared = sum((Decimal(row["amount"]) for row in rows if row["money_of"] == iso3), Decimal(0))
        if given != shared:
            raise ScenarioUnequal(
                f"the parts of {iso3} sum to {shared:.2f}, it gave {given:.2f}",
                remedy="correct the amounts in illustrative_earmarks.csv",
            )
    return [_illustrated(row, by_iso3[row["money_of"]]) for row in rows]


def deposits(contributions: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return one deposit of the full amount for each contribution."""
    rows = [dict(zip(CONTRIBUTION_COLUMNS, row, strict=True)) for row in contributions]
    return [
        (f"D-{row['contribution_id']}", row["contribution_id"], str(RECEIVED_ON), row["currency"], row["amount"])
        for row in rows
    ]


def _illustrated(row: dict[str, str], gift: Gift) -> tuple[str, ...]:
    is_state = row["donor_kind"] == "state"
    note = EARMARK_ILLUSTRATIVE if row["earmark"] else KEPT_UNEARMARKED
    return _contribution(
        row["contribution_id"],
        gift.donor if is_state else row["donor"],
        row["donor_kind"],
        gift.iso3 if is_state else "",
        Decimal(row["amount"]),
        earmark=row["earmark"],
        use_by=row["use_by"],
        country_share_max=row["country_share_max"],
        note=note if is_state else DONOR_ILLUSTRATIVE.format(donor=gift.donor),
    )


def _contribution(
    identifier: str, donor: str, kind: str, country: str, amount: Decimal, *,
    earmark: str = "", use_by: str = "", country_share_max: str = "", note: str,
) -> tuple[str, ...]:  # fmt: skip
    return (
        identifier, donor, kind, country, "USD", f"{amount:.2f}", str(SIGNED_ON), earmark, use_by, country_share_max,
        "agreement", note,
    )  # fmt: skip
