"""SIGKILL in a batch that a Ray cluster plays: of the driver, of workers and of whole nodes."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from secrets import token_hex
from typing import Any

import pytest

from tests.delegates.evaluation.playing.crews import killed, needs_ray, workers_of
from tests.delegates.evaluation.playing.killing import Mortal, one_batch
from tests.delegates.evaluation.playing.test_killing import scripted
from tests.delegates.evaluation.playing.test_killing_models import Campaign
from tests.delegates.killing.campaign import Moods
from tests.delegates.killing.nursery import Child, Nursery
from tests.support.openai_stub import OpenAIStub

BATCHES = 15
"""Of either kind: thirty in all."""

NODES = 2

pytestmark = [needs_ray, pytest.mark.campaign, pytest.mark.timeout(7200)]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as ready:
        yield ready


@dataclass
class Machines:
    """A head and some nodes of one processor each, all on this machine."""

    cluster: Any
    nodes: list[Any] = field(default_factory=list[Any])

    def __post_init__(self) -> None:
        for _ in range(NODES):
            self.add()

    def add(self) -> None:
        """Have one more node."""
        self.nodes.append(self.cluster.add_node(num_cpus=1, include_dashboard=False))

    @property
    def address(self) -> str:
        return self.cluster.address

    def mortals(self) -> list[tuple[str, Mortal]]:
        """Return who may die: workers that play or carry, and nodes."""
        workers = [
            pid
            for name in (b"ray::Player", b"ray::Caller")
            for pid in workers_of(os.getpid(), name)
        ]
        found: list[tuple[str, Mortal]] = [("worker", _Worker(pid)) for pid in workers]
        return [*found, *(("node", _Node(self, node)) for node in self.nodes[:1])]


@dataclass
class _Worker:
    pid: int

    def kill(self) -> bool:
        return killed(self.pid)


@dataclass
class _Node:
    machines: Machines
    node: Any

    def kill(self) -> bool:
        """End a node with all that runs on it; another one joins in its place."""
        self.machines.nodes.remove(self.node)
        self.machines.cluster.remove_node(self.node, allow_graceful=False)
        self.machines.add()
        return True


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machines]:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", token_hex(32))
    root = str(Path(__file__).resolve().parents[4])
    monkeypatch.setenv("PYTHONPATH", root)
    from ray.cluster_utils import Cluster  # pyright: ignore[reportMissingImports]

    cluster = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False}
    )
    try:
        yield Machines(cluster)
    finally:
        cluster.shutdown()


def auth() -> dict[str, str]:
    """Return what a command needs to join."""
    return {name: os.environ[name] for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN")}


def test_fifteen_killed_batches_end_as_if_they_had_not_been(
    nursery: Nursery, tmp_path: Path, machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    batches = scripted(nursery, tmp_path, repetitions=150, seed=3)
    whole = batches.whole()
    batches.options = ("--ray", machines.address)
    batches.environ = auth()
    batches.others = lambda _: machines.mortals()

    for number in range(BATCHES):
        one_batch(batches, whole, number, kills=batches.chance.choice((1, 2, 3)))

    with capsys.disabled():
        print(f"\n{BATCHES} batches of {whole.planned} sessions, {batches.kills} kills:")
        for stands, count in sorted(batches.phases.items()):
            print(f"  {count:3} {stands}")
    assert "main: playing" in batches.phases
    assert {"a worker: playing", "a node: playing"} & batches.phases.keys()


@dataclass
class OnCluster(Campaign):
    """Batches of models whose requests a cluster carries."""

    machines: Machines | None = None
    struck: Counter[str] = field(default_factory=Counter[str])

    def strike(self, child: Child) -> None:
        """Kill the driver, a worker, or a node."""
        assert self.machines is not None
        mortals: Sequence[tuple[str, Mortal]] = self.machines.mortals()
        if self.chance.random() < 0.5 and mortals:
            kind, one = self.chance.choice(mortals)
            self.struck[f"a {kind}"] += one.kill()
        else:
            self.struck["the driver"] += 1
            child.kill()


def test_fifteen_killed_batches_of_models_end_as_if_they_had_not_been(
    nursery: Nursery,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    moods = Moods()
    with OpenAIStub(moods.answer) as stub:
        # Workers find keys and addresses in their nodes' environment.
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        monkeypatch.setenv("MINILATERAL_HOME", str(tmp_path / "home"))
        machines: Machines = request.getfixturevalue("machines")
        campaign = OnCluster(nursery, tmp_path, stub, moods, Random(4), 3, machines=machines)
        tables, requests = campaign.whole()
        campaign.options, campaign.environ = ("--ray", machines.address), auth()
        for number in range(BATCHES):
            campaign.killed(number, requests, tables)

    with capsys.disabled():
        print(f"\n{BATCHES} batches, {campaign.capped} caps met; killed:")
        for who, count in sorted(campaign.struck.items()):
            print(f"  {count:3} {who}")
        for stands, count in sorted(campaign.kills.items()):
            print(f"  {count:3} the driver: {stands}")
    assert campaign.struck["the driver"] > 5
    assert campaign.struck["a worker"] + campaign.struck["a node"] > 5
    assert campaign.capped > 0
