"""Gambit's files are read exactly, in both forms, and Gambit reads back what is written."""

import io
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pygambit.gambit
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from games.analysis import analyze
from games.equilibrium.normal_form import NormalForm
from games.errors import UserError
from games.formats.nfg import (
    MAX_CHARACTERS,
    MAX_NUMBERS,
    load_nfg,
    matrix_game,
    read_nfg,
    write_nfg,
)
from tests.support.domains import listed

PAYOFF_FORM = """\
NFG 1 R "Prisoners" { "Row" "Column" }

{ { "silent" "talk" }
  { "silent" "talk" "bargain" } }
"Three to \\"choose\\" from"

2 2 3 0 0 3 1 1 1.5 -1/3 4 -2.5e-1
"""

OUTCOME_FORM = """\
NFG 1 R "Prisoners" { "Row" "Column" }

{ { "silent" "talk" } { "silent" "talk" "bargain" } }
"Three to \\"choose\\" from"

{ { "both" 2, 2 } { "mean" 3 0 } { "sucker" 0, 3 } { "quarrel" 1, 1 }
{ "a" 1.5, -1/3 } { "b" 4, -.25 } }
1 2 3 4 5 6
"""

PRISONERS = NormalForm(
    title="Prisoners",
    comment='Three to "choose" from',
    players=("Row", "Column"),
    strategies=(("silent", "talk"), ("silent", "talk", "bargain")),
    # The first player's strategy varies fastest in the file, the last player's here.
    payoffs=(
        (Fraction(2), Fraction(0), Fraction(3, 2), Fraction(3), Fraction(1), Fraction(4)),
        (Fraction(2), Fraction(3), Fraction(-1, 3), Fraction(0), Fraction(1), Fraction(-1, 4)),
    ),
)

WRITTEN = """\
NFG 1 R "Prisoners" { "Row" "Column" }

{ { "silent" "talk" }
  { "silent" "talk" "bargain" } }
"Three to \\"choose\\" from"

2 2
3 0
0 3
1 1
3/2 -1/3
4 -1/4
"""

WRITTEN_OUTCOMES = """\
NFG 1 R "t" { "A" "B" }

{ { "x" "y" }
  { "x" "y" } }
""

{
{ "" 1, 0 }
{ "" 0, 0 }
{ "" 0, 1/2 }
}
1 2 2 3
"""

OPENING = 'NFG 1 R "t" { "A" "B" } '


def refusal(text: str) -> str:
    with pytest.raises(UserError) as caught:
        read_nfg(text, "game.nfg")
    return str(caught.value)


def random_game(seed: int) -> NormalForm:
    rng = Random(f"nfg/{seed}")
    shape = [rng.randint(1, 4) for _ in range(rng.randint(1, 4))]
    profiles = len(list(product(*map(range, shape))))
    spread = rng.choice([1, 3, 10**12])
    return NormalForm(
        title=rng.choice(["", "a title", 'with "quotes"', "two\nlines", "back\\slash"]),
        comment=rng.choice(["", "a comment", 'she said "no"']),
        players=tuple(f"player {number}" for number in range(len(shape))),
        strategies=tuple(tuple(f"s{k} of {width}" for k in range(width)) for width in shape),
        payoffs=tuple(
            tuple(
                Fraction(rng.randint(-spread, spread), rng.randint(1, 7)) for _ in range(profiles)
            )
            for _ in shape
        ),
    )


def by_gambit(text: str) -> NormalForm:
    """Return a game as Gambit reads it."""
    game = pygambit.gambit.read_nfg(io.BytesIO(text.encode()))
    players = list(game.players)
    strategies = [game.get_strategies(player) for player in players]
    profiles = [
        game.get_payoffs(dict(zip(players, profile, strict=True)))
        for profile in product(*strategies)
    ]
    return NormalForm(
        title=game.title,
        comment=game.description,
        players=tuple(players),
        strategies=tuple(map(tuple, strategies)),
        payoffs=tuple(
            tuple(Fraction(str(payoffs[player])) for payoffs in profiles) for player in players
        ),
    )


