"""Two sessions of one scenario set against each other: what they share, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from delegates.sealing import persons
from games.errors import UserError
from games.naming import series
from games.outcomes import Option
from games.ratification import parties_bound
from games.referee import referee
from games.session import payoffs, utilities
from transcripts.record import ResultStatus
from tui.replay.hearing import unheard
from tui.replay.history import History
from tui.replay.reading import read_history
from tui.replay.recording import Recording
from tui.replay.spoken_move import SpokenMove

if TYPE_CHECKING:
    from games.scenario import Scenario

MOST_ROWS = 2000
"""Moves of each future that are set side by side; what comes after them the replay shows."""

SAME = 0.05
"""Points under which two results are told as the same: they are shown with one decimal."""


@dataclass(frozen=True, kw_only=True)
class Future:
    """What became of one session."""

    recording: Recording
    history: History = field(repr=False)
    moves: tuple[SpokenMove, ...] = field(repr=False)
    """What was done after the moves that are shared."""
    worth: tuple[dict[str, float], ...] = field(repr=False)
    """What each of them offered is worth to each party that may be shown; empty where it names no
    outcome."""
    status: ResultStatus
    agreement: dict[str, Option] | None
    utilities: dict[str, float]
    """Of the parties that may be shown; empty while the session is unfinished."""
    payoffs: dict[str, float]
    """The same with time counted."""
    distance_to_frontier: float | None
    """In shares of what can be gained; None without an agreement, or where it is not known."""
    distance_to_nash: float | None

    @property
    def total(self) -> int:
        """How many moves the session has, as far as its record is sound."""
        return len(self.history)

    @property
    def is_over(self) -> bool:
        """Whether the session has ended."""
        return self.status != "incomplete"


@dataclass(frozen=True, kw_only=True)
class Futures:
    """Two sessions side by side."""

    scenario: Scenario = field(repr=False)
    shared: int
    """How many moves they have in common because one branched off the other, or both off a third;
    0 where neither did."""
    first: Future
    second: Future
    visible: tuple[str, ...]
    """The parties whose points may be shown: all, unless a person sits in an unfinished session;
    then the first such person's alone."""
    see: str | None
    """The party as which such a session is seen; None where everything may be shown."""

    @property
    def rows(self) -> int:
        """How many moves stand side by side after the shared ones."""
        return max(len(self.first.moves), len(self.second.moves))

    def is_alike(self, row: int) -> bool | None:
        """Return whether both did the same in a row; None where only one has a move there."""
        if row >= min(len(self.first.moves), len(self.second.moves)):
            return None
        first, second = self.first.moves[row].event, self.second.moves[row].event
        if first is None or second is None:
            return False
        deeds = [(one.party, one.act, one.outcome, one.on) for one in (first, second)]
        return deeds[0] == deeds[1]

    @property
    def gains(self) -> dict[str, float]:
        """What each visible party has more in the second future, time counted; empty until both
        are over."""
        if not (self.first.is_over and self.second.is_over):
            return {}
        first, second = self.first.payoffs, self.second.payoffs
        return {party: second[party] - first[party] for party in self.visible if party in first}


def futures(first: Recording, second: Recording) -> Futures:
    """Return two recorded sessions set against each other; both are read, so call it in a thread.

    Moves count as shared as long as both records hold the same ones, made at the same time with the
    same words: so a branch and its parent, two branches of one parent, and a branch of a branch are
    known by what they share, whatever their files are called.

    Raises:
        UserError: If they are sessions of different scenarios.
        TranscriptError: If a record cannot be read.
    """
    require_same_scenario(first, second)
    histories = [_whole(first), _whole(second)]
    shared = _shared(first, second, min(map(len, histories)))
    sealed = [
        party
        for recording, history in zip((first, second), histories, strict=True)
        if history.status == "incomplete"
        for party in persons(recording.header)
    ]
    see = sealed[0] if sealed else None
    visible = first.scenario.ids if see is None else (see,)
    made = [
        _future(recording, history, shared, visible, see)
        for recording, history in zip((first, second), histories, strict=True)
    ]
    return Futures(
        scenario=first.scenario,
        shared=shared,
        first=made[0],
        second=made[1],
        visible=visible,
        see=see,
    )


