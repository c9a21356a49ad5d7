"""What a hall's state says of itself: its bounds, who has left, what was granted and taken back."""

from dataclasses import replace

import pytest

from games.moves import (
    Accept,
    Adjourn,
    CallCaucus,
    CallInformal,
    KeepSilence,
    Merge,
    Offer,
    OpenSilence,
    Pass,
    PutToVote,
    Vote,
    WalkAway,
)
from games.participation.trust import Seen
from games.protocols.alternating_offers import order_in_round
from games.protocols.assembly import lapse
from games.protocols.hall import HallState, Room, Stand, most_acts
from games.protocols.voting import count
from tests.games.protocols.halls import after, opened, three, with_parts, with_text
from tests.support.domains import party, scenario


def four() -> HallState:
    """Return a plenary of four over x, y and z, its chair A; two measures, three options each."""
    points = {name: {f"{name}{k}": 1.0 for k in range(3)} for name in "xyz"}
    rules = {
        "kind": "plenary",
        "agreement": {"quorum": 0.6},
        "rooms": {"size": 3, "turns": 2},
        "caucuses": 1,
        "extension": 1,
    }
    game = scenario(
        {name: list(row) for name, row in points.items()},
        {name: party(points) for name in "ABCD"},
        protocol={"rounds": 3, "opens": "fixed"},
    )
    return opened(with_parts(game, protocol=rules))


def text(x: int, y: int, z: int) -> int:
    return (x * 3 + y) * 3 + z


# --- bounds


def test_the_most_turns_follow_from_the_rules_alone() -> None:
    # A room: 3 members, 2 moves each and as many asides, 12. A round: 4 speak, each with an aside,
    # 8; the chair acts 8 + 2 · 3 times and decides 3 times; one room an issue, 36, and breakouts of
    # all, 16; two rolls, 8. Four rounds of 85, a caucus each, 48, three acts each after that, 12,
    # and two measures.
    state = four()
    assert most_acts(state) == 14
    assert state.most_turns == 4 * 85 + 48 + 12 + 2


def test_rounds_have_begun_once_somebody_has_moved_in_them() -> None:
    state = four()
    assert state.rounds_begun == 0
    spoken = after(state, Pass())
    assert spoken.rounds_begun == 1
    assert after(spoken, Pass(), Pass(), Pass(), Adjourn()).rounds_begun == 2


def test_the_seed_draws_who_speaks_first_in_each_round() -> None:
    game = three(opens="lot", rounds=4)
    orders = {seed: opened(game, seed).queue for seed in range(8)}

    assert all(sorted(order) == [0, 1, 2] for order in orders.values())
    assert len(set(orders.values())) > 1
    state = opened(game, 5)
    assert state.seed == 5
    following = after(state, Pass(), Pass(), Pass(), Adjourn())
    assert following.queue == order_in_round(game, 1, 5)


def test_a_hall_opens_with_nothing_said_yielded_or_signed() -> None:
    state = four()
    nobody = (None,) * 4
    assert state.yielded == state.yielded_in_rooms == (0.0,) * 4
    assert state.caucuses == (0,) * 4
    assert state.stands == state.granted == state.reference == state.settled_apart == nobody
    assert state.ballots == state.signatures == state.pledges == nobody
    assert (state.stage, state.queue, state.chair, state.offer) == ("floor", (0, 1, 2, 3), 0, None)
    assert (state.known_rounds, state.last_round) == (3, 3)


# --- leaving


def test_who_has_left_stands_for_nothing() -> None:
    state = after(four(), Offer(3), WalkAway(), Offer(4))
    assert [stand and stand.outcome for stand in state.stands] == [3, None, 4, None]
    left = after(four(), Offer(3), Offer(4), Pass(), Pass(), WalkAway())
    assert left.stands[0] is None
    assert left.stands[1] == Stand(4, 1)
    assert left.chair == 1


def test_when_the_last_to_be_silent_leaves_the_silence_of_the_others_adopts_the_text() -> None:
    state = after(with_text(four()), OpenSilence(), KeepSilence(), KeepSilence(), WalkAway())
    assert (state.stage, state.offer) == ("pledge", 1)  # adopted, the fund is raised


def test_when_the_last_to_vote_leaves_the_votes_of_the_others_decide() -> None:
    voting = after(with_text(four()), PutToVote(), Vote("yes"), Vote("yes"))
    assert after(voting, Vote("yes"), WalkAway()).stage == "pledge"
    failed = after(voting, Vote("no"), WalkAway())
    assert (failed.status, failed.stage) == ("open", "chair")


