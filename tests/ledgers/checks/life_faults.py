"""A book with some of everything that contributions live through, and a fault for each check that looks at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from books import contribution, corrupt, deposit, entry, rate, take
from life_rows import (
    amend,
    application,
    bounce,
    close_book,
    close_line,
    condition,
    donor_refund,
    exchange,
    instalment,
    note,
    returned,
    tier,
    write_off,
)  # fmt: skip

from ledgers.store import Book
from ledgers.store.sql import texts_in

Fault = Callable[[Book], None]


def live(new_book_file: Path, path: Path) -> Path:
    """Write a book in which everything happened once, soundly, and return its file."""
    shutil.copy(new_book_file, path)
    with Book.open(path, writable=True) as book:
        take(book, "rates", rate(units="0.93"), rate(rate_date="2024-02-01", units="0.91"))
        take(book, "fee_schedules", tier(share="7%", flat="3"), tier(above="100", share="1%"))
        take(
            book,
            "contributions",
            contribution("C1", currency="EUR", amount="300.00", fee_schedule="S"),
            contribution("C2", fee_percent="7%"),
            contribution("C3", conditional="yes", fee_percent="1%"),
            contribution("C4", amount="50.00"),
        )
        take(book, "instalments", instalment(amount="300.00"))
        take(book, "promissory_notes", note(amount="100.00"), note("N2", "100.00"))
        take(
            book,
            "deposits",
            deposit("D1", currency="EUR", amount="33.33"),
            deposit("D2", currency="EUR", amount="150.00", note_id="N1"),
            deposit("D3", "C2", amount="500.05"),
            deposit("D4", "C3", amount="200.00"),
            deposit("D5", "C4", amount="50.00"),
        )
        take(book, "applications", application(deposit_id="D2", amount="20.00", applied_on="2024-02-05"))
        take(book, "bounces", bounce("D3", "C2"))
        take(book, "contribution_conditions", condition(contribution_id="C3", amount="50.00"))
        take(book, "write_offs", write_off(amount="10.00", written_off_on="2024-03-01"))
        take(book, "exchanges", exchange(amount="5.00", to_amount="5.60"))
        amend(book, "299.00", on="2024-03-01")
        take(book, "returns", returned(contribution_id="C4", decided_on="2024-03-01"))
        take(book, "donor_refunds", donor_refund(amount="50.00", contribution_id="C4", paid_on="2024-03-02"))
        close_line(book, "C4", on="2024-03-02")
        take(book, "entries", entry("E1", entry_date="2024-03-02"))
        close_book(book, "2024-03-02")
        take(book, "entries", entry("E2", entry_date="2024-03-03"))
    return path


def redigested(book: Book) -> None:
    """Make every entry's digest that of its lines, as a careful forger would."""
    text = dict(texts_in("ledgers.checks"))["entry_digests"]
    recomputed = text[text.index("with content") : text.index("select 'entry '")]
    book.connection.execute(
        f"create or replace temp table forged as {recomputed} select entry_id, recomputed from content"
    )
    corrupt(
        book,
        "entry",
        "update ledger.entry set digest = (select recomputed from forged f where f.entry_id = ledger.entry.entry_id)",
    )


def changed(table: str, statement: str) -> Fault:
    """Return a fault that changes rows of a table behind its guards."""
    return lambda book: corrupt(book, table, statement)


def moved(
    *lines: tuple[str, str, str, str, str], kind: str = "interest", on: str = "2024-03-03", log_id: int = 1
) -> Fault:
    """Return a fault that adds an entry of (account, currency, amount, base amount, contribution) lines."""

    def fault(book: Book) -> None:
        number = book.connection.execute("select max(entry_id) + 1 from ledger.entry").fetchall()[0][0]
        day = date.fromisoformat(on)
        saved = book.connection.execute(
            "select trigger_name, table_name, sql from duckdb_triggers() where table_name in ('entry', 'posting')"
        ).fetchall()
        for name, table, _ in saved:
            book.connection.execute(f"drop trigger {name} on ledger.{table}")
        book.insert("ledger.entry", [(number, kind, day, day, f"forged|{number}", None, "forged", "x", log_id)])
        rows = [
            (number, n, account, currency, amount, base, None, whose, None, None, None)
            for n, (account, currency, amount, base, whose) in enumerate(lines, start=1)
        ]
        book.insert("ledger.posting", rows)
        for _, _, text in saved:
            book.connection.execute(text)
        redigested(book)

    return fault


def shifted(reference: str, account: str, change: str, against: str) -> Fault:
    """Return a fault that moves an amount between two lines of one entry, digests made anew."""

    def fault(book: Book) -> None:
        for name, sign in ((account, "+"), (against, "-")):
            corrupt(
                book,
                "posting",
                f"update ledger.posting set amount = amount {sign} {change}, base_amount = base_amount {sign} {change} "
                f"where account = '{name}' "
                f"and entry_id = (select entry_id from ledger.entry where reference = '{reference}')",
            )
        redigested(book)

    return fault


def _gives_while_it_lacks(book: Book) -> None:
    """Have C2, whose only deposit bounced after a payment was made of it, pay once more."""
    log_id = book.connection.execute("select max(log_id) from ledger.log").fetchall()[0][0]
    lines = [("budget:available", "-2", "C2"), ("budget:allocated", "2", "C2")]
    moved(*((a, "USD", x, x, c) for a, x, c in lines), kind="administration", log_id=log_id)(book)


ALSO: dict[str, set[str]] = {
    "bounces-mirrored": {"cash-covers", "available-not-negative"},
    "closed-contributions-at-zero": {"receivables-not-negative", "cash-covers"},
    "receipts-covered": {"fees-match-agreements"},
    "fees-match-agreements": {"cash-covers"},
    "conditions-kept": {"records-match-journal"},
}
"""What else finds a fault, since it is seen from several sides."""

