"""How long loading a scenario takes, against PyYAML's quickest loader reading the same text.

Run from the root of the repository: python -m benchmarks.load_speed [--runs N]

`yaml.load(text, Loader=CSafeLoader)` makes plain values of a text in memory. `load_scenario` reads
the file, refuses what YAML would silently turn into something else, checks every value, finds
contradictions and returns a scenario ready to be played. Before anything is timed the plain values
are compared. Both are timed in turn; the ratio is that of the medians, and 1 would mean that all of
the checks cost nothing.
"""

import argparse
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import yaml

from benchmarks.timing import seconds
from games.scenario import load_scenario
from games.scenario_files.strict_yaml import load_strict

SCENARIO = """minilateral: 1
id: lithium-offtake
title: A lithium offtake between an importer and a producer
level: {difficulty: 2, minutes: 20}
date: "2026-02-04"
setting: >
  The importer's battery plants open within two years and no refinery outside the usual supplier
  has capacity to spare. The producer has a deposit, a port and little money.
protocol: {kind: alternating-offers, rounds: 20, opens: alternate, breakdown: 0.02}
issues:
  volume:
    label: annual offtake
    unit: t LCE/yr
    kind: supply
    obligor: CHL
    options: [5000, 10000, 15000, 20000, 30000]
    unmet: 5000
    source: [survey-2025]
    basis: estimate
  price:
    label: floor price
    unit: USD/t
    kind: price
    obligor: USA
    options: [0, 9000, 11000, 13000, 15000]
    source: [survey-2025]
    basis: estimate
  refinery:
    label: share refined at home by year 5
    unit: "%"
    kind: processing
    obligor: USA
    options: [0, 10, 25, 40, 60]
    source: [plan-2025]
    basis: judgement
  licence:
    label: export licence
    kind: legal
    obligor: CHL
    options: [none, best effort, firm, binding]
    unmet: none
    source: [plan-2025]
    basis: judgement
parties:
  USA:
    name: United States
    side: consumer
    weight: 1.0
    interests: >
      Lithium that is not refined by its rival, and a licence that holds for the life of the
      plants.
    brief: >
      You want tonnes that arrive. Volume counts together with a firm licence; a low floor looks
      free while the price is high, and is not. A little refining abroad helps you, much of it
      brings delay. Never sign without any undertaking on the licence.
    reservation: 38
    reservation_basis: >
      Judgement. Buying at the price of the day from three other producers.
    discount: 0.99
    red_lines:
      - {licence: none}
    points:
      volume: {5000: 0, 10000: 9, 15000: 17, 20000: 24, 30000: 30}
      price: {0: 25, 9000: 20.5, 11000: 15, 13000: 8, 15000: 0}
      refinery: {0: 14, 10: 20, 25: 12, 40: 5, 60: 0}
      licence: {none: 0, best effort: 6, firm: 17, binding: 25}
    links:
      - issues: [volume, licence]
        points:
          20000: {firm: 2, binding: 4}
          30000: {firm: 3, binding: 6}
  CHL:
    name: Chile
    side: supplier
    weight: 1.0
    interests: >
      Refineries and jobs at home, a price that carries the mine through a bad year, and a free
      hand.
    brief: >
      You want to sell the salt as metal and not as brine. A floor pays for the mine when prices
      fall; refining at home is what the government promised. A binding licence ties your hands
      and must be paid for.
    reservation: 35
    reservation_basis: >
      Judgement. Selling to the present buyers on yearly contracts.
    discount: 0.985
    points:
      volume: {5000: 12, 10000: 20, 15000: 16, 20000: 9, 30000: 0}
      price: {0: 0, 9000: 9, 11000: 16, 13000: 22, 15000: 28}
      refinery: {0: 0, 10: 8, 25: 19, 40: 27, 60: 32}
      licence: {none: 20, best effort: 17, firm: 8, binding: 0}
commitments: {enforcement: 0.3, fine: 8, mutual: 0.5, collapse: 5, basis: judgement}
sources:
  - {id: survey-2025, title: Survey of lithium projects, date: "2025-06", basis: estimate}
  - {id: plan-2025, title: National lithium plan, date: "2025-03", basis: fact}
"""
"""Two parties, four issues, five options each but for the last, with briefs, links and sources."""

TARGET = 3.0


def read_plainly(text: str) -> object:
    """Return what PyYAML makes of a text."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def row(title: str, path: Path, runs: int) -> str:
    """Return one line of the table.

    Raises:
        SystemExit: If the two sides do not read the same values.
    """
    text = path.read_text(encoding="utf-8")
    if load_strict(text, title) != read_plainly(text):
        raise SystemExit(f"{title}: the two sides read different values")
    ours, theirs = partial(load_scenario, path), partial(read_plainly, text)
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs + 5)][5:]
    mine, plain = median(one for one, _ in pairs), median(other for _, other in pairs)
    return (
        f"{title:24}{len(text):12}{mine * 1e3:18.3f}{plain * 1e3:18.3f}"
        f"{mine / plain:8.2f}{TARGET:8.1f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time load_scenario against PyYAML.")
    parser.add_argument("--runs", type=int, default=200, help="timed loads (default 200)")
    runs = parser.parse_args().runs
    print(f"medians of {runs}; the values read are compared first")
    print(
        f"{'file':24}{'characters':>12}{'load_scenario ms':>18}{'CSafeLoader ms':>18}"
        f"{'ratio':>8}{'at most':>8}"
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lithium-offtake.yaml"
        path.write_text(SCENARIO, encoding="utf-8")
        print(row("four issues", path, runs))


if __name__ == "__main__":
    main()
