"""Sessions with agents at the door: they finish, they fall silent, they come back."""

import asyncio
import contextlib
import http.client
import json
import logging
import re
import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from delegates import negotiate, resume
from delegates.attendance import Attendance
from delegates.connections import Caps, Clients
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.planning.plan_lint import refused
from delegates.negotiate import played_with
from delegates.outside.door import Door, Invitation
from delegates.persons.person import Timer
from delegates.ready import begun
from delegates.seats import parse_seat
from games.errors import Paused, SeatError, UserError
from tests.delegates.halls import hall_of
from tests.delegates.outside.agents import (
    LINES,
    PATIENT,
    QUICK,
    Agents,
    Line,
    Script,
    best,
    kept,
    sit,
)
from tests.delegates.sessions import events_of, mini, settings_at
from transcripts import verify
from transcripts.events import Decided, Event, HandedOver, MoveMade
from transcripts.fold import Folded

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.jsonl"


@pytest.fixture(params=LINES)
def way(request: pytest.FixtureRequest) -> str:
    return request.param


def clients() -> list[str]:
    """Return the clients in the docs: over HTTP, its part for halls, and over MCP."""
    page = (DOCS / "how-to" / "outside-agents.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", page, re.DOTALL)[:3]


def negotiating(code: str, more: str = "") -> Script:
    """Return an agent that does what a client in the docs does."""
    names: dict[str, Any] = {"__name__": "client"}
    for part in (code, more):
        exec(compile(part, "docs", "exec"), names)

    def negotiate(line: Line) -> Any:
        found = names["negotiate"](line.url, line.token)
        return asyncio.run(found) if asyncio.iscoroutine(found) else found

    return negotiate


def test_the_clients_in_the_docs_finish_a_session(path: Path, way: str) -> None:
    over_http, _, over_mcp = clients()
    record, returned, _ = sit(
        {"USA": negotiating({"http": over_http, "mcp": over_mcp}[way])},
        path,
        scenario=mini(),
        seats={"USA": f"{way}(limit=20)", "COD": "conceder"},
    )
    assert record.status == "agreement"
    over = returned["USA"]
    assert (over["kind"], over["status"]) == ("over", "agreement")
    agreed = record.state.agreement
    assert agreed is not None
    named = record.state.scenario.space.outcome(agreed)
    assert over["outcome"] == {name: str(option) for name, option in named.items()}
    assert {move.decided_by for move in kept(path, MoveMade)} == {"an outside agent"}
    assert kept(path, HandedOver) == []


@pytest.mark.parametrize("kind", ["plenary", "forum"])
@pytest.mark.parametrize("party", ["EUE", "USA"])
def test_the_client_in_the_docs_sits_in_halls_as_member_and_as_chair(
    path: Path, kind: str, party: str
) -> None:
    over_http, in_halls, _ = clients()
    hall = hall_of(kind)
    seats = {one: "boulware" for one in hall.ids if one != party}
    sit({party: negotiating(over_http, in_halls)}, path, scenario=hall, seats=seats)
    moves = kept(path, MoveMade, party)
    assert {move.decided_by for move in moves} == {"an outside agent"}
    assert len({move.act for move in moves}) > 1
    assert kept(path, HandedOver, party) == []


@pytest.mark.parametrize("code", clients())
def test_the_clients_in_the_docs_have_thirty_lines(code: str) -> None:
    assert len(code.splitlines()) <= 30


def test_the_client_over_http_needs_the_standard_library_alone() -> None:
    assert re.findall(r"^(?:import|from) (.*)$", clients()[0], re.MULTILINE) == [
        "http.client, json, sys"
    ]


def test_a_move_is_on_record_with_its_words_before_it_is_confirmed(path: Path, way: str) -> None:
    seen: list[list[str]] = []

    def script(line: Line) -> Any:
        told = line.seat()
        reply = line.move(best(told, words="We ask for much."))
        assert (reply.status, reply.said) == (200, {"kind": "kept", "turn": told["turn"]})
        seen.append([event.type for event in events_of(path)])
        return line.play_on()

    sit({"USA": script}, path, way=way)
    assert seen[0][:2] == ["opened", "decided"]
    first, second, *_ = kept(path, MoveMade)
    assert (first.words, first.worded_by) == ("We ask for much.", "the outside agent")
    assert second.worded_by == "templates"


@pytest.mark.parametrize("other", LINES)
def test_two_agents_and_no_one_else_finish_a_session(path: Path, way: str, other: str) -> None:
    both = {"USA": Line.play_on, "COD": Line.play_on}
    record, returned, agents = sit(both, path, seats={"USA": way, "COD": other})
    assert record.status == "no-agreement"
    assert returned["USA"]["status"] == returned["COD"]["status"] == "no-agreement"
    assert agents.lines["USA"].token != agents.lines["COD"].token
    for party in both:
        assert [one.party for one in kept(path, Decided, party)] == [party] * 3


