"""Ambiguous options: valued as each reads them, ruled on later, wider ZOPA and weaker ties.

The game by hand: one issue owed by the supplier S, plain options `low` and `high`, and the words
`fair share` that the buyer B reads as high and S as low. B: low 0, high 10, r 6. S: low 10, high
0, r 6. Neither plain option reaches both reservation values; read by each in its own way the words
are worth 10 to both.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.agreement import Agreement
from games.bargaining.quorum import zopa
from games.compliance.game import incentives, unmet_level
from games.compliance.rulings import after_rulings, reneging
from games.errors import ScenarioError
from games.lint.findings import lint
from games.parts.ambiguity import (
    OpenReading,
    Ruling,
    ambiguities,
    rulings,
    with_added,
    without_readings,
)
from games.scenario import Scenario, parse_scenario
from games.sensitivity import drawn, judged_numbers
from games.utility import signable_mask
from tests.support.domains import party, scenario
from tui.text.agreement import agreement_lines

WORDS = "fair share"


def expected_points(game: Scenario, outcome: int) -> dict[str, float]:
    """Return what an outcome is worth to each party on average once all of it is ruled on."""
    ruled = rulings(game, outcome)
    return {
        own.party: sum(chance * own.utility_in_force(stands) for chance, stands in ruled)
        for own in game.preferences
    }


def words(high: float = 1.0, low: float = 1.0, hazard: float = 0.25) -> dict[str, Any]:
    """Return the words as B and S read them, with the weights of either award."""
    return {
        "readings": {"B": "high", "S": "low"},
        "hazard": hazard,
        "arbitration": {"high": high, "low": low},
    }


def talks(ambiguous: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """Return the game by hand, with the ambiguous words or without them."""
    options = ["low", "high"] if ambiguous is None else ["low", "high", WORDS]
    issue: dict[str, Any] = {"label": "share", "obligor": "S", "options": options}
    if ambiguous is not None:
        issue["ambiguous"] = {WORDS: ambiguous}
    return scenario(
        {"share": issue},
        {
            "B": party({"share": {"low": 0, "high": 10}}, 6, name="The buyer"),
            "S": party({"share": {"low": 10, "high": 0}}, 6, name="The supplier", side="supplier"),
        },
        **more,
    )


# --- at signature


def test_at_signature_each_party_counts_with_its_own_reading() -> None:
    game = talks(words())
    assert [own.utilities.tolist() for own in game.preferences] == [[0, 10, 10], [10, 0, 10]]


def test_without_the_words_there_is_no_zopa_and_with_them_there_is() -> None:
    assert len(zopa(talks())) == 0
    assert zopa(talks(words())).tolist() == [2]


def test_words_that_all_read_alike_widen_nothing() -> None:
    alike = {**words(), "readings": {"B": "low", "S": "low"}}
    assert len(zopa(talks(alike))) == 0


def test_a_party_without_a_reading_counts_with_what_arbitration_lets_stand_on_average() -> None:
    unread = {**words(high=3.0, low=1.0), "readings": {"S": "low"}}
    game = talks(unread)
    assert game.preferences[0].utilities.tolist() == [0, 10, 7.5]
    assert game.preferences[1].utilities.tolist() == [10, 0, 10]


def test_points_stated_for_the_words_prevail_over_those_of_the_reading() -> None:
    values = json.loads(talks(words()).canonical())
    values["parties"]["B"]["points"]["share"][WORDS] = 4.5
    game = Scenario.model_validate(values)
    assert game.preferences[0].utility(2) == 4.5
    assert Scenario.model_validate_json(game.canonical()) == game


def test_a_link_goes_with_the_words_as_with_what_they_are_read_as() -> None:
    game = linked()
    along = [game.preferences[0].utility(index) for index in range(game.space.size)]
    # (low, high, words) × (rail, none): high with rail brings 3 more, and so do words read as high.
    assert along == [1, 0, 14, 10, 14, 10]
    assert [game.preferences[1].utility(index) for index in range(6)] == [10, 10, 0, 0, 10, 10]


def test_a_link_that_names_the_words_is_as_it_says() -> None:
    game = linked({"high": {"rail": 3}, WORDS: {"rail": -1}})
    assert [game.preferences[0].utility(index) for index in (2, 4)] == [14, 10]


def linked(points: dict[str, dict[str, float]] | None = None) -> Scenario:
    """Return the game with a railway that B likes best with a high share."""
    link = {"issues": ["share", "way"], "points": points or {"high": {"rail": 3}}}
    return scenario(
        {
            "share": {
                "label": "share",
                "options": ["low", "high", WORDS],
                "ambiguous": {WORDS: words()},
            },
            "way": ["rail", "none"],
        },
        {
            "B": party(
                {"share": {"low": 0, "high": 10}, "way": {"rail": 1, "none": 0}}, 6, links=[link]
            ),
            "S": party({"share": {"low": 10, "high": 0}, "way": {"rail": 0, "none": 0}}, 6),
        },
    )


def test_a_red_line_on_what_others_read_does_not_forbid_the_words() -> None:
    values = json.loads(talks(words()).canonical())
    values["parties"]["B"]["red_lines"] = [{"share": "low"}]
    game = Scenario.model_validate(values)
    mask = signable_mask(game, "B")
    assert mask is not None
    assert mask.tolist() == [False, True, True]


def test_a_red_line_may_name_the_words_themselves() -> None:
    values = json.loads(talks(words()).canonical())
    values["parties"]["B"]["red_lines"] = [{"share": WORDS}]
    mask = signable_mask(Scenario.model_validate(values), "B")
    assert mask is not None
    assert mask.tolist() == [True, True, False]


def test_who_reads_words_as_what_it_may_never_sign_is_told_so() -> None:
    values = json.loads(talks(words()).canonical())
    values["parties"]["B"]["red_lines"] = [{"share": "high"}]
    found = {one.where: one.what for one in lint(Scenario.model_validate(values))}
    assert "red line of its own" in found[f"issues.share.ambiguous.{WORDS}.readings.B"]


def test_words_that_nobody_can_read_differently_are_told() -> None:
    alike = {**words(), "readings": {"B": "low", "S": "low"}}
    assert "not ambiguous to anyone" in str(lint(talks(alike)))
    assert "not ambiguous to anyone" not in str(lint(talks(words())))


# --- files


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"readings": {"X": "low"}}, "readings: unknown 'X'"),
        ({"readings": {"B": "lower"}}, "readings.B: unknown 'lower'"),
        ({"readings": {"B": WORDS}}, f"readings.B: unknown {WORDS!r}"),
        ({"arbitration": {WORDS: 1.0}}, f"arbitration: unknown {WORDS!r}"),
        ({"arbitration": {"low": 0.0}}, "arbitration: all weights are 0"),
        ({"arbitration": {}}, "arbitration"),
        ({"hazard": 1.5}, "hazard"),
        ({"hazard": -0.1}, "hazard"),
    ],
)
def test_words_that_refer_to_nothing_are_refused(change: dict[str, Any], complaint: str) -> None:
    values = json.loads(talks(words()).canonical())
    values["issues"]["share"]["ambiguous"][WORDS].update(change)
    with pytest.raises(ScenarioError, match=complaint.replace("(", r"\(")):
        parse_scenario(json.dumps(values))


def test_an_option_that_does_not_exist_cannot_be_ambiguous() -> None:
    values = json.loads(talks(words()).canonical())
    values["issues"]["share"]["ambiguous"] = {"fair": words()}
    with pytest.raises(ScenarioError, match="ambiguous: unknown 'fair'"):
        parse_scenario(json.dumps(values))


def test_words_cannot_be_delivered() -> None:
    values = json.loads(talks(words()).canonical())
    values["issues"]["share"]["unmet"] = WORDS
    with pytest.raises(ScenarioError, match="words cannot be delivered"):
        parse_scenario(json.dumps(values))


def test_plain_options_without_points_are_still_refused() -> None:
    values = json.loads(talks(words()).canonical())
    del values["parties"]["B"]["points"]["share"]["high"]
    del values["parties"]["B"]["points"]["share"][WORDS]
    with pytest.raises(ScenarioError, match="the option 'high' has no points"):
        parse_scenario(json.dumps(values))


def test_numbers_may_be_read_into_words() -> None:
    text = """
