"""Small rooms: who meets whom, on what, and what becomes of what they agree."""

from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import IllegalMove
from games.moves import (
    Accept,
    Adjourn,
    CallCaucus,
    CallInformal,
    Merge,
    Offer,
    OpenBreakouts,
    Pass,
    Promise,
    WalkAway,
)
from games.protocols.hall import HallState, Room, Stand
from games.protocols.rooms import matched
from games.scenario import Scenario
from games.session import step
from tests.games.protocols.halls import after, allows, opened, three, with_text
from tests.support.domains import party, scenario

CONCERNS = (("x", "y"), ("y",), ("z", "x"), (), ("x",))


def many(parties: int, *, size: int, **protocol: object) -> Scenario:
    """Return a forum over three issues, in which some have said what they care for."""
    options = {name: ["o0", "o1", "o2"] for name in "xyz"}
    points = {name: dict.fromkeys(row, 1.0) for name, row in options.items()}
    return scenario(
        options,
        {
            f"P{k}": party(points, concerns=CONCERNS[k % len(CONCERNS)], name=f"Party {k}")
            for k in range(parties)
        },
        protocol={"kind": "forum", "rooms": {"size": size, "turns": 1}, **protocol},
        participation={"kappa": 0.5},
    )


def disputed(game: Scenario, seed: int) -> HallState:
    """Return a hall with a text in the middle in which each stands for some reading, by lot."""
    rng = Random(f"stands/{seed}")
    stands = [
        None if rng.random() < 0.2 else Stand(rng.randrange(game.space.size), turn)
        for turn in range(len(game.ids))
    ]
    return replace(with_text(opened(game), 13), stands=tuple(stands))


def plain_interest(state: HallState, party: int, issue: int) -> float:
    """Return how much a delegation can be seen to care for a bracket, from the text alone."""
    game = state.scenario
    names = [*game.issues]
    said = game.parties[game.ids[party]].concerns
    rank = [1 / (1 + place) for place, name in enumerate(said) if name == names[issue]]
    stand, text = state.stands[party], state.offer
    apart = 0.0
    if stand is not None and text is not None:
        options = game.issues[names[issue]].options
        readings = [game.space.outcome(one)[names[issue]] for one in (stand.outcome, text)]
        apart = abs(options.index(readings[0]) - options.index(readings[1])) / (len(options) - 1)
    return sum(rank) + apart


@given(parties=st.integers(2, 40), size=st.integers(2, 6), seed=st.integers(0, 999))
def test_breakouts_seat_nobody_twice_alone_or_where_it_has_no_interest(
    parties: int, size: int, seed: int
) -> None:
    state = disputed(many(parties, size=size), seed)
    rooms = matched(state)
    seated = [member for room in rooms for member in room.members]
    brackets = {bracket.issue for bracket in state.brackets()}
    assert len(seated) == len(set(seated))
    assert [room.number for room in rooms] == list(range(len(rooms)))
    for room in rooms:
        (issue,) = room.issues
        assert issue in brackets
        assert 2 <= len(room.members) <= size
        assert all(plain_interest(state, member, issue) > 0 for member in room.members)


@given(parties=st.integers(2, 5), size=st.integers(2, 3), seed=st.integers(0, 999))
def test_breakouts_serve_the_greatest_sum_of_interests_there_is(
    parties: int, size: int, seed: int
) -> None:
    """Against brute force over who sits where, with the same seats for each bracket."""
    state = disputed(many(parties, size=size), seed)
    issues = [bracket.issue for bracket in state.brackets()]
    worth = [[plain_interest(state, k, issue) for issue in issues] for k in range(parties)]
    seats = seats_by_largest_remainders(
        [sum(row) for row in zip(*worth, strict=True)], parties, size
    )
    best = max(
        (
            sum(worth[k][place] for k, place in enumerate(places))
            for places in product(range(len(issues)), repeat=parties)
            if all(places.count(place) <= seats[place] for place in set(places))
        ),
        default=0.0,
    )
    rooms = matched(state)
    found = sum(
        plain_interest(state, member, room.issues[0]) for room in rooms for member in room.members
    )
    seated = {member for room in rooms for member in room.members}
    # Who would sit alone is left out; nothing else may be lost.
    lonely = sum(max(worth[k], default=0.0) for k in range(parties) if k not in seated)
    assert found <= best + 1e-9 <= found + lonely + 2e-9


