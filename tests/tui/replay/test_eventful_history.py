"""Sessions in which something happens between the moves, as a screen needs them."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from textual.pilot import Pilot

from delegates import negotiate
from games.session import State, replayed
from games.session import start as started
from tests.games.eventful import KINDS, eventful
from tests.transcripts.test_golden import FOURTH
from tests.tui.replaying import WIDE, seen
from tests.tui.replaying import replayed as on_screen
from tui.replay import History, Recording, agenda, curves, read_history
from tui.replay import history as reading
from tui.screens.replay import ReplayScreen
from tui.widgets.outcome_plot import OutcomePlot


def history_of(path: Path) -> History:
    *_, whole = read_history(Recording(path))
    assert whole.problem is None
    return whole


def states_of(whole: History) -> list[State]:
    """Return the state in which each move was made, and the last one."""
    pairs = list(replayed(whole.last, whole.made))
    return [*(before for before, _ in pairs), pairs[-1][1]]


@pytest.fixture(params=KINDS)
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "s.jsonl"
    seats = {"A": "firm", "B": "firm"}
    negotiate(eventful(request.param), seats, seed=4, transcript=path, shocks=["quota@2"])
    return path


def test_any_state_is_the_one_the_session_was_in(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for every in (1, 3, 256):
        monkeypatch.setattr(reading, "CHECKPOINT", every)
        whole = history_of(path)
        states = states_of(whole)
        order = list(range(len(states)))
        Random(every).shuffle(order)
        for moves in order:
            assert whole.state(moves) == states[moves], (every, moves)
            assert whole.state(moves).happened == states[moves].happened


def test_the_scenario_of_every_move_is_that_of_its_time(path: Path) -> None:
    whole = history_of(path)
    states = states_of(whole)
    assert len(whole.scenarios) > 4
    for position, state in enumerate(states[:-1]):
        then = whole.scenarios[whole.version_at(position + 1)]
        assert then.preferences[0].reservation == state.scenario.preferences[0].reservation
        assert int(whole.happened[position]) == len(state.happened)
    for column, position in enumerate(whole.offers.tolist()):
        own = states[position].scenario.preferences
        outcome = int(whole.outcomes[position])
        assert whole.utilities[:, column].tolist() == [one.utility(outcome) for one in own]


def test_charts_and_agenda_are_of_their_time(path: Path) -> None:
    whole = history_of(path)
    states = states_of(whole)
    for moves, state in enumerate(states):
        found = agenda(whole, moves)
        own = state.scenario.preferences
        assert found.reservations == tuple(one.reservation for one in own)
        if state.offer is not None:
            assert found.utilities == tuple(one.utility(state.offer) for one in own)
    for party, curve in enumerate(curves(whole)):
        assert curve.levels[0][0] == -np.inf
        assert curve.levels[-1][1] == np.inf
        for moves, state in enumerate(states[:-1]):
            (level,) = [v for first, end, v in curve.levels if first <= moves + 1 < end]
            assert level == state.scenario.preferences[party].reservation
        assert curve.reservation == states[-1].scenario.preferences[party].reservation


def test_a_session_without_happenings_has_one_scenario(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    game = eventful().model_copy(update={"mandates": {}, "shocks": {}})
    negotiate(game, {"A": "firm", "B": "firm"}, seed=4, transcript=path)
    whole = history_of(path)
    assert len(whole.scenarios) == 1
    assert not whole.changes.size
    assert started(game, 4).opening is game


def test_what_happened_belongs_to_the_move_after_it() -> None:
    recording = Recording(FOURTH)
    told = {number: recording.move(number).happened for number in range(len(recording))}
    assert {number: len(lines) for number, lines in told.items() if lines} == {
        2: 2,
        4: 1,
        6: 2,
        8: 4,
        10: 1,
    }
    assert told[2] == (
        (
            "From the capital of Aland: The capital lets nothing be signed in this round. Wait for "
            "the minister."
        ),
        "A quota. Announced overnight. (called by the trainer)",
    )
    assert history_of(FOURTH).changes.tolist() == [2, 4, 6, 8, 10]


def test_the_screen_tells_it_in_its_place() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        plot = screen.query_one(OutcomePlot)
        history = screen.history
        assert history is not None
        assert len(plot.bargains) == len(history.scenarios) > 4
        for _ in range(4):
            await pilot.press("right")
        told = seen(pilot)
        assert "◆ 3/10" in told
        for words in (
            "From the capital of Aland: The capital lets nothing",
            "A quota. Announced overnight. (called by the trainer)",
            "asks for time to consult its capital: tonnes 1,000 t",
            "passes",
            "┊ news",
        ):
            assert words in told, words
        assert plot._version == history.version_at(5) == 2
        await pilot.press("G")
        assert plot._version == len(history.scenarios) - 1
        assert "◆ 10/10" in seen(pilot)

    on_screen(FOURTH, act, WIDE)


def test_a_small_screen_tells_it_in_the_strip() -> None:
    async def act(screen: ReplayScreen, pilot: Pilot[None]) -> None:
        for _ in range(4):
            await pilot.press("right")
        await pilot.press("2")
        await pilot.pause()
        assert "◆ Prices fall." in seen(pilot)

    on_screen(FOURTH, act)
