"""What a seat knows before the first move, and the rules of the talks, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from delegates.contract import View
from delegates.text import clean
from delegates.views import news_of, public_of, view_of
from games.protocols.hall import HallState
from games.session import State, start
from tui.text.brackets import some
from tui.text.wording import in_percent, most_rounds

if TYPE_CHECKING:
    from games.scenario import Protocol, Scenario

_NAMED = 4
"""Holders of a veto that are named; the others are counted."""


def view_before(scenario: Scenario, party: str, seed: int) -> View:
    """Return what a party may know before the first move, whoever makes that.

    Args:
        scenario: What is negotiated.
        party: Whose seat it is.
        seed: The session's seed.
    """
    state = start(scenario, seed)
    return view_of(_asked(state, scenario.ids.index(party)), (), seed)


def view_since(view: View, state: State) -> View:
    """Return what a party knew when it was last asked, with what has happened between moves since.

    Args:
        view: What it knew.
        state: Where the session stands.
    """
    scenario, party = state.scenario, view.party
    return replace(
        view,
        public=public_of(scenario),
        private=scenario.parties[party],
        own=state.own(scenario.ids.index(party)),
        news=news_of(state, party),
    )


def _asked(state: State, position: int) -> State:
    """Return a state in which it is that party's turn."""
    if isinstance(state, HallState):
        return replace(state, stage="floor", queue=(position,))
    return replace(state, turns=(position,) * len(state.turns))


def rules_lines(scenario: Scenario) -> list[str]:
    """Return how the talks go, a sentence or two a line, none of them wrapped."""
    rules = scenario.protocol
    names = {party: clean(details.name) for party, details in scenario.parties.items()}
    hall = rules.kind != "alternating-offers"
    turns = _hall_turns(rules, scenario, names) if hall else _offers(rules, scenario, names)
    return [*turns, *_time(rules), *(_after(scenario) if hall else ())]


def _offers(rules: Protocol, scenario: Scenario, names: Mapping[str, str]) -> Iterator[str]:
    first = names[scenario.ids[0]]
    opens = {
        "fixed": f"{first} opens every round",
        "alternate": "each in turn opens a round",
        "lot": "a lot draws who opens a round",
    }[rules.opens]
    yield (
        "Each in turn makes an offer on all issues, accepts the one on the table, or leaves; "
        f"{opens}."
    )
    yield f"An offer is agreed when {_needed(rules, names)}."


def _needed(rules: Protocol, names: Mapping[str, str]) -> str:
    quorum = rules.agreement
    if quorum == "unanimity":
        return "all of you accept it" if len(names) > 2 else "the other side accepts it"
    vetoes = some([names[party] for party in quorum.vetoes], _NAMED)
    veto = f", {vetoes} among them" if vetoes else ""
    return f"{quorum.quorum:.0%} of the voting weight accepts it{veto}"


def _hall_turns(rules: Protocol, scenario: Scenario, names: Mapping[str, str]) -> Iterator[str]:
    chair = names[rules.chair or scenario.ids[0]]
    yield (
        f"All negotiate one text; {chair} chairs and holds the pen. Each round has a floor, where "
        "delegations ask for changes; what they differ on stands in brackets."
    )
    if rules.speakers is not None and rules.speakers < len(names):
        yield f"In a round {rules.speakers} delegations speak aloud, the others in writing."
    yield (
        f"Small rooms of up to {rules.rooms.size} may settle a few issues; then the chair merges "
        "brackets, or brings the text to a decision."
    )
    if rules.caucuses:
        times = "time" if rules.caucuses == 1 else "times"
        yield f"You may call a private caucus {rules.caucuses} {times}; nobody outside hears it."
    yield f"The text is adopted when {_needed(rules, names)}."


def _time(rules: Protocol) -> Iterator[str]:
    extended = f"; the chair may add {rules.extension}, once" if rules.extension else ""
    yield f"{most_rounds(rules.rounds)}{extended}. After the last, no agreement."
    if rules.breakdown:
        yield (
            f"Each round of delay counts as a chance of {in_percent(rules.breakdown)} that the "
            "talks break down: gains shrink by as much."
        )
    if rules.deadline is not None:
        yield (
            f"From round {rules.deadline.start} on each round may be the last, with a chance of "
            f"{in_percent(rules.deadline.close)}."
        )


def _after(scenario: Scenario) -> Iterator[str]:
    if scenario.protocol.kind == "forum":
        yield "An adopted text is then signed: binding, declaratory, or not at all."
    if scenario.fund is not None:
        yield "Members of the joint fund then pay or do not."
