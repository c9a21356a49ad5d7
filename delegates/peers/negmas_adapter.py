"""NegMAS at our table, and our minds at its: the one module that loads NegMAS.

NegMAS (Mohammad, Nakadai and Greenwald 2021) is under the AGPL and no part of this program; who
installs it beside it may seat its negotiators here. What its mechanism of stacked alternating
offers tells a negotiator is told here in the same order, by the mechanism's own means; the
mechanism itself is never run. Beside the negotiator sit others who say what the history says and
want nothing, so that no utility function but its own is there to be found. The clock stands still:
time passes in rounds alone.

Who holds what as its text in NegMAS: an issue's options are categories, named by their texts.
"""

# NegMAS leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from inspect import isabstract
from typing import Any

from negmas.gb.negotiators.base import GBNegotiator
from negmas.genius.negotiator import GeniusNegotiator
from negmas.outcomes import make_issue, make_os
from negmas.outcomes.outcome_space import DiscreteCartesianOutcomeSpace
from negmas.preferences import LinearAdditiveUtilityFunction, MappingUtilityFunction
from negmas.sao import ResponseType, SAOMechanism, SAOResponse
from negmas.sao.negotiators import SAOCallNegotiator, SAONegotiator

from delegates.contract import PublicMove, View
from delegates.minds.reading import Bookmark
from delegates.peers.negmas_names import SCALES
from delegates.peers.negmas_terms import (
    Known,
    Naming,
    Remembering,
    Text,
    lots,
    points_of,
    scaled,
    worths,
)
from delegates.views import view_of
from games.errors import DelegateError, SeatError
from games.moves import Accept, Move, Offer, WalkAway
from games.scenario import Party, Scenario
from games.session import State, start, step
from games.utility import Preferences

_LIBRARIES = ("negmas.sao.negotiators", "negmas.gb.negotiators")
"""Where a negotiator that is named by its class alone is looked for."""

_ROOMS = ("negmas.sao.", "negmas.gb.", "negmas.genius.")
"""Where one that is named by its whole path may be: a seat, which may stand in a stranger's plan,
has no other part of the library loaded."""


def problem_with(name: str) -> str | None:
    """Return why no negotiator of that name can sit down; None where one can."""
    try:
        kind = _class_of(name)
    except (ImportError, AttributeError):
        return f"NegMAS has no negotiator {name!r}; expected a class of {' or '.join(_LIBRARIES)}"
    if not isinstance(kind, type) or not issubclass(kind, GBNegotiator):
        return f"{name!r} of NegMAS is no negotiator of alternating offers"
    if issubclass(kind, GeniusNegotiator):
        return f"{name!r} runs in GENIUS, a program of its own; expected one that NegMAS itself has"
    return _problem_in_making(kind)


@lru_cache(maxsize=256)
def _problem_in_making(kind: type[Any]) -> str | None:
    if isabstract(kind) or getattr(kind.propose, "__isabstractmethod__", False):
        return f"{kind.__name__} of NegMAS is only what others are made from"
    try:
        with lots("made to see whether it can be"):
            kind()
    except Exception as error:  # noqa: BLE001 - whatever a class that needs to be told more raises
        return f"{kind.__name__} of NegMAS cannot be made from its name alone ({error})"
    return None


def _class_of(name: str) -> Any:
    module, _, kind = name.rpartition(".")
    if module:
        if not name.startswith(_ROOMS):
            raise ImportError(name)
        return getattr(import_module(module), kind)
    found = (getattr(import_module(library), kind, None) for library in _LIBRARIES)
    one = next((each for each in found if each is not None), None)
    if one is None:
        raise AttributeError(name)
    return one


class Space(DiscreteCartesianOutcomeSpace):
    """An outcome space whose outcomes were listed before: whoever asks for all gets the same."""

    listed: Sequence[Any] = ()

    def enumerate(self) -> Any:
        """Return all outcomes, in NegMAS's order; a copy of it loses them and lists its own."""
        return list(self.listed) or super().enumerate()


def space_of(naming: Naming) -> Any:
    """Return an outcome space as NegMAS has it."""
    pairs = zip(naming.space.issues, naming.texts, strict=True)
    return make_os([make_issue(list(row), name) for name, row in pairs])


def _space_at_table(naming: Naming) -> Any:
    space = Space(space_of(naming).issues, name="table")
    object.__setattr__(space, "listed", naming.outcomes)  # attrs' frozen classes know no other way
    return space


