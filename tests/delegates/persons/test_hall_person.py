"""A person in a hall: asked at every stage, told what is open, stood in for by the rule."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from delegates import negotiate
from delegates.acts_open import moves_allowed
from delegates.persons.person import Answer, HandOver, PersonMove, Turn
from games.moves import Accept, Move, Vote
from games.scenario import Scenario
from tests.delegates.halls import drawn, hall_haggle, hall_of
from tests.delegates.sessions import events_of, settings_at
from tests.support.openai_stub import OpenAIStub
from transcripts.events import Asked, Decided, MoveMade
from transcripts.verify import verify


@dataclass
class Lots:
    """A person who takes any of the acts that are open, by lot, and now and then a wrong one."""

    scenario: Scenario
    chance: Random
    asked: list[Turn] = field(default_factory=list[Turn])
    problems: list[str] = field(default_factory=list[str])

    async def move(self, turn: Turn) -> Answer:
        self.asked.append(turn)
        if turn.problem is not None:
            self.problems.append(turn.problem)
        return PersonMove(self._move(turn), "" if self.chance.random() < 0.5 else "So we say.")

    def _move(self, turn: Turn) -> Move:
        if self.chance.random() < 0.1:
            return self.chance.choice([Accept(), Vote("yes")])
        acts = [one for one in moves_allowed(turn.view) if one.act != "walk-away"]
        return drawn(self.chance.choice(acts), turn.view, self.scenario, self.chance)

    def wants_back(self, party: str) -> bool:
        return False


@pytest.mark.parametrize("kind", ["plenary", "forum"])
def test_a_person_is_asked_at_every_stage_and_moves_as_it_answered(
    kind: str, tmp_path: Path
) -> None:
    stages: set[str] = set()
    for seed in range(4):
        scenario = hall_of(kind, rounds=3)
        person, path = Lots(scenario, Random(seed)), tmp_path / f"{seed}.jsonl"
        seats = {"USA": "human", "EUE": "human", "COD": "linear", "IDN": "conceder"}
        negotiate(scenario, seats, seed=seed, transcript=path, person=person)
        assert verify(path).ok
        events = events_of(path)
        decided = [event for event in events if isinstance(event, Decided)]
        own = [
            event
            for event in events
            if isinstance(event, MoveMade) and event.party in ("USA", "EUE")
        ]
        assert [(one.turn, one.act, one.on) for one in decided] == [
            (one.turn, one.act, one.on) for one in own
        ]
        stages |= {event.stage for event in own}
        assert all(turn.view.hall is not None for turn in person.asked)
    assert {"floor", "chair", "sign"} <= stages


def test_an_answer_that_is_not_legal_is_asked_for_again(tmp_path: Path) -> None:
    scenario = hall_of(rounds=3)
    person = Lots(scenario, Random(1))
    seats = {"USA": "human", "EUE": "linear", "COD": "linear", "IDN": "linear"}
    negotiate(scenario, seats, transcript=tmp_path / "s.jsonl", person=person)
    assert person.problems


@dataclass
class Absent:
    """A person who hands the seat over at once."""

    async def move(self, turn: Turn) -> Answer:
        return HandOver()

    def wants_back(self, party: str) -> bool:
        return False


def test_the_stand_in_moves_by_its_rule_in_every_stage(tmp_path: Path) -> None:
    scenario = hall_of(rounds=3)
    one, other = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    others = {"EUE": "linear", "COD": "linear", "IDN": "linear"}
    seats = {"USA": "human(stand-in=boulware)", **others}
    negotiate(scenario, seats, seed=1, transcript=one, person=Absent())
    negotiate(scenario, {"USA": "boulware", **others}, seed=1, transcript=other)
    assert deeds(one) == deeds(other)
    assert {stage for _, _, stage, *_ in deeds(one)} >= {"floor", "chair"}


def deeds(path: Path) -> list[tuple[object, ...]]:
    return [
        (one.turn, one.party, one.stage, one.act, one.outcome, one.on)
        for one in events_of(path)
        if isinstance(one, MoveMade)
    ]


def test_a_silent_person_in_writing_costs_no_words(tmp_path: Path) -> None:
    scenario = hall_of("forum", rounds=2, speakers=1)
    path = tmp_path / "s.jsonl"
    person = Lots(scenario, Random(2))
    seats = {"USA": "linear", "EUE": "linear", "COD": "human+llm:m", "IDN": "linear"}
    with OpenAIStub(lambda request: hall_haggle(request)) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        negotiate(scenario, seats, transcript=path, settings=settings, person=person)
    turns = {event.turn for event in events_of(path) if isinstance(event, Asked)}
    own = [one for one in events_of(path) if isinstance(one, MoveMade) and one.party == "COD"]
    silent = [one for one in own if one.turn not in turns]
    assert silent
    assert {one.worded_by for one in silent} <= {"templates", "the person"}
