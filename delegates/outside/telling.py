"""From the view of a seat to the message that an outside agent is sent.

The session's seed, which a view holds, is left out: the lots of other seats follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from delegates.acts_open import OpenAct, moves_allowed
from delegates.contract import OwnMandate, PublicMove, View
from delegates.hall import Hall
from delegates.models.hall_prompt import hall_situation
from delegates.models.home import home
from delegates.models.prompt import instructions, outcome_texts
from delegates.outside.messages import (
    ActOpen,
    HallTold,
    IssueTold,
    MandateTold,
    MoveTold,
    NewsTold,
    OfferTold,
    OverTold,
    OwnPapers,
    PartyTold,
    RoomTold,
    TermOpen,
    TurnTold,
)
from delegates.persons.person import Turn
from games.moves import Merge, Offer
from games.outcomes import option_text
from transcripts.acts import act_of, terms_of
from transcripts.events import SessionClosed


def turn_told(turn: Turn) -> TurnTold:
    """Return what an outside agent is told when it is to move."""
    view = turn.view
    public, hall = view.public, view.hall
    return TurnTold(
        turn=view.turn,
        round=view.round + 1,
        rounds=view.rounds,
        left_s=turn.left_s(),
        party=view.party,
        title=public.title,
        date=public.date,
        setting=public.setting,
        rules=public.rules.model_dump(mode="json"),
        issues={
            name: IssueTold(label=one.label, unit=one.unit, options=one.texts)
            for name, one in public.issues.items()
        },
        parties={
            party: PartyTold(name=one.name, side=str(one.side), interests=one.interests)
            for party, one in public.parties.items()
        },
        own=_papers(view),
        briefing=instructions(view),
        situation="\n".join(home(view)) if hall is None else hall_situation(view, hall),
        offer=_offer(view),
        history=_moves(view, view.history),
        apart=_moves(view, view.apart),
        news=tuple(
            NewsTold(round=one.round + 1, kind=one.kind, words=one.words, is_private=one.is_private)
            for one in view.news
        ),
        hall=None if hall is None else _hall(view, hall),
        acts=tuple(_act(one) for one in moves_allowed(view)),
    )


def over_told(closed: SessionClosed, party: str) -> OverTold:
    """Return what an outside agent is told of a session's end: the agreement, its own figures."""
    agreed = closed.outcome
    return OverTold(
        status=closed.status,
        outcome=None if agreed is None else {k: option_text(one) for k, one in agreed.items()},
        utility=closed.utilities[party],
        payoff=closed.payoffs[party],
    )


def _papers(view: View) -> OwnPapers:
    own = view.private.model_dump(mode="json")
    dispute = view.dispute
    best = int(view.own.ranking[0][-1]) if view.own.may_sign_any else None
    return OwnPapers(
        brief=view.private.brief,
        points=own["points"],
        links=own["links"],
        ideal=None if best is None else outcome_texts(view, best),
        ideal_worth=None if best is None else round(view.own.utility(best), 6),
        reservation=view.own.reservation,
        reservation_basis=view.private.reservation_basis,
        discount=view.private.discount,
        red_lines=own["red_lines"],
        alternatives=own["alternatives"],
        readings={name: dict(one) for name, one in view.readings.items()},
        dispute=None if dispute is None else dispute.model_dump(mode="json"),
        mandate=None if view.mandate is None else _mandate(view.mandate),
    )


def _mandate(mandate: OwnMandate) -> MandateTold:
    return MandateTold(
        limits=dict(mandate.limits),
        asked=tuple(
            {"issue": issue, "option": option, "granted": granted}
            for issue, option, granted in mandate.asked
        ),
        requests_left=mandate.requests_left,
        is_held=mandate.is_held,
        chance=mandate.chance,
    )


def _offer(view: View) -> OfferTold | None:
    if view.offer is None:
        return None
    return OfferTold(
        by=view.offerer,
        outcome=outcome_texts(view, view.offer),
        worth=round(view.own.utility(view.offer), 6),
        may_sign=view.own.may_sign(view.offer) and not view.is_held,
        stands_by=view.stands_by,
    )


def _moves(view: View, moves: Sequence[PublicMove]) -> tuple[MoveTold, ...]:
    return tuple(
        MoveTold(
            turn=one.turn,
            round=one.round + 1,
            party=one.party,
            act=act_of(one.move),
            outcome=outcome_texts(view, one.move.outcome)
            if isinstance(one.move, Offer | Merge)
            else None,
            on=terms_of(one.move),
            words=one.words,
            stage=one.stage,
        )
        for one in moves
    )


def _hall(view: View, hall: Hall) -> HallTold:
    ids, issues, room = tuple(view.public.parties), tuple(view.public.issues), hall.room
    return HallTold(
        kind=hall.kind,
        stage=hall.stage,
        chair=hall.chair,
        room=None
        if room is None
        else RoomTold(
            kind=room.kind,
            members=tuple(ids[k] for k in room.members),
            issues=tuple(issues[k] for k in room.issues),
        ),
        open_issues=hall.open_issues,
        stands={
            party: outcome_texts(view, stand.outcome)
            for party, stand in zip(ids, hall.stands, strict=True)
            if stand is not None
        },
        present=tuple(ids[k] for k in hall.present),
        standing=tuple(ids[k] for k in sorted(hall.standing)),
    )


def _act(one: OpenAct) -> ActOpen:
    terms: Mapping[str, Any] = {
        name: TermOpen(choices=term.choices, least=term.least, most=term.most, is_list=term.is_list)
        for name, term in one.terms.items()
    }
    return ActOpen(act=one.act, outcome=dict(one.options), on=dict(terms))
