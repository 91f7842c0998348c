"""What beancount and hledger read in an exported journal, and what the book's own tables say, in the same words.

beancount runs in a process of its own: no line of it is part of ours. Its names and hledger's are read back by decoders
written here from the rules in the guide.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from facility.usecases.export_journal import Tool, export_journal
from ledgers.store import Book

needs_beancount = pytest.mark.skipif(
    importlib.util.find_spec("beancount") is None, reason="beancount is not installed (pip install -e '.[dev]')"
)
needs_hledger = pytest.mark.skipif(
    shutil.which("hledger") is None, reason="hledger is not installed (apt-get install hledger)"
)
NEEDS = {"beancount": needs_beancount, "hledger": needs_hledger}
TOOLS = [pytest.param(tool, marks=mark) for tool, mark in NEEDS.items()]

PLACES = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}

Balances = dict[tuple[str, str], Decimal]
"""By account and currency; those that are zero are left out, as hledger does."""

_LOADED = """
import json, sys
from beancount import loader
from beancount.core import data
entries, errors, _ = loader.load_file(sys.argv[1])
def plain(meta):
    return {key: str(value) for key, value in (meta or {}).items() if key not in ("filename", "lineno", "__tolerances__")}
print(json.dumps({
    "errors": [str(error) for error in errors],
    "names": {entry.account: entry.meta["name"] for entry in entries if isinstance(entry, data.Open)},
    "asserted": sum(isinstance(entry, data.Balance) for entry in entries),
    "prices": [[str(e.date), e.currency, str(e.amount), plain(e.meta)] for e in entries if isinstance(e, data.Price)],
    "entries": [
        {"date": str(e.date), "payee": e.payee, "narration": e.narration, "tags": sorted(e.tags), "links": sorted(e.links),
         "meta": plain(e.meta), "postings": [[p.account, str(p.units.number), p.units.currency, plain(p.meta)] for p in e.postings]}
        for e in entries if isinstance(e, data.Transaction)],
}))
"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting as a tool reads it: the book's account, the amount, and what stands beside it."""

    account: str
    amount: Decimal
    currency: str
    beside: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as a tool reads it, its words decoded."""

    date: str
    reference: str
    kind: str
    payee: str | None
    narration: str
    beside: dict[str, str]
    postings: tuple[Posting, ...]


def exported(book: Book, tool: Tool, folder: Path, **options: Any) -> Path:
    """Write an export beside others and return its file."""
    file = folder / f"{len(list(folder.iterdir()))}.{tool}"
    file.write_text("".join(export_journal(book, tool, **options).pieces), encoding="utf-8", newline="\n")
    return file


def checked(tool: str, file: Path) -> tuple[int, str]:
    """Return the exit code of the tool's own check, and what it says."""
    commands: dict[str, list[str | Path]] = {
        "beancount": [Path(sys.executable).with_name("bean-check"), "--no-cache", file],
        "hledger": ["hledger", "-f", file, "check", "-s", "ordereddates"],
    }
    return _ran(commands[tool])


def balances(tool: str, file: Path) -> Balances:
    """Return the balance of every account, without those below it, as the tool reckons it."""
    return beancount_balances(file) if tool == "beancount" else hledger_balances(file)


def entries(tool: str, file: Path) -> list[Entry]:
    """Return every entry as the tool reads it."""
    return beancount_entries(file) if tool == "beancount" else hledger_entries(file)


def beancount_loaded(file: Path) -> dict[str, Any]:
    """Return what beancount's own loader reads."""
    code, said = _ran([sys.executable, "-c", _LOADED, file])
    assert code == 0, said
    loaded: dict[str, Any] = json.loads(said)
    assert loaded["errors"] == []
    return loaded


def beancount_balances(file: Path) -> Balances:
    loaded = beancount_loaded(file)
    lines = [posting for entry in loaded["entries"] for posting in entry["postings"]]
    return summed((loaded["names"][account], currency, Decimal(number)) for account, number, currency, _ in lines)


def beancount_entries(file: Path) -> list[Entry]:
    loaded = beancount_loaded(file)
    for name, account in loaded["names"].items():
        assert account_of_beancount(name) == account
    return [
        Entry(
            entry["date"],
            of_link(entry["links"][0]),
            of_link(entry["tags"][0]),
            entry["payee"],
            entry["narration"],
            entry["meta"],
            tuple(Posting(loaded["names"][name], Decimal(x), c, beside) for name, x, c, beside in entry["postings"]),
        )
        for entry in loaded["entries"]
    ]


def hledger_said(file: Path, *words: str) -> str:
    """Return what hledger answers to a command."""
    code, said = _ran(["hledger", "-f", file, *words])
    assert code == 0, said
    return said


def hledger_balances(file: Path) -> Balances:
    said = hledger_said(file, "balance", "--flat", "--no-total", "-O", "csv")
    rows = list(csv.reader(io.StringIO(said)))[1:]
    amounts = [(of_percent(account), part.split(" ")) for account, cell in rows for part in cell.split(", ")]
    return summed((account, words[1], Decimal(words[0])) for account, words in amounts if len(words) == 2)


def hledger_entries(file: Path) -> list[Entry]:
    said = json.loads(hledger_said(file, "print", "-O", "json"))
    return [_hledger_entry(entry) for entry in said if entry["tcode"] != "balances"]


