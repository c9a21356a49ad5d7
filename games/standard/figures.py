"""The figures that the standard of interesting games is about; see `games.standard.lines`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining.solutions import (
    SOLUTIONS,
    bargain,
    fair_share,
    normalised_gains,
    utility_rows,
)
from games.compliance.dispute import dispute_scales
from games.compliance.verdicts import verdict
from games.correlations import correlation
from games.matrices.matrix import Matrix, blocs, both_blocs
from games.matrices.stance_game import ACTS, bloc_stances, play_cell, stance_game, turn_orders
from games.outcomes import FloatArray, IndexArray, OutcomeSpace
from games.outset import beyond_mandates
from games.sampling import SampledSpace, sampled
from games.session import expected_payoffs
from games.standard.noise import ClassSurvival, class_survival
from games.utility import TIE, is_tabled, require_tables

if TYPE_CHECKING:
    from games.scenario import Scenario

DRAWS = 200
"""Draws of noise a kind."""

SAMPLE = 20_000
"""Outcomes drawn where there are too many for tables."""

ALIKE = 0.70
"""Correlation above which two parties want the same."""

Pair = tuple[float, float]
"""One figure a seat, consumer first."""


@dataclass(frozen=True, kw_only=True)
class StanceFigures:
    """What the stance game of a bilateral is like, in points; consumer first."""

    losses: Pair
    """What each loses, where both are hard, to its best reply."""
    failing: int
    """Cells in which some session ends without agreement."""
    pure: int
    mixed: int
    """Equilibria found."""
    best: Pair
    """What each seat's best equilibrium brings it beyond its reservation value."""
    opener: float
    """The largest move of anyone's payoff in a cell when the other seat opens."""


@dataclass(frozen=True, kw_only=True)
class BilateralFigures:
    """How interesting a bilateral is, in figures."""

    outcomes: int
    """How many can happen."""
    impossible: int
    """How many combinations of options cannot."""
    zopa: float
    """Share of the possible outcomes that both would sign."""
    correlation: float
    """Of the two utilities over the possible outcomes."""
    ideal_distance: float | None
    """Euclidean distance of the frontier from the ideal point, in normalised gains; None without
    a ZOPA."""
    pareto: int
    interior: tuple[str, ...]
    """Issues that the first Nash outcome settles neither by the first nor by the last option."""
    compatible: tuple[str, ...]
    """Issues whose options both parties order alike."""
    middle: Pair
    """What the middle compromise brings each beyond its reservation value, in points."""
    middle_rational: bool
    """Whether both would sign it."""
    middle_beyond: tuple[str, ...]
    """The parties whose mandate alone keeps them from signing it at the outset."""
    middle_product: float
    """Its Nash product as a share of the greatest; 0 where it is not rational."""
    fair_share: float | None
    """k*, the largest share of its possible gain that each can have."""
    breakdown: float
    stances: StanceFigures | None
    """None where one side of the table is empty, or there is no ZOPA."""
    nash: Pair | None
    """What the first Nash outcome brings each beyond its reservation value, in points."""
    survival: ClassSurvival | None
    """How far the class of the stance game survives noise on the points."""
    verdicts: tuple[str, ...]
    """What is said of honouring the reported solutions, each different answer once: by party, the
    class of the game it believes to be in and the kind of its verdict."""


@dataclass(frozen=True, kw_only=True)
class MultilateralFigures:
    """How interesting a negotiation among three or more is, in figures."""

    outcomes: int
    correlation: float
    """The greatest of any two parties' utilities, over the possible outcomes."""
    closest: tuple[str, str]
    """The two parties whose utilities go together most."""
    parties: int
    dispute_levels: tuple[float, ...]
    """The level of the dispute in each Nash outcome; empty where no issue settles it or nothing
    is acceptable to all."""
    idle: tuple[str, ...]
    """Issues of which every option is worth the same to every party."""
    sampled: int | None
    """How many outcomes were drawn; None if all were examined."""


