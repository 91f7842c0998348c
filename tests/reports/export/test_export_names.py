"""Accounts keep their identity under the names that a tool takes: readable, one each, and readable back."""

from __future__ import annotations

import doctest
import re
import unicodedata
from importlib import import_module
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ledger_tools import account_of_beancount, of_percent

from reports.export.names import beancount_name, hledger_name

CHART = {
    "asset:receivable": "Assets:Receivable",
    "asset:receivable:implementer": "Assets:Receivable:Implementer",
    "asset:promissory-note": "Assets:Promissory-note",
    "asset:cash:main": "Assets:Cash:Main",
    "asset:cash:Nordbank": "Assets:Cash:X-Nordbank",
    "asset:cash:2nd bank": "Assets:Cash:2nd-x20-bank",
    "asset:advance:IMP-01": "Assets:Advance:IMP-01",
    "asset:advance:imp_01": "Assets:Advance:Imp-x5F-01",
    "asset:advance:Ministry of Labour & Co.": "Assets:Advance:X-Ministry-x20-of-x20-Labour-x20--x26--x20-Co-x2E-",
    "asset:advance:Société": "Assets:Advance:X-Société",
    "asset:advance:移民局": "Assets:Advance:X-移民局",
    "liability:unapplied-receipts": "Liabilities:Unapplied-receipts",
    "liability:deferred-contribution": "Liabilities:Deferred-contribution",
    "liability:donor-refund": "Liabilities:Donor-refund",
    "liability:fee": "Liabilities:Fee",
    "liability:implementer": "Liabilities:Implementer",
    "income:contribution": "Income:Contribution",
    "income:exchange": "Income:Exchange",
    "expense:programme": "Expenses:Programme",
    "expense:fee:administration": "Expenses:Fee:Administration",
    "expense:write-off": "Expenses:Write-off",
    "equity:opening": "Equity:Opening",
    "equity:conversion:EUR": "Equity:Conversion:EUR",
    "budget:available": "Equity:Budget:Available",
    "budget:allocated-uncollected": "Equity:Budget:Allocated-uncollected",
    "budget:conditional": "Equity:Budget:Conditional",
    "memo:pledge": "Equity:Memo:Pledge",
    "memo:in-kind": "Equity:Memo:In-kind",
}
SIGNS = st.one_of(
    st.sampled_from("aAxX-1 _%;2DéßǅıÉა中०"), st.characters(exclude_categories=["Cs"], exclude_characters=":")
)
PARTS = st.one_of(st.text(SIGNS), st.sampled_from(["budget", "memo", "other", "Budget"]))
ROOTS = st.one_of(st.sampled_from(["asset", "equity", "budget", "memo", "other"]), st.text(SIGNS, min_size=1))
ACCOUNTS = st.builds(lambda root, parts: ":".join([root, *parts]), ROOTS, st.lists(PARTS, max_size=3))


@pytest.mark.parametrize("account", CHART)
def test_the_chart_of_accounts_reads_well(account: str) -> None:
    assert beancount_name(account) == CHART[account]
    assert hledger_name(account) == account


@given(account=ACCOUNTS)
@example("asset")
@example("memo")
@example("equity:budget:available")
@example("equity:Budget:available")
@example("asset:X--x-")
@example("asset:-x-")
@example("asset:x-y")
@example("asset:cash:")
@example("treasury:main")
def test_a_name_in_beancount_is_valid_and_says_which_account_it_is(account: str) -> None:
    name = beancount_name(account)
    root, *parts = name.split(":")
    assert root in ("Assets", "Liabilities", "Equity", "Income", "Expenses")
    assert parts
    for part in parts:
        categories = [unicodedata.category(sign) for sign in part]
        assert categories[0] in ("Lu", "Nd")
        assert all(sign == "-" or kind[0] == "L" or kind == "Nd" for sign, kind in zip(part, categories, strict=True))
    assert account_of_beancount(name) == account


@given(account=ACCOUNTS)
@example("(asset):x")
@example("asset:%41")
@example("asset:a  b")
@example("asset: a")
@example("asset:a ;b")
def test_a_name_in_hledger_is_valid_and_says_which_account_it_is(account: str) -> None:
    name = hledger_name(account)
    assert not re.search(r"\s\s|^\s|\s$|[^\S ]|[;\x00-\x1f]|^[^\w%]", name)
    assert of_percent(name) == account


def test_the_guide_tells_the_rule_by_names_as_they_are() -> None:
    page = files("facility.help").joinpath("exports.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", page, re.MULTILINE)
    assert len(told) > 8
    assert [(account, beancount_name(account)) for account, _ in told] == told


def test_the_examples_beside_the_functions_are_so() -> None:
    assert doctest.testmod(import_module("reports.export.names")) == (0, 4)
