"""What a capital turned down is no plain agreement, wherever results are told."""

import csv
import json
from pathlib import Path

import pytest

from tests.games.eventful import KINDS, SIGNED, TEXT
from tests.tui.cli.conftest import Cli
from tests.tui.cli.test_eventful import spaced
from tests.tui.cli.test_play import stdin_of

SEATS = ("--seat", "A=conceder", "--seat", "B=conceder", "--seed")
FAILS, PASSES = "92", "2"
"""Seeds by whose lots Bland's capital turns a text down, or passes it."""
TOLD = ", not ratified by Bland: it does not hold"


@pytest.fixture(autouse=True)
def scenarios(tmp_path: Path) -> None:
    """Write the eventful scenario, calm, with a capital of Bland that must ratify."""
    home = "mandates:\n  B: {ratify: {threshold: 50, audience_cost: 4}}\n"
    for kind in KINDS:
        calm, _, _ = TEXT.replace("KIND", kind).partition("mandates:")
        whole = f"{calm}{home}{SIGNED if kind == 'forum' else ''}"
        (tmp_path / f"{kind}.yaml").write_text(whole, encoding="utf-8")


@pytest.mark.parametrize(("seed", "is_kept"), [(PASSES, True), (FAILS, False)])
def test_the_headline_says_whether_an_agreement_was_ratified(
    cli: Cli, seed: str, is_kept: bool
) -> None:
    run = cli("run", f"{KINDS[0]}.yaml", *SEATS, seed, "--out", "out.jsonl")
    own = cli("replay", "out.jsonl", "--as", "A")
    for shown in (run, cli("replay", "out.jsonl"), own):
        (headline,) = spaced(shown.out).split("AGREEMENT in round ")[1:]
        assert headline[6:].startswith(TOLD) is not is_kept
    told = json.loads(cli("run", f"{KINDS[0]}.yaml", *SEATS, seed, "--json").out)
    assert told["status"] == "agreement"


def test_a_person_is_told_that_it_does_not_hold(cli: Cli) -> None:
    typed = b"offer tonnes=2000, floor=middle\n" * 8
    with stdin_of(typed):
        shown = cli(
            "play", f"{KINDS[0]}.yaml", "--as", "B", "--seat", "A=conceder", "--seed", FAILS
        )
    assert "to you before it is ratified, " in spaced(shown.out)
    assert TOLD in spaced(shown.out)


def test_a_hall_tells_it_in_its_headline(cli: Cli) -> None:
    shown = spaced(cli("run", "plenary.yaml", *SEATS, FAILS).out)
    assert TOLD in shown
    signed = spaced(cli("run", "forum.yaml", *SEATS, FAILS).out)
    assert "0 out; in force, not ratified by Bland tonnes 2,000" in signed


def test_points_on_the_table_and_in_the_result_are_told_apart(cli: Cli) -> None:
    shown = spaced(cli("run", f"{KINDS[0]}.yaml", *SEATS, FAILS).out)
    assert ", to be ratified)" in shown
    assert "Signing, before it is ratified, as it stood on the table, was worth" in shown
    assert "to Bland; the points of the result are those after it was put to the capitals" in shown


@pytest.mark.parametrize(("seed", "kept"), [(PASSES, "true"), (FAILS, "false")])
def test_tables_have_a_column_for_it(cli: Cli, tmp_path: Path, seed: str, kept: str) -> None:
    cli("run", f"{KINDS[0]}.yaml", *SEATS, seed, "--out", "out.jsonl")
    for table in ("sessions", "seats"):
        cli("convert", "out.jsonl", f"{table}.csv", "--table", table)
    (session,) = _rows(tmp_path / "sessions.csv")
    assert session["holds"].casefold() == kept
    ratified = [one["ratified"].casefold() for one in _rows(tmp_path / "seats.csv")]
    assert ratified == ["", kept]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
