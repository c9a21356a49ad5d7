"""Scripted sessions end alike wherever they are played, whatever befalls who plays them."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from delegates import negotiate
from delegates.evaluation.planning.design import Design
from delegates.evaluation.playing import processes as processes_here
from delegates.evaluation.playing import scripted_engine
from delegates.evaluation.playing.finish import finished
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished, read_line
from delegates.evaluation.playing.scripted_engine import play_scripted_rows
from delegates.evaluation.playing.scripted_session import Line
from delegates.minds.registry import SCRIPTED_MINDS
from games.errors import IllegalMove
from tests.delegates.evaluation.made import made_design
from tests.delegates.halls import hall_of
from tests.delegates.sessions import mini
from tests.games.eventful import eventful
from transcripts import verify

MINDS = {name: name for name in ("boulware", "linear", "tit-for-tat", "random-walker")}


def ended(
    design: Design,
    path: Path,
    workers: int | None = 1,
    numbers: Sequence[int] | None = None,
    kept: Callable[[Sequence[Line]], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> dict[int, Finished]:
    """Return how sessions ended that were played, by number; each must have ended once."""
    by_key = {row.key: row.number for row in design.rows()}
    told: list[Finished] = []

    def keep(lines: Sequence[Line]) -> None:
        told.extend(read_line(line.text) for line in lines)
        assert [(line.key, line.ended) for line in lines] == [
            (one.key, one.ended) for one in told[-len(lines) :]
        ]
        kept(lines)

    play_scripted_rows(
        range(len(design)) if numbers is None else numbers,
        design,
        Folder(path),
        keep=keep,
        running=lambda _: None,
        workers=workers,
        stop=stop,
    )
    found = {by_key[one.key]: one for one in told}
    assert len(found) == len(told)
    return found


def bare(found: dict[int, Finished]) -> dict[int, Finished]:
    """Return how sessions ended, without what differs from run to run."""
    return {
        number: one.model_copy(update={"seconds": 0.0, "at": ""})
        for number, one in sorted(found.items())
    }


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Every worker that is started."""
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def popen(*arguments: Any, **how: Any) -> subprocess.Popen[bytes]:
        process: Any = real(*arguments, **how)
        started.append(process)
        return process

    monkeypatch.setattr(processes_here.subprocess, "Popen", popen)
    yield started
    assert all(process.poll() is not None for process in started)


def test_every_session_ends_as_it_does_alone(tmp_path):
    games = (mini(), mini(opens="alternate"), eventful(), hall_of("plenary"), eventful("forum"))
    named = [game.model_copy(update={"id": f"g{n}"}) for n, game in enumerate(games)]
    design = made_design(
        *named, strategies={"linear": "linear", "firm": "firm"}, names=("own", "alias")
    )

    found = ended(design, tmp_path)

    assert sorted(found) == [*range(len(design))]
    for row in design.rows():
        game = design.played_as(row)
        seats = dict(zip(game.ids, row.seats, strict=True))
        record = negotiate(game, seats, seed=row.seed)
        expected = finished(design, row, record)
        assert bare(found)[row.number] == expected
        assert found[row.number].seconds > 0
        assert found[row.number].at.endswith("Z")


def test_sessions_end_alike_here_and_in_processes(tmp_path, processes):
    named = [eventful().model_copy(update={"id": "other"}), mini()]
    design = made_design(*named, strategies=MINDS, repetitions=6)

    here, apart = ended(design, tmp_path), ended(design, tmp_path, 2)

    assert len(processes) == 2
    assert bare(here) == bare(apart)
    assert sorted(here) == [*range(len(design))]


def test_few_sessions_are_played_here(tmp_path, processes):
    design = made_design(repetitions=2)

    assert len(ended(design, tmp_path, None)) == len(design)

    assert processes == []


def test_many_are_played_in_as_many_processes_as_there_are_processors(
    tmp_path, processes, monkeypatch
):
    monkeypatch.setattr(scripted_engine, "ALONE_S", 0.0)
    monkeypatch.setattr(scripted_engine, "WORTH_S", 0.0)
    monkeypatch.setattr(scripted_engine, "available_processors", lambda: 3)
    design = made_design(strategies=MINDS, repetitions=100)

    found = ended(design, tmp_path, None)

    assert len(processes) == 3
    assert sorted(found) == [*range(len(design))]


def test_more_processes_than_sessions_are_not_started(tmp_path, processes):
    design = made_design()

    assert len(ended(design, tmp_path, 8, [2])) == 1

    assert len(processes) == 1


def test_where_no_process_can_be_started_sessions_are_played_here(
    tmp_path, processes, monkeypatch, caplog
):
    monkeypatch.setattr(processes_here, "_COMMAND", "import sys; sys.exit(3)")
    design = made_design()

    with caplog.at_level(logging.WARNING, "minilateral.evaluation"):
        found = ended(design, tmp_path, 2)

    assert sorted(found) == [*range(len(design))]
    assert "die at their start" in caplog.text


def test_who_wants_it_to_end_early_is_heard(tmp_path):
    design = made_design(strategies=MINDS, repetitions=2000)
    stop = threading.Event()

    found = ended(design, tmp_path, kept=lambda _: stop.set(), stop=stop)

    assert 0 < len(found) < len(design)


class Failing:
    """A mind that has a fault."""

    def choose(self, view):
        raise ZeroDivisionError("by nought,\nhere")


