"""Several people at one table: each is asked for their own seat alone, and told nothing else."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from delegates import negotiate, negotiate_async, resume
from delegates.acts_open import moves_allowed
from delegates.contract import View
from delegates.minds.firm import Firm
from delegates.orchestration import run_graph
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
from delegates.persons.several import SeveralPersons, is_asked_through
from delegates.seating import seat_delegate
from delegates.seats import parse_seat
from delegates.table import Table
from games.errors import Paused, SeatError
from games.preparation import Guess, Sheet
from games.scenario import Scenario
from games.session import Move
from tests.delegates.halls import HALL, drawn, hall_of
from tests.delegates.persons.test_person import BEST, MIDDLE, Clock
from tests.delegates.sessions import bare, events_of, mini
from tests.delegates.test_separation import parts
from tests.games.eventful import eventful
from transcripts import verify
from transcripts.events import Decided, Event, HandedOver, MoveMade, Prepared, Suggested

FIGURES = {"USA": 31.21875, "EUE": 26.28125, "COD": 32.34375, "IDN": 21.40625}
"""Reservation values that stand nowhere but in the papers of their own party."""

GUESSED = {"USA": 11.015625, "EUE": 12.015625, "COD": 13.015625, "IDN": 14.015625}
"""Figures that stand nowhere but on their own party's sheet."""


def planted(kind: str) -> Scenario:
    """Return the small hall, or a table of the same four, with canaries in everybody's papers."""
    plain = json.loads((hall_of(kind) if kind in ("plenary", "forum") else hall_of()).canonical())
    if kind == "alternating-offers":
        plain["protocol"] = {"kind": kind, "rounds": 4, "opens": "fixed"}
        for part in ("statecraft", "side_deals", "fund", "participation"):
            plain.pop(part, None)
    for party, paper in plain["parties"].items():
        paper["brief"] = f"CANARY-{party}-BRIEF."
        paper["reservation"] = FIGURES[party]
        paper["alternatives"] = [{"name": f"CANARY-{party}-ELSEWHERE", "points": FIGURES[party]}]
    return Scenario.model_validate(plain)


def sheet_of(party: str) -> Sheet:
    """Return a sheet that betrays whose it is."""
    other = "COD" if party == "USA" else "USA"
    return Sheet(target=GUESSED[party], guesses={other: Guess(reservation=GUESSED[party])})


@dataclass
class Sitter:
    """A person who moves by rule or by lot, guesses when asked, and keeps all that is shown."""

    party: str
    choose: Callable[[View], Move]
    until: int | None = None
    asked: list[Turn] = field(default_factory=list[Turn])
    wanted: list[str] = field(default_factory=list[str])
    said: int = 0

    async def move(self, turn: Turn) -> Answer:
        self.asked.append(turn)
        if self.until is not None and turn.view.turn >= self.until:
            raise Paused("later")
        if turn.guesses_due:
            return GuessAgain(sheet_of(self.party))
        if turn.may_ask_advice and turn.advice is None and self._is_at_a_loss(turn.view):
            return AskAdvice()
        self.said += 1
        return PersonMove(self.choose(turn.view), f"So says {self.party} for time {self.said}.")

    def _is_at_a_loss(self, view: View) -> bool:
        """Advice takes long, so it is asked for at the beginning and where vows fall due."""
        return self.said == 0 or (view.hall is not None and view.hall.stage == "due")

    def wants_back(self, party: str) -> bool:
        self.wanted.append(party)
        return False


def by_rule(view: View) -> Move:
    """Return what the firm rule does."""
    if view.hall is not None:
        return view.hall.by_rule(lambda: Firm().choose(view))
    return Firm().choose(view)


def by_lot(scenario: Scenario, chance: Random) -> Callable[[View], Move]:
    """Return a way to choose by lot among all that is allowed, but to leave."""

    def choose(view: View) -> Move:
        acts = [one for one in moves_allowed(view) if one.act != "walk-away"]
        return drawn(chance.choice(acts), view, scenario, chance)

    return choose


