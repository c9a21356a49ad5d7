"""What the chair may do, and how a chair that follows the rule does it."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from games.errors import IllegalMove
from games.moves import (
    Accept,
    Adjourn,
    BreakSilence,
    CallInformal,
    Extend,
    Group,
    KeepSilence,
    Merge,
    Offer,
    OpenBreakouts,
    OpenSignature,
    OpenSilence,
    Park,
    Pass,
    PutToVote,
    Reopen,
    Vote,
)
from games.protocols.chairing import chair_move, is_supported, middle_text, vote_weights
from games.protocols.hall import HallState, Stand, most_acts
from games.scenario import Scenario
from games.session import step
from tests.games.protocols.halls import after, allows, hall_scenarios, opened, three, with_text
from tests.support.domains import party, plainly_signable, scenario

FLOOR = (Pass(), Pass(), Pass())


def four_issues(**protocol: object) -> Scenario:
    """Three parties over four issues of three options."""
    options = {name: ["o0", "o1", "o2"] for name in "wxyz"}
    points = {name: {"o0": 0.0, "o1": 1.0, "o2": 2.0} for name in options}
    return scenario(
        options,
        {name: party(points, name=name) for name in "ABC"},
        protocol={"kind": "plenary", "opens": "fixed", "rounds": 6, "agreement": {"quorum": 0.6}}
        | protocol,
    )


MIDDLE = 40
"""The outcome 1, 1, 1, 1 of four issues."""


# --- the order of debate


def test_a_parked_issue_is_not_spoken_to_until_it_is_reopened() -> None:
    parked = after(with_text(opened(four_issues()), MIDDLE), Park("w"), Adjourn())
    with pytest.raises(IllegalMove, match="w is not open now; expected the text's option"):
        step(parked, Offer(MIDDLE + 27))
    spoken = after(parked, Offer(MIDDLE + 1), *FLOOR[1:])
    assert spoken.stage == "chair"
    with pytest.raises(IllegalMove, match="w is parked; expected it to stay as it stands"):
        step(spoken, Merge(MIDDLE - 27))
    reopened = after(spoken, Reopen(), Adjourn())
    assert allows(reopened, Offer(MIDDLE + 27))


def test_what_a_delegation_stood_for_on_a_parked_issue_it_stands_for_still() -> None:
    opening = after(opened(four_issues()), Offer(MIDDLE + 27), Pass(), Offer(MIDDLE - 27))
    parked = after(opening, Merge(MIDDLE), Park("w"), Adjourn())
    spoken = after(parked, Offer(MIDDLE + 1), Accept(), Accept())
    levels = [spoken.levels(stand.outcome) for stand in spoken.stands if stand]
    assert levels == [(2, 1, 1, 2), (1, 1, 1, 1), (0, 1, 1, 1)]
    assert spoken.accepted == {1}
    assert [bracket.issue for bracket in spoken.brackets()] == [0, 3]


def test_the_last_open_issue_cannot_be_parked() -> None:
    text = with_text(opened(four_issues()), MIDDLE)
    less = after(text, Park("w"), Park("x"), Park("y"))
    assert not allows(less, Park("z"))


def test_a_group_is_spoken_to_on_the_next_floor_alone() -> None:
    grouped = after(with_text(opened(four_issues()), MIDDLE), Group(("w", "x")), Adjourn())
    assert sorted(grouped.open_issues) == [0, 1]
    assert not allows(grouped, Offer(MIDDLE + 1))
    assert allows(grouped, Offer(MIDDLE + 27))
    following = after(grouped, *FLOOR, Adjourn())
    assert following.group is None
    assert len(following.open_issues) == 4


def test_before_there_is_a_text_there_is_nothing_to_order_or_to_meet_about() -> None:
    hall = after(opened(four_issues()), Offer(MIDDLE), Offer(MIDDLE + 1), Pass())
    for act in (Park("w"), Group(("w", "x")), CallInformal("z", ("A", "B")), OpenBreakouts()):
        with pytest.raises(IllegalMove, match="there is no text yet"):
            step(hall, act)


def test_what_is_worth_how_much_in_the_chair_does_not_depend_on_what_is_parked() -> None:
    parked = after(with_text(opened(four_issues()), MIDDLE), Park("w"))
    assert parked.own(0) is parked.scenario.preferences[0]
    assert parked.offer_turn == 3
    floor = after(parked, Adjourn())
    assert not floor.own(0).may_sign(MIDDLE + 27)
    assert floor.own(0).may_sign(MIDDLE + 1)


@pytest.mark.parametrize("aside", [Park("w"), Group(("w", "x"))])
def test_nothing_is_decided_while_an_issue_is_set_aside(aside: Park | Group) -> None:
    text = after(with_text(opened(four_issues()), MIDDLE), aside)
    for decision in (PutToVote(), OpenSilence()):
        with pytest.raises(IllegalMove, match="reopen what is parked or grouped first"):
            step(text, decision)
    assert allows(after(text, Reopen()), PutToVote())


def test_a_chair_cannot_go_on_for_ever() -> None:
    game = four_issues()
    state = with_text(opened(game), MIDDLE)
    for number in range(1, most_acts(state)):
        assert state.acts == number
        state = after(state, Merge(MIDDLE))
    with pytest.raises(IllegalMove, match="the chair has acted 16 times; close the round"):
        step(state, Merge(MIDDLE))
    assert allows(state, Adjourn())
    assert allows(state, PutToVote())


# --- decisions


def test_a_silence_that_nobody_breaks_adopts_the_text_for_all() -> None:
    silent = after(with_text(opened(three())), OpenSilence())
    assert (silent.stage, silent.queue) == ("silence", (1, 2))
    end = after(silent, KeepSilence(), KeepSilence())
    assert (end.status, end.agreement) == ("agreement", 1)


def test_a_broken_silence_is_over_at_once_and_not_tried_again_in_the_round() -> None:
    broken = after(with_text(opened(three())), OpenSilence(), BreakSilence())
    assert (broken.stage, broken.party) == ("chair", "A")
    with pytest.raises(IllegalMove, match="the silence procedure was broken in this round"):
        step(broken, OpenSilence())
    assert allows(broken, PutToVote())
    assert allows(after(broken, Adjourn(), *FLOOR), OpenSilence())


def test_a_vote_is_taken_once_a_round() -> None:
    lost = after(with_text(opened(three())), PutToVote(), *[Vote("no")] * 3)
    assert lost.stage == "chair"
    with pytest.raises(IllegalMove, match="the text was voted on in this round already"):
        step(lost, PutToVote())
    assert allows(after(lost, Adjourn(), *FLOOR), PutToVote())


def test_the_talks_are_extended_once() -> None:
    game = three(extension=2)
    longer = after(with_text(opened(game)), Extend())
    assert (longer.known_rounds, longer.last_round) == (4, 4)
    with pytest.raises(IllegalMove, match="the talks have been extended"):
        step(longer, Extend())
    with pytest.raises(IllegalMove, match="the talks cannot be extended"):
        step(with_text(opened(three())), Extend())


def test_an_extension_of_an_uncertain_end_tells_nothing_of_it() -> None:
    game = three(rounds=9, extension=2, deadline={"from": 1, "close": 0.5})
    ends = {opened(game, seed).last_round for seed in range(40)}
    assert len(ends) > 3
    for seed in range(40):
        before = opened(game, seed)
        longer = after(with_text(before), Extend())
        assert longer.last_round == before.last_round + 2
        assert (before.known_rounds, longer.known_rounds) == (9, 11)


def test_a_plenary_votes_and_a_forum_signs() -> None:
    plenary, forum = (with_text(opened(three(kind=kind))) for kind in ("plenary", "forum"))
    with pytest.raises(IllegalMove, match="the text of a plenary is voted on"):
        step(plenary, OpenSignature())
    with pytest.raises(IllegalMove, match="the text of a forum is opened for signature"):
        step(forum, PutToVote())


# --- the chair that follows the rule


@given(hall_scenarios(parties=(2, 5)), st.data())
def test_the_middle_text_is_as_near_as_any_that_the_chair_may_sign(
    game: Scenario, data: st.DataObject
) -> None:
    state = opened(game)
    signable = [
        [one for one in range(game.space.size) if plainly_signable(game, name, one)]
        for name in game.ids
    ]
    assume(all(signable))
    stands = tuple(Stand(data.draw(st.sampled_from(mine)), k) for k, mine in enumerate(signable))
    proposal = middle_text(replace(state, stands=stands))
    assert proposal is not None
    distances = {one: plain_distance(game, stands, one) for one in signable[state.chair]}
    assert distances[proposal] == pytest.approx(min(distances.values()))


def plain_distance(game: Scenario, stands: tuple[Stand, ...], outcome: int) -> float:
    """Return how far a text is from what all stand for, in options, by the weight of votes."""
    levels = game.space.levels_of
    return sum(
        weight * abs(one - other)
        for stand, weight in zip(stands, vote_weights(game), strict=True)
        for one, other in zip(levels(stand.outcome), levels(outcome), strict=True)
    )


def test_what_is_parked_stays_in_the_middle_text() -> None:
    opening = after(opened(four_issues()), Offer(80), Offer(80), Offer(80), Merge(MIDDLE))
    assert middle_text(opening) == 80
    parked = after(opening, Park("w"))
    assert middle_text(parked) == 80 - 27


def test_a_chair_that_would_not_vote_for_the_text_is_not_counted_among_its_supporters() -> None:
    text = after(with_text(opened(three())), Adjourn(), Offer(2), Accept(), Accept())
    assert text.accepted == {1, 2}
    assert not is_supported(text)
    carried = after(with_text(opened(three())), Adjourn(), Accept(), Accept(), Pass())
    assert is_supported(carried)
    assert chair_move(carried) == PutToVote()


def test_where_all_stand_by_the_text_the_chair_opens_a_silence() -> None:
    opening = after(opened(three()), Offer(1), Offer(1), Offer(1))
    assert chair_move(opening) == Merge(1)
    assert chair_move(after(opening, Merge(1))) == OpenSilence()


def test_a_chair_that_stands_for_something_else_has_the_roll_called_and_no_silence() -> None:
    last = after(with_text(opened(three(rounds=2))), Adjourn(), Offer(2), Accept(), Accept())
    assert last.accepted == {0, 1, 2} - {last.chair}
    assert chair_move(last) == PutToVote()


def test_a_text_is_brought_to_a_vote_in_the_last_round_however_few_stand_by_it() -> None:
    last = after(with_text(opened(three(rounds=1))))
    assert last.accepted == frozenset()
    assert chair_move(last) == PutToVote()


def test_where_the_end_is_uncertain_the_text_is_voted_on_in_every_round_that_may_be_the_last() -> (
    None
):
    game = three(rounds=6, deadline={"from": 2, "close": 0.2})
    seed = next(seed for seed in range(99) if opened(game, seed).last_round == 6)
    first = with_text(opened(game, seed))
    assert chair_move(first) == Adjourn()
    second = after(first, Adjourn(), *FLOOR)
    assert chair_move(second) == PutToVote()
    assert chair_move(after(second, PutToVote(), *[Vote("no")] * 3)) == Adjourn()


def test_a_near_miss_in_the_last_round_is_extended() -> None:
    game = three(rounds=1, extension=1, agreement={"quorum": 1.0})
    lost = after(with_text(opened(game)), PutToVote(), Vote("yes"), Vote("yes"), Vote("no"))
    assert chair_move(lost) == Extend()
    assert chair_move(after(lost, Extend())) == Adjourn()


def test_brackets_send_their_proposers_into_a_room_each_reading_heard_first() -> None:
    game = three(agreement="unanimity")
    opening = after(opened(game), Offer(3), Offer(3), Offer(0), Merge(3))
    assert chair_move(opening) == CallInformal("deal", ("A", "C", "B"))


def test_in_a_forum_those_who_differ_meet_in_breakouts() -> None:
    apart = after(opened(three(kind="forum")), Offer(3), Offer(1), Offer(0), Merge(1))
    assert chair_move(apart) == OpenBreakouts()


def disputed(round_: int, *, parked: frozenset[int] = frozenset()) -> HallState:
    """Return a hall of six rounds in which all four issues are in brackets and rooms have met."""
    opening = after(opened(four_issues()), Offer(80), Offer(0), Offer(MIDDLE), Merge(MIDDLE))
    return replace(opening, now=round_, met=True, merged=2, parked=parked)


def test_early_the_most_disputed_issue_is_parked_and_late_two_are_taken_together() -> None:
    assert chair_move(disputed(1)) == Park("w")
    assert chair_move(disputed(1, parked=frozenset((0,)))) == Adjourn()
    assert chair_move(disputed(3, parked=frozenset((0,)))) == Reopen()
    assert chair_move(disputed(3)) == Group(("w", "x"))
    assert chair_move(disputed(4)) == Adjourn()


@given(hall_scenarios(), st.lists(st.integers(0, 63), min_size=5, max_size=5), st.integers(0, 2))
def test_a_chair_by_rule_makes_legal_moves_and_closes_every_round(
    game: Scenario, readings: list[int], round_: int
) -> None:
    state = opened(game)
    stands = tuple(
        Stand(reading % game.space.size, k)
        if plainly_signable(game, name, reading % game.space.size)
        else None
        for k, (name, reading) in enumerate(zip(game.ids, readings, strict=False))
    )
    state = replace(state, stage="chair", queue=(), stands=stands, now=round_)
    moves = list[object]()
    while state.is_open and state.now == round_ and state.stage not in ("sign", "pledge", "due"):
        move = {
            "chair": lambda: chair_move(state),  # noqa: B023
            "vote": lambda: Vote("no"),
            "silence": BreakSilence,
            "room": Pass,
        }[state.stage]()
        moves.append(move)
        state = after(state, move)
    acts = [move for move in moves if not isinstance(move, Vote | BreakSilence | Pass)]
    assert len(acts) <= 8


def test_every_weight_that_is_not_named_is_one() -> None:
    assert vote_weights(three(agreement={"quorum": 0.5, "weights": {"B": 4}})) == [1, 4, 1]
    assert vote_weights(three(agreement="unanimity")) == [1, 1, 1]
