"""Gambit's `.nfg` files: games in strategic form, read exactly and written in either form.

The format (https://gambitproject.readthedocs.io, "Game representation formats") lists the payoffs
of every profile, or numbered outcomes and then the outcome of every profile; outcome 0 is worth 0
to everyone. In files the first player's strategy varies fastest, in `NormalForm` the last one's.

Strategies and players without a name are called by their number. Names that stand twice get
`_1`, `_2`, … appended as in Gambit, which takes such files too. In strings `\\"` is a quote and
`\\\\` a backslash; a backslash before anything else is itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from games.equilibrium.normal_form import NormalForm
from games.errors import UserError, plain
from games.files.reading import read_text
from games.formats.nfg_tokens import PAYOFF, Scanner

if TYPE_CHECKING:
    from games.matrices.matrix import Matrix

MAX_CHARACTERS = 20_000_000
"""Longest file that is read."""

MAX_NUMBERS = 2_000_000
"""Most payoffs, players times profiles, of a game that is read."""

Form = Literal["payoffs", "outcomes"]


def load_nfg(path: str | Path) -> NormalForm:
    """Return the game in a file.

    Raises:
        UserError: If it cannot be read, or holds no game.
    """
    return read_nfg(read_text(Path(path), MAX_CHARACTERS), str(path))


def read_nfg(text: str, name: str) -> NormalForm:
    """Return the game that a text in Gambit's format describes, its payoffs exactly as written.

    Args:
        text: The text of the file.
        name: What errors call it, usually the file's name.

    Raises:
        UserError: If it describes none; the message gives line and expectation.
    """
    if len(text) > MAX_CHARACTERS:
        raise UserError(f"{plain(name)}: {len(text)} characters; at most {MAX_CHARACTERS} are read")
    scanner = Scanner(text.removeprefix("\ufeff"), plain(name))
    title, players = _header(scanner)
    strategies = _strategies(scanner, len(players))
    shape = tuple(len(names) for names in strategies)
    comment = scanner.string("a comment") if scanner.ahead.kind == "string" else ""
    payoffs = _outcome_form(scanner, shape) if scanner.at("{") else _payoff_form(scanner, shape)
    if scanner.ahead.kind != "end":
        raise scanner.refusal(
            scanner.ahead, f"the end of the file, the {prod(shape)} profiles being complete"
        )
    return NormalForm(
        title=title, comment=comment, players=players, strategies=strategies, payoffs=payoffs
    )


def _header(scanner: Scanner) -> tuple[str, tuple[str, ...]]:
    scanner.word(["NFG"], "NFG, as every such file begins")
    scanner.word(["1"], "1, the version of the format")
    scanner.word(["R", "D"], "R or D, for rational or decimal payoffs")
    title = scanner.string("the title in quotes")
    scanner.mark("{", "'{' and the names of the players")
    players: list[str] = []
    while not scanner.at("}"):
        players.append(scanner.string("a player's name in quotes, or '}'"))
    if not players:
        raise scanner.refusal(scanner.ahead, "at least one player's name in quotes")
    scanner.next()
    return title, distinct_names(players)


def _strategies(scanner: Scanner, players: int) -> tuple[tuple[str, ...], ...]:
    scanner.mark("{", "'{' and the players' strategies")
    named = scanner.at("{")
    numbers = players
    strategies: list[tuple[str, ...]] = []
    for player in range(1, players + 1):
        # Names that are mere numbers are not made before it is known how many there are.
        names = _names(scanner, player) if named else _numbered(scanner, player, players)
        numbers *= len(names)
        if numbers > MAX_NUMBERS:
            raise scanner.refusal(
                scanner.ahead,
                f"a smaller game: {numbers} payoffs so far, at most {MAX_NUMBERS} are read",
            )
        strategies.append(tuple(map(str, names)))
    scanner.mark("}", f"'}}' after the strategies of {players} players")
    return tuple(strategies)


def _names(scanner: Scanner, player: int) -> tuple[str, ...]:
    scanner.mark("{", f"'{{' and the names of player {player}'s strategies")
    names: list[str] = []
    while not scanner.at("}"):
        names.append(scanner.string("a strategy's name in quotes, or '}'"))
    if not names:
        raise scanner.refusal(scanner.ahead, f"at least one strategy of player {player}")
    scanner.next()
    return distinct_names(names)


def _numbered(scanner: Scanner, player: int, players: int) -> range:
    expected = f"the number of player {player}'s strategies, 1 to {MAX_NUMBERS // players}"
    token = scanner.ahead
    count = scanner.count(expected, MAX_NUMBERS // players)
    if count == 0:
        raise scanner.refusal(token, expected)
    return range(1, count + 1)


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return names with the empty ones numbered and those that stand twice told apart."""
    filled = [name or str(position) for position, name in enumerate(names, 1)]
    counts = Counter(filled)
    taken = set(filled)
    used: Counter[str] = Counter()
    distinct: list[str] = []
    for name in filled:
        unique = name
        while counts[name] > 1 and (unique == name or unique in taken):
            used[name] += 1
            unique = f"{name}_{used[name]}"
        taken.add(unique)
        distinct.append(unique)
    return tuple(distinct)


