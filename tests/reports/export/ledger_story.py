"""A book with all kinds of entries in four currencies, made by the facility's own use cases."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from facility.usecases import rounds
from facility.usecases.check_book import check_book
from facility.usecases.import_file import import_files
from ledgers.store import Book

RATES = """currency,rate_date,units_per_base,source
EUR,2024-01-05,0.9,Central Bank
EUR,2024-02-15,0.87654321,Central Bank
JPY,2024-01-05,150,Central Bank
KWD,2024-01-05,0.307,Central Bank
KWD,2024-02-15,0.308,Central Bank
"""
CONTRIBUTIONS = """contribution_id,donor,donor_kind,currency,amount,signed_on,stage,earmark
C-1,State of Norland,state,USD,1000.00,2024-01-10,agreement,
C-2,"Westbank; ""Fonds"" | 50%, [KEN]",development_bank,EUR,700.00,2024-01-11,agreement,country=KEN
C-3,Côte d’Or,state,JPY,90001,2024-01-12,agreement,
C-4,Harbour Foundation,foundation,KWD,99.125,2024-01-13,pledge,
"""
SIGNED = """contribution_id,donor,donor_kind,currency,amount,signed_on,stage
C-4,Harbour Foundation,foundation,KWD,99.125,2024-02-20,agreement
"""
DEPOSITS = """deposit_id,contribution_id,received_on,currency,amount,base_amount,applied_amount
D-1,C-1,2024-01-20,USD,400.00,,
D-2,C-1,2024-01-21,EUR,100.00,,
D-7,C-1,2024-02-16,EUR,10.00,11.50,11.20
D 3.1,C-2,2024-02-16,EUR,700.00,801.11,
D-4,C-3,2024-01-25,JPY,90002,,
D-5,C-4,2024-01-26,KWD,1.125,,
"""
LATER = """deposit_id,contribution_id,received_on,currency,amount
D-6,C-1,2024-03-05,USD,300.00
"""
REQUESTS = """request_id,title,applicant,applicant_kind,country,window,currency,amount_requested,merit
R-1,Desks,city-1,city,KEN,integration,USD,600.00,80
R 2%41,Register,"Ministry, of [Labour]",national_government,UGA,institutions,USD,900.00,70
R-3,Advice,ngo-1,ngo,KEN,integration,USD,400.00,60
"""
ENTRIES = """reference,kind,entry_date,amount,currency,contribution_id,request_id,purpose,narration
I-1,interest,2024-03-31,12.34,USD,,,,"Interest; first quarter | 1%20 of it"
A-1,administration,2024-04-01,2.00,USD,,,"Audit, [2024-04-01]",
X-1,cancellation,2024-04-02,50.00,USD,,R-1,,
T-1,transfer,2024-04-03,300.00,USD,,R-1,,Cash
"""
POLICY = 'currency = "USD"\nresources = "agreements"\nunit = "0.01"\nobjectives = ["merit"]\n'


class Story(NamedTuple):
    """A book, and a time at which the last two files were not yet in it."""

    book: Book
    before: datetime


def made_story(folder: Path) -> Story:
    """Make the book and return it, open for reading."""
    name = 'The "Example" \\ Facility; 1 | 2'
    path = folder / "story.duckdb"
    with Book.create(path, currency="USD", name=name, opened_on=date(2024, 1, 1)) as book:
        _take(book, "rates", RATES)
        _take(book, "contributions", CONTRIBUTIONS)
        _take(book, "deposits", DEPOSITS)
        _take(book, "contributions", SIGNED)
        _take(book, "requests", REQUESTS)
        policy = folder / "policy.toml"
        policy.write_text(POLICY, encoding="utf-8")
        rounds.open_from_policy(book, "A", policy, on=date(2024, 3, 1), actor="ada")
        rounds.solve(book, "A", actor="ada")
        rounds.post(book, "A", on=date(2024, 3, 1), actor="ada")
        before = book.connection.execute("select max(recorded_at) from ledger.entry").fetchall()[0][0]
        _take(book, "deposits", LATER)
        _take(book, "entries", ENTRIES)
        assert {checked.name: checked.findings for checked in check_book(book) if checked.findings} == {}
    return Story(Book.open(path, writable=False), before)


def _take(book: Book, kind: str, text: str) -> None:
    file = book.path.with_name(f"{kind}.csv")
    file.write_text(text, encoding="utf-8")
    import_files(book, kind, [file], on=date(2024, 6, 1), actor="ada")
