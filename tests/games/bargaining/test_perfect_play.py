"""Perfect play: hand-worked talks, and a solver of the game tree itself."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.bargaining import perfect_play as room
from games.bargaining.backward_induction import GRAIN
from games.bargaining.perfect_play import OrderOfPlay, perfect_play, pie_share
from games.bargaining.solutions import bargain
from games.scenario import Scenario, load_scenario
from games.session import Accept, Offer, State, payoff, start, step
from tests.support.domains import listed, scenarios

# --- by hand


def by_name(game: Scenario) -> dict[str, OrderOfPlay]:
    return {order.name: order for order in perfect_play(game).orders}


def test_the_last_offer_that_can_be_answered_is_an_ultimatum():
    # One round: A's offer is the only one that B can answer; B's own would come too late.
    game = listed({"A": [10, 6, 0], "B": [0, 6, 10]}, protocol={"rounds": 1, "opens": "fixed"})
    played = by_name(game)

    assert (played["scenario"].outcome, played["scenario"].proposer) == (0, "A")
    assert (played["reversed"].outcome, played["reversed"].proposer) == (2, "B")
    assert played["scenario"].payoffs.tolist() == [10, 0]  # pyright: ignore[reportOptionalMemberAccess]
    assert played["lot"].payoffs.tolist() == [5, 5]  # pyright: ignore[reportOptionalMemberAccess]
    assert perfect_play(game).last_word.tolist() == [10, 10]  # pyright: ignore[reportOptionalMemberAccess]
    rich = listed({"A": [12, 2], "B": [2, 12]}, protocol={"rounds": 1, "opens": "fixed"})
    assert perfect_play(rich).last_word.tolist() == [10, 10]  # pyright: ignore[reportOptionalMemberAccess]


def test_impatience_is_exploited_by_the_one_who_can_wait():
    # A offers on turns 0 and 2, B on turn 1; a round halves B's gain, A's is lasting.
    # Turn 2: A takes 10. Turn 1: B must offer A 10, so waits. Turn 0: B accepts all, A takes 10.
    game = listed(
        {"A": [10, 6, 0], "B": [0, 6, 10]},
        parties={"B": {"discount": 0.25}},
        protocol={"rounds": 2, "opens": "fixed"},
    )
    played = by_name(game)

    assert played["scenario"].payoffs.tolist() == [10, 0]  # pyright: ignore[reportOptionalMemberAccess]
    # Reversed: on turn 2 B takes 10, worth .25 · 10 to it; on turn 1 A offers the middle one, worth
    # .5 · 6 = 3 to B and 6 to A; on turn 0 B can do no better than the middle one at once, worth 6.
    assert (played["reversed"].outcome, played["reversed"].turn) == (1, 0)
    assert played["reversed"].payoffs.tolist() == [6, 6]  # pyright: ignore[reportOptionalMemberAccess]


def test_where_time_takes_from_the_whole_utility_waiting_may_not_be_worth_anybodys_while():
    # B halves what it has a turn: on turn 2 only o2, worth .25 · 10, beats its 2, and gives A no
    # more than its own 2. So on turn 1 B would take o2, worth 5; on turn 0 o1 is worth 6 to it.
    game = listed(
        {"A": [10, 6, 2], "B": [2, 6, 10]},
        {"A": 2, "B": 2},
        {"B": {"discount": 0.25}},
        protocol={"rounds": 2, "opens": "fixed", "discounting": "total"},
    )
    played = by_name(game)["scenario"]

    assert (played.outcome, played.turn, played.proposer) == (1, 0, "A")
    assert played.payoffs.tolist() == [6, 6]  # pyright: ignore[reportOptionalMemberAccess]


def test_a_loss_that_shrinks_in_time_may_be_agreed_to_in_the_end():
    # Two turns halve what an outcome is worth, B's loss of 8 too; no agreement is worth −6 to it.
    game = listed(
        {"A": [10], "B": [-8]},
        {"A": 0, "B": -6},
        parties={key: {"discount": 0.5} for key in "AB"},
        protocol={"rounds": 3, "opens": "fixed", "discounting": "total"},
    )
    played = by_name(game)["scenario"]

    assert (played.outcome, played.turn) == (0, 4)
    assert played.payoffs.tolist() == [10 / 4, -8 / 4]  # pyright: ignore[reportOptionalMemberAccess]
    gaining = game.protocol.model_copy(update={"discounting": "gain"})
    assert by_name(game.model_copy(update={"protocol": gaining}))["scenario"].outcome is None


def test_the_risk_that_talks_break_down_makes_the_patient_impatient():
    # A round ends the talks three times in four, a turn halves what is left. On turn 2 A would take
    # 10, worth 2.5; so on turn 1 it accepts o1, worth 3 to both; on turn 0 B will not take less.
    game = listed(
        {"A": [10, 6, 0], "B": [0, 6, 10]},
        protocol={"rounds": 2, "opens": "fixed", "breakdown": 0.75},
    )

    assert by_name(game)["scenario"].payoffs.tolist() == [6, 6]  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize("breakdown", [0.0, 0.19])
@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_a_scenario_of_a_pie_is_divided_as_the_pie_is(rounds, breakdown):
    # What a round leaves is spread evenly over the two turns of it.
    pie = {"A": [float(k) for k in range(51)], "B": [50.0 - k for k in range(51)]}
    patience = {"A": {"discount": 0.81}, "B": {"discount": 0.64}}
    rules = {"rounds": rounds, "opens": "fixed", "breakdown": breakdown}
    played = by_name(listed(pie, parties=patience, protocol=rules))["scenario"]

    left = (1 - breakdown) ** 0.5
    share = pie_share((0.9 * left, 0.8 * left), 2 * rounds - 1, parts=50)
    assert played.payoffs[0] == pytest.approx(50 * share)  # pyright: ignore[reportOptionalSubscript]


def test_the_only_outcome_that_all_may_sign_is_agreed_and_paid_out_exactly():
    rules = {"rounds": 1, "opens": "fixed"}
    played = by_name(listed({"A": [10 / 3], "B": [1]}, protocol=rules))["scenario"]

    assert (played.outcome, played.turn) == (0, 0)
    assert played.payoffs[0] == pytest.approx(10 / 3, abs=1e-9)  # pyright: ignore[reportOptionalSubscript]


def test_where_a_scenario_draws_lots_its_own_order_is_that_of_its_list():
    rows = {"A": [9, 0, 0, 3], "B": [0, 9, 0, 3], "C": [0, 0, 9, 3]}
    lots, fixed = (
        by_name(listed(rows, protocol={"rounds": 3, "opens": opens})) for opens in ("lot", "fixed")
    )

    for name in ("scenario", "reversed"):
        assert lots[name].payoffs == pytest.approx(fixed[name].payoffs)
        assert (lots[name].proposer, lots[name].turn) == (fixed[name].proposer, fixed[name].turn)


def test_an_indifferent_proposer_takes_what_is_best_for_the_next_mover_and_counts_ties():
    game = listed({"A": [5, 5, 5, 1], "B": [1, 3, 3, 9]}, protocol={"rounds": 1, "opens": "fixed"})
    played = by_name(game)["scenario"]

    assert (played.outcome, played.ties) == (1, 2)


def test_of_offers_equal_to_proposer_and_next_mover_the_first_is_made_whoever_else_it_serves():
    # C would rather have o1, which is as good for A and B; but A names o0, the first.
    game = listed({"A": [5, 5], "B": [3, 3], "C": [1, 4]}, protocol={"rounds": 1, "opens": "fixed"})
    played = by_name(game)["scenario"]

    assert (played.outcome, played.ties) == (0, 2)


def test_a_proposer_whom_no_offer_would_serve_lets_its_turn_pass():
    # What B accepts gives A nothing over its reservation value: A waits, and B proposes.
    game = listed(
        {"A": [3, 1], "B": [0, 5]}, {"A": 3, "B": 0}, protocol={"rounds": 2, "opens": "fixed"}
    )

    assert by_name(game)["scenario"].outcome is None
    assert by_name(game)["scenario"].payoffs.tolist() == [3, 0]  # pyright: ignore[reportOptionalMemberAccess]


def test_without_a_zopa_everyone_is_left_with_its_reservation_value():
    game = listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 4})

    assert [order.payoffs.tolist() for order in perfect_play(game).orders] == [[5, 4]] * 3  # pyright: ignore[reportOptionalMemberAccess]


def test_a_chance_that_talks_end_before_the_offer_is_answered_counts():
    # One party opens each round in turn: B's offer of turn 1 stands over into round 2, which comes
    # with chance .75 only. A's offer of turn 0 is answered at once.
    game = listed(
        {"A": [8, 4], "B": [4, 8]},
        protocol={"rounds": 2, "opens": "alternate", "deadline": {"from": 1, "close": 0.25}},
    )
    played = by_name(game)["scenario"]

    # By waiting B may offer o1 on turn 1 (or 2): worth .75 · 8 = 6 > 4, so A must offer o1 itself.
    assert (played.outcome, played.turn, played.chance) == (1, 0, 1)
    assert played.payoffs.tolist() == [4, 8]  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize(("first_uncertain", "turn"), [(1, 0), (2, 2), (3, 4)])
def test_who_has_the_last_word_waits_as_long_as_the_talks_cannot_end_first(first_uncertain, turn):
    # A opens every round of four, and whoever is indifferent waits; after the round from which on
    # the end is uncertain A would lose by it.
    game = listed(
        {"A": [8, 4], "B": [4, 8]},
        protocol={
            "rounds": 4,
            "opens": "fixed",
            "deadline": {"from": first_uncertain, "close": 0.5},
        },
    )
    played = by_name(game)["scenario"]

    assert (played.outcome, played.turn, played.chance) == (0, turn, 1)
    assert played.payoffs.tolist() == [8, 4]  # pyright: ignore[reportOptionalMemberAccess]


def test_with_a_quorum_it_is_not_computed_and_says_why():
    played = perfect_play(
        listed({"A": [1, 2], "B": [2, 1], "C": [1, 1]}, protocol={"agreement": {"quorum": 0.6}})
    )

    assert played.orders == ()
    assert played.last_word is None
    assert str(played.note).startswith("not computed: with a quorum")


def test_in_a_hall_it_is_not_computed_and_says_why():
    played = perfect_play(listed({"A": [1, 2], "B": [2, 1]}, protocol={"kind": "plenary"}))

    assert played.orders == ()
    assert str(played.note).startswith("not computed: in a plenary or forum")


def test_an_order_that_takes_too_long_is_not_computed_and_says_so(monkeypatch):
    monkeypatch.setattr(room, "WORK", 100)
    played = by_name(listed({"A": [0, 1, 2], "B": [2, 1, 0]}, protocol={"rounds": 10}))

    assert played["lot"].payoffs is None
    assert str(played["lot"].note).startswith("not computed: ")


def test_an_order_that_takes_just_as_long_as_it_may_is_computed(monkeypatch):
    # Two parties, two rounds of one order: 2 · 2 looks each, at 3 offers and 8000 more.
    game = listed({"A": [0, 1, 2], "B": [2, 1, 0]}, protocol={"rounds": 2, "opens": "fixed"})
    for most, is_computed in ((8 * 8003, True), (8 * 8003 - 1, False)):
        monkeypatch.setattr(room, "WORK", most)
        assert (by_name(game.model_copy())["scenario"].payoffs is not None) == is_computed
    # By lots 2 · 2 · 2 · 2 looks in the first round, half as many in the last.
    for most, lots in ((24 * 8003, "anew each round"), (24 * 8003 - 1, "once, before the talks")):
        monkeypatch.setattr(room, "WORK", most)
        assert str(by_name(game.model_copy())["lot"].note).endswith(f"is drawn {lots}")


def test_where_lots_for_each_round_take_too_long_one_lot_decides_who_opens(monkeypatch):
    game = listed(
        {"A": [9, 0, 0, 3], "B": [0, 9, 0, 3], "C": [0, 0, 9, 3]},
        protocol={"rounds": 2, "opens": "fixed"},
    )
    # Each order: 18 looks at 4 offers and 8000 more; three of them, against 108 for all lots.
    monkeypatch.setattr(room, "WORK", 3 * 18 * 8004)
    played = by_name(game)

    # The first to move has the last offer that all can answer, and takes 9 of its own.
    assert played["lot"].payoffs == pytest.approx([3, 3, 3])
    assert played["lot"].note == (
        "in expectation; which of 3 parties opens is drawn once, before the talks"
    )


def test_what_takes_too_long_is_told_in_millions_of_values(monkeypatch):
    # A round by lots for each has 2 · 2 · 2 · 2 looks, the last half as many, at 3 offers and 8000
    # more: 13 million; two orders of 4 looks a round 6 million, and either alone 3 million.
    game = listed({"A": [0, 1, 2], "B": [2, 1, 0]}, protocol={"rounds": 100})
    monkeypatch.setattr(room, "WORK", 5_000_000)
    played = by_name(game)

    assert played["scenario"].payoffs is not None
    assert (played["lot"].payoffs, played["lot"].note) == (
        None,
        "not computed: 6 million values of offers, at most 5 million are tried",
    )
    monkeypatch.setattr(room, "WORK", 2_000_000)
    again = by_name(game.model_copy())
    assert again["scenario"].note == (
        "not computed: 3 million values of offers, at most 2 million are tried"
    )
    monkeypatch.setattr(room, "WORK", 7_000_000)
    assert str(by_name(game.model_copy())["lot"].note).endswith("is drawn once, before the talks")


@pytest.mark.parametrize(
    ("ids", "note"),
    [
        ("AB", "in expectation; who opens is drawn anew each round"),
        ("ABC", "in expectation; who opens is drawn anew each round, the others follow in turn"),
    ],
)
def test_which_lots_are_drawn_is_told(ids, note):
    assert by_name(listed({key: [1, 2] for key in ids}))["lot"].note == note


@pytest.mark.parametrize(("most", "share"), [(10, 3.333333), (1000, 333.3333), (0.1, 0.03333333)])
def test_expected_payoffs_have_the_digits_that_are_known(most, share):
    # In a single round whoever opens takes all; each of the three does so once.
    rows = {"A": [most, 0, 0], "B": [0, most, 0], "C": [0, 0, most]}
    played = by_name(listed(rows, protocol={"rounds": 1, "opens": "fixed"}))

    assert played["lot"].payoffs.tolist() == [share] * 3  # pyright: ignore[reportOptionalMemberAccess]
    # What they have anyway adds to it, and takes away none of its digits.
    more = {key: [1e6 + worth for worth in row] for key, row in rows.items()}
    above = by_name(
        listed(more, dict.fromkeys("ABC", 1e6), protocol={"rounds": 1, "opens": "fixed"})
    )
    assert above["lot"].payoffs == pytest.approx([1e6 + share] * 3, abs=1e-8)


def test_in_the_bundled_scenario_the_last_word_is_worth_nearly_everything():
    played = perfect_play(load_scenario("cobalt-offtake"))

    assert all(order.payoffs is not None for order in played.orders)
    assert played.last_word is not None
    assert played.last_word.min() > 30


# --- the game tree itself


def attainable(game: Scenario) -> list[float]:
    """Return what each party gains at most in the ZOPA, or one point where it cannot gain."""
    best = bargain(game).best
    ranges = [most - own.reservation for most, own in zip(best, game.preferences, strict=True)]
    return [one if one > 1e-9 else 1.0 for one in ranges]


def steps(game: Scenario, outcome: int, turn: int) -> tuple[int, ...]:
    """Return the gains of agreeing on an offer of a turn, in steps of the grain."""
    return tuple(
        round(
            round(GRAIN * (payoff(game, k, own.utility(outcome), turn) - own.reservation) / unit, 3)
        )
        for k, (own, unit) in enumerate(zip(game.preferences, attainable(game), strict=True))
    )


Value = tuple[tuple[int, ...], int | None]
"""Gains in steps of the grain, and the turn of the offer that will be agreed."""


def solve_tree(opening: State) -> Value:
    """Try every move of every state by `step`; a turn may also be let pass."""
    game = opening.scenario
    nothing = (0,) * len(game.ids)

    def passed(state: State) -> Value:
        if state.turn + 1 == len(state.turns):
            return nothing, None
        blank = replace(state, turn=state.turn + 1, offer=None, offer_turn=None)
        return value(replace(blank, accepted=frozenset()))

    def proposal(state: State) -> Value:
        mover, waiting = state.mover, passed(state)
        coming = [party for party in state.turns[state.turn :] if party != mover]
        following = coming[0] if coming else mover
        tried = [
            value(step(state, Offer(outcome))[0])
            for outcome in range(game.space.size)
            if game.preferences[mover].may_sign(outcome)
        ]
        serious = [
            one for one in tried if one[1] == state.turn and one[0][mover] > waiting[0][mover]
        ]
        return max(serious, key=lambda one: (one[0][mover], one[0][following]), default=waiting)

    @cache
    def value_of(turn: int, offer: int | None, made: int | None, stood: frozenset[int]) -> Value:
        state = replace(opening, turn=turn, offer=offer, offer_turn=made, accepted=stood)
        own = proposal(state)
        if offer is None or not game.preferences[state.mover].may_sign(offer):
            return own
        agreed = value(step(state, Accept())[0])
        return agreed if agreed[0][state.mover] >= max(0, own[0][state.mover]) else own

    def value(state: State) -> Value:
        if state.status == "agreement":
            assert state.agreement is not None
            assert state.offer_turn is not None
            return steps(game, state.agreement, state.offer_turn), state.offer_turn
        if not state.is_open:
            return nothing, None
        return value_of(state.turn, state.offer, state.offer_turn, state.accepted)

    return value(opening)


small = st.one_of(
    scenarios(parties=(2, 2), rounds=(1, 4), opens=("fixed", "alternate")),
    scenarios(parties=(3, 3), rounds=(1, 3), opens=("fixed", "alternate")),
)


@settings(max_examples=150, deadline=None)
@given(small, st.sampled_from(["gain", "total"]))
def test_perfect_play_equals_the_solution_of_the_game_tree_move_by_move(game, discounting):
    protocol = game.protocol.model_copy(update={"discounting": discounting})
    game = game.model_copy(update={"protocol": protocol})
    played = by_name(game)["scenario"]

    gains, turn = solve_tree(start(game))

    expected = [
        own.reservation + unit * gain / GRAIN
        for own, unit, gain in zip(game.preferences, attainable(game), gains, strict=True)
    ]
    assert played.payoffs == pytest.approx(expected, abs=1e-5)
    assert played.turn == turn


@settings(max_examples=60, deadline=None)
@given(scenarios(parties=(2, 4), rounds=(1, 5)))
def test_nobody_ends_below_its_reservation_value_nor_above_its_best(game):
    best = bargain(game).best
    for order in perfect_play(game).orders:
        assert order.payoffs is not None
        for own, most, worth in zip(game.preferences, best, order.payoffs, strict=True):
            assert own.reservation - 1e-5 <= worth <= most + 1e-5
