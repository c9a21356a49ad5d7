"""A session's result, as code and other tools read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from games.matrices.stance_game import offers_among, played_cell
from games.outcomes import Option
from games.participation.trust import after_session
from games.protocols.hall import HallState
from games.protocols.settlement import bound_parties
from games.ratification import parties_bound, ratified
from games.referee import Findings, referee
from games.session import Move, State, payoffs, utilities
from transcripts.conduct import Bill, Conduct, conduct
from transcripts.events import Event, Failed, Replied, Retried, SessionClosed, Tokens
from transcripts.happenings import happened_json
from transcripts.proceedings import Proceedings, proceedings

ResultStatus = Literal["agreement", "no-agreement", "walked-away", "incomplete"]


@dataclass(frozen=True, kw_only=True)
class Spend:
    """What a session's model calls came to."""

    calls: int = 0
    """Replies, those taken from the cache among them."""
    from_cache: int = 0
    """Replies of earlier sessions that were used again, at no cost."""
    tokens: Tokens = field(default_factory=Tokens)
    """Of the replies that were bought."""
    cost_usd: float | None = 0.0
    """None where a price is not known."""
    may_be_billed: Tokens = field(default_factory=Tokens)
    """The most that attempts whose answer was lost may be billed, beside `tokens`."""
    may_be_billed_usd: float | None = 0.0


class Spending:
    """Adds up what a session's model calls come to, event by event."""

    def __init__(self) -> None:
        self._calls = self._from_cache = 0
        self._bought, self._lost = Bill(), Bill()

    def add(self, event: Event) -> None:
        """Take in an event; most cost nothing."""
        match event:
            case Replied():
                self._calls += 1
                self._from_cache += event.from_cache
                if not event.from_cache:
                    self._bought.add(event)
            case Retried() | Failed():
                self._lost.add(event)
            case _:
                pass

    @property
    def so_far(self) -> Spend:
        """What they came to until now."""
        return Spend(
            calls=self._calls,
            from_cache=self._from_cache,
            tokens=self._bought.tokens,
            cost_usd=self._bought.cost_usd,
            may_be_billed=self._lost.tokens,
            may_be_billed_usd=self._lost.cost_usd,
        )


def spend(events: Iterable[Event]) -> Spend:
    """Return what the model calls among some events came to."""
    spending = Spending()
    for event in events:
        spending.add(event)
    return spending.so_far


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """How a session went; offers, findings and conduct are made when first asked for."""

    session: str
    state: State
    moves: Sequence[Move] = field(repr=False)
    """Every move, in order."""
    turns: Sequence[int] = field(repr=False)
    """The turn of each move."""
    places: Sequence[tuple[int, int]] | None = field(default=None, repr=False, compare=False)
    """Each move's round and the position of its mover; None where the turns tell."""
    transcript: Path | None = None
    spend: Spend = field(default_factory=Spend)
    events: Sequence[Event] | None = field(default=None, repr=False, compare=False)
    """What happened in the session itself, without what a branch shares with its parent; None
    where no model was asked and nothing was recorded."""

    @property
    def status(self) -> ResultStatus:
        """How the session ended, if it did."""
        return "incomplete" if self.state.status == "open" else self.state.status

    @cached_property
    def when(self) -> Sequence[tuple[int, int]]:
        """Each move's round, from 0, and the position of its mover."""
        if self.places is not None:
            return self.places
        parties = len(self.state.scenario.ids)
        return [(turn // parties, self.state.turns[turn]) for turn in self.turns]

    @property
    def movers(self) -> tuple[str, ...]:
        """The party that made each move, in order."""
        return tuple(self.state.scenario.ids[mover] for _, mover in self.when)

    @cached_property
    def offers(self) -> tuple[tuple[int, str, dict[str, Option]], ...]:
        """Every offer made: round (from 0), party, outcome."""
        scenario = self.state.scenario
        return tuple(
            (round_, scenario.ids[mover], scenario.space.outcome(outcome))
            for round_, mover, outcome in offers_among(self.moves, self.when)
        )

    @cached_property
    def referee(self) -> Findings:
        """What theory says of the session."""
        offers = offers_among(self.moves, self.when)
        played = played_cell(self.state.scenario, offers)
        scenario, state = self.state.scenario, self.state
        if not isinstance(state, HallState):
            bound = parties_bound(state)
            return referee(scenario, state.agreement, played, bound=bound)
        left = after_session(scenario, state.seen)
        bound = bound_parties(state)
        return referee(scenario, state.agreement, played, believed=left, bound=bound)

    @cached_property
    def seats(self) -> Mapping[str, Conduct]:
        """How each seat conducted itself: calls, faults, flags, what it let slip."""
        return conduct(self.state, self.moves, self.when, self.events)

    @cached_property
    def proceedings(self) -> Proceedings | None:
        """What came about in a plenary or forum; None elsewhere."""
        return proceedings(self.state, self.moves) if isinstance(self.state, HallState) else None

    def as_json(self) -> dict[str, object]:
        """Return the record in the shape of the JSON contract."""
        agreed = self.state.agreement
        home = ratified(self.state)
        held = None if self.proceedings is None else self.proceedings.as_json()
        # Where delegations sign, both stand at the top as well: they are part of the result.
        signed = held if held is not None and held["signatures"] is not None else {}
        return {
            "session": self.session,
            "transcript": None if self.transcript is None else str(self.transcript),
            "status": self.status,
            "agreement": None if agreed is None else self.state.scenario.space.outcome(agreed),
            "utilities": rounded(utilities(self.state)),
            "payoffs": rounded(payoffs(self.state)),
            "rounds": self.state.rounds_begun,
            "moves": len(self.moves),
            "model_calls": self.spend.calls,
            "tokens": self.spend.tokens.model_dump(),
            "cost_usd": self.spend.cost_usd,
            "seats": {party: seat.as_json() for party, seat in self.seats.items()},
            "referee": self.referee.as_json(),
            "hall": held,
            "happened": happened_json(self.state),
            **({} if home is None else {"ratification": home.as_json()}),
            **{name: signed[name] for name in ("in_force", "signatures") if name in signed},
        }


def closing(state: State) -> SessionClosed:
    """Return the event that says how a session ended."""
    agreed = state.agreement
    return SessionClosed(
        status=state.status,
        outcome=None if agreed is None else state.scenario.space.outcome(agreed),
        utilities=rounded(utilities(state)),
        payoffs=rounded(payoffs(state)),
    )


def rounded(points: dict[str, float]) -> dict[str, float]:
    """Return points free of the last digits of summation."""
    return {party: round(value, 9) for party, value in points.items()}
