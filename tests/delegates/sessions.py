"""Small games, and sessions of them with scripted models behind a loopback server."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from delegates.contract import PublicMove, View
from delegates.settings import Settings, load_settings
from delegates.views import view_of
from games.scenario import Scenario, parse_scenario
from games.session import Accept, Move, Offer, State, start, step
from transcripts.events import Event
from transcripts.store import Transcript, seal

MINI = """
minilateral: 1
id: mini
title: A small game
date: 2026-02-04
protocol: {kind: alternating-offers, rounds: 12, opens: fixed, breakdown: 0.03}
issues:
  volume: {label: volume, unit: t, obligor: COD, options: [1, 2, 3, 4]}
  price: {label: price, unit: USD, obligor: USA, options: [10, 20, 30, 40]}
  rail: {label: rail, obligor: USA, options: [no rail, rail]}
parties:
  USA:
    name: United States
    side: consumer
    reservation: 30
    points:
      volume: {1: 0, 2: 25, 3: 40, 4: 50}
      price: {10: 40, 20: 34, 30: 20, 40: 0}
      rail: {no rail: 10, rail: 0}
  COD:
    name: DR Congo
    side: supplier
    reservation: 30
    points:
      volume: {1: 30, 2: 26, 3: 17, 4: 0}
      price: {10: 0, 20: 20, 30: 33, 40: 40}
      rail: {no rail: 0, rail: 30}
commitments: {enforcement: 0.3, fine: 10, mutual: 0.5, collapse: 5}
"""

WORDS = "We stand by what we propose; let us accept it or leave."
"""Words that any voice may use for any move."""

MOVES_BEFORE_ACCEPTANCE = 3


def mini(**protocol: object) -> Scenario:
    """Return the small game, its protocol changed."""
    found = parse_scenario(MINI, "mini")
    rules = found.protocol.model_copy(update=protocol)
    return found.model_copy(update={"protocol": rules})


def tiny(rounds: int = 2) -> Scenario:
    """Return a game so small that its transcript is short."""
    party = {"name": "X", "side": "consumer"}
    return Scenario.model_validate(
        {
            "minilateral": 1,
            "id": "tiny",
            "title": "t",
            "protocol": {"rounds": rounds, "opens": "fixed"},
            "issues": {"a": {"label": "a", "options": [1, 2, 3]}},
            "parties": {
                "A": {**party, "points": {"a": {1: 10, 2: 6, 3: 0}}},
                "B": {**party, "points": {"a": {1: 0, 2: 6, 3: 10}}},
            },
        }
    )


def settings_at(url: str = "", config: str = "", *, home: Path, **environ: str) -> Settings:
    """Return settings of a home folder, models asked at `url`."""
    (home / "config.toml").write_text(config, encoding="utf-8")
    return load_settings({"MINILATERAL_HOME": str(home), "OPENAI_BASE_URL": url, **environ})


def haggle(request: Mapping[str, Any]) -> str:
    """Answer any question by its prompt alone: offers by lot, and accepts after a few."""
    prompt = "\n".join(message["content"] for message in request["messages"])
    if "response_format" in request:
        return decision(request, prompt)
    return "B" if request.get("logprobs") or request["max_tokens"] < 9 else WORDS


def decision(request: Mapping[str, Any], prompt: str) -> str:
    """Return a decision that fits the schema of a request."""
    if len(re.findall("OFFER", prompt)) >= MOVES_BEFORE_ACCEPTANCE:
        return said("accept")
    schema = request["response_format"]["json_schema"]["schema"]
    issues = schema["properties"]["offer"]["anyOf"][0]["properties"]
    chance = Random(prompt)
    offer = {name: chance.choice(issue["enum"]) for name, issue in issues.items()}
    # Words said before with another offer would be asked for again.
    return said("offer", offer, f"{WORDS} This is our text {chance.randrange(10_000, 100_000)}.")


def said(action: str, offer: Mapping[str, object] | None = None, message: str = WORDS) -> str:
    """Return a model's decision as it should be written."""
    return json.dumps({"reasoning": "", "action": action, "offer": offer, "message": message})


def view_at(scenario: Scenario, moves: Sequence[Move] = (), seed: int = 0) -> View:
    """Return what the party to move may know after some moves."""
    state, history = played(scenario, moves, seed)
    return view_of(state, history, seed)


def played(
    scenario: Scenario, moves: Sequence[Move], seed: int = 0
) -> tuple[State, list[PublicMove]]:
    """Return the state after some moves, and the moves as all saw them."""
    state = start(scenario, seed)
    history: list[PublicMove] = []
    for move in moves:
        history.append(PublicMove(state.turn, state.round, state.party, move, "We say so."))
        state, _ = step(state, move)
    return state, history


def offer_of(scenario: Scenario, **options: Any) -> Offer:
    """Return the offer of some options."""
    return Offer(scenario.space.index(options))


ACCEPT = Accept()

_PASSING = {"n", "at", "prev", "latency_s", "request_id", "tokens"}


def bare(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return events without what differs between two runs of the same session."""
    return [
        event.model_dump(exclude=_PASSING | {"session"})
        for event in events
        if event.type not in ("retried", "resumed", "failed")
    ]


def events_of(path: Path) -> list[Event]:
    """Return the events of a transcript."""
    return list(Transcript(path).events())


def forged(path: Path, changes: Mapping[int, Mapping[str, object]]) -> Path:
    """Write a transcript with some events changed and every line sealed anew."""
    lines: list[bytes] = []
    last = ""
    for number, event in enumerate(events_of(path)):
        changed = event.model_copy(update={**changes.get(number, {}), "prev": last})
        line, last = seal(changed.model_dump_json().encode()[:-1])
        lines.append(line)
    copy = path.with_name("forged.jsonl")
    copy.write_bytes(b"".join(lines))
    return copy
