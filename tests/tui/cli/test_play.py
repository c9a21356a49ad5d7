"""A person plays line by line: what is shown, what is obeyed, and what is kept."""

import asyncio
import contextlib
import io
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from delegates import negotiate, orchestration
from delegates.persons.person import Answer, HandOver, PersonMove, Turn
from games.errors import Paused, SeatError
from games.session import Accept
from tests.delegates.sessions import events_of, haggle, mini, offer_of, view_at
from tests.delegates.test_separation import GAME as PLANTED
from tests.delegates.test_separation import leaks
from tests.support.openai_stub import OpenAIStub
from tests.tui.cli.conftest import Cli, Shown
from transcripts import verify
from transcripts.events import HandedOver, MoveMade, Opened
from tui.cli import main
from tui.cli.at_table import LinePerson
from tui.cli.typed_lines import Lines

RUN_GRAPH = orchestration.run_graph
AS_USA = ("play", "mini.yaml", "--as", "USA", "--seed", "3")
FIRST = "offer volume=4, price=10, rail=no rail"


@contextlib.contextmanager
def stdin_of(content: bytes) -> Iterator[None]:
    """Let stdin be a pipe that holds something and then ends."""
    number, end = os.pipe()

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), os.fdopen(end, "wb") as pipe:
            pipe.write(content)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(number, encoding="utf-8") as pipe, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", pipe)
        yield
        # One that reads on would take the lines of the next pipe of the same number.
        for thread in threading.enumerate():
            if thread.name == "typed":
                thread.join()
    writer.join()  # nobody reads any more, so it cannot wait


Play = Callable[..., Shown]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


@pytest.fixture
def play(cli: Cli, out: Path) -> Play:
    """Play with some lines typed."""

    def run(
        *lines: str | bytes, verb: tuple[str, ...] = AS_USA, more: tuple[str, ...] = ()
    ) -> Shown:
        typed = [line if isinstance(line, bytes) else line.encode() for line in lines]
        where = () if verb[0] == "resume" else ("--out", str(out))
        with stdin_of(b"".join(line + b"\n" for line in typed)):
            return cli(*verb, *where, *more)

    return run


def moves(path: Path, party: str = "USA") -> list[MoveMade]:
    return [
        event for event in events_of(path) if isinstance(event, MoveMade) and event.party == party
    ]


def test_a_person_plays_a_whole_session(play: Play, out: Path) -> None:
    shown = play(FIRST, "offer vol=3, price=20", "offer rail=rail: We can live with rail.", "ai")
    assert shown.code == 0
    assert shown.err == ""
    first, second, third, *_ = moves(out)
    assert first.outcome == {"volume": 4, "price": 10, "rail": "no rail"}
    assert second.outcome == {"volume": 3, "price": 20, "rail": "no rail"}
    assert (third.words, third.worded_by) == ("We can live with rail.", "the person")
    assert verify(out).complete
    assert "Replay it:" in shown.out
    assert "\x1b" not in shown.out


def test_what_was_typed_is_shown_where_nobody_types_it(play: Play) -> None:
    shown = play("time", FIRST)
    assert "USA> time\nRound 1 of 12, 11 more after it; no time limit.\n" in shown.out


def test_brief_points_least_and_red_lines_come_first(play: Play) -> None:
    text = play().out
    order = ["YOU ARE UNITED STATES", "What is worth how much", "Without agreement you have 30.0"]
    places = [text.index(words) for words in [*order, "Your move, round 1 of 12.", "USA> "]]
    assert places == sorted(places)


def test_the_end_of_the_lines_keeps_the_session(play: Play, out: Path) -> None:
    shown = play(FIRST)
    assert shown.code == 130
    assert f"carry on with: minilateral resume {out}" in shown.err
    assert "no more lines were typed" in shown.err
    assert not verify(out).complete
    assert len(moves(out)) == 1


def test_who_quits_can_resume_where_they_were(play: Play, out: Path) -> None:
    assert play(FIRST, "quit", "accept").code == 130
    shown = play("offer price=20", "ai", verb=("resume", str(out)))
    assert shown.code == 0
    assert "YOU ARE UNITED STATES" in shown.out
    assert "What was done and said so far" in shown.out
    assert "Your move, round 2 of 12." in shown.out
    assert [move.outcome["price"] for move in moves(out)[:2] if move.outcome] == [10, 20]
    assert verify(out).complete


