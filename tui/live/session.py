"""A session played in a thread of its own, told to a screen message by message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

from textual.message import Message

from delegates.connections import Caps
from delegates.listening import Listener, Partial
from delegates.negotiate import resume_async
from delegates.persons.person import Person
from delegates.sealing import persons
from delegates.settings import Settings
from delegates.table import Watcher
from games.errors import MinilateralError, Paused, UserError
from games.preparation import Sheet
from transcripts.events import Event
from transcripts.fold import Folded, opened
from transcripts.record import SessionRecord
from transcripts.store import Transcript
from tui.live.contract import Kept, Post
from tui.live.messages import EventKept, SessionOver, SessionStopped, WordsCame
from tui.live.person import LEFT, ScreenPerson
from tui.live.rights import OWNER
from tui.live.stoppable import Stoppable
from tui.session_plan import SessionPlan

Play = Callable[[Watcher, Person, Listener], Coroutine[object, object, SessionRecord]]
"""Plays a session to its end."""


class LiveSession:
    """A session that is about to be played, or is under way."""

    def __init__(self, play: Play, path: Path, party: str | None, settings: Settings) -> None:
        self.path = path
        """The transcript; it is there once the first `EventKept` is told."""
        self.party = party
        """The seat of the person at this screen; None where one only watches."""
        self.settings = settings
        self.rights = OWNER
        self.person = ScreenPerson(self._tell)
        self.ended: SessionRecord | MinilateralError | None = None
        """How it ended, once it has."""
        self._play = play
        self._playing = Stoppable[SessionRecord]()
        self._post: Post | None = None
        self._newest: EventKept | None = None

    def keepsake(self, kind: type[Kept]) -> Kept:
        """Return something new of a kind: a session of one's own has one screen."""
        return kind()

    def hold(self, post: Post) -> None:
        """Play the session to its end, or until it stops; blocks, in the thread it is called from.

        Args:
            post: Where every message goes.
        """
        self._post = post
        try:
            self.ended = self._playing.play(self._play(self._watch, self.person, self._listen))
        except asyncio.CancelledError:
            self.ended = Paused(LEFT)
        except MinilateralError as error:
            self.ended = error
        if isinstance(self.ended, SessionRecord):
            post(SessionOver(self.ended))
        else:
            post(SessionStopped(self.ended, self.path))

    def leave(self) -> None:
        """Stop for now, in the middle of a call if need be; from any thread."""
        self.person.leave()
        self._playing.stop()

    def _tell(self, message: Message) -> None:
        if self._post is not None:
            self._post(message)

    def _watch(self, event: Event, folded: Folded) -> None:
        self._newest = EventKept.of(event, folded, self._newest)
        self._tell(self._newest)

    def _listen(self, words: Partial) -> None:
        self._tell(WordsCame(words))


def sat_down(plan: SessionPlan, sheet: Sheet | None = None) -> LiveSession:
    """Return a planned session, ready to be held.

    Args:
        plan: What is to be played.
        sheet: The person's preparation sheet.
    """
    session, path = plan.new_file()
    sheets = plan.sheets(sheet)

    def play(
        watch: Watcher, person: Person, listen: Listener
    ) -> Coroutine[object, object, SessionRecord]:
        return plan.played(session, path, watch, person, listen, sheets=sheets)

    return LiveSession(play, path, plan.party, plan.settings)


def carried_on(
    path: Path,
    settings: Settings,
    *,
    caps: Caps | None = None,
    model: str | None = None,
) -> LiveSession:
    """Return an interrupted session, or a branch, ready to be carried on by the person who sits
    there; where nobody does, to be watched.

    Args:
        path: The transcript.
        settings: Where models are.
        caps: Limits on money, tokens and time, earlier spending included.
        model: A model to ask from here on instead of those in the seats.

    Raises:
        TranscriptError: If the file cannot be read or does not begin with a sound header.
        UserError: If more than one person sits there: a screen shows one seat.
    """

    def play(
        watch: Watcher, person: Person, listen: Listener
    ) -> Coroutine[object, object, SessionRecord]:
        return resume_async(
            path,
            settings=settings,
            model=model,
            caps=caps,
            watch=watch,
            person=person,
            listen=listen,
        )

    return LiveSession(play, path, _person_in(path), settings)


def _person_in(path: Path) -> str | None:
    """Return the party for which a person sits in a recorded session; None if there is none."""
    sitting = persons(opened(Transcript(path)).header)
    if len(sitting) > 1:
        raise UserError(
            f"{path}: persons sit for {', '.join(sitting)}; expected one at a screen (several join "
            "with: minilateral host --resume)"
        )
    return next(iter(sitting), None)
