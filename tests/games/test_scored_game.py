"""A scored game of many parties, with thresholds, quorum and vetoes, is a scenario without loss.

Teaching games of this kind give each party private scores that add up to 100, a least score below
which it refuses, and a rule such as "five of the six, the owner and the ministry among them". The
passing set is found a second time with plain loops over a table that no scenario file has seen.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from games.analysis import analyze
from games.scenario import Quorum, Scenario, parse_scenario
from tui.cli import main


@dataclass(frozen=True, kw_only=True)
class PlainGame:
    """A scored game as a sheet of paper has it."""

    options: Mapping[str, Sequence[str]]
    scores: Mapping[str, Mapping[str, Sequence[int]]]
    """By party and issue, one score an option."""
    thresholds: Mapping[str, int]
    quorum: Fraction
    """Share of the voting weight that must agree."""
    weights: Mapping[str, int]
    vetoes: Sequence[str]


def supporters(game: PlainGame, package: Sequence[int]) -> list[str]:
    """Return who reaches its threshold in a package, given by option positions."""
    return [
        party
        for party, rows in game.scores.items()
        if sum(row[position] for row, position in zip(rows.values(), package, strict=True))
        >= game.thresholds[party]
    ]


def brute_force(game: PlainGame) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Return the packages that all accept, and those that pass, in the order of the options."""
    unanimous: list[tuple[str, ...]] = []
    passing: list[tuple[str, ...]] = []
    total = sum(game.weights[party] for party in game.scores)
    for package in product(*(range(len(row)) for row in game.options.values())):
        named = tuple(
            row[position] for row, position in zip(game.options.values(), package, strict=True)
        )
        agreed = supporters(game, package)
        if len(agreed) == len(game.scores):
            unanimous.append(named)
        weight = sum(game.weights[party] for party in agreed)
        enough = weight >= game.quorum * total and len(agreed) > 1
        if enough and all(party in agreed for party in game.vetoes):
            passing.append(named)
    return unanimous, passing


def as_file(game: PlainGame) -> str:
    """Return the game as the text of a scenario file."""
    return yaml.safe_dump(
        {
            "minilateral": 1,
            "id": "scored",
            "title": "A scored game",
            "protocol": {
                "kind": "alternating-offers",
                "rounds": 6,
                "agreement": {
                    "quorum": float(game.quorum),
                    "weights": {party: float(game.weights[party]) for party in game.scores},
                    "vetoes": list(game.vetoes),
                },
            },
            "issues": {
                name: {"label": name, "options": list(options)}
                for name, options in game.options.items()
            },
            "parties": {
                party: {
                    "name": f"Party {party}",
                    "side": "mixed",
                    "reservation": game.thresholds[party],
                    "points": {
                        issue: dict(zip(game.options[issue], row, strict=True))
                        for issue, row in rows.items()
                    },
                }
                for party, rows in game.scores.items()
            },
        },
        sort_keys=False,
    )


def chosen(scenario: Scenario, outcomes: Sequence[int]) -> list[tuple[str, ...]]:
    """Return outcomes as tuples of options."""
    return [
        tuple(str(option) for option in scenario.space.outcome(int(index)).values())
        for index in outcomes
    ]


def assert_nothing_is_lost(scenario: Scenario, game: PlainGame) -> None:
    """Check that options, scores, thresholds, weights, quorum and vetoes read back equal."""
    rule = scenario.protocol.agreement
    assert isinstance(rule, Quorum)
    assert rule.quorum == float(game.quorum)
    assert {party: rule.weights.get(party, 1.0) for party in scenario.ids} == game.weights
    assert set(rule.vetoes) == set(game.vetoes)
    assert scenario.ids == tuple(game.scores)
    assert {name: issue.texts for name, issue in scenario.issues.items()} == {
        name: tuple(options) for name, options in game.options.items()
    }
    for name, party in scenario.parties.items():
        assert party.reservation == game.thresholds[name]
        assert {issue: list(row.values()) for issue, row in party.points.items()} == {
            issue: list(row) for issue, row in game.scores[name].items()
        }


