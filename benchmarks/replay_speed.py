"""How fast a transcript opens in the replay, what a jump in it costs, and how much memory it takes.

Run from the root of the repository: python -m benchmarks.replay_speed [--runs N] [--largest N]

The transcripts are of offers alone, each with words of 44 to 220 characters, sealed and linked as a
session writes them; ten parties take turns. They are read from the page cache.

- *open*: ours finds every line, tells moves from other events, reads the header with its scenario,
  and decodes and lays out the first page (24 moves); nothing else is decoded. Pydantic's side reads
  the file and makes an event of every line (`EVENTS.validate_json`), which a screen that keeps
  events in a list needs; it checks no hash and lays nothing out. Both sides are timed in turn.
- *jump*: to a move drawn by lot, the lengths in turn, with nothing of it kept from before: the page
  around it (the 24 moves that a screen shows and 12 beyond either end, as the conversation settles
  them) is decoded and laid out, and the agenda's state there is stepped to and laid out. The
  history was read before, as it has been on a screen some time after it was opened.
- *memory*: the most that a process of its own ever held, in four processes for each length: after
  its imports, after opening and a page, after the history was read as well, and after reading
  everything into a list of events. The history is read in the background while the replay is used.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.timing import seconds

PAGE, MARGIN, WIDTH = 24, 12, 76
SIZES = (1_000, 100_000, 1_000_000)
PARTIES = 10
JUMPS = 200
CHECKPOINT = 256
"""Moves from one kept state to the next, at all of these lengths."""
STEPS = ("imports", "page", "history", "events")


def main() -> None:
    """Time everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    parser.add_argument("--held", nargs=2, metavar=("STEP", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.held:
        sys.stdout.write(f"{_held(given.held[0], Path(given.held[1]))}\n")
        return
    sizes = [size for size in SIZES if size <= given.largest]
    with TemporaryDirectory() as folder:
        paths = {size: _written(Path(folder), size) for size in sizes}
        _tell_opening(paths[min(SIZES[1], sizes[-1])], given.runs)
        _tell_jumps(paths)
        _tell_memory(paths)


def _say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _written(folder: Path, moves: int) -> Path:
    """Write a transcript of so many moves."""
    from tests.support.domains import party, scenario
    from tests.tui.recordings import long_recording

    liked = {"tonnes": {"1": 0, "2": 20, "3": 40}, "price": {"10": 40, "20": 30, "30": 0}}
    sides = ("consumer", "supplier")
    parties = {
        f"P{number:02}": party(liked, 20, name=f"Party {number}", side=sides[number % 2])
        for number in range(PARTIES)
    }
    issues = {
        "tonnes": {"label": "volume", "unit": "t", "options": [1, 2, 3]},
        "price": {"label": "price", "unit": "USD", "options": [10, 20, 30]},
    }
    rules = {"rounds": moves // PARTIES, "opens": "fixed"}
    of = scenario(issues, parties, protocol=rules)
    return long_recording(folder / f"{moves}.jsonl", moves, of)


def _first_page(path: Path) -> object:
    from tui.replay import Recording

    return _page(Recording(path), None, 0, PAGE)


def _page(recording: object, history: object, first: int, last: int) -> list[int]:
    """Decode and lay out moves; return how many lines each takes."""
    from tui.replay import History, Recording
    from tui.text.labels import party_labels
    from tui.widgets.spoken import move_lines

    assert isinstance(recording, Recording)
    assert history is None or isinstance(history, History)
    labels = {label.id: label for label in party_labels(recording.scenario)}
    heights: list[int] = []
    for position in range(max(first, 0), min(last, len(recording))):
        move = recording.read(position)
        assert move.event is not None
        label = labels[move.event.party]
        heights.append(len(move_lines(move, label, recording.scenario, history, WIDTH)))
    return heights


def _whole(path: Path) -> list[object]:
    """Read every event of a transcript, without its hashes."""
    from transcripts.events import EVENTS

    read, end = EVENTS.validate_json, len(b',"hash":"') + 64 + len(b'"}')
    return [read(line[:-end] + b"}") for line in path.read_bytes().split(b"\n")[:-1]]


def _tell_opening(path: Path, runs: int) -> None:
    ours, pydantic = [], []
    for _ in range(runs + 1):
        ours.append(seconds(partial(_first_page, path)))
        pydantic.append(seconds(partial(_whole, path)))
    ours, pydantic = ours[1:], pydantic[1:]
    _say(f"Opening {path.stem} events ({path.stat().st_size / 1e6:.0f} MB), ms")
    _say("| | best | median |")
    _say("|---|---|---|")
    _say(f"| open and lay out a page | {_ms(min(ours))} | {_ms(median(ours))} |")
    _say(f"| read whole with pydantic | {_ms(min(pydantic))} | {_ms(median(pydantic))} |")
    best, middle = min(pydantic) / min(ours), median(pydantic) / median(ours)
    _say(f"| ratio | {best:.0f}× | {middle:.0f}× |")
    _say()


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.1f}"


def _tell_jumps(paths: dict[int, Path]) -> None:
    from tui.replay import Offsets, Recording, read_history

    jumps: dict[int, Callable[[int], None]] = {}
    told: dict[int, str] = {}
    for moves, path in paths.items():
        recording = Recording(path)
        start = perf_counter()
        *_, history = read_history(recording)
        told[moves] = f"{perf_counter() - start:.1f} | {len(history.checkpoints):,}"
        offsets = Offsets(recording.line_bytes() // WIDTH)
        jumps[moves] = partial(_jump, recording, history, offsets)
    lots, shortest = Random(1), min(paths)
    times: dict[int, list[float]] = {moves: [] for moves in paths}
    for _ in range(JUMPS):
        # As far behind a kept state in each: what is stepped through is the same.
        at = lots.randrange(shortest)
        for moves, jump in jumps.items():
            further = lots.randrange((moves - shortest) // CHECKPOINT + 1) * CHECKPOINT
            times[moves].append(seconds(partial(jump, at + further)))
    _say("A jump to a move drawn by lot, ms; lengths in turn, the ratio jump by jump")
    _say("| moves | best | median | median ratio | history read in, s | states kept |")
    _say("|---|---|---|---|---|---|")
    for moves, own in times.items():
        ratio = median(one / first for one, first in zip(own, times[shortest], strict=True))
        _say(f"| {moves:,} | {_ms(min(own))} | {_ms(median(own))} | {ratio:.2f} | {told[moves]} |")
    _say()


def _jump(recording: object, history: object, offsets: object, at: int) -> None:
    from tui.replay import History, Offsets, agenda
    from tui.text.labels import party_labels
    from tui.widgets.agenda_panel import agenda_lines

    assert isinstance(history, History)
    assert isinstance(offsets, Offsets)
    first = max(at - MARGIN, 0)
    heights = _page(recording, history, first, at + PAGE + MARGIN)
    offsets.settle(first, heights)
    offsets.at(offsets.top(at))
    found = agenda(history, at + 1)
    agenda_lines(found, party_labels(history.scenario), found.reservations, WIDTH)


def _held(step: str, path: Path) -> int:
    """Return the most memory that this process has held after doing something, in bytes."""
    from tui.replay import Offsets, Recording, read_history
    from tui.widgets.conversation import Conversation

    assert Conversation
    kept: list[object] = []
    if step in ("page", "history"):
        recording = Recording(path)
        _page(recording, None, 0, PAGE)
        kept.append(recording)
        if step == "history":
            *_, history = read_history(recording)
            offsets = Offsets(recording.line_bytes() // WIDTH)
            for at in (0, len(recording) // 2, len(recording) - 1):
                _jump(recording, history, offsets, at)
            kept.append(history)
    elif step == "events":
        kept.append(_whole(path))
    # What `getrusage` tells of a child includes what its parent held when it was made.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def _tell_memory(paths: dict[int, Path]) -> None:
    _say("The most memory held, MB")
    _say("| events | imports | open and a page | history read too | all events in a list |")
    _say("|---|---|---|---|---|")
    for moves, path in paths.items():
        held: list[str] = []
        for step in STEPS:
            if step == "events" and moves > SIZES[1]:
                held.append("–")
                continue
            command = [sys.executable, "-m", "benchmarks.replay_speed", "--held", step, str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            held.append(f"{int(done.stdout) / 1e6:,.0f}")
        _say(f"| {moves:,} | {' | '.join(held)} |")


if __name__ == "__main__":
    main()
