"""What contributions and requests need before SQL can read them: terms, donors' names, countries, measures."""

from __future__ import annotations

import polars as pl

from ledgers.journal.batch import Batch
from ledgers.places import Places
from ledgers.terms import country_shares, country_text, earmark_class, parse


def read_contributions(batch: Batch) -> None:
    """Make `staged_terms` of the earmarks, and `staged` with each donor's identifier."""
    frame = _staged(batch)
    today = Places.on(batch.on)
    parsed = {text: parse(text, places=today) for text in frame["earmark"].fill_null("").unique()}
    terms = [(text, str(parsed[text]), earmark_class(parsed[text], today)) for text in sorted(parsed)]
    batch.book.register(
        "staged_terms",
        pl.DataFrame(terms, schema={"earmark": pl.String, "canonical": pl.String, "class": pl.String}, orient="row"),
    )
    donors = {name: " ".join(name.casefold().split()) for name in frame["donor"].unique()}
    batch.book.register(
        "staged", frame.with_columns(donor_id=pl.col("donor").replace_strict(donors, return_dtype=pl.String))
    )


def read_requests(batch: Batch) -> None:
    """Make `staged_country` and `staged_measure` of the requests, and `staged` with both in one form."""
    frame = _staged(batch)
    cells = {cell: country_text(cell) for cell in frame["country"].fill_null("").unique()}
    frame = frame.with_columns(country=pl.col("country").fill_null("").replace_strict(cells, return_dtype=pl.String))
    shares = [
        (cell, country, share.numerator, share.denominator)
        for cell in frame["country"].unique().sort()
        for country, share in country_shares(cell)
    ]
    schema = {"cell": pl.String, "country": pl.String, "share_numerator": pl.Int64, "share_denominator": pl.Int64}
    batch.book.register("staged_country", pl.DataFrame(shares, schema=schema, orient="row"))
    extras = [name for name in frame.columns if name.startswith("x_")]
    batch.book.register("staged_measure", _measures(frame, extras))
    texts = [pl.lit(f"{name}=") + pl.col(name).cast(pl.String).fill_null("") for name in sorted(extras)]
    joined = pl.concat_str(texts, separator=";") if texts else pl.lit("")
    batch.book.register("staged", frame.with_columns(measures=joined))


def _staged(batch: Batch) -> pl.DataFrame:
    if batch.frame is None:
        raise TypeError(f"{batch.kind} are compared as a frame")
    return batch.frame


def _measures(frame: pl.DataFrame, extras: list[str]) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {"request_id": pl.String(), "measure": pl.String(), "value": pl.Decimal(18, 4)}
    if not extras:
        return pl.DataFrame(schema=schema)
    long = frame.unpivot(on=extras, index="request_id", variable_name="measure", value_name="value")
    return long.drop_nulls("value").select(*schema).cast({"value": pl.Decimal(18, 4)})
