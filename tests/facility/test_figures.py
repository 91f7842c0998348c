"""Points as readers see them: what is said to be at least is never more, what is said to be at most never less."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from facility.usecases.figures import figure


@given(st.fractions(-(10**12), 10**12), st.integers(0, 6))
def test_a_figure_is_rounded_to_the_side_on_which_it_stays_true(value: Fraction, places: int) -> None:
    low, high = Fraction(figure(value, places)), Fraction(figure(value, places, up=True))
    assert low <= value <= high
    assert high - low in (0, Fraction(1, 10**places))
    assert str(figure(Fraction(2, 3))) == "0.66"