@pytest.mark.parametrize("text", [PAYOFF_FORM, OUTCOME_FORM])
def test_both_forms_are_read_exactly_and_turned_into_c_order(text: str) -> None:
    assert read_nfg(text, "game.nfg") == PRISONERS


def test_a_game_is_written_with_one_profile_a_line() -> None:
    assert write_nfg(PRISONERS) == WRITTEN


def test_profiles_worth_the_same_share_an_outcome() -> None:
    game = read_nfg(OPENING + '{ { "x" "y" } { "x" "y" } } 1 0 0 0 0 0 0 1/2', "game.nfg")

    written = write_nfg(game, form="outcomes")

    assert written == WRITTEN_OUTCOMES
    assert read_nfg(written, "game.nfg") == game


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("form", ["payoffs", "outcomes"])
def test_what_is_written_gambit_and_we_read_back_equal(seed: int, form) -> None:
    game = random_game(seed)

    written = write_nfg(game, form=form)

    assert read_nfg(written, "game.nfg") == game
    assert by_gambit(written) == game


@pytest.mark.parametrize("seed", range(40))
def test_what_gambit_writes_is_read_as_gambit_meant_it(seed: int) -> None:
    game = random_game(seed)
    theirs = pygambit.gambit.read_nfg(io.BytesIO(write_nfg(game).encode())).to_nfg()

    assert read_nfg(theirs, "game.nfg") == game


@pytest.mark.parametrize(
    "text",
    [
        OPENING + "{ 2 2 } 1 1 0 2 2 0 1.5 1/3",
        OPENING + '{ { "x" "x" } { "x" "y" } } 1 1 0 2 2 0 1.5e0 1/3',
        OPENING + '{ { "x" "x" "x_1" } { "x" } } 1 1 0 2 2 0',
        'NFG 1 D "t" { "A" "A" } { 1 1 } 1.0e-2 -7',
        'NFG 1 D "t" { "A" } { 3 } "comment" 1e3 -1.5E-2 7',
        OPENING + '{ { "x" "y" } { "x" "y" } } { { "one" 1, 2 } { "two" 3 4, } } 2 1 2 1',
    ],
)
def test_variants_of_the_format_are_read_as_gambit_reads_them(text: str) -> None:
    assert read_nfg(text, "game.nfg") == by_gambit(text)


def test_outcome_zero_is_worth_nothing_to_anyone() -> None:
    game = read_nfg(OPENING + '{ 2 1 } { { "one" 1, 2 } } 0 1', "game.nfg")

    assert game.payoffs == ((0, 1), (0, 2))


def test_what_has_no_name_is_called_by_its_number() -> None:
    game = read_nfg('NFG 1 R "" { "" "B" } { { "x" "" } { "" "" } } 1 2 3 4 5 6 7 8', "game.nfg")

    assert game.players == ("1", "B")
    assert game.strategies == (("x", "2"), ("1", "2"))


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("-3", Fraction(-3)),
        ("+3", Fraction(3)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("0.1", Fraction(1, 10)),
        ("1e2", Fraction(100)),
        ("-2.50E-3", Fraction(-1, 400)),
        ("-4/6", Fraction(-2, 3)),
        ("1e1000", Fraction(10**1000)),
        ("1" * 1000, Fraction(int("1" * 1000))),
    ],
)
def test_numbers_are_read_as_written(number: str, value: Fraction) -> None:
    assert read_nfg(OPENING + f"{{ 1 1 }} {number} 0", "game.nfg").payoffs == ((value,), (0,))


