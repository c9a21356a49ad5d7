"""Plenaries and forums on the command line: told in few lines, sealed where they are private."""

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from games.moves import BreakSilence, Merge, Offer, OpenSilence
from games.protocols.hall import HallState
from games.scenario import Scenario
from games.session import start, step
from tests.games.protocols.halls import hall_scenarios
from tests.tui.cli.conftest import Cli
from tests.tui.halls import HALL, crowd, hall, held, legal_move
from transcripts.acts import act_of, outcome_of, terms_of
from transcripts.events import MoveMade
from transcripts.fold import fold
from transcripts.store import Transcript
from tui.cli.hall_text import HallText

KEYS = {
    "kind",
    "chair",
    "rounds",
    "adopted_by",
    "count",
    "signatures",
    "in_force",
    "bound_weight",
    "needed_weight",
    "vows",
    "deals",
    "pledges",
    "rooms",
    "yielded",
}
"""What `run --json` says of a plenary or forum."""


@pytest.fixture(autouse=True)
def hall_file(home: Path, tmp_path: Path) -> None:
    """The working folder holds the small hall, and a forum of fifty-six."""
    del home
    (tmp_path / "hall.yaml").write_text(HALL, encoding="utf-8")
    (tmp_path / "forum.yaml").write_text(HALL.replace("plenary", "forum"), encoding="utf-8")


def run(cli: Cli, *more: str, of: str = "hall.yaml") -> str:
    seats = [f"--seat={party}=linear" for party in ("ANN", "BEA", "CYR", "DOR")]
    shown = cli("run", of, *seats, "--seed", "1", "--out", "out.jsonl", *more)
    assert shown.code == 0
    return shown.out


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_plenary_is_told_by_floors_texts_rooms_votes_and_signatures(cli: Cli) -> None:
    told = flat(run(cli))

    for pattern in (
        r"Round 1 of 5",
        r"Annland asks for price floor \d+ USD/kg · joint fund for mines…",
        r"No text yet; what is asked for \(\d of 3 issues in brackets\):",
        r"The chair \(Annland\) puts forward a text: price floor \d+ USD/kg",
        r"Side deal of Beania and Cyria: a railway\.",
        r"! Annland threatens, unless the text has “.+”: a tariff on Beania\.",
        r"The text \(\d of 3 issues in brackets\):",
        r"Private caucus \d+ on .+: (they promise each other to support|nothing agreed)",
        r"Vote: \d yes, \d no, \d abstaining: (not )?adopted",
        r"Signatures: \d binding, \d declaratory, \d out\. (The text is in|Not in) force: \d+%",
        r"of the weight is bound, 50% is needed\.",
        r"ADOPTED by vote in round \d of \d: \d binding, \d declaratory, \d out; (not )?in force",
        r"binding \(\d\) .+ declaratory \(\d\) .+ stay out \(\d\)",
        r"a fund for mines: \d of \d pay",
        r"Side deals that stand: Beania and Cyria\.",
        r"Threats and promises Annland threatened, unless the text had .+: a tariff on Beania; ",
    ):
        assert re.search(pattern, told), pattern


def test_brackets_name_who_asks_and_give_the_chairs_reading_first(cli: Cli) -> None:
    lines = [line.strip() for line in run(cli).splitlines()]
    brackets = [line for line in lines if line.startswith("price floor: [")]

    assert re.fullmatch(r"price floor: \[\d+: [\w, ]+( \| \d+: [\w, ]+)+\] USD/kg", brackets[0])
    assert re.fullmatch(r"price floor: \[\d+( \| \d+: [\w, ]+)+\] USD/kg", brackets[1])


def test_every_move_has_a_line_only_where_that_is_wanted(cli: Cli) -> None:
    quiet = run(cli)
    Path("out.jsonl").unlink()
    loud = run(cli, "-v")

    assert "votes yes" not in quiet
    assert "Annland votes yes." in loud
    assert "      “Annland" not in quiet
    assert "      “Annland" in loud
    assert len(loud.splitlines()) > len(quiet.splitlines())


def test_fifty_six_delegations_are_told_without_pages(tmp_path: Path, cli: Cli) -> None:
    held(crowd(), tmp_path / "crowd.jsonl")
    shown = cli("replay", "crowd.jsonl", "--plain")
    live, _, result = shown.out.partition("SIGNED")

    assert shown.code == 0
    assert "In writing: " in live
    assert len(live.splitlines()) < 45 * 4
    assert len(result.splitlines()) < 160
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "consumers (28)" in result
    assert "Best off: " in result


@pytest.mark.parametrize("of", ["hall.yaml", "forum.yaml"])
def test_no_line_is_wider_than_the_page(cli: Cli, of: str) -> None:
    told = run(cli, "-v", of=of)

    assert max(len(line) for line in told.splitlines() if "out.jsonl" not in line) <= 80


def test_the_json_of_a_hall_has_the_contracts_keys(cli: Cli) -> None:
    told: Any = json.loads(run(cli, "--json"))
    found = told["hall"]

    assert found.keys() == KEYS
    assert (told["in_force"], told["signatures"]) == (found["in_force"], found["signatures"])
    assert found["adopted_by"] == "vote"
    assert found["count"].keys() == {
        "yes",
        "no",
        "abstained",
        "weight",
        "needed",
        "blocked_by",
        "short_of",
        "adopted",
    }
    assert set(found["signatures"]) == {"ANN", "BEA", "CYR", "DOR"}
    for room in found["rooms"]:
        assert room.keys() == {"number", "kind", "members", "issues", "round", "moves", "agreed"}
    for yielded in found["yielded"].values():
        assert yielded.keys() == {"in_plenary", "in_rooms", "face_lost"}
    for vow in found["vows"]:
        assert vow.keys() == {"by", "to", "kind", "settles", "measure", "room", "due", "kept"}
    assert json.loads(cli("resume", "out.jsonl", "--json").out)["hall"] == found


