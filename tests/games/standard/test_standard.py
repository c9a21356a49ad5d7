"""The standard of interesting games: each figure by hand, and every bundled scenario held to it."""

from dataclasses import replace

import numpy as np
import pytest

from games.bargaining.solutions import bargain
from games.errors import ScenarioError
from games.lint.standard import standard_findings
from games.matrices.stance_game import stance_game
from games.scenario import Protocol, Scenario, bundled_scenarios, load_scenario
from games.standard.figures import (
    BilateralFigures,
    MultilateralFigures,
    compatible_issues,
    distinct_verdicts,
    interior_issues,
    middle_outcome,
    multilateral_figures,
    opener_shift,
    utility_correlation,
)
from games.standard.levers import LEVERS
from games.standard.lines import Standard, bilateral_lines, multilateral_lines, standard
from games.standard.noise import class_survival, noisy_utilities
from tests.support.domains import listed, party, scenario


@pytest.mark.parametrize("name", bundled_scenarios())
def test_every_bundled_scenario_meets_the_standard(name: str) -> None:
    found = standard(load_scenario(name))

    assert [(line.name, line.wanted, line.reached) for line in found.missed] == []


@pytest.mark.parametrize("name", bundled_scenarios())
def test_a_scenario_is_held_to_the_lines_of_its_number_of_parties(name: str) -> None:
    game = load_scenario(name)

    found = standard(game, draws=1)

    is_bilateral = len(game.ids) == 2
    assert isinstance(found.figures, BilateralFigures if is_bilateral else MultilateralFigures)
    assert len(found.lines) == 19 if is_bilateral else len(found.lines) in (2, 3)


def two_issues(reservations: tuple[float, float] = (0.0, 0.0), **more: object) -> Scenario:
    """Return a bilateral of a divided issue and one that both see alike."""
    divided = {"1": 0.0, "2": 4.0, "3": 6.0}
    shared = {"a": 0.0, "b": 1.0, "c": 2.0}
    return scenario(
        {"divided": [1, 2, 3], "shared": ["a", "b", "c"]},
        {
            "A": party({"divided": divided, "shared": shared}, reservations[0]),
            "B": party(
                {"divided": {"1": 6.0, "2": 4.0, "3": 0.0}, "shared": {"a": 1, "b": 2, "c": 9}},
                reservations[1],
                side="supplier",
            ),
        },
        **more,
    )


def test_figures_of_a_bilateral_by_hand() -> None:
    found = standard(two_issues((3.0, 3.0)), draws=5)
    figures = found.figures
    assert isinstance(figures, BilateralFigures)

    # A: 0 1 2 | 4 5 6 | 6 7 8; B: 7 8 15 | 5 6 13 | 1 2 9. Both get 3 at 2a 2b 2c and 3c.
    assert (figures.outcomes, figures.impossible) == (9, 0)
    assert figures.zopa == pytest.approx(4 / 9)
    # 1c is best for B (15), 2c (6, 13) and 3c (8, 9) are best between, and nothing else is.
    assert figures.pareto == 3
    # Gains over r: 2a (1, 2), 2b (2, 3), 2c (3, 10), 3c (5, 6); greatest 5 and 10.
    assert figures.nash == (3.0, 10.0)
    assert figures.interior == ("divided",)
    assert figures.compatible == ("shared",)
    assert figures.middle == (2.0, 3.0)
    assert figures.middle_product == pytest.approx(6 / 30)
    assert figures.fair_share == pytest.approx(0.6)
    assert figures.ideal_distance == pytest.approx(0.4)
    assert figures.verdicts == ()


def test_the_correlation_is_pearsons() -> None:
    first, second = np.array([0.0, 1.0, 2.0, 5.0]), np.array([3.0, 3.0, 1.0, 0.5])

    assert utility_correlation(first, second) == pytest.approx(np.corrcoef(first, second)[0, 1])
    assert utility_correlation(first, 7 - 2 * first) == pytest.approx(-1)
    assert utility_correlation(first, np.ones(4)) == 0


def test_of_two_middle_options_the_later_counts() -> None:
    game = scenario(
        {"even": [1, 2, 3, 4], "odd": [1, 2, 3]},
        {
            name: party({"even": dict.fromkeys("1234", 0.0), "odd": dict.fromkeys("123", 0.0)})
            for name in ("A", "B")
        },
    )

    assert game.space.outcome(middle_outcome(game.space)) == {"even": 3, "odd": 2}
    assert interior_issues(game.space, game.space.index({"even": 2, "odd": 3})) == ("even",)


