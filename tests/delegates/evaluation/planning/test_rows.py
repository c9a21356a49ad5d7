"""Who sits where: crosses and Latin squares, counted by hand and over drawn plans."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.planning.rows import Seated, Seatings, seatings
from games.scenario import Scenario, parse_scenario

MINDS = ("boulware", "linear", "conceder", "firm", "tit-for-tat", "micro")
SIDES = ("consumer", "supplier", "mixed")


def game(*sides: str, name: str = "game") -> Scenario:
    """Return a small game between parties of these sides, A, B and so on."""
    parties = {
        chr(ord("A") + k): {
            "name": f"Party {k}",
            "side": side,
            "points": {"volume": {"1": 10 * k, "2": 50}},
        }
        for k, side in enumerate(sides)
    }
    lines = [
        "minilateral: 1",
        f"id: {name}",
        "title: Drawn",
        "issues: {volume: {label: volume, options: [1, 2]}}",
        f"parties: {parties}".replace("'", '"'),
    ]
    return parse_scenario("\n".join(lines), name)


def plan(*strategies: str, **said: Any) -> Plan:
    """Return a plan with these strategies."""
    values = {"id": "p", "title": "P", "scenarios": ["game"], **said}
    return Plan.model_validate({"minilateral-plan": 1, "strategies": [*strategies], **values})


def sessions(layout: Seatings, repetition: int = 0) -> list[Seated]:
    """Return a repetition's sessions in order."""
    return [layout.seated(repetition, cell) for cell in range(layout.cells)]


def seats(layout: Seatings, repetition: int = 0) -> list[tuple[str, ...]]:
    """Return who sits where in a repetition's sessions."""
    return [one.seats for one in sessions(layout, repetition)]


PAIR = game("consumer", "supplier")


def test_two_strategies_meet_in_four_cells_worked_by_hand() -> None:
    layout = seatings(PAIR, plan("boulware", "linear"))

    assert sessions(layout) == [
        Seated(("boulware", "boulware"), (True, True)),
        Seated(("boulware", "linear"), (True, True)),
        Seated(("linear", "boulware"), (True, True)),
        Seated(("linear", "linear"), (True, True)),
    ]


def test_a_strategy_under_test_meets_the_others_in_both_seats() -> None:
    seated = {"tested": ["linear"], "against": ["boulware", "firm"]}
    layout = seatings(PAIR, plan("boulware", "linear", "firm", seats=seated))

    assert sessions(layout) == [
        Seated(("boulware", "linear"), (False, True)),
        Seated(("linear", "boulware"), (True, False)),
        Seated(("linear", "firm"), (True, False)),
        Seated(("firm", "linear"), (False, True)),
    ]


def test_without_self_play_no_strategy_meets_itself() -> None:
    layout = seatings(PAIR, plan("boulware", "linear", seats={"self_play": False}))

    assert seats(layout) == [("boulware", "linear"), ("linear", "boulware")]


@given(
    st.lists(st.sampled_from(MINDS), min_size=1, max_size=6, unique=True),
    st.sets(st.sampled_from(MINDS)),
    st.sets(st.sampled_from(MINDS)),
    st.booleans(),
)
def test_every_pair_that_is_to_meet_does_so_once_in_either_seat(
    minds: list[str], tested: set[str], against: set[str], self_play: bool
) -> None:
    named = {
        "tested": sorted(tested & {*minds}),
        "against": sorted(against & {*minds}),
        "self_play": self_play,
    }
    found = plan(*minds, seats=named)
    wanted = {
        pair
        for one, other in product(found.tested, found.against)
        for pair in ((one, other), (other, one))
        if self_play or one != other
    }

    counted = Counter(seats(seatings(PAIR, found)))

    assert counted == Counter(wanted)


def test_three_strategies_and_three_parties_are_dealt_a_latin_square() -> None:
    """The square that seed 5 deals, checked by hand: no name twice in a row or column."""
    layout = seatings(
        game("consumer", "supplier", "mixed"), plan("boulware", "linear", "firm", seed=5)
    )

    square = seats(layout)

    assert square == [
        ("linear", "firm", "boulware"),
        ("boulware", "linear", "firm"),
        ("firm", "boulware", "linear"),
    ]
    assert all(len(set(row)) == 3 for row in square)
    assert all(len(set(column)) == 3 for column in zip(*square, strict=True))


@given(
    st.integers(1, 6), st.integers(3, 9), st.integers(1, 4), st.integers(0, 9), st.integers(0, 3)
)
def test_dealt_strategies_sit_in_each_seat_equally_often(
    minds: int, parties: int, draws: int, seed: int, repetition: int
) -> None:
    found = plan(*MINDS[:minds], seats={"draws": draws}, seed=seed)
    layout = seatings(game(*(SIDES[k % 3] for k in range(parties))), found)

    dealt = sessions(layout, repetition)

    assert len(dealt) == draws * minds
    for seat in range(parties):
        assert Counter(one.seats[seat] for one in dealt) == dict.fromkeys(MINDS[:minds], draws)
    for one in dealt:
        times = Counter(one.seats)
        assert max(times.values()) - min(times[mind] for mind in MINDS[:minds]) <= 1
        assert all(one.tested)


