"""The plan of an evaluation: which strategies meet where, how often, and what it may cost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from games.parts import Name, Part, Text, Title

Ended = Literal[
    "agreement", "no-agreement", "walked-away", "timeout", "provider", "error", "refused"
]
"""How a session ended. `timeout`: the session took longer than the plan allows; `provider`: an
endpoint failed for good; `error`: a fault of this program; `refused`: a delegate broke the protocol
beyond what its fallback mends."""

FAILURES: tuple[Ended, ...] = ("timeout", "provider", "error", "refused")
"""Classes of sessions that did not end by the protocol."""

Treatment = Literal["as-it-ended", "no-agreement", "left-out"]
"""How a class of sessions enters the means: as it ended, as one worth r_i to everybody, or not at
all. Whichever it is, the report counts the class by itself."""

Layout = Literal["stratified", "one", "blocs"]
"""How more than two parties are seated. `stratified`: strategies are dealt to seats in Latin
squares, so that each sits in each seat equally often; `one`: one seat plays the tested strategy,
every other one the fixed opponent, seat by seat; `blocs`: all consumers play one strategy, all
suppliers another, whoever belongs to neither the fixed one."""

Names = Literal["own", "alias"]
"""Whether parties go by their own names or by invented ones."""


class Seating(Part):
    """Who meets whom."""

    self_play: bool = True
    """Whether a strategy also meets itself."""
    tested: tuple[str, ...] = ()
    """Strategies under test; all of them if none is named."""
    against: tuple[str, ...] = ()
    """Strategies they meet, in either seat; all of them if none is named."""
    many: Layout = "stratified"
    """How more than two parties are seated."""
    fixed: str | None = None
    """The strategy of those seats that `many` leaves to a fixed opponent."""
    draws: Annotated[int, Field(ge=1, le=1000)] = 1
    """Latin squares a repetition, where `many` is `stratified`."""


class PlanBudget(Part):
    """What the whole batch may use; earlier runs of it counted."""

    max_cost_usd: Annotated[float, Field(ge=0)] | None = None
    max_tokens: Annotated[int, Field(ge=0)] | None = None
    max_time_s: Annotated[float, Field(ge=0)] | None = None


class SessionLimits(Part):
    """What one session may use."""

    timeout_s: Annotated[float, Field(gt=0)] | None = None
    retry_budget_s: Annotated[float, Field(ge=0)] | None = None


class OutcomeClasses(Part):
    """How sessions that did not simply end enter the means."""

    timeout: Treatment = "no-agreement"
    provider: Treatment = "left-out"
    error: Treatment = "left-out"
    refused: Treatment = "no-agreement"
    fallback: Treatment = "as-it-ended"
    """Sessions in which a fallback mind moved in a model's place at least once."""


class Plan(Part):
    """What an evaluation plays. What it determines of the results is hashed; budgets are not."""

    minilateral_plan: Annotated[Literal[1], Field(alias="minilateral-plan")]
    id: Name
    title: Title
    question: Text = ""
    """What it is to find out, in words."""
    strategies: dict[Name, str]
    """Name → seat specification. A list of specifications names each by itself."""
    scenarios: tuple[str, ...]
    """Names of bundled scenarios, files, or globs of files, from the plan's folder."""
    seats: Seating = Seating()
    repetitions: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    seed: int = 0
    """The first of the seeds; sessions of one repetition share theirs, whoever sits there."""
    names: tuple[Names, ...] = ("own",)
    budget: PlanBudget = PlanBudget()
    session: SessionLimits = SessionLimits()
    outcomes: OutcomeClasses = OutcomeClasses()
    transcripts: Literal["none", "failed", "all"] = "none"
    at_once: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Sessions of models at a time; if not given, as many as servers and this machine keep up
    with."""
