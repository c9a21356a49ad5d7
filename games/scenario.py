"""A scenario: what is negotiated, by whom, under which protocol, and where its figures come from.

A file is read once into a frozen `Scenario`; nothing downstream sees raw YAML. Everything that
follows from the scenario alone (the outcome space, each party's preferences) is computed when
first asked for and kept on the object; `model_copy()` drops it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar, cast

from pydantic import (
    Field,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    field_validator,
    model_validator,
)

from games.errors import ScenarioError
from games.outcomes import OutcomeSpace, option_text
from games.parts.aftermath import Belief, Commitments, Implementation, Participation
from games.parts.ambiguity import Ambiguity, with_readings
from games.parts.base import (
    Basis,
    Name,
    OptionText,
    Part,
    Points,
    Positive,
    Scale,
    Share,
    Side,
    Sources,
    Text,
    Title,
)
from games.parts.mandates import Mandate
from games.parts.shocks import Shock
from games.parts.surroundings import (
    Alternative,
    Fund,
    Market,
    Outside,
    SideDeal,
    Statecraft,
    with_reservations,
)
from games.scenario_files.faults import MOST_FAULTS, Contradictory, Fault, faults_in
from games.scenario_files.written import Written, bundled_names, read_written, written
from games.utility import Preferences, outcome_space, preferences

FORMAT_VERSION = 1
"""The scenario format that this version reads and writes."""

T = TypeVar("T")


class Level(Part):
    """How hard a scenario is and how long it takes to play."""

    difficulty: Annotated[int, Field(ge=1, le=5)] = 1
    """From 1, easy, to 5."""
    minutes: Annotated[int, Field(ge=1, le=1000)] = 15
    """How long a person plays it."""


class Deadline(Part):
    """An uncertain end: from round `from` (counted from 1) on, each round may be the last."""

    start: Annotated[int, Field(alias="from", ge=1)]
    """The first round that may be the last, counted from 1."""
    close: Share
    """Chance that the talks end with it."""


class Quorum(Part):
    """An agreement that binds when enough weight, with every veto holder, accepts it."""

    quorum: Annotated[float, Field(gt=0, le=1)]
    """Share of the total voting weight that must accept."""
    weights: dict[Name, Positive] = Field(default={})
    """Voting weights; 1 for those not named."""
    vetoes: tuple[Name, ...] = ()
    """Parties without which nothing is agreed."""


class Rooms(Part):
    """Small rooms beside the plenary, in which a few delegations settle a few issues."""

    size: Annotated[int, Field(ge=2, le=20)] = 6
    """Most delegations in a room."""
    turns: Annotated[int, Field(ge=1, le=20)] = 2
    """Moves that each of them has there."""


class Protocol(Part):
    """Who may move when, and what time does to an agreement's worth."""

    kind: Literal["alternating-offers", "plenary", "forum"] = "alternating-offers"
    """Offers in turn, a text in a hall, or a text that is then signed."""
    rounds: Annotated[int, Field(ge=1, le=100_000)] = 10
    """After the last there is no agreement."""
    opens: Literal["fixed", "alternate", "lot"] = "alternate"
    """Who opens a round: always the first party, each in turn, or whoever the lot falls on."""
    breakdown: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """What each round of delay counts as: a chance that the talks break down. It is never drawn,
    but gains shrink by as much."""
    agreement: Literal["unanimity"] | Quorum = "unanimity"
    """Who must accept."""
    deadline: Deadline | None = None
    """An uncertain end, beside the last round."""
    discounting: Literal["gain", "total"] = "gain"
    """What is worth less later: what a party gains over no agreement, or all of an outcome."""
    chair: Name | None = None
    """Who holds the pen of a plenary's or forum's text; the first party if not given."""
    rooms: Rooms = Rooms()
    """Of a plenary or forum: its informals, breakouts and caucuses."""
    caucuses: Annotated[int, Field(ge=0, le=100)] = 0
    """Private caucuses that each delegation may call."""
    silence: Literal["allowed", "never"] = "allowed"
    """Whether the chair may have a text adopted unless somebody objects."""
    extension: Annotated[int, Field(ge=0, le=1000)] = 0
    """Rounds by which the chair may extend the talks, once."""
    speakers: Annotated[int, Field(ge=1, le=200)] | None = None
    """Delegations that take the floor aloud in a round; the others table theirs in writing."""


