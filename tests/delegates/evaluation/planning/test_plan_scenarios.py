"""Which scenarios a plan means: names, files and globs, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from delegates.evaluation.planning.design import Design, read_design
from games.errors import PlanError
from tests.delegates.evaluation.planning.test_rows import game
from tests.delegates.sessions import MINI, settings_at

PLAN = "minilateral-plan: 1\nid: p\ntitle: P\nstrategies: [linear]\nscenarios: [mini]\n"

SECOND = MINI.replace("id: mini", "id: second")


def design_in(folder: Path, *scenarios: str, more: str = "") -> Design:
    """Return what a plan in a folder means that names these scenarios, line by line."""
    listed = "".join(f"\n  - {one!r}" for one in scenarios)
    text = (
        "minilateral-plan: 1\nid: p\ntitle: P\nstrategies: [boulware, linear]\n"
        f"scenarios:{listed}\n{more}"
    )
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    return read_design(folder / "plan.yaml", settings_at(home=folder))


def fault_in(folder: Path, *scenarios: str, more: str = "") -> str:
    """Return what is told of a plan that cannot be played, after the name of its file."""
    with pytest.raises(PlanError) as caught:
        design_in(folder, *scenarios, more=more)
    return str(caught.value).removeprefix(f"{folder / 'plan.yaml'}:")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return a folder with a folder of scenarios, whose names a glob could misread."""
    folder = tmp_path / "set [a]"
    (folder / "mine").mkdir(parents=True)
    (folder / "mine" / "one.yaml").write_text(MINI, encoding="utf-8")
    (folder / "mine" / "two.yaml").write_text(SECOND, encoding="utf-8")
    return folder


def ids(design: Design) -> list[str]:
    return [scenario.id for scenario in design.scenarios]


def test_names_files_and_globs_are_taken_in_the_plans_order(mine: Path) -> None:
    assert ids(design_in(mine, "first-table", "mine/two.yaml", "mine/*.yaml")) == [
        "first-table",
        "second",
        "mini",
    ]


def test_globs_may_be_absolute_and_go_deep(mine: Path) -> None:
    assert ids(design_in(mine, str(mine / "mine" / "one.yaml"))) == ["mini"]
    assert ids(design_in(mine.parent, "**/two.yaml")) == ["second"]
    assert ids(design_in(mine.parent, f"{mine.parent}/*/mine/*.yaml")) == ["mini", "second"]


def test_a_file_whose_name_looks_like_a_glob_is_taken_as_it_is(mine: Path) -> None:
    (mine / "[x].yaml").write_text(MINI, encoding="utf-8")

    assert ids(design_in(mine, "[x].yaml")) == ["mini"]


def test_a_glob_passes_over_plans(mine: Path) -> None:
    (mine / "one.yaml").write_text(MINI, encoding="utf-8")

    assert ids(design_in(mine, "*.yaml")) == ["mini"]


def test_the_same_scenario_under_two_names_is_played_once(mine: Path) -> None:
    (mine / "mine" / "three.yaml").write_text(f"# a copy\n{MINI}", encoding="utf-8")

    assert ids(design_in(mine, "mine/*.yaml")) == ["mini", "second"]


def test_two_scenarios_of_one_id_are_refused(mine: Path) -> None:
    other = MINI.replace("reservation: 30", "reservation: 31")
    (mine / "mine" / "three.yaml").write_text(other, encoding="utf-8")

    assert fault_in(mine, "mine/one.yaml", "mine/three.yaml") == (
        f"7: scenarios.1: {mine}/mine/three.yaml is another scenario than {mine}/mine/one.yaml, "
        "and both have the id 'mini'; expected ids that differ"
    )


def test_what_is_not_there_is_told_with_its_line(mine: Path) -> None:
    known = (
        "cobalt-offtake, first-table, greenland-linkage, ministerial, nickel-hub, "
        "price-floor-club, tungsten-accord"
    )

    assert fault_in(mine, "first-table", "mini") == (
        f"7: scenarios.1: 'mini': no such file in {mine}, and no bundled scenario of that name "
        f"({known})"
    )
    assert fault_in(mine, "mine") == (
        "6: scenarios.0: 'mine' is a folder; expected a file, or a glob such as mine/*.yaml"
    )
    assert fault_in(mine, "mine/*.yml") == (
        "6: scenarios.0: 'mine/*.yml' matches no scenario's file; expected at least one"
    )


def test_a_scenario_that_is_not_valid_is_told_with_its_own_line(mine: Path) -> None:
    broken = MINI.replace("discount", "disc").replace("side: consumer", "side: buyer")
    (mine / "mine" / "two.yaml").write_text(broken, encoding="utf-8")

    for named in ("mine/two.yaml", "mine/*.yaml"):
        assert fault_in(mine, named).startswith(
            f"6: scenarios.0: {mine}/mine/two.yaml:14: parties.USA.side: expected 'consumer'"
        )


def test_seats_that_a_scenario_cannot_fill_are_refused(mine: Path) -> None:
    buyers = game("consumer", "consumer", "mixed").canonical()
    (mine / "mine" / "two.yaml").write_text(buyers, encoding="utf-8")

    assert fault_in(mine, "mine/two.yaml", more="seats:\n  many: blocs\n") == (
        "8: seats.many: game: no party is a supplier; there is no bloc to compare"
    )
    assert fault_in(mine, "mine/two.yaml", more="seats:\n  many: one\n") == (
        "8: seats.fixed: is missing; expected the strategy of the seats that are not under test; "
        "game has 3 parties"
    )
    lonely = "seats: {tested: [linear], against: [linear], self_play: false}\n"
    assert fault_in(mine, "first-table", more=lonely) == (
        "7: seats.self_play: no session of first-table is left; expected strategies that meet "
        "others"
    )


def test_a_plan_is_no_scenario_and_is_told_to_be_a_plan(mine: Path) -> None:
    assert fault_in(mine, "quick") == (
        "6: scenarios.0: 'quick' is a bundled plan; expected a scenario"
    )
    (mine / "other.yaml").write_text(PLAN, encoding="utf-8")
    assert fault_in(mine, "first-table", "other.yaml") == (
        "7: scenarios.1: 'other.yaml' is a plan; expected a scenario, such as those that it "
        "names itself"
    )


@pytest.mark.parametrize("named", ["secret.yaml", "*.yaml"])
def test_nothing_is_told_of_a_file_that_a_plan_names_and_is_no_scenario(
    tmp_path: Path, named: str
) -> None:
    (tmp_path / "secret.yaml").write_text("password: hunter2\nmode: 0777\n")

    told = fault_in(tmp_path, named)

    assert "secret.yaml: no scenario's file: it does not say `minilateral: 1`" in told
    assert not any(secret in told for secret in ("password", "hunter2", "0777"))
