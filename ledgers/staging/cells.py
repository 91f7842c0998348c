"""A column of texts becomes a column of values, or a finding for every cell that says none.

Two ways, both over whole columns: a *shape* (dates, numbers, identifiers) is tested by expressions, and only the
distinct texts that fail are judged one by one to say why; a *vocabulary* (currencies, terms, countries) is judged once
for each distinct text and joined back. No number passes through a float: texts are cast to decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl

from ledgers.errors import FacilityError, Finding
from ledgers.money import currencies
from ledgers.money import places as currency_places
from ledgers.places import Places
from ledgers.staging import words
from ledgers.staging.columns import Column
from ledgers.staging.findings import Fault, finding

SHARE = pl.Decimal(18, 8)
"""Type of a typed percentage: a share from 0 to 1."""

WRONG_VALUES_MAX = 500
"""Different wrong values of one column that are looked up for the nearest right one, at some milliseconds each."""

_UNCHECKED = Fault(
    "cell-unchecked",
    f"not checked: the column has {WRONG_VALUES_MAX} other wrong values before it",
    "check that the column holds what its header says",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The texts of a file, trimmed, with what their meaning depends on.

    Attributes:
        file: The file as the user named it.
        texts: One String column for each header; empty cells are null.
        lines: For each row, its line.
        places: Countries and groups on the day of the import.
        base: Currency of the book, if known.
    """

    file: str
    texts: pl.DataFrame
    lines: pl.Series
    places: Places
    base: str | None


def typed(column: Column, frame: Frame) -> tuple[pl.Series, list[Finding]]:
    """Return a column's values (null where empty or refused) and a finding for each refused cell."""
    if column.name not in frame.texts.columns:
        return _empty(column, frame.texts.height), []
    texts = frame.texts[column.name]
    if column.type == "text":
        return texts, []
    if column.type == "id":
        return _shaped(texts, _is_id(texts, column), texts, column, frame, partial(words.id_fault, column=column))
    if column.type == "date":
        days = _days(texts)
        return _shaped(texts, days.is_not_null(), days, column, frame, words.date_fault)
    if column.type in {"amount", "decimal"}:
        return _numbers(texts, column, frame)
    return _judged(texts, column, frame)


def value_type(column: Column) -> pl.DataType:
    """Return the polars type of a column's values."""
    if column.type in {"amount", "decimal"}:
        return pl.Decimal(18, column.places)
    types: dict[str, pl.DataType] = {
        "date": pl.Date(), "integer": pl.Int64(), "boolean": pl.Boolean(), "percent": SHARE,
    }  # fmt: skip
    return types.get(column.type, pl.String())


def _empty(column: Column, height: int) -> pl.Series:
    return pl.Series(column.name, [None] * height, dtype=value_type(column))


def _shaped(
    texts: pl.Series,
    is_good: pl.Series,
    values: pl.Series,
    column: Column,
    frame: Frame,
    fault_of: Callable[[str], Fault | None],
) -> tuple[pl.Series, list[Finding]]:
    """Return values where the shape is good; `fault_of` judges the distinct texts where it is not."""
    is_bad = texts.is_not_null() & ~is_good
    if not is_bad.any():
        return values.alias(column.name), []
    faults = {text: fault_of(text) for text in texts.filter(is_bad).unique()}
    findings = [
        finding(fault, frame.file, line=line, column=column.name, value=text)
        for line, text in zip(frame.lines.filter(is_bad), texts.filter(is_bad), strict=True)
        if (fault := faults[text]) is not None
    ]
    return pl.select(pl.when(is_good).then(values).alias(column.name)).to_series(), findings


def _is_id(texts: pl.Series, column: Column) -> pl.Series:
    # \pC and \pZ are what cannot be seen; what this lets through, `id_fault` would let through as well.
    is_short = texts.str.len_chars() <= words.ID_LENGTH_MAX
    return (
        texts.str.contains(r"^(?:[^;|=\pC\pZ]| )+$")
        & is_short
        & ~texts.str.to_uppercase().is_in(list(column.unsupported))
    )


def _days(texts: pl.Series) -> pl.Series:
    year = pl.lit(texts).str.slice(0, 4).cast(pl.Int32, strict=False)
    is_iso = pl.lit(texts).str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    is_near = is_iso & year.is_between(words.YEAR_MIN, words.YEAR_MAX)
    iso = pl.when(is_near).then(pl.lit(texts))
    return pl.select(iso.str.to_date("%Y-%m-%d", strict=False).alias(texts.name)).to_series()


def _numbers(texts: pl.Series, column: Column, frame: Frame) -> tuple[pl.Series, list[Finding]]:
    kept = _places_kept(column, frame)
    plain = pl.col("text").str.contains(r"^[+-]?[0-9]+(\.[0-9]+)?$")
    whole = pl.col("text").str.extract(r"^[+-]?0*([0-9]*)").str.len_bytes() <= 18 - column.places
    fraction = pl.col("text").str.extract(r"\.([0-9]*)$").str.strip_chars_end("0").str.len_bytes().fill_null(0)
    table = pl.DataFrame({"text": texts, "places": kept}).with_columns(
        number=pl.when(plain & whole & (fraction <= pl.col("places"))).then(pl.col("text"))
        .cast(pl.Decimal(18, column.places))
    )  # fmt: skip
    numbers = table["number"].alias(column.name)
    is_good = numbers.is_not_null()
    for bound, within in ((column.above, numbers.gt), (column.least, numbers.ge), (column.most, numbers.le)):
        if bound is not None:
            is_good &= within(_exactly(bound, column)).fill_null(value=False)
    return _number_findings(texts, is_good, numbers, table["places"], column, frame)


