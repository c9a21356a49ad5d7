"""Models in a plenary and a forum: whole sessions, cut anywhere, with nothing bought twice."""

import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from delegates import negotiate, resume
from delegates.fork import fork
from games.scenario import Scenario, load_scenario
from tests.delegates.halls import hall_haggle, hall_of
from tests.delegates.sessions import bare, events_of, settings_at
from tests.support.openai_stub import OpenAIStub
from transcripts.events import Asked, MoveMade, Unusable
from transcripts.verify import verify

SEATS = {"USA": "llm:m", "EUE": "menu:m+llm:m", "COD": "boulware+llm:m", "IDN": "llm:m+llm:m"}


def scenario_of(kind: str) -> Scenario:
    return hall_of(kind, speakers=2) if kind == "forum" else hall_of(kind, rounds=3)


def whole(
    kind: str,
    path: Path,
    seats: dict[str, str] | None = None,
    answer: Any = None,
    stub: OpenAIStub | None = None,
) -> int:
    """Play a session to its end, and return how many calls it took."""
    if stub is None:
        with OpenAIStub(answer or answers) as own:
            return whole(kind, path, seats, stub=own)
    before = len(stub.requests)
    settings = settings_at(stub.url, home=path.parent)
    negotiate(scenario_of(kind), seats or SEATS, seed=1, transcript=path, settings=settings)
    return len(stub.requests) - before


def answers(request: Any) -> str:
    """Answer by lot; these lots bring the plenary and the forum to signatures."""
    return hall_haggle(request, "u")


def made(path: Path) -> list[MoveMade]:
    return [event for event in events_of(path) if isinstance(event, MoveMade)]


