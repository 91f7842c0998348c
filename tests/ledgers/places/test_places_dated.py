"""Places: right on both sides of a date, and every word known or refused with the way out."""

import pickle
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.places import Places, PlaceUnknown, country_rows, group_rows, region_rows
from ledgers.places.tables import Membership, countries, memberships, regions

EVE, DAY = date(2026, 11, 23), date(2026, 11, 24)
days = st.dates(date(2000, 1, 1), date(2040, 1, 1))
country_codes = st.sampled_from(sorted(countries()))
region_codes = st.sampled_from(sorted(regions()))


def test_bangladesh_laos_and_nepal_leave_the_least_developed_countries_on_the_day():
    before, after = Places.on(EVE).members("LDC"), Places.on(DAY).members("LDC")
    assert before - after == {"BGD", "LAO", "NPL"}
    assert after < before
    assert (len(before), len(after)) == (44, 41)
    assert "AGO" in after


@pytest.mark.parametrize(
    ("code", "left_on"),
    [
        ("VUT", date(2020, 12, 4)),
        ("BTN", date(2023, 12, 13)),
        ("STP", date(2024, 12, 13)),
        ("SLB", date(2027, 12, 13)),
        ("KHM", date(2029, 12, 19)),
        ("SEN", date(2029, 12, 19)),
    ],
)
def test_a_graduate_is_least_developed_until_the_day_before(code, left_on):
    assert code in Places.on(left_on - timedelta(days=1)).members("LDC")
    assert code not in Places.on(left_on).members("LDC")


def test_the_lists_have_their_published_sizes():
    day = Places.on(date(2024, 6, 30))
    assert len(day.members("LDC")) == 45
    assert len(day.members("LLDC")) == 32
    assert len(day.members("SIDS")) == 37
    assert all(countries()[code].is_un_member for code in day.members("SIDS"))
    assert sum(country.is_un_member for country in countries().values()) == 193
    assert countries()["VEN"].is_un_member


def test_what_is_not_confirmed_says_so():
    stated = {row.iso3: row.confidence for row in memberships() if row.group == "LDC"}
    assert stated["NPL"] == "day computed from the preparatory period, not confirmed"
    assert stated["STP"] == "confirmed"
    assert stated["AGO"] == "listed by both sources; graduation deferred without a date"
    assert {row.confidence for row in memberships() if row.group in ("LIC", "LMIC", "UMIC", "MIC", "HIC")} == {
        "undated"
    }
    assert all(row.source and row.confidence for row in memberships())


@given(day=days)
def test_middle_income_is_lower_and_upper_and_income_groups_are_apart(day):
    places = Places.on(day)
    low, lower, upper, high = (places.members(group) for group in ("LIC", "LMIC", "UMIC", "HIC"))
    assert places.members("MIC") == lower | upper
    assert len(low | lower | upper | high) == len(low) + len(lower) + len(upper) + len(high)


@given(day=days, code=country_codes)
def test_membership_and_what_lies_around_a_country_are_one_relation(day, code):
    places = Places.on(day)
    words = [*dict(places.groups), *regions()]
    assert places.around(code) == {word for word in words if code in places.members(word)} | {code}


@given(inner=region_codes, outer=region_codes)
def test_a_region_lies_in_another_only_if_its_countries_do(inner, outer):
    places = Places.on(DAY)
    if outer in places.regions_around(inner):
        assert places.members(inner) <= places.members(outer)
    assert {inner, "001"} <= places.regions_around(inner)


def test_regions_are_those_of_m49():
    places = Places.on(DAY)
    assert places.members("001") == set(countries())
    assert places.members("Africa") == places.members("Sub-Saharan Africa") | places.members("Northern Africa")
    assert places.members("419") == places.members("005") | places.members("013") | places.members("029")
    assert places.members("003") == places.members("021") | places.members("013") | places.members("029")
    assert places.region_of("KEN") == "202"
    assert places.region_of("jam") == "419"
    assert places.region_of("NPL") == "034"
    assert places.region_of("ATA") == "001"
    assert places.regions_around("Western Africa") == {"011", "202", "002", "001"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ken", "KEN"),
        (" LDC ", "LDC"),
        ("Africa", "002"),
        ("2", "002"),
        ("002", "002"),
        ("western AFRICA", "011"),
        ("world", "001"),
    ],
)
def test_a_place_has_one_code(text, code):
    assert Places.on(DAY).normalise(text) == code