def utility_function(own: Preferences, private: Party, naming: Naming, scale: str) -> Any:
    """Return a party's own utility function as NegMAS has it.

    Additive where the utilities are the sums of the party's points, so that negotiators which look
    at the weights of issues find them; else a table. A gain is not discounted in it.

    Args:
        own: What the party wants.
        private: Its points.
        naming: How outcomes are written.
        scale: One of `SCALES`.
    """
    in_points = scale == "points"
    points = points_of(own, private, naming)
    if points is not None:
        values, reserved = scaled(own, private.reservation, points, naming, in_points=in_points)
        told: Any = Additive(
            values=values,  # pyright: ignore[reportArgumentType]
            weights=[1.0] * len(values),
            outcome_space=_space_at_table(naming),
            reserved_value=reserved,
        )
    else:
        worth = worths(own)
        origin, unit = (0.0, 1.0) if in_points else (own.lowest, own.span or 1.0)
        table: Any = own.once(
            f"negmas table/{scale}/{type(naming.texts[0][0]).__name__}",
            lambda _: dict(zip(naming.outcomes, ((worth - origin) / unit).tolist(), strict=True)),
        )
        told = Tabled(
            table,
            outcome_space=_space_at_table(naming),
            reserved_value=(own.reservation - origin) / unit,
        )
    told.known = Known.of(own, naming, scale, told.eval)
    return told


class Tabled(Remembering, MappingUtilityFunction):
    """A utility function that is a table of all outcomes."""


class Additive(Remembering, LinearAdditiveUtilityFunction):
    """A utility function that is a sum of points."""


class _Other(SAONegotiator):
    """Sits where another party sits and wants nothing; what it says is said for it."""

    def propose(self, state: Any, dest: str | None = None) -> None:  # noqa: ARG002 - NegMAS's
        return None


class Led(SAOMechanism):
    """A NegMAS mechanism as one negotiator lives through it: led by a history, never run."""

    def __init__(self, naming: Naming, rounds: int, parties: Sequence[str], position: int) -> None:
        super().__init__(outcome_space=_space_at_table(naming), n_steps=rounds, name="table")
        self._naming, self._parties, self._position = naming, tuple(parties), position
        self._led: Any = None

    @property
    def time(self) -> float:
        """The clock stands still."""
        return 0.0

    def begin(self, negotiator: Any, ufun: Any) -> None:
        """Seat everyone and open the talks.

        Raises:
            DelegateError: If the negotiator will not join.
        """
        self._led = negotiator
        for place, party in enumerate(self._parties):
            if place != self._position:
                self.add(_Other(name=party, id=party))
            elif not self.add(negotiator, ufun=ufun):
                raise DelegateError(f"{party}: {type(negotiator).__name__} of NegMAS did not join")
        state = self._current_state
        state.running = state.started = True
        state.step = 0
        state.relative_time = self._relative_time_for(self._internal_nmi)
        begun: Callable[..., None] = negotiator._on_negotiation_start  # noqa: SLF001 - as `step` does
        begun(state=self.state_for(negotiator))
        negotiator.on_round_start(state=self.state_for(negotiator))

    def at_round(self, round_: int) -> None:
        """Close the rounds before one, and open it."""
        led, state = self._led, self._current_state
        while state.step < round_:
            kept = self.state4history
            led.on_round_end(state=self.state_for(led))
            self._add_to_history(kept)
            state.step += 1
            state.relative_time = self._relative_time_for(self._internal_nmi)
            state.new_offers, state.new_data = [], []
            led.on_round_start(state=self.state_for(led))

    def asked(self) -> Any:
        """Return what the negotiator answers where the talks stand."""
        following = self._parties[(self._position + 1) % len(self._parties)]
        return self._led(state=self.state_for(self._led), dest=following)

    def said(self, place: int, move: Move) -> None:
        """Let a party have made a move; what is said to its capital alone nobody hears."""
        match move:
            case Offer(outcome=index):
                self._told(place, ResponseType.REJECT_OFFER)
                self._offered(place, self._naming.outcome(index))
            case Accept():
                self._told(place, ResponseType.ACCEPT_OFFER)
                self._current_state.n_acceptances += 1
            case WalkAway():
                self._told(place, ResponseType.LEAVE)
                self._remove_negotiator_on_leave(self.negotiators[place])
            case _:
                pass

    def _told(self, place: int, response: ResponseType) -> None:
        """Tell the negotiator how another answered what lies on the table."""
        offer = self._current_state.current_offer
        if offer is not None and place != self._position:
            self._led.on_partner_response(
                state=self.state_for(self._led),
                partner_id=self._parties[place],
                outcome=offer,
                response=response,
            )

    def _offered(self, place: int, outcome: tuple[str, ...]) -> None:
        state, party = self._current_state, self._parties[place]
        state.n_acceptances = 1
        if place != self._position:
            self._led.on_partner_proposal(partner_id=party, offer=outcome, state=self.state)
        self._last_checked_negotiator = place
        self._current_proposer = self.negotiators[place]
        state.current_offer, state.current_data = outcome, None
        state.current_proposer = party
        state.new_offers.append((party, outcome))
        state.new_data.append((party, None))
        state.last_negotiator = self.negotiators[place].name
        (self._current_proposer_agent, state.new_offerer_agents) = self._agent_info()


