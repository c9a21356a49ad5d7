"""What a mind reads of a history."""

from dataclasses import replace

from delegates.minds.reading import Counterparts
from games.session import Accept, Offer, WalkAway
from tests.delegates.sessions import view_at
from tests.support.domains import listed

GAME = listed(
    {name: list(range(11)) for name in "ABC"},
    protocol={"opens": "fixed"},
    parties={"A": {"red_lines": [{"deal": "o9"}]}},
)
UNANIMOUS = listed({name: list(range(11)) for name in "ABC"}, protocol={"opens": "fixed"})


def heard(*moves: Offer | Accept | WalkAway) -> Counterparts:
    """Return what the party to move has heard."""
    return Counterparts.of(view_at(UNANIMOUS, moves))


def test_positions_begin_with_the_first_offer_and_end_with_what_was_accepted() -> None:
    # B accepts A's offer, then offers; C offers, then accepts B's offer.
    found = heard(Offer(8), Accept(), Offer(3), Offer(7), Offer(2), Accept())
    assert found.positions == {"B": [2], "C": [3, 2]}
    assert found.best == {"B": 2.0, "C": 3.0}


def test_acceptance_says_nothing_of_what_is_liked() -> None:
    found = heard(Offer(8), Accept(), Offer(3))
    assert found.tallies["B"].is_empty
    assert not found.tallies["C"].is_empty


def test_the_best_offer_is_one_it_may_sign() -> None:
    found = Counterparts.of(view_at(GAME, [Offer(8), Offer(9), Offer(4)]))
    assert found.best_offer == 4
    assert found.best == {"B": 9.0, "C": 4.0}


def test_who_leaves_stood_where_it_stood() -> None:
    game = listed(
        {name: list(range(11)) for name in "ABCD"},
        protocol={"opens": "fixed", "rounds": 9, "agreement": {"quorum": 0.7}},
    )
    moves = [Offer(8), Offer(1), Offer(2), Offer(3), WalkAway(), Accept(), Offer(5), WalkAway()]
    found = Counterparts.of(view_at(game, moves))
    assert found.party == "B"
    assert found.positions == {"A": [8], "C": [2, 5], "D": [3]}


def test_who_has_moved_is_known() -> None:
    assert not heard(Offer(1)).has_moved
    assert heard(Offer(1), Offer(2), Offer(3)).has_moved


def test_other_preferences_are_read_anew() -> None:
    view = view_at(UNANIMOUS, [Offer(1)])
    before = Counterparts.of(view)
    assert Counterparts.of(view, before) is before
    other = replace(view, own=view_at(UNANIMOUS.model_copy(), [Offer(1)]).own)
    assert Counterparts.of(other, before).own is other.own
