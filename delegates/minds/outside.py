"""An outside agent's seat: what can be set of it. The table asks it; another mind stands in."""

from __future__ import annotations

from collections.abc import Mapping

from delegates.minds.human import LIMIT, STAND_IN
from delegates.minds.human import PARAMETERS as OF_A_PERSON
from delegates.minds.registry import Number, Parameter

HTTP = "http"
"""What a seat specification calls a program that negotiates over HTTP."""

MCP = "mcp"
"""What it calls an assistant that negotiates over the Model Context Protocol."""

WAYS = (HTTP, MCP)
"""All ways in which outside agents speak."""

PARAMETERS: Mapping[str, Parameter] = {
    LIMIT: Number(60.0, 1.0, 86_400.0),
    STAND_IN: OF_A_PERSON[STAND_IN],
}
"""Seconds for a move, always bounded: nobody can see that a program will never answer; and the mind
that moves in its place."""