@given(
    st.integers(1, 3), st.integers(1, 3), st.integers(3, 6), st.integers(1, 3), st.integers(0, 9)
)
def test_those_under_test_take_every_seat_against_the_same_others(
    minds: int, others: int, parties: int, draws: int, seed: int
) -> None:
    tested, against = MINDS[:minds], MINDS[3 : 3 + others]
    seated = {"tested": tested, "against": against, "draws": draws}
    layout = seatings(
        game(*(SIDES[k % 3] for k in range(parties))),
        plan(*tested, *against, seats=seated, seed=seed),
    )

    dealt = sessions(layout, 1)

    assert len(set(dealt)) == len(dealt) == draws * minds * parties * others
    met: dict[tuple[str, int], list[tuple[str, ...]]] = {}
    for one in dealt:
        assert sum(one.tested) == 1
        seat = one.tested.index(True)
        rest = one.seats[:seat] + one.seats[seat + 1 :]
        assert set(rest) <= {*against}
        met.setdefault((one.seats[seat], seat), []).append(rest)
    assert set(met) == set(product(tested, range(parties)))
    for (_, seat), rests in met.items():
        assert rests == met[tested[0], seat]
        for place in range(parties - 1):
            assert Counter(rest[place] for rest in rests) == dict.fromkeys(against, draws)


@given(
    st.lists(st.sampled_from(MINDS), min_size=1, max_size=5, unique=True),
    st.sets(st.sampled_from(MINDS)),
    st.sets(st.sampled_from(MINDS)),
    st.integers(3, 5),
)
def test_whoever_is_dealt_each_under_test_takes_every_seat_equally_often(
    minds: list[str], tested: set[str], against: set[str], parties: int
) -> None:
    named = {"tested": sorted(tested & {*minds}), "against": sorted(against & {*minds})}
    found = plan(*minds, seats=named)
    dealt = sessions(seatings(game(*(SIDES[k % 3] for k in range(parties))), found))

    under_test = [
        Counter(one.seats[seat] for one in dealt if one.tested[seat]) for seat in range(parties)
    ]

    assert len({one.seats for one in dealt}) == len(dealt)
    assert all(any(one.tested) for one in dealt)
    assert all(counted == under_test[0] for counted in under_test)
    assert set(under_test[0]) == {*found.tested}
    for one in dealt:
        known = {*found.tested, *found.against}
        assert set(one.seats) <= known
        met = [name for name, flag in zip(one.seats, one.tested, strict=True) if not flag]
        assert set(met) <= {*found.against}


def test_strategies_of_both_kinds_are_dealt_part_by_part() -> None:
    """Under test a and b; they meet b and c: a among b and c, b among c, b among itself."""
    seated = {"tested": ["linear", "firm"], "against": ["firm", "micro"]}

    layout = seatings(game(*SIDES), plan("linear", "firm", "micro", seats=seated))

    dealt = sessions(layout)
    a, b, c = "linear", "firm", "micro"
    first, second, third = dealt[:6], dealt[6:9], dealt[9:]
    assert [one.seats.index(a) for one in first] == [0, 0, 1, 1, 2, 2]
    assert all(sorted({*one.seats} - {a}) in ([b], [c], [b, c]) for one in first)
    assert [one.seats for one in second] == [(b, c, c), (c, b, c), (c, c, b)]
    assert third == [Seated((b, b, b), (True, True, True))]


def test_one_seat_at_a_time_is_under_test_against_the_fixed_opponent() -> None:
    seated = {"many": "one", "fixed": "firm", "tested": ["linear", "firm"]}
    layout = seatings(game(*SIDES), plan("linear", "firm", seats=seated))

    assert sessions(layout) == [
        Seated(("linear", "firm", "firm"), (True, False, False)),
        Seated(("firm", "linear", "firm"), (False, True, False)),
        Seated(("firm", "firm", "linear"), (False, False, True)),
        Seated(("firm", "firm", "firm"), (True, True, True)),
    ]


def test_blocs_meet_and_who_belongs_to_none_is_fixed() -> None:
    seated = {"many": "blocs", "fixed": "micro", "tested": ["linear"]}
    scenario = game("supplier", "consumer", "mixed", "supplier")
    layout = seatings(scenario, plan("linear", "micro", seats=seated))

    assert sessions(layout) == [
        Seated(("linear", "linear", "micro", "linear"), (True, True, False, True)),
        Seated(("micro", "linear", "micro", "micro"), (False, True, False, False)),
        Seated(("linear", "micro", "micro", "linear"), (True, False, False, True)),
    ]


def test_seats_are_dealt_anew_in_every_repetition_and_draw() -> None:
    layout = seatings(game(*SIDES), plan(*MINDS, seats={"draws": 2}))

    dealt = {
        frozenset(seats(layout, repetition)[start : start + 6])
        for repetition in range(5)
        for start in (0, 6)
    }

    assert len(dealt) > 5


@pytest.mark.parametrize("many", ["one", "blocs"])
def test_a_seat_left_to_nobody_is_refused(many: str) -> None:
    with pytest.raises(ValueError, match="expected the strategy of the seats"):
        seatings(game(*SIDES), plan("linear", seats={"many": many}))
