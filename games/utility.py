"""Utilities: points per option, pairwise links and the political dispute, as arrays.

u_i(ω) = Σ_k v_ik(ω_k) + Σ link_i(ω_k, ω_l) − A_i · s(ω) · d(ω), in the party's own points. Points
of different parties are never compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, log10
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from games.errors import ScenarioError
from games.outcomes import BoolArray, FloatArray, IndexArray, OutcomeSpace, option_text
from games.ratification import at_signature, ratification_of

if TYPE_CHECKING:
    from games.scenario import Dispute, Link, Scale, Scenario

T = TypeVar("T")

TIE = 1e-9
"""Utilities closer than this, in points, are equal."""

QUANTUM = 1e-6
"""Grain, in points, to which utilities are rounded before an exact decision: the order of
summation alone changes their last digits."""

DIGITS = 10
"""Decimals kept of a utility: outcomes whose points sum to the same are worth exactly the same,
whatever the order of summation and the scale."""

MAX_TABLE_BYTES = 2**30
"""Most memory, in bytes, for the tables of one scenario: 8 for each party and outcome. What
`games.analysis.analyze` needs beside them is stated there."""

MAX_OUTCOMES = 2**63 - 1
"""Most outcomes that can be numbered, tabled or not."""

MANY = 4096
"""Values from which on sorting by cells first is the quicker way."""

CELLS = 65535
"""The last cell."""


@dataclass(frozen=True, eq=False)
class Preferences:
    """What one party wants: its utility of every outcome, and the least it must get."""

    party: str
    utilities: FloatArray
    """Points of every outcome, shape (size,). Of one that must be ratified, what signing it is
    worth before that is known; see `games.ratification`."""
    reservation: float
    discount: float
    """What a gain is worth one round later."""
    signable: BoolArray | None
    """Outcomes that can happen and cross none of its red lines; None when all are so."""
    in_force: FloatArray | None = None
    """Points of every outcome once it is ratified; None where nothing must be ratified."""
    kept: dict[str, object] = field(default_factory=dict[str, object], repr=False)
    """What was computed from these preferences alone, by name; see `once`."""

    @cached_property
    def ranking(self) -> tuple[IndexArray, FloatArray]:
        """Signable outcomes by rising utility (ties by index), and their utilities."""
        if self.signable is None:
            order = rising(self.utilities)
        else:
            allowed = np.flatnonzero(self.signable)
            order = allowed[rising(self.utilities[allowed])]
        return order, self.utilities[order]

    @cached_property
    def lowest(self) -> float:
        """Its least utility of a signable outcome."""
        return float(self.ranking[1][0])

    @cached_property
    def highest(self) -> float:
        """Its greatest utility of a signable outcome."""
        return float(self.ranking[1][-1])

    @property
    def tie(self) -> float:
        """Utilities closer than this, in points, are equal where they were computed with."""
        return TIE * max(1.0, self.span / 100)

    @property
    def span(self) -> float:
        """Distance in points between its best and its worst signable outcome; 0 without any."""
        return self.highest - self.lowest if self.may_sign_any else 0.0

    def may_sign(self, outcome: int) -> bool:
        """Return whether an outcome can happen and crosses none of its red lines."""
        return self.signable is None or bool(self.signable[outcome])

    @property
    def may_sign_any(self) -> bool:
        """Whether there is an outcome that it may sign."""
        return self.signable is None or bool(self.signable.any())

    def accepts(self, outcome: int, least: float) -> bool:
        """Return whether it may sign an outcome and gets at least so many points from it."""
        return bool(self.utilities[outcome] >= least) and self.may_sign(outcome)

    def falls_short(self, outcome: int) -> bool:
        """Return whether an outcome is worth less to it than no agreement."""
        return bool(self.utilities[outcome] < self.reservation - self.tie)

    def once(self, key: str, compute: Callable[[Preferences], T]) -> T:
        """Return what `compute` finds in these preferences, computing it the first time only."""
        if key not in self.kept:
            self.kept[key] = compute(self)
        return cast("T", self.kept[key])

    def utility(self, outcome: int) -> float:
        """Return its utility of an outcome, in points."""
        return float(self.utilities[outcome])

    def utility_in_force(self, outcome: int) -> float:
        """Return its utility of an outcome that is ratified where it must be, in points."""
        table = self.utilities if self.in_force is None else self.in_force
        return float(table[outcome])


def rising(values: FloatArray) -> IndexArray:
    """Return the positions of finite values from least to greatest, ties by position."""
    if len(values) < MANY:
        return np.argsort(values, kind="stable")
    low, high = values.min(), values.max()
    if low == high:
        return np.arange(len(values))
    # A radix sort into cells that rise with the values leaves little for the sort that compares.
    cells = ((values - low) * (CELLS / (high - low))).astype(np.uint16)
    rough = np.argsort(cells, kind="stable")
    return rough[np.argsort(values[rough], kind="stable")]


def quantised(values: FloatArray) -> FloatArray:
    """Return utilities rounded to the grain at which exact decisions are taken."""
    return np.round(values / QUANTUM) * QUANTUM


def table_bytes(scenario: Scenario) -> int:
    """Return the memory that the tables of all parties' utilities take, in bytes."""
    return 8 * len(scenario.ids) * scenario.space.size