def test_who_leaves_a_room_takes_its_own_word_along_and_nobody_elses() -> None:
    room = Room(
        number=0,
        kind="informal",
        members=(1, 2, 3),
        issues=(0,),
        base=0,
        turns=2,
        made=2,
        offer=5,
        offerer=1,
        accepted=frozenset({1, 2}),
    )

    assert room.without(3).accepted == {1, 2}
    assert room.without(3).is_agreed
    assert room.without(2).accepted == {1}
    left = room.without(1)
    assert (left.offer, left.offerer, left.accepted) == (None, None, frozenset())
    assert (left.members, left.mover) == ((2, 3), 3)


# --- counting


def test_under_unanimity_all_are_needed_but_those_who_abstain() -> None:
    state = after(with_text(opened(three(agreement="unanimity"))), PutToVote(), Vote("yes"))
    found = count(after(state, Vote("no")))
    assert (found.weight, found.needed, found.short_of) == (1, 3, 2)
    assert (found.yes, found.no, found.outstanding) == ((0,), (1,), (2,))
    apart = count(after(state, Vote("abstain")))
    assert (apart.needed, apart.short_of, apart.blocked_by) == (2, 1, ())


# --- what was granted and taken back

BOTH = text(1, 1, 0)


def granted(state: HallState) -> list[int | None]:
    return [None if one is None else one[0] for one in state.granted]


@pytest.mark.parametrize(
    ("asked", "is_seen"),
    [
        (text(1, 1, 2), True),  # z was among what it had accepted
        (text(0, 1, 0), True),  # x alone is taken back
        (BOTH, False),
    ],
)
def test_to_take_back_any_part_of_what_was_accepted_is_seen(asked: int, is_seen: bool) -> None:
    state = after(with_text(four(), BOTH), Adjourn(), Pass(), Accept(), Accept(), Pass(), Adjourn())
    taken_back = after(state, Pass(), Offer(asked))

    assert granted(state) == [None, BOTH, BOTH, None]
    assert granted(taken_back) == [None, None if is_seen else BOTH, BOTH, None]
    expected = Seen().with_event("withdrawn", 1) if is_seen else Seen()
    assert taken_back.seen == expected


def test_what_a_room_tables_its_members_have_granted() -> None:
    talks = after(four(), Offer(text(0, 0, 0)), Offer(text(1, 0, 0)), Pass(), Pass())
    met = after(talks, Merge(text(0, 0, 0)), CallInformal("x", ("B", "C")))
    agreed = after(met, Offer(text(2, 0, 0)), Accept())

    assert agreed.granted == (None, *[(text(2, 0, 0), frozenset({0}))] * 2, None)
    assert [stand and stand.outcome for stand in agreed.stands] == [0, 18, 18, None]


def test_what_a_room_tables_is_what_whoever_was_silent_before_stands_for() -> None:
    talks = after(four(), Offer(text(0, 0, 0)), Offer(text(1, 0, 1)), Pass(), Pass())
    met = after(talks, Merge(text(0, 0, 0)), CallInformal("x", ("B", "D")))
    agreed = after(met, Offer(text(2, 0, 0)), Accept())

    assert met.reference == (text(0, 0, 0), text(1, 0, 1), None, None)
    assert agreed.reference == (text(0, 0, 0), text(2, 0, 1), None, text(2, 0, 0))
    assert agreed.yielded_in_rooms == (0, 0, 0, 0)  # to B every outcome is worth the same


def test_what_a_caucus_agrees_nobody_stands_for_who_was_silent_before() -> None:
    talks = after(with_text(four(), BOTH), Adjourn())
    met = after(talks, CallCaucus(("B",), ("x",)), Pass(), Pass(), Pass(), Pass())
    agreed = after(met, Offer(text(2, 1, 0)), Accept())

    assert agreed.reference == (None,) * 4
    assert [vow.by for vow in agreed.vows] == [0, 1]


def test_the_word_of_whom_its_capital_holds_back_lapses_and_nobody_elses() -> None:
    accepted = after(with_text(four(), BOTH), Adjourn(), Pass(), Accept(), Accept(), Pass())
    lapsed = lapse(accepted, frozenset({1}))

    assert accepted.accepted == {1, 2}
    assert lapsed.accepted == {2}
    assert granted(lapsed) == [None, None, BOTH, None]
    assert lapsed.stands == accepted.stands  # it may sign the text still, only not now
    assert lapse(accepted, frozenset()) == accepted


def test_trust_is_in_others_whatever_one_has_broken_oneself() -> None:
    state = four()
    assert replace(state, seen=Seen().with_event("broken", 0)).trust() == state.trust()
    assert replace(state, seen=Seen().with_event("broken", 1)).trust() < state.trust()
