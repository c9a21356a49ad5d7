"""What came about in a hall is worked out from its moves alone."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from games.moves import (
    Accept,
    Adjourn,
    Ballot,
    BreakSilence,
    CallCaucus,
    CallInformal,
    CarryOut,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenSilence,
    Pass,
    Pledge,
    Promise,
    PutToVote,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.parts.mandates import Mandate
from games.protocols.hall import HallState, Room, Vow
from games.scenario import Scenario
from games.session import start, step
from tests.delegates.sessions import mini
from tests.games.protocols.halls import hall_scenarios, three
from tests.tui.halls import crowd, hall, held, legal_move
from transcripts.proceedings import (
    Met,
    Proceedings,
    adoption,
    bound_weight,
    is_kept,
    of_room,
    proceedings,
    risen,
)


def after(of: Scenario, moves: list[Move]) -> HallState:
    """Return the state that moves lead to."""
    state = start(of, 1)
    for move in moves:
        state, _ = step(state, move)
    assert isinstance(state, HallState)
    return state


def of_text(of: Scenario, **terms: Any) -> int:
    return of.space.index(terms)


def a_vote(of: Scenario, ballots: tuple[Ballot, ...]) -> list[Move]:
    """Return a session in which all ask for one text and then vote on it."""
    text = of_text(of, floor=85, fund=100, form="declaration")
    asks: list[Move] = [Offer(text)] * 4
    votes = [Vote(one) for one in ballots]
    return [*asks, Merge(text), PutToVote(), *votes]


def test_a_vote_that_fails_is_counted_with_those_who_blocked_it() -> None:
    of = hall()
    moves = a_vote(of, ("no", "yes", "yes", "abstain"))
    told: Any = proceedings(after(of, moves), moves).as_json()

    assert told["count"] == {
        "yes": ["BEA", "CYR"],
        "no": ["ANN"],
        "abstained": ["DOR"],
        "weight": 2.0,
        "needed": 2.4,
        "blocked_by": ["ANN"],
        "short_of": 1,
        "adopted": False,
    }
    assert told["adopted_by"] is None
    assert told["signatures"] is None
    assert told["in_force"] is False


def test_a_text_that_is_adopted_by_vote_is_in_force_by_the_weight_that_binds() -> None:
    of = hall()
    moves = a_vote(of, ("yes", "yes", "yes", "no"))
    moves += [Sign("binding"), Sign("declaratory"), Sign("binding"), Sign("out")]
    state = after(of, moves)
    while state.is_open:
        move: Move = next(one for one in _closing(state))
        moves.append(move)
        state = after(of, moves)
    told: Any = proceedings(state, moves).as_json()

    assert told["adopted_by"] == "vote"
    assert told["signatures"] == {
        "ANN": "binding",
        "BEA": "declaratory",
        "CYR": "binding",
        "DOR": "out",
    }
    assert (told["bound_weight"], told["needed_weight"], told["in_force"]) == (0.5, 0.5, True)
    assert told["pledges"] == {"ANN": True, "BEA": True}


def _closing(state: HallState) -> list[Move]:
    assert state.stage == "pledge"
    return [Pledge(pays=True)]


def test_a_room_is_told_with_what_it_agreed_on_its_own_issues() -> None:
    told: Any = held(hall()).as_json()["hall"]
    agreed = [room for room in told["rooms"] if room["agreed"]]

    assert agreed
    assert all(room["agreed"].keys() == set(room["issues"]) for room in agreed)
    assert all(1 <= room["moves"] <= 2 * len(room["members"]) for room in agreed)


def test_promises_of_a_caucus_name_the_room_and_what_became_of_them() -> None:
    told: Any = held(hall("forum")).as_json()["hall"]
    made = [vow for vow in told["vows"] if vow["room"] is not None]

    assert made
    assert {vow["kind"] for vow in made} == {"promise"}
    assert all((vow["kept"] is None) == (not vow["due"]) for vow in told["vows"])


def test_a_forum_is_signed_without_a_vote() -> None:
    told: Any = held(crowd(9)).as_json()["hall"]

    assert told["kind"] == "forum"
    assert told["count"] is None
    assert told["adopted_by"] == "signature"
    assert len(told["signatures"]) == 9


def test_talks_at_a_table_have_no_hall() -> None:
    assert held(mini()).as_json()["hall"] is None


def test_an_unfinished_hall_says_nothing_of_its_end() -> None:
    of = hall()
    moves: list[Move] = [Pass(), Pass(), Pass(), Pass(), Adjourn(), Pass()]
    told: Any = proceedings(after(of, moves), moves).as_json()

    nothing = {"in_plenary": 0.0, "in_rooms": 0.0, "face_lost": 0.0}
    assert told == {
        "kind": "plenary",
        "chair": "ANN",
        "rounds": 5,
        "adopted_by": None,
        "count": None,
        "signatures": None,
        "in_force": False,
        "bound_weight": None,
        "needed_weight": None,
        "vows": [],
        "deals": [],
        "pledges": {},
        "rooms": [],
        "yielded": dict.fromkeys(of.ids, nothing),
    }
    assert json.loads(json.dumps(told)) == told


def test_each_room_is_told_by_its_round_its_moves_and_what_it_settled() -> None:
    of = hall()
    first = of_text(of, floor=60, fund=100, form="declaration")
    second = of_text(of, floor=110, fund=0, form="declaration")
    settled = of_text(of, floor=85, fund=100, form="declaration")
    moves: list[Move] = [
        *(Offer(first), Offer(second), Pass(), Pass(), Merge(first)),
        CallInformal("floor", ("BEA", "CYR")),
        *(Offer(settled), Accept(), Adjourn()),
        *(Pass(), CallCaucus(("DOR",), ("fund",)), Pass(), Pass(), Pass()),
        *(Pass(), Pass(), Pass(), Pass(), Adjourn()),
    ]
    told: Any = proceedings(after(of, moves), moves).as_json()

    assert told["rooms"] == [
        {
            "number": 0,
            "kind": "informal",
            "members": ["BEA", "CYR"],
            "issues": ["floor"],
            "round": 1,
            "moves": 2,
            "agreed": {"floor": 85},
        },
        {
            "number": 1,
            "kind": "caucus",
            "members": ["BEA", "DOR"],
            "issues": ["fund"],
            "round": 2,
            "moves": 4,
            "agreed": None,
        },
    ]


def test_a_room_that_one_has_left_agreed_nothing() -> None:
    room = Room(
        number=0, kind="informal", members=(1, 2), issues=(0,), base=0, turns=2, offer=3, offerer=1
    )
    state = replace(after(hall(), []), stage="room", rooms=(room,))
    still_open = replace(state, rooms=(replace(room, made=1),))
    assert risen(still_open, Accept()) is None  # BEA, whose offer it is, has yet to accept
    accepted = replace(room, made=1, accepted=frozenset({1}))
    agreed = risen(replace(state, rooms=(accepted,)), Accept())
    left = risen(replace(state, rooms=(accepted,)), WalkAway())

    assert agreed is not None
    assert left is not None
    assert Met(room=agreed, round=0, moves=2).agreed == 3
    met = Met(room=left, round=0, moves=2)
    assert (met.agreed, of_room(state, met)) == (None, ())
    assert risen(replace(state, stage="floor", rooms=()), Pass()) is None


def test_silences_are_told_with_who_broke_them_and_only_the_last_count_is() -> None:
    of = hall()
    text = of_text(of, floor=85, fund=100, form="declaration")
    moves: list[Move] = [
        *[Offer(text)] * 4,
        *(Merge(text), OpenSilence(), KeepSilence(), BreakSilence()),
        *(PutToVote(), Vote("yes"), Vote("no"), Vote("no"), Vote("no"), Adjourn()),
        *[Pass()] * 4,
        *(PutToVote(), Vote("yes"), Vote("yes"), Vote("yes"), Vote("no")),
    ]
    found = proceedings(after(of, moves), moves)

    assert found.silences == ((0, of.ids.index("CYR")),)
    assert [(round_, len(one.yes)) for round_, one in found.roll_calls] == [(0, 1), (1, 3)]
    told: Any = found.as_json()
    assert (told["count"]["no"], told["adopted_by"]) == (["DOR"], None)


def test_a_text_under_which_all_keep_silence_is_adopted_by_silence() -> None:
    of = hall()
    text = of_text(of, floor=85, fund=100, form="declaration")
    moves: list[Move] = [*[Offer(text)] * 4, Merge(text), OpenSilence(), *[KeepSilence()] * 3]
    moves += [*[Sign("binding")] * 4, *[Pledge(pays=False)] * 3]
    found = proceedings(after(of, moves), moves)

    assert (found.silences, found.adopted_by) == (((0, None),), "silence")
    assert found.as_json()["pledges"] == {"ANN": False, "BEA": False, "DOR": False}


def test_a_promised_measure_is_told_when_it_is_due_and_whether_it_was_kept() -> None:
    of = hall()
    moves = a_vote(of, ("yes", "yes", "yes", "no"))
    aid = Promise(to=("CYR",), issue="floor", option="85", measure="aid")
    before: Any = proceedings(after(of, [moves[0], aid]), [moves[0], aid]).as_json()
    moves = [moves[0], aid, *moves[1:], *[Sign("binding")] * 4, *[Pledge(pays=True)] * 3]
    expected = {
        "by": "BEA",
        "to": ["CYR"],
        "kind": "promise",
        "settles": {"floor": 85},
        "measure": "aid",
        "room": None,
    }

    assert before["vows"] == [{**expected, "due": None, "kept": None}]
    for does in (True, False):
        whole = [*moves, CarryOut(does=does)]
        told: Any = proceedings(after(of, whole), whole).as_json()
        assert told["vows"] == [{**expected, "due": True, "kept": does}]


def test_a_threat_is_told_as_one_and_falls_due_with_a_text_that_lacks_its_demand() -> None:
    of = hall()
    moves = [Threaten("tariff", "floor", "110"), *a_vote(of, ("yes", "yes", "yes", "no"))]
    moves += [*[Sign("binding")] * 3, Sign("out"), *[Pledge(pays=True)] * 2, CarryOut(does=False)]
    told: Any = proceedings(after(of, moves), moves).as_json()

    assert told["vows"] == [
        {
            "by": "ANN",
            "to": ["BEA"],
            "kind": "threat",
            "settles": {"floor": 110},
            "measure": "tariff",
            "room": None,
            "due": True,
            "kept": False,
        }
    ]


def test_of_a_threat_nothing_is_told_to_be_due_before_the_session_is_over() -> None:
    of = hall()
    moves: list[Move] = [Threaten("tariff", "floor", "110"), *a_vote(of, ())[:4]]
    told: Any = proceedings(after(of, moves), moves).as_json()

    assert [(vow["due"], vow["kept"]) for vow in told["vows"]] == [(None, None)]


def test_who_left_before_the_signing_is_told_to_have_stayed_out() -> None:
    of = hall()
    moves: list[Move] = [*a_vote(of, ())[:3], WalkAway(), *a_vote(of, ())[4:]]
    moves += [*[Vote("yes")] * 3, *[Sign("binding")] * 3, *[Pledge(pays=True)] * 2]
    told: Any = proceedings(after(of, moves), moves).as_json()

    assert told["signatures"] == {
        "ANN": "binding",
        "BEA": "binding",
        "CYR": "binding",
        "DOR": "out",
    }
    assert (told["bound_weight"], told["needed_weight"]) == (0.75, 0.5)


@pytest.mark.parametrize(
    ("vow", "signature", "is_good"),
    [
        ({"measure": None}, "binding", True),
        ({"measure": None}, "out", False),
        ({"measure": "aid", "carried_out": True}, "binding", True),
        ({"measure": "aid", "carried_out": True}, "out", False),
        ({"measure": "aid", "carried_out": False}, "binding", False),
        ({"measure": "aid", "carried_out": None}, "binding", False),
        ({"measure": "tariff", "carried_out": True, "is_threat": True}, "out", True),
        ({"measure": "tariff", "carried_out": False, "is_threat": True}, "binding", False),
    ],
)
def test_a_promise_is_kept_by_support_and_deed_a_threat_by_the_deed_alone(
    vow: dict[str, Any], signature: Any, is_good: bool
) -> None:
    state = replace(after(hall(), []), signatures=(None, signature, None, None))

    assert is_kept(state, Vow(by=1, to=(0,), settles=((0, 2),), **vow)) == is_good


@pytest.mark.parametrize(
    ("kind", "stage", "then", "by"),
    [
        ("plenary", "vote", {"stage": "sign"}, "vote"),
        ("plenary", "vote", {"stage": "pledge"}, "vote"),
        ("plenary", "silence", {"stage": "due"}, "silence"),
        ("plenary", "vote", {"status": "agreement"}, "vote"),
        ("plenary", "vote", {"stage": "chair"}, None),
        ("plenary", "chair", {"stage": "sign"}, None),
        ("forum", "chair", {"stage": "sign"}, "signature"),
        ("forum", "floor", {"stage": "sign"}, None),
        ("forum", "chair", {"stage": "sign", "is_broken_off": True}, None),
        ("forum", "chair", {"stage": "sign", "offer": None}, None),
    ],
)
def test_a_text_is_adopted_where_its_decision_leads_on(
    kind: str, stage: Any, then: dict[str, Any], by: str | None
) -> None:
    before = replace(after(hall(kind), []), stage=stage, offer=3)

    assert adoption(before, replace(before, **then)) == by


def test_points_yielded_are_told_to_nine_decimals() -> None:
    game = hall().model_copy(update={"mandates": {"ANN": Mandate(face=0.5)}})
    state = replace(
        after(game, []),
        yielded=(1 / 3, 0.0, 0.0, 0.0),
        yielded_in_rooms=(0.0, 2 / 3, 0.0, 0.0),
    )
    made = Proceedings(state=state, rooms=(), roll_calls=(), silences=(), adopted_by=None)
    told: Any = made.as_json()

    assert told["yielded"]["ANN"] == {
        "in_plenary": 0.333333333,
        "in_rooms": 0.0,
        "face_lost": 0.166666667,
    }
    assert told["yielded"]["BEA"]["in_rooms"] == 0.666666667


def test_the_weight_that_is_bound_and_what_it_takes_are_told_to_nine_decimals() -> None:
    of = three(kind="forum", participation={"threshold": 2 / 3, "kappa": 0.5})
    state = replace(after(of, []), offer=1, signatures=("binding", "declaratory", None))

    assert bound_weight(state) == (0.333333333, 0.666666667)


def test_without_a_text_nobody_is_bound_and_all_would_have_to_be() -> None:
    assert bound_weight(after(hall("forum"), [])) == (0.0, 1.0)


@hypothesis_settings(max_examples=40, deadline=None)
@given(of=hall_scenarios(), seed=st.integers(0, 9), lots=st.randoms(use_true_random=False))
def test_whatever_is_done_in_a_hall_can_be_told(of: Scenario, seed: int, lots: Any) -> None:
    state, moves = start(of, seed), list[Move]()
    assert isinstance(state, HallState)
    for _ in range(60):
        if not state.is_open:
            break
        move = legal_move(state, lots)
        moves.append(move)
        state, _ = step(state, move)
        assert isinstance(state, HallState)
    found = proceedings(state, moves)

    assert json.loads(json.dumps(found.as_json(), allow_nan=False)) == found.as_json()
    assert (found.adopted_by is None) >= (state.agreement is None)
    assert sum(met.moves for met in found.rooms) <= len(moves)
