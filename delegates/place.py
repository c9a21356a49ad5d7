"""Where something is served: an address of this machine, and the names it answers to."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from games.errors import UserError

HOST, PORT = "127.0.0.1", 8000
"""Where the app is served if nothing else is said."""

HIGHEST_PORT = 65_535

WHAT_IT_MEANS = (
    "who has its link, or reads it on the network, can play here with your models, your money and "
    "your transcripts; there is no password, and nothing is encrypted"
)
"""What it means to serve at an address beyond this machine."""

_IPAddress = IPv4Address | IPv6Address


@dataclass(frozen=True, kw_only=True)
class Place:
    """A socket that listens, and the names under which a browser may ask for it.

    A web site can have a name of its own point at this machine, and have a browser that visits it
    ask here (DNS rebinding). What is asked for under a name that is not ours is refused.
    """

    listening: socket.socket
    host: str
    """As it was given."""
    is_open: bool
    """Whether it can be reached from beyond this machine."""

    @property
    def port(self) -> int:
        """The port."""
        return int(self.listening.getsockname()[1])

    @property
    def url(self) -> str:
        """The address to type into a browser."""
        address = ip_address(self.listening.getsockname()[0])
        if address.is_unspecified:
            return f"http://{socket.gethostname()}:{self.port}/"
        host = f"[{address}]" if address.version == 6 else str(address)
        return f"http://{host}:{self.port}/"

    def answers_to(self, asked: str) -> bool:
        """Return whether a `Host` header names this place."""
        name, port = _split(asked)
        if port != self.port:
            return False
        address = _address_in(name)
        if address is not None:
            return self.is_open or address.is_loopback
        own = {"localhost", self.host.casefold()}
        if self.is_open:
            own |= {socket.gethostname().casefold(), socket.getfqdn().casefold()}
        return name.casefold() in own


def take_place(host: str, port: int, *, anyone: bool, means: str = WHAT_IT_MEANS) -> Place:
    """Return a place at which this process listens from now on.

    Args:
        host: An address or name of this machine.
        port: A port; 0 for any that is free.
        anyone: Whether it may be reached from beyond this machine.
        means: What it means to serve there, for who has not said that they want it.

    Raises:
        UserError: If the port or the address cannot be used, or is beyond this machine and that was
            not asked for.
    """
    if not 0 <= port <= HIGHEST_PORT:
        raise UserError(f"--port {port}: expected 1 to {HIGHEST_PORT}, or 0 for any that is free")
    family, address = _resolved(host)
    is_open = not ip_address(address).is_loopback
    if is_open and not anyone:
        raise UserError(
            f"--host {host}: {means}; expected --anyone as well if that is meant, or an "
            f"address of this machine alone, as {HOST} is"
        )
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise UserError(_not_taken(host, port, error)) from None
    return Place(listening=listening, host=host, is_open=is_open)


def _resolved(host: str) -> tuple[socket.AddressFamily, str]:
    """Return the address that a host is known by, one of the older kind if it has both.

    Raises:
        UserError: If there is none.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UserError(
            f"--host {host!r}: there is no such address; expected one of this machine, as {HOST} is"
        ) from None
    found.sort(key=lambda one: one[0] != socket.AF_INET)
    return found[0][0], str(found[0][4][0]).partition("%")[0]


def _not_taken(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"--port {port}: something else listens there already; expected a free port"
        case errno.EADDRNOTAVAIL:
            return f"--host {host}: not an address of this machine; expected one, as {HOST} is"
        case errno.EACCES:
            return f"--port {port}: not allowed to this user; expected one from 1024"
        case _:
            return f"--host {host} --port {port}: {error.strerror}; expected another"


def _split(asked: str) -> tuple[str, int]:
    """Return name and port of a `Host` header; port 80 where it names none, -1 for nonsense."""
    name, colon, port = asked.rpartition(":")
    if not colon or port.endswith("]"):
        return asked.strip("[]"), 80
    if not (port.isascii() and port.isdigit()):
        return asked, -1
    return name.removeprefix("[").removesuffix("]"), int(port)


def _address_in(name: str) -> _IPAddress | None:
    try:
        return ip_address(name)
    except ValueError:
        return None
