"""The stance game between the blocs, by hand."""

import json

import numpy as np
import pytest

from games.matrices.stance_game import (
    ACTS,
    fair_share_sentence,
    leavers,
    offers_among,
    play_stances,
    played_cell,
    stance_game,
    turn_orders,
)
from games.session import Accept, Offer, payoffs
from games.tactics.aspirations import STANCES, stance_aspirations
from tests.support.domains import listed

HARD, FIRM, BALANCED, SOFT = STANCES.values()


def halves(**protocol):
    """Return two parties who can share 100 points all, half or nothing, in one round."""
    return listed(
        {"A": [0, 50, 100], "B": [100, 50, 0]},
        protocol={"rounds": 1, "opens": "fixed", **protocol},
    )


# In one round each asks for its closing demand: hard 55, firm 30, balanced 10, soft 0. A hard
# opener offers all for itself, firm and balanced ones a half each, a soft one all to the other;
# what is refused leads nowhere, for the answer to it has no answer.
ROWS = [[0, 0, 0, 1], [0, 0.5, 0.5, 0.75], [0, 0.5, 0.5, 0.75], [0, 0.25, 0.25, 0.5]]
FAILURES = [[1, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


def test_the_stance_game_by_hand_is_the_mean_over_opening_orders():
    matrix = stance_game(halves())
    report = matrix.report

    assert report.rows == report.columns == tuple(ACTS.values())
    assert [[float(x) for x in row] for row in report.game.row_payoffs] == ROWS
    assert [[float(x) for x in row] for row in report.game.transposed_column_payoffs] == ROWS
    assert matrix.failures.tolist() == FAILURES
    assert matrix.points is not None
    assert matrix.points[1, 3].tolist() == [75, 25]


def test_only_cells_that_neither_would_leave_are_called_equilibria():
    report = stance_game(halves()).report

    # Hard 0, firm 1, balanced 2, soft 3.
    middle = {(1, 1), (1, 2), (2, 1), (2, 2)}
    assert {one.cell for one in report.equilibria if one.pure} == middle | {(0, 3), (3, 0), (0, 0)}
    assert report.degenerate
    assert report.complete
    assert sum(one.index for one in report.components) == 1


def test_who_opens_matters_and_time_is_paid_for():
    game = halves(rounds=2, breakdown=0.5)
    # Round 0 asks for everything; in round 1 A, opening, offers a half: two turns, one round, in.
    state = play_stances(game, (FIRM, FIRM), (0, 1) * 2)

    assert (state.status, state.offer_turn) == ("agreement", 2)
    assert list(payoffs(state).values()) == [25, 25]


@pytest.mark.parametrize(("first", "points"), [(0, [50, 50]), (1, [100, 0])])
def test_the_opening_order_is_as_asked(first, points):
    state = play_stances(halves(), (FIRM, SOFT), (first, 1 - first))

    assert list(payoffs(state).values()) == points


def test_no_agreement_is_worth_the_reservation_value():
    game = listed({"A": [7, 50, 100], "B": [100, 50, 9]}, {"A": 7, "B": 9}, protocol={"rounds": 1})

    assert list(payoffs(play_stances(game, (HARD, HARD), (0, 1))).values()) == [7, 9]


def test_outsiders_play_balanced_and_blocs_have_no_cells_in_points():
    game = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0], "C": [0, 50, 100], "D": [100, 50, 0]},
        parties={"C": {"side": "consumer"}, "D": {"side": "mixed"}},
        protocol={"rounds": 2, "opens": "fixed"},
    )
    matrix = stance_game(game)

    assert (matrix.row_player, matrix.column_player) == ("consumer bloc", "A party")
    assert matrix.points is None
    assert all(one.regret == (0, 0) for one in matrix.report.equilibria)


def test_the_stance_game_is_computed_once():
    game = halves()

    assert stance_game(game) is stance_game(game)


@pytest.mark.parametrize(
    ("utilities", "sentence"),
    [
        ({"A": [0, 60, 100], "B": [100, 60, 0]}, "hardness is free"),
        ({"A": [0, 40, 56, 100], "B": [100, 56, 40, 0]}, "a game of chicken"),
        ({"A": [0, 50, 100], "B": [100, 50, 0]}, "hardness on both sides fails"),
    ],
)
def test_the_fair_share_predicts_what_hardness_brings(utilities, sentence):
    assert sentence in fair_share_sentence(listed(utilities))


def test_an_empty_zopa_is_said_in_words():
    game = listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}, protocol={"rounds": 2})

    assert stance_game(game).explanation.startswith("The ZOPA is empty")
    assert stance_game(game).failures.min() == 1


def test_the_matrix_is_written_in_the_shape_of_the_contract():
    written = json.loads(json.dumps(stance_game(halves()).as_json()))

    assert {"name", "row_player", "column_player", "rows", "columns", "payoffs"} <= written.keys()
    assert written["name"] == "stance"
    assert written["payoffs"][1][3] == [0.75, 0.25]
    assert written["payoffs"][3][1] == [0.25, 0.75]
    assert written["explanation"]


def test_turns_rotate_with_the_opening_order():
    fixed = turn_orders(halves(rounds=2, opens="fixed"))
    alternate = turn_orders(halves(rounds=2, opens="alternate"))

    assert fixed == [[(0, 1, 0, 1), (1, 0, 1, 0)]]
    assert alternate == [[(0, 1, 1, 0), (1, 0, 0, 1)]]


