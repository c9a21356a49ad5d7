"""Counterparts drawn: the prior by its definition, the posterior by importance sampling."""

import numpy as np
import pytest

from games.outcomes import OutcomeSpace
from games.review.counterparts import (
    LADDER,
    NOISE,
    RESERVATIONS,
    Profiles,
    Sight,
    generator,
    marks,
    posterior,
    prior,
    sights,
)
from games.session import Offer
from games.tactics.aspirations import STANCES, stance_aspirations
from games.tactics.offers import BAND
from tests.games.review.sessions import ACCEPT, WALK, acts, halves, offers
from tests.support.domains import listed

SPACE = OutcomeSpace(("price", "law"), ((1, 2, 3), ("soft", "hard")))
SEEN = [Sight(1, 4, "offered"), Sight(3, 1, "refused"), Sight(3, 5, "offered")]
ROUNDS = 4


def test_marks_say_which_options_an_outcome_holds():
    assert marks(SPACE, np.array([0, 3])).tolist() == [[1, 0, 0, 1, 0], [0, 1, 0, 0, 1]]


def test_a_drawn_counterpart_values_outcomes_from_0_to_1():
    drawn = prior(SPACE, 500, generator(1, "test"))

    worth = drawn.points @ marks(SPACE, np.arange(6)).T

    assert worth.min(axis=1) == pytest.approx(np.zeros(500))
    assert worth.max(axis=1) == pytest.approx(np.ones(500))
    assert RESERVATIONS[0] <= drawn.reservations.min() < 0.05
    assert 0.55 < drawn.reservations.max() <= RESERVATIONS[1]
    assert set(drawn.stances.tolist()) == {0, 1, 2, 3}


def test_half_of_the_issues_are_in_order():
    drawn = prior(OutcomeSpace(("deal",), (tuple("abcdefgh"),)), 2000, generator(1, "test"))

    steps = np.sign(np.diff(drawn.points, axis=1)).sum(axis=1)

    assert (steps == 7).mean() == pytest.approx(0.25, abs=0.03)
    assert (steps == -7).mean() == pytest.approx(0.25, abs=0.03)


def test_an_issue_with_one_option_is_worth_its_weight_to_all():
    drawn = prior(OutcomeSpace(("only",), (("x",),)), 9, generator(1, "test"))

    assert drawn.points.tolist() == [[1.0]] * 9


def test_sights_are_offers_and_answers_to_the_offers_of_others():
    made = acts(halves(rounds=3), [*offers(2, 0, 1, 1), Offer(2), ACCEPT])

    assert sights(made, 1) == [
        Sight(1, 2, "refused"),
        Sight(1, 0, "offered"),
        Sight(3, 1, "refused"),
        Sight(3, 1, "offered"),
        Sight(5, 2, "accepted"),
    ]


def test_standing_by_ones_own_offer_and_walking_away_say_nothing():
    made = acts(halves(rounds=3, opens="alternate"), [*offers(2, 0), ACCEPT, WALK])

    assert [act.mover for act in made] == [0, 1, 1, 0]
    assert [sight.kind for sight in sights(made, 1)] == ["refused", "offered"]
    assert [sight.kind for sight in sights(made, 0)] == ["offered"]


def plain_log_likelihood(drawn: Profiles) -> np.ndarray:
    """Return how well profiles explain what was seen, one by one and from the definition."""
    space, found = drawn.space, []
    worths = drawn.points @ marks(space, np.arange(space.size)).T
    for worth, r, stance in zip(worths, drawn.reservations, drawn.stances, strict=True):
        shares = stance_aspirations([*STANCES.values()][stance], 0, 1, ROUNDS)
        total = 0.0
        for sight in SEEN:
            a, here = r + (1 - r) * shares[sight.turn // 2], worth[sight.outcome]
            above = worth[worth >= a - 1e-9]
            nearest = above.min() if len(above) else worth.max()
            least, most = min(a, nearest), max(a + BAND, nearest)
            offered = sight.kind == "offered"
            miss = max(here - (most if offered else least), 0) + offered * max(least - here, 0)
            total -= (miss / NOISE) ** 2 / 2
        found.append(total)
    return np.array(found)


def summary(drawn: Profiles, weights: np.ndarray) -> np.ndarray:
    """Return means: worth of every outcome, reservation value, each stance."""
    columns = [
        drawn.points @ marks(drawn.space, np.arange(drawn.space.size)).T,
        drawn.reservations[:, None],
        np.eye(4)[drawn.stances],
    ]
    return weights @ np.concatenate(columns, axis=1)


def test_the_posterior_agrees_with_importance_sampling_from_the_prior():
    broad = prior(SPACE, 20_000, generator(2, "test"))
    weights = np.exp(plain_log_likelihood(broad))
    expected = summary(broad, weights / weights.sum())

    drawn = posterior(SPACE, ROUNDS, 2, SEEN, 3000, generator(3, "test"))

    # Effective sizes are about 1000 and 3000, standard deviations at most .5.
    assert weights.sum() ** 2 / (weights**2).sum() > 700
    assert summary(drawn, np.full(3000, 1 / 3000)) == pytest.approx(expected, abs=0.05)
    assert summary(broad, np.full(20_000, 1 / 20_000)) != pytest.approx(expected, abs=0.15)


def test_before_anything_is_seen_the_posterior_is_the_prior():
    drawn = posterior(SPACE, ROUNDS, 2, [], 5, generator(4, "test"))

    assert drawn.points.tolist() == prior(SPACE, 5, generator(4, "test")).points.tolist()


def test_in_a_large_space_what_a_counterpart_opens_with_is_worth_nearly_all_to_it():
    space = OutcomeSpace(tuple("abcd"), (tuple("01234"),) * 4)
    assert space.size > LADDER

    drawn = posterior(space, 10, 2, [Sight(1, 7, "offered")], 300, generator(5, "test"))

    worth = drawn.points @ marks(space, np.array([7]))[0]
    assert worth.min() > 0.8
    assert worth.mean() > 0.93


def test_one_seed_draws_the_same_counterparts_and_another_seed_others():
    game = listed({"A": [0, 1, 2], "B": [2, 1, 0]})

    one, same, other = (
        posterior(game.space, 4, 2, [Sight(1, 2, "offered")], 64, generator(seed, "x")).points
        for seed in (1, 1, 2)
    )

    assert one.tolist() == same.tolist()
    assert one.tolist() != other.tolist()
