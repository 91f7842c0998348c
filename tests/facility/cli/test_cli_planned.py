"""What the interface names and this version does not do is refused by name, whatever comes after it."""

from __future__ import annotations

import pytest
from commands import ran

from facility.cli.planned import OF_EXPORT, OF_FACILITY, OF_ROUND

COMMANDS = [(name,) for name in OF_FACILITY]
GROUPS = (("round", OF_ROUND), ("export", OF_EXPORT))
COMMANDS += [(group, name) for group, names in GROUPS for name in names]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("rest", [(), ("x", "--flag", "3")], ids=["alone", "with-more"])
def test_a_planned_command_is_refused_by_name(command: tuple[str, ...], rest: tuple[str, ...]) -> None:
    done = ran(*command, *rest)
    assert (done.code, done.out) == (1, "")
    assert f"facility {' '.join(command)} is not there yet" in done.err
    assert "code: not-yet-there" in done.err
