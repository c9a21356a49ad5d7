"""The exact prompts behind a move, opened over the replay."""

from pathlib import Path

import pytest
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.recordings import (
    PROMPT,
    TALKS,
    asked,
    consulted,
    moved,
    offers,
    pair,
    recorded,
    replied,
    spoilt,
)
from tests.tui.replaying import SMALL, replayed, seen
from tests.tui.screens.test_snapshots import Compare, pressing
from transcripts.events import Message, Parent
from tui.app import replay_app
from tui.replay import Recording
from tui.screens.prompts import PromptsScreen
from tui.screens.replay import ReplayScreen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    of = pair()
    return recorded(tmp_path / "t.jsonl", of, consulted(of))


def told(pilot: Pilot[None]) -> str:
    """Return the whole text of the parts, seen or not."""
    return "\n".join(str(part.content) for part in pilot.app.screen.query(Static))


@pytest.mark.parametrize("close", ["escape", "p", "q", "enter"])
def test_p_opens_the_prompts_of_the_move_and_closes_them(path: Path, close: str) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PromptsScreen)
        text = told(pilot)
        assert all(message.content in text for message in PROMPT)
        assert "attempt 1 failed; asked again after 0.4 s\nHTTP 503 (busy)" in text
        assert "the reply could not be used: unparsable\nno offer" in text
        assert "I would rather talk." in text
        assert text.count("deep-1 at models.example") == 2
        await pilot.press(close)
        await pilot.pause()
        assert pilot.app.screen is screen

    replayed(path, act)


def test_a_move_that_code_decided_says_that_no_model_was_asked(path: Path) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("right", "p")
        await pilot.pause()
        assert "No model was asked for this move." in seen(pilot)
        assert "Move 2 · ▲ Supplier · round 1" in seen(pilot)

    replayed(path, act)


def test_tab_goes_from_part_to_part(path: Path) -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("p")
        await pilot.pause()
        box = pilot.app.screen.query_one(VerticalScroll)
        tops = [part.virtual_region.y for part in pilot.app.screen.query(".part")]
        places = [box.scroll_offset.y]
        for key in ("tab", "n", "tab", "shift+tab", "N"):
            await pilot.press(key)
            await pilot.pause()
            places.append(box.scroll_offset.y)
        assert places == [tops[0], tops[1], tops[2], tops[3], tops[2], tops[1]]
        await pilot.press("G")
        await pilot.pause()
        assert box.scroll_offset.y == box.max_scroll_y > 0
        await pilot.press("k", "j", "g")
        await pilot.pause()
        assert box.scroll_offset.y == 0

    replayed(path, act)


def test_a_call_that_led_to_no_move_yet_stands_with_the_last_one(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, [moved(of, 0, 3), asked(1, "SUP")])

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("p")
        await pilot.pause()
        assert "call 1, SUP: to decide" in told(pilot)

    replayed(path, act)


def test_prompts_before_any_move_are_shown(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, [asked(0, "BUY"), replied(0, "BUY")])

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("p")
        await pilot.pause()
        assert "Before the first move" in seen(pilot)
        assert "call 1, BUY: to decide" in told(pilot)

    replayed(path, act)


def test_a_line_that_is_not_sound_says_so_in_its_place(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, [asked(0, "BUY"), replied(0, "BUY"), moved(of, 0, 3)])
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b"We offer", b"We after")
    path.write_bytes(b"".join(lines))
    parts = Recording(path).calls(0)
    assert [part.title for part in parts] == [
        "call 1, BUY: to decide",
        "system",
        "user",
        "answer schema",
        "not sound",
    ]
    assert "event 2: the content does not match its hash" in parts[-1].body


def test_a_spoilt_move_still_has_its_prompts(path: Path) -> None:
    spoilt(path, 7)
    screen = PromptsScreen(Recording(path), 0)
    assert screen._title.plain == "Move 1"
    assert len(screen._parts) == 13


def test_hostile_prompts_are_shown_as_text(tmp_path: Path) -> None:
    hostile = "\x1b[31m[bold]x[/bold]\u202e [@click=app.quit]y[/] [/nothing]"
    of = pair()
    question = asked(0, "BUY", messages=(Message(role="user", content=hostile),), model=hostile)
    events = [question, replied(0, "BUY", text=hostile), moved(of, 0, 3)]
    path = recorded(tmp_path / "t.jsonl", of, events)

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("p")
        await pilot.pause()
        text = seen(pilot)
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\\x1b[31m[bold]x[/bold]\\u202e [@click=app.quit]y[/] [/nothing]" in text

    replayed(path, act)


def test_a_branch_says_where_it_began(tmp_path: Path) -> None:
    of = pair()
    parent = Parent(session="yesterday", event=1, hash="0" * 64, moves=1, seats=("SUP",))
    events = [moved(of, 0, 3), moved(of, 1, 1)]
    path = recorded(tmp_path / "t.jsonl", of, events, parent=parent)

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        notices = [recording.move(position).notices for position in (0, 1)]
        assert notices == [(), ("branched off yesterday after move 1; seats given anew: SUP",)]
        assert "branched off yesterday" in seen(pilot)

    recording = Recording(path)
    replayed(path, act, (160, 50))


def test_prompts_in_a_small_terminal(snap_compare: Compare, path: Path) -> None:
    app = replay_app(Recording(path))
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing(["p", "tab", "tab"]))


def test_prompts_in_a_large_terminal(snap_compare: Compare, path: Path) -> None:
    app = replay_app(Recording(path))
    assert snap_compare(app, terminal_size=(160, 50), run_before=pressing(["p"]))


def test_a_recording_without_models_has_no_prompts(tmp_path: Path) -> None:
    of = pair()
    recording = Recording(recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, 2])))
    assert [recording.calls(position) for position in range(3)] == [[], [], []]


def test_each_move_has_its_own_prompts_and_no_others() -> None:
    recording = Recording(TALKS)

    asked_for = [bool(recording.calls(position)) for position in range(len(recording))]

    assert [number for number, some in enumerate(asked_for, 1) if some] == [1, 4, 5, 8, 9, 12, 13]


def test_a_prompt_of_a_million_characters_is_cut_and_says_so(tmp_path: Path) -> None:
    of = pair()
    long = Message(role="user", content="ore " * 250_000)
    path = recorded(tmp_path / "t.jsonl", of, [asked(0, "BUY", messages=(long,)), moved(of, 0, 3)])

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        await pilot.press("p")
        await pilot.pause()
        assert len(told(pilot)) < 70_000
        assert "1,000,000 characters in all; `replay --plain --prompts` prints them" in told(pilot)

    replayed(path, act)


def test_a_party_is_shown_its_own_calls_alone(path: Path) -> None:
    recording = Recording(path)

    assert recording.calls(0, "BUY") == recording.calls(0)
    assert recording.calls(0, "SUP") == []