class Issue(Part):
    """One matter to be settled, with the options it may be settled by."""

    label: Text
    """What people call it."""
    unit: str = ""
    """Of options that are numbers."""
    kind: Literal["supply", "price", "investment", "processing", "legal", "political"] = "supply"
    """What it is about; by all but the last two somebody has to deliver or to pay something."""
    obligor: Name | None = None
    """The party that must deliver what is agreed."""
    options: Annotated[
        tuple[StrictInt | StrictFloat | StrictStr, ...], Field(min_length=1, max_length=1000)
    ]
    """The settlements there are to choose from, in their order: numbers or words."""
    unmet: OptionText | None = None
    """What is delivered when the obligor reneges; by default the option it likes best."""
    excludes: dict[OptionText, dict[Name, tuple[OptionText, ...]]] = Field(default={})
    """Options of other issues that an option cannot go with."""
    ambiguous: dict[OptionText, Ambiguity] = Field(default={})
    """Options that each party reads in its own way."""
    source: Sources = ()
    """Ids of the sources of its figures."""
    basis: Basis = "judgement"
    note: Text = ""

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The options as text, in order."""
        return tuple(option_text(option) for option in self.options)


class Link(Part):
    """Extra points a party gives to pairs of options of two issues."""

    issues: tuple[Name, Name]
    """Two different issues."""
    points: dict[OptionText, dict[OptionText, Points]]
    """Option of the first issue → option of the second → points; 0 for pairs not named."""


class Party(Part):
    """A party to the negotiation: what all may know of it, and its private instructions."""

    name: Text
    """What all call it."""
    also: tuple[Title, ...] = ()
    """Other words by which it is called: adjectives, its capital, its people."""
    side: Side
    """What it comes for: to buy, to sell, to process, or several of these."""
    bloc: Literal["consumer", "supplier"] | None = None
    """The bloc it counts with in the games between blocs, where its side does not say so."""
    weight: Positive = 1.0
    """Its weight in its bloc's mean gain."""
    interests: Text = ""
    """What all know that it wants."""
    brief: Text = ""
    """Its private instructions, in words."""
    reservation: Points = 0.0
    """What no agreement is worth to it, in points: the least it accepts."""
    reservation_basis: Text = ""
    """Why so much."""
    alternatives: tuple[Alternative, ...] = ()
    """What it can do instead; if any is given, the best of them is worth the reservation value."""
    concerns: tuple[Name, ...] = ()
    """The issues it has said publicly to care for, the most important first."""
    discount: Annotated[float, Field(gt=0, le=1)] = 1.0
    """What a gain is worth to it one round later."""
    red_lines: tuple[dict[Name, OptionText], ...] = ()
    """Options, or combinations of options, that it may never sign."""
    points: dict[Name, dict[OptionText, Points]]
    """Issue → option → what it is worth to it, on a scale of its own of about 0 to 100 in sum."""
    links: tuple[Link, ...] = ()
    """Points that pairs of options bring beside those of each."""

    @field_validator("reservation", mode="before")
    @classmethod
    def _is_left_out_rather_than_null(cls, value: object) -> object:
        if value is None:
            raise ValueError(
                "found null; leave it out: alternatives give it, and without any it is 0"
            )
        return value


class Dispute(Part):
    """A political quarrel that makes signing deep texts costly at home."""

    level: Share | Scale
    """How heated it is, from 0 to 1, or as an issue settles it."""
    depth: Share | Scale = 1.0
    """How deep a text binds, from 0 to 1, or as an issue settles it."""
    audience_cost: dict[Name, Annotated[float, Field(ge=0, allow_inf_nan=False)]]
    """Points that signing the deepest text at the height of the quarrel costs at home."""


class Source(Part):
    """Where figures of a scenario come from."""

    id: Name
    """By which figures name it."""
    title: Text
    """What it is, and who published it."""
    date: str = ""
    """Of publication, as far as it is known."""
    basis: Basis = "fact"
    note: Text = ""
    """What it says, in a sentence."""


Issues = Annotated[dict[Name, Issue], Field(min_length=1, max_length=64)]
Parties = Annotated[dict[Name, Party], Field(min_length=2, max_length=200)]