def sit(
    scenario: Scenario, sitters: Mapping[str, Sitter], path: Path, seed: int = 2
) -> list[Event]:
    """Play a session in which some sit in person, the others move by rule, and all are prepared."""
    seats = {party: "human(hints=yes)" if party in sitters else "firm" for party in scenario.ids}
    sheets = {party: sheet_of(party) for party in sitters}
    people = SeveralPersons(dict(sitters))
    negotiate(scenario, seats, seed=seed, person=people, transcript=path, sheets=sheets)
    assert verify(path).ok
    return events_of(path)


def secrets_of_others(party: str, scenario: Scenario) -> set[object]:
    """Return what no seat but its own may hold."""
    others = [one for one in scenario.ids if one != party]
    figures = {FIGURES[one] for one in others} | {GUESSED[one] for one in others}
    words = {f"CANARY-{one}-{what}" for one in others for what in ("BRIEF.", "ELSEWHERE")}
    return {*figures, *words}


CASES = [
    ("alternating-offers", ("USA", "COD")),
    ("alternating-offers", ("USA", "EUE", "IDN")),
    ("plenary", ("USA", "EUE", "COD")),
    ("forum", ("USA", "COD", "IDN")),
]


@pytest.mark.parametrize(("kind", "people"), CASES)
def test_each_is_asked_for_their_own_seat_and_holds_no_canary_of_another(
    tmp_path: Path, kind: str, people: tuple[str, ...]
) -> None:
    scenario = planted(kind)
    choose = by_rule if kind == "alternating-offers" else by_lot(scenario, Random(3))
    sitters = {party: Sitter(party, choose) for party in people}
    events = sit(scenario, sitters, tmp_path / "s.jsonl")
    for party, sitter in sitters.items():
        assert {turn.view.party for turn in sitter.asked} == {party}
        own = [one.turn for one in events if isinstance(one, Decided) and one.party == party]
        assert sorted({turn.view.turn for turn in sitter.asked}) == own
        hidden = secrets_of_others(party, scenario)
        for turn in sitter.asked:
            reached = {one for one in parts(turn, set()) if isinstance(one, str | float)}
            assert reached & hidden == set()
            assert f"CANARY-{party}-BRIEF." in reached


@pytest.mark.parametrize(("kind", "people"), CASES[2:])
def test_what_is_said_in_a_room_reaches_those_who_hear_it_alone(
    tmp_path: Path, kind: str, people: tuple[str, ...]
) -> None:
    scenario = planted(kind)
    sitters = {party: Sitter(party, by_lot(scenario, Random(5))) for party in people}
    events = sit(scenario, sitters, tmp_path / "s.jsonl")
    apart = [one for one in events if isinstance(one, MoveMade) and one.heard_by is not None]
    assert any(one.words.startswith("So says") for one in apart)
    for party, sitter in sitters.items():
        unheard = {
            one.words
            for one in apart
            if party not in (one.party, *(one.heard_by or ())) and one.words.startswith("So says")
        }
        for turn in sitter.asked:
            assert unheard.isdisjoint(x for x in parts(turn, set()) if isinstance(x, str))


def test_the_canaries_are_found_where_they_belong() -> None:
    sitter = Sitter("COD", by_rule)
    scenario = planted("alternating-offers")
    people = SeveralPersons({"COD": sitter, "USA": Sitter("USA", by_rule)})
    seats = {"USA": "human", "EUE": "firm", "COD": "human", "IDN": "firm"}
    negotiate(scenario, seats, person=people)
    reached = {one for one in parts(sitter.asked[0], set()) if isinstance(one, str | float)}
    assert secrets_of_others("USA", scenario) & reached == {
        FIGURES["COD"],
        "CANARY-COD-BRIEF.",
        "CANARY-COD-ELSEWHERE",
    }
    assert "USA-BRIEF" in HALL