@dataclass(repr=False)
class _Seat:
    """A negotiator that has taken a seat, and how far it has lived through the history."""

    name: str
    view: View
    """The first that it was shown: what does not change in it is read from it."""
    naming: Naming
    mark: Bookmark
    table: Led
    places: Mapping[str, int]
    asked_at: int = -1
    """The last turn in which it was asked."""
    answer: Any = None

    @classmethod
    def taken(cls, name: str, scale: str, view: View) -> _Seat:
        """Return the seat, its negotiator made anew."""
        own, parties = view.own, list(view.public.parties)
        naming = Naming.kept(own, view.public.space, Text)
        place = parties.index(view.party)
        places = {party: number for number, party in enumerate(parties)}
        seat = cls(
            name,
            view,
            naming,
            Bookmark(view.history),
            Led(naming, view.rounds, parties, place),
            places,
        )
        with seat.blamed(), lots(f"{view.seed}/{view.party}/negmas"):
            negotiator = _class_of(name)(name=view.party, id=view.party)
            seat.table.begin(negotiator, utility_function(own, view.private, naming, scale))
        return seat

    def fits(self, view: View) -> bool:
        """Return whether what it lived through is how a view's history begins."""
        first = self.view
        return (
            view.own is first.own
            and view.seed == first.seed
            and view.rounds == first.rounds
            and self.mark.fits(view.history)
        )

    def answered(self, view: View) -> Move:
        """Return its move, once it has lived through all that was said."""
        for seen in self.mark.news():
            place = self.places[seen.party]
            if seen.party == view.party and isinstance(seen.move, Offer | Accept | WalkAway):
                self._ask(seen.turn, seen.round)
            with self.blamed(), self._lots(seen.turn):
                self.table.at_round(seen.round)
                self.table.said(place, seen.move)
        self._ask(view.turn, view.round)
        return self._move(view)

    def _ask(self, turn: int, round_: int) -> None:
        if turn == self.asked_at:
            return
        with self.blamed(), self._lots(turn):
            self.table.at_round(round_)
            self.answer, self.asked_at = self.table.asked(), turn

    def _lots(self, turn: int) -> Any:
        return lots(f"{self.view.seed}/{self.view.party}/{turn}/negmas")

    @contextmanager
    def blamed(self) -> Generator[None]:
        """Have whatever the negotiator raises say whose fault it is.

        NegMAS warns of its own arithmetic; nobody at this table could mend it.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        except DelegateError:
            raise
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            raise DelegateError(
                f"{self.view.party}: {self.name} of NegMAS failed ({told})"
            ) from error

    def _move(self, view: View) -> Move:
        """Return the negotiator's answer as a move here; nothing is mended.

        Raises:
            DelegateError: If it is none.
        """
        answer = self.answer
        response = getattr(answer, "response", None)
        if response == ResponseType.ACCEPT_OFFER:
            return Accept()
        if response in (ResponseType.END_NEGOTIATION, ResponseType.LEAVE):
            return WalkAway()
        if response != ResponseType.REJECT_OFFER:
            raise DelegateError(
                f"{view.party}: {self.name} of NegMAS answered {response!r}; "
                "expected an offer, or to accept or leave"
            )
        outcome = getattr(answer.outcome, "outcome", answer.outcome)
        if outcome is None:
            # To refuse to offer ends the talks in NegMAS.
            return WalkAway()
        index = self.naming.index(outcome)
        if index is None:
            raise DelegateError(
                f"{view.party}: {self.name} of NegMAS offered {outcome!r}; expected an outcome"
            )
        return Offer(index)


@dataclass
class NegmasMind:
    """A negotiator of NegMAS: made anew, led through the history, and asked."""

    agent: str
    """Its class."""
    scale: str = SCALES[0]
    """In what its utilities are told it."""
    seat: _Seat | None = field(default=None, compare=False, repr=False)
    """The negotiator as it was left; made anew wherever that does not fit the view."""

    def choose(self, view: View) -> Move:
        """Return its move.

        Raises:
            SeatError: If it is asked in a hall.
            DelegateError: If it raises anything, or answers with what is no move here.
        """
        if view.hall is not None:
            raise SeatError(f"seat {view.party}: {self.agent} of NegMAS plays no {view.hall.kind}")
        seat = self.seat
        if seat is None or not seat.fits(view):
            seat = self.seat = _Seat.taken(self.agent, self.scale, view)
        return seat.answered(view)


class MinilateralNegotiator(SAOCallNegotiator):
    """One of our minds in a NegMAS mechanism, for a party of a scenario.

    The mechanism has the scenario's parties in their order, as many steps as it has rounds, and
    `outcome_space(scenario)`; others may be whoever NegMAS seats there. The mind sees the View that
    it would have here. A move of the others that is none here is raised as `IllegalMove`.
    """

    def __init__(
        self, scenario: Scenario, party: str, seat: str, *, seed: int = 0, **more: Any
    ) -> None:
        """Seat a mind that follows a rule.

        Args:
            scenario: Alternating offers in a fixed order.
            party: For whom it sits.
            seat: Its specification, such as `firm(demand=0.4)`.
            seed: Draws its lots.
            more: As of any negotiator of NegMAS.

        Raises:
            SeatError: If the scenario, party or specification is at fault.
        """
        from delegates.seating import scripted_mind
        from delegates.seats import parse_seat

        if scenario.protocol.kind != "alternating-offers" or scenario.protocol.opens != "fixed":
            raise SeatError(
                f"{scenario.id}: opens {scenario.protocol.opens!r}; NegMAS has alternating offers "
                "in a fixed order alone"
            )
        if party not in scenario.parties:
            raise SeatError(f"seat {party!r}: no such party; {', '.join(scenario.ids)} are there")
        spec = parse_seat(seat)
        if not spec.scripted:
            raise SeatError(f"seat {seat!r}: expected a mind that follows a rule")
        more.setdefault("ufun", ufun_of(scenario, party))
        super().__init__(**{"name": party, "id": party, **more})
        self._mind, self._seed = scripted_mind(spec), seed
        self._naming = Naming.of(scenario.space)
        self._stand: State = start(scenario, seed)
        self._heard: list[PublicMove] = []

    def __call__(self, state: Any, dest: str | None = None) -> SAOResponse:  # noqa: ARG002
        """Return its answer to what is on the table."""
        self._catch_up(state)
        move = self._mind.choose(view_of(self._stand, self._heard, self._seed))
        self._make(move)
        match move:
            case Offer(outcome=index):
                return SAOResponse(ResponseType.REJECT_OFFER, self._naming.outcome(index))
            case Accept():
                return SAOResponse(ResponseType.ACCEPT_OFFER, state.current_offer)
            case _:
                return SAOResponse(ResponseType.END_NEGOTIATION, None)

    def _catch_up(self, state: Any) -> None:
        """Take in what the others have said since: whoever made no offer accepted."""
        rounds = [dict(one.new_offers) for one in self.nmi.history]
        rounds.append(dict(state.new_offers))
        ids = self.nmi.negotiator_ids
        own = self._stand.scenario.ids.index(self._party)
        while self._stand.turn < state.step * len(ids) + own:
            offer = rounds[self._stand.round].get(ids[self._stand.mover])
            self._make(Accept() if offer is None else Offer(self._numbered(offer)))

    @property
    def _party(self) -> str:
        position = list(self.nmi.negotiator_ids).index(self.id)
        return self._stand.scenario.ids[position]

    def _numbered(self, offer: Any) -> int:
        index = self._naming.index(offer)
        if index is None:
            raise DelegateError(f"{offer!r}: expected an outcome of {self._stand.scenario.id}")
        return index

    def _make(self, move: Move) -> None:
        now = self._stand
        self._heard.append(PublicMove(now.turn, now.round, now.party, move, ""))
        self._stand, _ = step(now, move)


def outcome_space(scenario: Scenario) -> Any:
    """Return a scenario's outcome space as NegMAS has it."""
    return space_of(Naming.of(scenario.space))


def ufun_of(scenario: Scenario, party: str, scale: str = SCALES[0]) -> Any:
    """Return a party's utility function as NegMAS has it, on one of `SCALES`."""
    own = scenario.preferences[scenario.ids.index(party)]
    naming = Naming.kept(own, scenario.space, str)
    return utility_function(own, scenario.parties[party], naming, scale)
