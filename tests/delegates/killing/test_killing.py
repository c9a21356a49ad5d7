"""SIGKILL at any instant: the session goes on to the same end, and nothing is bought twice."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from tests.delegates.killing.campaign import SEATS, Campaign, Moods, Tally, one_fork, one_run
from tests.delegates.killing.nursery import Nursery
from tests.delegates.sessions import bare, events_of
from tests.support.openai_stub import OpenAIStub


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as ready:
        yield ready


def killing(
    name: str, folder: Path, nursery: Nursery, runs: int, seed: int, tally: Tally | None = None
) -> Tally:
    """Return what was met in so many runs."""
    tally = tally or Tally()
    moods = Moods(without_schemas=name == "a server without schemas")
    with OpenAIStub(moods.answer) as stub:
        campaign = Campaign(name, folder, nursery, stub, moods, tally, Random(seed), seed=seed)
        whole = campaign.whole()
        for _ in range(runs):
            one_run(campaign, whole)
    return tally


@pytest.mark.parametrize(
    ("name", "runs"),
    [(name, 2 if name == "menu and voices" else 1) for name in SEATS],
)
def test_a_killed_session_ends_as_if_it_had_not_been(
    name: str, runs: int, tmp_path: Path, nursery: Nursery
) -> None:
    tally = killing(name, tmp_path, nursery, runs=runs, seed=3)
    assert tally.runs == runs
    assert tally.phases.total() >= runs


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_hundreds_of_killed_sessions_end_as_if_they_had_not_been(
    tmp_path: Path, nursery: Nursery, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = Tally()
    for name in SEATS:
        for seed in range(4):
            folder = tmp_path / f"{name}-{seed}"
            folder.mkdir()
            killing(name, folder, nursery, runs=10, seed=seed, tally=tally)
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.runs == 40 * len(SEATS)
    assert tally.lost >= 50
    assert {
        "before the header",
        "asked, no reply kept",
        "reply kept, not used",
        "closed, findings not written",
        "in the middle of a line, cut after the kill",
    } <= set(tally.phases)


def forking(folder: Path, nursery: Nursery, kills: int) -> int:
    """Kill so many forks, check each, and return how many were there all the same."""
    moods = Moods()
    with OpenAIStub(moods.answer) as stub:
        campaign = Campaign("models", folder, nursery, stub, moods, Tally(), Random(5))
        campaign.whole()
        whole = folder / "whole.jsonl"
        moves = sum(event.type == "moved" for event in events_of(whole))
        began = monotonic()
        assert campaign.fork(whole, moves, folder / "first.jsonl").wait() == 0
        taken_s = 1.2 * (monotonic() - began)
        there = [
            one_fork(campaign, whole, campaign.chance.randint(0, moves), number, taken_s)
            for number in range(kills)
        ]
        last = campaign.carry_on(folder / f"fork-{kills - 1}.jsonl")
        assert last.wait() == 0
    assert bare(events_of(folder / f"fork-{kills - 1}.jsonl"))[1:] == bare(events_of(whole))[1:]
    return sum(there)


def test_a_killed_fork_is_there_whole_or_not_at_all(tmp_path: Path, nursery: Nursery) -> None:
    forking(tmp_path, nursery, kills=4)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_a_hundred_killed_forks_are_there_whole_or_not_at_all(
    tmp_path: Path, nursery: Nursery
) -> None:
    assert 0 < forking(tmp_path, nursery, kills=100) < 100
