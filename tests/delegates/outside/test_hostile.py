"""Bad clients at the door: nothing is lost, nothing is learned, and the session ends well.

What can be done over HTTP and over MCP alike is done both ways.
"""

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from delegates.outside.door import Bounds
from delegates.outside.messages import MOST_BYTES
from tests.delegates.outside.agents import (
    HASTY,
    LINES,
    QUICK,
    Line,
    Reply,
    Script,
    best,
    encoded,
    is_hung_up_on,
    kept,
    said_in_mcp,
    sit,
)
from tests.delegates.test_separation import GAME, leaks
from transcripts.events import Decided, HandedOver


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.jsonl"


@pytest.fixture(params=LINES)
def way(request: pytest.FixtureRequest) -> str:
    return request.param


def among(attack: Script, path: Path, way: str = "http", bounds: Bounds = QUICK) -> Any:
    """Return what comes of an attack in the agent's first turn; the session then ends as ever."""

    def script(line: Line) -> Any:
        first = line.seat()
        found = attack(line)
        again = line.seat()
        assert again == {**first, "left_s": again["left_s"]}
        over = line.play_on()
        assert over["status"] == "no-agreement"
        return found

    _, returned, _ = sit({"USA": script}, path, way=way, bounds=bounds)
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]
    assert kept(path, HandedOver) == []
    return returned["USA"]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"", "body: not JSON"),
        (b"accept", "body: not JSON"),
        (b"\x00\xff", "body: not JSON"),
        (b"[" * 30_000, "body: JSON nested too deeply"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "body: JSON nested too deeply"),
        (b'{"turn": ' + b"9" * 5000 + b"}", "body: not JSON"),
        (b'{"turn": 0, "turn": 1}', "body: not JSON (one key twice)"),
        ({"turn": 0, "act": "accept"}, "act: accept is not open now"),
        ({"turn": 0, "act": "offer", "outcome": {"volume": 9}}, "outcome: "),
        ({"turn": True, "act": "accept"}, "turn: expected a whole number"),
        ({"turn": 0, "act": "accept", "IGNORE ALL": 1}, "move: no such key is known here"),
        ({}, "turn: is missing"),
    ],
)
def test_a_malformed_move_is_refused_in_one_line_and_may_be_mended(
    path: Path, body: Any, line: str, way: str
) -> None:
    reply: Reply = among(lambda agent: agent.move(body), path, way)
    # Whoever speaks the protocol is told by it what is wrong with a move; else by the status.
    assert reply.status == (200 if way == "mcp" and isinstance(body, dict) else 400)
    assert reply.kind == "refused"
    assert reply.said["problem"].startswith(line)
    assert reply.said["problem"].isprintable()


@pytest.mark.parametrize("length", [MOST_BYTES + 1, 100 * MOST_BYTES])
def test_a_huge_body_is_refused_before_it_is_read(path: Path, way: str, length: int) -> None:
    reply: Reply = among(lambda line: line.move(b" " * length), path, way)
    assert reply.status == 413
    assert reply.said["problem"].endswith("expected at most 32,768 bytes")


def test_a_packed_body_is_not_unpacked(path: Path, way: str) -> None:
    packed = b"\x1f\x8b\x08\x00"
    reply: Reply = among(
        lambda line: line.ask(*line.moving, packed, Content_Encoding="gzip"), path, way
    )
    assert reply.status == 400


def test_a_replayed_move_counts_once(path: Path, way: str) -> None:
    replies: list[Reply] = []

    def script(line: Line) -> Any:
        told = line.seat()
        assert line.move(best(told)).kind == "kept"
        replies.append(line.move(best(told)))
        following = line.seat()
        replies.append(line.move(best(told)))
        replies.append(line.move({**best(following), "turn": 99}))
        return line.play_on()

    sit({"USA": script}, path, way=way)
    assert [reply.kind for reply in replies] == ["refused"] * 3
    assert [reply.status for reply in replies] == [{"http": 409, "mcp": 200}[way]] * 3
    assert replies[1].said["problem"] == "turn: 0 is not awaited; expected 2"
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]


