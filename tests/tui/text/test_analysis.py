"""The page of an analysis says in words what was found, and what was not computed."""

import pytest

from games.analysis import analyze
from games.scenario import Scenario, load_scenario
from tests.support.domains import listed, party, scenario
from tui.text.analysis import analysis_text
from tui.text.surroundings import surrounding_lines
from tui.text.wording import WIDTH


def page(game: Scenario, **how: int) -> str:
    """Return the page as one line, once it is seen to keep to the width."""
    text = analysis_text(analyze(game, **how))  # pyright: ignore[reportArgumentType]
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    return " ".join(text.split())


def test_an_empty_zopa_is_said_in_words() -> None:
    text = page(listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}))

    assert "2 outcomes, none acceptable to all parties: the ZOPA is empty." in text
    assert "As listed: no agreement." in text


def test_a_party_that_cannot_gain_is_named() -> None:
    game = listed({"A": [5, 5], "B": [1, 2]}, {"A": 5}, {"A": {"name": "Atlantis"}})

    assert "Atlantis cannot gain; Nash and Kalai–Smorodinsky ignore it." in page(game)


def test_a_quorum_shows_what_can_pass_and_that_the_core_is_empty() -> None:
    text = page(
        listed(
            {"A": [3, 2, 1], "B": [1, 3, 2], "C": [2, 1, 3]},
            {"A": 2, "B": 2, "C": 2},
            protocol={"agreement": {"quorum": 0.6}},
        )
    )

    assert "3 can pass with a winning coalition." in text
    assert "The core is empty: whatever passes, some winning coalition prefers another" in text
    assert "Not computed: with a quorum" in text


def test_a_core_that_no_coalition_would_leave_is_counted() -> None:
    text = page(
        listed(
            {"A": [0, 3, 1], "B": [0, 3, 2], "C": [0, 1, 3]},
            {"A": 1, "B": 1, "C": 1},
            protocol={"agreement": {"quorum": 0.6}},
        )
    )

    assert "1 of these in the core: no winning coalition prefers another outcome." in text


def test_perfect_play_shows_three_orders_and_the_worth_of_the_last_word() -> None:
    lines = analysis_text(
        analyze(
            listed({"A": [10, 6, 0], "B": [0, 6, 10]}, protocol={"rounds": 1, "opens": "fixed"})
        )
    ).splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("Perfect play"))

    assert " ".join(lines[start + 1].split()) == (
        "order of moves as listed reversed by lot last word"
    )
    assert lines[start + 2].split()[-4:] == ["10.0", "0.0", "5.0", "10.0"]
    assert lines[start + 3].split()[-4:] == ["0.0", "10.0", "5.0", "10.0"]
    assert lines[start + 4].startswith("  As listed: A party proposes and all accept in round 1:")


def test_ties_and_an_uncertain_end_are_mentioned() -> None:
    game = listed({"A": [5, 5, 1], "B": [3, 3, 9]}, protocol={"rounds": 1, "opens": "fixed"})

    assert "2 offers are as good to it and the next mover." in page(game)


def test_many_parties_see_a_ranking_in_place_of_the_frontier() -> None:
    options = {f"i{k}": [f"o{j}" for j in range(10)] for k in range(5)}
    options["extra"] = ["x", "y"]
    game = scenario(
        options,
        {
            f"P{p}": party(
                {
                    name: {text: float((p * 7 + k * 3) % 11) for k, text in enumerate(texts)}
                    for name, texts in options.items()
                }
            )
            | {"name": f"The Democratic Republic of Number {p}"}
            for p in range(11)
        },
        protocol={"rounds": 1},
    )
    text = page(game)

    assert "Pareto frontier not computed: with 11 parties nearly all of 200,000" in text
    assert "First under Nash welfare (with so many parties the frontier tells little) 1. " in text
    assert "By lot: in expectation; who opens is drawn anew each round, the others" in text
    assert "The Democratic Republic…" in text


def test_a_sample_is_flagged_before_anything_else() -> None:
    options = {f"i{k}": [f"o{j}" for j in range(100)] for k in range(5)}
    rising = {name: {t: float(j) for j, t in enumerate(ts)} for name, ts in options.items()}
    falling = {name: {t: -float(j) for j, t in enumerate(ts)} for name, ts in options.items()}
    text = page(scenario(options, {"A": party(rising), "B": party(falling, -400.0)}), sample=500)

    assert "A random sample of 500 of 10,000,000,000 outcomes (seed 0): all that follows" in text
    assert "Core not computed on a sample" in text
    assert "Not computed on a sample: an outcome that was not drawn could change it." in text


@pytest.mark.parametrize(("outcomes", "said"), [(10, False), (1000, True)])
def test_tables_are_mentioned_where_they_are_large(
    outcomes: int, said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.text.analysis._LARGE", 16_000)
    game = listed({"A": [float(k) for k in range(outcomes)], "B": [1.0] * outcomes})

    assert ("The tables of all utilities take 0 MB of memory." in page(game)) is said


def test_theory_is_said_to_keep_within_the_mandates_at_the_outset() -> None:
    text = page(
        listed(
            {"A": [1, 2, 3], "B": [3, 2, 1]},
            {"A": 1, "B": 1},
            mandates={"B": {"limits": {"deal": ["o0"]}}},
        )
    )

    assert (
        "All that follows is within the mandates as they are at the outset (without them the ZOPA "
        "is 100.0%); later instructions and grants are not counted."
    ) in text


def test_the_zero_of_the_compliance_game_is_said_under_its_table() -> None:
    game = load_scenario("cobalt-offtake")

    assert "counted from what both reneging delivers; fines and collapse come off" in page(game)


def test_without_a_bloc_the_page_goes_on_to_what_follows_a_signature() -> None:
    game = scenario(
        {"deal": {"label": "deal", "options": ["o0", "o1", "o2"], "obligor": "B"}},
        {
            "A": party({"deal": {"o0": 0, "o1": 3, "o2": 4}}),
            "B": party({"deal": {"o0": 4, "o1": 3, "o2": 0}}, side="processor"),
        },
    )
    text = page(game)

    assert "Will it hold?" in text
    assert "Left out: the games between consumers and suppliers: those of stances and of" in text


def test_a_long_title_is_wrapped_and_underlined_as_wide_as_the_page() -> None:
    game = listed({"A": [5, 5], "B": [1, 2]})

    page(game.model_copy(update={"title": "A very long title " * 40}))


def test_alternatives_without_a_market_are_told_by_what_they_are_worth() -> None:
    alternatives = [{"name": "wait", "points": 2}, {"name": "go", "points": 1}]
    game = listed({"A": [5, 5], "B": [1, 2]}, {"A": 2}, {"A": {"alternatives": alternatives}})

    _, _, intro, *rows = surrounding_lines(game, None)

    assert intro == "What no agreement is worth to each, by the best it can do elsewhere:"
    assert [row.split() for row in rows[:2]] == [
        ["worth", "best", "now"],
        ["A", "party", "2.0", "wait"],
    ]
