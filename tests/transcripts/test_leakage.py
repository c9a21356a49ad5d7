"""What public words give away of a private brief, and what only looks as if it did."""

import json
from typing import Any

import pytest

from games.review.leaks import Leak
from games.scenario import Scenario, load_scenario
from tests.delegates.sessions import mini, offer_of, view_at
from transcripts.leakage import RUN, Secrets, Tellable, Told, secrets_of

BRIEF = "Never let them see that the plant must open before the harvest, whatever they pay for it."
PUBLIC = "Everyone knows that the plant must open before the harvest comes in."


def briefed(**texts: str) -> Scenario:
    """Return the small game, the United States told this."""
    plainly: Any = json.loads(mini().canonical())
    plainly["parties"]["USA"] |= {"brief": BRIEF, "discount": 0.97}
    return Scenario.model_validate(plainly | texts)


def secrets(game: Scenario, party: str = "USA") -> Secrets:
    own = game.preferences[game.ids.index(party)]
    return secrets_of(game, game.protocol.rounds, game.parties[party], own)


GAME = briefed()
OFFER = offer_of(GAME, volume=3, price=20, rail="no rail").outcome
"""Worth 40 + 34 + 10 = 84 to the United States."""


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("We cannot go below 30 points.", [("reservation value", "30")]),
        ("That is 84 to us, no more.", [("utility", "84")]),
        ("We offer 3 t at 20 USD a tonne.", []),
        ("Our factor is 0.97 a round.", [("discount", "0.97")]),
        ("Rail costs us 34 points of our score.", [("points", "34")]),
    ],
)
def test_private_figures_are_told(words: str, figures: list[Any]) -> None:
    told = secrets(GAME).told(words, [OFFER])
    assert told == Told(tuple(Leak(*one) for one in figures), (), ())


@pytest.mark.parametrize(
    ("words", "quotations"),
    [
        ("The plant must open before the harvest!", ["the plant must open before the harvest"]),
        ("the plant must open before", []),
        (f"We say: {BRIEF}", [" ".join(BRIEF.replace(",", "").replace(".", "").lower().split())]),
        ("Whatever they pay for it, THE PLANT must open before the harvest. Good.", None),
        ("", []),
    ],
)
def test_runs_of_the_brief_are_told(words: str, quotations: list[str] | None) -> None:
    two = ["the plant must open before the harvest"]
    assert list(secrets(GAME).told(words, []).quotations) == (
        two if quotations is None else quotations
    )


def test_what_is_public_as_well_is_no_quotation() -> None:
    words = "the plant must open before the harvest"
    assert secrets(briefed(setting=PUBLIC)).told(words, []).quotations == ()
    assert len(words.split()) > RUN


def test_another_partys_brief_is_none_of_its_own() -> None:
    assert secrets(GAME, "COD").told(BRIEF, []).quotations == ()


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("We could take 77 t, in 3 parts.", ("77",)),
        ("We offer 4 t at 40 USD.", ()),
        ("In 2026 we did so.", ()),
        ("Nine of 9.", ()),
        ("That is worth 84.", ()),
    ],
)
def test_figures_that_nobody_gave_are_noted(words: str, unknown: tuple[str, ...]) -> None:
    assert secrets(GAME).told(words, [OFFER]).unknown == unknown


def test_what_could_be_told_is_what_is_not_public_as_well() -> None:
    # Points 0 25 40 50, 40 34 20 0, 10 0; reservation 30; discount .97; the offer's 84: ten
    # figures. Public are the options 1 to 4 and 10 to 40, rounds up to 12, and the date.
    assert secrets(GAME).tellable([OFFER]) == Tellable(private=10, tellable=5)


def test_the_bundled_scenario_has_figures_that_can_be_told() -> None:
    game = load_scenario("cobalt-offtake")
    for party in game.ids:
        private, tellable = secrets(game, party).tellable([])
        assert 10 < tellable < private


def test_a_seat_and_a_transcript_know_the_same_secrets() -> None:
    from delegates.voices.speech import secrets_of_seat

    seat, record = secrets_of_seat(view_at(GAME)), secrets(GAME)
    assert (seat.public, seat.points, seat.runs, seat.units) == (
        record.public,
        record.points,
        record.runs,
        record.units,
    )
