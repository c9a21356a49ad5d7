"""What Textual tells of a screen or widget untyped, typed."""

from __future__ import annotations

from typing import cast

from textual.app import App
from textual.dom import DOMNode


def app_of(node: DOMNode) -> App[None]:
    """Return the app that shows a screen or widget."""
    # Textual does not say of what kind a node's app is.
    return cast("App[None]", node.app)  # pyright: ignore[reportUnknownMemberType]
