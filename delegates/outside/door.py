"""Where outside agents come in: the door that a caller opens, and who is told of each seat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from delegates.minds.outside import HTTP, MCP
from delegates.place import HOST, Place, take_place
from delegates.seats import SeatSpec
from games.errors import SeatError

EXTRA = "pip install 'minilateral[mcp]'"
"""What installs the SDK of MCP beside the program."""

SDK, MAJOR = "mcp", "2"
"""The SDK of MCP, and which of its versions are known here."""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What an outside agent needs to take its seat; told once, and kept nowhere."""

    party: str
    speaks: str = HTTP
    """How the agent is to speak there: `http` or `mcp`."""
    url: str
    """Where the agent begins: the door, with a slash at its end, or over MCP its server there."""
    token: str = field(repr=False)
    """To be sent with every request: `Authorization: Bearer TOKEN`."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much of this machine strangers at the door can take up."""

    patience_s: float = 10.0
    """How long a request may take to arrive, and an answer to be taken."""
    poll_s: float = 20.0
    """How long a seat that has nothing to be told waits for its answer."""
    farewell_s: float = 5.0
    """How long the door stays open for agents that do not know yet how the session ended."""
    strangers: int = 64
    """Connections that have shown no token yet; the oldest is hung up on for another."""
    moment_s: float = 0.25
    """How long even the oldest is let speak up first."""
    at_once: int = 8
    """Requests of one seat that are answered at the same time."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """A port of this machine alone, at which the outside agents of a session are served."""

    tell: Callable[[Invitation], object]
    """Told of each seat once the door is open. A token is all that it takes to negotiate there."""
    port: int = 0
    """0 for any that is free."""
    bounds: Bounds = Bounds()

    def entrance(self, specs: Iterable[SeatSpec]) -> Entrance | None:
        """Return the door with a port taken; None where no outside agent has a seat.

        Raises:
            UserError: If the port cannot be used.
            SeatError: If what speaks for a seat is not installed.
        """
        outside = [spec for spec in specs if spec.is_outside]
        if not outside:
            return None
        for spec in outside:
            if spec.mind == MCP:
                _require_sdk(spec.text)
        return Entrance(door=self, place=take_place(HOST, self.port, anyone=False))


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """A door with its port taken."""

    door: Door
    place: Place

    def shut(self) -> None:
        """Give the port back."""
        self.place.listening.close()


def _require_sdk(seat: str) -> None:
    """Check that the SDK of MCP is here, without loading it.

    Raises:
        SeatError: If it is not, or is another than what is known here.
    """
    try:
        found = version(SDK)
    except PackageNotFoundError:
        raise SeatError(f"seat {seat!r}: the MCP SDK is not installed; {EXTRA}") from None
    if found.partition(".")[0] != MAJOR:
        raise SeatError(
            f"seat {seat!r}: version {found} of the MCP SDK is installed, expected {MAJOR}.x; "
            f"{EXTRA}"
        )
