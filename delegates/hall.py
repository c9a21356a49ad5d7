"""What a seat may know of a plenary or forum beside its own papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from games.moves import (
    Accept,
    Ballot,
    Merge,
    Move,
    Offer,
    Promise,
    Threaten,
    WalkAway,
)
from games.participation.fund import PledgeWorths
from games.participation.signing import SigningWorths
from games.parts.aftermath import Signature
from games.parts.base import of_party
from games.protocols.by_rule import Choose, act_by_rule, pledge_outlook, signing_outlook
from games.protocols.face import face_of, public_loss
from games.protocols.hall import Bracket, HallState, Room, Stage, Stand, Vow, most_acts
from games.protocols.perceived import believed_worth
from games.protocols.stages import is_signed
from games.protocols.voting import Count, count
from games.scenario import Scenario
from games.session import problem_with

_SAID_ALOUD = (Accept, Merge, Offer, Promise, Threaten, WalkAway)
"""Acts that are worth words of their own; a plain phrase says the others."""


@dataclass(frozen=True, slots=True)
class OwnMeasure:
    """What a party can threaten or promise, as it knows it."""

    towards: tuple[str, ...]
    is_threat: bool
    cost: float
    """Points that carrying it out costs it."""


@dataclass(frozen=True, slots=True)
class OwnDeal:
    """A side deal open to a party, as it knows it."""

    other: str
    points: float
    instead: float
    """Share of what the text would bring it that it already has by the deal."""


@dataclass(frozen=True, slots=True)
class OwnFund:
    """The joint fund, as a member of it knows it."""

    cost: float
    """Points that its contribution to the largest fund costs it."""
    benefit: float
    """Points that the whole of the largest fund brings it."""
    threshold: float | None


@dataclass(frozen=True, slots=True)
class OwnFace:
    """What yielding before the hall costs a party at home, as it knows it."""

    per_point: float
    reference: int | None
    """What it stands for before the hall; None until it has spoken."""
    worth: float
    """What that is worth to it, in points; 0 until it has spoken."""
    yielded: float
    """Points by which it has fallen short of it so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affairs:
    """What a party can do beside the text; figures are its own points."""

    measures: Mapping[str, OwnMeasure]
    backing_down: float
    """Points lost by not making good on a threat or promise that fell due."""
    deals: Mapping[str, OwnDeal]
    fund: OwnFund | None
    is_signed: bool
    """Whether delegations sign an adopted text, each in its own way."""


def affairs_of(scenario: Scenario, party: str) -> Affairs:
    """Return what a party can do beside the text, kept on the scenario."""
    return scenario.once(f"affairs/{party}", lambda same: _affairs_of(same, party))