@pytest.mark.parametrize("kind", ["plenary", "forum"])
def test_a_hall_of_models_is_played_to_its_end_and_holds(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    whole(kind, path)
    assert verify(path).ok
    stages = {event.stage for event in made(path)}
    assert {"floor", "chair", "sign"} <= stages
    models = [one for one in made(path) if one.party in ("USA", "IDN")]
    assert {one.decided_by for one in models if not one.fallback} == {"m (freely)"}


def test_models_that_never_say_anything_usable_are_stood_in_for_by_their_rule(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.jsonl"
    calls = whole("plenary", path, dict.fromkeys(SEATS, "llm:m"), lambda _: "Let me think.")
    moves = made(path)
    assert calls == 3 * len(moves)
    assert all("gave no usable move in 3 replies" in (one.fallback or "") for one in moves)
    assert {"vote", "sign"} & {one.stage for one in moves}
    ruled = tmp_path / "ruled.jsonl"
    negotiate(scenario_of("plenary"), dict.fromkeys(SEATS, "firm"), seed=1, transcript=ruled)
    assert [(one.party, one.act, one.outcome, one.on) for one in moves] == [
        (one.party, one.act, one.outcome, one.on) for one in made(ruled)
    ]


def test_roll_calls_signatures_and_writing_are_worded_at_no_cost(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    whole("forum", path, dict.fromkeys(SEATS, "boulware+llm:m"))
    asked = [event for event in events_of(path) if isinstance(event, Asked)]
    worded = {event.turn for event in asked}
    by_turn = {event.turn: event for event in made(path)}
    assert {by_turn[turn].stage for turn in worded} <= {"floor", "chair"}
    floors: Counter[int] = Counter()
    for turn in sorted(worded):
        if by_turn[turn].stage == "floor":
            floors[by_turn[turn].round] += 1
    assert floors
    assert max(floors.values()) <= 2 * 2
    silent = [one for one in made(path) if one.turn not in worded]
    assert {one.worded_by for one in silent} == {"templates"}
    assert {one.words_fallback for one in silent} == {None}
    assert any(one.stage == "sign" for one in silent)


def cut_and_resumed(tmp_path: Path, every: int) -> int:
    """Cut a plenary within its events, resume and check each cut, and return their number."""
    path = tmp_path / "whole.jsonl"
    with OpenAIStub(answers) as stub:
        calls = whole("plenary", path, stub=stub)
        lines = path.read_bytes().splitlines(keepends=True)
        expected = bare(events_of(path))[1:]
        settings = settings_at(stub.url, home=tmp_path)
        for kept in range(1, len(lines), every):
            cut = tmp_path / "cut.jsonl"
            cut.write_bytes(b"".join(lines[:kept]) + lines[kept][: len(lines[kept]) // 2])
            stub.requests.clear()
            resume(cut, settings=settings)
            replied = sum(json.loads(line)["type"] == "replied" for line in lines[:kept])
            assert len(stub.requests) == calls - replied, kept
            assert bare(events_of(cut))[1:] == expected, kept
            cut.unlink()
            (tmp_path / "cut.jsonl.torn").unlink(missing_ok=True)
    return len(range(1, len(lines), every))


@pytest.mark.timeout(300)
def test_a_cut_session_goes_on_to_the_same_end_and_buys_nothing_twice(tmp_path: Path) -> None:
    assert cut_and_resumed(tmp_path, every=5) > 20


@pytest.mark.campaign
@pytest.mark.timeout(1200)
def test_a_session_cut_within_any_event_goes_on_to_the_same_end(tmp_path: Path) -> None:
    assert cut_and_resumed(tmp_path, every=1) > 100


@pytest.mark.parametrize("kind", ["plenary", "forum"])
def test_a_fork_of_a_hall_keeps_what_was_heard_in_its_rooms(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "whole.jsonl"
    whole(kind, path)
    for at in range(0, len(made(path)), 3):
        child = tmp_path / f"{at}.jsonl"
        with OpenAIStub(answers) as stub:
            settings = settings_at(stub.url, home=tmp_path)
            fork(path, at=at, out=child, settings=settings)
            resume(child, settings=settings)
        assert deeds(made(child)) == deeds(made(path)), at


def deeds(moves: list[MoveMade]) -> list[tuple[object, ...]]:
    return [(one.turn, one.party, one.act, one.outcome, one.on, one.words) for one in moves]


CAUCUS = {
    "reasoning": "",
    "action": "call_caucus",
    "offer": None,
    "on": {
        "members": ["COD"],
        "issues": ["price"],
        "measure": None,
        "issue": None,
        "option": None,
        "to": None,
        "deal": None,
    },
    "message": "",
}
SECRET = "Between ourselves, the heron nests early this year."
"""What is said in a caucus."""


def caucusing(request: Any) -> str:
    """Answer as a seat that calls a caucus once there is a text, and speaks in confidence there."""
    prompt = "\n".join(message["content"] for message in request["messages"])
    if '"call_caucus"' in prompt and "chief delegate of Indonesia" in prompt:
        return json.dumps(CAUCUS)
    if "The room (caucus)" in prompt:
        text = prompt.rsplit("The text: ", 1)[1].split("}")[0] + "}"
        offer = json.loads(text) | {"price": "30"}
        return json.dumps(
            {
                "reasoning": "",
                "action": "offer",
                "offer": offer,
                "on": None,
                "message": f"{SECRET} Nest {Random(prompt).randrange(10**6, 10**7)}.",
            }
        )
    return answers(request)


def test_what_is_said_in_a_caucus_is_heard_by_those_in_it_alone_and_remembered(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.jsonl"
    with OpenAIStub(caucusing) as stub:
        whole("plenary", path, dict.fromkeys(SEATS, "llm:m"), stub=stub)
    told = [event for event in events_of(path) if isinstance(event, Asked)]
    said = [one for one in made(path) if "heron" in one.words]
    assert said
    for one in said:
        heard = {event.party for event in told if one.words[-8:] in event.messages[-1].content}
        assert one.heard_by is not None
        assert heard <= set(one.heard_by) < set(SEATS)
    later = [
        one
        for one in told
        if "heron" in one.messages[-1].content and "The room" not in one.messages[-1].content
    ]
    assert all("HEARD BY A FEW" in one.messages[-1].content for one in later)
    assert later
    resumed = tmp_path / "resumed.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    last = next(n for n, line in enumerate(lines) if b"heron" in line and b'"moved"' in line)
    resumed.write_bytes(b"".join(lines[: last + 1]))
    with OpenAIStub(caucusing) as stub:
        resume(resumed, settings=settings_at(stub.url, home=tmp_path))
    assert deeds(made(resumed)) == deeds(made(path))


def test_an_illegal_act_is_asked_for_again_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"

    def answer(request: Any) -> str:
        prompt = "\n".join(message["content"] for message in request["messages"])
        first = "could not be used" not in prompt
        if first and "There is no text yet." in prompt and "You have the floor" in prompt:
            return json.dumps({"reasoning": "", "action": "accept", "offer": None, "message": ""})
        return answers(request)

    whole("plenary", path, dict.fromkeys(SEATS, "llm:m"), answer)
    faults = [event for event in events_of(path) if isinstance(event, Unusable)]
    assert ("there is no text yet", "illegal") in {(one.reason, one.fault) for one in faults}


def test_the_same_session_again_asks_the_same_questions(tmp_path: Path) -> None:
    one, other = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    with OpenAIStub(answers) as stub:
        whole("forum", one, stub=stub)
        whole("forum", other, stub=stub)
    assert bare(events_of(one))[1:] == bare(events_of(other))[1:]
    assert any(isinstance(event, Asked) for event in events_of(one))


def test_the_call_of_a_caucus_is_heard_by_those_who_are_asked_into_it() -> None:
    club = load_scenario("price-floor-club")
    record = negotiate(club, dict.fromkeys(club.ids, "firm"), seed=1, watch=lambda *_: None)
    calls = [event for event in record.events or () if isinstance(event, MoveMade)]
    caucuses = [event for event in calls if event.act == "call-caucus"]
    assert caucuses
    for event in caucuses:
        assert event.heard_by == (event.party, *cast("list[str]", event.on["members"]))
