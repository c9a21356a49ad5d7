"""The terminal's report: no mean without interval and n, eighty columns, safe with any name."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.evaluation.judging.found import Estimate, Found
from tests.tui import evaluations as made
from tui.text.evaluation import brief_words, evaluation_lines
from tui.text.evaluation_figures import (
    cloud_cells,
    curve_intervals_told,
    curve_lines,
    game_grid,
    interval_lines,
    numbered_grid,
    pairing_lines,
    pairings_words,
    sign_against,
    strategies_paired,
)
from tui.text.evaluation_words import (
    FIRST_MEASURES,
    answer,
    difference_cells,
    ended_cells,
    in_short,
    interval,
    measured,
    name,
    p_value,
    played,
    scope_title,
    share,
    signed,
    stable_words,
)

GOLDEN = Path(__file__).parents[1] / "data" / "evaluation.txt"
MEAN = re.compile(r"−?\d+\.\d \[(–|−?\d+\.\d, −?\d+\.\d)\]")


def told(found: Found) -> str:
    return "\n".join(evaluation_lines(found)) + "\n"


def test_the_report_of_fixed_findings_is_as_kept() -> None:
    assert told(made.found()) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("half", [0.06, None])
def test_no_line_is_wider_than_a_terminal(half: float | None) -> None:
    lines = evaluation_lines(made.found(half=half))

    assert max(map(len, lines)) <= 80
    assert not any("\n" in line for line in lines)


@pytest.mark.parametrize("half", [0.06, None])
def test_every_measure_has_its_interval_and_n(half: float | None) -> None:
    found = made.found(half=half)

    for cells in (measured(found, FIRST_MEASURES), difference_cells(found)):
        assert cells.head[-1] == "n"
        assert all(row[-1].isdigit() for row in cells.rows)
    for line in told(found).split("PAIRED")[0].splitlines():
        if line.startswith(tuple(made.STRATEGIES)) and "[" in line:
            means = re.findall(r"−?\d+\.\d(?= \[)", line)
            assert len(means) == len(MEAN.findall(line)) >= 2
            assert line.endswith(" 240")


def test_without_intervals_it_is_said_why() -> None:
    text = told(made.found(half=None))
    few = replace(
        made.found(), standings=tuple(_on(one, 3) for one in made.found(half=None).standings)
    )

    assert "95 % interval 5" not in text
    joined = " ".join(told(few).split())
    assert "[–]: no interval: fewer than 5 scenarios." in joined
    assert "With fewer than 5 scenarios there is no interval and no test" in joined


def _on(standing, scenarios: int):
    names = ("advantage", "payoff", "agreed", "pareto", "nash", "joint", "product", "rounds")
    return replace(
        standing,
        **{name: replace(getattr(standing, name), scenarios=scenarios) for name in names},
    )


def test_a_grid_without_intervals_says_why_and_has_no_sign_of_them() -> None:
    few = tuple(
        replace(one, advantage=made.estimate(0.3, None, sessions=6, scenarios=1))
        for one in made.found().pairings
    )

    assert "; 6 sessions a cell; no interval: fewer than 5 scenarios." in pairings_words(
        replace(made.found(), pairings=few)
    )
    assert "[–]" not in pairings_words(replace(made.found(), pairings=few))
    mixed = (made.found().pairings[0], *few[1:])
    assert "[–]: no interval: fewer than 5 scenarios." in pairings_words(
        replace(made.found(), pairings=mixed)
    )
    assert "[–]" not in pairings_words(made.found())


def test_figures_of_two_parties_say_of_how_many_scenarios_they_are() -> None:
    titles = {f"s{k}": f"Title {k}" for k in range(5)}
    some, whole = (replace(made.found(), titles=titles, pairs=pairs) for pairs in (3, 5))

    text = " ".join(told(some).split())
    count = len(some.clouds)
    assert "120 sessions a cell. Two-party scenarios alone: 3 of 5." in text
    assert f"Two-party scenarios alone in which somebody can gain: {count} of 5." in text
    assert "Two-party scenarios alone:" not in told(whole)


def test_signs_are_explained_where_they_stand() -> None:
    (one, *_) = made.found().pairings
    alone = replace(made.found(), pairings=(replace(one, strategy="a", against="b"),))

    assert "▲" not in pairings_words(alone)
    assert "▲" in pairings_words(made.found())


def test_a_demand_without_interval_is_explained_where_it_is_written() -> None:
    (first, *rest) = made.found().curves
    known = first.intervals
    some = (replace(first, intervals=(*known[:-1], None)), *rest)

    assert any(known)
    assert "[–]" in curve_intervals_told(some, is_written=True)
    assert "[–]" not in curve_intervals_told(some)
    assert "[–]" not in curve_intervals_told(
        (replace(first, demands=(0.4,) * 11, intervals=((0.3, 0.5),) * 11),), is_written=True
    )


def test_columns_of_pairs_stand_in_the_order_of_rows() -> None:
    names = ("a", "b", "c")
    pairings = tuple(
        replace(made.found().pairings[0], strategy=own, against=other)
        for own in names
        for other in (*names, "only-met")
        if own != other
    )

    assert strategies_paired(pairings) == (["a", "b", "c"], ["a", "b", "c", "only-met"])


def test_where_nobody_can_gain_the_answer_says_so() -> None:
    said = "In apart nobody can gain by an outcome that all would accept."
    unmeant = tuple(
        replace(one, advantage=made.estimate(None, scenarios=0)) for one in made.found().standings
    )
    found = replace(made.found(), undefined=(said,), caveats=(said,), games=())

    assert said in answer(found)
    assert f"! {said}" in told(found)
    # Too few scenarios are not the reason there.
    assert answer(replace(found, standings=unmeant)) == [said]
    # Nothing is drawn of what is not defined.
    nothing = replace(
        found,
        standings=unmeant,
        pairings=tuple(replace(one, advantage=made.estimate(None)) for one in found.pairings),
        curves=tuple(replace(one, demands=(None,) * 11) for one in found.curves),
    )
    assert "WHO GAINED WHAT" not in told(nothing)
    assert "WHAT THEY ASKED FOR" not in told(nothing)


def test_every_game_has_its_scenarios_title() -> None:
    found = replace(made.found(), titles={"three": "Three at a table"})

    assert scope_title(found, made.game("three")) == "three: Three at a table"


def test_a_strategy_is_not_explained_by_its_own_name() -> None:
    first, *rest = made.found().standings
    found = replace(made.found(), standings=(replace(first, strategy="b2", spec="firm"), *rest))

    assert "\n  b2: firm\n" in told(found)


def test_where_all_scenarios_are_alike_that_is_why_there_is_no_interval() -> None:
    (first, *rest) = made.found().standings
    alike = replace(first, advantage=replace(first.advantage, low=None, high=None))

    text = " ".join(told(replace(made.found(), standings=(alike, *rest))).split())

    assert "no interval: all scenarios came to the same" in text
    assert "With fewer than 5 scenarios" not in text


def test_the_answer_names_the_leader_with_interval_and_n() -> None:
    first, second, *_ = answer(made.found())

    assert first == (
        "boulware leads: it gained 56.2 % of what there was to gain (95 % interval 50.2 to 62.3; "
        "n = 240 on 6 scenarios)."
    )
    assert second == (
        "Paired in the same places, it gained more than tit-for-tat, linear and conceder (p at "
        "most .024, adjusted for all comparisons)."
    )


def test_the_answer_claims_no_more_than_was_told_apart() -> None:
    found = made.found()
    unsure = tuple(replace(one, p_holm=0.051) for one in found.differences)
    lost = tuple(
        replace(one, p_holm=0.0001, advantage=made.estimate(-0.1))
        if one.second == "linear"
        else replace(one, p_holm=0.2)
        for one in found.differences
    )

    assert not any("Paired" in one for one in answer(replace(found, differences=unsure)))
    assert (
        "it gained less than linear (p below .001, adjusted for all comparisons)."
        in answer(replace(found, differences=lost))[1]
    )


def test_in_short_nobody_leads_more_than_was_told_apart() -> None:
    found = made.found()
    lead = answer(found)[0]
    unsure = tuple(
        replace(one, p_holm=0.051) if one.second == "linear" else one for one in found.differences
    )

    assert in_short(found) == lead
    assert in_short(replace(found, differences=unsure)) == (
        f"{lead} It can be told apart from only 2 of the 3 others (paired differences, Holm)."
    )
    nobody = tuple(replace(one, p_holm=0.051) for one in found.differences)
    assert in_short(replace(found, differences=nobody)) == (
        f"{lead} It can be told apart from none of the 3 others (paired differences, Holm)."
    )
    alone = tuple(one for one in unsure if "linear" in (one.first, one.second))[:1]
    assert in_short(replace(found, differences=alone)) == (
        f"{lead} It cannot be told apart from the other (paired differences, Holm)."
    )
    assert in_short(made.found(half=None)) == answer(made.found(half=None))[0]


@pytest.mark.parametrize(
    ("cost", "said"), [(0.0, "No cost."), (None, "Cost not known."), (0.648, "0.6480 USD.")]
)
def test_what_it_cost_ends_what_was_played(cost: float | None, said: str) -> None:
    assert played(made.found(cost_usd=cost)).endswith(said)


def test_strategies_that_tie_lead_together() -> None:
    found = made.found()
    first = found.standings[0]
    tied = (first, replace(first, strategy="linear"))

    assert answer(replace(found, standings=tied))[0].startswith(
        "boulware and linear lead together: each gained 56.2 %"
    )
    assert answer(replace(found, standings=(first,)))[0].startswith("boulware gained 56.2 %")


def test_the_answer_says_what_is_stable_and_what_that_leaves_to_earn() -> None:
    game = made.game(
        words=("Only one.", "Against the population that it predicts, none earns more.", "More.")
    )

    assert stable_words(game) == [
        "Only one.",
        "Against the population that it predicts, none earns more.",
    ]
    assert answer(made.found(games=(game,)))[-2:] == stable_words(game)
    text = told(made.found(games=(game,)))
    assert text.count("Only one.") == 1
    assert text.count("- More.") == 1


def test_nothing_found_is_said_in_words() -> None:
    empty = made.found(
        standings=(), differences=(), pairings=(), namings=(), curves=(), clouds=(), games=()
    )

    assert "No session was counted: there is nothing to compare." in told(empty)
    assert "LEADERBOARD" not in told(empty)


def test_what_a_terminal_would_act_on_is_not_in_it() -> None:
    names = (made.HOSTILE, *made.STRATEGIES[1:])
    found = made.found(
        names,
        title=made.HOSTILE * 30,
        question=made.HOSTILE,
        methods=made.HOSTILE,
        notes=(made.HOSTILE,),
        clouds=(made.cloud(made.HOSTILE, made.HOSTILE),),
        games=(made.game(made.HOSTILE, names, words=(made.HOSTILE,)),),
    )

    lines = evaluation_lines(found)

    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) <= 80


def test_of_a_long_name_the_middle_is_left_out() -> None:
    assert name("firm(demand=0.40,e=4)", 17) == "firm(dem….40,e=4)"
    assert name("linear", 17) == "linear"
    long = "llm:some-model-of-a-size@its-endpoint"
    standings = tuple(
        replace(one, strategy=long, spec=long) if not k else one
        for k, one in enumerate(made.found().standings)
    )
    text = told(made.found(standings=standings))
    assert f"llm:some…endpoint: {long}\n" in text


@given(st.text(), st.integers(3, 40))
def test_a_shortened_name_is_as_short_as_was_asked(text: str, longest: int) -> None:
    assert 1 <= len(name(text, longest)) <= longest


def test_classes_of_ends_are_columns_of_their_own_and_failures_never_vanish() -> None:
    found = made.found()
    ended = {"agreement": 3, "provider": 2, "refused": 1, "fallback": 1}
    standings = (replace(found.standings[0], ended=ended, left_out=2), *found.standings[1:])

    cells = ended_cells(replace(found, standings=standings))

    assert cells.head == (
        "strategy",
        "agreement",
        "no agreement",
        "timeout",
        "provider",
        "refused",
        "fallback",
        "left out",
    )
    assert cells.rows[0] == ("boulware", "3", "0", "0", "2", "1", "1", "2")


def test_costs_are_told_only_where_models_were_asked() -> None:
    found = made.found()
    paid = replace(
        found.standings[0],
        calls_a_session=12.5,
        tokens_a_session=4200.0,
        cost_usd=1.25,
        cost_per_point=0.0023,
    )
    unknown = replace(found.standings[1], calls_a_session=3.0, cost_usd=None)

    assert "WHAT MODELS USED" not in told(found)
    text = told(replace(found, standings=(paid, unknown)))
    assert "WHAT MODELS USED" in text
    assert re.search(r"boulware +12\.5 +4,200 +1\.2500 +0\.00230 +240\n", text)
    assert re.search(r"tit-for-tat +3\.0 +0 +not known +– +240\n", text)


def test_intervals_are_drawn_where_their_figures_are() -> None:
    standings = made.found().standings

    scale, *bars = interval_lines(standings)

    assert scale.split() == ["0", "%", "35", "%", "70", "%"]
    assert len(bars) == len(standings)
    room = 80 - 19
    for bar, one in zip(bars, standings, strict=True):
        drawn = bar[19:]
        for sign, value in (
            ("├", one.advantage.low),
            ("●", one.advantage.mean),
            ("┤", one.advantage.high),
        ):
            assert drawn.index(sign) == round((value or 0) / 0.7 * (room - 1))


def test_signs_tell_who_gained_more_and_agree_from_both_sides() -> None:
    known = {(one.strategy, one.against): one for one in made.found().pairings}

    for (own, other), one in known.items():
        signs = sign_against(one, known) + sign_against(known[other, own], known)
        assert signs in ("▲▼", "▼▲", "==", "")
        assert (signs == "") == (own == other)


def test_a_grid_gives_up_decimals_before_it_gives_up() -> None:
    names = [f"strategy{k}" for k in range(6)]
    payoffs = [[(0.1234, 0.5678)] * 6] * 6
    game = made.game(names=names, payoffs=payoffs, near=())

    grid = game_grid(game)

    assert any("12 | 57" in line for line in grid)
    assert max(map(len, grid)) <= 80
    assert game_grid(game, 40) == []
    assert any("12.3 | 56.8" in line for line in game_grid(game, 120))


def test_columns_whose_names_do_not_fit_go_by_numbers_that_rows_have_too() -> None:
    rows, columns = ["boulware", "firm(demand=0.40)"], ["firm(demand=0.40)", "boulware", "linear"]

    grid = numbered_grid(rows, columns, [[("1 | 2",)] * 3] * 2, 46)

    assert grid == [
        "                        1      2      3",
        "2 boulware          1 | 2  1 | 2  1 | 2",
        "1 firm(d…nd=0.40)   1 | 2  1 | 2  1 | 2",
        "3: linear",
    ]


def test_pairs_that_do_not_fit_are_said_to_be_elsewhere() -> None:
    pairings = made.found().pairings
    many = tuple(
        replace(one, strategy=f"{one.strategy}{k}", against=f"{one.against}{k}")
        for one in pairings
        for k in range(4)
    )

    assert pairing_lines(many) == []
    assert "(64 pairs do not fit here; the report has them.)" in told(made.found(pairings=many))


def test_unequal_cells_each_say_their_n() -> None:
    game = made.game()
    counts = game.counts.copy()
    counts[0, 0] = 7

    text = "\n".join(game_grid(replace(game, counts=counts)))

    assert "n 7 " in text
    assert "n 60" in text
    assert "n 60" not in "\n".join(game_grid(game))


def test_a_game_without_chance_has_no_errors_to_tell() -> None:
    game = made.game(errors=np.zeros((4, 4, 2)))

    assert "±" not in "\n".join(game_grid(game))
    assert "without chance, so without error" in " ".join(told(made.found(games=(game,))).split())


def test_errors_that_are_not_known_are_said_to_be_so() -> None:
    game = made.game(errors=None, epsilon=None)

    assert "±" not in "\n".join(game_grid(game))
    assert "errors not known" in " ".join(told(made.found(games=(game,))).split())


def test_outcomes_on_the_frontier_are_counted_by_sessions() -> None:
    cloud = replace(
        made.cloud(), frontier=((0.5, 0.8), (0.7, 0.6)), agreed=((0.5, 0.8, 3), (0.4, 0.4, 9))
    )

    assert cloud_cells([cloud]).rows == (("first-table", "12", "24", "2", "3"),)


def test_a_strategy_that_made_no_offer_is_told_so() -> None:
    silent = replace(made.found().curves[0], demands=(None,) * 11)

    assert curve_lines([silent]) == ["boulware           made no offer"]


def test_a_game_in_brief_names_its_equilibria_and_k() -> None:
    assert brief_words(made.found(), made.duel()) == (
        "first-table: A first table. boulware / boulware; tit-for-tat / tit-for-tat and 1 more. "
        "k* 62.0 %."
    )


@pytest.mark.parametrize(
    ("p", "said"),
    [(None, "–"), (0.0004, "<.001"), (0.0312, ".031"), (0.5, ".500"), (1.0, "1.000")],
)
def test_p_values_are_written_as_papers_do(p: float | None, said: str) -> None:
    assert p_value(p) == said


@pytest.mark.parametrize(
    ("value", "said"), [(-0.00001, "0.0"), (0.0, "0.0"), (-0.123, "−12.3"), (1.2, "120.0")]
)
def test_nought_has_no_sign_and_minus_is_a_minus(value: float, said: str) -> None:
    assert share(value) == said
    assert signed(value * 100, 1) == said


def test_a_mean_of_nothing_is_a_dash() -> None:
    assert interval(Estimate(mean=None, low=None, high=None, sessions=0, scenarios=0)) == "–"
    assert share(None) == "–"
