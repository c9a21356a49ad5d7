"""What may happen to the world while delegations talk: prices, controls, tariffs, elections.

A shock strikes at the beginning of a round: of a stated one, of one drawn by lot, or when whoever
leads the exercise has it strike. From then on what it changes is changed for the whole session.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from games.parts.base import (
    Basis,
    Finite,
    Name,
    OptionText,
    Part,
    Positive,
    Share,
    Sources,
    Text,
    Title,
)

ShockKind = Literal["price", "export-control", "tariff", "election", "accident", "other"]


class Shock(Part):
    """One thing that may happen, and what it changes.

    Without a `round` and without a `chance` it strikes only when somebody has it strike.
    """

    label: Title
    kind: ShockKind = "other"
    words: Text = ""
    """What is reported of it."""
    round: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """At whose beginning it strikes, counted from 1."""
    chance: Share = 0.0
    """Chance a round that it strikes, once in a session."""
    heard_by: tuple[Name, ...] = ()
    """Those who alone learn of it; all if none is named."""
    points: dict[Name, dict[Name, dict[OptionText, Finite]]] = Field(default={})
    """Party → issue → option → points added."""
    reservation: dict[Name, Finite] = Field(default={})
    """Points added to a party's reservation value, to each of its alternatives if it has some."""
    spot: Positive | None = None
    """What the market price of `implementation` is multiplied by."""
    market: Share | None = None
    """The dominant supplier's share of the market from then on."""
    dispute: Finite = 0.0
    """Added to the level of the political quarrel, which stays in [0, 1]."""
    ratify: dict[Name, Finite] = Field(default={})
    """Points added to what a text must be worth at home to pass with even chances (q)."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""
