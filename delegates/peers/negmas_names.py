"""How a seat names a negotiator of NegMAS, told without loading NegMAS where that can be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from games.errors import SeatError

if TYPE_CHECKING:
    from delegates.contract import ScriptedMind

AGENT = "agent"
"""The parameter that names the negotiator."""

SCALE = "scale"
"""The parameter that says in what its utilities are told it."""

SCALES = ("unit", "points")
"""From 0, its worst outcome, to 1, its best, as the negotiators of NegMAS and of ANAC are used to,
some of which take it for granted; or the scenario's points as they stand."""

ABSENT = (
    "NegMAS is not installed; pip install 'minilateral[negmas]' (it is under the AGPL, version 3 "
    "or later)"
)
"""What is told where NegMAS is needed and not there."""

_NAME = re.compile(r"(negmas\.)?[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


@dataclass(frozen=True)
class AgentName:
    """A parameter that names a negotiator: its class, or the whole path of one within NegMAS."""

    default: str = ""
    expected: str = "a class such as BoulwareTBNegotiator, or its whole path, negmas.…"

    def read(self, text: str) -> str:
        """Return the name that a text gives.

        Raises:
            ValueError: If it is neither a bare name nor a path that begins with `negmas.`.
        """
        name = text.strip()
        if _NAME.fullmatch(name) is None or ("." in name and not name.startswith("negmas.")):
            raise ValueError
        return name


def require_agent(seat: str, name: str) -> None:
    """Check that NegMAS is here and has a negotiator of that name that can sit down.

    Args:
        seat: The specification, for the message.
        name: What it calls the negotiator.

    Raises:
        SeatError: If not.
    """
    if not name:
        raise SeatError(
            f"seat {seat!r}: names no negotiator; write e.g. negmas(agent=BoulwareTBNegotiator)"
        )
    _require_installed(seat)
    from delegates.peers.negmas_adapter import problem_with

    problem = problem_with(name)
    if problem is not None:
        raise SeatError(f"seat {seat!r}: {problem}")


def _require_installed(seat: str) -> None:
    if find_spec("negmas") is None:
        raise SeatError(f"seat {seat!r}: {ABSENT}")


def agent_mind(name: str, scale: str) -> ScriptedMind:
    """Return the mind of a seat that a negotiator of NegMAS takes.

    Raises:
        SeatError: If NegMAS is not installed.
    """
    _require_installed(f"negmas(agent={name})")
    from delegates.peers.negmas_adapter import NegmasMind

    return NegmasMind(name, scale)


def called(name: str, scale: str) -> str:
    """Return what a negotiator is called, and in what it is told utilities where that is said."""
    return name if scale == SCALES[0] else f"{name}, told {scale}"


@cache
def release() -> str:
    """Return which NegMAS is installed, in words."""
    try:
        return f"NegMAS {version('negmas')}"
    except PackageNotFoundError:
        return "NegMAS, not installed"
