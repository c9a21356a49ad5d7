"""Mandates, instructions and shocks of a scenario that contradict it, or move nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from games.happenings.happening import Instructed, changed
from games.lint.misnamed import unknown_names
from games.utility import is_tabled, signable_mask

if TYPE_CHECKING:
    from games.lint.finding import Remark
    from games.parts.mandates import Instruction, Mandate
    from games.parts.shocks import Shock
    from games.scenario import Scenario


def event_contradictions(scenario: Scenario) -> Iterator[str]:
    """Yield names that refer to nothing, and figures that do not go together."""
    yield from unknown_names("mandates", scenario.mandates, scenario.ids)
    for party, mandate in scenario.mandates.items():
        if party in scenario.parties:
            yield from _mandate_contradictions(scenario, party, mandate)
    for name, shock in scenario.shocks.items():
        yield from _shock_contradictions(scenario, f"shocks.{name}", shock)


def _mandate_contradictions(scenario: Scenario, party: str, mandate: Mandate) -> Iterator[str]:
    where = f"mandates.{party}"
    yield from _limits_problems(scenario, f"{where}.limits", mandate.limits)
    yield from _options_problems(scenario, f"{where}.grants", mandate.grants)
    for number, instruction in enumerate(mandate.instructions):
        place = f"{where}.instructions.{number}"
        yield from _instruction_problems(scenario, place, instruction)


def _instruction_problems(scenario: Scenario, where: str, one: Instruction) -> Iterator[str]:
    rules = scenario.protocol
    if one.round > rules.rounds + rules.extension:
        yield f"{where}.round: {one.round}, but the talks have {rules.rounds} rounds"
    if one.kind in ("tighten", "widen"):
        if not one.limits:
            yield f"{where}.limits: is missing; expected what may be signed from then on"
        yield from _limits_problems(scenario, f"{where}.limits", one.limits)
    elif one.limits:
        yield f"{where}.limits: counts for nothing in {one.kind!r}; expected none"
    if one.kind == "red-line":
        if not one.red_line:
            yield f"{where}.red_line: is missing; expected an option or a combination of options"
        settled = {issue: (option,) for issue, option in one.red_line.items()}
        yield from _limits_problems(scenario, f"{where}.red_line", settled)
    elif one.red_line:
        yield f"{where}.red_line: counts for nothing in {one.kind!r}; expected none"


def _limits_problems(
    scenario: Scenario, where: str, limits: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    yield from _options_problems(scenario, where, limits)
    for issue, options in limits.items():
        if not options:
            yield f"{where}.{issue}: nothing may be signed; expected an option or more"


def _options_problems(
    scenario: Scenario, where: str, by_issue: Mapping[str, Iterable[str]]
) -> Iterator[str]:
    yield from unknown_names(where, by_issue, scenario.issues)
    for issue, options in by_issue.items():
        if issue in scenario.issues:
            known = scenario.issues[issue].texts
            yield from unknown_names(f"{where}.{issue}", options, known)


def order_contradictions(scenario: Scenario) -> Iterator[str]:
    """Yield the first order of each capital after which its delegate could sign nothing at all.

    Nothing is asked where outcomes are too many to be tabled.
    """
    if is_tabled(scenario):
        for party, mandate in scenario.mandates.items():
            yield from _nothing_left(scenario, party, mandate)


def _nothing_left(scenario: Scenario, party: str, mandate: Mandate) -> Iterator[str]:
    here, where = scenario, f"mandates.{party}.limits"
    orders = sorted(enumerate(mandate.instructions), key=lambda pair: pair[1].round)
    for step in (None, *orders):
        if step is not None:
            number, _ = step
            here = changed(here, Instructed(party, number))
            where = f"mandates.{party}.instructions.{number}"
        mask = signable_mask(here, party)
        if mask is not None and not mask.any():
            yield f"{where}: leaves {party} nothing that it may sign, its red lines counted"
            return


def _shock_contradictions(scenario: Scenario, where: str, shock: Shock) -> Iterator[str]:
    ids, rules = scenario.ids, scenario.protocol
    yield from unknown_names(f"{where}.heard_by", shock.heard_by, ids)
    yield from unknown_names(f"{where}.points", shock.points, ids)
    for party, added in shock.points.items():
        yield from _options_problems(scenario, f"{where}.points.{party}", added)
    yield from unknown_names(f"{where}.reservation", shock.reservation, ids)
    yield from unknown_names(f"{where}.ratify", shock.ratify, ids)
    for party in shock.ratify:
        mandate = scenario.mandates.get(party)
        if party in ids and (mandate is None or mandate.ratify is None):
            yield f"{where}.ratify.{party}: nobody ratifies for it; expected it in its mandate"
    if shock.round is not None and shock.chance:
        yield f"{where}: both a round and a chance; expected one of them, or neither"
    if shock.round is not None and shock.round > rules.rounds + rules.extension:
        yield f"{where}.round: {shock.round}, but the talks have {rules.rounds} rounds"
    if shock.spot is not None and scenario.implementation is None:
        yield f"{where}.spot: no price is stated; expected `implementation`"
    if shock.market is not None and scenario.market is None:
        yield f"{where}.market: no market is stated; expected `market`"
    if shock.dispute and scenario.dispute is None:
        yield f"{where}.dispute: there is no quarrel; expected `dispute`"


def event_findings(scenario: Scenario) -> Iterator[Remark]:
    """Yield what is stated of mandates and shocks but moves nothing."""
    for party, mandate in scenario.mandates.items():
        where = f"mandates.{party}"
        for issue, options in mandate.limits.items():
            if set(scenario.issues[issue].texts) <= set(options):
                yield f"{where}.limits.{issue}", "limits nothing: every option may be signed"
        yield from _grant_findings(where, mandate)
    for name, shock in scenario.shocks.items():
        yield from _shock_findings(f"shocks.{name}", shock)


def _grant_findings(where: str, mandate: Mandate) -> Iterator[Remark]:
    limited = [mandate.limits, *(one.limits for one in mandate.instructions)]
    for issue, options in mandate.grants.items():
        for option in options:
            barred = any(issue in one and option not in one[issue] for one in limited)
            if not barred:
                place = f"{where}.grants.{issue}.{option}"
                yield place, "never asked for: no limit keeps it from being signed"
    if mandate.grants and mandate.requests == 0:
        yield f"{where}.grants", "never granted: it may not ask (requests: 0)"


def _shock_findings(where: str, shock: Shock) -> Iterator[Remark]:
    effects = (shock.points, shock.reservation, shock.spot, shock.ratify, shock.dispute)
    if not any(effects) and shock.market is None:
        yield where, "changes nothing: no points, reservation values, prices or hurdles"
    if shock.heard_by:
        told = set(shock.heard_by)
        touched = {*shock.points, *shock.reservation, *shock.ratify}
        for party in sorted(touched - told):
            yield f"{where}.heard_by", f"{party} is touched by it and does not learn of it"
