"""Where moves stand along the bar, and which move stands nearest to a place on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.recordings import TALKS, offers, pair, recorded, several
from tui.replay import History, Offsets, Recording, read_history
from tui.replay import reading as readings
from tui.replay.columns import Column
from tui.replay.scales import SCALES, Scale, duration, scale_of


def whole(path: Path) -> History:
    return [*read_history(Recording(path))][-1]


@given(st.lists(st.floats(0, 1, width=32), min_size=2, max_size=40), st.floats(0, 1))
def test_the_move_at_a_place_is_the_nearest_one(places: list[float], share: float) -> None:
    ordered = np.sort(np.array(places, dtype=np.float32))
    scale = Scale(total=len(ordered), places=ordered)

    found = scale.moves_at(share)

    away = np.abs(ordered.astype(np.float64) - share)
    assert away[found - 1] == pytest.approx(away.min())


@pytest.mark.parametrize("kind", SCALES)
def test_every_scale_goes_from_the_first_move_to_the_last(kind: str) -> None:
    history = whole(TALKS)
    scale = scale_of(kind, history, len(history), None)  # pyright: ignore[reportArgumentType]

    shares = scale.shares(np.arange(1, len(history) + 1)).tolist()

    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_rounds_are_as_long_as_each_other_however_many_moves_they_have(tmp_path: Path) -> None:
    of = several(3)
    history = whole(recorded(tmp_path / "t.jsonl", of, offers(of, [1, 2, 3, 1, 2, 3, 1])))

    shares = scale_of("rounds", history, 7, None).shares(np.array([1, 4, 7]))

    assert shares.tolist() == pytest.approx([0, 0.5, 1])


def test_where_all_was_kept_at_once_time_tells_moves_apart_evenly(tmp_path: Path) -> None:
    of = pair()
    history = whole(recorded(tmp_path / "t.jsonl", of, offers(of, [1, 2, 3])))

    assert history.times.tolist() == [0, 0, 0]
    assert scale_of("time", history, 3, None).places is None


@pytest.mark.parametrize(
    ("milliseconds", "told"), [(0, "0:00"), (61_900, "1:01"), (3_600_000, "1:00:00")]
)
def test_a_length_of_time_is_told_as_clocks_do(milliseconds: int, told: str) -> None:
    assert duration(milliseconds) == told


@pytest.mark.parametrize(
    ("at", "told"), [("1970-01-01T00:00:01.500Z", 1500), ("soon", 0), ("", 0), ("9" * 400, 0)]
)
def test_a_time_that_is_none_is_taken_for_the_beginning(at: str, told: int) -> None:
    assert readings.milliseconds(at) == told


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=1400),
    st.lists(st.tuples(st.integers(0, 1399), st.lists(st.integers(0, 9), min_size=1, max_size=40))),
)
def test_offsets_are_sums_of_heights_however_they_were_settled(
    guesses: list[int], settled: list[tuple[int, list[int]]]
) -> None:
    offsets, heights = Offsets(guesses[:700]), [*guesses]
    offsets.extend(guesses[700:])
    for first, known in settled:
        if first + len(known) <= len(heights):
            offsets.settle(first, known)
            heights[first : first + len(known)] = known
    tops = np.concatenate(([0], np.cumsum(heights)))

    assert offsets.total == tops[-1]
    assert [offsets.top(item) for item in range(len(heights) + 1)] == tops.tolist()
    for line in range(0, int(tops[-1]), 7):
        item = offsets.at(line)
        assert tops[item] <= line < tops[item + 1]


@given(st.lists(st.integers(-9, 9), max_size=3000))
def test_what_was_read_of_a_column_stays_while_more_is_added(values: list[int]) -> None:
    column = Column(np.int32)
    for value in values[:1500]:
        column.append(value)
    first = column.read()
    for value in values[1500:]:
        column.append(value)

    assert first.tolist() == values[:1500]
    assert column.read().tolist() == values
    assert not first.flags.writeable


def test_of_a_very_long_session_every_other_state_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = pair(rounds=60)
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [1 + turn % 3 for turn in range(100)]))
    plain = whole(path)
    monkeypatch.setattr(readings, "MOST_CHECKPOINTS", 4)
    monkeypatch.setattr(readings, "CHECKPOINT", 8)

    history = whole(path)

    assert len(history.checkpoints) <= 4
    assert history.stride == 32
    assert [history.state(moves) for moves in range(101)] == [
        plain.state(moves) for moves in range(101)
    ]


def test_reading_is_stopped_where_it_is_asked_whether_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "_ASKED_EVERY", 2)
    of = pair()
    reader = readings.HistoryReader(
        Recording(recorded(tmp_path / "t.jsonl", of, offers(of, [1, 2, 3, 1, 2])))
    )
    told: list[int] = []

    def go_on(events: int) -> bool:
        told.append(events)
        return events < 4

    assert [*reader.read_on(go_on)] == []
    assert told == [2, 4]
    assert len([*reader.read_on()][-1]) == 5


def test_the_last_offers_of_a_party_are_found_however_far_back(tmp_path: Path) -> None:
    of = pair(rounds=2000)
    tonnes = [3, 1, *[None if turn % 2 else 2 for turn in range(3)]]
    history = whole(recorded(tmp_path / "t.jsonl", of, offers(of, tonnes[:3])))

    assert history.last_offers(0, 3, 5).tolist() == [0, 2]
    assert history.last_offers(1, 3, 1).tolist() == [1]
    assert history.last_offers(1, 1, 1).tolist() == []
    assert history.last_offer(1, 1) is None
