"""What the author of a plan should know of it before it is played."""

from __future__ import annotations

from collections.abc import Iterator

from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.gains import on_gains
from delegates.evaluation.planning.plan import LEAST_SCENARIOS, Plan
from delegates.evaluation.planning.rows import PAIR, Fixed, Joined, Squares
from delegates.seats import parse_seat
from delegates.text import counted
from games.matrices.matrix import blocless, both_blocs
from games.naming import listed
from games.ratification import ratifying
from games.scenario import Scenario

DRAWING_MINDS = frozenset(
    {"random-walker", "micro", "agentk-2010-original", "hardheaded-2011-original", "negmas"}
)
"""Scripted minds that draw lots of their own, or may."""


def notes_of(design: Design) -> tuple[str, ...]:
    """Return what is worth knowing of a plan, a sentence each; nothing of it keeps it from play."""
    return tuple(
        note
        for notes in (_on_strategies, _on_lots, _on_scenarios, _on_seats, _on_games)
        for note in notes(design)
    )


def draws_lots(scenario: Scenario) -> bool:
    """Return whether two sessions of the same moves can differ by their seed."""
    protocol = scenario.protocol
    shocks = any(shock.chance for shock in scenario.shocks.values())
    return (
        protocol.opens == "lot"
        or protocol.deadline is not None
        or shocks
        or bool(ratifying(scenario))
    )


def _on_strategies(design: Design) -> Iterator[str]:
    if len(design.specs) == 1:
        yield "One strategy: there is nothing to compare it with."
    scripted = all(parse_seat(spec).scripted for spec in design.specs.values())
    if scripted and len(set(design.plan.names)) > 1:
        yield (
            "No strategy asks a model, and rules do not read names: sessions under aliases repeat "
            "the others."
        )
    small = [name for name, spec in design.specs.items() if asks_embedded(spec)]
    if small:
        yield (
            f"{listed(small)}: decided by the embedded model, which does not negotiate; another "
            "is named as in llm:MODEL."
        )


def asks_embedded(spec: str) -> bool:
    """Return whether a model that comes with the package decides what a seat does."""
    seat = parse_seat(spec)
    return seat.mind == "llm" and seat.model is not None and seat.model.is_embedded


def _on_lots(design: Design) -> Iterator[str]:
    """Yield where repetitions repeat the very same session, which looks like more than it is."""
    specs = [parse_seat(spec) for spec in design.specs.values()]
    if any(not spec.scripted or spec.mind in DRAWING_MINDS for spec in specs):
        return
    plan = design.plan
    still = [
        scenario.id
        for scenario, layout in zip(design.scenarios, design.layouts, strict=True)
        if not layout.is_dealt and not draws_lots(scenario)
    ]
    if plan.repetitions > 1 and still:
        yield (
            f"{counted(plan.repetitions, 'repetition')}, but neither the strategies nor "
            f"{listed(still)} draw lots: every repetition is the same session, and counts for no "
            "more than one."
        )


def _on_scenarios(design: Design) -> Iterator[str]:
    count = len(design.scenarios)
    if count < LEAST_SCENARIOS:
        yield (
            f"{counted(count, 'scenario')}: no interval is given, as means vary from scenario to "
            f"scenario; from {LEAST_SCENARIOS} on there is one."
        )
    yield from on_gains(design.scenarios)


def _on_seats(design: Design) -> Iterator[str]:
    plan = design.plan
    pairs = list(zip(design.scenarios, design.layouts, strict=True))
    yield from _on_self_play(design)
    if plan.seats.draws > 1 and not any(layout.is_dealt for _, layout in pairs):
        yield "`draws` changes nothing: no seats are dealt in Latin squares."
    if plan.seats.fixed is not None and not any(_has_fixed(plan, one) for one, _ in pairs):
        yield "`fixed` changes nothing: no seat is left to a fixed opponent."
    crowded = [
        f"{scenario.id} ({len(scenario.ids)} parties)"
        for scenario, layout in pairs
        for part in (layout.parts if isinstance(layout, Joined) else (layout,))
        if isinstance(part, Squares) and len(part.strategies) < len(scenario.ids)
    ]
    if crowded:
        yield (
            f"There are fewer strategies than seats in {listed(crowded)}: a strategy sits in "
            "several seats of a session."
        )


def _on_self_play(design: Design) -> Iterator[str]:
    """Yield what games between strategies lack where none meets itself."""
    plan = design.plan
    both = set(plan.tested) & set(plan.against)
    is_met = any(isinstance(layout, Fixed) for layout in design.layouts)
    if plan.seats.self_play or not both or not is_met:
        return
    lack = "No strategy meets itself: games between strategies lack those cells, so that"
    if set(plan.tested) == set(plan.against):
        yield f"{lack} no equilibrium of them is found."
    else:
        yield f"{lack} strategies that are not to meet one another are no candidates in them."


def _has_fixed(plan: Plan, scenario: Scenario) -> bool:
    if len(scenario.ids) == PAIR:
        return False
    return plan.seats.many == "one" or (plan.seats.many == "blocs" and bool(blocless(scenario)))


def _on_games(design: Design) -> Iterator[str]:
    """Yield which scenarios give no full game between consumers' and suppliers' strategies."""
    if len(design.specs) == 1:
        return
    has_blocs = {one.id: both_blocs(one) is not None for one in design.scenarios}
    one_sided = [name for name, has in has_blocs.items() if not has]
    if one_sided:
        yield (
            f"{listed(one_sided)} {_have(one_sided)} no consumer or no supplier, and so no game "
            "between their strategies."
        )
    dealt = [one.id for one in design.scenarios if has_blocs[one.id] and len(one.ids) > PAIR]
    if dealt and design.plan.seats.many != "blocs":
        yield (
            f"{listed(dealt)} {_have(dealt)} more than two parties, seated one by one: not every "
            "strategy of all consumers meets every one of all suppliers, as `many: blocs` would "
            "have it for the games between strategies."
        )


def _have(names: list[str]) -> str:
    return "has" if len(names) == 1 else "have"