minilateral: 1
id: tonnes
title: Tonnes
issues:
  share:
    label: share
    options: [3000, 5000, a fair share]
    ambiguous:
      a fair share: {readings: {B: 5000, S: 3000}, hazard: 0.2, arbitration: {3000: 1, 5000: 3}}
parties:
  B: {name: B, side: consumer, points: {share: {3000: 0, 5000: 8}}}
  S: {name: S, side: supplier, points: {share: {3000: 4, 5000: 0}}}
"""
    game = parse_scenario(text)
    assert [own.utility(2) for own in game.preferences] == [8, 4]
    assert expected_points(game, 2) == {"B": 6.0, "S": 1.0}


def test_points_that_follow_from_readings_can_be_left_out_again() -> None:
    game = linked()
    bare = without_readings(json.loads(game.model_dump_json(by_alias=True)))
    assert WORDS not in json.dumps(bare["parties"])
    assert Scenario.model_validate(bare) == game


def test_points_of_words_follow_the_reading_when_something_is_added_to_it() -> None:
    issue = talks(words()).issues["share"]
    before = {"low": 0.0, "high": 10.0, WORDS: 10.0}
    assert with_added(issue, "B", before, {"high": -4.0}) == {"low": 0, "high": 6, WORDS: 6}
    assert with_added(issue, "B", before, {WORDS: -1.0}) == {"low": 0, "high": 10, WORDS: 9}
    stated = {**before, WORDS: 7.0}
    assert with_added(issue, "B", stated, {"high": -4.0}) == {"low": 0, "high": 6, WORDS: 7}


# --- rulings


def test_what_is_open_in_an_outcome_is_told_with_its_awards() -> None:
    game = talks(words(high=3.0, low=1.0))
    assert ambiguities(game, 1) == ()
    assert ambiguities(game, 2) == (OpenReading(0, 2, 0.25, ((1, 0.75), (0, 0.25))),)


def test_every_combination_of_awards_has_its_chance() -> None:
    game = scenario(
        {
            name: {
                "label": name,
                "options": ["low", "high", WORDS],
                "ambiguous": {WORDS: {**words(high=3.0, low=1.0), "readings": {}}},
            }
            for name in ("one", "two")
        },
        {
            "B": party({name: {"low": 0, "high": 4} for name in ("one", "two")}),
            "S": party({name: {"low": 8, "high": 0} for name in ("one", "two")}),
        },
    )
    both = game.space.index({"one": WORDS, "two": WORDS})
    assert sorted(rulings(game, both)) == sorted(
        Ruling(chance, game.space.index({"one": one, "two": two}))
        for one, two, chance in (
            ("high", "high", 0.5625),
            ("high", "low", 0.1875),
            ("low", "high", 0.1875),
            ("low", "low", 0.0625),
        )
    )
    assert expected_points(game, both) == {"B": 6.0, "S": 4.0}


def test_an_outcome_without_words_stands_as_it_is() -> None:
    game = talks(words())
    assert rulings(game, 1) == (Ruling(1.0, 1),)
    assert expected_points(game, 1) == {"B": 10.0, "S": 0.0}


@given(st.lists(st.floats(0, 100), min_size=3, max_size=3).filter(lambda each: sum(each) > 0))
def test_only_the_proportions_of_the_weights_count(weights: list[float]) -> None:
    options = [f"o{k}" for k in range(3)]
    game = scenario(
        {
            "deal": {
                "label": "deal",
                "options": [*options, WORDS],
                "ambiguous": {
                    WORDS: {"hazard": 0.1, "arbitration": dict(zip(options, weights, strict=True))}
                },
            }
        },
        {
            name: party({"deal": {option: float(k) for k, option in enumerate(options)}})
            for name in ("A", "B")
        },
    )
    ruled = rulings(game, 3)
    assert sum(one.chance for one in ruled) == pytest.approx(1.0)
    mean = sum(k * weight for k, weight in enumerate(weights)) / sum(weights)
    assert expected_points(game, 3)["A"] == pytest.approx(mean)
    assert game.preferences[0].utility(3) == pytest.approx(mean)


# --- will it hold?


def test_who_reneges_delivers_a_plain_option() -> None:
    values = json.loads(talks(words()).canonical())
    values["parties"]["S"]["points"]["share"][WORDS] = 12
    game = Scenario.model_validate(values)
    assert unmet_level(game, 0) == 0


def paid() -> Scenario:
    """Return the game in which B owes a price as well: it costs B 4 and brings S 8."""
    return scenario(
        {
            "share": {
                "label": "share",
                "obligor": "S",
                "options": ["low", "high", WORDS],
                "ambiguous": {WORDS: words(high=3.0, low=1.0)},
            },
            "price": {"label": "price", "obligor": "B", "options": ["none", "paid"]},
        },
        {
            "B": party(
                {"share": {"low": 0, "high": 10}, "price": {"none": 4, "paid": 0}},
                6,
                name="The buyer",
            ),
            "S": party(
                {"share": {"low": 10, "high": 0}, "price": {"none": 0, "paid": 8}},
                6,
                name="The supplier",
                side="supplier",
            ),
        },
        commitments={"patience": 0.9},
    )


def test_after_a_ruling_against_its_reading_a_party_would_renege() -> None:
    """At signature B counts R = 10 − 4 and S R = 8 − 0, and each is patient enough.

    Ruled to be high the words cost S 10 for the 8 it is paid; ruled to be low they bring B nothing
    for the 4 it pays.
    """
    game = paid()
    signed = game.space.index({"share": WORDS, "price": "paid"})
    assert [incentives(game, signed, k).reward for k in (0, 1)] == [6, 8]
    assert reneging(game, signed) == ()
    high, low = after_rulings(game, signed)
    assert (high.chance, high.awards) == (0.75, {"share": "high"})
    assert (low.chance, low.awards) == (0.25, {"share": "low"})
    assert high.rewards == {"B": 6.0, "S": -2.0}
    assert low.rewards == {"B": -4.0, "S": 8.0}
    assert high.reneges == ("S",)
    assert low.reneges == ("B",)


def test_of_those_a_text_does_not_bind_no_ruling_says_anything() -> None:
    game = paid()
    signed = game.space.index({"share": WORDS, "price": "paid"})
    assert [one.reneges for one in after_rulings(game, signed, ("B",))] == [(), ("B",)]
    assert list(after_rulings(game, signed, ("B",))[0].rewards) == ["B"]
    assert Agreement(game, signed, ()).rulings == ()


def test_rulings_are_told_in_words_and_figures() -> None:
    game = paid()
    found = Agreement(game, game.space.index({"share": WORDS, "price": "paid"}))
    told = " ".join(" ".join(agreement_lines(found)).split())
    assert "“fair share” on share each reads in its own way" in told
    assert "The buyer: high" in told
    assert "a chance of 25% a year" in told
    assert "If arbitration awards high on share (75%), The supplier would renege" in told
    (high, _) = json.loads(json.dumps(found.as_json()["rulings"]))
    assert high["rewards"] == {"B": 6.0, "S": -2.0}
    assert "rulings" not in Agreement(game, 0).as_json()


def test_of_many_rulings_all_are_counted() -> None:
    names = [f"part{k}" for k in range(5)]
    options = ["low", "high", WORDS]
    issue = {"obligor": "S", "options": options, "ambiguous": {WORDS: words()}}
    game = scenario(
        {name: {"label": name, **issue} for name in names},
        {
            "B": party({name: {"low": 0, "high": 10} for name in names}, 6),
            "S": party({name: {"low": 10, "high": 0} for name in names}, 6, side="supplier"),
        },
    )
    found = Agreement(game, game.space.index(dict.fromkeys(names, WORDS)))
    assert len(found.rulings) == 16
    assert "Of 32 rulings these are the likeliest" in str(found.ruling_words)


# --- judged numbers


def test_hazard_and_weights_are_drawn_and_points_follow_their_readings() -> None:
    game = talks(words(high=3.0, low=1.0, hazard=0.9))
    assert judged_numbers(game, ["ambiguity"]) == (
        f"issues.share.ambiguous.{WORDS}.hazard",
        f"issues.share.ambiguous.{WORDS}.arbitration.high",
        f"issues.share.ambiguous.{WORDS}.arbitration.low",
    )
    assert f"parties.B.points.share.{WORDS}" not in judged_numbers(game, ["points"])
    for seed in range(20):
        changed = drawn(game, seed).scenario
        assert changed.issues["share"].ambiguous[WORDS].hazard <= 1
        points = changed.parties["B"].points["share"]
        assert points[WORDS] == points["high"]
