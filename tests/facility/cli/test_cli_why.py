"""What refusals cost and take, prices, stability and alternatives: true of the round, and nothing is written."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from commands import contents, ran

from allocation.decision_json import decision_from_json
from allocation.verify import breaches
from facility.usecases.build_problem import build_problem
from ledgers.rounds import decision_of, header
from ledgers.store import Book


def decided() -> dict[str, Any]:
    with Book.open(Path("facility.duckdb"), writable=False) as book:
        return dict(decision_of(book, "R1").body)


def short(body: dict[str, Any]) -> list[str]:
    return [row["request"] for row in body["unfunded"]] + [row["request"] for row in body["awards"] if "because" in row]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), strict=True))


def test_every_request_short_of_its_ask_is_told_what_it_costs_and_takes(desk: Path) -> None:
    before = contents(desk / "facility.duckdb")
    told = json.loads(ran("round", "explain", "R1", "--deep", "--format", "json").out)
    assert [one["request"] for one in told] == sorted(short(decided()))
    for one in told:
        loss = one["loss"]
        assert loss["never"] or Decimal(loss["at_least"]) <= Decimal(loss["at_most"])
        assert len(one["sentences"]) == 2
    table = rows(ran("round", "explain", "R1", "--deep", "--format", "csv").out)
    assert {row["kind"] for row in table} >= {"loss", "new-money", "paid"}
    assert contents(desk / "facility.duckdb") == before


def test_one_request_comes_with_claims_and_its_decisions_are_sound(desk: Path) -> None:
    request = short(decided())[0]
    told = json.loads(ran("round", "explain", "R1", request, "--deep", "--format", "json").out)
    kinds = {claim["kind"]: claim for claim in told["claims"]}
    assert [claim["id"] for claim in told["claims"]] == [f"{request}/{n}" for n in range(1, len(told["claims"]) + 1)]
    if "loses-at-most" in kinds:
        given = {award["request"]: Decimal(award["amount"]) for award in kinds["loses-at-most"]["awards"]}
        assert given[request] >= Decimal(told["loss"]["award"])
    for claim in told["claims"]:
        assert claim["about"] == request
        assert claim["sentence"].endswith(".")


@pytest.mark.parametrize("number", [0, -1])
def test_claims_hold_in_the_checker_that_stands_alone(desk: Path, number: int) -> None:
    checker = Path(__file__).parents[3] / "facility" / "checker" / "check_round.py"
    if not checker.exists():
        pytest.skip("the stand-alone checker is not built here")
    request = short(decided())[number]
    assert ran("round", "files", "R1", "--out", "files").code == 0
    assert ran("round", "explain", "R1", request, "--claims", "files/claims.json").code == 0
    command = [sys.executable, "-I", "files/check_round.py", "files", "--request", request]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    claims = json.loads(Path("files/claims.json").read_text(encoding="utf-8"))
    assert claims
    for claim in claims:
        assert f"holds   claim {claim['id']}: {claim['sentence']}" in done.stdout
    shown = next(claim for claim in claims if "loss" in claim or "amount" in claim)
    shown["loss" if "loss" in shown else "amount"] = (
        "99999999.00" if shown["kind"] in ("loses-at-least", "cannot-with-less-than") else "-99999999.00"
    )
    Path("files/claims.json").write_text(json.dumps(claims), encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"BREACH  claim {shown['id']}" in done.stdout


def test_claims_about_other_requests_stay_in_the_file(desk: Path) -> None:
    file = desk / "claims.json"
    file.write_text(json.dumps([{"id": "other/1", "about": "other"}]), encoding="utf-8")
    request = short(decided())[0]
    for _ in range(2):
        assert ran("round", "explain", "R1", request, "--claims", "claims.json").code == 0
    known = [claim["id"] for claim in json.loads(file.read_text(encoding="utf-8"))]
    assert known == sorted(set(known))
    assert "other/1" in known
    file.write_text('{"no": "list"}', encoding="utf-8")
    refused = ran("round", "explain", "R1", request, "--claims", "claims.json")
    assert refused.code == 1
    assert "code: claims-unreadable" in refused.err


def test_the_page_says_what_was_found_and_loads_nothing(desk: Path) -> None:
    request = short(decided())[0]
    done = ran("round", "explain", "R1", request, "--page", "page.html", "--format", "json")
    assert done.code == 0, done.err
    page = (desk / "page.html").read_text(encoding="utf-8")
    told = json.loads(done.out)
    assert request in page
    assert decided()["decision"] in page
    for number, claim in enumerate(told["claims"], start=1):
        assert f'id="claim{number}"' in page
        assert claim["id"] in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert ran("round", "explain", "R1", request, "--page", "again.html").code == 0
    assert (desk / "again.html").read_text(encoding="utf-8") == page
    refused = ran("round", "explain", "R1", request, "--page", "nowhere/page.html")
    assert refused.code == 1
    assert "code: output-unwritable" in refused.err
    assert ran("round", "explain", "R1", "--page", "page.html").code == 2


def test_every_sentence_of_the_page_with_a_number_has_a_claim_that_holds(desk: Path) -> None:
    assert ran("round", "files", "R1", "--out", "files").code == 0
    for request in short(decided()):
        made = ("round", "explain", "R1", request, "--page", "page.html", "--claims", "files/claims.json")
        done = ran(*made, "--format", "json")
        assert done.code == 0, done.err
        page = (desk / "page.html").read_text(encoding="utf-8")
        before, listed = page.split("<h2>How can anybody check this?</h2>")
        told = re.findall(r"<p>(.*?)</p>", before)
        told += re.findall(r'<p class="answer">(.*?)</p>', before, re.DOTALL)
        told += re.findall(r"<dt>(.*?)</dt>", before)
        assert len(told) > 8
        for sentence in told:
            assert re.search(r'href="#claim\d+"', sentence), sentence
        for statement in re.findall(r'<p class="note">(.*?)</p>', before):
            assert not re.search(r"\d", html.unescape(statement))
        ids = [claim["id"] for claim in json.loads(done.out)["claims"]]
        for number, one in enumerate(ids, start=1):
            assert re.search(rf'id="claim{number}"[^<]*(<span class="note">\()?[^<]*{one}', listed)
        command = [sys.executable, "-I", "files/check_round.py", "files", "--request", request]
        checked = subprocess.run(command, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout
        for one in ids:
            assert f"holds   claim {one}: " in checked.stdout


def test_a_funded_request_lacks_nothing(desk: Path) -> None:
    whole = [row["request"] for row in decided()["awards"] if "because" not in row]
    refused = ran("round", "explain", "R1", whole[0], "--deep")
    assert refused.code == 1
    assert "code: request-satisfied" in refused.err
    refused = ran("round", "explain", "R1", "R-999", "--deep")
    assert "code: request-unknown" in refused.err


def test_prices_by_earmark_and_by_donor(desk: Path) -> None:
    table = rows(ran("round", "prices", "R1", "--format", "csv").out)
    assert table[0]["earmark"] == "unearmarked"
    for row in table:
        assert Decimal(row["more"]) >= 0
        if row["less"]:
            assert Decimal(row["less"]) >= Decimal(row["more"]) - Decimal("0.01")
    donors = rows(ran("round", "prices", "R1", "--donors", "--format", "csv").out)
    assert donors
    for row in donors:
        assert 0 <= Decimal(row["at_least"]) <= Decimal(row["at_most"])


def test_stability_is_seeded_and_wants_a_spread_where_nobody_disagrees(desk: Path) -> None:
    refused = ran("round", "stability", "R1")
    assert refused.code == 1
    assert "code: spread-missing" in refused.err
    command = ("round", "stability", "R1", "--draws", "20", "--spread", "4", "--format", "csv")
    first = ran(*command)
    assert first.out == ran(*command).out
    assert [row["request"] for row in rows(first.out)] == sorted(row["request"] for row in rows(first.out))
    assert all(0 <= Decimal(row["funded"]) <= 1 for row in rows(first.out))
    assert "code: figure-invalid" in ran("round", "stability", "R1", "--spread", "much").err


def test_alternatives_are_sound_and_lose_no_more_than_said(desk: Path) -> None:
    done = ran("round", "alternatives", "R1", "--within", "30%", "--count", "2", "--format", "json")
    assert done.code == 0, done.err
    objective = Decimal(decided()["objective"])
    with Book.open(Path("facility.duckdb"), writable=False) as book:
        problem = build_problem(book, header(book, "R1"))
    found = json.loads(done.out)
    assert found
    for one in found:
        decision = decision_from_json(one["decision"])
        assert breaches(problem, decision) == []
        assert Decimal(one["loses"]) <= objective * Decimal("0.3")
    assert "code: figure-invalid" in ran("round", "alternatives", "R1", "--within", "half").err


def test_what_time_cut_short_is_no_proof_that_there_is_no_other(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from allocation import asked
    from allocation.explain import alternatives, variants

    told = ran("round", "alternatives", "R1", "--within", "30%", "--count", "50")
    assert "Beyond these, no choice of requests loses so little." in told.out
    nothing = variants.Found(None, Fraction(0), None, impossible=False)
    monkeypatch.setattr(alternatives, "searched", lambda *_, **__: nothing)
    monkeypatch.setattr(asked, "asked_apart", lambda question, *about, **_: question(lambda _: None, *about))
    told = ran("round", "alternatives", "R1", "--within", "30%", "--seconds", "0.5")
    assert "Time ended before another was found or ruled out." in told.out
    assert "loses so little" not in told.out
    assert told.err == "note: after 0.5 s no other was found or ruled out; --seconds gives each search more\n"


def test_the_pages_commands_can_be_pasted_whatever_the_rounds_id_is(desk: Path) -> None:
    on = ("--on", "2026-02-10")
    assert ran("round", "cancel", "R1", *on).code == 0
    assert ran("round", "open", "Spring's round", "--policy", "policy.toml", *on).code == 0
    assert ran("round", "solve", "Spring's round").code == 0
    assert ran("round", "explain", "Spring's round", "R-4", "--page", "page.html").code == 0
    page = html.unescape((desk / "page.html").read_text(encoding="utf-8"))
    files, claims, check = map(shlex.split, re.findall(r"<code>((?:facility|python) .*?)</code></p>", page))
    assert ran(*files[1:]).code == 0
    assert ran(*claims[1:]).code == 0
    checked = subprocess.run([sys.executable, *check[1:]], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert "holds   claim R-4/1" in checked.stdout


def test_reasons_are_of_the_decision_that_was_asked_about(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another decision is stored while the first is asked about: the table tells of the first alone."""
    from facility.usecases import why

    first = decided()
    before = rows(ran("round", "explain", "R1", "--format", "csv").out)

    def meanwhile(asked: object, **_: object) -> list[object]:
        facility = [sys.executable, "-m", "facility.cli.main", "round"]
        refused = first["awards"][0]["request"]
        for words in (["override", "R1", refused, "--refuse", "--reason", "as a test"], ["solve", "R1"]):
            subprocess.run([*facility, *words], check=True, capture_output=True)
        return []

    monkeypatch.setattr(why, "costs", meanwhile)
    told = rows(ran("round", "explain", "R1", "--deep", "--format", "csv").out)
    assert decided()["decision"] != first["decision"]
    assert told == before
