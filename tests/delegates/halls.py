"""A small hall in which everything that a hall knows can happen, and ways to play it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from delegates.acts_open import OpenAct, Term, moves_allowed
from delegates.contract import PublicMove, View
from delegates.minds.firm import Firm
from delegates.views import view_of
from games.errors import IllegalMove
from games.moves import Move
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import HallState
from games.scenario import Scenario, parse_scenario
from games.session import start, step
from tests.delegates.sessions import WORDS, haggle
from transcripts.acts import move_from

HALL = """
minilateral: 1
id: hall
title: A small hall
date: 2026-02-04
protocol:
  kind: plenary
  rounds: 4
  opens: fixed
  breakdown: 0.02
  agreement: {quorum: 0.6, weights: {USA: 3, EUE: 2, COD: 2, IDN: 1}, vetoes: [USA]}
  chair: USA
  rooms: {size: 3, turns: 2}
  caucuses: 1
  silence: allowed
  extension: 1
issues:
  volume: {label: volume, unit: t, obligor: COD, options: [1, 2, 3, 4], unmet: 1}
  price: {label: price, unit: USD, obligor: USA, options: [10, 20, 30, 40], unmet: 10}
  rail: {label: railway, obligor: EUE, options: [no rail, rail]}
parties:
  USA:
    name: United States
    side: consumer
    interests: Volume at a low price.
    brief: USA-BRIEF.
    reservation: 30
    points:
      volume: {1: 0, 2: 25, 3: 40, 4: 50}
      price: {10: 40, 20: 34, 30: 20, 40: 0}
      rail: {no rail: 10, rail: 0}
  EUE:
    name: European Commission
    side: consumer
    interests: A railway that lasts.
    brief: EUE-BRIEF.
    reservation: 25
    points:
      volume: {1: 0, 2: 15, 3: 30, 4: 35}
      price: {10: 30, 20: 26, 30: 15, 40: 0}
      rail: {no rail: 0, rail: 35}
  COD:
    name: DR Congo
    side: supplier
    interests: A price that pays for development.
    brief: COD-BRIEF.
    reservation: 31.0625
    reservation_basis: COD-BASIS
    points:
      volume: {1: 30, 2: 26.4375, 3: 17, 4: 0}
      price: {10: 0, 20: 20, 30: 33, 40: 40}
      rail: {no rail: 0, rail: 30}
    red_lines: [{volume: 4, price: 10}]
  IDN:
    name: Indonesia
    side: supplier
    interests: Processing at home.
    brief: IDN-BRIEF.
    reservation: 20
    points:
      volume: {1: 10, 2: 14, 3: 30, 4: 20}
      price: {10: 0, 20: 25, 30: 40, 40: 50}
      rail: {no rail: 20, rail: 0}
statecraft:
  measures:
    tariffs: {label: tariffs on cars, by: USA, towards: [EUE], cost: 2, effect: {EUE: -9}}
    loans: {label: soft loans, by: EUE, towards: [COD], cost: 3, effect: {COD: 8}}
  backing_down: {USA: 4, EUE: 5}
side_deals:
  port: {label: a port of its own, parties: [COD, IDN], points: {COD: 4.1875, IDN: 3}}
fund:
  label: joint fund
  members: [USA, EUE, COD]
  cost: {USA: 4, EUE: 3, COD: 2.3125}
  benefit: {USA: 9, EUE: 8, COD: 7.5625}
  threshold: 0.6
participation: {threshold: 0.5, kappa: 0.4}
commitments: {enforcement: 0.3, fine: 10, mutual: 0.5, collapse: 5}
"""


@cache
def _hall() -> Scenario:
    return parse_scenario(HALL, "hall")


def hall_of(kind: str = "plenary", **protocol: object) -> Scenario:
    """Return the small hall, a plenary or a forum, its protocol changed."""
    rules = _hall().protocol.model_copy(update={"kind": kind, **protocol})
    return _hall().model_copy(update={"protocol": rules})


@dataclass(frozen=True)
class Moment:
    """A hall when somebody is to move."""

    state: HallState
    view: View


def moments(scenario: Scenario, chance: Random, legal_share: float = 1.0) -> Iterator[Moment]:
    """Yield a session's moments; each mover follows its rule, or takes any legal act by lot."""
    state = start(scenario, chance.randrange(1000))
    assert isinstance(state, HallState)
    said: list[PublicMove] = []
    rooms: dict[int, list[PublicMove]] = {}
    while state.is_open:
        room = state.room
        heard = said if room is None else rooms.setdefault(room.number, [])
        view = view_of(state, heard, 0)
        yield Moment(state, view)
        made = act_by_rule(state, lambda view=view: Firm().choose(view))
        if chance.random() < legal_share:
            made = any_move(view, state, chance) or made
        heard.append(
            PublicMove(state.turn, state.round, state.party, made, "So be it.", state.stage)
        )
        after, _ = step(state, made)
        assert isinstance(after, HallState)
        state = after


