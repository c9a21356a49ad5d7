"""What a list tells of recorded sessions, from their headers and last lines alone."""

import os
import shutil
from pathlib import Path

import pytest

from delegates.home import session_folder
from tests.transcripts.test_golden import FOURTH
from tests.tui.recordings import TALKS, closed, offers, pair, recorded
from transcripts.events import Parent
from tui.library import session_card, session_cards


def placed(home: Path, name: str, source: Path = TALKS, changed: int = 1_000) -> Path:
    """Put a copy of a transcript among a user's, as last changed at a time."""
    folder = session_folder(home)
    folder.mkdir(exist_ok=True)
    path = folder / name
    shutil.copyfile(source, path)
    os.utime(path, (changed, changed))
    return path


def test_a_finished_session_says_who_played_and_how_it_ended() -> None:
    card = session_card(TALKS)

    assert card.title == "A cobalt offtake, shortened for tests"
    assert card.when == "2026-02-04 09:00"
    assert card.ending == "agreement"
    assert card.round == 6
    assert card.is_finished
    assert card.is_sound
    assert [(seat.party, seat.name) for seat in card.seats] == [
        ("USA", "United States"),
        ("COD", "DR Congo"),
    ]
    assert card.persons == ()


def test_a_finished_session_says_what_each_party_had(tmp_path: Path) -> None:
    card = session_card(TALKS)
    assert {party: round(worth, 1) for party, worth in card.points.items()} == {
        "COD": 33.0,
        "USA": 42.5,
    }

    of = pair()
    unfinished = recorded(tmp_path / "t.jsonl", of, offers(of, [3]))
    assert session_card(unfinished).points == {}


def test_an_older_format_is_listed_as_well() -> None:
    card = session_card(FOURTH)

    assert card.is_sound
    assert card.problem == ""


def test_an_unfinished_session_says_in_which_round_it_stands(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, 2]))

    card = session_card(path)

    assert (card.ending, card.round) == ("unfinished", 1)
    assert not card.is_finished


def test_a_session_without_a_move_stands_in_no_round(tmp_path: Path) -> None:
    card = session_card(recorded(tmp_path / "t.jsonl", pair(), []))

    assert (card.ending, card.round) == ("unfinished", None)


def test_a_torn_last_line_leaves_a_session_unfinished(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, [*offers(of, [3, None]), closed(of)])
    path.write_bytes(path.read_bytes()[:-40])

    assert session_card(path).ending == "unfinished"


def test_a_branch_says_where_it_came_from(tmp_path: Path) -> None:
    parent = Parent(session="yesterday", event=1, hash="0" * 64, moves=1)
    path = recorded(tmp_path / "t.jsonl", pair(), [], parent=parent)

    assert session_card(path).branch_of == "yesterday, move 1"


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda _: b"", "no whole line"),
        (lambda _: b"\xff\xfe\x00 no transcript\n", "does not end in a hash"),
        (lambda whole: whole.replace(b"shortened", b"lengthened", 1), "does not match its hash"),
        (lambda whole: whole.replace(b"DR Congo accepts", b"DR Congo refuses"), None),
        (lambda whole: whole.replace(b'"status":"agreement"', b'"status":"disagreed"'), "match"),
        (lambda whole: whole[whole.index(b"\n") + 1 :], "header"),
    ],
    ids=["empty", "binary", "header changed", "move changed", "end changed", "headless"],
)
def test_a_damaged_file_is_listed_as_such(tmp_path: Path, spoil, problem: str | None) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(spoil(TALKS.read_bytes()))

    card = session_card(path)

    assert card.ending == "damaged"
    assert not card.is_sound
    assert card.title == "t.jsonl"
    assert (problem or "match") in card.problem


def test_sessions_come_in_the_order_of_their_last_change(tmp_path: Path) -> None:
    placed(tmp_path, "b.jsonl", changed=2_000)
    placed(tmp_path, "a.jsonl", changed=1_000)
    placed(tmp_path, "c.jsonl", changed=3_000)
    placed(tmp_path, "notes.txt", changed=4_000)

    assert [card.path.name for card in session_cards(tmp_path)] == ["c.jsonl", "b.jsonl", "a.jsonl"]


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    of = pair()
    path = placed(tmp_path, "a.jsonl")
    assert session_cards(tmp_path)[0].ending == "agreement"

    path.unlink()
    recorded(path, of, offers(of, [3]))

    assert session_cards(tmp_path)[0].ending == "unfinished"


def test_a_folder_that_is_not_there_holds_no_sessions(tmp_path: Path) -> None:
    assert session_cards(tmp_path / "none") == ()


def test_a_link_that_leads_to_itself_hides_no_other_session(tmp_path: Path) -> None:
    path = placed(tmp_path, "a.jsonl")
    (path.parent / "b.jsonl").symlink_to("b.jsonl")

    assert [card.path for card in session_cards(tmp_path)] == [path]


def test_the_end_is_found_behind_long_lines(tmp_path: Path) -> None:
    of = pair()
    moves = offers(of, [3, 1, 2], words="x" * 100_000)
    path = recorded(tmp_path / "t.jsonl", of, moves)

    card = session_card(path)

    assert (card.ending, card.round) == ("unfinished", 1)


def test_hostile_titles_are_made_safe(tmp_path: Path) -> None:
    hostile = pair().model_copy(update={"title": "\x1b[31mred\u202e title"})
    card = session_card(recorded(tmp_path / "t.jsonl", hostile, []))

    assert "\x1b" not in card.title
    assert "\u202e" not in card.title
