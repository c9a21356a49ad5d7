from pathlib import Path

import numpy as np
import pytest

from delegates import negotiate
from games.errors import TranscriptError
from games.preparation import Sheet
from tests.games.eventful import eventful
from tests.games.happenings.test_happening import quiet
from tests.tui.recordings import (
    TALKS,
    header,
    long_recording,
    moved,
    offers,
    pair,
    recorded,
    spoilt,
)
from transcripts.events import (
    MoveMade,
    Parent,
    Prepared,
    Resumed,
    Retried,
    Seat,
    Unusable,
)
from transcripts.store import Transcript, seal, write_linked
from tui.replay import Recording
from tui.replay.recording import type_places
from tui.table.reading import open_record
from tui.text.wording import LONGEST_WORDS, shown_words
from tui.widgets.title_bar import seats_line


def test_every_line_is_told_apart_without_decoding_it() -> None:
    recording = Recording(TALKS)

    told = [
        number
        for number, event in enumerate(Transcript(TALKS).events())
        if isinstance(event, MoveMade)
    ]

    assert recording.lines.tolist() == told
    assert recording.decoded == 1


def test_types_stand_where_they_are_looked_for(tmp_path: Path) -> None:
    path = long_recording(tmp_path / "t.jsonl", 1200)
    content = path.read_bytes()

    places = type_places(np.array(Transcript(path).starts))

    assert {content[place : place + 5] for place in places.tolist()[1:]} == {b"moved"}
    assert content[places[0] :].startswith(b"opened")
    assert Recording(path).lines.tolist() == list(range(1, 1201))


def test_a_line_laid_out_otherwise_is_still_known(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, [])
    body = moved(of, 0, 1).model_dump_json().encode()[:-1].replace(b'{"n":0,', b'{ "n": 1,')
    path.write_bytes(path.read_bytes() + seal(body)[0])

    assert len(Recording(path)) == 1


def test_what_went_amiss_on_the_way_to_a_move_is_told_with_it(tmp_path: Path) -> None:
    of = pair()
    more = {"fallback": "no usable reply", "words_fallback": "silence"}
    path = recorded(
        tmp_path / "t.jsonl",
        of,
        [
            Retried(turn=0, party="BUY", attempt=1, reason="timeout", wait_s=1.0),
            Unusable(turn=0, party="BUY", purpose="decide", call=0, reason="not\n JSON"),
            Resumed(turn=0),
            moved(of, 0, 1, **more),
        ],
    )

    assert Recording(path).move(0).notices == (
        "asked again: timeout",
        "reply not usable: not JSON",
        "carried on after an interruption",
        "fallback decided: no usable reply",
        "template worded: silence",
    )


@pytest.mark.parametrize(
    ("persons", "see", "whose"),
    [("SUP", None, "yours"), ("BUY SUP", None, "SUP"), ("BUY SUP", "BUY", "SUP")],
)
def test_seats_given_anew_are_yours_where_nobody_else_looks_on(
    tmp_path: Path, persons: str, see: str | None, whose: str
) -> None:
    seats = dict(header(pair()).seats)
    seats |= {party: Seat(spec="human", decides="", words="") for party in persons.split()}
    parent = Parent(session="yesterday", event=1, hash="0" * 64, moves=1, seats=("SUP",))
    path = recorded(tmp_path / "t.jsonl", pair(), offers(pair(), [3, 1]), parent, seats=seats)

    recording = Recording(path)

    told = f"branched off yesterday after move 1; seats given anew: {whose}"
    assert recording.move(1, see).notices == (told,)
    assert seats_line(recording.header, see).endswith(told)


def test_a_move_is_decoded_once(tmp_path: Path) -> None:
    of = pair()
    recording = Recording(recorded(tmp_path / "t.jsonl", of, offers(of, [1, 2])))

    recording.move(1)
    recording.move(1)

    assert recording.decoded == 2


def test_a_move_on_a_broken_line_is_told_to_be_broken(tmp_path: Path) -> None:
    of = pair()
    path = spoilt(recorded(tmp_path / "t.jsonl", of, offers(of, [1, 2])), 2)

    move = Recording(path).move(1)

    assert move.event is None
    assert "does not match its hash" in move.notices[0]


def test_hostile_words_are_shown_as_plain_text() -> None:
    hostile = "\x1b[31mred\x1b]0;title\x07 [bold]not bold[/bold] \u202eevil\u202c \x00end"

    assert shown_words(hostile) == "red [bold]not bold[/bold] evil end"


def test_a_statement_of_a_megabyte_is_cut_and_says_so() -> None:
    shown = shown_words("word " * 200_000)

    assert len(shown) < LONGEST_WORDS + 50
    assert shown.endswith("(1,000,000 characters in all)")


def test_a_file_without_a_sound_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"no transcript\n")

    with pytest.raises(TranscriptError, match="event 0"):
        Recording(path)


def test_what_happened_is_told_however_often_a_model_was_asked_before_the_move(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.jsonl"
    seats = {"A": "firm", "B": "firm"}
    negotiate(eventful(), seats, seed=quiet(), transcript=path, shocks=["quota"])
    opened, struck, *rest = Transcript(path).events()
    tries = [
        Retried(turn=0, party="A", attempt=k, reason="HTTP 503 (busy)", wait_s=0.1)
        for k in range(80)
    ]
    write_linked(tmp_path / "t.jsonl", [opened, struck, *tries, *rest])
    told = Recording(tmp_path / "t.jsonl").move(0)
    assert told.happened == Recording(path).move(0).happened
    assert len(told.happened) == 1


@pytest.mark.parametrize("moves", [0, 2])
def test_a_sheet_is_found_behind_those_of_many_others(tmp_path: Path, moves: int) -> None:
    sheets = [Prepared(turn=0, party=f"P{n}", when="before", sheet=Sheet()) for n in range(20)]
    own = Prepared(turn=0, party="SUP", when="before", sheet=Sheet(target=7))
    made = offers(pair(), [3, 1])[:moves]
    path = recorded(tmp_path / "t.jsonl", pair(), [*sheets, own, *made])

    assert open_record(path, "SUP")[1] == own.sheet
    assert open_record(path, "BUY")[1] is None
    assert open_record(path, None)[1] is None
