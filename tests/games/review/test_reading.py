"""Whole sessions read: finished or not, by two or more, in any unit of account."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import UserError
from games.review import reading
from games.review.leaks import Leak
from games.review.moves import unneeded_concession
from games.review.positions import Act, positions
from games.review.reading import SessionReading, read_session
from games.scenario import Scenario, load_scenario
from games.session import Accept, Move, Offer, WalkAway, start, step
from tests.games.review.sessions import (
    ACCEPT,
    BALANCED,
    FIRM,
    HARD,
    SOFT,
    WALK,
    acts,
    halves,
    offers,
    played,
    trade,
)
from tests.games.test_rescaling import rescaled
from tests.support.domains import listed, scenarios


def read(game: Scenario, moves: list[Move], party: str, **more) -> SessionReading:
    """Return the reading of a session given by its moves."""
    return read_session(game, moves, [act.turn for act in acts(game, moves)], party, **more)


def test_a_session_by_hand():
    # A asks for all, then for a half, which B takes; soft as it is, B would have left all to A.
    game = halves(rounds=2)

    found = read(game, [*offers(2, 0, 1), ACCEPT], "A", minds={"B": SOFT})

    first, second = found.moves
    assert (first.number, first.turn, first.round, first.move) == (0, 0, 0, Offer(2))
    assert (second.number, second.turn, second.round, second.move) == (2, 2, 1, Offer(1))
    assert (first.ground, first.unneeded_concession) == (None, None)
    assert second.ground is not None
    assert second.ground.changes == {"A": -50, "B": 50}
    assert second.ground.concession_rate == 0.5
    assert second.unneeded_concession
    assert found.first_unneeded == 2
    # Offering all again would have brought 100, not 50.
    assert [one.hindsight_loss for one in found.moves] == [0, 0.5]
    assert found.hindsight == 50
    assert found.counterpart_models == {"B": "its own mind"}
    assert found.curves == ()
    assert found.close.agreement == 1


def test_ground_given_where_the_last_offer_would_have_been_taken_lost_something_in_hindsight():
    # To offer all again, beside the moves at eleven levels of trade-off, is a move compared.
    game = load_scenario("first-table")
    order = game.preferences[0].ranking[0]
    # Australia may sign each of them.
    signed = [int(one) for one in order if game.preferences[1].may_sign(int(one))]
    high, middle, low = signed[-1], signed[-200], signed[-600]
    theirs = int(game.preferences[1].ranking[0][-1])
    moves = [*offers(high, theirs, middle, theirs, low), ACCEPT]

    def takes_what_it_may(state, _):
        offer = state.offer
        takes = state.round > 1 and offer is not None and state.may_sign(1, offer)
        return ACCEPT if takes else Offer(theirs)

    found = read(game, moves, "KOR", minds={"AUS": takes_what_it_may})

    last = found.moves[-1]
    compared = [one.move for one in last.judgement.candidates] if last.judgement else []
    assert Offer(middle) in compared
    assert last.unneeded_concession
    assert last.hindsight_loss is not None
    assert last.hindsight_loss > 0


def test_ground_that_saved_more_time_than_it_gave_away_is_not_called_needless():
    # B offers a half, which A takes; to ask for 51 again would be taken a round later, at half.
    game = listed(
        {"A": [0, 50, 51], "B": [100, 50, 49]},
        protocol={"rounds": 3, "opens": "fixed", "breakdown": 0.5},
    )
    moves = [*offers(2, 1), ACCEPT]
    found = read(game, moves, "A", minds={"B": SOFT})

    last = positions(game, moves, [0, 1, 2])[0][-1]
    assert unneeded_concession(last, [FIRM, SOFT])
    assert found.moves[-1].hindsight_loss == 0
    assert found.moves[-1].unneeded_concession is False


def test_without_its_mind_a_counterpart_follows_its_nearest_curve():
    game = halves(rounds=2)

    found = read(game, [*offers(2, 0, 1), ACCEPT], "A")

    assert found.counterpart_models == {"B": "nearest concession curve"}
    assert [(curve.party, curve.offers) for curve in found.curves] == [("B", 1)]


def test_accuracy_is_the_sum_of_the_losses_of_the_partys_own_moves():
    game = trade()
    moves, _ = played(game, [BALANCED, FIRM])

    found = read(game, moves, "A")

    losses = [one.judgement.loss for one in found.moves if one.judgement is not None]
    assert [one.number for one in found.moves] == list(range(0, len(moves), 2))
    assert len(losses) == len(found.moves)
    assert found.accuracy == pytest.approx(100 * max(0, 1 - sum(losses)))
    assert found.accuracy_note is None


def test_hindsight_never_enters_the_accuracy():
    game = trade(rounds=3)
    moves, _ = played(game, [BALANCED, FIRM])

    by_mind, by_other = (read(game, moves, "A", minds={"B": mind}) for mind in (SOFT, HARD))

    assert by_mind.accuracy == by_other.accuracy
    assert by_mind.hindsight != by_other.hindsight


@pytest.mark.parametrize("parties", [2, 3])
def test_an_unfinished_session_is_read_as_far_as_it_went(parties):
    game = trade(parties=parties)
    moves, _ = played(game, [HARD] * parties, most=4)

    found = read(game, moves, "B")

    assert found.close.status == "open"
    assert found.accuracy is not None
    assert len(found.moves) == (2 if parties == 2 else 1)


def test_a_walk_away_is_judged_and_closes_the_session():
    game = trade()
    found = read(game, [*offers(36, 10), WALK], "A")

    assert found.close.status == "walked-away"
    assert found.moves[-1].move == WALK
    assert found.moves[-1].judgement is not None
    assert found.moves[-1].judgement.loss > 0
    assert found.moves[-1].unneeded_concession is None


def test_a_party_that_made_no_move_has_no_accuracy():
    found = read(halves(), offers(2), "B")

    assert (found.moves, found.accuracy, found.hindsight) == ((), None, None)
    assert found.accuracy_note == "not computed: B made no move"


def test_with_an_empty_zopa_nothing_could_be_lost_and_that_is_said():
    game = listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}, protocol={"rounds": 2})

    found = read(game, offers(1, 0, 0, 1), "A")

    assert (found.accuracy, found.hindsight) == (100, 100)
    assert found.accuracy_note == (
        "A had nothing to gain (the ZOPA is empty): no move could lose anything"
    )
    assert all(one.judgement is None for one in found.moves)


def test_a_party_to_whom_all_is_alike_had_nothing_to_lose_and_that_is_said():
    game = listed({"A": [5, 5, 5], "B": [0, 1, 2]}, {"A": 5}, protocol={"rounds": 2})

    found = read(game, [Offer(0), Offer(2), ACCEPT], "A")

    assert found.accuracy == 100
    assert found.accuracy_note is not None
    assert "nothing in the ZOPA beats its r" in found.accuracy_note


def test_a_party_to_whom_all_is_alike_but_better_than_nothing_is_judged():
    game = listed({"A": [5, 5, 5], "B": [0, 1, 2]}, protocol={"rounds": 1, "opens": "fixed"})

    found = read(game, [Offer(0), WALK], "A")

    assert found.accuracy is not None
    assert found.moves[0].judgement is not None


def test_too_long_a_session_is_not_judged_and_that_is_said(monkeypatch):
    monkeypatch.setattr(reading, "MOST_TURNS", 9)
    game = trade(rounds=5)

    # From turns 0 and 2 on there are 10 and 8 turns.
    found = read(game, offers(36, 10, 36), "A")

    assert (found.accuracy, found.hindsight) == (None, None)
    assert found.accuracy_note == ("not computed: 18 turns would have to be simulated, more than 9")
    assert found.moves[1].ground is not None


def test_in_a_long_session_it_is_not_asked_whether_a_late_concession_was_needed(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ASKED_OF", 2)

    found = read(halves(rounds=2), [*offers(2, 0, 1), ACCEPT], "A", minds={"B": SOFT})

    assert [one.unneeded_concession for one in found.moves] == [None, None]
    assert found.moves[1].ground is not None


@pytest.mark.parametrize("most", [reading.MOST_TURNS, 0])
def test_who_wants_the_accuracy_alone_is_told_the_same(monkeypatch, most):
    monkeypatch.setattr(reading, "MOST_TURNS", most)
    game, moves = halves(rounds=2), [*offers(2, 0, 1), ACCEPT]

    whole, alone = read(game, moves, "A"), read(game, moves, "A", accuracy_alone=True)

    assert (alone.accuracy, alone.accuracy_error) == (whole.accuracy, whole.accuracy_error)
    assert (alone.accuracy_note, alone.hindsight) == (whole.accuracy_note, whole.hindsight)
    assert alone.moves == (whole.moves if most else ())


def test_private_numbers_are_looked_for_in_the_partys_own_words():
    game = trade()
    words = ["We cannot go below 20.0, which is 20 points.", "20 points?", None]

    found = read(game, offers(36, 10, 36), "A", words=words)

    assert [one.leaks for one in found.moves] == [
        (Leak("reservation value", "20.0"), Leak("reservation value", "20")),
        (),
    ]
    assert all(one.leaks == () for one in read(game, offers(36, 10, 36), "A").moves)


def test_an_unknown_party_is_refused():
    with pytest.raises(UserError, match="test: no party 'X'; expected A, B"):
        read(halves(), offers(2), "X")


def test_too_few_counterparts_are_refused():
    with pytest.raises(UserError, match="64 or more"):
        read(halves(), offers(2), "A", counterparts=10)


def comparable(found: SessionReading) -> list[object]:
    """Return what must not depend on anyone's unit."""
    return [
        found.accuracy,
        found.hindsight,
        found.first_unneeded,
        found.close.distance_to_frontier,
        found.close.distance_to_nash,
        *[left.share for left in found.close.left],
        *[
            part
            for one in found.moves
            for part in (
                one.hindsight_loss,
                one.unneeded_concession,
                *(one.dominated_in_truth or ()),
                *(one.dominated_as_known or ()),
                one.ground and one.ground.concession_rate,
                one.judgement and one.judgement.loss,
                one.judgement and one.judgement.best,
                one.judgement and one.judgement.refused_better,
            )
        ],
    ]


