"""A seat that is joined from this terminal: `play --join`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from games.errors import Paused
from tui.cli.output import say

if TYPE_CHECKING:
    from tui.joining.client import Ended
    from tui.joining.link import Link
    from tui.joining.terminal import OwnTerminal


def join(link: str) -> None:
    """Sit at a hosted table until the person leaves or the host ends it.

    Args:
        link: The seat's link.

    Raises:
        UserError: If it is no link, there is no such seat, or this is no terminal.
        Paused: If the person ended it while the connection was broken.
    """
    from tui.joining.link import link_in
    from tui.joining.terminal import key_by_key

    found = link_in(link)
    with key_by_key() as terminal:
        ended = asyncio.run(_joined(found, terminal))
    if ended is None or ended.is_interrupted:
        raise Paused("you left; the table goes on, and your link leads back to it")
    say(ended.words)


async def _joined(link: Link, terminal: OwnTerminal) -> Ended | None:
    from tui.joining.client import Joining

    terminal.listen()
    task = asyncio.ensure_future(Joining(link, terminal).run())
    terminal.end_with(task)
    try:
        return await task
    except asyncio.CancelledError:
        return None
