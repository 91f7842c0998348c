"""The two public files as they are, read a second time: what the real round is checked against.

Places are known by `reference/country-codes.csv`, never by the book's own tables or its language of terms.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

Row = dict[str, str]

AFRICA_AND_ARABIA = {
    "Region - Middle East and Northern Africa": {"Western Asia", "Northern Africa"},
    "Region - Southern and Eastern Africa": {"Southern Africa", "Eastern Africa"},
    "Region - West and Central Africa": {"Western Africa", "Middle Africa"},
}

FILES = ("migration/un_info_migration_outputs.csv", "flows/fts_germany_2025.csv", "reference/country-codes.csv")


@dataclass(frozen=True)
class Raw:
    """The two files as they are, and the reference by which this test knows places."""

    outputs: list[Row]
    flows: list[Row]
    codes: list[Row]

    @cached_property
    def paying(self) -> list[Row]:
        """Flows with an amount."""
        return [flow for flow in self.flows if Decimal(flow["amount_usd"]) > 0]

    @cached_property
    def received(self) -> dict[str, int]:
        """What each flow that is no pledge brings, in cents."""
        return {
            f"FTS-{flow['flow_id']}": 100 * int(flow["amount_usd"])
            for flow in self.paying
            if flow["status"] != "pledge"
        }

    @cached_property
    def gaps(self) -> list[tuple[str, int]]:
        """Country and gap of each output that asks."""
        found = [(row["iso3"], int(row["required_usd"]) - int(row["available_usd"])) for row in self.outputs]
        return [(iso3, gap) for iso3, gap in found if gap > 0]

    @cached_property
    def destinations(self) -> dict[str, set[str] | None]:
        """Where each contribution may go, as alpha-3 codes; None for anywhere."""
        names = ("official_name_en", "UNTERM English Short", "ISO4217-currency_country_name", "CLDR display name")
        by_words = {_words(row[name]): row["ISO3166-1-Alpha-3"] for row in self.codes for name in names if row[name]}
        by_words |= {_words(row["country"]): row["iso3"] for row in self.outputs}
        found: dict[str, set[str] | None] = {}
        for flow in self.paying:
            parts = [part for part in flow["destination_location"].split(";") if part]
            anywhere = not parts or "Global" in parts
            where = {code for part in parts for code in self._within(part, by_words)}
            found[f"FTS-{flow['flow_id']}"] = None if anywhere else where
        return found

    def listed(self, column: str) -> set[str]:
        """Return the countries that the reference marks in a column."""
        return {row["ISO3166-1-Alpha-3"] for row in self.codes if row[column] == "x"}

    def _within(self, name: str, by_words: dict[frozenset[str], str]) -> Iterator[str]:
        if name in AFRICA_AND_ARABIA:
            around = ("Sub-region Name", "Intermediate Region Name")
            wanted = AFRICA_AND_ARABIA[name]
            yield from (row["ISO3166-1-Alpha-3"] for row in self.codes if wanted & {row[column] for column in around})
        elif _words(name) in by_words:
            yield by_words[_words(name)]


def read_raw(data_dir: Path) -> Raw:
    """Return the files of the folder of public data."""
    read = []
    for name in FILES:
        with (data_dir / name).open(encoding="utf-8-sig", newline="") as file:
            read.append(list(csv.DictReader(file)))
    return Raw(*read)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold())) - {"the", "of"}
