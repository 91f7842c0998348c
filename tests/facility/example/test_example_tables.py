"""The example's tables: real where they say so, by rule where they say so, illustrative where they say so."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation.policy_file import parse_policy
from facility.example import RECEIVED_ON, ROUND_ON, SCENARIOS, SIGNED_ON, money_of, table
from facility.example.derive import OUTPUTS, derived, main
from facility.example.keywords import folded, match, window_rule
from facility.example.outputs import Funding, outputs_of, sifted
from facility.example.requests import merit_parts, smallest_useful
from facility.example.supply import Gift, ScenarioUnequal, with_illustrative_earmarks
from ledgers.places import Places
from ledgers.staging import staged
from ledgers.terms import earmark_class, parse

PLACES = Places.on(ROUND_ON)
CENT = Decimal("0.01")


def rows(name: str) -> list[dict[str, str]]:
    with table(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def source(data_dir: Path, name: str) -> list[dict[str, str]]:
    with (data_dir / "migration" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def requests() -> list[dict[str, str]]:
    return rows("requests.csv")


@pytest.fixture(scope="module")
def traces() -> dict[str, dict[str, str]]:
    return {row["request_id"]: row for row in rows("requests_source.csv")}


def test_the_committed_tables_are_what_the_script_makes(data_dir: Path) -> None:
    for name, text in derived(data_dir).items():
        assert table(name).read_bytes() == text.encode(), f"{name} differs: run python -m facility.example.derive"


def test_the_order_of_the_source_rows_changes_nothing(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "migration").mkdir()
    for file in ("un_info_migration_outputs.csv", "iom_revenue_by_donor_2013_2024.csv"):
        given_rows = source(data_dir, file)
        with (tmp_path / "migration" / file).open("w", encoding="utf-8", newline="") as turned:
            writer = csv.DictWriter(turned, list(given_rows[0]))
            writer.writeheader()
            writer.writerows(reversed(given_rows))
    assert derived(tmp_path) == derived(data_dir)


def test_fourteen_states_gave_what_the_source_says(data_dir: Path) -> None:
    given_rows = [
        row
        for row in source(data_dir, "iom_revenue_by_donor_2013_2024.csv")
        if row["year"] == "2024" and row["earmarking_class"] == "Voluntary un-earmarked"
    ]
    contributions = rows("contributions_a.csv")
    assert len(contributions) == 14
    assert {row["donor"]: Decimal(row["amount"]) for row in contributions} == {
        row["donor"]: Decimal(row["amount_usd"]) for row in given_rows
    }
    assert sum(Decimal(row["amount"]) for row in contributions) == Decimal("25282112.00")
    assert {row["donor_kind"] for row in contributions} == {"state"}
    assert {row["earmark"] for row in contributions} == {""}
    assert all(PLACES.is_country(row["donor_country"]) for row in contributions)


def test_scenario_b_is_the_same_money_to_the_cent() -> None:
    given_by = {row["donor_country"]: Decimal(row["amount"]) for row in rows("contributions_a.csv")}
    parts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows("illustrative_earmarks.csv"):
        parts[row["money_of"]] += Decimal(row["amount"])
    assert parts == given_by
    assert sum(Decimal(row["amount"]) for row in rows("contributions_b.csv")) == sum(given_by.values())


def test_every_earmark_and_invented_donor_is_labelled_illustrative() -> None:
    contributions = rows("contributions_b.csv")
    for row in contributions:
        assert "llustrative" in row["note"]
        if row["donor_kind"] != "state":
            assert row["donor"].startswith("Illustrative ")
            assert row["note"].startswith("Illustrative donor and earmark")
            assert row["donor_country"] == ""
        if row["earmark"]:
            assert row["note"].startswith("Illustrative")
    assert {row["donor"] for row in contributions if row["donor_kind"] != "state"} == {
        "Illustrative development bank",
        "Illustrative foundation",
    }


def test_the_earmarks_parse_and_reach_every_class() -> None:
    classes = {earmark_class(parse(row["earmark"], places=PLACES), PLACES) for row in rows("contributions_b.csv")}
    assert classes == {"unearmarked", "softly", "earmarked", "tightly"}


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_every_contribution_is_paid_in_full_before_the_round(scenario: str) -> None:
    contributions_file, deposits_file = money_of(scenario)
    signed = {row["contribution_id"]: row for row in rows(contributions_file.name)}
    paid = rows(deposits_file.name)
    assert {row["contribution_id"]: row["amount"] for row in paid} == {
        key: row["amount"] for key, row in signed.items()
    }
    assert len({row["deposit_id"] for row in paid}) == len(paid) == len(signed)
    assert {row["signed_on"] for row in signed.values()} == {str(SIGNED_ON)}
    assert {row["received_on"] for row in paid} == {str(RECEIVED_ON)}
    assert SIGNED_ON < RECEIVED_ON < ROUND_ON


def test_every_request_traces_to_a_row_of_the_source(
    data_dir: Path, requests: list[dict[str, str]], traces: dict[str, dict[str, str]]
) -> None:
    listed = defaultdict(list)
    for row in source(data_dir, "un_info_migration_outputs.csv"):
        figures = tuple(Decimal(row[f"{name}_usd"]) for name in ("required", "available", "spent"))
        listed[(row["uninfo_id"], row["agency"], row["iso3"], *figures)].append(row)
    assert [row["request_id"] for row in requests] == list(traces)
    for request in requests:
        trace = traces[request["request_id"]]
        figures = tuple(Decimal(trace[name]) for name in ("required", "available", "spent"))
        for country in trace["listed_under"].split("|"):
            origins = listed[(trace["uninfo_id"], trace["agency"], country, *figures)]
            assert any(
                (origin["start"], origin["end"]) == (request["starts_on"], request["ends_on"]) for origin in origins
            ), request
        assert Decimal(request["amount_requested"]) == figures[0] - figures[1] > 0
        assert Decimal(request["cofinance"]) == figures[1]
        assert request["applicant"] == trace["agency"]
        if trace["country_rule"] == "listed":
            assert request["country"] == trace["listed_under"]


def test_request_ids_are_unique_and_carry_the_source_identifier(traces: dict[str, dict[str, str]]) -> None:
    assert len(traces) == len(rows("requests.csv"))
    for key, trace in traces.items():
        assert re.fullmatch(rf"UI-{trace['uninfo_id']}-\d\d", key)


def test_every_request_is_active_in_the_year_and_not_over_by_the_round(requests: list[dict[str, str]]) -> None:
    for request in requests:
        assert request["starts_on"] <= "2024-12-31"
        assert request["ends_on"] >= str(ROUND_ON)


def test_no_output_with_a_gap_is_counted_twice_or_lost(data_dir: Path, traces: dict[str, dict[str, str]]) -> None:
    counts = {row["what"]: row for row in rows("counts.csv") if row["source"] == "un_info"}
    everything = counts.pop("all outputs")
    for column in ("rows", "counted_once"):
        assert sum(int(row[column]) for row in counts.values()) == int(everything[column])
    assert sum(Decimal(row["usd"]) for row in counts.values()) == Decimal(everything["usd"])
    assert int(everything["rows"]) == len(source(data_dir, "un_info_migration_outputs.csv"))
    assert int(counts["kept as requests"]["counted_once"]) == len(traces)
    assert int(counts["kept as requests"]["rows"]) == sum(
        len(trace["listed_under"].split("|")) for trace in traces.values()
    )


def test_the_readme_carries_the_counts() -> None:
    text = table("README.md").read_text(encoding="utf-8")
    for row in rows("counts.csv"):
        assert f"| {row['what']} | {row['rows']} | {row['counted_once']} | {row['usd']} |" in text


def test_the_window_follows_from_the_written_rule(
    data_dir: Path, requests: list[dict[str, str]], traces: dict[str, dict[str, str]]
) -> None:
    """Re-read the texts and the rule without the package's own matching."""
    rule = rows("window_rule.csv")
    assert [int(row["position"]) for row in rule] == list(range(1, len(rule) + 1))
    words = {row["keyword"]: re.compile(rf"\b{row['keyword']}") for row in rule}
    plain = str.maketrans("áàâãéèêíïóôõúüçñ", "aaaaeeeiiooouucn")
    texts = {
        (row["uninfo_id"], row["agency"], row["iso3"], Decimal(row["required_usd"]), Decimal(row["available_usd"])): [
            " ".join(re.findall(r"[a-z0-9]+", row[column].lower().translate(plain))) for column in ("name", "outcome")
        ]
        for row in source(data_dir, "un_info_migration_outputs.csv")
    }
    for request in requests:
        trace = traces[request["request_id"]]
        country = trace["listed_under"].split("|")[0]
        name, outcome = texts[
            (trace["uninfo_id"], trace["agency"], country, Decimal(trace["required"]), Decimal(trace["available"]))
        ]
        in_name = [row for row in rule if words[row["keyword"]].search(name)]
        in_outcome = [row for row in rule if words[row["keyword"]].search(outcome)]
        assert any(row["names_migration"] == "yes" for row in in_name + in_outcome)
        first = (in_name or in_outcome)[0]
        assert (trace["keyword"], trace["found_in"]) == (first["keyword"], "name" if in_name else "outcome")
        assert (request["window"], request["objectives"]) == (first["window"], first["objectives"])
        assert first["topic"] in request["title"]


