"""The JSON of `analyze` and `solve` that other tools rely on: keys, types, shapes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tui.cli.conftest import Cli


def assert_is_a_solution(found: dict[str, Any]) -> None:
    """Check the shape that `solve` and every matrix of `analyze` share."""
    height, width = found["shape"]
    assert (len(found["rows"]), len(found["columns"])) == (height, width)
    assert found["equilibria"]
    for one in found["equilibria"]:
        row, column = one["profile"]
        assert (len(row), len(column)) == (height, width)
        assert sum(row) == pytest.approx(1)
        assert sum(column) == pytest.approx(1)
        assert [len(side) for side in one["exact"]] == [height, width]
        assert all(isinstance(text, str) for side in one["exact"] for text in side)
        assert len(one["payoffs"]) == 2
        assert one["regret"] == [0.0, 0.0]
        assert one["pure"] is (max(row) == max(column) == 1)
    assert isinstance(found["degenerate"], bool)
    assert found["complete"] is True
    assert isinstance(found["completeness_reason"], str)
    assert sum(one["index"] for one in found["components"]) == 1


def test_solve(cli: Cli, tmp_path: Path) -> None:
    game = tmp_path / "game.nfg"
    game.write_text('NFG 1 R "g" { "A" "B" } { 2 3 }\n1 2 3 1 0 0 2 2 5 5 1 1', encoding="utf-8")

    found = json.loads(cli("solve", str(game), "--json").out)

    assert_is_a_solution(found)
    assert isinstance(found["explanation"], str)


def test_solve_of_three_players(cli: Cli, tmp_path: Path) -> None:
    game = tmp_path / "game.nfg"
    payoffs = " ".join(["1 1 1"] * 8)
    game.write_text(f'NFG 1 R "g" {{ "A" "B" "C" }} {{ 2 2 2 }}\n{payoffs}', encoding="utf-8")

    found = json.loads(cli("solve", str(game), "--json").out)

    assert found["shape"] == [2, 2, 2]
    assert found["strategies"] == [["1", "2"]] * 3
    assert found["complete"] is False
    assert len(found["equilibria"]) == 8
    assert all(one["pure"] for one in found["equilibria"])


def test_analyze(cli: Cli) -> None:
    found = json.loads(cli("analyze", "cobalt-offtake", "--json").out)

    assert found["parties"] == ["USA", "COD"]
    assert found["outcomes"] >= found["passing"] >= found["zopa"] > 0
    assert found["outcomes"] >= found["pareto"] > 0
    assert set(found["solutions"]) == {"nash", "kalai_smorodinsky", "egalitarian", "utilitarian"}
    for solution in found["solutions"].values():
        assert len(solution["outcomes"]) == len(solution["utilities"]) > 0
        assert all(set(one) == {"USA", "COD"} for one in solution["utilities"])
        assert all("volume" in one for one in solution["outcomes"])
    assert [matrix["name"] for matrix in found["matrices"]] == ["stance", "compliance"]
    for matrix in found["matrices"]:
        assert_is_a_solution(matrix)
        assert {"row_player", "column_player"} <= set(matrix)
        height, width = matrix["shape"]
        assert [len(line) for line in matrix["payoffs"]] == [width] * height
        assert all(len(cell) == 2 for line in matrix["payoffs"] for cell in line)


def test_analyze_without_a_zopa_gives_empty_lists(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text(
        """
minilateral: 1
id: empty
title: Nothing to agree on
issues: {price: {label: price, options: [1, 2]}}
parties:
  A: {name: A, side: consumer, reservation: 5, points: {price: {1: 9, 2: 0}}}
  B: {name: B, side: supplier, reservation: 5, points: {price: {1: 0, 2: 9}}}
""",
        encoding="utf-8",
    )

    found = json.loads(cli("analyze", "empty.yaml", "--json").out)

    assert found["zopa"] == found["passing"] == 0
    assert all(
        solution == {"outcomes": [], "utilities": []} for solution in found["solutions"].values()
    )
