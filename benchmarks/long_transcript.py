"""What can be done with the transcript of a million events, in what time and memory; Linux only.

Run from the root of the repository: python -m benchmarks.long_transcript [--moves N] [--only WHAT…]

The session is really played: ten parties over as many rounds as a scenario may have, two of which
hold out for opposite texts, the others conceding or wandering, through the public `negotiate`.
Then each thing is done in a process of its own, as its user would, and told: seconds, of them on
the processor, the most memory, and microseconds of processor time an event.

*app* opens the replay in the app, without a terminal, and steps through it while it is read, until
the chain is checked to its end and a search has gone through everything: *longest key* is the
longest that any of the keys pressed meanwhile took to have its effect. *review in the app* waits
for the review of the first party and goes through its moves in the same way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

PARTIES = 10
CLI = "import sys; from tui.cli import main; sys.exit(main())"
KEYS = ("right", "greater_than_sign", "left", "pagedown", "right_square_bracket", "2", "1")


def main() -> None:
    """Do everything, or some of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="a transcript that was made before")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--inside", choices=INSIDE, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        INSIDE[given.inside](given.file, given.moves)
        return
    with TemporaryDirectory() as home:
        folder = Path(home) / "transcripts"
        folder.mkdir()
        path = given.file or folder / "long.jsonl"
        _say("| what | seconds | processor, s | most memory, MB | µs an event | told |")
        _say("|---|---|---|---|---|---|")
        if given.file is None:
            _tell("play", given.moves, _inside("play", path, given.moves))
        else:
            (folder / "long.jsonl").hardlink_to(path.resolve())
        for name, command in _commands(path, Path(home), given.moves):
            if not given.only or name in given.only:
                _tell(name, given.moves, command)


def _commands(path: Path, home: Path, moves: int) -> Iterator[tuple[str, list[str]]]:
    """Yield what is done, and the commands that do it."""
    cli = [sys.executable, "-c", CLI]
    yield "verify", [*cli, "verify", str(path)]
    yield "replay --plain", [*cli, "replay", str(path), "--plain"]
    for form in ("json", "md", "html"):
        yield f"review --format {form}", [*cli, "review", str(path), "--format", form]
    yield "review --plain", [*cli, "review", str(path), "--plain"]
    for form in ("parquet", "csv"):
        yield f"tables, {form}", [*cli, "convert", str(path), f"{home}/{form}/", "--format", form]
    yield "game (.nfg)", [*cli, "convert", str(path), f"{home}/game.nfg", "--matrix", "compliance"]
    yield "library", _inside("library", home, moves)
    yield "app", _inside("app", path, moves)
    yield "review in the app", _inside("review", path, moves)


def _inside(what: str, path: Path, moves: int) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.long_transcript", "--inside", what]
    return [*command, "--file", str(path), "--moves", str(moves)]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


_MEASURED = """
import json, resource, subprocess, sys, time
begin = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "code": done.returncode, "seconds": time.perf_counter() - begin,
    "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024,
    "bytes": len(done.stdout), "told": done.stdout[-200:].decode(errors="replace"),
    "err": done.stderr[-200:].decode(errors="replace")}))
"""
"""A process of its own measures each command: the most memory of children is of all of them."""