def test_the_rule_names_known_windows_and_objectives() -> None:
    rule = rows("window_rule.csv")
    assert {row["window"] for row in rule} == {"integration", "institutions", "diaspora"}
    assert {int(number) for row in rule for number in row["objectives"].split("|")} <= set(range(1, 24))
    assert len({row["keyword"] for row in rule}) == len(rule)
    assert all(folded(row["keyword"]) == f" {row['keyword']}" for row in rule)


def test_merit_follows_from_the_figures(requests: list[dict[str, str]], traces: dict[str, dict[str, str]]) -> None:
    for request in requests:
        trace = traces[request["request_id"]]
        required, available, spent = (Decimal(trace[name]) for name in ("required", "available", "spent"))
        groups = {"LDC": 20, "LLDC": 10, "SIDS": 10}
        expected = [
            (40 * (required - available) / required).quantize(CENT, ROUND_HALF_UP),
            Decimal(sum(groups[name] for name in trace["groups"].split("|") if name)),
            (30 * min(Decimal(1), spent / available)).quantize(CENT, ROUND_HALF_UP) if available else Decimal(15),
        ]
        assert [Decimal(trace[f"merit_{part}"]) for part in ("unfunded", "groups", "delivery")] == expected
        assert Decimal(request["merit"]) == sum(expected)