@pytest.mark.parametrize(
    "protocol", [{"opens": "lot"}, {"deadline": {"from": 1, "close": 0.5}, "opens": "fixed"}]
)
def test_where_lots_are_drawn_cells_have_standard_errors(protocol):
    matrix = stance_game(halves(rounds=6, **protocol))

    assert matrix.sampling is not None
    assert matrix.sampling.errors.shape == (4, 4, 2)
    assert matrix.sampling.errors.max() > 0
    written = json.loads(json.dumps(matrix.as_json()))
    assert written["sampling"]["epsilon"] == pytest.approx(2 * matrix.sampling.errors.max())


def test_without_chance_there_is_no_sampling_error():
    assert stance_game(halves()).sampling is None


def test_of_many_parties_every_kth_opens():
    game = listed({f"P{k}": [k, 9 - k] for k in range(10)}, protocol={"rounds": 1})

    (orders,) = turn_orders(game)

    assert [turns[0] for turns in orders] == [0, 2, 4, 6, 8]


def test_who_would_leave_its_blocs_stance_is_named_with_what_it_gains():
    # Soft against soft is worth a half to each, hard against soft everything (see ROWS).
    found = leavers(halves(), "soft", "soft")

    assert [(one.party, one.regret, one.act) for one in found] == [
        ("A", 0.5, "insists"),
        ("B", 0.5, "insists"),
    ]


def test_nobody_leaves_an_equilibrium_of_single_parties():
    assert leavers(halves(), "firm", "firm") == ()


def test_a_member_may_free_ride_on_its_blocs_patience():
    # Two consumers who want the same: what each would gain alone is found by playing it.
    game = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0], "C": [0, 50, 100]},
        parties={"C": {"side": "consumer"}},
        protocol={"rounds": 4, "opens": "fixed"},
    )

    def gain_of_c(stance):
        played = [play_stances(game, (SOFT, SOFT, stance), turns) for turns in turn_orders(game)[0]]
        return np.mean([payoffs(state)["C"] for state in played]) / 100

    best = max(gain_of_c(stance) for stance in STANCES.values())
    expected = best - gain_of_c(SOFT)
    found = {one.party: one.regret for one in leavers(game, "soft", "soft")}

    assert expected > 0
    assert found["C"] == pytest.approx(expected)


def test_offers_of_an_extended_session_count_as_in_its_last_planned_round():
    game = halves(rounds=3)
    offers = [(0, 0, 0), (0, 1, 1), (2, 0, 1), (2, 1, 0)]
    late = [*offers[:2], (5, 0, 1), (5, 1, 0)]

    assert played_cell(game, late) == played_cell(game, offers)


def test_a_session_played_by_the_stances_themselves_is_recognised():
    # One issue of 101 shares: whatever is asked can be offered to the point.
    game = listed(
        {"A": range(101), "B": [100 - share for share in range(101)]},
        protocol={"rounds": 20, "opens": "fixed"},
    )
    names = list(STANCES)
    for row, column in ((0, 0), (0, 3), (1, 2), (2, 1), (3, 3)):
        stances = (STANCES[names[row]], STANCES[names[column]])
        aspirations = [stance_aspirations(stance, 0.0, 1.0, 20) for stance in stances]
        offers = [
            (round_, mover, round(100 * share) if mover == 0 else 100 - round(100 * share))
            for round_ in range(20)
            for mover, share in enumerate(float(line[round_]) for line in aspirations)
        ]
        assert played_cell(game, offers) == (row, column)


def test_without_offers_of_both_sides_no_cell_was_played():
    assert played_cell(halves(), []) is None
    assert played_cell(halves(), [(0, 0, 1)]) is None


def test_without_blocs_or_gains_no_cell_was_played():
    alike = listed({"A": [0, 9], "B": [9, 0]}, parties={"B": {"side": "consumer"}})
    stuck = listed({"A": [5, 5], "B": [0, 9]}, {"A": 5})
    offers = [(0, 0, 0), (0, 1, 1)]

    assert played_cell(alike, offers) is None
    assert played_cell(stuck, offers) is None


def test_offers_are_read_from_moves_and_the_order_of_turns():
    state = play_stances(halves(rounds=3), (HARD, SOFT), (1, 0, 1, 0, 1, 0))

    when = [(turn // 2, state.turns[turn]) for turn in range(3)]
    asked = offers_among([Offer(2), Offer(0), Accept()], when)

    assert asked == [(0, 1, 2), (0, 0, 0)]


def test_a_fair_share_of_just_what_hardness_asks_makes_hardness_free():
    just = listed({"A": [0, 55, 100], "B": [100, 55, 0]})

    assert "hardness is free" in fair_share_sentence(just)


def test_room_on_one_side_only_is_no_chicken():
    # (hard, firm) can meet, (firm, hard) cannot.
    lopsided = listed({"A": [0, 56, 100, 20], "B": [100, 31, 0, 40]})

    assert "hardness on both sides fails" in fair_share_sentence(lopsided)


def test_a_member_that_cannot_gain_does_not_hide_a_game_of_chicken():
    worth = {"A": [0, 40, 56, 100], "B": [100, 56, 40, 0]}
    with_another = listed({**worth, "C": [5] * 4}, {"C": 5}, {"C": {"side": "consumer"}})

    assert "a game of chicken" in fair_share_sentence(listed(worth))
    assert "a game of chicken" in fair_share_sentence(with_another)


def test_where_not_all_need_agree_the_fair_share_foretells_nothing():
    game = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0], "C": [0, 50, 100]},
        protocol={"agreement": {"quorum": 0.6}},
    )

    assert fair_share_sentence(game).endswith("so that this foretells nothing of hardness.")
