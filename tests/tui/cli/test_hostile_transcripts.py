"""A transcript that somebody else wrote moves, colours and hides nothing on one's terminal."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from textual.pilot import Pilot

from delegates.negotiate import negotiate
from games.scenario import Scenario
from tests.delegates.sessions import events_of, haggle, mini, settings_at
from tests.support.openai_stub import Fault, OpenAIStub, server_error
from tests.tui.cli.conftest import Cli
from tests.tui.replaying import replayed, seen
from transcripts.events import EVENTS
from transcripts.store import seal
from tui.screens.replay import ReplayScreen

HOSTILE = (
    "\x1b[2J\x1b]0;title\x07\x1b]52;c;eA==\x07\x9b2K\u202edesrever\u2066\u200b\U000e0041\x08\r!"
)
"""Clears the screen, names the window, fills the clipboard, erases, turns around, hides."""

STRUCTURE = frozenset(
    {
        *("type", "at", "prev", "party", "act", "outcome", "stage", "status", "kind", "side"),
        *("opens", "role"),
    }
)
"""Keys whose values are not free text."""


def is_calm(text: str) -> bool:
    """Whether a terminal does nothing with a text but show it."""
    return not [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t"]


def poisoned(value: Any, is_valid: Callable[[], bool], more: str = HOSTILE) -> Iterator[str]:
    """Add hostile text to all free text in a JSON value, in place; yield where that could be."""
    places = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(places):
        if key in STRUCTURE:
            continue
        if isinstance(inner, str):
            value[key] = inner + more
            if is_valid():
                yield str(key)
            else:
                value[key] = inner
        elif isinstance(inner, dict | list):
            yield from poisoned(inner, is_valid, more)


def is_event(value: Mapping[str, Any]) -> bool:
    try:
        EVENTS.validate_python(value)
        if value["type"] == "opened":
            Scenario.model_validate(value["scenario"])
    except ValidationError:
        return False
    return True


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sound transcript, every free text of which is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    answers: list[str | Fault | None] = [None, server_error(), None, "nothing"]

    def answer(request: Any) -> str | Fault:
        return (answers.pop(0) if answers else None) or haggle(request)

    with OpenAIStub(answer) as stub:
        settings = settings_at(stub.url, home=folder)
        seats = {"USA": "llm:m", "COD": "menu:m+llm:m"}
        negotiate(mini(rounds=2), seats, transcript=folder / "s.jsonl", settings=settings)
    lines: list[bytes] = []
    places: set[str] = set()
    last = ""
    for event in events_of(folder / "s.jsonl"):
        value = json.loads(event.model_dump_json())
        places |= set(poisoned(value, lambda value=value: is_event(value)))
        whole = EVENTS.validate_python(value | {"prev": last})
        line, last = seal(whole.model_dump_json().encode()[:-1])
        lines.append(line)
    assert {"title", "label", "name", "decides", "words", "reason", "finish", "text"} <= places
    path = folder / "hostile.jsonl"
    path.write_bytes(b"".join(lines))
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "--plain"),
        ("replay", "--plain", "--prompts"),
        ("replay", "--plain", "--as", "USA"),
        ("verify",),
        ("verify", "--json"),
        ("resume",),
        ("resume", "--json"),
    ],
    ids=" ".join,
)
def test_no_verb_lets_a_terminal_act_on_what_it_shows(
    cli: Cli, hostile: Path, arguments: tuple[str, ...]
) -> None:
    verb, *options = arguments
    shown = cli(verb, str(hostile), *options)
    assert shown.out
    assert is_calm(shown.out)
    assert is_calm(shown.err)


def test_what_is_hostile_is_shown_for_what_it_is(cli: Cli, hostile: Path) -> None:
    assert "A small game\\x1b[2J\\x1b]0;title\\x07" in cli("replay", str(hostile), "--plain").out


def test_json_stays_what_it_was(cli: Cli, hostile: Path) -> None:
    shown = json.loads(cli("resume", str(hostile), "--json").out)
    assert HOSTILE in shown["session"]


def test_no_panel_of_the_replay_lets_a_terminal_act(hostile: Path) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        for key in ("1", "2", "3", "4", "5", "G"):
            await pilot.press(key)
            await pilot.pause()
            assert "United States" in seen(pilot)
            assert is_calm(seen(pilot))

    replayed(hostile, act)
