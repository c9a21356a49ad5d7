"""Evaluations made by hand for tests of what shows them: findings, and how far a batch has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from delegates.evaluation.evaluate import evaluate
from delegates.evaluation.judging.found import (
    Cloud,
    Curve,
    Difference,
    EmpiricalGame,
    Estimate,
    Found,
    Naming,
    Pairing,
    RegretInterval,
    Standing,
    SupportShare,
)
from delegates.evaluation.planning.plan_files import parse_plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.progress import Progress
from delegates.evaluation.results.columns import TABLES
from delegates.settings import Flags, load_settings
from games.equilibrium.dynamics import Basins
from games.equilibrium.solve import equilibria

STRATEGIES: tuple[str, ...] = ("boulware", "tit-for-tat", "linear", "conceder")

HOSTILE = "\x1b[31m[bold]x[/] [@click=app.quit]y\u202e"
"""A name that a terminal, or markup, would act upon."""

ADVANTAGES = {
    ("boulware", "boulware"): 0.43,
    ("boulware", "tit-for-tat"): 0.41,
    ("boulware", "linear"): 0.62,
    ("boulware", "conceder"): 0.79,
    ("tit-for-tat", "boulware"): 0.40,
    ("tit-for-tat", "tit-for-tat"): 0.47,
    ("tit-for-tat", "linear"): 0.50,
    ("tit-for-tat", "conceder"): 0.63,
    ("linear", "boulware"): 0.29,
    ("linear", "tit-for-tat"): 0.44,
    ("linear", "linear"): 0.48,
    ("linear", "conceder"): 0.66,
    ("conceder", "boulware"): 0.15,
    ("conceder", "tit-for-tat"): 0.36,
    ("conceder", "linear"): 0.30,
    ("conceder", "conceder"): 0.47,
}
"""What each gains against each, both seats."""


def estimate(
    mean: float | None, half: float | None = 0.06, sessions: int = 240, scenarios: int = 6
) -> Estimate:
    """Return a mean with an interval of that half width; None for no interval."""
    if mean is None or half is None:
        return Estimate(mean=mean, low=None, high=None, sessions=sessions, scenarios=scenarios)
    return Estimate(
        mean=mean,
        low=mean - half,
        high=mean + half,
        sessions=sessions,
        scenarios=scenarios,
        error=half / 2.5,
    )


def standing(strategy: str, mean: float, half: float | None = 0.06, **more: Any) -> Standing:
    """Return how a strategy did, all measures following from its advantage."""
    given: dict[str, Any] = {
        "strategy": strategy,
        "spec": strategy,
        "advantage": estimate(mean, half),
        "payoff": estimate(mean - 0.03, half),
        "agreed": estimate(1.1 - mean if mean > 0.2 else 0.99, half),
        "pareto": estimate(0.93, half),
        "nash": estimate(0.85, half),
        "joint": estimate(0.9 - mean / 10, half),
        "product": estimate(0.8, half),
        "rounds": estimate(12.4 * mean, None if half is None else 1.5),
        "ended": {"agreement": 214, "no-agreement": 24, "timeout": 2},
        "left_out": 0,
    }
    return Standing(**{**given, **more})


def game(
    scope: str = "pooled",
    names: Sequence[str] = STRATEGIES,
    payoffs: Sequence[Sequence[tuple[float, float]]] | None = None,
    **more: Any,
) -> EmpiricalGame:
    """Return a game between consumers' and suppliers' strategies; by default from `ADVANTAGES`."""
    known = STRATEGIES[: len(names)]
    cells = payoffs or [[(ADVANTAGES[a, b], ADVANTAGES[b, a]) for b in known] for a in known]
    table = np.array(cells)
    rows = [[str(round(one, 4)) for one in line] for line in table[:, :, 0].tolist()]
    columns = [[str(round(one, 4)) for one in line] for line in table[:, :, 1].tolist()]
    report = equilibria(rows, columns, rows=names, columns=names)
    agreed = np.clip(1.15 - table.max(axis=2) / 2, 0, 1)
    found = EmpiricalGame(
        scope=scope,
        scenarios=6 if scope == "pooled" else 1,
        sessions=60 * table.shape[0] * table.shape[1],
        rows=tuple(names),
        columns=tuple(names),
        payoffs=table,
        errors=np.full(table.shape, 0.012),
        agreed=agreed,
        counts=np.full(table.shape[:2], 60),
        report=report,
        epsilon=0.031,
        near=((0, 1),) if len(names) > 1 else (),
        supports=(
            SupportShare(rows=(names[0],), columns=(names[0],), share=0.71),
            SupportShare(rows=tuple(names[:2]), columns=tuple(names[:2]), share=0.29),
        ),
        is_unstable=True,
        regrets=(RegretInterval(equilibrium=0, consumer=(0.0, 0.014), supplier=(0.0, 0.02)),),
        resamples=1000,
        basins=Basins(
            shares=tuple(0.96 / len(report.components) for _ in report.components),
            unsettled=0.04,
            starts=100,
        ),
        alpha_rank=((0, 0, 0.83), (1, 1, 0.11), (0, 1, 0.06)) if len(names) > 1 else ((0, 0, 1.0),),
        exploitability=tuple(
            tuple(
                float(table[:, j, 0].max() - table[i, j, 0] + table[i, :, 1].max() - table[i, j, 1])
                for j in range(table.shape[1])
            )
            for i in range(table.shape[0])
        ),
        words=(
            f"Against what equilibrium 1 predicts, no strategy tested earns more than {names[0]}.",
            "Errors of the means are .012; an equilibrium of the means is a .062-equilibrium.",
        ),
    )
    return replace(found, **more)


def duel(scope: str = "first-table") -> EmpiricalGame:
    """Return a game of two strategies a side, with paths of the replicator dynamics and k*."""
    path = tuple(
        (0.2 + 0.15 * step, 0.3 + 0.13 * step, 0.8 - 0.15 * step, 0.7 - 0.13 * step)
        for step in range(6)
    )
    return game(
        scope,
        STRATEGIES[:2],
        flow=(path, tuple((1 - a, b, a, 1 - b) for a, b, _, _ in path)),
        fair_share=0.62,
    )


def cloud(scenario: str = "first-table", title: str = "A first table") -> Cloud:
    """Return where the agreements of a scenario lie."""
    frontier = tuple((k / 8, (1 - (k / 8) ** 2) ** 0.5) for k in range(9))
    return Cloud(
        scenario=scenario,
        title=title,
        across="Korea",
        up="Australia",
        frontier=frontier,
        nash=((0.7071, 0.7071),),
        agreed=((0.75, 0.661, 120), (0.5, 0.866, 31), (0.4, 0.6, 4), (0.62, 0.55, 1)),
        not_agreed=24,
    )


def found(names: Sequence[str] = STRATEGIES, half: float | None = 0.06, **more: Any) -> Found:
    """Return findings of four strategies on six scenarios; other names take their places.

    Args:
        names: What the strategies are called.
        half: Half width of every interval; None where there are too few scenarios for any.
        more: Fields that differ.
    """
    called = dict(zip(STRATEGIES, names, strict=True))
    means = {own: sum(ADVANTAGES[own, other] for other in STRATEGIES) / 4 for own in STRATEGIES}
    given: dict[str, Any] = {
        "plan": "quick",
        "title": "Five tactics on six scenarios",
        "question": "Does patience pay against patience?",
        "methods": "Every strategy met every other in both seats of each scenario, itself "
        "included, ten times with paired seeds. " * 3,
        "planned": 960,
        "sessions": 960,
        "ended": {"agreement": 861, "no-agreement": 95, "timeout": 3, "provider": 1},
        "fallback": 2,
        "left_out": 1,
        "cost_usd": 0.0,
        "standings": tuple(
            standing(called[one], means[one], half)
            for one in sorted(STRATEGIES, key=lambda one: -means[one])
        ),
        "differences": tuple(
            Difference(
                first=called[first],
                second=called[second],
                advantage=estimate(means[first] - means[second], half, 120),
                p=None if half is None else 0.004,
                p_holm=None if half is None else 0.024,
            )
            for number, first in enumerate(STRATEGIES)
            for second in STRATEGIES[number + 1 :]
        ),
        "pairings": tuple(
            Pairing(
                strategy=called[own],
                against=called[other],
                advantage=estimate(mean, half, 120),
                agreed=estimate(min(1.1 - mean / 2, 1.0), half, 120),
            )
            for (own, other), mean in ADVANTAGES.items()
        ),
        "namings": (Naming(strategy=called["linear"], difference=estimate(0.012, half), p=0.41),),
        "curves": tuple(
            Curve(
                strategy=called[one],
                demands=tuple(None if k == 0 else 1 - (k / 10) ** power * 0.8 for k in range(11)),
                sessions=tuple(240 - 10 * k for k in range(11)),
                intervals=tuple(
                    None
                    if k == 0 or half is None
                    else (0.95 - (k / 10) ** power * 0.8, 1.05 - (k / 10) ** power * 0.8)
                    for k in range(11)
                ),
            )
            for one, power in zip(STRATEGIES, (4.0, 1.5, 1.0, 0.25), strict=True)
        ),
        "clouds": (cloud(), cloud("cobalt-offtake", "A cobalt offtake")),
        "games": (game(names=names), duel(), game("cobalt-offtake", names)),
        "notes": ("One session of the class provider is left out of every mean.",),
    }
    return Found(**{**given, **more})


def progress(**more: Any) -> Progress:
    """Return how far a batch has come, half-way by default."""
    given: dict[str, Any] = {
        "planned": 960,
        "done": 487,
        "earlier": 120,
        "running": 8,
        "ended": {"agreement": 431, "no-agreement": 52, "timeout": 3, "provider": 1},
        "failed": 1,
        "cost_usd": 0.4312,
        "cap_usd": 2.0,
        "elapsed_s": 73.0,
        "rate": 5.03,
        "eta_s": 94.0,
    }
    return Progress(**{**given, **more})


TINY = """\
minilateral-plan: 1
id: tiny
title: Patience against haste
question: Does patience pay?
strategies: [boulware, conceder]
scenarios: [first-table]
"""
"""A plan of four sessions by rules."""


def played(home: Path, name: str = "tiny", text: str = TINY) -> Folder:
    """Play a plan to its end in a user's folder and return where its results lie."""
    written = parse_plan(text)
    settings = load_settings({"MINILATERAL_HOME": str(home)}, Flags(model="none"))
    out = home / "evaluations" / name
    return evaluate(written.plan, out=out, workers=1, settings=settings).folder


def interrupted(folder: Folder, keeping: int) -> Folder:
    """Make an evaluation one that was stopped after so many sessions."""
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    folder.journal.write_bytes(b"".join(lines[:keeping]))
    for name in TABLES:
        folder.table(name).unlink()
    return folder
