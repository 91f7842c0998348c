"""What the tests share: where the public data lies, and the profiles of the property tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("POLARS_MAX_THREADS", "1")  # each core has its own worker already

settings.register_profile(
    "default", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=2000)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what runs in the background deaf to Ctrl-C
settings.load_profile(os.environ.get("FACILITY_TEST_PROFILE", "default"))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the folder of public data, or skip, saying so."""
    folder = Path(os.environ.get("FACILITY_DATA", ROOT / ".." / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"public data folder {folder} is absent (set FACILITY_DATA)")
    return folder
