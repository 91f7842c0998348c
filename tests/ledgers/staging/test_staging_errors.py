"""Each kind of error: the smallest file that causes it, with its exact reason and remedy."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from staging_examples import Row, brief, refusal, row, stage_rows

from ledgers.money import currencies
from ledgers.staging.kinds import KINDS

CELLS = [
    *csv.DictReader((Path(__file__).parent / "cell_errors.csv").read_text(encoding="utf-8").splitlines()),
    {
        "kind": "requests",
        "column": "request_id",
        "value": "R" * 201,
        "code": "id-invalid",
        "reason": "the identifier has 201 characters",
        "remedy": "use at most 200",
    },
    {
        "kind": "contributions",
        "column": "currency",
        "value": "€",
        "code": "currency-unknown",
        "reason": "€ is not a known currency",
        "remedy": f"use one of {len(currencies())} known values, such as {', '.join(currencies()[:5])}",
    },
]
"""One bad cell each, with the finding it causes; most stand in the table beside this file."""


@pytest.mark.parametrize("cell", CELLS, ids=[f"{cell['column']}={cell['value'][:20]!a}" for cell in CELLS])
def test_a_bad_cell_is_refused_with_its_reason_and_remedy(cell: dict[str, str], tmp_path: Path) -> None:
    kind, column, value = cell["kind"], cell["column"], cell["value"]
    refused = refusal(kind, [row(kind, **{column: value})], tmp_path)
    assert [brief(one) for one in refused.findings] == [(2, column, cell["code"], cell["reason"], cell["remedy"])]
    assert refused.findings[0].value == value
    assert refused.findings[0].severity == "error"
    assert refused.context[f"{kind}.csv", 2][column] == value


def test_a_bad_term_names_its_position_and_the_nearest_word(tmp_path: Path) -> None:
    refused = refusal("contributions", [row("contributions", earmark="window=diaspora; cuntry=KEN")], tmp_path)
    (found,) = refused.findings
    assert brief(found) == (
        2,
        "earmark",
        "term-invalid",
        'at position 18 of "window=diaspora; cuntry=KEN": expected an attribute, found cuntry',
        "did you mean country?",
    )


def test_every_error_of_one_term_is_told(tmp_path: Path) -> None:
    refused = refusal("contributions", [row("contributions", earmark="windw=diaspora; cuntry=KEN")], tmp_path)
    assert [found.remedy for found in refused.findings] == ["did you mean window?", "did you mean country?"]


ROWS = [
    (
        "requests",
        [row("requests", amount_minimum="60")],
        (2, "amount_minimum", "minimum-above-ask", "the smallest useful amount 60 is more than the 50.00 asked for",
         "lower the minimum, or leave it empty if only the whole amount is of use"),
    ),
    (
        "requests",
        [row("requests", starts_on="2026-02-01", ends_on="2026-01-31")],
        (2, "ends_on", "ends-before-start", "the request ends on 2026-01-31, before it starts on 2026-02-01",
         "check both dates"),
    ),
    (
        "requests",
        [row("requests", cofinance="5", cofinance_confirmed="6")],
        (2, "cofinance_confirmed", "cofinance-above-total", "6 confirmed is more than the whole co-finance of 5",
         "give the whole co-finance, and the part of it that is confirmed"),
    ),
    (
        "requests",
        [row("requests", continues="r-1")],
        (2, "continues", "continues-itself", "request R-1 says that it continues itself",
         "give the remainder an id of its own, and name here the request it continues"),
    ),
    (
        "contributions",
        [row("contributions", spend_from="2026-02-01", spend_to="2026-01-31")],
        (2, "spend_to", "spending-days-crossed",
         "the days that it may pay end on 2026-01-31, before they begin on 2026-02-01", "check both dates"),
    ),
    (
        "contributions",
        [row("contributions", use_by="2026-05-31", spend_to="2026-06-01")],
        (2, "spend_to", "spending-days-crossed",
         "the days that it may pay end on 2026-06-01, after the use-by date 2026-05-31",
         "give the earlier of the two days under both, or leave spend_to empty"),
    ),
    (
        "contributions",
        [row("contributions", use_by="2026-05-31", spend_from="2026-06-01")],
        (2, "spend_from", "spending-days-crossed",
         "the days that it may pay begin on 2026-06-01, after the use-by date 2026-05-31", "check both dates"),
    ),
    (
        "entries",
        [row("entries", kind="transfer", amount="-1.00")],
        (2, "amount", "amount-out-of-range", "-1.00 is negative, which only interest and bank charges may be",
         "write the amount without its sign, or reverse the entry that was wrong"),
    ),
    (
        "commitments",
        [row("commitments", amount=None, share="0%")],
        (2, "share", "percent-out-of-range", "0% is nothing", "write the share, or leave the cell empty"),
    ),
    (
        "commitments",
        [row("commitments", share="50%")],
        (2, "amount", "amount-or-share", "agreement G-1 says neither its amount nor its share, or both",
         "state one of the two: the amount in the book's currency, or the share of what is allocated to the request"),
    ),
    (
        "contributions",
        [row("contributions"), row("contributions", contribution_id="C-2", donor="RURITANIA", donor_kind="foundation")],
        (3, "donor_kind", "donor-of-two-kinds", "RURITANIA is a foundation here and a state on line 2",
         "write the same kind everywhere, or tell two donors apart by their names"),
    ),
    (
        "contributions",
        [row("contributions"), row("contributions", contribution_id="c-1", amount="7")],
        (3, "contribution_id", "key-repeated", "c-1 stands on line 2 already, with other content",
         "give each row a contribution_id of its own, or delete one of the two"),
    ),
    (
        "deposits",
        [row("deposits"), row("deposits", amount="7")],
        (3, "deposit_id", "key-repeated", "D-1, C-1 stands on line 2 already, with other content",
         "give each row a deposit_id and contribution_id of its own, or delete one of the two"),
    ),
    (
        "deposits",
        [row("deposits"), row("deposits", contribution_id="C-2", received_on="2026-02-02")],
        (3, "received_on", "deposit-inconsistent",
         "deposit D-1 has 2026-02-02 here and 2026-02-01 on line 2; one wire has one received_on",
         "correct it, or give each wire a deposit_id of its own"),
    ),
    (
        "scores",
        [row("scores"), row("scores", score="71")],
        (3, "request_id", "key-repeated", "R-1, V-1, need stands on line 2 already, with other content",
         "give each row a request_id and reviewer and criterion of its own, or delete one of the two"),
    ),
    (
        "rates",
        [row("rates"), row("rates", units_per_base="0.93")],
        (3, "currency", "key-repeated", "EUR, 2026-01-31 stands on line 2 already, with other content",
         "give each row a currency and rate_date of its own, or delete one of the two"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "rows", "expected"), ROWS)
def test_rows_that_contradict_themselves_or_each_other_are_refused(
    kind: str, rows: list[Row], expected: tuple[object, ...], tmp_path: Path
) -> None:
    assert [brief(one) for one in refusal(kind, rows, tmp_path).findings] == [expected]


def test_columns_missing_and_unknown_are_named_with_the_nearest(tmp_path: Path) -> None:
    given = row("requests", aplicant_kind="ngo", zzz="1", X_staff="1", **{"x_Staff size": "2"})
    del given["applicant_kind"], given["title"]
    refused = refusal("requests", [given], tmp_path)
    names = ", ".join(column.name for column in KINDS["requests"].columns)
    assert sorted(brief(one)[1:] for one in refused.findings) == sorted(
        [
            ("applicant_kind", "column-missing", "the required column applicant_kind is missing",
             "rename the column aplicant_kind, if it is the one meant"),
            ("title", "column-missing", "the required column title is missing", "add the column and fill every cell"),
            ("aplicant_kind", "column-unknown", "requests have no column aplicant_kind",
             "did you mean applicant_kind?"),
            ("zzz", "column-unknown", "requests have no column zzz", f"use one of: {names}"),
            ("X_staff", "column-unknown", "requests have no column X_staff", f"use one of: {names}"),
            ("x_Staff size", "column-unknown", "x_Staff size is not a name for a column of your own",
             "use small letters, digits and _ after x_"),
        ]
    )  # fmt: skip
    assert {one.line for one in refused.findings} == {1}


OPTIONAL = {"contributions": {"signed_on"}, "banks": {"name"}, "fee_schedules": {"share"}, "commitments": {"amount"}}
"""What the smallest rows hold besides: they would be odd or hold nothing without."""


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_required_column_is_asked_for_and_every_optional_one_may_be_missing(kind: str, tmp_path: Path) -> None:
    required = [column.name for column in KINDS[kind].columns if column.is_required]
    assert set(row(kind)) - set(required) == OPTIONAL.get(kind, set())
    assert stage_rows(kind, [row(kind)], tmp_path).frame.height == 1
    for name in required:
        without = {column: value for column, value in row(kind).items() if column != name}
        found = refusal(kind, [without], tmp_path).findings
        assert [(one.code, one.column) for one in found] == [("column-missing", name)]
        found = refusal(kind, [row(kind, **{name: " "}), row(kind, **{KINDS[kind].key[0]: "XDR"})], tmp_path).findings
        assert brief(found[0])[:4] == (2, name, "cell-empty", f"{name} is required and the cell is empty")


@pytest.mark.parametrize(
    ("kind", "changes", "column", "code", "reason"),
    [
        ("contributions", {"use_by": "2026-01-01"}, "use_by", "use-by-before-signing",
         "the use-by date 2026-01-01 is before the signing on 2026-01-15"),
        ("deposits", {"received_on": "2026-07-01"}, "received_on", "date-in-future",
         "2026-07-01 is after the day of the import, 2026-06-30"),
        ("requests", {"title": " Skills"}, "title", "cell-spaces", "spaces around the value were left out"),
    ],
)  # fmt: skip
def test_what_is_only_odd_is_a_warning(
    kind: str, changes: Row, column: str, code: str, reason: str, tmp_path: Path
) -> None:
    result = stage_rows(kind, [row(kind, **changes)], tmp_path)
    assert [(one.severity, *brief(one)[:4]) for one in result.warnings] == [("warning", 2, column, code, reason)]
    assert result.frame.height == 1


def test_an_exact_repetition_is_left_out_with_a_warning(tmp_path: Path) -> None:
    result = stage_rows("deposits", [row("deposits"), row("deposits", deposit_id="D-2"), row("deposits")], tmp_path)
    assert result.frame["deposit_id"].to_list() == ["D-1", "D-2"]
    assert [brief(one) for one in result.warnings] == [
        (4, None, "row-repeated", "the row says the same as line 2 and was left out", "delete one of the two")
    ]


def test_all_bad_cells_of_all_rows_are_told_at_once_in_order(tmp_path: Path) -> None:
    bad = row("requests", request_id="R=9", title=None, window="x", amount_requested="1,5", oda="?")
    rows = [row("requests", oda="yes"), *(bad | {"request_id": f"R={line}"} for line in range(50))]
    found = refusal("requests", rows, tmp_path).findings
    columns = ["request_id", "title", "window", "amount_requested", "oda"]
    assert [(one.line, one.column) for one in found] == [(line, name) for line in range(3, 53) for name in columns]


def test_a_column_of_nothing_but_wrong_values_is_soon_given_up_and_every_line_named(tmp_path: Path) -> None:
    rows = [row("requests", request_id=f"R-{n}", level=f"L{n}") for n in range(502)] + [
        row("requests", request_id="R-502", level="local"),
        row("requests", request_id="R-503", level="L0"),
    ]
    found = refusal("requests", rows, tmp_path).findings
    assert [one.line for one in found] == list(range(2, 506))
    assert [one.line for one in found if one.code == "cell-unchecked"] == [502, 503, 504]
    assert brief(found[500]) == (
        502,
        "level",
        "cell-unchecked",
        "not checked: the column has 500 other wrong values before it",
        "check that the column holds what its header says",
    )


def test_context_holds_the_rows_of_the_first_three_of_each_kind(tmp_path: Path) -> None:
    rows = [
        row("requests", request_id=f"R-{line}", merit="x", gender="9" if line > 5 else "1") for line in range(2, 12)
    ]
    refused = refusal("requests", rows, tmp_path)
    assert sorted(refused.context) == [("requests.csv", line) for line in (2, 3, 4, 6, 7, 8)]
    assert refused.context["requests.csv", 6] == rows[4]


def test_the_places_of_base_amounts_follow_the_book(tmp_path: Path) -> None:
    rows = [row("deposits", base_amount="1.5")]
    assert stage_rows("deposits", rows, tmp_path, base="USD").frame.height == 1
    (found,) = refusal("deposits", rows, tmp_path, base="JPY").findings
    assert (found.code, found.reason) == ("amount-too-fine", "1.5 has more decimal places than JPY allows (0)")
