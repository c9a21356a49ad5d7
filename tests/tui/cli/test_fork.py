import json
from pathlib import Path

import pytest

from tests.delegates.sessions import bare, events_of
from tests.tui.cli.conftest import Cli
from transcripts import Transcript


@pytest.fixture
def parent(cli: Cli, tmp_path: Path) -> Path:
    cli("run", "mini.yaml", "--seat=USA=boulware", "--seat=COD=linear", "--seed=1", "--out=a.jsonl")
    return tmp_path / "a.jsonl"


def test_fork_says_who_moves_next_who_sits_and_how_to_carry_on(cli: Cli, parent: Path) -> None:
    before = parent.read_bytes()

    shown = cli("fork", "a.jsonl", "--at", "5", "--seat", "USA=conceder", "--out", "b.jsonl")

    assert (shown.code, shown.err) == (0, "")
    assert shown.out.splitlines() == [
        "Kept 5 moves; next, DR Congo moves in round 3 of 12.",
        "  United States: decided by code (conceder), worded by templates",
        "  DR Congo: decided by code (linear), worded by templates",
        "Transcript: b.jsonl",
        "Carry on:   minilateral resume b.jsonl",
    ]
    assert parent.read_bytes() == before


def test_a_fork_is_resumed_replayed_and_verified_like_any_session(cli: Cli, parent: Path) -> None:
    cli("fork", "a.jsonl", "--at", "1", "--out", "b.jsonl")

    resumed, verified = cli("resume", "b.jsonl", "--json"), cli("verify", "b.jsonl", "--json")
    replayed = cli("replay", "b.jsonl", "--plain")

    assert json.loads(resumed.out)["status"] == "agreement"
    assert json.loads(verified.out) | {"events": 0} == {
        "ok": True,
        "complete": True,
        "events": 0,
        "problems": [],
        "notes": [],
    }
    session = Transcript(parent).header().session
    assert f"branched off {session} after move 1" in " ".join(replayed.out.split())
    assert bare(events_of(Path("b.jsonl")))[1:] == bare(events_of(parent))[1:]


def test_a_fork_that_keeps_everything_says_that_it_is_over(cli: Cli, parent: Path) -> None:
    moves = sum(event.type == "moved" for event in events_of(parent))

    shown = cli("fork", "a.jsonl", "--at", str(moves), "--out", "b.jsonl")
    resumed = cli("resume", "b.jsonl", "--json")

    first = shown.out.splitlines()[0]
    assert first.startswith(f"Kept {moves} moves, with which the session is over; ")
    assert json.loads(resumed.out)["moves"] == moves


def test_by_default_a_fork_lies_in_the_home_folder(cli: Cli, parent: Path, home: Path) -> None:
    shown = cli("fork", "a.jsonl", "--at", "1")

    (path,) = (home / "transcripts").iterdir()
    assert f"Transcript: {path}" in shown.out
    assert shown.out.splitlines()[0] == "Kept 1 move; next, DR Congo moves in round 1 of 12."


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["a.jsonl", "--at=99"], "a.jsonl: 99 moves cannot be kept: it holds 20; expected 0 to 20"),
        (["a.jsonl", "--at=-1"], "a.jsonl: -1 moves cannot be kept: it holds 20; expected 0 to 20"),
        (["no.jsonl", "--at=1"], "no.jsonl: cannot be read: No such file or directory"),
        (["mini.yaml", "--at=1"], "mini.yaml: event 0: the line does not end in a hash"),
        (["a.jsonl", "--at=1", "--out=a.jsonl"], "a.jsonl: exists already"),
        (["a.jsonl", "--at=1", "--seat=FRA=firm"], "seat 'FRA': no such party"),
        (["a.jsonl", "--at=1", "--seat=USA"], "--seat 'USA': expected ID=SPEC"),
        (["a.jsonl", "--at=1", "--seat=USA=what"], "unknown mind 'what'"),
        (["a.jsonl", "--at=1", "--seat=USA=llm:gpt-5-mini"], "model 'gpt-5-mini': no key for"),
    ],
)
def test_a_value_at_fault_gives_one_line(
    cli: Cli, parent: Path, arguments: list[str], reason: str
) -> None:
    shown = cli("fork", *arguments)

    assert (shown.code, shown.out) == (1, "")
    assert shown.line.startswith("minilateral: ")
    assert reason in shown.line


@pytest.mark.parametrize("arguments", [["a.jsonl"], ["a.jsonl", "--at=x"], ["--at=1"]])
def test_a_line_that_cannot_be_parsed_exits_with_2(
    cli: Cli, parent: Path, arguments: list[str]
) -> None:
    assert cli("fork", *arguments).code == 2