def test_groups_are_those_of_the_rounds_date(
    data_dir: Path, requests: list[dict[str, str]], traces: dict[str, dict[str, str]]
) -> None:
    """Against the public lists, corrected by the dates of graduation, not against the book's own tables."""
    with (data_dir / "reference" / "country-codes.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["ISO3166-1-Alpha-3"]: row for row in csv.DictReader(file)}
    with (data_dir / "reference" / "bblocks-places-concordance.csv").open(encoding="utf-8-sig", newline="") as file:
        members = {row["iso3_code"] for row in csv.DictReader(file) if row["un_member"] == "True"}
    with (data_dir / "reference" / "ldc_graduations.csv").open(encoding="utf-8-sig", newline="") as file:
        left_on = {row["country"]: row["left_on"] for row in csv.DictReader(file)}
    for request in requests:
        country = listed.get(request["country"])
        expected = set()
        if country:
            code = request["country"]
            is_listed = country["Least Developed Countries (LDC)"] == "x"
            if str(ROUND_ON) < left_on[code] if code in left_on else is_listed:
                expected.add("LDC")
            if country["Land Locked Developing Countries (LLDC)"] == "x":
                expected.add("LLDC")
            if country["Small Island Developing States (SIDS)"] == "x" and code in members:
                expected.add("SIDS")
        assert set(filter(None, traces[request["request_id"]]["groups"].split("|"))) == expected, request


@given(
    st.integers(1, 10**9).flatmap(
        lambda required: st.tuples(st.just(required), st.integers(0, required - 1), st.integers(0, 2 * required))
    ),
    st.sampled_from([(), ("LDC",), ("LDC", "LLDC"), ("LDC", "SIDS"), ("LLDC",), ("SIDS",)]),
)
def test_merit_lies_between_0_and_100(figures: tuple[int, int, int], groups: tuple[str, ...]) -> None:
    parts = merit_parts(Funding(*map(Decimal, figures)), groups)
    assert all(part >= 0 for part in parts)
    assert sum(parts) <= 100


@given(st.integers(1, 10**9))
def test_the_smallest_useful_amount_is_whole_thousands_within_the_ask(gap: int) -> None:
    smallest = smallest_useful(Decimal(gap))
    if gap <= 50_000:
        assert smallest == ""
    else:
        assert Decimal(smallest) % 1000 == 0
        assert Decimal(smallest) == 500_000 or gap <= 4 * Decimal(smallest) < gap + 4000
        assert 0 < Decimal(smallest) <= min(gap, 500_000)


def test_amounts_stand_in_the_table_as_the_rule_says(requests: list[dict[str, str]]) -> None:
    for request in requests:
        assert request["amount_minimum"] == smallest_useful(Decimal(request["amount_requested"]))
        assert request["applicant_kind"] == "international_organisation"
        assert request["currency"] == "USD"


def test_no_cell_copies_five_words_of_the_source(data_dir: Path) -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.casefold())
        return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}

    copied = set()
    for row in source(data_dir, "un_info_migration_outputs.csv"):
        copied |= runs(row["name"]) | runs(row["outcome"])
    for name in (
        "requests.csv",
        "requests_source.csv",
        "window_rule.csv",
        "contributions_a.csv",
        "contributions_b.csv",
    ):
        for row in rows(name):
            for cell in row.values():
                assert not runs(cell) & copied, cell


