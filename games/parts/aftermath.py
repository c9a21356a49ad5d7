"""What a scenario says of the time after signature: enforcement, trust, signatures, years."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field

from games.parts.base import (
    Amount,
    Basis,
    Finite,
    Name,
    OptionText,
    Part,
    PerParty,
    Points,
    Positive,
    Share,
    Sources,
    Text,
)

Patience = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
PerShare = Share | dict[Name, Share]
Signature = Literal["binding", "declaratory", "out"]


class Commitments(Part):
    """What stands behind a signature, in points of the party concerned."""

    enforcement: Share = 0.0
    """Chance that reneging is punished once it is noticed."""
    fine: PerParty = 0.0
    """What that costs for each year in which one reneged."""
    mutual: Share = 0.0
    """Share of the fine still levied when both sides renege."""
    collapse: PerParty = 0.0
    """What each side loses if the project collapses."""
    sunk: PerParty = 0.0
    """What a host gains by seizing capital already sunk."""
    patience: Patience | dict[Name, Patience] | None = None
    """What a year's gain is worth a year earlier; not the patience between rounds of talks."""
    lag: Annotated[int, Field(ge=1, le=100)] = 1
    """Years of reneging until it is noticed and answered at the earliest; so long it pays."""
    detection: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Chance per year, from then on, that reneging is noticed."""
    basis: Basis = "judgement"
    note: Text = ""


class Belief(Part):
    """How far a party trusts the others to honour: a Beta prior, and what it has seen of them."""

    a: Positive = 1.0
    """Prior weight of honouring."""
    b: Positive = 1.0
    """Prior weight of reneging."""
    kept: Amount = 0.0
    """Commitments seen kept."""
    broken: Amount = 0.0
    """Commitments seen broken."""
    basis: Basis = "judgement"
    note: Text = ""


class Participation(Part):
    """What signing, half signing and staying out of a text lead to."""

    threshold: Share | None = None
    """Share of the weight that must sign binding for entry into force; as the protocol's
    agreement rule if not given."""
    weights: dict[Name, Positive] = Field(default={})
    """Weights towards entry into force; as the protocol's if none is given."""
    kappa: PerShare = 0.0
    """Share of a party's undisputed gain that mere declarations bring it."""
    access: PerParty = 0.0
    """Points a signatory of declarations gains by access."""
    reply: PerParty = 0.0
    """Points the outside supplier's reply costs a signatory of declarations."""
    spill: dict[Name, Share] | Share = 0.0
    """What a party's binding signature brings each outsider, as a share of the outsider's
    attainable gain."""
    penalty: PerParty = 0.0
    """Points an outsider loses if all sign binding, in proportion to how many do."""
    others: Signature = "declaratory"
    """How parties that are neither consumers nor suppliers are taken to sign."""
    benefit: PerParty | None = None
    """Benefit of one party's contribution, as a share of own attainable gain; as the utilities
    have it if not given."""
    cost: PerParty | None = None
    """Slope of the cost of own contribution, likewise."""
    basis: Basis = "judgement"
    note: Text = ""


class Reading(Part):
    """A figure that depends on how one issue is settled."""

    issue: Name
    """The issue on which the figure depends."""
    values: dict[OptionText, Finite] | None = None
    """The figure an option stands for; the options themselves, if they are numbers."""
    scale: Finite = 1.0
    """What the figure is multiplied by, to change its unit."""


Figure = Amount | Reading


