"""The Compact's objectives."""

import csv

from ledgers.objectives import objective_rows, objectives
from ledgers.terms import words


def test_there_are_23_objectives_each_with_title_category_and_source():
    assert [each.number for each in objectives()] == list(words.OBJECTIVES) == list(range(1, 24))
    assert {each.category for each in objectives()} == {"specific", "aspirational", "contested"}
    assert all(each.short_title and each.source for each in objectives())
    assert len({each.short_title for each in objectives()}) == 23


def test_the_objectives_are_those_of_the_source(data_dir):
    with (data_dir / "reference/gcm_objectives.csv").open(encoding="utf-8-sig", newline="") as file:
        stated = [(int(row["objective"]), row["short_title"], row["category"]) for row in csv.DictReader(file)]
    assert [row[:3] for row in objective_rows()] == stated