def test_help_lists_every_command(play: Play) -> None:
    from tui.cli.table_commands import COMMANDS

    text = play("help", "?").out
    assert all(text.count(f"  {usage}") == 2 for usage in COMMANDS.values())


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("", "Type a command; help lists them."),
        ("I accept", "There is no command 'I'; help lists them."),
        ("accept", "Nothing is on the table to accept; make an offer."),
        ("accept now", "accept takes nothing more"),
        ("offer volume=9, price=10, rail=no", "There is no option of volume '9'"),
        ("offer volume=3", "name price, rail as well, or type offer alone"),
        ("offer nothing", "name terms as issue=option"),
        ("worth", "Nothing is on the table; name terms"),
        ("table", "Nothing is on the table."),
        ("talks", "Nobody has spoken yet."),
        ("say", "say WORDS: what you say with your next move."),
        ("say " + "x" * 601, "That is 601 characters; say it in at most 600."),
        (f"{FIRST}: {'x' * 601}", "That is 601 characters; say it in at most 600."),
        ("back", "You have your seat."),
        ("ai 0", "expected a number of turns from 1"),
        ("x" * 9000, "That line is longer than 4000 bytes; nothing was done."),
        (b"accept \xff\xfe", "That line is not UTF-8 text; nothing was done."),
        ("\x1b[A\x1b[31m", "Type a command"),
    ],
)
def test_nonsense_gets_one_line_that_helps(
    play: Play, out: Path, line: str | bytes, answer: str
) -> None:
    shown = play(line)
    assert answer in shown.out
    assert shown.code == 130
    assert [event.type for event in events_of(out)] == ["opened"]


def test_a_move_below_the_reservation_value_is_made_only_if_the_person_is_sure(
    play: Play, out: Path
) -> None:
    low = "offer volume=1, price=40, rail=rail"
    shown = play(low, "no", low, "yes")
    assert shown.out.count("worth 0.0 to you, 30.0 LESS than without agreement") >= 2
    assert shown.out.count("Nothing was done.") == 1
    assert [move.flags for move in moves(out)] == [("below-reservation",)]


def test_leaving_is_asked_back(play: Play, out: Path) -> None:
    shown = play("leave: Enough.", "no", "leave: Enough.", "y")
    assert (shown.code, shown.out.count("ends the talks for you")) == (0, 2)
    assert [(move.act, move.words) for move in moves(out)] == [("walk-away", "Enough.")]


def test_an_acceptance_takes_what_is_on_the_table(play: Play, out: Path) -> None:
    shown = play("acc: Agreed.", "yes", verb=("play", "mini.yaml", "--as", "COD"), more=SLOW)
    assert shown.code == 0
    assert (moves(out, "COD")[0].act, moves(out, "COD")[0].words) == ("accept", "Agreed.")


SLOW = ("--seat", "USA=boulware(exponent=100)", "--seed", "1")


def test_words_said_before_go_with_the_next_move_and_no_further(play: Play, out: Path) -> None:
    play("say We ask for much.", FIRST, "offer price=20")
    first, second = moves(out)
    assert (first.words, first.worded_by) == ("We ask for much.", "the person")
    assert second.worded_by == "templates"


def test_an_offer_may_be_settled_issue_by_issue(play: Play, out: Path) -> None:
    shown = play("offer", "9", "4", "", "10", "no", "yes", "offer", "", "20", "", "y")
    assert "There is no option of volume '9'" in shown.out
    assert "Type an option, or stop." in shown.out
    assert "volume [4]> " in shown.out
    assert [move.outcome for move in moves(out)] == [
        {"volume": 4, "price": 10, "rail": "no rail"},
        {"volume": 4, "price": 20, "rail": "no rail"},
    ]


@pytest.mark.parametrize("way", ["stop", "quit"])
def test_an_offer_half_settled_can_be_left(play: Play, out: Path, way: str) -> None:
    shown = play("offer", "4", way, "time")
    assert ("Nothing was offered." in shown.out) == (way == "stop")
    assert ("no time limit" in shown.out) == (way == "stop")
    assert shown.code == 130
    assert moves(out) == []


def test_what_an_outcome_is_worth_can_be_asked_without_offering_it(play: Play, out: Path) -> None:
    shown = play("worth volume=3, price=20, rail=rail", FIRST, "worth vol=1", "worth", "table")
    assert "worth 74.0 to you, 44.0 more than without agreement" in shown.out
    assert "(What you do not name is as in your last offer.)" in shown.out
    assert "worth 50.0 to you" in shown.out
    assert len(moves(out)) == 1


