"""What the app holds."""

import asyncio
import gc
import subprocess
import sys
from contextvars import ContextVar
from pathlib import Path
from weakref import WeakSet

import pytest

from tests.delegates.sessions import settings_at
from tests.tui.table.driving import Heard, Seated, session
from transcripts.record import SessionRecord
from tui.app import MinilateralApp
from tui.memory import give_back_memory
from tui.screens.home import HomeScreen
from tui.screens.table import TableScreen

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


def test_no_session_is_held_at_home_once_its_table_is_left(tmp_path: Path) -> None:
    def records() -> set[int]:
        gc.collect()
        return {id(one) for one in gc.get_objects() if isinstance(one, SessionRecord)}

    async def run() -> set[int]:
        heard = Heard()
        app = MinilateralApp(settings=settings_at(home=tmp_path))
        async with app.run_test(message_hook=heard) as pilot:
            at = Seated(app, pilot, heard)
            await at.until(lambda: isinstance(app.screen, HomeScreen))
            before = records()
            live = session(tmp_path, party=None, seats={"USA": "boulware", "COD": "conceder"})
            app.push_screen(TableScreen(live))
            await at.until(lambda: isinstance(app.screen, TableScreen))
            await at.ended()
            assert records() - before
            del live
            await at.press("H")
            await at.until(lambda: isinstance(app.screen, HomeScreen))
            await app.workers.wait_for_complete()
            await pilot.pause()
            return records() - before

    assert asyncio.run(run()) == set()
