"""What is left open at signature is kept less: the more, the sooner it is disputed and lost.

B wants a high share and ore, S owes both; B owes a price. B reads `fair share` as high, S as low:

- as signed and ruled low, all are patient enough at .9: S has R = 8 − 2, T = 8; B has R = 16 − 4 as
  it reads the words and R = 6 − 4, T = 6 as they are ruled low, so δ* = .67;
- ruled high the share costs S 10 more than it is paid: R = 8 − 12, and it breaks its word at once.
"""

from typing import Any

import pytest

from games.bargaining.quorum import zopa
from games.compliance.rulings import after_rulings, reneging
from games.implementation.outlook import Outlook, outlook
from games.scenario import Scenario
from tests.games.parts.test_ambiguity import WORDS, words
from tests.support.domains import party, scenario

YEARS, PATHS = 10, 4000


def years_after(high: float, low: float, hazard: float) -> Scenario:
    """Return the game, disputed at a hazard and decided by weights."""
    return scenario(
        {
            "share": {
                "label": "share",
                "obligor": "S",
                "options": ["low", "high", WORDS],
                "ambiguous": {WORDS: words(high, low, hazard)},
            },
            "ore": {"label": "ore", "obligor": "S", "options": ["none", "some"]},
            "price": {"label": "price", "obligor": "B", "options": ["none", "paid"]},
        },
        {
            "B": party(
                {
                    "share": {"low": 0, "high": 10},
                    "ore": {"none": 0, "some": 6},
                    "price": {"none": 4, "paid": 0},
                },
                11,
                name="The buyer",
            ),
            "S": party(
                {
                    "share": {"low": 10, "high": 0},
                    "ore": {"none": 2, "some": 0},
                    "price": {"none": 0, "paid": 8},
                },
                11,
                name="The supplier",
                side="supplier",
            ),
        },
        commitments={"patience": 0.9},
        implementation={
            "years": YEARS,
            "volume": 100,
            "price": {"spot": 100, "volatility": 0.2},
        },
    )


def seen(game: Scenario, share: str = WORDS, **more: Any) -> Outlook:
    """Return what becomes of the deal in which the share is settled so."""
    deal = game.space.index({"share": share, "ore": "some", "price": "paid"})
    found = outlook(game, deal, paths=PATHS, **more)
    assert found is not None
    return found


def test_the_game_by_hand_is_kept_as_signed_and_broken_by_whoever_a_ruling_goes_against() -> None:
    game = years_after(1, 1, 0.25)
    deal = game.space.index({"share": WORDS, "ore": "some", "price": "paid"})
    assert reneging(game, deal) == ()
    high, low = sorted(after_rulings(game, deal), key=lambda one: one.awards["share"])
    assert (high.reneges, low.reneges) == (("S",), ())
    assert (high.rewards, low.rewards) == ({"B": 12, "S": -4}, {"B": 2, "S": 6})


def test_the_words_widen_what_can_be_agreed_and_are_kept_less_than_plain_ones() -> None:
    game = years_after(1, 1, 0.25)
    assert {game.space.outcome(int(one))["share"] for one in zopa(game)} == {WORDS}
    assert seen(game).kept.mean < seen(game, "low").kept.mean == 1.0


def test_without_a_hazard_nothing_changes() -> None:
    calm = seen(years_after(1, 1, 0.0))
    assert calm.kept.mean == 1.0
    assert calm.breaks == {"B": 0.0, "S": 0.0}
    assert calm.delivered == seen(years_after(1, 1, 0.0), "low").delivered


@pytest.mark.parametrize("high", [0.25, 0.5, 1.0])
def test_commitments_kept_fall_as_the_hazard_rises(high: float) -> None:
    found = [seen(years_after(high, 1 - high, hazard)) for hazard in (0, 0.05, 0.2, 0.5, 1)]
    kept = [one.kept.mean for one in found]
    assert kept == sorted(kept, reverse=True)
    assert len(set(kept)) == len(kept)
    broken = [one.breaks["S"] for one in found]
    assert broken == sorted(broken)
    assert all(one.breaks["B"] == 0 for one in found)


def test_commitments_kept_fall_as_arbitration_goes_against_the_obligor() -> None:
    found = [seen(years_after(high, 1 - high, 0.2)) for high in (0, 0.25, 0.5, 0.75, 1)]
    kept = [one.kept.mean for one in found]
    assert kept[0] == 1.0
    assert kept == sorted(kept, reverse=True)
    assert len(set(kept)) == len(kept)


@pytest.mark.parametrize(("hazard", "high"), [(0.2, 0.5), (0.05, 1.0), (0.5, 0.25)])
def test_the_simulation_breaks_as_often_as_the_closed_form_says(hazard: float, high: float) -> None:
    """S breaks its word in time with (1 − (1 − h)^Y) · w."""
    expected = (1 - (1 - hazard) ** YEARS) * high
    error = (expected * (1 - expected) / PATHS) ** 0.5
    found = seen(years_after(high, 1 - high, hazard))
    assert abs(found.breaks["S"] - expected) < 4 * error
    disputed = 1 - (1 - hazard) ** YEARS
    error = (disputed * (1 - disputed) / PATHS) ** 0.5
    assert abs(found.disputes["share"] - disputed) < 4 * error
