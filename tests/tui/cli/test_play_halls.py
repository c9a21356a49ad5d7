"""A person sits in a hall, line by line: what is asked, what can be typed now, what is sealed."""

import contextlib
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from delegates.contract import View
from delegates.views import view_of
from games.moves import Adjourn, Approach, Merge, Move, Offer, OpenSignature, Pass
from games.session import start, step
from tests.tui.cli.conftest import Cli, Shown
from tests.tui.halls import HALL, hall
from transcripts.fold import fold
from transcripts.store import Transcript
from tui.cli.hall_commands import act_in_hall, examples, read_in_hall
from tui.text.hall_seat import hall_situation

TEXT = "offer floor=85, fund=100, form=declaration"

Play = Callable[..., Shown]


@contextlib.contextmanager
def stdin_of(lines: tuple[str, ...]) -> Iterator[None]:
    """Let stdin be a pipe that holds some lines and then ends."""
    number, end = os.pipe()

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), os.fdopen(end, "wb") as pipe:
            pipe.write("".join(f"{line}\n" for line in lines).encode())

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(number, encoding="utf-8") as pipe, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", pipe)
        yield
        # One that reads on would take the lines of the next pipe of the same number.
        for thread in threading.enumerate():
            if thread.name == "typed":
                thread.join()
    writer.join()


@pytest.fixture
def play(cli: Cli, tmp_path: Path) -> Play:
    """Play the small hall with some lines typed."""
    (tmp_path / "hall.yaml").write_text(HALL, encoding="utf-8")

    def run(*lines: str, party: str = "ANN", more: tuple[str, ...] = ()) -> Shown:
        others = [f"--seat={one}=firm" for one in ("ANN", "BEA", "CYR", "DOR") if one != party]
        with stdin_of(lines):
            return cli(
                "play",
                "hall.yaml",
                "--as",
                party,
                *others,
                "--seed",
                "1",
                "--out",
                "o.jsonl",
                *more,
            )

    return run


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_chair_is_asked_on_the_floor_then_in_the_chair(play: Play) -> None:
    told = flat(play(TEXT, "suggest", "merge", "park floor", "adjourn").out)

    assert "Round 1 of 5: you have the floor." in told
    assert "Round 1 of 5: you chair, and the floor is closed." in told
    assert "The chair's rule: merge: price floor" in told
    assert "The chair (Annland) puts forward a text: " in told
    assert "The chair (Annland) parks price floor." in told
    assert "price floor (parked): [" in told
    assert "The floor speaks to joint fund for mines…, legal form; the rest stands as in" in told


def test_the_text_is_worth_so_much_against_no_agreement_the_own_ask_and_the_best(
    play: Play,
) -> None:
    told = flat(play(TEXT, "merge floor=85, fund=100, form=summary", "text").out)

    assert (
        "Worth 40.0 to you (+20.0 over no agreement); what you last asked 60.0; the most you could "
        "sign 100.0."
    ) in told


def test_a_text_worth_less_than_no_agreement_is_told_so(play: Play) -> None:
    told = flat(play(TEXT, "merge floor=0, fund=0, form=summary", "text").out)

    assert re.search(r"Worth [\d.]+ to you \([\d.]+ LESS than no agreement\)", told)


def test_everything_can_be_done_in_turn(play: Play) -> None:
    shown = play(
        "threaten tariff unless floor=85",
        TEXT,
        "merge",
        "informal floor with BEA, Cyria",
        "group floor, fund",
        "reopen",
        "vote",
        "vote yes: Let us be done.",
        "adjourn",
        "amend fund 500",
        "quit",
    )
    folded = fold(Transcript(Path("o.jsonl")).events())
    own = [event for event in folded.made if event.party == "ANN" and event.room is None]

    assert [event.act for event in own] == [
        "threaten",
        "offer",
        "merge",
        "call-informal",
        "group",
        "reopen",
        "put-to-vote",
        "vote",
        "adjourn",
        "offer",
    ]
    assert own[0].on == {"measure": "tariff", "issue": "floor", "option": "85"}
    assert own[3].on == {"issue": "floor", "members": ["BEA", "CYR"]}
    assert own[7].words == "Let us be done."
    assert own[-1].outcome == {"floor": 85, "fund": 500, "form": "declaration"}
    assert shown.code == 130