FAULTS: dict[str, list[tuple[Fault, str]]] = {
    "closed-periods-kept": [
        (
            lambda book: moved(
                ("asset:cash:main", "USD", "1", "1", "FACILITY"), ("income:interest", "USD", "-1", "-1", "FACILITY"),
                on="2024-03-02", log_id=_last_log(book),
            )(book),
            "entry # of 2024-03-02 was written after the book was closed through 2024-03-02",
        ),
    ],
    "fees-match-agreements": [
        (
            shifted("fee|deposit|D4|C3", "expense:fee:administration", "0.01", "liability:fee"),
            "the fee on deposit|D4|C3 is 2.0100, and 2.0000 by its agreement",
        ),
        (
            shifted("fee|deposit|D1|C1", "expense:fee:administration", "0.01", "liability:fee"),
            "the fees on C1 come to 10.7000, and to 10.6900 by its schedule",
        ),
    ],
    "receipts-covered": [
        (
            changed("application", "update ledger.application set base_amount = base_amount + 40"),
            "of deposit D2 on C1 20.0000 is applied (61.9800 in the book's currency), and 50.0000 (54.9500) waited",
        ),
        (
            changed("application", "update ledger.application set deposit_id = 'D3', from_contribution_id = 'C2'"),
            "of deposit D3 on C2 20.0000 is applied (21.9800 in the book's currency), and 0.0000 (0.0000) waited",
        ),
    ],
    "bounces-mirrored": [
        (
            shifted("bounce|D3|C2", "asset:cash:main", "7", "asset:receivable"),
            "deposit D3 on C2 bounced, and leaves 7.0000 USD (7.0000 in the book's currency) on asset:cash:main",
        ),
        (
            shifted("bounce|D3|C2", "budget:available", "7", "budget:resource"),
            "deposit D3 on C2 bounced, and leaves 7.0000 USD (7.0000 in the book's currency) on what it made available",
        ),
    ],
    "undertakings-kept": [
        (
            changed("deposit", "update ledger.deposit set note_id = 'N1' where deposit_id = 'D1'"),
            "of note N1 over 100.0000 133.3300 is encashed",
        ),
        (
            moved(
                ("asset:promissory-note", "USD", "-1", "-1", "C2"), ("asset:receivable", "USD", "1", "1", "C2"),
            ),
            "the notes of C2 stand at -1.0000 USD",
        ),
        (
            changed("instalment", "update ledger.instalment set amount = 300.01"),
            "the instalments of C1 come to 300.0100, and it was signed for 300.0000",
        ),
        (
            changed("instalment", "update ledger.instalment set version = 2"),
            "version 2 of the instalments of C1 was never decided",
        ),
        (
            changed(
                "rescheduling",
                "insert into ledger.rescheduling values ('C1', 2, current_date, 'anew', 'ada', current_timestamp, 1)",
            ),
            "version 2 of the instalments of C1 was decided and has none",
        ),
    ],
    "closed-contributions-at-zero": [
        (
            moved(("asset:receivable", "USD", "3", "3", "C4"), ("expense:write-off", "USD", "-3", "-3", "C4")),
            "C4 was closed on 2024-03-02, and 3.0000 stands on asset:receivable",
        ),
        (
            moved(("budget:available", "USD", "3", "3", "C4"), ("budget:resource", "USD", "-3", "-3", "C4")),
            "C4 was closed on 2024-03-02, and 3.0000 stands on budget:available",
        ),
    ],
    "nothing-left-behind": [
        (
            moved(("asset:receivable", "EUR", "0", "0.01", "C2"), ("income:exchange", "EUR", "0", "-0.01", "C2")),
            "nothing of C2 in EUR is left on asset:receivable, and it stands at 0.0100",
        ),
    ],
    "conditions-kept": [
        (
            changed("contribution_condition", "update ledger.contribution_condition set amount = 51"),
            "C3 has conditions met for 51.0000 USD, and 50.0000 is income",
        ),
        (
            moved(("budget:conditional", "USD", "3", "3", "C1"), ("budget:available", "USD", "-3", "-3", "C1")),
            "of C1 3.0000 waits for conditions",
        ),
    ],
    "records-match-journal": [
        (
            changed("promissory_note", "update ledger.promissory_note set amount = 101 where note_id = 'N1'"),
            "note N1 of 101.0000 stands at 100.0000 on asset:promissory-note in the journal",
        ),
        (
            changed("write_off", "update ledger.write_off set amount = 9"),
            "write-off W1 of 9.0000 stands at 10.0000 on expense:write-off in the journal",
        ),
        (
            changed("exchange", "update ledger.exchange set to_amount = 5.5"),
            "exchange X1 of 5.5000 stands at 5.6000 on asset:cash:main USD in the journal",
        ),
        (
            changed("application", "update ledger.application set applied_amount = 19"),
            "application A1 of -19.0000 stands at -20.0000 on asset:receivable in the journal",
        ),
        (changed("write_off", "delete from ledger.write_off"), "entry # has no write-off"),
        (changed("exchange", "delete from ledger.exchange"), "entry # has no exchange"),
        (changed("bounce", "delete from ledger.bounce"), "entry # has no bounce"),
    ],
    "available-not-negative": [
        (_gives_while_it_lacks, "C2 gave 2.0000 with log row #, and lacks 2.0000 since"),
    ],
}  # fmt: skip


def _last_log(book: Book) -> int:
    return int(book.connection.execute("select max(log_id) from ledger.log").fetchall()[0][0])
