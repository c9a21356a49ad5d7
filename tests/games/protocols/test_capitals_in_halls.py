"""What capitals do while a hall sits and when it rises: what lapses, what is worth how much."""

from dataclasses import replace
from typing import Any

import pytest

from games.moves import (
    Accept,
    Adjourn,
    Approach,
    Merge,
    Offer,
    Park,
    Pass,
    Pledge,
    PutToVote,
    Vote,
)
from games.parts.mandates import Instruction, Mandate, Ratification
from games.parts.surroundings import Fund, SideDeal
from games.protocols.face import public_loss
from games.protocols.hall import HallState
from games.protocols.settlement import standing_pledges
from games.ratification import chance_of, ratified
from games.scenario import Scenario
from games.session import utilities
from tests.games.protocols.halls import after, opened, three


def ordered(*instructions: Instruction, **protocol: Any) -> HallState:
    """Return the first floor of a hall whose A gets these instructions."""
    game = three(**{"rounds": 4, **protocol})
    mandates = {"A": Mandate(instructions=instructions)}
    return opened(game.model_copy(update={"mandates": mandates}))


def test_a_stand_that_a_new_red_line_rules_out_lapses_whatever_the_text_reads() -> None:
    line = Instruction(round=2, kind="red-line", red_line={"deal": "o3"})
    spoken = after(ordered(line), Offer(3), Offer(1), Offer(0))
    assert [one.outcome for one in spoken.stands if one] == [3, 1, 0]
    told = after(spoken, Merge(1), Adjourn())
    assert told.may_sign(0, 1)
    assert told.stands[0] is None
    assert told.stands[1] is not None
    untabled = after(spoken, Adjourn())
    assert untabled.offer is None
    assert untabled.stands[0] is None


def test_what_may_still_be_signed_stays_what_a_delegation_stands_for() -> None:
    line = Instruction(round=2, kind="red-line", red_line={"deal": "o0"})
    told = after(ordered(line), Offer(3), Pass(), Offer(0), Merge(1), Adjourn())
    assert [None if one is None else one.outcome for one in told.stands] == [3, None, 0]


# --- side deals beside a text that must be ratified


def swapped(**protocol: Any) -> HallState:
    """Return the second floor of a hall: A must ratify, and has a side deal with B."""
    game = three(**{"rounds": 4, "agreement": "unanimity", **protocol})
    deal = SideDeal(label="a swap", parties=("A", "B"), points={"A": 3, "B": 1}, instead=0.5)
    ratify = Ratification(threshold=5, slope=0.5, audience_cost=2)
    more = {"mandates": {"A": Mandate(ratify=ratify)}, "side_deals": {"swap": deal}}
    floor = opened(game.model_copy(update=more))
    floor = after(floor, Approach("swap"), Offer(1), Approach("swap"), Offer(1), Offer(1))
    return after(floor, Merge(1), Adjourn())


def test_a_side_deal_takes_the_place_of_the_text_and_not_of_what_failing_costs_at_home() -> None:
    """A has 4 of the text, 1 without: P · (1 + .5 · 3) + (1 − P) · (1 − 2), and 3 of the deal."""
    hall = swapped()
    assert hall.deals == ("swap",)
    chance = chance_of(hall.scenario, 0, 1)
    adopted = after(hall, *[Pass()] * 3, PutToVote(), *[Vote("yes")] * 3)
    had = {}
    for seed in range(50):
        end = replace(adopted, seed=seed, points=())
        found = ratified(end)
        assert found is not None
        had[found.holds] = utilities(end)["A"]
    assert had == {True: 3 + 1 + 0.5 * 3, False: 3 + 1 - 2}
    expected = chance * had[True] + (1 - chance) * had[False]
    assert 3 + hall.own(0).utility(1) == pytest.approx(expected)
    assert 3 + hall.own(0).utility_in_force(1) == had[True]


# --- face where the floor speaks to some issues only