def _hledger_entry(entry: dict[str, Any]) -> Entry:
    tags = _tags(entry["ttags"])
    payee, bar, note = (part.strip(" ") for part in (entry["tdescription"]).partition("|"))
    return Entry(
        entry["tdate"],
        of_percent(entry["tcode"]),
        tags.pop("kind"),
        of_percent(payee) if bar else None,
        of_percent(note if bar else payee),
        tags,
        tuple(map(_hledger_posting, entry["tpostings"])),
    )


def _hledger_posting(posting: dict[str, Any]) -> Posting:
    [amount] = posting["pamount"]
    number = amount["aquantity"]
    value = Decimal(number["decimalMantissa"]).scaleb(-number["decimalPlaces"])
    return Posting(of_percent(posting["paccount"]), value, amount["acommodity"], _tags(posting["ptags"]))


def _tags(pairs: list[list[str]]) -> dict[str, str]:
    """Return the tags of an entry or posting; `type` is the account's own."""
    return {name: of_percent(value) for name, value in pairs if name != "type"}


def booked(book: Book, *, as_of: date = date.max, known_at: datetime = datetime.max, in_base: bool = False) -> Balances:
    """Return the same from the book's tables, without any view."""
    rows = book.connection.execute(
        "select account, p.currency, amount, base_amount from ledger.posting p join ledger.entry using (entry_id) "
        "where entry_date <= ? and recorded_at <= ?",
        [as_of, known_at],
    ).fetchall()
    return summed((account, book.currency if in_base else c, base if in_base else x) for account, c, x, base in rows)


def booked_entries(book: Book, *, in_base: bool = False) -> list[Entry]:
    """Return every entry from the book's tables, with nobody as payee."""
    rows = book.connection.execute(
        "select e.entry_id, e.entry_date, e.reference, e.kind, e.narration, e.purpose, e.recorded_at, p.account, "
        "p.amount, p.currency, p.base_amount, p.contribution_id, p.request_id, r.rate_date "
        "from ledger.entry e join ledger.posting p using (entry_id) left join ledger.rate r using (rate_id) "
        "order by e.entry_date, e.entry_id, p.line"
    ).fetchall()
    return [
        _booked_entry(book.currency, in_base, list(group)) for _, group in itertools.groupby(rows, lambda row: row[0])
    ]


def _booked_entry(base: str, in_base: bool, rows: list[tuple[Any, ...]]) -> Entry:
    entry_id, on, reference, kind, narration, purpose, recorded_at, *_ = rows[0]
    beside = {"entry": str(entry_id), "recorded": f"{recorded_at.isoformat(timespec='microseconds')}Z"}
    beside |= {} if purpose is None else {"purpose": purpose}
    postings = tuple(_booked_posting(base, in_base, *row[7:]) for row in rows)
    return Entry(on.isoformat(), reference, kind, None, narration, beside, postings)


def _booked_posting(
    base: str, in_base: bool, account: str, amount: Decimal, currency: str, base_amount: Decimal, *named: object
) -> Posting:
    pairs = zip(("contribution", "request", "rate-date"), named, strict=True)
    beside = {name: str(value) for name, value in pairs if value is not None}
    own, converted = f"{amount:.{PLACES[currency]}f} {currency}", f"{base_amount:.{PLACES[base]}f} {base}"
    if own != converted:
        beside |= {"original": own} if in_base else {"base": converted}
    return Posting(account, base_amount if in_base else amount, base if in_base else currency, beside)


def summed(lines: Iterable[tuple[str, str, Decimal]]) -> Balances:
    """Return the sums by account and currency that are not zero."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for account, currency, amount in lines:
        sums[account, currency] += amount
    return {key: amount for key, amount in sums.items() if amount}


def account_of_beancount(name: str) -> str:
    """Return the book's account from its name in beancount, by the rule in the guide."""
    roots = {
        "Assets": "asset",
        "Liabilities": "liability",
        "Equity": "equity",
        "Income": "income",
        "Expenses": "expense",
    }
    first, *rest = name.split(":")
    root = roots[first]
    if first == "Equity" and rest[0] in ("Budget", "Memo", "Other"):
        root, rest = rest[0].lower(), rest[1:]
    if rest == ["X--x-"]:
        return root
    parts = list(map(_of_part, rest))
    return ":".join(parts if root == "other" else [root, *parts])


def _of_part(name: str) -> str:
    if name.startswith("X-"):
        return _of_hexadecimal(name[2:])
    part = _of_hexadecimal(name)
    has_small = any(unicodedata.category(sign) == "Ll" for sign in part[1:])
    return part[0].lower() + part[1:] if has_small and unicodedata.category(part[0]) == "Lu" else part


def _of_hexadecimal(text: str) -> str:
    return re.sub("-x([0-9A-F]+)-", lambda found: chr(int(found[1], 16)), text)


def of_link(text: str) -> str:
    """Return what a tag or link of beancount says."""
    return re.sub(r"\.([0-9A-F]+)\.|/", lambda found: chr(int(found[1], 16)) if found[1] else "|", text)


def of_percent(text: str) -> str:
    """Return what a text of hledger says."""
    return re.sub("((?:%[0-9A-F]{2})+)", lambda found: bytes.fromhex(found[1].replace("%", "")).decode(), text)


def _ran(command: list[str | Path]) -> tuple[int, str]:
    # hledger of Debian 12 reads files in the locale's encoding.
    settings = os.environ | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=settings, check=False, timeout=300)
    return done.returncode, done.stdout if done.returncode == 0 else done.stdout + done.stderr
