"""What a statement of a year reads of the journal: three balances of every account, and lines made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from reports.lines import ZERO, Line
from reports.scope import Scope

Record = dict[str, Any]

LIABILITIES = {
    "liability:unapplied-receipts": "Receipts not applied to an agreement",
    "liability:deferred-contribution": "Deferred contributions, conditions not met",
    "liability:fee": "Fees payable",
    "liability:donor-refund": "Due to donors",
    "liability:implementer": "Due to implementers",
}
ASSETS = {
    "asset:promissory-note": "Promissory notes",
    "asset:advance": "Advances to implementers",
    "asset:receivable:implementer": "Receivable from implementers, disallowed cost",
}
REVENUE = {
    "income:contribution": "Contributions",
    "income:contribution:returned": "less: returned or owed to donors",
    "income:interest": "Interest",
    "income:interest:implementer": "Interest of implementers",
    "income:exchange": "Exchange gains",
}
EXPENSES = {
    "expense:programme": "Programme expenditure by implementers",
    "expense:transfer": "Transfers without an agreement",
    "expense:fee:administration": "Administrative agent's fee",
    "expense:fee:direct": "Direct cost",
    "expense:fee:bank": "Bank charges",
    "expense:write-off": "Contributions written off",
    "expense:exchange": "Exchange losses",
}


@dataclass(frozen=True, slots=True)
class Account:
    """One account in one currency: its balances at three ends in the book's currency, debit positive.

    Attributes:
        name: The account.
        currency: Its currency.
        first: At the end of the year before last.
        second: At the end of last year.
        third: At the end of the year.
        amount: At the end of the year, in its own currency.
    """

    name: str
    currency: str
    first: Decimal
    second: Decimal
    third: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Year:
    """The year of a statement, and what the journal says of it.

    Attributes:
        scope: Up to the last day of the year that counts.
        year: The year.
        prior: Last day of last year.
        before: Last day of the year before last.
        later: Last day of events after the year that are told; None for all.
        last_day: Day of the book's last entry.
        accounts: Every account.
    """

    scope: Scope
    year: int
    prior: date
    before: date
    later: date | None
    last_day: date
    accounts: tuple[Account, ...]

    def records(self, query: str, **parameters: object) -> list[Record]:
        """Return the rows of a query, with the ends of the years."""
        return self.scope.records(query, prior=self.prior, before=self.before, **parameters)

    def line(self, name: str, label: str, accounts: Iterable[Account], sign: int, *, flows: bool = False) -> Line:
        """Return a line of this year and last: balances at both ends, or what was moved in both years."""
        found = list(accounts)
        first, second, third = (
            sign * sum((getattr(account, end) for account in found), ZERO) for end in ("first", "second", "third")
        )
        amounts = (third - second, second - first) if flows else (third, second)
        return Line(name, label, tuple(map(self.scope.money, amounts)))

    def named(
        self, prefix: str, labels: dict[str, str], sign: int, *, flows: bool = False,
        leave: Callable[[str], bool] = lambda _: False,
    ) -> list[Line]:  # fmt: skip
        """Return a line for each account of a kind, those without a label of their own under their name."""
        seen = sorted({account.name for account in self.accounts if account.name.startswith(prefix)})
        order = [*labels, *(name for name in seen if name not in labels)]
        lines = []
        for name in order:
            if not leave(name):
                own = [account for account in self.accounts if account.name == name]
                label = labels.get(name) or name.removeprefix(prefix).replace(":", ", ").replace("-", " ").capitalize()
                lines.append(self.line(name, label, own, sign, flows=flows))
        return lines


def year_of(scope: Scope, year: int, later: date | None, last_day: date) -> Year:
    """Return a year's figures; the scope's last day lies in it, or is its end."""
    prior, before = date(year - 1, 12, 31), date(year - 2, 12, 31)
    rows = scope.records("year_accounts", prior=prior, before=before)
    accounts = tuple(
        Account(row["account"], row["currency"], row["first"], row["second"], row["third"], row["amount"])
        for row in rows
    )
    return Year(scope, year, prior, before, later, last_day, accounts)


def as_known(year: Year, known_at: object) -> Year:
    """Return the same year with what was written up to a time."""
    scope = replace(year.scope, known_at=known_at)  # type: ignore[arg-type]
    return year_of(scope, year.year, year.later, year.last_day)