def bilateral_figures(scenario: Scenario, *, draws: int = DRAWS, seed: int = 0) -> BilateralFigures:
    """Return how interesting a bilateral is.

    Args:
        scenario: With two parties.
        draws: How often its points are shaken, for each kind of noise.
        seed: Draws the noise.

    Raises:
        ScenarioError: If there are too many outcomes for tables.
    """
    require_tables(scenario)
    found = bargain(scenario)
    nash = None if len(found.zopa) == 0 else int(found.solutions["nash"][0])
    middle = middle_outcome(scenario.space)
    rational = bool(np.isin(middle, found.zopa))
    space = scenario.space
    return BilateralFigures(
        outcomes=space.count,
        impossible=space.size - space.count,
        zopa=len(found.zopa) / space.count,
        correlation=utility_correlation(*utility_rows(scenario, _possible(space))),
        ideal_distance=None if nash is None else _ideal_distance(scenario),
        pareto=0 if found.pareto is None else len(found.pareto),
        interior=() if nash is None else interior_issues(space, nash),
        compatible=compatible_issues(scenario),
        middle=_gains(scenario, middle),
        middle_rational=rational,
        middle_beyond=beyond_mandates(scenario, middle),
        middle_product=_product_share(scenario, middle) if rational else 0.0,
        fair_share=fair_share(scenario),
        breakdown=scenario.protocol.breakdown,
        stances=None if nash is None else stance_figures(scenario),
        nash=None if nash is None else _gains(scenario, nash),
        survival=class_survival(scenario, draws=draws, seed=seed),
        verdicts=() if nash is None else distinct_verdicts(scenario),
    )


def _possible(space: OutcomeSpace) -> IndexArray:
    return np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)


def utility_correlation(first: FloatArray, second: FloatArray) -> float:
    """Return Pearson's correlation; 0 where one of the two does not vary."""
    return correlation(first, second) or 0.0


def _ideal_distance(scenario: Scenario) -> float:
    away = 1 - normalised_gains(scenario, bargain(scenario).zopa)
    return float(np.sqrt((away**2).sum(axis=0)).min())


def _gains(scenario: Scenario, outcome: int) -> Pair:
    first, second = (
        round(own.utility(outcome) - own.reservation, 9) for own in scenario.preferences
    )
    return first, second


def _product_share(scenario: Scenario, outcome: int) -> float:
    best = int(bargain(scenario).solutions["nash"][0])
    here, most = (float(np.prod(_gains(scenario, one))) for one in (outcome, best))
    return here / most if most > TIE else 0.0


