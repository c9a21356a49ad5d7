"""Gambit reads every game that is written, with the same payoffs and the same pure equilibria."""

import io
from fractions import Fraction
from itertools import product

import pygambit.gambit
import pytest

from games.analysis import analyze
from games.equilibrium.many_players import PureReport, equilibria_of
from games.formats.nfg import write_nfg
from games.matrices.normal_forms import normal_forms
from games.scenario import load_scenario

CASES = [
    ("cobalt-offtake", "stance"),
    ("cobalt-offtake", "compliance"),
    ("nickel-hub", "stance-minimum"),
    ("nickel-hub", "participation"),
    ("nickel-hub", "signatures"),
    ("price-floor-club", "compliance-minimum"),
]


@pytest.mark.parametrize(("name", "title"), CASES)
def test_gambit_reads_the_same_game(name: str, title: str) -> None:
    analysis = analyze(load_scenario(name))
    game = normal_forms(analysis.matrices, analysis.agreement)[title]()

    theirs = pygambit.gambit.read_nfg(io.BytesIO(write_nfg(game).encode()))

    players = list(theirs.players)
    assert tuple(players) == game.players
    assert tuple(tuple(theirs.get_strategies(player)) for player in players) == game.strategies
    for place, profile in enumerate(product(*game.strategies)):
        payoffs = theirs.get_payoffs(dict(zip(players, profile, strict=True)))
        worth = tuple(Fraction(str(payoffs[player])) for player in players)
        assert worth == tuple(own[place] for own in game.payoffs)
    assert pure_of_gambit(theirs) == pure_of_ours(game)


def pure_of_gambit(game) -> set[tuple[str, ...]]:
    found = pygambit.nash.enumpure_solve(game).equilibria
    return {tuple(next(name for name, p in own if p == 1) for own in profile) for profile in found}


def pure_of_ours(game) -> set[tuple[str, ...]]:
    report = equilibria_of(game)
    if isinstance(report, PureReport):
        profiles = report.profiles
    else:
        profiles = [one.cell for one in report.equilibria if one.cell is not None]
    return {
        tuple(names[k] for names, k in zip(game.strategies, profile, strict=True))
        for profile in profiles
    }
