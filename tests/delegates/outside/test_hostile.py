"""Bad clients at the door: nothing is lost, nothing is learned, and the session ends well."""

import contextlib
import http.client
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from delegates.outside.messages import MOST_BYTES
from tests.delegates.outside.agents import (
    QUICK,
    Line,
    Reply,
    Script,
    best,
    encoded,
    is_hung_up_on,
    kept,
    sit,
)
from tests.delegates.test_separation import GAME, leaks
from transcripts.events import Decided, HandedOver


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.jsonl"


def among(attack: Script, path: Path) -> Any:
    """Return what comes of an attack in the agent's first turn; the session then ends as ever."""

    def script(line: Line) -> Any:
        first = line.seat()
        found = attack(line)
        again = line.seat()
        assert again == {**first, "left_s": again["left_s"]}
        over = line.play_on()
        assert over["status"] == "no-agreement"
        return found

    _, returned, _ = sit({"USA": script}, path)
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
        (b'{"a":' * 6_000, "body: JSON nested too deeply"),
        (b'{"turn": 0, "act": "accept"}', "act: accept is not open now"),
        (b'{"turn": 0, "act": "offer", "outcome": {"volume": 9}}', "outcome: "),
        (b'{"turn": ' + b"9" * 5000 + b"}", "body: not JSON"),
    ],
)
def test_a_malformed_move_is_refused_in_one_line_and_may_be_mended(
    path: Path, body: bytes, line: str
) -> None:
    reply: Reply = among(lambda agent: agent.move(body), path)
    assert reply.status == 400
    assert reply.said["kind"] == "refused"
    assert reply.said["problem"].startswith(line)
    assert reply.said["problem"].isprintable()


def test_a_huge_body_is_refused_before_it_is_read(path: Path) -> None:
    reply: Reply = among(lambda line: line.move(b" " * (MOST_BYTES + 1)), path)
    assert reply.status == 413
    assert reply.said["problem"].endswith("expected at most 32,768 bytes")


def test_a_packed_body_is_not_unpacked(path: Path) -> None:
    reply: Reply = among(
        lambda line: line.ask("POST", "/move", b"\x1f\x8b\x08\x00", Content_Encoding="gzip"), path
    )
    assert reply.status == 400


def test_a_replayed_move_counts_once(path: Path) -> None:
    replies: list[Reply] = []

    def script(line: Line) -> Any:
        told = line.seat()
        assert line.move(best(told)).status == 200
        replies.append(line.move(best(told)))
        following = line.seat()
        replies.append(line.move(best(told)))
        replies.append(line.move({**best(following), "turn": 99}))
        return line.play_on()

    sit({"USA": script}, path)
    assert [reply.status for reply in replies] == [409, 409, 409]
    assert replies[1].said["problem"] == "turn: 0 is not awaited; expected 2"
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]


def test_of_moves_sent_at_once_one_is_kept(path: Path) -> None:
    statuses: list[int] = []

    def script(line: Line) -> Any:
        told = line.seat()
        threads = [
            threading.Thread(target=lambda: statuses.append(line.move(best(told)).status))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return line.play_on()

    sit({"USA": script}, path)
    assert sorted(statuses) == [200, *[409] * 5]
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]


def unauthorised(line: Line) -> list[Reply]:
    token = line.token
    near = (token[:-1], token + "x", token.swapcase(), f"Bearer {token}")
    wrong = ("", "x", *near, "A" * 43, "ü" * 20)
    replies = [
        line.ask("GET", "/seat", Authorization=f"Bearer {guess}".encode().decode("latin-1"))
        for guess in wrong
    ]
    paths = ("/seat", "/move", "/schema", "/", "/nothing", "/../seat")
    return [*replies, *(Line(line.url, "guess").ask("GET", path) for path in paths)]


def test_guessing_tokens_tells_nothing_not_even_which_paths_there_are(path: Path) -> None:
    replies = among(unauthorised, path)
    assert {reply.status for reply in replies} == {401}
    told = [json.loads(one) for one in {json.dumps(reply.said) for reply in replies}]
    assert told == [
        {
            "kind": "refused",
            "problem": "Authorization: expected Bearer and the token of a seat",
        }
    ]