TERMINAL = """
minilateral: 1
id: ore-terminal
title: An ore terminal at the mouth of a river
protocol:
  kind: alternating-offers
  rounds: 6
  agreement: {quorum: 0.8333333333333334, vetoes: [OWNER, MINISTRY]}
issues:
  berths: {label: berths, options: [one, two, three]}
  river: {label: what happens to the river, options: [dredge, dredge and restore, spare the flats]}
  hiring: {label: hiring, options: [open, local first, local only, local and trained]}
  loan: {label: public loan, unit: M, options: [0, 40, 80, 120]}
  rivals: {label: paid to the old ports, unit: M, options: [0, 15, 30, 45, 60]}
parties:
  OWNER:
    name: The terminal's owner
    side: mixed
    reservation: 55
    points:
      berths: {one: 0, two: 9, three: 15}
      river: {dredge: 12, dredge and restore: 8, spare the flats: 0}
      hiring: {open: 16, local first: 11, local only: 4, local and trained: 0}
      loan: {0: 0, 40: 14, 80: 27, 120: 35}
      rivals: {0: 22, 15: 17, 30: 12, 45: 6, 60: 0}
  MINISTRY:
    name: The ministry of mines
    side: mixed
    reservation: 62
    points:
      berths: {one: 0, two: 8, three: 14}
      river: {dredge: 0, dredge and restore: 11, spare the flats: 8}
      hiring: {open: 0, local first: 6, local only: 9, local and trained: 13}
      loan: {0: 40, 40: 31, 80: 18, 120: 0}
      rivals: {0: 0, 15: 14, 30: 22, 45: 19, 60: 9}
  DOCKERS:
    name: The dockers
    side: mixed
    reservation: 48
    points:
      berths: {one: 0, two: 12, three: 20}
      river: {dredge: 8, dredge and restore: 5, spare the flats: 0}
      hiring: {open: 0, local first: 18, local only: 42, local and trained: 50}
      loan: {0: 0, 40: 6, 80: 9, 120: 12}
      rivals: {0: 10, 15: 8, 30: 5, 45: 2, 60: 0}
  FISHERS:
    name: The river's fishers
    side: mixed
    reservation: 50
    points:
      berths: {one: 28, two: 17, three: 0}
      river: {dredge: 0, dredge and restore: 36, spare the flats: 60}
      hiring: {open: 0, local first: 7, local only: 12, local and trained: 9}
      loan: {0: 0, 40: 0, 80: 0, 120: 0}
      rivals: {0: 0, 15: 0, 30: 0, 45: 0, 60: 0}
  PROVINCE:
    name: The province
    side: mixed
    reservation: 44
    points:
      berths: {one: 0, two: 15, three: 21}
      river: {dredge: 3, dredge and restore: 9, spare the flats: 0}
      hiring: {open: 0, local first: 10, local only: 18, local and trained: 26}
      loan: {0: 0, 40: 13, 80: 24, 120: 33}
      rivals: {0: 11, 15: 9, 30: 6, 45: 3, 60: 0}
  PORTS:
    name: The old ports
    side: mixed
    reservation: 36
    points:
      berths: {one: 19, two: 8, three: 0}
      river: {dredge: 0, dredge and restore: 4, spare the flats: 7}
      hiring: {open: 9, local first: 7, local only: 3, local and trained: 0}
      loan: {0: 13, 40: 9, 80: 4, 120: 0}
      rivals: {0: 0, 15: 15, 30: 28, 45: 41, 60: 52}
"""

SIX = PlainGame(
    options={
        "berths": ["one", "two", "three"],
        "river": ["dredge", "dredge and restore", "spare the flats"],
        "hiring": ["open", "local first", "local only", "local and trained"],
        "loan": ["0", "40", "80", "120"],
        "rivals": ["0", "15", "30", "45", "60"],
    },
    scores={
        "OWNER": {
            "berths": (0, 9, 15),
            "river": (12, 8, 0),
            "hiring": (16, 11, 4, 0),
            "loan": (0, 14, 27, 35),
            "rivals": (22, 17, 12, 6, 0),
        },
        "MINISTRY": {
            "berths": (0, 8, 14),
            "river": (0, 11, 8),
            "hiring": (0, 6, 9, 13),
            "loan": (40, 31, 18, 0),
            "rivals": (0, 14, 22, 19, 9),
        },
        "DOCKERS": {
            "berths": (0, 12, 20),
            "river": (8, 5, 0),
            "hiring": (0, 18, 42, 50),
            "loan": (0, 6, 9, 12),
            "rivals": (10, 8, 5, 2, 0),
        },
        "FISHERS": {
            "berths": (28, 17, 0),
            "river": (0, 36, 60),
            "hiring": (0, 7, 12, 9),
            "loan": (0, 0, 0, 0),
            "rivals": (0, 0, 0, 0, 0),
        },
        "PROVINCE": {
            "berths": (0, 15, 21),
            "river": (3, 9, 0),
            "hiring": (0, 10, 18, 26),
            "loan": (0, 13, 24, 33),
            "rivals": (11, 9, 6, 3, 0),
        },
        "PORTS": {
            "berths": (19, 8, 0),
            "river": (0, 4, 7),
            "hiring": (9, 7, 3, 0),
            "loan": (13, 9, 4, 0),
            "rivals": (0, 15, 28, 41, 52),
        },
    },
    thresholds={
        "OWNER": 55,
        "MINISTRY": 62,
        "DOCKERS": 48,
        "FISHERS": 50,
        "PROVINCE": 44,
        "PORTS": 36,
    },
    quorum=Fraction(5, 6),
    weights=dict.fromkeys(("OWNER", "MINISTRY", "DOCKERS", "FISHERS", "PROVINCE", "PORTS"), 1),
    vetoes=["OWNER", "MINISTRY"],
)
"""Typed a second time: nothing in it comes from the file."""


