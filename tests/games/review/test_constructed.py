"""Sessions constructed so that the truth about them is known, and what the review says of them.

Three kinds of truth: best replies found by the reviewer's own expectations; exact ones, where what
a move brings hangs on no counterpart (the last turn, an offer that every possible counterpart
takes, the best of all outcomes on the table), worked out by `step` or by hand; and what a change of
unit must leave alone.
"""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.bargaining.solutions import bargain
from games.review.accuracy import judge
from games.review.knowledge import bare_turns
from games.review.positions import Act, positions
from games.review.prospects import prospect
from games.review.reading import SessionReading, read_session
from games.scenario import Scenario, load_scenario
from games.session import Accept, Move, Offer, State, WalkAway, payoffs, start, step
from tests.games.eventful import eventful
from tests.games.review.sessions import (
    ACCEPT,
    BALANCED,
    FIRM,
    HARD,
    SOFT,
    WALK,
    offers,
    played,
    trade,
)
from tests.games.test_rescaling import rescaled
from tests.support.domains import listed


def with_rounds(name: str, rounds: int) -> Scenario:
    """Return a bundled scenario negotiated over so many rounds."""
    fields = load_scenario(name).model_dump(by_alias=True, exclude_defaults=True)
    fields["protocol"]["rounds"] = rounds
    return Scenario.model_validate(fields)


# --- best replies throughout give 100


def best_replies(
    game: Scenario, seat: int, minds: Sequence, seed: int = 0
) -> tuple[list[Move], list[int], State]:
    """Return a session in which a seat makes the best of the moves compared, turn by turn."""
    state, made, bare = start(game, seed), list[Act](), set[int]()
    while state.is_open:
        if state.offer is None:
            bare.add(state.turn)
        if state.mover == seat and bargain(state.scenario).best[seat] > _reservation(state, seat):
            prepared = prospect(state.scenario, seat, seed=seed, bare=frozenset(bare))
            found = judge(prepared, state, made)
            move = found.candidates[found.best].move
        else:
            move = minds[state.mover](state, made)
        made.append(Act(state.turn, state.mover, move))
        state, _ = step(state, move)
    return [one.move for one in made], [one.turn for one in made], state


def _reservation(state: State, seat: int) -> float:
    return state.scenario.preferences[seat].reservation


GAMES = {
    "two": (trade(5), 0),
    "two, second": (trade(5), 1),
    "three": (trade(3, 3), 1),
    "lots": (trade(4, opens="lot"), 0),
    "first-table": (load_scenario("first-table"), 0),
    "first-table, second": (with_rounds("first-table", 4), 1),
    "cobalt-offtake": (with_rounds("cobalt-offtake", 3), 1),
    "much happens": (eventful(), 0),
    "much happens, second": (eventful(), 1),
}


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("mind", [FIRM, SOFT])
def test_best_replies_throughout_are_wholly_accurate(name, mind):
    game, seat = GAMES[name]
    moves, turns, final = best_replies(game, seat, [mind] * 3, seed=2)

    found = read_session(game, moves, turns, game.ids[seat], seed=2, happened=final.happened)

    assert found.moves
    assert found.accuracy == 100
    assert [one.judgement.loss for one in found.moves if one.judgement] == [0] * len(found.moves)
    assert not any(one.judgement.refused_better for one in found.moves if one.judgement)
    assert all(one.best_line is None for one in found.moves)


# --- the last turn, by exhaustive enumeration: what `step` says is all there is


def replies_on_last_turn(game: Scenario, state: State) -> list[Move]:
    """Return every move that the protocol allows."""
    own = game.preferences[state.mover]
    legal: list[Move] = [Offer(int(k)) for k in range(game.space.size) if own.may_sign(k)]
    if state.offer is not None and own.may_sign(state.offer):
        legal.append(Accept())
    return [*legal, WalkAway()]


