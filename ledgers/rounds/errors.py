"""Why a round, an approval or a posting is refused, each cause by its name."""

from __future__ import annotations

from ledgers.errors import FacilityError


class RoundUnknown(FacilityError):
    """No round of that id."""

    code = "round-unknown"


class RoundConflict(FacilityError):
    """A round of that id stands with another policy, date or selection."""

    code = "round-conflict"


class RoundEnded(FacilityError):
    """The round was cancelled, or posted with another decision."""

    code = "round-ended"


class BeforeOpening(FacilityError):
    """A posting or cancellation dated before the round was opened."""

    code = "before-opening"


class MoneyLater(FacilityError):
    """Money that came after the day on which it is to be held or allocated."""

    code = "money-later"


class RoundEmpty(FacilityError):
    """Nothing to allocate, or nobody asks."""

    code = "round-empty"


class FilterInvalid(FacilityError):
    """A selection of contributions that says nothing the book knows."""

    code = "filter-invalid"


class MeritMissing(FacilityError):
    """A request without merit, or without a score that the policy weighs."""

    code = "merit-missing"


class DecisionUnknown(FacilityError):
    """No decision, or none of that digest."""

    code = "decision-unknown"


class OverrideUnknown(FacilityError):
    """No override of that request to lift."""

    code = "override-unknown"


class OverrideInvalid(FacilityError):
    """An override that no award could keep, or that does not say what it wants and why."""

    code = "override-invalid"


class DecisionOutdated(FacilityError):
    """A decision made before the overrides that now count."""

    code = "decision-outdated"


class DecisionAltered(FacilityError):
    """A stored decision that is no longer what was decided."""

    code = "decision-altered"


class DecisionInfeasible(FacilityError):
    """A decision without awards cannot be approved or posted."""

    code = "decision-infeasible"


class ApprovalRefused(FacilityError):
    """The proposer cannot approve what they proposed."""

    code = "approval-refused"


class ApprovalMissing(FacilityError):
    """Fewer people have approved than the policy asks."""

    code = "approval-missing"


class ContributionChanged(FacilityError):
    """The terms of a contribution are no longer those that the round froze."""

    code = "contribution-changed"


class ContributionDrained(FacilityError):
    """A contribution can no longer pay what the decision draws on it."""

    code = "contribution-drained"


class CountryShareExceeded(FacilityError):
    """A contribution's country share would be passed, because other rounds were posted since."""

    code = "country-share-exceeded"


class RequestFunded(FacilityError):
    """A request has been funded by another round since."""

    code = "request-funded"


class ExclusiveFunded(FacilityError):
    """Another round has funded a request since that excludes one of the awards."""

    code = "exclusive-funded"


class NeededReleased(FacilityError):
    """What an award needs, and an earlier round had funded, has been released since."""

    code = "needed-released"