def same(one: SessionReading, other: SessionReading) -> bool:
    """Return whether two readings agree, numbers within a millionth."""
    pairs = list(zip(comparable(one), comparable(other), strict=True))
    return all(
        a == b if a is None or b is None else a == pytest.approx(b, abs=1e-6) for a, b in pairs
    )


@settings(max_examples=10)
@given(
    scenarios(parties=(2, 3), rounds=(1, 3)),
    st.sampled_from([2.0**k for k in range(-6, 7)]),
    st.integers(-64, 64).map(lambda number: number / 2),
    st.sampled_from(["P0", "P1"]),
)
def test_exact_rescaling_of_one_partys_points_changes_nothing(game, factor, shift, whose):
    moves, turns = played(game, [BALANCED] * len(game.ids))

    other = read_session(rescaled(game, whose, factor, shift), moves, turns, "P0")

    assert same(read_session(game, moves, turns, "P0"), other)


@pytest.mark.parametrize(
    ("whose", "factor", "shift"), [("A", 1 / 3, -7.3), ("A", 9.99, 41.7), ("B", 0.1, 0.1)]
)
def test_rescaling_by_any_factor_changes_nothing(whose, factor, shift):
    game = trade(rounds=4)
    moves, turns = played(game, [BALANCED, FIRM])

    other = read_session(rescaled(game, whose, factor, shift), moves, turns, "A")

    assert same(read_session(game, moves, turns, "A"), other)