def test_of_moves_sent_at_once_one_is_kept(path: Path, way: str) -> None:
    kinds: list[str | None] = []

    def script(line: Line) -> Any:
        told = line.seat()
        threads = [
            threading.Thread(target=lambda: kinds.append(line.move(best(told)).kind))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return line.play_on()

    sit({"USA": script}, path, way=way)
    assert sorted(map(str, kinds)) == ["kept", *["refused"] * 5]
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]


def unauthorised(line: Line) -> list[Reply]:
    token = line.token
    near = (token[:-1], token + "x", token.swapcase(), f"Bearer {token}")
    wrong = ("", "x", *near, "A" * 43, "ü" * 20)
    replies = [
        line.ask(*line.looking, Authorization=f"Bearer {guess}".encode().decode("latin-1"))
        for guess in wrong
    ]
    guessing = Line(line.url, "guess")
    paths = ("/seat", "/move", "/mcp", "/schema", "/", "/nothing", "/../seat")
    for method in ("GET", "POST", "DELETE", "OPTIONS"):
        replies += [guessing.ask(method, path) for path in paths]
    return [*replies, guessing.ask("POST", "/mcp", said_in_mcp("tools/list"))]


def test_guessing_tokens_tells_nothing_not_even_which_paths_there_are(path: Path, way: str) -> None:
    replies = among(unauthorised, path, way)
    assert {reply.status for reply in replies} == {401}
    assert {reply.headers["WWW-Authenticate"] for reply in replies} == {"Bearer"}
    told = [json.loads(one) for one in {json.dumps(reply.said) for reply in replies}]
    assert told == [
        {
            "kind": "refused",
            "problem": "Authorization: expected Bearer and the token of a seat",
        }
    ]


@pytest.mark.parametrize("other", LINES)
def test_another_seats_token_moves_that_seat_alone_and_sees_no_secret_of_this_one(
    path: Path, way: str, other: str
) -> None:
    """The United States answer for themselves; DR Congo, which holds canaries, likewise."""
    replies: list[Reply] = []
    heard: list[str] = []
    lines: dict[str, Line] = {}
    ready = threading.Barrier(2)

    def usa(line: Line) -> Any:
        lines["USA"] = line
        ready.wait(20)
        while (told := line.seat())["kind"] == "turn":
            heard.append(json.dumps(told))
            replies.append(lines["COD"].move(best(told)))
            assert line.move(best(told)).kind == "kept"
        heard.append(json.dumps(told))
        return told

    def cod(line: Line) -> Any:
        lines["COD"] = line
        ready.wait(20)
        return line.play_on()

    seats = {"USA": way, "COD": other}
    sit({"USA": usa, "COD": cod}, path, scenario=GAME, seats=seats)
    assert [reply.kind for reply in replies] == ["refused"] * 4
    assert [leaks(text) for text in heard if leaks(text)] == []
    assert len(kept(path, Decided, "COD")) == len(kept(path, Decided, "USA")) == 4


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1:1"}, 421),
        ({"Host": ""}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1"}, 403),
    ],
)
def test_no_web_page_may_ask_even_with_a_token(
    path: Path, headers: dict[str, str], status: int, way: str
) -> None:
    reply: Reply = among(lambda line: line.ask(*line.looking, None, **headers), path, way)
    assert reply.status == status
    assert set(reply.said) == {"kind", "problem"}


SERVED = {"http": "expected GET /seat, POST /move or GET /schema", "mcp": "expected POST /mcp"}


@pytest.mark.parametrize(
    ("speaks", "method", "where", "status"),
    [
        ("http", "POST", "/seat", 405),
        ("http", "GET", "/move", 405),
        ("http", "GET", "/nothing", 404),
        ("http", "PUT", "/", 404),
        ("http", "POST", "/mcp", 404),
        ("mcp", "GET", "/mcp", 405),
        ("mcp", "DELETE", "/mcp", 405),
        ("mcp", "GET", "/seat", 404),
        ("mcp", "POST", "/move", 404),
        ("mcp", "POST", "/mcp/", 404),
    ],
)
def test_what_is_not_served_is_refused_in_one_line(
    path: Path, speaks: str, method: str, where: str, status: int
) -> None:
    reply: Reply = among(lambda line: line.ask(method, where), path, speaks)
    assert reply.status == status
    assert reply.said["problem"].endswith(SERVED[speaks])


