"""The trail of an entry: everything that the public views know to stand behind it, step by step.

From the donor to the write: the contribution and the version of its terms, the deposits, the request, the round, its
decision, what was decided by hand, the approvals, exchange rates, and the command that wrote the entry. A trail is made
of what was written before its entry, so it is the same whenever it is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reports.scope import Scope
from reports.table import Column, Row
from reports.wording import earmark_words, exact, place, plain_words

Record = dict[str, Any]

COLUMNS = (
    Column("what", "What"),
    Column("which", "Which"),
    Column("when", "When", "date"),
    Column("amount", "Amount", "amount"),
    Column("currency", "Currency"),
    Column("says", "What the book says"),
    Column("digest", "SHA-256", "digest", is_whole=True),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that stands behind an entry.

    Attributes:
        what: What kind of thing it is.
        which: Its id, or who.
        when: The day it counts or, of what people and commands wrote, the time, UTC.
        amount: What it is about, in `currency`; None where it is about no amount.
        currency: Of the amount.
        says: The rest, in a sentence.
        digest: SHA-256 of the decision, the policy's meaning or the file that is meant, as the book has it.
    """

    what: str
    which: str
    when: date | None
    amount: Decimal | None
    currency: str | None
    says: str
    digest: str | None = None

    def cells(self) -> Row:
        """Return the cells of `COLUMNS`."""
        return (self.what, self.which, self.when, self.amount, self.currency, self.says, self.digest)


def trails(scope: Scope, headers: Sequence[Record]) -> dict[int, tuple[Step, ...]]:
    """Return the trail of each entry by its number.

    Args:
        scope: The book.
        headers: The entries, as the query `entry_headers` gives them.
    """
    entry_ids = [header["entry_id"] for header in headers]
    found: dict[int, list[Step]] = defaultdict(list)

    def add(rows: Iterable[Record], steps: Callable[[Record], Iterable[Step]]) -> None:
        for row in rows:
            found[row["entry_id"]].extend(steps(row))

    add(scope.records("trail_contributions", entry_ids=entry_ids), lambda row: [_contribution(scope, row)])
    add(scope.records("trail_deposits", entry_ids=entry_ids), lambda row: [_deposit(scope, row)])
    add(scope.records("trail_requests", entry_ids=entry_ids), lambda row: [_request(scope, row)])
    add(*_decisions(scope, entry_ids))
    add(scope.records("trail_rates", entry_ids=entry_ids), lambda row: [_rate(row)])
    add(headers, lambda row: [_write(row)])
    return {entry_id: tuple(found[entry_id]) for entry_id in entry_ids}


def _contribution(scope: Scope, row: Record) -> Step:
    frozen = f", frozen by round {row['round_id']}" if row["round_id"] else ""
    terms = [
        f"earmark {earmark_words(row['earmark'])}" if row["earmark"] else "no earmark",
        *(f"{name.replace('_', ' ')} {row[name]}" for name in ("use_by", "spend_from", "spend_to") if row[name]),
    ]
    if row["country_share_max"] is not None:
        terms.append(f"at most {(row['country_share_max'] * 100).normalize():f} % in one country")
    says = f"{row['donor']} ({plain_words(row['donor_kind'])}), {_undertaking(row)}; "
    says += f"version {row['version']} of its terms{frozen}: {', '.join(terms)}"
    amount = scope.money(row["amount"]) if row["donor_kind"] != "facility" else None
    currency = row["currency"] if amount is not None else None
    return Step("contribution", row["contribution_id"], row["signed_on"], amount, currency, says)


def _undertaking(row: Record) -> str:
    if row["donor_kind"] == "facility":
        return "its own line"
    if row["stage"] == "pledge":
        return "a pledge"
    return f"agreement {row['agreement']}" if row["agreement"] else "agreement"


