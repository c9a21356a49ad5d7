"""A transcript of every format ever written is read for ever; these files never change."""

import hashlib
import shutil
from pathlib import Path
from typing import get_args

import pytest

from delegates import resume
from games.preparation import Guess, Sheet, Trade
from games.protocols.hall import HallState, Stage
from tests.delegates.sessions import events_of
from transcripts import Transcript, verify
from transcripts.acts import ACTS
from transcripts.events import (
    Asked,
    Decided,
    Event,
    Failed,
    HandedOver,
    Happened,
    MoveMade,
    Opened,
    Prepared,
    Replied,
    Retried,
    SessionClosed,
    Suggested,
    Tokens,
    Unusable,
)
from transcripts.fold import fold
from transcripts.store import decode, seal

DATA = Path(__file__).parent / "data"
FIRST = DATA / "format_1.jsonl"
"""Two model-driven seats; a retry, an unusable reply, a cap met and the session resumed."""


SECOND = DATA / "format_2.jsonl"
"""A branch. Before it: a person, a stand-in for one move, a menu, every reply from the cache.
Since: another model for one seat, a lost connection, an unusable reply, an offer below reservation,
a refused key and the session resumed, the seat handed over and taken back."""

THIRD = DATA / "format_3.jsonl"
"""A plenary of scripted seats that makes every act but one: rooms of each kind, a threat and
promises, a side deal, a broken silence, a lost vote, an extension, one who leaves, signatures,
pledges, and word kept and broken."""

FORUM = DATA / "format_3_forum.jsonl"
"""A forum, whose text is opened for signature."""

FOURTH = DATA / "format_4.jsonl"
"""Two persons, and all kinds of things between their moves: shocks by date, by lot, planned by a
trainer and called by one; orders of each kind from a capital, a request refused and one granted;
and a vote at home."""

FIFTH = DATA / "format_5.jsonl"
"""A person who prepared a sheet, guessed again at half time and asked the adviser three times."""

