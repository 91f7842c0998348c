"""The committed tables are what the script makes, and the script stops where its sources disagree."""

import csv
import shutil

import pytest

from ledgers.places.derive import SourcesDisagree, derive, write
from ledgers.places.tables import FOLDER

NAMES = ("countries.csv", "regions.csv", "groups.csv")


def test_the_committed_tables_are_what_the_script_makes(data_dir, tmp_path):
    write(derive(data_dir), tmp_path)
    for name in NAMES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_source_and_the_tables_are_small(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(row["source"] for row in rows)
    assert (FOLDER / name).stat().st_size < 40_000


def test_sources_that_disagree_stop_the_script(data_dir, tmp_path):
    folder = tmp_path / "reference"
    folder.mkdir()
    for name in ("country-codes.csv", "bblocks-places-concordance.csv", "ldc_graduations.csv"):
        shutil.copyfile(data_dir / "reference" / name, folder / name)
    concordance = folder / "bblocks-places-concordance.csv"
    text = concordance.read_text(encoding="utf-8")
    kenya = next(line for line in text.splitlines() if ",KEN," in line)
    fields = kenya.split(",")
    assert fields[14] == "False"
    fields[14] = "True"
    concordance.write_text(text.replace(kenya, ",".join(fields)), encoding="utf-8")
    with pytest.raises(SourcesDisagree) as caught:
        derive(tmp_path)
    assert caught.value.message == "the sources differ on LDC: KEN"
    assert caught.value.remedy == "find out which is right and write the rule into ledgers/places/derive.py"
