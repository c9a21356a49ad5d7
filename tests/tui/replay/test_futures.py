"""Two sessions set against each other: what they share is known by the record alone."""

from pathlib import Path
from typing import Any

import pytest

from delegates import negotiate, resume
from games.errors import UserError
from games.session import payoffs
from tests.tui.recordings import closed, header, moved, offers, pair, recorded
from tests.tui.screens.test_hall_replay import PLENARY
from transcripts import branch
from transcripts.events import Event, MoveMade, Seat
from transcripts.store import Transcript
from tui.replay import Recording
from tui.replay.futures import Futures, futures, verdict

NAMES = {"BUY": "Buyer", "SUP": "Supplier"}


def session(folder: Path, name: str, *tonnes: int | None, **said: Any) -> Recording:
    """Write a session of offers, None for an acceptance."""
    of = pair()
    events: list[Event] = [*offers(of, tonnes)]
    path = recorded(folder / f"{name}.jsonl", of, events, session=name, **said)
    return Recording(path)


def branched(path: Path, at: int, name: str, **seats: str) -> Path:
    sits = {p: Seat(spec=s, decides=f"code ({s})", words="templates") for p, s in seats.items()}
    out = path.with_name(f"{name}.jsonl")
    branch(path, out, at=at, session=name, program="test", seats=sits)
    resume(out)
    return out


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    path = tmp_path / "parent.jsonl"
    negotiate(pair(), {"BUY": "boulware", "SUP": "boulware"}, seed=1, transcript=path)
    return path


def of(first: Path, second: Path) -> Futures:
    return futures(Recording(first), Recording(second))


def test_a_branch_shares_the_moves_that_were_kept(parent: Path) -> None:
    child = branched(parent, 4, "child", BUY="firm", SUP="firm")

    found = of(parent, child)

    assert found.shared == 4
    assert [move.number for move in found.second.moves][:2] == [5, 6]
    assert found.first.total == 4 + len(found.first.moves)
    assert of(child, parent).shared == 4


def test_branches_of_one_parent_and_of_a_branch_are_known_by_what_they_share(
    parent: Path,
) -> None:
    one = branched(parent, 5, "one", BUY="firm")
    other = branched(parent, 3, "other", BUY="linear")
    grandchild = branched(one, 2, "grandchild", SUP="firm")

    assert of(one, other).shared == 3
    assert of(parent, grandchild).shared == 2


def test_the_same_moves_made_at_another_time_are_not_shared(tmp_path: Path) -> None:
    first = session(tmp_path, "first", 3, 1, 2)
    again = [
        moved(pair(), turn, tonnes, words="Other words.") for turn, tonnes in enumerate([3, 1])
    ]
    second = Recording(recorded(tmp_path / "second.jsonl", pair(), again))

    found = futures(first, second)

    assert found.shared == 0
    assert [found.is_alike(row) for row in range(4)] == [True, True, None, None]
    assert found.rows == 3


def test_gains_are_the_second_less_the_first_with_time_counted(tmp_path: Path) -> None:
    first = session(tmp_path, "first", 3, 1, 2, None)
    second = session(tmp_path, "second", 3, 1, 3, None)

    found = futures(first, second)

    assert found.shared == 2
    ends = [payoffs(side.history.last) for side in (found.first, found.second)]
    assert found.gains == {p: ends[1][p] - ends[0][p] for p in ("BUY", "SUP")}
    assert found.gains == {"BUY": 20.0, "SUP": -30.0}
    assert found.first.agreement == {"tonnes": 2, "price": 20}
    assert verdict(found, NAMES) == (
        "The second future was better for Buyer (+20.0) and worse for Supplier (-30.0), "
        "time counted."
    )
    assert found.first.worth[0] == {"BUY": 50.0, "SUP": 50.0}


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ((2, None), (2, None), "Both came to the same for everyone, time counted."),
        ((2, None), (2,), "cannot be said yet: the second is unfinished."),
        ((2,), (2, None), "cannot be said yet: the first is unfinished."),
        ((), (2,), "cannot be said yet: the first and the second are unfinished."),
    ],
)
def test_the_verdict_follows_from_how_both_ended(
    tmp_path: Path, first: tuple[int | None, ...], second: tuple[int | None, ...], told: str
) -> None:
    found = futures(session(tmp_path, "first", *first), session(tmp_path, "second", *second))

    assert told in verdict(found, NAMES)