def test_a_red_line_is_named_and_not_crossed(play: Play, out: Path, tmp_path: Path) -> None:
    game = tmp_path / "planted.yaml"
    game.write_text(PLANTED.canonical(), encoding="utf-8")
    verb = ("play", str(game), "--as", "COD", "--seat", "USA=boulware")
    bad = "volume=4, price=10, rail=no rail"
    shown = play(f"worth {bad}", f"offer {bad}", verb=verb)
    assert "You could not sign it: it crosses a red line of yours: volume 4 t with" in shown.out
    assert "You cannot sign that: it crosses a red line of yours" in shown.out
    assert moves(out, "COD") == []


EVERYTHING = (
    "help",
    "brief",
    "points",
    "table",
    "talks",
    "time",
    "worth",
    "worth vol=3",
    "x",
    "say hi",
)


@pytest.mark.parametrize("verb", ["play", "run"])
def test_nothing_private_of_another_seat_is_shown_before_the_close(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    game = tmp_path / "planted.yaml"
    game.write_text(PLANTED.canonical(), encoding="utf-8")
    who = ("--as", "USA") if verb == "play" else ("--seat", "USA=human")
    with OpenAIStub(bad_then_good()) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        seats = ("--seat", "COD=llm:m")
        shown = play(
            *EVERYTHING,
            FIRST,
            *EVERYTHING,
            "ai 1",
            *EVERYTHING,
            verb=(verb, str(game), *who, *seats),
        )
    assert shown.code == 130
    assert stub.count > 3
    assert leaks(shown.out + shown.err) == []
    assert "red line" not in shown.out
    assert "COD 5" not in shown.out


def bad_then_good() -> Callable[[Any], str]:
    """Return a model that first crosses its own red line, then bargains."""
    count = itertools.count()

    def answer(request: Any) -> str:
        from tests.delegates.sessions import said

        if next(count) == 0:
            return said("offer", {"volume": "4", "price": "20", "rail": "no rail"})
        return haggle(request)

    return answer


def test_the_close_opens_all_seats(play: Play) -> None:
    shown = play(FIRST, "leave", "yes")
    assert shown.code == 0
    assert "of possible gain" in shown.out


def test_the_stand_in_moves_and_the_seat_comes_back(play: Play, out: Path) -> None:
    shown = play("ai 2", FIRST, "ai", "back", "offer price=20", more=SLOW_COD)
    assert "a stand-in takes the seat for 2 of its turns" in shown.out
    assert "the person is back" in shown.out
    who = [move.decided_by.split(" (")[0] for move in moves(out)]
    assert who == ["code", "code", "a person", "code", "a person"]
    handed = [(event.to, event.turns) for event in events_of(out) if isinstance(event, HandedOver)]
    assert handed == [("stand-in", 2), ("stand-in", None), ("person", None)]


SLOW_COD = ("--seat", "COD=boulware(exponent=100)")


def test_after_the_last_line_the_stand_in_plays_on(play: Play, out: Path) -> None:
    assert play("ai").code == 0
    assert verify(out).complete


def test_a_script_may_quit_while_the_stand_in_moves(play: Play, out: Path) -> None:
    shown = play("ai", "quit", more=SLOW_COD)
    assert shown.code == 130
    assert len(moves(out)) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["play", "mini.yaml", "--as", "FRA"], "--as 'FRA': no such party; mini has USA, COD"),
        (["play", "nowhere", "--as", "USA"], "no such file"),
        ([*AS_USA, "--seat", "USA=firm"], "--seat USA=firm: you sit there (--as USA)"),
        ([*AS_USA, "--seat", "COD=human"], "seats USA and COD: human; expected one person"),
        ([*AS_USA, "--seat", "USA=human(limit=x)"], "limit='x'; expected a number"),
        (["run", "mini.yaml", "--seat", "USA=human", "--as", "COD"], "may see no other seat"),
        (["run", "mini.yaml", "--seat", "USA=human", "--json"], "without --json"),
    ],
)
def test_what_cannot_be_played_is_told_in_one_line(
    cli: Cli, home: Path, arguments: list[str], words: str
) -> None:
    shown = cli(*arguments)
    assert shown.code == 1
    assert words in shown.err.splitlines()[-1]
    assert not (home / "transcripts").exists()


def test_a_persons_session_is_not_resumed_where_only_json_is_wanted(play: Play, out: Path) -> None:
    play(FIRST)
    shown = play(verb=("resume", str(out)), more=("--json",))
    assert shown.code == 1
    assert "nobody can be asked here" in shown.err
    assert verify(out).ok


