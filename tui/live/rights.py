"""What may be done at a screen beside playing: the one place that tells, and what screens ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LEAVING = "The session goes on. If you leave, what happened is kept and can be carried on."


@dataclass(frozen=True)
class Rights:
    """What may be done at a screen."""

    actions: frozenset[str] | None = None
    """The actions that are open at the table beside moving the focus; None for all there are."""
    unseals: bool = True
    """Whether who played may see all there was once the session is over."""
    names_seat: bool = False
    """Whether whose seat it is stands above the table: who joined by a link did not choose it."""
    tells_spending: bool = True
    """Whether it is shown what models came to."""
    tells_faults: bool = True
    """Whether it is shown why a session or a review failed: files and addresses stand in that."""
    leaving: str = LEAVING
    """What is said to who wants to leave while the session goes on."""
    kept: str = "What happened is kept; c carries on from here."
    """What is said once the session has stopped and is kept."""
    help: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    """Lines of the help that read otherwise here, by their keys; None for those that are left
    out."""

    def allow(self, action: str) -> bool:
        """Return whether an action may be done at all."""
        return self.actions is None or action in self.actions

    def helped(self, keys: Mapping[str, str]) -> dict[str, str]:
        """Return what each key does, as far as it does it here."""
        told = {**keys, **self.help}
        return {key: what for key, what in told.items() if what is not None}


OWNER = Rights()
"""Of a person at their own machine: everything."""