def test_better_for_all_is_worse_for_nobody(tmp_path: Path) -> None:
    first = Recording(
        recorded(tmp_path / "a.jsonl", pair(), [moved(pair(), 0, None, act="walk-away")])
    )
    second = session(tmp_path, "second", 2, None)

    told = verdict(futures(first, second), NAMES)

    assert told == (
        "The second future was better for Buyer (+30.0) and Supplier (+30.0) and worse for nobody, "
        "time counted."
    )


def test_sessions_of_different_scenarios_are_refused(tmp_path: Path) -> None:
    first = session(tmp_path, "first", 2)
    other = pair().model_copy(update={"id": "other"})
    second = Recording(recorded(tmp_path / "b.jsonl", other, [moved(other, 0, 2)]))
    third = pair(rounds=7)
    changed = Recording(recorded(tmp_path / "c.jsonl", third, [moved(third, 0, 2)]))

    with pytest.raises(UserError, match="of 'other' cannot be compared; expected one scenario"):
        futures(first, second)
    with pytest.raises(UserError, match="the scenario was changed between them"):
        futures(first, changed)


def test_others_points_are_sealed_while_a_person_sits_in_one_of_them(tmp_path: Path) -> None:
    seats = {**header(pair()).seats, "SUP": Seat(spec="human", decides="", words="")}
    first = session(tmp_path, "first", 2, None)
    second = session(tmp_path, "second", 2, 1, seats=seats)

    found = futures(first, second)

    assert found.visible == ("SUP",)
    assert found.see == "SUP"
    assert found.first.utilities == {"SUP": 50.0}
    assert found.second.utilities == {}
    assert found.second.worth[0] == {"SUP": 60.0}


def test_one_persons_points_are_sealed_from_another_too(tmp_path: Path) -> None:
    person = Seat(spec="human", decides="", words="")
    seats = dict.fromkeys(header(pair()).seats, person)
    first = session(tmp_path, "first", 2, None)
    second = session(tmp_path, "second", 2, 1, seats=seats)

    found = futures(first, second)

    assert found.visible == ("BUY",)
    assert found.see == "BUY"


def test_what_was_said_in_a_small_room_stays_there_until_the_close(tmp_path: Path) -> None:
    hall = Recording(PLENARY)
    made = [one for one in Transcript(PLENARY).events() if isinstance(one, MoveMade)]
    again = [one.model_copy(update={"words": "Others."}) for one in made[:14]]
    seats = {**hall.header.seats, "CYR": Seat(spec="human", decides="", words="")}
    paths = [
        recorded(tmp_path / f"{name}.jsonl", hall.scenario, events, seats=seats)
        for name, events in (("first", made[:14]), ("second", again))
    ]

    found = of(*paths)

    assert found.see == "CYR"
    in_room = range(8, 14)  # an informal of all but Cyria
    for side in (found.first, found.second):
        assert [row for row, move in enumerate(side.moves) if not move.is_heard] == [*in_room]
        assert not any(side.worth[row] or side.moves[row].words for row in in_room)


def test_a_finished_session_of_a_person_is_open(tmp_path: Path) -> None:
    seats = {**header(pair()).seats, "SUP": Seat(spec="human", decides="", words="")}
    first = session(tmp_path, "first", 2, None, seats=seats)
    second = session(tmp_path, "second", 3, None, seats=seats)

    assert futures(first, second).visible == ("BUY", "SUP")


def test_a_record_is_compared_as_far_as_it_is_sound(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.jsonl", pair(), [*offers(pair(), [3, 1, 2]), closed(pair())])
    lines = path.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"Words", b"words")
    path.write_bytes(b"".join(lines))

    found = futures(Recording(path), session(tmp_path, "b", 3, 1, 3))

    assert (found.first.total, found.second.total, found.shared) == (2, 3, 2)
    assert found.first.history.problem is not None
