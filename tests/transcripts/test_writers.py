"""Of several processes one takes a lock; the others hear of it, or wait as long as they care to."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest

from transcripts.writers import take

HOLDER = """
import sys
from pathlib import Path
from transcripts.writers import take
lock = take(Path(sys.argv[1]))
print(lock is not None, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the lock until its input ends."""
    arguments = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(arguments, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield process


class Clock:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits = 0

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.waits += 1


def test_a_lock_that_is_let_go_of_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(2):
        lock = take(tmp_path / "lock")
        assert lock is not None
        lock.release()

    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_that_another_process_has_is_waited_for_as_long_as_one_cares_to(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    clock = Clock()

    assert take(tmp_path / "lock", clock=clock, sleep=clock.sleep) is None
    assert clock.waits == 0
    assert take(tmp_path / "lock", patience_s=1.0, clock=clock, sleep=clock.sleep) is None
    assert clock.time == pytest.approx(1.0, abs=0.1)

    holder.communicate("")
    lock = take(tmp_path / "lock")
    assert lock is not None
    lock.release()


def test_no_lock_is_taken_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="lock is a link, and none is written through"):
        take(tmp_path / "lock")

    assert not (tmp_path / "elsewhere").exists()
