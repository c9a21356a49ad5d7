"""The plan of an evaluation: which strategies meet where, how often, and what it may cost."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import AfterValidator, Field, model_validator

from games.parts.base import Name, Part, Text, Title

LONGEST_NAME = 80
"""Characters of a strategy's name, which may be its seat specification."""

LONGEST_TITLE = 200

LONGEST_QUESTION = 2000

MOST_REPETITIONS = 1_000_000

LEAST_SCENARIOS = 5
"""Scenarios below which no interval over scenarios is given."""

Ended = Literal[
    "agreement", "no-agreement", "walked-away", "timeout", "provider", "error", "refused"
]
"""How a session ended. `timeout`: the session took longer than the plan allows; `provider`: an
endpoint failed for good; `error`: a fault of this program; `refused`: a delegate broke the protocol
beyond what its fallback mends."""

FAILURES: tuple[Ended, ...] = ("timeout", "provider", "error", "refused")
"""Classes of sessions that did not end by the protocol."""

CLASSES: tuple[Ended, ...] = ("agreement", "no-agreement", "walked-away", *FAILURES)
"""How a session may have ended, in the order it is told."""

PLAYED_AGAIN: tuple[Ended, ...] = ("provider", "error")
"""Classes of sessions that the next run plays again: another time they may not end so."""

Treatment = Literal["as-it-ended", "no-agreement", "left-out"]
"""How a class of sessions enters the means: as it ended, as one worth r_i to everybody, or not at
all. Whichever it is, the report counts the class by itself."""

Layout = Literal["stratified", "one", "blocs"]
"""How more than two parties are seated. `stratified`: strategies are dealt to seats in Latin
squares, so that each sits in each seat equally often; where they meet others that are not under
test, one seat at a time is and the others are dealt. `one`: one seat plays the tested strategy,
every other one the fixed opponent, seat by seat. `blocs`: all consumers play one strategy, all
suppliers another, whoever belongs to neither the fixed one."""

Names = Literal["own", "alias"]
"""Whether parties go by their own names or by invented ones."""


def _named(text: str) -> str:
    is_name = text.isprintable() and not any(map(str.isspace, text))
    if not is_name or not 1 <= len(text) <= LONGEST_NAME:
        raise ValueError(f"expected 1 to {LONGEST_NAME} printable characters without spaces")
    return text


StrategyName = Annotated[str, AfterValidator(_named)]
"""What a strategy is called; tables list several of them apart by spaces."""

Truth = Annotated[bool, Field(strict=True)]
Cap = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]


class Seating(Part):
    """Who meets whom."""

    self_play: Truth = True
    """Whether a strategy also meets itself, where two parties or two blocs meet."""
    tested: tuple[str, ...] = ()
    """Strategies under test; all of them if none is named."""
    against: tuple[str, ...] = ()
    """Strategies they meet, in any seat; all of them if none is named."""
    many: Layout = "stratified"
    """How more than two parties are seated."""
    fixed: str | None = None
    """The strategy of those seats that `many` leaves to a fixed opponent."""
    draws: Annotated[int, Field(ge=1, le=1000, strict=True)] = 1
    """Latin squares a repetition, where `many` is `stratified`."""


class PlanBudget(Part):
    """What the whole batch may use; earlier runs of it counted."""

    max_cost_usd: Cap | None = None
    """USD that the models' replies may cost."""
    max_tokens: Annotated[int, Field(ge=0, strict=True)] | None = None
    """Tokens that the models may read and write together."""
    max_time_s: Cap | None = None
    """Seconds that the batch may take."""


class SessionLimits(Part):
    """What one session may use."""

    timeout_s: Annotated[float, Field(gt=0, strict=True, allow_inf_nan=False)] | None = None
    """Seconds after which it is ended, and counts as a `timeout`."""
    retry_budget_s: Cap | None = None
    """Seconds for which a call that fails is tried again."""


