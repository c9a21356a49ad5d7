"""What the app holds."""

import asyncio
import gc
import subprocess
import sys
from contextvars import ContextVar
from weakref import WeakSet

import pytest

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


class Noted:
    """Something large."""


LAST = ContextVar[Noted]("last")


def test_an_idle_thread_of_the_app_holds_nothing_that_its_last_job_noted_in_it() -> None:
    """As Textual notes its workers there, it held the last screen that it had worked for."""
    noted = WeakSet[Noted]()

    def job() -> None:
        one = Noted()
        noted.add(one)
        LAST.set(one)

    async def run() -> int:
        async with MinilateralApp().run_test():
            await asyncio.get_running_loop().run_in_executor(None, job)
            gc.collect()
            return len(noted)

    assert asyncio.run(run()) == 0