def test_sheets_guesses_and_advice_are_each_ones_own(tmp_path: Path) -> None:
    sitters = {party: Sitter(party, by_rule) for party in ("USA", "COD")}
    path = tmp_path / "s.jsonl"
    seats = {"USA": "human(hints=yes)", "COD": "human"}
    negotiate(
        planted_mini(),
        seats,
        person=SeveralPersons(sitters),
        transcript=path,
        sheets={party: sheet_of(party) for party in sitters},
    )
    events = events_of(path)
    written = [one for one in events if isinstance(one, Prepared)]
    assert [(one.party, one.when) for one in written] == [
        ("USA", "before"),
        ("COD", "before"),
        ("USA", "half-time"),
        ("COD", "half-time"),
    ]
    assert all(one.sheet == sheet_of(one.party) for one in written)
    assert {one.party for one in events if isinstance(one, Suggested)} == {"USA"}
    assert all(turn.advice is None and not turn.may_ask_advice for turn in sitters["COD"].asked)
    assert any(turn.advice is not None for turn in sitters["USA"].asked)
    assert verify(path).ok


def planted_mini() -> Scenario:
    """Return the small game of two, in which firm minds reach half time."""
    return mini(rounds=6, breakdown=0.0)


def test_without_somebody_for_every_seat_nothing_begins(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    people = SeveralPersons({"USA": Sitter("USA", by_rule)})
    with pytest.raises(SeatError, match=r"seat COD=human: nobody can be asked here"):
        negotiate(mini(), {"USA": "human", "COD": "human"}, person=people, transcript=path)
    assert not path.exists()
    assert is_asked_through(people, "USA")
    assert not is_asked_through(people, "COD")
    assert not is_asked_through(None, "USA")
    assert is_asked_through(Sitter("USA", by_rule), "COD")


def test_if_one_leaves_for_now_the_session_is_kept_and_carried_on_by_all(tmp_path: Path) -> None:
    whole, halves = tmp_path / "w.jsonl", tmp_path / "h.jsonl"
    scenario = planted("plenary")

    def people(until: int | None) -> dict[str, Sitter]:
        return {
            party: Sitter(party, by_rule, until if party == "EUE" else None)
            for party in ("USA", "EUE")
        }

    sit(scenario, people(None), whole)
    with pytest.raises(Paused):
        sit(scenario, people(5), halves)
    with pytest.raises(SeatError, match=r"seat EUE=human\(hints=yes\): nobody"):
        resume(halves, person=SeveralPersons({"USA": Sitter("USA", by_rule)}))
    again = people(None)
    resume(halves, person=SeveralPersons(dict(again)))
    assert verify(halves).ok
    kept = {"turn", "party", "act", "outcome", "on"}
    first, second = (
        [one.model_dump(include=kept) for one in events_of(path) if isinstance(one, MoveMade)]
        for path in (whole, halves)
    )
    assert first == second
    assert {turn.view.party for turn in again["EUE"].asked} == {"EUE"}


@dataclass
class Late:
    """A person who lets their time run out in some turns."""

    clock: Clock
    late_at: frozenset[int]
    answer: Answer = field(default_factory=lambda: PersonMove(BEST))
    left: list[float | None] = field(default_factory=list["float | None"])

    async def move(self, turn: Turn) -> Answer:
        self.left.append(turn.left_s())
        if turn.view.turn not in self.late_at:
            return self.answer
        self.clock.over.set()
        return await asyncio.get_running_loop().create_future()

    def wants_back(self, party: str) -> bool:
        raise AssertionError(party)


def table_of(people: Mapping[str, Person], seats: Mapping[str, str], timer: Timer) -> Table:
    """Return a table in memory."""
    from delegates.attendance import Attendance
    from delegates.openings import opening
    from delegates.ready import _opened

    game = mini(rounds=3, breakdown=0.0)
    specs = {party: parse_seat(seats[party]) for party in game.ids}
    table = _opened(opening(game, specs, {}, 0, "s"), game, None, Attendance())
    table.person, table.timer = SeveralPersons(people), timer
    table.seat({party: seat_delegate(spec, _no_model) for party, spec in specs.items()})
    return table


def _no_model(name: object) -> Any:
    raise AssertionError(f"{name} was asked")


def test_each_has_their_own_limit_and_their_own_stand_in() -> None:
    clock = Clock()
    one, other = Late(clock, frozenset({2})), Late(clock, frozenset({1}), PersonMove(MIDDLE))
    seats = {
        "USA": "human(limit=30,stand-in=boulware)",
        "COD": "human(limit=50,stand-in=linear)",
    }
    table = table_of({"USA": one, "COD": other}, seats, Timer(clock.now, clock.sleep))
    asyncio.run(run_graph(table))
    by = [(move.party, move.decided_by) for move in table.folded.made]
    assert by == [
        ("USA", "a person"),
        ("COD", "code (linear), standing in: time ran out after 50 s"),
        ("USA", "code (boulware), standing in: time ran out after 30 s"),
        ("COD", "a person"),
        ("USA", "a person"),
        ("COD", "a person"),
    ]
    assert (one.left, other.left) == ([30, 30, 30], [50, 50, 50])


@dataclass
class Giver(Sitter):
    """Hands the seat over at its first turn, and takes it back when it is asked so often."""

    back_after: int = 2

    async def move(self, turn: Turn) -> Answer:
        self.asked.append(turn)
        return HandOver() if len(self.asked) == 1 else PersonMove(self.choose(turn.view))

    def wants_back(self, party: str) -> bool:
        self.wanted.append(party)
        return len(self.wanted) >= self.back_after


def test_who_hands_over_is_asked_for_their_own_seat_while_the_others_play_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.jsonl"
    giver, other = Giver("USA", by_rule, back_after=2), Sitter("COD", by_rule)
    negotiate(
        mini(rounds=8, breakdown=0.0),
        {"USA": "human(stand-in=boulware)", "COD": "human"},
        person=SeveralPersons({"USA": giver, "COD": other}),
        transcript=path,
    )
    assert giver.wanted == ["USA", "USA"]
    assert other.wanted == []
    handed = [one for one in events_of(path) if isinstance(one, HandedOver)]
    assert [(one.party, one.to) for one in handed] == [("USA", "stand-in"), ("USA", "person")]
    assert verify(path).ok


@pytest.mark.parametrize("led", [1, 2])
def test_who_sits_among_others_can_have_nothing_strike(tmp_path: Path, led: int) -> None:
    seen: list[Turn] = []

    @dataclass
    class Striker:
        async def move(self, turn: Turn) -> Answer:
            seen.append(turn)
            if turn.problem is None and len(seen) == 1:
                return HaveStrike("quota")
            raise Paused("later")

        def wants_back(self, party: str) -> bool:
            del party
            return False

    seats = {"A": "human", "B": "human" if led == 2 else "firm"}
    people = SeveralPersons({"A": Striker(), "B": Striker()})
    with pytest.raises(Paused):
        negotiate(eventful(), seats, person=people, transcript=tmp_path / "s.jsonl")
    assert [one.name for one in seen[0].shocks] == ([] if led == 2 else ["fall", "lot", "quota"])
    told = "no shock 'quota'; expected none: there is none" if led == 2 else None
    assert seen[1].problem == told


def test_within_a_running_loop_it_is_the_same(tmp_path: Path) -> None:
    one, other = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    scenario = planted("alternating-offers")
    people = ("USA", "COD")
    sit(scenario, {party: Sitter(party, by_rule) for party in people}, one)
    seats = {party: "human(hints=yes)" if party in people else "firm" for party in scenario.ids}
    asyncio.run(
        negotiate_async(
            scenario,
            seats,
            seed=2,
            person=SeveralPersons({party: Sitter(party, by_rule) for party in people}),
            transcript=other,
            sheets={party: sheet_of(party) for party in people},
        )
    )
    assert bare(events_of(one)) == bare(events_of(other))
