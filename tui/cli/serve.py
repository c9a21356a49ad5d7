"""The verb that serves the app to a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from tui.cli.options import Address, PortNumber
from tui.cli.output import note, say


def serve(
    *,
    port: PortNumber = 8000,
    host: Address = "127.0.0.1",
    anyone: Annotated[
        bool,
        typer.Option(
            "--anyone",
            help="Allow an address beyond this machine: who has the link can then play with your "
            "models, your money and your transcripts, without a password.",
        ),
    ] = False,
) -> None:
    """Serve the app to a browser on this machine, each tab a player of its own."""
    import asyncio
    import contextlib
    import signal

    from delegates.place import WHAT_IT_MEANS, take_place
    from tui.serving.server import AppServer

    place = take_place(host, port, anyone=anyone)
    server = AppServer(place)

    def tell() -> None:
        if place.is_open:
            note(f"minilateral: {place.url} is open beyond this machine: {WHAT_IT_MEANS}")
        say(f"{server.link}  (Ctrl+C ends it; what was played is kept)")

    async def run() -> None:
        serving = asyncio.ensure_future(server.run(tell))
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            # Windows has none of these: there Ctrl+C is an exception.
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(sign, serving.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    asyncio.run(run())
