"""The rules of a plenary or forum, as a model is told them once, with what its seat can do there.

They never change within a session, so that every prompt of a seat begins alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from delegates.contract import View
from delegates.hall import Affairs, Hall
from delegates.models.goal import delay, figure
from delegates.text import unbroken
from games.scenario import Quorum

MOST_NAMED = 12
"""Delegations beyond which a list names the first and counts the others."""


def party_words(view: View, party: str) -> str:
    """Return a delegation's name with the id by which a reply names it."""
    return f"{unbroken(view.public.parties[party].name)} ({party})"


def listed_parties(view: View, parties: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return delegations by name, those beyond so many counted."""
    named = [unbroken(view.public.parties[party].name) for party in parties[:most]]
    rest = len(parties) - len(named)
    return ", ".join(named) + (f" and {rest} others" if rest else "")


def introductions(view: View) -> str:
    """Return who else is in the hall; of many delegations only names and sides."""
    others = {code: one for code, one in view.public.parties.items() if code != view.party}
    if len(others) <= MOST_NAMED:
        return " ".join(
            f"{party_words(view, code)}, {one.side}: {unbroken(one.interests)}"
            for code, one in others.items()
        )
    sides: dict[str, list[str]] = {}
    for code, one in others.items():
        sides.setdefault(one.side, []).append(party_words(view, code))
    return " ".join(f"{side.capitalize()}s: {', '.join(found)}." for side, found in sides.items())


def hall_rules(view: View, hall: Hall) -> str:
    """Return the rules of the hall, and what the seat can do beside the text."""
    chair = (
        "You hold the chair"
        if hall.chair == view.party
        else (f"{unbroken(view.public.parties[hall.chair].name)} holds the chair")
    )
    talks = view.public.rules
    parts = [
        (
            f"RULES: a {hall.kind} of {len(view.public.parties)} delegations, at most "
            f"{talks.rounds} rounds{_extension(view)}. {chair} and the pen of one negotiating text."
        ),
        (
            "A round is the floor, where each delegation in turn asks the text to read some way, "
            "supports it or passes, and then the chair, who may merge what is in brackets into a "
            f"new text, send delegations into rooms of at most {talks.rooms.size}, or bring the "
            "text to a decision."
        ),
        _decision(view, hall),
        "Without an adopted text there is no agreement." + delay(view),
        *_beside(view, hall.affairs),
        (
            "Concede slowly, trade what costs you little for what is worth much to you, and look "
            "for a text that enough others will carry."
        ),
    ]
    return "\n".join(part for part in parts if part)


def _extension(view: View) -> str:
    more = view.public.rules.extension
    return f" (the chair may add {more}, once)" if more else ""


def _decision(view: View, hall: Hall) -> str:
    """Return how a text is adopted, and what follows."""
    signed = (
        " Then each delegation signs it binding or declaratory, or stays out; once enough weight "
        "is bound it is in force, and a binding signature obliges you and those bound alone. A "
        "declaration brings a part of the gain and obliges nobody."
    )
    if hall.kind == "forum":
        return "The chair opens the text for signature; there is no vote." + signed.replace(
            " Then each delegation signs it", " Each delegation signs it"
        )
    silence = ""
    if view.public.rules.silence == "allowed":
        silence = " Under a silence procedure it is adopted unless one delegation breaks it."
    after = signed if hall.affairs.is_signed else ""
    return f"{_majority(view)}{silence}{after}"


def _majority(view: View) -> str:
    rule = view.public.rules.agreement
    if not isinstance(rule, Quorum):
        return "A text is adopted if all vote for it; an abstention does not stand in the way."
    weights = {code: rule.weights.get(code, 1.0) for code in view.public.parties}
    total = sum(weights.values())
    vetoes = listed_parties(view, rule.vetoes)
    return (
        f"A text is adopted by yes votes of at least {figure(rule.quorum)} of the whole weight"
        f"{f', unless {vetoes} votes no' if vetoes else ''}. {_heaviest(view, weights, total)}"
    )


def _heaviest(view: View, weights: dict[str, float], total: float) -> str:
    if len(set(weights.values())) == 1:
        return "All votes weigh the same."
    order = sorted(weights, key=lambda code: -weights[code])[:MOST_NAMED]
    named = order if view.party in order else [*order, view.party]
    shares = ", ".join(f"{code} {100 * weights[code] / total:.1f}" for code in named)
    return (
        f"Weights in % of the whole: {shares}{'; the others less' * (len(weights) > len(named))}."
    )


def _beside(view: View, affairs: Affairs) -> Iterable[str]:
    for name, measure in affairs.measures.items():
        kind = "threaten" if measure.is_threat else "promise"
        yield (
            f"You can {kind} {name} ({unbroken(view.public.labels[name])}; towards "
            f"{listed_parties(view, measure.towards)}): carrying it out costs you "
            f"{figure(measure.cost)} points, not doing so once it falls due "
            f"{figure(affairs.backing_down)}."
        )
    if affairs.measures:
        yield (
            "A threat falls due unless the text has what you demand, a promise if it has. Others "
            "believe you if backing down costs you at least as much as carrying it out. Threats "
            "and broken promises cost trust."
        )
    for name, deal in affairs.deals.items():
        instead = (
            f", instead of {deal.instead:.0%} of what a text brings you" if deal.instead else ""
        )
        yield (
            f"Side deal {name} ({unbroken(view.public.labels[name])}) with "
            f"{unbroken(view.public.parties[deal.other].name)}: worth {figure(deal.points)} points "
            f"to you{instead}; it stands once both have said they are ready."
        )
    fund = affairs.fund
    if fund is not None:
        enough = (
            "" if fund.threshold is None else f"; built only if {fund.threshold:.0%} is pledged"
        )
        yield (
            f"You are a member of the joint fund: to pay into the largest one costs you "
            f"{figure(fund.cost)} points, all of it brings you {figure(fund.benefit)}{enough}."
        )
