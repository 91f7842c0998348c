"""Rows of frames as the engine's contributions, requests, years and overrides; every slip is noted, none raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from allocation import frame_cells as cells
from allocation.frames import FrameProblem
from allocation.problem import Contribution, Override, Request
from ledgers.errors import did_you_mean
from ledgers.places import Places
from ledgers.terms import Subject, Terms, folded
from ledgers.vocabulary import APPLICANT_KINDS, LEVELS, WINDOWS

if TYPE_CHECKING:
    import polars as pl

Value = TypeVar("Value")

_MONEY = (
    "contribution_id", "available", "donor", "earmark", "use_by", "spend_from", "spend_to", "country_cap",
    "country_used", "country_share_max", "amount", "currency", "stage",
)  # fmt: skip
_MONEY_NOT_READ = (
    "agreement", "donor_kind", "donor_country", "signed_on", "conditional", "interest", "fee_percent", "report_due",
    "note",
)  # fmt: skip
_ASKED = (
    "request_id", "amount_requested", "merit", "amount_minimum", "window", "country", "objectives", "applicant",
    "applicant_kind", "gender", "human_rights", "child", "oda", "level", "starts_on", "ends_on", "cofinance_confirmed",
    "currency",
)  # fmt: skip
_ASKED_NOT_READ = ("title", "cofinance", "place", "implementer", "finance_type", "continues", "follow_on")
_YEARS = ("request_id", "year", "amount")
_OVERRIDES = ("request_id", "least", "most", "by", "reason")
_ABSENT: Any = object()

Years = Mapping[str, tuple[tuple[int, int], ...]]


class _Sheet:
    """One frame whose cells are read one by one, with what is wrong noted at their places."""

    def __init__(
        self,
        name: str,
        frame: pl.DataFrame,
        problems: list[FrameProblem],
        *,
        needed: Sequence[str],
        read: Sequence[str],
        not_read: Sequence[str] = (),
    ) -> None:
        self.name, self.problems, self.key = name, problems, needed[0]
        self.floats = {column for column, kind in frame.schema.items() if kind.is_float()}
        self._refuse_columns(frame, needed, read, not_read)
        self.lacks_key = self.key not in frame.columns
        self.rows: list[dict[str, Any]] = [] if self.lacks_key else frame.rows(named=True)
        self.at = 0

    def __iter__(self) -> Iterator[None]:
        """Read one row after the other."""
        for self.at in range(len(self.rows)):  # noqa: B020 (the row that is read is the sheet's own state)
            yield

    def _refuse_columns(
        self, frame: pl.DataFrame, needed: Sequence[str], read: Sequence[str], not_read: Sequence[str]
    ) -> None:
        for column in needed:
            if column not in frame.columns:
                self._note(column, None, None, "the column is missing", f"add a column {column}")
        for column, kind in frame.schema.items():
            is_measure = self.name == "requests" and column.startswith("x_")
            if column not in (*read, *not_read) and not is_measure:
                self._note(column, None, None, "no such column is read", did_you_mean(column, read))
            elif column in self.floats and column not in not_read:
                fact = f"floats ({kind}) are not exact"
                self._note(column, None, None, fact, "cast it to decimal, or write it as text")

    def _note(self, column: str | None, row: int | None, value: object, reason: str, remedy: str) -> None:
        key = "" if row is None else cells.short(self.rows[row].get(self.key) or "")
        number = None if row is None else row + 1
        self.problems.append(FrameProblem(self.name, column, number, key, value, reason, remedy))

    def note(self, column: str, reason: str, remedy: str) -> None:
        """Note that a cell of the row being read is wrong."""
        self._note(column, self.at, self.rows[self.at].get(column), reason, remedy)

    def cell(self, column: str, read: cells.Reader[Value], absent: Value = _ABSENT) -> Value:
        """Return a cell of the row being read; `absent` where it is wrong or null; without `absent`, null is wrong."""
        value = self.rows[self.at].get(column)
        if column in self.floats:
            return absent  # the column as a whole is refused
        if value is None or (isinstance(value, str) and not value.strip()):
            if absent is _ABSENT and column in self.rows[self.at]:
                self.note(column, "the cell is empty", "fill it")
            return absent
        try:
            return read(value)
        except cells.CellInvalid as invalid:
            self.note(column, invalid.reason, invalid.remedy)
            return absent

    def refuse_repeated(self) -> None:
        """Note every row whose id an earlier row has."""
        first: dict[str, int] = {}
        for _ in self:
            value = self.rows[self.at][self.key]
            if isinstance(value, str) and first.setdefault(folded(value), self.at) != self.at:
                earlier = first[folded(value)] + 1
                self.note(self.key, f"{cells.short(value)} stands in row {earlier} already", "keep one of the two rows")

    def refuse_other_currency(self, currency: str) -> None:
        """Note a row whose amounts are in another currency than the policy's."""
        told = self.cell("currency", cells.text, currency)
        if told != currency:
            self.note("currency", f"{told}, and the policy counts in {currency}", f"convert its amounts to {currency}")


