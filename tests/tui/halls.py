"""Halls for the tests of what a person sees: a small plenary, a forum, and one of fifty-six."""

import json
from pathlib import Path
from random import Random
from typing import Any

import yaml

from delegates import negotiate
from games.errors import IllegalMove
from games.moves import Accept, Adjourn, Move, Pass, Sign, Vote
from games.protocols.hall import HallState
from games.scenario import Scenario, parse_scenario
from games.session import step
from tests.games.protocols.halls import tried_moves
from transcripts.record import SessionRecord

HALL = """
minilateral: 1
id: hall
title: A small hall
date: 2026-02-04
protocol:
  kind: plenary
  rounds: 5
  opens: fixed
  agreement: {quorum: 0.6, vetoes: [ANN]}
  chair: ANN
  rooms: {size: 3, turns: 2}
  caucuses: 1
  extension: 1
issues:
  floor: {label: price floor, unit: USD/kg, obligor: ANN, options: [0, 60, 85, 110]}
  fund:
    label: joint fund for mines and refineries
    unit: M USD
    obligor: ANN
    options: [0, 100, 500]
  form: {label: legal form, obligor: ANN, options: [summary, declaration, treaty]}
parties:
  ANN:
    name: Annland
    side: consumer
    reservation: 20
    points: {floor: {0: 0, 60: 10, 85: 30, 110: 40}, fund: {0: 0, 100: 10, 500: 20},
      form: {summary: 0, declaration: 20, treaty: 40}}
    alternatives:
      - {name: buy from the outsider, points: 26, exposure: 24, undercut: 6}
      - {name: recycle at home, points: 14}
  BEA:
    name: Beania
    side: consumer
    reservation: 30
    points: {floor: {0: 40, 60: 30, 85: 10, 110: 0}, fund: {0: 0, 100: 20, 500: 30},
      form: {summary: 30, declaration: 20, treaty: 0}}
  CYR:
    name: Cyria
    side: supplier
    reservation: 30
    concerns: [floor]
    points: {floor: {0: 0, 60: 20, 85: 30, 110: 50}, fund: {0: 0, 100: 10, 500: 30},
      form: {summary: 20, declaration: 10, treaty: 0}}
  DOR:
    name: Doria
    side: supplier
    reservation: 25
    points: {floor: {0: 0, 60: 30, 85: 40, 110: 30}, fund: {0: 30, 100: 10, 500: 0},
      form: {summary: 0, declaration: 30, treaty: 20}}
market: {supplier: the outsider, share: 0.5}
outside: {name: the outsider, price_cut: 0.5, squeeze: 0.2, dependence: {ANN: 4, BEA: 2}}
statecraft:
  measures:
    tariff: {label: a tariff on Beania, by: ANN, towards: [BEA], effect: {BEA: -6}, cost: 1}
    aid: {label: aid for ports, by: BEA, towards: [CYR], effect: {CYR: 5}, cost: 1}
  backing_down: {ANN: 4, BEA: 3}
side_deals:
  rail: {label: a railway, parties: [BEA, CYR], points: {BEA: 3, CYR: 4}}
fund:
  label: a fund for mines
  members: [ANN, BEA, DOR]
  cost: {ANN: 3, BEA: 2, DOR: 1}
  benefit: {ANN: 8, BEA: 6, DOR: 3}
  threshold: 0.5
participation: {threshold: 0.5, kappa: 0.4, penalty: 3}
"""
"""Four delegations, three issues, and every surrounding that a scenario can state."""


def hall(kind: str = "plenary", **protocol: Any) -> Scenario:
    """Return the small hall as a plenary or forum, its protocol changed."""
    values = yaml.safe_load(HALL.replace("2026-02-04", "'2026-02-04'"))
    values["protocol"] = {**values["protocol"], "kind": kind, **protocol}
    return Scenario.model_validate(_texts(values))


def _texts(values: Any) -> Any:
    return parse_scenario(yaml.safe_dump(values, sort_keys=False)).model_dump(by_alias=True)


def crowd(parties: int = 56, **protocol: Any) -> Scenario:
    """Return a forum of so many delegations, twelve of which speak aloud in a round."""
    small = json.loads(hall("forum").canonical())
    kinds = list(small["parties"].values())
    for kind in kinds:
        kind.pop("alternatives", None)
    for issue in small["issues"].values():
        issue["obligor"] = "P00"
    small["parties"] = {
        f"P{number:02}": {**kinds[number % len(kinds)], "name": f"Delegation {number}"}
        for number in range(parties)
    }
    for key in ("market", "outside", "statecraft", "side_deals", "fund"):
        small.pop(key)
    small["protocol"] = {
        "kind": "forum",
        "rounds": 4,
        "opens": "lot",
        "agreement": {"quorum": 0.6},
        "rooms": {"size": 6, "turns": 2},
        "caucuses": 1,
        "speakers": 12,
        **protocol,
    }
    return Scenario.model_validate(small)


def held(
    of: Scenario, path: Path | None = None, mind: str = "linear", seed: int = 1
) -> SessionRecord:
    """Return a session of scripted delegations, its transcript kept where a path is given."""
    return negotiate(of, dict.fromkeys(of.ids, mind), seed=seed, transcript=path)


def legal_move(state: HallState, lots: Random) -> Move:
    """Return some legal move of a hall, by lot."""
    tried = [*tried_moves(state, lots), Accept(), Pass(), Adjourn(), Vote("yes"), Sign("out")]
    lots.shuffle(tried)
    return next(move for move in tried if _is_legal(state, move))


def _is_legal(state: HallState, move: Move) -> bool:
    try:
        step(state, move)
    except IllegalMove:
        return False
    return True
