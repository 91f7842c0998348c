"""Typed rows go into the book: compared with what is there, refused all together, posted set-wise.

Each kind has its own few SQL files, named after it: `KIND_sorted` says of each row whether it is new, already there or
in conflict, `KIND_refused` lists every finding, the rest write. A function here says in which order they run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from ledgers.errors import Finding, InputRefused
from ledgers.journal.post import PACKAGE, post
from ledgers.money import places
from ledgers.places import Places
from ledgers.store import Book, Lane
from ledgers.terms import country_shares, country_text, earmark_class, parse


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import did.

    Attributes:
        new: Rows written.
        already: Rows that were already there with the same content.
        warnings: Remarks that did not stop the import.
    """

    new: int
    already: int
    warnings: tuple[Finding, ...]


def take_in(book: Book, lane: Lane, kind: str, frame: pl.DataFrame, *, on: date) -> TakenIn:
    """Write the rows of `frame` to the book within the open lane.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        kind: `contributions`, `deposits`, `requests`, `scores`, `rates` or `entries`.
        frame: As `ledgers.staging` types it, with a `file` column beside `line`.
        on: The day of import: asks and undated pledges are converted at its rates.

    Raises:
        InputRefused: at least one row contradicts the book.
    """
    book.register("staged", frame)
    warnings = _WRITERS[kind](_Batch(book, lane, frame, on))
    standing = f"select standing, count(*) from {_STAGED[kind]} group by standing"  # noqa: S608 (our own names)
    by_standing = dict(book.connection.execute(standing).fetchall())
    counts = (by_standing.get("new", 0) + by_standing.get("signing", 0), by_standing.get("already", 0))
    lane.new_count += counts[0]
    lane.already_count += counts[1]
    return TakenIn(counts[0], counts[1], warnings)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What a writer works on: the rows `frame`, in the open lane of a book, on the day `on`."""

    book: Book
    lane: Lane
    frame: pl.DataFrame
    on: date


_STAGED = {
    "contributions": "contribution_staged",
    "deposits": "deposit_staged",
    "requests": "request_staged",
    "scores": "score_staged",
    "rates": "rate_staged",
    "entries": "entry_standing",
}


def _refuse(book: Book, name: str, **parameters: object) -> tuple[Finding, ...]:
    """Return the warnings of a `_refused` query, or raise every finding of it."""
    findings = [Finding(code=row[0], severity=row[1], file=row[2], line=row[3], column=row[4], value=row[5],
                        reason=row[6], remedy=row[7])
                for row in book.rows(PACKAGE, name, base=book.currency, **parameters)]  # fmt: skip
    if any(finding.severity == "error" for finding in findings):
        raise InputRefused(findings)
    return tuple(findings)


def _rates(book: Book, kind: str, on: date) -> None:
    book.run(PACKAGE, f"{kind}_rate_needed", on=on)
    book.run(PACKAGE, "rates_needed", base=book.currency, age_max=int(book.setting("rate_max_age")))


def _write(batch: _Batch, *names: str) -> None:
    book, lane, on = batch.book, batch.lane, batch.on
    for name in names:
        book.run(
            PACKAGE,
            name,
            on=on,
            log_id=lane.log_id,
            recorded_at=lane.recorded_at,
            base=book.currency,
            places=places(book.currency),
        )


def _contributions(batch: _Batch) -> tuple[Finding, ...]:
    today = Places.on(batch.on)
    parsed = {text: parse(text, places=today) for text in batch.frame["earmark"].fill_null("").unique()}
    terms = [(text, str(parsed[text]), earmark_class(parsed[text], today)) for text in sorted(parsed)]
    batch.book.register(
        "staged_terms",
        pl.DataFrame(terms, schema={"earmark": pl.String, "canonical": pl.String, "class": pl.String}, orient="row"),
    )
    donors = {name: " ".join(name.casefold().split()) for name in batch.frame["donor"].unique()}
    batch.book.register(
        "staged", batch.frame.with_columns(donor_id=pl.col("donor").replace_strict(donors, return_dtype=pl.String))
    )
    batch.book.run(PACKAGE, "contributions_sorted")
    _rates(batch.book, "contributions", batch.on)
    warnings = _refuse(batch.book, "contributions_refused", on=batch.on)
    _write(batch, "contributions_donors", "contributions_insert", "contributions_entries", "contributions_postings")
    post(batch.book, batch.lane)
    return warnings


def _deposits(batch: _Batch) -> tuple[Finding, ...]:
    batch.book.run(PACKAGE, "deposits_sorted")
    _rates(batch.book, "deposits", batch.on)
    warnings = _refuse(batch.book, "deposits_refused")
    _write(batch, "deposits_applied", "deposits_entries", "deposits_postings")
    post(batch.book, batch.lane)
    _write(batch, "deposits_insert")
    return warnings


def _requests(batch: _Batch) -> tuple[Finding, ...]:
    cells = {cell: country_text(cell) for cell in batch.frame["country"].fill_null("").unique()}
    frame = batch.frame.with_columns(
        country=pl.col("country").fill_null("").replace_strict(cells, return_dtype=pl.String)
    )
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
    batch.book.run(PACKAGE, "requests_sorted")
    _rates(batch.book, "requests", batch.on)
    warnings = _refuse(batch.book, "requests_refused")
    parts = ("requests_insert", "requests_countries", "requests_objectives", "requests_measures")
    _write(batch, *parts)
    return warnings


def _measures(frame: pl.DataFrame, extras: list[str]) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {"request_id": pl.String(), "measure": pl.String(), "value": pl.Decimal(18, 4)}
    if not extras:
        return pl.DataFrame(schema=schema)
    long = frame.unpivot(on=extras, index="request_id", variable_name="measure", value_name="value")
    return long.drop_nulls("value").select(*schema).cast({"value": pl.Decimal(18, 4)})


def _scores(batch: _Batch) -> tuple[Finding, ...]:
    batch.book.run(PACKAGE, "scores_sorted")
    warnings = _refuse(batch.book, "scores_refused")
    _write(batch, "scores_insert")
    return warnings


def _rate_rows(batch: _Batch) -> tuple[Finding, ...]:
    batch.book.run(PACKAGE, "rates_sorted")
    warnings = _refuse(batch.book, "rates_refused")
    _write(batch, "rates_insert")
    return warnings


def _entries(batch: _Batch) -> tuple[Finding, ...]:
    _write(batch, "entries_split", "entries_entries", "entries_postings")
    batch.book.run(PACKAGE, "digests")
    batch.book.run(PACKAGE, "entries_known")
    warnings = _refuse(batch.book, "entries_refused")
    _write(batch, "entries_forget_known", "entries_keep_new")
    post(batch.book, batch.lane)
    return warnings + _refuse(batch.book, "entries_overdrawn", log_id=batch.lane.log_id)


_WRITERS: dict[str, Callable[[_Batch], tuple[Finding, ...]]] = {
    "contributions": _contributions,
    "deposits": _deposits,
    "requests": _requests,
    "scores": _scores,
    "rates": _rate_rows,
    "entries": _entries,
}
