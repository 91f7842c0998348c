"""The class of an earmark is derived from its terms."""

from datetime import date

import pytest
import term_strategies as some
from hypothesis import given

from ledgers.places import Places
from ledgers.places.tables import region_members, regions
from ledgers.terms import EARMARK_CLASSES, Terms, earmark_class, parse
from ledgers.terms.earmark import FEW

DAY = Places.on(date(2024, 6, 30))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "unearmarked"),
        ("window=diaspora", "softly"),
        ("objective=21", "softly"),
        ("country=LDC", "softly"),
        ("country=Western Africa", "softly"),
        ("region=Africa", "softly"),
        ("gender>=2", "softly"),
        ("country!=KEN", "softly"),
        ("request!=R-1", "softly"),
        ("applicant!=A-1", "softly"),
        ("country=LDC; objective=21", "softly"),
        ("country=LDC|KEN", "softly"),
        ("country=LDC|KEN; objective=21", "softly"),
        ("country=KEN|UGA|TZA|RWA|BDI|SSD", "softly"),
        ("country=KEN|UGA|TZA|RWA|BDI|SSD; country!=SSD", "earmarked"),
        ("country=KEN|UGA|TZA|RWA|BDI|SSD; country=KEN|UGA|FRA", "earmarked"),
        ("country=KEN|UGA|TZA|RWA|BDI", "earmarked"),
        ("country=KEN", "earmarked"),
        ("country=KEN; window=diaspora", "earmarked"),
        ("country=KEN; objective!=21", "earmarked"),
        ("applicant_kind=ngo", "earmarked"),
        ("applicant_kind=local_authority", "earmarked"),
        ("applicant_kind=local_authority|ngo|media|academia", "earmarked"),
        ("applicant_kind=local_authority|ngo|media|academia|parliament", "softly"),
        ("applicant_kind!=ngo", "softly"),
        ("applicant_kind=ngo; objective=3", "earmarked"),
        ("country=KEN; objective=21", "tightly"),
        ("request=R-1", "tightly"),
        ("applicant=A-1; window=diaspora", "tightly"),
    ],
)
def test_class_of_an_earmark(text, expected):
    assert earmark_class(parse(text, places=DAY), DAY) == expected


@given(terms=some.terms, more=some.parts())
def test_another_condition_never_loosens_the_class(terms, more):
    tighter = Terms((*terms.parts, more))
    order = EARMARK_CLASSES.index
    assert order(earmark_class(tighter, DAY)) >= order(earmark_class(terms, DAY))


def test_a_few_countries_are_no_more_than_the_smallest_sub_region_has():
    sizes = [len(region_members(code)) for code, region in regions().items() if region.level == "sub-region"]
    assert min(sizes) == FEW