def test_an_issue_that_moves_nobody_or_only_one_is_not_compatible() -> None:
    points = {"idle": {"1": 5.0, "2": 5.0}, "tied": {"1": 0.0, "2": 1.0, "3": 1.0}}
    strict = {"idle": {"1": 5.0, "2": 5.0}, "tied": {"1": 0.0, "2": 1.0, "3": 2.0}}
    issues = {"idle": [1, 2], "tied": [1, 2, 3]}

    assert compatible_issues(scenario(issues, {"A": party(points), "B": party(strict)})) == ()
    assert compatible_issues(scenario(issues, {"A": party(points), "B": party(points)})) == (
        "tied",
    )


def test_figures_of_the_stance_game_by_hand() -> None:
    # One round, three ways to share; see test_stance_game: hard meets hard in nothing.
    game = listed({"A": [0, 50, 100], "B": [100, 50, 0]}, protocol={"rounds": 1, "opens": "fixed"})

    figures = standard(game, draws=5).figures
    assert isinstance(figures, BilateralFigures)
    found = figures.stances
    assert found is not None

    # Against hard every stance of one's own is worth nothing.
    assert found.losses == (0, 0)
    assert found.failing == 5
    assert found.pure == 7
    assert found.best == (100, 100)
    # (soft, soft): whoever opens gives all away.
    assert found.opener == 100


def test_the_opener_moves_nothing_where_the_lot_decides() -> None:
    game = listed({"A": [0, 50, 100], "B": [100, 50, 0]}, protocol={"rounds": 2, "opens": "lot"})

    assert opener_shift(game) == 0


def test_the_mean_over_openings_is_the_cell() -> None:
    game = load_scenario("cobalt-offtake")
    points = stance_game(game).points
    assert points is not None

    assert 0 < opener_shift(game) < np.ptp(points)


def test_verdicts_are_told_once_each() -> None:
    told = distinct_verdicts(load_scenario("cobalt-offtake"))

    assert len(told) == len(set(told)) >= 2
    assert all(one.startswith("USA ") and "; COD " in one for one in told)


def test_nothing_to_agree_on_misses_the_lines_in_words() -> None:
    found = standard(listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}), draws=2)

    reached = {line.name: line.reached for line in found.missed}
    nothing = "nothing to measure, since no outcome is acceptable to all"
    assert reached["k*"] == nothing
    assert reached["Nash gains"] == nothing
    assert reached["cells with a session without agreement"] == nothing
    assert reached["ZOPA"] == "0.0%"
    assert "not rational" in reached["middle compromise"]


def test_what_cannot_be_measured_without_a_side_of_the_table_says_so() -> None:
    game = listed({"A": [0, 5, 9], "B": [9, 5, 0]}, parties={"B": {"side": "processor"}})
    told = [one for one in standard_findings(game) if "nothing to measure" in one.what]

    assert len(told) == 5
    assert all("since a side of the table is empty" in one.what for one in told)
    assert [one.why for one in told] == [""] * 5


def test_every_line_has_a_lever_and_every_lever_a_line() -> None:
    dispute = {"level": {"issue": "two", "values": {"1": 0, "2": 1}}, "audience_cost": {"C": 1}}
    games = (listed({"A": [0, 1], "B": [1, 0]}), three(dispute=dispute))
    lines = [line for game in games for line in standard(game, draws=1).lines]

    assert {line.name for line in lines} == set(LEVERS)


def test_a_missed_line_is_told_with_what_to_try() -> None:
    game = load_scenario("cobalt-offtake").model_copy(
        update={"protocol": Protocol(rounds=10, breakdown=0.3)}
    )
    told = {one.what.partition(":")[0]: one.why for one in standard_findings(game)}

    assert told["breakdown a round"] == "Try: set protocol.breakdown."


def test_a_middle_beyond_a_mandate_is_said_to_be_so() -> None:
    game = listed(
        {"A": [0, 5, 9], "B": [9, 5, 0]}, mandates={"B": {"limits": {"deal": ["o0", "o2"]}}}
    )
    reached = {line.name: line.reached for line in standard(game, draws=1).lines}

    assert "beyond B's mandate at the outset" in reached["middle compromise"]


def test_a_table_with_one_side_alone_has_no_stance_game() -> None:
    game = listed({"A": [0, 5, 9], "B": [9, 5, 0]}, parties={"B": {"side": "consumer"}})

    figures = standard(game, draws=2).figures

    assert isinstance(figures, BilateralFigures)
    assert figures.stances is None
    assert figures.survival is not None


