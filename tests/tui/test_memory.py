"""What the app holds."""

import subprocess
import sys

import pytest

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
