"""How strategies did: alone, against each other, and under whose names; each with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from delegates.evaluation.judging.found import Difference, Estimate, Naming, Pairing, Standing
from delegates.evaluation.judging.paired import PairedMean, name_pairs, strategy_pairs
from delegates.evaluation.judging.statistics import SHARE, estimate, holm, two_sided_p
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.plan import CLASSES
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.results.gather import seat_means
from delegates.minds.registry import PEER_MINDS
from delegates.seats import parse_seat

if TYPE_CHECKING:
    import polars as pl

PER_POINT = 100
"""Points into which what there was to gain is divided, for the cost of one."""


def standings(design: Design, folder: Folder) -> tuple[Standing, ...]:
    """Return how each strategy under test did, the greatest mean advantage first.

    Equal ones stand in the plan's order, those without any advantage last. A mean is that of the
    scenarios' means, and a scenario's is that of all seats of its sessions that the strategy had
    under test, but for sessions that are left out; they are counted in `left_out` and in `ended`.

    The cost of a point is what was paid for the strategy's replies in all its sessions, divided by
    the hundredths of advantage that it gained in all: `cost_usd / (100 × Σ advantage)`.

    Args:
        design: What is evaluated.
        folder: Where its tables lie.
    """
    frame = _under_test(folder, ("strategy", "scenario"))
    most = float(max(scenario.protocol.rounds for scenario in design.scenarios))
    found = [
        _standing(design, name, frame.filter(frame["strategy"] == name), most)
        for name in design.specs
        if name in design.plan.tested
    ]
    return tuple(sorted(found, key=lambda one: _rank(one.advantage)))


def _under_test(folder: Folder, by: Sequence[str]) -> pl.DataFrame:
    frame = seat_means(folder, (*by, "tested"))
    return frame.filter(frame["tested"])


def _rank(advantage: Estimate) -> float:
    return float("inf") if advantage.mean is None else -advantage.mean


def _standing(design: Design, name: str, own: pl.DataFrame, most: float) -> Standing:
    sessions = _sum(own, "sessions")
    tokens = _sum(own, "tokens_in") + _sum(own, "tokens_out")
    costs: list[float | None] = own["cost_usd"].to_list()
    cost = None if None in costs else float(sum(known or 0.0 for known in costs))
    ended = {each: _sum(own, f"ended_{each}") for each in (*CLASSES, "fallback")}
    return Standing(
        strategy=name,
        spec=design.specs[name],
        whose=_whose(design, design.specs[name]),
        advantage=_estimated(own, "advantage"),
        payoff=_estimated(own, "gain"),
        agreed=_estimated(own, "agreed"),
        pareto=_estimated(own, "pareto"),
        nash=_estimated(own, "nash"),
        joint=_estimated(own, "joint"),
        product=_estimated(own, "product"),
        rounds=_estimated(own, "rounds", (0.0, most)),
        ended={each: count for each, count in ended.items() if count},
        left_out=_sum(own, "left_out"),
        calls_a_session=_sum(own, "calls") / max(1, sessions),
        tokens_a_session=tokens / max(1, sessions),
        cost_usd=cost,
        cost_per_point=_cost_per_point(own, cost),
    )


def _whose(design: Design, spec: str) -> str:
    seat = parse_seat(spec)
    if seat.mind not in PEER_MINDS:
        return ""
    called = PEER_MINDS[seat.mind].called(seat.parameters)
    worded = f", worded by {seat.voice_model}" if seat.voice_model else ""
    return f"{called} of {design.releases[seat.mind]}{worded}"


def _sum(frame: pl.DataFrame, column: str) -> int:
    return int(frame[column].sum())


def _estimated(cells: pl.DataFrame, measure: str, within: tuple[float, float] = SHARE) -> Estimate:
    """Return the mean of a measure over the scenarios that have any; one row a scenario."""
    known = cells.filter(cells[f"{measure}_n"] > 0)
    means = known[f"{measure}_mean"].to_numpy().astype(np.float64)
    return estimate(means, sessions=_sum(known, f"{measure}_n"), within=within)


def _cost_per_point(own: pl.DataFrame, cost: float | None) -> float | None:
    gained = float((own["advantage_mean"] * own["advantage_n"]).sum())
    return cost / (PER_POINT * gained) if cost and gained > 0 else None


def differences(
    design: Design, folder: Folder, order: Sequence[str] = ()
) -> tuple[Difference, ...]:
    """Return how much more each strategy under test gained than each other, in the same place.

    What the same place is, `paired.strategy_pairs` says. Each difference is between strategies in
    the order given. The p-values are adjusted for all of them together.

    Args:
        design: What is evaluated.
        folder: Where its tables lie.
        order: Strategies, the best first; as the plan has them if not given.
    """
    listed = order or tuple(name for name in design.specs if name in design.plan.tested)
    gathered = _gathered(strategy_pairs(design, folder))
    couples = [(a, b) for place, a in enumerate(listed) for b in listed[place + 1 :]]
    cells = [gathered.get((None, a, b)) or _turned(gathered, a, b) for a, b in couples]
    ps = [two_sided_p(_means(some)) for some in cells]
    return tuple(
        Difference(first=a, second=b, advantage=_estimate_of(some), p=p, p_holm=adjusted)
        for (a, b), some, p, adjusted in zip(couples, cells, ps, holm(ps), strict=True)
    )


def namings(design: Design, folder: Folder) -> tuple[Naming, ...]:
    """Return how much more each strategy that asks a model gained under own names than aliases.

    Paired by scenario, seats and repetition. Empty unless the plan plays under both. Rules do not
    read names, and have no line. The p-values are not adjusted: each answers for its own model.
    """
    if len(set(design.plan.names)) == 1:
        return ()
    gathered = _gathered(name_pairs(design, folder))
    found: list[Naming] = []
    for name, spec in design.specs.items():
        if name in design.plan.tested and parse_seat(spec).models:
            some = gathered.get((name, "own", "alias"), [])
            found.append(
                Naming(strategy=name, difference=_estimate_of(some), p=two_sided_p(_means(some)))
            )
    return tuple(found)


def pairings(design: Design, folder: Folder) -> tuple[Pairing, ...]:
    """Return what each strategy under test gained against each that it met, both seats together.

    Sessions of two parties alone; in the plan's order.

    Args:
        design: What is evaluated.
        folder: Where its tables lie.
    """
    frame = _under_test(folder, ("strategy", "others", "scenario"))
    found: list[Pairing] = []
    for name in design.specs:
        own = frame.filter(frame["strategy"] == name)
        for other in design.specs:
            cells = own.filter(own["others"] == other)
            if cells.height:
                found.append(
                    Pairing(
                        strategy=name,
                        against=other,
                        advantage=_estimated(cells, "advantage"),
                        agreed=_estimated(cells, "agreed"),
                    )
                )
    return tuple(found)


_Cells = dict[tuple[str | None, str, str], list[PairedMean]]


def _gathered(paired: Iterable[PairedMean]) -> _Cells:
    """Return the scenarios of each comparison."""
    found: _Cells = {}
    for one in paired:
        found.setdefault((one.strategy, one.first, one.second), []).append(one)
    return found


def _turned(gathered: _Cells, first: str, second: str) -> list[PairedMean]:
    return [
        replace(one, first=first, second=second, mean=0.0 - one.mean)
        for one in gathered.get((None, second, first), [])
    ]


def _means(some: Sequence[PairedMean]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([one.mean for one in some], dtype=np.float64)


def _estimate_of(some: Sequence[PairedMean]) -> Estimate:
    return estimate(_means(some), sessions=sum(one.pairs for one in some))
