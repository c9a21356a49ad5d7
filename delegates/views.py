"""What a seat is shown: views, made of where a session stands and of what was heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from delegates.contract import News, OwnMandate, Public, PublicMove, PublicParty, View
from delegates.hall import hall_of
from games.happenings.happening import Answered, Cause, Instructed, Struck, heard_by, is_held
from games.happenings.words import happening_words
from games.moves import Pass
from games.parts.ambiguity import as_heard, own_readings
from games.protocols.capital import request_by_rule
from games.protocols.hall import HallState
from games.ratification import chance_of
from games.scenario import Dispute, Scenario
from games.session import Move, State, problem_with


def public_of(scenario: Scenario) -> Public:
    """Return what everyone knows of a scenario."""
    return scenario.once("public", _public_of)


def _public_of(scenario: Scenario) -> Public:
    return Public(
        id=scenario.id,
        title=scenario.title,
        date=scenario.date,
        setting=scenario.setting,
        rules=scenario.protocol,
        issues={name: as_heard(issue) for name, issue in scenario.issues.items()},
        space=scenario.space,
        parties={
            party: PublicParty(details.name, details.side, details.interests)
            for party, details in scenario.parties.items()
        },
        labels=labels_of(scenario),
    )


def labels_of(scenario: Scenario) -> dict[str, str]:
    """Return what a scenario's issues, measures and side deals are called."""
    named = (scenario.issues, scenario.statecraft.measures, scenario.side_deals)
    return {name: one.label for group in named for name, one in group.items()}


def view_of(
    state: State, history: Sequence[PublicMove], seed: int, apart: Sequence[PublicMove] = ()
) -> View:
    """Return what the party to move may know.

    Args:
        state: Where the session stands.
        history: What it has heard: of all, or in the room where it sits.
        seed: The session's seed.
        apart: What it has heard that not all heard, where its mind can read.
    """
    scenario = state.scenario
    offerer = state.offerer
    return View(
        public=public_of(scenario),
        party=state.party,
        private=scenario.parties[state.party],
        own=state.own(state.mover),
        seed=seed,
        turn=state.turn,
        round=state.round,
        history=history,
        offer=state.on_table,
        offerer=None if offerer is None else scenario.ids[offerer],
        stands_by=state.mover in state.standing,
        dispute=_own_dispute(scenario, state.party),
        readings=scenario.once(
            f"readings/{state.party}", lambda same: own_readings(same, state.party)
        ),
        known_rounds=state.rounds if isinstance(state, HallState) else None,
        hall=hall_of(state) if isinstance(state, HallState) else None,
        apart=apart,
        news=news_of(state, state.party) if state.happened else (),
        mandate=_own_mandate(state) if scenario.mandates else None,
    )


_SETTERS: Mapping[str, Callable[[View, object], None]] = {
    name: getattr(View, name).__set__ for name in View.__slots__
}
"""Fill the fields of a view that is being made."""


def views_like(view: View) -> Callable[[int, int, int | None, str | None, bool], View]:
    """Return what makes views of the same seat in other turns of a session of alternating offers.

    It is given turn, round, offer, offerer and whether the party stands by the offer; everything
    else is as in this view. Thousands of sessions a second are played by it: to make a frozen
    record field by field takes two and a half times as long.
    """
    moving = ("turn", "round", "offer", "offerer", "stands_by")
    same = [(put, getattr(view, name)) for name, put in _SETTERS.items() if name not in moving]
    turn_is, round_is, offer_is, offerer_is, stands_is = (_SETTERS[name] for name in moving)

    def made(
        turn: int, round_: int, offer: int | None, offerer: str | None, stands_by: bool
    ) -> View:
        new = object.__new__(View)
        for put, value in same:
            put(new, value)
        turn_is(new, turn)
        round_is(new, round_)
        offer_is(new, offer)
        offerer_is(new, offerer)
        stands_is(new, stands_by)
        return new

    return made


def news_of(state: State, party: str) -> tuple[News, ...]:
    """Return what has happened between moves that a party knows of, oldest first."""
    found: list[News] = []
    for one in state.happened:
        heard = heard_by(state.scenario, one.cause)
        if heard is None or party in heard:
            words = happening_words(state.scenario, one.cause)
            kind = _KINDS[type(one.cause)]
            found.append(News(one.turn, one.round, kind, words, heard is not None))
    return tuple(found)


_KINDS: dict[type[Cause], Literal["shock", "instruction", "answer"]] = {
    Struck: "shock",
    Instructed: "instruction",
    Answered: "answer",
}


def _own_mandate(state: State) -> OwnMandate | None:
    mandate, mover = state.scenario.mandates.get(state.party), state.mover
    if mandate is None:
        return None
    own = [one for one in state.requests if one.position == mover]
    causes = [one.cause for one in state.happened]
    answered = [one for one in causes if isinstance(one, Answered) and one.party == state.party]
    answers = [*(one.is_granted for one in answered), *(None for _ in own[len(answered) :])]
    behind = _Behind(state)
    return OwnMandate(
        limits=mandate.limits,
        asked=tuple(
            (one.issue, one.option, answer) for one, answer in zip(own, answers, strict=True)
        ),
        asked_in=tuple(one.turn for one in own),
        requests_left=max(mandate.requests - len(own), 0),
        is_held=is_held(state, mover),
        ratify=mandate.ratify,
        face=mandate.face,
        chance=_chance(state) if mandate.ratify is not None else None,
        instead=behind.instead,
        problem=behind.problem,
    )


@dataclass(frozen=True, slots=True)
class _Behind:
    """What a seat with a mandate can work out when it is asked."""

    state: State

    def instead(self) -> Move | None:
        return Pass() if is_held(self.state, self.state.mover) else request_by_rule(self.state)

    def problem(self, move: Move) -> str | None:
        return problem_with(self.state, move)


def _chance(state: State) -> float | None:
    text = state.on_table
    return None if text is None else chance_of(state.scenario, state.mover, text)


def _own_dispute(scenario: Scenario, party: str) -> Dispute | None:
    dispute = scenario.dispute
    if dispute is None:
        return None
    own = {party: dispute.audience_cost.get(party, 0.0)}
    return scenario.once(
        f"dispute/{party}", lambda _: dispute.model_copy(update={"audience_cost": own})
    )
