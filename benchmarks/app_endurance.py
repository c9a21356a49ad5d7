"""The app left open in a real terminal on an hour of play; Linux with tmux only.

Run from the root of the repository: python -m benchmarks.app_endurance [--minutes N]

Keys are pressed as a person would, one round after the other: a session played by hand, one whose
seat is handed to the stand-in, which moves at a pace that can be followed, and one that is
watched, in a scenario after the other; each is then replayed, searched, reviewed and analysed; a
batch is played once and its report opened again; the window changes its size with every round.

After every round, at home, it is noted what the process holds as it is found, what it holds once
freed memory was handed back, and what it has alive of its own: screens, widgets, timers, workers,
tasks. At home it lists every session that was played, so that widgets and rows may grow with them;
nothing else may.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep, thread_time
from typing import Any

from benchmarks.resources import Sample, sampled, status, table, verdict
from tests.driven.terminal import Terminal

PATIENCE_S = 240.0
SIZES = ((120, 36), (80, 24), (200, 60))
WATCHED = (1, 5, 1, 3, 1, 6, 2, 4)
"""Places of the scenarios that are watched, in turn."""

HAND_ROUNDS = 10
KEY_S = 0.15
RESTS = 0.1
"""Seconds of processor time in a second below which the app does nothing but wait."""


def main() -> None:
    """Play, and say what was held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--samples", type=Path, help="where every sample is kept, a line each")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        _inside(given.inside)
        return
    with TemporaryDirectory() as home:
        _outside(Path(home), given.minutes * 60, given.samples)


# --- inside: the app itself, which tells what it has alive when it is asked


def _inside(told: Path) -> None:
    """Open the app, and tell on SIGUSR1 what it has alive."""
    from delegates.settings import load_settings
    from tui.app import MinilateralApp

    app = MinilateralApp(settings=load_settings(os.environ))
    wanted = threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: wanted.set())

    def tell() -> None:
        while True:
            wanted.wait()
            wanted.clear()
            with told.open("a") as file:
                file.write(json.dumps(_alive(app)) + "\n")

    threading.Thread(target=tell, daemon=True).start()
    told.write_text(json.dumps({"pid": os.getpid()}) + "\n")
    app.run()


def _alive(app: Any) -> dict[str, int]:
    """Return how many there are of what the app makes, in use or held by something.

    Freed memory is handed back first, so that what is sampled next is what the process needs.
    """
    from textual.screen import Screen
    from textual.timer import Timer
    from textual.widget import Widget
    from textual.worker import Worker

    from tui.memory import give_back_memory

    found_mb = status("self", "VmRSS") // 1024
    # What is freed goes back by itself at home, but on a busy machine not at once.
    began = thread_time()
    give_back_memory()
    took_ms = int(1000 * (thread_time() - began))
    kinds: Counter[type[object]] = Counter(map(type, gc.get_objects()))
    named = {"screens": Screen, "widgets": Widget, "timers": Timer, "workers": Worker}
    counted = {
        name: sum(count for kind, count in kinds.items() if issubclass(kind, base))
        for name, base in named.items()
    }
    loop = app._loop  # noqa: SLF001 - Textual tells neither otherwise
    return {
        "found_mb": found_mb,
        "freed_in_ms": took_ms,
        "objects": kinds.total(),
        **counted,
        "attached": len(app._registry),  # noqa: SLF001
        "running": len(list(app.workers)),
        "tasks": len(asyncio.all_tasks(loop)) if loop else 0,
    }


# --- outside: the person at the keys


