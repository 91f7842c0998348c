"""The grammar: what is read, what is refused and how the refusal reads."""

import random
from datetime import date

import pytest
import term_strategies as some
from hypothesis import given
from hypothesis import strategies as st

from ledgers.places import Places
from ledgers.terms import Part, TermInvalid, Terms, parse, parse_all_errors, spoken, words

PLACES = Places.on(date(2024, 6, 30))


@given(terms=some.terms, places=some.places)
def test_canonical_text_parses_to_the_same_terms(terms, places):
    assert parse(str(terms), places=places) == terms
    assert str(parse(str(terms), places=places)) == str(terms)


@given(terms=some.terms)
def test_text_with_region_names_parses_to_the_same_terms(terms):
    text = "" if terms.is_empty else spoken(terms)
    assert parse(text, places=PLACES) == terms


@given(terms=some.terms, seed=st.integers(0, 2**32))
def test_order_case_blanks_and_repetition_do_not_matter(terms, seed):
    chance = random.Random(seed)
    written = []
    for part in terms.parts * 2:
        values = list(part.values) * (1 if part.operator in (">=", "<=") else 2)
        chance.shuffle(values)
        # Only letters whose upper case folds back: identifiers keep the case they have.
        cased = [value.upper() if value.isascii() else value for value in values]
        written.append(f" {part.attribute.upper()} {part.operator}  {' | '.join(cased)} ")
    chance.shuffle(written)
    text = ";".join(written)
    assert parse(text + chance.choice(["", ";", "; "]) if written else text, places=PLACES) == terms


@given(
    text=st.text(max_size=40)
    | st.lists(
        st.sampled_from(["country", "=", "!=", ">=", "|", ";", "LDC", " ", "gender", "2", "\x00", "≥"]), max_size=12
    ).map("".join)
)
def test_any_text_is_terms_or_refused_by_name_with_a_place_in_it(text):
    terms, errors = parse_all_errors(text, places=PLACES)
    assert (terms is None) == bool(errors)
    assert [error.position for error in errors] == sorted(error.position for error in errors)
    for error in errors:
        assert 1 <= error.position <= len(text) + 1
        assert error.remedy
        assert "\n" not in str(error)
        assert error.excerpt.count("\n") == 1


def test_terms_are_normalised():
    terms = parse("Gender >= 02; country = western africa|uga|KEN|ken; request=R-017;", places=PLACES)
    assert terms.parts == (
        Part("country", "=", ("011", "KEN", "UGA")),
        Part("gender", ">=", ("2",)),
        Part("request", "=", ("r-017",)),
    )
    assert str(terms) == "country=011|KEN|UGA; gender>=2; request=r-017"
    assert spoken(terms) == "country=Western Africa|KEN|UGA; gender>=2; request=r-017"


@pytest.mark.parametrize("text", ["", "  ", "\u3000"])
def test_empty_text_admits_everything(text):
    assert parse(text, places=PLACES) == Terms()
    assert parse(text, places=PLACES).is_empty
    assert spoken(Terms()) == "no conditions"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("country=202", "country=Sub-Saharan Africa"),
        ("region=2", "region=Africa"),
        ("merit>=05.50", "merit>=5.5"),
        ("objective=07", "objective=7"),
    ],
)
def test_two_ways_to_write_the_same(text, same):
    assert parse(text, places=PLACES) == parse(same, places=PLACES)


