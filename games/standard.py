"""How interesting a scenario is as a game: its figures, held against a standard line by line.

A bilateral is interesting where there is much to find and not too much to share: neither side's
wishes rule the other's out, splitting every issue down the middle leaves a good part unfound,
hardness on both sides fails and on one side pays, and none of this hangs on one number. Points are
taken as they stand, on a scale of about 0 to 100 a party; lines in points compare the two scales.

Of a negotiation among more it is asked that no two parties want the same, that a dispute which the
talks can settle is not settled as a matter of course, and that every issue matters to somebody.
"""

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
from games.errors import ScenarioError
from games.matrices import Matrix, blocs
from games.noise import ClassSurvival, class_survival
from games.outcomes import FloatArray, IndexArray, OutcomeSpace
from games.sampling import SampledSpace, sampled
from games.session import payoffs
from games.stance_game import ACTS, bloc_stances, play_cell, stance_game, turn_orders
from games.utility import TIE, is_tabled, require_tables

if TYPE_CHECKING:
    from games.scenario import Scenario

DRAWS = 200
"""Draws of noise a kind."""

SAMPLE = 20_000
"""Outcomes drawn where there are too many for tables."""

Pair = tuple[float, float]
"""One figure a seat, consumer first."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the standard: what is wanted, and what a scenario reaches."""

    name: str
    wanted: str
    reached: str
    holds: bool


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
    dispute_levels: tuple[float, ...]
    """The level of the dispute in each Nash outcome; empty where no issue settles it or nothing
    is acceptable to all."""
    idle: tuple[str, ...]
    """Issues of which every option is worth the same to every party."""
    sampled: int | None
    """How many outcomes were drawn; None if all were examined."""


@dataclass(frozen=True, kw_only=True)
class Standard:
    """A scenario held against the standard."""

    scenario: str
    figures: BilateralFigures | MultilateralFigures
    lines: tuple[Line, ...]

    @property
    def missed(self) -> tuple[Line, ...]:
        """The lines that the scenario does not reach: its distance from the standard."""
        return tuple(line for line in self.lines if not line.holds)


def standard(scenario: Scenario, *, draws: int = DRAWS, seed: int = 0) -> Standard:
    """Return a scenario's figures and how they stand to the lines for its number of parties.

    Args:
        scenario: Whose tables must fit into memory if it is a bilateral.
        draws: How often its points are shaken, for each kind of noise.
        seed: Draws the noise, and the outcomes where there are too many for tables.

    Raises:
        ScenarioError: If a bilateral has too many outcomes for tables.
    """
    if len(scenario.ids) == 2:
        figures = bilateral_figures(scenario, draws=draws, seed=seed)
        return Standard(scenario=scenario.id, figures=figures, lines=bilateral_lines(figures))
    several = multilateral_figures(scenario, seed=seed)
    lines = multilateral_lines(scenario, several)
    return Standard(scenario=scenario.id, figures=several, lines=lines)


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
        correlation=correlation(*utility_rows(scenario, _possible(space))),
        ideal_distance=None if nash is None else _ideal_distance(scenario),
        pareto=0 if found.pareto is None else len(found.pareto),
        interior=() if nash is None else interior_issues(space, nash),
        compatible=compatible_issues(scenario),
        middle=_gains(scenario, middle),
        middle_rational=rational,
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


def correlation(first: FloatArray, second: FloatArray) -> float:
    """Return Pearson's correlation; 0 where one of the two does not vary."""
    one, other = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / spread if spread > TIE else 0.0


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
    try:
        sides = blocs(scenario)
    except ScenarioError:
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
            worth = np.array([[list(payoffs(state).values()) for state in draw] for draw in played])
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


def bilateral_lines(figures: BilateralFigures) -> tuple[Line, ...]:
    """Return how a bilateral's figures stand to the standard, line by line."""
    return (*_space_lines(figures), *_split_lines(figures), *_stance_lines(figures))


def _space_lines(figures: BilateralFigures) -> Iterable[Line]:
    yield _within("possible outcomes", figures.outcomes, 1_000, 100_000, "{:,.0f}")
    yield _within("ZOPA", figures.zopa, 0.15, 0.60, "{:.1%}")
    yield _within("utility correlation", figures.correlation, -0.8, -0.5, "{:.2f}")
    yield _at_least(
        "distance of the frontier from the ideal point", figures.ideal_distance, 0.30, "{:.2f}"
    )
    yield _within("Pareto-optimal outcomes", figures.pareto, 20, 200, "{:,.0f}")
    yield _listed("issues interior in the Nash outcome", figures.interior, 3)
    yield Line(
        name="links forbid the impossible",
        wanted="some combination cannot happen",
        reached=f"{figures.impossible:,} of {figures.impossible + figures.outcomes:,} cannot",
        holds=figures.impossible > 0,
    )
    yield _listed("issues that both order alike", figures.compatible, 1)


