"""Parquet: text, whole numbers, decimals, dates and booleans; floats and nested columns are refused by name."""

from __future__ import annotations

import io
from typing import Any

import polars as pl

from ledgers.errors import Finding, InputRefused
from ledgers.staging.findings import Fault, finding, refused
from ledgers.staging.tables import Sheet


def sheet(content: bytes, file: str) -> Sheet:
    """Return the cells of a Parquet file as text.

    Raises:
        InputRefused: the file is damaged, or columns have a type that cannot be text without loss.
    """
    table = _table(content, file)
    findings: list[Finding] = []
    columns: list[pl.Series] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        fault = _type_fault(name, column.type)
        if fault is None:
            columns.append(_texts(name, column, file))
        else:
            findings.append(finding(fault, file, column=name, value=str(column.type)))
    if findings:
        raise InputRefused(findings)
    if not columns:
        raise refused(Fault("file-empty", "the file has no column", "write the columns of the table"), file)
    return Sheet(table.column_names, None, columns, range(1, table.num_rows + 1), [])


def _damaged(file: str, error: Exception) -> InputRefused:
    told = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    return refused(Fault("file-damaged", f"the Parquet file cannot be read: {told}", "write the file again"), file)


def _table(content: bytes, file: str) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(io.BytesIO(content)).read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        raise _damaged(file, error) from None


def _type_fault(name: str, kind: Any) -> Fault | None:
    import pyarrow.types as types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_floating(kind):
        told = f"the column {name} holds floats ({kind}), which cannot carry exact amounts"
        return Fault("column-float", told, "write the column as decimal, as a whole number or as text")
    known = (
        types.is_string(kind) or types.is_large_string(kind) or types.is_integer(kind) or types.is_boolean(kind)
        or types.is_date(kind) or types.is_timestamp(kind) or types.is_null(kind) or types.is_decimal128(kind)
        or types.is_string_view(kind)
    )  # fmt: skip
    if known:
        return None
    told = f"the column {name} holds {kind}, which is not text, a number, a date or yes/no"
    return Fault("column-type", told, "write the column as text")


def _texts(name: str, column: Any, file: str) -> pl.Series:
    """Return a column as text; a time stamp at midnight is its date, as some writers know no plain dates."""
    import pyarrow as pa
    import pyarrow.types as types

    try:
        if types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if types.is_null(column.type):
            return pl.Series(name, [None] * len(column), dtype=pl.String)
        if types.is_decimal(column.type) and column.type.scale < 0:
            column = column.cast(pa.decimal128(38, 0))
        if types.is_string_view(column.type):
            column = column.cast(pa.large_string())
        if types.is_string(column.type) or types.is_large_string(column.type):
            for chunk in column.chunks:
                chunk.validate(full=True)
        series = pl.Series(name, pl.from_arrow(column))
    except (pa.ArrowException, UnicodeDecodeError, ValueError, pl.exceptions.PolarsError) as error:
        raise _damaged(file, error) from None
    text = series.cast(pl.String)
    if isinstance(series.dtype, pl.Datetime):
        text = text.str.replace(r" 00:00:00(\.0+)?$", "").str.replace(" ", "T", literal=True)
    return text
