"""The stand-alone checker: it accepts what is sound, names what is not, and depends on nothing."""

from __future__ import annotations

import ast
import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checked import altered, checked, resign, written
from strategies import ON, PLACES, terms

from allocation.decide import solve
from allocation.policy import Bound, Exclusive, Limit, Policy, Requires, Stage
from allocation.problem import Contribution, Override, Problem, Request
from ledgers.terms import Subject

CHECKER = Path(__file__).parents[2] / "facility" / "checker" / "check_round.py"
LIBRARY = {
    "__future__", "collections", "csv", "dataclasses", "datetime", "decimal", "fractions", "hashlib", "json", "math",
    "pathlib", "re", "sys", "tomllib", "typing",
}  # fmt: skip


def _request(n: int, country: str, window: str, ask: int, merit: int, minimum: int | None = None) -> Request:
    about = Subject(f"R-{n}", window, country, applicant=f"A-{n}", applicant_kind="ngo", gender=n % 3)
    lowest = ask if minimum is None else minimum
    return Request(about, ask, lowest, Fraction(merit), date(2026, 12, 31), (("x_staff", Fraction(n)),))


def _problem() -> Problem:
    requests = (
        _request(1, "KEN", "integration", 300_00, 90, 100_00),
        _request(2, "KEN", "diaspora", 200_00, 80),
        _request(3, "KEN:60|UGA:40", "integration", 250_00, 70, 50_00),
        _request(4, "FJI", "institutions", 150_00, 60),
        _request(5, "UGA", "diaspora", 120_00, 50),
        _request(6, "BGD", "institutions", 220_00, 40, 20_00),
    )
    contributions = (
        Contribution("C-1", "One", 300_00, terms("")),
        Contribution("C-2", "Two", 250_00, terms("country=KEN|UGA"), ON + timedelta(days=400), 220_00),
        Contribution("C-3", "Three", 200_00, terms("window=institutions|integration")),
        Contribution("C-4", "Four", 90_00, terms("country=BGD"), ON + timedelta(days=30)),
    )
    share = Bound("share_of_awarded", Fraction(70, 100), "70%")
    limits = (
        Limit("Integration", terms("window=integration"), at_most=share),
        Limit(
            "One country", terms(""), "country", at_most=Bound("share_of_resources", Fraction(1, 2), "50% of resources")
        ),
        Limit("Some breadth", terms(""), count_at_least=3, count_at_most=5),
        Limit("Staff", terms("country=Africa"), at_most=Bound("amount", Fraction(8), "8"), weigh="x_staff"),
        Limit("Islands", terms("country=SIDS"), at_least=Bound("amount", Fraction(150_00), "USD 150.00")),
    )
    policy = Policy(
        "USD",
        5,
        reserve=Bound("share_of_resources", Fraction(5, 100), "5% of resources"),
        limits=limits,
        exclusives=(Exclusive("Either", ("R-5", "R-6")),),
        requires=(Requires("First things first", "R-3", "R-1"),),
        digest="checker",
    )
    overrides = (Override("R-6", 0, 100_00, "the director", "conflict of interest"),)
    return Problem("T1", "USD", ON, PLACES, contributions, requests, policy, overrides=overrides)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a sound round; not to be written to."""
    problem = _problem()
    return written(tmp_path_factory.mktemp("sound"), problem, solve(problem, certify=30))


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "round"))


def test_a_sound_round_is_certified_by_the_copy_alone(sound: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(sound / "check_round.py"), str(sound)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BREACH" not in done.stdout
    assert done.stdout.splitlines()[-1].startswith("certified within ")


def test_the_checker_imports_a_few_modules_of_the_library_and_nothing_else() -> None:
    tree = ast.parse(CHECKER.read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in named} <= LIBRARY
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not calls & {"float", "eval", "exec", "__import__"}
    numbers = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert not [number for number in numbers if isinstance(number, float)]


def _award(body: dict[str, Any], request: str) -> dict[str, Any]:
    found: dict[str, Any] = next(award for award in body["awards"] if award["request"] == request)
    return found


def _pay(body: dict[str, Any], request: str, **paid: str) -> None:
    """Say what a request is paid, and make its award, and what refuses it, fit."""
    body["awards"] = [award for award in body["awards"] if award["request"] != request]
    body["unfunded"] = [refused for refused in body["unfunded"] if refused["request"] != request]
    payments = [{"contribution": c.replace("_", "-"), "amount": amount} for c, amount in sorted(paid.items())]
    amount = sum(Fraction(amount) for amount in paid.values())
    text = f"{int(amount * 100) // 100}.{int(amount * 100) % 100:02d}"
    body["awards"].append({"request": request, "amount": text, "payments": payments})


def _first_priced(body: dict[str, Any]) -> list[int]:
    found: list[int] = next(proof for proof in body["certificate"]["proofs"] if proof)[0]
    return found


FAULTS: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "an earmark that refuses": ("earmarks", lambda body: _pay(body, "R-4", C_2="150.00")),
    "one cent more": ("payments", lambda body: _award(body, "R-1")["payments"][0].update(amount="0.01")),
    "an award between the steps": ("awards", lambda body: _pay(body, "R-1", C_1="200.02")),
    "an award below the minimum": ("awards", lambda body: _pay(body, "R-1", C_1="99.95")),
    "more than a contribution has": ("money", lambda body: _pay(body, "R-4", C_3="9000.00")),
    "a contribution past its use-by": ("dates", lambda body: _pay(body, "R-6", C_4="50.00")),
    "a country cap passed": ("country caps", lambda body: _pay(body, "R-1", C_2="225.00")),
    "an override broken": ("overrides", lambda body: _pay(body, "R-6", C_1="150.00")),
    "an exclusive group broken": (
        "groups and prerequisites",
        lambda body: (_pay(body, "R-5", C_1="120.00"), _pay(body, "R-6", C_3="20.00")),  # type: ignore[dict-item]
    ),
    "a prerequisite left out": (
        "groups and prerequisites",
        lambda body: (_pay(body, "R-3", C_3="60.00"), body["awards"].remove(_award(body, "R-1"))),  # type: ignore[dict-item]
    ),
    "a share passed": ("limits", lambda body: body["awards"].remove(_award(body, "R-4"))),
    "the reserve spent": (
        "reserve",
        lambda body: (
            _pay(body, "R-1", C_1="300.00"),
            _pay(body, "R-3", C_2="220.00", C_3="30.00"),
            _pay(body, "R-6", C_3="170.00"),
            _pay(body, "R-2", C_4="200.00"),
        ),  # type: ignore[dict-item]
    ),
    "another objective": ("objective", lambda body: body.update(objective="99999999")),
    "a limit misreported": ("figures", lambda body: body["limits"][0].update(actual="1.00")),
    "a request forgotten": ("figures", lambda body: body["unfunded"].pop()),
    "a negative price": ("certificate", lambda body: _first_priced(body).__setitem__(1, -5)),
    "a price as text": ("certificate", lambda body: _first_priced(body).__setitem__(1, "7")),
    "cheaper prices": ("certificate", lambda body: _first_priced(body).__setitem__(1, 1)),
    "a price of nothing known": (
        "certificate",
        lambda body: body["certificate"]["things"].__setitem__(0, ["rule", "x", "at_most"]),
    ),
    "a bound below what is proven": (
        "certificate",
        lambda body: body.update(certified_bound=body["objective"], certified_bound_exact="1"),
    ),
    "a division by nothing": ("certificate", lambda body: body["certificate"].update(over=0)),
    "half a branch": (
        "certificate",
        lambda body: body["certificate"].update(tree={"branch": "R-1", "funded": {"proof": 0}}),
    ),
    "a branch on one request twice": (
        "certificate",
        lambda body: body["certificate"].update(
            tree={
                "branch": "R-1",
                "funded": {"branch": "R-1", "funded": {"proof": 0}, "refused": {"proof": 0}},
                "refused": {"proof": 0},
            }
        ),
    ),
    "a proof that is not there": ("certificate", lambda body: body["certificate"].update(tree={"proof": 999})),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_named(folder: Path, name: str) -> None:
    what, change = FAULTS[name]
    altered(folder, change)
    code, said = checked(folder)
    assert code == 1, said
    assert f"BREACH  {what}:" in said
    assert said.splitlines()[-1].startswith("NOT SOUND")


LATER = ("expiring", "keep-unearmarked", "even:window", "even:region", "leverage", "count")

STAGE_FAULTS: dict[str, Callable[[dict[str, Any]], None]] = {
    **{
        f"another value of {name}": lambda body, name=name: _stage(body, name).update(
            value="7.77", value_exact="777/100"
        )
        for name in LATER
    },
    "a step left out": lambda body: body["stages"].pop(),
    "no steps at all": lambda body: body.pop("stages"),
    "steps in another order": lambda body: body["stages"].reverse(),
    "a bound below the value": lambda body: _stage(body, "count").update(bound="0", bound_exact="0"),
    "a bound above what is kept down": lambda body: _stage(body, "keep-unearmarked").update(
        bound="9999", bound_exact="9999"
    ),
    "less than nothing given up": lambda body: _stage(body, "leverage").update(gave_up="-1"),
}


def _stage(body: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(stage for stage in body["stages"] if stage["objective"] == name)
    return found


def _staged() -> Problem:
    problem = _problem()
    later = tuple(Stage(name, Fraction(1, 100)) for name in LATER)  # type: ignore[arg-type]
    policy = dataclasses.replace(problem.policy, later=later, digest="checker, later")
    requests = tuple(dataclasses.replace(asked, cofinance=n * 10_00) for n, asked in enumerate(problem.requests))
    return dataclasses.replace(problem, policy=policy, requests=requests)


@pytest.fixture(scope="module")
def sound_stages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a sound round of many objectives; not to be written to."""
    problem = _staged()
    return written(tmp_path_factory.mktemp("stages"), problem, solve(problem, certify=30))


