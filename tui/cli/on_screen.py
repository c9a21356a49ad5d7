"""Sessions held on a screen instead of line by line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from games.errors import CapReached, MinilateralError, Paused, ProviderError
from tui.cli.output import is_plain

if TYPE_CHECKING:
    from delegates import Caps
    from delegates.settings import Settings
    from games.preparation import Sheet
    from transcripts.record import SessionRecord
    from tui.live import LiveSession
    from tui.session_plan import SessionPlan

Kept = Callable[[Path], None]
"""Tells where an interrupted session is kept."""


def has_screen(*, plain: bool, as_json: bool, verbose: bool) -> bool:
    """Return whether a session is shown on a screen: both ends are terminals, and nobody wants
    lines. What `-v` tells of model calls goes to the terminal line by line, so it wants them.
    """
    wants_lines = as_json or verbose or is_plain(plain=plain) or os.environ.get("TERM") == "dumb"
    return not wants_lines and sys.stdin.isatty()


def held(
    plan: SessionPlan,
    see: str | None,
    kept: Kept,
    *,
    prepare: bool = False,
    sheet: Sheet | None = None,
) -> SessionRecord:
    """Return the record of a planned session held on the screen.

    Args:
        plan: What is played.
        see: The only party whose private side is shown to who only watches.
        kept: Told where the session is kept if it did not reach its end.
        prepare: Whether the person fills in a preparation sheet first.
        sheet: The person's preparation sheet, where it is at hand.

    Raises:
        TranscriptError: If its file is there already.
        MinilateralError: If it stopped before its end.
    """
    from tui.live import sat_down

    plan.require_new()
    if prepare:
        return _prepared(plan, kept)
    return _shown(sat_down(plan, sheet), see, kept)


def _prepared(plan: SessionPlan, kept: Kept) -> SessionRecord:
    """Return the record of a session before which the person fills in a sheet."""
    from tui.app import MinilateralApp
    from tui.screens.preparation import PreparationScreen

    app = MinilateralApp(partial(PreparationScreen, plan), plan.settings)
    app.run()
    if app.ended is None:
        raise Paused("you left before the first move")
    return _ended(app.ended, app.ended_at, kept)


def carried_on(
    path: Path, settings: Settings, caps: Caps, model: str | None, kept: Kept
) -> SessionRecord | None:
    """Return the record of an interrupted session carried on; None if it had ended already.

    Args:
        path: The transcript.
        settings: Where models are.
        caps: Limits on money, tokens and time.
        model: A model to ask from here on instead of those in the seats.
        kept: Told where the session is kept if it did not reach its end.

    Raises:
        TranscriptError: If the file cannot be read.
        UserError: If more than one person sits there.
        MinilateralError: If it stopped before its end.
    """
    from transcripts.events import Found
    from transcripts.store import Transcript
    from tui.live import carried_on as reopened

    live = reopened(path, settings, caps=caps, model=model)
    transcript = Transcript(path)
    if isinstance(transcript.event(len(transcript) - 1), Found):
        return None
    return _shown(live, None, kept)


def _shown(live: LiveSession, see: str | None, kept: Kept) -> SessionRecord:
    from tui.app import hold

    found = hold(live, see)
    return _ended(found.ended, found.path, kept)


def _ended(ended: SessionRecord | MinilateralError, path: Path | None, kept: Kept) -> SessionRecord:
    if isinstance(ended, MinilateralError):
        if isinstance(ended, ProviderError | CapReached | Paused) and path is not None:
            kept(path)
        raise ended
    return ended