def any_move(view: View, state: HallState, chance: Random) -> Move | None:
    """Return a move among the open acts by lot; none where the lot falls on none that is legal."""
    # To leave is legal nearly always, and would end most sessions before they begin.
    acts = [one for one in moves_allowed(view) if one.act != "walk-away" or chance.random() < 0.05]
    for _ in range(10):
        move = drawn(chance.choice(acts), view, state.scenario, chance)
        try:
            step(state, move)
        except IllegalMove:
            continue
        return move
    return None


def drawn(act: OpenAct, view: View, scenario: Scenario, chance: Random) -> Move:
    """Return a move of an open act, its terms and options by lot."""
    terms: dict[str, Any] = {}
    for name, term in act.terms.items():
        if name == "option":
            terms[name] = chance.choice(view.public.issues[terms["issue"]].texts)
        else:
            terms[name] = _choice(term, chance)
    outcome = None
    if act.options:
        texts = {name: chance.choice(options) for name, options in act.options.items()}
        outcome = {
            name: scenario.issues[name].options[scenario.issues[name].texts.index(text)]
            for name, text in texts.items()
        }
    return move_from(scenario, act.act, outcome, terms)


def _choice(term: Term, chance: Random) -> Any:
    if not term.is_list:
        return chance.choice(term.choices)
    most = min(term.most, len(term.choices))
    return chance.sample(term.choices, chance.randint(term.least, most))


def moment_at(scenario: Scenario, stage: str, party: str | None = None, seed: int = 0) -> Moment:
    """Return the first moment of a stage, of a seat where one is named, in some session."""
    for attempt in range(200):
        for moment in moments(scenario, Random(seed + attempt), 0.3):
            if moment.state.stage == stage and party in (None, moment.view.party):
                return moment
    raise AssertionError(f"no session came to {stage}")


ONWARD = ("put_to_vote", "open_signature", "vote_yes", "keep_silence", "sign_binding")
"""Acts that bring a text further: without some of them a session of lots comes to nothing."""


def hall_haggle(request: Mapping[str, Any], salt: str = "") -> str:
    """Answer any question asked in a hall by its prompt alone: an act by lot, mostly a legal one.

    Every sixth decision or so names an act that the prompt does not offer.
    """
    prompt = "\n".join(message["content"] for message in request["messages"])
    if "response_format" not in request:
        return haggle(request)
    schema = request["response_format"]["json_schema"]["schema"]["properties"]
    chance = Random(prompt + salt)
    offered = re.findall(r'"(\w+)"', prompt.rsplit('"action" (', 1)[1].split(', "offer"')[0])
    known = [word for word in schema["action"]["enum"] if word != "walk_away"]
    action = chance.choice([word for word in known if word in offered] or known)
    onward = [word for word in ONWARD if word in offered]
    if onward and chance.random() < 0.7:
        action = chance.choice(onward)
    if chance.random() < 1 / 6:
        action = chance.choice(known)
    reply: dict[str, Any] = {"reasoning": "", "action": action}
    if "offer" in schema:
        wanted = action in ("offer", "merge")
        reply["offer"] = _outcome(schema["offer"], chance) if wanted else None
    if "on" in schema:
        fields = schema["on"]["anyOf"][0]["properties"]
        reply["on"] = {name: _lot(one, chance) for name, one in fields.items()}
    if "message" in schema:
        reply["message"] = f"{WORDS} Our paper has the number {chance.randrange(10_000, 100_000)}."
    return json.dumps(reply)


def _outcome(schema: Mapping[str, Any], chance: Random) -> dict[str, str]:
    options = schema["anyOf"][0]["properties"]
    return {name: chance.choice(one["enum"]) for name, one in options.items()}


def _lot(schema: Mapping[str, Any], chance: Random) -> Any:
    kind = schema.get("anyOf", [schema])[0]
    if kind["type"] == "null":
        return None
    if kind["type"] == "array":
        return chance.sample(kind["items"]["enum"], 2)
    return chance.choice(kind["enum"]) if "enum" in kind else "rail"
