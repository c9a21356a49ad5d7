"""What the app holds."""

import asyncio
import gc
import subprocess
import sys
from typing import ClassVar
from weakref import WeakSet

import pytest
from textual import work
from textual.screen import Screen

from tui.app import MinilateralApp
from tui.memory import give_back_memory

FREED = """
from benchmarks.resources import status
from tui.memory import give_back_memory

held = [bytes(1000) for _ in range(200_000)]
last = bytes(1000)
full = status("self", "VmRSS")
# What stands last keeps the C library from giving back what lies before it.
held = held[-1:]
freed = status("self", "VmRSS")
was_given = give_back_memory()
print(was_given, full // 1024, freed // 1024, status("self", "VmRSS") // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks the C library of Linux")
def test_memory_between_blocks_that_live_goes_back() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FREED], capture_output=True, text=True, check=True
    )

    was_given, *held_mb = ended.stdout.split()
    full, freed, given = map(int, held_mb)
    assert was_given == "True"
    assert full - given > 150
    assert freed - given > 50


def test_elsewhere_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")

    assert not give_back_memory()


class Working(Screen[None]):
    """Has a thread work something out."""

    made: ClassVar = WeakSet["Working"]()

    def __init__(self) -> None:
        super().__init__()
        self.made.add(self)

    @work(thread=True)
    def find(self) -> None:
        """Find nothing."""


def test_an_idle_thread_holds_no_screen_that_was_closed() -> None:
    async def run() -> int:
        app = MinilateralApp()
        async with app.run_test() as pilot:
            await app.push_screen(Working())
            screen = app.screen
            assert isinstance(screen, Working)
            await screen.find().wait()
            await app.pop_screen()
            del screen
            await pilot.pause()
            await app.push_screen(Screen[None]())
            await pilot.pause()
            gc.collect()
            return len(Working.made)

    assert asyncio.run(run()) == 0
