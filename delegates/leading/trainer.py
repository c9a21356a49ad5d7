"""What whoever leads an exercise can do to it: have a shock strike, now or in a round to come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from delegates.text import names_meant
from games.errors import SettingError, plain
from games.happenings.happening import Struck, shocks_over
from games.option_words import with_unit
from transcripts.events import PlannedShock
from transcripts.happenings import problem_with_shocks

if TYPE_CHECKING:
    from games.parts.shocks import Shock
    from games.scenario import Scenario
    from games.session import State

_GIVEN = re.compile(r"(?P<shock>[^@]+)(?:@(?P<round>\d{1,6}))?")


@dataclass(frozen=True)
class OpenShock:
    """A shock that can still strike, as a person who sits at the table may be told of it."""

    name: str
    label: str
    words: str
    changes: tuple[str, ...]
    """What it changes, in figures where they are the person's own."""
    heard_by: tuple[str, ...]
    """Those who alone learn of it; all if none is named."""

    @classmethod
    def of(cls, name: str, shock: Shock, changes: Iterator[str]) -> OpenShock:
        """Return a shock of a scenario, with what is told of its changes."""
        return cls(name, shock.label, shock.words, tuple(changes), shock.heard_by)


def planned_shocks(scenario: Scenario, given: Sequence[str]) -> tuple[PlannedShock, ...]:
    """Return the shocks that are to strike, each given as `NAME` or `NAME@ROUND`.

    Without a round a shock strikes before the first move. A name may be shortened as long as it
    can be told from the others.

    Raises:
        SettingError: If there is no such shock, it is given twice, or the talks have no such round.
    """
    planned = tuple(_planned(scenario, text) for text in given)
    problem = problem_with_shocks(scenario, planned)
    if problem is not None:
        raise SettingError(f"--shock {plain(problem)}")
    return planned


def _planned(scenario: Scenario, text: str) -> PlannedShock:
    found = _GIVEN.fullmatch(text.strip())
    number = 1 if found is None or found["round"] is None else int(found["round"])
    if found is None or number < 1:
        raise SettingError(f"--shock {text!r}: expected NAME or NAME@ROUND, rounds from 1")
    typed = found["shock"].strip()
    meant = names_meant(typed, scenario.shocks)
    if len(meant) > 1:
        raise SettingError(f"--shock {typed!r}: could be {' or '.join(meant)}")
    return PlannedShock(shock=meant[0] if meant else typed, round=number)


def shocks_open(state: State) -> tuple[OpenShock, ...]:
    """Return the shocks that a person to move can have strike: those the seat would hear of.

    That there are others is nothing the seat may know.
    """
    over = shocks_over(state)
    scenario, party = state.scenario, state.party
    return tuple(
        OpenShock.of(name, shock, _changes(scenario, shock, party))
        for name, shock in scenario.shocks.items()
        if name not in over and (not shock.heard_by or party in shock.heard_by)
    )


def shocks_left(state: State) -> tuple[OpenShock, ...]:
    """Return the shocks that whoever leads the exercise can have strike, with all that they change.

    They know all, so those are among them of which whoever is to move would not hear.
    """
    over = shocks_over(state)
    return tuple(
        OpenShock.of(name, shock, _all_changes(state.scenario, shock))
        for name, shock in state.scenario.shocks.items()
        if state.is_open and name not in over
    )


def shocks_struck(state: State) -> tuple[str, ...]:
    """Return the names of the shocks that have struck and that the party to move has heard of."""
    scenario, party = state.scenario, state.party
    struck = [one.cause.shock for one in state.happened if isinstance(one.cause, Struck)]
    heard = {name: scenario.shocks[name].heard_by for name in struck}
    return tuple(name for name, told in heard.items() if not told or party in told)


def _changes(scenario: Scenario, shock: Shock, party: str) -> Iterator[str]:
    """Yield what a shock changes; of others' points and alternatives only that it does."""
    yield from _changes_of_points(scenario, shock, party, "your")
    own = shock.reservation.get(party)
    if own:
        yield f"what you have without agreement: {own:+g}"
    if shock.ratify.get(party):
        yield f"what a text must be worth at home: {shock.ratify[party]:+g}"
    touched = (*shock.points, *shock.reservation, *shock.ratify)
    others = [name for name in scenario.ids if name != party and name in touched]
    if others:
        yield f"what {', '.join(others)} want{'s' if len(others) == 1 else ''} or can expect"
    yield from _changes_of_world(shock)


def _all_changes(scenario: Scenario, shock: Shock) -> Iterator[str]:
    """Yield what a shock changes, whomever it concerns."""
    for party in scenario.ids:
        yield from _changes_of_points(scenario, shock, party, f"{party}'s")
        if shock.reservation.get(party):
            yield f"what {party} has without agreement: {shock.reservation[party]:+g}"
        if shock.ratify.get(party):
            yield f"what a text must be worth to {party} at home: {shock.ratify[party]:+g}"
    yield from _changes_of_world(shock)


def _changes_of_points(scenario: Scenario, shock: Shock, party: str, whose: str) -> Iterator[str]:
    for name, added in shock.points.get(party, {}).items():
        issue = scenario.issues[name]
        options = ", ".join(
            f"{value:+g} for {with_unit(issue, option)}" for option, value in added.items()
        )
        yield f"{whose} points of {issue.label or name}: {options}"


def _changes_of_world(shock: Shock) -> Iterator[str]:
    """Yield what a shock changes of the world around the talks, which concerns all."""
    if shock.spot is not None:
        yield f"the market price: times {shock.spot:g}"
    if shock.market is not None:
        yield f"the dominant supplier's share of the market: {shock.market:.0%}"
    if shock.dispute:
        yield f"the level of the quarrel: {shock.dispute:+g}"