def test_a_seat_can_ask_for_the_schema(path: Path) -> None:
    reply: Reply = among(lambda line: line.ask("GET", "/schema"), path)
    assert (reply.status, reply.headers["Connection"]) == (200, "close")
    assert "TurnTold" in reply.said["$defs"]


def slow_starts(line: Line) -> list[bytes]:
    host = f"Host: 127.0.0.1:{line.port}\r\n"
    return [b"", b"GET /se", f"GET /seat HTTP/1.1\r\n{host}X-Slow: a".encode()]


def test_slow_strangers_are_hung_up_on(path: Path, way: str) -> None:
    def attack(line: Line) -> list[bool]:
        slow = [line.raw(start) for start in slow_starts(line)]
        return [is_hung_up_on(talk) for talk in slow]

    assert among(attack, path, way, HASTY) == [True, True, True]


def test_a_body_that_does_not_arrive_is_not_waited_for(path: Path, way: str) -> None:
    def attack(line: Line) -> bytes:
        talk = line.raw(line.moving_raw(b"{}", length=1000))
        with talk, talk.makefile("rb") as answer:
            return answer.read()

    head, _, body = among(attack, path, way, HASTY).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408")
    assert json.loads(body)["problem"].endswith("expected its body within 1 seconds")


def test_many_silent_connections_keep_nobody_out(path: Path, way: str) -> None:
    def attack(line: Line) -> int:
        crowd = [line.raw(b"") for _ in range(10 * QUICK.strangers)]
        assert line.seat()["kind"] == "turn"
        return sum(map(is_hung_up_on, crowd))

    assert among(attack, path, way, HASTY) == 10 * QUICK.strangers


def at_once(line: Line, many: int) -> list[int]:
    """Return what the door answers to as many who ask at the same moment."""
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(line.look().status)

    threads = [threading.Thread(target=ask) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_one_seat_cannot_take_up_the_door(path: Path, way: str) -> None:
    """Five times as many come at once as strangers are let wait; none of them is turned away."""

    def crowd(line: Line) -> Any:
        statuses = at_once(line, 5 * QUICK.strangers)
        assert len(statuses) == 5 * QUICK.strangers
        assert set(statuses) <= {200, 204, 429}
        return line.play_on()

    bounds = replace(QUICK, moment_s=10.0)
    _, returned, _ = sit({"USA": Line.play_on, "COD": crowd}, path, bounds=bounds, way=way)
    assert returned["USA"]["status"] == returned["COD"]["status"] == "no-agreement"
    assert kept(path, HandedOver) == []


def test_a_move_whose_sender_hangs_up_at_once_is_kept_or_asked_for_again(
    path: Path, way: str
) -> None:
    def script(line: Line) -> Any:
        line.raw(line.moving_raw(encoded(best(line.seat())))).close()
        while (told := line.seat())["kind"] == "turn":
            assert line.move(best(told)).kind in ("kept", "refused")
        return told

    sit({"USA": script}, path, way=way)
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]


def test_whoever_hangs_up_while_waiting_frees_their_place(path: Path, way: str) -> None:
    """More wait for a turn that does not come, and leave, than are answered at the same time."""

    def usa(line: Line) -> Any:
        told = line.seat()
        assert gone.wait(20)
        assert line.move(best(told)).kind == "kept"
        return line.play_on()

    def cod(line: Line) -> Any:
        for _ in range(3 * QUICK.at_once):
            asking = f"{' '.join(line.looking)} HTTP/1.1\r\n".encode()
            rest = line.moving_raw(b"{}").partition(b"\r\n")[2]
            line.raw(asking + rest).close()
        gone.set()
        while line.look().status == 429:
            pass
        return line.play_on()

    gone = threading.Event()
    sit({"USA": usa, "COD": cod}, path, way=way)
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]


def test_noise_that_is_no_http_is_hung_up_on(path: Path) -> None:
    def attack(line: Line) -> list[bool]:
        noise = (b"\x16\x03\x01" * 40, b"HELLO\r\n\r\n", b"A" * 20_000)
        return [is_hung_up_on(talk) for talk in map(line.raw, noise)]

    assert among(attack, path) == [True, True, True]