def contributions_of(
    frame: pl.DataFrame, currency: str, places: Places, problems: list[FrameProblem]
) -> tuple[Contribution, ...]:
    """Return the contributions of a frame; what is wrong is noted."""
    needed = ("contribution_id", "available")
    sheet = _Sheet("contributions", frame, problems, needed=needed, read=_MONEY, not_read=_MONEY_NOT_READ)
    sheet.refuse_repeated()
    return tuple(_contribution(sheet, currency, places) for _ in sheet)


def _contribution(sheet: _Sheet, currency: str, places: Places) -> Contribution:
    sheet.refuse_other_currency(currency)
    if sheet.cell("stage", cells.word(("pledge", "agreement")), "agreement") == "pledge":
        sheet.note("stage", "a pledge is not spendable", "leave it out, or give it to a scenario as money that arrives")
    identifier = sheet.cell("contribution_id", cells.identifier)
    return Contribution(
        contribution_id=identifier,
        donor=sheet.cell("donor", cells.text, identifier),
        available=sheet.cell("available", cells.amount(currency)),
        earmark=sheet.cell("earmark", cells.terms(places), Terms(())),
        use_by=sheet.cell("use_by", cells.day, None),
        country_cap=_country_cap(sheet, currency),
        country_used=sheet.cell("country_used", cells.amounts_by_country(currency), ()),
        spend_from=sheet.cell("spend_from", cells.day, None),
        spend_to=sheet.cell("spend_to", cells.day, None),
    )


def _country_cap(sheet: _Sheet, currency: str) -> int | None:
    """Return the cap as given, or the share of the signed amount rounded down."""
    cap: int | None = sheet.cell("country_cap", cells.amount(currency), None)
    share: Fraction | None = sheet.cell("country_share_max", cells.share, None)
    if share is None:
        return cap
    signed: int | None = sheet.cell("amount", cells.amount(currency), None)
    if cap is not None or signed is None:
        what = "country_cap is given too" if cap is not None else "the share is of amount, which is not given"
        sheet.note("country_share_max", what, "give country_cap alone, or country_share_max with amount")
        return cap
    return signed * share.numerator // share.denominator


def requests_of(frame: pl.DataFrame, currency: str, years: Years, problems: list[FrameProblem]) -> tuple[Request, ...]:
    """Return the requests of a frame with their years; what is wrong is noted."""
    needed = ("request_id", "amount_requested", "merit")
    sheet = _Sheet("requests", frame, problems, needed=needed, read=_ASKED, not_read=_ASKED_NOT_READ)
    sheet.refuse_repeated()
    measures = sorted(column for column in frame.columns if column.startswith("x_"))
    found = tuple(_request(sheet, currency, years, measures) for _ in sheet)
    asked = {request.request_id for request in found if request is not None}
    for unknown in sorted(set(years) - asked):
        if not sheet.lacks_key and None not in found:
            fact = f"{unknown} is no request of the round"
            problems.append(
                FrameProblem(
                    "request_years", "request_id", None, "", unknown, fact, did_you_mean(unknown, sorted(asked))
                )
            )
    return tuple(request for request in found if request is not None)


