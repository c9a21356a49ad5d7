"""Sheets, guesses and advice in a transcript: what cannot have been given there is named."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from delegates import negotiate, resume
from delegates.fork import fork
from delegates.persons.person import AskAdvice, GuessAgain, HandOver, PersonMove
from games.preparation import Guess, Sheet
from tests.delegates.persons.test_aids import AGAIN, GAME, PATIENT
from tests.delegates.persons.test_person import BEST, Script
from tests.delegates.sessions import events_of, forged
from tests.transcripts.test_golden import FIFTH
from tests.transcripts.test_verify import assert_named
from transcripts import verify
from transcripts.events import Event, Prepared
from transcripts.exports import TABLES
from transcripts.exports.rows import read_session, rows
from transcripts.fold import fold
from transcripts.store import seal

SEALED, ADVISED, AGAIN_AT, ADVISED_AGAIN = 1, 2, 12, 13
"""Where the sheet, an advice, the guesses at half time and another advice stand."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(FIFTH, tmp_path / "s.jsonl"))


@pytest.mark.parametrize(
    ("number", "change", "reason"),
    [
        (
            SEALED,
            {"party": "ZAF"},
            "a preparation sheet of 'ZAF': no such party; expected USA, COD",
        ),
        (SEALED, {"turn": 3}, "a preparation sheet of USA at turn 3; expected turn 0"),
        (SEALED, {"sheet": Sheet(ranking=("labour",))}, "ranking: no issue 'labour'; expected vol"),
        (SEALED, {"sheet": Sheet(guesses={"USA": Guess()})}, "guesses: no counterpart 'USA'"),
        (SEALED, {"when": "half-time"}, "USA guesses again at half time, but has prepared nothing"),
        (AGAIN_AT, {"when": "before"}, r"a second preparation sheet of USA \(before\)"),
        (AGAIN_AT, {"when": "before", "party": "COD"}, "of COD at turn 6; expected turn 0"),
        (
            AGAIN_AT,
            {"when": "before", "party": "COD", "turn": 0},
            "a preparation sheet of COD after the first move",
        ),
        (AGAIN_AT, {"party": "COD"}, "COD guesses again at half time, but has prepared nothing"),
        (AGAIN_AT, {"turn": 8}, "USA guesses again at turn 8; expected USA at turn 6"),
        (AGAIN_AT, {"sheet": Sheet(ranking=("rail", "rail"))}, "an issue is named twice"),
        (ADVISED, {"party": "COD"}, "COD asks for advice at turn 0; expected USA at turn 0"),
        (ADVISED, {"outcome": {"volume": 9}}, "advice: volume has no option 9"),
        (ADVISED_AGAIN, {"turn": 7}, "USA asks for advice at turn 7; expected USA at turn 6"),
    ],
)
def test_what_cannot_have_been_given_is_named(
    path: Path, number: int, change: dict[str, object], reason: str
) -> None:
    assert_named(forged(path, {number: change}), number, reason)


def test_guesses_before_half_time_are_named(path: Path) -> None:
    early = {ADVISED: _as_guesses(0)}
    assert_named(_replaced(path, early), ADVISED, "guesses again in round 1 of 6: no half time")


def test_guesses_given_twice_are_named(path: Path) -> None:
    twice = {ADVISED_AGAIN: _as_guesses(6)}
    found = r"a second preparation sheet of USA \(half-time\)"
    assert_named(_replaced(path, twice), ADVISED_AGAIN, found)


def test_a_second_advice_of_a_turn_is_named(path: Path) -> None:
    told = events_of(path)[ADVISED_AGAIN]
    twice = {AGAIN_AT: told.model_copy(update={"n": AGAIN_AT})}
    assert_named(_replaced(path, twice), ADVISED_AGAIN, "a second advice of turn 6")


def _as_guesses(turn: int) -> Prepared:
    return Prepared(turn=turn, party="USA", when="half-time", sheet=AGAIN)


def _replaced(path: Path, events: Mapping[int, Event]) -> Path:
    """Write a transcript in which others stand for some events, every line sealed anew."""
    lines: list[bytes] = []
    last = ""
    for number, event in enumerate(events_of(path)):
        at = {"n": number, "at": event.at, "prev": last}
        line, last = seal(
            events.get(number, event).model_copy(update=at).model_dump_json().encode()[:-1]
        )
        lines.append(line)
    copy = path.with_name("replaced.jsonl")
    copy.write_bytes(b"".join(lines))
    return copy


def test_a_branch_keeps_the_sheet_and_what_was_guessed_and_advised(path: Path) -> None:
    for moves, sheets in ((1, 1), (6, 1), (7, 2), (11, 2)):
        out = path.with_name(f"branch_{moves}.jsonl")
        fork(path, at=moves, out=out)
        assert verify(out).ok
        assert len(fold(events_of(out)).sheets) == sheets


def test_a_branch_that_keeps_no_move_has_no_sheet(path: Path) -> None:
    out = path.with_name("branch.jsonl")
    fork(path, at=0, out=out)
    assert [event.type for event in events_of(out)] == ["opened"]
    script = Script({0: [PersonMove(BEST)]})
    resume(out, person=script, watch=script.watch)
    assert not any(turn.guesses_due for turn in script.asked)


def test_guesses_are_asked_for_in_a_branch_where_the_parent_had_not_come_so_far(
    path: Path,
) -> None:
    out = path.with_name("branch.jsonl")
    fork(path, at=4, out=out)
    script = Script({4: [PersonMove(BEST)], 6: [GuessAgain(AGAIN), HandOver()]})
    resume(out, person=script, watch=script.watch)
    assert [turn.view.turn for turn in script.asked if turn.guesses_due] == [6]
    assert verify(out).complete


CANARY = 31.41592
"""A figure that stands nowhere but on a sheet."""


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A session whose sheet, guesses and advice are full of canaries."""
    sheet = Sheet(
        reservation=CANARY,
        target=CANARY,
        walk_away=CANARY,
        guesses={"COD": Guess(reservation=CANARY)},
    )
    path = tmp_path / "secret.jsonl"
    script = Script(
        {
            0: [AskAdvice(), PersonMove(BEST)],
            2: [PersonMove(BEST)],
            4: [GuessAgain(sheet), AskAdvice(), HandOver()],
        }
    )
    negotiate(
        GAME,
        {"USA": "human(hints=yes)", **PATIENT},
        seed=2,
        transcript=path,
        person=script,
        watch=script.watch,
        sheets={"USA": sheet},
    )
    assert told_of(path.read_text())
    return path


def told_of(text: str) -> bool:
    """Whether a text gives away anything of a sheet, of guesses or of advice."""
    return "31.41" in text or "31.4" in text or "counterparts that fit" in text


def test_exported_tables_hold_nothing_of_sheets_guesses_and_advice(secret: Path) -> None:
    for table in TABLES:
        made = [*rows(table, read_session(secret))]
        assert made, table
        assert not told_of(json.dumps(made)), table
