"""Every game that is shown can be written, and reads back as the same game."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.agreement import Agreement
from games.analysis import analyze
from games.equilibrium.many_players import PureReport, equilibria_of
from games.equilibrium.normal_form import NormalForm
from games.formats.nfg import read_nfg, write_nfg
from games.matrices.normal_forms import normal_forms, pledges_form, signatures_form
from games.participation.fund import fund_game, pledge_equilibria
from games.participation.signatures import stable_signatures
from games.scenario import load_scenario

NAMES = ("cobalt-offtake", "nickel-hub", "price-floor-club")


def forms_of(name: str) -> dict[str, NormalForm]:
    analysis = analyze(load_scenario(name))
    found = normal_forms(analysis.matrices, analysis.agreement)
    return {one: make() for one, make in found.items()}


def stable(game: NormalForm) -> list[tuple[object, ...]]:
    report = equilibria_of(game)
    if isinstance(report, PureReport):
        return list(report.profiles)
    return [(one.row, one.column, one.payoffs) for one in report.equilibria]


@pytest.mark.parametrize("name", NAMES)
def test_every_game_reads_back_with_the_same_equilibria(name: str) -> None:
    for title, game in forms_of(name).items():
        again = read_nfg(write_nfg(game), title)
        assert again == game
        assert stable(again) == stable(game)


payoffs = st.one_of(
    st.fractions(max_denominator=10**6),
    st.integers(-(10**9), 10**9).map(lambda micro: Fraction(micro, 10**6)),
)


@given(st.data(), st.lists(st.integers(1, 3), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_game_reads_back_with_the_same_equilibria(data, widths: list[int]) -> None:
    size = 1
    for width in widths:
        size *= width
    listed = st.lists(payoffs, min_size=size, max_size=size).map(tuple)
    game = NormalForm(
        title='a "title"',
        players=tuple(f"player {k}" for k in range(len(widths))),
        strategies=tuple(tuple(f"s{k}" for k in range(width)) for width in widths),
        payoffs=tuple(data.draw(listed) for _ in widths),
    )

    again = read_nfg(write_nfg(game), "game")

    assert again == game
    assert stable(again) == stable(game)


@pytest.mark.parametrize("name", NAMES)
def test_games_between_blocs_are_those_that_are_shown(name: str) -> None:
    analysis, forms = analyze(load_scenario(name)), forms_of(name)

    for matrix in analysis.matrices:
        shown = [one.cell for one in matrix.report.equilibria if one.cell is not None]
        report = equilibria_of(forms[matrix.name])
        assert not isinstance(report, PureReport)
        assert [one.cell for one in report.equilibria if one.cell is not None] == shown
        assert (f"{matrix.name}-minimum" in forms) == matrix.has_blocs


def test_the_game_of_signatures_has_the_stable_profiles_that_are_told() -> None:
    scenario = load_scenario("nickel-hub")
    outcome = int(analyze(scenario).bargain.solutions["nash"][0])
    game = signatures_form(scenario, outcome)

    told = stable_signatures(scenario, outcome)

    report = equilibria_of(game)
    assert isinstance(report, PureReport)
    assert told.complete
    named = {
        tuple(names[k] for names, k in zip(game.strategies, profile, strict=True))
        for profile in report.profiles
    }
    assert named == {tuple(one.signatures.values()) for one in told.found}


def test_a_party_whose_red_line_forbids_a_text_can_only_stay_out() -> None:
    scenario = load_scenario("nickel-hub")
    forbidden = {
        index: party
        for index in range(0, scenario.space.size, 97)
        for party, own in zip(scenario.ids, scenario.preferences, strict=True)
        if not own.may_sign(index)
    }
    outcome, party = next(iter(forbidden.items()))

    game = signatures_form(scenario, outcome)

    assert game.strategies[scenario.ids.index(party)] == ("out",)
    assert read_nfg(write_nfg(game), "game") == game


def test_the_game_of_pledges_has_the_equilibria_that_are_told() -> None:
    scenario = load_scenario("price-floor-club")
    outcome = int(analyze(scenario).bargain.solutions["utilitarian"][0])
    told = pledge_equilibria(fund_game(scenario, outcome))

    report = equilibria_of(pledges_form(scenario, outcome))

    assert isinstance(report, PureReport)
    members = fund_game(scenario, outcome).members
    payers = {
        tuple(name for name, pays in zip(members, profile, strict=True) if pays)
        for profile in report.profiles
    }
    assert payers == {one.payers for one in told}


def test_games_of_each_party_are_left_out_where_they_are_too_large() -> None:
    scenario = load_scenario("ministerial")

    assert normal_forms((), Agreement(scenario, 0)) == {}
