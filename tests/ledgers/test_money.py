"""Money is exact: splits lose nothing, conversions round once, and SQL agrees with rational arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers.money import (
    AMOUNT_MAX,
    AmountInvalid,
    CurrencyUnknown,
    Money,
    amount_of,
    converted,
    half_away,
    major_units,
    minor_units,
    places,
    split,
)
from ledgers.store import Book

weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=12).filter(any)
minors = st.integers(-(10**18), 10**18)
rates = st.integers(1, 10**17).map(lambda n: Decimal(n).scaleb(-8))
few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@given(minors, weights)
def test_split_loses_nothing_and_is_fair_to_one_unit(minor: int, weights: list[int]) -> None:
    parts = split(minor, weights)
    assert sum(parts) == minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(minor * weight, sum(weights))) < 1


@given(st.integers(0, 10**18), weights)
def test_split_gives_the_odd_units_to_the_largest_remainders_then_to_the_earlier(
    minor: int, weights: list[int]
) -> None:
    exact = [Fraction(minor * weight, sum(weights)) for weight in weights]
    rest = [share - share.__floor__() for share in exact]
    got_one = [part - share.__floor__() for part, share in zip(split(minor, weights), exact, strict=True)]
    for i, had in enumerate(got_one):
        for j, other in enumerate(got_one):
            if had and not other:
                assert (rest[i], -i) > (rest[j], -j)


@given(minors, weights)
def test_split_of_a_negative_amount_is_its_mirror_image(minor: int, weights: list[int]) -> None:
    assert split(-minor, weights) == [-part for part in split(minor, weights)]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [3, -1]])
def test_split_refuses_weights_that_say_nothing(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="a split needs weights that are not negative and not all zero"):
        split(100, weights)


@pytest.mark.parametrize(
    ("currency", "count"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("TND", 3), ("XAF", 0)]
)
def test_a_currency_has_its_own_places(currency: str, count: int) -> None:
    assert places(currency) == count
    assert minor_units(Decimal(7), currency) == 7 * 10**count
    assert major_units(7, currency) == Decimal(7) / 10**count


def test_an_unknown_currency_is_refused_with_the_nearest() -> None:
    with pytest.raises(CurrencyUnknown) as refused:
        places("USDD")
    assert (refused.value.code, refused.value.message) == ("currency-unknown", "USDD is not a known currency")
    assert refused.value.remedy == "did you mean USD?"


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("1250000.00", "USD", "1250000.00"),
        (" 7 ", "USD", "7.00"),
        ("-0.5", "USD", "-0.50"),
        ("+3", "JPY", "3"),
        ("1.250", "KWD", "1.250"),
        ("10.500", "USD", "10.50"),
        ("5.000", "JPY", "5"),
        ("0", "JPY", "0"),
        ("99999999999999.99", "USD", "99999999999999.99"),
    ],
)
def test_a_plain_decimal_is_read_exactly(text: str, currency: str, amount: str) -> None:
    assert str(amount_of(text, currency)) == amount


@pytest.mark.parametrize(
    "text", ["1,000", "1e3", "$5", "", ".5", "5.", "1 000", "NaN", "Infinity", "--1", "٣", "1_000"]
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(AmountInvalid) as refused:
        amount_of(text, "USD")
    assert refused.value.message == f"{text!r} is not a plain decimal amount"
    assert refused.value.remedy == "write digits with a point, no thousands separators, no currency sign: 1250000.00"
    assert refused.value.code == "amount-invalid"


@pytest.mark.parametrize(("text", "currency", "count"), [("10.5", "JPY", 0), ("1.001", "USD", 2), ("1.0001", "KWD", 3)])
def test_an_amount_finer_than_its_currency_is_refused(text: str, currency: str, count: int) -> None:
    with pytest.raises(AmountInvalid) as refused:
        amount_of(text, currency)
    assert refused.value.message == f"{text} has more decimal places than {currency} allows ({count})"
    assert refused.value.remedy == f"round the amount to {count} places, as the agreement or the bank states it"


@pytest.mark.parametrize("text", ["100000000000000.00", "-100000000000000", "9" * 60])
def test_an_amount_larger_than_the_book_is_refused(text: str) -> None:
    with pytest.raises(AmountInvalid) as refused:
        amount_of(text, "USD")
    assert refused.value.message == f"{text} is larger than the book can hold ({AMOUNT_MAX})"
    assert refused.value.remedy == "split the amount, or check its unit"


@given(st.integers(-(10**60), 10**60), st.sampled_from(["USD", "JPY", "KWD"]))
def test_minor_and_major_units_are_each_other_back_at_any_size(minor: int, currency: str) -> None:
    amount = major_units(minor, currency)
    assert Fraction(amount) == Fraction(minor, 10 ** places(currency))
    assert minor_units(amount, currency) == minor


def test_no_amount_is_rounded_into_place() -> None:
    for text in ("0.001", "1." + "0" * 40 + "1"):
        with pytest.raises(AmountInvalid) as refused:
            Money(Decimal(text), "USD")
        assert refused.value.message == f"{text} has more decimal places than USD allows (2)"


def test_money_says_its_currency_and_places() -> None:
    assert str(Money(Decimal("1250000"), "USD")) == "USD 1,250,000.00"
    assert str(Money(Decimal("-5"), "JPY")) == "JPY -5"
    assert str(Money(Decimal("1.5"), "KWD")) == "KWD 1.500"


@given(st.fractions())
def test_half_away_is_the_nearest_and_a_half_goes_away_from_zero(ratio: Fraction) -> None:
    whole = half_away(ratio)
    assert abs(whole - ratio) <= Fraction(1, 2)
    if abs(whole - ratio) == Fraction(1, 2):
        assert abs(whole) > abs(ratio)
    assert half_away(-ratio) == -whole


@given(st.integers(-(10**16), 10**16), rates, st.sampled_from(["USD", "JPY", "KWD"]))
def test_conversion_rounds_once_half_away_and_asks_go_down(minor: int, rate: Decimal, base: str) -> None:
    amount = major_units(minor, "EUR")
    exact = Fraction(minor, 100) / Fraction(rate)
    unit = Fraction(1, 10 ** places(base))
    near = Fraction(converted(amount, "EUR", rate, base))
    down = Fraction(converted(amount, "EUR", rate, base, down=True))
    if base != "EUR":
        assert abs(near - exact) <= unit / 2
        assert abs(near) >= abs(exact) or abs(near - exact) < unit / 2
        assert abs(down) <= abs(exact) < abs(down) + unit
        assert down * exact >= 0


def test_the_books_own_currency_is_never_converted() -> None:
    assert converted(Decimal("1.23"), "USD", Decimal(3), "USD") == Decimal("1.23")


@pytest.mark.parametrize(
    ("amount", "rate", "near", "down"),
    [
        ("0.01", "2", "0.01", "0.00"),
        ("-0.01", "2", "-0.01", "0.00"),
        ("1.00", "3", "0.33", "0.33"),
        ("2.00", "3", "0.67", "0.66"),
    ],
)
def test_conversion_by_hand(amount: str, rate: str, near: str, down: str) -> None:
    assert converted(Decimal(amount), "EUR", Decimal(rate), "USD") == Decimal(near)
    assert converted(Decimal(amount), "EUR", Decimal(rate), "USD", down=True) == Decimal(down)


def _sql(book: Book, call: str, *values: object) -> Decimal | int:
    return book.connection.execute(f"select {call}", list(values)).fetchall()[0][0]  # type: ignore[no-any-return]


wholes = st.integers(-(10**30), 10**30)


@few
@given(st.lists(st.tuples(wholes, st.integers(1, 10**30)), min_size=1, max_size=40))
def test_the_books_half_away_agrees_with_rational_arithmetic(book: Book, pairs: list[tuple[int, int]]) -> None:
    for n, d in pairs:
        assert _sql(book, "ledger.half_away(?::hugeint, ?::hugeint)", str(n), str(d)) == half_away(Fraction(n, d))


def _rounded(exact: Fraction, count: int) -> Fraction:
    """Return a ratio at a number of places, half away from zero, by another road than `half_away`."""
    scaled = exact * 10**count
    whole = (abs(scaled) + Fraction(1, 2)).__floor__()
    return Fraction(whole if scaled >= 0 else -whole, 10**count)


@few
@given(st.lists(st.tuples(st.integers(-(10**18) + 1, 10**18 - 1), rates, st.integers(0, 4)), min_size=1, max_size=40))
def test_the_books_conversions_agree_with_rational_arithmetic(
    book: Book, cases: list[tuple[int, Decimal, int]]
) -> None:
    for grains, rate, count in cases:
        amount = Decimal(grains).scaleb(-4)
        exact = Fraction(amount) / Fraction(rate)
        if abs(exact) >= Fraction(AMOUNT_MAX) - 1:
            continue
        near = _sql(book, "ledger.converted(?::decimal(18, 4), ?::decimal(18, 8), ?)", amount, rate, count)
        down = _sql(book, "ledger.converted_down(?::decimal(18, 4), ?::decimal(18, 8), ?)", amount, rate, count)
        assert Fraction(near) == _rounded(exact, count)
        assert Fraction(down) == Fraction(int(exact * 10**count), 10**count)


@few
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**18) + 1, 10**18 - 1), st.integers(0, 10**18), st.integers(1, 10**18), st.integers(0, 4)
        ),
        min_size=1,
        max_size=40,
    )
)
def test_the_books_portions_agree_with_rational_arithmetic(book: Book, cases: list[tuple[int, int, int, int]]) -> None:
    for grains, numerator, denominator, count in cases:
        amount = Decimal(grains).scaleb(-4)
        exact = Fraction(amount) * numerator / denominator
        if abs(exact) >= Fraction(AMOUNT_MAX) - 1:
            continue
        part = _sql(book, "ledger.portion(?::decimal(18, 4), ?, ?, ?)", amount, numerator, denominator, count)
        assert Fraction(part) == _rounded(exact, count)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_the_books_grain_divides_every_unit(book: Book, count: int) -> None:
    assert _sql(book, "ledger.grains_per_unit(?)", count) == 10 ** (4 - count)
    assert _sql(book, "ledger.amount_of(ledger.grains(?::decimal(18, 4)))", AMOUNT_MAX) == AMOUNT_MAX


def test_every_currency_of_the_book_has_the_places_of_the_standard_library_of_locales(
    fresh_book: Callable[[], Book],
) -> None:
    rows = fresh_book().connection.execute("select currency, places from ledger.currency").fetchall()
    assert len(rows) > 150
    assert all(places(currency) == count <= 4 for currency, count in rows)
