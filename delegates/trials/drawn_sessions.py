"""How often a few sessions end in agreement whose seats are drawn by lot: what a checker plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from delegates.trials.endings import STRATEGIES, played
from games.bargaining.quorum import passing
from games.lint.finding import Finding
from games.protocols.hall import is_hall
from games.scenario import Scenario
from games.utility import is_tabled

SESSIONS = 10
"""Sessions of alternating offers that are played."""

HALL_SESSIONS = 5
"""Sessions of a hall, which take longer."""

MOST_TURNS = 600
"""Turns of a session, at most, up to which it is played."""

MOST_HALL_PARTIES = 12
"""Parties of a hall up to which it is played."""

MOST_OUTCOMES = 200_000
"""Outcomes up to which a scenario is played."""


@dataclass(frozen=True, kw_only=True)
class DrawnSessions:
    """Some sessions, each with strategies drawn by its seed in all seats."""

    sessions: int
    agreed: int

    @property
    def words(self) -> str:
        """How many agree, in words."""
        how = ", ".join(STRATEGIES)
        return f"{self.agreed} of {self.sessions} end in agreement, seats drawn among {how}"


def drawn_sessions(scenario: Scenario) -> DrawnSessions | None:
    """Return how many of a few sessions agree; None for two parties, or where it takes long.

    Two parties have the stance game, which says more. Nor is anything played where nothing can be
    agreed.
    """
    parties, hall = len(scenario.ids), is_hall(scenario)
    turns = scenario.protocol.rounds * parties
    if parties < 3 or turns > MOST_TURNS or scenario.space.size > MOST_OUTCOMES:
        return None
    if (hall and parties > MOST_HALL_PARTIES) or not is_tabled(scenario):
        return None
    if len(passing(scenario)) == 0:
        return None
    return scenario.once("drawn sessions", _played)


def _played(scenario: Scenario) -> DrawnSessions:
    count = HALL_SESSIONS if is_hall(scenario) else SESSIONS
    ends = [played(scenario, seed).agreement for seed in range(1, count + 1)]
    return DrawnSessions(sessions=count, agreed=sum(end is not None for end in ends))


def session_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield that all of these sessions agree, or none."""
    found = drawn_sessions(scenario)
    if found is None or 0 < found.agreed < found.sessions:
        return
    none = found.agreed == 0
    yield Finding(
        "protocol",
        f"{'none' if none else 'all'} of {found.sessions} sessions whose seats are drawn "
        f"among {', '.join(STRATEGIES)} {'ends' if none else 'end'} in agreement",
        "Delegates do not find what can be agreed: more rounds, lower reservation values or a "
        "quorum may let them."
        if none
        else "Little hangs on how one negotiates: fewer rounds or higher reservation values make "
        "it count.",
        "note",
    )
