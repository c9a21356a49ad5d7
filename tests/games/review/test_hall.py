"""Sessions of halls read act by act: by hand, and against sessions played otherwise to the end."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import UserError
from games.moves import (
    Accept,
    Adjourn,
    Ballot,
    BreakSilence,
    CarryOut,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenSignature,
    OpenSilence,
    Pass,
    Pledge,
    PutToVote,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.participation.signatures import SIGNATURES
from games.parts.surroundings import Fund, Measure, Statecraft
from games.protocols.by_rule import act_by_rule
from games.review.hall import HallMove, HallReading, read_hall
from games.review.leaks import Leak
from games.scenario import Quorum, Scenario, load_scenario
from games.session import State, start, step, utilities
from games.tactics.aspirations import STANCES, stance_aspirations
from games.tactics.offers import outcome_above
from tests.games.eventful import KINDS, eventful
from tests.games.protocols.halls import three
from tests.games.test_rescaling import rescaled
from tests.support.domains import listed, party, scenario

PASSED = [Pass()] * 3
YES, NO, ABSTAIN = Vote("yes"), Vote("no"), Vote("abstain")


def turns_of(game: Scenario, moves: list[Move]) -> list[int]:
    """Return the turn of each move."""
    state, turns = start(game), list[int]()
    for move in moves:
        turns.append(state.turn)
        state, _ = step(state, move)
    return turns


def read(game: Scenario, moves: list[Move], party: str, **more) -> HallReading:
    """Return the reading of a session given by its moves."""
    return read_hall(game, moves, turns_of(game, moves), party, **more)


def ended(game: Scenario, moves: list[Move]) -> dict[str, float]:
    """Return what each has once these moves were made."""
    state = start(game)
    for move in moves:
        state, _ = step(state, move)
    assert not state.is_open
    return utilities(state)


def by_rule(game: Scenario, seed: int = 0) -> tuple[list[Move], list[int], State]:
    """Return a session in which delegations take the stances in turn."""
    state, moves, turns = start(game, seed), list[Move](), list[int]()
    stances = [*STANCES.values()]
    while state.is_open:

        def choose(state: State = state) -> Move:
            own = state.own(state.mover)
            rounds, high = state.rounds, max(own.highest, own.reservation)
            asked = stance_aspirations(stances[state.mover % 4], own.reservation, high, rounds)
            least, text = float(asked[min(state.round, rounds - 1)]), state.on_table
            takes = text is not None and own.accepts(text, least - own.tie)
            return Accept() if takes else Offer(outcome_above(own, least))

        moves.append(act_by_rule(state, choose))
        turns.append(state.turn)
        state, _ = step(state, moves[-1])
    return moves, turns, state


def only(found: HallReading, kind: type[Move]) -> HallMove:
    """Return the party's only move of a kind."""
    (one,) = [one for one in found.moves if isinstance(one.move, kind)]
    return one


# --- statements


def test_statements_are_measured_against_what_the_party_stood_for():
    # A values the options 0, 4, 8, 10 and can gain 9.
    game = three(rounds=6)
    said = [Offer(3), Offer(2), Offer(3), Offer(3)]
    moves: list[Move] = []
    for one in said:
        moves += [one, Pass(), Pass(), *([Merge(0)] if not moves else []), Adjourn()]

    found = [one for one in read(game, moves, "A").moves if isinstance(one.move, Offer)]

    assert [one.act for one in found] == ["opening", "concession", "demand", "repeat"]
    assert [one.change for one in found] == [None, -2, 2, 0]
    assert [one.utility for one in found] == [10, 8, 10, 10]
    assert [one.over_reservation for one in found] == [9, 7, 9, 9]
    assert found[1].changes == {"B": 3, "C": 4}
    assert [one.concession for one in found] == [None, 2 / 9, -2 / 9, 0]


def test_acceptance_is_measured_likewise():
    game = three(rounds=3)
    moves = [Offer(3), Offer(1), Pass(), Merge(1), Adjourn(), Accept()]

    taken = only(read(game, moves, "A"), Accept)

    assert (taken.act, taken.outcome, taken.change) == ("acceptance", 1, -6)
    assert taken.needless_concession is False


