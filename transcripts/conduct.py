"""How each seat conducted itself: its model calls, what went wrong with them, what it let slip.

Everything is counted from the events and the moves alone, whatever a seat was told to let pass: a
move below the own reservation value counts whether or not it was marked when it was made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from games.moves import Accept, KeepSilence, Merge, Move, Offer, Sign, Vote, WalkAway
from games.protocols.hall import HallState
from games.session import State, replayed
from transcripts.events import (
    Event,
    Failed,
    MoveMade,
    Replied,
    Retried,
    Tokens,
    Unusable,
)
from transcripts.leakage import Secrets, heard_by_party, secrets_of

UNNAMED = "unnamed"
"""The fault of an unusable reply in a transcript that names none."""


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """How one seat conducted itself in a session."""

    model_calls: int = 0
    """Replies, those taken from the cache among them."""
    from_cache: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    """Of the replies that were bought."""
    cost_usd: float | None = 0.0
    """None where a price is not known."""
    retries: int = 0
    may_be_billed: Tokens = field(default_factory=Tokens)
    """The most that failed attempts may be billed, beside `tokens`."""
    may_be_billed_usd: float | None = 0.0
    unusable: Mapping[str, int] = field(default_factory=dict[str, int])
    """Fault → replies that had to be asked for again or given up."""
    fallback_moves: int = 0
    template_worded: int = 0
    """Moves that a template had to word."""
    flags: Mapping[str, int] = field(default_factory=dict[str, int])
    below_reservation: int = 0
    """Offers and acceptances worth less to the party than no agreement."""
    figures_told: int = 0
    """Private figures of its own said aloud."""
    quotations_told: int = 0
    """Runs of its private brief said aloud."""
    unknown_figures: int = 0
    """Figures said aloud that are neither public nor its own."""
    private_figures: int = 0
    """Figures that it has to keep to itself; counted where a model or a person spoke."""
    tellable_figures: int = 0
    """Those among them that are no public numbers as well: no other can be told."""

    def as_json(self) -> dict[str, object]:
        """Return the record as plain JSON values."""
        return {
            "model_calls": self.model_calls,
            "from_cache": self.from_cache,
            "tokens": self.tokens.model_dump(),
            "cost_usd": self.cost_usd,
            "retries": self.retries,
            "may_be_billed": self.may_be_billed.model_dump(),
            "may_be_billed_usd": self.may_be_billed_usd,
            "unusable": dict(self.unusable),
            "fallback_moves": self.fallback_moves,
            "template_worded": self.template_worded,
            "flags": dict(self.flags),
            "below_reservation": self.below_reservation,
            "figures_told": self.figures_told,
            "quotations_told": self.quotations_told,
            "unknown_figures": self.unknown_figures,
            "private_figures": self.private_figures,
            "tellable_figures": self.tellable_figures,
        }


def conduct(
    state: State,
    moves: Sequence[Move],
    when: Sequence[tuple[int, int]],
    events: Sequence[Event] | None,
) -> dict[str, Conduct]:
    """Return how each seat conducted itself.

    Args:
        state: The session's state in the end.
        moves: Every move, in order.
        when: Each move's round and the position of its mover.
        events: What happened in the session itself, without what a branch shares with its parent;
            None where no model was asked and nothing was recorded.
    """
    discussed = _discussed(state, moves, when)
    befores = [before for before, _ in replayed(state, moves)] if state.happened else []
    seats = {
        party: Conduct(below_reservation=_below(state, befores, position, discussed))
        for position, party in enumerate(state.scenario.ids)
    }
    if events is None:
        return seats
    made = [event for event in events if isinstance(event, MoveMade)]
    discussed = discussed[len(moves) - len(made) :]
    befores = befores[len(moves) - len(made) :]
    scenes: dict[int, State] = {}
    if befores:
        scenes = {event.n: before for event, before in zip(made, befores, strict=True)}
    for position, party in enumerate(state.scenario.ids):
        spoken = [
            (event, outcomes)
            for event, (_, outcomes) in zip(made, discussed, strict=True)
            if event.party == party
        ]
        seat = Conduct(below_reservation=_below(state, befores, position, discussed))
        seat = _with_calls(seat, [event for event in events if _is_of(event, party)])
        seats[party] = _with_words(_with_moves(seat, spoken), state, party, spoken, scenes)
    return seats


_Discussed = Sequence[tuple[int, list[int]]]
"""Each move's party, and the outcomes it was about, the one it chose first."""

_Spoken = Sequence[tuple[MoveMade, list[int]]]
"""One party's moves, and the outcomes that each was about."""


def _discussed(state: State, moves: Sequence[Move], when: Sequence[tuple[int, int]]) -> _Discussed:
    if isinstance(state, HallState) or state.happened:
        return _discussed_as_held(state, moves)
    found: list[tuple[int, list[int]]] = []
    offer: int | None = None
    offerer = -1
    for move, (_, mover) in zip(moves, when, strict=True):
        table = [] if offer is None else [offer]
        match move:
            case Offer(outcome=outcome):
                found.append((mover, [outcome, *table]))
                offer, offerer = outcome, mover
            case Accept():
                found.append((mover, table))
            case WalkAway():
                found.append((mover, []))
                offer = None if mover == offerer else offer
            case _:
                found.append((mover, []))
    return found


