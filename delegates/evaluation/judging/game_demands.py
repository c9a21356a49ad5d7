"""What both sides still asked for where they did not agree, and whether that could be had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from delegates.evaluation.judging.game_cells import ALWAYS, Cell, Cells
from delegates.evaluation.judging.game_speech import Speech, percent, proportion
from delegates.evaluation.planning.rows import PAIR
from games.bargaining.quorum import unanimous
from games.bargaining.solutions import bargain, fair_share, normalised_gains
from games.matrices.matrix import gaining_members
from games.outcomes import FloatArray

ROUNDED = 0.0006
"""Demands are kept in thousandths: an outcome meets one that it misses by no more."""


def demands_missed(cells: Sequence[Cells], speech: Speech, cell: Cell) -> Iterator[str]:
    """Yield whether what both asked for at last, where they failed, could be had together."""
    yield from _cut_short(cells, cell)
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
        f"Where it failed, {speech.labels[0]} asked for {percent(first)} at last and "
        f"{speech.labels[1]} for {percent(second)}{some}"
    )
    share = fair_share(one.scenario)
    if not unanimous(one.scenario) or share is None:
        yield f"{lead}."
    elif (count := meeting(one, asked)) > 0:
        yield f"{lead}: {_exists(count)} each that much, {_missed(one, cell)}."
    else:
        yield f"{lead}: {_impossible(one, speech, asked, share)}."


def _cut_short(cells: Sequence[Cells], cell: Cell) -> Iterator[str]:
    """Yield how many sessions failed otherwise than by what was asked for."""
    share = float(np.mean([one.cut[cell] for one in cells]))
    if share > 0:
        yield (
            f"{proportion(share)} of sessions there were decided by a clock, a fault, a broken "
            "rule or a fallback, which counts as no agreement: nothing follows from what was asked "
            "for in them."
        )


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
        return f"more than can be had together (k* = {percent(share)})"
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
        f"{percent(left)}"
    )


def _missed_in_several(cells: Sequence[Cells], cell: Cell) -> Iterator[str]:
    """Yield in how many scenarios demands that were not met could have been."""
    failed = [one for one in cells if one.agreed[cell] < ALWAYS]
    # A demand explains nothing where every failure was one of time or rules.
    failed = [one for one in failed if one.agreed[cell] + one.cut[cell] < ALWAYS]
    known = [
        (one, asked)
        for one in failed
        if unanimous(one.scenario) and (asked := last_demands(one, cell)) is not None
    ]
    if not known:
        return
    met = sum(meeting(one, asked) > 0 for one, asked in known)
    lead = f"It failed in {_of(len(failed), len(cells))} scenarios"
    gives = "an outcome gives everyone what was last asked for"
    if len(known) < len(failed):
        # Elsewhere not all must agree, or some made no offer.
        where = "the one" if len(known) == 1 else f"the {len(known)}"
        lead += f". In {where} where all must agree and all made offers"
        how = ("in each " if len(known) > 1 else "") + gives if met else f"no {gives[3:]}"
        yield f"{lead}, {_in_some(met, len(known), gives) or how}."
    elif met and met < len(known):
        yield f"{lead}; {_in_some(met, len(known), gives)}."
    elif met:
        yield f"{lead}, though {'there' if len(known) == 1 else 'in each'} {gives}."
    else:
        yield f"{lead}, where no {gives[3:]}."


def _in_some(met: int, known: int, gives: str) -> str:
    """Return in how many scenarios demands could be met; nothing if in all or none."""
    return f"in {met} {gives}, in {known - met} there is none" if 0 < met < known else ""


def _of(some: int, all_: int) -> str:
    if some == all_:
        return "both" if all_ == PAIR else f"all {all_}"
    return f"{some} of {all_}"
