"""SIGKILL in a batch of sessions of models: nothing is lost, doubled or billed beyond the cap."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest

from delegates.evaluation.planning.played import played_plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import read_line
from tests.delegates.evaluation.playing.killing import STABLE, require_once
from tests.delegates.killing.campaign import SCENARIOS, Moods
from tests.delegates.killing.nursery import Child, Nursery
from tests.support.openai_stub import OpenAIStub

PLAN = """
minilateral-plan: 1
id: killed
title: Killed
strategies: {model: "llm:m", worded: "firm+llm:v", menu: "menu:m+llm:v", rule: tit-for-tat}
scenarios: [mini.yaml]
seats: {tested: [model, worded, menu], against: [rule, model]}
repetitions: REPETITIONS
"""

PRICES = """
[prices."m"]
input = 1.0
output = 1.0
[prices."v"]
input = 1.0
output = 1.0
"""

USD_A_REPLY = 120 / 1e6
"""Every reply is of 100 tokens and 20."""

STEP_USD = 2.0
"""By how much a cap is raised that was reached: what a kill leaves in flight is charged at its
upper bound, far above what it costs."""


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as ready:
        yield ready


@dataclass
class Campaign:
    """Batches of one plan, killed and carried on."""

    nursery: Nursery
    folder: Path
    stub: OpenAIStub
    moods: Moods
    chance: Random
    repetitions: int
    kills: Counter[str] = field(default_factory=Counter[str])
    started: int = 0
    capped: int = 0
    """Runs that met the cap."""
    options: Sequence[str] = ()
    """Of the command, besides."""
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    """Likewise."""

    def __post_init__(self) -> None:
        (self.folder / "mini.yaml").write_text(SCENARIOS["mini"], encoding="utf-8")
        plan = PLAN.replace("REPETITIONS", str(self.repetitions))
        (self.folder / "plan.yaml").write_text(plan, encoding="utf-8")
        home = self.folder / "home"
        home.mkdir()
        (home / "config.toml").write_text(PRICES, encoding="utf-8")

    def start(self, out: Path, cap_usd: float) -> Child:
        """Start or carry on a batch."""
        self.started += 1
        environ = {
            "MINILATERAL_HOME": str(self.folder / "home"),
            "OPENAI_BASE_URL": self.stub.url,
            "OPENAI_API_KEY": "key",
            **self.environ,
        }
        return self.nursery.start(
            (
                "evaluate",
                str(self.folder / "plan.yaml"),
                f"--out={out}",
                f"--max-cost={cap_usd}",
                "--json",
                *self.options,
            ),
            environ,
            self.folder / f"output-{self.started}.txt",
        )

    @property
    def billed_usd(self) -> float:
        """What the provider bills for all that it answered so far, read or not."""
        with self.stub.lock:
            return USD_A_REPLY * (self.stub.count - len(self.moods.faults))

    def strike(self, child: Child) -> None:
        """Kill somebody."""
        child.kill()

    def ended(self, child: Child, out: Path, cap_usd: float, before_usd: float) -> float:
        """Let a batch come to its end, the cap raised whenever it is met; return the last cap."""
        while (code := child.wait()) == 4:
            self.capped += 1
            assert self.billed_usd - before_usd <= cap_usd
            cap_usd += STEP_USD
            child = self.start(out, cap_usd)
        assert code == 0, child.output.read_text()
        return cap_usd

    def whole(self) -> tuple[dict[str, bytes], int]:
        """Play a batch that nobody kills; return its tables and how many requests it took."""
        out = self.folder / "whole"
        self.ended(self.start(out, 100.0), out, 100.0, 0.0)
        tables = {name: Folder(out).table(name).read_bytes() for name in STABLE}
        return tables, self.stub.count

    def killed(self, number: int, requests: int, tables: dict[str, bytes]) -> None:
        """Kill a batch several times, carry it on, and check that nothing shows of it."""
        out = self.folder / f"killed-{number}"
        self.moods.refused.clear()
        before_usd, cap_usd = self.billed_usd, self.chance.choice((0.02, STEP_USD))
        child = self.start(out, cap_usd)
        for _ in range(self.chance.randint(1, 4)):
            if self._reached(child, requests):
                self.strike(child)
            code = child.wait()
            assert self.billed_usd - before_usd <= cap_usd
            if code == 0:
                break
            if code == 4:
                self.capped += 1
                cap_usd += STEP_USD
            else:
                assert code < 0, child.output.read_text()
                self.kills[_stage(Folder(out))] += 1
            child = self.start(out, cap_usd)
        cap_usd = self.ended(child, out, cap_usd, before_usd)
        self._require_whole(out, tables, self.billed_usd - before_usd, cap_usd)

    def _require_whole(
        self, out: Path, tables: dict[str, bytes], billed_usd: float, cap_usd: float
    ) -> None:
        folder = Folder(out)
        require_once(played_plan(folder.plan, folder.scenarios), out)
        assert {name: folder.table(name).read_bytes() for name in STABLE} == tables
        assert [*folder.open_sessions.glob("*")] == []
        lines = [read_line(line) for line in folder.journal.read_bytes().splitlines()]
        books_usd = sum((line.cost_usd or 0.0) + line.lost_cost_usd for line in lines)
        assert billed_usd <= books_usd + 1e-9 <= cap_usd + 2e-9

    def _reached(self, child: Child, requests: int) -> bool:
        """Wait for an instant drawn by lot; return whether the batch still runs then."""
        first, began = self.stub.count, monotonic()
        at = self.chance.uniform(0, 0.8 * requests)
        start_s = self.chance.uniform(0, 1.0) if self.chance.random() < 0.2 else None
        while not child.is_over:
            if start_s is not None and monotonic() - began > start_s:
                break
            if start_s is None and self.stub.count - first >= at:
                break
            sleep(0.0005)
        sleep(self.chance.uniform(0, 0.05) * self.chance.random())
        return not child.is_over


def _stage(folder: Folder) -> str:
    lines = len(folder.journal.read_bytes().splitlines()) if folder.journal.exists() else 0
    going_on = len([*folder.open_sessions.glob("[!.]*.jsonl")])
    return (
        f"{'no' if not lines else 'some'} sessions ended, {'some' if going_on else 'none'} going on"
    )


def play(nursery: Nursery, folder: Path, *, batches: int, repetitions: int, seed: int) -> Campaign:
    """Kill and carry on so many batches."""
    moods = Moods()
    with OpenAIStub(moods.answer) as stub:
        campaign = Campaign(nursery, folder, stub, moods, Random(seed), repetitions)
        tables, requests = campaign.whole()
        for number in range(batches):
            campaign.killed(number, requests, tables)
    return campaign


def test_a_killed_batch_of_models_ends_as_one_that_was_not(
    nursery: Nursery, tmp_path: Path
) -> None:
    campaign = play(nursery, tmp_path, batches=2, repetitions=1, seed=5)
    assert campaign.kills.total() > 0


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_fifteen_killed_batches_of_models_end_as_if_they_had_not_been(
    nursery: Nursery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = play(nursery, tmp_path, batches=15, repetitions=3, seed=8)
    with capsys.disabled():
        print(f"\n15 batches, {campaign.kills.total()} kills, {campaign.capped} caps met:")
        for stage, count in sorted(campaign.kills.items()):
            print(f"  {count:3} {stage}")
    assert campaign.kills["some sessions ended, some going on"] > 5
    assert campaign.capped > 0
