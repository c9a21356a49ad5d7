"""Why the stable cells of an empirical game are stable, in words, from what its sessions show.

Two things decide whether it pays to insist. The first is k*, the greatest share of its gain that
everyone can have at once: below it two demands can be met together, above it they cannot. The other
is what two who insist still ask for at the close: blind time-based tactics come down to their
reservation values, so that insisting costs nothing as long as their offers meet before time is up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

import numpy as np

from delegates.evaluation.judging.found import EmpiricalGame
from delegates.evaluation.judging.game_cells import ALWAYS, Cell, Cells
from delegates.evaluation.judging.game_demands import demands_missed
from delegates.evaluation.judging.game_speech import (
    Speech,
    figure,
    percent,
    percentage_points,
    proportion,
)
from delegates.evaluation.planning.rows import PAIR
from games.bargaining.quorum import unanimous
from games.bargaining.solutions import fair_share
from games.outcomes import FloatArray
from games.protocols.alternating_offers import order_in_round
from games.protocols.hall import is_hall

MEANT_BY_K_STAR = ", the greatest share that all can have"
"""What k* is."""

WORTH_TELLING = 0.005
"""Shares of what can be gained below which a difference is not told."""

ABOUT = 0.05
"""Shares of what can be gained within which two strategies ask for about the same."""

MOST_CELLS = 3
"""Stable cells that are explained one by one."""


def reasons(
    game: EmpiricalGame,
    cells: Sequence[Cells],
    speech: Speech,
    each: Mapping[str, EmpiricalGame],
) -> Iterator[str]:
    """Yield why the game is as it is, a sentence or two each.

    Args:
        game: The game, solved.
        cells: The scenarios behind it.
        speech: How to speak of its sides.
        each: Of a pooled game, the scenarios' own ones.
    """
    yield from _room(cells)
    yield from _last_word(cells, speech)
    stable = [one.cell for one in game.report.equilibria if one.cell is not None]
    hardest = hardest_cell(cells)
    for cell in stable[:MOST_CELLS]:
        yield from _stable(game, cells, speech, cell, hardest)
        yield from _one_by_one(cell, speech, each)
    if len(stable) > MOST_CELLS:
        yield f"{len(stable) - MOST_CELLS} more cells are stable."
    yield from _rivalry(game, speech, stable)
    if hardest is not None and hardest not in stable:
        yield from _unstable(game, cells, speech, hardest)
        yield from _one_by_one(hardest, speech, each)


def hardness(cells: Sequence[Cells]) -> tuple[FloatArray, FloatArray]:
    """Return what each strategy of each side asks for at the close, a mean over scenarios.

    Of strategies that go by the clock what their schedule says, of others the mean over sessions
    that got to the end of the rounds; NaN where none did.
    """
    return (_closing(cells, 0, len(cells[0].rows)), _closing(cells, 1, len(cells[0].columns)))


def _closing(cells: Sequence[Cells], side: int, count: int) -> FloatArray:
    means = np.full(count, np.nan)
    for place in range(count):
        asked = [known for one in cells if (known := _asked(one, side, place)) is not None]
        means[place] = round(float(np.mean(asked)), 6) if asked else np.nan
    return means


def _asked(one: Cells, side: int, place: int) -> float | None:
    """Return what one strategy asks for at the close in one scenario."""
    others = range(len(one.columns) if side == 0 else len(one.rows))
    places: list[Cell] = [(place, k) if side == 0 else (k, place) for k in others]
    timed = one.closing_demand(places[0], side)
    if timed is not None:
        return timed
    asked = [one.side_mean(cell, side, "closing") for cell in places]
    known = [demand for demand in asked if demand is not None]
    return float(np.mean(known)) if known else None


def hardest_cell(cells: Sequence[Cells]) -> Cell | None:
    """Return the cell of the two strategies that ask for most at the close; None if on one side
    none got there."""
    first, second = hardness(cells)
    if np.isnan(first).all() or np.isnan(second).all():
        return None
    return int(np.nanargmax(first)), int(np.nanargmax(second))


def hard_agree(game: EmpiricalGame, cells: Sequence[Cells], cell: Cell) -> bool:
    """Return whether all pairs agree that ask for as much as a cell's at the close, or nearly."""
    first, second = hardness(cells)
    hard = np.outer(first >= first[cell[0]] - ABOUT, second >= second[cell[1]] - ABOUT)
    return bool((game.agreed[hard] >= ALWAYS).all())


