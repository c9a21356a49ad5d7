"""The table: whoever must move is asked, the session is stepped, and all is written down.

In which order that happens, `delegates.orchestration` says. The transcript is the only durable
truth: a table set up anew from it carries on where a crash ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from delegates.contract import Decision, ScriptedMind, Utterance, View
from delegates.hearing import Hearing, is_worded
from delegates.keeping import on_disk
from delegates.leading.lead import Lead
from delegates.leading.trainer import OpenShock, shocks_open, shocks_struck
from delegates.listening import Listener
from delegates.persons.aids import advice_given, aid_given, guesses_due, problem_with_aid
from delegates.persons.person import (
    Answer,
    AskAdvice,
    GuessAgain,
    HandOver,
    HaveStrike,
    Person,
    PersonMove,
    Timer,
    Turn,
    answer_in_time,
    too_much_said,
)
from delegates.seating import Delegate
from delegates.seats import SeatSpec
from delegates.shortfall import falls_short
from delegates.views import view_of
from delegates.voices.template import TemplateVoice, phrase
from games.happenings.happening import inject
from games.moves import AskCapital, Move
from games.preparation import Sheet
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import HallState
from games.referee import REFEREE_VERSION
from games.scenario import Scenario
from games.session import problem_with
from transcripts.acts import act_of, move_of, outcome_of, terms_of
from transcripts.events import (
    Decided,
    Event,
    Flag,
    Found,
    HandedOver,
    MoveMade,
)
from transcripts.fold import Folded
from transcripts.happenings import due, told
from transcripts.places import heard_by
from transcripts.record import closing
from transcripts.store import Memory, TranscriptFile

Watcher = Callable[[Event, Folded], None]
"""Shown each event after it is kept."""


@dataclass
class Table:
    """One session under way: its delegates, its record, and those who watch."""

    folded: Folded
    recorder: Memory | TranscriptFile
    watch: Watcher | None = None
    delegates: dict[str, Delegate] = field(default_factory=dict[str, Delegate])
    heard: Hearing = field(default_factory=Hearing)
    """Every move, by those who heard it."""
    person: Person | None = None
    """The front end of the persons at the table."""
    listen: Listener | None = None
    """Shown words of models as they come."""
    guesses: Sheet | None = None
    """What the person guessed last at half time."""
    plays_on: bool = False
    """Whether all turns up to a person's are one step of the graph; see decision 28 in docs."""
    asked_at: tuple[int, float] | None = None
    """The turn in which the person was asked last, and when in it first: neither guesses nor advice
    nor a shock that they have strike gives them more time."""
    timer: Timer = field(default_factory=Timer)
    """By which a person's time is measured."""
    lead: Lead | None = None
    """Whoever leads the exercise from elsewhere; None where who sits alone leads it too."""
    sent: tuple[int, PersonMove] | None = None
    """The turn and the move that a person sent in it last, where it was not taken at once."""
    _wanted_back: int | None = None
    """The turn before whose move a person said that they want the seat that the stand-in holds."""

    def __post_init__(self) -> None:
        """Take in the moves of an earlier run."""
        for event, move in zip(self.folded.made, self.folded.moves, strict=True):
            self.heard.add(event, move)

    def seat(self, delegates: dict[str, Delegate]) -> None:
        """Let the delegates take their seats."""
        self.delegates = delegates
        self._tell()

    def record(self, event: Event, *, durable: bool = False) -> None:
        """Keep an event, then let those who watch see it."""
        self._take_in(self.recorder.append(event, durable=durable))

    async def record_durably(self, event: Event) -> None:
        """Keep an event, and let others see it once it is on disk; other sessions go on so long.

        Raises:
            NotKept: If the disk does not take it; the file and the fold have it all the same.
        """
        kept = self.recorder.append(event)
        try:
            await on_disk(self.recorder)
        finally:
            # It stands in the file, even if nobody waits for the disk any more.
            self._take_in(kept)

    def _take_in(self, kept: Event) -> None:
        self.folded.add(kept)
        if isinstance(kept, MoveMade):
            self.heard.add(kept, self.folded.moves[-1])
        if self.lead is not None:
            self.lead.hear(self.folded)
        if self.watch is not None:
            self.watch(kept, self.folded)
        if isinstance(kept, MoveMade):
            self._tell()

    def _tell(self) -> None:
        """Record what has happened since the last move, and have strike what is to strike now."""
        for event in self.folded.untold():
            self.record(event)
        for shock in list(due(self.folded.state, self.folded.header.shocks)):
            self.inject(shock)

    def inject(self, shock: str) -> None:
        """Have a shock strike now.

        Raises:
            IllegalMove: If it cannot.
        """
        after = inject(self.folded.state, shock)
        self.record(told(after.scenario, after.happened[-1]), durable=True)

    @property
    def is_open(self) -> bool:
        """Whether a move is awaited."""
        return self.folded.state.is_open

    @property
    def mover(self) -> Delegate:
        """The delegate whose move is awaited."""
        return self.delegates[self.folded.state.party]

    def view(self) -> View:
        """Return what the delegate to move may know."""
        state = self.folded.state
        room = state.room if isinstance(state, HallState) else None
        number = None if room is None else room.number
        # No rule reads what was said, and to look it up for each of 56 would take its time.
        mover = self.delegates.get(state.party)
        reads = mover is not None and not mover.scripted
        apart = self.heard.apart(state.party, number) if reads else ()
        return view_of(state, self.heard.in_room(number), self.folded.header.seed, apart)

    @property
    def is_between_moves(self) -> bool:
        """Whether a move is awaited of which nothing has begun: no model asked, nothing decided."""
        return self.is_open and self.folded.decided is None and not self.folded.pending

    @property
    def is_own_turn(self) -> bool:
        """Whether the move that is awaited is that of whoever sits there, without being asked."""
        folded = self.folded
        if self.person is None or not self.mover.spec.is_awaited or folded.decided is not None:
            return False
        return folded.state.party not in folded.stand_ins

    def awaits_person(self) -> bool:
        """Return whether the move that is awaited is a person's, not a stand-in's.

        Whose seat a stand-in holds is asked whether they want it back.

        Raises:
            Paused: If the person leaves for now.
        """
        if self.is_own_turn:
            return True
        if self.lead is None:
            self.ask_back()
        return self.is_between_moves and self._wanted_back == self.folded.state.turn

    def ask_back(self, *, held: bool = False) -> None:
        """Ask the person whose seat the stand-in holds whether they want it back.

        A stand-in that was given this turn, or has been asked already, makes this move.

        Args:
            held: Whether the seat stays the stand-in's by order.
        """
        folded, state, person = self.folded, self.folded.state, self.person
        self._wanted_back = None
        holds = folded.stand_ins.get(state.party)
        if held or person is None or holds is None or holds.since == state.turn:
            return
        is_open = self.is_between_moves and self.mover.spec.is_awaited
        if is_open and person.wants_back(state.party):
            self._wanted_back = state.turn

    async def ask_person(self, person: Person) -> Answer:
        """Return what the person to move answers; their seat is theirs again by then.

        Raises:
            Paused: If the person leaves for now.
        """
        view = self.view()
        if view.party in self.folded.stand_ins:
            self.record(
                HandedOver(
                    turn=view.turn, party=view.party, to="person", reason="the person took it back"
                )
            )
        limit_s = self.mover.spec.limit_s
        state = self.folded.state
        turn = Turn(
            view=view,
            shocks=self._shocks_open(),
            struck=shocks_struck(state),
            may_ask_advice=self.mover.spec.may_ask_advice,
            advice=advice_given(self.folded, view),
            guesses_due=guesses_due(self.folded, view),
            is_paused=self._is_paused,
            sent=self.sent[1] if self.sent is not None and self.sent[0] == view.turn else None,
        )
        if self.asked_at is None or self.asked_at[0] != view.turn:
            self.asked_at = (view.turn, self.timer.now())
        spent_s = self.timer.now() - self.asked_at[1]
        return await answer_in_time(person, turn, limit_s, self._problem_with, self.timer, spent_s)

    def _is_paused(self) -> bool:
        return self.lead is not None and self.lead.is_paused

    def _shocks_open(self) -> tuple[OpenShock, ...]:
        """Return the shocks that the person to move can have strike: who sits among others, or is
        led by somebody else, leads no exercise."""
        persons = sum(delegate.spec.is_person for delegate in self.delegates.values())
        is_led = self.lead is not None or persons > 1
        return () if is_led else shocks_open(self.folded.state)

    def _problem_with(self, answer: Answer) -> str | None:
        """Return why an answer cannot be taken, if it cannot."""
        if isinstance(answer, HandOver):
            return None if answer.turns is None or answer.turns > 0 else "expected a turn or more"
        if isinstance(answer, HaveStrike):
            known = [one.name for one in self._shocks_open()]
            names = ", ".join(known) or "none: there is none"
            return None if answer.shock in known else f"no shock {answer.shock!r}; expected {names}"
        if isinstance(answer, GuessAgain | AskAdvice):
            return problem_with_aid(self.folded, self.view(), self.mover.spec, answer)
        problem = problem_with(self.folded.state, answer.move)
        if problem is not None:
            return problem
        if isinstance(answer.move, AskCapital) and answer.words:
            return "what is asked of a capital nobody hears; say nothing with it"
        return too_much_said(answer.words)

    async def take(self, answer: Answer) -> None:
        """Keep what a person answered; a shock they have strike, strikes."""
        view = self.view()
        if isinstance(answer, HaveStrike):
            self.inject(answer.shock)
        elif isinstance(answer, GuessAgain | AskAdvice):
            self.record(await aid_given(self.folded, view, answer), durable=True)
        elif isinstance(answer, HandOver):
            self.record(
                HandedOver(
                    turn=view.turn,
                    party=view.party,
                    to="stand-in",
                    turns=answer.turns,
                    reason=answer.reason,
                ),
                durable=True,
            )
        else:
            self.record(_decided(self.folded.scenario, view, answer), durable=True)

    async def ask(self) -> None:
        """Ask the delegate to move for a decision and for words, and record its move."""
        view = self.view()
        decided = self.folded.decided
        if decided is not None:
            self.record(await self._said_by_person(view, decided), durable=True)
            return
        delegate = self.mover
        mind = delegate.mind
        if isinstance(mind, ScriptedMind):
            decision = Decision(act_by_rule(self.folded.state, lambda: mind.choose(view)))
        else:
            decision = await mind.decide(view)
        self.record(self._moved(view, decision, await self._words(delegate, view, decision)))

    async def _words(self, delegate: Delegate, view: View, decision: Decision) -> Utterance:
        if not is_worded(view, decision.move):
            return Utterance(phrase(view, decision.move))
        if delegate.voice is not None:
            return await delegate.voice.word(view, decision.move)
        if decision.words:
            return Utterance(decision.words)
        silent = decision.unworded or "the model said nothing with it"
        return Utterance(phrase(view, decision.move), fallback=silent)

    async def _said_by_person(self, view: View, decided: Decided) -> MoveMade:
        """Return the move a person decided, worded by their seat's voice if they said nothing."""
        move = move_of(self.folded.scenario, decided)
        own = self.mover.spec
        decision = Decision(move, by=own.sitter, flags=_flags(view, move))
        if decided.words:
            return self._moved(view, decision, Utterance(decided.words), worded_by=own.speaker)
        voice = own.voice_model if is_worded(view, move) else None
        worded_by = voice.model if voice is not None else "templates"
        speaks = self.mover.voice if voice is not None else None
        said = await (speaks or TemplateVoice()).word(view, move)
        return self._moved(view, decision, said, worded_by=worded_by)

    def choose(self) -> None:
        """Record the move of a delegate that asks neither a model nor a person."""
        view, mind = self.view(), cast("ScriptedMind", self.mover.mind)
        move = act_by_rule(self.folded.state, lambda: mind.choose(view))
        self.record(self._moved(view, Decision(move), Utterance(phrase(view, move))))

    def _moved(
        self, view: View, decision: Decision, said: Utterance, *, worded_by: str | None = None
    ) -> MoveMade:
        own = self.delegates[view.party].spec
        spec = own.stand_in or own
        decided_by = "code (fallback)" if decision.fallback else decision.by or spec.decides
        holds = self.folded.stand_ins.get(view.party) if own.is_awaited else None
        if holds is not None:
            decided_by = f"{decided_by}, standing in: {holds.reason}"
        return MoveMade(
            turn=view.turn,
            round=view.round,
            party=view.party,
            act=act_of(decision.move),
            outcome=outcome_of(self.folded.scenario, decision.move),
            words=said.words,
            decided_by=decided_by,
            worded_by=worded_by or _worded_by(view, spec, decision.move, said),
            fallback=decision.fallback,
            words_fallback=said.fallback,
            flags=tuple(dict.fromkeys((*decision.flags, *said.flags))),
            on=terms_of(decision.move),
            **self._where(view, decision.move),
        )

    def _where(self, view: View, move: Move) -> dict[str, Any]:
        """Return at which stage and in which room of a hall a move is made, and who hears it."""
        if view.hall is None:
            return {"heard_by": heard_by(self.folded.scenario, view.party, None, move)}
        room = view.hall.room
        return {
            "stage": view.hall.stage,
            "room": None if room is None else room.number,
            "heard_by": heard_by(self.folded.scenario, view.party, room, move),
        }

    async def ask_on(self) -> None:
        """Ask for a move, and play on to whoever is asked next; to a person if it `plays_on`."""
        while True:
            await self.ask()
            self.choose_on()
            if not (self.plays_on and self.is_open) or self.awaits_person():
                return

    def choose_on(self) -> None:
        """Play on while the delegates to move ask neither a model nor a person."""
        while self.is_open and self.mover.scripted:
            self.choose()

    def close(self) -> None:
        """Record the result and the referee's findings, where they are not on record yet."""
        if self.folded.closed is None:
            self.record(closing(self.folded.state))
        if self.folded.found is None:
            findings = self.folded.findings.as_json()
            # It can be found again: whoever closes the file puts it on disk.
            self.record(Found(version=REFEREE_VERSION, findings=cast("Any", findings)))


def _decided(scenario: Scenario, view: View, answer: PersonMove) -> Decided:
    return Decided(
        turn=view.turn,
        party=view.party,
        act=act_of(answer.move),
        outcome=outcome_of(scenario, answer.move),
        words=answer.words,
        on=terms_of(answer.move),
    )


def _flags(view: View, move: Move) -> tuple[Flag, ...]:
    """Return what is remarkable about a person's move: it may be worse than no agreement."""
    return ("below-reservation",) if falls_short(view, move) else ()


def _worded_by(view: View, spec: SeatSpec, move: Move, said: Utterance) -> str:
    return "templates" if said.fallback or not is_worded(view, move) else spec.words


def run_scripted(table: Table) -> None:
    """Play a session in which every delegate follows a rule to its end, without graph or loop."""
    table.choose_on()
    table.close()
