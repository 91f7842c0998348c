"""A one-off mapping of two public files into the book's own: requests from UN INFO, contributions from OCHA FTS.

Demand, `migration/un_info_migration_outputs.csv`: every row that requires more than is available asks for the
difference. Its id is `UI-`, the country, UN INFO's identifier and a running number by agency, which together name a
row. Window and objectives follow the example's keywords over name, then outcome, whether or not the keyword names
migration; without any keyword the window is integration. Merit and smallest useful amount follow the example's rules.
Rows that are equal in everything but the country are one output listed several times: all of them ask, and the policy
funds at most one of them.

Supply, `flows/fts_germany_2025.csv`: every row with an amount above 0 is one contribution.

- Zero amounts (194 of 226 parked envelopes, emptied into other flows, and 8 more) are left out: the book refuses an
  amount of 0, and there is nothing to give.
- Parked rows with an amount stay: the amount is what is still parked, beside the flows taken out of the envelope. The
  one row that is carried over stays likewise.
- `pledge` is a pledge. `paid` and `commitment` are agreements, and both are taken as received in full on the flow's
  date. For commitments that is a convention of this test, which needs money at size; it says nothing on what was paid.
- Earmark: the destinations as `country=A|B`. No destination, or `Global` among several, is unearmarked. OCHA's regions
  are written as the UN M49 regions that their names speak of. The file's own class of earmarking is kept in the note.
- Several years of use, and shared flows: the amount counts whole, as the file states it. The years stand in the note
  and are not a use-by date: FTS says in which years the money counts, not by when it must be spent.
- Signed on the day of decision, where there is one not later than the flow's date, else on the flow's date.
- Currency: euro where the original amount at the row's own rate gives the row's dollars within 1 %, with those dollars
  as what the bank credited. Other rows count in dollars: the original amount is missing, or that of a larger flow.
- Rates: the row's own, by day of signing and by the flow's date. Of several on one day the most frequent, then the
  lowest. They price the receivable; the difference to the deposit is exchange.
- Donors: the government and its agency for international cooperation are `state`, KfW is a `development_bank`. All are
  Germany's, also where the file leaves the place empty.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from facility.example.keywords import Keyword, folded, window_rule
from facility.example.outputs import Funding
from facility.example.requests import merit_parts, smallest_useful
from ledgers.places import Places
from ledgers.places.tables import countries

Row = dict[str, str]

UN_INFO = Path("migration", "un_info_migration_outputs.csv")
FTS = Path("flows", "fts_germany_2025.csv")

OCHA_NAMES = {
    "Côte d'Ivoire": "CIV",
    "Iran, Islamic Republic of": "IRN",
    "Moldova, Republic of": "MDA",
    "Occupied Palestinian Territory": "PSE",
    "Tanzania, United Republic of": "TZA",
    "Venezuela, Bolivarian Republic of": "VEN",
}
"""Names that OCHA writes in its own way, and the codes of `ledgers.places`."""

OCHA_REGIONS = {
    "Region - Middle East and Northern Africa": ("145", "015"),
    "Region - Southern and Eastern Africa": ("018", "014"),
    "Region - West and Central Africa": ("011", "017"),
}
"""OCHA's regions as M49 regions: Western Asia, Northern, Southern, Eastern, Western and Middle Africa."""

DONOR_KINDS = {"KFW Development": "development_bank"}
"""Donors that are not the State or an agency of it."""

RATE_TOLERANCE = Fraction(1, 100)

POLICY = """\
currency = "USD"
resources = "cash"
unit = "1.00"
objectives = ["merit"]
reserve = "5%"
time_limit = 40
gap = 1e-4

[[limit]]
name = "Integration between 20 and 70 %"
select = "window=integration"
at_least = "20%"
at_most = "70%"

[[limit]]
name = "Institutions at least 15 %"
select = "window=institutions"
at_least = "15%"

[[limit]]
name = "Least developed countries at least 35 %"
select = "country=LDC"
at_least = "35%"

[[limit]]
name = "Small islands at least five awards"
select = "country=SIDS"
count_at_least = 5

[[limit]]
name = "One country, 4 % of resources"
each = "country"
at_most = "4% of resources"

[[limit]]
name = "One applicant, half"
each = "applicant"
at_most = "50%"

[[limit]]
name = "At most 250 awards"
count_at_most = 250

[approval]
signatures = 2
"""


