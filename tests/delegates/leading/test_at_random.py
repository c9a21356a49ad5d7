"""Orders given at any instant, from another thread: no answer is lost, and no move made twice."""

import asyncio
import os
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from delegates import negotiate_async
from delegates.leading.lead import TRAINER, Lead
from delegates.minds.firm import Firm
from delegates.persons.person import Answer, HandOver, PersonMove, Turn
from delegates.persons.several import SeveralPersons
from games.happenings.happening import Struck
from games.moves import Pass
from tests.games.eventful import KINDS, eventful
from transcripts import verify
from transcripts.events import Decided, Event, HandedOver, Happened, MoveMade
from transcripts.fold import Folded, fold
from transcripts.store import Transcript

SHOCKS = ("fall", "lot", "quota", "flood")
"""Three there are, and one there is not."""

A_WHILE_S = 0.002
"""The longest from an order to the next while nothing goes on record."""


@dataclass
class Sitter:
    """A person who takes a while over some answers, and keeps what became of each question."""

    chance: Random
    asked: list[tuple[int, PersonMove | None]] = field(
        default_factory=list["tuple[int, PersonMove | None]"]
    )
    """The turn, and what was answered; None where the question was withdrawn."""
    shown: list[tuple[int, PersonMove | None]] = field(
        default_factory=list["tuple[int, PersonMove | None]"]
    )
    """The turn, and what was shown as sent before."""

    async def move(self, turn: Turn) -> Answer:
        assert turn.problem is None, turn.problem
        self.shown.append((turn.view.turn, turn.sent))
        self.asked.append((turn.view.turn, None))
        number = len(self.asked)
        for _ in range(self.chance.randrange(40)):
            await asyncio.sleep(0)
        if self.chance.random() < 0.05:
            return HandOver(1)
        view = turn.view
        if view.hall is not None:
            move = view.hall.by_rule(lambda: Firm().choose(view))
        else:
            move = Pass() if view.is_held else Firm().choose(view)
        answer = PersonMove(move, f"Answer {number}.")
        self.asked[-1] = (turn.view.turn, answer)
        return answer

    def wants_back(self, party: str) -> bool:
        del party
        return self.chance.random() < 0.5


@dataclass
class Trainer:
    """Gives orders by lot from a thread of its own until the session is over."""

    lead: Lead
    chance: Random
    moves: int = 0
    """How many moves are on record."""
    taken: list[str] = field(default_factory=list[str])
    """The shocks that were said to strike."""
    most_in_pause: int = 0
    stirred: threading.Event = field(default_factory=threading.Event)
    """Set when an event goes on record."""
    is_over: threading.Event = field(default_factory=threading.Event)

    def watch(self, event: Event, _: Folded) -> None:
        self.moves += isinstance(event, MoveMade)
        self.stirred.set()

    def give_orders(self) -> None:
        while not self.is_over.is_set():
            self._order()
            for _ in range(self.chance.randrange(4)):
                self.stirred.wait(A_WHILE_S)
                self.stirred.clear()

    def _order(self) -> None:
        lot = self.chance.random()
        party = self.chance.choice(["A", "B"])
        if lot < 0.4:
            self._pause(party)
        elif lot < 0.6:
            self._strike()
        elif lot < 0.8:
            self.lead.hand_over(party)
        else:
            self.lead.give_back(party)

    def _pause(self, party: str) -> None:
        self.lead.pause()
        before = self.moves
        for _ in range(self.chance.randrange(200)):
            os.sched_yield()  # the session's thread goes on meanwhile
        if self.chance.random() < 0.5:
            self._strike()
        if self.chance.random() < 0.3:
            self.lead.hand_over(party)
            self.lead.give_back(party)
        self.most_in_pause = max(self.most_in_pause, self.moves - before)
        self.lead.go_on()

    def _strike(self) -> None:
        shock = self.chance.choice(SHOCKS)
        if self.lead.strike(shock) is None:
            self.taken.append(shock)


def played(kind: str, seed: int, path: Path) -> tuple[Trainer, dict[str, Sitter]]:
    """Play a session of two persons while a trainer gives orders by lot."""
    lead = Lead(pace_s=0.0)
    trainer = Trainer(lead, Random(seed))
    sitters = {party: Sitter(Random(f"{seed}/{party}")) for party in ("A", "B")}
    thread = threading.Thread(target=trainer.give_orders)
    thread.start()
    try:
        asyncio.run(
            negotiate_async(
                eventful(kind),
                dict.fromkeys(sitters, "human(stand-in=conceder)"),
                seed=seed,
                transcript=path,
                person=SeveralPersons(dict(sitters)),
                watch=trainer.watch,
                lead=lead,
            )
        )
    finally:
        trainer.is_over.set()
        thread.join()
    return trainer, sitters


@settings(max_examples=12, deadline=None)
@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 2**32))
def test_orders_at_any_instant_lose_no_answer_and_double_no_move(kind: str, seed: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.jsonl"
        trainer, sitters = played(kind, seed, path)
        found = verify(path)
        assert (found.as_json()["problems"], found.complete) == ([], True)
        events = list(Transcript(path).events())
    turns = [one.turn for one in events if isinstance(one, MoveMade)]
    assert turns == list(dict.fromkeys(turns))
    assert trainer.most_in_pause <= 1
    _require_struck_as_ordered(trainer, events)
    for party, sitter in sitters.items():
        _require_nothing_lost(sitter, party, events)


def _require_struck_as_ordered(trainer: Trainer, events: list[Event]) -> None:
    """Check that what was said to strike did so once, or came too late, and nothing else did."""
    happened = [one for one in events if isinstance(one, Happened) and one.what == "shock"]
    struck = Counter(one.shock for one in happened)
    assert set(struck.values()) <= {1}
    assert "flood" not in trainer.taken
    for shock in trainer.taken:
        assert shock in struck or shock in trainer.lead.booked
    assert {one.shock for one in happened if one.by == "trainer"} <= set(trainer.taken)
    causes = [one.cause for one in fold(events).state.happened]
    assert len([one for one in causes if isinstance(one, Struck)]) == len(happened)


def _require_nothing_lost(sitter: Sitter, party: str, events: list[Event]) -> None:
    """Check that the last answer of each turn is on record, or the trainer took the turn away."""
    decided = {
        one.turn: one.words for one in events if isinstance(one, Decided) and one.party == party
    }
    taken_away = {
        one.turn
        for one in events
        if isinstance(one, HandedOver) and one.party == party and one.reason.startswith(TRAINER)
    }
    for turn, answer in dict(sitter.asked).items():
        if answer is not None and turn not in taken_away:
            assert decided.get(turn) == answer.words
    last: dict[int, PersonMove] = {}
    questions = zip(sitter.asked, sitter.shown, strict=True)
    for (turn, answer), (_, shown) in questions:
        # What had been sent before and was not taken is shown; nothing else is.
        assert shown is None or shown in [last[at] for at in last if at == turn]
        if answer is not None:
            last[turn] = answer
    assert len(decided) == len({turn for turn in decided if turn in dict(sitter.asked)})
