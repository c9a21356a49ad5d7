"""A seat's link, as it is typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from games.errors import UserError

_KEY = re.compile(r"[A-Za-z0-9_-]+")
_EXPECTED = "expected the link of a seat, as http://127.0.0.1:8000/seat/…/"


@dataclass(frozen=True)
class Link:
    """Where a seat is joined; whoever has it plays the seat, so it is not told again."""

    scheme: str
    at: str
    """Host and port."""
    path: str
    """From the root to the seat, with a slash at the end."""

    @property
    def socket(self) -> str:
        """The address of the seat's web socket."""
        return f"{'wss' if self.scheme == 'https' else 'ws'}://{self.at}{self.path}ws"


def link_in(text: str) -> Link:
    """Return the link that was typed.

    Raises:
        UserError: If it is none.
    """
    try:
        found = urlsplit(text.strip())
        port = found.port
    except ValueError:
        raise UserError(f"--join: {_EXPECTED}") from None
    parts = found.path.strip("/").split("/")
    is_seat = len(parts) == 2 and parts[0] == "seat" and _KEY.fullmatch(parts[1]) is not None
    if found.scheme not in ("http", "https") or not found.hostname or not is_seat:
        raise UserError(f"--join: {_EXPECTED}")
    host = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
    at = host if port is None else f"{host}:{port}"
    return Link(found.scheme, at, f"/seat/{parts[1]}/")