def _room(cells: Sequence[Cells]) -> Iterator[str]:
    """Yield what everybody can have at once, where that decides anything."""
    bound = [one.scenario for one in cells if unanimous(one.scenario)]
    shares = [share for one in bound if (share := fair_share(one)) is not None]
    if not shares:
        yield "Not all need agree here: what all could have at once foretells nothing of hardness."
    elif len(cells) == 1:
        yield f"Everyone can have {percent(shares[0])} of its gain at once (k*{MEANT_BY_K_STAR})."
    else:
        where = (
            ""
            if len(shares) == len(cells)
            else f" in the {len(shares)} scenarios where all must agree"
        )
        yield (
            f"Everyone can have between {percent(min(shares))} and {percent(max(shares))} of its "
            f"gain at once (k*{MEANT_BY_K_STAR}){where}, {percent(float(np.mean(shares)))} in the "
            "mean."
        )


def _stable(
    game: EmpiricalGame,
    cells: Sequence[Cells],
    speech: Speech,
    cell: Cell,
    hardest: Cell | None,
) -> Iterator[str]:
    """Yield what happens in a stable cell, and what keeps both there."""
    agreed = float(game.agreed[cell])
    where = f"At {speech.cell(cell)}"
    if agreed <= 1 - ALWAYS:
        yield f"{where} no session ended in agreement{_no_way_out(game, speech, cell)}."
        yield from demands_missed(cells, speech, cell)
        return
    yield (
        f"{where} {_share_agreed(agreed, cells)}{_when(cells, cell)}; {_worth(game, speech, cell)}."
    )
    yield from _time_taken(cells, speech, cell)
    if agreed < ALWAYS:
        yield from demands_missed(cells, speech, cell)
    if hardest == cell:
        yield from _free(game, cells, speech, cell)
    elif hardest is not None:
        for side in (0, 1):
            yield from _harder(game, cells, speech, cell, side, hardest[side])


def _no_way_out(game: EmpiricalGame, speech: Speech, cell: Cell) -> str:
    """Return why neither side leaves a cell without agreement."""
    told: list[str] = []
    for side in (0, 1):
        own, other = speech.labels[side], speech.strategy(1 - side, cell[1 - side])
        line = game.agreed[:, cell[1]] if side == 0 else game.agreed[cell[0], :]
        if line.max() <= 1 - ALWAYS:
            told.append(f"no strategy of {own} reached one against {other}")
        else:
            told.append(f"those of {own} that reached one against {other} gained nothing by it")
    return f": {told[0]}, and {told[1]}"


def _share_agreed(agreed: float, cells: Sequence[Cells]) -> str:
    if agreed >= ALWAYS:
        return "every session ended in agreement"
    if agreed <= 1 - ALWAYS:
        return "no session ended in agreement"
    of = "of sessions" if len(cells) == 1 else "of sessions, each scenario weighing the same,"
    return f"{proportion(agreed)} {of} ended in agreement"


def _when(cells: Sequence[Cells], cell: Cell) -> str:
    """Return in which round of how many it was agreed; nothing of scenarios of several lengths."""
    rounds = {one.scenario.protocol.rounds for one in cells}
    when = [float(one.rounds[cell]) for one in cells if isfinite(one.rounds[cell])]
    if len(rounds) != 1 or not when:
        return ""
    mean, planned = float(np.mean(when)), rounds.pop()
    # A chair may have extended the talks.
    return f", in round {mean:.3g}" + (f" of {planned}" if mean <= planned else "")


def _worth(game: EmpiricalGame, speech: Speech, cell: Cell) -> str:
    first, second = (float(game.payoffs[(*cell, side)]) for side in (0, 1))
    gains = "gains" if speech.verb == "plays" else "gain"
    return f"{speech.labels[0]} {gains} {percent(first)}, {speech.labels[1]} {percent(second)}"


def _time_taken(cells: Sequence[Cells], speech: Speech, cell: Cell) -> Iterator[str]:
    """Yield what patience and the chance of breakdown took of what was agreed."""
    taken = [_cost_of_time(cells, cell, side) for side in (0, 1)]
    if max(taken) >= WORTH_TELLING:
        yield (
            f"Time took {percentage_points(taken[0])} from {speech.labels[0]} and "
            f"{figure(taken[1])} from {speech.labels[1]} there (patience, breakdown)."
        )