def test_a_silent_agents_stand_in_moves_and_the_event_says_so(path: Path, way: str) -> None:
    record = on_a_clock(path, {"USA": lambda line: None}, over_at_once, way)
    assert record.status != "incomplete"
    reasons = {event.reason for event in kept(path, HandedOver)}
    assert reasons == {"time ran out after 20 s"}
    assert {move.decided_by for move in kept(path, MoveMade)} == {
        "code (boulware), standing in: time ran out after 20 s"
    }


async def over_at_once(_: float) -> None:
    return


def on_a_clock(path: Path, scripts: Any, sleep: Any, way: str) -> Any:
    """Return the record of a session whose time passes as `sleep` says."""
    agents = Agents(scripts)
    seats = {"USA": f"{way}(limit=20,stand-in=boulware)", "COD": PATIENT}
    ready = begun(
        mini(rounds=3),
        {party: parse_seat(spec) for party, spec in seats.items()},
        settings_at(home=path.parent),
        Caps(),
        Attendance(door=Door(tell=agents.invite, bounds=QUICK)),
        seed=2,
        transcript=path,
    )
    ready.table.timer = Timer(now=lambda: 0.0, sleep=sleep)

    async def played() -> Any:
        clients = Clients.opened(ready.settings, ready.caps)
        try:
            return await played_with(ready, clients)
        finally:
            await clients.close()

    record = asyncio.run(played())
    agents.done()
    assert verify(path).ok
    return record


def test_an_answer_that_comes_late_changes_nothing(path: Path, way: str) -> None:
    late: list[Any] = []
    first: list[Any] = []

    async def first_turn_alone(_: float) -> None:
        if len(first) > 1:
            await asyncio.Event().wait()
        while not first:
            await asyncio.sleep(0)
        first.append("over")

    def script(line: Line) -> Any:
        told = line.seat()
        first.append(told)
        while (now := line.seat())["turn"] == told["turn"]:
            pass
        late.append(line.move(best(told)))
        assert line.move(best(now)).kind == "kept"
        return line.play_on()

    on_a_clock(path, {"USA": script}, first_turn_alone, way)
    (reply,) = late
    assert reply.kind == "refused"
    assert reply.said["problem"] == "turn: 0 is not awaited; expected 2"
    assert [event.turn for event in kept(path, HandedOver)] == [0]
    assert [event.turn for event in kept(path, Decided)] == [2, 4]


def test_an_agent_may_go_away_and_ask_again(path: Path, way: str) -> None:
    def script(line: Line) -> Any:
        told = line.seat()
        line.raw(
            f"{' '.join(line.looking)} HTTP/1.1\r\nHost: 127.0.0.1:{line.port}\r\n".encode()
        ).close()
        again = line.seat()
        assert again == {**told, "left_s": again["left_s"]}
        assert again["left_s"] <= told["left_s"] <= 20
        return line.play_on()

    record, *_ = sit({"USA": script}, path, way=way)
    assert len(kept(path, Decided)) == 3
    assert record.status == "no-agreement"


def test_an_interrupted_session_is_carried_on_with_a_new_token(path: Path, way: str) -> None:
    def until_the_second_move(event: Event, folded: Folded) -> None:
        if len(folded.moves) == 2:
            raise Paused("later")

    agents = Agents({"USA": lambda line: line.move(best(line.seat())).status})
    with pytest.raises(Paused):
        negotiate(
            mini(rounds=3),
            {"USA": way, "COD": PATIENT},
            seed=2,
            transcript=path,
            watch=until_the_second_move,
            door=Door(tell=agents.invite, bounds=QUICK),
        )
    assert agents.done() == {"USA": 200}
    later = Agents({"USA": Line.play_on})
    record = resume(path, door=Door(tell=later.invite, bounds=QUICK))
    assert later.done()["USA"]["status"] == record.status == "no-agreement"
    assert later.lines["USA"].token != agents.lines["USA"].token
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]
    assert verify(path).ok


