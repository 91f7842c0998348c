"""The benchmark of exports still runs, on a journal too short to tell anything."""

from __future__ import annotations

import re

import pytest

from tests.benchmarks import bench_export


@pytest.mark.nightly
def test_the_benchmark_tells_what_each_export_and_check_took(capfd: pytest.CaptureFixture[str]) -> None:
    bench_export.main(["--postings", "300"])
    lines = capfd.readouterr().out.splitlines()
    assert re.fullmatch(r"\d+ entries, \d+ postings", lines[0])
    names = [line.partition(":")[0] for line in lines[1:] if line.startswith("export")]
    assert names == ["export hledger", "export hledger --in-base", "export beancount", "export beancount --in-base"]
    costs = re.compile(r".*: \d+\.\d s, \d+ MiB|  (hledger|beancount) is not installed")
    assert [line for line in lines[1:] if not costs.fullmatch(line)] == []
    assert len(lines) == 9