class Components(Part):
    """A lead time built up from its stages, in years."""

    kind: Literal["components"]
    """Stages, one after the other."""
    explore: Amount = 0.0
    """Years of exploration."""
    permit: Annotated[float, Field(gt=0, le=10)] | None = None
    """Chance rate per year that the permit comes; None: it is there."""
    finance: Amount = 0.0
    """Years from the permit to the readiness for financial close."""
    build: Amount
    """Years of building, after financial close."""
    open_season: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the year in which one can build."""


class Total(Part):
    """A lead time from discovery to production as one lognormal draw, in years."""

    kind: Literal["total"]
    """One draw."""
    mu: Finite
    """Mean of the logarithm of the years: half of all lead times are shorter than e^mu years."""
    sigma: Amount
    """Standard deviation of that logarithm; 0 for a lead time that is certain."""
    build: Amount = 3.0
    """The last years of the total, in which it is built: they begin with financial close."""


_STAGES = {"explore", "permit", "finance", "open_season"}
_DRAW = {"mu", "sigma"}


def _not_both(value: object) -> object:
    if isinstance(value, dict):
        stated = cast("dict[object, object]", value)
        kind, keys = stated.get("kind"), stated.keys()
        staged = kind == "components" or not _STAGES.isdisjoint(keys)
        drawn = kind == "total" or not _DRAW.isdisjoint(keys)
        if staged and drawn:
            raise ValueError(
                "a lead time is either its components (explore, permit, finance, build) or the "
                "total (mu, sigma), never both"
            )
        return stated
    return value


LeadTime = Annotated[Components | Total, Field(discriminator="kind"), BeforeValidator(_not_both)]


class Walk(Part):
    """A price whose changes never revert (geometric Brownian motion without drift)."""

    kind: Literal["random-walk"]
    """It goes on from where it is."""


class Reverting(Part):
    """A price whose logarithm returns to a level (Schwartz's one-factor model)."""

    kind: Literal["mean-reverting"]
    """It comes back."""
    reversion: Positive
    """κ, the rate of return per year."""
    level: Positive
    """The mean of the price in the long run."""


class Price(Part):
    """The market price of what is delivered."""

    spot: Positive
    """At signature, in money a unit: with the volume's unit it decides what all money is in."""
    volatility: Annotated[float, Field(ge=0.001, le=10)]
    """Standard deviation of a year's change of the logarithm."""
    process: Annotated[Walk | Reverting, Field(discriminator="kind")] = Walk(kind="random-walk")
    """How it moves."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""


class Project(Part):
    """A mine or refinery that is to deliver part of the agreed volume once it is built."""

    name: Text
    """What it is called in the outlook."""
    share: Share
    """Part of the agreed volume that comes from it."""
    lead: LeadTime
    """How long it takes until it delivers."""
    capped_until: Figure = 0.0
    """Years during which a legal cap rules out a permit."""
    capex: Amount
    """Money it takes to build, in the unit of price times volume."""
    unit_cost: Amount = 0.0
    """Cost of producing one unit, in the unit of the price."""
    life: Annotated[int, Field(ge=1, le=100)] = 20
    """Years it produces; beyond the contract it sells at the market's price."""
    host: Name | None = None
    """The party under whose law it stands; if not given, that of every supplier."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""


class Renegotiation(Part):
    """How the price may be reopened where it tempts a party, instead of it breaking its word.

    It is reopened if all who owe something then honour the agreement, and no one's cost is above
    what keeping it is worth to that party.
    """

    share: Annotated[float, Field(gt=0, le=1)]
    """Part of the gap between contract price and market price by which the contract price moves."""
    cost: PerParty = 0.0
    """Points that it costs each party, every time."""
    most: Annotated[int, Field(ge=1, le=100)] = 1
    """How many times it may be reopened."""
    basis: Basis = "judgement"
    note: Text = ""


class Implementation(Part):
    """How the years after signature follow from what was agreed."""

    years: Annotated[int, Field(ge=1, le=60)] = 15
    """How many are simulated."""
    volume: Figure
    """Agreed deliveries per year; what no project delivers comes from existing output."""
    floor: Figure = 0.0
    """Price below which the buyer makes up the difference."""
    contract_price: Figure | None = None
    """Price against which the spot price tempts; the floor if not given, or without one none."""
    term: Figure | None = None
    """Years of delivery, of each project from its start; to the end if not given."""
    invest: Figure = 0.0
    """Public money towards the projects' capital, in proportion to their capex."""
    price: Price
    """The market's price."""
    projects: tuple[Project, ...] = ()
    """What is still to be built; what no project's share covers is delivered from the start."""
    rate: Annotated[float, Field(ge=0, le=1)] = 0.04
    """Interest per year, continuously compounded."""
    law: PerParty = 0.0
    """Chance per year that a change of law ends a party's commitments; whoever finances a project
    foresees it."""
    swing: dict[Name, Points] = Field(default={})
    """Points by which a spot price 100 % above the contract price raises a party's temptation;
    negative for a buyer."""
    renegotiation: Renegotiation | None = None
    """Whether the price may be reopened; never if not given."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""
