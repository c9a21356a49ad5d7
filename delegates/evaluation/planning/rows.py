"""Who sits where in each session of a scenario: found by counting, nothing is listed.

Two parties, or two blocs, meet in a full cross. More parties are dealt strategies in Latin squares
(Fisher, The Design of Experiments, 1935), or one seat at a time is under test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Protocol

from delegates.evaluation.planning.plan import Plan
from games.matrices.matrix import blocs
from games.scenario import Scenario

PAIR = 2
"""Parties that meet in a full cross, whatever the plan says of more."""


@dataclass(frozen=True, slots=True)
class Seated:
    """Who sits where in one session."""

    seats: tuple[str, ...]
    """Names of strategies, one a party."""
    tested: tuple[bool, ...]
    """Aligned: whether the seat is under test."""
    draw: int = 0
    """The deal that it comes from, counted within a repetition."""


class Seatings(Protocol):
    """Who sits where in the sessions of one scenario and repetition."""

    @property
    def cells(self) -> int:
        """How many sessions a repetition has."""
        ...

    @property
    def is_dealt(self) -> bool:
        """Whether seats differ from repetition to repetition."""
        ...

    def seated(self, repetition: int, cell: int) -> Seated:
        """Return one of a repetition's sessions, by its number."""
        ...


@dataclass(frozen=True)
class Fixed:
    """The same sessions in every repetition."""

    sessions: tuple[Seated, ...]
    is_dealt: bool = False

    @property
    def cells(self) -> int:
        """How many there are."""
        return len(self.sessions)

    def seated(self, repetition: int, cell: int) -> Seated:  # noqa: ARG002 - any is the same
        """Return one of them."""
        return self.sessions[cell]


@dataclass(frozen=True, kw_only=True)
class Squares:
    """Strategies dealt to seats in Latin squares: each sits in each seat equally often.

    No strategy meets itself as long as there are as many strategies as seats; with fewer, each
    takes as many seats of a session as any other, one more or less.
    """

    strategies: tuple[str, ...]
    """All under test."""
    parties: int
    draws: int
    lots: str
    """From which seats are dealt, with the repetition and the draw."""
    is_dealt: bool = True

    @property
    def cells(self) -> int:
        """Rows of all squares of a repetition."""
        return self.draws * len(self.strategies)

    def seated(self, repetition: int, cell: int) -> Seated:
        """Return a row of a square."""
        draw, row = divmod(cell, len(self.strategies))
        columns = _dealt(f"{self.lots}/{repetition}/{draw}", self.strategies, self.parties)
        seats = tuple(column[row] for column in columns)
        return Seated(seats, (True,) * self.parties, draw)


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """One seat at a time is under test; the others are dealt strategies that it meets.

    Every strategy under test takes every seat, against the same others as any other there.
    """

    strategies: tuple[str, ...]
    """Under test; none of them is among `others`."""
    others: tuple[str, ...]
    parties: int
    draws: int
    lots: str
    is_dealt: bool = True

    @property
    def cells(self) -> int:
        """Seats × strategies × rows of the squares that deal the others, of all draws."""
        return self.draws * len(self.strategies) * self.parties * len(self.others)

    def seated(self, repetition: int, cell: int) -> Seated:
        """Return the session of a strategy, a seat and a row."""
        rest, row = divmod(cell, len(self.others))
        rest, seat = divmod(rest, self.parties)
        draw, which = divmod(rest, len(self.strategies))
        columns = _dealt(f"{self.lots}/{repetition}/{draw}", self.others, self.parties)
        places = range(self.parties)
        return Seated(
            tuple(self.strategies[which] if k == seat else columns[k][row] for k in places),
            tuple(k == seat for k in places),
            draw,
        )


@dataclass(frozen=True)
class Joined:
    """Several kinds of sessions, one after the other."""

    parts: tuple[Seatings, ...]
    is_dealt: bool = True

    @property
    def cells(self) -> int:
        """How many there are of all kinds."""
        return sum(part.cells for part in self.parts)

    def seated(self, repetition: int, cell: int) -> Seated:
        """Return the session of that number."""
        for part in self.parts:
            if cell < part.cells:
                return part.seated(repetition, cell)
            cell -= part.cells
        raise IndexError(cell)


