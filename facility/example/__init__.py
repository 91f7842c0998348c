"""The example facility of 2024: where its tables lie, and the dates and names that everything about it agrees on.

The demand is real, the supply is real, the merit is a rule, and scenario B's earmarks are illustrative: `README.md`
beside the tables says which is which.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

EXAMPLE_YEAR: Final = 2024
"""The year whose money meets its demand."""

SIGNED_ON: Final = date(2024, 1, 2)
"""Convention: the source gives only the year of a contribution, so every agreement has the year's first working day."""

RECEIVED_ON: Final = date(2024, 1, 15)
"""Convention: every deposit is dated a fortnight later."""

ROUND_ON: Final = date(2024, 1, 31)
"""Date of the round: after every deposit, and early enough that few of the year's outputs have already ended."""

SCENARIOS: Final = {"A": "as given: unearmarked", "B": "illustrative earmarks on the same money"}
"""Scenario names and what each is."""


def table(name: str) -> Path:
    """Return the path of one of the example's files, such as `requests.csv`, `deposits_a.csv` or `policy.toml`.

    Raises:
        FileNotFoundError: the example has no file of that name.
    """
    from importlib.resources import files

    path = Path(str(files(__name__).joinpath(name)))
    if not path.is_file():
        raise FileNotFoundError(f"the example has no file {name}")
    return path


def money_of(scenario: str) -> tuple[Path, Path]:
    """Return the paths of a scenario's contributions and deposits.

    Args:
        scenario: A name in `SCENARIOS`.
    """
    letter = scenario.lower()
    return table(f"contributions_{letter}.csv"), table(f"deposits_{letter}.csv")
