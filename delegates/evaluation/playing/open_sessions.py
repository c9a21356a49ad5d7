"""Transcripts of a batch's sessions of models: each lies open until the journal has its end.

A session that was broken off is carried on from there, so nothing that was paid for is lost. It is
put away only after its line in the journal is on disk; a run that dies between the two leaves that
to the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from delegates.books import spent_by
from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.planning.plan import FAILURES, Ended
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Journal
from delegates.models.budget import Spent
from delegates.settings import Settings
from games.errors import TranscriptError, UnsoundEvent
from games.files.folders import make_folder
from transcripts.fold import fold
from transcripts.store import TranscriptFile

CARRIED_ON: tuple[Ended, ...] = ("provider", "error")
"""Sessions that ended so keep their transcripts open: the next run carries them on."""


@dataclass(frozen=True)
class OpenSessions:
    """The open transcripts of an evaluation's folder, named by what they play."""

    folder: Folder

    def path(self, row: Row) -> Path:
        """Return where a session's transcript lies while it is open.

        It bears the row's key, which stays the same where a plan is extended.
        """
        return self.folder.open_sessions / f"{row.key}.jsonl"

    def kept_as(self, design: Design, row: Row, ended: Ended) -> str | None:
        """Return where a transcript will lie once its session has ended; None if nowhere."""
        if ended in CARRIED_ON:
            return self._within(self.path(row))
        wanted = design.plan.transcripts
        if wanted == "all" or (wanted == "failed" and ended in FAILURES):
            return self._within(self.folder.transcripts / f"{design.session(row.number)}.jsonl")
        return None

    def _within(self, path: Path) -> str:
        return path.relative_to(self.folder.path).as_posix()

    def put_away(self, key: str, kept_as: str | None) -> None:
        """Move a transcript whose session is in the journal to where that says, or delete it."""
        path = self.folder.open_sessions / f"{key}.jsonl"
        for other in (path, path.with_name(path.name + ".torn")):
            if kept_as is None or other != path:
                other.unlink(missing_ok=True)
        if kept_as is not None and path.exists():
            target = self.folder.path / kept_as
            make_folder(target.parent)
            path.replace(target)

    def tidy(self, journal: Journal) -> None:
        """Put away what a run that died has left of ended sessions."""
        for path in self._files():
            ended = journal.ended(path.stem) if _is_key(path.stem) else None
            if ended is not None and ended not in CARRIED_ON:
                self.put_away(path.stem, journal.read(path.stem).transcript)

    def spent(self, settings: Settings) -> dict[str, Spent]:
        """Return what each session that is open has used up, by key.

        A question that was in flight when its run was killed counts at its upper bound.

        Raises:
            TranscriptError: If a transcript is broken, so that nobody knows.
        """
        return {path.stem: self._spent_by(path, settings) for path in self._files()}

    def _spent_by(self, path: Path, settings: Settings) -> Spent:
        try:
            file, events = TranscriptFile.reopen(path)
            file.close()
            return spent_by(fold(events).own_events, settings, has_ended=True)
        except TranscriptError as error:
            # What `resume` could do for it would be played outside the batch and its caps.
            told = error.of(path) if isinstance(error, UnsoundEvent) else error
            raise TranscriptError(
                f"{told}; what it has cost is not known: put a sound copy of it in its place, or "
                "delete it to have that session played anew, what it had cost not counted"
            ) from None

    def _files(self) -> Iterator[Path]:
        yield from sorted(self.folder.open_sessions.glob("[!.]*.jsonl"))


def _is_key(name: str) -> bool:
    try:
        return int(name, 16) >= 0
    except ValueError:
        return False
