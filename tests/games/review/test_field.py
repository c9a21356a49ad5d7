"""The outcomes among which simulated parties choose, and their trade-off bands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.outcomes import OutcomeSpace
from games.review import field as field_module
from games.review.counterparts import generator, prior
from games.review.field import (
    FIELD,
    TOP,
    base_of,
    field_of,
    stake_of_drawn,
    stake_of_seat,
)
from games.scenario import load_scenario
from games.tactics.offers import trade_off
from tests.games.review.sessions import trade
from tests.support.domains import listed, scenarios

COBALT = load_scenario("cobalt-offtake")


def base(game=COBALT, seat=0, needed=()):
    """Return the base of a game."""
    return base_of(game.space, game.preferences[seat], needed, generator(0, "test"))


def test_a_small_space_is_kept_whole():
    game = trade()
    found = base(game)

    kept = field_of(found, [prior(game.space, 4, generator(0, "x"))], found.positions([3]))

    assert found.outcomes[kept].tolist() == list(range(48))


def test_a_large_space_is_searched_whole_for_what_is_kept():
    found = base()
    drawn = prior(COBALT.space, 64, generator(0, "x"))
    needed = found.positions([17, 60_000])

    kept = field_of(found, [drawn], needed)

    outcomes = found.outcomes[kept]
    assert len(found.outcomes) == COBALT.space.count
    assert len(kept) == FIELD
    assert {17, 60_000} <= set(outcomes.tolist())
    top = COBALT.preferences[0].ranking[0][-TOP:]
    assert set(top.tolist()) <= set(outcomes.tolist())
    # What each drawn counterpart likes best is there.
    best = (drawn.points @ found.marks.T.astype(float)).max(axis=1)
    assert stake_of_drawn(found, drawn, kept).worth.max(axis=1) == pytest.approx(
        (best - drawn.reservations) / (1 - drawn.reservations), abs=1e-6
    )


def test_of_a_space_too_large_to_search_a_draw_is_searched_with_what_is_needed(monkeypatch):
    monkeypatch.setattr(field_module, "BASE", 5000)

    found = base(needed=[17, 60_000])

    assert 5000 <= len(found.outcomes) <= 5000 + TOP + 2
    assert found.outcomes[found.positions([60_000, 17])].tolist() == [17, 60_000]
    assert (np.diff(found.outcomes) > 0).all()
    assert all(COBALT.space.is_possible(outcome) for outcome in found.outcomes.tolist())


def test_worth_is_a_share_of_the_possible_gain():
    # r = 20, best 60: 20 is worth 0, 60 is worth 1, 10 less than nothing.
    game = listed({"A": [10, 20, 60], "B": [0, 0, 0]}, {"A": 20})
    found = base(game)

    stake = stake_of_seat(found, game.preferences[0], np.arange(3))

    assert stake.worth.tolist() == [[-0.25, 0, 1]]
    assert stake.reach == pytest.approx([0.03 * 50 / 40])


@given(scenarios(parties=(2, 2)), st.floats(-0.2, 1.2))
def test_a_band_holds_what_the_tactic_may_offer(game, share):
    own = game.preferences[0]
    found = None if own.highest <= own.reservation else base(game)
    kept = np.arange(game.space.count)
    spread = own.highest - own.reservation

    bands = [
        stake_of_seat(one, own, kept).band(np.array([share]), np.array([0]))
        for one in (found,)
        if one is not None
    ]

    # With nothing known of the others the tactic offers the best of the band.
    for band in bands:
        assert found is not None
        inside = found.outcomes[band.places[band.inside]]
        offer = trade_off(own, game.space, own.reservation + share * spread, [[]])
        assert offer in inside
        assert own.utility(offer) == pytest.approx(own.utilities[inside].max(), abs=1e-6)


def test_above_the_best_the_first_of_the_best_is_offered():
    game = listed({"A": [60, 20, 60], "B": [0, 0, 0]}, {"A": 20})
    space: OutcomeSpace = game.space

    band = stake_of_seat(base(game), game.preferences[0], np.arange(space.size)).band(
        np.array([1.1]), np.array([0])
    )

    assert band.places[band.inside].tolist() == [0]
