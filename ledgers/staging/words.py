"""Why one cell is refused, and what was probably meant: told for a single value, once.

Columns are checked set-wise; only the distinct values that fail come here.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from ledgers.errors import did_you_mean
from ledgers.staging.columns import Column
from ledgers.staging.findings import Fault

YEAR_MIN, YEAR_MAX = 1900, 2199
ID_LENGTH_MAX = 200

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
"""Characters that no keyboard writes, which no cell may hold."""

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})\Z", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?\Z", re.ASCII)
_SEPARATED = re.compile(r"[+-]?\d{1,3}([, '’\u00a0\u202f])\d{3}(\1\d{3})*(\.\d+)?\Z", re.ASCII)
_COMMA_DECIMAL = re.compile(r"[+-]?(\d+|\d{1,3}([. \u00a0\u202f])\d{3}(\2\d{3})*),\d+\Z", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d{1,2}\Z", re.ASCII)
_MARKED = re.compile(r"[A-Z$€£¥₣₹]{1,3}\s*[+-]?[\d.,]+\Z|[+-]?[\d.,]+\s*[A-Z$€£¥₣₹]{1,3}\Z", re.ASCII)


def short(value: str) -> str:
    """Return a value as a sentence can carry it: on one line, at most 60 characters."""
    line = " ".join(value.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def date_fault(value: str) -> Fault:
    """Return why a text is not a date of the calendar."""
    shown = short(value)
    if found := _ISO.match(value):
        if not YEAR_MIN <= int(found[1]) <= YEAR_MAX:
            return Fault("date-invalid", f"the year of {shown} is outside {YEAR_MIN}–{YEAR_MAX}", "check the year")
        return Fault("date-invalid", f"{shown} is not a day of the calendar", "check the month and the day")
    if found := _DAY_FIRST.match(value):
        return Fault("date-invalid", f"{shown} is not an ISO date", f"write {_meant(*map(int, found.groups()))}")
    if re.fullmatch(r"[1-9]\d{4}", value, re.ASCII):
        day = (date(1899, 12, 30) + timedelta(days=int(value))).isoformat()
        told = f"{shown} is a spreadsheet's number for a day, not a date"
        return Fault("date-invalid", told, f"format the column as a date: {day}, if that is the day meant")
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", value, re.ASCII):
        return Fault("date-invalid", f"{shown} has a time of day", f"write only the day: {value[:10]}")
    return Fault("date-invalid", f"{shown} is not an ISO date", "write year-month-day: 2026-03-31")


def _meant(first: int, second: int, year: int) -> str:
    """Return the ISO date when only one reading is possible, else the pattern: the order is not guessed."""
    readings = {
        (day, month) for day, month in ((first, second), (second, first)) if 1 <= month <= 12 and 1 <= day <= 31
    }
    if len(readings) != 1:
        return f"year-month-day: {year}-{'12-31' if not readings else 'month-day'}"
    day, month = readings.pop()
    return f"{year}-{month:02}-{day:02}"


def number_fault(value: str, column: Column, places: int, currency: str | None) -> Fault | None:
    """Return why a text is not a number that the column takes; None if it is one.

    Args:
        value: The cell.
        column: Its column, an `amount` or a `decimal`.
        places: Decimal places allowed here.
        currency: The amount's currency, where it is known.
    """
    name = "amount" if column.type == "amount" else "number"
    if not _PLAIN.match(value):
        return _form_fault(value, name)
    number = Decimal(value)
    most = Decimal(10) ** (18 - column.places) - Decimal(1).scaleb(-column.places)
    if abs(number) > most:
        told = f"{short(value)} is larger than the book can hold ({most})"
        return Fault(f"{name}-too-large", told, f"check the {name} and its unit")
    if len(value.partition(".")[2].rstrip("0")) > places:
        whose = f"{currency} allows" if currency else "are kept"
        told = f"{short(value)} has more decimal places than {whose} ({places})"
        return Fault(f"{name}-too-fine", told, f"round it to {places} places, as its source states it")
    return _range_fault(value, number, column, name)


def _form_fault(value: str, name: str) -> Fault:
    shown = short(value)
    if re.fullmatch(r"[+-]?\d{1,3},\d{3}", value, re.ASCII):
        told = f"{shown} has a comma, which may mean thousands or decimals"
        remedy = f"write {value.replace(',', '')} or {value.replace(',', '.')}, whichever is meant"
    elif _SEPARATED.match(value):
        told, remedy = f"{shown} has thousands separators", f"write {re.sub(r'[^0-9.+-]', '', value)}"
    elif _COMMA_DECIMAL.match(value):
        meant = re.sub(r"[^0-9,+-]", "", value).replace(",", ".")
        told, remedy = f"{shown} has a comma for the decimal point", f"write {meant}"
    elif _SCIENTIFIC.match(value):
        told, remedy = f"{shown} is in scientific notation", f"write {Decimal(value):f}"
    elif _MARKED.match(value):
        told, remedy = f"{shown} carries a currency", "write the number alone; the currency has its own column"
    elif re.fullmatch(r"\([\d.,]+\)", value, re.ASCII):
        told, remedy = f"{shown} is negative in an accountant's way", f"write -{value[1:-1].replace(',', '')}"
    else:
        told, remedy = f"{shown} is not a plain decimal number", "write digits with a point: 1250000.00"
    return Fault(f"{name}-invalid", told, remedy)


def _range_fault(value: str, number: Decimal, column: Column, name: str) -> Fault | None:
    code = f"{name}-out-of-range"
    if column.above is not None and number <= column.above:
        return Fault(code, f"{short(value)} is not above {column.above}", f"write a number above {column.above}")
    low, high = column.least, column.most
    if (low is None or number >= low) and (high is None or number <= high):
        return None
    if low is not None and high is not None:
        return Fault(code, f"{short(value)} is outside {low}–{high}", f"write a number from {low} to {high}")
    return Fault(code, f"{short(value)} is below {low}", f"write {low} or more")


def integer_value(value: str, column: Column) -> int | Fault:
    """Return a small whole number, or why it is none."""
    low, high = column.least, column.most
    if re.fullmatch(r"\d{1,4}", value, re.ASCII) and (low or 0) <= int(value) <= (high or 9999):
        return int(value)
    return Fault(
        "number-out-of-range" if re.fullmatch(r"-?\d+", value, re.ASCII) else "number-invalid",
        f"{short(value)} is not a whole number from {low} to {high}",
        f"write {low} to {high}, or leave the cell empty",
    )


def percent_value(value: str, column: Column) -> Decimal | Fault:
    """Return a percentage as a share from 0 to 1, or why it is none."""
    if re.fullmatch(r"0{1,4}(\.0{1,20})?", value, re.ASCII):
        value += "%"  # nothing is nothing, with or without the sign
    found = re.fullmatch(r"(\d{1,4}(?:\.\d{1,20})?)\s?%", value, re.ASCII)
    if found is None:
        return Fault("percent-invalid", f"{short(value)} is not a percentage", "write a number with its sign: 25%")
    most = (Decimal(1) if column.most is None else column.most) * 100
    if Decimal(found[1]) > most:
        return Fault(
            "percent-out-of-range",
            f"{short(value)} is more than {most.normalize():f} %",
            f"write 0% to {most.normalize():f}%",
        )
    if column.above is not None and Decimal(found[1]) <= column.above * 100:
        return Fault("percent-out-of-range", f"{short(value)} is nothing", "write the share, or leave the cell empty")
    if len(found[1].partition(".")[2].rstrip("0")) > 6:
        return Fault("percent-too-fine", f"{short(value)} has more than 6 decimal places", "round it to 6 places")
    return Decimal(found[1]).scaleb(-2)


def enum_value(value: str, column: Column) -> str | Fault:
    """Return one of the column's words, or why it is none of them."""
    if value in column.values:
        return value
    if value in column.unsupported:
        return unsupported_fault(value, column)
    told = f"{short(value)} is not a known {column.name.replace('_', ' ')}"
    return Fault("value-unknown", told, did_you_mean(value, column.values, shown_max=8))


