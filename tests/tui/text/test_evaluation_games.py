"""Which games are part of the answer, and what is said where none is."""

from dataclasses import replace
from fractions import Fraction

from delegates.evaluation.judging.found import EmpiricalGame, Found
from tests.tui import evaluations as made
from tui.text.evaluation import evaluation_lines, mixture_words
from tui.text.evaluation_words import NO_GAME, answer, answering, scope_title, stable_words


def among(*games: EmpiricalGame, scenarios: int = 6) -> Found:
    found = made.found()
    standings = tuple(
        replace(one, advantage=replace(one.advantage, scenarios=scenarios))
        for one in found.standings
    )
    titles = {f"s{number}": "" for number in range(scenarios)}
    return replace(found, games=games, standings=standings, titles=titles)


def test_a_pooled_game_is_part_of_the_answer() -> None:
    pooled, single = made.game(scope="pooled"), made.game(scope="s0")
    found = among(pooled, single)

    assert answering(found) == [pooled]
    assert set(stable_words(pooled)) <= set(answer(found))


def test_the_game_of_the_only_scenario_is_part_of_the_answer() -> None:
    single = made.game(scope="s0")

    assert answering(among(single, scenarios=1)) == [single]


def test_one_scenarios_game_is_no_answer_for_several() -> None:
    found = among(made.game(scope="s0"))
    told = answer(found)

    assert answering(found) == []
    assert not any(one in told for one in stable_words(found.games[0]))
    assert told[-1] == (
        "Of 6 scenarios only s0 has a game between strategies, told below; what is stable there "
        "says nothing of the others."
    )
    # It is still told in full, under its own name.
    page = " ".join(" ".join(evaluation_lines(found)).split())
    assert stable_words(found.games[0])[0] in page


def test_without_a_pooled_game_it_is_said_that_it_is_missing_and_why() -> None:
    told = answer(among(made.game(scope="s0"), made.game(scope="s1")))

    assert told[-1] == (
        "There is no game over all scenarios, as no two strategies a side all met in every one; 2 "
        "have a game of their own, told below."
    )


def test_both_halves_are_told_each_under_its_name() -> None:
    halves = [made.game(scope="pooled", half=half) for half in ("consumers", "suppliers")]
    found = among(*halves)
    told = answer(found)
    page = " ".join(" ".join(evaluation_lines(found)).split())

    for game, side in zip(halves, ("consumers", "suppliers"), strict=True):
        title = scope_title(found, game)
        assert title.endswith(f"({side} under test)")
        assert f"{title}: {stable_words(game)[0]}" in told
        assert page.count(title) == 2


def test_an_evaluation_without_games_says_what_one_takes() -> None:
    page = " ".join(" ".join(evaluation_lines(among())).split())

    assert NO_GAME in page


def test_probabilities_are_in_per_cent_and_none_of_a_mixture_is_all_or_nothing() -> None:
    third, rare = Fraction(1, 3), Fraction(6, 10_000)

    assert mixture_words(("a", "b"), (third, 1 - third)) == "a 33 % or b 67 %"
    assert mixture_words(("a", "b"), (rare, 1 - rare)) == "a 0.06 % or b 99.94 %"
    assert mixture_words(("a", "b"), (Fraction(0), Fraction(1))) == "b"