def _discussed_as_held(state: State, moves: Sequence[Move]) -> _Discussed:
    """Return each move's party and the outcomes it was about, the talks being held again."""
    found: list[tuple[int, list[int]]] = []
    for move, (now, _) in zip(moves, replayed(state, moves), strict=True):
        table = [] if now.on_table is None else [now.on_table]
        match move:
            case Offer(outcome=outcome) | Merge(outcome=outcome):
                found.append((now.mover, [outcome, *table]))
            case Accept() | KeepSilence() | Vote(ballot="yes"):
                found.append((now.mover, table))
            # A declaration brings a part of the gain, and may be worth it where the text is not.
            case Sign(signature="binding"):
                found.append((now.mover, table))
            case _:
                found.append((now.mover, []))
    return found


def _below(state: State, befores: Sequence[State], position: int, discussed: _Discussed) -> int:
    """Return how many of a party's moves chose an outcome worth less to it than no agreement.

    Each by what the party wanted when it moved.

    Args:
        state: The session's state in the end.
        befores: The states before the moves discussed; none where nothing happened meanwhile.
        position: The party's.
        discussed: Moves and what they were about.
    """
    if not befores:
        own = state.scenario.preferences[position]
        chosen = [outcomes[0] for mover, outcomes in discussed if mover == position and outcomes]
        return sum(own.falls_short(outcome) for outcome in chosen)
    return sum(
        before.scenario.preferences[position].falls_short(outcomes[0])
        for before, (mover, outcomes) in zip(befores, discussed, strict=True)
        if mover == position and outcomes
    )


def _is_of(event: Event, party: str) -> bool:
    calls = isinstance(event, Replied | Retried | Failed | Unusable)
    return calls and event.party == party


def _with_calls(seat: Conduct, events: Sequence[Event]) -> Conduct:
    replies = [event for event in events if isinstance(event, Replied)]
    failed = [event for event in events if isinstance(event, Retried | Failed)]
    faults = Counter(event.fault or UNNAMED for event in events if isinstance(event, Unusable))
    tokens, cost_usd = billed(reply for reply in replies if not reply.from_cache)
    may_be_billed, may_be_billed_usd = billed(failed)
    return replace(
        seat,
        model_calls=len(replies),
        from_cache=sum(reply.from_cache for reply in replies),
        tokens=tokens,
        cost_usd=cost_usd,
        retries=sum(isinstance(event, Retried) for event in failed),
        may_be_billed=may_be_billed,
        may_be_billed_usd=may_be_billed_usd,
        unusable=dict(sorted(faults.items())),
    )


def _with_moves(seat: Conduct, spoken: _Spoken) -> Conduct:
    flags = Counter(flag for event, _ in spoken for flag in event.flags)
    return replace(
        seat,
        fallback_moves=sum(event.fallback is not None for event, _ in spoken),
        template_worded=sum(event.words_fallback is not None for event, _ in spoken),
        flags=dict(sorted(flags.items())),
    )


def _secrets(state: State, party: str) -> Secrets:
    """Return what a party has to keep to itself in a state."""
    scenario = state.scenario
    own = scenario.preferences[scenario.ids.index(party)]
    rounds, private = scenario.protocol.rounds, scenario.parties[party]
    return secrets_of(scenario, rounds, private, own, heard_by_party(state, party))


def _with_words(
    seat: Conduct, state: State, party: str, spoken: _Spoken, scenes: Mapping[int, State]
) -> Conduct:
    """Return a seat's conduct with what its words gave away, each by what was secret then.

    Args:
        seat: Its conduct so far.
        state: The session's state in the end.
        party: The seat's.
        spoken: Its moves, and the outcomes that each was about.
        scenes: The state in which each event's move was made, where anything has happened.
    """
    own_words = [one for one in spoken if one[0].worded_by != "templates" and one[0].words]
    if not own_words:
        return seat
    secrets = _secrets(state, party)
    then = {event.n: secrets for event, _ in own_words}
    if state.happened:
        then = {n: _secrets(before, party) for n, before in scenes.items() if n in then}
    told = [then[event.n].told(event.words, outcomes) for event, outcomes in own_words]
    figures = secrets.tellable(outcome for _, outcomes in spoken for outcome in outcomes)
    return replace(
        seat,
        figures_told=sum(len(one.figures) for one in told),
        quotations_told=sum(len(one.quotations) for one in told),
        unknown_figures=sum(len(one.unknown) for one in told),
        private_figures=figures.private,
        tellable_figures=figures.tellable,
    )


class Bill:
    """Adds up calls or failed attempts."""

    def __init__(self) -> None:
        self._input = self._output = self._cached = self._reasoning = 0
        self._cost_usd: float | None = 0.0

    def add(self, event: Replied | Retried | Failed) -> None:
        """Take in one of them."""
        self._input += event.tokens.input
        self._output += event.tokens.output
        self._cached += event.tokens.cached
        self._reasoning += event.tokens.reasoning
        if self._cost_usd is not None:
            self._cost_usd = None if event.cost_usd is None else self._cost_usd + event.cost_usd

    @property
    def tokens(self) -> Tokens:
        """How many tokens they took."""
        return Tokens(
            input=self._input,
            output=self._output,
            cached=self._cached,
            reasoning=self._reasoning,
        )

    @property
    def cost_usd(self) -> float | None:
        """What they cost; None where a price is not known."""
        return self._cost_usd


def billed(events: Iterable[Replied | Retried | Failed]) -> tuple[Tokens, float | None]:
    """Return what some calls or failed attempts came to; None where a price is not known."""
    bill = Bill()
    for event in events:
        bill.add(event)
    return bill.tokens, bill.cost_usd