def _cost_of_time(cells: Sequence[Cells], cell: Cell, side: int) -> float:
    lost = [
        advantage - gain
        for one in cells
        if (advantage := one.side_mean(cell, side, "advantage")) is not None
        and isfinite(gain := _gain(one, cell, side))
    ]
    return float(np.mean(lost)) if lost else 0.0


def _gain(one: Cells, cell: Cell, side: int) -> float:
    """Return a side's mean gain in a cell, time counted."""
    weights = one.weights[:, cell[0], cell[1]]
    kept = weights > 0
    values = one.gains[kept, cell[0], cell[1], side]
    return float((values * weights[kept]).sum() / weights[kept].sum()) if kept.any() else np.nan


def _free(game: EmpiricalGame, cells: Sequence[Cells], speech: Speech, cell: Cell) -> Iterator[str]:
    """Yield that insisting costs nothing where the two hardest meet and stay."""
    agreed = float(game.agreed[cell])
    if agreed < ALWAYS:
        lead = (
            "Hardness pays here, though it costs agreements: these two ask for most at the close."
        )
    elif hard_agree(game, cells, cell):
        lead = "Hardness is free here: these two ask for most at the close, and still agree."
    else:
        lead = (
            "These two ask for most at the close and still agree, but others that ask for about as "
            "much do not: hardness is not free."
        )
    yield f"{lead}{_together(cells, cell)}"
    for side in (0, 1):
        softer = _best_other(game, cell, side)
        if softer is not None:
            own = float(game.payoffs[(*cell, side)])
            other, instead = softer
            yield (
                f"Conceding otherwise brings {speech.labels[side]} no more: at best "
                f"{percent(other)} ({speech.strategy(side, instead)}) instead of {percent(own)}."
            )


def _together(cells: Sequence[Cells], cell: Cell) -> str:
    """Return how what both ask for in the end compares with what can be had together."""
    if len(cells) > 1 or not unanimous(cells[0].scenario):
        return ""
    one = cells[0]
    share = fair_share(one.scenario)
    asked = [one.closing_demand(cell, side) for side in (0, 1)]
    if share is None or asked[0] is None or asked[1] is None:
        return ""
    told = f" At the close they ask for only {percent(asked[0])} and {percent(asked[1])}"
    if max(asked[0], asked[1]) <= share:
        return f"{told}, and everyone can have {percent(share)} (k*): they meet on the way down."
    return (
        f" At the close they ask for {percent(asked[0])} and {percent(asked[1])} "
        f"(k* = {percent(share)})."
    )


def _best_other(game: EmpiricalGame, cell: Cell, side: int) -> tuple[float, int] | None:
    """Return the most that a side gets by another strategy, and which."""
    line = (game.payoffs[:, cell[1], 0] if side == 0 else game.payoffs[cell[0], :, 1]).copy()
    if len(line) == 1:
        return None
    line[cell[side]] = -np.inf
    best = int(np.argmax(np.round(line, 6)))
    return float(line[best]), best


def _one_by_one(cell: Cell, speech: Speech, each: Mapping[str, EmpiricalGame]) -> Iterator[str]:
    """Yield in how many scenarios by themselves a cell of the pooled game is stable."""
    if not each:
        return
    names = speech.rows[cell[0]], speech.columns[cell[1]]
    found = sum(
        any(
            one.cell is not None and (game.rows[one.cell[0]], game.columns[one.cell[1]]) == names
            for one in game.report.equilibria
        )
        for game in each.values()
    )
    yield f"Taken one by one, {speech.cell(cell)} is stable in {found} of {len(each)} scenarios."


def _rivalry(game: EmpiricalGame, speech: Speech, stable: Sequence[Cell]) -> Iterator[str]:
    """Yield that the two sides would rather be in different ones of the stable cells."""
    if len(stable) < PAIR:
        return
    worth = np.array([game.payoffs[cell] for cell in stable])
    best = [int(np.argmax(np.round(worth[:, side], 6))) for side in (0, 1)]
    if best[0] == best[1]:
        return
    differences = [worth[best[side], side] - worth[best[1 - side], side] for side in (0, 1)]
    if min(differences) < WORTH_TELLING:
        return
    told = [
        f"{speech.labels[side]} would rather be at {speech.cell(stable[best[side]])} "
        f"({percent(worth[best[side], side])} instead of {percent(worth[best[1 - side], side])})"
        for side in (0, 1)
    ]
    yield f"They do not want the same: {told[0]}, {told[1]}."


