"""A person at the table: asked in a node of their own, in time, again, and after a crash."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from langgraph.checkpoint import memory

from delegates import negotiate, negotiate_async, orchestration, resume
from delegates.orchestration import run_graph
from delegates.persons.person import (
    Answer,
    HandOver,
    PersonMove,
    Timer,
    Turn,
    packed,
    unpacked,
)
from delegates.seating import seat_delegate
from delegates.seats import parse_seat
from delegates.settings import Settings
from delegates.table import Table
from delegates.text import MAX_WORDS_CHARACTERS, one_line
from games.errors import Paused, SeatError
from games.session import Accept, Offer, WalkAway
from tests.delegates.sessions import WORDS, bare, events_of, mini, offer_of, said, settings_at
from tests.support.openai_stub import OpenAIStub
from transcripts import verify
from transcripts.events import Asked, Decided, Event, HandedOver, MoveMade, Replied
from transcripts.fold import Folded
from transcripts.store import Memory

GAME = mini()
BEST = offer_of(GAME, volume=4, price=10, rail="no rail")
MIDDLE = offer_of(GAME, volume=3, price=20, rail="no rail")
WORST = offer_of(GAME, volume=1, price=40, rail="rail")
PATIENT = {"COD": "boulware(exponent=100)"}
"""A counterpart who accepts nothing for long."""


@dataclass
class Script:
    """A person who answers by the turn; the same after a crash."""

    answers: Mapping[int, list[Answer]]
    back_at: frozenset[int] = frozenset()
    asked: list[Turn] = field(default_factory=list[Turn])
    now: int = 0

    async def move(self, turn: Turn) -> Answer:
        self.asked.append(turn)
        at = turn.view.turn
        again = sum(seen.view.turn == at for seen in self.asked) - 1
        return self.answers.get(at, [HandOver()])[again]

    def wants_back(self, party: str) -> bool:
        return self.now in self.back_at

    def watch(self, event: Event, folded: Folded) -> None:
        self.now = folded.state.turn

    @property
    def turns(self) -> list[int]:
        return [turn.view.turn for turn in self.asked]


def moves_of(events: list[Event], party: str = "USA") -> list[MoveMade]:
    return [event for event in events if isinstance(event, MoveMade) and event.party == party]


def sit(
    script: Script,
    path: Path,
    seats: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    rounds: int = 4,
) -> list[Event]:
    """Play a session with a person in it and return its events."""
    seats = {"USA": "human", **PATIENT, **(seats or {})}
    negotiate(
        mini(rounds=rounds),
        seats,
        seed=2,
        transcript=path,
        settings=settings,
        person=script,
        watch=script.watch,
    )
    assert verify(path).ok
    return events_of(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.jsonl"


def test_a_person_decides_and_is_on_record_as_such(path: Path) -> None:
    script = Script(
        {0: [PersonMove(BEST, "  We ask\x1b[31m\nfor much. ")], 2: [PersonMove(MIDDLE)]}
    )
    events = sit(script, path)
    first, second, *rest = moves_of(events)
    assert (first.decided_by, first.worded_by) == ("a person", "the person")
    assert first.words == "We ask for much."
    assert (second.decided_by, second.worded_by) == ("a person", "templates")
    assert second.words
    assert {move.decided_by for move in rest} == {
        "code (firm), standing in: the person handed it over"
    }


def test_what_was_decided_is_on_disk_before_the_move_is_made(path: Path) -> None:
    script = Script({0: [PersonMove(BEST)]})
    kinds = [event.type for event in sit(script, path)]
    assert kinds[:3] == ["opened", "decided", "moved"]


def test_only_the_persons_own_turns_are_asked_for(path: Path) -> None:
    script = Script({turn: [PersonMove(BEST)] for turn in (0, 2, 4, 6)})
    sit(script, path)
    assert script.turns == [0, 2, 4, 6]
    assert {turn.view.party for turn in script.asked} == {"USA"}
    assert {turn.left_s() for turn in script.asked} == {None}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (PersonMove(Accept()), "no offer is on the table"),
        (PersonMove(Offer(-1)), "exclude each other"),
        (PersonMove(Offer(10**6)), "exclude each other"),
        (PersonMove(BEST, "x" * (MAX_WORDS_CHARACTERS + 1)), "601 characters"),
        (HandOver(0), "expected a turn or more"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_asked_for_again_with_the_reason(
    path: Path, answer: Answer, problem: str
) -> None:
    script = Script({0: [answer, answer, PersonMove(BEST)]})
    events = sit(script, path, rounds=1)
    assert [turn.problem is None for turn in script.asked] == [True, False, False]
    assert all(problem in str(turn.problem) for turn in script.asked[1:])
    assert [event.type for event in events[1:3]] == ["decided", "moved"]
    assert "unusable" not in {event.type for event in events}


def test_a_red_line_of_ones_own_cannot_be_offered(path: Path) -> None:
    party = GAME.parties["USA"].model_copy(update={"red_lines": ({"rail": "no rail"},)})
    game = GAME.model_copy(update={"parties": {**GAME.parties, "USA": party}})
    script = Script({0: [PersonMove(BEST), HandOver()]})
    negotiate(game, {"USA": "human", "COD": "linear"}, person=script)
    assert "crosses one of its own red lines" in str(script.asked[1].problem)


def test_a_move_below_the_reservation_value_is_made_and_marked(path: Path) -> None:
    script = Script({0: [PersonMove(BEST)], 2: [PersonMove(WORST)]})
    first, second, *_ = moves_of(sit(script, path))
    assert (first.flags, second.flags) == ((), ("below-reservation",))


def test_an_acceptance_below_the_reservation_value_is_marked_too(path: Path) -> None:
    script = Script({0: [PersonMove(BEST)], 2: [PersonMove(Accept())]})
    seats = {"COD": "firm"}
    events = sit(script, path, seats)
    assert moves_of(events)[1].flags == ("below-reservation",)
    assert events[-2].type == "closed"


def test_leaving_ends_the_talks(path: Path) -> None:
    script = Script({0: [PersonMove(WalkAway(), "Good-bye.")]})
    events = sit(script, path)
    assert [event.type for event in events[1:]] == ["decided", "moved", "closed", "found"]


def test_the_stand_in_moves_so_often_and_no_more(path: Path) -> None:
    script = Script({0: [HandOver(2)], 4: [PersonMove(MIDDLE)], 6: [HandOver(1)]})
    events = sit(script, path)
    assert script.turns == [0, 4, 6]
    assert [move.decided_by == "a person" for move in moves_of(events)] == [
        False,
        False,
        True,
        False,
    ]
    handed = [event for event in events if isinstance(event, HandedOver)]
    assert [(event.turn, event.to, event.turns) for event in handed] == [
        (0, "stand-in", 2),
        (6, "stand-in", 1),
    ]


def test_a_seat_is_taken_back_at_the_next_own_turn_and_that_is_on_record(path: Path) -> None:
    script = Script(
        {0: [HandOver()], 4: [PersonMove(MIDDLE)], 6: [PersonMove(BEST)]}, frozenset({4})
    )
    events = sit(script, path)
    assert script.turns == [0, 4, 6]
    back = next(event for event in events if isinstance(event, HandedOver) and event.to == "person")
    assert (back.turn, back.reason) == (4, "the person took it back")
    assert events[back.n + 1].type == "decided"


def test_a_seat_given_away_is_not_taken_back_in_the_same_turn(path: Path) -> None:
    script = Script({0: [HandOver()], 2: [PersonMove(BEST)]}, frozenset({0, 2}))
    events = sit(script, path, rounds=2)
    assert [move.decided_by == "a person" for move in moves_of(events)] == [False, True]


@dataclass
class Clock:
    """Time that passes only when someone waits for it."""

    at: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        await self.over.wait()
        self.at += seconds
        self.over.clear()


@dataclass
class Slow:
    """A person who answers some turns, and lets the time of the others run out."""

    clock: Clock
    answers: dict[int, Answer]
    left: list[float | None] = field(default_factory=list["float | None"])
    cancelled: list[int] = field(default_factory=list[int])

    async def move(self, turn: Turn) -> Answer:
        self.left.append(turn.left_s())
        if turn.view.turn in self.answers:
            return self.answers[turn.view.turn]
        self.clock.over.set()
        try:
            return await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            self.left.append(turn.left_s())
            self.cancelled.append(turn.view.turn)
            raise

    def wants_back(self, party: str) -> bool:
        return False


def table_of(person: Any, timer: Timer, seat: str, rounds: int = 3) -> Table:
    """Return a table in memory at which a person sits for the United States."""
    from delegates.attendance import Attendance
    from delegates.openings import opening
    from delegates.ready import _opened

    game = mini(rounds=rounds)
    specs = {"USA": parse_seat(seat), "COD": parse_seat(PATIENT["COD"])}
    table = _opened(opening(game, specs, {}, 0, "s"), game, None, Attendance())
    table.person, table.timer = person, timer
    table.seat({party: seat_delegate(spec, _no_model) for party, spec in specs.items()})
    return table


def _no_model(name: object) -> Any:
    raise AssertionError(f"{name} was asked")


def test_when_time_runs_out_the_stand_in_moves_for_that_turn_alone() -> None:
    clock = Clock()
    slow = Slow(clock, {2: PersonMove(BEST)})
    table = table_of(slow, Timer(clock.now, clock.sleep), "human(limit=30,stand-in=linear)")
    asyncio.run(run_graph(table))
    assert isinstance(table.recorder, Memory)
    moves = moves_of(table.recorder.events)
    stood_in = "code (linear), standing in: time ran out after 30 s"
    assert [move.decided_by for move in moves] == [stood_in, "a person", stood_in]
    assert slow.cancelled == [0, 4]
    assert slow.left == [30, 0, 30, 30, 0]


def test_a_person_who_only_answers_what_cannot_be_taken_runs_out_of_time_as_well() -> None:
    @dataclass
    class Stubborn:
        asked: int = 0

        async def move(self, turn: Turn) -> Answer:
            self.asked += 1
            return PersonMove(Accept())

        def wants_back(self, party: str) -> bool:
            return False

    clock, stubborn = Clock(), Stubborn()

    async def sleep(_: float) -> None:
        while stubborn.asked < 5:
            await asyncio.sleep(0)

    table = table_of(stubborn, Timer(clock.now, sleep), "human(limit=1)", rounds=1)
    asyncio.run(run_graph(table))
    assert "time ran out after 1 s" in moves_of(table.folded.events)[0].decided_by


def test_an_answer_in_the_last_moment_counts() -> None:
    clock = Clock()

    async def at_once(_: float) -> None:
        """Time is over as soon as anyone looks."""

    table = table_of(
        Script({0: [PersonMove(BEST)]}), Timer(clock.now, at_once), "human(limit=1)", 1
    )
    asyncio.run(run_graph(table))
    assert moves_of(table.folded.events)[0].decided_by == "a person"


def test_without_a_front_end_nothing_begins(path: Path) -> None:
    seats = {"USA": "human", "COD": "firm"}
    with pytest.raises(SeatError, match=r"seat USA=human: nobody can be asked here"):
        negotiate(GAME, seats, transcript=path)
    with pytest.raises(SeatError, match=r"seat USA=human: nobody can be asked here"):
        asyncio.run(negotiate_async(GAME, seats, transcript=path))
    assert not path.exists()


def test_a_person_who_leaves_can_go_on_later(path: Path) -> None:
    class Leaver(Script):
        async def move(self, turn: Turn) -> Answer:
            if turn.view.turn == 2:
                raise Paused("enough for today")
            return await super().move(turn)

    answers: dict[int, list[Answer]] = {turn: [PersonMove(BEST)] for turn in (0, 2, 4, 6)}
    whole = path.with_name("whole.jsonl")
    sit(Script(answers), whole)
    with pytest.raises(Paused, match="enough for today"):
        sit(Leaver(answers), path)
    assert not verify(path).complete
    with pytest.raises(SeatError, match="nobody can be asked here"):
        resume(path)
    resume(path, person=Script(answers))
    assert bare(events_of(path)) == bare(events_of(whole))


def test_a_finished_session_is_told_without_asking_anyone(path: Path) -> None:
    sit(Script({0: [PersonMove(WalkAway())]}), path)
    assert resume(path).status == "walked-away"


def test_a_session_that_lacks_its_result_alone_asks_no_person_for_it(path: Path) -> None:
    sit(Script({0: [PersonMove(WalkAway())]}), path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    assert resume(path).status == "walked-away"
    assert verify(path).complete


def test_an_answer_survives_the_graph_as_plain_values() -> None:
    answers = (
        PersonMove(Offer(3), "words"),
        PersonMove(Accept()),
        PersonMove(WalkAway(), "x"),
        HandOver(3, "r"),
        HandOver(None),
    )
    assert [unpacked(packed(answer)) for answer in answers] == list(answers)
    assert all(isinstance(packed(answer), tuple) for answer in answers)


def test_words_are_spoken_on_one_line() -> None:
    assert one_line("a\r\n b\x1b]0;t\x07\u202ec\u200b") == "a bc"


def answer(request: Any) -> str:
    """Answer any question by its prompt alone, without ever accepting."""
    prompt = "\n".join(str(message["content"]) for message in request["messages"])
    if "response_format" not in request:
        return WORDS
    issues = request["response_format"]["json_schema"]["schema"]["properties"]["offer"]["anyOf"]
    chance = Random(prompt)
    options = issues[0]["properties"]
    return said("offer", {name: chance.choice(issue["enum"]) for name, issue in options.items()})


PAID = {"USA": "human(stand-in=llm):m+llm:v", "COD": "llm:m"}
ANSWERS: dict[int, list[Answer]] = {
    0: [PersonMove(Accept()), PersonMove(BEST)],
    2: [HandOver()],
    4: [PersonMove(MIDDLE, "So be it.")],
    6: [HandOver(1)],
}
BACK_AT = frozenset({4})


def paid_session(home: Path, path: Path, url: str) -> list[Event]:
    script = Script(ANSWERS, BACK_AT)
    return sit(script, path, PAID, settings_at(url, home=home))


def test_nothing_beside_a_person_is_paid_for_twice(tmp_path: Path, path: Path) -> None:
    with OpenAIStub(answer) as stub:
        events = paid_session(tmp_path, path, stub.url)
    asked = [event for event in events if isinstance(event, Asked)]
    assert len(asked) == stub.count == len({(event.turn, event.call) for event in asked})
    by_turn = [(event.turn, event.purpose) for event in asked if event.party == "USA"]
    assert by_turn == [
        (0, "word"),  # the person decided, and said nothing
        (2, "decide"),
        (2, "word"),
        (6, "decide"),
        (6, "word"),
    ]
    worded = [
        (move.turn, move.decided_by.split(",")[0], move.worded_by) for move in moves_of(events)
    ]
    assert worded == [
        (0, "a person", "v"),
        (2, "m (freely)", "v"),
        (4, "a person", "the person"),
        (6, "m (freely)", "v"),
    ]


def test_a_session_killed_at_any_event_goes_on_with_the_same_person_to_the_same_end(
    tmp_path: Path, path: Path
) -> None:
    with OpenAIStub(answer) as stub:
        whole = paid_session(tmp_path, path, stub.url)
        replies = sum(isinstance(event, Replied) for event in whole)
        assert {event.type for event in whole} >= {"decided", "handed-over", "asked", "moved"}
        lines = path.read_bytes().splitlines(keepends=True)
        for kept in range(1, len(whole)):
            copy = path.with_name(f"cut-{kept}.jsonl")
            copy.write_bytes(b"".join(lines[:kept]))
            bought = sum(isinstance(event, Replied) for event in whole[:kept])
            before = stub.count
            script = Script(ANSWERS, BACK_AT)
            settings = settings_at(stub.url, home=tmp_path)
            resume(copy, settings=settings, person=script, watch=script.watch)
            assert stub.count - before == replies - bought, f"killed after event {kept - 1}"
            assert distinct(events_of(copy)) == distinct(whole), f"killed after event {kept - 1}"
            assert verify(copy).ok


def distinct(events: list[Event]) -> list[dict[str, Any]]:
    """Return events without a question that was asked again because its reply never came."""
    told = bare(events)
    return [one for at, one in enumerate(told) if one["type"] != "asked" or one not in told[:at]]


def test_a_persons_second_thoughts_after_a_crash_are_no_contradiction(
    tmp_path: Path, path: Path
) -> None:
    with OpenAIStub(answer) as stub:
        whole = paid_session(tmp_path, path, stub.url)
        first = next(event.n for event in whole if isinstance(event, Decided))
        lines = path.read_bytes().splitlines(keepends=True)
        settings = settings_at(stub.url, home=tmp_path)
        for kept, moved in ((first, WORST), (first + 1, BEST), (first + 2, BEST)):
            copy = path.with_name(f"other-{kept}.jsonl")
            copy.write_bytes(b"".join(lines[:kept]))
            script = Script({**ANSWERS, 0: [PersonMove(WORST)]}, BACK_AT)
            resume(copy, settings=settings, person=script, watch=script.watch)
            outcome = moves_of(events_of(copy))[0].outcome
            assert outcome == GAME.space.outcome(moved.outcome)


def test_the_checkpoints_hold_a_cursor_and_no_talks(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    savers: list[memory.InMemorySaver] = []

    class Seen(memory.InMemorySaver):
        def __init__(self) -> None:
            super().__init__()
            savers.append(self)

    monkeypatch.setattr(orchestration, "InMemorySaver", Seen)
    answers: dict[int, list[Answer]] = {turn: [PersonMove(BEST, WORDS)] for turn in (0, 2, 4, 6)}
    sit(Script(answers), path)
    (saver,) = savers
    kept = list(saver.list(None))
    assert len(kept) <= len(answers) + 1  # one a question, and the end
    for one in kept:
        values = one.checkpoint["channel_values"]
        assert {name for name in values if not name.startswith("branch:")} <= {"turn"}
        assert WORDS not in repr(one.checkpoint)


def test_sessions_without_a_person_keep_no_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden() -> None:
        raise AssertionError

    monkeypatch.setattr(memory, "InMemorySaver", forbidden)
    seats = {"USA": "firm", "COD": "linear"}
    assert asyncio.run(negotiate_async(GAME, seats)).status == "agreement"


def test_two_persons_may_sit_at_one_table(path: Path) -> None:
    script = Script({0: [PersonMove(BEST)], 1: [PersonMove(Accept(), "Agreed.")]})
    events = sit(script, path, {"COD": "human(stand-in=linear)"})
    assert [
        (move.party, move.decided_by) for move in moves_of(events) + moves_of(events, "COD")
    ] == [
        ("USA", "a person"),
        ("COD", "a person"),
    ]
    assert [turn.view.private.name for turn in script.asked] == ["United States", "DR Congo"]


TRACED = """
import os, sys
from pathlib import Path
from langsmith import run_trees
from delegates import negotiate
from delegates.persons.person import HandOver, PersonMove
from tests.delegates.sessions import haggle, settings_at
from tests.delegates.persons.test_person import BEST, Script
from tests.delegates.test_separation import GAME
from tests.support.openai_stub import OpenAIStub

