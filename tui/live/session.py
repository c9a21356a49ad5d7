"""A session played in a thread of its own, told to a screen message by message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path

from textual.message import Message

from delegates.connections import Caps
from delegates.listening import Listener, Partial
from delegates.negotiate import resume_async
from delegates.persons.person import Person
from delegates.settings import Settings
from delegates.table import Watcher
from games.errors import MinilateralError, Paused
from games.preparation import Sheet
from transcripts.events import Event, Failed, Replied, Retried
from transcripts.fold import Folded
from transcripts.record import SessionRecord, spend
from tui.live.contract import Kept
from tui.live.messages import EventKept, SessionOver, SessionStopped, WordsCame
from tui.live.person import LEFT, ScreenPerson
from tui.live.plan import SessionPlan
from tui.live.rights import OWNER

Post = Callable[[Message], object]
"""Passes a message to the screen, from any thread."""

Held = Callable[[Watcher, Person, Listener], Coroutine[object, object, SessionRecord]]
"""Plays a session to its end."""


class LiveSession:
    """A session that is about to be played, or is under way."""

    def __init__(self, held: Held, path: Path, party: str | None, settings: Settings) -> None:
        self.path = path
        """The transcript; it is there once the first `EventKept` is told."""
        self.party = party
        """The seat of the person at this screen; None where one only watches."""
        self.settings = settings
        self.rights = OWNER
        self.person = ScreenPerson(self._tell)
        self.ended: SessionRecord | MinilateralError | None = None
        """How it ended, once it has."""
        self._held = held
        self._post: Post | None = None
        self._task: asyncio.Task[SessionRecord] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._left = False
        self._cost_usd: float | None = 0.0
        self._tokens = 0

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
            self.ended = asyncio.run(self._run())
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
        self._left = True
        self.person.leave()
        loop, task = self._loop, self._task
        if loop is not None and task is not None and not loop.is_closed():
            loop.call_soon_threadsafe(task.cancel)

    async def _run(self) -> SessionRecord:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.ensure_future(self._held(self._watch, self.person, self._listen))
        if self._left:
            self._task.cancel()
        return await self._task

    def _tell(self, message: Message) -> None:
        if self._post is not None:
            self._post(message)

    def _watch(self, event: Event, folded: Folded) -> None:
        if isinstance(event, Replied | Retried | Failed):
            used = spend(folded.own_events)
            self._cost_usd = used.cost_usd
            self._tokens = used.tokens.input + used.tokens.output
        state = folded.state
        awaits = state.party if state.is_open else None
        self._tell(EventKept(event.n, awaits, self._cost_usd, self._tokens))

    def _listen(self, words: Partial) -> None:
        self._tell(WordsCame(words))


def sat_down(plan: SessionPlan, sheet: Sheet | None = None) -> LiveSession:
    """Return a planned session, ready to be held.

    Args:
        plan: What is to be played.
        sheet: The person's preparation sheet.
    """
    session, path = plan.new_file()
    sheets: Mapping[str, Sheet] = {}
    if sheet is not None and plan.party is not None and not sheet.is_empty:
        sheets = {plan.party: sheet}

    def held(
        watch: Watcher, person: Person, listen: Listener
    ) -> Coroutine[object, object, SessionRecord]:
        return plan.played(session, path, watch, person, listen, sheets=sheets)

    return LiveSession(held, path, plan.party, plan.settings)


def carried_on(
    path: Path,
    party: str | None,
    settings: Settings,
    *,
    caps: Caps | None = None,
    model: str | None = None,
) -> LiveSession:
    """Return an interrupted session, or a branch, ready to be carried on.

    Args:
        path: The transcript.
        party: The seat of the person at this screen; None where one only watches.
        settings: Where models are.
        caps: Limits on money, tokens and time, earlier spending included.
        model: A model to ask from here on instead of those in the seats.
    """
    held = partial(_carried_on, path, settings, caps, model)
    return LiveSession(held, path, party, settings)


def _carried_on(
    path: Path,
    settings: Settings,
    caps: Caps | None,
    model: str | None,
    watch: Watcher,
    person: Person,
    listen: Listener,
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
