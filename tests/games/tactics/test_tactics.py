"""Aspirations by hand, offers by brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.outcomes import OutcomeSpace
from games.tactics.aspirations import (
    ANSWERS,
    BLIND_EXPONENTS,
    STANCES,
    Stance,
    answered,
    blind_aspirations,
    closing_shares,
    stance_aspirations,
    stance_schedule,
    walled_aspirations,
)
from games.tactics.offers import (
    BAND,
    best_above,
    best_outcome,
    blind_schedule,
    likeness,
    logroll,
    nash_estimate,
    nearest_above,
    outcome_above,
    trade_off,
)
from games.tactics.tally import Tally, joint_gain, likings, slots_of
from tests.support.domains import listed, outcomes_of, scenarios


def preferences(values, reservation=0.0, **more):
    """Return the preferences of a party with these utilities."""
    return listed({"A": values, "B": values}, {"A": reservation}, {"A": more}).preferences[0]


def test_blind_aspirations_fall_from_the_best_with_the_power_of_time():
    # Round k of 3: t = (k+1)/4; lo 20, hi 100.
    own = preferences([0, 50, 100], 20)
    time = np.array([0.25, 0.5, 0.75])

    assert blind_aspirations(own, 3, 1.0) == pytest.approx([80, 60, 40])
    assert blind_aspirations(own, 3, 4.0) == pytest.approx(20 + 80 * (1 - time**4))
    assert blind_aspirations(own, 3, 0.25) == pytest.approx(20 + 80 * (1 - time**0.25))


def test_the_least_asked_for_is_the_worst_outcome_if_it_is_above_the_reservation_value():
    assert blind_aspirations(preferences([10, 90], -50), 1, 1.0) == pytest.approx([50])


def test_the_exponents_are_those_of_the_literature():
    assert BLIND_EXPONENTS == {"boulware": 4.0, "linear": 1.0, "conceder": 0.25}


def test_a_blind_schedule_offers_what_it_would_itself_accept():
    offers, least = blind_schedule(preferences([0, 30, 55, 80, 100]), 4, 1.0)

    assert least == pytest.approx([80 - 1e-4, 60 - 1e-4, 40 - 1e-4, 20 - 1e-4])
    assert offers.tolist() == [3, 3, 2, 1]


def test_a_party_that_nothing_satisfies_offers_its_best_and_accepts_nothing():
    offers, least = blind_schedule(preferences([10, 30, 20], 40), 2, 4.0)

    assert offers.tolist() == [1, 1]
    assert least.tolist() == [40, 40]


@given(scenarios(), st.integers(1, 12), st.sampled_from([4.0, 1.0, 0.25]))
def test_schedules_never_rise_and_never_go_below_the_reservation_value(scenario, rounds, exponent):
    for own in scenario.preferences:
        offers, least = blind_schedule(own, rounds, exponent)

        assert (np.diff(least) <= 0).all()
        assert (least >= own.reservation).all()
        assert all(own.may_sign(int(offer)) for offer in offers)
        assert (np.diff(own.utilities[offers]) <= 0).all()


@given(scenarios(), st.floats(-100, 100))
def test_the_offer_is_the_lowest_indexed_of_the_outcomes_nearest_above(scenario, aspiration):
    own = scenario.preferences[0]
    order, values = own.ranking
    above = values[values >= aspiration - 1e-6]
    wanted = above.min() if len(above) else values[-1]

    offer = int(nearest_above(own, np.array([aspiration]))[0])

    assert offer == min(k for k in order.tolist() if own.utility(k) == wanted)


def test_an_outcome_a_millionth_below_is_offered_only_if_it_is_nearer():
    own = preferences([0, 1 - 8e-7, 1 + 5e-7, 2 - 5e-7, 2 + 8e-7, 3 - 2e-6, 4])

    assert nearest_above(own, np.array([1.0, 2.0, 3.0, 9.0])).tolist() == [2, 3, 6, 6]


def test_no_red_line_is_ever_offered():
    own = preferences([0, 5, 9], red_lines=[{"deal": "o2"}])

    assert nearest_above(own, np.array([4.0, 8.0])).tolist() == [1, 1]


def test_stances_are_those_of_the_stance_game():
    assert {name: (s.exponent, s.closing_demand) for name, s in STANCES.items()} == {
        "hard": (4, 0.55),
        "firm": (4, 0.30),
        "balanced": (1, 0.10),
        "soft": (0.25, 0),
    }


def test_a_stance_falls_from_everything_to_its_closing_demand():
    # r = 40, best 90, φ = .2, linear, 5 rounds: 40 + 50(.2 + .8(1 − t/4)).
    aspirations = stance_aspirations(Stance(1.0, 0.2), 40, 90, 5)

    assert aspirations == pytest.approx([90, 80, 70, 60, 50])


@pytest.mark.parametrize("stance", STANCES.values())
@pytest.mark.parametrize("rounds", [1, 2, 7, 100])
def test_the_last_aspiration_does_not_depend_on_the_number_of_rounds(stance, rounds):
    last = stance_aspirations(stance, 40, 90, rounds)[-1]

    assert last == pytest.approx(40 + 50 * stance.closing_demand)


SPACE = OutcomeSpace(("price", "law"), ((1, 2, 3), ("soft", "hard")))


def test_likeness_weighs_frequency_and_nearness_to_the_last_offer():
    # Offers (1, hard), (2, hard), (2, hard). Price changed once, law never: weights 2/5 and 3/5.
    # Price: offered 1/2, 1 and 0 as often as the most frequent; distance to the last, 2, is
    # ½, 0, ½: liked .5·.5+.5·.5, 1, .5·0+.5·.5. Law: soft 0, hard 1.
    offers = [SPACE.index({"price": price, "law": "hard"}) for price in (1, 2, 2)]

    liked = likeness(SPACE, np.arange(6), offers)

    assert liked == pytest.approx([0.2, 0.8, 0.4, 1.0, 0.1, 0.7])


def test_an_issue_with_one_option_is_liked_by_all():
    space = OutcomeSpace(("only",), (("x",),))

    assert likeness(space, np.arange(1), [0, 0]).tolist() == [1]


def band_game():
    """Two issues; A cares for both alike, so that several outcomes are worth 50 or 52 to it."""
    return listed({"A": [0, 50, 52, 53, 54, 100], "B": [0] * 6}, {"A": 0})


def test_within_the_band_the_offer_is_what_the_counterpart_seems_to_like():
    game = band_game()
    own = game.preferences[0]

    # The band above 50 is three hundredths of the span of 100: outcomes 1, 2 and 3.
    assert pytest.approx(0.03) == BAND
    assert trade_off(own, game.space, 50.0, [[0]]) == 1
    assert trade_off(own, game.space, 50.0, [[2]]) == 2
    assert trade_off(own, game.space, 50.0, [[4]]) == 3
    assert trade_off(own, game.space, 50.0, [[5]]) == 3


def test_with_nothing_known_of_the_counterpart_the_best_in_the_band_is_offered():
    game = band_game()

    assert trade_off(game.preferences[0], game.space, 50.0, [[]]) == 3


def test_an_empty_band_gives_the_outcome_nearest_above_and_none_above_the_best():
    game = band_game()
    own = game.preferences[0]

    assert trade_off(own, game.space, 60.0, [[0]]) == 5
    assert trade_off(own, game.space, 101.0, [[0]]) == 5


@pytest.mark.parametrize("unit", [1.0, 0.01, 0.07, 0.1, 0.3, 1 / 3, 0.7, 1.1, 1.3, 2.3, 3.7, 9.99])
@pytest.mark.parametrize("asked", [31, 40, 50, 51])
def test_the_upper_edge_of_the_band_belongs_to_it_in_any_unit(unit, asked):
    # The counterpart asks for the outcome that is worth exactly three hundredths more.
    values = [0, asked, asked + 3, 100]
    own = preferences([unit * value for value in values])
    space = OutcomeSpace(("deal",), (("o0", "o1", "o2", "o3"),))

    assert trade_off(own, space, unit * asked, [[2]]) == 2


@given(scenarios(), st.floats(-60, 100), st.lists(st.integers(0, 10), max_size=4))
def test_a_trade_off_is_signable_and_in_the_band_if_anything_is(scenario, aspiration, history):
    own = scenario.preferences[0]
    seen = [outcome % scenario.space.size for outcome in history]

    offer = trade_off(own, scenario.space, aspiration, [seen])

    _, values = own.ranking
    above = values[values >= aspiration - 1e-9]
    nearest = above.min() if len(above) else values[-1]
    ceiling = max(nearest, aspiration + BAND * own.span) + 1e-9
    assert own.may_sign(offer)
    assert nearest <= own.utility(offer) <= ceiling


def test_a_stances_aspirations_are_computed_once_for_each_number_of_rounds():
    own = preferences([0, 50, 100], 20)

    assert stance_schedule(own, Stance(1.0, 0.25), 3) == pytest.approx([100, 70, 40])
    assert stance_schedule(own, Stance(1.0, 0.25), 2) == pytest.approx([100, 40])
    assert stance_schedule(own, Stance(1.0, 0.5), 2) == pytest.approx([100, 60])


def test_the_concession_that_is_answered_is_their_mean_least_or_most():
    assert [answered([0.2, 0.6, 0.1], rule) for rule in ANSWERS] == pytest.approx([0.3, 0.1, 0.6])
    assert [answered([0.4], rule) for rule in ANSWERS] == pytest.approx([0.4] * 3)
    assert [answered([], rule) for rule in ANSWERS] == [0, 0, 0]


def test_a_wall_stands_until_its_time_and_gives_way_in_even_steps():
    own = preferences([0, 50, 100], 20)

    assert walled_aspirations(own, 6, 0.4, 0.75) == pytest.approx([100, 100, 100, 80, 60, 40])
    assert walled_aspirations(own, 1, 0.4, 0.75) == pytest.approx([40])
    assert walled_aspirations(own, 3, 0.4, 0.0) == pytest.approx([100, 100, 100])


@given(scenarios(), st.integers(1, 9), st.floats(0, 0.99), st.floats(0, 1))
def test_a_wall_never_rises_and_keeps_what_it_must_not_give(game, rounds, until, gives):
    for own in game.preferences:
        asked = walled_aspirations(own, rounds, until, gives)

        least = max(own.reservation, own.lowest)
        assert (np.diff(asked) <= 1e-9).all() or own.highest < own.reservation
        assert asked[-1] == pytest.approx(own.highest - gives * (own.highest - least))


def test_without_risk_or_aversion_shares_are_mosers():
    # c ← (1 + c²)/2 from 0.
    assert closing_shares([1, 1, 1, 1], 1.0, 0.0) == pytest.approx(
        [0.7417295, 0.6953125, 0.625, 0.5, 0], abs=1e-6
    )


def test_aversion_breakdown_and_delay_are_reckoned_with():
    # α = ½: c = (s · 1/1.5)² δ before the last round; s = .9, δ = .8.
    assert closing_shares([0.9], 0.8, 0.5) == pytest.approx([0.36 * 0.8, 0])
    # and before that, with c = .288: E = (1 + .5 · .288^1.5)/1.5.
    hoped = (1 + 0.5 * 0.288**1.5) / 1.5
    assert closing_shares([0.5, 0.9], 0.8, 0.5)[0] == pytest.approx((0.5 * hoped) ** 2 * 0.8)
    assert closing_shares([], 0.8, 0.5) == pytest.approx([0])


@given(
    st.lists(st.floats(0.05, 1), max_size=6),
    st.floats(0.05, 1),
    st.floats(0, 0.9),
    st.integers(0, 9),
)
def test_a_closing_share_is_worth_as_much_as_waiting(survivals, discount, aversion, seed):
    """The expectation in closed form is that of the definition, by quadrature."""
    shares = closing_shares(survivals, discount, aversion)
    power = 1 - aversion
    offers = (np.arange(20_000) + 0.5) / 20_000

    for survival, now, later in zip(survivals, shares, shares[1:], strict=False):
        waiting = np.maximum(offers**power, later**power).mean()
        assert now**power == pytest.approx(survival * discount**power * waiting, abs=1e-4)


@given(scenarios(), st.floats(-60, 100))
def test_the_outcome_above_is_the_worst_of_those_that_reach_an_aspiration(game, aspiration):
    own = game.preferences[0]
    signable = [k for k in outcomes_of(game.space) if own.may_sign(k)]
    best = min(signable, key=lambda k: (-own.utility(k), k))
    reach = [k for k in signable if own.utility(k) >= aspiration - own.tie]

    assert best_outcome(own) == best
    assert outcome_above(own, aspiration) == min(reach, key=own.utility, default=best)


@given(scenarios(), st.floats(-60, 100), st.lists(st.integers(0, 3), min_size=64, max_size=64))
def test_the_best_above_an_aspiration_has_the_greatest_score(game, aspiration, drawn):
    own = game.preferences[0]
    scores = np.array(drawn[: game.space.size], dtype=np.float64)
    signable = [k for k in outcomes_of(game.space) if own.may_sign(k)]
    reach = [k for k in signable if own.utility(k) >= aspiration - own.tie]
    reach = reach or [k for k in signable if own.utility(k) == own.highest]

    found = best_above(own, scores, aspiration)

    assert found == min(reach, key=lambda k: (-scores[k], -own.utility(k), k))


@given(scenarios(), st.lists(st.lists(st.integers(0, 63), max_size=4), max_size=3))
def test_the_nash_estimate_is_the_greatest_product_of_all(game, drawn):
    own, space = game.preferences[0], game.space
    tallies = [Tally.of(space, [number % space.size for number in one]) for one in drawn]
    theirs = joint_gain(tallies)
    rational = [
        k
        for k in outcomes_of(space)
        if own.may_sign(k) and own.utility(k) >= own.reservation - own.tie
    ]

    found = nash_estimate(own, theirs)

    if theirs is None or not rational:
        assert own.utility(found) == own.highest
    else:
        products = {k: max(0.0, own.utility(k) - own.reservation) * theirs[k] for k in rational}
        assert products[found] == pytest.approx(max(products.values()))


@given(
    scenarios(), st.floats(-60, 100), st.lists(st.lists(st.integers(0, 63), max_size=4), max_size=3)
)
def test_logrolling_gives_only_what_the_others_want_and_keeps_its_aspiration(
    game, aspiration, drawn
):
    own, space = game.preferences[0], game.space
    tallies = [Tally.of(space, [number % space.size for number in one]) for one in drawn]

    found = logroll(own, space, aspiration, tallies)

    best = best_outcome(own)
    both = slots_of(space, np.array([best, found]))
    liked = likings(tallies, both).tolist()
    assert own.may_sign(found)
    assert own.utility(found) >= min(aspiration, own.highest) - own.tie
    assert found == best or liked[1] > liked[0]


def test_logrolling_stops_where_its_aspiration_leaves_no_room():
    game = listed({"A": [0, 4, 5, 9], "B": [9, 5, 4, 0]})
    own, space = game.preferences[0], game.space

    assert logroll(own, space, 5.0, [Tally.of(space, [0])]) == 2
    assert logroll(own, space, 4.5, [Tally.of(space, [0])]) == 2
    assert logroll(own, space, 0.0, [Tally.of(space, [0])]) == 0
    assert logroll(own, space, 0.0, [Tally(space)]) == 3