class Scenario(Part):
    """A whole negotiation, ready to be played."""

    minilateral: Literal[1]
    """The version of the format: 1."""
    id: Name
    """A short name, by which sessions are named."""
    title: Title
    """One line, which everyone reads."""
    level: Level = Level()
    """How hard it is, and how long it takes."""
    date: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    """Delegates know nothing that became known later."""
    setting: Text = ""
    """What everyone at the table knows."""
    protocol: Protocol = Protocol()
    """The rules of turns and time."""
    issues: Issues
    """What is to be settled, by id."""
    parties: Parties
    """Who settles it, by id; their order is the order of moves."""
    seats: dict[Name, str] = Field(default={})
    """Who sits for a party where nobody else is named: a seat specification."""
    dispute: Dispute | None = None
    """A quarrel that makes signing costly at home."""
    commitments: Commitments | None = None
    """What stands behind a signature."""
    trust: dict[Name, Belief] = Field(default={})
    """How far each party believes that the others will honour."""
    participation: Participation | None = None
    """What signing, half signing and staying out lead to."""
    implementation: Implementation | None = None
    """The years after signature."""
    market: Market | None = None
    """Who dominates the market."""
    outside: Outside | None = None
    """A supplier that does not sit at the table and answers what is signed there."""
    statecraft: Statecraft = Statecraft()
    """Threats and promises."""
    side_deals: dict[Name, SideDeal] = Field(default={})
    """Deals between two parties that stand whatever becomes of the text."""
    fund: Fund | None = None
    """A joint investment."""
    mandates: dict[Name, Mandate] = Field(default={})
    """What each delegate may sign, and who stands behind it."""
    shocks: dict[Name, Shock] = Field(default={})
    """What may happen to the world while delegations talk."""
    sources: tuple[Source, ...] = ()
    """Where figures come from."""

    @model_validator(mode="before")
    @classmethod
    def _holds_no_truth_values(cls, values: object) -> object:
        place = next(_truth_values(values), None)
        if place is not None:
            raise ValueError(f"{place}: expected a number or text, found true or false")
        return values

    @model_validator(mode="before")
    @classmethod
    def _takes_best_alternatives(cls, values: object) -> object:
        return with_reservations(values)

    @model_validator(mode="before")
    @classmethod
    def _takes_words_as_they_are_read(cls, values: object) -> object:
        return with_readings(values)

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        from games.lint.contradictions import contradictions

        found = tuple(islice(contradictions(self), MOST_FAULTS))
        if found:
            raise Contradictory(found)
        return self

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The parties' ids, in the order of moves."""
        return tuple(self.parties)

    @cached_property
    def space(self) -> OutcomeSpace:
        """The outcome space, impossible combinations marked."""
        return outcome_space(self)

    @cached_property
    def preferences(self) -> tuple[Preferences, ...]:
        """Each party's preferences over the outcome space, in the order of moves."""
        return tuple(preferences(self, party) for party in self.parties)

    @cached_property
    def is_eventful(self) -> bool:
        """Whether anything but moves happens of itself: shocks, instructions, answers."""
        shocks, mandates = self.shocks.values(), self.mandates.values()
        return any(one.round or one.chance for one in shocks) or any(
            one.instructions or one.limits for one in mandates
        )

    @cached_property
    def kept(self) -> dict[str, object]:
        """Whatever else was computed from the scenario alone, by name; see `once`."""
        return {}

    def once(self, key: str, compute: Callable[[Scenario], T]) -> T:
        """Return what `compute` finds in this scenario, computing it the first time only."""
        if key not in self.kept:
            self.kept[key] = compute(self)
        return cast("T", self.kept[key])

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:
        """Return a copy that has computed nothing yet."""
        copy = super().model_copy(update=update, deep=deep)
        computed: dict[str, object] = vars(copy)
        for name in ("ids", "space", "preferences", "is_eventful", "kept"):
            computed.pop(name, None)
        return copy

    def canonical(self) -> str:
        """Return the scenario as JSON that reads back to an equal scenario."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    def sha256(self) -> str:
        """Return the SHA-256 of its canonical text: 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def _truth_values(value: object, place: str = "") -> Iterator[str]:
    """Yield where truth values stand, which would be taken for the numbers 1 and 0."""
    if isinstance(value, bool):
        yield place
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[object, object]", value).items():
            yield from _truth_values(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(cast("Sequence[object]", value)):
            yield from _truth_values(inner, f"{place}.{number}")


def bundled_scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the package."""
    return bundled_names()


def load_scenario(source: str | Path) -> Scenario:
    """Return the scenario in a file, or the bundled one of that name.

    What the file `extends` is joined with it: the scenario is whole.

    Raises:
        ScenarioError: If there is none, or it does not describe a game.
    """
    return scenario_of(read_written(source))


def parse_scenario(text: str, name: str = "scenario") -> Scenario:
    """Return the scenario that a YAML text describes; it can extend bundled scenarios.

    Raises:
        ScenarioError: If it describes none; the message names the place and what was expected.
    """
    return scenario_of(written(text, name))


def scenario_of(source: Written) -> Scenario:
    """Return the scenario that is written somewhere.

    Raises:
        ScenarioError: If it is none; the message names the place and what was expected.
    """
    try:
        return Scenario.model_validate(source.values)
    except ValidationError as error:
        raise ScenarioError(faults_in(error, source)[0].line) from None


def faults_of(source: Written) -> list[Fault]:
    """Return all that keeps what is written from being a scenario, as far as one look shows it.

    Whether parts fit together is looked at once every part has its form, and what they leave to be
    agreed once they fit.
    """
    try:
        Scenario.model_validate(source.values)
    except ValidationError as error:
        return faults_in(error, source)
    return []