def two_issues(kind: str = "plenary") -> Scenario:
    """Return three parties over two issues; nobody but A cares for pears."""
    return scenario(
        {"apples": ["0", "1", "2"], "pears": ["0", "1", "2"]},
        {
            "A": party({"apples": {"0": 0, "1": 5, "2": 9}, "pears": {"0": 0, "1": 3, "2": 4}}),
            "B": party({"apples": {"0": 8, "1": 5, "2": 0}, "pears": dict.fromkeys("012", 0)}),
            "C": party({"apples": {"0": 6, "1": 6, "2": 0}, "pears": dict.fromkeys("012", 0)}),
        },
        protocol={"kind": kind, "rounds": 4, "opens": "fixed", "agreement": {"quorum": 0.6}},
    )


def at(game: Scenario, apples: int, pears: int) -> int:
    """Return the outcome with so many apples and pears."""
    return game.space.index({"apples": str(apples), "pears": str(pears)})


def test_a_reading_that_costs_nobody_anything_and_is_better_for_oneself_is_told():
    game = two_issues()
    moves: list[Move] = [Offer(at(game, 1, 0)), Pass(), Pass()]

    (said,) = read(game, moves, "A").moves

    assert said.better_for_itself == at(game, 1, 2)
    assert said.gain_missed == 4
    assert said.dominated_in_truth is not None
    assert not said.dominated_in_truth.dominated


def test_a_reading_that_is_as_good_for_oneself_and_better_for_another_dominates():
    game = listed(
        {"A": [4, 4, 0], "B": [1, 3, 9], "C": [2, 2, 0]},
        protocol={"kind": "plenary", "rounds": 2, "opens": "fixed"},
    )

    wasteful = read(game, [Offer(0)], "A").moves[0].dominated_in_truth
    efficient = read(game, [Offer(1)], "A").moves[0].dominated_in_truth

    assert wasteful is not None
    assert efficient is not None
    assert tuple(wasteful) == (True, 1)
    assert tuple(efficient) == (False, None)


def test_ground_given_towards_nobody_is_needless():
    # All ask for two pears or say nothing; A gives up a pear, and then apples, which B wants.
    game = two_issues()
    moves: list[Move] = [
        *(Offer(at(game, 2, 2)), Offer(at(game, 0, 2)), Pass()),
        *(Merge(at(game, 2, 2)), Adjourn()),
        *(Offer(at(game, 2, 1)), Pass(), Pass(), Adjourn()),
        Offer(at(game, 1, 1)),
    ]

    found = [one for one in read(game, moves, "A").moves if isinstance(one.move, Offer)]

    assert [one.act for one in found] == ["opening", "concession", "concession"]
    assert [one.needless_concession for one in found] == [None, True, False]


# --- signatures


FORUM = {"kind": "forum", "rounds": 1}


@pytest.mark.parametrize("signatures", [*product(SIGNATURES, repeat=3)])
def test_a_signature_is_compared_with_the_others_played_to_the_end(signatures):
    game = three(**FORUM)
    begun: list[Move] = [*PASSED, Merge(1), OpenSignature()]
    moves = [*begun, *map(Sign, signatures)]

    for seat, name in enumerate("ABC"):
        worth = {}
        for other in SIGNATURES:
            changed = [*signatures]
            changed[seat] = other
            worth[Sign(other)] = ended(game, [*begun, *map(Sign, changed)])[name]
        expected, given_others = only(read(game, moves, name), Sign).choices

        assert given_others.basis == "given what the others did"
        assert dict(given_others.worths) == pytest.approx(worth)
        lost = max(worth.values()) - worth[Sign(signatures[seat])]
        assert given_others.lost == pytest.approx(lost)
        assert worth[given_others.best] == pytest.approx(max(worth.values()))
        assert expected.basis == "as it could be expected"


def test_what_could_be_expected_of_a_signature_hangs_on_nothing_that_came_later():
    game = three(**FORUM)
    begun: list[Move] = [*PASSED, Merge(1), OpenSignature()]

    first = [
        only(read(game, [*begun, Sign("out"), *map(Sign, later)], "A"), Sign).choices[0]
        for later in product(SIGNATURES, repeat=2)
    ]

    assert all(one == first[0] for one in first)


def test_who_signs_last_knows_what_the_others_did():
    game = three(**FORUM)
    begun: list[Move] = [*PASSED, Merge(1), OpenSignature()]
    moves = [*begun, Sign("binding"), Sign("out"), Sign("out")]

    found = read(game, moves, "C")

    # C's binding signature would have brought the text into force: 8 instead of 1.
    expected, given_others = only(found, Sign).choices
    assert (expected.best, given_others.best) == (Sign("binding"), Sign("binding"))
    assert (given_others.lost, given_others.share) == (7, 1)
    assert found.lost == pytest.approx(expected.lost)
    assert found.lost_in_hindsight == 7