def _tell(name: str, moves: int, command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    told = f"{found['bytes'] / 1e6:.1f} MB" if found["bytes"] > 1000 else found["told"].strip()
    if found["code"]:
        told = f"exit code {found['code']}: {found['err']}"
    told = " ".join(told.split()).replace("|", "/")
    _say(
        f"| {name} | {found['seconds']:.1f} | {found['cpu']:.1f} | {found['mb']:,.0f} "
        f"| {found['cpu'] / moves * 1e6:.1f} | {told} |"
    )


# --- within a process of its own


def _play(path: Path, moves: int) -> None:
    from delegates import negotiate
    from tests.support.domains import party, scenario

    liked = {"tonnes": {"1": 0, "2": 20, "3": 40}, "price": {"10": 40, "20": 30, "30": 0}}
    other = {"tonnes": {"1": 40, "2": 20, "3": 0}, "price": {"10": 0, "20": 30, "30": 40}}
    parties = {
        f"P{number:02}": party(
            (liked, other)[number % 2],
            20,
            name=f"Party {number}",
            side=("consumer", "supplier")[number % 2],
        )
        for number in range(PARTIES)
    }
    issues = {
        "tonnes": {"label": "volume", "unit": "t", "options": [1, 2, 3]},
        "price": {"label": "price", "unit": "USD", "options": [10, 20, 30]},
    }
    of = scenario(issues, parties, protocol={"rounds": moves // PARTIES, "opens": "fixed"})
    minds = ["stonewaller", "stonewaller", *["boulware", "random-walker"] * (PARTIES // 2 - 1)]
    record = negotiate(of, dict(zip(of.ids, minds, strict=True)), seed=1, transcript=path)
    _say(f"{record.status}, {len(record.moves):,} moves, {path.stat().st_size / 1e6:.0f} MB")


def _library(home: Path, moves: int) -> None:
    del moves
    from tui.library import SECTIONS

    begin = perf_counter()
    cards = SECTIONS["sessions"].read(home)
    _say(f"{len(cards)} session in {1000 * (perf_counter() - begin):.0f} ms after imports")


def _app(path: Path, moves: int) -> None:
    del moves
    _say(asyncio.run(_in_app(path)))


async def _in_app(path: Path) -> str:
    from tui.app import MinilateralApp
    from tui.replay import Recording
    from tui.screens.replay import ReplayScreen

    begin = perf_counter()
    recording = Recording(path)
    screen = ReplayScreen(recording)
    app = MinilateralApp(lambda: screen)
    longest = 0.0
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        opened = perf_counter() - begin

        async def press(*keys: str) -> None:
            nonlocal longest
            for key in keys:
                pressed = perf_counter()
                await pilot.press(key)
                longest = max(longest, perf_counter() - pressed)

        while screen.history is None or not screen.history.whole:
            await press(*KEYS)
            await asyncio.sleep(0.2)
        read = perf_counter() - begin
        await press("slash", *"volume 3", "enter")
        sought = perf_counter()
        while "search" in {one.group for one in app.workers if one.is_running}:
            await press("right")
            await asyncio.sleep(0.2)
        found = perf_counter() - sought
        problem = screen.history.problem
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"open after {opened:.1f} s, chain read after {read:.0f} s ({problem or 'sound'}), "
        f"searched in {found:.0f} s, longest key {longest:.2f} s, {memory:.0f} MB, "
        f"{process_time():.0f} s of processor"
    )


def _review(path: Path, moves: int) -> None:
    del moves
    _say(asyncio.run(_review_in_app(path)))


async def _review_in_app(path: Path) -> str:
    from tui.app import MinilateralApp
    from tui.screens.review import ReviewScreen
    from tui.widgets.debrief_panels import MovesPanel

    begin = perf_counter()
    screen = ReviewScreen(path)
    app = MinilateralApp(lambda: screen)
    longest = {"before": 0.0, "after": 0.0}
    async with app.run_test(size=(120, 36)) as pilot:

        async def press(when: str, *keys: str) -> None:
            for key in keys:
                pressed = perf_counter()
                await pilot.press(key)
                longest[when] = max(longest[when], perf_counter() - pressed)

        await pilot.pause()
        opened = perf_counter() - begin
        while screen.query_one(MovesPanel).choices.place is None:
            await press("before", "2", "3", "1")
            await asyncio.sleep(0.2)
        there = perf_counter() - begin
        for _ in range(3):
            await press("after", "2", "end", "up", "pageup", "home", "down", "right", "3", "4", "1")
        rows = screen.query_one(MovesPanel).choices.virtual_size.height
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"open after {opened:.1f} s, {rows:,} moves there after {there:.0f} s, longest key "
        f"{longest['before']:.2f} s before, {longest['after']:.2f} s then, {memory:.0f} MB, "
        f"{process_time():.0f} s of processor"
    )


INSIDE = {"play": _play, "library": _library, "app": _app, "review": _review}


if __name__ == "__main__":
    main()
