"""What an evaluation found: every figure with its interval and how many sessions stand behind it.

Nothing here is computed; these are the records that `statistics`, `standings`, `empirical_game` and
`figures` make, and that reports and screens show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from games.equilibrium.dynamics import Basins
from games.equilibrium.report import EquilibriumReport
from games.outcomes import FloatArray

Method = Literal["none", "t", "score", "alike"]
"""How an interval was found, see `statistics`: not at all; Student's t; the score of a bounded
quantity; or from all scenarios being alike, where spread says nothing."""

LEVEL = 0.05
"""Adjusted p (Holm) below which two strategies are told apart."""

POOLED = "pooled"
"""The scope of the game over all scenarios."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean over scenarios, each weighing the same, with its 95 % interval.

    On populations like those that evaluations draw from, it holds the true mean 92 to 97 times in
    100. Where what matters happens in few scenarios that a sample may not have, less often: a
    difference that a breakdown in one scenario of twenty decides, down to 74
    (docs/theory/statistics.md).
    """

    mean: float | None
    """None of no session."""
    low: float | None
    high: float | None
    """None where there are too few scenarios for an interval, and of a difference that is the same
    in all."""
    sessions: int
    """Behind the mean, seat by seat: one counts as often as the strategy sits in it."""
    scenarios: int
    error: float | None = None
    """Standard error of the mean, from the scenarios' spread; None of fewer than two."""
    method: Method = "none"
    """How the interval was found."""

    def as_json(self) -> dict[str, object]:
        """Return the estimate as plain JSON values."""
        return {
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
            "n": self.sessions,
            "scenarios": self.scenarios,
            "method": self.method,
        }


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one strategy did over all its sessions under test."""

    strategy: str
    spec: str
    whose: str = ""
    """Of another library's: what it is called there, and of which release; empty of ours."""
    advantage: Estimate
    """(u − r)/(m − r), time not counted."""
    payoff: Estimate
    """The same of payoffs, time counted."""
    agreed: Estimate
    pareto: Estimate
    """1 − distance to the frontier / greatest distance, in gains."""
    nash: Estimate
    joint: Estimate
    """The joint gain as a share of the greatest."""
    product: Estimate
    """The Nash product as a share of the greatest."""
    rounds: Estimate
    ended: Mapping[str, int]
    """Sessions by class, failures and `fallback` among them."""
    left_out: int
    """Sessions that the plan leaves out of the means."""
    calls_a_session: float = 0.0
    tokens_a_session: float = 0.0
    cost_usd: float | None = 0.0
    """Of all sessions of this seat; None where a price is not known."""
    cost_per_point: float | None = None
    """USD for a hundredth of what there was to gain; None where nothing was gained or paid."""

    def as_json(self) -> dict[str, object]:
        """Return the standing in the shape of the leaderboard's JSON."""
        measures = {
            "advantage": self.advantage,
            "payoff": self.payoff,
            "agreed": self.agreed,
            "pareto": self.pareto,
            "nash": self.nash,
            "joint": self.joint,
            "product": self.product,
            "rounds": self.rounds,
        }
        return {
            "strategy": self.strategy,
            "spec": self.spec,
            **{name: measure.as_json() for name, measure in measures.items()},
            "ended": dict(self.ended),
            "left_out": self.left_out,
            "calls_a_session": self.calls_a_session,
            "tokens_a_session": self.tokens_a_session,
            "cost_usd": self.cost_usd,
            "cost_per_point": self.cost_per_point,
        }


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How much more one strategy gained than another in the same place: paired sessions."""

    first: str
    second: str
    advantage: Estimate
    p: float | None
    """Two-sided, of t over scenarios; None below `LEAST_SCENARIOS`."""
    p_holm: float | None
    """Adjusted for all differences of the evaluation (Holm 1979)."""

    def as_json(self) -> dict[str, object]:
        """Return the difference as plain JSON values."""
        return {
            "first": self.first,
            "second": self.second,
            "advantage": self.advantage.as_json(),
            "p": self.p,
            "p_holm": self.p_holm,
        }


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """What one strategy gained against another, both seats."""

    strategy: str
    against: str
    advantage: Estimate
    agreed: Estimate


@dataclass(frozen=True, kw_only=True)
class Naming:
    """How much more a strategy gained under the parties' own names than under aliases."""

    strategy: str
    difference: Estimate
    p: float | None


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What a strategy asked for over the session, as shares of what it could gain."""

    strategy: str
    demands: tuple[float | None, ...]
    """Means at 0, .1, … 1 of the rounds, over sessions still open then."""
    sessions: tuple[int, ...]
    intervals: tuple[tuple[float, float] | None, ...] = ()
    """Aligned with the demands: 95 % intervals over scenarios; None where there is none."""


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """Where the agreements of one two-party scenario lie; in gains, first party and second."""

    scenario: str
    title: str
    across: str
    up: str
    frontier: tuple[tuple[float, float], ...]
    nash: tuple[tuple[float, float], ...]
    agreed: tuple[tuple[float, float, int], ...]
    """Each agreed outcome and how many sessions agreed on it."""
    not_agreed: int


@dataclass(frozen=True, kw_only=True)
class SupportShare:
    """How often a pair of supports is an equilibrium's, in resampled games."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    share: float


@dataclass(frozen=True, kw_only=True)
class RegretInterval:
    """What each side could gain by leaving an equilibrium of the means, over resampled games."""

    equilibrium: int
    """Position in the report's list."""
    consumer: tuple[float, float]
    supplier: tuple[float, float]
    """95 % percentile intervals."""
    most: tuple[float, float] | None = None
    """What consumers and suppliers gain at most by leaving it in the true game, with 95 %
    confidence for all equilibria at once."""