def boolean_value(value: str, column: Column) -> bool | Fault:
    """Return yes or no, or why it is neither."""
    said = {"yes": True, "true": True, "no": False, "false": False}.get(value.casefold())
    if said is None:
        return Fault("value-unknown", f"{short(value)} is neither yes nor no", "write yes or no")
    if said and "yes" in column.unsupported:
        return unsupported_fault("yes", column)
    return said


def unsupported_fault(value: str, column: Column) -> Fault:
    """Return the refusal of a word that the interface knows and the book cannot yet honour."""
    told = f"{column.name}={value}: {column.unsupported[value]}"
    if column.type == "id":
        return Fault("value-unsupported", told, "choose another id")
    other = f" or write {column.values[0]}" if column.values else ""
    return Fault("value-unsupported", told, f"leave the cell empty{other}, or keep the row out for now")


def id_fault(value: str, column: Column) -> Fault | None:
    """Return why a text cannot be an identifier; None if it can."""
    if value.upper() in column.unsupported:
        return unsupported_fault(value.upper(), column)
    signs = sorted({sign for sign in value if sign in ";|="})
    if signs:
        told = f"{short(value)} contains {' and '.join(signs)}, which separate the parts of terms"
        return Fault("id-invalid", told, "use letters, digits, - and _ in identifiers")
    if any(not sign.isprintable() for sign in value):
        return Fault(
            "id-invalid", f"{short(value)} goes over several lines or has invisible characters", "write it on one line"
        )
    if len(value) > ID_LENGTH_MAX:
        told = f"the identifier has {len(value)} characters"
        return Fault("id-invalid", told, f"use at most {ID_LENGTH_MAX}")
    return None


def currency_value(value: str) -> str | Fault:
    """Return an ISO 4217 code, or why it is none."""
    from ledgers.money import currencies

    if value in currencies():
        return value
    return Fault("currency-unknown", f"{short(value)} is not a known currency", did_you_mean(value, currencies()))


def objectives_value(value: str) -> str | Fault:
    """Return objective numbers sorted and joined by `|`, or why they are none."""
    numbers = [part.strip() for part in value.split("|")]
    bad = [part for part in numbers if not re.fullmatch(r"0?[1-9]|1\d|2[0-3]", part, re.ASCII)]
    if bad:
        told = f"{short(bad[0]) or 'an empty place between bars'} is not an objective of the Global Compact"
        return Fault("objective-unknown", told, "write numbers from 1 to 23, separated by |: 8|13")
    return "|".join(str(number) for number in sorted({int(part) for part in numbers}))