GOLDEN = [FIRST, SECOND, THIRD, FORUM, FOURTH, FIFTH]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_golden_file_is_the_one_that_was_written(path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest == path.with_suffix(".sha256").read_text().strip()


def test_format_1_holds_every_kind_of_event() -> None:
    union, _ = get_args(Event)
    since = {Decided, Failed, HandedOver, Happened, Prepared, Suggested}
    assert {type(event) for event in events_of(FIRST)} == set(get_args(union)) - since


def test_format_2_holds_every_kind_of_event() -> None:
    union, _ = get_args(Event)
    since = {Happened, Prepared, Suggested}
    assert {type(event) for event in events_of(SECOND)} == set(get_args(union)) - since


@pytest.mark.parametrize(
    ("path", "events"),
    [(FIRST, 28), (SECOND, 45), (THIRD, 64), (FORUM, 25), (FOURTH, 36), (FIFTH, 24)],
)
def test_golden_files_are_sound_and_complete(tmp_path: Path, path: Path, events: int) -> None:
    *lines, _ = path.read_bytes().splitlines(keepends=True)
    copy = tmp_path / "without_findings.jsonl"  # which belong to the referee of their day
    copy.write_bytes(b"".join(lines))
    found = verify(copy)
    assert (found.ok, found.complete, found.events) == (True, True, events)


def test_format_1_tells_the_session_it_told_when_it_was_written() -> None:
    record = fold(events_of(FIRST)).record(FIRST)
    told = record.as_json()
    assert told["session"] == "mini-20261124-005042-7-b011"
    assert told["agreement"] == {"volume": 1, "price": 40, "rail": "rail"}
    assert told["utilities"] == {"USA": 0.0, "COD": 100.0}
    assert told["payoffs"] == {"USA": 1.339823797, "COD": 96.873744474}
    assert (told["rounds"], told["moves"], told["model_calls"]) == (3, 5, 9)
    assert told["tokens"] == {"input": 5202, "output": 196, "cached": 512, "reasoning": 0}
    assert record.offers[0] == (0, "USA", {"volume": 4, "price": 20, "rail": "no rail"})


def test_format_1_keeps_words_prompts_and_prices() -> None:
    events = events_of(FIRST)
    header = events[0]
    assert isinstance(header, Opened)
    assert header.seats["COD"].spec == "menu:tiny-stub+llm:tiny-stub"
    made = [event for event in events if isinstance(event, MoveMade)]
    assert made[0].words == "We propose – “firmly” – these terms."
    bought = [event for event in events if isinstance(event, Replied)]
    assert bought[1].cost_usd == (812 - 512 + 512) * 0.25e-6 + 64 * 2e-6
    assert bought[4].logprobs == (("B", -0.25), ("A", -1.75))


def test_format_1_closes_as_its_moves_do() -> None:
    closed = next(event for event in events_of(FIRST) if isinstance(event, SessionClosed))
    assert closed.status == "agreement"
    assert Transcript(FIRST).header().format == 1


def test_format_2_tells_the_session_it_told_when_it_was_written() -> None:
    told = fold(events_of(SECOND)).record(SECOND).as_json()
    assert told["session"] == "mini-20261125-170445-7-6239"
    assert told["agreement"] == {"volume": 3, "price": 20, "rail": "no rail"}
    assert told["utilities"] == {"USA": 84.0, "COD": 37.0}
    assert told["payoffs"] == {"USA": 76.371637388, "COD": 36.01113818}
    assert (told["rounds"], told["moves"]) == (6, 12)


def test_format_2_counts_what_the_branch_spent_itself() -> None:
    record = fold(events_of(SECOND)).record()
    calls = [(900, 0, 140), (940, 768, 210), (990, 896, 200), (1030, 896, 170), (1010, 896, 90)]
    worked = sum(
        (input_ - cached) * 1.25e-6 + cached * 0.125e-6 + output * 10e-6
        for input_, cached, output in calls
    )
    assert (record.spend.calls, record.spend.cost_usd) == (5, pytest.approx(worked, abs=1e-12))
    assert record.spend.tokens == Tokens(input=4870, output=810, cached=3456, reasoning=650)


def test_format_2_says_where_it_branched_off_and_whose_seat_is_anothers() -> None:
    header = Transcript(SECOND).header()
    assert (header.format, header.seed) == (2, 7)
    parent = header.parent
    assert parent is not None
    assert (parent.session, parent.event, parent.moves, parent.seats) == (
        "mini-20261125-170445-7-b4df",
        16,
        4,
        ("COD",),
    )
    assert {party: seat.spec for party, seat in header.seats.items()} == {
        "USA": "human",
        "COD": "llm(guard=flag):deep-stub",
    }


def test_format_2_tells_how_replies_came_and_what_became_of_them() -> None:
    events = events_of(SECOND)
    replies = [event for event in events if isinstance(event, Replied)]
    assert [reply.from_cache for reply in replies] == [True] * 5 + [False] * 5
    assert replies[1].logprobs == (("B", -0.25), ("A", -1.75))
    assert {reply.sent_as for reply in replies[5:]} == {"strict"}
    assert [event.fault for event in events if isinstance(event, Unusable)] == ["unparsable"]
    asked = [event for event in events if isinstance(event, Asked)]
    assert asked[-1].answer_schema is not None
    assert asked[0].answer_schema is None
    (retried,) = [event for event in events if isinstance(event, Retried)]
    assert (retried.reason, retried.tokens.output) == ("connection dropped", 1200)
    assert retried.cost_usd == pytest.approx(4799 * 1.25e-6 + 1200 * 10e-6, abs=1e-12)
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert failed.reason.startswith("HTTP 401")


def test_format_2_tells_what_a_person_did_and_who_stood_in() -> None:
    events = events_of(SECOND)
    handed = [event for event in events if isinstance(event, HandedOver)]
    assert [(event.turn, event.to, event.turns) for event in handed] == [
        (0, "stand-in", 1),
        (8, "stand-in", None),
        (10, "person", None),
    ]
    decided = [event for event in events if isinstance(event, Decided)]
    assert [(event.turn, event.words) for event in decided] == [
        (2, "We can do this much."),
        (4, ""),
        (6, ""),
        (10, "We are back, and propose this."),
    ]
    flagged = [event for event in events if isinstance(event, MoveMade) and event.flags]
    assert [(event.turn, event.flags) for event in flagged] == [(5, ("below-reservation",))]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_finished_session_is_returned_as_it_is(tmp_path: Path, path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path / "copy.jsonl"))
    assert resume(copy).status == "agreement"
    assert copy.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", [THIRD, FORUM, FOURTH, FIFTH], ids=lambda path: path.stem)
