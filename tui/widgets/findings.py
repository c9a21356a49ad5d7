"""The referee's findings as lines: result, distances, and the two games with equilibria marked."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from textual.content import Content

from delegates.text import one_line
from games.equilibrium.report import Equilibrium
from games.matrices.matrix import Matrix
from games.outset import outside_words
from games.point_words import tenths
from games.referee import Findings, Standing
from games.session import State, payoffs, utilities
from games.utility import TIE
from transcripts.events import Opened
from transcripts.proceedings import Proceedings
from transcripts.record import ResultStatus
from tui.text.agreement import MANY, verdict_words
from tui.text.brackets import some
from tui.text.columns import centred, left, width_of
from tui.text.grid import EQUILIBRIUM
from tui.text.hall_result import closing_lines, status_words, together_lines
from tui.text.happened import happened_lines
from tui.text.labels import PartyLabel
from tui.text.matrix import FAILURE, cell_values, is_equilibrium
from tui.text.ratification import turned_down
from tui.text.wording import LIMITS
from tui.widgets.ending import STYLES, ended_in_full

_BAR = 8
_EMPTY = Content("")


def findings_lines(
    findings: Findings,
    last: State,
    labels: tuple[PartyLabel, ...],
    width: int,
    held: Proceedings | None = None,
) -> list[Content]:
    """Return everything the referee says, wrapped to a width.

    Args:
        findings: What theory says.
        last: The state that the session led to.
        labels: What the parties are called.
        width: Columns.
        held: What came about in a plenary or forum.
    """
    status: ResultStatus = "incomplete" if last.status == "open" else last.status
    lines = ended_line(status, last, held).wrap(width)
    if held is not None:
        lines += _indented(closing_lines(held), width)
    if status != "incomplete":
        lines += standing_lines(findings, labels, last, width)
        lines += distance_lines(findings, width)
    for matrix in findings.matrices:
        lines += [_EMPTY, *matrix_lines(matrix, width)]
        if matrix.name == "stance" and findings.played_words:
            lines += _wrapped(one_line(findings.played_words), width)
    if findings.agreement is not None and findings.agreement.verdict is not None:
        told = one_line(verdict_words(findings.agreement.verdict))
        lines += [_EMPTY, Content.styled("Will it hold?", "bold"), *_wrapped(told, width)]
    if findings.analysis.note:
        lines += [_EMPTY, *_wrapped(f"No games: {one_line(findings.analysis.note)}", width)]
    lines += [_EMPTY, *_wrapped(LIMITS, width, "$muted")]
    return [line.truncate(width) for line in lines]


def ended_line(status: ResultStatus, last: State, held: Proceedings | None) -> Content:
    """Return how the session ended; of a hall, how its text was adopted or not."""
    refused = one_line(turned_down(last))
    if held is None:
        return ended_in_full(status, refused)
    told = f"{one_line(status_words(status, held))}{refused}"
    return Content.styled(told, f"bold {STYLES[status]}")


def own_lines(
    last: State,
    party: str,
    labels: tuple[PartyLabel, ...],
    width: int,
    held: Proceedings | None = None,
) -> list[Content]:
    """Return the result as one party may know it: what was agreed, and what that is worth to it.

    Args:
        last: The state that the session led to.
        party: Who is told.
        labels: What the parties are called.
        width: Columns.
        held: What came about in a plenary or forum.
    """
    status: ResultStatus = "incomplete" if last.status == "open" else last.status
    lines = ended_line(status, last, held).wrap(width)
    if held is not None:
        lines += _indented(closing_lines(held, party), width)
    position = last.scenario.ids.index(party)
    own, label = last.scenario.preferences[position], labels[position]
    worth, in_time = utilities(last)[party], payoffs(last)[party]
    over = worth - own.reservation
    if status != "incomplete":
        points_told = Content.assemble(
            (f"{label.glyph} {label.name}", label.style),
            (f"  {tenths(worth)} points", "bold"),
            (f", {tenths(in_time)} in time; ", "$muted"),
            (f"without agreement {tenths(own.reservation)}", "$muted"),
            (f" ({over:+.1f})", "$error bold" if over < 0 else "$success"),
        )
        lines += points_told.wrap(width)
    for line in happened_lines(last, party):
        lines += _wrapped(one_line(line), width)
    told = (
        "Matrices, frontier and solutions are worked out from every side's points; the view of "
        "all sides shows them."
    )
    lines += [_EMPTY, *_wrapped(told, width, "$muted"), *_wrapped(LIMITS, width, "$muted")]
    return [line.truncate(width) for line in lines]


def seat_lines(header: Opened, labels: tuple[PartyLabel, ...], width: int) -> list[Content]:
    """Return who decided and who worded for each party, or of many those alike together."""
    told: dict[str, list[PartyLabel]] = {}
    for label in labels:
        seat = header.seats.get(label.id)
        if seat is not None:
            what = f"decided by {one_line(seat.decides)}, worded by {one_line(seat.words)}"
            told.setdefault(what, []).append(label)
    lines: list[Content] = []
    for what, alike in told.items():
        if len(labels) > MANY:
            names = some([label.id for label in alike], MANY)
            lines += Content.assemble(names, (f" {what}", "$muted")).wrap(width)
            continue
        for label in alike:
            lines += Content.assemble((label.signed_id, label.style), f" {what}").wrap(width)
    return lines


def standing_lines(
    findings: Findings, labels: tuple[PartyLabel, ...], last: State, width: int
) -> list[Content]:
    """Return each party's result against its reservation value; of many, by role."""
    worth = utilities(last)
    if len(labels) > MANY:
        lines = together_lines(findings, worth, payoffs(last))
        return [part for line in lines for part in _columns_or_wrapped(line, width)]
    longest = max(width_of(label.name) for label in labels)
    return [
        _standing(standing, label, longest, worth[standing.party])
        for standing, label in zip(findings.standings, labels, strict=True)
    ]


