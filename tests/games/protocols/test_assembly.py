"""What every session of a plenary or forum must do, whatever is played in it."""

from dataclasses import replace
from itertools import groupby
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import IllegalMove
from games.moves import (
    Accept,
    Adjourn,
    AskCapital,
    CallCaucus,
    CallInformal,
    CarryOut,
    Extend,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenBreakouts,
    OpenSilence,
    Pass,
    Promise,
    PutToVote,
    Reopen,
    Sign,
    Vote,
    WalkAway,
)
from games.parts.mandates import Mandate
from games.protocols.alternating_offers import order_in_round
from games.protocols.hall import HallState, Vow
from games.protocols.rooms import matched
from games.scenario import Scenario
from games.session import Closed, Moved, payoffs, step, utilities
from tests.games.protocols.halls import (
    Turn,
    after,
    allows,
    brings_on,
    hall_scenarios,
    is_allowed,
    opened,
    random_play,
    stays,
    three,
    tried_moves,
    with_text,
)
from tests.support.domains import plainly_signable

seeds = st.integers(0, 10_000)


@settings(max_examples=60)
@given(game=hall_scenarios(), seed=seeds)
def test_step_takes_exactly_the_moves_that_the_rules_allow(game: Scenario, seed: int) -> None:
    turns, _ = random_play(game, seed, prefers=brings_on)
    rng = Random(seed)
    for turn in turns:
        for move in tried_moves(turn.before, rng):
            assert allows(turn.before, move) == is_allowed(turn.before, move), (turn.before, move)


@settings(max_examples=80)
@given(game=hall_scenarios(), seed=seeds)
def test_no_session_is_longer_than_its_bound_and_nobody_moves_out_of_turn(
    game: Scenario, seed: int
) -> None:
    turns, end = random_play(game, seed, prefers=stays)
    assert end.turn == len(turns) <= turns[0].before.most_turns
    for number, turn in enumerate(turns):
        state = turn.before
        assert state.turn == number
        assert state.stage == "due" or state.mover not in state.left
        assert state.most_turns == turns[0].before.most_turns
        assert state.room is None or state.mover in state.room.members


@settings(max_examples=80)
@given(game=hall_scenarios(), seed=seeds)
def test_on_every_floor_each_delegation_present_speaks_once_in_the_order_of_the_round(
    game: Scenario, seed: int
) -> None:
    turns, end = random_play(game, seed, prefers=stays)
    for round_, floor in groupby(turns, key=lambda turn: turn.before.now):
        spoke = [turn for turn in floor if turn.before.stage == "floor" and is_last_word(turn)]
        order = order_in_round(game, round_, seed)
        there = [k for k in order if k not in spoke[0].before.left]
        # Where too many leave, the hall breaks up before the last have spoken.
        breaks_up = end.is_broken_off and round_ == end.now
        heard = len(spoke) if breaks_up else len(there)
        assert [turn.before.mover for turn in spoke] == there[:heard]


def is_last_word(turn: Turn) -> bool:
    """Return whether a move on the floor is more than an aside."""
    return isinstance(turn.move, Offer | Accept | Pass | WalkAway)


@settings(max_examples=80)
@given(game=hall_scenarios(), seed=seeds)
def test_nobody_ever_puts_its_name_to_what_it_may_not_sign(game: Scenario, seed: int) -> None:
    turns, end = random_play(game, seed, prefers=brings_on)
    for state in (*(turn.before for turn in turns), end):
        for party, stand in zip(game.ids, state.stands, strict=True):
            assert stand is None or plainly_signable(game, party, stand.outcome)
        assert state.offer is None or game.space.is_possible(state.offer)
    agreed = end.agreement
    assert (agreed is None) == (end.status != "agreement")
    if agreed is None:
        return
    forced = {
        party
        for party, ballot, signature in zip(game.ids, end.ballots, end.signatures, strict=True)
        if (ballot == "yes" or signature in ("binding", "declaratory"))
        and not plainly_signable(game, party, agreed)
    }
    assert not forced


@settings(max_examples=60)
@given(game=hall_scenarios(), seed=seeds)
def test_the_recorded_moves_lead_to_the_same_state_and_one_close(game: Scenario, seed: int) -> None:
    turns, end = random_play(game, seed, prefers=brings_on)
    state, events = opened(game, seed), list[object]()
    for turn in turns:
        assert state == turn.before
        stepped, happened = step(state, turn.move)
        assert isinstance(stepped, HallState)
        state = stepped
        events += happened
    assert state == end
    assert sum(isinstance(event, Moved) for event in events) == len(turns)
    (closed,) = [event for event in events if isinstance(event, Closed)]
    assert (closed.status, closed.outcome) == (end.status, end.agreement)
    with pytest.raises(IllegalMove, match="the session is over"):
        step(end, Adjourn())


