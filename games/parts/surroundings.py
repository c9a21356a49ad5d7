"""What surrounds the table: markets, an outside supplier, statecraft, side deals, a joint fund.

Each of these changes what a text, a signature or no agreement is worth; none is decoration. All
figures are in the points of the party concerned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, cast

from pydantic import Field, ValidationError

from games.parts.base import (
    Amount,
    Basis,
    Finite,
    Name,
    Part,
    PerParty,
    Points,
    Positive,
    Scale,
    Share,
    Sources,
    Text,
    Title,
)


class Market(Part):
    """The market that the talks are about, and who dominates it."""

    supplier: Text
    also: tuple[Title, ...] = ()
    """Other words by which the dominant supplier is called."""
    share: Share
    """The dominant supplier's share of supply."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""


class Alternative(Part):
    """What a party can do instead of agreeing; the best of them is worth its reservation value.

    points − exposure · share², the dominant supplier's share squared being what it adds to the
    Herfindahl index of concentration.
    """

    name: Title
    points: Points
    """What it is worth where no supplier dominates the market."""
    exposure: Finite = 0.0
    """Points lost as one supplier comes to hold the whole market; below 0 for that supplier."""
    undercut: Amount = 0.0
    """Points gained if the outside supplier cuts its price as far as it can."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""

    def worth(self, share: float, cut: float = 0.0) -> float:
        """Return what it is worth at a share of the market and a price cut, both in [0, 1]."""
        return self.points - self.exposure * share**2 + self.undercut * cut


class Outside(Part):
    """A supplier that does not sit at the table and answers what is signed there.

    Once a text is in force, it cuts prices to all who are not bound, in proportion to the weight
    that is, and withholds licences from those who are.
    """

    name: Title
    also: tuple[Title, ...] = ()
    """Other words by which it is called."""
    price_cut: Share | Scale = 0.0
    """How far it cuts prices outside, as a share of the furthest, if all are bound; what that is
    worth to a party stands with its alternatives (`undercut`)."""
    squeeze: Share | Scale = 0.0
    """How hard it withholds licences from those bound, as a share of the hardest."""
    dependence: PerParty = 0.0
    """Points that the hardest squeeze costs a party."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""


class Measure(Part):
    """What a party can do to others, or for them, outside the text: threatened or promised."""

    label: Title
    by: Name
    towards: Annotated[tuple[Name, ...], Field(min_length=1)]
    effect: Annotated[dict[Name, Finite], Field(min_length=1)]
    """Points it brings each party that it is aimed at; below 0 for a threat."""
    cost: Amount = 0.0
    """Points it costs the party that carries it out."""
    basis: Basis = "judgement"
    note: Text = ""

    @property
    def is_threat(self) -> bool:
        """Whether it harms those it is aimed at."""
        return sum(self.effect.values()) < 0


class TrustWeights(Part):
    """How much what is seen during the talks counts in a belief, against a commitment's 1."""

    kept: Amount = 1.0
    """A promise kept."""
    broken: Amount = 1.0
    """A promise broken."""
    withdrawn: Amount = 0.25
    """A concession taken back."""
    threat: Amount = 0.5
    """A threat uttered, with those it is aimed at."""


class Statecraft(Part):
    """Threats and promises that can be kept or broken, and what either costs."""

    measures: dict[Name, Measure] = Field(default={})
    backing_down: PerParty = 0.0
    """Audience cost of a threat or promise that falls due and is not carried out."""
    trust: TrustWeights = TrustWeights()
    basis: Basis = "judgement"
    note: Text = ""


class SideDeal(Part):
    """A deal between two parties that stands whatever becomes of the text."""

    label: Title
    parties: tuple[Name, Name]
    points: dict[Name, Points]
    """What it is worth to each of the two."""
    instead: Share = 0.0
    """Share of what the text would bring them that they already have by it."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""


class Fund(Part):
    """A joint investment: built only if enough is pledged, and enjoyed by those who paid nothing.

    A member that pays bears its cost × size; if the fund is built every member gains its benefit ×
    size × share raised. With a threshold, too little pledged is paid back and nothing is built;
    without one, whatever is pledged is spent.
    """

    label: Title
    members: Annotated[tuple[Name, ...], Field(min_length=2)]
    size: Share | Scale = 1.0
    """Size of the fund that the text provides for, as a share of the largest."""
    cost: dict[Name, Amount]
    """Points that its own contribution to the largest fund costs a member."""
    benefit: dict[Name, Amount]
    """Points that the whole of the largest fund brings a member."""
    weights: dict[Name, Positive] = Field(default={})
    """Shares of the contributions; 1 for those not named."""
    threshold: Share | None = None
    """Share of the contributions that must be pledged."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""


def with_reservations(values: object) -> object:
    """Return a scenario's raw values with the reservation values that follow from alternatives.

    Values that are no valid alternatives are left as they are, to be complained of in their place.
    """
    if not isinstance(values, Mapping):
        return values
    given = cast("Mapping[str, object]", values)
    parties = given.get("parties")
    if not isinstance(parties, Mapping):
        return given
    share = _share_of(given.get("market"))
    filled = {
        name: _with_reservation(party, share)
        for name, party in cast("Mapping[str, object]", parties).items()
    }
    return {**given, "parties": filled}


def _share_of(market: object) -> float:
    share = cast("Mapping[str, object]", market).get("share") if isinstance(market, Mapping) else 0
    return float(share) if isinstance(share, int | float) else 0.0


def _with_reservation(party: object, share: float) -> object:
    if not isinstance(party, Mapping):
        return party
    given = cast("Mapping[str, object]", party)
    listed = given.get("alternatives")
    if "reservation" in given or not isinstance(listed, list | tuple) or not listed:
        return given
    try:
        known = [Alternative.model_validate(one) for one in cast("list[object]", listed)]
    except ValidationError:
        return given
    return {**given, "reservation": best_alternative(tuple(known), share)}


def best_alternative(
    alternatives: tuple[Alternative, ...], share: float, cut: float = 0.0
) -> float:
    """Return what the best of some alternatives is worth, in points.

    Args:
        alternatives: At least one.
        share: The dominant supplier's share of the market.
        cut: The outside supplier's price cut, in [0, 1].
    """
    return round(max(one.worth(share, cut) for one in alternatives), 9)
