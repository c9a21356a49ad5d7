"""Two futures as lines: how each ended, what each party has, and move by move side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from delegates.text import counted, one_line
from games.point_words import tenths
from games.review.debrief import Debrief
from tui.replay.futures import SAME, Future, Futures, verdict
from tui.replay.spoken_move import SpokenMove
from tui.text.labels import PartyLabel, option_with_unit
from tui.widgets.debrief_lines import accuracy_words
from tui.widgets.ending import ended_briefly
from tui.widgets.move_note import EMPTY
from tui.widgets.spoken import act_told, terms

_DIFFERENCE = 8
_NUMBER = 5


@dataclass(frozen=True)
class _Grid:
    """Columns of a table: what it is, the first, the second, the difference."""

    label: int
    each: int

    def row(
        self,
        label: str | Content,
        told: Sequence[str | Content],
        difference: str | Content = "",
    ) -> Content:
        """Return a row: what it is, what the first and the second have, how they differ."""
        cells = [_fit(_styled(label, "$muted"), self.label)]
        cells += [_fit(_styled(one), self.each) for one in told]
        return Content(" ").join([*cells, _fit(_styled(difference), _DIFFERENCE)])


def _grid(width: int) -> _Grid:
    room = max(width - _DIFFERENCE - 3, 24)
    label = min(max(room // 3, 8), 28)
    return _Grid(label, (room - label) // 2)


def _styled(text: str | Content, style: str = "") -> Content:
    return Content.styled(text, style) if isinstance(text, str) else text


def _fit(content: Content, width: int) -> Content:
    return content.truncate(width, ellipsis=True, pad=True)


def result_lines(
    found: Futures,
    labels: Mapping[str, PartyLabel],
    width: int,
    reviews: tuple[Debrief | str | None, Debrief | str | None] = (None, None),
    party: str | None = None,
) -> list[Content]:
    """Return what became of each, and which was better for whom.

    Args:
        found: The futures.
        labels: What the parties are called, by id.
        width: Columns.
        reviews: What a review of each future found, or why it found nothing; None while it is
            computed.
        party: Whose accuracy is told.
    """
    grid = _grid(width)
    both = (found.first, found.second)
    names = {party: label.name for party, label in labels.items()}
    status = [ended_briefly(side.status) for side in both]
    moves = [counted(side.total, "move") for side in both]
    lines = Content.styled(verdict(found, names), "bold").wrap(width)
    lines += [
        EMPTY,
        grid.row("", [Content.styled(which, "bold") for which in ("first", "second")], "change"),
        grid.row("session", [_tail(side.recording.header.session, grid.each) for side in both]),
        grid.row("ends", status),
        grid.row("after", moves, _change(found.second.total - found.first.total, is_good=None)),
    ]
    lines += _party_rows(found, labels, grid)
    lines += _distance_rows(found, grid)
    if party is not None and party in labels:
        lines += _accuracy_rows(reviews, labels[party], grid, are_over=all(s.is_over for s in both))
    lines += [EMPTY, *_terms_rows(found, grid)]
    for which, side in zip(("first", "second"), both, strict=True):
        if side.history.problem is not None:
            told = f"The {which} record: {one_line(side.history.problem)}"
            lines += Content.styled(told, "$error").wrap(width)
    return lines


def _tail(session: str, width: int) -> str:
    """Return a session's name, cut at its beginning: names of one scenario differ in their ends."""
    told = one_line(session)
    return told if len(told) <= width else f"…{told[len(told) - width + 1 :]}"


def _party_rows(found: Futures, labels: Mapping[str, PartyLabel], grid: _Grid) -> list[Content]:
    rows: list[Content] = []
    for party in found.visible:
        label = labels[party]
        name = Content.styled(f"{label.glyph} {label.name}", label.style)
        worth = [side.utilities.get(party) for side in (found.first, found.second)]
        rows.append(_figures(grid, name, *worth))
        paid = [side.payoffs.get(party) for side in (found.first, found.second)]
        if worth != paid:
            rows.append(_figures(grid, Content.styled("  with time", "$muted"), *paid))
    if len(found.visible) < len(labels):
        rows.append(Content.styled("The others' points are sealed until the close.", "$muted"))
    return rows


def _figures(grid: _Grid, name: Content, first: float | None, second: float | None) -> Content:
    told = ["–" if value is None else tenths(value) for value in (first, second)]
    if first is None or second is None:
        return grid.row(name, told)
    return grid.row(name, told, _change(second - first, is_good=True))


def _change(difference: float, *, is_good: bool | None) -> Content:
    """Return a difference with its sign; is_good says whether more is better, None for neither."""
    if abs(difference) < SAME:
        return Content.styled("=", "$muted")
    told = f"{difference:+}" if isinstance(difference, int) else f"{difference:+.1f}"
    if is_good is None:
        return Content.styled(told, "$muted")
    return Content.styled(told, "bold $success" if (difference > 0) == is_good else "bold $error")


def _distance_rows(found: Futures, grid: _Grid) -> list[Content]:
    """Return how far each agreement is from the frontier and from Nash, in shares of the gains."""
    rows: list[Content] = []
    for name, first, second in (
        ("from the frontier", found.first.distance_to_frontier, found.second.distance_to_frontier),
        ("from Nash", found.first.distance_to_nash, found.second.distance_to_nash),
    ):
        told = ["–" if value is None else f"{value:.2f}" for value in (first, second)]
        change = EMPTY
        if first is not None and second is not None:
            nearer = second - first
            change = (
                Content.styled("=", "$muted")
                if abs(nearer) < 0.005
                else Content.styled(f"{nearer:+.2f}", "$success" if nearer < 0 else "$error")
            )
        rows.append(grid.row(name, told, change))
    return rows


