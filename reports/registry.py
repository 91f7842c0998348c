"""The reports by their names on the command line; a report's module is imported when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from ledgers.errors import FacilityError, did_you_mean

if TYPE_CHECKING:
    from ledgers.store import Book
    from reports.report import Report


class ReportUnknown(FacilityError):
    """A report that does not exist."""

    code = "report-unknown"


class ReportOptionRefused(FacilityError):
    """A report asked for without its subject, or with an option that it does not take."""

    code = "report-option-refused"


@dataclass(frozen=True, slots=True)
class Kind:
    """One report that can be asked for.

    Attributes:
        module: Where its function `report` lives.
        summary: What it answers, one line.
        subject: Name of the option that it cannot do without, if any.
        options: Names of the options that it takes, the subject included.
        needs: Those of them, beside the subject, that it cannot do without, in the order in which they are asked for.
    """

    module: str
    summary: str
    subject: str | None
    options: frozenset[str]
    needs: tuple[str, ...] = ()


DATED = frozenset({"as_of", "known_at"})

KINDS: dict[str, Kind] = {
    "donor": Kind("reports.donor", "one donor's money, followed to requests", "donor", DATED | {"donor", "begins"}),
    "funds-available": Kind(
        "reports.funds_available",
        "what may still be decided on, and how it comes about",
        None,
        DATED | {"requests_label"},
    ),
    "joint-account": Kind(
        "reports.joint_account", "required, available, allocated and gap, each amount counted once", None, DATED
    ),
    "opening": Kind("reports.opening", "what came in when moving in, against what the old books said", None, DATED),
    "round": Kind(
        "reports.round",
        "a round's awards, payers and refusals with their reasons",
        "round_id",
        frozenset({"round_id", "decision"}),
    ),
    "sample": Kind(
        "reports.sample",
        "an auditor's sample of the entries that move money, each with its whole trail",
        None,
        DATED | {"seed", "size", "by", "kind"},
        ("seed", "size"),
    ),
    "sources-and-uses": Kind(
        "reports.sources_and_uses", "what came in and went out, held by the facility and by implementers", None, DATED
    ),
    "trial-balance": Kind(
        "reports.trial_balance", "every account's debits, credits and balance, and that they sum to zero", None, DATED
    ),
    "ageing": Kind("reports.ageing", "what donors and implementers owe, and since when", None, DATED),
    "cash-forecast": Kind(
        "reports.cash_forecast", "by month: what is to come and to go out, against cash", None, DATED
    ),
    "expiring": Kind("reports.expiring", "what must be spent when", None, DATED | {"days"}),
    "year": Kind("reports.year", "the statements of a year, with their notes", "year", DATED | {"year"}),
    "at-risk": Kind("reports.at_risk", "awards whose money is not there any more, and what can be done", None, DATED),
}


def names() -> tuple[str, ...]:
    """Return the reports' names, sorted."""
    return tuple(sorted(KINDS))


def kind(name: str) -> Kind:
    """Return one report's description.

    Raises:
        ReportUnknown: there is no such report.
    """
    if name not in KINDS:
        raise ReportUnknown(f"there is no report {name}", remedy=did_you_mean(name, names()))
    return KINDS[name]


def make(name: str, book: Book, **options: object) -> Report:
    """Return a report.

    Args:
        name: With hyphens, as on the command line.
        book: The open book.
        options: As the report's `report` function takes them; an option that is None counts as not given.

    Raises:
        ReportUnknown: there is no such report.
        ReportOptionRefused: the subject is missing, or an option is not for this report.
        SubjectUnknown: the book does not have the donor, round or decision asked for.
    """
    wanted = kind(name)
    given = {option: value for option, value in options.items() if value is not None}
    strange = sorted(set(given) - wanted.options)
    if strange:
        raise ReportOptionRefused(
            f"the report {name} takes no {_flag(strange[0])}",
            remedy=f"leave it out; {name} takes {', '.join(map(_flag, sorted(wanted.options)))}",
        )
    if wanted.subject and wanted.subject not in given:
        raise ReportOptionRefused(
            f"the report {name} needs to know which {_word(wanted.subject)}",
            remedy=f"name it after the report: `facility report {name} {_word(wanted.subject).upper()}`",
        )
    lacking = [option for option in wanted.needs if option not in given]
    if lacking:
        line = " ".join([f"facility report {name}", *(f"{_flag(each)} N" for each in wanted.needs)])
        raise ReportOptionRefused(
            f"the report {name} needs {' and '.join(map(_flag, lacking))}", remedy=f"give whole numbers: `{line}`"
        )
    made: Report = import_module(wanted.module).report(book, **given)
    return made


def _word(option: str) -> str:
    return option.removesuffix("_id")


def _flag(option: str) -> str:
    return "--from" if option == "begins" else "--" + _word(option).replace("_", "-")
