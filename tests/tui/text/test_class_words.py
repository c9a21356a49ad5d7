"""Words of the pages for a class: the debriefs of a table side by side, and tables compared."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from delegates.classroom.comparison import Comparison, compared_at
from delegates.classroom.side_by_side import SideBySide, side_by_side
from games.moves import Offer
from tests.delegates.classroom.tables import AGREED_HALF, AGREED_MORE, LEFT, sat
from tests.delegates.debriefing.talks import ACCEPT, sealed
from transcripts.store import Transcript
from tui.report import html_text, markdown_text
from tui.report.class_page import class_report
from tui.text.class_page import class_lines
from tui.text.class_words import share, side_rows, side_words
from tui.widgets.class_lines import class_told


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (0.0, "0%"), (-0.004, "0%"), (-0.006, "-1%"), (0.414, "41%"), (1.04, "104%")],
)
def test_a_share_is_told_in_whole_per_cent_and_nothing_is_never_less_than_nothing(
    value: float | None, said: str
) -> None:
    assert share(value) == said


def stood_in_for(folder: Path, moves: Sequence[int]) -> SideBySide:
    """Return the debriefs of a table at which A's person let a stand-in make some of the moves."""
    made = [Offer(10), Offer(0), Offer(9), Offer(0), Offer(8), Offer(3), ACCEPT]
    path = sat(folder, "t", made, 1, seats={"A": "human", "B": "boulware"})
    by = "code (firm), standing in: the person handed it over"
    sealed(
        path,
        [
            event.model_copy(update={"decided_by": by}) if number in moves else event
            for number, event in enumerate(Transcript(path).events())
        ],
    )
    return side_by_side(path)


def test_moves_of_a_stand_in_stand_in_a_row_of_their_own_and_bear_no_figure_of_the_person(
    tmp_path: Path,
) -> None:
    """A seat of twelve moves, eleven of them a stand-in's, had "100 ± 0%"."""
    found = stood_in_for(tmp_path, (1, 3, 7))
    rows = dict(side_rows(found))
    side = found.sides[0]

    assert rows["own moves"] == ["4", "3"]
    assert rows["of these by a stand-in"] == ["3", "0"]
    assert rows["accuracy"][0] == "–"
    assert side.costliest is not None
    assert side.costliest.is_stand_ins
    assert rows["who made that move"][0] == "a stand-in"
    told = side_words(side)
    assert any(
        one.startswith(f"Costliest, move {side.costliest.number}, a stand-in's:") for one in told
    )
    assert any("the person decided 1 move, too few to tell" in one for one in told)


def test_where_nobody_stood_in_nothing_is_said_of_it(tmp_path: Path) -> None:
    found = stood_in_for(tmp_path, ())
    rows = dict(side_rows(found))

    assert rows["own moves"] == ["4", "3"]
    assert "of these by a stand-in" not in rows
    assert "who made that move" not in rows
    assert not any("stand-in" in one for one in side_words(found.sides[0]))


def pages(found: Comparison) -> list[str]:
    """Return the page of a class as lines, on the screen, and for print in both forms."""
    group, report = found.groups[0], class_report(found)
    screen = class_told(found, group, group.tables[0], 100)
    return [
        "\n".join(class_lines(found)),
        "\n".join(line.plain for line in screen),
        html_text(report),
        markdown_text(report),
    ]


def test_one_table_alone_has_points_and_no_spread_of_them(tmp_path: Path) -> None:
    """It had quartiles and a median, all the same, and the most "at" itself."""
    for text in pages(compared_at([sat(tmp_path, "monday-1", AGREED_MORE, 1)])):
        assert "One finished table; it agreed." in text
        assert "points" in text
        for word in ("median", "quarter", "lower", "least", "most at"):
            assert word not in text, word
    left = compared_at([sat(tmp_path, "monday-2", LEFT, 2)])
    assert "One finished table; it ended without agreement." in "\n".join(class_lines(left))


def test_several_tables_have_a_spread(tmp_path: Path) -> None:
    tables = [sat(tmp_path, f"t-{n}", made, n) for n, made in enumerate((AGREED_HALF, AGREED_MORE))]

    for text in pages(compared_at(tables)):
        assert "2 of 2 finished tables agreed, on 2 texts." in text
        assert "median" in text
