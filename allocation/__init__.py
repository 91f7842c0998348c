"""The allocation engine: a `Problem` in, a verified `Decision` out. Pure: no database, no clock, no files.

In a notebook, everything that is needed is here and imported when it is used:

>>> from allocation import Problem, problem_from_frames, solve
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allocation.comparison import Comparison as Comparison
    from allocation.comparison import Side as Side
    from allocation.comparison import compare as compare
    from allocation.decide import RoundUnsolved as RoundUnsolved
    from allocation.decide import solve as solve
    from allocation.decision import Decision as Decision
    from allocation.decision_frames import awards_frame as awards_frame
    from allocation.decision_frames import limits_frame as limits_frame
    from allocation.decision_frames import payments_frame as payments_frame
    from allocation.decision_frames import problem_frames as problem_frames
    from allocation.decision_frames import stages_frame as stages_frame
    from allocation.decision_frames import unfunded_frame as unfunded_frame
    from allocation.decision_json import DecisionInvalid as DecisionInvalid
    from allocation.decision_json import decision_from_json as decision_from_json
    from allocation.frames import FrameInvalid as FrameInvalid
    from allocation.frames import problem_from_frames as problem_from_frames
    from allocation.policy import Policy as Policy
    from allocation.policy_file import PolicyInvalid as PolicyInvalid
    from allocation.policy_file import parse_policy as parse_policy
    from allocation.problem import Contribution as Contribution
    from allocation.problem import Problem as Problem
    from allocation.problem import ProblemInvalid as ProblemInvalid
    from allocation.problem import Request as Request
    from allocation.scenario_file import Scenario as Scenario
    from allocation.scenario_file import ScenarioInvalid as ScenarioInvalid
    from allocation.scenario_file import read_scenario as read_scenario
    from allocation.verify import breaches as breaches

_PUBLIC = {
    "comparison": ("Comparison", "Side", "compare"),
    "decide": ("RoundUnsolved", "solve"),
    "decision": ("Decision",),
    "decision_json": ("DecisionInvalid", "decision_from_json"),
    "decision_frames": (
        "awards_frame", "limits_frame", "payments_frame", "problem_frames", "stages_frame", "unfunded_frame",
    ),
    "frames": ("FrameInvalid", "problem_from_frames"),
    "policy": ("Policy",),
    "policy_file": ("PolicyInvalid", "parse_policy"),
    "problem": ("Contribution", "Problem", "ProblemInvalid", "Request"),
    "scenario_file": ("Scenario", "ScenarioInvalid", "read_scenario"),
    "verify": ("breaches",),
}  # fmt: skip
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    """Return a public name, imported when it is asked for, so that `import allocation` is instant."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'allocation' has no attribute {name!r}")
    return getattr(import_module(f"allocation.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*globals(), *_MODULE_OF])
