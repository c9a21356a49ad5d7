"""The page of JSON objects tells of every key that is printed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.tui.cli.conftest import Cli, cli, home

__all__ = ["cli", "home"]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "json.md"
SECTIONS = PAGE.read_text("utf-8").split("\n## ")[1:]
RUN = ["run", "first-table", "--model", "none", "--seed", "1"]
GAME = 'NFG 1 R "chicken" {"a" "b"} {2 2}\n0 0 2 7 7 2 6 6\n'

PRINTED = [
    ("run", "run first-table --model none --seed 1 --json", ["referee", "tokens"]),
    ("run", "run price-floor-club --model none --seed 1 --json", ["hall", "referee"]),
    ("run", "run first-table --model none --dry-run --json", []),
    ("verify", "verify talks.jsonl --json", []),
    ("analyze", "analyze first-table --json", ["solutions"]),
    ("solve", "solve game.nfg --json", []),
    ("check", "check first-table --json", []),
    ("evaluate", "evaluate quick --dry-run --json", []),
]


def told(verb: str) -> set[str]:
    """Return the words that stand as code in the section of a verb."""
    (section,) = (one for one in SECTIONS if f"`{verb}`" in one.splitlines()[0])
    return set(re.findall(r"`([a-z_]+)`", section))


@pytest.mark.parametrize(("verb", "command", "within"), PRINTED)
def test_every_key_is_told(cli: Cli, verb: str, command: str, within: list[str]) -> None:
    Path("game.nfg").write_text(GAME, encoding="utf-8")
    if verb == "verify":
        cli(*RUN, "--out", "talks.jsonl")

    printed: dict[str, Any] = json.loads(cli(*command.split()).out)

    keys = {*printed, *(key for name in within for key in printed[name])}
    assert keys - told(verb) == set()


def test_the_keys_of_a_seat_are_told(cli: Cli) -> None:
    printed = json.loads(cli(*RUN, "--json").out)

    assert set(printed["seats"]["KOR"]) - told("run") == set()