def test_the_example_stays_small() -> None:
    folder = table("requests.csv").parent
    assert sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) < 500_000


def test_the_policy_is_not_impossible_by_arithmetic(
    requests: list[dict[str, str]], traces: dict[str, dict[str, str]]
) -> None:
    """Each floor alone can be met by asks in its group, at most the country cap in each country."""
    policy = tomllib.loads(table("policy.toml").read_text(encoding="utf-8"))
    limits = {limit["name"]: limit for limit in policy["limit"]}
    assert len(limits) == len(policy["limit"])
    resources = sum(Decimal(row["amount"]) for row in rows("contributions_a.csv"))
    cap = resources * Decimal(limits["One country, 8 % of resources"]["at_most"].split("%")[0]) / 100
    floors = [limit for limit in policy["limit"] if "at_least" in limit]
    assert len(floors) == 6
    for limit in floors:
        attribute, values = limit["select"].split("=")
        wanted = set(values.split("|"))
        by_country: defaultdict[str, Decimal] = defaultdict(Decimal)
        for request in requests:
            cells = {"window": "window", "objective": "objectives"}
            cell = traces[request["request_id"]]["groups"] if attribute == "country" else request[cells[attribute]]
            if wanted & set(cell.split("|")):
                by_country[request["country"]] += Decimal(request["amount_requested"])
        floor = limit["at_least"]
        needed = resources * Decimal(floor[:-1]) / 100 if floor.endswith("%") else Decimal(floor)
        assert sum(min(cap, asked) for asked in by_country.values()) >= needed, limit["name"]
    shares = Counter(
        {
            name: Decimal(limits[name]["at_most"][:-1])
            for name in limits
            if "window=" in str(limits[name]) and "at_most" in limits[name]
        }
    )
    assert sum(shares.values()) + 2 >= 100


def test_the_policy_selects_in_terms_that_parse() -> None:
    policy = tomllib.loads(table("policy.toml").read_text(encoding="utf-8"))
    for limit in policy["limit"]:
        assert parse(limit.get("select", ""), places=PLACES) is not None


def test_the_policy_is_valid_under_the_engines_own_reader() -> None:
    policy = parse_policy(table("policy.toml").read_text(encoding="utf-8"), places=PLACES, name="policy.toml")
    assert len(policy.limits) == 12


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [
        ("requests", "requests.csv", 297),
        ("contributions", "contributions_a.csv", 14),
        ("deposits", "deposits_a.csv", 14),
        ("contributions", "contributions_b.csv", 15),
        ("deposits", "deposits_b.csv", 15),
    ],
)
def test_every_table_is_staged_without_a_finding(kind: str, name: str, count: int) -> None:
    result = staged(kind, table(name), on=ROUND_ON, base="USD")
    assert result.frame.height == count
    assert result.warnings == ()


def test_the_readme_says_what_the_tables_hold(
    data_dir: Path, requests: list[dict[str, str]], traces: dict[str, dict[str, str]]
) -> None:
    text = " ".join(table("README.md").read_text(encoding="utf-8").split())
    asked: defaultdict[str, list[Decimal]] = defaultdict(list)
    for request in requests:
        asked[request["window"]].append(Decimal(request["amount_requested"]))
    for window in asked:
        assert f"{len(asked[window])} {'are ' if window == 'integration' else ''}{window}" in text
    millions = [
        f"{sum(asked[window]) / 1_000_000:.1f} million" for window in ("integration", "institutions", "diaspora")
    ]
    assert all(million in text for million in millions)
    foundation = next(row for row in rows("contributions_b.csv") if row["contribution_id"] == "B-FOUNDATION")
    offered, diaspora = Decimal(foundation["amount"]), sum(asked["diaspora"])
    assert f"USD {offered:,.0f} for the diaspora window meets asks of USD {diaspora:,.0f}" in text
    assert f"so USD {offered - diaspora:,.0f} of it cannot be used" in text
    places = Counter(trace["country_rule"] for trace in traces.values())
    assert f"({places['name prefix']} requests)" in text
    assert f"({places['common region']} request," in text
    assert sum(Decimal(request["amount_requested"]) < 1000 for request in requests) == 10
    assert "The ten asks below USD 1,000" in text
    several = Counter(output.countries for output in outputs_of(data_dir / OUTPUTS) if len(output.countries) > 1)
    assert sorted(several.values()) == [7, 33]
    assert "lists 33 outputs" in text
    assert "lists 7 three times" in text