@settings(max_examples=60)
@given(game=hall_scenarios(), seed=seeds)
def test_what_each_has_in_the_end_does_not_depend_on_when_it_is_asked(
    game: Scenario, seed: int
) -> None:
    from games.protocols.settlement import settled

    _, end = random_play(game, seed, prefers=brings_on)
    assert end.points == settled(end)
    assert utilities(end) == dict(zip(game.ids, end.points, strict=True))
    assert payoffs(end).keys() == utilities(end).keys()


@settings(max_examples=60)
@given(game=hall_scenarios(parties=(2, 3), rounds=(1, 2)), seed=seeds)
def test_those_who_talk_as_long_as_they_may_come_to_an_end(game: Scenario, seed: int) -> None:
    """The chair calls every room it can; in them, and on the floor, each adds an aside."""

    def longest(move: Move) -> float:
        drawn_out = CallInformal | OpenBreakouts | Promise | CallCaucus | Merge | Reopen | Extend
        return 1e6 if isinstance(move, drawn_out) else 1e-3 if isinstance(move, WalkAway) else 1.0

    turns, end = random_play(game, seed, prefers=longest)
    assert not end.is_open
    assert len(turns) <= turns[0].before.most_turns


def test_a_chair_that_leaves_is_followed_by_the_first_of_those_present() -> None:
    on_floor = after(opened(three()), WalkAway())
    assert (on_floor.chair, on_floor.party, on_floor.status) == (1, "B", "open")
    in_chair = after(opened(three()), Pass(), Pass(), Pass(), WalkAway())
    assert (in_chair.stage, in_chair.party) == ("chair", "B")


def test_a_voter_that_leaves_leaves_its_vote_and_the_count_goes_on() -> None:
    voting = after(with_text(opened(three())), PutToVote(), Vote("yes"))
    passed = after(voting, Vote("yes"), WalkAway())
    assert (passed.status, passed.agreement, passed.left) == ("agreement", 1, {2})
    assert utilities(passed)["C"] == 1
    failed = after(voting, Vote("no"), WalkAway())
    assert (failed.stage, failed.party) == ("chair", "A")


def test_a_hall_in_which_nothing_can_be_adopted_breaks_up() -> None:
    needed = three(agreement={"quorum": 0.6, "vetoes": ["B"]})
    end = after(opened(needed), Pass(), WalkAway())
    assert (end.status, end.agreement) == ("walked-away", None)
    alone = after(opened(three()), Pass(), WalkAway(), WalkAway())
    assert alone.status == "walked-away"


def test_who_is_to_meet_in_a_room_and_leaves_first_is_not_waited_for() -> None:
    game = three(caucuses=1)
    second = after(with_text(opened(game)), Adjourn())
    called = after(second, CallCaucus(("C",), ("deal",)), Pass(), Pass())
    assert called.stage == "floor"
    gone = after(called, WalkAway())
    assert (gone.stage, gone.rooms) == ("chair", ())


def test_an_agreement_is_dated_by_the_round_in_which_it_was_adopted() -> None:
    game = three(breakdown=0.5)
    second = after(with_text(opened(game)), Adjourn(), Pass(), Pass(), Pass())
    end = after(second, PutToVote(), *[Vote("yes")] * 3)
    assert utilities(end) == {"A": 4, "B": 6, "C": 8}
    assert payoffs(end) == {"A": 1 + 3 / 2, "B": 1 + 5 / 2, "C": 1 + 7 / 2}


def test_a_signature_dates_an_agreement_by_the_same_round() -> None:
    game = three(kind="forum", breakdown=0.5)
    second = after(with_text(opened(game)), Adjourn(), Pass(), Pass(), Pass(), Adjourn())
    assert second.stage == "sign"
    end = after(second, *[Sign("binding")] * 3)
    assert payoffs(end) == {"A": 1 + 3 / 2, "B": 1 + 5 / 2, "C": 1 + 7 / 2}


def test_what_a_chair_calls_meets_at_once_and_what_is_carried_out_is_known() -> None:
    text = after(opened(three()), Offer(3), Offer(1), Offer(0), Merge(1))
    met = after(text, CallInformal("deal", ("A", "C")))
    assert (met.stage, met.party) == ("room", "A")
    vow = Vow(by=1, to=(2,), settles=((0, 1),), measure="credit")
    due = replace(text, stage="due", queue=(0, 1), vows=(vow, vow), ballots=("yes",) * 3)
    told = after(due, CarryOut(does=False))
    assert [one.carried_out for one in told.vows] == [False, None]


