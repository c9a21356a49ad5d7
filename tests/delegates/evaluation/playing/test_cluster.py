"""A Ray cluster: who may join, whose keys are used, and that what is asked is capped as ever."""

import asyncio
import logging
import os
import pickle
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from delegates import evaluate, evaluate_async
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.playing import cluster as cluster_of
from delegates.evaluation.playing.cluster_worker import (
    Address,
    Build,
    Caller,
    Player,
    Request,
    this_build,
)
from delegates.evaluation.playing.folder import Folder
from delegates.models.failures import Failure
from games.errors import CapReached, SettingError
from tests.delegates.evaluation.made import made_design
from tests.delegates.evaluation.playing.crews import (
    CALLER,
    WORKERS_KEY,
    Place,
    killed,
    needs_ray,
    of_ray,
    workers_of,
)
from tests.delegates.evaluation.playing.modelled import (
    PRICED,
    Played,
    model_design,
    model_rows,
)
from tests.delegates.evaluation.playing.test_scripted_engine import Failing, with_mind
from tests.delegates.sessions import haggle, settings_at
from tests.support.openai_stub import OpenAIStub, Said

DRIVERS_KEY = "drivers-key-0123456789"


@pytest.fixture
def nodes(cluster: Place) -> Iterator[Place]:
    """The cluster, which afterwards is as it was."""
    build = cluster.cluster.build
    yield cluster
    cluster.cluster.build = build
    cluster.answer = lambda _: Said(text="")


