"""The page on writing scenarios shows files that load, and says of them what is so."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from games.analysis import analyze
from games.errors import ScenarioError
from games.lint.findings import lint
from games.scenario import Scenario, load_scenario
from games.scenario_files.schema import scenario_schema
from games.scenario_files.strict_yaml import load_strict
from games.scenario_files.written import MAX_PARENTS
from games.standard.levers import LEVERS
from games.standard.lines import Standard, standard
from tests.games.scenario_files.test_schema import as_json
from tests.support.json_schema import faults
from tests.tui.cli.conftest import Cli, cli, home

__all__ = ["cli", "home"]

PAGE = (
    Path(__file__).resolve().parent.parent / "docs" / "how-to" / "write-a-scenario.md"
).read_text("utf-8")
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
    assert f"{name}: clean: nothing to mend" in shown.out


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


Values = dict[str, Any]
Change = Callable[[Values], object]


def both(points: float) -> Change:
    """Return a change of both reservation values."""

    def change(values: Values) -> None:
        for party in values["parties"].values():
            party["reservation"] += points

    return change


def one(name: str, points: float) -> Change:
    def change(values: Values) -> None:
        values["parties"][name]["reservation"] += points

    return change


def linked(factor: float) -> Change:
    """Return a change of what pairs are worth."""

    def change(values: Values) -> None:
        for party in values["parties"].values():
            for link in party["links"]:
                for row in link["points"].values():
                    row.update({option: worth * factor for option, worth in row.items()})

    return change


def bent(power: float) -> Change:
    """Return a change of the points of options between the worst and the best."""

    def change(values: Values) -> None:
        for party in values["parties"].values():
            for points in party["points"].values():
                best = max(points.values())
                points.update({option: best * (p / best) ** power for option, p in points.items()})

    return change


def without(issue: str) -> Change:
    def change(values: Values) -> None:
        del values["issues"][issue]
        for party in values["parties"].values():
            del party["points"][issue]

    return change


def ruled(**rules: object) -> Change:
    return lambda values: values["protocol"].update(rules)


def kept(**more: object) -> Change:
    return lambda values: values["commitments"].update(more)


FIRST, SECOND = "graphite.yaml", "graphite-2.yaml"
OPENER = "largest move of a cell when the opener is swapped"
CELLS = "cells with a session without agreement"
LOSS = "loss of hard against hard to the best reply"
BEST = "best equilibrium of each seat over r"
CLASS = "class of the stance game under ±50 % on the points"
MEASURED: list[tuple[str, Change | None, str, str, str]] = [
    (FIRST, None, "ZOPA", "55.1%", "55.1 →"),
    (FIRST, both(5), "ZOPA", "37.9%", "37.9 %"),
    (FIRST, both(-5), "ZOPA", "68.7%", "68.7 %"),
    (SECOND, None, "possible outcomes", "3,060", "3,060"),
    (SECOND, without("start"), "possible outcomes", "1,020", "1,020"),
    (FIRST, None, "utility correlation", "-0.79", "−.79 →"),
    (FIRST, linked(2), "utility correlation", "-0.70", "−.70"),
    (FIRST, linked(0), "utility correlation", "-0.84", "−.84"),
    (SECOND, None, "utility correlation", "-0.62", "−.62 →"),
    (SECOND, without("start"), "utility correlation", "-0.80", "−.80 in"),
    (FIRST, None, "distance of the frontier from the ideal point", "0.64", ".64 →"),
    (FIRST, linked(0), "distance of the frontier from the ideal point", "0.58", ".58"),
    (FIRST, bent(0.5), "distance of the frontier from the ideal point", "0.46", ".46"),
    (FIRST, None, "Pareto-optimal outcomes", "36", "36 →"),
    (FIRST, without("local"), "Pareto-optimal outcomes", "22", "22"),
    (FIRST, None, "issues interior in the Nash outcome", "5 (", "5 →"),
    (FIRST, bent(1.5), "issues interior in the Nash outcome", "1 (", "→ 1"),
    (FIRST, None, "middle compromise", ", 0.90", ".90 →"),
    (FIRST, one("KAR", 10), "middle compromise", ", 0.50", ".50;"),
    (FIRST, linked(2), "middle compromise", ", 0.63", ".63"),
    (FIRST, bent(1.5), "middle compromise", ", 0.26", ".26"),
    (FIRST, None, "k*", "0.512", ".512 →"),
    (FIRST, both(10), "k*", "0.500", ".500"),
    (FIRST, both(-10), "k*", "0.561", ".561"),
    (FIRST, bent(0.5), "k*", "0.670", ".670"),
    (FIRST, None, "Nash gains", "18.0 / 27.0 points", "18 / 27 →"),
    (FIRST, one("KAR", -10), "Nash gains", "28.0 / 27.0 points", "28 / 27"),
    (SECOND, None, "different verdicts on the reported solutions", "1 (", "1 →"),
    (SECOND, kept(patience=0.8), "different verdicts on the reported solutions", "2 (", "→ 2;"),
    (SECOND, kept(collapse=30), "different verdicts on the reported solutions", "2 (", "→ 2"),
    (FIRST, None, LOSS, "3.1 / 8.7 points", "3.1 / 8.7 →"),
    (FIRST, bent(0.5), LOSS, "20.1 / 20.3 points", "20.1 / 20.3"),
    (FIRST, ruled(rounds=8), LOSS, "9.0 / 10.3 points", "9.0 / 10.3"),
    (FIRST, None, CELLS, "6 of 16", "6 →"),
    (FIRST, ruled(rounds=16), CELLS, "3 of 16", "→ 3"),
    (FIRST, bent(0.5), CELLS, "1 of 16", "raised¹, 1"),
    (FIRST, None, "equilibria of the stance game", "1 pure, 0 mixed", "1 pure →"),
    (
        FIRST,
        ruled(rounds=8),
        "equilibria of the stance game",
        "2 pure, 1 mixed",
        "2 pure and 1 mixed",
    ),
    (FIRST, None, BEST, "24.7 / 8.7 points", "24.7 / 8.7 →"),
    (FIRST, ruled(rounds=8), BEST, "22.6 / 27.9 points", "22.6 / 27.9"),
    (FIRST, None, OPENER, "23.2", "23.2 →"),
    (FIRST, ruled(opens="lot"), OPENER, "0.0", "→ 0;"),
    (FIRST, ruled(rounds=24), OPENER, "13.2", "13.2"),
    (FIRST, ruled(rounds=40), OPENER, "8.4", "8.4"),
    (FIRST, None, CLASS, "35% by entry", "35 →"),
    (FIRST, both(-10), CLASS, "87% by entry", "87 %"),
]
ROWS = {
    cells[1].strip(): cells[-2]
    for cells in (line.split("|") for line in PAGE.splitlines() if line.startswith("| "))
}


@pytest.mark.parametrize(
    ("name", "change", "line", "reached", "said"),
    MEASURED,
    ids=[f"{line}-{said}" for _, _, line, _, said in MEASURED],
)
def test_a_lever_moves_its_line_as_far_as_the_page_says(
    name: str, change: Change | None, line: str, reached: str, said: str
) -> None:
    values = json.loads(load_scenario(name).canonical())
    if change is not None:
        change(values)
    found = standard(Scenario.model_validate(values), draws=200 if line == CLASS else 1)

    assert reached in {one.name: one.reached for one in found.lines}[line]
    assert said in ROWS[line]


def test_the_page_has_a_row_for_every_line_of_the_standard() -> None:
    assert set(LEVERS) <= set(ROWS)


FILES = sorted(Path(__file__).resolve().parent.parent.glob("docs/examples/*.yaml"))
EXAMPLES = [path for path in FILES if "\nminilateral-plan: " not in path.read_text("utf-8")]
"""The plans among them are others' to test."""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_clean_linked_and_playable(cli: Cli, path: Path) -> None:
    shown = cli("check", str(path))
    seats = [f"--seat={party}=conceder" for party in load_scenario(path).parties]
    session = cli("run", str(path), "--model", "none", "--seed", "1", *seats)

    assert (shown.code, session.code) == (0, 0)
    assert f"(../examples/{path.name})" in PAGE
    assert faults(scenario_schema(), as_json(load_strict(path.read_text("utf-8"), "x"))) == []


def test_the_variant_for_three_extends_the_example_for_two() -> None:
    two, three = (load_scenario(path) for path in reversed(EXAMPLES))

    assert (list(two.parties), list(three.parties)) == (["JPN", "MYS"], ["JPN", "MYS", "USA"])
    assert set(two.issues) ^ set(three.issues) == {"residue", "washington"}
    assert three.sources == two.sources
    assert three.setting == two.setting
    assert "no games between blocs" not in " ".join(one.why for one in lint(two))


def test_in_the_example_all_that_follows_a_signature_can_be_said() -> None:
    found = analyze(load_scenario(EXAMPLES[0]))

    assert found.note is None
    assert found.agreement is not None
    assert found.agreement.verdict is not None
    assert found.agreement.outlook is not None
    assert set(found.agreement.ratification) == {"MYS"}