def test_a_bilateral_too_large_for_tables_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("games.utility.MAX_TABLE_BYTES", 32)
    with pytest.raises(ScenarioError, match="need tables"):
        standard(two_issues())


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({"outcomes": 999}, "possible outcomes"),
        ({"outcomes": 100_001}, "possible outcomes"),
        ({"zopa": 0.149}, "ZOPA"),
        ({"zopa": 0.601}, "ZOPA"),
        ({"correlation": -0.81}, "utility correlation"),
        ({"correlation": -0.49}, "utility correlation"),
        ({"ideal_distance": 0.29}, "distance of the frontier from the ideal point"),
        ({"pareto": 19}, "Pareto-optimal outcomes"),
        ({"pareto": 201}, "Pareto-optimal outcomes"),
        ({"interior": ("a", "b")}, "issues interior in the Nash outcome"),
        ({"impossible": 0}, "links forbid the impossible"),
        ({"compatible": ()}, "issues that both order alike"),
        ({"middle_rational": False}, "middle compromise"),
        ({"middle_product": 0.24}, "middle compromise"),
        ({"middle_product": 0.61}, "middle compromise"),
        ({"fair_share": 0.439}, "k*"),
        ({"fair_share": 0.531}, "k*"),
        ({"breakdown": 0.019}, "breakdown a round"),
        ({"breakdown": 0.051}, "breakdown a round"),
        ({"nash": (10.0, 20.1)}, "Nash gains"),
        ({"verdicts": ("one",)}, "different verdicts on the reported solutions"),
    ],
)
def test_each_line_is_missed_by_its_own_figure_alone(
    cobalt: BilateralFigures, changed: dict[str, object], missed: str
) -> None:
    lines = bilateral_lines(replace(cobalt, **changed))  # pyright: ignore[reportArgumentType]

    assert [line.name for line in lines if not line.holds] == [missed]


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({"losses": (7.9, 20.0)}, "loss of hard against hard to the best reply"),
        ({"failing": 4}, "cells with a session without agreement"),
        ({"pure": 1, "mixed": 0}, "equilibria of the stance game"),
        ({"best": (20.0, 9.9)}, "best equilibrium of each seat over r"),
        ({"opener": 15.1}, "largest move of a cell when the opener is swapped"),
    ],
)
def test_each_line_of_the_stance_game_likewise(
    cobalt: BilateralFigures, changed: dict[str, object], missed: str
) -> None:
    assert cobalt.stances is not None
    stances = replace(cobalt.stances, **changed)  # pyright: ignore[reportArgumentType]

    lines = bilateral_lines(replace(cobalt, stances=stances))

    assert [line.name for line in lines if not line.holds] == [missed]


@pytest.mark.parametrize("kind", ["by_issue", "by_entry"])
def test_the_class_must_survive_both_kinds_of_noise(cobalt: BilateralFigures, kind: str) -> None:
    assert cobalt.survival is not None
    survival = replace(cobalt.survival, **{kind: 0.79})  # pyright: ignore[reportArgumentType]

    lines = bilateral_lines(replace(cobalt, survival=survival))

    assert [line.name for line in lines if not line.holds] == [
        "class of the stance game under ±50 % on the points"
    ]


@pytest.fixture(scope="module")
def cobalt() -> BilateralFigures:
    figures = standard(load_scenario("cobalt-offtake")).figures
    assert isinstance(figures, BilateralFigures)
    return figures


def test_noise_is_drawn_by_its_seed_and_stays_within_its_spread() -> None:
    game = load_scenario("cobalt-offtake")
    own = game.preferences[0]

    first, again, other = (
        noisy_utilities(game, own, np.random.default_rng(seed), by_entry=True) for seed in (1, 1, 2)
    )

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    # All points of this party are nowhere negative, nor are its links.
    assert np.all(first >= 0.5 * own.utilities - 1e-9)
    assert np.all(first <= 1.5 * own.utilities + 1e-9)


def test_noise_by_issue_keeps_the_order_of_the_options() -> None:
    game = two_issues()
    own = game.preferences[0]
    shaken = noisy_utilities(game, own, np.random.default_rng(3), by_entry=False).reshape(3, 3)

    steps = np.diff(shaken, axis=1)
    assert np.allclose(steps, steps[0, 0])
    assert 0.5 <= steps[0, 0] <= 1.5