def test_a_hall_opens_with_nothing_yielded_and_a_step_counts_what_is_yielded_by_it() -> None:
    """A, who loses half of what it yields, stood for o3 and votes for o1: 10 points, then 4."""
    game = three().model_copy(update={"mandates": {"A": Mandate(face=0.5)}})
    hall = opened(game)
    assert (hall.yielded, hall.yielded_in_rooms) == ((0, 0, 0), (0, 0, 0))
    assert hall.reference == (None, None, None)
    voting = after(hall, Offer(3), Offer(1), Offer(0), Merge(1), PutToVote())
    assert (voting.reference, voting.yielded) == ((3, 1, 0), (0, 0, 0))
    end = after(voting, Vote("no"), Vote("yes"), Vote("yes"))
    assert (end.reference, end.yielded) == ((3, 1, 1), (0, 0, 2))
    assert utilities(end)["A"] == 4
    # A's own vote closes the session, and is paid for at home all the same.
    last = replace(voting, chair=1, queue=(1, 2, 0))
    closed = after(last, *[Vote("yes")] * 3)
    assert (closed.reference, closed.yielded) == ((1, 1, 1), (6, 0, 2))
    assert utilities(closed)["A"] == 4 - 0.5 * 6


def test_what_crosses_its_red_line_a_delegation_can_only_stay_out_of() -> None:
    game = with_red_line(three(kind="forum"), "A", {"deal": "o1"})
    signing = replace(opened(game), stage="sign", queue=(0, 1, 2), offer=1)
    for signature in ("binding", "declaratory"):
        with pytest.raises(IllegalMove, match="red line"):
            step(signing, Sign(signature))
    assert allows(signing, Sign("out"))


def with_red_line(game: Scenario, party: str, line: dict[str, str]) -> Scenario:
    values = game.model_dump(by_alias=True)
    values["parties"][party]["red_lines"] = [line]
    return Scenario.model_validate(values)


@pytest.mark.parametrize(
    ("acts", "move"),
    [
        ((), Vote("yes")),
        ((PutToVote(),), KeepSilence()),
        ((OpenSilence(),), Vote("yes")),
        ((OpenSilence(),), Pass()),
        ((CallInformal("deal", ("A", "B")),), Vote("yes")),
    ],
)
def test_a_move_of_another_stage_is_refused(acts: tuple[Move, ...], move: Move) -> None:
    text = after(opened(three()), Offer(3), Offer(1), Offer(0), Merge(1))
    with pytest.raises(IllegalMove, match="expected"):
        step(after(text, *acts), move)


def test_who_has_left_supports_the_text_no_longer() -> None:
    text = after(with_text(opened(three(rounds=3))), Adjourn())
    third = after(text, Accept(), Accept(), Pass(), Adjourn())
    assert third.accepted == {0, 1}
    assert after(third, WalkAway()).accepted == {1}


def test_a_delegation_puts_its_name_to_nothing_beyond_its_mandate() -> None:
    mandate = Mandate.model_validate({"limits": {"deal": ["o0"]}})
    game = three().model_copy(update={"mandates": {"A": mandate}})
    hall = opened(game)
    with pytest.raises(IllegalMove, match="its mandate does not reach as far as deal o1"):
        step(hall, Offer(1))
    voting = replace(hall, stage="vote", queue=(0, 1, 2), offer=1)
    with pytest.raises(IllegalMove, match="its mandate does not reach as far as deal o1"):
        step(voting, Vote("yes"))
    assert allows(voting, Vote("no"))


def test_on_the_floor_a_delegation_may_ask_its_capital_instead_of_speaking() -> None:
    mandate = Mandate.model_validate({"limits": {"deal": ["o1"]}})
    game = three().model_copy(update={"mandates": {"A": mandate}})
    hall = after(with_text(opened(game)), Adjourn())
    asked = after(hall, AskCapital("deal", "o2"))
    assert (asked.party, asked.stands) == ("B", hall.stands)
    assert [(one.option, one.is_granted) for one in asked.requests] == [("o2", False)]


def test_no_breakout_is_opened_where_nobody_differs() -> None:
    agreed = after(opened(three()), Offer(1), Offer(1), Offer(1), Merge(1))
    assert matched(agreed) == ()
    assert not allows(agreed, OpenBreakouts())