def _affairs_of(scenario: Scenario, party: str) -> Affairs:
    craft, fund = scenario.statecraft, scenario.fund
    return Affairs(
        measures={
            name: OwnMeasure(one.towards, one.is_threat, one.cost)
            for name, one in craft.measures.items()
            if one.by == party
        },
        backing_down=of_party(craft.backing_down, party),
        deals={
            name: OwnDeal(
                next(other for other in one.parties if other != party),
                one.points[party],
                one.instead,
            )
            for name, one in scenario.side_deals.items()
            if party in one.parties
        },
        fund=None
        if fund is None or party not in fund.members
        else OwnFund(fund.cost[party], fund.benefit[party], fund.threshold),
        is_signed=is_signed(scenario),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """The hall as a delegation sees it when it is asked to move; parties are named by id."""

    stage: Stage
    kind: str
    """Plenary or forum."""
    chair: str
    text: int | None
    """The chair's text."""
    open_issues: tuple[str, ...]
    """The issues that it may speak to."""
    room: Room | None
    """The room it sits in, if it does."""
    stands: tuple[Stand | None, ...]
    """What each delegation last asked the text to read."""
    ballots: tuple[Ballot | None, ...]
    signatures: tuple[Signature | None, ...]
    pledges: tuple[bool | None, ...]
    vows: tuple[Vow, ...]
    """Threats and promises that it has heard or made."""
    due: Vow | None
    """The threat or promise that it must now make good or not."""
    deals: tuple[str, ...]
    """Side deals of its own that stand."""
    ready_for: tuple[str, ...]
    """Side deals for which it has said it is ready."""
    offered: tuple[str, ...]
    """Side deals of its own for which the other party has said so."""
    present: tuple[int, ...]
    """Those who have not left."""
    standing: frozenset[int]
    """Those who stand by what it is asked about."""
    parked: tuple[str, ...]
    group: tuple[str, ...] | None
    """The issues that the floor speaks to together; None for all."""
    caucuses_left: int
    """Caucuses that it may still call."""
    acts_left: int
    """How often the chair may still act in this round, but for closing it or deciding."""
    affairs: Affairs
    face: OwnFace | None
    """What yielding before the hall costs it; None where it costs nothing."""
    is_aloud: bool
    may_add_aside: bool
    trust: Callable[[], float] = field(repr=False)
    """How far it trusts the others to honour what they sign."""
    brackets: Callable[[], tuple[Bracket, ...]] = field(repr=False)
    """The issues in brackets, with who proposes what."""
    tally: Callable[[], Count] = field(repr=False)
    """The count of the last roll call."""
    support: Callable[[], Count] = field(repr=False)
    """The count if those who stand by the text voted for it and nobody else did."""
    vow_worths: Callable[[], tuple[float, ...]] = field(repr=False)
    """What each of `vows` is worth to it if it falls due, as far as it is believed."""
    signing: Callable[[], SigningWorths | None] = field(repr=False)
    """What each way of signing the text is worth to it; None if it may not sign it."""
    pledging: Callable[[], PledgeWorths | None] = field(repr=False)
    """What paying into the fund and not paying are worth to it; None if it is no member."""
    face_loss: Callable[[int], float] = field(repr=False)
    """Points that it would lose at home by taking an outcome here; its preferences count them."""
    problem: Callable[[Move], str | None] = field(repr=False)
    """Why a move is not allowed now; None where it is."""
    by_rule: Callable[[Choose], Move] = field(repr=False)
    """What it does if its acceptance rule decides in every stage."""

    def is_spoken(self, move: Move) -> bool:
        """Return whether a move is made aloud and worth words of its own.

        Roll calls, signatures and what is tabled in writing are not.
        """
        stages = ("floor", "room", "chair")
        return self.is_aloud and self.stage in stages and isinstance(move, _SAID_ALOUD)


@dataclass(frozen=True, slots=True)
class _Seat:
    """What the party to move can work out from the hall when it is asked."""

    state: HallState
    heard: tuple[Vow, ...]

    def tally(self) -> Count:
        return count(self.state)

    def support(self) -> Count:
        ballots: tuple[Literal["yes"] | None, ...] = tuple(
            "yes" if k in self.state.accepted else None for k in range(len(self.state.stands))
        )
        return count(replace(self.state, ballots=ballots))

    def vow_worths(self) -> tuple[float, ...]:
        mover = self.state.mover
        return tuple(believed_worth(self.state.scenario, vow, mover) for vow in self.heard)

    def signing(self) -> SigningWorths | None:
        return signing_outlook(self.state) if is_signed(self.state.scenario) else None

    def pledging(self) -> PledgeWorths | None:
        return pledge_outlook(self.state)

    def face_loss(self, outcome: int) -> float:
        return public_loss(self.state, self.state.mover, outcome)

    def problem(self, move: Move) -> str | None:
        return problem_with(self.state, move)

    def by_rule(self, choose: Choose) -> Move:
        return act_by_rule(self.state, choose)


def hall_of(state: HallState) -> Hall:
    """Return what the party to move may see of a hall."""
    mover, scenario = state.mover, state.scenario
    own = state.party
    heard = tuple(
        vow for vow in state.vows if vow.room is None or mover == vow.by or mover in vow.to
    )
    seat = _Seat(state, heard)
    issues = scenario.space.issues
    mine = affairs_of(scenario, own)
    return Hall(
        stage=state.stage,
        kind=scenario.protocol.kind,
        chair=scenario.ids[state.chair],
        text=state.offer,
        open_issues=tuple(issues[k] for k in sorted(state.open_issues)),
        room=state.room,
        stands=state.stands,
        ballots=state.ballots,
        signatures=state.signatures,
        pledges=state.pledges,
        vows=heard,
        due=state.vows[state.queue[0]] if state.stage == "due" else None,
        deals=tuple(name for name in state.deals if name in mine.deals),
        ready_for=tuple(name for name in sorted(mine.deals) if (name, mover) in state.approached),
        offered=tuple(
            name
            for name in sorted(mine.deals)
            if any(one == name and party != mover for one, party in state.approached)
        ),
        present=state.present,
        standing=state.standing,
        parked=tuple(issues[k] for k in sorted(state.parked)),
        group=None if state.group is None else tuple(issues[k] for k in sorted(state.group)),
        caucuses_left=scenario.protocol.caucuses - state.caucuses[mover],
        acts_left=max(most_acts(state) - state.acts, 0),
        affairs=mine,
        face=_own_face(state),
        is_aloud=state.is_aloud,
        may_add_aside=state.stage == "floor" and not state.aside,
        trust=state.trust,
        brackets=state.brackets,
        tally=seat.tally,
        support=seat.support,
        vow_worths=seat.vow_worths,
        signing=seat.signing,
        pledging=seat.pledging,
        face_loss=seat.face_loss,
        problem=seat.problem,
        by_rule=seat.by_rule,
    )


def _own_face(state: HallState) -> OwnFace | None:
    mover, scenario = state.mover, state.scenario
    per_point = face_of(scenario, mover)
    if not per_point:
        return None
    reference = state.reference[mover]
    own = scenario.preferences[mover]
    worth = 0.0 if reference is None else own.utility_in_force(reference)
    return OwnFace(per_point, reference, worth, state.yielded[mover])
