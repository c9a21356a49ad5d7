"""What may be done at a screen beside playing: the one place that tells, and what screens ask."""

from __future__ import annotations

from dataclasses import dataclass

LEAVING = "The session goes on. If you leave, what happened is kept and can be carried on."


@dataclass(frozen=True)
class Rights:
    """What may be done at a screen."""

    actions: frozenset[str] | None = None
    """The actions that are open at the table beside moving the focus; None for all there are."""
    unseals: bool = True
    """Whether who played may see all there was once the session is over."""
    leaving: str = LEAVING
    """What is said to who wants to leave while the session goes on."""

    def allow(self, action: str) -> bool:
        """Return whether an action may be done at all."""
        return self.actions is None or action in self.actions


OWNER = Rights()
"""Of a person at their own machine: everything."""
