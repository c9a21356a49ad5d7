"""Every act a delegation can make: at a table of two, in a plenary hall, and in the chair.

Offers, acceptance and walking away are understood wherever an outcome is talked about. The others
belong to plenaries and forums; their protocols say when each is allowed. Parties, issues, options
and measures are named as the scenario names them, options by their text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from games.parts.aftermath import Signature

Ballot = Literal["yes", "no", "abstain"]


@dataclass(frozen=True, slots=True)
class Offer:
    """Propose an outcome; it replaces the mover's earlier one and counts as own acceptance."""

    outcome: int


@dataclass(frozen=True, slots=True)
class Accept:
    """Accept the offer on the table, or stand by it when it is already accepted."""


@dataclass(frozen=True, slots=True)
class WalkAway:
    """Leave the negotiation, or the room one is in, for good."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Say nothing, and stand where one stood."""


@dataclass(frozen=True, slots=True)
class Vote:
    """Vote on the text."""

    ballot: Ballot


@dataclass(frozen=True, slots=True)
class KeepSilence:
    """Let a text under silence procedure pass."""


@dataclass(frozen=True, slots=True)
class BreakSilence:
    """Object to a text under silence procedure, which is thereby not adopted."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign the text binding or declaratory, or stay out."""

    signature: Signature


@dataclass(frozen=True, slots=True)
class Pledge:
    """Pay one's contribution to the joint fund, or do not."""

    pays: bool


@dataclass(frozen=True, slots=True)
class Threaten:
    """Announce a measure against others unless the text settles an issue by an option."""

    measure: str
    issue: str
    option: str


@dataclass(frozen=True, slots=True)
class Promise:
    """Promise to support a text that settles an issue by an option; with a measure, that too."""

    to: tuple[str, ...]
    issue: str
    option: str
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class Approach:
    """Tell the other party of a side deal that one is ready for it; it stands once both have."""

    deal: str


@dataclass(frozen=True, slots=True)
class CallCaucus:
    """Ask some delegations into a private room on some issues; nothing said there binds."""

    members: tuple[str, ...]
    issues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskCapital:
    """Ask one's capital to let one sign an option outside one's mandate; it costs the turn."""

    issue: str
    option: str


@dataclass(frozen=True, slots=True)
class CarryOut:
    """Make good on a threat or promise that has fallen due, or do not."""

    does: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """As chair, put forward a text free of brackets."""

    outcome: int


@dataclass(frozen=True, slots=True)
class Park:
    """As chair, set an issue aside: the floor does not speak to it until it is reopened."""

    issue: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """As chair, take up again what was parked, or open the floor to all issues of a group."""


@dataclass(frozen=True, slots=True)
class Group:
    """As chair, have the floor speak to a few issues together and to no others."""

    issues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallInformal:
    """As chair, send those at odds over a bracket into a small room."""

    issue: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenBreakouts:
    """As chair, have the delegations meet in small rooms, matched by what they care for."""


@dataclass(frozen=True, slots=True)
class OpenSilence:
    """As chair, have the text adopted unless somebody breaks the silence."""


@dataclass(frozen=True, slots=True)
class PutToVote:
    """As chair, call the roll on the text."""


@dataclass(frozen=True, slots=True)
class OpenSignature:
    """As chair of a forum, open the text for signature."""


@dataclass(frozen=True, slots=True)
class Extend:
    """As chair, extend the talks, once."""


@dataclass(frozen=True, slots=True)
class Adjourn:
    """As chair, close the round."""


Move = (
    Offer
    | Accept
    | WalkAway
    | Pass
    | Vote
    | KeepSilence
    | BreakSilence
    | Sign
    | Pledge
    | Threaten
    | Promise
    | Approach
    | CallCaucus
    | AskCapital
    | CarryOut
    | Merge
    | Park
    | Reopen
    | Group
    | CallInformal
    | OpenBreakouts
    | OpenSilence
    | PutToVote
    | OpenSignature
    | Extend
    | Adjourn
)