def test_the_class_survives_where_nothing_can_change_it() -> None:
    # One issue of three ways to share: whatever the factors, the middle is worth half or less of
    # the best to neither when the ends are worth nothing to one.
    game = listed({"A": [0, 20, 100], "B": [100, 20, 0]})

    found = class_survival(game, draws=40)

    assert found is not None
    assert (found.stance_class, found.by_issue, found.by_entry) == ("hardness fails", 1.0, 1.0)
    assert class_survival(listed({"A": [0, 1], "B": [1, 0]}, {"A": 1, "B": 1}), draws=1) is None
    with pytest.raises(ValueError, match="at least 1"):
        class_survival(game, draws=0)


def three(**more: object) -> Scenario:
    """Return three parties over two issues; A and B want nearly the same."""

    def points(first: float, second: float) -> dict[str, dict[str, float]]:
        return {"one": {"1": 0.0, "2": first}, "two": {"1": second, "2": 0.0}}

    return scenario(
        {"one": [1, 2], "two": [1, 2]},
        {
            "A": party(points(4.0, 3.0)),
            "B": party(points(3.0, 4.0)),
            "C": party(points(-1.0, 2.0), -1.0, side="supplier"),
        },
        **more,
    )


def test_figures_of_a_multilateral_by_hand() -> None:
    figures = multilateral_figures(three())

    assert figures.closest == ("A", "B")
    assert figures.correlation == pytest.approx(24 / 25)
    assert figures.idle == ()
    assert figures.dispute_levels == ()
    assert figures.sampled is None


def missed_by(game: Scenario) -> list[str]:
    return [
        line.name for line in multilateral_lines(game, multilateral_figures(game)) if not line.holds
    ]


def test_parties_that_want_the_same_miss_the_line() -> None:
    assert missed_by(three()) == ["greatest correlation of two parties"]


def crowd(alike: int, others: int) -> Scenario:
    """Return parties of one mind, and others who each care for one option of a long issue."""
    options = [str(number) for number in range(alike + others)]
    wishes = {f"A{k}": {text: float(text == "0") for text in options} for k in range(alike)} | {
        f"O{k}": {text: float(text == str(k + 1)) for text in options} for k in range(others)
    }
    return scenario({"deal": options}, {name: party({"deal": own}) for name, own in wishes.items()})


def test_two_of_one_mind_are_too_many_however_many_others_there_are() -> None:
    few = crowd(alike=2, others=28)

    assert multilateral_figures(few).correlation == pytest.approx(1)
    assert missed_by(few) == ["greatest correlation of two parties"]
    assert missed_by(crowd(alike=1, others=28)) == []


def test_a_dispute_settled_as_a_matter_of_course_misses_the_line() -> None:
    def disputed(levels: dict[str, float]) -> Scenario:
        dispute = {"level": {"issue": "two", "values": levels}, "audience_cost": {"C": 1.0}}
        return three(dispute=dispute)

    # Everyone likes two = 1 best.
    assert "level of the dispute in the Nash outcome" in missed_by(disputed({"1": 0.0, "2": 1.0}))
    assert "level of the dispute in the Nash outcome" not in missed_by(
        disputed({"1": 0.5, "2": 1.0})
    )


def test_an_issue_that_matters_to_nobody_misses_the_line_and_a_link_is_enough() -> None:
    same = {"one": {"1": 3.0, "2": 3.0}, "two": {"1": 0.0, "2": 1.0}}
    issues = {"one": [1, 2], "two": [1, 2]}
    idle = scenario(issues, {name: party(same) for name in "ABC"})
    linked = party(same, links=[{"issues": ["one", "two"], "points": {"2": {"2": 1.0}}}])
    linked = scenario(issues, {"A": linked, "B": party(same), "C": party(same)})
    level = {"issue": "one", "values": {"1": 0.0, "2": 1.0}}
    heated = Scenario.model_validate(
        idle.model_dump(by_alias=True) | {"dispute": {"level": level, "audience_cost": {"A": 2.0}}}
    )

    assert "issues that are nobody's" in missed_by(idle)
    assert multilateral_figures(idle).idle == ("one",)
    assert multilateral_figures(linked).idle == ()
    assert multilateral_figures(heated).idle == ()


def test_a_multilateral_too_large_for_tables_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("games.standard.figures.is_tabled", lambda _: False)
    monkeypatch.setattr("games.standard.figures.SAMPLE", 3)

    figures = multilateral_figures(three(), seed=1)

    assert (figures.sampled, figures.outcomes) == (3, 4)
    assert "over 3 drawn outcomes" in multilateral_lines(three(), figures)[0].reached


def test_the_standard_tells_which_lines_are_missed() -> None:
    found = standard(three())

    assert isinstance(found, Standard)
    assert [line.name for line in found.missed] == ["greatest correlation of two parties"]
    assert len(bargain(three()).zopa) > 0
