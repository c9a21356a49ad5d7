"""What the pages of served apps have in common: their files, their headers, the keys in links."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import textual_serve

_STATICS = Path(textual_serve.__file__).with_name("static")

PAGE = Path(__file__).with_name("page")
"""The folder of the page of `serve`."""

FILES: Mapping[str, Path] = {
    "page/page.css": PAGE / "page.css",
    "page/page.js": PAGE / "page.js",
    **{
        f"static/{path.relative_to(_STATICS).as_posix()}": path
        for path in sorted(_STATICS.rglob("*.*"))
    },
}
"""What every page may load, by its path beside the page; no other file is ever opened."""

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Server": "minilateral",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What a browser is told of every answer: to load, keep, frame and pass on nothing else."""


def digest(token: str) -> bytes:
    """Return what a key in a link is compared by, so that time tells nothing of the key."""
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def font_size(given: str) -> int:
    """Return a size of letters that a page was asked for with, within bounds."""
    is_size = given.isascii() and given.isdigit() and len(given) < 10
    return min(max(int(given), 6), 40) if is_size else 16


def silent(name: str) -> logging.Logger:
    """Return a logger that writes nothing: a request that cannot be parsed may hold a key."""
    logger = logging.Logger(name)
    logger.disabled = True
    return logger