def require_same_scenario(first: Recording, second: Recording) -> None:
    """Check that two sessions are of one scenario.

    Raises:
        UserError: If they are not.
    """
    one, other = first.scenario, second.scenario
    if one.id != other.id:
        raise UserError(
            f"sessions of {one.id!r} and of {other.id!r} cannot be compared; expected one scenario"
        )
    if one.canonical() != other.canonical():
        raise UserError(
            f"both sessions are of {one.id!r}, but the scenario was changed between them; "
            "expected the same points and terms"
        )


def _whole(recording: Recording) -> History:
    *_, last = read_history(recording)
    return last


def _shared(first: Recording, second: Recording, most: int) -> int:
    """Return how many moves both records hold as one and the same."""
    for position in range(most):
        one, other = first.move(position).event, second.move(position).event
        if one is None or other is None:
            return position
        place = {"n": 0, "prev": ""}
        if one.model_copy(update=place) != other.model_copy(update=place):
            return position
    return most


def _future(
    recording: Recording, history: History, shared: int, visible: Sequence[str], see: str | None
) -> Future:
    last = history.last
    is_over = history.status != "incomplete"
    # What one offers another in unfinished talks only those who heard it may know.
    end = min(len(history), shared + MOST_ROWS)
    heard = history.hears(see)
    moves = tuple(
        move if heard[position] else unheard(move)
        for position in range(shared, end)
        for move in (recording.move(position, see),)
    )
    worth, paid = (utilities(last), payoffs(last)) if is_over else ({}, {})
    agreed = last.agreement
    found = None if agreed is None else referee(last.scenario, agreed, bound=parties_bound(last))
    return Future(
        recording=recording,
        history=history,
        moves=moves,
        worth=_worth(history, moves, shared, visible),
        status=history.status,
        agreement=None if agreed is None else last.scenario.space.outcome(agreed),
        utilities={party: worth[party] for party in visible if party in worth},
        payoffs={party: paid[party] for party in visible if party in paid},
        distance_to_frontier=None if found is None else found.distance_to_frontier,
        distance_to_nash=None if found is None else found.distance_to_nash,
    )


def _worth(
    history: History, moves: Sequence[SpokenMove], shared: int, visible: Sequence[str]
) -> tuple[dict[str, float], ...]:
    """Return what each move's offer is worth to whom, as the points were when it was made."""
    places = np.arange(shared, shared + len(moves))
    offered = history.outcomes[places]
    worth = history.worth(np.maximum(offered, 0), history.versions[places])
    ids = history.scenario.ids
    shown = [(party, ids.index(party)) for party in visible]
    return tuple(
        {}
        if offered[row] < 0 or move.event is None
        else {party: float(worth[position, row]) for party, position in shown}
        for row, move in enumerate(moves)
    )


def verdict(found: Futures, names: dict[str, str]) -> str:
    """Return in a sentence which future was better for whom.

    Args:
        found: The futures.
        names: What the parties are called.
    """
    if not found.gains:
        sides = zip(("first", "second"), (found.first, found.second), strict=True)
        open_ = [which for which, side in sides if not side.is_over]
        are = "is" if len(open_) == 1 else "are"
        return (
            f"Which was better cannot be said yet: the {' and the '.join(open_)} {are} unfinished."
        )
    better = {party: gain for party, gain in found.gains.items() if gain >= SAME}
    worse = {party: gain for party, gain in found.gains.items() if gain <= -SAME}
    if not better and not worse:
        return "Both came to the same for everyone, time counted."
    told = [
        f"{how} for {_listed(some, names)}"
        for how, some in (("better", better), ("worse", worse))
        if some
    ]
    same = len(found.gains) - len(better) - len(worse)
    if same:
        told.append(f"the same for {same} {'party' if same == 1 else 'parties'}")
    elif not worse:
        told.append("worse for nobody")
    return f"The second future was {series(told)}, time counted."


def _listed(gains: dict[str, float], names: dict[str, str]) -> str:
    """Return those who gained or lost most, with how much, and how many others did."""
    ordered = sorted(gains, key=lambda party: -abs(gains[party]))
    named = [f"{names.get(party, party)} ({gains[party]:+.1f})" for party in ordered[:4]]
    more = len(ordered) - len(named)
    return series([*named, *([f"{more} more"] if more else [])])