@st.composite
def any_sessions(draw: st.DrawFn) -> tuple[Scenario, list[Move], int]:
    """Draw a scenario and any legal moves in it."""
    game = draw(scenarios(parties=(2, 3), rounds=(1, 3)))
    seed, moves = draw(st.integers(0, 3)), list[Move]()
    state = start(game, seed)
    for _ in range(draw(st.integers(0, 6))):
        if not state.is_open:
            break
        own = game.preferences[state.mover]
        legal: list[Move] = [Offer(int(outcome)) for outcome in own.ranking[0]]
        if state.offer is not None and own.may_sign(state.offer):
            legal += [Accept()] * 3
        moves.append(draw(st.sampled_from([*legal, WalkAway()])))
        state, _ = step(state, moves[-1])
    return game, moves, seed


@settings(max_examples=25)
@given(any_sessions())
def test_any_session_can_be_read(session):
    game, moves, seed = session
    turns = [act.turn for act in acts(game, moves, seed)]

    found = read_session(game, moves, turns, "P0", seed=seed)

    own = [act for act in acts(game, moves, seed) if act.mover == 0]
    assert [Act(one.turn, 0, one.move) for one in found.moves] == own
    assert found.accuracy is None or 0 <= found.accuracy <= 100
    assert found.hindsight is None or 0 <= found.hindsight <= 100
    assert (found.accuracy is None) == (not own)
    assert all(one.hindsight_loss is None or one.hindsight_loss >= 0 for one in found.moves)
    assert all(one.judgement is None or one.judgement.loss >= 0 for one in found.moves)


def test_the_bundled_scenario_is_read_over_a_sample_of_outcomes():
    game = load_scenario("cobalt-offtake")
    moves, turns = played(game, [FIRM, BALANCED], most=3)

    found = read_session(game, moves, turns, "COD")

    judgement = found.moves[0].judgement
    assert judgement is not None
    assert judgement.outcomes == 2048
    assert found.accuracy is not None
