"""Why the stable cells of an empirical game are stable, in words, from what its sessions show.

Two things decide whether it pays to insist. The first is k*, the greatest share of its gain that
everyone can have at once: below it two demands can be met together, above it they cannot. The other
is what two who insist still ask for at the close: blind time-based tactics come down to their
reservation values, so that insisting costs nothing as long as their offers meet before time is up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from delegates.evaluation.found import EmpiricalGame
from delegates.evaluation.game_cells import Cell, Cells
from games.bargaining.quorum import unanimous
from games.bargaining.solutions import bargain, fair_share, normalised_gains
from games.matrices import gaining_members
from games.outcomes import FloatArray
from games.protocols.alternating_offers import order_in_round
from games.protocols.hall import is_hall

ALWAYS = 0.9995
"""Share of sessions from which it is said that all ended so."""

WORTH_TELLING = 0.005
"""Shares of what can be gained below which a difference is not told."""

ROUNDED = 0.0006
"""Demands are kept in thousandths: an outcome meets one that it misses by no more."""

MOST_CELLS = 3
"""Stable cells that are explained one by one."""

PAIR = 2


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How to speak of the two sides of a game."""

    labels: tuple[str, str]
    verb: str
    """What each does with a strategy: `plays` of one, `play` of several."""
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    def cell(self, cell: Cell) -> str:
        """Return a cell by its strategies, consumers' first."""
        return f"({self.rows[cell[0]]}, {self.columns[cell[1]]})"

    def strategy(self, side: int, place: int) -> str:
        """Return a strategy in quotation marks."""
        return f"“{(self.rows, self.columns)[side][place]}”"


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
    stable = [one.cell for one in game.report.equilibria if one.cell is not None]
    hardest = hardest_cell(cells)
    for cell in stable[:MOST_CELLS]:
        yield from _stable(game, cells, speech, cell, is_hardest=cell == hardest)
        yield from _one_by_one(cell, speech, each)
    if len(stable) > MOST_CELLS:
        yield f"{len(stable) - MOST_CELLS} more cells are stable."
    yield from _rivalry(game, speech, stable)
    if hardest is not None and hardest not in stable:
        yield from _unstable(game, cells, speech, hardest)
        yield from _one_by_one(hardest, speech, each)


def hardest_cell(cells: Sequence[Cells]) -> Cell | None:
    """Return the cell of the two strategies that ask for most over their sessions.

    Mean demands over all sessions of the scenarios, each weighing the same; None if a side made no
    offer.
    """
    found: list[int] = []
    for side, count in enumerate((len(cells[0].rows), len(cells[0].columns))):
        means = np.full(count, np.nan)
        for place in range(count):
            asked = [
                hardness
                for one in cells
                for cell in np.ndindex(len(one.rows), len(one.columns))
                if cell[side] == place
                and (hardness := one.side_mean((cell[0], cell[1]), side, "hardness")) is not None
            ]
            means[place] = np.mean(asked) if asked else np.nan
        if np.isnan(means).all():
            return None
        found.append(int(np.nanargmax(np.round(means, 6))))
    return found[0], found[1]


def _room(cells: Sequence[Cells]) -> Iterator[str]:
    """Yield what everybody can have at once."""
    shares = [share for one in cells if (share := fair_share(one.scenario)) is not None]
    if not all(unanimous(one.scenario) for one in cells):
        yield "Not all need agree here, so that k* foretells nothing of hardness."
    elif len(cells) == 1 and shares:
        yield f"Everyone can have {shares[0]:.2f} of its gain at once (k*)."
    elif shares:
        yield (
            f"Everyone can have between {min(shares):.2f} and {max(shares):.2f} of its gain at "
            f"once (k*), {np.mean(shares):.2f} in the mean."
        )


def _stable(
    game: EmpiricalGame, cells: Sequence[Cells], speech: Speech, cell: Cell, *, is_hardest: bool
) -> Iterator[str]:
    """Yield what happens in a stable cell, and what keeps both there."""
    agreed = float(game.agreed[cell])
    where = f"At {speech.cell(cell)}"
    if agreed <= 1 - ALWAYS:
        yield f"{where} no session ended in agreement{_no_way_out(game, speech, cell)}."
        yield from _demands_missed(cells, speech, cell)
        return
    yield f"{where} {_share_agreed(agreed)}{_when(cells, cell)}; {_worth(game, speech, cell)}."
    yield from _time_taken(cells, speech, cell)
    if agreed < ALWAYS:
        yield from _demands_missed(cells, speech, cell)
    if is_hardest:
        yield from _free(game, cells, speech, cell)


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


