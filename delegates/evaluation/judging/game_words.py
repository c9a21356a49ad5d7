"""What an empirical game means, in plain sentences: what is stable, how surely, and why.

Gains are shares of what a side can gain, from 0 (no agreement) to 1. Nothing is said that was not
computed from the batch itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from delegates.evaluation.judging.found import EmpiricalGame
from delegates.evaluation.judging.game_cells import Cells
from delegates.evaluation.judging.game_reasons import MEANT_BY_K_STAR, reasons
from delegates.evaluation.judging.game_samples import STABLE, Frequencies
from delegates.evaluation.judging.game_speech import (
    NAMED,
    Speech,
    percent,
    percentage_points,
    proportion,
)
from delegates.evaluation.planning.plan import LEAST_SCENARIOS
from delegates.text import one_line
from games.equilibrium.components import Component
from games.equilibrium.exact import cell_of, support
from games.equilibrium.report import Equilibrium
from games.equilibrium.words import Phrases, explanation
from games.naming import listed

PROMISES = 2
"""Equilibria whose promise is told; of more, the range."""

WIDE = 0.25
"""ε from which an equilibrium's promise is not made: a quarter of all that can be gained."""

WHOLE = 1.0
"""All that can be gained: a bound beyond it settles nothing."""

LEADS = 0.5
"""Mass from which alpha-rank is said to single out a cell."""

TOLD = 0.05
"""Shares of starts and masses below this are not told."""

NEAR_TOLD = 4
"""Cells near an equilibrium that are told by name."""


MEANT_BY_EPSILON = (
    " With 95 % confidence all means lie within ε of the truth at once (t, Bonferroni); an "
    "equilibrium of the means is then one of the true game, but for a gain of at most 2ε by "
    "leaving it."
)
MEANT_BY_TWICE = ", twice the bound on the error of a mean,"
MEANT_BY_NEAR = ", as no change gains more than two standard errors of the gain"
MEANT_BY_UNSTABLE = ", as it does at ties and where errors are wide"
MEANT_BY_LEARNING = ": what earns more than the average spreads"
MEANT_BY_ALPHA_RANK = " (in which cells populations that evolve spend their time)"

_EXPLAINED = (
    MEANT_BY_K_STAR,
    MEANT_BY_EPSILON,
    MEANT_BY_TWICE,
    MEANT_BY_NEAR,
    MEANT_BY_UNSTABLE,
    MEANT_BY_LEARNING,
    MEANT_BY_ALPHA_RANK,
)
"""What explains a term: a reader of several games needs it once."""


def explained_once(games: Iterable[EmpiricalGame]) -> Iterator[EmpiricalGame]:
    """Yield games in order, each term explained in the first whose words use it."""
    done: set[str] = set()
    for game in games:
        words = game.words
        for meaning in done:
            words = tuple(sentence.replace(meaning, "") for sentence in words)
        done |= {one for one in _EXPLAINED if any(one in sentence for sentence in game.words)}
        yield replace(game, words=words)


def told(
    game: EmpiricalGame,
    cells: Sequence[Cells],
    *,
    frequencies: Frequencies | None,
    idle: Sequence[str] = (),
    each: Mapping[str, EmpiricalGame] | None = None,
    outside: Sequence[tuple[str, str]] = (),
) -> tuple[str, ...]:
    """Return what a game means, a sentence or two each.

    Args:
        game: The game, solved.
        cells: The scenarios behind it.
        frequencies: How often supports are equilibria's in resampled games, if there were any.
        idle: Of the pooled game, scenarios that were left out as a side of them can gain nothing.
        each: Of the pooled game, the scenarios' own ones.
        outside: Pairs of strategies, the consumers' first, that met but are in no game.
    """
    speech = _speech(game, cells)
    phrases = Phrases(
        row_player=speech.labels[0],
        column_player=speech.labels[1],
        row_acts=tuple(f"{speech.verb} “{name}”" for name in speech.rows),
        column_acts=tuple(f"{speech.verb} “{name}”" for name in speech.columns),
    )
    sentences = (
        f"{_candidates(game, speech)}{explanation(game.report, phrases)}",
        *_promises(game, speech),
        *reasons(game, cells, speech, each or {}),
        *_errors(game, cells),
        *_most(game, speech),
        *_near(game, speech),
        *_supports(game, frequencies),
        *_learning(game, speech),
        *_alpha_rank(game, speech),
        *_outside(outside),
        *_left_out(idle),
    )
    return tuple(f"{sentence[0].upper()}{sentence[1:]}" for sentence in sentences)