@pytest.mark.parametrize(
    "number",
    ["nan", "inf", "-Infinity", "1/0", "1/-2", "1.5/2", "1e1001", "1e999999999", "1e-999999999",
     "1_000", "0x10", "١", "--1", "1e", "e5", ".", "1" * 1001, "1/" + "3" * 1000],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused(number: str) -> None:
    message = refusal(OPENING + f"\n{{ 1 1 }}\n{number} 0")

    assert message.startswith("game.nfg:3: found '")
    assert "expected a payoff: an integer, decimal or fraction (its denominator not 0" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "game.nfg:1: found the end of the file; expected NFG, as every such file begins"),
        ("EFG 2 R", "game.nfg:1: found 'EFG'; expected NFG, as every such file begins"),
        ("NFG 2", "game.nfg:1: found '2'; expected 1, the version of the format"),
        ("NFG 1 X", "game.nfg:1: found 'X'; expected R or D, for rational or decimal payoffs"),
        ("NFG 1 R {", "game.nfg:1: found '{'; expected the title in quotes"),
        ('NFG 1 R "t', "game.nfg:1: found a string that never ends; expected '\"'"),
        ('NFG 1 R "t" { }', "game.nfg:1: found '}'; expected at least one player's name in quotes"),
        (
            'NFG 1 R "t" { A }',
            "game.nfg:1: found 'A'; expected a player's name in quotes, or '}'",
        ),
        (OPENING + "2 2", "game.nfg:1: found '2'; expected '{' and the players' strategies"),
        (
            OPENING + "\n{ 2 }",
            "game.nfg:2: found '}'; expected the number of player 2's strategies, 1 to 1000000",
        ),
        (
            OPENING + "{ 2 0 }",
            "game.nfg:1: found '0'; expected the number of player 2's strategies, 1 to 1000000",
        ),
        (
            OPENING + "{ 2 2 2 }",
            "game.nfg:1: found '2'; expected '}' after the strategies of 2 players",
        ),
        (
            OPENING + '{ { "x" } { } }',
            "game.nfg:1: found '}'; expected at least one strategy of player 2",
        ),
        (
            OPENING + '{ { "x" } 2 }',
            "game.nfg:1: found '2'; expected '{' and the names of player 2's strategies",
        ),
        (
            OPENING + "{ 1 1 }\n1 2\n3",
            "game.nfg:3: found '3'; expected the end of the file, the 1 profiles being complete",
        ),
        (
            OPENING + '{ 1 1 } { { "a" 1, 2 } }\nx',
            "game.nfg:2: found 'x'; expected an outcome's number, 0 to 1, for each of 1 profiles",
        ),
        (
            OPENING + '{ 1 1 } { { "a" 1, 2, 3 } } 1',
            "game.nfg:1: found '3'; expected '}' after the outcome's 2 payoffs",
        ),
        (
            OPENING + "{ 1 1 } { { 1, 2 } } 1",
            "game.nfg:1: found '1'; expected the outcome's name in quotes",
        ),
        (
            OPENING + '{ 1 1 } { { "a" 1, 2 } x',
            "game.nfg:1: found 'x'; expected '{' and an outcome, or '}' after the last",
        ),
    ],
)  # fmt: skip
def test_malformed_files_are_refused_with_their_line(text: str, message: str) -> None:
    assert refusal(text) == message


def test_too_few_payoffs_are_refused_with_their_number() -> None:
    message = refusal(OPENING + "{ 2 2 } 1 2 3 4 5 6 7")

    assert message.startswith("game.nfg:1: found the end of the file; expected a payoff")
    assert message.endswith(", 8 in all")


@pytest.mark.parametrize(
    "counts",
    ["999999999 999999999", "1000000 3", "2000 2000", "1" + "0" * 500 + " 1"],
)
def test_huge_games_are_refused_before_anything_is_made_of_them(counts: str) -> None:
    message = refusal(OPENING + f"{{ {counts} }} 1")

    assert "expected" in message
    assert len(message) < 300


