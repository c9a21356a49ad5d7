"""Private numbers in words, found and not found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.review.leaks import (
    Leak,
    PrivateNumbers,
    leaks,
    private_numbers,
    public_numbers,
)
from games.scenario import load_scenario
from tests.games.review.sessions import trade
from tests.support.domains import listed

PRIVATE = PrivateNumbers(
    reservation=42.0, discount=0.97, utilities=(63.5,), points=frozenset({0.0, 6.0, 11.0})
)
PUBLIC = frozenset({5.0, 10.0, 3600.0, 25.0, *map(float, range(13))})


@pytest.mark.parametrize(
    ("words", "secret", "text"),
    [
        ("We cannot go below 42.", "reservation value", "42"),
        ("Our floor is 42.0, no less!", "reservation value", "42.0"),
        ("That gives us only 63.5.", "utility", "63.5"),
        ("This would be worth 64 to us", "utility", "64"),
        ("Refining is 6 points to us.", "points", "6"),
        ("Every round costs us: our factor is 0.97.", "discount", "0.97"),
        ("Every round costs us: our factor is .97 already.", "discount", ".97"),
        ("We discount by 97 % a round.", "discount", "97"),
        ("Our reservation is 42", "reservation value", "42"),
    ],
)
def test_a_private_number_said_aloud_is_a_leak(words, secret, text):
    assert leaks(words, PRIVATE, PUBLIC) == (Leak(secret, text),)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "We offer 3,600 M USD over 10 years.",
        "A share of 42 % is refined at home.",
        "That is 42 million, or $42 a head, within 42 days.",
        "It was 42nd on the list and route 42k.",
        "On 6 issues out of 11 we have moved.",
        "The year 1942 and 142 tonnes, 42,000 in all, at 4.2.",
        "Not 42.7 but less.",
        "We refine 97 % of it.",
        "In 0.97% of cases.",
    ],
)
def test_other_numbers_are_not(words):
    assert leaks(words, PRIVATE, PUBLIC) == ()


def test_a_public_number_is_a_leak_only_where_points_are_spoken_of():
    private = PrivateNumbers(reservation=25.0, discount=1.0, utilities=(), points=frozenset())

    assert leaks("We can do 25 for refining. Our points are ours.", private, PUBLIC) == ()
    assert leaks("We need 25 points.", private, PUBLIC) == (Leak("reservation value", "25"),)


@pytest.mark.parametrize("number", ["1", "1.0", "100 %"])
def test_not_to_discount_at_all_is_no_number_to_hide(number):
    private = PrivateNumbers(reservation=42.0, discount=1.0, utilities=(), points=frozenset())

    assert leaks(f"Our discount is {number}.", private, frozenset()) == ()


def test_units_of_the_issues_make_a_quantity():
    assert leaks("we ship 42 Co", PRIVATE, PUBLIC, frozenset({"co"})) == ()


def test_several_leaks_are_listed_in_the_order_said():
    found = leaks("Below 42 we walk away; this is 63.5.", PRIVATE, PUBLIC)

    assert [leak.secret for leak in found] == ["reservation value", "utility"]


@given(st.text(max_size=80))
def test_any_words_can_be_searched(words):
    found = leaks(words, PRIVATE, PUBLIC)

    assert all(leak.text in words for leak in found)


def test_the_private_numbers_of_a_party_are_its_own():
    game = listed({"A": [0, 7, 31], "B": [9, 5, 0]}, {"A": 4, "B": 2}, {"A": {"discount": 0.9}})

    private = private_numbers(game, 0, [2])

    assert (private.reservation, private.discount, private.utilities) == (4, 0.9, (31,))
    assert private.points == {0, 7, 31}


def test_options_setting_and_rounds_are_public():
    game = trade(rounds=7)
    public = public_numbers(game.model_copy(update={"setting": "In 2025 some 96,600 t at 24.5."}))

    assert {0, 1, 2, 3, 7, 2025, 96600, 24.5} <= public
    assert 61 not in public


def test_what_the_bundled_scenario_says_in_public_leaks_nothing():
    game = load_scenario("cobalt-offtake")
    units = frozenset(word.lower() for one in game.issues.values() for word in one.unit.split())
    words = " ".join([game.setting, *(party.interests for party in game.parties.values())])

    for position in range(2):
        assert leaks(words, private_numbers(game, position), public_numbers(game), units) == ()