def _deposit(scope: Scope, row: Record) -> Step:
    parts = [f"cash received on {row['contribution_id']}"]
    if row["currency"] != row["book_currency"]:
        worth = exact(scope.money(row["base_amount"]), row["book_currency"])
        rate = _at_rate(row) if row["rate_date"] else "as the bank credited it"
        parts.append(f"worth {worth} {rate}")
    if row["unapplied_amount"]:
        parts.append(f"{exact(scope.money(row['unapplied_amount']), row['currency'])} of it beyond the agreement")
    amount = scope.money(row["amount"])
    return Step("deposit", row["deposit_id"], row["received_on"], amount, row["currency"], "; ".join(parts))


def _at_rate(row: Record) -> str:
    per = f"{row['units_per_base'].normalize():f} {row['currency']} per {row['book_currency']}"
    return f"at {per}, the rate of {row['rate_date']}"


def _request(scope: Scope, row: Record) -> Step:
    title = f"{row['title']}: " if row["title"] else ""
    says = f"{title}{row['applicant']} ({plain_words(row['applicant_kind'])}), {place(row)}, {row['request_window']}"
    amount = scope.money(row["amount_requested"])
    return Step("request", row["request_id"], row["requested_on"], amount, row["currency"], says)


def _decisions(scope: Scope, entry_ids: Sequence[int]) -> tuple[list[Record], Callable[[Record], Iterable[Step]]]:
    """Return the decisions that entries stand on, and what makes their steps: round, decision, override, approvals."""
    rows = scope.records("trail_decisions", entry_ids=entry_ids)
    round_ids = sorted({row["round_id"] for row in rows})
    approvals = scope.records("trail_approvals", round_ids=round_ids) if round_ids else []
    overrides = scope.records("trail_overrides", round_ids=round_ids) if round_ids else []

    def steps(row: Record) -> Iterator[Step]:
        yield _round(row)
        yield _decision(scope, row)
        for each in overrides:
            if (each["round_id"], each["request_id"]) == (row["round_id"], row["request_id"]):
                yield _by_hand(scope, each)
        for each in approvals:
            if each["round_id"] == row["round_id"]:
                yield Step("approval", each["approver"], each["recorded_at"], None, None, "approved that decision")

    return rows, steps


def _round(row: Record) -> Step:
    says = f"opened by {row['opened_by']}; the digest is of its policy"
    return Step("round", row["round_id"], row["opened_on"], None, None, says, row["policy_digest"])


def _decision(scope: Scope, row: Record) -> Step:
    awarded = exact(scope.money(row["awarded"]), row["currency"])
    share = (
        "" if row["paid"] == row["awarded"] else f", {exact(scope.money(row['paid']), row['currency'])} of it from here"
    )
    says = f"awards {awarded} to {row['request_id']}{share}; {row['status']}, proposed by {row['proposer']}, "
    says += f"posted by {row['posted_by']}"
    return Step(
        "decision",
        row["round_id"],
        row["posted_on"],
        scope.money(row["awarded"]),
        row["currency"],
        says,
        row["decision"],
    )


def _by_hand(scope: Scope, row: Record) -> Step:
    least, most = (exact(scope.money(row[side]), row["currency"]) for side in ("least", "most"))
    span = f"exactly {most}" if least == most else f"between {least} and {most}"
    says = f"{row['request_id']} by hand, {span}: {row['reason']}"
    return Step("override", row["decided_by"], row["event_date"], None, None, says)


def _rate(row: Record) -> Step:
    says = f"postings in {row['currency']} {_at_rate(row)}, from {row['rate_source']}"
    return Step("rate", row["currency"], row["rate_date"], None, None, says)


def _write(row: Record) -> Step:
    read = f", from {row['file']}" if row["file"] else ""
    says = f"by {row['actor']}: {row['command']}{read}"
    return Step("write", f"log {row['log_id']}", row["recorded_at"], None, None, says, row["file_digest"])


def behind(count: int) -> str:
    """Return the sentences that say what the steps of a trail are, below those of one entry or of several."""
    whose = "this entry" if count == 1 else "its entry"
    return (
        f"All of it was written no later than {whose}. Deposits are all that had come in on its contributions by then, "
        "because money is commingled.\n"
        "Times are UTC. Digests are shown by their beginnings; CSV and JSON carry them whole."
    )
