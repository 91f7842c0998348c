"""Whatever bytes a file holds, it is staged or refused with findings; nothing else ever comes out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from staging_examples import VALID, outcome, row, write

from ledgers.staging import findings_text
from ledgers.staging.kinds import KINDS
from ledgers.staging.stage import Staged

SUFFIXES = (".csv", ".xlsx", ".parquet", ".jsonl")
kinds = st.sampled_from(sorted(KINDS))
calm = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def staged_or_refused(kind: str, content: bytes, suffix: str) -> bool:
    """Return whether bytes were staged; anything but a refusal with its findings is a failure."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(content)
        result = outcome(kind, path)
    if isinstance(result, Staged):
        return True
    assert any(found.severity == "error" for found in result.findings)
    assert all(found.reason and found.remedy for found in result.findings)
    assert findings_text(result.findings, result.context)
    return False


@calm
@given(kinds, st.binary(max_size=300), st.sampled_from(SUFFIXES), st.sampled_from([b"", b"PK\x03\x04", b"PAR1"]))
def test_random_bytes_are_staged_or_refused(kind: str, content: bytes, suffix: str, start: bytes) -> None:
    staged_or_refused(kind, start + content, suffix)


@calm
@given(kinds, st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=6), st.sampled_from([".csv", ".jsonl"]))
def test_random_texts_are_staged_or_refused(kind: str, rows: list[list[str]], suffix: str) -> None:
    text = "\n".join(",".join(cells) for cells in [list(VALID[kind]), *rows])
    staged_or_refused(kind, text.encode("utf-8", "replace"), suffix)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=2)
)


@calm
@given(kinds, st.data())
def test_random_json_objects_are_staged_or_refused(kind: str, data: st.DataObject) -> None:
    import json

    names = st.sampled_from([column.name for column in KINDS[kind].columns]) | st.text(max_size=3)
    objects = data.draw(st.lists(st.dictionaries(names, json_values, max_size=6), max_size=4))
    staged_or_refused(kind, "\n".join(json.dumps(one) for one in objects).encode(), ".jsonl")


@settings(calm, max_examples=40)
@given(kinds, st.data())
def test_random_cells_in_the_right_columns_are_staged_or_refused(kind: str, data: st.DataObject) -> None:
    words = [
        "",
        " ",
        "0",
        "-1",
        "1e5",
        "2026-01-01",
        "yes",
        "KEN:60|UGA:40",
        "country=LDC",
        "1|2",
        "5%",
        "USD",
        "\x00",
        "ẞΣİ",
    ]
    cells = st.none() | st.sampled_from(words) | st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
    names = [column.name for column in KINDS[kind].columns]
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(names, cells)), min_size=1, max_size=2))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.parquet"
        pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String)).write_parquet(path)
        content = path.read_bytes()
    staged_or_refused(kind, content, ".parquet")


@pytest.fixture(scope="module")
def valid_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return a valid file of contributions in each format."""
    folder = tmp_path_factory.mktemp("valid")
    return {suffix: write(folder / f"c{suffix}", [row("contributions")]).read_bytes() for suffix in SUFFIXES}


@settings(max_examples=150, deadline=None)
@given(suffix=st.sampled_from(SUFFIXES), data=st.data())
def test_a_valid_file_with_some_bytes_changed_is_staged_or_refused(
    suffix: str, data: st.DataObject, valid_files: dict[str, bytes]
) -> None:
    content = bytearray(valid_files[suffix])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    staged_or_refused("contributions", bytes(content[: data.draw(st.integers(0, len(content)))]), suffix)


PARTS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml",
)


def _with_part(content: bytes, name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """Return a workbook with one part changed, or left out where the change says None."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            text = change(old.read(part)) if part == name else old.read(part)
            if text is not None:
                new.writestr(part, text)
    return changed.getvalue()


@settings(max_examples=150, deadline=None)
@given(part=st.sampled_from(PARTS), data=st.data())
def test_a_workbook_with_some_of_its_xml_changed_is_staged_or_refused(
    part: str, data: st.DataObject, valid_files: dict[str, bytes]
) -> None:
    def change(text: bytes) -> bytes | None:
        if data.draw(st.integers(0, 9)) == 0:
            return None
        content = bytearray(text)
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from(b'0123456789<>/"= srtv'))
        return bytes(content)

    staged_or_refused("contributions", _with_part(valid_files[".xlsx"], part, change), ".xlsx")


def test_the_valid_files_themselves_are_staged(valid_files: dict[str, bytes]) -> None:
    assert all(staged_or_refused("contributions", content, suffix) for suffix, content in valid_files.items())