def is_tabled(scenario: Scenario) -> bool:
    """Return whether tables over all outcomes are made; otherwise they can only be sampled."""
    return table_bytes(scenario) <= MAX_TABLE_BYTES


def require_tables(scenario: Scenario) -> None:
    """Check that tables over all outcomes can be made.

    Raises:
        ScenarioError: If they would take more than `MAX_TABLE_BYTES`.
    """
    if not is_tabled(scenario):
        raise ScenarioError(
            f"{scenario.id}: issues: {len(scenario.ids)} parties × {scenario.space.size:,} "
            f"outcomes need tables of {table_bytes(scenario) / 1e9:,.1f} GB, expected at most "
            f"{MAX_TABLE_BYTES / 1e9:.1f}: leave options out, or analyze --sample N"
        )


Exclusion = tuple[str, str, str, Sequence[str]]
"""(issue, option, other issue, its options) that cannot be combined."""


def exclusions(scenario: Scenario) -> list[Exclusion]:
    """Return all options that a scenario says cannot be combined."""
    return [
        (name, option, other, others)
        for name, issue in scenario.issues.items()
        for option, excluded in issue.excludes.items()
        for other, others in excluded.items()
    ]


def outcome_space(scenario: Scenario) -> OutcomeSpace:
    """Return a scenario's outcome space, with what cannot happen marked where it can be tabled."""
    options = tuple(issue.options for issue in scenario.issues.values())
    space = OutcomeSpace(tuple(scenario.issues), options)
    if 8 * len(scenario.ids) * space.size > MAX_TABLE_BYTES:
        return OutcomeSpace(space.issues, options, counted=_possible_count(scenario, space))
    return OutcomeSpace(space.issues, options, feasible_mask(space, exclusions(scenario)))


def excluding_issues(scenario: Scenario) -> OutcomeSpace:
    """Return the space of the issues alone that exclusions tie together; of one if none do."""
    excluded = exclusions(scenario)
    tied = {name for name, _, other, _ in excluded for name in (name, other)}
    names = [name for name in scenario.issues if name in tied] or list(scenario.issues)[:1]
    return OutcomeSpace(tuple(names), tuple(scenario.issues[name].options for name in names))


def _possible_count(scenario: Scenario, space: OutcomeSpace) -> int:
    """Return how many outcomes can happen, without a mask over all of them."""
    tied = excluding_issues(scenario)
    mask = feasible_mask(tied, exclusions(scenario))
    possible = tied.size if mask is None else int(np.count_nonzero(mask))
    return space.size // tied.size * possible


def feasible_mask(space: OutcomeSpace, excluded: Iterable[Exclusion]) -> BoolArray | None:
    """Return which outcomes can happen, or None if nothing is excluded."""
    mask: BoolArray | None = None
    for issue, option, other, others in excluded:
        here = _position_mask(space, issue, (option,))
        there = _position_mask(space, other, others)
        mask = np.ones(space.shape, dtype=bool) if mask is None else mask
        mask &= ~(here & there)
    return None if mask is None else mask.reshape(space.size)


