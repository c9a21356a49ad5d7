"""From events to the session they tell of: the fold of `step` over the moves."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from games.errors import DelegateError, IllegalMove, UnsoundEvent
from games.happenings.happening import inject
from games.preparation import problem_with_sheet
from games.referee import Findings
from games.scenario import Scenario
from games.session import Move, State, start, step
from transcripts.acts import move_of, outcome_of
from transcripts.events import (
    Asked,
    Decided,
    Event,
    Found,
    HandedOver,
    Happened,
    Limits,
    MoveMade,
    Opened,
    Parent,
    Prepared,
    Replied,
    Resumed,
    SessionClosed,
    Suggested,
)
from transcripts.happenings import due, problem_with_shocks, same_happening, told
from transcripts.places import misplaced
from transcripts.preparation import problem_with_writing
from transcripts.record import SessionRecord, Spending
from transcripts.store import Transcript


@dataclass(frozen=True)
class StandIn:
    """A person's seat is held by its stand-in: since when, why, for how many more of its turns."""

    since: int
    """The turn in which it was handed over."""
    reason: str
    turns: int | None
    """None until the person takes the seat back."""


@dataclass
class Folded:
    """A session as its events tell it, so far."""

    header: Opened
    scenario: Scenario
    state: State
    events: list[Event] = field(default_factory=list["Event"])
    made: list[MoveMade] = field(default_factory=list["MoveMade"])
    moves: list[Move] = field(default_factory=list["Move"])
    """The same, as moves."""
    keeps: bool = True
    """Whether `events` and `made` hold what was taken in: of a million events only what they came
    to may be wanted."""
    turns: array[int] = field(default_factory=partial(array, "q"))
    """The turn of each move."""
    rounds: array[int] = field(default_factory=partial(array, "q"))
    """The round of each move."""
    movers: array[int] = field(default_factory=partial(array, "h"))
    """The position of each move's party."""
    count: int = 1
    """How many events were taken in, the header among them."""
    spending: Spending = field(default_factory=Spending)
    """What the model calls of this session itself came to."""
    shared: tuple[int, bool] | None = None
    """Of a branch, how many moves stand up to the event at which it branched off, and whether that
    is one of them; None until it is taken in."""
    pending: list[tuple[Asked, Replied | None]] = field(
        default_factory=list["tuple[Asked, Replied | None]"]
    )
    """Calls asked since the last move, with their replies where these arrived."""
    decided: Decided | None = None
    """What a person decided, where the move is not made yet."""
    stand_ins: dict[str, StandIn] = field(default_factory=dict[str, StandIn])
    """The seats of persons that are held by their stand-ins now."""
    closed: SessionClosed | None = None
    found: Found | None = None
    sheets: list[Prepared] = field(default_factory=list[Prepared])
    """What persons wrote down of the game, in order."""
    as_prepared: list[Scenario] = field(default_factory=list[Scenario])
    """The scenario as it was when each of the sheets was written."""
    advice: Suggested | None = None
    """What the adviser has said to the party to move; None where it was not asked since the last
    move, or something has happened since."""
    told: int = 0
    """How much of what has happened between moves is among the events."""

    @property
    def limits(self) -> Limits:
        """The caps that hold for whoever carries the session on, until others are given."""
        resumed = [event for event in self.own_events if isinstance(event, Resumed)]
        return resumed[-1].limits if resumed else self.header.limits

    @property
    def findings(self) -> Findings:
        """What theory says of the session as far as it went."""
        return self.record(None).referee

    @property
    def own_events(self) -> list[Event]:
        """What happened in this session itself: after the header and what a branch shares."""
        parent = self.header.parent
        return self.events[1 if parent is None else parent.event + 1 :]

    def forget(self) -> None:
        """Drop the events and where the moves stand; what they came to stays."""
        for kept in (self.events, self.made):
            kept.clear()
        for kept in (self.turns, self.rounds, self.movers):
            del kept[:]

    def add(self, event: Event) -> None:
        """Take in the next event.

        Raises:
            UnsoundEvent: If the event cannot have happened here.
        """
        number, parent = self.count, self.header.parent
        self.count += 1
        if self.keeps:
            self.events.append(event)
        if parent is None or number > parent.event:
            self.spending.add(event)
        self._take(event)
        if parent is not None and number == parent.event:
            self.shared = (len(self.moves), isinstance(event, MoveMade))
            self._branch_off(parent)

    def _take(self, event: Event) -> None:
        match event:
            case MoveMade():
                self._move(event)
            case Asked():
                self.pending.append((event, None))
            case Replied():
                self._reply(event)
            case Decided():
                self._decide(event)
            case HandedOver():
                self._hand_over(event)
            case Happened():
                self._happen(event)
            case Prepared():
                self._prepare(event)
            case Suggested():
                self._advise(event)
            case SessionClosed():
                self._close(event)
            case Found():
                self.found = event
            case _:
                pass

    def _branch_off(self, parent: Parent) -> None:
        """Let those who sit otherwise from here on be held by no one's stand-in."""
        for party in parent.seats:
            self.stand_ins.pop(party, None)

    def _prepare(self, event: Prepared) -> None:
        """Take in a sheet: one before the first move, and where there is one, one at half time."""
        problem = problem_with_writing(self.state, event, self.sheets, has_begun=bool(self.moves))
        if event.when == "half-time" and problem is None:
            self._require_turn(event, "guesses again")
        problem = problem or problem_with_sheet(self.scenario, event.party, event.sheet)
        if problem is not None:
            raise UnsoundEvent(event.n, problem)
        self.sheets.append(event)
        # Who prepares knows the session as it is announced, not what strikes as it begins.
        seen = self.scenario if event.when == "before" else self.state.scenario
        self.as_prepared.append(seen)

    def _advise(self, event: Suggested) -> None:
        self._require_turn(event, "asks for advice")
        if self.advice is not None:
            raise UnsoundEvent(event.n, f"a second advice of turn {event.turn}")
        try:
            move_of(self.scenario, event)
        except ValueError as error:
            raise UnsoundEvent(event.n, f"advice: {error}") from None
        self.advice = event

    def _require_turn(
        self, event: MoveMade | Decided | HandedOver | Prepared | Suggested, does: str
    ) -> None:
        expected = None if not self.state.is_open else (self.state.turn, self.state.party)
        if expected != (event.turn, event.party):
            raise UnsoundEvent(
                event.n,
                f"{event.party} {does} at turn {event.turn}; expected "
                + (f"{expected[1]} at turn {expected[0]}" if expected else "no further move"),
            )

    def untold(self) -> list[Happened]:
        """Return what has happened between moves and is not among the events yet."""
        return [told(self.state.scenario, one) for one in self.state.happened[self.told :]]

    def _happen(self, event: Happened) -> None:
        """Take in what happened: what had to by date, lot or capital, or a trainer's shock."""
        expected = self.untold()
        try:
            if not expected and event.by == "trainer" and event.shock is not None:
                self.state = inject(self.state, event.shock)
                expected = self.untold()
        except IllegalMove as error:
            raise UnsoundEvent(event.n, str(error)) from None
        if not expected or not same_happening(event, expected[0]):
            known = f"expected {expected[0].words!r}" if expected else "nothing has happened here"
            raise UnsoundEvent(event.n, f"{event.what} of turn {event.turn}; {known}")
        self.told += 1
        self.advice = None

    def _require_told(self, event: MoveMade | Decided) -> None:
        missing = self.untold()
        if missing:
            raise UnsoundEvent(
                event.n, f"before it something happened that is not told: {missing[0].words!r}"
            )
        for shock in due(self.state, self.header.shocks):
            raise UnsoundEvent(
                event.n, f"before it {shock} was to strike, as event 0 plans; it did not"
            )

    def _move(self, event: MoveMade) -> None:
        self._require_turn(event, "moves")
        self._require_told(event)
        decided = self.decided
        if decided is not None and _deed(decided) != _deed(event):
            raise UnsoundEvent(event.n, f"another move than event {decided.n} decided")
        if event.round != self.state.round:
            raise UnsoundEvent(
                event.n, f"a move of round {event.round}; expected round {self.state.round}"
            )
        try:
            move = move_of(self.scenario, event)
            state, _ = step(self.state, move)
        except (DelegateError, ValueError) as error:
            raise UnsoundEvent(event.n, str(error)) from None
        if event.outcome is not None and outcome_of(self.scenario, move) is None:
            raise UnsoundEvent(event.n, f"{event.act} with an outcome; expected none")
        problem = misplaced(self.state, event, move)
        if problem is not None:
            raise UnsoundEvent(event.n, problem)
        self.state = state
        if self.keeps:
            self.made.append(event)
        self.moves.append(move)
        self.turns.append(event.turn)
        self.rounds.append(event.round)
        self.movers.append(self.scenario.ids.index(event.party))
        self.pending.clear()
        self.decided = self.advice = None
        self._count_stand_in(event.party)

    def _count_stand_in(self, party: str) -> None:
        """Give a seat back to its person once the stand-in has moved as often as it was to."""
        holds = self.stand_ins.get(party)
        if holds is None or holds.turns is None:
            return
        if holds.turns > 1:
            self.stand_ins[party] = StandIn(holds.since, holds.reason, holds.turns - 1)
        else:
            del self.stand_ins[party]

    def _decide(self, event: Decided) -> None:
        self._require_turn(event, "decides")
        self._require_told(event)
        self.decided = event

    def _hand_over(self, event: HandedOver) -> None:
        self._require_turn(event, "hands over")
        if event.to == "stand-in":
            self.stand_ins[event.party] = StandIn(event.turn, event.reason, event.turns)
        else:
            self.stand_ins.pop(event.party, None)

    def _reply(self, event: Replied) -> None:
        if not self.pending or self.pending[-1][0].call != event.call:
            raise UnsoundEvent(event.n, f"a reply to call {event.call}, never asked")
        self.pending[-1] = (self.pending[-1][0], event)

    def _close(self, event: SessionClosed) -> None:
        if event.status != self.state.status:
            raise UnsoundEvent(
                event.n, f"closed as {event.status}, but the moves end in {self.state.status}"
            )
        self.closed = event

    def record(self, path: Path | None = None) -> SessionRecord:
        """Return the session's result so far."""
        return SessionRecord(
            session=self.header.session,
            state=self.state,
            moves=list(self.moves),
            turns=list(self.turns),
            places=list(zip(self.rounds, self.movers, strict=True)),
            transcript=path,
            spend=self.spending.so_far,
            events=self.own_events if self.keeps else None,
        )