class OutcomeClasses(Part):
    """How sessions that did not simply end enter the means."""

    timeout: Treatment = "no-agreement"
    """Sessions that took longer than the plan allows."""
    provider: Treatment = "left-out"
    """Sessions in which an endpoint failed for good."""
    error: Treatment = "left-out"
    """Sessions that a fault of this program ended."""
    refused: Treatment = "no-agreement"
    """Sessions in which a delegate broke the protocol beyond what its fallback mends."""
    fallback: Treatment = "as-it-ended"
    """Sessions in which a fallback mind moved in a model's place at least once."""


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""Also the name of the file that it is the hash of, and so never one that leads elsewhere."""


class Played(Part):
    """What a plan meant when it was played: of the copy that is kept with the results."""

    hash: str
    """SHA-256 of all that determines the results."""
    scenarios: Annotated[tuple[Sha256, ...], Field(min_length=1)]
    """SHA-256 of each scenario's canonical text; it lies in `scenarios/` beside the plan."""
    releases: dict[str, str] | None = None
    """Mind → the release of another library that it was of; of a plan that seats such a mind."""


class Plan(Part):
    """What an evaluation plays. What it determines of the results is hashed; budgets are not."""

    minilateral_plan: Annotated[Literal[1], Field(alias="minilateral-plan")]
    """The version of the format: 1."""
    id: Name
    """A short name, by which folders and sessions are named."""
    title: Title
    """One line."""
    question: Text = ""
    """What it is to find out, in words."""
    strategies: Annotated[dict[StrategyName, str], Field(min_length=1)]
    """Name → seat specification. A list of specifications names each by itself."""
    scenarios: Annotated[tuple[str, ...], Field(min_length=1)]
    """Names of bundled scenarios, files, or globs of files, from the plan's folder."""
    seats: Seating = Seating()
    """Who meets whom."""
    repetitions: Annotated[int, Field(ge=1, le=MOST_REPETITIONS, strict=True)] = 1
    """How often everything is played, each time with other seeds."""
    seed: Annotated[int, Field(ge=0, lt=10**18, strict=True)] = 0
    """Gives each scenario's repetitions their seeds, whoever sits there, and deals the seats."""
    names: Annotated[tuple[Names, ...], Field(min_length=1)] = ("own",)
    """Whether parties go by their own names, by invented ones, or both, each played by itself."""
    budget: PlanBudget = PlanBudget()
    """What the whole batch may use."""
    session: SessionLimits = SessionLimits()
    """What one session may use."""
    outcomes: OutcomeClasses = OutcomeClasses()
    """How sessions that did not simply end enter the means."""
    transcripts: Literal["none", "failed", "all"] = "none"
    """Which sessions' transcripts are kept in the folder."""
    at_once: Annotated[int, Field(ge=1, le=1000, strict=True)] | None = None
    """Sessions of models at a time; if not given, as many as servers and this machine keep up
    with."""
    played: Played | None = None
    """Of the copy of a plan that is kept with its results."""

    @model_validator(mode="before")
    @classmethod
    def _lets_specifications_name_themselves(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        stated = cast("dict[object, object]", values)
        listed = stated.get("strategies")
        if isinstance(listed, str | int | float):
            raise ValueError(  # noqa: TRY004 - pydantic's
                "strategies: expected a list of seat specifications, or NAME: SPECIFICATION line "
                f"by line, found {listed!r}"
            )
        if not isinstance(listed, list | tuple):
            return stated
        return {**stated, "strategies": _by_name(cast("list[object]", listed))}

    @property
    def tested(self) -> tuple[str, ...]:
        """The strategies under test, in the order of the plan's."""
        named = self.seats.tested
        return tuple(name for name in self.strategies if not named or name in named)

    @property
    def against(self) -> tuple[str, ...]:
        """The strategies that those under test meet, in the order of the plan's."""
        named = self.seats.against
        return tuple(name for name in self.strategies if not named or name in named)


def _by_name(listed: list[object]) -> dict[str, object]:
    """Return specifications by themselves, as they are written without spaces."""
    found: dict[str, object] = {}
    for number, spec in enumerate(listed):
        where = f"strategies.{number}"
        if not isinstance(spec, str):
            raise ValueError(f"{where}: expected a seat specification, found {spec!r}")  # noqa: TRY004 - pydantic's
        name = "".join(spec.split())
        if name in found:
            raise ValueError(f"{where}: {spec!r} stands there twice; expected each once")
        if len(name) > LONGEST_NAME:
            raise ValueError(
                f"{where}: longer than {LONGEST_NAME} characters; "
                "expected a name before it, NAME: SPECIFICATION"
            )
        found[name] = spec
    return found