def test_an_output_is_kept_only_if_its_text_names_migration() -> None:
    rule = window_rule()
    found = match(rule, name="Salud para todos", outcome="Apoyo a personas desplazadas")
    assert found is not None
    assert (found.keyword.text, found.found_in) == ("salud", "name")
    assert match(rule, name="Salud para todos", outcome="Apoyo a las familias") is None
    assert match(rule, name="Wildlife trafficking", outcome="") is None


HEADER = "iso3,country,uninfo_id,agency,sdg,name,start,end,outcome,required_usd,available_usd,spent_usd\n"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("KEN,2024-01-01,2024-12-31,,0,0", "a figure is missing or negative"),
        ("KEN,2024-01-01,2024-12-31,-5,0,0", "a figure is missing or negative"),
        ("KEN,2024-01-01,2024-12-31,NaN,0,0", "a figure is missing or negative"),
        ("KEN,2024-01-01,2024-12-31,0,0,0", "nothing required"),
        ("KEN,2024-01-01,2024-12-31,5,6,0", "more available than required"),
        ("KEN,2024-01-01,2024-12-31,5,5,0", "fully funded"),
        ("KEN,,2024-12-31,5,0,0", "dates missing or reversed"),
        ("KEN,2024-12-31,2024-01-01,5,0,0", "dates missing or reversed"),
        ("KEN,2025-01-01,2025-12-31,5,0,0", "not active in 2024"),
        ("KEN,2023-01-01,2023-12-31,5,0,0", "not active in 2024"),
        ("KEN,2023-01-01,2024-01-30,5,0,0", "ended before the round"),
        ("QQQ,2024-01-01,2024-12-31,5,0,0", "country code is unknown"),
        ("KEN,2024-01-01,2024-12-31,5,0,0", None),
    ],
)
def test_whatever_is_left_out_has_its_reason(cells: str, reason: str | None, tmp_path: Path) -> None:
    country, start, end, required, available, spent = cells.split(",")
    file = tmp_path / "outputs.csv"
    file.write_text(
        HEADER + f"{country},X,1,IOM,,Migrants welcome,{start},{end},Y,{required},{available},{spent}\n",
        encoding="utf-8",
    )
    kept, left_out = sifted(outputs_of(file), places=PLACES, rule=window_rule())
    assert [left.reason for left in left_out] == ([reason] if reason else [])
    assert [request.output.request_id for request in kept] == ([] if reason else ["UI-1-01"])


def test_an_output_listed_under_several_countries_is_one_request(tmp_path: Path) -> None:
    file = tmp_path / "outputs.csv"
    listed = [("WSM", "TUV 3 Migrants"), ("NIU", "TUV 3 Migrants"), ("WSM", "Migrants"), ("NIU", "Migrants")]
    file.write_text(
        HEADER + "".join(f"{code},X,7,IOM,,{name},2024-01-01,2024-12-31,Y,5,0,0\n" for code, name in listed),
        encoding="utf-8",
    )
    kept, left_out = sifted(outputs_of(file), places=PLACES, rule=window_rule())
    assert not left_out
    assert [(one.output.request_id, one.place.code, one.place.rule, one.place.groups) for one in kept] == [
        ("UI-7-01", "061", "common region", ()),
        ("UI-7-02", "TUV", "name prefix", ("LDC", "SIDS")),
    ]


def test_a_scenario_that_loses_a_cent_is_refused() -> None:
    gifts = [Gift("DNK", "Denmark", Decimal("10.00"))]
    with pytest.raises(ScenarioUnequal) as caught:
        with_illustrative_earmarks(gifts, [{"money_of": "DNK", "amount": "9.99"}])
    assert caught.value.message == "the parts of DNK sum to 9.99, it gave 10.00"
    assert caught.value.remedy == "correct the amounts in illustrative_earmarks.csv"
    assert caught.value.code == "scenario-unequal"


def test_the_script_asks_for_its_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().err == "usage: python -m facility.example.derive DATA_DIR\n"


def test_a_file_that_the_example_lacks_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="the example has no file no-such"):
        table("no-such")
