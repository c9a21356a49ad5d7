"""What is kept of a session: from its record, from its moves alone, or of one that failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.planning.plan import Ended
from delegates.evaluation.playing.journal import POINTS, Finished, SeatEnd
from delegates.openings import program_version
from delegates.scripted import Play
from games.bargaining.quorum import zopa
from games.matrices.stance_game import offers_among
from games.protocols.hall import HallState
from games.protocols.settlement import is_in_force
from games.protocols.stages import is_signed
from games.scenario import Scenario
from games.session import Offer, State, payoffs, utilities
from games.tactics.schedules import Moves
from games.utility import TIE, Preferences
from transcripts.conduct import billed
from transcripts.events import Event, Failed, MoveMade, Replied, Retried, Unusable
from transcripts.record import SessionRecord

Asked = Sequence[tuple[int, int]]
"""What one party offered: round, from 0 and rising, and outcome."""

MOST_KEPT = 100_000
"""Demands that are remembered of each party of each scenario."""


def finished(
    design: Design,
    row: Row,
    record: SessionRecord,
    *,
    seconds: float = 0.0,
    at: str = "",
    transcript: str | None = None,
) -> Finished:
    """Return what the journal keeps of a session that ended by its protocol.

    Args:
        design: What is evaluated.
        row: The session as it was planned.
        record: The session as it went.
        seconds: Its wall time.
        at: When it ended.
        transcript: Its transcript's file within the evaluation's folder, where one is kept.
    """
    demands = _demands_on_record(design, row, record)
    line = _line(design, row, record.state, len(record.moves), demands, seconds, at)
    return line.model_copy(update={"transcript": transcript, **_spent(record, line.seats)})


def prepare(design: Design, row: Row) -> None:
    """Compute what a session needs of its scenario alone, so that its own time is without it."""
    design.scenarios[row.scenario].once("evaluation/scales", _scales)
    design.played_as(row).once("evaluation/highest", _highest)


def _highest(scenario: Scenario) -> tuple[float, ...]:
    return tuple(own.highest for own in scenario.preferences)


def finished_play(
    design: Design, row: Row, play: Play, *, seconds: float = 0.0, at: str = ""
) -> Finished:
    """Return the same of a session of alternating offers, all seats scripted, from its moves."""
    parties, turns = len(play.state.scenario.ids), play.turns
    last = turns[-1] // parties if turns else -1
    if isinstance(play.moves, Moves):
        demands = _demands_in_turn(design, row, play.moves, last, play.state.rounds)
    else:
        demands = _demands(design, row, _asked_in(play), last, play.state.rounds)
    return _line(design, row, play.state, len(play.moves), demands, seconds, at)


def failed(
    design: Design,
    row: Row,
    ended: Ended,
    problem: str,
    *,
    record: SessionRecord | None = None,
    seconds: float = 0.0,
    at: str = "",
    transcript: str | None = None,
) -> Finished:
    """Return what the journal keeps of a session that did not end by its protocol.

    Everybody has the reservation value.

    Args:
        design: What is evaluated.
        row: The session as it was planned.
        ended: How it ended, a class of failure.
        problem: What happened.
        record: The session as far as it went, if that is known.
        seconds: Its wall time.
        at: When it ended.
        transcript: Its transcript's file within the evaluation's folder, where one is kept.
    """
    scenario = design.scenarios[row.scenario]
    nothing = (None,) * POINTS
    demands = [nothing for _ in scenario.ids]
    if record is not None:
        demands = _demands_on_record(design, row, record)
    seats = tuple(
        SeatEnd(utility=own.reservation, payoff=own.reservation, demands=asked)
        for own, asked in zip(scenario.preferences, demands, strict=True)
    )
    line = Finished(
        key=row.key,
        session=design.session(row.number),
        ended=ended,
        agreement=None,
        agreed_round=None,
        rounds=0 if record is None else record.state.rounds_begun,
        moves=0 if record is None else len(record.moves),
        seats=seats,
        problem=" ".join(problem.split()),
        transcript=transcript,
        program=_played_by(design),
        seconds=seconds,
        at=at,
    )
    return line if record is None else line.model_copy(update=_spent(record, seats))


def _line(
    design: Design,
    row: Row,
    state: State,
    moves: int,
    demands: Sequence[tuple[int | None, ...]],
    seconds: float,
    at: str,
) -> Finished:
    ended = state.status
    if ended == "open":
        raise AssertionError(f"session {row.number} is not over")
    agreed = state.agreement
    ends = zip(utilities(state).values(), payoffs(state).values(), demands, strict=True)
    return Finished(
        key=row.key,
        session=design.session(row.number),
        ended=ended,
        agreement=agreed,
        agreed_round=None if agreed is None else int(state.agreed_after) + 1,
        rounds=state.rounds_begun,
        moves=moves,
        in_force=_in_force(state),
        # Free of the last digits of summation, as in a session's record.
        seats=tuple(
            SeatEnd(utility=round(utility, 9), payoff=round(payoff, 9), demands=asked)
            for utility, payoff, asked in ends
        ),
        program=_played_by(design),
        seconds=seconds,
        at=at,
    )


def _played_by(design: Design) -> str:
    """Return the version of the program, and those of the libraries whose minds it seated."""
    return " with ".join((program_version(), *design.releases.values()))


def _in_force(state: State) -> bool | None:
    """Return whether a text that is signed binds anyone; None where none is."""
    if isinstance(state, HallState) and is_signed(state.scenario):
        return is_in_force(state)
    return None


def _demands_on_record(
    design: Design, row: Row, record: SessionRecord
) -> list[tuple[int | None, ...]]:
    asked: list[list[tuple[int, int]]] = [[] for _ in record.state.scenario.ids]
    for round_, mover, outcome in offers_among(record.moves, record.when):
        asked[mover].append((round_, outcome))
    last = record.when[-1][0] if record.when else -1
    return _demands(design, row, asked, last, record.state.rounds)


def _asked_in(play: Play) -> list[Asked]:
    """Return what each party offered."""
    parties, order = len(play.state.scenario.ids), play.state.turns
    asked: list[list[tuple[int, int]]] = [[] for _ in range(parties)]
    for turn, move in zip(play.turns, play.moves, strict=True):
        if isinstance(move, Offer):
            asked[order[turn]].append((turn // parties, move.outcome))
    return [*asked]


def _demands_in_turn(
    design: Design, row: Row, moves: Moves, last: int, rounds: int
) -> list[tuple[int | None, ...]]:
    """Return the same as `_demands` of two parties in turn that make an offer in every round.

    Only the last move may be an acceptance.
    """
    scales = design.scenarios[row.scenario].once("evaluation/scales", _scales)
    reached = [
        until
        for until, is_exact in _rounds_at(rounds)
        if until < last or (until == last and is_exact)
    ]
    later = (None,) * (POINTS - len(reached))
    offers = cast("list[int]", moves.offers.tolist())
    found: list[tuple[int | None, ...]] = []
    for first, scale in enumerate(scales):
        own = offers[first::2]
        final = len(own) - 1
        # Who never spoke has asked for nothing.
        asked = [scale.thousandths(own[min(until, final)]) if own else None for until in reached]
        found.append((*asked, *later))
    return found


def _demands(
    design: Design, row: Row, asked: Sequence[Asked], last: int, rounds: int
) -> list[tuple[int | None, ...]]:
    """Return what each party asked for at each point of time.

    Args:
        design: What is evaluated.
        row: The session.
        asked: Each party's offers.
        last: The round of the last move, from 0; −1 if there was none.
        rounds: How many rounds there were at most.
    """
    scales = design.scenarios[row.scenario].once("evaluation/scales", _scales)
    ends = _rounds_at(rounds)
    return [
        _of_party(scale, offers, ends, last) for scale, offers in zip(scales, asked, strict=True)
    ]


@lru_cache(maxsize=256)
def _rounds_at(rounds: int) -> tuple[tuple[int, bool], ...]:
    """Return, for each point of time, the last round begun by then, and whether it is on it."""
    spans = [divmod(point * (rounds - 1), POINTS - 1) for point in range(POINTS)]
    return tuple((whole, rest == 0) for whole, rest in spans)


def _of_party(
    scale: _Scale, offers: Asked, points: Sequence[tuple[int, bool]], last: int
) -> tuple[int | None, ...]:
    demands: list[int | None] = []
    place, demand = 0, None
    for until, is_exact in points:
        if until > last or (until == last and not is_exact):
            break
        while place < len(offers) and offers[place][0] <= until:
            demand = offers[place][1]
            place += 1
        demands.append(None if demand is None else scale.thousandths(demand))
    return (*demands, *(None,) * (POINTS - len(demands)))


@dataclass(frozen=True, eq=False)
class _Scale:
    """From one party's utilities to shares of what it can gain in the ZOPA."""

    own: Preferences
    most: float
    known: dict[int, int | None] = field(default_factory=dict[int, "int | None"])

    def thousandths(self, outcome: int) -> int | None:
        """Return (u − r)/(m − r) of an outcome in thousandths; None where nothing can be gained."""
        if outcome not in self.known:
            if len(self.known) >= MOST_KEPT:
                self.known.clear()
            self.known[outcome] = self._computed(outcome)
        return self.known[outcome]

    def _computed(self, outcome: int) -> int | None:
        room = self.most - self.own.reservation
        if room <= TIE:
            return None
        return round(1000 * (self.own.utility(outcome) - self.own.reservation) / room)


