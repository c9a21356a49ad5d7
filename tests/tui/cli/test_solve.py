"""`minilateral solve`."""

import json
from pathlib import Path

import pytest

from tests.tui.cli.conftest import Cli

CHICKEN = """NFG 1 R "Chicken" { "Buyers" "Sellers" } { { "insist" "yield" } { "insist" "yield" } }
0 0 2 7 7 2 6 6
"""


@pytest.fixture
def chicken(tmp_path: Path) -> str:
    path = tmp_path / "chicken.nfg"
    path.write_text(CHICKEN, encoding="utf-8")
    return str(path)


def test_a_game_file_is_solved_and_explained(cli: Cli, chicken: str) -> None:
    shown = cli("solve", chicken)

    assert (shown.code, shown.err) == (0, "")
    assert "Buyers plays “insist”, Sellers plays “yield”" in " ".join(shown.out.split())


def test_json_is_one_object_in_the_shape_of_the_contract(cli: Cli, chicken: str) -> None:
    shown = cli("solve", chicken, "--json", "--basins")
    found = json.loads(shown.out)

    assert (shown.code, shown.err) == (0, "")
    assert (found["shape"], found["rows"], found["complete"]) == ([2, 2], ["insist", "yield"], True)
    assert [one["exact"] for one in found["equilibria"]] == [
        [["1", "0"], ["0", "1"]],
        [["0", "1"], ["1", "0"]],
        [["1/3", "2/3"], ["1/3", "2/3"]],
    ]
    assert sum(one["index"] for one in found["components"]) == 1
    assert len(found["basins"]["shares"]) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "bad.nfg"),
        ("NFG 1 R", "bad.nfg"),
        ('NFG 1 R "t" { "A" "B" } { 2 2 }\n1 2 3', "bad.nfg"),
        ('NFG 1 R "t" { "A" "B" } { 1 1 }\nnan 1', "bad.nfg"),
        ('NFG 1 R "t" { "A" "B" } { 0 2 }\n', "bad.nfg"),
        ('NFG 1 R "t" { "A" "B" } { 99999999 99999999 }\n1', "bad.nfg"),
        ('NFG 1 R "t" { "A" "B" } { 1 1 }\n1e999999999 1', "bad.nfg"),
    ],
)
def test_a_malformed_file_gets_one_line_and_exit_1(
    cli: Cli, tmp_path: Path, text: str, expected: str
) -> None:
    path = tmp_path / "bad.nfg"
    path.write_text(text, encoding="utf-8")

    shown = cli("solve", str(path))

    assert (shown.code, shown.out) == (1, "")
    assert expected in shown.line


def test_a_file_that_is_not_there_gets_one_line(cli: Cli) -> None:
    shown = cli("solve", "absent.nfg")

    assert shown.code == 1
    assert "absent.nfg" in shown.line


@pytest.mark.parametrize("budget", ["0", "-3", "nan"])
def test_a_budget_that_is_none_is_a_value_at_fault(cli: Cli, chicken: str, budget: str) -> None:
    shown = cli("solve", chicken, "--budget", budget)

    assert (shown.code, shown.out) == (1, "")
    assert "budget: expected seconds above 0" in shown.line
