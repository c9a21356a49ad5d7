"""A transcript cut back to its last sound event: what its replies cost is not forgotten."""

import os
import re
import shutil
from errno import ENOSPC, EPERM
from pathlib import Path

import pytest

from delegates.books import KILLED, cut_off, spent_by
from delegates.settings import Settings
from games.errors import TranscriptError
from games.files.writing import Draft, clear_drafts
from tests.delegates.sessions import events_of, forged, settings_at
from tests.transcripts.test_golden import FIRST
from transcripts import verify
from transcripts.events import Failed, Replied
from transcripts.fold import fold
from transcripts.rescue import DAMAGED, cut_back


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A session of models, nine of whose replies were bought."""
    return Path(shutil.copy(FIRST, tmp_path / "t.jsonl"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(home=tmp_path)


def damage(path: Path, number: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[number] = lines[number].replace(b'"turn"', b'"torn"')
    path.write_bytes(b"".join(lines))


def costs(events: list[Replied]) -> float:
    return sum(event.cost_usd or 0.0 for event in events)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 7, 12, 25])
def test_replies_that_are_given_up_still_count_against_a_cap(
    path: Path, settings: Settings, number: int
) -> None:
    before = events_of(path)
    replies = [event for event in before if isinstance(event, Replied)]
    given_up = [event for event in replies if event.n > number and not event.from_cache]
    damage(path, number)

    cut = cut_back(path)

    assert cut is not None
    assert (cut.event, [*cut.replies]) == (number, given_up)
    events = events_of(path)
    told = events[-1]
    assert isinstance(told, Failed)
    assert told.n == number
    assert told.cost_usd == pytest.approx(costs(given_up))
    kept = [event for event in replies if event.n < number]
    spent = spent_by(events[1:], settings, has_ended=False)
    assert spent.cost_usd == pytest.approx(costs(kept))
    assert spent.lost_cost_usd == pytest.approx(costs(given_up))


def test_a_question_whose_reply_is_damaged_counts_as_in_flight(
    path: Path, settings: Settings
) -> None:
    first = next(event.n for event in events_of(path) if isinstance(event, Replied))
    damage(path, first)
    cut_back(path)
    (in_flight,) = cut_off(fold(events_of(path)).own_events, settings)
    assert in_flight.reason == KILLED


def test_the_time_between_the_damage_and_its_mending_is_nobodys(
    path: Path, settings: Settings
) -> None:
    number = 12
    whole_s = spent_by(events_of(path)[1:number], settings, has_ended=True).time_s
    damage(path, number)
    cut_back(path)
    assert spent_by(events_of(path)[1:], settings, has_ended=True).time_s == whole_s


def test_a_cut_session_is_sound_and_says_where_and_why_it_was_cut(path: Path) -> None:
    damage(path, 12)
    (problem,) = verify(path).problems
    cut_back(path)
    found = verify(path)
    assert (found.ok, found.complete, found.events) == (True, False, 13)
    told = events_of(path)[-1]
    assert isinstance(told, Failed)
    assert told.reason == (
        f"{DAMAGED}: {problem}; what it held from there on is kept in t.jsonl.damaged"
    )


def test_a_result_that_is_not_that_of_the_moves_is_given_up_and_found_again(path: Path) -> None:
    closed = next(event for event in events_of(path) if event.type == "closed")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: closed.n + 1]))
    path = forged(path, {closed.n: {"utilities": {"USA": 99.0, "COD": 1.0}}})
    assert re.match(rf"event {closed.n}: ", verify(path).problems[0])

    cut = cut_back(path)

    assert cut is not None
    assert cut.event == closed.n
    assert verify(path).ok


def without_links(*_: object) -> None:
    raise OSError(EPERM, os.strerror(EPERM))


def full(*_: object, **__: object) -> None:
    raise OSError(ENOSPC, os.strerror(ENOSPC))


def test_without_hard_links_a_damaged_file_is_kept_aside_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(path, 12)
    before = path.read_bytes()
    monkeypatch.setattr(os, "link", without_links)

    cut = cut_back(path)

    assert cut is not None
    assert cut.kept.read_bytes() == before
    assert verify(path).ok


def test_without_hard_links_a_full_disk_leaves_a_damaged_file_its_name(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(path, 12)
    before = path.read_bytes()
    monkeypatch.setattr(os, "link", without_links)
    monkeypatch.setattr(Draft, "fill", full)

    with pytest.raises(TranscriptError, match="cannot be written: No space left"):
        cut_back(path)

    assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == {path.name: before}


@pytest.mark.parametrize("has_links", [True, False])
def test_a_damaged_file_whose_folder_is_cleared_meanwhile_is_cut_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    damage(path, 12)
    before, due, sync = path.read_bytes(), [clear_drafts], os.fsync

    def clears(number: int) -> None:
        sync(number)
        while due:
            due.pop()(path.parent)

    if not has_links:
        monkeypatch.setattr(os, "link", without_links)
    monkeypatch.setattr(os, "fsync", clears)
    cut = cut_back(path)

    assert cut is not None
    assert cut.kept.read_bytes() == before
    assert verify(path).ok
    assert len([*path.parent.iterdir()]) == 2


def test_of_a_file_without_a_sound_header_nothing_is_carried_on(path: Path) -> None:
    path.write_bytes(path.read_bytes()[1:])
    before = path.read_bytes()
    with pytest.raises(TranscriptError, match=r"t\.jsonl: event 0: .*; nothing before it"):
        cut_back(path)
    assert path.read_bytes() == before


def test_a_file_that_is_not_there_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match=r"t\.jsonl: cannot be written: No such file"):
        cut_back(tmp_path / "t.jsonl")
