"""What the mandates leave to be agreed as the talks begin, beside what would be open without them.

Theory takes a scenario as it is at the outset. Where a delegate may not sign everything, the ZOPA,
the solutions and the equilibria are those within its limits; what a capital says or grants later
is not foreseen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.bargaining.quorum import zopa
from games.naming import listed
from games.outcomes import IndexArray
from games.sampling import SampledSpace
from games.utility import is_tabled

if TYPE_CHECKING:
    from games.scenario import Scenario


def limiting(scenario: Scenario) -> tuple[str, ...]:
    """Return the parties whose mandate keeps them from signing some option at the outset."""
    return tuple(
        party
        for party, mandate in scenario.mandates.items()
        if any(
            not set(scenario.issues[issue].texts) <= set(options)
            for issue, options in mandate.limits.items()
        )
    )


def without_limits(scenario: Scenario) -> Scenario:
    """Return the same scenario with delegates whose mandates do not limit what they may sign.

    Red lines, and what must be ratified, stay.
    """
    if not limiting(scenario):
        return scenario
    return scenario.once("without limits", _without_limits)


def _without_limits(scenario: Scenario) -> Scenario:
    free = {
        party: mandate.model_copy(update={"limits": {}})
        for party, mandate in scenario.mandates.items()
    }
    return scenario.model_copy(update={"mandates": free})


def open_without_limits(scenario: Scenario) -> IndexArray | None:
    """Return the outcomes that all would accept without limits.

    None where nobody is limited, or where not all outcomes are looked at.
    """
    is_whole = is_tabled(scenario) and not isinstance(scenario.space, SampledSpace)
    return zopa(without_limits(scenario)) if is_whole and limiting(scenario) else None


def beyond_mandates(scenario: Scenario, outcome: int) -> tuple[str, ...]:
    """Return the parties that nothing but the limits of their mandate keeps from signing it."""
    free = without_limits(scenario)
    return tuple(
        own.party
        for own, other in zip(scenario.preferences, free.preferences, strict=True)
        if not own.may_sign(outcome) and other.may_sign(outcome)
    )


def outside_words(scenario: Scenario, outcome: int) -> str:
    """Return why an outcome that is not in the ZOPA is not: by what it is worth, or a mandate."""
    beyond = beyond_mandates(scenario, outcome)
    if beyond and outcome in zopa(without_limits(scenario)):
        names = listed([scenario.parties[party].name for party in beyond])
        return (
            f"It is worth no less than no agreement to anyone, but beyond the mandate of {names}."
        )
    return "To a side it is worth less than no agreement, or crosses its red line."


def barring(scenario: Scenario, issue: str, option: str) -> tuple[str, ...]:
    """Return the parties whose mandate rules an option out at the outset."""
    return tuple(
        party
        for party, mandate in scenario.mandates.items()
        if option not in mandate.limits.get(issue, (option,))
    )


def mandates_words(scenario: Scenario) -> str | None:
    """Return by what the theory is narrowed; None where no mandate limits anyone."""
    if not limiting(scenario):
        return None
    wider = open_without_limits(scenario)
    share = "" if wider is None else f"{len(wider) / scenario.space.count:.1%}"
    return (
        "within the mandates as they are at the outset"
        f"{f' (without them the ZOPA is {share})' if share else ''}; later instructions and grants "
        "are not counted"
    )