def batch_at(url: str, tmp_path: Path, config: str = PRICED, **said: Any) -> Played:
    """Return a batch whose model is behind an address."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    settings = settings_at(url, config, home=home, OPENAI_API_KEY=DRIVERS_KEY)
    return Played(model_design(**said), Folder(tmp_path / "batch"), settings)


def carried(batch: Played, there: Place, **how: Any) -> None:
    """Play a batch whose requests the workers of a cluster carry."""

    async def play() -> None:
        async with there.cluster.callers() as callers:
            await batch.go(carriers=callers.to, **how)

    asyncio.run(play())


@needs_ray
def test_models_are_asked_by_workers_with_their_own_keys_and_end_alike(
    tmp_path: Path, nodes: Place
) -> None:
    nodes.answer = haggle
    there = batch_at(nodes.stub.url, tmp_path, repetitions=3)
    asked = nodes.stub.count
    carried(there, nodes)
    asked = nodes.stub.count - asked
    (tmp_path / "here").mkdir()
    with OpenAIStub(haggle) as stub:
        here = batch_at(stub.url, tmp_path / "here", repetitions=3)
        here.run()
        assert set(stub.keys) == {f"Bearer {DRIVERS_KEY}"}
        assert stub.count == asked > 0

    def stripped(batch: Played) -> dict[str, Any]:
        gone = {"seconds": 0.0, "at": ""}
        return {line.key: line.model_copy(update=gone) for line in batch.lines}

    assert stripped(there) == stripped(here)
    assert set(nodes.stub.keys[-asked:]) == {f"Bearer {WORKERS_KEY}"}
    assert Counter(line.key for line in there.lines) == Counter(
        row.key for row in model_rows(there.design)
    )


@needs_ray
def test_what_a_dead_worker_carried_counts_as_lost_and_is_asked_again(
    tmp_path: Path, nodes: Place
) -> None:
    struck = threading.Lock()
    dead: list[int] = []

    def answer(request: dict[str, Any]) -> str:
        with struck:
            alive = [pid for pid in workers_of(os.getpid(), CALLER) if pid not in dead]
            if len(dead) < 2 and alive and nodes.stub.count - before > 8 * (len(dead) + 1):
                dead.extend(alive[:1] if killed(alive[0]) else [])
        return haggle(request)

    nodes.answer = answer
    batch = batch_at(nodes.stub.url, tmp_path, repetitions=6)
    before = nodes.stub.count
    carried(batch, nodes, max_cost_usd=50.0)

    assert len(dead) == 2
    assert {line.ended for line in batch.lines} <= {"agreement", "no-agreement"}
    assert Counter(line.key for line in batch.lines) == Counter(
        row.key for row in model_rows(batch.design)
    )
    replies = sum(seat.calls for line in batch.lines for seat in line.seats)
    retries = sum(line.retries for line in batch.lines)
    assert retries > 0
    assert sum(line.lost_cost_usd for line in batch.lines) > 0
    # Each request that was sent is a reply that was used, or one that was lost.
    assert replies < nodes.stub.count - before <= replies + retries


@needs_ray
def test_one_cap_holds_whoever_carries(tmp_path: Path, nodes: Place) -> None:
    nodes.answer = lambda request: Said(text=haggle(request), usage=(1000, 100, 0))
    batch = batch_at(nodes.stub.url, tmp_path, repetitions=10)
    before = nodes.stub.count

    with pytest.raises(CapReached, match=r"0\.05 USD"):
        carried(batch, nodes, max_cost_usd=0.05)

    billed = (nodes.stub.count - before) * (1000 * 1.0 + 100 * 10.0) / 1e6
    assert 0 < billed <= 0.05


@needs_ray
def test_a_servers_limit_holds_for_all_workers_together(tmp_path: Path, nodes: Place) -> None:
    nodes.answer = lambda request: Said(text=haggle(request), latency_s=0.01)
    batch = batch_at(nodes.stub.url, tmp_path, repetitions=10)
    nodes.stub.slots, nodes.stub.peak, nodes.stub.refused = 3, 0, 0
    try:
        carried(batch, nodes)
    finally:
        nodes.stub.slots = None

    assert nodes.stub.peak == 3
    # The opening burst, and now and then one too many to find out: as by one process.
    assert 0 < nodes.stub.refused < 40
    assert {line.ended for line in batch.lines} <= {"agreement", "no-agreement"}


@needs_ray
def test_no_key_goes_where_the_workers_settings_do_not_say(tmp_path: Path, nodes: Place) -> None:
    with OpenAIStub(haggle) as elsewhere:
        batch = batch_at(elsewhere.url, tmp_path)
        carried(batch, nodes)

    assert elsewhere.count == 0
    assert {line.ended for line in batch.lines} == {"provider"}
    problem = batch.lines[0].problem
    assert f"OPENAI_BASE_URL: {nodes.stub.url}; expected {elsewhere.url}" in problem
    assert "give every node of the cluster the same endpoints" in problem


@needs_ray
def test_a_server_of_this_machine_is_asked_from_here_where_no_worker_is_on_it(
    tmp_path: Path, nodes: Place
) -> None:
    nodes.answer = haggle
    batch = batch_at(nodes.stub.url, tmp_path)

    async def play() -> None:
        async with nodes.cluster.callers() as callers:
            nodes.cluster.build = replace(nodes.cluster.build, host="another")
            await batch.go(carriers=callers.to)

    before = nodes.stub.count
    asyncio.run(play())

    assert {line.ended for line in batch.lines} <= {"agreement", "no-agreement"}
    assert set(nodes.stub.keys[before:]) == {f"Bearer {DRIVERS_KEY}"}


@needs_ray
def test_a_worker_of_another_build_plays_and_carries_nothing(tmp_path: Path, nodes: Place) -> None:
    nodes.cluster.build = Build("0.0.9", "3.10.1", "here", "")
    expected = (
        f"--ray local: the worker on {socket.gethostname()} is {this_build().plays}; expected "
        "Minilateral 0.0.9 on Python 3.10.1, as here; what was kept stays"
    )
    asked = nodes.stub.count

    with pytest.raises(SettingError) as plays:
        of_ray(nodes.cluster).ended(made_design(), tmp_path)
    with pytest.raises(SettingError) as carries:
        carried(batch_at(nodes.stub.url, tmp_path), nodes)

    assert str(plays.value) == str(carries.value) == expected
    assert nodes.stub.count == asked


class Misshapen(Player):
    """A worker that cannot begin."""

    def __init__(self) -> None:
        raise RuntimeError("no room on this node")


@needs_ray
def test_workers_that_cannot_begin_are_told_in_a_line(
    tmp_path: Path, nodes: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_of, "Player", Misshapen)

    with pytest.raises(SettingError) as told:
        of_ray(nodes.cluster).ended(made_design(), tmp_path)

    assert "\n" not in str(told.value)
    assert "a worker cannot play: RuntimeError: no room on this node" in str(told.value)


@needs_ray
def test_a_process_that_has_joined_uses_that_cluster(nodes: Place) -> None:
    with cluster_of.joined("auto") as again:
        assert again.size == 2
    assert nodes.cluster.size == 2
    with (
        pytest.raises(SettingError, match="joined a cluster already; expected auto"),
        cluster_of.joined("local"),
    ):
        pass


@needs_ray
def test_its_makers_are_not_told_of_a_cluster_that_is_started_here(nodes: Place) -> None:
    assert nodes.cluster.address == "local"
    (head,) = workers_of(os.getpid(), b"", b"gcs_server")
    assert b"RAY_USAGE_STATS_ENABLED=0" in Path(f"/proc/{head}/environ").read_bytes().split(b"\0")
    assert logging.getLogger("ray").level == logging.CRITICAL


@pytest.mark.parametrize("address", ["", "  "])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with (
        pytest.raises(SettingError, match="names no cluster; expected auto"),
        cluster_of.joined(address),
    ):
        pass


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_of, "find_spec", lambda _: None)

    with pytest.raises(SettingError) as told, cluster_of.joined("auto"):
        pass

    assert str(told.value) == (
        "--ray auto: Ray is not installed; pip install 'minilateral[cluster]'"
    )


def test_a_carrier_keeps_a_key_out_of_what_it_brings_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver cannot take it out: its own may be another."""
    with OpenAIStub(lambda _: f"you said {WORKERS_KEY}") as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        monkeypatch.setenv("OPENAI_API_KEY", WORKERS_KEY)
        to = Address("m", None, stub.url)

        async def ask() -> Any:
            caller = Caller()
            try:
                return await caller.ask(Request(0, to, {"model": "m", "messages": []}, 10.0))
            finally:
                await caller._wire.aclose()

        got = asyncio.run(ask())

    assert stub.keys == [f"Bearer {WORKERS_KEY}"]
    assert b"you said [key]" in got.body
    assert WORKERS_KEY.encode() not in got.body


