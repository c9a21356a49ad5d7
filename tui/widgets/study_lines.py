"""The parts of a study as lines, wrapped to a width."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from delegates.text import one_line
from transcripts.record import ResultStatus
from tui.study import Part, Played, Study
from tui.text.agreement import agreement_parts, package_lines, year_parts
from tui.text.analysis import (
    leaver_lines,
    overview_lines,
    perfect_play_lines,
    ranking_lines,
    solution_lines,
)
from tui.text.cells import game_lines
from tui.text.hall_result import closing_lines
from tui.text.labels import party_labels
from tui.text.surroundings import surrounding_lines
from tui.text.wording import LIMITS, agenda, as_wide_as, paragraph
from tui.widgets.findings import distance_lines, ended_line, standing_lines

WIDEST = 100
"""Columns beyond which lines are hard to read."""


def part_lines(study: Study, part: Part, width: int) -> list[Content]:
    """Return a part of a study that is ready, wrapped to a width."""
    with as_wide_as(min(width, WIDEST)):
        match part:
            case "outcomes":
                lines = _outcomes(study)
            case "solutions":
                lines = _solutions(study)
            case "games":
                lines = []
            case "play":
                lines = _play(study)
            case "agreement":
                return _agreement(study, width)
            case "years":
                lines = _years(study)
    return _contents(lines, width)


def games_text(study: Study, game: int, width: int) -> list[Content]:
    """Return what is said of one of a study's games beside its grid and its chosen cell."""
    analysis = study.analysis
    with as_wide_as(min(width, WIDEST)):
        if not study.matrices:
            note = "" if analysis is None else analysis.note or ""
            return _contents([paragraph(f"There are no games to show. Left out: {note}")], width)
        matrix = study.matrices[game % len(study.matrices)]
        lines = ["", *game_lines(matrix)]
        found = None if study.played is None else study.played.findings
        if matrix.name == "stance" and found is not None and found.played_words:
            lines += ["", paragraph(found.played_words)]
        if matrix.name == "stance" and analysis is not None and study.leavers_are_known:
            lines += leaver_lines(analysis, matrix)
    return _contents(lines, width)


def _contents(lines: Iterable[str], width: int) -> list[Content]:
    """Return lines as contents, headings set apart and none wider than there is room."""
    listed = [line for text in lines for line in text.split("\n")]
    return [
        Content.styled(line, "bold" if _is_heading(listed, at) else "").truncate(
            width, ellipsis=True
        )
        for at, line in enumerate(listed)
        if not _is_rule(line)
    ]


def _is_rule(line: str) -> bool:
    return len(line) > 2 and set(line) <= {"=", "-"}


def _is_heading(lines: list[str], at: int) -> bool:
    """Return whether a line stands above lines that are indented below it."""
    line = lines[at]
    after = lines[at + 1] if at + 1 < len(lines) else ""
    before = lines[at - 1] if at else ""
    return bool(line) and not line.startswith(" ") and not before and after.startswith(" ")


def _outcomes(study: Study) -> list[str]:
    analysis = study.analysis
    if analysis is None:
        return []
    nash = analysis.bargain.solutions["nash"]
    signed = None if study.signed is None else study.signed.outcome
    outcome = signed if signed is not None else int(nash[0]) if len(nash) else None
    return [
        *overview_lines(analysis),
        "",
        *surrounding_lines(study.scenario, outcome),
        *([paragraph(f"Left out: {analysis.note}"), ""] if analysis.note else []),
        paragraph(LIMITS),
    ]


def _solutions(study: Study) -> list[str]:
    analysis = study.analysis
    if analysis is None:
        return []
    lines = [*solution_lines(analysis), *ranking_lines(analysis)]
    if not lines:
        return ["No outcome is acceptable to all: there is no solution to show."]
    return ["", *lines]


def _play(study: Study) -> list[str]:
    return [] if study.analysis is None else ["", *perfect_play_lines(study.analysis)]


def _agreement(study: Study, width: int) -> list[Content]:
    """Return what came of a session, and what follows from what was signed."""
    lines: list[Content] = []
    columns = min(width, WIDEST)
    if study.played is not None:
        lines += _result(study.played, columns)
    signed = study.signed
    with as_wide_as(columns):
        told: list[str] = []
        if signed is None:
            told = ["", paragraph("Nothing was signed, and nothing follows from it.")]
        else:
            heading = "What was agreed" if study.played else "If the Nash outcome were signed"
            terms = agenda(study.scenario, study.scenario.space.outcome(signed.outcome))
            told = ["", heading, *terms, ""]
            told += [line for part in agreement_parts(signed) for line in (*part, "")]
            linked = package_lines(signed) if signed.binds else []
            told += ["As one package", *linked, ""] if linked else []
    return [*lines, *_contents(told, width)]


def _result(played: Played, width: int) -> list[Content]:
    last, found = played.last, played.findings
    status: ResultStatus = "incomplete" if last.status == "open" else last.status
    lines = ended_line(status, last, played.held).wrap(width)
    if played.held is not None:
        lines += [Content(one_line(line)).truncate(width) for line in closing_lines(played.held)]
    if found is None or status == "incomplete":
        return lines
    labels = party_labels(last.scenario)
    lines += standing_lines(found, labels, last, width)
    return [*lines, *distance_lines(found, width)]


def _years(study: Study) -> list[str]:
    signed = study.signed
    parts = [] if signed is None else list(year_parts(signed))
    if not parts:
        why = "nothing was signed" if signed is None else "the scenario does not speak of them"
        return [paragraph(f"Nothing can be said of the years after: {why}.")]
    return ["", *(line for part in parts for line in (*part, ""))]
