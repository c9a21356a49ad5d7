"""Whoever leads an exercise: pauses, has shocks strike, hands seats over and gives them back."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from delegates import negotiate_async, resume, resume_async
from delegates.contract import View
from delegates.leading.lead import GIVEN_BACK, HANDED_OVER, NOT_UNDER_WAY, Lead
from delegates.leading.trainer import shocks_left, shocks_open
from delegates.minds.firm import Firm
from delegates.orchestration import graph
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
)
from delegates.persons.several import SeveralPersons
from delegates.table import Table
from games.errors import Paused
from games.moves import Offer, Pass, WalkAway
from games.preparation import Guess, Sheet
from games.scenario import Scenario
from games.session import start
from tests.delegates.persons.test_person import BEST
from tests.delegates.sessions import bare, events_of, haggle, mini, settings_at
from tests.games.eventful import KINDS, eventful
from tests.games.happenings.test_happening import LOW, quiet
from tests.support.openai_stub import OpenAIStub
from transcripts import verify
from transcripts.events import Event, HandedOver, Happened, MoveMade
from transcripts.fold import Folded
from transcripts.record import SessionRecord

SCRIPTED = {"A": "firm", "B": "firm"}
PEOPLE = {"A": "human", "B": "firm"}


@dataclass
class Time:
    """A clock that nobody waits for: who sleeps is up at once, and so late it is then."""

    at: float = 0.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.at += seconds

    @property
    def timer(self) -> Timer:
        return Timer(self.now, self.sleep)


def lead_of(clock: Time | None = None) -> Lead:
    """Return a lead on whose account nobody waits."""
    return Lead(timer=(clock or Time()).timer)


async def idly(times: int = 60) -> None:
    """Let everything else in the loop go on until it waits for something."""
    for _ in range(times):
        await asyncio.sleep(0)


Do = Callable[[], object]


@dataclass
class Watched:
    """What has gone on record, and what is done as it does."""

    at_move: Mapping[int, Do] = field(default_factory=dict[int, Do])
    """How many moves are made → what is done then."""
    events: list[Event] = field(default_factory=list[Event])

    def __call__(self, event: Event, folded: Folded) -> None:
        self.events.append(event)
        if isinstance(event, MoveMade):
            self.at_move.get(len(folded.made), lambda: None)()

    @property
    def moves(self) -> list[MoveMade]:
        return [one for one in self.events if isinstance(one, MoveMade)]

    @property
    def struck(self) -> list[tuple[str | None, str, int]]:
        happened = [one for one in self.events if isinstance(one, Happened)]
        return [(one.shock, one.by, one.turn) for one in happened if one.by == "trainer"]

    @property
    def handed(self) -> list[tuple[str, str, int, str]]:
        found = [one for one in self.events if isinstance(one, HandedOver)]
        return [(one.party, one.to, one.turn, one.reason) for one in found]


def firm(view: View) -> Answer:
    """Return what the firm rule does, said by a person."""
    if view.hall is not None:
        return PersonMove(view.hall.by_rule(lambda: Firm().choose(view)))
    return PersonMove(Pass() if view.is_held else Firm().choose(view))


@dataclass
class Sitter:
    """A person who answers by the turn and how often it was asked for, or by rule."""

    answers: Mapping[int, list[Callable[[Turn], Awaitable[Answer]]]] = field(
        default_factory=dict[int, "list[Callable[[Turn], Awaitable[Answer]]]"]
    )
    asked: list[Turn] = field(default_factory=list[Turn])
    cancelled: list[int] = field(default_factory=list[int])
    wanted: int = 0
    back_after: int | None = None
    """How often it must be asked before it wants its seat back."""

    async def move(self, turn: Turn) -> Answer:
        assert turn.problem is None or turn.view.turn in self.answers, turn.problem
        self.asked.append(turn)
        given = self.answers.get(turn.view.turn, [])
        again = sum(one.view.turn == turn.view.turn for one in self.asked) - 1
        try:
            return await given[again](turn) if again < len(given) else firm(turn.view)
        except asyncio.CancelledError:
            self.cancelled.append(turn.view.turn)
            raise

    def wants_back(self, party: str) -> bool:
        self.wanted += 1
        return self.back_after is not None and self.wanted >= self.back_after

    @property
    def turns(self) -> list[int]:
        return [one.view.turn for one in self.asked]


async def forever(_: Turn) -> Answer:
    """Never answer."""
    return await asyncio.get_running_loop().create_future()


def at_once(answer: Answer, *do: Do) -> Callable[[Turn], Awaitable[Answer]]:
    """Return a way to answer at once, having done something."""

    async def answered(_: Turn) -> Answer:
        for one in do:
            one()
        return answer

    return answered


def doing(*do: Do) -> Callable[[Turn], Awaitable[Answer]]:
    """Return a way never to answer, having done something."""

    async def waiting(turn: Turn) -> Answer:
        for one in do:
            one()
        return await forever(turn)

    return waiting


def play(
    scenario: Scenario,
    seats: Mapping[str, str],
    watched: Watched,
    lead: Lead | None,
    *,
    path: Path | None = None,
    person: Person | None = None,
    meanwhile: Callable[[], Coroutine[Any, Any, None]] | None = None,
    **more: Any,
) -> SessionRecord:
    """Play a session, somebody else doing something beside it."""

    async def both() -> SessionRecord:
        held = asyncio.ensure_future(
            negotiate_async(
                scenario,
                seats,
                seed=quiet(),
                transcript=path,
                person=person,
                watch=watched,
                lead=lead,
                **more,
            )
        )
        if meanwhile is not None:
            await meanwhile()
        return await held

    record = asyncio.run(both())
    if path is not None:
        assert verify(path).as_json()["problems"] == []
    return record


# --- who does nothing


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seats", [SCRIPTED, PEOPLE])
def test_a_lead_who_does_nothing_changes_no_byte_but_times_and_hashes(
    tmp_path: Path, kind: str, seats: Mapping[str, str]
) -> None:
    lines: list[str] = []
    for name, lead in (("with", lead_of()), ("without", None)):
        path = tmp_path / f"{name}.jsonl"
        play(eventful(kind), seats, Watched(), lead, path=path, person=Sitter(), session="s")
        text = path.read_text(encoding="utf-8")
        lines.append(re.sub(r'"(at|prev|hash)":"[^"]*"', "", text))
    assert lines[0] == lines[1]
    assert lines[0].count("\n") > 6


def test_nor_does_it_where_models_are_asked(tmp_path: Path) -> None:
    seats = {"A": "llm:m", "B": "firm+llm:m"}
    found: list[list[dict[str, Any]]] = []
    with OpenAIStub(haggle) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        for name, lead in (("with", lead_of()), ("without", None)):
            path = tmp_path / f"{name}.jsonl"
            play(eventful(), seats, Watched(), lead, path=path, settings=settings)
            found.append(bare(events_of(path)))
    assert found[0] == found[1]


# --- pausing


def test_a_pause_stops_the_session_before_its_next_move() -> None:
    lead = lead_of()
    watched = Watched({3: lead.pause})
    seen: list[int] = []

    async def meanwhile() -> None:
        while not lead.is_paused:
            await asyncio.sleep(0)
        await idly()
        seen.append(len(watched.moves))
        lead.go_on()

    record = play(eventful(), SCRIPTED, watched, lead, meanwhile=meanwhile)
    assert seen == [3]
    assert len(watched.moves) > 3
    assert not record.state.is_open


def test_it_may_be_said_before_the_session_begins_and_leaves_no_trace(tmp_path: Path) -> None:
    lead, watched = lead_of(), Watched()
    lead.pause()

    async def meanwhile() -> None:
        while not lead.is_under_way:
            await asyncio.sleep(0)
        await idly()
        assert watched.moves == []
        lead.go_on()

    paused, straight = tmp_path / "p.jsonl", tmp_path / "s.jsonl"
    play(eventful(), SCRIPTED, watched, lead, path=paused, session="s", meanwhile=meanwhile)
    play(eventful(), SCRIPTED, Watched(), None, path=straight, session="s")
    assert bare(events_of(paused)) == bare(events_of(straight))


def test_a_move_under_way_goes_on_record_and_no_other(tmp_path: Path) -> None:
    lead = lead_of()
    watched = Watched()
    asked: list[int] = []

    def reply(request: Mapping[str, Any]) -> str:
        if not lead.is_paused and not asked:
            asked.append(1)
            lead.pause()
        return haggle(request)

    async def meanwhile() -> None:
        while not watched.moves:
            await asyncio.sleep(0.001)
        await idly()
        assert lead.is_paused
        assert len(watched.moves) == 1
        lead.go_on()

    with OpenAIStub(reply) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        seats = {"USA": "llm:m", "COD": "llm:m"}
        path = tmp_path / "s.jsonl"
        play(
            mini(rounds=2), seats, watched, lead, path=path, settings=settings, meanwhile=meanwhile
        )
    assert asked == [1]


def test_who_is_asked_in_a_pause_can_look_and_what_they_send_is_taken_afterwards() -> None:
    lead, watched = lead_of(), Watched()
    told: list[bool] = []

    async def paused_and_answered(turn: Turn) -> Answer:
        lead.pause()
        told.append(turn.is_paused())
        return PersonMove(Offer(LOW), "We open.")

    async def meanwhile() -> None:
        while not told:
            await asyncio.sleep(0)
        await idly()
        told.append(bool(watched.moves))
        lead.go_on()

    sitter = Sitter({0: [paused_and_answered]})
    play(eventful(), PEOPLE, watched, lead, person=sitter, meanwhile=meanwhile)
    assert told == [True, False]
    assert watched.moves[0].words == "We open."
    assert sitter.turns.count(0) == 1


def test_whose_turn_comes_in_a_pause_is_asked_and_their_clock_stands_still() -> None:
    clock = Time()
    lead = lead_of(clock)
    watched = Watched({1: lead.pause})
    left: list[float | None] = []

    async def slowly(turn: Turn) -> Answer:
        left.append(turn.left_s())
        clock.at += 1000
        left.append(turn.left_s())
        lead.go_on()
        clock.at += 10
        left.append(turn.left_s())
        return PersonMove(BEST)

    @dataclass
    class Patient(Time):
        async def sleep(self, seconds: float) -> None:
            await asyncio.get_running_loop().create_future()

    lead._clock = Timer(clock.now, Patient().sleep)  # pyright: ignore[reportPrivateUsage]
    lead.pace_s = 0.0
    sitter = Sitter({1: [slowly]})
    seats = {"USA": "human", "COD": "human(limit=60)"}
    game = mini(rounds=2, breakdown=0.0)
    people = SeveralPersons({"USA": Sitter(), "COD": sitter})
    play(game, seats, watched, lead, person=people)
    assert left == [60, 60, 50]
    assert [one.decided_by for one in watched.moves[:2]] == ["a person", "a person"]


def test_time_that_passes_in_a_pause_is_waited_for_once_more() -> None:
    clock = Time()
    lead = lead_of(clock)

    async def measured() -> tuple[float, float, list[float]]:
        naps: list[float] = []

        async def nap(seconds: float) -> None:
            naps.append(seconds)
            if len(naps) == 1:
                clock.at += 4
                lead.pause()
                clock.at += seconds - 4
            else:
                clock.at += seconds

        lead._clock = Timer(clock.now, nap)  # pyright: ignore[reportPrivateUsage]
        began = lead.timer.now()
        task = asyncio.ensure_future(lead.timer.sleep(10))
        await idly()
        assert not task.done()
        clock.at += 100
        lead.go_on()
        await task
        return began, lead.timer.now(), naps

    assert asyncio.run(measured()) == (0, 10, [10, 6])


# --- having shocks strike


def test_a_shock_strikes_between_two_moves_of_a_scripted_session(tmp_path: Path) -> None:
    lead = lead_of()
    watched = Watched({3: lambda: results.append(lead.strike("quota"))})
    results: list[str | None] = []
    path = tmp_path / "s.jsonl"
    play(eventful(), SCRIPTED, watched, lead, path=path)
    assert results == [None]
    assert watched.struck == [("quota", "trainer", watched.moves[3].turn)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_shock_may_strike_of_which_the_party_to_move_does_not_hear(
    tmp_path: Path, kind: str
) -> None:
    lead, told = lead_of(), list[str | None]()
    sitter = Sitter()

    async def led(turn: Turn) -> Answer:
        told.append(lead.strike("lot"))
        return await forever(turn)

    seats = {"A": "firm", "B": "human"}
    state = start(eventful(kind), quiet())
    first = 0 if state.party == "B" else 1
    sitter.answers = {first: [led]}
    path, watched = tmp_path / "s.jsonl", Watched()
    play(eventful(kind), seats, watched, lead, path=path, person=sitter)
    assert told == [None]
    assert watched.struck == [("lot", "trainer", first)]
    again = [one for one in sitter.asked if one.view.turn == first]
    assert len(again) == 2
    assert [len(one.view.news) for one in again] == [len(again[0].view.news)] * 2
    happened = [one for one in watched.events if isinstance(one, Happened) and one.shock == "lot"]
    assert happened[0].heard_by == ("A",)


def test_the_list_of_the_lead_is_whole_and_says_all_that_a_shock_changes() -> None:
    state = start(eventful(), quiet())
    assert [one.name for one in shocks_left(state)] == ["fall", "lot", "quota"]
    fall, lot, quota = shocks_left(state)
    assert fall.changes == (
        "what A has without agreement: -5",
        "B's points of tonnes: +30 for 3,000",
        "what B has without agreement: -3",
    )
    assert (lot.changes, lot.heard_by) == (("what A has without agreement: +2",), ("A",))
    assert quota.changes == ("the dominant supplier's share of the market: 100%",)
    assert "B's points" not in repr(shocks_open(state))


def test_who_is_asked_while_a_shock_strikes_is_asked_again_with_the_news(tmp_path: Path) -> None:
    lead, watched = lead_of(), Watched()
    sitter = Sitter({0: [doing(lambda: lead.strike("fall"))]})
    path = tmp_path / "s.jsonl"
    play(eventful(), PEOPLE, watched, lead, path=path, person=sitter)
    first, second, *_ = sitter.asked
    assert (first.view.turn, second.view.turn) == (0, 0)
    assert [len(one.view.news) for one in (first, second)] == [0, 1]
    assert second.sent is None
    assert sitter.cancelled == [0]
    assert watched.struck == [("fall", "trainer", 0)]


def test_what_was_sent_in_a_pause_is_shown_to_its_sender_when_a_shock_strikes() -> None:
    lead, watched = lead_of(), Watched()
    sent = PersonMove(Offer(LOW), "As we meant it.")
    sitter = Sitter({0: [at_once(sent, lead.pause)]})

    async def meanwhile() -> None:
        while not lead.is_paused:
            await asyncio.sleep(0)
        await idly()
        assert lead.strike("fall") is None
        await idly()
        lead.go_on()

    play(eventful(), PEOPLE, watched, lead, person=sitter, meanwhile=meanwhile)
    assert [one.sent for one in sitter.asked if one.view.turn == 0] == [None, sent]
    assert [one.turn for one in watched.moves].count(0) == 1
    assert watched.struck == [("fall", "trainer", 0)]


def test_guesses_and_advice_move_nothing_and_pass_in_a_pause_as_well(tmp_path: Path) -> None:
    lead, watched = lead_of(), Watched()
    sheet = Sheet(guesses={"COD": Guess(reservation=25)})
    sitter = Sitter(
        {
            0: [at_once(AskAdvice(), lead.pause), at_once(PersonMove(BEST), lead.go_on)],
            2: [
                at_once(GuessAgain(sheet), lead.pause),
                at_once(PersonMove(BEST), lead.go_on),
            ],
        }
    )
    seats = {"USA": "human(hints=yes)", "COD": "boulware(exponent=100)"}
    path = tmp_path / "s.jsonl"
    game = mini(rounds=2, breakdown=0.0)
    play(game, seats, watched, lead, path=path, person=sitter, sheets={"USA": sheet})
    kinds = [one.type for one in watched.events]
    assert kinds.count("suggested") == 1
    assert kinds.count("prepared") == 2
    assert sitter.turns == [0, 0, 2, 2]


def test_whoever_is_led_can_have_nothing_strike_themselves() -> None:
    lead = lead_of()
    sitter = Sitter({0: [at_once(HaveStrike("quota"))]})
    play(eventful(), PEOPLE, Watched(), lead, person=sitter)
    assert sitter.asked[0].shocks == ()
    assert sitter.asked[1].problem == "no shock 'quota'; expected none: there is none"


def test_what_cannot_strike_is_said_in_a_line() -> None:
    lead = lead_of()
    assert lead.strike("quota") == NOT_UNDER_WAY
    assert lead.shocks_left == ()
    told: list[str | None] = []

    def give_orders() -> None:
        told.append(lead.strike("flood"))
        told.append(lead.strike("quota"))
        told.append(lead.strike("quota"))
        told.append(" ".join(lead.booked))
        told.append(" ".join(one.name for one in lead.shocks_left))

    again: list[str | None] = []
    watched = Watched({2: give_orders, 3: lambda: again.append(lead.strike("quota"))})
    play(eventful(), SCRIPTED, watched, lead)
    assert told == [
        "no shock 'flood'; expected one of fall, lot, quota",
        None,
        "quota strikes before the next move already; expected another shock",
        "quota",
        "fall lot",
    ]
    assert again == ["quota has struck already; expected another shock"]
    over = lead.strike("lot")
    assert over is not None
    assert over.startswith("the session is over (")
    assert not lead.is_under_way


def test_a_shock_that_comes_too_late_stays_among_those_booked() -> None:
    lead = lead_of()
    told: list[str | None] = []

    def watch(event: Event, _: Folded) -> None:
        if event.type == "decided":
            told.append(lead.strike("quota"))

    sitter = Sitter({0: [at_once(PersonMove(WalkAway()))]})
    asyncio.run(negotiate_async(eventful(), PEOPLE, watch=watch, lead=lead, person=sitter))
    assert told == [None]
    assert lead.booked == ("quota",)


# --- handing seats over


def test_a_seat_is_handed_over_at_once_while_its_person_is_asked(tmp_path: Path) -> None:
    lead, watched = lead_of(), Watched()
    told: list[str | None] = []
    sitter = Sitter({0: [doing(lambda: told.append(lead.hand_over("A")))]})
    path = tmp_path / "s.jsonl"
    play(eventful(), PEOPLE, watched, lead, path=path, person=sitter)
    assert told == [None]
    assert watched.handed == [("A", "stand-in", 0, HANDED_OVER)]
    own = [one.decided_by for one in watched.moves if one.party == "A"]
    assert set(own) == {f"code (firm), standing in: {HANDED_OVER}"}
    assert sitter.turns == [0]
    assert sitter.wanted == 0
    assert dict(lead.held) == {"A": HANDED_OVER}


def test_it_moves_until_the_seat_is_given_back(tmp_path: Path) -> None:
    lead = lead_of()
    told: list[str | None] = []
    watched = Watched(
        {
            1: lambda: told.append(lead.hand_over("A", "the trainer\nsays \x1b[31mso")),
            5: lambda: told.append(lead.give_back("A")),
        }
    )
    sitter, path = Sitter(), tmp_path / "s.jsonl"
    play(eventful(), PEOPLE, watched, lead, path=path, person=sitter)
    assert told == [None, None]
    turns = [one.turn for one in watched.moves if one.party == "A"]
    assert watched.handed == [
        ("A", "stand-in", turns[1], "the trainer says so"),
        ("A", "person", turns[3], GIVEN_BACK),
    ]
    assert sitter.turns == [turns[0], *turns[3:]]


def test_what_was_sent_before_the_seat_was_handed_over_is_there_when_it_is_given_back() -> None:
    lead, watched = lead_of(), Watched()
    sent = PersonMove(Offer(LOW), "As we meant it.")
    sitter = Sitter({0: [at_once(sent, lead.pause)]})

    async def meanwhile() -> None:
        while not lead.is_paused:
            await asyncio.sleep(0)
        await idly()
        assert lead.hand_over("A") is None
        await idly()
        assert lead.give_back("A") is None
        await idly()
        lead.go_on()

    play(eventful(), PEOPLE, watched, lead, person=sitter, meanwhile=meanwhile)
    assert [one.sent for one in sitter.asked if one.view.turn == 0] == [None, sent]
    assert watched.handed == [
        ("A", "stand-in", 0, HANDED_OVER),
        ("A", "person", 0, GIVEN_BACK),
    ]
    assert watched.moves[0].decided_by == "a person"


def test_a_seat_that_its_person_handed_over_can_be_given_back_or_held(tmp_path: Path) -> None:
    lead = lead_of()
    watched = Watched({1: lambda: lead.hand_over("A"), 4: lambda: lead.give_back("A")})
    sitter = Sitter({0: [at_once(HandOver())]})
    path = tmp_path / "s.jsonl"
    play(eventful(), PEOPLE, watched, lead, path=path, person=sitter)
    turns = [one.turn for one in watched.moves if one.party == "A"]
    assert watched.handed == [
        ("A", "stand-in", 0, "the person handed it over"),
        ("A", "stand-in", turns[1], HANDED_OVER),
        ("A", "person", turns[2], GIVEN_BACK),
    ]
    other = lead_of()
    given = Watched({1: lambda: other.give_back("A")})
    play(eventful(), PEOPLE, given, other, person=Sitter({0: [at_once(HandOver())]}))
    assert [one[1] for one in given.handed] == ["stand-in", "person"]


def test_who_takes_their_own_seat_back_moves_once_in_that_turn(tmp_path: Path) -> None:
    sitter = Sitter({0: [at_once(HandOver())]}, back_after=2)
    watched, path = Watched(), tmp_path / "s.jsonl"
    play(eventful(), PEOPLE, watched, lead_of(), path=path, person=sitter)
    turns = [one.turn for one in watched.moves if one.party == "A"]
    assert watched.handed == [
        ("A", "stand-in", 0, "the person handed it over"),
        ("A", "person", turns[2], "the person took it back"),
    ]
    assert sitter.turns == [0, *turns[2:]]
    assert sitter.wanted == 2


def test_seats_that_cannot_be_handed_over_are_named() -> None:
    lead = lead_of()
    assert lead.hand_over("A") == NOT_UNDER_WAY
    assert lead.give_back("A") == NOT_UNDER_WAY
    told: list[str | None] = []

    def give_orders() -> None:
        told.append(lead.hand_over("B"))
        told.append(lead.give_back("A"))
        told.append(lead.hand_over("A"))
        told.append(lead.hand_over("A"))

    play(eventful(), PEOPLE, Watched({1: give_orders}), lead, person=Sitter())
    assert told == [
        "no seat of a person 'B'; expected one of A",
        "A is its person's own; expected a seat that was handed over",
        None,
        "A is held by its stand-in already; expected another seat",
    ]
    assert lead.hand_over("A") == NOT_UNDER_WAY
    alone: list[str | None] = []
    other = lead_of()
    watched = Watched({1: lambda: alone.append(other.hand_over("A"))})
    play(eventful(), SCRIPTED, watched, other)
    assert alone == [
        "no seat of a person 'A'; expected one of none: nobody is awaited in this session"
    ]


# --- carried on


def test_a_session_that_was_led_is_carried_on_with_or_without_a_lead(tmp_path: Path) -> None:
    lead = lead_of()
    sitter = Sitter({0: [doing(lambda: lead.strike("quota")), doing(lambda: lead.hand_over("A"))]})
    watched = Watched({3: lambda: lead.give_back("A")})
    whole = tmp_path / "w.jsonl"
    play(eventful(), PEOPLE, watched, lead, path=whole, person=sitter)
    lines = whole.read_bytes().splitlines(keepends=True)
    for kept in range(1, len(lines), 3):
        for other in (lead_of(), None):
            cut = tmp_path / "c.jsonl"
            cut.write_bytes(b"".join(lines[:kept]))
            asyncio.run(resume_async(cut, person=Sitter(), lead=other))
            assert verify(cut).as_json()["problems"] == []
            assert events_of(cut)[-1].type == "found"


def test_what_a_trainer_handed_over_stays_so_for_who_leads_it_on(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    first = lead_of()

    async def leave(turn: Turn) -> Answer:
        raise Paused("later")

    scenario, seats = eventful(), {"A": "human", "B": "human"}
    people = SeveralPersons({"A": Sitter(), "B": Sitter({5: [leave]})})
    watched = Watched({1: lambda: first.hand_over("A")})
    with pytest.raises(Paused):
        play(scenario, seats, watched, first, path=path, person=people)
    second = lead_of()
    own = Sitter()
    asyncio.run(resume_async(path, person=SeveralPersons({"A": own, "B": Sitter()}), lead=second))
    assert own.asked == []
    assert own.wanted == 0
    assert dict(second.held) == {"A": HANDED_OVER}
    assert verify(path).ok
    again = tmp_path / "again.jsonl"
    kept = next(n for n, one in enumerate(events_of(path)) if one.type == "resumed")
    again.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:kept]))
    resume(again, person=SeveralPersons({"A": own, "B": Sitter()}))
    assert own.wanted > 0


# --- that it can be followed, and is drawn


def test_moves_by_rule_are_made_at_a_pace_and_others_wait_for_nothing(tmp_path: Path) -> None:
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    lead = Lead(pace_s=3.0, timer=Timer(Time().now, nap))
    watched = Watched()
    play(eventful(), SCRIPTED, watched, lead)
    assert naps == [3.0] * len(watched.moves)
    naps.clear()
    watched = Watched()
    other = Lead(pace_s=3.0, timer=Timer(Time().now, nap))
    play(eventful(), PEOPLE, watched, other, person=Sitter())
    assert len(naps) == len([one for one in watched.moves if one.party == "B"])


def test_an_order_cuts_into_the_pace() -> None:
    lead: Lead
    watched = Watched()

    async def nap(_: float) -> None:
        if len(watched.moves) == 2 and not watched.struck:
            asyncio.get_running_loop().call_soon(lead.strike, "quota")
            while not watched.struck:
                await asyncio.sleep(0)

    lead = Lead(pace_s=3.0, timer=Timer(Time().now, nap))
    play(eventful(), SCRIPTED, watched, lead)
    assert watched.struck == [("quota", "trainer", watched.moves[2].turn)]


def test_who_listens_is_told_of_orders_and_of_what_goes_on_record() -> None:
    lead, told, deaf = lead_of(), list[bool](), list[int]()

    def never() -> None:
        deaf.append(1)

    lead.tell(never)
    lead.forget(never)
    lead.tell(lambda: told.append(lead.is_paused))
    lead.pause()
    lead.go_on()
    assert told == [True, False]
    watched = Watched()
    play(eventful(), SCRIPTED, watched, lead)
    assert len(told) >= len(watched.events)
    assert deaf == []


def test_the_lead_is_heard_before_every_other_node() -> None:
    table = Table.__new__(Table)
    table.lead = lead_of()
    drawn = graph(table).get_graph().draw_mermaid()
    assert "__start__ --> led" in drawn
    for node in ("scripted", "ask", "person"):
        assert f"{node} --> led" in drawn
        assert f"led -.-> {node}" in drawn
    table.lead = None
    assert "led" not in graph(table).get_graph().draw_mermaid()


def test_two_persons_and_a_lead_in_a_plenary(tmp_path: Path) -> None:
    lead = lead_of()
    one, other = Sitter(), Sitter()
    watched = Watched(
        {
            2: lambda: (lead.pause(), lead.strike("quota"), lead.go_on()),
            4: lambda: lead.hand_over("B"),
            8: lambda: lead.give_back("B"),
        }
    )
    path = tmp_path / "s.jsonl"
    seats = {"A": "human", "B": "human"}
    people = SeveralPersons({"A": one, "B": other})
    play(eventful("plenary"), seats, watched, lead, path=path, person=people)
    assert {turn.view.party for turn in one.asked} == {"A"}
    assert {turn.view.party for turn in other.asked} == {"B"}
    assert [name for name, *_ in watched.struck] == ["quota"]
    assert [to for _, to, *_ in watched.handed] == ["stand-in", "person"]