def _accuracy_rows(
    reviews: tuple[Debrief | str | None, Debrief | str | None],
    label: PartyLabel,
    grid: _Grid,
    *,
    are_over: bool,
) -> list[Content]:
    """Return how accurately a party played; of fewer moves than a session has, that is no gain."""
    told = [_accuracy(review) for review in reviews]
    known = [one.accuracy for one in reviews if isinstance(one, Debrief)]
    change: str | Content = ""
    if are_over and len(known) == 2 and known[0] is not None and known[1] is not None:
        change = _change(known[1] - known[0], is_good=True)
    name = Content.assemble(("accuracy ", "$muted"), (label.signed_id, label.style))
    return [grid.row(name, told, change)]


def _accuracy(review: Debrief | str | None) -> Content:
    if review is None:
        return Content.styled("reviewing…", "$muted")
    if isinstance(review, str):
        return Content.styled(one_line(review, 200), "$muted")
    return Content(accuracy_words(review.accuracy, review.accuracy_error))


def _terms_rows(found: Futures, grid: _Grid) -> list[Content]:
    """Return the terms that differ, and how many are alike."""
    first, second = found.first.agreement, found.second.agreement
    if first is None and second is None:
        return [Content.styled("Nothing was agreed in either.", "$muted")]
    # Where one agreed on nothing there is nothing to compare: its dashes say so.
    sign = EMPTY if first is None or second is None else Content.styled("≠", "$warning")
    rows: list[Content] = []
    alike = 0
    for issue, details in found.scenario.issues.items():
        cells = [
            "–"
            if agreed is None or issue not in agreed
            else option_with_unit(details, agreed[issue])
            for agreed in (first, second)
        ]
        if cells[0] == cells[1]:
            alike += 1
        else:
            rows.append(grid.row(one_line(details.label), cells, sign))
    if alike:
        rows.append(
            Content.styled(f"{alike} term{'s are' if alike > 1 else ' is'} alike", "$muted")
        )
    return rows


def row_line(
    found: Futures, row: int, labels: Mapping[str, PartyLabel], party: str, width: int
) -> Content:
    """Return what both did in a row: number, first, whether they differ, second."""
    each = max((width - _NUMBER - 3) // 2, 8)
    alike = found.is_alike(row)
    sign, style = ("=", "$muted") if alike else ("≠", "bold $warning")
    if alike is None:
        sign, style = " ", ""
    cells = [_cell(side, row, found, labels, party, each) for side in (found.first, found.second)]
    number = f"{found.shared + row + 1:>{_NUMBER - 1}} "
    return Content.assemble((number, "$muted"), cells[0], (f" {sign} ", style), cells[1])


def _cell(
    side: Future,
    row: int,
    found: Futures,
    labels: Mapping[str, PartyLabel],
    party: str,
    width: int,
) -> Content:
    if row >= len(side.moves):
        ended = row == len(side.moves) and side.is_over
        return _fit(ended_briefly(side.status) if ended else EMPTY, width)
    worth = side.worth[row].get(party)
    figure = "" if worth is None else f" {tenths(worth):>5}"
    told = move_told(side, row, found, labels)
    return Content.assemble(_fit(told, max(width - len(figure), 4)), (figure, "bold"))


def move_told(side: Future, row: int, found: Futures, labels: Mapping[str, PartyLabel]) -> Content:
    """Return who did what in a row of one future, on one line."""
    move = side.moves[row]
    event = move.event
    if event is None:
        return Content.styled(_unseen(move), "$muted")
    label = labels[event.party]
    position = found.shared + row
    told = Content.assemble(
        (f"{label.signed_id} ", label.style),
        act_told(event, found.scenario, side.history, position),
    )
    if event.outcome is None:
        return told
    return Content.assemble(told, " ", terms(found.scenario, event, side.history, position))


def _unseen(move: SpokenMove) -> str:
    return "not sound" if move.is_heard else "not heard at this seat"


def side_by_side(
    found: Futures, row: int, labels: Mapping[str, PartyLabel], party: str, width: int
) -> list[Content]:
    """Return a row in full: both moves and what was said with them, in two columns."""
    each = max((width - 3) // 2, 8)
    columns = [_full(side, row, found, labels, party, each) for side in (found.first, found.second)]
    bar = Content.styled(" │ ", "$faint")
    height = max(map(len, columns))
    padded = [[*column, *[EMPTY] * (height - len(column))] for column in columns]
    return [
        Content.assemble(_fit(left, each), bar, right.truncate(each))
        for left, right in zip(*padded, strict=True)
    ]


def _full(
    side: Future,
    row: int,
    found: Futures,
    labels: Mapping[str, PartyLabel],
    party: str,
    width: int,
) -> list[Content]:
    if row >= len(side.moves):
        return ended_briefly(side.status).wrap(width)
    move = side.moves[row]
    lines = move_told(side, row, found, labels).wrap(width)
    if move.words:
        lines += Content(f"“{move.words}”").wrap(width)
    worth = side.worth[row].get(party)
    if worth is not None:
        told = f"worth {tenths(worth)} to {labels[party].name}"
        lines += Content.styled(told, "$muted").wrap(width)
    return lines
