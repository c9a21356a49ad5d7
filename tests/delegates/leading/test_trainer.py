"""Whoever leads an exercise has shocks strike: planned beforehand, or from the seat of a person."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from delegates import negotiate, resume
from delegates.leading.trainer import planned_shocks, shocks_open
from delegates.persons.person import (
    Answer,
    HandOver,
    HaveStrike,
    PersonMove,
    Turn,
    packed,
    unpacked,
)
from games import parse_scenario
from games.errors import Paused, SettingError, TranscriptError
from games.happenings.happening import inject
from games.moves import AskCapital, Offer, WalkAway
from games.scenario import Scenario
from games.session import start
from tests.delegates.sessions import bare, events_of, forged, mini
from tests.games.eventful import KINDS, TEXT, eventful
from tests.games.happenings.test_happening import LOW, quiet
from transcripts import verify
from transcripts.events import Decided, Happened, MoveMade, PlannedShock
from transcripts.happenings import due
from transcripts.store import seal

MANY = 40


def crowded() -> Scenario:
    """Return the eventful scenario with very many shocks that only somebody has strike."""
    more = "".join(f"  s{k}: {{label: Shock {k}, reservation: {{B: 0.1}}}}\n" for k in range(MANY))
    return parse_scenario(TEXT.replace("KIND", "alternating-offers") + more, "eventful")


@dataclass
class Trainer:
    """Answers in order, and leaves for now when there is no more."""

    answers: list[Answer]
    asked: list[Turn] = field(default_factory=list[Turn])

    async def move(self, turn: Turn) -> Answer:
        self.asked.append(turn)
        if not self.answers:
            raise Paused("later")
        return self.answers.pop(0)

    def wants_back(self, party: str) -> bool:
        del party
        return False


SEATS = {"A": "human", "B": "firm"}
SCRIPTED = {"A": "firm", "B": "firm"}
OPENING = PersonMove(Offer(LOW), "We open.")


def test_an_answer_that_has_a_shock_strike_passes_through_the_graph() -> None:
    assert unpacked(packed(HaveStrike("quota"))) == HaveStrike("quota")
    assert unpacked(packed(PersonMove(AskCapital("tonnes", "1000")))) == PersonMove(
        AskCapital("tonnes", "1000")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_person_is_asked_again_with_the_news(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "s.jsonl"
    trainer = Trainer([HaveStrike("quota"), HaveStrike("fall"), OPENING])
    with pytest.raises(Paused):
        negotiate(eventful(kind), SEATS, seed=quiet(), person=trainer, transcript=path)
    first, second, third, *_ = trainer.asked
    assert [one.view.turn for one in (first, second, third)] == [0, 0, 0]
    assert [len(one.view.news) for one in (first, second, third)] == [0, 1, 2]
    assert [one.name for one in third.shocks] == ["lot"]
    assert (first.view.own.reservation, third.view.own.reservation) == (10, 5)
    kinds = [event.type for event in events_of(path)][:5]
    assert kinds == ["opened", "happened", "happened", "decided", "moved"]
    struck = [event for event in events_of(path) if isinstance(event, Happened)][:2]
    assert [(event.shock, event.by, event.turn) for event in struck] == [
        ("quota", "trainer", 0),
        ("fall", "trainer", 0),
    ]
    assert verify(path).problems == []


def test_what_cannot_strike_is_said_and_nothing_is_kept_of_it(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    answers: list[Answer] = [HaveStrike("flood"), HaveStrike("quota"), HaveStrike("quota"), OPENING]
    trainer = Trainer(answers)
    with pytest.raises(Paused):
        negotiate(eventful(), SEATS, seed=quiet(), person=trainer, transcript=path)
    problems = [turn.problem for turn in trainer.asked if turn.problem]
    assert problems == [
        "no shock 'flood'; expected fall, lot, quota",
        "no shock 'quota'; expected fall, lot",
    ]
    struck = [event.shock for event in events_of(path) if isinstance(event, Happened)]
    assert struck.count("quota") == 1


def test_nothing_is_said_with_what_a_capital_is_asked_for(tmp_path: Path) -> None:
    asks = PersonMove(AskCapital("tonnes", "1000"), "We want 1000.")
    trainer = Trainer([OPENING, asks])
    with pytest.raises(Paused):
        negotiate(eventful(), SEATS, seed=quiet(), person=trainer, transcript=tmp_path / "s.jsonl")
    assert (
        trainer.asked[-1].problem == "what is asked of a capital nobody hears; say nothing with it"
    )


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_session_cut_anywhere_about_a_shock_is_carried_on_right(tmp_path: Path, cut: int) -> None:
    whole, path = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    moves: list[Answer] = [OPENING, PersonMove(WalkAway())]
    trainer = Trainer([HaveStrike("quota"), *moves])
    negotiate(eventful(), SEATS, seed=quiet(), person=trainer, transcript=whole, session="s")
    lines = whole.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:cut]))
    kept = [event.type for event in events_of(path)]
    again: list[Answer] = [] if "happened" in kept else [HaveStrike("quota")]
    again += moves[kept.count("decided") :]
    resume(path, person=Trainer(again))
    told = [event for event in events_of(path) if event.type != "resumed"]
    assert bare(told) == bare(events_of(whole))
    assert verify(path).problems == []


def test_very_many_shocks_strike_in_one_turn(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    shocks: list[Answer] = [HaveStrike(f"s{k}") for k in range(MANY)]
    trainer = Trainer([*shocks, OPENING, PersonMove(WalkAway())])
    record = negotiate(crowded(), SEATS, seed=quiet(), person=trainer, transcript=path)
    assert record.status == "walked-away"
    assert sum(isinstance(event, Happened) for event in events_of(path)) >= MANY
    assert verify(path).problems == []


def test_a_person_can_have_strike_what_its_seat_would_hear_of() -> None:
    state = start(eventful(), quiet())
    assert [one.name for one in shocks_open(state)] == ["fall", "lot", "quota"]
    assert shocks_open(state)[0].changes == (
        "what you have without agreement: -5",
        "what B wants or can expect",
    )
    other = start(eventful().model_copy(update={"parties": _turned(eventful())}), quiet())
    assert (other.party, [one.name for one in shocks_open(other)]) == ("B", ["fall", "quota"])
    assert [one.name for one in shocks_open(inject(state, "fall"))] == ["lot", "quota"]


def _turned(game: Scenario) -> dict[str, object]:
    return {party: game.parties[party] for party in reversed(game.ids)}


def test_what_is_planned_is_read_from_its_name_and_round() -> None:
    planned = planned_shocks(eventful(), ["quota", " fall@3 "])
    assert [(one.shock, one.round) for one in planned] == [("quota", 1), ("fall", 3)]
    assert planned_shocks(eventful("plenary"), ["quota@8"])[0].round == 8
    with pytest.raises(SettingError, match="--shock quota in round 9, but the talks have 8"):
        planned_shocks(eventful(), ["quota@9"])
    with pytest.raises(SettingError, match="none: the scenario states none"):
        planned_shocks(mini(), ["quota"])


def test_what_is_due_has_not_struck_and_its_round_has_begun() -> None:
    state = start(eventful(), quiet())
    planned = [PlannedShock(shock="quota", round=2), PlannedShock(shock="fall")]
    assert list(due(state, planned)) == ["fall"]
    assert list(due(inject(state, "fall"), planned)) == []


def test_a_header_that_plans_what_cannot_strike_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    negotiate(eventful(), {"A": "firm", "B": "firm"}, seed=1, transcript=path, shocks=["quota@2"])
    other = forged(path, {0: {"shocks": (PlannedShock(shock="flood"),)}})
    with pytest.raises(TranscriptError, match="event 0: shocks: no shock 'flood'"):
        resume(other)
    assert any("no shock 'flood'" in problem for problem in verify(other).problems)


@pytest.mark.parametrize(
    ("planned", "late"),
    [([("quota", 1)], "quota"), ([("quota", 2), ("fall", 1)], "fall")],
)
def test_a_header_that_plans_what_did_not_strike_in_time_is_noticed(
    tmp_path: Path, planned: list[tuple[str, int]], late: str
) -> None:
    path = tmp_path / "s.jsonl"
    negotiate(eventful(), SCRIPTED, seed=1, transcript=path, shocks=["quota@2"])
    assert verify(path).problems == []
    shocks = tuple(PlannedShock(shock=name, round=number) for name, number in planned)
    found = verify(forged(path, {0: {"shocks": shocks}})).problems
    first = next(event.n for event in events_of(path) if event.type == "moved")
    assert found == [f"event {first}: before it {late} was to strike, as event 0 plans; it did not"]


def test_a_planned_shock_cut_out_is_noticed_where_it_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    negotiate(eventful(), SCRIPTED, seed=1, transcript=path, shocks=["quota@2"])
    events = events_of(path)
    struck = next(one.n for one in events if isinstance(one, Happened) and one.shock == "quota")
    lines, last = [], ""
    for event in events[:struck] + events[struck + 1 :]:
        told = event.model_copy(update={"n": len(lines), "prev": last})
        line, last = seal(told.model_dump_json().encode()[:-1])
        lines.append(line)
    path.write_bytes(b"".join(lines))
    (problem,) = verify(path).problems
    assert "before it quota was to strike" in problem
    with pytest.raises(TranscriptError, match="before it quota was to strike"):
        resume(path)


def test_a_header_without_plans_is_written_as_it_always_was(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    negotiate(mini(), {"USA": "firm", "COD": "firm"}, seed=1, transcript=path)
    assert b'"shocks"' not in path.read_bytes().splitlines()[0].partition(b'"limits"')[2]


def test_a_person_decides_after_what_struck(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    trainer = Trainer([OPENING, HaveStrike("quota"), PersonMove(WalkAway())])
    negotiate(eventful(), SEATS, seed=quiet(), person=trainer, transcript=path)
    last = [event for event in events_of(path) if isinstance(event, Decided | Happened)][-2:]
    assert [event.type for event in last] == ["happened", "decided"]
    assert last[0].turn == last[1].turn


@pytest.mark.parametrize("kind", KINDS)
def test_a_stand_in_passes_where_its_seat_is_held(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "s.jsonl"
    trainer = Trainer([HaveStrike("quota"), HandOver()])
    record = negotiate(eventful(kind), SEATS, seed=quiet(), person=trainer, transcript=path)
    assert record.status != "incomplete"
    floor = ("", "floor")
    own = [one for one in events_of(path) if isinstance(one, MoveMade) and one.party == "A"]
    held = [one.act for one in own if one.round == 1 and one.stage in floor]
    assert held == ["pass"]
    assert verify(path).problems == []
