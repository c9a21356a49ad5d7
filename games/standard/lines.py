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
from typing import TYPE_CHECKING

from games.matrices.stance_game import ACTS
from games.naming import listed
from games.standard.figures import (
    ALIKE,
    DRAWS,
    BilateralFigures,
    MultilateralFigures,
    Pair,
    bilateral_figures,
    multilateral_figures,
    settles_dispute,
)

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the standard: what is wanted, and what a scenario reaches."""

    name: str
    wanted: str
    reached: str
    holds: bool

    @property
    def is_unmeasured(self) -> bool:
        """Whether there was nothing to measure, for want of a ZOPA or of a side of the table."""
        return self.reached in (_NO_ZOPA, _NO_BLOC)


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
        reached=f"{first:+.1f} / {second:+.1f} over r" + _middle_words(figures),
        holds=figures.middle_rational and 0.25 <= figures.middle_product <= 0.60,
    )
    yield _within("k*", figures.fair_share, 0.44, 0.53, "{:.3f}")
    yield _within("breakdown a round", figures.breakdown, 0.02, 0.05, "{:.3f}")
    nash = figures.nash
    yield Line(
        name="Nash gains",
        wanted="within a factor 2",
        reached=_pair(nash, _NO_ZOPA),
        holds=nash is not None and 0 < max(nash) <= 2 * min(nash),
    )
    yield _listed("different verdicts on the reported solutions", figures.verdicts, 2, "; or: ")


def _middle_words(figures: BilateralFigures) -> str:
    if figures.middle_rational:
        return f", {figures.middle_product:.2f}"
    if figures.middle_beyond:
        whose = listed([f"{party}'s" for party in figures.middle_beyond])
        return f"; beyond {whose} mandate at the outset"
    return "; not rational"


def _stance_lines(figures: BilateralFigures) -> Iterable[Line]:
    found = figures.stances
    none = _NO_ZOPA if figures.nash is None else _NO_BLOC
    yield Line(
        name="loss of hard against hard to the best reply",
        wanted="at least 8 points each",
        reached=_pair(None if found is None else found.losses, none),
        holds=found is not None and min(found.losses) >= 8,
    )
    yield Line(
        name="cells with a session without agreement",
        wanted="at most 3 of 16",
        reached=none if found is None else f"{found.failing} of {len(ACTS) ** 2}",
        holds=found is not None and found.failing <= 3,
    )
    yield Line(
        name="equilibria of the stance game",
        wanted="at least two pure ones, or a mixed one",
        reached=none if found is None else f"{found.pure} pure, {found.mixed} mixed",
        holds=found is not None and (found.pure >= 2 or found.mixed >= 1),
    )
    yield Line(
        name="best equilibrium of each seat over r",
        wanted="at least 10 points",
        reached=_pair(None if found is None else found.best, none),
        holds=found is not None and min(found.best) >= 10,
    )
    yield Line(
        name="largest move of a cell when the opener is swapped",
        wanted="at most 15 points",
        reached=none if found is None else f"{found.opener:.1f}",
        holds=found is not None and found.opener <= 15,
    )
    survival = figures.survival
    yield Line(
        name="class of the stance game under ±50 % on the points",
        wanted="the same in at least 80 % of draws",
        reached=_NO_ZOPA
        if survival is None
        else (
            f"{survival.stance_class}: {survival.by_issue:.0%} by issue, "
            f"{survival.by_entry:.0%} by entry"
        ),
        holds=survival is not None and min(survival.by_issue, survival.by_entry) >= 0.80,
    )


_NO_ZOPA = "nothing to measure, since no outcome is acceptable to all"
_NO_BLOC = "nothing to measure, since a side of the table is empty"


def _within(name: str, value: float | None, low: float, high: float, form: str) -> Line:
    return Line(
        name=name,
        wanted=f"{form.format(low)} to {form.format(high)}",
        reached=_NO_ZOPA if value is None else form.format(value),
        holds=value is not None and low <= value <= high,
    )


def _at_least(name: str, value: float | None, low: float, form: str) -> Line:
    return Line(
        name=name,
        wanted=f"at least {form.format(low)}",
        reached=_NO_ZOPA if value is None else form.format(value),
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


def _pair(values: Pair | None, none: str) -> str:
    return none if values is None else f"{values[0]:.1f} / {values[1]:.1f} points"


def multilateral_lines(scenario: Scenario, figures: MultilateralFigures) -> tuple[Line, ...]:
    """Return how the figures of a negotiation among three or more stand to the standard."""
    lines = [
        _likeness_line(figures),
        Line(
            name="issues that are nobody's",
            wanted="none",
            reached=", ".join(figures.idle) or "none",
            holds=not figures.idle,
        ),
    ]
    if settles_dispute(scenario):
        levels = figures.dispute_levels
        lines.append(
            Line(
                name="level of the dispute in the Nash outcome",
                wanted="above 0",
                reached=" or ".join(f"{level:g}" for level in levels) or _NO_ZOPA,
                holds=bool(levels) and min(levels) > 0,
            )
        )
    return tuple(lines)


def _likeness_line(figures: MultilateralFigures) -> Line:
    drawn = "" if figures.sampled is None else f", over {figures.sampled:,} drawn outcomes"
    most = f"{figures.correlation:.2f} ({' and '.join(figures.closest)}{drawn})"
    return Line(
        name="greatest correlation of two parties",
        wanted="at most .70",
        reached=most,
        holds=figures.correlation <= ALIKE,
    )
