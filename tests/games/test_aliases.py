"""Under aliases a game is the same and nobody in it is called by a real name."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.aliases import NAMES, Aliases, aliased
from games.analysis import analyze
from games.bargaining.solutions import bargain
from games.errors import ScenarioError
from games.lint.findings import lint
from games.scenario import Scenario, bundled_scenarios, load_scenario
from tests.support.domains import listed, party, scenario, scenarios


def figures(value: object) -> list[object]:
    """Return all figures of a JSON value, in its order."""
    if isinstance(value, dict):
        return [one for inner in value.values() for one in figures(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in figures(inner)]
    return [value] if isinstance(value, bool | int | float) or value is None else []


def called(game: Scenario) -> set[str]:
    """Return every name, id and other word by which a scenario's players are called."""
    words = set(game.ids)
    for one in game.parties.values():
        words |= {one.name, *one.also}
    for outsider in (game.market, game.outside):
        if outsider is not None:
            words |= {getattr(outsider, "name", "") or getattr(outsider, "supplier", "")}
            words |= set(outsider.also)
    return {word for word in words if len(word) > 1}


def left(text: str, words: set[str]) -> list[str]:
    """Return the words that stand in a text."""
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


@pytest.mark.parametrize("name", bundled_scenarios())
def test_nobody_is_called_by_a_real_name_in_an_aliased_scenario(name):
    game = load_scenario(name)
    neutral, _ = aliased(game)

    assert left(neutral.canonical(), called(game)) == []
    assert '"also":' not in neutral.canonical()


@pytest.mark.parametrize("name", bundled_scenarios())
def test_nothing_is_worth_mending_that_was_not_before(name):
    assert lint(aliased(load_scenario(name))[0]) == ()


def test_the_figures_of_an_analysis_stay_the_same():
    game = load_scenario("first-table")

    assert figures(analyze(aliased(game)[0]).as_json()) == figures(analyze(game).as_json())


@pytest.mark.parametrize("name", bundled_scenarios())
def test_what_can_be_agreed_and_its_solutions_stay_the_same(name):
    game = load_scenario(name)
    before, after = bargain(game), bargain(aliased(game)[0])

    assert np.array_equal(before.zopa, after.zopa)
    assert np.array_equal(before.passing, after.passing)
    assert np.array_equal(before.best, after.best)
    assert {key: list(one) for key, one in before.solutions.items()} == {
        key: list(one) for key, one in after.solutions.items()
    }


@settings(max_examples=25, deadline=None)
@given(scenarios(), st.integers(0, 1000) | st.none())
def test_the_figures_of_any_analysis_stay_the_same(game: Scenario, seed: int | None):
    neutral, known = aliased(game, seed)

    assert figures(analyze(neutral).as_json()) == figures(analyze(game).as_json())
    assert neutral.ids == tuple(known.id_of(party) for party in game.ids)
    assert not set(neutral.ids) & set(game.ids)


def test_every_key_by_which_a_party_is_named_is_renamed():
    game = load_scenario("ministerial")
    neutral, known = aliased(game)
    before, after = (json.loads(one.canonical()) for one in (game, neutral))

    for place in ("trust", "seats"):
        assert list(after[place]) == [known.id_of(party) for party in before[place]]
    assert after["fund"]["members"] == [known.id_of(one) for one in before["fund"]["members"]]
    assert neutral.protocol.chair == known.id_of(str(game.protocol.chair))
    assert neutral.seats.values() != {}
    assert list(neutral.seats.values()) == list(game.seats.values())


def small(**more):
    """Return a game between Utopia (UTO) and Erewhon (ERE), which host one or the other."""
    points = {"host": {"UTO": 1, "Erewhonian soil": 0}, "sum": {"5": 0, "10": 3}}
    return scenario(
        {
            "host": {
                "label": "host of Erewhon's works",
                "options": ["UTO", "Erewhonian soil"],
                "obligor": "ERE",
                "unmet": "Erewhonian soil",
                "excludes": {"UTO": {"sum": ["10"]}},
            },
            "sum": {"label": "sum", "options": [5, 10], "obligor": "UTO", "source": "uto-2024"},
        },
        {
            "UTO": party(
                points,
                name="Utopia",
                also=["Utopian"],
                brief="The Utopia of old; a Utopian, an ERE man, UTOPIA. Utopias stay.",
                red_lines=[{"host": "Erewhonian soil", "sum": "10"}],
                links=[{"issues": ["host", "sum"], "points": {"UTO": {"5": 2}}}],
            ),
            "ERE": party(points, name="Erewhon", also=["Erewhonian", "the isle"]),
        },
        sources=[{"id": "uto-2024", "title": "The Utopian Gazette"}],
        **more,
    )