def _unstable(
    game: EmpiricalGame, cells: Sequence[Cells], speech: Speech, cell: Cell
) -> Iterator[str]:
    """Yield why the two strategies that ask for most are no equilibrium."""
    agreed = float(game.agreed[cell])
    yield (
        f"The two that ask for most at the close, {speech.cell(cell)}, are no equilibrium: there "
        f"{_share_agreed(agreed, cells)}{_when(cells, cell)}."
    )
    if agreed < ALWAYS:
        yield from demands_missed(cells, speech, cell)
    for side in (0, 1):
        yield from _better(game, cells, speech, cell, side)


def _better(
    game: EmpiricalGame, cells: Sequence[Cells], speech: Speech, cell: Cell, side: int
) -> Iterator[str]:
    """Yield what a side does better by leaving a cell, and what the difference comes from."""
    best = _best_other(game, cell, side)
    own = float(game.payoffs[(*cell, side)])
    if best is None or best[0] <= own:
        return
    worth, place = best
    does = "does" if speech.verb == "plays" else "do"
    lead = f"{speech.labels[side]} {does} better with {speech.strategy(side, place)}"
    if worth - own < WORTH_TELLING:
        yield f"{lead}, but hardly."
        return
    why = _cause(game, cells, cell, side, place)
    yield f"{lead}: {percent(worth)} instead of {percent(own)}, {why}."


def _harder(
    game: EmpiricalGame,
    cells: Sequence[Cells],
    speech: Speech,
    cell: Cell,
    side: int,
    hardest: int,
) -> Iterator[str]:
    """Yield what keeps a side from insisting where the other one stays."""
    own = float(game.payoffs[(*cell, side)])
    there = _changed(cell, side, hardest)
    worth = float(game.payoffs[(*there, side)])
    if cell[side] == hardest:
        return
    if abs(worth - own) < WORTH_TELLING:
        yield (
            f"Insisting there ({speech.strategy(side, hardest)}) would change nothing for "
            f"{speech.labels[side]}."
        )
        return
    lead = (
        f"Insisting there ({speech.strategy(side, hardest)}), {speech.labels[side]} would have "
        f"{percent(worth)} instead of {percent(own)}"
    )
    yield f"{lead}, {_cause(game, cells, cell, side, hardest)}."


def _changed(cell: Cell, side: int, place: int) -> Cell:
    return (place, cell[1]) if side == 0 else (cell[0], place)


def _cause(game: EmpiricalGame, cells: Sequence[Cells], cell: Cell, side: int, place: int) -> str:
    """Return what a side's gain or loss by a change of strategy comes from.

    From agreements if their share changes the same way; else from time, if that accounts for half
    of it; else from what was agreed.
    """
    there = _changed(cell, side, place)
    difference = float(game.payoffs[(*there, side)] - game.payoffs[(*cell, side)])
    more = float(game.agreed[there] - game.agreed[cell])
    saved = _cost_of_time(cells, cell, side) - _cost_of_time(cells, there, side)
    if more * difference > 0 and abs(more) > 1 - ALWAYS:
        return f"as then {_share_agreed(float(game.agreed[there]), cells)}"
    if saved * difference > 0 and abs(saved) >= abs(difference) / 2:
        gained, saved = ("saves", saved) if difference > 0 else ("costs", -saved)
        when = _when(cells, there).removeprefix(",")
        return f"as agreeing{when} {gained} it {percentage_points(saved)} of time"
    return "on better terms" if difference > 0 else "on worse terms"


def _last_word(cells: Sequence[Cells], speech: Speech) -> Iterator[str]:
    """Yield who makes the last offer that can still be answered, where that is certain."""
    scenario = cells[0].scenario
    protocol = scenario.protocol
    if len(cells) > 1 or is_hall(scenario) or len(scenario.ids) != PAIR:
        return
    if protocol.opens == "lot" or protocol.deadline is not None:
        return
    mover = order_in_round(scenario, protocol.rounds - 1, 0)[0]
    side = 0 if mover in cells[0].sides[0].members else 1
    yield (
        f"The last offer that can be answered is made by {speech.labels[side]}, in round "
        f"{protocol.rounds}."
    )