def _request(sheet: _Sheet, currency: str, years: Years, measures: Sequence[str]) -> Request | None:
    noted = len(sheet.problems)
    sheet.refuse_other_currency(currency)
    ask = sheet.cell("amount_requested", cells.amount(currency, least=1))
    minimum = sheet.cell("amount_minimum", cells.amount(currency), ask)
    merit = sheet.cell("merit", cells.not_negative)
    subject = _subject(sheet, merit)
    starts_on, ends_on = (sheet.cell(column, cells.day, None) for column in ("starts_on", "ends_on"))
    cofinance = sheet.cell("cofinance_confirmed", cells.amount(currency), 0)
    measured = [(name, sheet.cell(name, cells.number, None)) for name in measures]
    if _ABSENT in (ask, merit) or len(sheet.problems) > noted:
        return None
    if minimum > ask:
        sheet.note("amount_minimum", "it is more than amount_requested", "lower it, or leave it empty: all or nothing")
    spread = years.get(subject.request, ())
    if spread and sum(part for _, part in spread) != ask:
        sheet.note("amount_requested", "the years of the request do not add up to it", "correct request_years")
    if len(sheet.problems) > noted:
        return None
    known = tuple((name, value) for name, value in measured if value is not None)
    return Request(subject, ask, minimum, merit, ends_on, known, starts_on, cofinance, spread)


def _subject(sheet: _Sheet, merit: Fraction) -> Subject:
    marker = cells.whole(0, 3)
    return Subject(
        request=sheet.cell("request_id", cells.identifier),
        window=sheet.cell("window", cells.word(WINDOWS), ""),
        country=sheet.cell("country", cells.country, ""),
        objectives=sheet.cell("objectives", cells.objectives, ()),
        applicant=sheet.cell("applicant", cells.text, ""),
        applicant_kind=sheet.cell("applicant_kind", cells.word(APPLICANT_KINDS), ""),
        gender=sheet.cell("gender", marker, None),
        human_rights=sheet.cell("human_rights", marker, None),
        child=sheet.cell("child", marker, None),
        oda=sheet.cell("oda", cells.answer, None),
        level=sheet.cell("level", cells.word(LEVELS), "") or None,
        merit=merit,
    )


def years_of(frame: pl.DataFrame | None, currency: str, problems: list[FrameProblem]) -> Years:
    """Return what each request spends in each year: (year, minor units), ascending; what is wrong is noted."""
    if frame is None:
        return {}
    sheet = _Sheet("request_years", frame, problems, needed=_YEARS, read=_YEARS)
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for _ in sheet:
        request = sheet.cell("request_id", cells.identifier)
        year = sheet.cell("year", cells.whole(1900, 2199))
        amount = sheet.cell("amount", cells.amount(currency, least=1))
        if _ABSENT in (request, year, amount):
            continue
        if year in found[request]:
            sheet.note("year", f"{request} has the year {year} twice", "add its amounts up in one row")
        found[request][year] = amount
    return {request: tuple(sorted(spread.items())) for request, spread in found.items()}


def overrides_of(frame: pl.DataFrame | None, currency: str, problems: list[FrameProblem]) -> tuple[Override, ...]:
    """Return a manager's decisions on single requests; what is wrong is noted."""
    if frame is None:
        return ()
    sheet = _Sheet("overrides", frame, problems, needed=_OVERRIDES, read=_OVERRIDES)
    sheet.refuse_repeated()
    amount = cells.amount(currency)
    return tuple(
        Override(
            sheet.cell("request_id", cells.identifier),
            sheet.cell("least", amount),
            sheet.cell("most", amount),
            sheet.cell("by", cells.text),
            sheet.cell("reason", cells.text),
        )
        for _ in sheet
    )