def _share_agreed(agreed: float) -> str:
    if agreed >= ALWAYS:
        return "every session ended in agreement"
    return f"{1 - agreed:.0%} of sessions ended without agreement"


def _when(cells: Sequence[Cells], cell: Cell) -> str:
    """Return in which round of how many it was agreed; nothing of scenarios of several lengths."""
    rounds = {one.scenario.protocol.rounds for one in cells}
    when = [float(one.rounds[cell]) for one in cells if isfinite(one.rounds[cell])]
    if len(rounds) != 1 or not when:
        return ""
    return f", in round {np.mean(when):.3g} of {rounds.pop()}"


def _worth(game: EmpiricalGame, speech: Speech, cell: Cell) -> str:
    first, second = (float(game.payoffs[(*cell, side)]) for side in (0, 1))
    gains = "gains" if speech.verb == "plays" else "gain"
    return f"{speech.labels[0]} {gains} {first:.2f}, {speech.labels[1]} {second:.2f}"


def _time_taken(cells: Sequence[Cells], speech: Speech, cell: Cell) -> Iterator[str]:
    """Yield what patience and the chance of breakdown took of what was agreed."""
    taken = [_cost_of_time(cells, cell, side) for side in (0, 1)]
    if max(taken) >= WORTH_TELLING:
        yield (
            f"Time took {taken[0]:.2f} from {speech.labels[0]} and {taken[1]:.2f} from "
            f"{speech.labels[1]} there (patience, breakdown)."
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
    lead = (
        "Hardness is free here: these are the two that ask for most, and it cost them no agreement."
        if agreed >= ALWAYS
        else "Hardness pays here, though it costs agreements: these are the two that ask for most."
    )
    yield f"{lead}{_together(cells, cell)}"
    for side in (0, 1):
        softer = _best_other(game, cell, side)
        if softer is not None:
            own = float(game.payoffs[(*cell, side)])
            other, instead = softer
            yield (
                f"Conceding otherwise brings {speech.labels[side]} no more: at best "
                f"{other:.2f} ({speech.strategy(side, instead)}) instead of {own:.2f}."
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
    told = f" At the close they ask for only {asked[0]:.2f} and {asked[1]:.2f}"
    if max(asked[0], asked[1]) <= share:
        return f"{told}, and everyone can have {share:.2f} (k*): they meet on the way down."
    return f" At the close they ask for {asked[0]:.2f} and {asked[1]:.2f} (k* = {share:.2f})."


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
        f"({worth[best[side], side]:.2f} instead of {worth[best[1 - side], side]:.2f})"
        for side in (0, 1)
    ]
    yield f"They do not want the same: {told[0]}, {told[1]}."


def _unstable(
    game: EmpiricalGame, cells: Sequence[Cells], speech: Speech, cell: Cell
) -> Iterator[str]:
    """Yield why the two strategies that ask for most are no equilibrium."""
    agreed = float(game.agreed[cell])
    yield (
        f"The two that ask for most, {speech.cell(cell)}, are no equilibrium: there "
        f"{_ended(agreed)}{_when(cells, cell)}."
    )
    if agreed < ALWAYS:
        yield from _demands_missed(cells, speech, cell)
    for side in (0, 1):
        yield from _better(game, cells, speech, cell, side)


def _ended(agreed: float) -> str:
    return "no session ended in agreement" if agreed <= 1 - ALWAYS else _share_agreed(agreed)


def _better(
    game: EmpiricalGame, cells: Sequence[Cells], speech: Speech, cell: Cell, side: int
) -> Iterator[str]:
    """Yield what a side does better by leaving a cell, and what the difference comes from."""
    best = _best_other(game, cell, side)
    own = float(game.payoffs[(*cell, side)])
    if best is None or best[0] <= own:
        return
    worth, place = best
    there = (place, cell[1]) if side == 0 else (cell[0], place)
    label, strategy = speech.labels[side], speech.strategy(side, place)
    does = "does" if speech.verb == "plays" else "do"
    told = f"{label} {does} better with {strategy}: {worth:.2f} instead of {own:.2f}"
    more = float(game.agreed[there]) - float(game.agreed[cell])
    saved = _cost_of_time(cells, cell, side) - _cost_of_time(cells, there, side)
    if more > 1 - ALWAYS:
        yield f"{told}, as then {_share_agreed(float(game.agreed[there]))}."
    elif saved >= (worth - own) / 2:
        yield f"{told}, as agreeing{_when(cells, there) or ' sooner'} saves it {saved:.2f} of time."
    else:
        yield f"{told}, on better terms."


def _demands_missed(cells: Sequence[Cells], speech: Speech, cell: Cell) -> Iterator[str]:
    """Yield whether what both asked for at last, where they failed, could be had together."""
    if len(cells) > 1:
        yield from _missed_in_several(cells, cell)
        return
    one = cells[0]
    asked = last_demands(one, cell)
    if asked is None:
        return
    first, second = (one.side_mean(cell, side, "asked") for side in (0, 1))
    if first is None or second is None:
        return
    some = " in the mean" if one.has_chance[cell] else ""
    lead = (
        f"Where it failed, {speech.labels[0]} asked for {first:.2f} at last and "
        f"{speech.labels[1]} for {second:.2f}{some}"
    )
    share = fair_share(one.scenario)
    if not unanimous(one.scenario) or share is None:
        yield f"{lead}."
    elif (count := meeting(one, asked)) > 0:
        yield f"{lead}: {_exists(count)} each that much, {_missed(one, cell)}."
    else:
        yield f"{lead}: {_impossible(one, speech, asked, share)}."
    yield from _last_word(one, speech)


def last_demands(one: Cells, cell: Cell) -> dict[str, float] | None:
    """Return what each party asked for at last where nothing was agreed; None if not all asked."""
    conduct = one.conduct.get(cell, {})
    left_out = bargain(one.scenario).left_out
    asked = {party: seat.asked for party, seat in conduct.items() if party not in left_out}
    known = {party: demand for party, demand in asked.items() if demand is not None}
    return known if len(known) == len(one.scenario.ids) - len(left_out) else None


def meeting(one: Cells, asked: Mapping[str, float]) -> int:
    """Return how many outcomes of the ZOPA give each party what it asks for."""
    gains = _zopa_gains(one)
    met = np.ones(gains.shape[1], dtype=bool)
    for party, demand in asked.items():
        met &= gains[one.scenario.ids.index(party)] >= demand - ROUNDED
    return int(met.sum())


def _zopa_gains(one: Cells) -> FloatArray:
    return one.scenario.once(
        "evaluation/zopa-gains", lambda s: normalised_gains(s, bargain(s).zopa)
    )


def _exists(count: int) -> str:
    return "one outcome gives" if count == 1 else f"{count:,} outcomes give"


def _missed(one: Cells, cell: Cell) -> str:
    if one.goes_by_the_clock(cell):
        return "but offers made by the clock, blind to what the other wants, did not find any"
    return "but their offers did not find any"


def _impossible(one: Cells, speech: Speech, asked: Mapping[str, float], share: float) -> str:
    """Return that demands cannot be met together, and why."""
    if min(asked.values()) > share + ROUNDED:
        return f"more than can be had together (k* = {share:.2f})"
    sides = [gaining_members(one.scenario, side) for side in one.sides]
    if len(one.scenario.ids) != PAIR:
        return "no outcome gives everyone that much"
    gains = _zopa_gains(one)
    first, second = sides[0][0], sides[1][0]
    enough = gains[first] >= asked[one.scenario.ids[first]] - ROUNDED
    if not enough.any():
        return f"no outcome that both would sign gives {speech.labels[0]} that much"
    left = float(gains[second, enough].max())
    return (
        f"an outcome that gives {speech.labels[0]} that much leaves {speech.labels[1]} at most "
        f"{left:.2f}"
    )


def _last_word(one: Cells, speech: Speech) -> Iterator[str]:
    """Yield who makes the last offer that can still be answered, where that is certain."""
    protocol = one.scenario.protocol
    if is_hall(one.scenario) or len(one.scenario.ids) != PAIR:
        return
    if protocol.opens == "lot" or protocol.deadline is not None:
        return
    mover = order_in_round(one.scenario, protocol.rounds - 1, 0)[0]
    side = 0 if mover in one.sides[0].members else 1
    yield f"The last offer that can be answered is made by {speech.labels[side]}."


def _missed_in_several(cells: Sequence[Cells], cell: Cell) -> Iterator[str]:
    """Yield in how many scenarios demands that were not met could have been."""
    failed = [one for one in cells if one.agreed[cell] < ALWAYS]
    known = [
        (one, asked)
        for one in failed
        if unanimous(one.scenario) and (asked := last_demands(one, cell)) is not None
    ]
    if not known:
        return
    met = sum(meeting(one, asked) > 0 for one, asked in known)
    lead = f"It failed in {_of(len(failed), len(cells))} scenarios"
    if met == len(known):
        yield f"{lead}, though in each an outcome gives both what they last asked for."
    elif met:
        yield (
            f"{lead}; in {met} of these an outcome gives both what they last asked for, in the "
            "others there is none."
        )
    else:
        yield f"{lead}, in each of which no outcome gives both what they last asked for."


def _of(some: int, all_: int) -> str:
    return f"all {all_}" if some == all_ else f"{some} of {all_}"
