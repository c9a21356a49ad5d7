"""The rules of alternating offers: turns, acceptance, quorum, vetoes, leaving, and the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import IllegalMove
from games.moves import Adjourn, Merge, Pass, Vote
from games.protocols.alternating_offers import last_round, order_in_round, wins
from games.session import Accept, Closed, Move, Offer, State, WalkAway, start, step
from tests.support.domains import listed, plainly_signable, scenarios


def table(count: int, rounds: int = 3, opens: str = "fixed", **protocol):
    """Return a scenario of some parties, A B C …, over three options."""
    return listed(
        {name: [1, 2, 3] for name in "ABCDEFG"[:count]},
        protocol={"rounds": rounds, "opens": opens, **protocol},
    )


def after(scenario, *moves: Move, seed: int = 0) -> State:
    """Return the state after some moves."""
    state = start(scenario, seed)
    for move in moves:
        state, _ = step(state, move)
    return state


def order(scenario, seed: int = 0) -> str:
    """Return whose turn each turn is."""
    return "".join(scenario.ids[position] for position in start(scenario, seed).turns)


# --- turns


@pytest.mark.parametrize(
    ("count", "opens", "expected"),
    [
        (2, "fixed", "ABABAB"),
        (2, "alternate", "ABBAAB"),
        (3, "fixed", "ABCABCABC"),
        (3, "alternate", "ABCBCACAB"),
    ],
)
def test_turns_follow_the_opening_rule(count, opens, expected):
    assert order(table(count, opens=opens)) == expected


@given(st.integers(2, 7), st.integers(1, 20), st.sampled_from(["fixed", "alternate"]))
def test_the_turns_are_the_orders_of_the_rounds_one_after_another(count, rounds, opens):
    scenario = table(count, rounds, opens)
    orders = [order_in_round(scenario, round_, 0) for round_ in range(rounds)]
    assert start(scenario).turns == tuple(position for order in orders for position in order)


def test_lots_are_drawn_anew_each_round_and_by_the_seed_alone():
    game = table(5, rounds=8, opens="lot")
    rounds = [order(game, 3)[start : start + 5] for start in range(0, 40, 5)]

    assert [sorted(one) for one in rounds] == [list("ABCDE")] * 8
    assert len(set(rounds)) > 1
    assert order(game, 3) == order(game, 3) != order(game, 4)


def test_lots_give_every_party_the_first_word():
    game = table(3, opens="lot")

    assert {order_in_round(game, 0, seed)[0] for seed in range(20)} == {0, 1, 2}


def test_a_later_round_has_the_same_order_however_many_there_are():
    assert order(table(4, rounds=9, opens="lot"), 5).startswith(order(table(4, 2, "lot"), 5))


# --- the uncertain end


@pytest.mark.parametrize(
    ("first", "close", "rounds"), [(1, 1.0, 1), (4, 1.0, 4), (10, 1.0, 10), (4, 0.0, 10)]
)
def test_a_certain_deadline_ends_after_its_round_and_an_impossible_one_never(first, close, rounds):
    game = table(2, rounds=10, deadline={"from": first, "close": close})

    assert last_round(game, 0) == rounds
    assert len(start(game).turns) == 2 * rounds


def test_an_uncertain_deadline_lets_each_round_be_the_last_with_its_chance():
    game = table(2, rounds=12, deadline={"from": 9, "close": 0.25})

    ends = [last_round(game, seed) for seed in range(4000)]

    # Round 9 is the last with 1/4, 10 with 3/16, 11 with 9/64, 12 with the remaining 27/64.
    assert set(ends) == {9, 10, 11, 12}
    for round_, chance in [(9, 1 / 4), (10, 3 / 16), (11, 9 / 64), (12, 27 / 64)]:
        assert ends.count(round_) / 4000 == pytest.approx(chance, abs=0.03)


# --- offers and acceptance


def test_an_offer_is_its_offerers_acceptance_and_replaces_the_one_before():
    state = after(table(3), Offer(0), Accept(), Offer(2))

    assert (state.offer, state.offer_turn, state.offerer) == (2, 2, 2)
    assert state.accepted == {2}


def test_all_others_must_have_accepted_since_the_offer_was_made():
    moves = [Offer(0), Accept(), Offer(1), Accept()]
    open_, closed = after(table(3), *moves), after(table(3), *moves, Accept())

    assert open_.is_open
    assert (closed.status, closed.agreement, closed.offer_turn) == ("agreement", 1, 2)


def test_closing_is_told_once_with_outcome_and_the_offers_turn():
    state = after(table(2), Offer(0), Offer(1))

    _, events = step(state, Accept())

    assert events[1:] == (Closed(status="agreement", outcome=1, offer_turn=1),)


def test_nothing_can_be_accepted_before_an_offer_is_made():
    with pytest.raises(IllegalMove, match="A: no offer is on the table"):
        after(table(2), Accept())


@pytest.mark.parametrize("move", [Pass(), Vote("yes"), Merge(0), Adjourn()])
def test_what_belongs_to_a_hall_is_no_move_at_a_table(move):
    with pytest.raises(IllegalMove) as refused:
        step(start(table(2)), move)

    act = type(move).__name__
    assert str(refused.value) == f"A: {act} is no move of alternating offers"


@pytest.mark.parametrize("move", [Offer(0), Accept(), WalkAway()])
def test_nothing_moves_once_the_session_is_over(move):
    state = after(table(2), Offer(0), Accept())

    with pytest.raises(IllegalMove, match="the session is over"):
        step(state, move)


@pytest.mark.parametrize("outcome", [-1, 3, 10**9])
def test_an_offer_outside_the_outcome_space_is_illegal(outcome):
    with pytest.raises(IllegalMove, match="A: "):
        after(table(2), Offer(outcome))


def test_a_party_may_neither_offer_nor_accept_across_its_red_line():
    game = listed({"A": [1, 2], "B": [1, 2]}, parties={"B": {"red_lines": [{"deal": "o1"}]}})
    offered = after(game, Offer(1))

    with pytest.raises(IllegalMove, match="B: the offer crosses one of its own red lines"):
        step(offered, Accept())
    with pytest.raises(IllegalMove, match="B: the offer crosses one of its own red lines"):
        step(offered, Offer(1))
    assert step(offered, Offer(0))[0].offer == 0


def test_an_illegal_move_changes_nothing():
    state = after(table(2), Offer(0))
    before = repr(state)

    with pytest.raises(IllegalMove):
        step(state, Offer(99))

    assert repr(state) == before
    assert step(state, Accept())[0].status == "agreement"


def test_a_party_may_stand_by_its_own_offer():
    # With alternating openings B moves last in one round and first in the next.
    game = table(2, opens="alternate")
    state = after(game, Offer(0), Offer(1), Accept())

    assert state.is_open
    assert (state.party, state.offer, state.offer_turn, state.accepted) == ("A", 1, 1, {1})
    assert after(game, Offer(0), Offer(1), Accept(), Accept()).agreement == 1


def test_the_very_last_offer_has_nobody_left_to_answer_it():
    state = after(table(2, rounds=1), Offer(0), Offer(1))

    assert (state.status, state.agreement) == ("no-agreement", None)


def test_the_very_last_turn_may_still_accept():
    state = after(table(2, rounds=1), Offer(0), Accept())

    assert (state.status, state.agreement) == ("agreement", 0)


# --- leaving


def test_under_unanimity_one_who_leaves_ends_it_for_all():
    state = after(table(3), Offer(0), WalkAway())

    assert (state.status, state.agreement) == ("walked-away", None)


def test_who_leaves_its_own_offer_behind_takes_it_along():
    # B closes the first round with an offer, opens the second and leaves.
    state = after(table(2, opens="alternate"), Offer(0), Offer(1), WalkAway())

    assert (state.status, state.left) == ("walked-away", {1})
    assert (state.offer, state.offer_turn, state.accepted) == (None, None, frozenset())


def test_under_a_quorum_the_others_go_on_without_the_one_who_left():
    game = table(3, agreement={"quorum": 0.6})
    state = after(game, Offer(0), WalkAway())

    assert state.is_open
    assert (state.party, state.left) == ("C", {1})
    assert after(game, Offer(0), WalkAway(), Accept()).agreement == 0


def test_one_who_left_has_no_more_turns():
    state = after(table(3, agreement={"quorum": 0.6}), WalkAway(), Offer(0), Offer(1))

    assert (state.party, state.round) == ("B", 1)


def test_an_offer_leaves_the_table_with_its_offerer():
    # A B C, then B C A: C's offer is accepted by B, and C has the next turn.
    rule = {"quorum": 0.6, "weights": {"A": 6, "B": 1, "C": 3}}
    state = after(
        table(3, opens="alternate", agreement=rule), Offer(0), Offer(1), Offer(2), Accept()
    )

    left, _ = step(state, WalkAway())

    assert (state.party, state.offer, state.accepted) == ("C", 2, {1, 2})
    assert (left.party, left.offer, left.offer_turn, left.accepted) == ("A", None, None, set())
    assert left.is_open


@pytest.mark.parametrize("rule", [{"quorum": 0.7}, {"quorum": 0.3, "vetoes": ["B"]}])
def test_it_is_over_when_no_winning_coalition_remains(rule):
    state = after(table(3, agreement=rule), Offer(0), WalkAway())

    assert state.status == "walked-away"


# --- quorum and vetoes


@pytest.mark.parametrize(
    ("rule", "coalition", "expected"),
    [
        ("unanimity", "ABC", True),
        ("unanimity", "AB", False),
        ({"quorum": 0.5}, "AB", True),
        ({"quorum": 2 / 3}, "AB", True),
        ({"quorum": 0.67}, "AB", False),
        ({"quorum": 0.5, "weights": {"A": 8}}, "A", True),
        ({"quorum": 0.5, "weights": {"A": 8}}, "BC", False),
        ({"quorum": 0.3, "vetoes": ["C"]}, "AB", False),
        ({"quorum": 0.3, "vetoes": ["C"]}, "C", True),
        ({"quorum": 0.3, "weights": {"A": 0.1, "B": 0.2, "C": 0.7}}, "AB", True),
    ],
)
def test_a_coalition_wins_with_enough_weight_and_every_veto_holder(rule, coalition, expected):
    members = frozenset("ABC".index(name) for name in coalition)

    assert wins(table(3, agreement=rule), members) is expected


def test_a_quorum_closes_as_soon_as_it_is_reached():
    state = after(table(4, agreement={"quorum": 0.5}), Offer(2), Accept())

    assert (state.status, state.agreement) == ("agreement", 2)


def test_a_veto_holder_must_be_among_those_who_accept():
    game = table(4, agreement={"quorum": 0.5, "vetoes": ["D"]})

    assert after(game, Offer(2), Accept(), Accept()).is_open
    assert after(game, Offer(2), Accept(), Accept(), Accept()).agreement == 2


def test_nobody_concludes_an_agreement_alone():
    state = after(table(3, agreement={"quorum": 0.3}), Offer(2))

    assert state.is_open


# --- whatever the parties do


@st.composite
def sessions(draw: st.DrawFn) -> list[tuple[State, Move | None]]:
    """Draw a session played by arbitrary legal moves, as states and the move made in each."""
    scenario = draw(scenarios(parties=(2, 5)))
    state = start(scenario, draw(st.integers(0, 5)))
    history: list[tuple[State, Move | None]] = []
    while state.is_open:
        own = scenario.preferences[state.mover]
        offers = [Offer(k) for k in range(scenario.space.size) if own.may_sign(k)]
        answers = [Accept()] if state.offer is not None and own.may_sign(state.offer) else []
        leaving = [WalkAway()] if draw(st.integers(0, 9)) == 0 else []
        move = draw(st.sampled_from([*offers, *answers * 3, *leaving]))
        history.append((state, move))
        state, _ = step(state, move)
    return [*history, (state, None)]


@given(sessions())
def test_every_session_takes_turns_in_order_and_ends(history):
    turns = [state.turn for state, _ in history]
    last = history[-1][0]

    assert turns == sorted(set(turns))
    assert len(history) - 1 <= len(last.turns)
    assert last.status in {"agreement", "no-agreement", "walked-away"}


@given(sessions())
def test_an_agreement_is_possible_and_signable_by_all_and_was_on_the_table(history):
    last = history[-1][0]
    agreements = [last.agreement] if last.status == "agreement" else []

    for outcome in agreements:
        game = last.scenario
        assert game.space.is_possible(outcome)
        assert all(plainly_signable(game, name, outcome) for name in game.ids)
        assert history[-2][0].offer == outcome
        assert isinstance(history[-2][1], Accept)
    assert (last.agreement is None) == (last.status != "agreement")


@given(sessions())
def test_replaying_the_moves_gives_the_same_states(history):
    state = history[0][0]

    for recorded, move in history[:-1]:
        assert state == recorded
        state, _ = step(state, move)

    assert state == history[-1][0]
