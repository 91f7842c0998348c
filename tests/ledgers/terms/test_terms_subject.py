"""Where a request is: countries with shares, a region, or the world."""

from datetime import date
from fractions import Fraction

import pytest
import term_strategies as some
from hypothesis import given
from hypothesis import strategies as st

from ledgers.places import Places
from ledgers.terms import CountryInvalid, country_shares, country_text, folded, place_shares


@given(cell=some.cells)
def test_shares_are_positive_and_sum_to_one_or_there_are_none(cell):
    shares = country_shares(cell)
    assert sum(share for _, share in shares) == (1 if shares else 0)
    assert all(share > 0 for _, share in shares)


@given(cell=some.cells)
def test_canonical_cell_says_the_same_place(cell):
    text = country_text(cell)
    assert place_shares(text) == place_shares(cell)
    assert country_text(text) == text


@given(
    text=st.text(max_size=20)
    | st.lists(st.sampled_from(["KEN", ":", "|", "60", "40", "100", "Africa", "LDC", "-", "."]), max_size=8).map(
        "".join
    )
)
def test_any_cell_is_a_place_or_refused_by_name(text):
    try:
        assert sum(share for _, share in place_shares(text)) in (0, 1)
    except CountryInvalid as error:
        assert error.remedy  # noqa: PT017


@pytest.mark.parametrize(
    ("cell", "shares"),
    [
        ("KEN", (("KEN", Fraction(1)),)),
        (" ken ", (("KEN", Fraction(1)),)),
        ("uga:40 | KEN:60", (("KEN", Fraction(3, 5)), ("UGA", Fraction(2, 5)))),
        ("KEN:33.33|UGA:66.67", (("KEN", Fraction(3333, 10000)), ("UGA", Fraction(6667, 10000)))),
        ("", ()),
        ("Western Africa", ()),
        ("202", ()),
    ],
)
def test_country_shares(cell, shares):
    assert country_shares(cell) == shares


REMEDY = "write one country (KEN), shares that sum to 100 (KEN:60|UGA:40), a UN M49 region (Western Africa), or nothing"


@pytest.mark.parametrize(
    ("cell", "message", "remedy"),
    [
        ("Kenya", "Kenya is not a known country", "did you mean KEN (Kenya)?"),
        ("KEN:50|UGB:50", "UGB in KEN:50|UGB:50 is not a known country", "did you mean UGA (Uganda)?"),
        ("KEN:60|UGA:30", "the shares of KEN:60|UGA:30 sum to 90, not 100", "give shares that sum to exactly 100"),
        (
            "KEN:33.3|UGA:66.6",
            "the shares of KEN:33.3|UGA:66.6 sum to 99.9, not 100",
            "give shares that sum to exactly 100",
        ),
        ("KEN|UGA", "KEN|UGA gives KEN no share", REMEDY),
        ("KEN:60|KEN:40", "KEN:60|KEN:40 names KEN twice", "add its shares up and name it once"),
        ("KEN:0|UGA:100", "0 is not a share for KEN", "write a number above 0 and at most 100: KEN:60|UGA:40"),
        ("KEN:-1|UGA:101", "-1 is not a share for KEN", "write a number above 0 and at most 100: KEN:60|UGA:40"),
        ("LDC", "LDC is a group, not a place", REMEDY),
        ("KEN:50|Africa:50", "Africa is a region, which cannot have a share", REMEDY),
    ],
)
def test_a_bad_cell_is_refused_with_the_way_out(cell, message, remedy):
    with pytest.raises(CountryInvalid) as caught:
        country_shares(cell)
    assert (caught.value.code, caught.value.message, caught.value.remedy) == ("country-invalid", message, remedy)


def test_a_country_cell_means_the_same_on_any_date():
    assert {Places.on(day).normalise("Western Africa") for day in (some.BEFORE, some.ON, date(1990, 1, 1))} == {"011"}


@given(text=st.text())
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)
