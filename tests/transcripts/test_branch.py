"""A branch shares its parent's talks up to a move, and nothing after."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates import negotiate, resume
from delegates.seats import SCRIPTED_MINDS
from games.errors import TranscriptError
from games.scenario import Scenario
from tests.delegates.sessions import bare, events_of, forged, mini
from tests.support.domains import scenarios
from tests.transcripts.test_golden import FIRST
from transcripts import branch, verify
from transcripts.events import FORMAT_VERSION, Decided, HandedOver, MoveMade, Opened, Seat
from transcripts.exports.rows import read_session
from transcripts.fold import fold
from transcripts.store import Transcript, decode, write_linked

MINDS = st.sampled_from(sorted(SCRIPTED_MINDS))


def seat(mind: str) -> Seat:
    return Seat(spec=mind, decides=f"code ({mind})", words="templates")


def branched(path: Path, at: int, seats: dict[str, Seat] | None = None, name: str = "b") -> Path:
    out = path.with_name(f"{name}-{at}.jsonl")
    return branch(path, out, at=at, session=f"{name}-{at}", program="test", seats=seats).path


def moves_of(path: Path) -> list[MoveMade]:
    return [event for event in events_of(path) if isinstance(event, MoveMade)]


def header_of(path: Path) -> Opened:
    header = events_of(path)[0]
    assert isinstance(header, Opened)
    return header


@given(
    game=scenarios(),
    minds=st.lists(MINDS, min_size=4, max_size=4),
    seed=st.integers(0, 99),
    share=st.floats(0, 1),
)
def test_a_branch_with_the_same_seats_ends_as_its_parent_did(
    tmp_path_factory: pytest.TempPathFactory,
    game: Scenario,
    minds: list[str],
    seed: int,
    share: float,
) -> None:
    path = tmp_path_factory.mktemp("branch") / "whole.jsonl"
    negotiate(game, dict(zip(game.ids, minds, strict=False)), seed=seed, transcript=path)
    whole = path.read_bytes()
    copy = branched(path, round(share * len(moves_of(path))))

    resume(copy)

    assert bare(events_of(copy))[1:] == bare(events_of(path))[1:]
    assert (verify(copy).ok, verify(copy).complete) == (True, True)
    assert path.read_bytes() == whole


def test_every_move_can_be_branched_after(finished: Path) -> None:
    count = len(moves_of(finished))
    for at in range(count + 1):
        copy = branched(finished, at)
        found = verify(copy)
        assert (found.ok, found.complete, found.problems) == (True, False, [])
        assert moves_of(copy) == [
            event.model_copy(update={"prev": mine.prev})
            for event, mine in zip(moves_of(finished)[:at], moves_of(copy), strict=True)
        ]


def test_kept_lines_are_the_parents_but_for_their_links(finished: Path) -> None:
    link = re.compile(rb'"(prev|hash)":"[0-9a-f]{64}"')
    copy = branched(finished, 7)

    mine, other = (path.read_bytes().splitlines()[1:] for path in (copy, finished))

    assert len(mine) == 7
    assert [link.sub(b"", line) for line in mine] == [link.sub(b"", line) for line in other[:7]]


def test_a_branch_names_its_parent_and_who_sits_otherwise(finished: Path) -> None:
    copy = branched(finished, 7, {"USA": seat("conceder")})

    header, parent = header_of(copy), header_of(finished)

    assert header.parent is not None
    assert header.parent.model_dump() == {
        "session": parent.session,
        "event": 7,
        "hash": decode(finished.read_bytes().splitlines()[7])[1],
        "moves": 7,
        "seats": ("USA",),
    }
    assert (header.session, header.program, header.format) == ("b-7", "test", FORMAT_VERSION)
    assert {party: sits.spec for party, sits in header.seats.items()} == {
        "USA": "conceder",
        "COD": "linear",
    }
    assert (header.scenario, header.seed) == (parent.scenario, parent.seed)


def test_another_delegate_goes_another_way_and_the_parent_stays(finished: Path) -> None:
    whole = finished.read_bytes()
    copy = branched(finished, 2, {"COD": seat("conceder")})

    resume(copy)

    assert moves_of(copy)[:2] == [
        event.model_copy(update={"prev": mine.prev})
        for event, mine in zip(moves_of(finished)[:2], moves_of(copy), strict=False)
    ]
    later = [[event.outcome for event in moves_of(path)[2:]] for path in (copy, finished)]
    assert later[0] != later[1]
    assert {event.decided_by for event in moves_of(copy)[2:] if event.party == "COD"} == {
        "code (conceder)"
    }
    assert verify(copy).ok
    assert finished.read_bytes() == whole


def test_a_branch_needs_its_parent_no_more(finished: Path) -> None:
    copy = branched(finished, 5)
    finished.unlink()

    assert resume(copy).status == "agreement"
    assert verify(copy).ok


def test_a_branch_can_be_branched(finished: Path) -> None:
    first = branched(finished, 9, name="first")
    resume(first)
    second = branched(first, 4, name="second")
    third = branched(first, 12, name="third")
    for copy in (second, third):
        resume(copy)
        parent = header_of(copy).parent
        assert parent is not None
        assert parent.session == "first-9"
        assert bare(events_of(copy))[1:] == bare(events_of(finished))[1:]
        assert verify(copy).ok


def test_a_branch_that_keeps_every_move_comes_to_its_result_at_once(finished: Path) -> None:
    copy = branched(finished, len(moves_of(finished)))

    record = resume(copy)

    kinds = [event.type for event in events_of(copy)[len(moves_of(finished)) + 1 :]]
    assert kinds == ["closed", "found"]
    assert record.status == "agreement"


def test_a_branch_begins_without_a_word_of_interruption(finished: Path) -> None:
    copy = branched(finished, 6)
    resume(copy)
    assert "resumed" not in {event.type for event in events_of(copy)}


def test_an_interrupted_branch_is_carried_on(finished: Path) -> None:
    copy = branched(finished, 6)
    resume(copy)
    lines = copy.read_bytes().splitlines(keepends=True)
    for kept in range(7, len(lines)):
        copy.write_bytes(b"".join(lines[:kept]) + lines[kept][:30])
        resume(copy)
        assert bare(events_of(copy))[1:] == bare(events_of(finished))[1:]
        assert verify(copy).ok


@pytest.mark.parametrize("kept", [3, 8])
def test_a_torn_or_unfinished_parent_can_be_branched(finished: Path, kept: int) -> None:
    lines = finished.read_bytes().splitlines(keepends=True)
    whole = bare(events_of(finished))[1:]
    finished.write_bytes(b"".join(lines[: kept + 1]) + lines[kept + 1][:70])
    left = finished.read_bytes()

    copy = branched(finished, kept)
    resume(copy)

    assert bare(events_of(copy))[1:] == whole
    assert finished.read_bytes() == left


def test_what_stands_before_the_damage_can_still_be_branched(finished: Path) -> None:
    finished.write_bytes(finished.read_bytes().replace(b'"turn":9,', b'"turn":8,', 1))

    copy = branched(finished, 9)

    assert verify(copy).ok
    with pytest.raises(TranscriptError, match=r"finished\.jsonl: event 10: the content does not"):
        branched(finished, 10)


@pytest.mark.parametrize(
    "reads",
    [read_session, lambda path: branched(path, 20), lambda path: fold(Transcript(path).events())],
)
def test_a_file_that_can_be_read_no_further_is_named_once_by_whoever_folds_it(
    finished: Path, monkeypatch: pytest.MonkeyPatch, reads: Callable[[Path], object]
) -> None:
    told = f"{finished}: event 9: the file was cut short while it was read"
    line = Transcript.line

    def cut_short(transcript: Transcript, number: int) -> bytes:
        if number < 9:
            return line(transcript, number)
        raise TranscriptError(told)

    monkeypatch.setattr(Transcript, "line", cut_short)
    with pytest.raises(TranscriptError) as caught:
        reads(finished)
    assert str(caught.value) == told
    assert verify(finished).problems == [told]


@pytest.mark.parametrize("at", [-1, 21, 1000])
def test_moves_that_were_not_made_cannot_be_kept(finished: Path, at: int) -> None:
    assert len(moves_of(finished)) == 20
    reason = rf"finished\.jsonl: {at} moves cannot be kept: it holds 20; expected 0 to 20$"
    with pytest.raises(TranscriptError, match=reason):
        branched(finished, at)
    assert [path.name for path in finished.parent.iterdir()] == ["finished.jsonl"]


def test_an_existing_file_is_not_overwritten(finished: Path, short: Path) -> None:
    before = short.read_bytes()
    with pytest.raises(TranscriptError, match=r"short\.jsonl: exists already"):
        branch(finished, short, at=2, session="s", program="test")
    assert short.read_bytes() == before


def test_a_seat_for_no_party_is_named(finished: Path) -> None:
    with pytest.raises(TranscriptError, match="seat 'FRA': no such party; the session has USA, "):
        branched(finished, 2, {"FRA": seat("firm")})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no transcript: it holds no whole line"),
        (b"{}\n", "event 0: the line does not end in a hash"),
    ],
)
def test_a_file_that_is_no_transcript_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "other.jsonl"
    path.write_bytes(content)
    with pytest.raises(TranscriptError, match=rf"other\.jsonl: {reason}"):
        branched(path, 0)


def test_a_session_of_format_1_can_be_branched(tmp_path: Path) -> None:
    out = tmp_path / "b.jsonl"
    branch(FIRST, out, at=3, session="b", program="test")
    made = [event for event in events_of(FIRST) if isinstance(event, MoveMade)]
    assert verify(out).ok
    assert header_of(out).format == FORMAT_VERSION
    assert bare(events_of(out))[1:] == bare(events_of(FIRST)[1 : made[2].n + 1])


def test_what_kept_moves_cost_is_not_the_branchs_spending(tmp_path: Path) -> None:
    out = tmp_path / "b.jsonl"
    branch(FIRST, out, at=3, session="b", program="test")
    told: Any = fold(events_of(out)).record().as_json()
    assert (told["model_calls"], told["cost_usd"], told["moves"]) == (0, 0.0, 3)
    assert sum(told["tokens"].values()) == 0


def handed_over(path: Path) -> Path:
    """Write a session in which the seat of USA is held by a stand-in from its second turn on."""
    events = events_of(path)
    handed = HandedOver(turn=2, party="USA", to="stand-in", reason="no answer")
    out = path.with_name("handed.jsonl")
    write_linked(out, [*events[:3], handed, *events[3:6]])
    return out


def test_a_stand_in_keeps_a_seat_unless_it_is_given_to_another(finished: Path) -> None:
    path = handed_over(finished)
    same, other, before = (
        branched(path, 4, name="same"),
        branched(path, 4, {"USA": seat("firm")}, name="other"),
        branched(path, 2, name="before"),
    )
    held = [sorted(fold(events_of(copy)).stand_ins) for copy in (same, other, before)]
    assert held == [["USA"], [], []]


def test_a_seat_given_to_another_is_not_held_in_a_branch_of_the_branch(finished: Path) -> None:
    handed = handed_over(finished)
    other = branched(handed, 4, {"USA": seat("firm")}, name="other")
    grown = other.with_name("grown.jsonl")
    write_linked(grown, [*events_of(other), *events_of(handed)[6:]])
    held = [
        sorted(fold(events_of(branched(path, at, name=name))).stand_ins)
        for path, at, name in ((other, 4, "same"), (other, 3, "before"), (grown, 5, "after"))
    ]
    assert held == [[], [], []]
    assert header_of(other.with_name("after-5.jsonl")).seats["USA"] == seat("firm")


def test_what_a_person_decided_is_kept_with_the_move_it_led_to(finished: Path) -> None:
    events = events_of(finished)
    first = events[3]
    assert isinstance(first, MoveMade)
    decided = Decided(turn=2, party="USA", act=first.act, outcome=first.outcome, words="So be it.")
    path = finished.with_name("person.jsonl")
    write_linked(path, [*events[:3], decided, *events[3:6]])
    kinds = {at: [event.type for event in events_of(branched(path, at, name="p"))] for at in (2, 3)}
    assert kinds[2] == ["opened", "moved", "moved"]
    assert kinds[3] == ["opened", "moved", "moved", "decided", "moved"]
    assert verify(path.with_name("p-3.jsonl")).ok


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"event": 30}, "after move 19, event 30; found 20 moves among 22 events"),
        ({"event": 18}, "after move 19, event 18; found 18 moves among 22 events"),
        ({"event": 21}, "after move 19, event 21; found 20 moves among 22 events"),
        ({"moves": 3}, "after move 3, event 19; found 19 moves among 22 events"),
        ({"event": 0}, "after move 19, event 0; found 0 moves among 22 events"),
    ],
)
def test_a_branch_that_lacks_what_it_shares_is_not_sound(
    finished: Path, change: dict[str, int], found: str
) -> None:
    copy = branched(finished, 19)
    resume(copy)
    lines = copy.read_bytes().splitlines(keepends=True)
    copy.write_bytes(b"".join(lines[:22]))
    parent = header_of(copy).parent
    assert parent is not None
    told = forged(copy, {0: {"parent": parent.model_copy(update=change)}})

    assert verify(told).problems == [f"event 0: branched off {found} up to there"]
    with pytest.raises(TranscriptError, match="branched off after move"):
        resume(told)


def test_a_branch_point_before_the_header_is_no_event_of_any_version(finished: Path) -> None:
    copy = branched(finished, 2)
    parent = header_of(copy).parent
    assert parent is not None
    told = forged(copy, {0: {"parent": parent.model_copy(update={"event": -1})}})
    (problem,) = verify(told).problems
    assert problem.startswith("event 0: not an event this version knows: opened.parent.event: ")


def test_branches_share_no_state_with_each_other(finished: Path) -> None:
    one, two = branched(finished, 5, name="one"), branched(finished, 5, name="two")
    before = two.read_bytes()
    resume(one)
    assert two.read_bytes() == before
    resume(two)
    assert bare(events_of(one))[1:] == bare(events_of(two))[1:]


def test_a_game_of_three_rounds_is_branched_at_its_very_beginning(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    negotiate(mini(rounds=3), {"USA": "firm", "COD": "firm"}, transcript=path)
    copy = branched(path, 0, {"USA": seat("conceder"), "COD": seat("conceder")})
    assert [event.type for event in events_of(copy)] == ["opened"]
    other = tmp_path / "o.jsonl"
    negotiate(mini(rounds=3), {"USA": "conceder", "COD": "conceder"}, transcript=other)
    resume(copy)
    assert bare(events_of(copy))[1:] == bare(events_of(other))[1:]
