"""A person's seat: what can be set of it. The table asks the person; another mind stands in."""

from __future__ import annotations

from collections.abc import Mapping

from delegates.minds.registry import MODEL_MINDS, SCRIPTED_MINDS, Choice, Number, Parameter

HUMAN = "human"
"""What a seat specification calls a person."""

LIMIT = "limit"
STAND_IN = "stand-in"
HINTS = "hints"

SCRIPTED_STAND_IN, MODEL_STAND_IN = "firm", "llm"
"""Who stands in where the seat does not say: the second where it names a model."""

PARAMETERS: Mapping[str, Parameter] = {
    LIMIT: Number(0.0, 0.0, 86_400.0),
    STAND_IN: Choice(
        (SCRIPTED_STAND_IN, *(m for m in (*SCRIPTED_MINDS, *MODEL_MINDS) if m != SCRIPTED_STAND_IN))
    ),
    HINTS: Choice(("no", "yes")),
}
"""Seconds for a move, 0 for as long as it takes; the mind that moves in the person's place; whether
the adviser may be asked."""