@pytest.mark.parametrize(
    ("game", "before_last"),
    [
        (
            listed(
                {"A": [0, 50, 100, 30], "B": [90, 60, 15, 30]},
                {"B": 30},
                protocol={"rounds": 1, "opens": "fixed"},
            ),
            [[Offer(k)] for k in range(4)],
        ),
        (
            listed(
                {"A": [0, 50, 100], "B": [90, 60, 15], "C": [10, 70, 40]},
                {"A": 5, "B": 20, "C": 25},
                protocol={"rounds": 1, "opens": "fixed", "breakdown": 0.2},
            ),
            [[Offer(k), ACCEPT] for k in range(3)] + [offers(k, 2 - k) for k in range(3)],
        ),
    ],
)
def test_on_the_last_turn_every_loss_is_what_enumeration_says(game, before_last):
    seat = len(game.ids) - 1
    own = game.preferences[seat]
    spread = float(bargain(game).best[seat]) - own.reservation
    checked = 0
    for begun in before_last:
        state = start(game)
        for move in begun:
            state, _ = step(state, move)
        worth = {
            move: payoffs(step(state, move)[0])[own.party]
            for move in replies_on_last_turn(game, state)
        }
        for move, points in worth.items():
            found = read_session(game, [*begun, move], range(len(begun) + 1), own.party)
            lost = (max(worth.values()) - points) / spread
            judgement = found.moves[-1].judgement
            assert judgement is not None
            assert judgement.loss == pytest.approx(lost)
            assert judgement.loss_error == pytest.approx(0)
            assert found.accuracy == pytest.approx(100 * max(0, 1 - lost))
            beaten = isinstance(move, Offer) and worth.get(ACCEPT, -1e9) > own.reservation
            assert judgement.refused_better == beaten
            checked += 1
    assert checked >= 20


# --- a counterpart that takes anything, by exhaustive enumeration of all that could follow


def takes_anything(rounds: int) -> Scenario:
    """Return a game over one outcome: whoever the other may be, nothing is better for it."""
    return listed(
        {"A": [60], "B": [50]},
        {"A": 10, "B": 20},
        protocol={"rounds": rounds, "opens": "fixed", "breakdown": 0.2},
    )


def best_worth(state: State, seat: int) -> float:
    """Return what a seat can have at best, over everything it might do, the other accepting."""
    own = state.scenario.preferences[seat]
    if not state.is_open:
        return payoffs(state)[own.party]
    if state.mover != seat:
        return best_worth(step(state, Offer(0) if state.offer is None else ACCEPT)[0], seat)
    return max(
        best_worth(step(state, move)[0], seat)
        for move in replies_on_last_turn(state.scenario, state)
    )


@pytest.mark.parametrize("rounds", [1, 2, 3])
@pytest.mark.parametrize("seat", [0, 1])
def test_against_who_takes_anything_every_loss_is_what_enumeration_says(rounds, seat):
    game = takes_anything(rounds)
    own = game.preferences[seat]
    spread = own.highest - own.reservation
    for length in range(seat, 2 * rounds, 2):
        begun: list[Move] = [Offer(0)] * length
        state = start(game)
        for move in begun:
            state, _ = step(state, move)
        legal = replies_on_last_turn(game, state)
        worth = {move: best_worth(step(state, move)[0], seat) for move in legal}
        for move, points in worth.items():
            found = read_session(game, [*begun, move], range(length + 1), own.party)
            judgement = found.moves[-1].judgement
            assert judgement is not None
            assert judgement.loss == pytest.approx((max(worth.values()) - points) / spread)
            assert judgement.loss_error == pytest.approx(0)
        best = max(worth, key=lambda move: worth[move])
        assert best == (Offer(0) if state.offer is None else ACCEPT)


# --- a planted blunder is named at its move, with its size