def _outside(home: Path, seconds: float, kept: Path | None) -> None:
    told = home / "told.jsonl"
    command = [sys.executable, "-m", "benchmarks.app_endurance", "--inside", str(told)]
    environment = {"MINILATERAL_HOME": str(home / "user"), "PYTHONPATH": str(Path.cwd())}
    samples: list[Sample] = []
    alive: list[dict[str, int]] = []
    begin = monotonic()
    with Terminal(command, SIZES[0], environment) as terminal:
        terminal.until("Welcome", patience_s=PATIENCE_S)
        process = json.loads(told.read_text().splitlines()[0])["pid"]
        rounds = _rounds(terminal)
        while monotonic() - begin < seconds:
            next(rounds)
            _rested(process)
            alive.append(_told(told, process, len(alive) + 2))
            samples.append(sampled(process, monotonic() - begin))
            line = {**asdict(samples[-1]), **alive[-1]}
            _say(json.dumps(line))
            if kept:
                with kept.open("a") as file:
                    file.write(json.dumps(line) + "\n")
        terminal.press("q")
        terminal.until("exit code 0", patience_s=PATIENCE_S)
        played = len(list((home / "user" / "transcripts").glob("*.jsonl")))
    _conclude(samples, alive, played)


def _rested(process: int) -> None:
    """Wait until nothing is worked out any more, which screens may have begun that are closed."""
    end = monotonic() + PATIENCE_S
    sleep(2)  # memory goes back after a second at home
    while monotonic() < end:
        began = _worked_s(process)
        sleep(1)
        if _worked_s(process) - began < RESTS:
            return
    _say(f"{PATIENCE_S:.0f} s at home, and still at work")


def _worked_s(process: int) -> float:
    """Return a process's seconds of processor time."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(told: Path, process: int, lines: int) -> dict[str, int]:
    os.kill(process, signal.SIGUSR1)
    while True:
        found = told.read_text().splitlines()
        if len(found) >= lines:
            return json.loads(found[lines - 1])
        sleep(0.2)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _conclude(samples: list[Sample], alive: list[dict[str, int]], sessions: int) -> None:
    _say(f"\n{sessions} sessions in {len(samples)} rounds, {samples[-1].at / 60:.0f} minutes\n")
    for line in table(samples, "seconds"):
        _say(line)
    names = list(alive[0])
    _say(f"\n| round | {' | '.join(names)} |\n|{'---|' * (len(names) + 1)}")
    last = len(alive) - 1
    for place in sorted({round(last * step / 10) for step in range(11)}):
        _say(f"| {place + 1} | {' | '.join(f'{alive[place][name]:,}' for name in names)} |")
    _say(f"\n{verdict(samples, 'rss_mb').words}")


def _rounds(terminal: Terminal) -> Iterator[None]:
    """Play round after round, from home to home."""
    watched, sizes = cycle(WATCHED), cycle(SIZES)
    _play_batch(terminal)
    while True:
        terminal.resize(*next(sizes))
        for begin in (_by_hand, _stood_in, lambda it: _watched(it, next(watched)), _open_report):
            try:
                begin(terminal)
                if begin is not _open_report:
                    _looked_back(terminal)
            except AssertionError as error:
                _say(f"went wrong: {error}")
                _recovered(terminal)
        yield


def _recovered(terminal: Terminal) -> None:
    """Go home from wherever it is."""
    for key in ("Escape", "Escape", "Escape", "H", "Escape", "g"):
        _press(terminal, key)
        sleep(3)
    _until(terminal, "Scenarios  ")


def _until(terminal: Terminal, *expected: str) -> str:
    return terminal.until(*expected, patience_s=PATIENCE_S)


def _gone(terminal: Terminal, closed: str) -> None:
    """Wait until something is closed: a terminal reads Esc and a key at once as another key."""
    end = monotonic() + PATIENCE_S
    while closed in terminal.screen():
        assert monotonic() < end, f"{closed!r} stays:\n{terminal.screen()}"
        sleep(KEY_S)


def _press(terminal: Terminal, *keys: str) -> None:
    """Press keys as fast as a person does."""
    for key in keys:
        terminal.press(key)
        sleep(KEY_S)


def _go_home(terminal: Terminal) -> None:
    _press(terminal, "H")
    _until(terminal, "Scenarios  ")


def _row(terminal: Terminal, place: int) -> None:
    """Go to a scenario's row."""
    _press(terminal, "g")
    _press(terminal, *(["j"] * place or ["g"]))