def test_every_word_is_known_and_normal_forms_stay():
    places = Places.on(DAY)
    for word in places.codes:
        code = places.normalise(word)
        assert places.normalise(code) == code
        assert [places.is_country(word), places.is_group(word), places.is_region(word)].count(True) == 1
        assert places.name(word)
    assert (places.name("KEN"), places.name("ldc"), places.name("11")) == (
        "Kenya",
        "Least developed countries",
        "Western Africa",
    )


UNKNOWN = "use an ISO 3166 alpha-3 code such as KEN, a group such as LDC, or a UN M49 region such as Western Africa"


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("Kenya", "Kenya is not a known country, group or region", "did you mean KEN (Kenya)?"),
        ("KE", "KE is not a known country, group or region", "did you mean KEN (Kenya)?"),
        ("404", "404 is not a known country, group or region", "did you mean KEN (Kenya)?"),
        ("Ivory Coast", "Ivory Coast is not a known country, group or region", "did you mean CIV (Côte d’Ivoire)?"),
        ("Lao PDR", "Lao PDR is not a known country, group or region", "did you mean LAO (Laos)?"),
        ("turkey", "turkey is not a known country, group or region", "did you mean TUR (Türkiye)?"),
        ("Westrn Africa", "Westrn Africa is not a known country, group or region", "did you mean Western Africa?"),
        ("LDCs", "LDCs is not a known country, group or region", "did you mean LDC?"),
        ("qqqq", "qqqq is not a known country, group or region", UNKNOWN),
        ("", "an empty text is not a known country, group or region", UNKNOWN),
    ],
)
def test_an_unknown_place_is_refused_with_the_one_that_was_meant(text, message, remedy):
    with pytest.raises(PlaceUnknown) as caught:
        Places.on(DAY).normalise(text)
    assert (caught.value.code, caught.value.message, caught.value.remedy) == ("place-unknown", message, remedy)


def test_the_wrong_kind_of_place_is_refused():
    places = Places.on(DAY)
    with pytest.raises(PlaceUnknown, match=r"^KEN is a country, not a group or region$"):
        places.members("KEN")
    with pytest.raises(PlaceUnknown, match=r"^LDC is not a UN M49 region$"):
        places.regions_around("LDC")
    with pytest.raises(PlaceUnknown, match=r"^Africa is not a country$"):
        places.region_of("Africa")


def test_codes_of_countries_groups_and_regions_never_meet():
    places = Places.on(DAY)
    assert len({word.casefold() for word in places.codes}) == len(places.codes)


def test_a_place_survives_a_pipe_to_another_process():
    places = Places.on(DAY)
    places.around("KEN")
    assert pickle.loads(pickle.dumps(places)) == places  # noqa: S301
    assert hash(places) == hash(Places.on(DAY))
    assert Places.on(EVE) != places


def test_rows_for_the_book_carry_every_table_whole():
    assert [row[0] for row in country_rows()] == sorted(countries())
    assert [row[0] for row in region_rows()] == sorted(regions())
    rows = group_rows()
    assert rows == sorted(rows, key=lambda row: (row[1], row[0]))
    keys = [(row[0], row[1], row[3]) for row in rows]
    assert len(set(keys)) == len(keys)
    on_day = {
        (row[0], row[1]) for row in rows if (row[2] is None or row[2] <= DAY) and (row[3] is None or row[3] > DAY)
    }
    places = Places.on(DAY)
    assert on_day == {(code, word) for code in countries() for word in places.around(code) - {code}}


def test_places_load_in_a_few_milliseconds_and_without_heavy_imports():
    script = (
        "import sys, time, csv, dataclasses, datetime, difflib; from ledgers.places import Places; "
        "start = time.process_time(); Places.on(datetime.date(2024, 6, 30)); "
        "heavy = any(name in sys.modules for name in ('polars', 'duckdb', 'pyarrow', 'babel')); "
        "print(time.process_time() - start, heavy)"
    )
    seconds, heavy = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert heavy == "False"
    assert float(seconds) < 0.05


def test_a_membership_holds_from_its_first_day_to_the_day_before_its_end():
    held = Membership("KEN", "LDC", date(2020, 1, 1), date(2021, 1, 1), "test", "test")
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))
    assert [held.holds_on(day) for day in days] == [False, True, True, False]