def seats_by_largest_remainders(interest: list[float], parties: int, size: int) -> list[int]:
    """Return seats in whole rooms, by the method of largest remainders, ties to the first."""
    rooms, total = -(-parties // size), sum(interest)
    quotas = [one / total * rooms if total else rooms / len(interest) for one in interest]
    seats = [int(quota + 1e-9) for quota in quotas]
    order = sorted(range(len(quotas)), key=lambda k: (seats[k] - quotas[k], k))
    for k in order[: rooms - sum(seats)]:
        seats[k] += 1
    return [size * one for one in seats]


def test_where_a_bracket_fills_two_rooms_each_hears_both_readings() -> None:
    game = many(8, size=4)
    stands = tuple(Stand((0 if k < 4 else 2) * 9 + 4, k) for k in range(8))
    text = with_text(opened(game), 13)
    rooms = matched(replace(text, stands=stands, parked=frozenset((1, 2))))
    assert [len(room.members) for room in rooms] == [4, 4]
    for room in rooms:
        assert sum(member < 4 for member in room.members) == 2


def test_seats_are_shared_out_by_interest_and_filled_by_those_who_care_most() -> None:
    """By hand: readings of x and y, tenths from the text; 2.9 in all on x, 1.7 on y.

    Of two rooms x has 1.26 and y 0.74: one each, two seats. The greatest sum of interests is that
    of A and B on x, C and D on y: 1 + 1 + .6 + .7; C cares for x more, but has no seat there.
    """
    options = {name: [f"o{k}" for k in range(11)] for name in "xy"}
    points = {name: dict.fromkeys(row, 1.0) for name, row in options.items()}
    game = scenario(
        options,
        {name: party(points) for name in "ABCD"},
        protocol={"kind": "forum", "rooms": {"size": 2, "turns": 1}},
        participation={"kappa": 0.5},
    )
    readings = [(10, 2), (10, 2), (9, 6), (0, 7)]
    stands = tuple(Stand(x * 11 + y, turn) for turn, (x, y) in enumerate(readings))
    hall = replace(with_text(opened(game), 0), stands=stands)
    assert [(room.issues, room.members) for room in matched(hall)] == [
        ((0,), (0, 1)),
        ((1,), (2, 3)),
    ]
    parked = matched(replace(hall, parked=frozenset((1,))))
    # D has no interest in x, and B would be alone in a second room on it.
    assert [(room.issues, room.members) for room in parked] == [((0,), (0, 2))]


def in_brackets(**protocol: Any) -> HallState:
    """Return a hall of three that stand for 3, 1 and 0, the text being 1."""
    return after(opened(three(**protocol)), Offer(3), Offer(1), Offer(0), Merge(1))


def test_what_an_informal_agrees_its_members_table_together() -> None:
    hall = after(in_brackets(), CallInformal("deal", ("A", "C")))
    assert (hall.stage, hall.party) == ("room", "A")
    agreed = after(hall, Offer(2), Accept())
    assert agreed.stage == "chair"
    assert [stand and stand.outcome for stand in agreed.stands] == [2, 1, 2]
    assert agreed.offer == 1


def test_what_a_room_does_not_agree_changes_nothing() -> None:
    hall = after(in_brackets(), CallInformal("deal", ("A", "C")))
    apart = after(hall, Offer(3), Offer(0), Offer(3), Pass())
    assert apart.stage == "chair"
    assert apart.stands == hall.stands


def test_rooms_are_numbered_as_they_are_opened_caucuses_and_informals_alike() -> None:
    second = after(in_brackets(caucuses=1), Adjourn())
    called = after(second, CallCaucus(("C",), ("deal",)), Offer(3), CallCaucus(("C",), ("deal",)))
    assert [room.number for room in called.rooms] == [0, 1]
    risen = after(called, Offer(1), Offer(0), *[Pass()] * 8)
    assert after(risen, CallInformal("deal", ("A", "C"))).rooms[0].number == 2


def test_a_bracket_has_one_informal_a_round() -> None:
    hall = after(in_brackets(), CallInformal("deal", ("A", "C")), Pass(), Pass(), Pass(), Pass())
    with pytest.raises(IllegalMove, match="an informal on deal has met in this round"):
        step(hall, CallInformal("deal", ("B", "C")))
    following = after(hall, Adjourn(), Pass(), Pass(), Pass())
    assert allows(following, CallInformal("deal", ("B", "C")))


def test_who_leaves_a_room_stays_in_the_hall() -> None:
    hall = after(in_brackets(), CallInformal("deal", ("A", "B", "C")))
    left = after(hall, Offer(2), WalkAway())
    assert (left.left, left.rooms[0].members, left.party) == (frozenset(), (0, 2), "C")
    assert left.rooms[0].offer == 2
    alone = after(left, WalkAway())
    assert alone.stage == "chair"


def test_an_offer_leaves_a_room_with_whoever_made_it() -> None:
    hall = after(in_brackets(), CallInformal("deal", ("A", "B", "C")))
    left = after(hall, Offer(2), Accept(), Pass(), WalkAway())
    assert (left.rooms[0].offer, left.rooms[0].accepted) == (None, frozenset())


@given(
    members=st.integers(2, 6), made=st.integers(0, 11), leaver=st.integers(0, 5), turns=st.just(2)
)
def test_when_one_leaves_a_room_the_turn_passes_to_the_next(
    members: int, made: int, leaver: int, turns: int
) -> None:
    room = Room(
        number=0, kind="informal", members=tuple(range(members)), issues=(0,), base=0, turns=turns,
        made=made % (members * turns),
    )  # fmt: skip
    gone = leaver % members
    expected = room.mover if room.mover != gone else (gone + 1) % members
    less = room.without(gone)
    assert gone not in less.members
    assert less.mover == expected
    assert less.round - room.round in (0, 1)


def caucus_of_two() -> HallState:
    """Return a hall in whose second round A has asked C into a caucus, which meets now."""
    second = after(in_brackets(caucuses=1), Adjourn())
    called = after(second, CallCaucus(("C",), ("deal",)), Offer(3), Pass(), Pass())
    assert (called.stage, called.party) == ("room", "A")
    return called


def test_what_a_caucus_agrees_binds_nobody_and_is_promised() -> None:
    hall = after(caucus_of_two(), Offer(2), Accept())
    assert [stand and stand.outcome for stand in hall.stands] == [3, 1, 0]
    assert [(vow.by, vow.to, vow.settles, vow.room) for vow in hall.vows] == [
        (0, (2,), ((0, 2),), 0),
        (2, (0,), ((0, 2),), 0),
    ]


def test_in_a_caucus_promises_are_made_to_its_members_alone() -> None:
    hall = caucus_of_two()
    with pytest.raises(IllegalMove, match="in a caucus it can promise to its members alone"):
        step(hall, Promise(("B",), "deal", "o2"))
    assert after(hall, Promise(("C",), "deal", "o2")).vows[0].room == 0


def test_who_walks_out_after_a_promise_leaves_the_next_one_its_own() -> None:
    second = after(in_brackets(caucuses=1), Adjourn())
    called = after(second, CallCaucus(("B", "C"), ("deal",)), Offer(3), Pass(), Pass())
    left = after(called, Promise(("B",), "deal", "o2"), WalkAway())
    assert (left.stage, left.party) == ("room", "B")
    assert after(left, Promise(("C",), "deal", "o2")).party == "B"


def test_a_room_settles_its_issues_only() -> None:
    game = many(3, size=3, rounds=2)
    text = after(opened(game), Offer(0), Offer(13), Offer(26), Merge(13))
    room = after(text, CallInformal("y", ("P0", "P2")))
    with pytest.raises(IllegalMove, match="x is not open now"):
        step(room, Offer(0))
    agreed = after(room, Offer(10), Accept())
    space = game.space
    assert [space.levels_of(stand.outcome) for stand in agreed.stands if stand] == [
        (0, 0, 0),
        (1, 1, 1),
        (2, 0, 2),
    ]


def test_breakouts_are_opened_once_a_round() -> None:
    hall = disputed(many(6, size=3), 1)
    met = after(hall, OpenBreakouts())
    risen = after(met, *[Pass()] * sum(len(room.members) for room in met.rooms))
    assert risen.stage == "chair"
    with pytest.raises(IllegalMove, match="have met in rooms in this round already"):
        step(risen, OpenBreakouts())