def test_another_seats_token_moves_that_seat_alone_and_sees_no_secret_of_this_one(
    path: Path,
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
            assert line.move(best(told)).status == 200
        heard.append(json.dumps(told))
        return told

    def cod(line: Line) -> Any:
        lines["COD"] = line
        ready.wait(20)
        return line.play_on()

    sit({"USA": usa, "COD": cod}, path, scenario=GAME)
    assert len(replies) == 4
    assert {reply.status for reply in replies} == {409}
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
    path: Path, headers: dict[str, str], status: int
) -> None:
    reply: Reply = among(lambda line: line.ask("GET", "/seat", None, **headers), path)
    assert reply.status == status
    assert set(reply.said) == {"kind", "problem"}


@pytest.mark.parametrize(
    ("method", "where", "status"),
    [("POST", "/seat", 405), ("GET", "/move", 405), ("GET", "/nothing", 404), ("PUT", "/", 404)],
)
def test_what_is_not_served_is_refused_in_one_line(
    path: Path, method: str, where: str, status: int
) -> None:
    reply: Reply = among(lambda line: line.ask(method, where), path)
    assert reply.status == status
    assert reply.said["problem"].endswith("expected GET /seat, POST /move or GET /schema")


def test_a_seat_can_ask_for_the_schema(path: Path) -> None:
    reply: Reply = among(lambda line: line.ask("GET", "/schema"), path)
    assert (reply.status, reply.headers["Connection"]) == (200, "close")
    assert "TurnTold" in reply.said["$defs"]


def slow_starts(line: Line) -> list[bytes]:
    host = f"Host: 127.0.0.1:{line.port}\r\n"
    return [b"", b"GET /se", f"GET /seat HTTP/1.1\r\n{host}X-Slow: a".encode()]


def test_slow_strangers_are_hung_up_on(path: Path) -> None:
    def attack(line: Line) -> list[bool]:
        return [is_hung_up_on(talk) for talk in map(line.raw, slow_starts(line))]

    assert among(attack, path) == [True, True, True]


def test_a_body_that_does_not_arrive_is_not_waited_for(path: Path) -> None:
    def attack(line: Line) -> bytes:
        talk = line.raw(
            f"POST /move HTTP/1.1\r\nHost: 127.0.0.1:{line.port}\r\n"
            f"Authorization: Bearer {line.token}\r\nContent-Length: 100\r\n\r\n{{".encode()
        )
        with talk:
            return talk.recv(4096)

    assert b"408" in among(attack, path).split(b"\r\n")[0]


def test_many_silent_connections_keep_nobody_out(path: Path) -> None:
    def attack(line: Line) -> int:
        crowd = [line.raw(b"") for _ in range(10 * QUICK.strangers)]
        assert line.seat()["kind"] == "turn"
        return sum(map(is_hung_up_on, crowd))

    assert among(attack, path) == 10 * QUICK.strangers


def test_one_seat_cannot_take_up_the_door(path: Path) -> None:
    statuses: list[int] = []

    def script(line: Line) -> Any:
        assert line.move(best(line.seat())).status == 200
        return line.play_on()

    def ask(line: Line) -> None:
        # Of more who come at once than strangers are let wait, some are turned away.
        with contextlib.suppress(ConnectionError, http.client.HTTPException):
            statuses.append(line.ask("GET", "/seat").status)

    def crowd(line: Line) -> Any:
        threads = [threading.Thread(target=ask, args=(line,)) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return line.play_on()

    _, returned, _ = sit({"USA": script, "COD": crowd}, path)
    assert returned["USA"]["status"] == returned["COD"]["status"] == "no-agreement"
    assert set(statuses) <= {200, 204, 429}


def test_a_move_whose_sender_hangs_up_at_once_is_kept_or_asked_for_again(path: Path) -> None:
    def script(line: Line) -> Any:
        body = encoded(best(line.seat()))
        head = (
            f"POST /move HTTP/1.1\r\nHost: 127.0.0.1:{line.port}\r\n"
            f"Authorization: Bearer {line.token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line.raw(head.encode() + body).close()
        while (told := line.seat())["kind"] == "turn":
            assert line.move(best(told)).status in (200, 409)
        return told

    sit({"USA": script}, path)
    assert [event.turn for event in kept(path, Decided)] == [0, 2, 4]


def test_noise_that_is_no_http_is_hung_up_on(path: Path) -> None:
    def attack(line: Line) -> list[bool]:
        noise = (b"\x16\x03\x01" * 40, b"HELLO\r\n\r\n", b"A" * 20_000)
        return [is_hung_up_on(talk) for talk in map(line.raw, noise)]

    assert among(attack, path) == [True, True, True]