# --- adoption


@pytest.mark.parametrize("ballots", [*product(("yes", "no", "abstain"), repeat=3)])
@pytest.mark.parametrize("agreement", [{"quorum": 0.6}, "unanimity"])
def test_a_vote_is_compared_where_it_decided_and_nothing_could_follow(ballots, agreement):
    game = three(rounds=1, agreement=agreement)
    begun: list[Move] = [*PASSED, Merge(0), PutToVote()]

    def worth(votes: tuple[Ballot, ...]) -> dict[str, float]:
        made: list[Move] = [*begun, *map(Vote, votes)]
        state = start(game)
        for move in made:
            state, _ = step(state, move)
        return ended(game, made if not state.is_open else [*made, Adjourn()])

    for seat, name in enumerate("ABC"):
        otherwise = {}
        for ballot in ("yes", "no", "abstain"):
            changed = [*ballots]
            changed[seat] = ballot
            otherwise[Vote(ballot)] = worth(tuple(changed))[name]
        found = only(read(game, [*begun, *map(Vote, ballots)], name), Vote).choices

        lost = max(otherwise.values()) - otherwise[Vote(ballots[seat])]
        if len(set(otherwise.values())) == 1:
            assert found == ()
        else:
            (choice,) = found
            assert dict(choice.worths) == otherwise
            assert choice.lost == pytest.approx(lost)


def test_a_vote_against_a_good_text_with_a_round_to_come_is_not_compared():
    game = three(rounds=2)
    moves: list[Move] = [*PASSED, Merge(1), PutToVote(), NO, NO, YES]

    assert only(read(game, moves, "A"), Vote).choices == ()


def test_a_vote_for_a_text_worth_less_than_nothing_is_an_error_in_any_round():
    game = three(rounds=2)
    moves: list[Move] = [*PASSED, Merge(0), PutToVote(), YES, YES, NO]

    (choice,) = only(read(game, moves, "A"), Vote).choices

    # Worth 0, r is 1, and B's vote alone is too little.
    assert (choice.lost, choice.share) == (1, pytest.approx(1 / 7))
    assert choice.best in (NO, ABSTAIN)


def test_silence_kept_on_a_text_worth_less_than_nothing_is_an_error():
    # The chair, A, is not asked.
    game = three(rounds=2)
    moves: list[Move] = [*PASSED, Merge(3), OpenSilence(), KeepSilence(), KeepSilence()]
    broken: list[Move] = [*moves[:-1], BreakSilence()]

    (choice,) = only(read(game, moves, "C"), KeepSilence).choices

    assert (choice.best, choice.lost) == (BreakSilence(), 1)
    assert only(read(game, broken, "B"), KeepSilence).choices == ()
    assert only(read(game, broken, "C"), BreakSilence).choices == ()


def test_where_a_text_is_signed_afterwards_a_vote_binds_to_nothing():
    game = three(rounds=1, participation={"kappa": 0.5})
    moves: list[Move] = [*PASSED, Merge(0), PutToVote(), YES, YES, YES]

    assert only(read(game, moves, "A"), Vote).choices == ()


def test_leaving_a_hall_that_adopts_a_text_loses_what_it_would_have_brought():
    game = three(rounds=2)
    moves: list[Move] = [Pass(), WalkAway(), Pass(), Merge(1), PutToVote(), YES, YES]

    found = read(game, moves, "B")

    (choice,) = only(found, WalkAway).choices
    # 6 instead of r = 1.
    assert (choice.lost, choice.basis) == (5, "given what the others did")
    assert (found.lost, found.lost_in_hindsight) == (0, 5)
    assert found.close.utilities["B"] == 1


# --- threats and the fund


def test_a_threat_made_good_that_costs_more_than_backing_down_loses_the_difference():
    craft = Statecraft(
        measures={
            "ban": Measure(label="a ban", by="A", towards=("C",), effect={"C": -5.0}, cost=3.0)
        },
        backing_down=1.0,
    )
    game = three(rounds=1).model_copy(update={"statecraft": craft})
    begun: list[Move] = [
        Threaten("ban", "deal", "o3"),
        *PASSED,
        Merge(1),
        PutToVote(),
        YES,
        YES,
        YES,
    ]

    for does, lost in ((True, 2), (False, 0)):
        found = read(game, [*begun, CarryOut(does=does)], "A")
        (choice,) = only(found, CarryOut).choices
        assert (choice.lost, choice.basis) == (lost, "whatever the others do")
        assert (found.lost, found.lost_in_hindsight) == (lost, lost)
    assert ended(game, [*begun, CarryOut(does=True)])["A"] == 1
    assert ended(game, [*begun, CarryOut(does=False)])["A"] == 3