def test_later_objectives_are_reckoned_again(sound_stages: Path) -> None:
    code, said = checked(sound_stages)
    assert code == 0, said
    assert "holds   later objectives: " in said


@pytest.mark.parametrize("name", STAGE_FAULTS)
def test_a_fault_in_a_later_objective_is_named(sound_stages: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "round"
    shutil.copytree(sound_stages, folder)
    altered(folder, STAGE_FAULTS[name])
    code, said = checked(folder)
    assert code == 1, said
    assert "BREACH  later objectives:" in said


def test_a_request_that_the_round_does_not_have_is_refused(sound: Path) -> None:
    code, said = checked(sound, "--request", "R-99")
    assert (code, said.splitlines()[-1]) == (
        2,
        "the files cannot be read: requests.csv has no request R-99, and contributions.csv no such donor",
    )


def test_a_file_that_was_touched_is_named(folder: Path) -> None:
    with (folder / "policy.toml").open("a") as file:
        file.write("# touched\n")
    code, said = checked(folder)
    assert code == 1
    assert "policy.toml is not what its sum says" in said


def test_a_policy_that_was_exchanged_is_noticed_even_with_fitting_sums(folder: Path) -> None:
    text = (folder / "policy.toml").read_text()
    (folder / "policy.toml").write_text(text.replace('at_most = "70%"', 'at_most = "20%"'))
    resign(folder)
    code, said = checked(folder)
    assert code == 1
    assert "Integration, at_most" in said


def test_a_decision_with_another_hash_is_named(folder: Path) -> None:
    body = json.loads((folder / "decision.json").read_text())
    body["solver"] = "another"
    (folder / "decision.json").write_text(json.dumps(body))
    resign(folder)
    code, said = checked(folder)
    assert code == 1
    assert "BREACH  decision" in said


@pytest.mark.parametrize(
    "name", ["requests.csv", "places.csv", "policy.toml", "decision.json", "round.json", "SHA256SUMS"]
)
def test_files_that_cannot_be_read_are_no_verdict(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\xff\x00 nothing")
    if name != "SHA256SUMS":
        resign(folder)
    code, said = checked(folder)
    assert code == 2
    assert said.splitlines()[-1].startswith("the files cannot be read")


def test_what_a_file_lacks_is_named_with_the_file(folder: Path) -> None:
    body = json.loads((folder / "decision.json").read_text())
    del body["status"]
    (folder / "decision.json").write_text(json.dumps(body))
    resign(folder)
    assert checked(folder)[1].endswith(
        "the files cannot be read: decision.json has no status where there must be one\n"
    )


def test_a_column_that_a_file_lacks_is_named_with_the_file(folder: Path) -> None:
    asked = folder / "requests.csv"
    asked.write_text(asked.read_text().replace("minimum", "minimal", 1))
    resign(folder)
    code, said = checked(folder)
    assert code == 2
    assert said.endswith("the files cannot be read: requests.csv has no minimum where there must be one\n")


def test_a_file_that_is_read_without_a_sum_is_named(folder: Path) -> None:
    (folder / "SHA256SUMS").write_text("")
    code, said = checked(folder)
    assert code == 1
    assert "requests.csv has no sum" in said


def test_a_decision_on_another_round_is_named(folder: Path) -> None:
    altered(folder, lambda body: body.update(round="OTHER", inputs="sha256:0"))
    code, said = checked(folder)
    assert code == 1
    assert "round: it says OTHER" in said
    assert "inputs: it says sha256:0" in said


@pytest.mark.parametrize(
    ("status", "told"),
    [({"awards": [], "certificate": None, "certified_bound": None}, ""), ({}, "it has awards"), ({}, "it has certif")],
)
def test_a_round_without_a_decision_has_nothing_to_check_and_says_so(
    folder: Path, status: dict[str, Any], told: str
) -> None:
    altered(folder, lambda body: body.update(status="infeasible", **status))
    code, said = checked(folder)
    assert code == (1 if told else 0)
    assert "why it is so is not checked here" in said
    assert told in said
    body = json.loads((folder / "decision.json").read_text())
    (folder / "decision.json").write_text(json.dumps({**body, "seconds": 3}))
    resign(folder)
    (folder / "claims.json").write_text("[3]")
    assert "it has claims" in checked(folder)[1]


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("round.json", '"decimals": 2', '"decimals": 10000000', "is no number of decimal places"),
        ("policy.toml", "", "deep = " + "[" * 3_000 + "]" * 3_000 + "\n", "policy.toml"),
        ("requests.csv", "R-1,", "R-1,more,", "requests.csv: row 1 has not as many cells"),
        ("requests.csv", "R-1,", "R-1", "requests.csv: row 1 has not as many cells"),
    ],
)
def test_what_no_file_of_ours_holds_is_told_and_soon(folder: Path, name: str, old: str, new: str, told: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    resign(folder)
    code, said = checked(folder)
    assert code == 2
    assert told in said


def test_a_name_in_the_sums_that_no_file_can_have_is_named(folder: Path) -> None:
    with (folder / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  {'n' * 300}\n")
    code, said = checked(folder)
    assert code == 1
    assert "is missing, or cannot be read" in said


def test_the_command_line_is_short() -> None:
    assert checked(Path("--help"))[0] == 2
