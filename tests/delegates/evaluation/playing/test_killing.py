"""SIGKILL at any instant: every planned session is there once, in the tables of a whole batch."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import sleep

import pytest

from delegates.evaluation.planning.played import played_plan
from delegates.evaluation.playing.journal import Journal
from tests.delegates.evaluation.playing.killing import Batches, one_batch, require_once
from tests.delegates.killing.nursery import Nursery
from tests.delegates.sessions import MINI
from tests.games.eventful import TEXT as EVENTFUL

PLAN = """
minilateral-plan: 1
id: killed
title: Killed
strategies: [linear, boulware, tit-for-tat, random-walker]
scenarios: [mini.yaml, eventful.yaml]
repetitions: REPETITIONS
names: [own, alias]
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="finds workers by /proc"
)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as ready:
        yield ready


def scripted(nursery: Nursery, folder: Path, repetitions: int, seed: int) -> Batches:
    """Return batches of scripted sessions."""
    (folder / "mini.yaml").write_text(MINI, encoding="utf-8")
    game = EVENTFUL.replace("KIND", "alternating-offers")
    (folder / "eventful.yaml").write_text(game, encoding="utf-8")
    plan = folder / "plan.yaml"
    plan.write_text(PLAN.replace("REPETITIONS", str(repetitions)), encoding="utf-8")
    return Batches(nursery, folder, plan, Random(seed))


def test_a_killed_batch_ends_as_one_that_was_not(nursery: Nursery, tmp_path: Path) -> None:
    batches = scripted(nursery, tmp_path, repetitions=8, seed=11)
    whole = batches.whole()

    one_batch(batches, whole, 0, kills=2)

    assert whole.planned == 512
    assert batches.kills >= 1


def test_an_interrupted_command_leaves_nobody_behind_and_is_carried_on(
    nursery: Nursery, tmp_path: Path
) -> None:
    batches = scripted(nursery, tmp_path, repetitions=20, seed=1)
    out = tmp_path / "out"
    child = batches.start(out)
    while not child.is_over and not batches.has_begun(out):
        sleep(0.001)
    workers = child.children

    child.interrupt()

    assert child.wait() == 130, child.output.read_text()
    assert "Traceback" not in child.output.read_text()
    assert len(workers) == 2
    assert not any(worker.is_alive for worker in workers)
    with Journal(out / "journal.jsonl") as journal:
        done = len(journal)
    again = batches.start(out)
    assert again.wait() == 0
    design = played_plan(out / "plan.yaml", out / "scenarios")
    assert 0 < done < len(design)
    require_once(design, out)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_fifteen_killed_batches_end_as_if_they_had_not_been(
    nursery: Nursery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batches = scripted(nursery, tmp_path, repetitions=20, seed=8)
    whole = batches.whole()

    for number in range(15):
        one_batch(batches, whole, number, kills=batches.chance.choice((1, 2, 3, 3, 5)))

    with capsys.disabled():
        print(f"\n15 batches of {whole.planned} sessions, {batches.kills} kills:")
        for stands, count in sorted(batches.phases.items()):
            print(f"  {count:3} {stands}")
    met = " ".join(batches.phases)
    assert "main: playing" in met
    assert "a worker: playing" in met
    assert "main: writing tables" in met
