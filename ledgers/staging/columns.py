"""What a column of a file may hold, and what makes a kind of file; `ledgers.staging.kinds` has the kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

CellType = Literal[
    "text", "id", "date", "amount", "decimal", "integer", "percent", "currency", "enum", "boolean", "terms",
    "country", "countries", "objectives",
]  # fmt: skip

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind of file.

    Attributes:
        name: Its header.
        type: What its cells say.
        is_required: Whether the column must exist and every cell be filled.
        default: What an empty cell means, as text.
        values: The words an `enum` may use.
        unsupported: Words that the interface knows and the book cannot yet honour, with why; refused by name.
        least: Lowest number allowed.
        above: Number that must be exceeded.
        most: Highest number allowed.
        places: Decimal places kept of a number; the typed column is DECIMAL(18, places).
        currency: For an `amount`: name of the column with its currency; `base` for the book's; None where only the book
            knows.
    """

    name: str
    type: CellType = "text"
    is_required: bool = False
    default: str | None = None
    values: tuple[str, ...] = ()
    unsupported: Mapping[str, str] = field(default_factory=dict)
    least: Decimal | None = None
    above: Decimal | None = None
    most: Decimal | None = None
    places: int = 4
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    Attributes:
        name: As the import command calls it.
        columns: In the order of the interface, which is the order of the staged frame.
        key: Columns that together name a row; compared without regard to case.
        takes_extras: Whether numeric columns of the user's own (`x_…`) are allowed.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    takes_extras: bool = False


def amount(
    name: str, *, is_required: bool = False, currency: str | None = "currency", least: Decimal | None = None
) -> Column:
    """Return a column of amounts above 0, or from `least` on."""
    above = ZERO if least is None else None
    return Column(name, "amount", is_required, above=above, least=least, currency=currency)


def needed(name: str, type_: CellType = "text", values: tuple[str, ...] = ()) -> Column:
    """Return a column that must exist and be filled in every row."""
    return Column(name, type_, is_required=True, values=values)
