"""What is yielded before the hall costs points at home, in a small room nothing; worked by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.lint.findings import lint
from games.lint.mandates import face_findings
from games.moves import (
    Accept,
    Adjourn,
    CallCaucus,
    CallInformal,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenSignature,
    OpenSilence,
    Pass,
    PutToVote,
    Sign,
    Vote,
    WalkAway,
)
from games.parts.mandates import Mandate, Ratification
from games.protocols.by_rule import signing_outlook
from games.protocols.face import MOST_FACES, concessions, face_lost, facing, public_loss
from games.protocols.hall import HallState
from games.protocols.perceived import within
from games.protocols.stages import combined
from games.scenario import Scenario
from games.session import payoffs, utilities
from tests.games.protocols.halls import (
    Turn,
    after,
    brings_on,
    hall_scenarios,
    opened,
    random_play,
    stays,
    three,
)
from tests.support.domains import party, scenario

FACES = {"A": 0.5, "C": 1.0}
"""Points of o0 to o3: A 0, 4, 8, 10; B 3, 6, 6, 3; C 10, 8, 4, 0. Reservation values 1."""


def with_face(game: Scenario, faces: Mapping[str, float] | None = None) -> Scenario:
    """Return a game in which delegations lose so much at home per point that they yield."""
    stated = FACES if faces is None else faces
    mandates = {party: Mandate(face=face) for party, face in stated.items()}
    return game.model_copy(update={"mandates": mandates})


def spoken(**protocol: Any) -> HallState:
    """Return the second floor of a hall: A stands for o3, B for o1, C for o0; the text is o1."""
    game = with_face(three(**{"rounds": 4, **protocol}))
    return after(opened(game), Offer(3), Offer(1), Offer(0), Merge(1), Adjourn())


def test_the_first_stand_is_free_and_what_is_then_yielded_on_the_floor_is_lost_at_home() -> None:
    hall = spoken()
    assert hall.reference == (3, 1, 0)
    assert hall.yielded == (0, 0, 0)
    yielded = after(hall, Accept(), Accept(), Offer(1))
    assert yielded.reference == (1, 1, 1)
    assert yielded.yielded == (10 - 4, 0, 10 - 8)
    assert face_lost(yielded) == (0.5 * 6, 0, 1.0 * 2)
    adopted = after(yielded, PutToVote(), *[Vote("yes")] * 3)
    assert adopted.yielded == (6, 0, 2)  # what they vote for they stand for already
    assert utilities(adopted) == {"A": 4 - 3, "B": 6, "C": 8 - 2}


@pytest.mark.parametrize("takes", [Vote("yes"), KeepSilence()])
def test_the_act_that_adopts_a_text_costs_face_like_any_other(takes: Move) -> None:
    opens = PutToVote() if isinstance(takes, Vote) else OpenSilence()
    voting = after(spoken(breakdown=0.5), Pass(), Pass(), Pass(), opens)
    end = after(voting, *[takes] * len(voting.queue))
    assert (end.status, end.yielded) == ("agreement", (6, 0, 2))
    assert utilities(end) == {"A": 4 - 3, "B": 6, "C": 8 - 2}
    assert payoffs(end) == {"A": 1 + 0.5 * 3 - 3, "B": 1 + 0.5 * 5, "C": 1 + 0.5 * 7 - 2}


def test_to_take_more_costs_nothing_gives_nothing_back_and_is_what_one_then_stands_for() -> None:
    hall = after(spoken(), Offer(2), Pass(), Pass(), Adjourn())
    assert hall.yielded == (2, 0, 0)
    more = after(hall, Offer(3), Pass(), Pass(), Adjourn())
    assert (more.reference[0], more.yielded[0]) == (3, 2)
    again = after(more, Offer(2))
    assert (again.reference[0], again.yielded[0]) == (2, 4)


def test_who_passes_refuses_or_abstains_yields_nothing() -> None:
    voting = after(spoken(), Pass(), Pass(), Pass(), PutToVote())
    refused = after(voting, Vote("no"), Vote("yes"), Vote("abstain"))
    assert (refused.reference, refused.yielded) == ((3, 1, 0), (0, 0, 0))


@pytest.mark.parametrize(
    ("acts", "yielded"),
    [
        ((PutToVote(), Vote("yes"), Vote("no"), Vote("yes")), (6, 0, 2)),
        ((OpenSilence(),), (6, 0, 0)),
        ((OpenSilence(), KeepSilence(), KeepSilence()), (6, 0, 2)),
    ],
)
def test_a_yes_and_silence_take_the_text_before_the_hall(
    acts: tuple[Move, ...], yielded: tuple[float, ...]
) -> None:
    """The chair, who is not asked under silence, takes the text by opening it."""
    hall = after(spoken(), Pass(), Pass(), Pass(), *acts)
    assert hall.yielded == yielded


@pytest.mark.parametrize("kind", ["binding", "declaratory"])
def test_a_signature_takes_the_text_whatever_it_binds_to(kind: Any) -> None:
    forum = after(spoken(kind="forum"), Pass(), Pass(), Pass(), OpenSignature())
    outlook, plain = signing_outlook(forum), signing_outlook(without_face(forum))
    assert outlook is not None
    assert plain is not None
    assert outlook.binding == plain.binding - 3
    assert outlook.declaratory == plain.declaratory - 3
    assert outlook.out == plain.out
    signed = after(forum, Sign(kind), Sign("out"), Sign("out"))
    assert signed.yielded == (6, 0, 0)


def without_face(state: HallState) -> HallState:
    return replace(state, scenario=state.scenario.model_copy(update={"mandates": {}}))


def test_what_an_informal_agrees_is_a_joint_reading_free_of_charge() -> None:
    floor = after(spoken(), Pass(), Pass(), Pass())
    agreed = after(floor, CallInformal("deal", ("A", "C")), Offer(2), Accept())
    assert agreed.reference == (2, 1, 2)
    assert agreed.yielded == (0, 0, 0)
    assert agreed.yielded_in_rooms == (10 - 8, 0, 10 - 4)
    assert concessions(agreed) == (0, 8)
    assert [one.outcome for one in agreed.stands if one] == [2, 1, 2]


def caucus(**protocol: Any) -> HallState:
    """Return a hall in whose second round A meets C, with whom it is at odds, in a caucus."""
    call = CallCaucus(("C",), ("deal",))
    return after(spoken(caucuses=1, **protocol), call, Pass(), Pass(), Pass())


def test_what_a_caucus_agrees_nobody_hears_and_its_members_may_say_free_of_charge() -> None:
    agreed = after(caucus(), Offer(2), Accept())
    assert (agreed.reference, agreed.yielded_in_rooms) == ((2, 1, 2), (2, 0, 6))
    assert [one.outcome for one in agreed.stands if one] == [3, 1, 0]
    said = after(agreed, Adjourn(), Offer(2), Pass(), Offer(2))
    assert said.yielded == (0, 0, 0)
    assert after(said, Adjourn(), Offer(1)).yielded == (8 - 4, 0, 0)


def test_a_room_that_does_not_agree_leaves_everybody_where_it_was() -> None:
    parted = after(caucus(), Offer(2), Offer(1), Pass(), Pass())
    assert (parted.reference, concessions(parted)) == ((3, 1, 0), (0, 0))


def test_face_counts_in_what_a_delegation_wants_before_the_hall_and_not_in_a_room() -> None:
    floor = spoken()
    assert floor.own(0).utilities.tolist() == [0 - 5, 4 - 3, 8 - 1, 10]
    assert floor.own(0).reservation == 1
    assert floor.own(1) is floor.scenario.preferences[1]
    assert floor.own(2).utilities.tolist() == [10, 8 - 2, 4 - 6, 0 - 10]
    assert floor.own(2) is floor.own(2)  # worked out once
    assert caucus().own(0).utilities.tolist() == [0, 4, 8, 10]


def test_before_it_has_spoken_no_delegation_has_a_face_to_lose() -> None:
    hall = opened(with_face(three()))
    assert hall.own(0) is hall.scenario.preferences[0]
    assert facing(hall.scenario, hall.own(0), 0, None) is hall.own(0)


def test_a_text_that_must_be_ratified_costs_face_by_what_it_is_worth_in_force() -> None:
    """Once ratified o0 to o3 are worth 0, 4, 8 and 10 to A, whatever signing them is worth."""
    ratify = Ratification(threshold=5, slope=0.5, audience_cost=2)
    mandates = {"A": Mandate(face=0.5, ratify=ratify)}
    game = three().model_copy(update={"mandates": mandates})
    plain = game.preferences[0]
    own = facing(game, plain, 0, 3)
    assert (plain.utilities - own.utilities).tolist() == pytest.approx([5, 3, 1, 0])
    assert own.in_force is not None
    assert own.in_force.tolist() == [0 - 5, 4 - 3, 8 - 1, 10]
    assert own.reservation == plain.reservation


def test_preferences_with_face_are_worked_out_once_and_so_many_kept_at_most() -> None:
    points = {"deal": {f"o{k}": float(k) for k in range(MOST_FACES + 1)}}
    game = scenario({"deal": list(points["deal"])}, dict.fromkeys("AB", party(points)))
    faced = with_face(game, {"A": 1.0})
    plain = faced.preferences[0]
    first = [facing(faced, plain, 0, reference) for reference in range(MOST_FACES)]
    again = [facing(faced, plain, 0, reference) for reference in range(MOST_FACES)]
    assert all(one is other for one, other in zip(first, again, strict=True))
    facing(faced, plain, 0, MOST_FACES)
    assert plain.once("faces", lambda _: {}).keys() == {(MOST_FACES, None)}


def test_what_was_yielded_is_lost_without_an_agreement_and_to_who_leaves() -> None:
    hall = after(spoken(rounds=2), Accept(), Pass(), Offer(1), Adjourn())
    assert (hall.status, utilities(hall)) == ("no-agreement", {"A": 1 - 3, "B": 1, "C": 1 - 2})
    assert payoffs(hall) == utilities(hall)
    gone = after(spoken(), Accept(), Pass(), WalkAway(), PutToVote(), Vote("yes"), Vote("yes"))
    assert utilities(gone) == {"A": 4 - 3, "B": 6, "C": 1}


def test_delay_discounts_what_the_text_brings_and_not_what_was_lost_meanwhile() -> None:
    hall = after(spoken(breakdown=0.5), Accept(), Accept(), Offer(1))
    adopted = after(hall, PutToVote(), *[Vote("yes")] * 3)
    half = {"A": 1 + 0.5 * (4 - 1), "B": 1 + 0.5 * (6 - 1), "C": 1 + 0.5 * (8 - 1)}
    lost = {"A": 3, "B": 0, "C": 2}
    assert payoffs(adopted) == {party: half[party] - lost[party] for party in half}


def test_who_lost_face_and_left_has_its_reservation_value_at_once() -> None:
    hall = after(spoken(breakdown=0.5, discounting="total"), Accept(), Pass(), Offer(1), Adjourn())
    gone = after(hall, Pass(), Pass(), WalkAway(), PutToVote(), Vote("yes"), Vote("yes"))
    assert payoffs(gone)["C"] == 1 - 2
    assert payoffs(gone)["B"] == 0.5**2 * 6


# --- whatever is done


faces = st.lists(st.sampled_from([0.0, 0.25, 1.0, 3.0]), min_size=5, max_size=5)


def told_anew(game: Scenario, turns: list[Turn], end: HallState) -> list[list[float]]:
    """Return the points yielded before the hall and in rooms, worked out from the moves anew."""
    reference: dict[int, int] = {}
    public, apart = [0.0] * len(game.ids), [0.0] * len(game.ids)
    states = [*(turn.before for turn in turns[1:]), end]

    def worth(party: int, outcome: int) -> float:
        return game.preferences[party].utility(outcome)

    def take(party: int, outcome: int, yielded: list[float]) -> None:
        before = worth(party, reference.get(party, outcome))
        yielded[party] += max(0.0, before - worth(party, outcome))
        reference[party] = outcome

    for turn, now in zip(turns, states, strict=True):
        before, mover, text = turn.before, turn.before.mover, turn.before.offer
        if before.stage == "floor" and isinstance(turn.move, Offer | Accept):
            stand = now.stands[mover]
            assert stand is not None
            take(mover, stand.outcome, public)
        yes = turn.move == Vote("yes") or isinstance(turn.move, KeepSilence | OpenSilence)
        if yes or (isinstance(turn.move, Sign) and turn.move.signature != "out"):
            assert text is not None
            take(mover, text, public)
        room = before.room
        agrees = room is not None and isinstance(turn.move, Accept)
        if room is None or not agrees or room.accepted | {mover} != {*room.members}:
            continue
        assert room.offer is not None
        for member in room.members:
            stand = now.stands[member]
            if member in reference:
                issues = frozenset(room.issues)
                read = combined(before, member, reference[member], room.offer, issues)
                take(member, read, apart)
            elif stand is not None and room.kind != "caucus":
                reference[member] = stand.outcome
    return [public, apart]


@settings(max_examples=80)
@given(hall_scenarios(rounds=(1, 4)), faces, st.integers(0, 9_999))
def test_what_is_yielded_follows_from_the_moves_and_is_never_negative(
    game: Scenario, stated: list[float], seed: int
) -> None:
    turns, end = random_play(with_face(game, dict(zip(game.ids, stated, strict=False))), seed)
    public, apart = told_anew(game, turns, end)
    assert list(end.yielded) == pytest.approx(public)
    assert list(end.yielded_in_rooms) == pytest.approx(apart)
    assert min(*end.yielded, *end.yielded_in_rooms) >= 0
    for turn in turns:
        if turn.before.stage == "room":
            later = after(turn.before, turn.move)
            assert later.yielded == turn.before.yielded


@settings(max_examples=80)
@given(
    hall_scenarios(rounds=(1, 4)),
    faces,
    st.integers(0, 9_999),
    st.sampled_from([stays, brings_on]),
)
def test_final_points_are_those_without_face_less_what_was_lost(
    game: Scenario, stated: list[float], seed: int, prefers: Any
) -> None:
    """The same moves in the same game, whose fund, deals, vows and signatures are what they are."""
    faced = with_face(game, dict(zip(game.ids, stated, strict=False)))
    turns, plain = random_play(game, seed, prefers=prefers)
    end = after(opened(faced, seed), *(turn.move for turn in turns))
    lost = [face * points for face, points in zip(stated, end.yielded, strict=False)]
    assert face_lost(end) == pytest.approx(lost)
    for worths in (utilities, payoffs):
        without, found = worths(plain), worths(end)
        expected = [without[party] - cost for party, cost in zip(game.ids, lost, strict=True)]
        assert list(found.values()) == pytest.approx(expected)
    assert replace(end, scenario=game, points=(), began=None) == replace(plain, points=())


@settings(max_examples=60)
@given(hall_scenarios(rounds=(1, 4)), faces, st.integers(0, 9_999))
def test_nobody_wants_another_outcome_for_its_face_but_holds_dearer_to_what_it_stands_for(
    game: Scenario, stated: list[float], seed: int
) -> None:
    """Its order of outcomes stays, nothing is worth more, and no agreement is worth the same."""
    faced = with_face(game, dict(zip(game.ids, stated, strict=False)))
    turns, _ = random_play(faced, seed)
    for turn in turns:
        state, mover = turn.before, turn.before.mover
        own, plain = state.own(mover), without_face(state).own(mover)
        assert own.reservation == plain.reservation
        assert bool((own.utilities <= plain.utilities).all())
        reference = state.reference[mover]
        if state.stage != "room" and reference is not None:
            assert own.utility(reference) == plain.utility(reference)
        elif state.stage == "room":
            assert own.utilities.tolist() == plain.utilities.tolist()


def test_a_face_behind_closed_doors_is_remarked_on() -> None:
    hall = with_face(three(), {"A": 0.5, "B": 0.0})
    assert list(face_findings(hall)) == []
    rules = hall.protocol.model_copy(update={"kind": "alternating-offers"})
    table = hall.model_copy(update={"protocol": rules})
    found = [one for one in lint(table) if one.where.startswith("mandates")]
    assert [one.where for one in found] == ["mandates.A.face"]
    assert "closed doors" in found[0].what


def test_where_an_issue_is_closed_face_counts_whatever_was_asked_before() -> None:
    """A stood for the best of both issues, 10 points, and yields on x what it would on the other.

    What it wants in a room, where nothing counts, has been worked out before.
    """
    points = {"x": {"o0": 0.0, "o1": 3.0, "o2": 6.0}, "y": {"o0": 0.0, "o1": 2.0, "o2": 4.0}}
    issues = {name: list(row) for name, row in points.items()}
    game = with_face(scenario(issues, dict.fromkeys("AB", party(points))), {"A": 1.0})
    apart = within(game, game.preferences[0], 0, frozenset({0}))
    before = within(game, facing(game, game.preferences[0], 0, 8), 0, frozenset({0}))
    assert [apart.utility(outcome) for outcome in (0, 3, 6)] == [0, 3, 6]
    assert [before.utility(outcome) for outcome in (0, 3, 6)] == [0 - 10, 3 - 7, 6 - 4]


def test_in_a_room_and_on_no_matter_nothing_is_lost_at_home() -> None:
    hall = spoken()
    assert public_loss(hall, 0, 1) == 0.5 * (10 - 4)
    assert public_loss(caucus(), 0, 1) == 0


@pytest.mark.parametrize(
    ("closed", "worth"),
    [
        # With what it goes on standing for on the closed issue an outcome falls short by so much.
        (None, [[0, 4, 8], [6, 10, 14], [12, 16, 20]]),
        (0, [[0, 4, 8], [3, 7, 11], [6, 10, 14]]),
        (1, [[3, 7, 11], [6, 10, 14], [9, 13, 17]]),
        (2, [[6, 10, 14], [9, 13, 17], [12, 16, 20]]),
    ],
)
def test_on_a_half_open_floor_only_the_open_issue_costs_face(
    closed: int | None, worth: list[list[float]]
) -> None:
    """A stood for the best of both issues, 10 points; o0 to o2 of x are worth 0, 3, 6."""
    points = {"x": {"o0": 0.0, "o1": 3.0, "o2": 6.0}, "y": {"o0": 0.0, "o1": 2.0, "o2": 4.0}}
    issues = {name: list(row) for name, row in points.items()}
    game = scenario(issues, dict.fromkeys("AB", party(points)))
    faced = with_face(game, {"A": 1.0})
    beside = None if closed is None else (closed, -1)
    own = facing(faced, faced.preferences[0], 0, 8, beside)
    assert (own.utilities + 10).reshape(3, 3).tolist() == worth