def _speech(game: EmpiricalGame, cells: Sequence[Cells]) -> Speech:
    pooled = len(cells) > 1
    labels = ("consumers", "suppliers")
    if not pooled:
        first, second = (
            one_line(side.label(cells[0].scenario))
            if len(side.members) == 1
            else f"the {side.name}"
            for side in cells[0].sides
        )
        labels = first, second
    return Speech(
        labels=labels,
        verb="play" if pooled else "plays",
        rows=tuple(map(one_line, game.rows)),
        columns=tuple(map(one_line, game.columns)),
    )


def _candidates(game: EmpiricalGame, speech: Speech) -> str:
    """Return among which strategies a game's claims hold, if not among all of the plan."""
    if not game.is_part:
        return ""
    first, second = (listed([*names], NAMED) for names in (speech.rows, speech.columns))
    return (
        f"The candidates for {speech.labels[0]} were {first}, for {speech.labels[1]} {second}; "
        "what follows holds among these alone. "
    )


def _outside(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield which pairs met and are in no game."""
    if pairs:
        names = [f"({one_line(own)}, {one_line(other)})" for own, other in pairs]
        some = "One pair was" if len(names) == 1 else f"{len(names)} pairs were"
        is_are = "is" if len(names) == 1 else "are"
        yield (
            f"{some} played but {is_are} in no game, as there each candidate of one side must have "
            f"met each of the other: {listed(names, NEAR_TOLD)}."
        )


def _nobody(game: EmpiricalGame) -> str:
    return "no candidate" if game.is_part else "no strategy tested"


def _promises(game: EmpiricalGame, speech: Speech) -> Iterator[str]:
    """Yield what the population that an equilibrium predicts leaves anybody to earn."""
    found = game.report.equilibria
    distinct: dict[tuple[float, float], Equilibrium] = {}
    for one in found:
        distinct.setdefault((float(one.payoffs[0]), float(one.payoffs[1])), one)
    if len(distinct) > PROMISES:
        ends = [(min(p[side] for p in distinct), max(p[side] for p in distinct)) for side in (0, 1)]
        yield (
            f"Against the population that one of these {len(found)} equilibria predicts, "
            f"{_nobody(game)} earns more than what it pays: from {_span(ends[0])} for "
            f"{speech.labels[0]}, {_span(ends[1])} for {speech.labels[1]}{_give_or_take(game)}."
        )
        return
    for (first, second), one in distinct.items():
        which = "this equilibrium" if len(found) == 1 else f"the equilibrium {_place(one, speech)}"
        yield (
            f"Against the population that {which} predicts, {_nobody(game)} earns more than "
            f"{percent(first)} for {speech.labels[0]} or {percent(second)} for {speech.labels[1]}"
            f"{_give_or_take(game)}."
        )


def _span(ends: tuple[float, float]) -> str:
    return f"{percent(ends[0])} to {percent(ends[1])}"


def _give_or_take(game: EmpiricalGame) -> str:
    if game.epsilon is None:
        return " (errors not known)"
    if game.epsilon >= WIDE:
        return ", as far as can be told: errors are too wide to promise it"
    return "" if game.epsilon == 0 else f" (± {percentage_points(game.epsilon)})"


def _place(one: Equilibrium, speech: Speech) -> str:
    """Return an equilibrium by the strategies that it uses."""
    rows, columns = support(one.row), support(one.column)
    return (
        f"({' or '.join(speech.rows[i] for i in rows)}, "
        f"{' or '.join(speech.columns[j] for j in columns)})"
    )


def _errors(game: EmpiricalGame, cells: Sequence[Cells]) -> Iterator[str]:
    """Yield how far the means can be trusted, and what follows for the equilibria."""
    sessions = f"{game.sessions:,} sessions"
    pooled = len(cells) > 1
    if game.errors is None and _least(game, cells) >= LEAST_SCENARIOS:
        yield (
            f"{sessions}, which came to the same in all "
            f"{f'{game.scenarios} scenarios' if pooled else 'draws of chance'}: how far others "
            "would differ cannot be known; no errors, no ε."
        )
        return
    if pooled and game.errors is None:
        yield (
            f"{sessions} over {game.scenarios} scenarios, fewer than {LEAST_SCENARIOS}: how much "
            "another choice of scenarios would change cannot be known; no errors, no ε."
        )
        return
    if not pooled and not cells[0].has_chance.any():
        yield (
            f"There is no chance in these {sessions}: the matrix is exact for these strategies, "
            "and repetitions only repeat."
        )
        return
    if game.errors is None or game.epsilon is None:
        draws = _units(cells[0])
        few = "one draw" if draws == 1 else f"{draws} draws"
        yield (
            f"{sessions}, chance among them, but {few} of it a cell, fewer than {LEAST_SCENARIOS}: "
            "how much other draws would change cannot be known; no errors, no ε."
        )
        return
    units = (
        f"{game.scenarios} scenarios" if pooled else f"{_units(cells[0])} draws of chance a cell"
    )
    lead = f"{sessions}, {units}; {_greatest(game)}"
    if settles_nothing(game):
        yield (
            f"{lead}. With 95 % confidence for all cells at once (t, Bonferroni), leaving an "
            f"equilibrium might still gain more than all there is (2ε{MEANT_BY_TWICE} is "
            f"{percentage_points(2 * game.epsilon)}): that settles nothing."
        )
        return
    yield (
        f"{lead}; ε = {percentage_points(game.epsilon)}, "
        f"2ε = {percentage_points(2 * game.epsilon)}.{MEANT_BY_EPSILON}"
    )
    if game.epsilon >= WIDE:
        yield "That is too wide to settle who would gain by what."
    if pooled:
        yield "The truth meant is the mean over all scenarios like these."


def settles_nothing(game: EmpiricalGame) -> bool:
    """Return whether the bound on what an equilibrium leaves to gain exceeds all there is."""
    return game.epsilon is not None and 2 * game.epsilon > WHOLE


def _greatest(game: EmpiricalGame) -> str:
    """Return how great standard errors are, and that a few draws that agree prove nothing."""
    errors = np.zeros(1) if game.errors is None else game.errors
    known = np.isfinite(errors)
    greatest = float(errors[known].max()) if known.any() else 0.0
    told = f"standard errors up to {100 * greatest:.1f} percentage points"
    if known.all():
        return told
    return f"{told} (–: all draws came to the same, which proves no certainty)"


def _least(game: EmpiricalGame, cells: Sequence[Cells]) -> int:
    """Return how many units stand behind the cell that has fewest."""
    return game.scenarios if len(cells) > 1 else _units(cells[0])


def _units(cells: Cells) -> int:
    return int((cells.weights > 0).sum(axis=0)[cells.has_chance].min())


def _most(game: EmpiricalGame, speech: Speech) -> Iterator[str]:
    """Yield what leaving an equilibrium may still gain, units compared as pairs."""
    for one in game.regrets[:PROMISES]:
        if one.most is None or min(one.most) > WHOLE:
            continue
        where = _place(game.report.equilibria[one.equilibrium], speech)
        paired = "Scenario by scenario" if game.scenarios > 1 else "Draw by draw"
        yield (
            f"{paired} compared, leaving {where} gains {speech.labels[0]} at most "
            f"{_bound(one.most[0])} and {speech.labels[1]} at most {_bound(one.most[1])}, with "
            "95 % confidence for all changes at once."
        )


def _bound(most: float) -> str:
    return "all there is" if most > WHOLE else percentage_points(most)


def _near(game: EmpiricalGame, speech: Speech) -> Iterator[str]:
    if not game.near:
        return
    names = [speech.cell(cell) for cell in game.near]
    yield (f"Not distinguishable from an equilibrium{MEANT_BY_NEAR}: {listed(names, NEAR_TOLD)}.")


def _supports(game: EmpiricalGame, frequencies: Frequencies | None) -> Iterator[str]:
    """Yield whether the same strategies are in equilibrium when chance draws again."""
    if frequencies is None or not game.supports:
        return
    told = [
        f"({' or '.join(map(one_line, one.rows))}, {' or '.join(map(one_line, one.columns))}) in "
        f"{proportion(one.share)}"
        for one in game.supports
    ]
    what = "equilibrium" if frequencies.is_complete else "pure equilibrium"
    lead = f"In {game.resamples:,} resampled games {what} is {listed(told, NEAR_TOLD)}"
    if game.is_unstable:
        stays = any(share >= STABLE for share in frequencies.shares.values())
        which = "which others are in equilibrium beside" if stays else "which are in equilibrium"
        yield (
            f"{lead}: {which} changes from resample to resample{MEANT_BY_UNSTABLE}; no more than "
            f"{proportion(frequencies.together)} of them have just the same."
        )
    elif frequencies.together < 1:
        yield f"{lead}: just the same in all but {proportion(1 - frequencies.together)} of them."
    else:
        yield f"{lead}: the same in all of them."


def _learning(game: EmpiricalGame, speech: Speech) -> Iterator[str]:
    """Yield where replicator dynamics lead."""
    found = game.basins
    if found is None:
        return
    told = [
        f"{proportion(share)} come to rest at {_component(component, speech)}"
        for component, share in sorted(
            zip(game.report.components, found.shares, strict=True), key=lambda pair: -pair[1]
        )
        if share >= TOLD
    ]
    if found.unsettled >= TOLD:
        told.append(f"{proportion(found.unsettled)} go round or are slow")
    yield (
        f"Of {found.starts} random starts of learning (replicator dynamics{MEANT_BY_LEARNING}) "
        f"{listed(told, NEAR_TOLD)}."
    )


def _component(component: Component, speech: Speech) -> str:
    """Return a component by the cells or the mixture that it consists of."""
    cells = sorted(cell for one in component.members if (cell := cell_of(*one)) is not None)
    if component.is_point:
        row, column = component.members[0]
        if cells:
            return speech.cell(cells[0])
        over, across = support(row), support(column)
        rows = " or ".join(speech.rows[i] for i in over)
        return f"the mixture ({rows}, {' or '.join(speech.columns[j] for j in across)})"
    if not cells:
        return "a set of mixtures"
    return f"the set around {listed([*map(speech.cell, cells)], NEAR_TOLD)}"


def _alpha_rank(game: EmpiricalGame, speech: Speech) -> Iterator[str]:
    """Yield whether alpha-rank singles out the same cells."""
    if not game.alpha_rank:
        return
    leading = [(i, j, mass) for i, j, mass in game.alpha_rank if mass >= TOLD]
    told = listed(
        [f"{proportion(mass)} at {speech.cell((i, j))}" for i, j, mass in leading], NEAR_TOLD
    )
    within = sum(mass for i, j, mass in game.alpha_rank if _is_stable(game, (i, j)))
    if within >= 1 - TOLD:
        view = "agrees: all of its mass is on equilibria"
    elif within >= LEADS:
        view = f"agrees for the most part: {proportion(within)} of its mass is on equilibria"
    elif not any(one.pure for one in game.report.equilibria):
        view = "has no cell to rest in either, as no pure equilibrium exists"
    else:
        view = f"does not single them out: {proportion(within)} of its mass is on equilibria"
    lead = f"Alpha-rank{MEANT_BY_ALPHA_RANK}"
    yield f"{lead} {view} ({told})." if told else f"{lead} {view}."


def _is_stable(game: EmpiricalGame, cell: tuple[int, int]) -> bool:
    """Return whether a cell is an equilibrium by itself."""
    return any(one.cell == cell for one in game.report.equilibria)


def _left_out(idle: Sequence[str]) -> Iterator[str]:
    if idle:
        names = listed([one_line(name) for name in idle])
        yield f"Left out, as a side can gain nothing there: {names}."