class Cheating:
    """A mind that does what is not allowed."""

    def choose(self, view):
        raise IllegalMove("USA: not allowed")


class Dawdling:
    """A mind that never makes up its mind, whatever it is told."""

    def choose(self, view):
        while True:
            try:
                sleep(0.01)
            except Exception:  # noqa: BLE001 - that it catches all is the point
                continue


def with_mind(monkeypatch: pytest.MonkeyPatch, kind: type) -> dict[str, str]:
    """Return strategies of which one plays by a mind of that kind."""
    # What a seat says of it is remembered by its text: it has to stay the same.
    known = SCRIPTED_MINDS["stonewaller"].parameters
    maker = type("Maker", (), {"make": staticmethod(lambda _: kind()), "parameters": known})
    monkeypatch.setitem(SCRIPTED_MINDS, "stonewaller", maker)
    return {"linear": "linear", "stonewaller": "stonewaller"}


@pytest.mark.parametrize(
    ("mind", "how", "problem"),
    [
        (Failing, "error", "ZeroDivisionError: by nought, here"),
        (Cheating, "refused", "IllegalMove"),
    ],
)
def test_a_fault_ends_one_session_and_leaves_its_traceback(
    tmp_path, monkeypatch, mind, how, problem
):
    design = made_design(strategies=with_mind(monkeypatch, mind))

    found = ended(design, tmp_path)

    classes = {row.seats: found[row.number].ended for row in design.rows()}
    assert classes.pop(("linear", "linear")) in ("agreement", "no-agreement")
    assert set(classes.values()) == {how}
    faulty = [one for one in found.values() if one.ended == how]
    assert all(one.problem.startswith(problem) for one in faulty)
    for one in faulty:
        told = (tmp_path / "errors" / f"{one.session}.txt").read_text()
        assert "Traceback" in told
        assert "in choose" in told
        assert [seat.utility for seat in one.seats] == [30, 30]


def test_a_session_that_takes_too_long_is_broken_off(tmp_path, monkeypatch):
    design = made_design(strategies=with_mind(monkeypatch, Dawdling), session={"timeout_s": 0.05})

    found = ended(design, tmp_path)

    assert [found[row.number].ended == "timeout" for row in design.rows()] == [
        "stonewaller" in row.seats for row in design.rows()
    ]
    late = next(one for one in found.values() if one.ended == "timeout")
    assert late.problem == "took longer than 0.05 s"
    assert late.seconds >= 0.05


def test_it_is_where_the_caller_is_not_the_main_thread(tmp_path, processes):
    design = made_design(session={"timeout_s": 1e-6})
    found: dict[int, Finished] = {}

    thread = threading.Thread(target=lambda: found.update(ended(design, tmp_path)))
    thread.start()
    thread.join()

    assert len(processes) == 1
    assert {one.ended for one in found.values()} == {"timeout"}
    assert len(found) == len(design)


def test_a_timer_that_ran_before_runs_on_after(tmp_path):
    design = made_design(session={"timeout_s": 5.0})
    rang: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, _: rang.append(number))
    timer = signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        ended(design, tmp_path)
        until = monotonic() + 10
        while not rang and monotonic() < until:
            sleep(0.01)
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *timer)

    assert rang == [signal.SIGALRM]


def test_transcripts_are_kept_where_the_plan_wants_them(tmp_path):
    games = (mini(), eventful().model_copy(update={"id": "other"}))
    design = made_design(*games, strategies={"linear": "linear"}, transcripts="all")
    plain = made_design(*games, strategies={"linear": "linear"})
    left_over = tmp_path / "transcripts" / f"{design.session(0)}.jsonl"
    left_over.parent.mkdir()
    left_over.write_text("of a run that was killed")

    found = ended(design, tmp_path)

    for number, one in found.items():
        assert one.transcript == f"transcripts/{design.session(number)}.jsonl"
        verdict = verify(tmp_path / one.transcript)
        assert (verdict.ok, verdict.complete) == (True, True)
    without = {n: one.model_copy(update={"transcript": None}) for n, one in bare(found).items()}
    assert without == bare(ended(plain, tmp_path))


PLAYS = """
import sys
from pathlib import Path
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.scripted_engine import play_scripted_rows
from tests.delegates.evaluation.made import made_design

design = made_design(repetitions=100_000)
play_scripted_rows(
    range(len(design)), design, Folder(Path(sys.argv[1])), workers=2,
    keep=lambda lines: print(len(lines), flush=True), running=lambda _: None,
)
"""


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split()]


def is_alive(pid: int) -> bool:
    """Return whether a process runs, and is no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds children by /proc")
def test_workers_die_with_whoever_started_them(tmp_path):
    root = Path(__file__).resolve().parents[4]
    main = subprocess.Popen(
        [sys.executable, "-c", PLAYS, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    with main:
        assert main.stdout is not None
        assert int(main.stdout.readline()) > 0
        begotten = children(main.pid)
        main.kill()
        assert main.stderr is not None
        # Until the last of them is gone: it was theirs as well.
        said = main.stderr.read()

    assert said == b""
    assert len(begotten) == 2
    until = monotonic() + 10
    while any(map(is_alive, begotten)) and monotonic() < until:
        sleep(0.01)
    assert not any(map(is_alive, begotten))
