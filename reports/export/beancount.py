"""The journal as beancount reads it, with its balances as directives that `bean-check` proves to the last cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from ledgers.errors import FacilityError
from reports.export.journal import Journal
from reports.export.names import beancount_name


class DayAfterMissing(FacilityError):
    """Balances at the end of the last day that a calendar has: beancount states balances on the day after."""

    code = "day-after-missing"


def beancount(journal: Journal) -> Iterator[str]:
    """Return a beancount file in pieces.

    Raises:
        DayAfterMissing: the journal is up to the last day that there is.
    """
    last_day = journal.scope.as_of
    if last_day == date.max:
        raise DayAfterMissing(
            f"beancount states balances on the day after, and there is none after {last_day}",
            remedy="give an earlier day with --as-of",
        )
    return _pieces(journal, last_day + timedelta(days=1))


def _pieces(journal: Journal, day_after: date) -> Iterator[str]:
    yield "".join(f"{line}\n" for line in _beginning(journal))
    yield from journal.lines("beancount", beancount_name)
    yield "".join(f"{line}\n" for line in _end(journal, day_after))


def _beginning(journal: Journal) -> Iterator[str]:
    scope = journal.scope
    yield from (f"; {line}".rstrip() for line in journal.about("beancount"))
    yield "; `name` of each account is its name in the book; `facility guide exports` has the rule between the two."
    yield f'\noption "title" {quoted(scope.facility)}'
    yield f'option "operating_currency" "{scope.currency}"'
    yield 'option "tolerance_multiplier" "0"\n'
    first_day = min(journal.accounts.values(), default=scope.as_of)
    yield from (f"{first_day} commodity {currency}" for currency in journal.places)
    for account, opened_on in journal.accounts.items():
        yield f"{opened_on} open {beancount_name(account)}\n  name: {quoted(account)}"
    for rate in journal.rates:
        yield f"{rate.rate_date} price {scope.currency} {rate.units()}\n  source: {quoted(rate.source)}"


def _end(journal: Journal, day_after: date) -> Iterator[str]:
    yield "\n; What the book sums to at the end of the day before, reckoned apart from the lines above."
    yield "; The balance of an account includes the accounts below it. No difference is tolerated."
    for (name, currency), amount in sorted(_with_those_below(journal).items()):
        number, _ = journal.written(amount, currency).split()
        yield f"{day_after} balance {name}  {number} ~ 0 {currency}"


def _with_those_below(journal: Journal) -> dict[tuple[str, str], Decimal]:
    """Return the balance of every account with those of the accounts below it, as beancount reckons it."""
    names = {beancount_name(account) for account in journal.accounts}
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for balance in journal.balances:
        parts = beancount_name(balance.account).split(":")
        above = {":".join(parts[: depth + 1]) for depth in range(len(parts))}
        for name in above & names:
            sums[name, balance.currency] += balance.amount
    return sums


def quoted(words: str) -> str:
    """Return a text with its quotation marks, as `beancount_text` of `words.sql` does."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
