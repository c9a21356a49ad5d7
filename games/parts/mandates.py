"""What a delegate may sign without its capital, what the capital says meanwhile, and who ratifies.

A mandate limits the options a delegate may sign. Instructions arrive at the beginning of a round,
known to the seat alone. A seat may ask for an option outside its limits; that costs its turn, and
the answer comes with the next round. What was signed is then put to those who must ratify it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from games.parts.base import Basis, Finite, Name, OptionText, Part, Points, Positive, Text

Cost = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Limits = dict[Name, tuple[OptionText, ...]]
"""Issue → the options that may be signed; issues that are not named are not limited."""

InstructionKind = Literal["tighten", "widen", "red-line", "no-deal"]


class Instruction(Part):
    """What a capital tells its delegate at the beginning of a round, and nobody else."""

    round: Annotated[int, Field(ge=1, le=100_000)]
    """At whose beginning it arrives, counted from 1."""
    kind: InstructionKind
    """`tighten` and `widen` put new limits on the issues they name; `red-line` rules out an option,
    or a combination, for good; `no-deal` lets nothing be signed in this round."""
    limits: Limits = Field(default={})
    """Of `tighten` and `widen`: what may be signed from now on."""
    red_line: dict[Name, OptionText] = Field(default={})
    words: Text = ""
    """As the capital puts it."""


class Grant(Part):
    """When the capital lets an option outside the limits be signed, if it is asked for it.

    It does if the text on the table, settled by that option, is worth at least so much.
    """

    least: Points
    """Points, as the capital counts them at home (`Ratification.points`)."""


class Ratification(Part):
    """Who at home must agree to what was signed: passed with P = 1/(1 + exp(−β(u_dom − q)))."""

    threshold: Points
    """q, in points: a text worth this at home passes with even chances."""
    slope: Positive = 0.2
    """β, per point."""
    audience_cost: Cost = 0.0
    """Points it costs its government to have signed what does not pass."""
    points: dict[Name, dict[OptionText, Finite]] = Field(default={})
    """What options are worth at home beside what they are worth to the government: u_dom − u."""
    basis: Basis = "judgement"
    note: Text = ""


class Mandate(Part):
    """What stands behind one delegate: limits, instructions, ratification, and the public."""

    limits: Limits = Field(default={})
    """What it may sign at the outset."""
    grants: dict[Name, dict[OptionText, Grant]] = Field(default={})
    """Options outside the limits that the capital may grant if it is asked."""
    requests: Annotated[int, Field(ge=0, le=1000)] = 3
    """How often it may ask."""
    instructions: tuple[Instruction, ...] = ()
    ratify: Ratification | None = None
    face: Cost = 0.0
    """F: points lost at home per point yielded in plenary; nothing is lost in a small room."""
    basis: Basis = "judgement"
    note: Text = ""