def _by_hand(terminal: Terminal) -> None:
    """Sit at the first table and offer what was offered before until the rounds are over."""
    _row(terminal, 0)
    _press(terminal, "Enter")
    _until(terminal, "Your brief")
    _press(terminal, "Enter")
    for number in range(1, HAND_ROUNDS + 1):
        seen = _until(terminal, f"Your move, round {number} of {HAND_ROUNDS}", "H home")
        if "H home" in seen:
            break
        _press(terminal, "o")
        _until(terminal, "Make an offer")
        for _ in ("price floor", "money"):
            _press(terminal, "Down", "Right")
        _press(terminal, "C-s")
    _until(terminal, "H home")


def _stood_in(terminal: Terminal) -> None:
    """Sit at the first table and hand the seat over until the end."""
    _row(terminal, 0)
    _press(terminal, "Enter")
    _until(terminal, "Your brief")
    _press(terminal, "Enter")
    _until(terminal, "Your move, round 1 of")
    _press(terminal, "d")
    _until(terminal, "at a pace you can follow")
    _press(terminal, "Down", "Down", "Enter")
    _until(terminal, "H home")


def _watched(terminal: Terminal, place: int) -> None:
    """Watch a session by rule."""
    _row(terminal, place)
    _press(terminal, "w")
    _until(terminal, "○ watch")
    _press(terminal, "Enter")
    _until(terminal, "H home")


def _looked_back(terminal: Terminal) -> None:
    """Look around in what was played, and go home."""
    _press(terminal, "1", "2", "3", "4", "Home", "PPage", "NPage", "End")
    _press(terminal, "r")
    _until(terminal, "chain ✓")
    _press(terminal, "2", "3", "4", "5", "1", "]", "]", "[", ">", "G", "g", "s", "S")
    _press(terminal, "/")
    _until(terminal, "Enter searches")
    terminal.type("offer")
    _press(terminal, "Enter")
    _until(terminal, "n N go on")
    _press(terminal, "n", "n", "N")
    _press(terminal, "v")
    _until(terminal, "Lessons")
    _press(terminal, "2", "3", "4", "5", "1", "Right", "Right", "Left")
    _press(terminal, "?")
    _until(terminal, "Help ─")
    _press(terminal, "Escape")
    _gone(terminal, "Help ─")
    _press(terminal, "C-p")
    _until(terminal, "Search for commands")
    _press(terminal, "Escape")
    _gone(terminal, "Search for commands")
    _go_home(terminal)


def _sought(terminal: Terminal) -> None:
    """Look for the quick batch at home; its plan stands first, its results last."""
    _press(terminal, "/")
    _until(terminal, "search titles")
    terminal.type("quick")
    _until(terminal, " quick")
    _press(terminal, "Enter")
    sleep(1)  # until the list has the keys again


def _all_again(terminal: Terminal) -> None:
    """Go home from the batch, and end the search."""
    _press(terminal, "H")
    _until(terminal, "quick: Rules")
    _press(terminal, "Escape")
    sleep(1)  # until the list has the keys again
    _press(terminal, "g")
    _until(terminal, "Scenarios  ")


def _play_batch(terminal: Terminal) -> None:
    """Play the quick batch to its end and look at its report."""
    _sought(terminal)
    _press(terminal, "g", "Enter")
    _until(terminal, "125 in 1 repetition")
    _press(terminal, "Enter")
    _until(terminal, "Every session was played.")
    _press(terminal, "Enter")
    _until(terminal, "leads")
    _all_again(terminal)


def _open_report(terminal: Terminal) -> None:
    """Open the report of the batch, and the analysis of the first table."""
    _sought(terminal)
    _press(terminal, "G", "v")
    _until(terminal, "sessions · none failed")
    _press(terminal, "2", "3", "4", "5", "1")
    _all_again(terminal)
    _row(terminal, 0)
    _press(terminal, "A")
    _until(terminal, "all is worked out")
    _press(terminal, "2", "3", "4", "5", "6", "1")
    _go_home(terminal)


if __name__ == "__main__":
    main()