def test_a_seat_hears_no_caucus_and_no_approach_of_others(cli: Cli) -> None:
    run(cli)
    everything = flat(cli("replay", "out.jsonl", "--plain", "-v").out)
    folded = fold(Transcript(Path("out.jsonl")).events())
    secret = {event.room for event in folded.made if event.heard_by and event.room is not None}
    rooms = folded.record().proceedings
    assert rooms is not None
    ids = folded.scenario.ids
    for party in ids:
        own = flat(cli("replay", "out.jsonl", "--plain", "-v", "--as", party).out)
        caucuses = [
            met
            for met in rooms.rooms
            if met.room.number in secret and party in [ids[k] for k in met.room.members]
        ]
        assert own.count("Private caucus on") == len(caucuses)
        heard_deals = party in ("BEA", "CYR")
        assert ("is ready for a side deal" in own) == heard_deals
        assert ("Side deal of Beania and Cyria" in own) == heard_deals
        assert own.count("a caucus on") <= everything.count("a caucus on")


def test_a_room_replays_as_a_session_of_its_own(cli: Cli) -> None:
    run(cli)
    shown = cli("replay", "out.jsonl", "--room", "1")

    assert shown.code == 0
    assert shown.out.startswith("Informal 1, round 1\n")
    assert "The text when it met: price floor" in flat(shown.out)
    assert "accepts." in shown.out or "proposes" in shown.out


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (("--room", "77"), "no room 77 that met; expected 1, 2"),
        (("--room", "1", "--as", "XYZ"), "--as 'XYZ': no such party"),
        (("--room", "1", "--as", "CYR"), "--as CYR: it was not in that room"),
    ],
)
def test_a_room_that_cannot_be_shown_is_refused_in_a_line(
    cli: Cli, more: tuple[str, ...], problem: str
) -> None:
    run(cli)
    shown = cli("replay", "out.jsonl", *more)

    assert shown.code == 1
    assert problem in shown.line


def test_talks_at_a_table_have_no_rooms(cli: Cli) -> None:
    cli("run", "mini.yaml", "--seed", "1", "--out", "mini.jsonl")

    assert "is no plenary or forum" in cli("replay", "mini.jsonl", "--room", "1").line


def test_genius_has_no_word_for_a_hall(cli: Cli) -> None:
    shown = cli("convert", "hall.yaml", "out.xml")

    assert shown.code == 1
    assert "Genius's files cannot hold it" in shown.line


def test_check_tells_what_surrounds_the_table_a_line_each(cli: Cli) -> None:
    told = flat(cli("check", "hall.yaml").out)

    for words in (
        "plenary: 5 rounds and 1 by extension, ANN chairs, all speak aloud",
        "market: the outsider holds 50% (judgement)",
        "alternatives: 2 of ANN",
        "outside: the outsider answers a text in force",
        "statecraft: threats 1, promises 1",
        "side deals: 1",
        "fund: a fund for mines, 3 members",
        "participation: a text is signed; in force by 50% of the weight",
    ):
        assert words in told, words


def test_scenarios_are_listed_with_their_protocols(cli: Cli) -> None:
    told = flat(cli("scenarios").out)

    assert "alternating-offers, difficulty 2 of 5, about 15 minutes" in told
    assert "plenary, difficulty" in told


def told_of(of: Scenario, seed: int, lots: Random, seat: str | None, *, verbose: bool) -> list[str]:
    """Return what is written of a session of random legal moves."""
    lines: list[str] = []
    state = start(of, seed)
    assert isinstance(state, HallState)
    live = HallText(lines.append, state, seat, verbose)
    for _ in range(60):
        if not state.is_open:
            break
        move = legal_move(state, lots)
        room = state.room
        event = MoveMade(
            turn=state.turn,
            round=state.now,
            party=state.party,
            act=act_of(move),
            outcome=outcome_of(of, move),
            on=terms_of(move),
            stage=state.stage,
            room=None if room is None else room.number,
        )
        state, _ = step(state, move)
        assert isinstance(state, HallState)
        live.move(event, state)
    return lines


@hypothesis_settings(max_examples=40, deadline=None)
@given(
    of=hall_scenarios(),
    seed=st.integers(0, 9),
    lots=st.randoms(use_true_random=False),
    own=st.booleans(),
    verbose=st.booleans(),
)
def test_whatever_is_done_in_a_hall_is_told_within_the_page(
    of: Scenario, seed: int, lots: Random, own: bool, verbose: bool
) -> None:
    seat = of.ids[0] if own else None
    lines = told_of(of, seed, lots, seat, verbose=verbose)

    assert all(len(part) <= 80 for line in lines for part in line.split("\n"))


def test_a_silence_procedure_says_who_broke_it() -> None:
    of = hall()
    text = of.space.index({"floor": 85, "fund": 100, "form": "declaration"})
    moves = [*[Offer(text)] * 4, Merge(text), OpenSilence(), BreakSilence()]
    lines: list[str] = []
    state = start(of, 1)
    assert isinstance(state, HallState)
    live = HallText(lines.append, state)
    for move in moves:
        event = MoveMade(
            turn=state.turn,
            round=0,
            party=state.party,
            act=act_of(move),
            outcome=outcome_of(of, move),
            stage=state.stage,
        )
        state, _ = step(state, move)
        assert isinstance(state, HallState)
        live.move(event, state)

    assert lines[-1] == "  Silence procedure: broken by Beania."
