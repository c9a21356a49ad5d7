"""Bars of intervals, windows of a grid, differences turned round, cells in words."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.evaluation.judging.found import Difference, Estimate, Pairing
from tests.tui.evaluations import HOSTILE, STRATEGIES, estimate, found, game, progress, standing
from tui.library import PlanCard, ScenarioCard
from tui.widgets.cards import card_content
from tui.widgets.cell_grid import _window, column_widths
from tui.widgets.empirical_lines import cell_lines, game_lines, is_best
from tui.widgets.evaluation_words import answer_lines, duration, progress_lines
from tui.widgets.interval_bar import Scale, interval_bar, scale_of
from tui.widgets.standing_lines import (
    MEASURES,
    difference_lines,
    ended_words,
    pair_lines,
    ranked,
    standing_lines,
    turned,
)


def test_a_bar_has_its_ends_and_its_mean_where_they_belong() -> None:
    scale = Scale(low=0.0, high=1.0)
    assert interval_bar(estimate(0.5, 0.2), scale, 10) == "   ├─●─┤  "
    assert interval_bar(estimate(0.5, None), scale, 10) == "     ●    "
    assert interval_bar(estimate(None), scale, 10) == " " * 10


def test_a_scale_below_nought_marks_nought() -> None:
    scale = scale_of([estimate(-0.5, 0.5), estimate(0.4, 0.1)])
    assert (scale.low, scale.high) == (-1.0, 1.0)
    assert interval_bar(estimate(0.5, None), scale, 20) == " " * 10 + "┊" + " " * 4 + "●" + " " * 4


@given(
    st.floats(-5, 5), st.floats(0, 5), st.integers(1, 90), st.lists(st.floats(-5, 5), max_size=5)
)
def test_a_bar_is_as_wide_as_it_is_told_and_has_one_mean(
    mean: float, half: float, width: int, others: list[float]
) -> None:
    one = estimate(mean, half)
    scale = scale_of([one, *(estimate(other, None) for other in others)])
    drawn = interval_bar(one, scale, width)
    assert len(drawn) == width
    assert drawn.count("●") == 1


@given(st.integers(0, 30), st.integers(1, 40), st.integers(1, 40), st.data())
def test_a_window_holds_the_chosen_one_and_stays_within(
    start: int, most: int, count: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.integers(0, count - 1))
    seen = _window(range(start, start + most), chosen, most, count)
    assert chosen in seen
    assert seen.start >= 0
    assert seen.stop <= count
    assert len(seen) == min(most, count)


def test_a_window_moves_no_farther_than_it_must() -> None:
    assert _window(range(2, 6), 4, 4, 10) == range(2, 6)
    assert _window(range(2, 6), 6, 4, 10) == range(3, 7)
    assert _window(range(2, 6), 1, 4, 10) == range(1, 5)


def test_standings_are_ranked_by_a_measure_those_without_last() -> None:
    low, high = standing("low", 0.2), standing("high", 0.6)
    none = standing("none", 0.4, advantage=estimate(None))
    assert [one.strategy for one in ranked([low, none, high], "advantage")] == [
        "high",
        "low",
        "none",
    ]
    assert set(MEASURES) <= set(vars(low))


def test_a_difference_is_turned_round_with_its_interval() -> None:
    one = Difference(
        first="a",
        second="b",
        advantage=Estimate(mean=0.1, low=-0.05, high=0.3, sessions=10, scenarios=5),
        p=0.2,
        p_holm=0.4,
    )
    other = turned(one, "b")
    assert (other.first, other.second) == ("b", "a")
    assert (other.advantage.mean, other.advantage.low, other.advantage.high) == (-0.1, -0.3, 0.05)
    assert turned(one, "a") is one
    assert turned(other, "a") == one


@pytest.mark.parametrize(
    ("mean", "p", "sign"),
    [(0.1, 0.01, "▲"), (-0.1, 0.01, "▼"), (0.1, 0.2, "≈"), (0.1, None, "–")],
)
def test_a_difference_has_a_sign_where_it_is_told_apart(
    mean: float, p: float | None, sign: str
) -> None:
    one = Difference(first="a", second="b", advantage=estimate(mean), p=p, p_holm=p)
    told = difference_lines(one, 60)
    assert told[0].plain.startswith(f"{sign} ")
    assert "n 240" in " ".join(line.plain for line in told)


def test_all_that_is_told_of_a_strategy_has_intervals_and_n() -> None:
    of = found()
    lines = [line.plain for line in standing_lines(of, of.standings[0], 100)]
    measured = [line for line in lines if "[" in line]
    assert len(measured) >= len(MEASURES) + 3
    assert all("n " in line for line in measured)


@pytest.mark.parametrize(
    ("scenarios", "why"),
    [
        (4, "[–] no interval: fewer than 5 scenarios"),
        (6, "[–] no interval: all scenarios came to the same"),
    ],
)
def test_why_there_is_no_interval_is_told_by_its_cause(scenarios: int, why: str) -> None:
    none = estimate(1.2, None, scenarios=scenarios)
    one = standing("x", 1.2, advantage=none)
    pairing = Pairing(strategy="x", against="y", advantage=none, agreed=none)
    result = found(standings=(one,), differences=(), pairings=(pairing,), namings=())

    assert why in [line.plain for line in standing_lines(result, one, 80)]
    assert f"  {why}" in [line.plain for line in pair_lines(result, "x", "y", 80)]


def test_what_models_cost_is_told() -> None:
    one = standing(
        "llm",
        0.5,
        spec="llm:gpt-5-mini",
        calls_a_session=12.5,
        tokens_a_session=20_400.0,
        cost_usd=1.25,
        cost_per_point=0.0104,
        left_out=3,
    )
    told = " ".join(line.plain for line in standing_lines(found(), one, 90))
    for words in (
        "seat: llm:gpt-5-mini",
        "12.5 calls and 20,400 tokens a session, 1.2500 USD in all",
        "0.01040 USD for a hundredth",
        "3 left out of the means",
    ):
        assert words in told


def test_how_sessions_ended_names_failures_by_a_sign() -> None:
    assert ended_words({"agreement": 1_200, "no-agreement": 0, "timeout": 3}) == (
        "agreement 1,200 · ✗ timeout 3"
    )
    assert ended_words({}) == "none yet"


def test_a_pair_that_did_not_meet_says_so() -> None:
    told = " ".join(line.plain for line in pair_lines(found(pairings=()), "linear", "firm", 80))
    assert "linear against firm: they did not meet." in told


def test_best_replies_of_both_sides_are_told_tied_ones_too() -> None:
    of = game(names=("a", "b"), payoffs=[[(0.5, 0.2), (0.1, 0.2)], [(0.5, 0.4), (0.3, 0.1)]])
    assert [is_best(of, i, j) for i in (0, 1) for j in (0, 1)] == [
        (True, True),
        (False, True),
        (True, True),
        (True, False),
    ]
    told = " ".join(line.plain for line in cell_lines(of, 0, 1, 200))
    assert "Against b, consumers do best with b: 20.0 more than here." in told
    assert "Against a, suppliers do best with a or b, as here." in told


def test_a_cell_without_sessions_is_no_figure() -> None:
    of = game()
    of = replace(of, counts=np.zeros_like(of.counts))
    told = " ".join(line.plain for line in cell_lines(of, 0, 0, 80))
    assert "No session counts here." in told


def test_without_errors_none_are_made_up() -> None:
    of = game(errors=None, epsilon=None, supports=(), regrets=(), basins=None, alpha_rank=())
    told = " ".join(line.plain for line in [*cell_lines(of, 0, 0, 80), *game_lines(of, 80)])
    assert "± –" in told
    assert "ε" not in told.replace("-equilibrium", "")


@pytest.mark.parametrize("width", [24, 38, 60, 100, 200])
def test_no_line_is_wider_than_its_room(width: int) -> None:
    names = ("a-strategy-with-a-name-of-forty-characters", *STRATEGIES[1:])
    of = found(names)
    lines = [
        *standing_lines(of, of.standings[0], width),
        *pair_lines(of, names[0], "linear", width),
        *answer_lines(of, max(width, 60)),
        *game_lines(of.games[0], width),
    ]
    room = max(width, 60)
    assert [line.plain for line in lines if line.cell_length > room] == []


def test_hostile_names_are_cleaned_in_every_line() -> None:
    of = found(("boulware", HOSTILE, "linear", "conceder"), notes=(HOSTILE,))
    told = "\n".join(
        line.plain
        for line in [
            *answer_lines(of, 80),
            *game_lines(of.games[0], 80),
            *standing_lines(of, of.standings[1], 80),
            *cell_lines(of.games[0], 1, 1, 80),
        ]
    )
    assert "[bold]x[/] [@click=app.quit]y" in told
    assert "\x1b" not in told
    assert "\u202e" not in told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (61, "1 min 01 s"),
        (3_599, "59 min 59 s"),
        (7_260, "2 h 01 min"),
    ],
)
def test_times_are_told_as_people_say_them(seconds: float, told: str) -> None:
    assert duration(seconds) == told


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(20, 220))
def test_progress_fits_whatever_it_is(done: int, more: int, width: int) -> None:
    lines = progress_lines(progress(done=done, planned=done + more, earlier=done // 2), width)
    assert lines[0].plain.count("█") + lines[0].plain.count("▓") + lines[0].plain.count("░") >= 10
    assert f"{done:,} of {done + more:,}" in lines[0].plain


def test_one_of_anything_is_told_as_one_on_a_card() -> None:
    plan = PlanCard(
        source="mine.yaml",
        title="Mine",
        question="",
        strategies=("firm",),
        scenarios=("first-table",),
        repetitions=1,
        asks_models=False,
    )
    scenario = ScenarioCard(
        source="mine.yaml",
        title="Mine",
        parties=("A", "B"),
        issues=("price",),
        outcomes=1,
        difficulty=1,
        minutes=1,
        protocol="alternating offers",
        rounds=1,
        setting="",
    )

    assert "plan mine.yaml · 1 repetition · asks no model\n1 strategy firm\n" in (
        card_content(plan).plain
    )
    told = card_content(scenario).plain
    assert "alternating offers, 1 round · 1 outcome · difficulty 1 of 5 · about 1 minute\n" in told
    assert "2 parties A, B\n1 issue price\n" in told


@pytest.mark.parametrize(
    ("names", "room", "widths"),
    [
        (["firm", "linear"], 20, [10, 10]),
        (["firm", "linear"], 90, [22, 22]),
        (["boulware", "conceder", "firm", "linear", "tit-for-tat"], 57, [11, 11, 9, 9, 14]),
        (["boulware", "conceder", "firm", "linear", "tit-for-tat"], 40, [8] * 5),
    ],
)
def test_a_column_is_as_wide_as_its_name_needs_where_there_is_room_for_all(
    names: list[str], room: int, widths: list[int]
) -> None:
    assert column_widths(names, 7, room) == widths
    assert sum(widths) <= room