def test_help_lists_what_is_possible_now_and_every_example_can_be_typed(play: Play) -> None:
    told = play("help", TEXT, "help", "merge", "adjourn", "help", "amend", "quit").out
    first, chair, floor = (
        part.split("What only shows")[0] for part in told.split("What you can do now:")[1:]
    )

    assert "  amend" not in first
    assert "Name an issue and an option, as in: amend ISSUE OPTION" in told
    assert re.search(r"^  amend floor \S+", floor, re.MULTILINE)
    assert "  adjourn" not in floor
    assert "  adjourn" in chair
    assert "  amend" not in chair
    assert "  suggest" in chair


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("adjourn", "adjourn is not possible now; help lists what is."),
        ("vote yes", "vote is not possible now; help lists what is."),
        ("amend floor 85", "amend is not possible now; help lists what is."),
        ("offer floor=7", "There is no option of floor '7'; there are 0, 60, 85, 110."),
        ("threaten", "Name what the text is to have as ISSUE=OPTION."),
        ("threaten war unless floor=85", "There is no measure 'war'; yours: tariff."),
        ("threaten tariff unless", "Name what the text is to have as ISSUE=OPTION."),
        ("promise XYZ for floor=85", "There is no delegation 'XYZ'; there are ANN, BEA, CYR, DOR."),
        ("promise ANN for floor=85", "That cannot be done: no other delegation 'ANN'."),
        ("pass now", "pass takes nothing more; to say something: end it with : WORDS"),
        ("frobnicate", "There is no command 'frobnicate'; help lists them."),
        ("who XYZ", "There is no delegation 'XYZ'; there are ANN, BEA, CYR, DOR."),
    ],
)
def test_what_cannot_be_done_is_answered_by_one_line(play: Play, line: str, problem: str) -> None:
    told = play(line, "quit").out

    assert flat(problem) in flat(told)


def test_an_act_below_the_reservation_value_is_asked_about_first(play: Play) -> None:
    told = flat(play("offer floor=0, fund=0, form=summary", "no", "quit").out)

    assert "That is worth 0.0 to you, 20.0 LESS than without agreement." in told
    assert "Nothing was done." in told


def test_side_deals_and_measures_are_told_to_those_whose_they_are(play: Play) -> None:
    told = flat(play("affairs", "approach rail", "pass", "quit", party="BEA").out)

    assert "Side deal rail with CYR: a railway, worth 3.0 to you." in told
    assert "You can promise aid: aid for ports, towards CYR" in told
    assert "tariff: a tariff" not in told


def test_others_rooms_and_approaches_are_sealed(play: Play) -> None:
    told = flat(play(*["pass"] * 9, "talks", "quit", party="DOR").out)

    assert "railway" not in told
    folded = fold(Transcript(Path("o.jsonl")).events())
    assert any(event.act == "approach" for event in folded.made)
    for event in folded.made:
        if event.heard_by is not None and "DOR" not in event.heard_by:
            assert event.act in ("approach", "offer", "accept", "pass", "promise", "walk-away")


def test_signing_tells_what_each_way_is_worth() -> None:
    of = hall("forum")
    text = of.space.index({"floor": 85, "fund": 100, "form": "declaration"})
    state = start(of, 1)
    for move in (*[Offer(text)] * 4, Merge(text), OpenSignature()):
        state, _ = step(state, move)
    view = view_of(state, [], 1)
    assert view.hall is not None
    told = flat(" ".join(hall_situation(view, view.hall)))

    assert re.search(r"To sign binding is worth [\d.]+ to you as things stand, declaratory", told)
    assert "The text comes into force with a chance of" in told


def seat_after(*moves: Move) -> View:
    """Return the view of whoever is to move after some moves."""
    state = start(hall(), 1)
    for move in moves:
        state, _ = step(state, move)
    return view_of(state, [], 1)


@pytest.mark.parametrize(
    "moves",
    [
        (),
        (Pass(),),
        (Offer(10), Offer(10), Offer(10), Offer(10)),
        (*[Offer(10)] * 3, Offer(20), Merge(10)),
        (*[Offer(10)] * 3, Offer(20), Merge(10), Adjourn()),
        (Pass(), Approach("rail")),
    ],
)
def test_every_example_of_help_is_understood_and_legal(moves: tuple[Move, ...]) -> None:
    view = seat_after(*moves)
    assert view.hall is not None
    typed = [one for one, _ in examples(view, view.hall) if "|" not in one and one != "offer"]

    assert typed
    for line in typed:
        command = read_in_hall(view, view.hall, line)
        assert act_in_hall(view, view.hall, command) is not None, line
