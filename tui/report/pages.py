"""The parts of a report, in order, as far as its edition goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from delegates.text import clean, counted
from games.analysis import Analysis
from tui.report.after import after_blocks
from tui.report.behind import behind_blocks
from tui.report.document import Block, Document, Heading, Listed, Table, Words
from tui.report.editions import Edition
from tui.report.events import events_blocks
from tui.report.private import private_blocks
from tui.report.setting import setting_blocks, sources_blocks
from tui.report.theory import theory_blocks
from tui.text.sensitivity import (
    ENDINGS_HEAD,
    FINDINGS_HEAD,
    ending_rows,
    finding_rows,
    method,
    signs,
)

if TYPE_CHECKING:
    from delegates.trials.robustness import Survey

STAMP = (
    "SIMULATION. States are stylised; weights, red lines, patience and penalties are judgements. "
    "For training and research: it predicts and advises no government, and no government said or "
    "saw any of this."
)

LIMITS = (
    "An equilibrium says what follows from these numbers, not what governments will do.",
    (
        "Figures are facts, estimates or judgements, as the list of sources says; points, "
        "reservation values, patience, trust and penalties are judgements throughout."
    ),
    (
        "Headline results hang on judgements: “minilateral analyze NAME --sensitivity 200” says "
        "which survive if every judgement is another by up to half."
    ),
    "Words that delegates say in sessions are machine-written; models carry cultural bias.",
    "Not for grading or selecting staff.",
)


def report(analysis: Analysis, edition: Edition, survey: Survey | None = None) -> Document:
    """Return a report of a scenario.

    Args:
        analysis: What theory says of it.
        edition: For whom the report is.
        survey: Which findings survive if judgements are others, where that was asked.
    """
    scenario = analysis.scenario
    rules = scenario.protocol
    told = [
        scenario.date,
        f"{len(scenario.ids)} parties",
        counted(len(scenario.issues), "issue"),
        counted(analysis.outcomes, "outcome"),
        rules.kind,
        f"difficulty {scenario.level.difficulty} of 5",
        f"about {scenario.level.minutes} minutes",
    ]
    return Document(
        title=_line(scenario.title),
        subtitle=" · ".join(filter(None, told)),
        edition=edition.heading,
        holds=edition.holds,
        stamp=STAMP,
        blocks=list(_blocks(analysis, edition, survey)),
    )


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _blocks(analysis: Analysis, edition: Edition, survey: Survey | None) -> Iterator[Block]:
    yield from setting_blocks(analysis.scenario)
    if edition is not Edition.PARTICIPANTS:
        yield from theory_blocks(analysis)
        yield from after_blocks(analysis)
        if survey is not None:
            yield from _survey_blocks(survey)
    has_points = edition is Edition.FACILITATOR
    if edition is not Edition.PARTICIPANTS:
        yield from events_blocks(analysis.scenario, with_figures=has_points)
    if has_points:
        yield from behind_blocks(analysis.scenario)
        yield from private_blocks(analysis.scenario)
    yield from sources_blocks(analysis.scenario, edition)
    yield Heading("Limits")
    yield Listed(LIMITS)


def _survey_blocks(survey: Survey) -> Iterator[Block]:
    """Yield what survives if every judgement is another one."""
    yield Heading("What hangs on judgements")
    for sentence in method(survey):
        yield Words(sentence)
    yield Table(
        head=FINDINGS_HEAD,
        rows=tuple(tuple(map(_line, row)) for row in finding_rows(survey)),
    )
    yield from _ending_blocks(survey)


def _ending_blocks(survey: Survey) -> Iterator[Block]:
    if signs(survey):
        yield Heading("How sessions ended", 3)
        yield Table(
            head=(f"drawn anew by ±{survey.spread:.0%}", *ENDINGS_HEAD),
            rows=tuple(ending_rows(survey)),
            figures=tuple(range(1, 1 + len(ENDINGS_HEAD))),
        )