def test_the_best_package_of_each_party_scores_a_hundred() -> None:
    best = {party: sum(max(row) for row in rows.values()) for party, rows in SIX.scores.items()}

    assert set(best.values()) == {100}


def test_six_parties_and_five_issues_read_back_as_they_were_written() -> None:
    assert_nothing_is_lost(parse_scenario(TERMINAL), SIX)


def test_unanimous_and_passing_counts_are_those_of_brute_force() -> None:
    scenario = parse_scenario(TERMINAL)
    unanimous, passing = brute_force(SIX)

    found = json.loads(json.dumps(analyze(scenario).as_json()))

    assert found["outcomes"] == 720
    assert (found["zopa"], found["passing"]) == (len(unanimous), len(passing))
    assert 0 < len(unanimous) < len(passing) < 720


def test_analyze_writes_the_same_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINILATERAL_HOME", str(tmp_path))
    file = tmp_path / "terminal.yaml"
    file.write_text(TERMINAL, encoding="utf-8")
    unanimous, passing = brute_force(SIX)

    with pytest.raises(SystemExit) as exit_:
        main(["analyze", str(file), "--json"])

    found = json.loads(capsys.readouterr().out)
    assert exit_.value.code in (None, 0)
    assert (found["zopa"], found["passing"]) == (len(unanimous), len(passing))


def test_the_passing_packages_themselves_are_those_of_brute_force() -> None:
    scenario = parse_scenario(TERMINAL)
    found = analyze(scenario).bargain
    unanimous, passing = brute_force(SIX)

    assert chosen(scenario, found.zopa.tolist()) == unanimous
    assert chosen(scenario, found.passing.tolist()) == passing


@pytest.mark.parametrize("holder", ["OWNER", "MINISTRY"])
def test_nothing_passes_against_a_veto(holder: str) -> None:
    scenario = parse_scenario(TERMINAL)
    own = scenario.preferences[scenario.ids.index(holder)]

    passing = analyze(scenario).bargain.passing

    assert own.utilities[passing].min() >= own.reservation


def test_four_of_six_do_not_suffice() -> None:
    scenario = parse_scenario(TERMINAL)
    passing = set(analyze(scenario).bargain.passing.tolist())

    counts = {
        sum(own.utility(index) >= own.reservation for own in scenario.preferences)
        for index in passing
    }

    assert counts == {5, 6}


@st.composite
def plain_games(draw: st.DrawFn) -> PlainGame:
    """Draw a scored game among two to six parties over one to four issues."""
    parties = [f"P{number}" for number in range(draw(st.integers(2, 6)))]
    widths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    options = {f"i{k}": [f"o{j}" for j in range(width)] for k, width in enumerate(widths)}
    points = st.integers(0, 40)
    return PlainGame(
        options=options,
        scores={
            party: {
                issue: draw(st.lists(points, min_size=len(row), max_size=len(row)))
                for issue, row in options.items()
            }
            for party in parties
        },
        thresholds={party: draw(st.integers(0, 30 * len(widths))) for party in parties},
        quorum=draw(st.fractions(Fraction(1, 7), 1, max_denominator=7)),
        weights={party: draw(st.integers(1, 5)) for party in parties},
        vetoes=draw(st.lists(st.sampled_from(parties), unique=True, max_size=2)),
    )


@settings(max_examples=200)
@given(plain_games())
def test_any_scored_game_is_expressed_without_loss(game: PlainGame) -> None:
    scenario = parse_scenario(as_file(game))
    unanimous, passing = brute_force(game)

    found = analyze(scenario).bargain

    assert_nothing_is_lost(scenario, game)
    assert chosen(scenario, found.zopa.tolist()) == unanimous
    assert chosen(scenario, found.passing.tolist()) == passing


@settings(max_examples=50)
@given(plain_games())
def test_its_canonical_form_keeps_it_too(game: PlainGame) -> None:
    scenario = parse_scenario(as_file(game))

    assert_nothing_is_lost(Scenario.model_validate_json(scenario.canonical()), game)