def half_open() -> HallState:
    """Return a floor that speaks to size alone, on which A stands for most of both.

    The text has the least of both. A's points are 10 for each step of size, 3 for each of depth.
    """
    steps = {"o0": 0, "o1": 1, "o2": 2}
    wants = {"A": (10, 3), "B": (-1, -1), "C": (-1, -1)}
    values = three(rounds=6).model_dump(by_alias=True)
    options = {"options": [*steps]}
    values["issues"] = {name: {"label": name, **options} for name in ("size", "depth")}
    for party, heights in wants.items():
        values["parties"][party]["points"] = {
            name: {option: height * step for option, step in steps.items()}
            for name, height in zip(("size", "depth"), heights, strict=True)
        }
        values["parties"][party]["reservation"] = -50
    values["mandates"] = {"A": {"face": 0.5}}
    floor = opened(Scenario.model_validate(values))
    most = floor.scenario.space.size - 1
    return after(floor, Offer(most), Offer(0), Offer(0), Merge(0), Park("depth"), Adjourn())


def test_before_a_half_open_floor_only_what_is_open_is_yielded() -> None:
    hall = half_open()
    space = hall.scenario.space
    assert (hall.mover, [space.issues[k] for k in hall.open_issues]) == (0, ["size"])
    for size in range(3):
        outcome = space.index_of_levels((size, 0))
        taken = after(hall, Offer(outcome) if size else Accept())
        assert taken.stands[0] is not None
        assert hall.levels(taken.stands[0].outcome) == (size, 2)
        lost = 0.5 * taken.yielded[0]
        assert lost == 0.5 * 10 * (2 - size)
        assert public_loss(hall, 0, outcome) == lost
        plain = hall.scenario.preferences[0].utility(outcome)
        assert hall.own(0).utility(outcome) == plain - lost


# --- the joint fund


def test_who_is_not_bound_since_its_capital_turned_it_down_owes_the_fund_nothing() -> None:
    """A and B pledge half each; without A, B's half builds half of it: 4 · .5 − 1 for B."""
    fund = Fund(
        label="a fund",
        members=("A", "B"),
        cost={"A": 2, "B": 1},
        benefit={"A": 3, "B": 4},
        threshold=0.5,
    )
    ratify = Ratification(threshold=5, slope=0.5, audience_cost=2)
    more = {"mandates": {"A": Mandate(ratify=ratify)}, "fund": fund}
    game = three(rounds=2).model_copy(update=more)
    voted = after(opened(game), Offer(1), Offer(1), Offer(1), Merge(1), PutToVote())
    pledged = after(voted, *[Vote("yes")] * 3, Pledge(pays=True), Pledge(pays=True))
    had: dict[bool, dict[str, float]] = {}
    for seed in range(50):
        end = replace(pledged, seed=seed, points=())
        found = ratified(end)
        assert found is not None
        assert found.holds
        had[bool(found.failed)] = utilities(end)
    assert had[False] == {"A": 4 + 3 - 2, "B": 6 + 4 - 1, "C": 8}
    assert had[True] == {"A": 1 - 2 + 3 * 0.5, "B": 6 + 4 * 0.5 - 1, "C": 8}


def test_nobody_pays_into_the_fund_under_an_adopted_text_that_does_not_hold() -> None:
    """All must ratify for it to hold, A does not: B's pledge is void, and nothing is built."""
    fund = Fund(label="a fund", members=("A", "B"), cost={"A": 2, "B": 1}, benefit={"A": 3, "B": 4})
    ratify = Ratification(threshold=5, slope=0.5, audience_cost=2)
    more = {"mandates": {"A": Mandate(ratify=ratify)}, "fund": fund}
    game = three(rounds=2, agreement="unanimity").model_copy(update=more)
    voted = after(opened(game), Offer(1), Offer(1), Offer(1), Merge(1), PutToVote())
    pledged = after(voted, *[Vote("yes")] * 3, Pledge(pays=True), Pledge(pays=True))
    paid: dict[bool, list[bool]] = {}
    for seed in range(50):
        end = replace(pledged, seed=seed, points=())
        found = ratified(end)
        assert found is not None
        paid[found.holds] = standing_pledges(end).tolist()
    assert paid == {True: [True, True, False], False: [False, False, False]}