def _columns_or_wrapped(line: str, width: int) -> list[Content]:
    is_row = "  " in line.strip()
    return [Content(line).truncate(width)] if is_row else _wrapped(one_line(line), width)


def _standing(standing: Standing, label: PartyLabel, longest: int, worth: float) -> Content:
    over, possible = worth - standing.reservation, standing.attainable - standing.reservation
    gain = over / possible if possible > TIE else 0.0
    filled = round(_BAR * min(max(gain, 0.0), 1.0))
    return Content.assemble(
        (f"{label.glyph} {left(label.name, longest)}", label.style),
        (f"  {tenths(worth):>5}", "bold"),
        (f"  against {tenths(standing.reservation):>5} ", "$muted"),
        (f"{over:>+6.1f}", "$error bold" if over < 0 else "$success"),
        "  ",
        ("█" * filled, label.style),
        ("░" * (_BAR - filled), "$faint"),
        (f" {gain:.0%} of possible gain", "$muted"),
    )


def distance_lines(findings: Findings, width: int) -> list[Content]:
    """Return how far the result is from the frontier and from Nash."""
    if findings.outcome is None:
        return _wrapped("Each side is left with its best alternative.", width)
    told: list[str] = []
    if not findings.in_zopa:
        told.append(outside_words(findings.scenario, findings.outcome))
    if findings.undominated:
        told.append("On the frontier: nothing was better for one side at nobody's cost.")
    elif findings.distance_to_frontier is not None:
        told.append(f"{findings.distance_to_frontier:.2f} from the frontier.")
    if findings.distance_to_nash is not None and findings.nash_ratio is not None:
        told.append(
            f"{findings.distance_to_nash:.2f} from Nash (in shares of possible gain), with "
            f"{findings.nash_ratio:.0%} of the greatest product of gains."
        )
    return _wrapped(" ".join(told), width)


def matrix_lines(matrix: Matrix, width: int) -> list[Content]:
    """Return a game as a grid with its equilibria marked, its legend and what it means."""
    report = matrix.report
    lead = max(map(width_of, report.rows)) + 2
    each = max(min(18, (width - lead) // len(report.columns)), 8)
    players = one_line(matrix.row_player), one_line(matrix.column_player)
    head = "".join(centred(name, each) for name in report.columns)
    lines = [
        Content.styled(one_line(matrix.title), "bold"),
        Content.styled(f"rows {players[0]}, columns {players[1]}", "$muted"),
        Content.styled(" " * lead + head, "$muted"),
    ]
    lines += [
        Content.assemble(
            (left(row, lead), "$muted"),
            *(_cell(matrix, i, j, each) for j in range(len(report.columns))),
        )
        for i, row in enumerate(report.rows)
    ]
    lines += _wrapped(_legend(matrix), width, "$muted")
    mixed = [found for found in report.equilibria if not found.pure]
    if len(mixed) > 1:
        # A single one is told in the explanation.
        for found in mixed:
            lines += _wrapped(_mixed(matrix, found), width)
    lines += _wrapped(one_line(matrix.explanation), width)
    if not report.complete:
        lines += _wrapped(
            f"The list may be incomplete: {one_line(report.completeness_reason)}.",
            width,
            "$warning",
        )
    return lines


def _cell(matrix: Matrix, i: int, j: int, width: int) -> Content:
    first, second = cell_values(matrix, i, j)
    stable, failed = is_equilibrium(matrix, i, j), matrix.failures[i, j] > 0
    marks = (EQUILIBRIUM if stable else "") + (FAILURE if failed else "")
    wide = f"{round(first):>4} · {round(second):<4}{marks:<2}"
    text = wide if len(wide) <= width else f"{round(first)}·{round(second)}{marks}"
    style = "bold $agreed" if stable else "$muted" if failed else ""
    return Content.styled(f"{text:^{width}}"[:width], style)


def _legend(matrix: Matrix) -> str:
    unit = "Points" if matrix.points is not None else "Per cent of the attainable gain"
    parts = [f"{unit} of {one_line(matrix.row_player)} · {one_line(matrix.column_player)}"]
    if any(found.pure for found in matrix.report.equilibria):
        parts.append(f"{EQUILIBRIUM} equilibrium: neither gains by changing its own strategy")
    if matrix.failures.any():
        parts.append(f"{FAILURE} some sessions end without agreement")
    return "; ".join(parts) + "."


def _mixed(matrix: Matrix, found: Equilibrium) -> str:
    report = matrix.report
    sides = (
        (matrix.row_player, report.rows, found.row),
        (matrix.column_player, report.columns, found.column),
    )
    told = [f"{one_line(player)} {_mixture(names, weights)}" for player, names, weights in sides]
    return f"Also an equilibrium, mixed: {'; '.join(told)}."


def _mixture(names: tuple[str, ...], weights: tuple[Fraction, ...]) -> str:
    return ", ".join(
        f"{name} {float(weight):.0%}"
        for name, weight in zip(names, weights, strict=True)
        if weight > 0
    )


def _indented(told: Iterable[str], width: int) -> list[Content]:
    """Return lines wrapped to a width, each as far in as it was."""
    lines: list[Content] = []
    for line in told:
        indent = min(len(line) - len(line.lstrip()), 4)
        wrapped = _wrapped(one_line(line), max(width - indent, 10))
        lines += [one.pad_left(indent) for one in wrapped]
    return lines


def _wrapped(text: str, width: int, style: str = "") -> list[Content]:
    return Content.styled(text, style).wrap(width)