@lru_cache(maxsize=4096)
def _dealt(lots: str, strategies: tuple[str, ...], parties: int) -> tuple[tuple[str, ...], ...]:
    """Return the columns of Latin squares beside each other, one a party.

    A cyclic square, its symbols and its columns shuffled by lot.
    """
    draw = Random(lots)
    order = list(strategies)
    draw.shuffle(order)
    shifts: list[int] = []
    while len(shifts) < parties:
        turn = list(range(len(order)))
        draw.shuffle(turn)
        shifts += turn
    return tuple((*order[shift:], *order[:shift]) for shift in shifts[:parties])


def seatings(scenario: Scenario, plan: Plan) -> Seatings:
    """Return who sits where in a scenario's sessions.

    Raises:
        ScenarioError: If blocs are to meet and one of them has no member.
        ValueError: If a seat is left to a fixed opponent and the plan names none.
    """
    parties, many = len(scenario.ids), plan.seats.many
    if parties == PAIR:
        return Fixed(_crossed(plan, (0, 1)))
    if many == "blocs":
        return Fixed(_crossed(plan, _sides(scenario)))
    if many == "one":
        return Fixed(_one_by_one(plan, parties))
    return _dealt_to(plan, parties, f"{plan.seed}/{scenario.id}/seats")


def _dealt_to(plan: Plan, parties: int, lots: str) -> Seatings:
    """Return how strategies are dealt to seats.

    Strategies that are under test and met as well are dealt among themselves. They also meet those
    that are only met, and those that are only under test meet either kind: one seat at a time under
    test, the others dealt. So no session is without a strategy under test, and none comes twice.
    """
    tested, against, draws = plan.tested, plan.against, plan.seats.draws
    both = tuple(name for name in tested if name in against)
    alone = tuple(name for name in tested if name not in against)
    met = tuple(name for name in against if name not in tested)
    parts: list[Seatings] = [
        Rotated(strategies=these, others=those, parties=parties, draws=draws, lots=lots)
        for these, those in ((alone, against), (both, met))
        if these and those
    ]
    if len(both) > 1 or (both and plan.seats.self_play):
        parts.append(Squares(strategies=both, parties=parties, draws=draws, lots=lots))
    return parts[0] if len(parts) == 1 else Joined(tuple(parts))


def _sides(scenario: Scenario) -> tuple[int | None, ...]:
    """Return the bloc of each party: consumers 0, suppliers 1, None of neither."""
    consumers, suppliers = (bloc.members for bloc in blocs(scenario))
    return tuple(
        0 if k in consumers else 1 if k in suppliers else None for k in range(len(scenario.ids))
    )


def _crossed(plan: Plan, sides: Sequence[int | None]) -> tuple[Seated, ...]:
    """Return every pair of strategies that are to meet, in either side's seats, each once."""
    tested, against = set(plan.tested), set(plan.against)
    fixed = plan.seats.fixed
    found: list[Seated] = []
    for one in plan.strategies:
        for other in plan.strategies:
            if one == other and not plan.seats.self_play:
                continue
            under_test = (one in tested and other in against, other in tested and one in against)
            if any(under_test):
                seats = tuple(
                    _fixed(fixed) if side is None else (one, other)[side] for side in sides
                )
                flags = tuple(side is not None and under_test[side] for side in sides)
                found.append(Seated(seats, flags))
    return tuple(found)


def _one_by_one(plan: Plan, parties: int) -> tuple[Seated, ...]:
    """Return a session for each strategy under test and seat, all other seats fixed."""
    fixed = _fixed(plan.seats.fixed)
    found: list[Seated] = []
    for name in plan.tested:
        if name == fixed:
            if plan.seats.self_play:
                # The same session whichever seat is looked at: it is played once.
                found.append(Seated((fixed,) * parties, (True,) * parties))
            continue
        for seat in range(parties):
            places = [k == seat for k in range(parties)]
            seats = tuple(name if place else fixed for place in places)
            found.append(Seated(seats, tuple(places)))
    return tuple(found)


def _fixed(name: str | None) -> str:
    if name is None:
        raise ValueError("is missing; expected the strategy of the seats that are not under test")
    return name