def test_a_pledge_is_compared_with_the_others_played_to_the_end():
    fund = Fund(
        label="a fund",
        members=("A", "B"),
        cost={"A": 2.0, "B": 2.0},
        benefit={"A": 5.0, "B": 3.0},
        size=1.0,
        threshold=1.0,
    )
    game = three(**FORUM).model_copy(update={"fund": fund})
    begun: list[Move] = [*PASSED, Merge(1), OpenSignature(), *[Sign("binding")] * 3]
    for pays in product((True, False), repeat=2):
        worth = {
            one: ended(game, [*begun, Pledge(one), Pledge(pays[1])])["A"] for one in (True, False)
        }
        expected, given_others = only(read(game, [*begun, *map(Pledge, pays)], "A"), Pledge).choices
        assert given_others.lost == pytest.approx(max(worth.values()) - worth[pays[0]])
        assert expected.basis == "as it could be expected"


# --- any session


@pytest.mark.parametrize("kind", KINDS[1:])
@pytest.mark.parametrize("seed", range(3))
def test_an_eventful_session_of_a_hall_is_read(kind, seed):
    game = eventful(kind)
    moves, turns, final = by_rule(game, seed)

    for seat, name in enumerate(game.ids):
        found = read_hall(game, moves, turns, name, seed=seed, happened=final.happened)

        assert found.close.status == final.status
        assert [one.move for one in found.moves] == [
            move
            for move, state in zip(moves, states(game, moves, seed), strict=True)
            if state.mover == seat
        ]
        for one in found.moves:
            assert all(choice.lost >= 0 for choice in one.choices)
            assert all(one.move in choice.worths for choice in one.choices)


def states(game: Scenario, moves: list[Move], seed: int) -> list[State]:
    """Return the states before each move."""
    state, found = start(game, seed), list[State]()
    for move in moves:
        found.append(state)
        state, _ = step(state, move)
    return found


def comparable(found: HallReading) -> list[object]:
    """Return what must not depend on anyone's unit."""
    return [
        part
        for one in found.moves
        for part in (
            one.act,
            one.outcome,
            one.concession,
            one.needless_concession,
            one.better_for_itself,
            *(one.dominated_in_truth or ()),
            *(bit for choice in one.choices for bit in (choice.best, choice.share)),
        )
    ]


@settings(max_examples=8)
@given(st.floats(0.05, 50), st.floats(-100, 100), st.sampled_from("ABC"))
@pytest.mark.parametrize("kind", ["plenary", "forum"])
def test_another_unit_changes_nothing(kind, factor, shift, whose):
    game = three(kind=kind, rounds=3)
    moves, turns, _ = by_rule(game)
    other = rescaled(game, whose, factor, shift)

    for name in "ABC":
        one, two = (comparable(read_hall(each, moves, turns, name)) for each in (game, other))
        for mine, same in zip(one, two, strict=True):
            assert same == (pytest.approx(mine, abs=1e-6) if isinstance(mine, float) else mine)


def test_a_bundled_plenary_is_read():
    game = load_scenario("greenland-linkage")
    moves, turns, _ = by_rule(game)

    found = read_hall(game, moves, turns, game.ids[0], words=["It is 1.0."] * len(moves))

    assert found.moves
    assert "not computed: in a plenary" in found.accuracy_note


def test_private_numbers_said_in_a_hall_are_leaks():
    game = listed(
        {"A": [0, 40, 90], "B": [90, 40, 0]},
        {"A": 37},
        protocol={"kind": "plenary", "rounds": 2, "agreement": Quorum(quorum=0.5).model_dump()},
    )

    found = read(game, [Offer(2)], "A", words=["Never below 37 points."])

    assert found.moves[0].leaks == (Leak("reservation value", "37"),)


def test_alternating_offers_are_read_otherwise():
    with pytest.raises(UserError, match="alternating offers; expected a session of a hall"):
        read_hall(eventful(), [], [], "A")


def test_an_unknown_party_is_refused():
    with pytest.raises(UserError, match="no party 'X'"):
        read_hall(eventful("plenary"), [], [], "X")