def test_run_with_a_human_seat_asks_at_the_same_table(play: Play, out: Path) -> None:
    verb = ("run", "mini.yaml", "--seat", "USA=human(stand-in=linear)", "--model", "none")
    shown = play(FIRST, "ai", verb=verb)
    assert shown.code == 0
    header = events_of(out)[0]
    assert isinstance(header, Opened)
    assert header.seats["USA"].decides == "a person (stand-in: linear)"


def test_a_model_that_was_asked_for_stands_in(
    play: Play, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIStub(haggle) as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        shown = play("ai", more=("--model", "m", "--seat", "COD=firm"))
    assert shown.code == 0
    assert shown.out.startswith("m: asked only for what a person leaves to it;")
    assert {move.decided_by.split(",")[0] for move in moves(out)} == {"m (freely)"}


def test_what_is_told_to_langsmith_is_said_before(play: Play, home: Path, out: Path) -> None:
    (home / "config.toml").write_text('trace = "langsmith"\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestration, "run_graph", untraced)
        shown = play(FIRST)
    assert "LangSmith is told of every step" in shown.out


async def untraced(table: Any, *, traced: bool) -> None:
    """Play as ever, but say nothing to anyone."""
    assert traced
    await RUN_GRAPH(table)


@dataclass
class Terminal:
    """A person at a terminal, as the front end sees one."""

    written: list[str] = field(default_factory=list[str])
    forgot: int = 0

    def person(self, source: Callable[[], bytes]) -> LinePerson:
        def forget() -> None:
            self.forgot += 1

        lines = Lines(source, live=True, forget=forget)
        return LinePerson(lines, self.written.append, self.written.append)

    @property
    def text(self) -> str:
        return "\n".join(self.written)


def turn_at(*moves: Any, left: float | None = None) -> Turn:
    return Turn(view=view_at(mini(), list(moves)), left_s=lambda: left)


@pytest.fixture
def pipe() -> Iterator[tuple[Callable[[], bytes], Callable[[str], None]]]:
    """A source of lines that stays open, and what types on it."""
    number, end = os.pipe()

    def type_(text: str) -> None:
        os.write(end, text.encode())

    yield (lambda: os.read(number, 999)), type_
    os.close(end)


HIGH = offer_of(mini(), volume=4, price=10, rail="no rail")


async def waiting(person: LinePerson, count: int) -> None:
    person.lines.start()
    while len(person.lines._waiting) < count:
        await asyncio.sleep(0.001)


def test_a_move_typed_before_the_turn_is_not_made(pipe: Any) -> None:
    source, type_ = pipe
    terminal = Terminal()

    async def played() -> Answer:
        person = terminal.person(source)
        type_("accept\ntime\n")
        await waiting(person, 2)
        asked = asyncio.ensure_future(person.move(turn_at(HIGH)))
        while "no time limit" not in terminal.text:
            await asyncio.sleep(0.001)
        type_("accept\nyes\n")
        return await asked

    assert asyncio.run(played()) == PersonMove(Accept())
    assert terminal.text.count("accept was typed before your turn and is not done") == 1


def test_while_the_stand_in_moves_only_back_and_quit_are_heard(pipe: Any) -> None:
    source, type_ = pipe
    terminal = Terminal()

    async def played() -> list[bool]:
        person = terminal.person(source)
        heard = [person.wants_back("USA")]
        type_("accept\nxyz\nBACK\ntime\n")
        await waiting(person, 4)
        heard += [person.wants_back("USA"), person.wants_back("USA")]
        type_("quit\n")
        await waiting(person, 1)
        with pytest.raises(Paused):
            person.wants_back("USA")
        return heard

    assert asyncio.run(played()) == [False, True, False]
    assert terminal.text.count("your stand-in moves; type back") == 3


def test_the_prompt_says_how_many_seconds_are_left(pipe: Any) -> None:
    source, type_ = pipe
    terminal = Terminal()
    type_("ai\n")
    answer = asyncio.run(terminal.person(source).move(turn_at(left=41.7)))
    assert answer == HandOver(None)
    assert terminal.written[-1] == "USA [42 s left]> "


def test_what_was_half_typed_when_time_ran_out_is_forgotten(pipe: Any) -> None:
    terminal = Terminal()

    async def late() -> None:
        asked = asyncio.ensure_future(terminal.person(pipe[0]).move(turn_at(left=0.0)))
        while not terminal.written or not terminal.written[-1].endswith("> "):
            await asyncio.sleep(0.001)
        asked.cancel()
        await asked

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(late())
    assert (terminal.forgot, terminal.written[-1]) == (1, "Time is up.")


def test_one_person_sits_at_a_terminal(pipe: Any) -> None:
    source, type_ = pipe
    terminal = Terminal()
    type_("offer vol=4, price=10, rail=no\n")
    seats = {"USA": "human", "COD": "human"}
    with pytest.raises(SeatError, match="seat COD=human: USA sits here already"):
        negotiate(mini(), seats, person=terminal.person(source))
    assert "YOU ARE DR CONGO" not in terminal.text


def test_a_reason_from_the_table_is_shown_and_asked_again(pipe: Any) -> None:
    source, type_ = pipe
    terminal = Terminal()
    type_("ai\n")
    turn = Turn(view=view_at(mini()), left_s=lambda: None, problem="it is not legal")
    assert asyncio.run(terminal.person(source).move(turn)) == HandOver(None)
    assert "That cannot be done: it is not legal." in terminal.text


VOCABULARY = st.sampled_from(
    [
        *(
            "offer",
            "accept",
            "leave",
            "yes",
            "ai",
            "ai 1",
            "back",
            "say x",
            "worth",
            "table",
            "help",
        ),
        *("offer a=1", "offer a=3: words", "offer a=2", "talks", "points", "brief", "time", "quit"),
        *("worth a=1", "1", "2", "stop", "", ":", "offer :", "accept: x", "leave: x", "ai x"),
    ]
)
RAW = st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b" "))
LINES = st.lists(VOCABULARY.map(str.encode) | st.text(max_size=30).map(str.encode) | RAW)
PATHS = itertools.count()


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.delegates.sessions import tiny

    folder = tmp_path_factory.mktemp("tiny")
    (folder / "tiny.yaml").write_text(tiny(rounds=3).canonical(), encoding="utf-8")
    return folder