def preferences(scenario: Scenario, party: str) -> Preferences:
    """Return one party's preferences over the scenario's outcome space.

    Raises:
        ScenarioError: If the tables of all parties would take more than `MAX_TABLE_BYTES`.
    """
    require_tables(scenario)
    details = scenario.parties[party]
    space = scenario.space
    table = np.zeros(space.shape, dtype=np.float64)
    for name, issue in scenario.issues.items():
        points = details.points[name]
        table += space.along(name, [points[text] for text in issue.texts])
    for link in details.links:
        table += space.across(*link.issues, link_table(scenario, link))
    if scenario.dispute is not None:
        table -= _dispute_table(scenario.dispute, space, party)
    digits = digits_kept(float(np.abs(table).max(initial=abs(details.reservation))))
    in_force = np.round(table, digits, out=table)
    reservation = round(details.reservation, digits)
    must_ratify = ratification_of(scenario, party) is not None
    utilities = in_force
    if must_ratify:
        utilities = np.round(at_signature(scenario, party, in_force, reservation), digits)
    return Preferences(
        party=party,
        utilities=utilities.reshape(space.size),
        in_force=in_force.reshape(space.size) if must_ratify else None,
        reservation=reservation,
        discount=details.discount,
        signable=signable_mask(scenario, party),
    )


def digits_kept(greatest: float) -> int:
    """Return how many decimals are kept of utilities of some size: fewer of very large ones.

    Beyond ten thousand points the last of `DIGITS` decimals would be those of the summation.
    """
    return DIGITS if greatest <= 1e4 else DIGITS + 4 - ceil(log10(greatest))


def link_table(scenario: Scenario, link: Link) -> FloatArray:
    """Return the points of a link, one row an option of its first issue; 0 where none stand."""
    first, second = (scenario.issues[name].texts for name in link.issues)
    return np.array(
        [[link.points.get(one, {}).get(other, 0.0) for other in second] for one in first],
        dtype=np.float64,
    )


def dispute_cost(scenario: Scenario, outcome: int, party: str) -> float:
    """Return A·s(ω)·d(ω), what the dispute makes an outcome cost a party, in points."""
    if scenario.dispute is None:
        return 0.0
    space = scenario.space
    table = _dispute_table(scenario.dispute, space, party)
    return float(np.broadcast_to(table, space.shape).reshape(space.size)[outcome])


def _dispute_table(dispute: Dispute, space: OutcomeSpace, party: str) -> FloatArray:
    level, depth = (_scale_values(scale, space) for scale in (dispute.level, dispute.depth))
    return dispute.audience_cost.get(party, 0.0) * level * depth


def _scale_values(scale: float | Scale, space: OutcomeSpace) -> FloatArray:
    if isinstance(scale, int | float):
        return np.asarray(float(scale))
    options = space.options[space.issues.index(scale.issue)]
    return space.along(scale.issue, [scale.values[option_text(option)] for option in options])


def signable_mask(scenario: Scenario, party: str) -> BoolArray | None:
    """Return which outcomes a party may sign, or None if it may sign every index.

    Its red lines forbid some, and the limits of its mandate others.
    """
    space = scenario.space
    red_lines = scenario.parties[party].red_lines
    mandate = scenario.mandates.get(party)
    limits = {} if mandate is None else mandate.limits
    if not red_lines and not limits:
        return space.possible
    allowed = np.ones(space.shape, dtype=bool)
    for issue, options in limits.items():
        allowed &= _position_mask(space, issue, options)
    for red_line in red_lines:
        crossed = np.ones((1,) * len(space.shape), dtype=bool)
        for issue, option in red_line.items():
            crossed = crossed & _position_mask(space, issue, (option,))
        allowed &= ~crossed
    flat = allowed.reshape(space.size)
    return flat if space.possible is None else flat & space.possible


def _position_mask(space: OutcomeSpace, issue: str, options: Sequence[str]) -> BoolArray:
    all_options = space.options[space.issues.index(issue)]
    chosen = [float(option_text(option) in options) for option in all_options]
    return space.along(issue, chosen) > 0