@dataclass(frozen=True, slots=True)
class Mapped:
    """The files to import, and what became of each row.

    Attributes:
        tables: Rows under their header, by kind: contributions, deposits, requests, rates.
        policy: The round's rules.
        counts: What was kept and left out, how often, in the order met.
    """

    tables: dict[str, list[Row]]
    policy: str
    counts: Counter[str]

    def write(self, folder: Path) -> dict[str, Path]:
        """Write every table as CSV and the policy, and return their paths by kind."""
        paths = {kind: folder / f"{kind}.csv" for kind in self.tables}
        for kind, path in paths.items():
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(self.tables[kind][0]))
                writer.writeheader()
                writer.writerows(self.tables[kind])
        paths["policy"] = folder / "policy.toml"
        paths["policy"].write_text(self.policy, encoding="utf-8")
        return paths


def mapped(data_dir: Path, *, places: Places) -> Mapped:
    """Return both files as tables of the book's formats, with the counts of what was done."""
    counts: Counter[str] = Counter()
    outputs, flows = list(_rows(data_dir / UN_INFO)), list(_rows(data_dir / FTS))
    requests = _requests(outputs, places, counts)
    kept = [flow for flow in flows if _kept(flow, counts)]
    rates = _rates(kept)
    tables = {
        "rates": [
            {"currency": "EUR", "rate_date": day, "units_per_base": rate, "source": "OCHA FTS, rate of a flow that day"}
            for day, rate in sorted(rates.items())
        ],
        "contributions": [_contribution(flow, counts) for flow in kept],
        "deposits": [_deposit(flow) for flow in kept if flow["status"] != "pledge"],
        "requests": [row for row, _ in requests],
    }
    return Mapped(tables, POLICY + _exclusive(requests, counts), counts)


def contribution_id(flow: Row) -> str:
    """Return the id of a flow's contribution."""
    return f"FTS-{flow['flow_id']}"


def earmark(flow: Row) -> str:
    """Return a flow's destinations as terms; empty for no destination, and for the whole world."""
    names = [name for name in flow["destination_location"].split(";") if name]
    if not names or "Global" in names:
        return ""
    return "country=" + "|".join(code for name in names for code in _codes(name))


def in_euro(flow: Row) -> bool:
    """Return whether the original euro are the same money as the dollars."""
    if flow["original_currency"] != "EUR":
        return False
    at_rate = Fraction(flow["original_amount"]) / Fraction(flow["rate_original_per_usd"])
    return abs(at_rate / int(flow["amount_usd"]) - 1) <= RATE_TOLERANCE


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _codes(name: str) -> Sequence[str]:
    if name in OCHA_REGIONS:
        return OCHA_REGIONS[name]
    if name in OCHA_NAMES:
        return (OCHA_NAMES[name],)
    found = [country.iso3 for country in countries().values() if name in (country.name, *country.other_names)]
    if len(found) != 1:
        raise ValueError(f"destination {name!r} names {len(found)} countries: add it to OCHA_NAMES or OCHA_REGIONS")
    return found


def _kept(flow: Row, counts: Counter[str]) -> bool:
    if int(flow["amount_usd"]) == 0:
        counts[f"flows left out: amount 0, {flow['flow_type'].lower()}"] += 1
        return False
    counts["flows kept"] += 1
    return True


def _signed_on(flow: Row) -> str:
    decided = flow["decision_date"]
    return decided if decided and decided <= flow["date"] else flow["date"]


def _rates(flows: Iterable[Row]) -> dict[str, str]:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for flow in flows:
        if in_euro(flow):
            for day in {_signed_on(flow), flow["date"]}:
                seen[day][flow["rate_original_per_usd"]] += 1
    return {day: min(found, key=lambda rate: (-found[rate], Decimal(rate))) for day, found in seen.items()}