def middle_outcome(space: OutcomeSpace) -> int:
    """Return the outcome that settles every issue by its middle option, of two the later one."""
    return space.index_of_levels([len(options) // 2 for options in space.options])


def interior_issues(space: OutcomeSpace, outcome: int) -> tuple[str, ...]:
    """Return the issues settled neither by their first nor by their last option."""
    return tuple(
        issue
        for issue, options, level in zip(
            space.issues, space.options, space.levels_of(outcome), strict=True
        )
        if 0 < level < len(options) - 1
    )


def compatible_issues(scenario: Scenario) -> tuple[str, ...]:
    """Return the issues whose options all parties order alike, ties included.

    Points of the options alone are compared, without links; an issue that moves nobody is none.
    """
    found: list[str] = []
    for name, issue in scenario.issues.items():
        orders = [
            _order([details.points[name][text] for text in issue.texts])
            for details in scenario.parties.values()
        ]
        if orders[0].any() and all(np.array_equal(order, orders[0]) for order in orders):
            found.append(name)
    return tuple(found)


def _order(points: Sequence[float]) -> FloatArray:
    """Return, for each pair of options, which of them is worth more."""
    values = np.array(points)
    return np.sign(values[:, None] - values[None, :])


def stance_figures(scenario: Scenario) -> StanceFigures | None:
    """Return what a bilateral's stance game is like; None where one side of the table is empty."""
    sides = both_blocs(scenario)
    if sides is None:
        return None
    matrix = stance_game(scenario)
    points = matrix.points
    if points is None:
        return None
    seats = [side.members[0] for side in sides]
    least = [scenario.preferences[seat].reservation for seat in seats]
    pure = [one for one in matrix.report.equilibria if one.pure]
    return StanceFigures(
        losses=(
            float(points[:, 0, 0].max() - points[0, 0, 0]),
            float(points[0, :, 1].max() - points[0, 0, 1]),
        ),
        failing=int(np.count_nonzero(matrix.failures)),
        pure=len(pure),
        mixed=len(matrix.report.equilibria) - len(pure),
        best=(
            _best_equilibrium(matrix, points, 0, least[0]),
            _best_equilibrium(matrix, points, 1, least[1]),
        ),
        opener=opener_shift(scenario),
    )


def _best_equilibrium(matrix: Matrix, points: FloatArray, seat: int, least: float) -> float:
    worth = [
        float(
            np.array(one.row, dtype=float) @ points[:, :, seat] @ np.array(one.column, dtype=float)
        )
        for one in matrix.report.equilibria
    ]
    return max(worth) - least


def opener_shift(scenario: Scenario) -> float:
    """Return the largest move of anyone's payoff in a cell when the other seat opens, in points.

    0 where the protocol leaves the opening to the lot.
    """
    sides = blocs(scenario)
    orders = turn_orders(scenario)
    largest = 0.0
    for row in ACTS:
        for column in ACTS:
            played = play_cell(scenario, bloc_stances(scenario, sides, row, column), orders)
            worth = np.array(
                [[list(expected_payoffs(state).values()) for state in draw] for draw in played]
            )
            largest = max(largest, float(np.ptp(worth.mean(axis=0), axis=0).max()))
    return largest


def distinct_verdicts(scenario: Scenario) -> tuple[str, ...]:
    """Return what is said of honouring the reported solutions, each different answer once."""
    if all(issue.obligor is None for issue in scenario.issues.values()):
        return ()
    found = bargain(scenario).solutions
    outcomes = dict.fromkeys(int(one) for name in SOLUTIONS for one in found[name])
    told = (
        "; ".join(
            f"{one.party} {one.game or 'owes nothing'}, {one.kind}"
            for one in verdict(scenario, outcome).parties
        )
        for outcome in outcomes
    )
    return tuple(dict.fromkeys(told))


def multilateral_figures(scenario: Scenario, *, seed: int = 0) -> MultilateralFigures:
    """Return how interesting a negotiation among three or more is.

    Args:
        scenario: With too many outcomes for tables, `SAMPLE` of them are drawn.
        seed: Draws them.
    """
    examined = scenario if is_tabled(scenario) else sampled(scenario, SAMPLE, seed)
    space = examined.space
    rows = utility_rows(examined, _possible(space))
    pairs = [
        (utility_correlation(rows[one], rows[other]), (one, other))
        for one, other in combinations(range(len(rows)), 2)
    ]
    most, closest = max(pairs)
    drawn = isinstance(space, SampledSpace)
    return MultilateralFigures(
        outcomes=scenario.space.count,
        correlation=most,
        closest=(scenario.ids[closest[0]], scenario.ids[closest[1]]),
        parties=len(scenario.ids),
        dispute_levels=_dispute_levels(examined) if settles_dispute(scenario) else (),
        idle=tuple(name for name in scenario.issues if not _matters(scenario, name)),
        sampled=space.size if drawn else None,
    )


def settles_dispute(scenario: Scenario) -> bool:
    """Return whether some issue settles how heated the dispute is."""
    return scenario.dispute is not None and not isinstance(scenario.dispute.level, int | float)


def _dispute_levels(scenario: Scenario) -> tuple[float, ...]:
    return tuple(
        dispute_scales(scenario, int(outcome))[0] for outcome in bargain(scenario).solutions["nash"]
    )


def _matters(scenario: Scenario, issue: str) -> bool:
    """Return whether anyone's utility depends on how an issue is settled."""
    behind = scenario.dispute
    if behind is not None and any(behind.audience_cost.values()):
        scales = (behind.level, behind.depth)
        if any(not isinstance(one, int | float) and one.issue == issue for one in scales):
            return True
    return any(
        len(set(details.points[issue].values())) > 1
        or any(issue in link.issues and any(_values(link.points)) for link in details.links)
        for details in scenario.parties.values()
    )


def _values(points: dict[str, dict[str, float]]) -> Iterable[float]:
    return (value for row in points.values() for value in row.values())