def test_texts_options_and_keys_are_rewritten_alike():
    neutral, known = aliased(small())
    host = neutral.issues["host"]

    assert [one.alias for one in known.known] == ["Zorvane", "Kelmarra"]
    assert host.label == "host of Kelmarra's works"
    assert host.options == ("ZOR", "Kelmarra soil")
    assert (host.obligor, host.unmet) == ("KEL", "Kelmarra soil")
    assert host.excludes == {"ZOR": {"sum": ("10",)}}
    assert neutral.issues["sum"].source == (neutral.sources[0].id,) == ("zor-2024",)
    assert neutral.parties["ZOR"].points["host"] == {"ZOR": 1, "Kelmarra soil": 0}
    assert neutral.parties["ZOR"].links[0].points == {"ZOR": {"5": 2}}
    assert neutral.parties["ZOR"].red_lines == ({"host": "Kelmarra soil", "sum": "10"},)
    assert neutral.sources[0].title == "The Zorvane Gazette"


def test_articles_fit_and_only_whole_words_are_rewritten():
    neutral, _ = aliased(small())

    assert neutral.parties["ZOR"].brief == (
        "Zorvane of old; a Zorvane, a KEL man, Zorvane. Utopias stay."
    )


def test_words_that_begin_with_an_article_are_rewritten_at_the_beginning_of_a_sentence():
    neutral, _ = aliased(small(setting="The isle trades. So does the isle."))

    assert neutral.setting == "Kelmarra trades. So does Kelmarra."


def test_the_dominant_supplier_and_the_one_outside_have_aliases_too():
    game = small(
        setting="Laputa sells to Balnibarbi; Laputan ships.",
        market={"supplier": "Laputa", "also": ["Laputan"], "share": 0.5},
        outside={"name": "Balnibarbi"},
    )
    neutral, known = aliased(game)

    assert neutral.setting == "Tavorin sells to Quilora; Tavorin ships."
    assert [one.id for one in known.known] == ["UTO", "ERE", "", ""]
    assert "TAV Tavorin is Laputa, outside" in known.line()


def test_a_supplier_that_sits_at_the_table_has_one_alias():
    game = small(market={"supplier": "Utopia", "share": 0.5})
    neutral, known = aliased(game)

    assert neutral.market is not None
    assert neutral.market.supplier == "Zorvane"
    assert len(known.known) == 2


def test_the_id_says_that_names_are_aliases_and_names_nobody():
    assert aliased(load_scenario("greenland-linkage"))[0].id == "kelmarra-linkage-aliased"
    long = small().model_copy(update={"id": "a" * 40})
    assert aliased(long)[0].id == f"{'a' * 32}-aliased"


def test_who_is_who_is_told_in_one_line():
    assert aliased(small())[1].line() == (
        "Aliases, told to you and to no delegate: ZOR Zorvane is Utopia (UTO), KEL Kelmarra is "
        "Erewhon (ERE)."
    )


def test_a_party_is_found_by_its_id_or_its_alias():
    known = aliased(small())[1]

    assert [known.id_of(name) for name in ("UTO", "ZOR", "nobody")] == ["ZOR", "ZOR", "nobody"]


def test_a_name_that_stands_in_the_scenario_is_given_to_nobody():
    game = small(setting="Beyond Zorvane lies the sea.")

    assert [one.alias for one in aliased(game)[1].known] == ["Kelmarra", "Tavorin"]


def test_a_seed_draws_the_names_and_the_same_seed_the_same():
    drawn = {aliased(small(), seed)[1].known for seed in range(8)}

    assert len(drawn) > 1
    assert aliased(small(), 3) == aliased(small(), 3)


def test_two_hundred_parties_and_two_suppliers_have_different_aliases():
    many = listed(
        {f"P{number}": [0, 1] for number in range(200)},
        parties={f"P{number}": {"name": f"Land {number}"} for number in range(200)},
        market={"supplier": "Laputa", "share": 0.5},
        outside={"name": "Balnibarbi"},
    )
    neutral, known = aliased(many)

    assert len({one.alias for one in known.known}) == 202
    assert len({one.alias_id for one in known.known}) == 202
    assert len(neutral.ids) == 200


def test_options_that_could_not_be_told_apart_are_refused_in_one_line():
    points = {"host": {"Utopia": 1, "Utopian": 0}}
    game = scenario(
        {"host": ["Utopia", "Utopian"]},
        {
            "UTO": party(points, name="Utopia", also=["Utopian"]),
            "ERE": party(points, name="Erewhon"),
        },
    )

    with pytest.raises(ScenarioError, match=r"^test: under aliases: "):
        aliased(game)


def test_neutral_names_are_many_different_and_no_known_countrys():
    ids = [name[:3].upper() for name in NAMES]
    real = {party for name in bundled_scenarios() for party in load_scenario(name).ids}

    assert len(NAMES) >= 60
    assert len(set(ids)) == len(NAMES)
    assert not set(ids) & real
    assert all(re.fullmatch(r"[A-Z][a-z]{4,8}", name) for name in NAMES)


def test_aliases_of_nobody_are_an_empty_list():
    assert Aliases(known=()).id_of("USA") == "USA"