home, url = Path(sys.argv[1]), sys.argv[2]
with OpenAIStub(haggle) as stub:
    settings = settings_at(stub.url, 'trace = "langsmith"', home=home)
    script = Script({0: [PersonMove(BEST, "We say hello.")], 2: [HandOver()]})
    seats = {"USA": "human:m+llm:v", "COD": "llm:m"}
    record = negotiate(GAME, seats, settings=settings, person=script)
client = run_trees.get_cached_client()
client.flush()
print(record.spend.calls)
"""


def test_langsmith_is_told_of_turns_alone_and_only_if_the_config_file_asks(tmp_path: Path) -> None:
    """What is sent holds turn numbers and the person's answer; no brief, point or prompt."""
    from tests.delegates.test_separation import leaks

    bodies: list[bytes] = []
    with Smith(bodies) as url:
        env = {
            **os.environ,
            "LANGSMITH_ENDPOINT": url,
            "LANGSMITH_API_KEY": "lsv2_pt_canary",
            "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
        }
        command = [sys.executable, "-c", TRACED, str(tmp_path), url]
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0
    sent = b"".join(bodies).decode("utf-8", "replace")
    assert '"turn"' in sent
    assert "We say hello." in sent
    assert "lsv2_pt_canary" not in sent
    assert "CANARY" not in sent
    assert [trace for trace in leaks(sent) if not trace.replace(".", "").isdigit()] == []
    for words in ("You are the chief delegate", "ISSUES AND WHAT", "private instructions"):
        assert words not in sent


class Smith:
    """A server that keeps what LangSmith's client sends it."""

    def __init__(self, bodies: list[bytes]) -> None:
        self.bodies = bodies

    def __enter__(self) -> str:
        import threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        bodies = self.bodies

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                self._send(json.dumps({"version": "1"}).encode())

            def do_POST(self) -> None:
                bodies.append(b"".join(self._chunks()))
                self._send(b"{}")

            do_PATCH = do_POST  # noqa: N815 - the library's name

            def _chunks(self) -> Iterator[bytes]:
                if self.headers.get("Transfer-Encoding") != "chunked":
                    yield self.rfile.read(int(self.headers.get("Content-Length", 0)))
                    return
                while size := int(self.rfile.readline(), 16):
                    yield self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()

            def _send(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
