"""What theory says of a scenario or a session, found part by part so that what is ready is shown.

A session is studied as it ended: its own scenario after all that happened, and what was agreed.
While it goes on and a person sits at the table, nothing of it is told: the sums are made of the
others' secrets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from delegates.sealing import persons
from delegates.text import clean
from games.agreement import Agreement
from games.analysis import Analysis, analyze
from games.bargaining.perfect_play import perfect_play
from games.bargaining.quorum import core
from games.bargaining.solutions import bargain
from games.errors import UserError
from games.matrices.matrix import Matrix
from games.referee import Findings
from games.scenario import Scenario, load_scenario
from games.session import State
from games.utility import is_tabled
from transcripts.fold import Folded, fold
from transcripts.proceedings import Proceedings
from transcripts.store import Transcript

Part = Literal["outcomes", "solutions", "games", "play", "agreement", "years"]

PARTS: dict[Part, str] = {
    "outcomes": "Outcomes",
    "solutions": "Solutions",
    "games": "Games",
    "play": "Perfect play",
    "agreement": "Agreement",
    "years": "Years",
}
"""The parts of a study, in the order of their keys from 1."""

DRAWN = 20_000
"""Outcomes that are drawn where there are too many to look at them all."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """What a session came to."""

    session: str
    last: State
    held: Proceedings | None
    findings: Findings | None = None


@dataclass(frozen=True, kw_only=True)
class Study:
    """A scenario, and as much of what theory says of it as has been found."""

    scenario: Scenario
    played: Played | None = None
    """Where a session is studied."""
    analysis: Analysis | None = None
    """Without games until these are ready."""
    ready: frozenset[Part] = frozenset()
    leavers_are_known: bool = False
    """Whether it is known which members of a bloc would leave its stance."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing more will be found."""
        return len(self.ready) == len(PARTS) and self.leavers_are_known

    @property
    def next(self) -> str:
        """What is being worked out, in a word."""
        waiting = [name for part, name in PARTS.items() if part not in self.ready]
        return waiting[0].lower() if waiting else "the blocs' members"

    @property
    def matrices(self) -> tuple[Matrix, ...]:
        """The games: of stances, and of honouring and signing what was agreed, or else Nash."""
        if self.played is not None and self.played.findings is not None:
            return self.played.findings.matrices
        return () if self.analysis is None else self.analysis.matrices

    @property
    def signed(self) -> Agreement | None:
        """What was agreed; of a scenario, its first Nash outcome as if it were."""
        if self.played is not None:
            found = self.played.findings
            return None if found is None else found.agreement
        return None if self.analysis is None else self.analysis.agreement


def studied(source: str | None, path: Path | None) -> Iterator[Study]:
    """Yield what is found of a scenario or a session, more each time; this takes a while.

    Args:
        source: A bundled scenario's name or a file.
        path: A transcript, where a session is studied instead.

    Raises:
        MinilateralError: If it cannot be read, or may not be shown yet.
    """
    played = None if path is None else _session(path)
    scenario = load_scenario(source or "") if played is None else played.state.scenario
    study = Study(scenario=scenario, played=None if played is None else _so_far(played))
    yield study
    if not is_tabled(scenario):
        # Games and perfect play are not for samples: they say so themselves.
        analysis = analyze(scenario, sample=DRAWN)
        yield replace(study, analysis=analysis, ready=frozenset(PARTS), leavers_are_known=True)
        return
    found = bargain(scenario)
    core(scenario)
    early = Analysis(scenario=scenario, bargain=found, matrices=(), note=None)
    study = replace(study, analysis=early, ready=frozenset({"outcomes", "solutions"}))
    yield study
    perfect_play(scenario)
    study = replace(study, ready=study.ready | {"play"})
    yield study
    study = replace(study, analysis=analyze(scenario))
    if played is not None and study.played is not None:
        study = replace(study, played=replace(study.played, findings=played.findings))
    for matrix in study.matrices:
        _work_out(matrix)
    study = replace(study, ready=study.ready | {"games"})
    yield study
    yield from _signed(study)


def _signed(study: Study) -> Iterator[Study]:
    """Yield what follows from signing, then which members would leave their bloc's stance."""
    signed = study.signed
    if signed is not None:
        _ = signed.verdict, signed.rulings, signed.dispute, signed.signatures, signed.coalitions
    study = replace(study, ready=study.ready | {"agreement"})
    yield study
    if signed is not None:
        _ = signed.outlook, signed.floor
    study = replace(study, ready=frozenset(PARTS))
    yield study
    if study.analysis is not None:
        _ = study.analysis.leavers
    yield replace(study, leavers_are_known=True)


def _work_out(matrix: Matrix) -> None:
    """Have a game's report work out what it otherwise would when it is shown."""
    _ = matrix.report.components, matrix.report.marks, matrix.report.dominated


def _session(path: Path) -> Folded:
    """Return a recorded session.

    Raises:
        TranscriptError: If it cannot be read.
        UserError: If a person sits at its table still.
    """
    folded = fold(Transcript(path).events())
    sitting = persons(folded.header)
    if sitting and folded.state.is_open:
        raise UserError(
            f"{clean(folded.header.session)}: a person sits for {', '.join(sitting)} and the "
            "session is not over: the analysis would tell the others' secrets; expected one that "
            "is over"
        )
    return folded


def _so_far(folded: Folded) -> Played:
    held = folded.record(None).proceedings
    return Played(session=folded.header.session, last=folded.state, held=held)
