"""Make the package's tables of places from public files: `python -m ledgers.places.derive DATA_DIR`.

Reads `reference/country-codes.csv` (datasets/country-codes, PDDL), `reference/bblocks-places-concordance.csv`
(bblocks-places, MIT) and `reference/ldc_graduations.csv` (dates of leaving the least developed countries, from UN
decisions), and writes `countries.csv`, `regions.csv` and `groups.csv` beside this module.

Rules:
- Countries: every ISO 3166 entry, and Kosovo under the code that the World Bank uses. Venezuela is a UN member State,
  which the second source denies wrongly.
- LDC: the 44 countries that both sources list, and those that left since 2007 up to the day they left. Sao Tome and
  Principe, which the first source still lists, left on 2024-12-13. The beginnings of memberships are not recorded.
- SIDS: the 37 that are UN member States, of the 53 countries and areas that both sources list.
- Income: the World Bank's group as the second source carries it. That source states no year; the classification
  changes every 1 July, so the rows say `undated` and count on any date.
- Two sources that disagree where no rule above decides stop the script.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from ledgers.errors import FacilityError
from ledgers.places.tables import FOLDER

Rows = list[dict[str, str]]

CODES = "datasets/country-codes (PDDL)"
CONCORDANCE = "bblocks-places (MIT)"
BOTH = f"{CODES}; {CONCORDANCE}"

INCOME_GROUPS = {
    "Low income": "LIC",
    "Lower middle income": "LMIC",
    "Upper middle income": "UMIC",
    "High income": "HIC",
}
INCOME_UNKNOWN = ("", "Not classified")

GRADUATION_SOURCES = {
    "CPV": "UN Committee for Development Policy: graduated countries",
    "MDV": "UN Committee for Development Policy: graduated countries",
    "WSM": "UN Committee for Development Policy: graduated countries",
    "GNQ": "UN Committee for Development Policy: graduated countries",
    "VUT": "UN-OHRLLS: graduation of Vanuatu",
    "BTN": "UN General Assembly, 13 December 2018",
    "STP": "UN General Assembly, 13 December 2018 (A/73/L.40/Rev.1)",
    "BGD": "UN General Assembly, 24 November 2021",
    "LAO": "UN General Assembly, 24 November 2021",
    "NPL": "UN General Assembly, 24 November 2021",
    "SLB": "UN General Assembly, 2018; extended by three years",
    "KHM": "UN Economic and Social Council, 2024",
    "SEN": "UN Economic and Social Council, 2024",
}
CONFIDENCES = {
    "confirmed": "confirmed",
    "year confirmed": "year confirmed, day not",
    "day from the five-year period": "day computed from the preparatory period, not confirmed",
    "date from general knowledge": "date not confirmed",
    "from general knowledge": "date not confirmed",
}
ANGOLA = "listed by both sources; graduation deferred without a date"

NOTES = {
    "XKX": "not in ISO 3166 or M49; code as the World Bank uses it, region by geography",
    "TWN": "not in M49; region by geography",
    "ATA": "M49 places it in no region but the world",
}
OTHER_NAMES = {
    "ARE": ["UAE"],
    "CIV": ["Ivory Coast"],
    "COD": ["DRC", "Congo-Kinshasa", "Democratic Republic of Congo"],
    "COG": ["Congo-Brazzaville", "Republic of Congo"],
    "CPV": ["Cape Verde"],
    "CZE": ["Czech Republic"],
    "GBR": ["UK", "Great Britain"],
    "KOR": ["Republic of Korea"],
    "LAO": ["Lao PDR"],
    "MKD": ["Macedonia"],
    "MMR": ["Burma"],
    "NLD": ["Holland"],
    "SWZ": ["Swaziland"],
    "TLS": ["East Timor"],
    "TUR": ["Turkey"],
    "USA": ["US"],
}
OWN_REGIONS: Rows = [
    {"code": "001", "name": "World", "level": "world", "parents": "", "source": "UN M49"},
    {"code": "003", "name": "North America", "level": "continent", "parents": "019", "source": "UN M49"},
]
"""Regions that M49 defines and the first source does not list as such: North America is 021, 013 and 029 together."""
IN_NORTH_AMERICA = ("013", "021", "029")


class SourcesDisagree(FacilityError):
    """Two public files that say different things where no written rule decides."""

    code = "sources-disagree"


def derive(data: Path) -> dict[str, Rows]:
    """Return the rows of each table, by file name, made from the public files in `data`.

    Raises:
        SourcesDisagree: the files differ from each other in a way that the rules above do not settle.
    """
    first = _by_code(data / "reference/country-codes.csv", "ISO3166-1-Alpha-3")
    second = _by_code(data / "reference/bblocks-places-concordance.csv", "iso3_code")
    left = _by_code(data / "reference/ldc_graduations.csv", "country")
    _agree("list of countries", set(first) | {"XKX"}, set(second))
    members = {code for code, row in second.items() if row["un_member"] == "True"} | {"VEN"}
    return {
        "countries.csv": [
            _country(code, first.get(code, {}), second[code], code in members) for code in sorted(second)
        ],
        "regions.csv": _regions(first),
        "groups.csv": _groups(first, second, left, members),
    }


def write(tables: Mapping[str, Rows], folder: Path) -> None:
    """Write each table as CSV: UTF-8, line feeds, columns in the order of the first row's keys."""
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _country(code: str, first: Mapping[str, str], second: Mapping[str, str], is_member: bool) -> dict[str, str]:
    region = second["intermediate_region_code"] or second["subregion_code"] or "1"
    stated = [
        first.get("UNTERM English Short", ""),
        first.get("official_name_en", ""),
        first.get("CLDR display name", ""),
    ]
    names = [re.sub(r" \(the\)| \*", "", name).strip() for name in [*stated, second["name_official"]]]
    others = dict.fromkeys(name for name in names + OTHER_NAMES.get(code, []) if name and name != second["name_short"])
    return {
        "iso3": code,
        "iso2": second["iso2_code"],
        "m49": second["m49_code"].zfill(3) if second["m49_member"] == "True" else "",
        "name": second["name_short"],
        "other_names": "|".join(others),
        "region": region.zfill(3),
        "un_member": "yes" if is_member else "no",
        "source": BOTH if first else CONCORDANCE,
        "note": NOTES.get(code, ""),
    }


