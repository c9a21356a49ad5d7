"""What the order of a leaderboard may owe to anything but the strategies."""

from __future__ import annotations

from collections.abc import Iterator

from delegates.evaluation.judging.methods import parts_of
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.gains import on_gains
from delegates.evaluation.planning.notes import asks_embedded
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.planning.rows import PAIR, Rotated, Seatings, Squares
from delegates.text import one_line
from games.naming import listed


def caveats_of(design: Design) -> tuple[str, ...]:
    """Return what a reader of the leaderboard must know, a sentence or two each."""
    return (*on_gains(design.scenarios), *_on_fields(design), *_on_embedded(design))


def _on_fields(design: Design) -> Iterator[str]:
    """Yield where strategies did not all meet the same ones."""
    uneven: list[str] = []
    is_chosen = False
    for scenario, layout in zip(design.scenarios, design.layouts, strict=True):
        fields = fields_of(design.plan, layout, len(scenario.ids))
        if len(set(fields.values())) > 1:
            uneven.append(one_line(scenario.id))
            is_chosen |= len({field | {name} for name, field in fields.items()}) > 1
    if not uneven:
        return
    where = "" if len(uneven) == len(design.scenarios) else f"In {listed(uneven)} "
    why = (
        f"{where or 'S'}{'s' if where else ''}trategies met different opponents, as the plan has it"
        if is_chosen
        else f"{where or 'N'}{'n' if where else ''}o strategy met itself, and so each met others "
        "than the next"
    )
    yield f"{why}: means differ by whom they met as well as by what they did."


def fields_of(plan: Plan, layout: Seatings, parties: int) -> dict[str, frozenset[str]]:
    """Return whom each strategy under test meets in a scenario.

    Args:
        plan: The plan.
        layout: Who sits where in the scenario's sessions.
        parties: How many parties it has.
    """
    tested = plan.tested
    if parties > PAIR and plan.seats.many == "one":
        return {}  # All meet the fixed opponent.
    if parties == PAIR or plan.seats.many == "blocs":
        all_met = frozenset(plan.against)
        left = {} if plan.seats.self_play else {name: {name} for name in tested}
        return {name: all_met - left.get(name, set()) for name in tested}
    met: dict[str, frozenset[str]] = {}
    for part in parts_of(layout):
        if isinstance(part, Squares):
            is_full = len(part.strategies) < parties
            these = frozenset(part.strategies)
            found = {name: these if is_full else these - {name} for name in part.strategies}
        elif isinstance(part, Rotated):
            found = dict.fromkeys(part.strategies, frozenset(part.others))
        else:
            continue
        for name, field in found.items():
            met[name] = met.get(name, frozenset()) | field
    return met


def _on_embedded(design: Design) -> Iterator[str]:
    small = [name for name in design.plan.tested if asks_embedded(design.specs[name])]
    if small:
        yield (
            f"{listed(small)}: decided by the embedded model, which does not negotiate; this is "
            "no measure of what language models can do."
        )
