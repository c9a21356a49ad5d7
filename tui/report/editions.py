"""For whom a report is, and what that one holds."""

from __future__ import annotations

from enum import StrEnum


class Edition(StrEnum):
    """The reader of a report; each edition holds what the one before does, and more."""

    PARTICIPANTS = "participants"
    DEBRIEF = "debrief"
    FACILITATOR = "facilitator"

    @property
    def heading(self) -> str:
        """What the edition is called."""
        return {
            Edition.PARTICIPANTS: "Participants' edition",
            Edition.DEBRIEF: "Debrief edition",
            Edition.FACILITATOR: "Facilitator's edition",
        }[self]

    @property
    def holds(self) -> str:
        """What it holds and who may read it, in a sentence."""
        return {
            Edition.PARTICIPANTS: (
                "Holds what everyone at the table knows before the first move. Hand it out freely."
            ),
            Edition.DEBRIEF: (
                "Holds what theory makes of the parties' private points, what could happen "
                "meanwhile and how each reads open words, though neither briefs nor points "
                "themselves. Hand it out after the session, not before."
            ),
            Edition.FACILITATOR: (
                "Holds every private brief and all points. Not for anyone who is to play."
            ),
        }[self]