def _payoff_form(scanner: Scanner, shape: Sequence[int]) -> tuple[tuple[Fraction, ...], ...]:
    players, profiles = len(shape), prod(shape)
    expected = f"{PAYOFF}, {players * profiles} in all"
    written = [[scanner.number(expected) for _ in range(players)] for _ in range(profiles)]
    return _from_file_order(written, shape)


def _outcome_form(scanner: Scanner, shape: Sequence[int]) -> tuple[tuple[Fraction, ...], ...]:
    players = len(shape)
    outcomes: list[list[Fraction]] = [[Fraction(0)] * players]
    scanner.next()
    while not scanner.at("}"):
        outcomes.append(_outcome(scanner, players))
    scanner.next()
    most = len(outcomes) - 1
    expected = f"an outcome's number, 0 to {most}, for each of {prod(shape)} profiles"
    written = [outcomes[scanner.count(expected, most)] for _ in range(prod(shape))]
    return _from_file_order(written, shape)


def _outcome(scanner: Scanner, players: int) -> list[Fraction]:
    scanner.mark("{", "'{' and an outcome, or '}' after the last")
    scanner.string("the outcome's name in quotes")
    payoffs: list[Fraction] = []
    for _ in range(players):
        payoffs.append(scanner.number(f"{PAYOFF}, one for each of {players} players"))
        if scanner.at(","):
            scanner.next()
    scanner.mark("}", f"'}}' after the outcome's {players} payoffs")
    return payoffs


def _from_file_order(
    written: Sequence[Sequence[Fraction]], shape: Sequence[int]
) -> tuple[tuple[Fraction, ...], ...]:
    """Return one tuple a player in C order, of payoffs listed with the first player fastest."""
    ordered: list[Sequence[Fraction]] = [()] * len(written)
    for position, payoffs in zip(_file_order(shape), written, strict=True):
        ordered[position] = payoffs
    return tuple(zip(*ordered, strict=True))


def _file_order(shape: Sequence[int]) -> list[int]:
    """Return the C position of every profile in the order of files."""
    positions = [0]
    stride = prod(shape)
    for width in shape:
        stride //= width
        positions = [position + level * stride for level in range(width) for position in positions]
    return positions


def write_nfg(game: NormalForm, *, form: Form = "payoffs") -> str:
    """Return a game in Gambit's format, its payoffs as integers and fractions.

    In the outcome form profiles worth the same share an outcome. Gambit 16.7 misreads a backslash
    that stands before a quote, another backslash or the end of a name; `read_nfg` does not.
    """
    cells = list(zip(*game.payoffs, strict=True))
    ordered = [cells[position] for position in _file_order(game.shape)]
    lines = [f"NFG 1 R {_quoted(game.title)} {_listed(map(_quoted, game.players))}", ""]
    strategies = "\n  ".join(_listed(map(_quoted, names)) for names in game.strategies)
    lines += [_listed([strategies])]
    lines += [_quoted(game.comment), ""]
    if form == "payoffs":
        lines += [" ".join(map(str, cell)) for cell in ordered]
        return "\n".join(lines) + "\n"
    numbers: dict[tuple[Fraction, ...], int] = {}
    for cell in ordered:
        numbers.setdefault(cell, len(numbers) + 1)
    outcomes = [_listed(['""', ", ".join(map(str, cell))]) for cell in numbers]
    lines += ["{", *outcomes, "}", " ".join(str(numbers[cell]) for cell in ordered)]
    return "\n".join(lines) + "\n"


def _listed(items: Iterable[str]) -> str:
    return f"{{ {' '.join(items)} }}"


def _quoted(text: str) -> str:
    """Return a string that reads back the same, escaping no backslash that need not be."""
    escaped = re.sub(r'\\(?=[\\"]|\Z)', r"\\\\", text)
    return '"' + escaped.replace('"', '\\"') + '"'


def matrix_game(matrix: Matrix) -> NormalForm:
    """Return a scenario's matrix as a game in strategic form, rows the first player's."""
    game = matrix.report.game
    return NormalForm(
        title=matrix.title,
        comment=matrix.explanation,
        players=distinct_names((matrix.row_player, matrix.column_player)),
        strategies=(matrix.report.rows, matrix.report.columns),
        payoffs=tuple(
            tuple(payoff for row in rows for payoff in row)
            for rows in (game.row_payoffs, game.column_payoffs)
        ),
    )
