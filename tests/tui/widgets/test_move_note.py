"""A reviewed move as lines: whose it was, and how it is graded."""

from tests.tui.debriefs import note
from tui.widgets.move_note import move_row, note_lines


def test_a_move_of_the_stand_in_is_marked_by_sign_and_word() -> None:
    theirs = note(22, "mistake", "stand-in", is_stand_ins=True)

    row = move_row(theirs, 80).plain
    lines = [line.plain for line in note_lines(theirs, {}, 80)]

    assert "⇄" in row
    assert "your stand-in offers volume 22 t" in row
    assert "stand-in" not in move_row(note(22, "mistake"), 80).plain
    assert lines[0].endswith(" · by your stand-in")


def test_an_offer_that_cost_nothing_but_was_dominated_is_fine_and_not_the_best() -> None:
    row = move_row(note(7, "dominated-offer", "fine"), 80).plain

    assert "+  fine" in row
    assert "◇?" in row
    assert "!!" not in row