@hypothesis_settings(max_examples=50)
@given(lines=LINES, seat=st.sampled_from(["A", "B"]), other=st.sampled_from(["firm", "boulware"]))
def test_whatever_is_typed_ends_well(
    tiny_folder: Path, lines: list[bytes], seat: str, other: str
) -> None:
    out = tiny_folder / f"{next(PATHS)}.jsonl"
    others = "B" if seat == "A" else "A"
    arguments = ["play", str(tiny_folder / "tiny.yaml"), "--as", seat, "--seed", "1"]
    arguments += ["--seat", f"{others}={other}", "--out", str(out)]
    shown, told = io.StringIO(), io.StringIO()
    with (
        stdin_of(b"\n".join(lines)),
        contextlib.redirect_stdout(shown),
        contextlib.redirect_stderr(told),
        pytest.raises(SystemExit) as exit_,
    ):
        main(arguments)
    assert exit_.value.code in (0, 130)
    assert "Traceback" not in shown.getvalue() + told.getvalue()
    found = verify(out)
    assert (found.ok, found.complete) == (True, exit_.value.code == 0)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from tui.cli import main; main()", *arguments]


ROOT = Path(__file__).resolve().parents[3]


def started(tmp_path: Path, *arguments: str, **how: Any) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        command(*arguments), **{**pipes, **how}, text=True, env=env, cwd=tmp_path
    )


@pytest.mark.parametrize(("ended_by", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_session_killed_while_a_line_is_typed_has_every_move_on_disk(
    tmp_path: Path, out: Path, ended_by: signal.Signals, code: int
) -> None:
    with started(tmp_path, *AS_USA, "--out", str(out)) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{FIRST}\noffer pri")
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith("Your move, round 2"):
                break
        process.send_signal(ended_by)
        process.stdin.close()
        told = process.stderr.read() if process.stderr else ""
    assert process.returncode == code
    assert "Traceback" not in told
    assert "Fatal Python error" not in told
    assert len(moves(out)) == 1
    assert verify(out).ok


def test_without_any_stdin_the_session_is_kept(tmp_path: Path, out: Path) -> None:
    shell = " ".join(command(*AS_USA, "--out", str(out))[:1])
    line = f"{shell} -c 'from tui.cli import main; main()' {' '.join(AS_USA)} --out {out} <&-"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["/bin/sh", "-c", line], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 130, done.stderr
    assert "kept in" in done.stderr


def test_json_is_not_disturbed_by_a_session_that_was_played(
    play: Play, cli: Cli, out: Path
) -> None:
    play("ai")
    told = json.loads(cli("resume", str(out), "--json").out)
    assert told["status"] == "agreement"