def scenario_of(header: Opened) -> Scenario:
    """Return the scenario that a header holds.

    Raises:
        UnsoundEvent: If it holds none.
    """
    try:
        return Scenario.model_validate(header.scenario)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]["msg"]
        raise UnsoundEvent(0, f"the scenario is not valid: {problem}") from None


def fold(events: Iterable[Event], scenario: Scenario | None = None) -> Folded:
    """Return the session that events tell of, the header first.

    Args:
        events: The events.
        scenario: The header's scenario where it is at hand: what it has computed is kept.

    Raises:
        UnsoundEvent: If they begin with no header or tell of something impossible.
    """
    iterator = iter(events)
    header = next(iterator, None)
    if not isinstance(header, Opened):
        raise UnsoundEvent(0, "expected the header")
    folded = begin(header, scenario)
    for event in iterator:
        folded.add(event)
    require_shared(folded)
    return folded


def require_shared(folded: Folded) -> None:
    """Check that a branch holds what it says it shares with its parent.

    Raises:
        UnsoundEvent: If the event at which it branched off is missing, or no move.
    """
    header = folded.header
    parent = header.parent
    if parent is None:
        return
    # A branch that shares no move branches off after the header.
    moves, ends_in_move = (0, True) if parent.event == 0 else folded.shared or (None, False)
    if not ends_in_move or moves != parent.moves:
        found = len(folded.moves) if moves is None else moves
        raise UnsoundEvent(
            header.n,
            f"branched off after move {parent.moves}, event {parent.event}; "
            f"found {found} moves among {folded.count} events up to there",
        )


