"""Files become files of another kind, whole and new, or one line says why not."""

import io
from fractions import Fraction
from pathlib import Path

import pygambit.gambit
import pytest

from games.analysis import analyze
from games.formats.nfg import load_nfg
from games.scenario import load_scenario
from tests.delegates.sessions import MINI
from tests.games.formats.genius_domains import random_domain
from tests.tui.cli.conftest import Cli
from tui.cli.convert import COMBINATIONS

EXPRESSIBLE = MINI.replace(", breakdown: 0.03", "")


@pytest.fixture
def genius(tmp_path: Path) -> Path:
    """A folder with a Genius domain of two parties."""
    text = random_domain(12)
    for name, content in zip(text.names, [text.domain(), *text.profiles()], strict=True):
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "plain.yaml").write_text(EXPRESSIBLE, encoding="utf-8")
    return tmp_path


def profiles(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("profile*.xml"))


def contents(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_genius_files_become_a_scenario_that_is_read_like_any_other(cli: Cli, genius: Path) -> None:
    shown = cli("convert", "domain.xml", *profiles(genius), "out.yaml")

    assert (shown.code, shown.out) == (0, "out.yaml\n")
    scenario = load_scenario(genius / "out.yaml")
    assert scenario.ids == tuple(f"P{k}" for k in range(1, len(profiles(genius)) + 1))
    assert [party.name for party in scenario.parties.values()] == [
        name.removesuffix(".xml") for name in profiles(genius)
    ]
    assert cli("analyze", "out.yaml", "--json").code == 0


def test_the_domain_is_found_wherever_it_stands_and_profiles_keep_their_order(
    cli: Cli, genius: Path
) -> None:
    order = [*reversed(profiles(genius)), "domain.xml"]

    shown = cli("convert", *order, "out.yaml")

    assert shown.code == 0
    names = [party.name for party in load_scenario(genius / "out.yaml").parties.values()]
    assert names == [name.removesuffix(".xml") for name in order[:-1]]


def test_a_profile_given_twice_makes_two_parties(cli: Cli, genius: Path) -> None:
    shown = cli("convert", "domain.xml", "profile1.xml", "profile1.xml", "out.yaml")

    assert shown.code == 0
    one, other = load_scenario(genius / "out.yaml").parties.values()
    assert one.points == other.points


def test_traps_are_reported_on_stderr_and_the_scaling_is_chosen(cli: Cli, genius: Path) -> None:
    scaled = cli("convert", "domain.xml", *profiles(genius), "a.yaml")
    raw = cli("convert", "domain.xml", *profiles(genius), "b.yaml", "--scaling", "raw")

    assert (scaled.code, raw.code) == (0, 0)
    assert all(line.startswith("warning: ") for line in scaled.err.splitlines())
    assert "the scales disagree" in raw.err
    assert "the scales disagree" not in scaled.err
    assert load_scenario(genius / "a.yaml").parties != load_scenario(genius / "b.yaml").parties


def test_a_scenario_becomes_a_domain_with_its_profiles_beside_it_and_comes_back(
    cli: Cli, genius: Path
) -> None:
    there = cli("convert", "plain.yaml", "mini.xml")
    back = cli("convert", "mini.xml", "mini_USA.xml", "mini_COD.xml", "again.yaml")

    assert (there.code, there.out) == (0, "mini.xml\nmini_USA.xml\nmini_COD.xml\n")
    assert there.line == (
        "warning: mini: not in Genius's files: protocol.rounds, scenario.commitments, "
        "scenario.date, issue.obligor, issue.unit, party.name, party.side"
    )
    assert back.code == 0
    original, again = load_scenario(genius / "plain.yaml"), load_scenario(genius / "again.yaml")
    assert [issue.options for issue in again.issues.values()] == [
        issue.options for issue in original.issues.values()
    ]
    assert [party.points for party in again.parties.values()] == [
        party.points for party in original.parties.values()
    ]


@pytest.mark.parametrize("more", [(), ("--matrix", "stance"), ("--matrix", "compliance")])
def test_a_scenario_becomes_a_game_that_gambit_reads(cli: Cli, genius: Path, more) -> None:
    shown = cli("convert", "plain.yaml", "game.nfg", *more)

    assert (shown.code, shown.out, shown.err) == (0, "game.nfg\n", "")
    name = more[1] if more else "stance"
    (matrix,) = [one for one in analyze(load_scenario("plain.yaml")).matrices if one.name == name]
    game = load_nfg(genius / "game.nfg")
    assert game.players == ("United States", "DR Congo")
    assert game.strategies == (matrix.report.rows, matrix.report.columns)
    theirs = pygambit.gambit.read_nfg(io.BytesIO((genius / "game.nfg").read_bytes()))
    profile = (game.strategies[0][0], game.strategies[1][1])
    payoffs = theirs.get_payoffs(dict(zip(game.players, profile, strict=True)))
    assert Fraction(str(payoffs[game.players[0]])) == game.payoffs[0][1]
    assert float(game.payoffs[0][1]) == float(matrix.report.game.row_payoffs[0][1])


def test_a_bundled_scenario_may_be_named(cli: Cli, genius: Path) -> None:
    assert cli("convert", "cobalt-offtake", "game.nfg", "--matrix", "compliance").code == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["domain.xml", "out.json"],
            f"'domain.xml out.json' cannot be converted; {COMBINATIONS}",
        ),
        (["plain.yaml", "out.yaml"], "'plain.yaml out.yaml' cannot be converted; expected"),
        (["domain.xml", "out.nfg"], "'domain.xml out.nfg' cannot be converted; expected"),
        (["plain.yaml", "mini.yaml", "out.xml"], "cannot be converted; expected"),
        (
            ["profile1.xml", "profile2.xml", "out.yaml"],
            "2 files: found 0 domains; expected one domain and a profile for each party",
        ),
        (["domain.xml", "domain.xml", "out.yaml"], "2 files: found 2 domains; expected one"),
        (
            ["domain.xml", "profile1.xml", "out.yaml"],
            "domain.xml: found 1 profiles; expected at least two",
        ),
        (["domain.xml", "absent.xml", "out.yaml"], "absent.xml: cannot be read: No such file"),
        (["absent.yaml", "out.xml"], "absent.yaml: no such file"),
        (["mini.yaml", "out.xml"], "mini: protocol.breakdown: Genius's files cannot hold it"),
        (["cobalt-offtake", "out.xml"], "cobalt-offtake: "),
        (["plain.yaml", "no/where.nfg"], "no/where.nfg: its folder does not exist"),
        (
            ["plain.yaml", "out.nfg", "--matrix", "chess"],
            "--matrix: mini has no matrix 'chess'; expected one of stance, compliance",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_converted_is_said_in_one_line(cli: Cli, genius: Path, arguments, line):
    before = contents(genius)

    shown = cli("convert", *arguments)

    assert (shown.code, shown.out) == (1, "")
    assert line in shown.line
    assert contents(genius) == before


@pytest.mark.parametrize("existing", ["out.xml", "out_COD.xml"])
def test_no_existing_file_is_touched_and_no_other_left_behind(
    cli: Cli, genius: Path, existing: str
) -> None:
    (genius / existing).write_text("mine")
    before = contents(genius)

    shown = cli("convert", "plain.yaml", "out.xml")

    assert shown.code == 1
    last = shown.err.splitlines()[-1]
    assert last == f"minilateral: {existing}: exists already; expected the name of a new file"
    assert (genius / existing).read_text() == "mine"
    assert contents(genius) == before


def test_a_bomb_in_a_file_is_refused_with_its_line(cli: Cli, genius: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "y">]>\n<utility_space/>'
    (genius / "profile1.xml").write_text(bomb)

    shown = cli("convert", "domain.xml", *profiles(genius), "out.yaml")

    assert shown.code == 1
    assert shown.line.startswith("minilateral: profile1.xml:1: found a document type or entity")


@pytest.mark.parametrize("arguments", [["one.yaml"], [], ["a.xml", "b.yaml", "--scaling", "best"]])
def test_a_command_line_that_makes_no_sense_exits_with_two(cli: Cli, arguments) -> None:
    assert cli("convert", *arguments).code == 2