def test_every_event_since_format_3_is_written_as_it_was_read(path: Path) -> None:
    for line in path.read_bytes().splitlines():
        event, digest = decode(line)
        again, same = seal(event.model_dump_json().encode()[:-1])
        assert (again, same) == (line + b"\n", digest)


def test_format_3_holds_every_act() -> None:
    made = {event.act for path in (THIRD, FORUM) for event in moves_of(path)}
    acts = {*ACTS} - {"ask-capital"}
    assert made == acts
    assert acts - {event.act for event in moves_of(THIRD)} == {"open-signature"}


def moves_of(path: Path) -> list[MoveMade]:
    return [event for event in events_of(path) if isinstance(event, MoveMade)]


def test_format_3_tells_the_plenary_it_told_when_it_was_written() -> None:
    told = fold(events_of(THIRD)).record(THIRD).as_json()
    assert told["session"] == "hall-20261125-200000-7-9a3c"
    assert told["agreement"] == {"volume": 3, "price": 20, "rail": "rail"}
    assert (told["rounds"], told["moves"]) == (4, 62)
    # USA 74, binding, + fund 9·2/3 − 4, − 4 for backing down; EUE 91, binding, + 8·2/3 − 3, − 3
    # for the loans; COD declares .4 of 67 − 31.0625, + fund 7.5625·2/3, deal 4.1875, loans 8;
    # IDN left with 20 and its deal of 3.
    assert told["utilities"] == {
        "USA": 72.0,
        "EUE": 90.333333333,
        "COD": 62.666666667,
        "IDN": 23.0,
    }
    assert told["payoffs"] == {
        "USA": 69.530064,
        "EUE": 86.491210667,
        "COD": 60.808088833,
        "IDN": 22.823576,
    }


def test_format_3_tells_the_forum_it_told_when_it_was_written() -> None:
    record = fold(events_of(FORUM)).record(FORUM)
    assert isinstance(record.state, HallState)
    assert record.state.signatures == ("binding", "declaratory", "binding", "out")
    assert record.state.agreement is not None
    assert record.as_json()["agreement"] == {"volume": 3, "price": 20, "rail": "rail"}


def test_format_3_tells_at_which_stage_and_in_which_room_a_move_was_made() -> None:
    moves = moves_of(THIRD)
    assert {event.stage for event in moves} == {*get_args(Stage)}
    rooms = [(event.room, event.act) for event in moves if event.stage == "room"]
    assert [act for room, act in rooms if room == 0] == [
        "offer",
        "promise",
        "offer",
        "accept",
        "accept",
    ]
    assert {room for room, _ in rooms} == {0, 1, 2}
    assert all(event.room is None for event in moves if event.stage != "room")


def test_format_3_tells_who_alone_heard_a_move() -> None:
    heard = {(event.act, event.heard_by) for event in moves_of(THIRD) if event.heard_by}
    assert heard == {
        ("approach", ("COD", "IDN")),
        ("offer", ("USA", "EUE")),
        ("accept", ("USA", "EUE")),
    }


def test_format_3_tells_what_an_act_was_about() -> None:
    told = {event.act: event.on for event in moves_of(THIRD) if event.on}
    assert told["threaten"] == {"measure": "tariffs", "issue": "price", "option": "10"}
    assert told["call-informal"] == {"issue": "volume", "members": ["USA", "EUE", "COD"]}
    assert told["group"] == {"issues": ["volume", "price"]}
    assert told["carry-out"] == {"does": True}


def test_format_4_tells_the_session_it_told_when_it_was_written() -> None:
    told = fold(events_of(FOURTH)).record(FOURTH).as_json()
    assert told["session"] == "eventful-20261125-230000-5-e4b1"
    assert told["agreement"] == {"tonnes": 1000, "floor": "middle"}
    assert (told["rounds"], told["moves"]) == (6, 12)
    # A had 10 + 2 - 5 = 7 without agreement, B 30 - 10 x 1 - 3 + 1 = 18; 4.5 rounds at .98 each.
    assert told["utilities"] == {"A": 30.0, "B": 90.0}
    assert told["payoffs"] == {
        "A": pytest.approx(7 + 0.98**4.5 * 23, abs=1e-9),
        "B": pytest.approx(18 + 0.98**4.5 * 72, abs=1e-9),
    }