def test_a_carrier_without_a_key_says_what_is_missing() -> None:
    to = Address("m", None, "https://api.openai.com/v1")
    got = asyncio.run(Caller().ask(Request(0, to, {}, 1.0)))
    assert isinstance(got, Failure)
    assert "OPENAI_API_KEY" in got.reason
    assert not got.retryable
    assert not got.billable


PLAN = {
    "minilateral-plan": 1,
    "id": "both",
    "title": "By rule and by model",
    "strategies": {"model": "llm:m", "firm": "firm", "linear": "linear"},
    "scenarios": ["first-table"],
    "repetitions": 2,
}


@needs_ray
@pytest.mark.parametrize("is_async", [False, True])
def test_a_whole_evaluation_gives_the_same_tables_to_the_byte(
    tmp_path: Path, nodes: Place, is_async: bool
) -> None:
    nodes.answer = haggle
    plan = Plan.model_validate(PLAN)
    home = tmp_path / "home"
    home.mkdir()
    settings = settings_at(nodes.stub.url, PRICED, home=home)
    before = nodes.stub.count
    here = evaluate(plan, out=tmp_path / "here", settings=settings)
    asked = nodes.stub.count - before

    if is_async:
        evaluating = evaluate_async(plan, out=tmp_path / "there", ray="auto", settings=settings)
        there = asyncio.run(evaluating)
    else:
        there = evaluate(plan, out=tmp_path / "there", ray="auto", settings=settings)

    assert there.sessions == there.planned == here.planned
    assert nodes.stub.count - before == 2 * asked > 0
    for name in ("sessions", "seats"):
        assert there.folder.table(name).read_bytes() == here.folder.table(name).read_bytes()
    assert evaluate(plan, out=tmp_path / "there", settings=settings).resumed == there.planned


def test_processes_and_a_cluster_are_not_asked_for_together(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="workers 2 and a Ray cluster: expected one of them"):
        evaluate("quick", out=tmp_path, workers=2, ray="local")


def test_a_player_sends_tracebacks_along_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "system").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "system"))
    design = made_design(strategies=with_mind(monkeypatch, Failing))
    player = Player()
    assert player.build() == this_build()
    assert player.begin(pickle.dumps(design)) == ()

    told, left = player.play(range(len(design)))

    assert left == 0
    failed = {line.key for line in told.lines if line.ended == "error"}
    faulty = [row for row in design.rows() if row.key in failed]
    assert len(faulty) == 3
    assert sorted(told.files) == [f"errors/{design.session(row.number)}.txt" for row in faulty]
    assert all(b"ZeroDivisionError" in content for content in told.files.values())
    assert [*(tmp_path / "system").iterdir()] == []
    assert player.play(()) == (replace(told, lines=[], seconds=ANY, files={}), 0)


def test_a_player_goes_on_with_what_it_was_asked_for_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("delegates.evaluation.playing.cluster_worker.SHARE_S", 1e-9)
    design = made_design()
    player = Player()
    player.begin(pickle.dumps(design))
    keys: list[str] = []

    told, left = player.play([2, 0])
    keys += [line.key for line in told.lines]
    assert (len(keys), left) == (1, 1)
    told, left = player.play([1])
    keys += [line.key for line in told.lines]
    told, left = player.play(())
    keys += [line.key for line in told.lines]

    assert left == 0
    assert keys == [design.row(number).key for number in (2, 0, 1)]