def _scales(scenario: Scenario) -> tuple[_Scale, ...]:
    rational = zopa(scenario)
    return tuple(
        _Scale(own, float(own.utilities[rational].max()) if len(rational) else own.reservation)
        for own in scenario.preferences
    )


def _spent(record: SessionRecord, seats: Sequence[SeatEnd]) -> Mapping[str, object]:
    """Return the fields of a line that tell what a session's model calls came to."""
    if record.events is None:
        return {}
    heard: dict[str, list[Event]] = {party: [] for party in record.state.scenario.ids}
    for event in record.events:
        if isinstance(event, Replied | Retried | Failed | Unusable | MoveMade):
            heard[event.party].append(event)
    lost, lost_usd = billed(e for e in record.events if isinstance(e, Retried | Failed))
    return {
        "seats": tuple(
            seat.model_copy(update=_seat_spent(events))
            for seat, events in zip(seats, heard.values(), strict=True)
        ),
        "retries": sum(isinstance(event, Retried) for event in record.events),
        "lost_tokens": lost.input + lost.output,
        "lost_cost_usd": lost_usd or 0.0,
    }


def _seat_spent(events: Iterable[Event]) -> Mapping[str, object]:
    listed = [*events]
    replies = [event for event in listed if isinstance(event, Replied)]
    tokens, cost_usd = billed(reply for reply in replies if not reply.from_cache)
    return {
        "calls": len(replies),
        "tokens_in": tokens.input,
        "tokens_out": tokens.output,
        "tokens_cached": tokens.cached,
        "cost_usd": cost_usd,
        "fallbacks": sum(isinstance(e, MoveMade) and e.fallback is not None for e in listed),
        "unusable": sum(isinstance(event, Unusable) for event in listed),
    }