def generous(lost: float, rounds: int, seat: int, parties: int = 2) -> Scenario:
    """Return a game in which an outcome the others want costs the seat so much of its best.

    Outcome 1 is the best for the seat, 0 for all others; the rounds are such that an offer made in
    the last of them is answered by parties that will not let the talks fail over it.
    """
    mine, theirs = [100.0 - lost, 100.0, 0.0], [100.0, 90.0, 0.0]
    utilities = {
        party: mine if position == seat else theirs
        for position, party in enumerate("ABC"[:parties])
    }
    return listed(utilities, protocol={"rounds": rounds, "opens": "fixed"})


@pytest.mark.parametrize("lost", [60.0, 25.0])
@pytest.mark.parametrize("at", [4, 5, 6, 7, 8, 9])
def test_a_planted_blunder_is_named_at_its_move_with_its_size(at, lost):
    # The counterpart asks for outcome 0, at last offers the seat's best, 1; the seat answers with
    # 0, which is taken at once. Odd moves are A's, even ones B's.
    seat = (at + 1) % 2
    game = generous(lost, at // 2 + 1, seat)
    moves: list[Move] = [Offer(1) if k % 2 == at % 2 else Offer(0) for k in range(1, at)]
    moves[-1] = Offer(1)
    moves += [Offer(0), ACCEPT]

    found = read_session(game, moves, range(len(moves)), game.ids[seat])

    losses = {one.number + 1: one.judgement.loss for one in found.moves if one.judgement}
    assert losses == pytest.approx({**dict.fromkeys(losses, 0), at: lost / 100})
    assert found.accuracy == pytest.approx(100 - lost)
    assert found.accuracy_error == pytest.approx(0)
    named = next(one for one in found.moves if one.number + 1 == at)
    assert named.judgement is not None
    assert named.judgement.candidates[named.judgement.best].move == ACCEPT
    assert found.close.agreement == 0
    assert named.best_line is not None
    assert named.best_line.final.agreement == 1


def test_a_blunder_among_three_is_named_at_its_move_with_its_size():
    # B comes round to A's best and C accepts it; A answers by offering what both had asked for.
    game = generous(45.0, 3, 0, parties=3)
    moves = [*offers(1, 0, 0), *offers(1, 1), ACCEPT, Offer(0), ACCEPT, ACCEPT]

    found = read_session(game, moves, range(9), "A")

    losses = {one.number + 1: one.judgement.loss for one in found.moves if one.judgement}
    assert losses[7] == pytest.approx(0.45)
    assert max(losses, key=lambda number: losses[number]) == 7


@pytest.mark.parametrize(("seat", "at"), [(0, 5), (1, 4)])
@pytest.mark.parametrize("name", ["first-table", "cobalt-offtake"])
def test_a_blunder_in_a_bundled_scenario_has_its_size(name, seat, at):
    game = with_rounds(name, 3)
    own, other = game.preferences[seat], game.preferences[1 - seat]
    both = np.array([own.may_sign(k) and other.may_sign(k) for k in range(game.space.size)])
    top = int(np.where(both, own.utilities, -1e9).argmax())
    acceptable = both & (own.utilities >= own.reservation + 5)
    asked = int(np.where(acceptable, other.utilities, -1e9).argmax())
    mine = at % 2
    moves: list[Move] = [Offer(top if k % 2 == mine else asked) for k in range(1, at)]
    moves[-1] = Offer(top)
    moves += [Offer(asked), ACCEPT]

    found = read_session(game, moves, range(len(moves)), game.ids[seat])

    # r + δ^t (1−p)^t (u − r), t in rounds, by hand: offered on move at − 1 and on move at.
    factor = own.discount * (1 - game.protocol.breakdown)
    over = [
        factor ** (turn / 2) * (own.utility(outcome) - own.reservation)
        for turn, outcome in ((at - 2, top), (at - 1, asked))
    ]
    known = over[0] - over[1]
    judged = {one.number + 1: one.judgement for one in found.moves if one.judgement}
    assert max(judged, key=lambda number: judged[number].loss) == at
    blunder = judged[at]
    # Nothing beats the best of all outcomes: so much more than `top` could be had at most.
    more = own.highest - own.utility(top)
    assert blunder.difference >= known - 2 * blunder.standard_error - 1e-9
    assert blunder.difference <= known + more + 2 * blunder.standard_error + 1e-9
    spread = float(bargain(game).best[seat]) - own.reservation
    assert blunder.loss == pytest.approx(blunder.difference / spread)


@pytest.mark.parametrize("at", [3, 5, 7])
def test_walking_away_from_ones_best_loses_all_of_it_there(at):
    game = generous(60.0, 6, 0)
    moves: list[Move] = [Offer(k % 2) for k in range(1, at)]
    moves[-1] = Offer(1)

    found = read_session(game, [*moves, WALK], range(at), "A")

    losses = {one.number + 1: one.judgement.loss for one in found.moves if one.judgement}
    assert losses == pytest.approx({**dict.fromkeys(losses, 0), at: 1})
    assert found.accuracy == pytest.approx(0)


# --- what is no error, and what is one


@pytest.mark.parametrize("rounds", [3, 4, 6])
def test_a_correct_refusal_is_no_error(rounds):
    # B asks for 0, worth 90 to A, and then offers 2, worth 5: A refuses and offers 0 again.
    game = listed(
        {"A": [90, 100, 5], "B": [100, 0, 60]}, protocol={"rounds": rounds, "opens": "fixed"}
    )
    moves = [*offers(*[0] * (2 * rounds - 3)), Offer(2), Offer(0), ACCEPT]

    found = read_session(game, moves, range(len(moves)), "A")

    refusal = found.moves[-1].judgement
    assert refusal is not None
    assert (refusal.loss, refusal.refused_better) == (0, False)
    taking = next(one for one in refusal.candidates if one.move == ACCEPT)
    assert taking.expected_gain == 5
    assert refusal.candidates[0].expected_gain > 80


@pytest.mark.parametrize("seat", [0, 1])
@pytest.mark.parametrize("mind", [SOFT, BALANCED])
def test_refusals_by_best_reply_are_no_errors(seat, mind):
    game = trade(6)
    moves, turns, _ = best_replies(game, seat, [mind] * 2, seed=1)
    played_, _ = positions(game, moves, turns, 1)
    refusals = [
        one.number
        for one in played_
        if one.act.mover == seat and one.state.offer is not None and isinstance(one.act.move, Offer)
    ]

    found = read_session(game, moves, turns, game.ids[seat], seed=1)

    refused = [one.judgement for one in found.moves if one.number in refusals]
    assert refused
    assert all(one is not None and one.loss == 0 and not one.refused_better for one in refused)


@pytest.mark.parametrize("at", [4, 6, 8])
def test_a_missed_acceptance_is_named_where_it_was_missed(at):
    # 70 of 100 lay on the table on the last turn of all.
    game = listed(
        {"A": [100, 60, 0], "B": [0, 70, 100]}, protocol={"rounds": at // 2, "opens": "fixed"}
    )
    moves = offers(*[0 if k % 2 else 2 for k in range(1, at - 1)], 1, 2)

    found = read_session(game, moves, range(at), "B")

    missed = [
        one.number + 1 for one in found.moves if one.judgement and one.judgement.refused_better
    ]
    assert missed == [at]
    assert found.moves[-1].judgement is not None
    assert found.moves[-1].judgement.loss == pytest.approx(0.7)


@pytest.mark.parametrize("seat", [0, 1])
@pytest.mark.parametrize("patience", [2, 3, 4])
@pytest.mark.parametrize("early", [False, True])
def test_a_needless_concession_is_named_at_the_move_that_made_it(seat, patience, early):
    # The other refuses so often and then takes whatever it is offered: who gives ground just then
    # need not have done so, who did before had no choice.
    game = listed({"A": [0, 40, 100], "B": [100, 60, 0]}, protocol={"rounds": 6, "opens": "fixed"})
    best, other = (2, 1) if seat == 0 else (0, 0)
    until = patience - seat - early

    def impatient(_: State, history: Sequence[Act]) -> Move:
        refused = sum(act.mover == other for act in history)
        return Offer(2 - best) if refused < patience else ACCEPT

    def yielding(_: State, history: Sequence[Act]) -> Move:
        return Offer(best if sum(act.mover == seat for act in history) < until else 1)

    minds = [yielding, impatient] if seat == 0 else [impatient, yielding]
    moves, turns = played(game, minds)

    found = read_session(game, moves, turns, game.ids[seat], minds={game.ids[other]: impatient})

    conceded = [one for one in found.moves if one.ground and one.ground.changes[found.party] < 0]
    assert [one.turn for one in conceded] == ([2 * until + seat] if until else [])
    assert found.first_unneeded == (None if early else conceded[0].turn)


# --- a change of unit changes nothing


def told(found: SessionReading) -> list[object]:
    """Return all that is said of a session in shares, moves and marks."""
    lines: list[object] = [
        found.accuracy,
        found.accuracy_error,
        found.accuracy_note,
        found.hindsight,
        found.first_unneeded,
        *(left.share for left in found.close.left),
        *found.close.gains.values(),
        found.close.distance_to_frontier,
        found.close.distance_to_nash,
    ]
    for one in found.moves:
        lines += [one.move, one.unneeded_concession, one.hindsight_loss]
        lines += [*(one.dominated_in_truth or ()), *(one.dominated_as_known or ())]
        lines += [None] if one.ground is None else [one.ground.concession]
        line = one.best_line
        lines += [None] if line is None else [line.acts, line.final.agreement]
        if one.judgement is not None:
            lines += [one.judgement.loss, one.judgement.loss_error, one.judgement.best]
            lines += [one.judgement.refused_better, [c.move for c in one.judgement.candidates]]
    return lines


def assert_same(one: SessionReading, other: SessionReading) -> None:
    """Compare two readings, numbers within a millionth."""
    for mine, same in zip(told(one), told(other), strict=True):
        if isinstance(mine, float):
            assert same == pytest.approx(mine, abs=1e-6)
        else:
            assert same == mine


FACTORS = st.floats(0.01, 100)
SHIFTS = st.floats(-200, 200)


@settings(max_examples=12)
@given(st.lists(st.tuples(FACTORS, SHIFTS), min_size=3, max_size=3), st.sampled_from("ABC"))
def test_other_units_for_every_party_change_nothing(units, seat):
    game = trade(3, 3)
    moves, turns = played(game, [BALANCED, FIRM, HARD])
    other = game
    for name, (factor, shift) in zip("ABC", units, strict=True):
        other = rescaled(other, name, factor, shift)

    one, two = (read_session(each, moves, turns, seat) for each in (game, other))

    assert_same(one, two)


@settings(max_examples=6)
@given(st.lists(st.tuples(FACTORS, SHIFTS), min_size=2, max_size=2))
@pytest.mark.parametrize("at", [4, 5])
def test_a_blunder_is_as_large_in_other_units(at, units):
    seat = (at + 1) % 2
    game = generous(60.0, 3, seat)
    moves: list[Move] = [Offer(1) if k % 2 == at % 2 else Offer(0) for k in range(1, at)]
    moves[-1] = Offer(1)
    moves += [Offer(0), ACCEPT]
    for name, (factor, shift) in zip("AB", units, strict=True):
        game = rescaled(game, name, factor, shift)

    found = read_session(game, moves, range(len(moves)), game.ids[seat])

    losses = {one.number + 1: one.judgement.loss for one in found.moves if one.judgement}
    assert losses == pytest.approx({**dict.fromkeys(losses, 0), at: 0.6}, abs=1e-6)


def test_turns_without_an_offer_are_told_alike_as_the_session_goes_on_and_afterwards():
    game = eventful()
    moves, turns, final = best_replies(game, 0, [HARD, HARD], seed=3)
    found, _ = positions(game, moves, turns, 3, final.happened)

    assert 0 in bare_turns(found)