def test_format_4_tells_what_happened_between_the_moves_and_who_learned_of_it() -> None:
    happened = [event for event in events_of(FOURTH) if isinstance(event, Happened)]
    assert [
        (event.round + 1, event.what, event.by, event.shock, event.instruction, event.granted)
        for event in happened
    ] == [
        (2, "instruction", "capital", None, 0, None),
        (2, "shock", "trainer", "quota", None, None),
        (3, "shock", "date", "fall", None, None),
        (4, "answer", "capital", None, None, False),
        (4, "instruction", "capital", None, 1, None),
        (5, "shock", "lot", "lot", None, None),
        (5, "answer", "capital", None, None, True),
        (5, "instruction", "capital", None, 2, None),
        (5, "shock", "trainer", "vote", None, None),
        (6, "instruction", "capital", None, 3, None),
    ]
    public = {event.shock for event in happened if event.heard_by is None}
    assert public == {"quota", "fall", "vote"}
    assert {event.heard_by for event in happened if event.heard_by} == {("A",)}
    assert happened[0].words == (
        "The capital lets nothing be signed in this round. Wait for the minister."
    )


def test_format_4_tells_what_was_to_strike_and_what_a_capital_was_asked_for() -> None:
    header = Transcript(FOURTH).header()
    assert header.format == 4
    assert [(one.shock, one.round) for one in header.shocks] == [("quota", 2)]
    asked = [event for event in moves_of(FOURTH) if event.act == "ask-capital"]
    assert [(event.on, event.heard_by) for event in asked] == [
        ({"issue": "tonnes", "option": "1000"}, ("A",))
    ] * 2
    assert [event.act for event in moves_of(FOURTH)].count("pass") == 1


def test_formats_before_the_fourth_plan_no_shocks() -> None:
    for path in (FIRST, SECOND, THIRD, FORUM):
        assert Transcript(path).header().shocks == ()


def test_format_5_tells_the_session_it_told_when_it_was_written() -> None:
    told = fold(events_of(FIFTH)).record(FIFTH).as_json()
    assert told["session"] == "prepared-20261126-014000-5-7c1d"
    assert told["agreement"] == {"volume": 3, "price": 30, "rail": "rail"}
    assert told["utilities"] == {"USA": 60.0, "COD": 80.0}
    assert (told["rounds"], told["moves"]) == (6, 11)
    assert Transcript(FIFTH).header().format == 5


def test_format_5_keeps_the_sheet_and_the_guesses_at_half_time() -> None:
    before, again = fold(events_of(FIFTH)).sheets
    assert (before.n, before.turn, before.party, before.when) == (1, 0, "USA", "before")
    assert before.sheet == Sheet(
        reservation=30,
        target=70,
        ranking=("volume", "price", "rail"),
        guesses={"COD": Guess(reservation=25, ranking=("price", "rail"))},
        opening={"volume": 4, "price": 10, "rail": "no rail"},
        trade=Trade(gives="rail", wants="volume"),
        walk_away=35,
    )
    assert (again.n, again.turn, again.party, again.when) == (12, 6, "USA", "half-time")
    assert again.sheet.guesses["COD"].ranking == ("rail", "price", "volume")


def test_format_5_keeps_what_the_adviser_said() -> None:
    told = [event for event in events_of(FIFTH) if isinstance(event, Suggested)]
    assert [(event.n, event.turn, event.act, event.outcome) for event in told] == [
        (2, 0, "offer", {"volume": 4, "price": 10, "rail": "no rail"}),
        (13, 6, "offer", {"volume": 3, "price": 20, "rail": "no rail"}),
        (20, 10, "accept", None),
    ]
    assert told[2].words.startswith("Accept what is on the table, worth 60.0 points to you.")


def test_formats_before_the_fifth_hold_no_sheets() -> None:
    for path in (FIRST, SECOND, THIRD, FORUM, FOURTH):
        assert fold(events_of(path)).sheets == []
