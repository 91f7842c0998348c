"""The SQL says the same as the Python."""

import unicodedata
from fractions import Fraction

import duckdb
import pytest
import term_strategies as some
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgers.terms import admits, eligibility_query, folded, parse, subject_rows, term_rows

TABLES = {
    "term": "terms_id varchar",
    "term_part": "terms_id varchar, part_no integer, attribute varchar, operator varchar",
    "term_value": "terms_id varchar, part_no integer, value varchar, number decimal(18, 4)",
    "subject": 'request_id varchar, "window" varchar, applicant varchar, applicant_kind varchar, gender integer, '
    "human_rights integer, child integer, oda boolean, level varchar, merit_numerator decimal(18, 0), "
    "merit_denominator decimal(18, 0)",
    "subject_objective": "request_id varchar, objective integer",
    "subject_place": "request_id varchar, place varchar, share varchar",
    "place_group": "place varchar, around varchar",
}


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as connection:
        for name, columns in TABLES.items():
            connection.execute(f"create temp table {name} ({columns})")
        yield connection


def load(con, table, rows):
    con.execute(f"delete from {table}")
    if rows:
        con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def load_places(con, places):
    # 2,500 rows one by one take a second: pass them as two lists.
    place, around = zip(*places.rows(), strict=True)
    con.execute("delete from place_group")
    con.execute("insert into place_group select unnest(?), unnest(?)", [list(place), list(around)])


def admitted_in_sql(con, terms, subjects):
    rows = subject_rows(subjects)
    made = {f"T{number}": term_rows(f"T{number}", each) for number, each in enumerate(terms)}
    load(con, "term", [(terms_id,) for terms_id in made])
    load(con, "term_part", [row for parts, _ in made.values() for row in parts])
    load(con, "term_value", [row for _, values in made.values() for row in values])
    load(con, "subject", rows.subjects)
    load(con, "subject_objective", rows.objectives)
    load(con, "subject_place", [(request, place, str(share)) for request, place, share in rows.places])
    return con.execute(eligibility_query()).fetchall()


@pytest.mark.parametrize("day", [some.BEFORE, some.ON])
def test_sql_and_python_admit_the_same_requests(con, day):
    places = some.Places.on(day)
    load_places(con, places)

    @settings(max_examples=max(25, settings.default.max_examples // 4))
    @given(
        terms=st.lists(some.terms, min_size=1, max_size=6),
        subjects=st.lists(some.subjects(), min_size=1, max_size=8, unique_by=lambda each: each.request),
    )
    def agree(terms, subjects):
        in_python = sorted(
            (f"T{number}", subject.request)
            for number, each in enumerate(terms)
            for subject in subjects
            if admits(each, subject, places)
        )
        in_sql = admitted_in_sql(con, terms, subjects)
        assert in_sql == sorted(in_sql)
        assert sorted(in_sql) == in_python

    agree()


def test_every_single_condition_agrees_with_every_kind_of_place(con):
    places = some.Places.on(some.BEFORE)
    load_places(con, places)
    words = ("KEN", "LDC", "Africa", "202", "011", "World", "SIDS", "MIC")
    terms = [
        parse(f"{attribute}{operator}{word}", places=places)
        for attribute in ("country", "region")
        for operator in ("=", "!=")
        for word in words
        if attribute == "country" or places.is_region(word)
    ]
    cells = ("", "KEN", "NPL", "KEN:60|UGA:40", "KEN:60|FRA:40", "011", "Africa", "World", "HTI:50|STP:50")
    subjects = [some.Subject(f"R{number}", country=cell) for number, cell in enumerate(cells)]
    expected = {(f"T{n}", s.request) for n, each in enumerate(terms) for s in subjects if admits(each, s, places)}
    assert set(admitted_in_sql(con, terms, subjects)) == expected


def test_folding_equals_the_lower_case_of_sql_for_every_letter(con):
    # Letters of Unicode 3.2, which every supported Python and DuckDB knows alike.
    letters = [
        letter
        for letter in map(chr, range(1, 0x110000))
        if unicodedata.ucd_3_2_0.category(letter) not in ("Cn", "Cs", "Co") and not letter.isspace()
    ]
    lowered = con.execute("select lower(letter) from (select unnest(?) as letter)", [letters]).fetchall()
    assert [(letter, folded(letter)) for letter in letters] == [
        (letter, lower) for letter, (lower,) in zip(letters, lowered, strict=True)
    ]
    assert len(letters) > 90_000


def test_words_and_identifiers_match_in_any_case(con):
    places = some.Places.on(some.ON)
    load_places(con, places)
    texts = ("applicant=acme ΣΑΣ", "request=r-1", "window=diaspora", "applicant_kind=local_authority", "level=local")
    terms = [parse(text, places=places) for text in texts]
    subject = some.Subject("R-1", "Diaspora", applicant=" ACME ΣΑΣ", applicant_kind="City", level="LOCAL")
    assert [admits(each, subject, places) for each in terms] == [True] * 5
    assert admitted_in_sql(con, terms, [subject]) == [(f"T{number}", "R-1") for number in range(5)]


def test_merit_compares_exactly_though_it_is_no_decimal(con):
    places = some.Places.on(some.ON)
    terms = [
        parse(text, places=places) for text in ("merit>=33.3333", "merit>=33.3334", "merit<=33.3333", "merit!=33.3333")
    ]
    subject = some.Subject("R-1", merit=Fraction(100, 3))
    assert admitted_in_sql(con, terms, [subject]) == [("T0", "R-1"), ("T3", "R-1")]


def test_identifiers_that_look_like_sql_are_only_identifiers(con):
    load_places(con, some.Places.on(some.ON))
    names = ["o'x", "x'); drop table subject; --".replace(";", ","), "$1", "?", "%", "_"]
    places = some.Places.on(some.ON)
    terms = [parse(f"request={name}", places=places) for name in names]
    subjects = [some.Subject(name) for name in names]
    assert admitted_in_sql(con, terms, subjects) == [(f"T{number}", name) for number, name in enumerate(names)]


def test_the_query_keeps_to_sql_that_travels():
    code = "\n".join(line for line in eligibility_query().splitlines() if not line.startswith("--")).lower()
    for word in ("asof", "range(", "list(", " / ", "::", "group by all", "{", "%"):
        assert word not in code
