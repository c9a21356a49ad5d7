"""A small scenario in which much happens between moves, for tests."""

from games import parse_scenario
from games.scenario import Scenario

TEXT = """
minilateral: 1
id: eventful
title: Tonnes and a floor, with capitals behind
protocol: {rounds: 8, kind: KIND}
issues:
  tonnes: {label: tonnes, options: [1000, 2000, 3000]}
  floor: {label: floor, options: [low, middle, high]}
parties:
  A:
    name: Aland
    side: consumer
    points: {tonnes: {1000: 0, 2000: 30, 3000: 50}, floor: {low: 50, middle: 30, high: 0}}
    reservation: 10
    red_lines: [{tonnes: 1000, floor: high}]
  B:
    name: Bland
    side: supplier
    points: {tonnes: {1000: 60, 2000: 40, 3000: 0}, floor: {low: 0, middle: 30, high: 40}}
    alternatives: [{name: sell elsewhere, points: 30, exposure: 10}]
market: {supplier: The dominant supplier, share: 0.5}
mandates:
  A:
    limits: {tonnes: [2000, 3000]}
    grants: {tonnes: {1000: {least: 45}}}
    requests: 2
    instructions:
      - {round: 2, kind: no-deal, words: Wait for the minister.}
      - {round: 4, kind: tighten, limits: {floor: [low, middle]}}
      - {round: 6, kind: red-line, red_line: {tonnes: 2000, floor: middle}}
shocks:
  fall: {label: Prices fall, kind: price, round: 3, points: {B: {tonnes: {3000: 30}}},
         reservation: {A: -5, B: -3}}
  lot: {label: A mine is flooded, kind: accident, chance: 0.3, reservation: {A: 2}, heard_by: [A]}
  quota: {label: A quota, kind: export-control, market: 1.0, words: Announced overnight.}
"""
"""Shock `quota` strikes only when somebody has it strike."""

KINDS = ("alternating-offers", "plenary", "forum")
"""Protocols under which it can be played."""

SIGNED = "participation: {threshold: 0.5, kappa: 0.25}\n"
"""What a forum must state beside."""


def eventful(kind: str = "alternating-offers") -> Scenario:
    """Return it under a protocol."""
    more = SIGNED if kind == "forum" else ""
    return parse_scenario(TEXT.replace("KIND", kind) + more, "eventful")
