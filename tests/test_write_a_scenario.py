"""The page on writing scenarios shows files that load, and says of them what is so."""

import re
from pathlib import Path

import pytest

from games.analysis import analyze
from games.errors import ScenarioError
from games.lint import lint
from games.scenario import Scenario, load_scenario
from games.scenario_files import MAX_PARENTS
from games.schema import scenario_schema
from games.standard import Standard, standard
from games.strict_yaml import load_strict
from tests.games.test_schema import as_json
from tests.support.json_schema import faults
from tests.tui.cli.conftest import Cli, cli, home, log_is_closed_afterwards

__all__ = ["cli", "home", "log_is_closed_afterwards"]

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "write-a-scenario.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
WHOLE = {
    re.match(r"# (\S+)\n", block).group(1): block  # pyright: ignore[reportOptionalMemberAccess]
    for block in BLOCKS
    if block.startswith("# ")
}
PARTS = [block for block in BLOCKS if not block.startswith("# ")]
COMMANDS = [
    line.split()[1:]
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
PART = "minilateral: 1\nid: part\ntitle: With a part of the page\nextends: graphite.yaml\n"
NUMBERS = {"ten": 10, "fifteen": 15, "nineteen": 19, "eight": 8}


@pytest.fixture(autouse=True)
def files(home: Path, tmp_path: Path) -> None:
    """The page's whole files, in the working folder."""
    for name, text in WHOLE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")


def held(name: str) -> Standard:
    return standard(load_scenario(name))


def test_the_page_shows_a_file_to_start_from_and_a_better_one() -> None:
    assert list(WHOLE) == ["graphite.yaml", "graphite-2.yaml"]
    assert len(PARTS) >= 9


@pytest.mark.parametrize("name", WHOLE)
def test_nothing_is_worth_mending_in_the_pages_files(cli: Cli, name: str) -> None:
    shown = cli("check", name)

    assert shown.code == 0
    assert f"{name}: clean: 2 parties" in shown.out


@pytest.mark.parametrize("name", WHOLE)
def test_theory_finds_solutions_and_games_in_them(name: str) -> None:
    found = analyze(load_scenario(name))

    assert len(found.bargain.zopa) > 0
    assert {matrix.name for matrix in found.matrices} >= {"stance", "compliance"}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.partition(":")[0])
def test_each_part_can_be_added_to_the_first_file_and_leaves_it_clean(part: str) -> None:
    Path("part.yaml").write_text(PART + part, encoding="utf-8")
    game = load_scenario("part.yaml")

    assert isinstance(game, Scenario)
    assert lint(game) == ()


@pytest.mark.parametrize("text", [*WHOLE.values(), *(PART + part for part in PARTS)])
def test_the_schema_knows_all_that_the_page_shows(text: str) -> None:
    assert faults(scenario_schema(), as_json(load_strict(text, "page"))) == []


@pytest.mark.parametrize(
    "command",
    [one for one in COMMANDS if one[0] in {"analyze", "check", "run"} and ">" not in one],
    ids=" ".join,
)
def test_the_pages_commands_work(cli: Cli, command: list[str]) -> None:
    assert cli(*command).code == 0


def test_each_file_reaches_as_many_lines_of_the_standard_as_is_said() -> None:
    first, second = held("graphite.yaml"), held("graphite-2.yaml")
    said = re.search(
        r"against (\w+) lines .*? The file above reaches (\w+); .*? reaches (\w+)\.",
        " ".join(PAGE.split()),
    )

    assert said is not None
    assert [NUMBERS[word] for word in said.groups()] == [
        len(first.lines),
        len(first.lines) - len(first.missed),
        len(second.lines) - len(second.missed),
    ]


def test_the_error_that_is_shown_is_the_one_that_is_told(tmp_path: Path) -> None:
    told = re.search(r"minilateral: (graphite\.yaml:\d+: .*)", PAGE)
    broken = WHOLE["graphite.yaml"].replace("40: 6, 60: 0}", "40: 6}", 1)
    (tmp_path / "graphite.yaml").write_text(broken, encoding="utf-8")

    assert told is not None
    with pytest.raises(ScenarioError) as caught:
        load_scenario("graphite.yaml")
    assert str(caught.value) == told.group(1)


def test_as_many_files_may_extend_one_another_as_is_said() -> None:
    assert NUMBERS["eight"] == MAX_PARENTS
    assert "up to eight deep" in PAGE
