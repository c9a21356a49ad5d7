"""Delegations with a face to lose yield where nobody looks on; those without play as ever."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings

from delegates.trials.endings import played
from games.moves import Accept, Adjourn, CallCaucus, Merge, Move, Offer, Park, Pass
from games.parts.mandates import Mandate
from games.protocols.back_channel import back_channel, said_after
from games.protocols.by_rule import act_by_rule
from games.protocols.face import concessions
from games.protocols.hall import HallState
from games.scenario import Scenario, load_scenario
from tests.games.protocols.halls import after, hall_scenarios, opened
from tests.games.protocols.test_by_rule import names, play, seeds
from tests.games.protocols.test_face import spoken, with_face
from tests.support.domains import listed

CALL = CallCaucus(("B",), ("deal",))


def ruled(state: HallState, answer: Move) -> Move:
    """Return what a delegation does whose mind would answer so."""
    return act_by_rule(state, lambda: answer)


def test_who_would_yield_before_the_hall_calls_those_at_odds_with_it_and_waits() -> None:
    """A stands for o3, the text is o1; of B at o1 and C at o0, B is nearer."""
    hall = spoken(caucuses=1)
    assert ruled(hall, Offer(2)) == ruled(hall, Accept()) == CALL
    assert ruled(hall, Offer(3)) == Offer(3)  # yields nothing
    called = after(hall, CALL)
    assert called.rooms[0].is_across
    assert ruled(called, Offer(2)) == Pass()
    assert ruled(called, Offer(3)) == Offer(3)


def test_who_has_no_caucus_left_no_round_left_or_no_face_to_lose_yields_on_the_floor() -> None:
    assert ruled(spoken(caucuses=0), Offer(2)) == Offer(2)
    assert ruled(spoken(caucuses=1, rounds=2), Offer(2)) == Offer(2)
    floor = after(spoken(caucuses=1), Pass())
    assert floor.party == "B"
    assert ruled(floor, Offer(0)) == Offer(0)


def test_on_the_last_floor_but_one_a_caucus_can_still_be_called() -> None:
    assert ruled(spoken(caucuses=1, rounds=3), Offer(2)) == CALL


@pytest.mark.parametrize(
    ("wanted", "text", "stands", "asked"),
    [
        (3, 1, (1, 0, 2), "B"),  # the text's reading is nearer than one beyond it
        (3, 1, (None, 0, 2), "C"),  # D, between the two, is not at odds with A
        (3, 1, (None, None, 2), None),
        (0, 2, (2, 3, 1), "B"),
        (0, 2, (None, 3, 1), "C"),
        (0, 2, (None, None, 1), None),
        (3, 0, (0, 0, 1), "B"),  # of two as near the first
    ],
)
def test_those_are_asked_whose_reading_lies_at_the_texts_or_beyond(
    wanted: int, text: int, stands: tuple[int | None, ...], asked: str | None
) -> None:
    rising = [0.0, 4.0, 8.0, 10.0]
    own = rising if wanted == 3 else rising[::-1]
    rules = {"kind": "plenary", "rounds": 4, "opens": "fixed", "caucuses": 1}
    game = listed({"A": own, **{name: [1.0] * 4 for name in "BCD"}}, protocol=rules)
    hall = opened(with_face(game, {"A": 1.0}))
    said = [Pass() if stand is None else Offer(stand) for stand in stands]
    floor = after(hall, Offer(wanted), *said, Merge(text), Adjourn())

    expected = Accept() if asked is None else CallCaucus((asked,), ("deal",))
    assert ruled(floor, Accept()) == expected


def test_who_has_a_face_to_lose_keeps_its_last_caucus_for_those_at_odds_with_it() -> None:
    """B reads o1 as A does, and the text is o0."""
    for caucuses, face, does in [
        (1, 0.0, CALL),
        (1, 0.5, Offer(1)),
        (2, 0.5, CALL),
    ]:
        rules = {"kind": "plenary", "rounds": 4, "opens": "fixed", "caucuses": caucuses}
        worths = {"A": [0, 5, 8], "B": [0, 5, 8], "C": [8, 5, 0]}
        game = with_face(listed(worths, protocol=rules), {"A": face})
        hall = after(opened(game), Offer(1), Offer(1), Offer(0), Merge(0), Adjourn())
        assert ruled(hall, Offer(1)) == does


def test_what_those_at_odds_agreed_apart_each_asks_for_on_the_next_floor() -> None:
    """Also who has no face to lose; unless the text has become good enough meanwhile."""
    met = after(spoken(caucuses=1), CALL, Pass(), Pass(), Pass(), Offer(2), Accept())
    assert met.settled_apart == ((2, frozenset({0})), (2, frozenset({0})), None)
    hall = after(met, Adjourn())
    assert hall.party == "A"
    assert ruled(hall, Offer(3)) == ruled(hall, Offer(1)) == Offer(2)
    second = after(hall, Offer(2))
    assert second.party == "B"
    assert ruled(second, Offer(1)) == Offer(2)
    assert ruled(second, Accept()) == Accept()  # B stands for as much: nothing is yielded
    third = after(second, Offer(2))
    assert third.settled_apart == (None, None, None)
    assert third.yielded == (0, 0, 0)
    assert [one.outcome for one in third.stands if one] == [2, 2, 0]


def test_a_caucus_of_one_mind_is_promised_as_ever_and_said_by_nobody() -> None:
    hall = spoken(caucuses=1)
    alike = after(hall, Offer(1), Pass(), Pass(), Adjourn(), CALL, Pass(), Pass(), Pass())
    assert not alike.rooms[0].is_across
    assert after(alike, Offer(2), Accept()).settled_apart == (None, None, None)


def two_issues() -> Scenario:
    """Return a hall over two issues: A wants much of both, B little of either."""
    rules = {"kind": "plenary", "rounds": 8, "opens": "fixed", "caucuses": 1}
    rows = {"A": [0, 3, 6], "B": [6, 3, 0]}
    game = listed(rows, protocol=rules)
    values = game.model_dump(by_alias=True)
    values["issues"]["other"] = {**values["issues"]["deal"], "label": "other"}
    for party in values["parties"].values():
        party["points"]["other"] = {name: 2 * one for name, one in party["points"]["deal"].items()}
    return with_face(Scenario.model_validate(values), {"A": 1.0})


def test_the_back_channel_is_on_the_bracket_where_the_text_costs_most() -> None:
    game = two_issues()
    high, low, middle = (game.space.index({"deal": o, "other": o}) for o in ("o2", "o0", "o1"))
    hall = after(opened(game), Offer(high), Offer(low), Merge(middle), Adjourn())
    assert ruled(hall, Offer(middle)) == CallCaucus(("B",), ("other",))


def test_of_a_closed_issue_nothing_is_said_before_it_is_open_again() -> None:
    game = two_issues()
    high, low, middle = (game.space.index({"deal": o, "other": o}) for o in ("o2", "o0", "o1"))
    hall = after(opened(game), Offer(high), Offer(low), Merge(middle), Adjourn())
    call = CallCaucus(("B",), ("other",))
    agreed = game.space.index({"deal": "o1", "other": "o1"})
    met = after(hall, call, Pass(), Pass(), Offer(agreed), Accept())
    joint = game.space.index({"deal": "o2", "other": "o1"})
    assert ruled(after(met, Adjourn()), Offer(high)) == Offer(joint)
    parked = after(met, Park("other"), Adjourn())
    closed = game.space.index({"deal": "o2", "other": "o1"})
    assert ruled(parked, Offer(closed)) == Offer(closed)
    beside = after(met, Park("deal"), Adjourn())
    assert ruled(beside, Offer(middle)) == Offer(middle)


def test_nobody_is_asked_about_an_issue_on_which_the_text_is_better_than_ones_own_stand() -> None:
    """A has come to stand for o2 of both, on y against its interest; the text has o0 of both."""
    values = two_issues().model_dump(by_alias=True)
    values["parties"]["A"]["points"]["other"] = {"o0": 6.0, "o1": 3.0, "o2": 0.0}
    game = Scenario.model_validate(values)
    high, low = (game.space.index({"deal": o, "other": o}) for o in ("o2", "o0"))
    hall = after(opened(game), Offer(high), Offer(low), Merge(low), Adjourn())
    assert back_channel(hall) == CallCaucus(("B",), ("deal",))
    other = game.space.index({"deal": "o0", "other": "o2"})
    assert back_channel(replace(hall, reference=(other, low))) is None


def test_what_was_settled_apart_on_an_open_issue_is_said_while_another_is_closed() -> None:
    game = two_issues()
    high, low, joint = (
        game.space.index({"deal": deal, "other": other})
        for deal, other in (("o2", "o2"), ("o0", "o0"), ("o1", "o2"))
    )
    hall = after(opened(game), Offer(high), Offer(low), Merge(low), Park("other"), Adjourn())
    apart = replace(hall, settled_apart=((joint, frozenset({0})), None))
    said = game.space.index({"deal": "o1", "other": "o0"})
    assert said_after(apart) == Offer(said)
    closed = replace(hall, settled_apart=((joint, frozenset({1})), None))
    assert said_after(closed) is None


@settings(max_examples=60)
@given(game=hall_scenarios(rounds=(1, 4)), seats=names, seed=seeds)
def test_without_a_face_to_lose_every_session_is_what_it_was(
    game: Scenario, seats: list[str], seed: int
) -> None:
    turns, end = play(game, seats, seed)
    stated, again = play(with_face(game, dict.fromkeys(game.ids, 0.0)), seats, seed)
    assert [turn.move for turn in turns] == [turn.move for turn in stated]
    assert end.points == again.points
    assert (end.yielded, end.yielded_in_rooms) == (again.yielded, again.yielded_in_rooms)


@settings(max_examples=60)
@given(game=hall_scenarios(rounds=(1, 4)), seats=names, seed=seeds)
def test_with_faces_to_lose_scripted_minds_play_every_hall_to_an_end(
    game: Scenario, seats: list[str], seed: int
) -> None:
    faced = with_face(game, dict(zip(game.ids, (0.5, 2.0, 0.0, 1.0, 0.25), strict=False)))
    turns, end = play(faced, seats, seed)
    assert len(turns) <= turns[0].before.most_turns
    assert not end.is_open


# --- where concessions are made

PAIRS = 24


def as_plenary(name: str, face: float) -> Scenario:
    """Return a bundled scenario as a plenary with caucuses, every delegation's face at stake."""
    game = load_scenario(name)
    rules = {"kind": "plenary", "rounds": 10, "opens": "lot", "caucuses": 2}
    return game.model_copy(
        update={
            "protocol": game.protocol.model_copy(update=rules),
            "mandates": {party: Mandate(face=face) for party in game.ids},
        }
    )


def share_in_rooms(game: Scenario, seed: int) -> float:
    """Return the share of all points yielded in a session that was yielded in rooms."""
    end = played(game, seed)
    assert isinstance(end, HallState)
    public, apart = concessions(end)
    return apart / (public + apart) if public + apart else 0.0


@pytest.mark.parametrize("name", ["greenland-linkage", "nickel-hub"])
def test_a_face_to_lose_moves_concessions_into_rooms(name: str) -> None:
    without, faced = as_plenary(name, 0.0), as_plenary(name, 0.5)
    moved = [share_in_rooms(faced, k) - share_in_rooms(without, k) for k in range(PAIRS)]
    mean = sum(moved) / PAIRS
    spread = math.sqrt(sum((one - mean) ** 2 for one in moved) / (PAIRS - 1) / PAIRS)
    assert mean > max(0.03, 1.5 * spread), (mean, spread)
