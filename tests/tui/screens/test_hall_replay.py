"""The replay of plenaries and forums: acts in words, the text in brackets, many delegations."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from textual.pilot import Pilot

from games.protocols.hall import HallState
from games.session import start, step
from tests.tui.halls import crowd, hall, held, legal_move
from tests.tui.recordings import NOON, recorded
from tests.tui.replaying import SMALL, WIDE, replayed, seen, settled
from tests.tui.screens.test_snapshots import Compare, pressing
from transcripts.acts import act_of, outcome_of, terms_of
from transcripts.events import MoveMade
from tui.app import replay_app
from tui.replay import Recording
from tui.screens.replay import ReplayScreen
from tui.screens.replay_keys import PANELS

PLENARY = Path(__file__).parents[1] / "data" / "plenary.jsonl"
"""A finished plenary of four delegations, with rooms, a vote and signatures."""

Shows = Callable[[str], None]


def at(path: Path, move: int, panel: str, size: tuple[int, int], check: Shows) -> None:
    """Open a transcript at a move and a panel, and check what is seen."""

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        screen.action_panel(panel)
        screen.action_go_to(move)
        await settled(pilot)
        check(seen(pilot))

    replayed(path, act, size)


def test_acts_are_told_in_words_with_their_rooms() -> None:
    def check(text: str) -> None:
        assert "Annland  asks" in text or "Beania  asks" in text
        assert "room" in text

    at(PLENARY, 12, "conversation", WIDE, check)


def test_the_text_stands_in_brackets_where_the_replay_is() -> None:
    def check(text: str) -> None:
        assert "The chair's text (● Annland)" in text
        assert "[▸" in text
        assert "worth ● ANN" in text

    at(PLENARY, 20, "agenda", WIDE, check)


def test_before_the_first_text_that_is_said() -> None:
    at(PLENARY, 1, "agenda", SMALL, lambda text: _has(text, "There is no text yet."))


def test_the_close_is_told_by_the_referee() -> None:
    def check(text: str) -> None:
        assert "ADOPTED by vote in round" in text
        assert "binding (" in text

    at(PLENARY, 1, "referee", WIDE, check)


def _has(text: str, words: str) -> None:
    assert words in text


@pytest.mark.parametrize("size", [(60, 16), SMALL, (120, 40), WIDE])
def test_fifty_six_delegations_fit_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "crowd.jsonl"
    held(crowd(rounds=2), path)

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        screen.action_go_to(100)
        for panel in PANELS:
            screen.action_panel(panel)
            await settled(pilot)
            assert "56 delegations" in seen(pilot)

    replayed(path, act, size)


@pytest.mark.parametrize("seed", range(4))
def test_any_session_of_a_hall_opens_at_every_move(tmp_path: Path, seed: int) -> None:
    path = _by_lot(tmp_path / "lot.jsonl", seed)

    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        assert screen.total > 0
        for move in range(1, screen.total + 1, 3):
            screen.action_go_to(move)
            await pilot.pause()
        assert screen.history is not None
        assert screen.history.problem is None

    replayed(path, act, WIDE)


def _by_lot(path: Path, seed: int) -> Path:
    """Write a session of legal moves drawn by lot."""
    of = hall("forum" if seed % 2 else "plenary")
    lots, state = Random(seed), start(of, 1)
    events: list[MoveMade] = []
    while state.is_open and len(events) < 60:
        assert isinstance(state, HallState)
        move, room = legal_move(state, lots), state.room
        events.append(
            MoveMade(
                turn=state.turn,
                round=state.now,
                party=state.party,
                act=act_of(move),
                outcome=outcome_of(of, move),
                on=terms_of(move),
                stage=state.stage,
                room=None if room is None else room.number,
            )
        )
        state, _ = step(state, move)
    assert NOON
    return recorded(path, of, events)


@pytest.mark.parametrize(
    "keys",
    [["greater_than_sign"] * 3, ["2", *["greater_than_sign"] * 3], ["3"], ["5"]],
    ids=["conversation", "agenda", "utilities", "referee"],
)
def test_a_plenary_in_a_small_terminal(snap_compare: Compare, keys: list[str]) -> None:
    app = replay_app(Recording(PLENARY))
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing(keys))


def test_a_plenary_in_a_large_terminal(snap_compare: Compare) -> None:
    app = replay_app(Recording(PLENARY))
    keys = ["greater_than_sign"] * 3
    assert snap_compare(app, terminal_size=WIDE, run_before=pressing(keys))
