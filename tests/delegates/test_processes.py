"""Processes that share work: made ready once, deaf to Ctrl-C, and told of in a line if they die."""

import os
import signal
from pathlib import Path

import pytest

from delegates.processes import process_count, processes
from games.errors import UserError


@pytest.mark.parametrize(("workers", "jobs", "count"), [(3, 9, 3), (3, 2, 2), (None, 1, 1)])
def test_no_more_processes_are_started_than_have_something_to_do(
    workers: int | None, jobs: int, count: int
) -> None:
    assert process_count(workers, jobs) == count


def test_each_is_made_ready_and_leaves_interrupts_to_whoever_waits(tmp_path: Path) -> None:
    with processes(1, os.chdir, tmp_path) as pool:
        assert pool.submit(Path.cwd).result() == tmp_path.resolve()
        assert pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN


def test_a_process_that_dies_is_told_in_a_line() -> None:
    with (
        pytest.raises(UserError, match=r"one of 1 processes .* was killed, .*; expected room"),
        processes(1) as pool,
    ):
        pool.submit(os._exit, 1).result()