def test_a_thousand_players_are_too_many_profiles() -> None:
    players = '"p" ' * 1000

    message = refusal(f'NFG 1 R "t" {{ {players} }} {{ {"2 " * 1000} }} 1')

    assert f"at most {MAX_NUMBERS} are read" in message


def test_a_hundred_thousand_idle_players_are_read() -> None:
    count, nameless = 100_000, '"" '
    text = f'NFG 1 R "t" {{ {nameless * count} }} {{ {"1 " * count} }} {"7 " * count}'

    game = read_nfg(text, "game.nfg")

    assert game.payoffs[-1] == (7,)
    assert len(set(game.players)) == count


def test_a_file_is_read_as_its_text(tmp_path: Path) -> None:
    path = tmp_path / "game.nfg"
    path.write_bytes(b"\xef\xbb\xbf" + PAYOFF_FORM.encode())

    assert load_nfg(path) == PRISONERS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"NFG 1 R \xff", "not UTF-8 text (byte 8)"),
        (b"", "found the end of the file; expected NFG, as every such file begins"),
        (b" " * (MAX_CHARACTERS + 1), f"larger than {MAX_CHARACTERS} bytes; not read"),
    ],
    ids=["not UTF-8", "empty", "too long"],
)  # fmt: skip
def test_files_that_hold_no_text_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "game.nfg"
    path.write_bytes(content)

    with pytest.raises(UserError) as caught:
        load_nfg(path)

    assert str(caught.value).startswith(f"{path}:")
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["absent.nfg", ".", "\0"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError):
        load_nfg(tmp_path / name)


def test_a_message_stays_on_one_line_whatever_the_file_and_its_name_hold() -> None:
    with pytest.raises(UserError) as caught:
        read_nfg('"\n\x1b[31m\u202e', "a\nb\udc80.nfg")

    assert str(caught.value).isprintable()


TOKENS = st.sampled_from(
    ['"', "\\", "{", "}", ",", " ", "\n", "NFG", "1", "R", '"a"', '""', "2", "0", "1/3", "1/0",
     "-", "1e9", "e", ".", "nan", "\xa0", "\0", "é", "\ud800", OPENING, "{ 1 2 }", "{ { \"x\" } }"]
)  # fmt: skip


@settings(max_examples=400)
@given(st.one_of(st.text(), st.lists(TOKENS, max_size=30).map(" ".join)))
@example(OPENING + "{ 1 1 } 1 2")
def test_any_text_is_a_game_or_a_clear_refusal(text: str) -> None:
    try:
        game = read_nfg(text, "game.nfg")
    except UserError as error:
        assert str(error).startswith("game.nfg:")  # noqa: PT017
        assert str(error).isprintable()  # noqa: PT017
    else:
        assert read_nfg(write_nfg(game), "again.nfg") == game


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), NAMES, NAMES)
def test_any_names_are_written_so_that_they_read_back(names, title, comment) -> None:
    game = NormalForm(
        title=title,
        comment=comment,
        players=("A",),
        strategies=(tuple(names),),
        payoffs=(tuple(map(Fraction, range(len(names)))),),
    )

    assert read_nfg(write_nfg(game), "game.nfg") == game
    assert read_nfg(write_nfg(game, form="outcomes"), "game.nfg") == game


def test_a_matrix_of_a_scenario_becomes_a_game_with_its_names_and_exact_payoffs() -> None:
    named = {name: {"name": f"Party {name}"} for name in "AB"}
    for matrix in analyze(listed({"A": [3, 2, 0], "B": [0, 1.5, 3]}, parties=named)).matrices:
        game = read_nfg(write_nfg(matrix_game(matrix)), "game.nfg")

        shape = matrix.as_json()["payoffs"]
        assert game.players == (matrix.row_player, matrix.column_player)
        assert game.strategies == (matrix.report.rows, matrix.report.columns)
        pairs = [[float(a), float(b)] for a, b in zip(*game.payoffs, strict=True)]
        assert [cell for row in shape for cell in row] == pairs  # pyright: ignore
