"""Typed rows go into the book: compared with what is there, written set-wise if nothing speaks against any of them.

Each kind has its own few SQL files, named after it: `KIND_sorted` says of each row whether it is new, already there or
in conflict, `KIND_refused` lists every finding, the rest write. A function here says in which order they run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from ledgers.errors import Finding
from ledgers.journal.consequences import NOTHING_LEFT_OUT, LeftOut, without_consequences
from ledgers.journal.post import PACKAGE, post
from ledgers.money import places
from ledgers.places import Places
from ledgers.store import Book, Lane
from ledgers.terms import country_shares, country_text, earmark_class, parse


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows that have been compared with the book, ready to be written.

    Attributes:
        findings: Everything that the book refuses or remarks on.
        new: Rows to write.
        already: Rows that are already there with the same content.
    """

    findings: tuple[Finding, ...]
    new: int
    already: int
    _batch: _Batch
    _kind: str

    def write(self) -> None:
        """Write the new rows within the lane in which they were compared; nothing may have been refused."""
        _WRITERS[self._kind](self._batch)
        self._batch.lane.new_count += self.new
        self._batch.lane.already_count += self.already


def compare(
    book: Book, lane: Lane, kind: str, frame: pl.DataFrame, *, on: date, left_out: LeftOut = NOTHING_LEFT_OUT
) -> Compared:
    """Compare rows with the book and return everything that speaks against them.

    Entries are posted in doing so, since only together they show what they overdraw: unless `Compared.write` follows,
    the lane must be rolled back.

    Args:
        book: Open for writing, inside `lane`.
        lane: The transaction.
        kind: `contributions`, `deposits`, `requests`, `request_years`, `scores`, `recusals`, `rates` or `entries`.
        frame: The rows without an error of their own, as `ledgers.staging` types them, with `file` beside `line`.
        on: The day of import: asks and undated pledges are converted at its rates.
        left_out: The other rows of the files; what may only follow from their absence is not told.
    """
    batch = _Batch(book, lane, frame, on, left_out)
    book.register("staged", frame)
    findings = _COMPARERS[kind](batch)
    standing = f"select standing, count(*) from {_STAGED[kind]} group by standing"  # noqa: S608 (our own names)
    by_standing = dict(book.connection.execute(standing).fetchall())
    new = by_standing.get("new", 0) + by_standing.get("signing", 0)
    return Compared(tuple(findings), new, by_standing.get("already", 0), batch, kind)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is compared and written: the rows `frame`, in the open lane of a book, on the day `on`."""

    book: Book
    lane: Lane
    frame: pl.DataFrame
    on: date
    left_out: LeftOut


_PLACE = {"file": pl.String, "line": pl.Int64}
_STAGED = {
    "contributions": "contribution_staged",
    "deposits": "deposit_staged",
    "requests": "request_staged",
    "request_years": "request_year_staged",
    "recusals": "recusal_staged",
    "scores": "score_staged",
    "rates": "rate_staged",
    "entries": "entry_standing",
}


def _findings(batch: _Batch, name: str) -> list[Finding]:
    """Return the findings of a query."""
    book = batch.book
    return [Finding(code=row[0], severity=row[1], file=row[2], line=row[3], column=row[4], value=row[5],
                    reason=row[6], remedy=row[7])
            for row in book.rows(PACKAGE, name, base=book.currency, places=places(book.currency), on=batch.on,
                                 log_id=batch.lane.log_id)]  # fmt: skip


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


def _compare_contributions(batch: _Batch) -> list[Finding]:
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
    return _findings(batch, "contributions_refused")


def _write_contributions(batch: _Batch) -> None:
    _write(batch, "contributions_donors", "contributions_insert", "contributions_spans")
    _write(batch, "contributions_entries", "contributions_postings")
    post(batch.book, batch.lane)


def _compare_deposits(batch: _Batch) -> list[Finding]:
    batch.book.run(PACKAGE, "deposits_sorted")
    _rates(batch.book, "deposits", batch.on)
    return _findings(batch, "deposits_refused")


def _write_deposits(batch: _Batch) -> None:
    _write(batch, "deposits_applied", "deposits_collected", "deposits_entries", "deposits_postings")
    post(batch.book, batch.lane)
    _write(batch, "deposits_insert")


def _compare_requests(batch: _Batch) -> list[Finding]:
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
    return without_consequences(_findings(batch, "requests_refused"), "requests", batch.left_out)


def _write_requests(batch: _Batch) -> None:
    _write(batch, "requests_insert", "requests_countries", "requests_objectives", "requests_measures")


def _measures(frame: pl.DataFrame, extras: list[str]) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {"request_id": pl.String(), "measure": pl.String(), "value": pl.Decimal(18, 4)}
    if not extras:
        return pl.DataFrame(schema=schema)
    long = frame.unpivot(on=extras, index="request_id", variable_name="measure", value_name="value")
    return long.drop_nulls("value").select(*schema).cast({"value": pl.Decimal(18, 4)})


def _compare_request_years(batch: _Batch) -> list[Finding]:
    batch.book.run(PACKAGE, "request_years_sorted")
    return without_consequences(_findings(batch, "request_years_refused"), "request_years", batch.left_out)


def _write_request_years(batch: _Batch) -> None:
    _write(batch, "request_years_insert")


def _compare_scores(batch: _Batch) -> list[Finding]:
    batch.book.run(PACKAGE, "scores_sorted")
    return _findings(batch, "scores_refused")


def _write_scores(batch: _Batch) -> None:
    _write(batch, "scores_insert")


def _compare_recusals(batch: _Batch) -> list[Finding]:
    batch.book.run(PACKAGE, "recusals_sorted")
    return _findings(batch, "recusals_refused")


def _write_recusals(batch: _Batch) -> None:
    _write(batch, "recusals_insert")


def _compare_rates(batch: _Batch) -> list[Finding]:
    batch.book.run(PACKAGE, "rates_sorted")
    return _findings(batch, "rates_refused")


def _write_rates(batch: _Batch) -> None:
    _write(batch, "rates_insert")


def _compare_entries(batch: _Batch) -> list[Finding]:
    """Return what is wrong with entries one by one, then what the others, posted together, would overdraw."""
    refused: list[Finding] = []
    left_out, frame = batch.left_out, batch.frame
    while True:
        found = without_consequences(_entry_findings(batch), "entries", left_out)
        errors = [finding for finding in found if finding.severity == "error"]
        places_at_fault = pl.DataFrame([(one.file, one.line) for one in errors], schema=_PLACE, orient="row")
        at_fault = frame.join(places_at_fault, on=list(_PLACE), how="semi")
        if not at_fault.height:
            break
        # Without these rows others may be found wrong, so the rest is compared again, until nothing more is refused.
        refused += errors
        left_out = left_out.also(at_fault)
        frame = frame.join(places_at_fault, on=list(_PLACE), how="anti", maintain_order="left")
        batch.book.register("staged", frame)
    _write(batch, "entries_forget_known", "entries_keep_new")
    post(batch.book, batch.lane)
    overdrawn = without_consequences(_findings(batch, "entries_overdrawn"), "entries", left_out)
    return refused + found + overdrawn


def _entry_findings(batch: _Batch) -> list[Finding]:
    _write(batch, "entries_split", "entries_entries", "entries_postings")
    batch.book.run(PACKAGE, "digests")
    batch.book.run(PACKAGE, "entries_known")
    return _findings(batch, "entries_refused")


def _write_nothing(_: _Batch) -> None:
    """Entries were posted when they were compared."""


_COMPARERS: dict[str, Callable[[_Batch], list[Finding]]] = {
    "contributions": _compare_contributions,
    "deposits": _compare_deposits,
    "requests": _compare_requests,
    "request_years": _compare_request_years,
    "recusals": _compare_recusals,
    "scores": _compare_scores,
    "rates": _compare_rates,
    "entries": _compare_entries,
}
_WRITERS: dict[str, Callable[[_Batch], None]] = {
    "contributions": _write_contributions,
    "deposits": _write_deposits,
    "requests": _write_requests,
    "request_years": _write_request_years,
    "recusals": _write_recusals,
    "scores": _write_scores,
    "rates": _write_rates,
    "entries": _write_nothing,
}