def known(values: FloatArray) -> object:
    """Return an array as nested lists in which None stands for what is not known."""
    found = values.astype(object)
    found[~np.isfinite(values)] = None
    return found.tolist()


Half = Literal["all", "consumers", "suppliers"]
"""Whose strategies are those under test: of both sides, or of one, while those of the other are
what they were played against."""


@dataclass(frozen=True, kw_only=True)
class EmpiricalGame:
    """The game between consumers' and suppliers' choice of strategy, from the sessions' means.

    Whatever is said of it holds for its candidates alone: `rows` and `columns`.
    """

    scope: str
    """A scenario's id, or `pooled`."""
    half: Half = "all"
    is_part: bool = False
    """Whether some strategy of the plan is no candidate of one side or the other."""
    scenarios: int
    sessions: int
    rows: tuple[str, ...]
    """Strategies of the consumers."""
    columns: tuple[str, ...]
    payoffs: FloatArray
    """Mean gains, time counted, shape (rows, columns, 2): consumers', suppliers'."""
    errors: FloatArray | None
    """Standard errors, same shape; None where they cannot be known. NaN of cells that chance moves
    and whose few draws all came to the same: that is no certainty."""
    agreed: FloatArray
    """Share of sessions with an agreement, shape (rows, columns)."""
    counts: FloatArray
    """Sessions a cell, shape (rows, columns)."""
    report: EquilibriumReport
    epsilon: float | None
    """If every true cell lies within ε of its mean, an equilibrium of the means is a 2ε-equilibrium
    of the true game; None where errors cannot be known."""
    near: tuple[tuple[int, int], ...] = ()
    """Cells not distinguishable from an equilibrium."""
    supports: tuple[SupportShare, ...] = ()
    """Most frequent first."""
    is_unstable: bool = False
    """Whether ties or errors make the supports change from resample to resample."""
    regrets: tuple[RegretInterval, ...] = ()
    resamples: int = 0
    basins: Basins | None = None
    flow: tuple[tuple[tuple[float, float, float, float], ...], ...] = ()
    """Paths of the replicator dynamics, of a game of two strategies a side: for each start, points
    (consumers' share of the first strategy, suppliers', consumers' of the second, suppliers') to
    draw; empty of larger games."""
    alpha_rank: tuple[tuple[int, int, float], ...] = ()
    """(row, column, mass) of the stationary distribution, greatest first."""
    exploitability: tuple[tuple[float, ...], ...] = ()
    """Σ_i best deviation within the tested strategies, of each cell."""
    fair_share: float | None = None
    """k*, of a single scenario in which all must agree."""
    words: tuple[str, ...] = ()
    """What it means, a sentence each."""

    @property
    def name(self) -> str:
        """Scope and half: no other game of an evaluation has it."""
        return self.scope if self.half == "all" else f"{self.scope}, tested {self.half}"

    def as_json(self) -> dict[str, object]:
        """Return the game in the shape of the JSON contract: a solved game with what the sessions'
        spread leaves of it."""
        return {
            "name": self.name,
            "scope": self.scope,
            "half": self.half,
            "row_player": "consumers",
            "column_player": "suppliers",
            **self.report.as_json(),
            "payoffs": self.payoffs.tolist(),
            "errors": None if self.errors is None else known(self.errors),
            "agreed": self.agreed.tolist(),
            "counts": self.counts.astype(int).tolist(),
            "scenarios": self.scenarios,
            "n": self.sessions,
            "epsilon": self.epsilon,
            "near": [list(cell) for cell in self.near],
            "supports": [
                {"rows": list(one.rows), "columns": list(one.columns), "share": one.share}
                for one in self.supports
            ],
            "unstable": self.is_unstable,
            "regret_intervals": [
                {
                    "equilibrium": one.equilibrium,
                    "consumers": list(one.consumer),
                    "suppliers": list(one.supplier),
                    "most": None if one.most is None else list(one.most),
                }
                for one in self.regrets
            ],
            "resamples": self.resamples,
            "alpha_rank": [
                {"row": self.rows[i], "column": self.columns[j], "mass": mass}
                for i, j, mass in self.alpha_rank
            ],
            "basins": None if self.basins is None else self.basins.as_json(),
            "exploitability": [list(row) for row in self.exploitability],
            "k_star": self.fair_share,
            "words": list(self.words),
        }


@dataclass(frozen=True, kw_only=True)
class Found:
    """All that an evaluation found."""

    plan: str
    title: str
    question: str
    methods: str
    """How it was done, a paragraph made from the plan."""
    planned: int
    sessions: int
    """Finished, failures among them."""
    ended: Mapping[str, int]
    fallback: int
    """Sessions in which a fallback mind moved."""
    left_out: int
    cost_usd: float | None
    standings: tuple[Standing, ...]
    """Best first."""
    differences: tuple[Difference, ...]
    pairings: tuple[Pairing, ...]
    """Two-party sessions; empty without any."""
    namings: tuple[Naming, ...]
    curves: tuple[Curve, ...]
    clouds: tuple[Cloud, ...]
    games: tuple[EmpiricalGame, ...]
    """The pooled one first, if there is one, then scenario by scenario."""
    notes: tuple[str, ...] = ()
    """What a reader must know: why there are no intervals, what was left out, which versions."""
    caveats: tuple[str, ...] = ()
    """What the order of the leaderboard may owe to anything but the strategies."""
    undefined: tuple[str, ...] = ()
    """Those of them that say where there is no advantage."""
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of each scenario of the plan, by its id."""
    pairs: int | None = None
    """How many of them have two parties."""
    only_met: tuple[str, ...] = ()
    """Strategies that are not under test."""
    tables: Mapping[str, str] = field(default_factory=dict[str, str])
