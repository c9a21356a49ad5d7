"""Scenario files, preparation sheets, and what is typed about a scenario."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from delegates.contract import View
from delegates.leading.trainer import planned_shocks
from games.aliases import Aliases, aliased
from games.errors import ScenarioError, SettingError
from games.scenario import Scenario, load_scenario, parse_scenario
from games.scenario_files.writing import scenario_text
from games.session import start
from tests.delegates.halls import HALL, hall_of
from tests.delegates.sessions import MINI, mini, view_at
from tests.fuzzing.changes import by_tree, from_yaml, spelt, to_yaml
from tests.fuzzing.confinement import room
from tests.fuzzing.target import Target, refused, require_same
from tui.cli.sheet_file import sheet_in
from tui.cli.table_commands import NotUnderstood, read, request, terms_and_words, words_after

_BUNDLED = Path(__file__).parents[3] / "games" / "scenarios"

EVENTFUL = """
minilateral: 1
id: eventful
title: A table at which things happen
extends: first-table
shocks:
  strike: {label: a strike, words: Miners strike., round: 2, reservation: {KOR: -3}}
  storm: {label: a storm, words: Ports close., chance: 0.2, reservation: {AUS: 2}}
"""

_GUESSED = (
    "guesses: {COD: {reservation: 20, ranking: [rail]}}\n"
    "opening: {volume: 4, price: 10, rail: no rail}\ntrade: {gives: price, wants: rail}\n"
)
SHEETS = (
    "reservation: 30\ntarget: 70.5\nranking: [price, volume, rail]\nwalk_away: 30\n",
    _GUESSED,
)


@cache
def scenario_seeds() -> Sequence[bytes]:
    """Return scenarios, the small ones."""
    files = ("first-table", "cobalt-offtake", "nickel-hub")
    whole = [(_BUNDLED / f"{name}.yaml").read_bytes() for name in files]
    return [MINI.encode(), HALL.encode(), EVENTFUL.encode(), *whole]


def _names(kind: object) -> list[str]:
    """Return the names of all fields of a schema."""
    if isinstance(kind, dict):
        own = list(kind.get("properties", {}))
        return own + [name for inner in kind.values() for name in _names(inner)]
    return [name for inner in kind for name in _names(inner)] if isinstance(kind, list) else []


WORDS = sorted({*_names(Scenario.model_json_schema(by_alias=True)), "USA", "COD", "volume"})


def reads_scenario(read: bytes) -> None:
    """Read a scenario file; one that is accepted is written, read again, and opened."""
    path = room() / "scenario.yaml"
    path.write_bytes(read)
    found: Scenario | None = None
    with refused(ScenarioError):
        found = load_scenario(path)
    if found is None:
        return
    again = Scenario.model_validate_json(found.canonical())
    require_same(again.canonical(), found.canonical(), "canonical text")
    start(found, 0)
    with refused(ScenarioError):
        written = parse_scenario(scenario_text(found), "written")
        require_same(written.canonical(), found.canonical(), "scenario file")


def reads_sheet(read: bytes) -> None:
    """Read a preparation sheet."""
    path = room() / "sheet.yaml"
    path.write_bytes(read)
    with refused(SettingError):
        sheet_in(path, _game(), "USA", _known())


@cache
def _game() -> Scenario:
    return mini()


@cache
def _known() -> Aliases:
    return aliased(_game(), None)[1]


@cache
def _eventful() -> Scenario:
    return parse_scenario(EVENTFUL, "eventful")


@cache
def _views() -> tuple[View, View]:
    return view_at(_game()), view_at(hall_of())


def reads_typed(read: bytes) -> None:
    """Read a line that somebody types at the table, or a shock that a trainer orders."""
    text = read[1:].decode("utf-8", "replace")
    with refused(SettingError):
        planned_shocks(_eventful(), [text])
    for view in _views():
        with refused(NotUnderstood):
            command = read_line(text)
            terms_and_words(view, command.rest)
        with refused(NotUnderstood):
            words_after(read_line(text))
        with refused(NotUnderstood):
            request(view, text)


read_line = read

SCENARIO = Target(
    name="scenario",
    reads=reads_scenario,
    seeds=scenario_seeds,
    change=by_tree(from_yaml, to_yaml, scenario_seeds, WORDS),
    words=WORDS,
)


@cache
def sheet_seeds() -> Sequence[bytes]:
    """Return preparation sheets."""
    return [text.encode() for text in SHEETS]


_SHEET_WORDS = (
    "reservation", "target", "ranking", "guesses", "opening", "trade", "gives", "wants",
    "walk_away", "USA", "COD", "volume", "price", "rail",
)  # fmt: skip

SHEET = Target(
    name="sheet",
    reads=reads_sheet,
    seeds=sheet_seeds,
    change=by_tree(from_yaml, to_yaml, sheet_seeds, _SHEET_WORDS),
    words=_SHEET_WORDS,
)


@cache
def typed_seeds() -> Sequence[bytes]:
    """Return lines that are typed."""
    lines = ("offer volume=3, price=20; rail=no rail: we ask", "accept: yes", "strike@2", "storm",
             "ask volume 3", "offer volume = 3 price 20 rail = rail", "help", "?")  # fmt: skip
    return [b"\0" + line.encode() for line in lines]


TYPED = Target(
    name="typed",
    reads=reads_typed,
    seeds=typed_seeds,
    change=spelt(typed_seeds, ("offer", "accept", "volume", "price", "rail", "strike", "@", "=")),
    words=("offer", "accept", "volume", "price", "rail", "strike"),
)