def _regions(first: Mapping[str, Mapping[str, str]]) -> Rows:
    found = {row["code"]: row for row in OWN_REGIONS}
    for row in first.values():
        parent = "001"
        for column, level in (
            ("Region", "region"),
            ("Sub-region", "sub-region"),
            ("Intermediate Region", "intermediate"),
        ):
            if not row[f"{column} Code"]:
                continue
            code = row[f"{column} Code"].zfill(3)
            parents = f"003|{parent}" if code in IN_NORTH_AMERICA else parent
            found[code] = {
                "code": code,
                "name": row[f"{column} Name"],
                "level": level,
                "parents": parents,
                "source": f"UN M49 through {CODES}",
            }
            parent = code
    return [found[code] for code in sorted(found)]


def _groups(
    first: Mapping[str, Mapping[str, str]],
    second: Mapping[str, Mapping[str, str]],
    left: Mapping[str, Mapping[str, str]],
    members: set[str],
) -> Rows:
    listed = {
        group: _listed_by_both(group, column, first, second)
        for group, column in (
            ("LLDC", "Land Locked Developing Countries (LLDC)"),
            ("SIDS", "Small Island Developing States (SIDS)"),
            ("LDC", "Least Developed Countries (LDC)"),
        )
    }
    rows = [_membership(code, "LLDC", BOTH, "listed by both sources") for code in listed["LLDC"]]
    rows += [_membership(code, "SIDS", BOTH, "listed by both sources") for code in listed["SIDS"] & members]
    rows += [_least_developed(code, left.get(code)) for code in listed["LDC"] | set(left)]
    rows += [
        _membership(code, INCOME_GROUPS[row["income_level"]], f"World Bank through {CONCORDANCE}", "undated")
        for code, row in second.items()
        if row["income_level"] not in INCOME_UNKNOWN
    ]
    return sorted(rows, key=lambda row: (row["group"], row["iso3"]))


def _listed_by_both(
    group: str, column: str, first: Mapping[str, Mapping[str, str]], second: Mapping[str, Mapping[str, str]]
) -> set[str]:
    in_first = {code for code, row in first.items() if row[column] == "x"}
    in_second = {code for code, row in second.items() if row[group.lower()] == "True"}
    if group == "LDC":
        in_first.discard("STP")
    _agree(group, in_first, in_second)
    return in_first


def _least_developed(code: str, graduation: Mapping[str, str] | None) -> dict[str, str]:
    if graduation is None:
        return _membership(code, "LDC", BOTH, ANGOLA if code == "AGO" else "listed by both sources")
    confidence = CONFIDENCES[graduation["confidence"]]
    return _membership(code, "LDC", GRADUATION_SOURCES[code], confidence, until=graduation["left_on"])


def _membership(code: str, group: str, source: str, confidence: str, *, until: str = "") -> dict[str, str]:
    return {"iso3": code, "group": group, "from": "", "until": until, "source": source, "confidence": confidence}


def _agree(what: str, first: Iterable[str], second: Iterable[str]) -> None:
    differing = sorted(set(first) ^ set(second))
    if differing:
        raise SourcesDisagree(
            f"the sources differ on {what}: {', '.join(differing)}",
            remedy="find out which is right and write the rule into ledgers/places/derive.py",
        )


def _by_code(path: Path, column: str) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[column]: row for row in csv.DictReader(file)}


if __name__ == "__main__":
    made = derive(Path(sys.argv[1]))
    write(made, FOLDER)
    sys.stdout.writelines(f"{name}: {len(rows)} rows\n" for name, rows in made.items())
