"""What mandates leave to be agreed at the outset, beside what would be open without them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from games.bargaining.quorum import zopa
from games.outset import (
    barring,
    beyond_mandates,
    limiting,
    mandates_words,
    open_without_limits,
    outside_words,
)
from games.parts.mandates import Mandate
from games.sampling import sampled
from games.scenario import Scenario
from tests.support.domains import listed, scenarios


def limited() -> Scenario:
    # Worth r or more to both: o0 … o3. B may sign o0 and o1 alone, and never o3.
    return listed(
        {"A": [1, 2, 3, 9], "B": [4, 3, 2, 1]},
        {"A": 1, "B": 1},
        {"B": {"red_lines": [{"deal": "o3"}]}},
        mandates={"B": {"limits": {"deal": ["o0", "o1", "o3"]}}, "A": {"requests": 1}},
    )


def test_who_is_limited_and_by_what() -> None:
    game = limited()

    assert limiting(game) == ("B",)
    assert barring(game, "deal", "o2") == ("B",)
    assert barring(game, "deal", "o1") == ()


def test_what_would_be_open_without_limits_keeps_red_lines() -> None:
    game = limited()

    assert zopa(game).tolist() == [0, 1]
    wider = open_without_limits(game)
    assert wider is not None
    assert wider.tolist() == [0, 1, 2]
    assert [beyond_mandates(game, outcome) for outcome in range(4)] == [(), (), ("B",), ()]
    assert mandates_words(game) == (
        "within the mandates as they are at the outset (without them the ZOPA is 75.0%); later "
        "instructions and grants are not counted"
    )


def test_why_an_outcome_is_outside_the_zopa() -> None:
    game = limited()

    assert outside_words(game, 2) == (
        "It is worth no less than no agreement to anyone, but beyond the mandate of A party."
    )
    assert outside_words(game, 3) == (
        "To a side it is worth less than no agreement, or crosses its red line."
    )


def test_of_a_sample_it_is_not_said_how_wide_the_zopa_would_be() -> None:
    few = sampled(limited(), 3, 0)

    assert open_without_limits(few) is None
    assert mandates_words(few) == (
        "within the mandates as they are at the outset; later instructions and grants are not "
        "counted"
    )


def test_limits_that_rule_nothing_out_narrow_nothing() -> None:
    game = listed({"A": [0, 1], "B": [1, 0]}, mandates={"A": {"limits": {"deal": ["o0", "o1"]}}})

    assert limiting(game) == ()
    assert open_without_limits(game) is None
    assert mandates_words(game) is None


@settings(max_examples=40)
@given(scenarios(parties=(2, 3)), st.data())
def test_limits_only_ever_narrow_the_zopa(game: Scenario, data: st.DataObject) -> None:
    issue = data.draw(st.sampled_from(list(game.issues)))
    texts = game.issues[issue].texts
    kept = data.draw(st.lists(st.sampled_from(texts), min_size=1, unique=True))
    mandates = {game.ids[0]: Mandate.model_validate({"limits": {issue: kept}})}
    game = game.model_copy(update={"mandates": mandates})
    wider = open_without_limits(game)

    if wider is not None:
        assert np.isin(zopa(game), wider).all()
