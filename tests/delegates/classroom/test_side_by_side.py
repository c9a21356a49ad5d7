"""All debriefs of one session: the same as each alone, and what may not be told yet."""

from pathlib import Path

import pytest

from delegates.classroom.accuracies import accuracies_of, played_at
from delegates.classroom.side_by_side import SideBySide, side_by_side
from delegates.classroom.tables import read_tables
from delegates.debriefing.debrief import debrief, debriefs
from games.errors import UserError
from tests.delegates.classroom.tables import AGREED_HALF, LEFT, OPEN, sat, three
from tests.tui.recordings import TALKS


@pytest.fixture(scope="module")
def talks() -> SideBySide:
    """The debriefs of a fixed session side by side."""
    return side_by_side(TALKS)


def test_every_debrief_is_what_it_is_alone(talks: SideBySide) -> None:
    side = talks.sides[1]
    found, alone = side.debrief, debrief(TALKS, side.party)

    assert found.moves == alone.moves
    assert found.lessons == alone.lessons
    assert found.accuracies == alone.accuracies
    assert found.hindsight == alone.hindsight
    assert found.beliefs == alone.beliefs


def test_each_side_has_its_figures_and_its_costliest_move(talks: SideBySide) -> None:
    for side in talks.sides:
        own = side.debrief
        assert side.utility == own.utilities[side.party]
        assert side.reservation == own.reservations[side.party]
        losses = [one.loss or 0.0 for one in own.moves]
        worst = None if max(losses) == 0 else own.moves[losses.index(max(losses))].number
        assert (side.costliest and side.costliest.number) == worst
        spread = side.attainable - side.reservation
        assert side.advantage == pytest.approx((side.utility - side.reservation) / spread)


def test_a_person_at_an_unfinished_table_keeps_the_page_shut_until_it_is_stopped(
    tmp_path: Path,
) -> None:
    path = sat(tmp_path, "t", OPEN, 1, seats={"A": "human"})

    with pytest.raises(UserError, match="a person sits for A and the session is not over"):
        side_by_side(path)

    found = side_by_side(path, is_stopped=True)
    assert [one.party for one in found.sides] == ["A", "B"]
    assert found.status == "open"
    assert any("as if it ended here" in note for note in found.notes)
    assert not any(one.debrief.is_sealed for one in found.sides)


def test_an_unfinished_table_without_persons_is_told_as_far_as_it_went(tmp_path: Path) -> None:
    found = side_by_side(sat(tmp_path, "t", OPEN, 1))

    assert (found.status, found.moves, found.rounds) == ("open", 2, 1)


def test_accuracies_are_those_of_the_debriefs_however_many_work_them_out(tmp_path: Path) -> None:
    tables, _ = read_tables(three(tmp_path))
    told: list[tuple[int, int]] = []

    found = accuracies_of(tables, workers=2, watch=lambda *done: told.append(done))

    assert told == [(1, 3), (2, 3), (3, 3)]
    assert found == accuracies_of(tables, workers=1)
    for one in debriefs(tables[0].path):
        assert found["table-1"][one.party] == (one.accuracy, one.accuracy_error)


def test_who_sat_there_is_told_with_the_stand_ins_moves(tmp_path: Path) -> None:
    sat(tmp_path, "t", AGREED_HALF, 1, seats={"A": "human", "B": "boulware"})
    found = side_by_side(tmp_path / "t.jsonl")
    a, b = (one.sitting for one in found.sides)

    assert (a.is_person, a.moves, a.stand_in_moves, a.hand_overs) == (True, 2, 0, 0)
    assert (b.is_person, b.spec, b.moves) == (False, "boulware", 2)


def test_a_party_that_left_still_has_its_reservation_value(tmp_path: Path) -> None:
    found = side_by_side(sat(tmp_path, "t", LEFT, 1))

    assert [(one.utility, one.advantage) for one in found.sides] == [(20, 0.0), (20, 0.0)]
    assert found.efficiency.nash_ratio == 0.0
    assert played_at(found.path).keys() == {"A", "B"}