def _split_lines(figures: BilateralFigures) -> Iterable[Line]:
    first, second = figures.middle
    yield Line(
        name="middle compromise",
        wanted="rational, its Nash product .25 to .60 of the best",
        reached=f"{first:+.1f} / {second:+.1f} over r"
        + (f", {figures.middle_product:.2f}" if figures.middle_rational else "; not rational"),
        holds=figures.middle_rational and 0.25 <= figures.middle_product <= 0.60,
    )
    yield _within("k*", figures.fair_share, 0.44, 0.53, "{:.3f}")
    yield _within("breakdown a round", figures.breakdown, 0.02, 0.05, "{:.3f}")
    nash = figures.nash
    yield Line(
        name="Nash gains",
        wanted="within a factor 2",
        reached=_pair(nash),
        holds=nash is not None and 0 < max(nash) <= 2 * min(nash),
    )
    yield _listed("different verdicts on the reported solutions", figures.verdicts, 2, "; or: ")


def _stance_lines(figures: BilateralFigures) -> Iterable[Line]:
    found = figures.stances
    yield Line(
        name="loss of hard against hard to the best reply",
        wanted="at least 8 points each",
        reached=_pair(None if found is None else found.losses),
        holds=found is not None and min(found.losses) >= 8,
    )
    yield Line(
        name="cells with a session without agreement",
        wanted="at most 3 of 16",
        reached=_NONE if found is None else f"{found.failing} of {len(ACTS) ** 2}",
        holds=found is not None and found.failing <= 3,
    )
    yield Line(
        name="equilibria of the stance game",
        wanted="at least two pure ones, or a mixed one",
        reached=_NONE if found is None else f"{found.pure} pure, {found.mixed} mixed",
        holds=found is not None and (found.pure >= 2 or found.mixed >= 1),
    )
    yield Line(
        name="best equilibrium of each seat over r",
        wanted="at least 10 points",
        reached=_pair(None if found is None else found.best),
        holds=found is not None and min(found.best) >= 10,
    )
    yield Line(
        name="largest move of a cell when the opener is swapped",
        wanted="at most 15 points",
        reached=_NONE if found is None else f"{found.opener:.1f}",
        holds=found is not None and found.opener <= 15,
    )
    survival = figures.survival
    yield Line(
        name="class of the stance game under ±50 % on the points",
        wanted="the same in at least 80 % of draws",
        reached=_NONE
        if survival is None
        else (
            f"{survival.stance_class}: {survival.by_issue:.0%} by issue, "
            f"{survival.by_entry:.0%} by entry"
        ),
        holds=survival is not None and min(survival.by_issue, survival.by_entry) >= 0.80,
    )


_NONE = "nothing to measure"


def _within(name: str, value: float | None, low: float, high: float, form: str) -> Line:
    return Line(
        name=name,
        wanted=f"{form.format(low)} to {form.format(high)}",
        reached=_NONE if value is None else form.format(value),
        holds=value is not None and low <= value <= high,
    )


def _at_least(name: str, value: float | None, low: float, form: str) -> Line:
    return Line(
        name=name,
        wanted=f"at least {form.format(low)}",
        reached=_NONE if value is None else form.format(value),
        holds=value is not None and value >= low,
    )


def _listed(name: str, found: Sequence[str], least: int, between: str = ", ") -> Line:
    told = f" ({between.join(found)})" if found else ""
    return Line(
        name=name,
        wanted=f"at least {least}",
        reached=f"{len(found)}{told}",
        holds=len(found) >= least,
    )


def _pair(values: Pair | None) -> str:
    return _NONE if values is None else f"{values[0]:.1f} / {values[1]:.1f} points"


def multilateral_figures(scenario: Scenario, *, seed: int = 0) -> MultilateralFigures:
    """Return how interesting a negotiation among three or more is.

    Args:
        scenario: With too many outcomes for tables, `SAMPLE` of them are drawn.
        seed: Draws them.
    """
    examined = scenario if is_tabled(scenario) else sampled(scenario, SAMPLE, seed)
    space = examined.space
    rows = utility_rows(examined, _possible(space))
    most, closest = max(
        (correlation(rows[one], rows[other]), (one, other))
        for one, other in combinations(range(len(rows)), 2)
    )
    drawn = isinstance(space, SampledSpace)
    return MultilateralFigures(
        outcomes=scenario.space.count,
        correlation=most,
        closest=(scenario.ids[closest[0]], scenario.ids[closest[1]]),
        dispute_levels=_dispute_levels(examined) if _settles_dispute(scenario) else (),
        idle=tuple(name for name in scenario.issues if not _matters(scenario, name)),
        sampled=space.size if drawn else None,
    )


def _settles_dispute(scenario: Scenario) -> bool:
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


def multilateral_lines(scenario: Scenario, figures: MultilateralFigures) -> tuple[Line, ...]:
    """Return how the figures of a negotiation among three or more stand to the standard."""
    alike = " and ".join(figures.closest)
    drawn = "" if figures.sampled is None else f", over {figures.sampled:,} drawn outcomes"
    lines = [
        Line(
            name="greatest correlation of two parties",
            wanted="at most .70",
            reached=f"{figures.correlation:.2f} ({alike}{drawn})",
            holds=figures.correlation <= 0.70,
        ),
        Line(
            name="issues that are nobody's",
            wanted="none",
            reached=", ".join(figures.idle) or "none",
            holds=not figures.idle,
        ),
    ]
    if _settles_dispute(scenario):
        levels = figures.dispute_levels
        lines.append(
            Line(
                name="level of the dispute in the Nash outcome",
                wanted="above 0",
                reached=" or ".join(f"{level:g}" for level in levels) or _NONE,
                holds=bool(levels) and min(levels) > 0,
            )
        )
    return tuple(lines)