def _contribution(flow: Row, counts: Counter[str]) -> Row:
    terms = earmark(flow)
    counts[f"contributions {'pledged' if flow['status'] == 'pledge' else 'signed'}"] += 1
    counts[f"contributions in {'EUR' if in_euro(flow) else 'USD'}"] += 1
    counts[f"contributions {'to one' if terms and '|' not in terms else 'to several' if terms else 'unearmarked'}"] += 1
    if ";" in flow["destination_usageyear"]:
        counts["contributions for several years"] += 1
    if flow["flow_type"] != "Standard":
        counts[f"contributions {flow['flow_type'].lower()}"] += 1
    return {
        "contribution_id": contribution_id(flow),
        "agreement": flow["flow_id"],
        "donor": flow["source_organization"],
        "donor_kind": DONOR_KINDS.get(flow["source_organization"], "state"),
        "donor_country": "DEU",
        "currency": "EUR" if in_euro(flow) else "USD",
        "amount": flow["original_amount"] if in_euro(flow) else flow["amount_usd"],
        "signed_on": _signed_on(flow),
        "earmark": terms,
        "stage": "pledge" if flow["status"] == "pledge" else "agreement",
        "note": f"FTS {flow['status']}, {flow['flow_type']}, {flow['on_boundary']}, "
        f"{flow['earmarking'] or 'no class'}, used in {flow['destination_usageyear'].replace(';', ', ')}",
    }


def _deposit(flow: Row) -> Row:
    return {
        "deposit_id": f"D-{flow['flow_id']}",
        "contribution_id": contribution_id(flow),
        "received_on": flow["date"],
        "currency": "EUR" if in_euro(flow) else "USD",
        "amount": flow["original_amount"] if in_euro(flow) else flow["amount_usd"],
        "base_amount": flow["amount_usd"] if in_euro(flow) else "",
    }


def _requests(outputs: Sequence[Row], places: Places, counts: Counter[str]) -> list[tuple[Row, Row]]:
    """Return a request for each output with a gap, beside the output, in order of id."""
    running: Counter[tuple[str, str]] = Counter()
    rule = window_rule()
    found = []
    for output in sorted(outputs, key=lambda row: (row["iso3"], row["uninfo_id"], row["agency"])):
        funding = Funding(*(Decimal(output[f"{name}_usd"]) for name in ("required", "available", "spent")))
        if funding.gap <= 0:
            counts[f"outputs left out: {'no gap' if funding.required else 'nothing required'}"] += 1
            continue
        key = (output["iso3"], output["uninfo_id"])
        running[key] += 1
        counts["outputs kept"] += 1
        request_id = f"UI-{'-'.join(key)}-{running[key]:02d}"
        found.append((_request(output, funding, request_id, places, rule), output))
        counts[f"requests of window {found[-1][0]['window']}"] += 1
    return found


def _request(output: Row, funding: Funding, request_id: str, places: Places, rule: Sequence[Keyword]) -> Row:
    window, objectives = _window(output, rule)
    groups = [group for group in ("LDC", "LLDC", "SIDS") if group in places.around(output["iso3"])]
    return {
        "request_id": request_id,
        "title": output["name"],
        "applicant": output["agency"],
        "applicant_kind": "international_organisation",
        "country": output["iso3"],
        "window": window,
        "objectives": objectives,
        "currency": "USD",
        "amount_requested": str(funding.gap),
        "amount_minimum": smallest_useful(funding.gap),
        "merit": str(sum(merit_parts(funding, groups), Decimal(0))),
        "cofinance": output["available_usd"],
        "starts_on": output["start"],
        "ends_on": output["end"],
    }


def _window(output: Row, rule: Sequence[Keyword]) -> tuple[str, str]:
    for text in (folded(output["name"]), folded(output["outcome"])):
        for keyword in rule:
            if f" {keyword.text}" in text:
                return keyword.window, keyword.objectives
    return "integration", ""


def _exclusive(requests: Iterable[tuple[Row, Row]], counts: Counter[str]) -> str:
    """Return the policy's tables for outputs that are listed under several countries."""
    same: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for request, output in requests:
        cells = tuple(cell for name, cell in output.items() if name not in ("iso3", "country"))
        same[cells].append(request["request_id"])
    groups = [ids for ids in same.values() if len(ids) > 1]
    counts["outputs listed under several countries"] += len(groups)
    return "".join(f"\n[[exclusive]]\nrequests = {json.dumps(ids)}\n" for ids in groups)
