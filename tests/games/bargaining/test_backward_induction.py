"""Backward induction: the literature's pies, and every offer and answer tried where lots decide."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.bargaining.backward_induction import GRAIN, Order, Talks, solve
from games.bargaining.perfect_play import pie_share

# --- the pie


@pytest.mark.parametrize(
    ("discounts", "share"),
    [
        ((0.9, 0.9), 0.526316),
        ((0.95, 0.9), 0.689655),
        ((0.9, 0.95), 0.344828),
        ((0.99, 0.99), 0.502513),
        ((0.5, 0.5), 0.666667),
    ],
)
def test_the_first_proposer_has_rubinsteins_share_of_an_endless_pie(discounts, share):
    patience, other = discounts

    assert share == pytest.approx((1 - other) / (1 - patience * other), abs=5e-7)
    # Each answer is rounded up to a whole part: at most 1/(1 − δ1 δ2) parts in the end.
    parts = 1 + 1 / (1 - patience * other)
    assert pie_share(discounts, 1501) == pytest.approx(share, abs=parts / 1e4)


@pytest.mark.parametrize(
    ("offers", "share"), [(1, 1.0), (2, 0.1), (3, 0.91), (10, 0.342801), (50, 0.523603)]
)
def test_the_first_proposers_share_depends_on_how_many_offers_can_be_answered(offers, share):
    assert pie_share((0.9, 0.9), offers) == pytest.approx(share, abs=6.3e-4)
    assert pie_share((0.9, 0.9), offers, parts=10**6) == pytest.approx(share, abs=6.3e-6)


def test_the_last_to_be_answered_takes_the_whole_pie():
    assert pie_share((0.9, 0.9), 1, parts=10) == 1.0
    assert pie_share((0.5, 0.5), 2, parts=10) == 0.5


def test_the_share_of_a_pie_draws_near_its_limit_from_both_sides():
    shares = [pie_share((0.9, 0.9), offers) - 0.526316 for offers in range(1, 12)]

    assert all(one * other < 0 and abs(other) < abs(one) for one, other in pairwise(shares))


# --- by hand


def plain_talks(worth: list[list[float]], rounds: list[list[Order]], endings: list[float]) -> Talks:
    """Return talks in which delay costs nothing but the risk that they end."""
    return Talks(
        worth=np.array(worth),
        idle=np.zeros(len(worth)),
        factors=np.ones(len(worth)),
        rounds=rounds,
        endings=endings,
    )


def test_an_offer_is_as_likely_as_the_lots_that_have_it_answered():
    # B offers; if the talks go on (.8) and A moves next (.5), A accepts; else B speaks alone.
    (found,) = solve(plain_talks([[1.0], [0.6]], [[(1,)], [(0,), (1,)]], [0.0, 0.2]))

    assert (found.outcome, found.turn, found.ties) == (0, 0, 1)
    assert found.chance == pytest.approx(0.4)
    assert found.gains / GRAIN == pytest.approx([0.4, 0.24])


def test_a_tie_at_the_end_of_a_round_favours_who_opens_the_next():
    worth = [[0.5, 0.5], [0.2, 0.4], [0.9, 0.1]]
    (found,) = solve(plain_talks(worth, [[(0,)], [(1, 2)]], [0.0, 0.0]))

    assert (found.outcome, found.ties) == (1, 1)


def test_who_speaks_twice_in_a_row_favours_the_other_in_a_tie():
    talks = plain_talks([[0.2, 0.4], [0.5, 0.5]], [[(1,)], [(1, 0)]], [0.0, 0.0])
    (found,) = solve(replace(talks, factors=np.array([0.9, 0.9])))

    assert (found.outcome, found.turn, found.ties) == (1, 0, 1)


def test_what_is_offered_in_a_later_round_is_told_where_the_first_can_only_wait():
    # A alone speaks in the first round, and nothing is worth anything to it.
    (found,) = solve(plain_talks([[0.0], [1.0]], [[(0,)], [(1, 0)]], [0.0, 0.0]))

    assert (found.outcome, found.turn, found.chance) == (0, 1, 1.0)


# --- lots and an uncertain end


def solve_lots(talks: Talks) -> list[tuple[int, ...]]:
    """Try every offer and answer from every position, lots and an uncertain end included."""
    everyone = frozenset(range(len(talks.worth)))
    nothing = (0,) * len(everyone)
    starts = [0]
    for orders in talks.rounds:
        starts.append(starts[-1] + len(orders[0]))

    def agreed(outcome: int, turn: int) -> tuple[int, ...]:
        return tuple(
            int(talks.gains(party, turn, np.array([outcome]))[0]) for party in sorted(everyone)
        )

    @cache
    def lots(round_: int, offer: tuple[int, int] | None, stood: frozenset[int]) -> tuple[int, ...]:
        if round_ == len(talks.rounds):
            return nothing
        chance = (1 - talks.endings[round_]) / len(talks.rounds[round_])
        values = [value(round_, order, 0, offer, stood) for order in talks.rounds[round_]]
        return tuple(round(round(sum(chance * v[p] for v in values), 3)) for p in sorted(everyone))

    def after(
        round_: int, order: Order, place: int, offer: tuple[int, int] | None, stood: frozenset[int]
    ) -> tuple[int, ...]:
        if offer is not None and stood == everyone:
            return agreed(*offer)
        if place + 1 == len(order):
            return lots(round_ + 1, offer, stood)
        return value(round_, order, place + 1, offer, stood)

    @cache
    def value(
        round_: int, order: Order, place: int, offer: tuple[int, int] | None, stood: frozenset[int]
    ) -> tuple[int, ...]:
        mover = order[place]
        turn = starts[round_] + place
        own = waiting = after(round_, order, place, None, frozenset())
        coming = [
            *order[place:],
            *(talks.rounds[round_ + 1][0] if round_ + 1 < len(talks.rounds) else ()),
        ]
        following = next((party for party in coming if party != mover), mover)
        tried = [
            after(round_, order, place, (outcome, turn), frozenset({mover}))
            for outcome in range(talks.worth.shape[1])
        ]
        better = [one for one in tried if one[mover] > waiting[mover]]
        own = max(better, key=lambda one: (one[mover], one[following]), default=own)
        if offer is None:
            return own
        stands = after(round_, order, place, offer, stood | {mover})
        return stands if stands[mover] >= max(0, own[mover]) else own

    return [value(0, order, 0, None, frozenset()) for order in talks.rounds[0]]


@st.composite
def talks_with_lots(draw: st.DrawFn) -> Talks:
    parties = draw(st.integers(2, 3))
    outcomes = draw(st.integers(1, 5))
    rounds = draw(st.integers(1, 4 if parties == 2 else 3))
    worth = draw(
        st.lists(
            st.lists(
                st.sampled_from([0.0, 0.25, 0.5, 0.6, 1.0]), min_size=outcomes, max_size=outcomes
            ),
            min_size=parties,
            max_size=parties,
        )
    )
    listed_orders: list[Order] = [
        tuple((first + k) % parties for k in range(parties)) for first in range(parties)
    ]
    orders = [
        draw(st.sampled_from([listed_orders, listed_orders[:1], listed_orders[1:2]]))
        for _ in range(rounds)
    ]
    return Talks(
        worth=np.array(worth),
        idle=np.zeros(parties),
        factors=np.array(
            draw(st.lists(st.sampled_from([1.0, 0.9, 0.5]), min_size=parties, max_size=parties))
        ),
        rounds=orders,
        endings=[0.0, *(draw(st.sampled_from([0.0, 0.25])) for _ in range(rounds - 1))],
    )


@settings(max_examples=200, deadline=None)
@given(talks_with_lots())
def test_lots_and_an_uncertain_end_equal_the_solution_of_the_game_tree(talks):
    found = [tuple(int(gain) for gain in prospect.gains) for prospect in solve(talks)]

    assert found == solve_lots(talks)


def drawn_talks(seed: int) -> Talks:
    """Draw talks of several rounds with several outcomes, in every second of which worths tie."""
    lots = np.random.default_rng(seed)
    parties, outcomes = int(lots.integers(2, 4)), int(lots.integers(3, 6))
    listed_orders: list[Order] = [
        tuple((first + k) % parties for k in range(parties)) for first in range(parties)
    ]
    choices = [listed_orders, listed_orders, listed_orders[:1], listed_orders[1:2]]
    rounds = int(lots.integers(2, 5 if parties == 2 else 4))
    size = (parties, outcomes)
    return Talks(
        worth=lots.random(size) if seed % 2 else lots.choice([0.0, 0.25, 0.5, 0.6, 1.0], size),
        idle=lots.choice([0.0, 0.0, 0.3], parties),
        factors=lots.choice([1.0, 0.95, 0.8], parties),
        rounds=[choices[lots.integers(4)] for _ in range(rounds)],
        endings=[0.0, *lots.choice([0.0, 0.1, 0.25], rounds - 1).tolist()],
    )


def test_two_hundred_talks_drawn_by_lot_equal_the_solution_of_the_game_tree():
    for seed in range(200):
        talks = drawn_talks(seed)

        found = [tuple(int(gain) for gain in prospect.gains) for prospect in solve(talks)]

        assert found == solve_lots(talks), f"seed {seed}"
