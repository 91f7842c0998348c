"""What a decision says of its own quality, checked: bound, gap, status, later objectives, certificate, conflict."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import zip_longest

from allocation.breach import Breach
from allocation.decision import Decision, decimal_text
from allocation.problem import Problem
from allocation.verify_limits import groups
from allocation.verify_stages import figures, is_beyond

_GAP_SLACK = Fraction(1, 100)


def stages(problem: Problem, decision: Decision) -> Iterator[Breach]:
    """Yield steps of objectives that are reported with another figure, better than their bound, or not at all."""
    reckoned = [(figure.objective, figure.of, figure.value) for figure in figures(problem, decision)]
    reported = [(stage.objective, stage.of, stage.value) for stage in decision.stages]
    for wanted, found in zip_longest(reckoned, reported):
        if wanted != found and not (found is None and decision.status == "feasible"):
            who = " ".join((wanted or found or ("",))[:2]).rstrip()
            yield Breach("stage", who, str(found and found[2]), str(wanted and wanted[2]))
    allowed = sum((stage.may_cost for stage in problem.policy.later), start=Fraction(0))
    for stage in decision.stages[:1]:
        if stage.gave_up > allowed * abs(stage.value + stage.gave_up):
            yield Breach("stage", stage.objective, f"{stage.gave_up} given up", f"{allowed} of what was reached")
    for stage in decision.stages:
        if is_beyond(stage.objective, stage.value, stage.bound) or stage.gave_up < 0:
            yield Breach("stage", stage.objective, f"{stage.value}, {stage.gave_up} given up", f"bound {stage.bound}")


def infeasible(problem: Problem, decision: Decision) -> Iterator[Breach]:
    """Yield awards or a bound where there can be none, and a conflict without names or with others than the rules'."""
    if decision.awards:
        yield Breach("infeasible", "awards", f"{len(decision.awards)} awards", "none: the round cannot be decided")
    for name, value in (("bound", decision.bound), ("gap", decision.gap)):
        if value is not None:
            yield Breach("infeasible", name, str(value), "none: the round cannot be decided")
    policy = problem.policy
    names = [limit.name for limit in policy.limits]
    names += [rule.name for rule in policy.exclusives] + [rule.name for rule in policy.requires]
    names += [override.name for override in problem.overrides]
    names += [group.name for group in groups(problem)] + ["reserve"] * (policy.reserve is not None)
    if not decision.conflict:
        yield Breach("conflict", "conflict", "empty", "the names of rules that cannot hold together")
    for name in decision.conflict:
        if name not in names:
            yield Breach("conflict", name, "in the conflict", "not a rule of the policy")


def quality(problem: Problem, decision: Decision) -> Iterator[Breach]:
    """Yield a bound, a gap or a status that do not fit together."""
    yield from _proof(decision)
    if decision.conflict:
        yield Breach("conflict", ", ".join(decision.conflict), "in conflict", "nothing, since there is a decision")
    if decision.bound is None or decision.bound < decision.objective:
        yield Breach("bound", "bound", str(decision.bound), f"at least the objective, {decision.objective}")
        return
    reached = decision.objective + (decision.stages[0].gave_up if decision.stages else 0)
    missing = decision.bound - reached
    proven = missing <= problem.policy.gap * reached
    if decision.status != ("optimal" if proven else "feasible"):
        allowed = f"{'optimal' if proven else 'feasible'}: bound - objective is {decimal_text(missing)}"
        yield Breach("status", "status", decision.status, allowed)
    if not _gap_fits(decision.gap, missing, reached):
        allowed = f"(bound - objective) / objective rounded up, {missing} / {reached}"
        yield Breach("gap", "gap", str(decision.gap), allowed)


def _proof(decision: Decision) -> Iterator[Breach]:
    """Yield a certified bound that the decision itself refutes, or one that nothing is said to prove."""
    bound, proof = decision.certified_bound, decision.certificate
    if (bound is None) != (proof is None):
        found = "without a certificate" if proof is None else "a certificate without it"
        yield Breach("certificate", "certified_bound", found, "both or neither")
    if bound is not None and bound < decision.objective:
        yield Breach("certificate", "certified_bound", str(bound), f"at least the objective, {decision.objective}")


def _gap_fits(gap: float | None, missing: Fraction, objective: Fraction) -> bool:
    """Return whether a gap is the true one, rounded up by at most a hundredth of itself.

    With an objective of 0 no ratio exists: the gap is 0 when the bound is 0 too, else 1 or more.
    """
    if gap is None or gap != gap or gap < 0:
        return False
    if objective == 0:
        return gap == 0 if missing == 0 else gap >= 1
    true = missing / objective
    return gap != float("inf") and true <= Fraction(gap) <= true * (1 + _GAP_SLACK)