def _exactly(bound: Decimal, column: Column) -> pl.Series:
    return pl.Series([bound], dtype=pl.Decimal(18, column.places))


def _number_findings(
    texts: pl.Series, is_good: pl.Series, numbers: pl.Series, kept: pl.Series, column: Column, frame: Frame
) -> tuple[pl.Series, list[Finding]]:
    is_bad = texts.is_not_null() & ~is_good
    if not is_bad.any():
        return numbers, []
    codes = _currencies(column, frame).filter(is_bad)
    cells = list(zip(texts.filter(is_bad), kept.filter(is_bad), codes, strict=True))
    faults = {cell: words.number_fault(cell[0], column, cell[1], cell[2]) for cell in set(cells)}
    findings = [
        finding(fault, frame.file, line=line, column=column.name, value=cell[0])
        for line, cell in zip(frame.lines.filter(is_bad), cells, strict=True)
        if (fault := faults[cell]) is not None
    ]
    return pl.select(pl.when(is_good).then(numbers).alias(column.name)).to_series(), findings


def _currencies(column: Column, frame: Frame) -> pl.Series:
    """Return each row's currency as far as it is known and valid."""
    if column.currency == "base":
        return pl.Series([frame.base] * frame.texts.height, dtype=pl.String)
    if column.currency is None or column.currency not in frame.texts.columns:
        return pl.Series([None] * frame.texts.height, dtype=pl.String)
    given = frame.texts[column.currency]
    known = {text: text for text in given.drop_nulls().unique() if text in currencies()}
    return _mapped(given, known, pl.String())


def _places_kept(column: Column, frame: Frame) -> pl.Series:
    """Return how many decimal places each row may have; those of the column where the currency is not known."""
    codes = _currencies(column, frame)
    places = {code: min(currency_places(code), column.places) for code in codes.drop_nulls().unique()}
    return _mapped(codes, places, pl.Int64()).fill_null(column.places)


def _judged(texts: pl.Series, column: Column, frame: Frame) -> tuple[pl.Series, list[Finding]]:
    values, faults = _judgements(texts.drop_nulls().unique(maintain_order=True), _judge(column, frame.places))
    findings = []
    if faults:
        is_bad = texts.is_in(list(faults)).fill_null(value=False)
        findings = [
            finding(fault, frame.file, line=line, column=column.name, value=text)
            for line, text in zip(frame.lines.filter(is_bad), texts.filter(is_bad), strict=True)
            for fault in faults[text]
        ]
    return _mapped(texts, values, value_type(column)).alias(column.name), findings


def _judgements(texts: Iterable[str], judge: Callable[[str], Any]) -> tuple[dict[str, Any], dict[str, list[Fault]]]:
    """Return the value of each text that has one, and what is wrong with each other."""
    values: dict[str, Any] = {}
    faults: dict[str, list[Fault]] = {}
    for text in texts:
        judged = judge(text) if len(faults) < WRONG_VALUES_MAX else _UNCHECKED
        if isinstance(judged, Fault):
            faults[text] = [judged]
        elif isinstance(judged, list):
            faults[text] = judged
        else:
            values[text] = judged
    return values, faults


def _mapped(texts: pl.Series, values: Mapping[str, Any], kind: pl.DataType) -> pl.Series:
    if not values:
        return pl.Series(texts.name, [None] * len(texts), dtype=kind)
    known = pl.Series(list(values), dtype=pl.String)
    return texts.replace_strict(known, pl.Series(list(values.values()), dtype=kind), default=None, return_dtype=kind)


def _judge(column: Column, places: Places) -> Callable[[str], Any]:
    judges: dict[str, Callable[[str], Any]] = {
        "integer": partial(words.integer_value, column=column),
        "percent": partial(words.percent_value, column=column),
        "enum": partial(words.enum_value, column=column),
        "boolean": partial(words.boolean_value, column=column),
        "currency": words.currency_value,
        "objectives": words.objectives_value,
        "terms": partial(_terms_value, places=places),
        "country": partial(_country_value, places=places),
        "countries": _countries_value,
    }
    return judges[column.type]


def _terms_value(value: str, places: Places) -> str | list[Fault]:
    """Return terms in their canonical form, or everything wrong with them."""
    from ledgers.terms import parse_all_errors

    terms, errors = parse_all_errors(value, places=places)
    return str(terms) if terms is not None else [Fault(error.code, error.message, error.remedy) for error in errors]


def _country_value(value: str, places: Places) -> str | Fault:
    """Return the alpha-3 code of one country, or why the text is none."""
    if places.is_country(value):
        return value.upper()
    try:
        code = places.normalise(value)
    except FacilityError as error:
        return Fault(error.code, f"{words.short(value)} is not a country", error.remedy)
    return Fault("country-invalid", f"{code} is not one country", "write an ISO 3166 alpha-3 code such as KEN")


def _countries_value(value: str) -> str | Fault:
    """Return a request's countries in their canonical form, or why the text says none."""
    from ledgers.terms import country_text

    try:
        return country_text(value)
    except FacilityError as error:
        return Fault(error.code, error.message, error.remedy)