def test_who_waits_for_a_turn_as_the_session_stops_is_let_go(path: Path, way: str) -> None:
    """The other side's move is the last: then the front end leaves, and nobody is waited for."""
    looks = threading.Event()

    def after_the_first_move(event: Event, folded: Folded) -> None:
        if folded.moves:
            raise Paused("later")

    def usa(line: Line) -> Any:
        told = line.seat()
        assert looks.wait(20)
        return line.move(best(told)).kind

    def cod(line: Line) -> Any:
        looks.set()
        with contextlib.suppress(ConnectionError, http.client.HTTPException):
            return line.look().kind

    agents = Agents({"USA": usa, "COD": cod})
    with pytest.raises(Paused):
        negotiate(
            mini(rounds=3),
            {"USA": way, "COD": way},
            seed=2,
            transcript=path,
            watch=after_the_first_move,
            door=Door(tell=agents.invite, bounds=replace(QUICK, poll_s=60.0)),
        )
    assert agents.done() == {"USA": "kept", "COD": None}
    assert verify(path).ok


def test_a_token_stands_in_no_transcript_log_record_or_representation(
    path: Path, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        record, _, agents = sit({"USA": Line.play_on}, path, way=way)
    token = agents.lines["USA"].token
    invitation = Invitation(party="USA", url="http://127.0.0.1:1/", token=token)
    held = (path.read_text(), json.dumps(record.as_json()), caplog.text, repr(invitation))
    assert [text for text in held if token in text] == []


def test_a_port_that_is_taken_is_said_before_anything_is_written(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"--port {port}: something else listens there"):
            negotiate(
                mini(),
                {"USA": "http", "COD": "firm"},
                transcript=path,
                door=Door(tell=print, port=port),
            )
    assert not path.exists()


def test_without_a_door_an_outside_seat_is_refused_before_anything_is_written(
    path: Path, way: str
) -> None:
    with pytest.raises(SeatError, match=f"seat USA={way}: no outside agent can come in here"):
        negotiate(mini(), {"USA": way, "COD": "firm"}, transcript=path)
    assert not path.exists()


def test_the_port_is_free_again_after_a_session_and_after_a_refusal(path: Path) -> None:
    _, _, agents = sit({"USA": Line.play_on}, path)
    port = agents.lines["USA"].port
    for _ in range(2):
        with pytest.raises(UserError, match="exists already"):
            negotiate(
                mini(),
                {"USA": "http", "COD": "firm"},
                transcript=path,
                door=Door(tell=print, port=port),
            )


@pytest.mark.parametrize("seat", ["http", "http(limit=5)", "http:gpt", "mcp", "mcp(limit=5)"])
def test_an_evaluation_refuses_an_outside_seat(seat: str) -> None:
    plan = Plan.model_validate(
        {
            "minilateral-plan": 1,
            "id": "p",
            "title": "t",
            "scenarios": ["first-table"],
            "strategies": {"a": seat, "b": "firm"},
        }
    )
    assert list(refused(plan)) == [
        (
            ("strategies", "a"),
            f"seat {seat!r}: nobody sits at a batch; expected a strategy that plays by itself",
        )
    ]


@pytest.mark.parametrize(
    ("spec", "decides", "words", "limit_s", "stand_in"),
    [
        ("http", "an outside agent (stand-in: firm)", "the outside agent or templates", 60, "firm"),
        (
            "http(limit=5,stand-in=linear)+llm:v",
            "an outside agent (stand-in: linear)",
            "the outside agent or v",
            5,
            "linear+llm:v",
        ),
        (
            "http:gpt",
            "an outside agent (stand-in: llm:gpt)",
            "the outside agent or templates",
            60,
            "llm:gpt",
        ),
        ("mcp", "an outside agent (stand-in: firm)", "the outside agent or templates", 60, "firm"),
        (
            "mcp(limit=300,stand-in=linear)+llm:v",
            "an outside agent (stand-in: linear)",
            "the outside agent or v",
            300,
            "linear+llm:v",
        ),
    ],
)
def test_a_seat_says_who_decides_and_who_stands_in(
    spec: str, decides: str, words: str, limit_s: float, stand_in: str
) -> None:
    seat = parse_seat(spec)
    assert (seat.text, seat.decides, seat.words, seat.limit_s) == (spec, decides, words, limit_s)
    assert (seat.is_person, seat.is_outside, seat.scripted) == (False, True, False)
    assert seat.stand_in is not None
    assert seat.stand_in.text == stand_in


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("http(limit=0)", "limit='0'; expected a number from 1 to 86400"),
        ("http(limit=soon)", "limit='soon'; expected a number from 1 to 86400"),
        ("http(hints=yes)", "unknown parameter 'hints'; http takes limit, stand-in"),
        ("mcp(hints=yes)", "unknown parameter 'hints'; mcp takes limit, stand-in"),
        ("http(stand-in=firm):gpt", "for a model to stand in, write http(stand-in=llm):gpt"),
    ],
)
def test_what_cannot_be_set_is_said_in_one_line(spec: str, problem: str) -> None:
    with pytest.raises(SeatError, match=re.escape(problem)):
        parse_seat(spec)