def begin(header: Opened, scenario: Scenario | None = None, *, keeps: bool = True) -> Folded:
    """Return the session as its header opens it, before any move.

    Args:
        header: The header.
        scenario: The header's scenario where it is at hand: what it has computed is kept.
        keeps: Whether every event that it will take in is kept.

    Raises:
        UnsoundEvent: If the header holds no valid scenario, or plans shocks that cannot strike.
    """
    scenario = scenario or scenario_of(header)
    problem = problem_with_shocks(scenario, header.shocks)
    if problem is not None:
        raise UnsoundEvent(0, f"shocks: {problem}")
    return Folded(header, scenario, start(scenario, header.seed), [header], keeps=keeps)


def opened(
    transcript: Transcript,
    scenario: Callable[[Opened], Scenario] = scenario_of,
    *,
    keeps: bool = True,
) -> Folded:
    """Return the session as a transcript's header opens it, before any move.

    Args:
        transcript: The transcript.
        scenario: Returns the scenario that a header holds.
        keeps: Whether every event that it will take in is kept.

    Raises:
        TranscriptError: If it does not begin with a header that can be; the file is named.
    """
    header = transcript.header()
    try:
        return begin(header, scenario(header), keeps=keeps)
    except UnsoundEvent as error:
        raise error.of(transcript.path) from None


def follow(transcript: Transcript, folded: Folded) -> Iterator[str]:
    """Take in a transcript line by line, each checked, and yield each one's hash once it is in.

    Args:
        transcript: The transcript.
        folded: The session as its header opens it.

    Raises:
        UnsoundEvent: At the first line that is not sound, or tells of something impossible.
        TranscriptError: If the file cannot be read any more.
    """
    for event, digest in transcript.chain():
        try:
            if event.n:
                folded.add(event)
        except UnsoundEvent as error:
            raise error.of(transcript.path) from None
        yield digest


def _deed(event: MoveMade | Decided) -> tuple[object, ...]:
    return event.act, event.outcome, event.on
