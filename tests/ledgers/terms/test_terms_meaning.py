"""What terms mean for a request: examples by hand and promises over random ones."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import term_strategies as some
from hypothesis import given

from ledgers.places import Places
from ledgers.terms import Subject, Terms, admits, matched_share, parse

DAY = Places.on(date(2024, 6, 30))
KENYA = Subject("R-1", "integration", "KEN", (7, 21), "Mombasa", "city", 2, 0, None, True, "local", Fraction(200, 3))
MIXED = replace(KENYA, country="KEN:60|UGA:40")
REGIONAL = replace(KENYA, country="Western Africa")
GLOBAL = replace(KENYA, country="")


@given(terms=some.terms, subject=some.subjects(), places=some.places)
def test_a_request_is_admitted_exactly_when_its_matched_share_is_one(terms, subject, places):
    share = matched_share(terms, subject, places)
    assert 0 <= share <= 1
    assert admits(terms, subject, places) == (share == 1)


@given(terms=some.terms, more=some.parts(), subject=some.subjects(), places=some.places)
def test_another_condition_never_admits_more(terms, more, subject, places):
    tighter = Terms((*terms.parts, more))
    assert matched_share(tighter, subject, places) <= matched_share(terms, subject, places)
    assert admits(tighter, subject, places) <= admits(terms, subject, places)


@given(part=some.parts(), subject=some.subjects(), places=some.places)
def test_a_condition_and_its_exclusion_never_hold_together(part, subject, places):
    opposite = Terms((replace(part, operator="!="),))
    if part.operator == "=":
        assert not (admits(Terms((part,)), subject, places) and admits(opposite, subject, places))


@given(part=some.parts(), places=some.places)
def test_an_unknown_attribute_satisfies_no_condition(part, places):
    assert admits(Terms((part,)), Subject("r-x"), places) <= (part.attribute == "request")


@given(subject=some.subjects(), places=some.places)
def test_no_conditions_admit_everything(subject, places):
    assert admits(Terms(), subject, places)
    assert matched_share(Terms(), subject, places) == 1


CASES = [
    ("window=diaspora|integration", KENYA, True),
    ("window!=integration", KENYA, False),
    ("objective=21", KENYA, True),
    ("objective!=21", KENYA, False),
    ("objective!=3", KENYA, True),
    ("objective=7; objective=21", KENYA, True),
    ("applicant_kind=local_authority", KENYA, True),
    ("applicant_kind!=local_authority", KENYA, False),
    ("applicant=MOMBASA", KENYA, True),
    ("request=r-1", KENYA, True),
    ("gender>=2", KENYA, True),
    ("gender>=3", KENYA, False),
    ("gender<=2; gender!=1", KENYA, True),
    ("human_rights=0", KENYA, True),
    ("child>=0", KENYA, False),
    ("child!=3", KENYA, False),
    ("oda=yes", KENYA, True),
    ("level=local|national", KENYA, True),
    ("merit>=66.6666", KENYA, True),
    ("merit>=66.6667", KENYA, False),
    ("merit<=66.6666", KENYA, False),
    ("country=KEN", KENYA, True),
    ("country=KEN", MIXED, False),
    ("country=KEN|UGA", MIXED, True),
    ("country=LDC", MIXED, False),
    ("country=LMIC|LDC", MIXED, True),
    ("country!=KEN", MIXED, False),
    ("country!=LDC", KENYA, True),
    ("country=Eastern Africa", MIXED, True),
    ("country=202", MIXED, True),
    ("country=World", MIXED, True),
    ("region=Africa", MIXED, True),
    ("region=Sub-Saharan Africa", KENYA, True),
    ("region!=Africa", KENYA, False),
    ("country=Western Africa", REGIONAL, True),
    ("country=Africa", REGIONAL, True),
    ("region=Africa", REGIONAL, True),
    ("country=Eastern Africa", REGIONAL, False),
    ("country=NGA", REGIONAL, False),
    ("country=LDC", REGIONAL, False),
    ("country!=KEN", REGIONAL, True),
    ("country!=Africa", REGIONAL, False),
    ("country=World", GLOBAL, False),
    ("country!=KEN", GLOBAL, False),
    ("region!=Africa", GLOBAL, False),
]


@pytest.mark.parametrize(("text", "subject", "expected"), CASES)
def test_what_an_earmark_admits(text, subject, expected):
    assert admits(parse(text, places=DAY), subject, DAY) is expected


@pytest.mark.parametrize(
    ("text", "subject", "share"),
    [
        ("country=KEN", MIXED, Fraction(3, 5)),
        ("country!=KEN", MIXED, Fraction(2, 5)),
        ("country=LDC", MIXED, Fraction(2, 5)),
        ("country=Africa; country!=LDC", MIXED, Fraction(3, 5)),
        ("country=KEN; country=UGA", MIXED, Fraction(0)),
        ("country=LDC|LMIC; region=Africa", MIXED, Fraction(1)),
        ("country=KEN; window=diaspora", MIXED, Fraction(0)),
        ("window=integration", MIXED, Fraction(1)),
        ("country=Africa", REGIONAL, Fraction(1)),
        ("country=LDC", REGIONAL, Fraction(0)),
        ("country=World", GLOBAL, Fraction(0)),
    ],
)
def test_what_a_limit_counts(text, subject, share):
    assert matched_share(parse(text, places=DAY), subject, DAY) == share


def test_groups_mean_membership_on_the_date():
    terms = parse("country=LDC", places=DAY)
    nepal = replace(KENYA, country="NPL")
    assert admits(terms, nepal, Places.on(date(2026, 11, 23)))
    assert not admits(terms, nepal, Places.on(date(2026, 11, 24)))
