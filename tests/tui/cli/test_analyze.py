"""`analyze` with its options: samples of large spaces, bargaining powers."""

import json
from pathlib import Path

import pytest
import yaml

from tests.support.domains import party
from tests.tui.cli.conftest import Cli


@pytest.fixture
def large(tmp_path: Path) -> str:
    """Return the name of a scenario file of 10¹⁰ outcomes."""
    options = {f"i{k}": [f"o{j}" for j in range(100)] for k in range(5)}
    rising = {name: {t: float(j) for j, t in enumerate(ts)} for name, ts in options.items()}
    falling = {name: {t: 99.0 - j for j, t in enumerate(ts)} for name, ts in options.items()}
    game = {
        "minilateral": 1,
        "id": "large",
        "title": "A large space",
        "issues": {name: {"label": name, "options": texts} for name, texts in options.items()},
        "parties": {"A": party(rising, 100.0), "B": party(falling, 100.0)},
    }
    (tmp_path / "large.yaml").write_text(yaml.safe_dump(game, sort_keys=False), encoding="utf-8")
    return "large.yaml"


def test_a_space_too_large_for_tables_is_refused_in_one_line(cli: Cli, large: str) -> None:
    shown = cli("analyze", large)

    assert (shown.code, shown.out) == (1, "")
    assert "2 parties × 10,000,000,000 outcomes need tables of 160.0 GB" in shown.line
    assert "analyze --sample N" in shown.line


def test_a_sample_of_it_is_analysed_and_flagged(cli: Cli, large: str) -> None:
    shown = cli("analyze", large, "--sample", "400", "--seed", "3", "--json")
    told = json.loads(shown.out)

    assert (shown.code, shown.err) == (0, "")
    assert (told["outcomes"], told["sampled"], told["seed"]) == (10**10, 400, 3)


@pytest.mark.parametrize("number", ["0", "-1", "999999999"])
def test_a_sample_of_no_size_or_too_large_is_refused(cli: Cli, large: str, number: str) -> None:
    shown = cli("analyze", large, "--sample", number)

    assert shown.code == 1
    assert f"sample: expected 1 to 67,108,864 outcomes, found {number}" in shown.line


def test_bargaining_power_adds_a_nash_solution(cli: Cli) -> None:
    told = json.loads(cli("analyze", "mini.yaml", "--power", "USA=3", "--json").out)
    words = cli("analyze", "mini.yaml", "--power", "USA=3").out

    assert told["nash_with_powers"]["powers"] == {"USA": 3.0}
    assert "Nash with bargaining power United States 3" in words


@pytest.mark.parametrize(
    "power", ["USA", "USA=much", "XYZ=2", "USA=0", "USA=-1", "USA=inf", "USA=nan"]
)
def test_a_power_that_is_none_is_refused_in_one_line(cli: Cli, power: str) -> None:
    shown = cli("analyze", "mini.yaml", "--power", power, "--json")

    assert (shown.code, shown.out) == (1, "")
    assert "power" in shown.line


def test_basins_say_where_learning_leads(cli: Cli) -> None:
    told = json.loads(cli("analyze", "mini.yaml", "--basins", "--json").out)
    words = cli("analyze", "mini.yaml", "--basins").out

    assert set(told["basins"]) == {matrix["name"] for matrix in told["matrices"]}
    for matrix in told["matrices"]:
        found = told["basins"][matrix["name"]]
        assert len(found["shares"]) == len(matrix["components"])
        assert abs(sum(found["shares"]) + found["unsettled"] - 1) < 1e-9
    assert words.count("Learning (replicator dynamics from 100 random starts)") == len(
        told["matrices"]
    )