REFUSED = [
    ("windw=diaspora", 1, "expected an attribute, found windw", "did you mean window?"),
    (
        "xyz=red",
        1,
        "expected an attribute, found xyz",
        "use one of 13 known values, such as window, country, objective, applicant_kind, applicant",
    ),
    ("=LDC", 1, "expected an attribute, found nothing", "write attribute=value: window=diaspora"),
    ("window", 7, "expected =, !=, >= or <=, found nothing", "write a value: window=…"),
    ("window==diaspora", 7, "expected =, !=, >= or <=, found ==", "did you mean =?"),
    ("gender≥2", 7, "expected =, !=, >= or <=, found ≥", "did you mean >=?"),
    ("gender=>2", 7, "expected =, !=, >= or <=, found =>", "did you mean >=?"),
    ("gender=!2", 8, "expected a marker from 0 to 3, found !2", "write a marker from 0 to 3: gender=2"),
    ("gender>2", 7, "expected =, !=, >= or <=, found >", "did you mean >=?"),
    (
        "objective>=3",
        10,
        "expected = or != after objective, found >=",
        "only gender, human_rights, child, merit are compared by size; write objective=…",
    ),
    ("window=", 8, "expected a window, found nothing", "write a value, or leave the condition on window out"),
    (
        "country=KEN||UGA",
        13,
        "expected a country, group or region, found nothing",
        "write a value, or leave the condition on country out",
    ),
    (
        "window=diaspora; ; oda=yes",
        17,
        "expected a condition, found nothing",
        "delete the idle ; or write a condition: window=diaspora",
    ),
    (
        "window=diaspora country=KEN",
        24,
        "expected ; or | or the end, found =",
        "write ; between conditions; a value cannot contain =",
    ),
    ("window= integratoin", 9, "expected a window, found integratoin", "did you mean integration?"),
    ("window=health", 8, "expected a window, found health", "use one of: integration, institutions, diaspora"),
    ("country=Kenya", 9, "expected a country, group or region, found Kenya", "did you mean KEN (Kenya)?"),
    ("country=LDC|Afrca", 13, "expected a country, group or region, found Afrca", "did you mean Africa?"),
    ("region=KEN", 8, "expected a region, found KEN", "write country=KEN"),
    ("region=LDC", 8, "expected a region, found LDC", "write country=LDC"),
    (
        "objective=24",
        11,
        "expected an objective from 1 to 23, found 24",
        "write an objective from 1 to 23: objective=2",
    ),
    (
        "objective=1.0",
        11,
        "expected an objective from 1 to 23, found 1.0",
        "write an objective from 1 to 23: objective=2",
    ),
    ("gender>=4", 9, "expected a marker from 0 to 3, found 4", "write a marker from 0 to 3: gender>=2"),
    ("gender>=1|2", 9, "expected one number, found 1|2", "write one number: gender>=1"),
    (
        "merit>=100.0001",
        8,
        "expected a number from 0 to 100 with at most 4 decimal places, found 100.0001",
        "write a number from 0 to 100 with at most 4 decimal places: merit>=2",
    ),
    (
        "merit>=٣",
        8,
        "expected a number from 0 to 100 with at most 4 decimal places, found ٣",
        "write a number from 0 to 100 with at most 4 decimal places: merit>=2",
    ),
    ("applicant_kind=NGOs", 16, "expected an applicant kind, found NGOs", "did you mean ngo?"),
    ("oda=true", 5, "expected yes or no, found true", "use one of: yes, no"),
    ("level=world", 7, "expected a level, found world", "use one of: local, national, regional, global"),
    ("request=R\u200b1", 10, "expected a visible character, found U+200B", "delete the invisible character U+200B"),
]


@pytest.mark.parametrize(("text", "position", "message", "remedy"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_bad_term_names_its_place_what_was_expected_and_the_way_out(text, position, message, remedy):
    with pytest.raises(TermInvalid) as caught:
        parse(text, places=PLACES)
    shown = text.replace("\u200b", " ")
    assert caught.value.code == "term-invalid"
    assert caught.value.message == f'at position {position} of "{shown}": {message}'
    assert caught.value.remedy == remedy
    assert caught.value.position == position


def test_every_expectation_is_refused_once():
    found = {parse_all_errors(row[0], places=PLACES)[1][0].expected for row in REFUSED}
    for attribute in set(words.ATTRIBUTES) - set(words.IDENTIFIERS):
        assert any(
            word in text
            for text in found
            for word in (attribute, attribute.replace("_", " "), "marker", "yes", "number")
        )


def test_the_excerpt_points_at_the_word():
    with pytest.raises(TermInvalid) as caught:
        parse("country=LDC; window=integratoin", places=PLACES)
    assert caught.value.excerpt == "country=LDC; window=integratoin\n                    ^^^^^^^^^^^"


def test_all_errors_of_a_text_come_together():
    _, errors = parse_all_errors("windw=x; gender>=7; country=KEN|Kenia; level=lokal", places=PLACES)
    assert [error.position for error in errors] == [1, 18, 33, 46]


def test_a_long_text_is_shown_around_the_place():
    text = "; ".join(["window=diaspora"] * 50) + "; windw=diaspora"
    with pytest.raises(TermInvalid) as caught:
        parse(text, places=PLACES)
    assert "…" in caught.value.message
    assert "windw=diaspora" in caught.value.message
    assert len(caught.value.message) < 200


def test_terms_can_be_keys():
    assert {parse("oda=yes", places=PLACES): 1}[parse("ODA = Yes", places=PLACES)] == 1


def test_alternatives_stand_by_size_when_numbers_and_by_letter_when_words():
    assert str(parse("objective=10|2|2|21; country=UGA|KEN", places=PLACES)) == "country=KEN|UGA; objective=2|10|21"
