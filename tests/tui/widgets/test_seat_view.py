"""One party's view: nothing that is private to another stands anywhere on the screen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from games.preparation import Sheet
from games.protocols.hall import HallState
from games.scenario import Scenario
from tests.tui.recordings import asked, moved, pair, recorded, replied, several
from tests.tui.replaying import WIDE, seen, settled
from tests.tui.screens.test_hall_replay import PLENARY
from transcripts.events import (
    Event,
    Failed,
    Message,
    MoveMade,
    Prepared,
    Retried,
    Suggested,
    Unusable,
)
from transcripts.store import Transcript
from tui.app import MinilateralApp
from tui.replay import Recording, read_history
from tui.screens.chain import ChainScreen
from tui.screens.prompts import PromptsScreen
from tui.screens.replay import ReplayScreen
from tui.screens.replay_keys import PANELS
from tui.widgets.outcome_plot import OutcomePlot

CANARY = "CANARY"


def everything(screen: ReplayScreen, pilot: Pilot[None]) -> str:
    """Return what stands on the terminal and in every text of the screen, seen or not."""
    texts = [str(one.content) for one in screen.query(Static)]
    titles = [str(one.border_title) for one in screen.query(".panel")]
    return "\n".join([seen(pilot), *texts, *titles])


def looked_at(path: Path, see: str | None, check: Callable[[str], None], at: int = 99) -> None:
    """Open a transcript as a party and check every panel at a move."""

    async def main() -> None:
        app = MinilateralApp(lambda: ReplayScreen(Recording(path), see=see))
        async with app.run_test(size=WIDE) as pilot:
            await settled(pilot)
            screen = app.screen
            assert isinstance(screen, ReplayScreen)
            screen.action_go_to(at)
            for panel in PANELS:
                screen.action_panel(panel)
                await settled(pilot)
                check(everything(screen, pilot))
            for over in (
                PromptsScreen(Recording(path), max(screen.moves - 1, 0), see),
                ChainScreen(Recording(path), screen.history, see),
            ):
                app.push_screen(over)
                await pilot.pause()
                check("\n".join(str(one.content) for one in over.query(Static)))
                app.pop_screen()

    asyncio.run(main())


def private(of: Scenario, party: str) -> list[Event]:
    """Return events that are private to a party, in which a canary sits, and its move."""
    message = Message(role="system", content=f"{CANARY} prompt")
    return [
        asked(0, party, messages=(message,)),
        Retried(turn=0, party=party, attempt=1, reason=f"{CANARY} retried", wait_s=1.0),
        replied(0, party, text=f"{CANARY} reply"),
        Unusable(turn=0, party=party, purpose="decide", call=0, reason=f"{CANARY} unusable"),
        Suggested(turn=0, party=party, act="offer", words=f"{CANARY} advice"),
        Prepared(turn=0, party=party, when="before", sheet=Sheet(target=77731.5)),
        moved(
            of,
            0,
            3,
            party=party,
            fallback=f"{CANARY} fallback",
            words_fallback=f"{CANARY} template",
            flags=("below-reservation",),
        ),
        Failed(turn=1, party=party, reason=f"{CANARY} failed"),
        moved(of, 1, 1),
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    of = pair()
    return recorded(tmp_path / "t.jsonl", of, private(of, "BUY"))


@pytest.mark.parametrize("at", [1, 2])
def test_nothing_private_to_another_is_on_any_panel(path: Path, at: int) -> None:
    def check(text: str) -> None:
        assert CANARY not in text
        assert "77731" not in text
        assert "wrote down" not in text
        assert "BUY 7" not in text
        assert "frontier" not in text.replace("frontier and solutions are worked out", "")
        assert "Nash" not in text
        assert "worth less to it" not in text

    looked_at(path, "SUP", check, at)


def test_ones_own_and_what_all_sides_see_together_hold_it(path: Path) -> None:
    found: list[str] = []
    looked_at(path, "BUY", found.append, 1)
    own = "\n".join(found)
    assert all(f"{CANARY} {what}" in own for what in ("prompt", "reply", "fallback", "advice"))

    found.clear()
    looked_at(path, None, found.append, 1)
    assert all(f"{CANARY} {what}" in "\n".join(found) for what in ("prompt", "unusable"))


def test_points_of_others_are_on_no_panel_of_a_partys_view(tmp_path: Path) -> None:
    of = several(3)
    path = recorded(tmp_path / "t.jsonl", of, [moved(of, turn, 1 + turn) for turn in range(3)])

    def check(text: str) -> None:
        lines = [line for line in text.splitlines() if "worth" in line]
        assert all("BBB" not in line.partition("worth")[2] for line in lines)

    looked_at(path, "AAA", check)


def test_an_estimate_is_told_to_be_one_and_rests_on_public_offers_alone(path: Path) -> None:
    async def main() -> None:
        app = MinilateralApp(lambda: ReplayScreen(Recording(path), see="SUP"))
        async with app.run_test(size=WIDE) as pilot:
            await settled(pilot)
            screen = app.screen
            assert isinstance(screen, ReplayScreen)
            screen.action_last()
            await settled(pilot)
            text = everything(screen, pilot)
            assert "BUY: ESTIMATE" in text
            assert "estimated from its 1 offer; its points are private" in text
            assert screen.query_one(OutcomePlot)._cloud is None

    asyncio.run(main())


def test_what_a_party_sees_does_not_change_with_the_others_points(tmp_path: Path) -> None:
    first, second = pair(), pair()
    raw = json.loads(second.canonical())
    raw["parties"]["BUY"]["points"]["tonnes"] = {"1": 9, "2": 8, "3": 7}
    second = Scenario.model_validate(raw)
    found: list[list[str]] = []
    for name, of in (("a", first), ("b", second)):
        path = recorded(tmp_path / f"{name}.jsonl", of, [moved(of, 0, 3), moved(of, 1, 1)])
        texts: list[str] = []
        looked_at(path, "SUP", texts.append)
        found.append([text for text in texts if "chain head" not in text])
    assert found[0] == found[1]


def test_a_move_is_heard_by_those_in_its_room_or_those_it_is_said_to() -> None:
    recording = Recording(PLENARY)
    history = [*read_history(recording)][-1]
    events = [one for one in Transcript(PLENARY).events() if isinstance(one, MoveMade)]

    for position, event in enumerate(events):
        before = history.state(position)
        assert isinstance(before, HallState)
        members = range(4) if before.room is None else before.room.members
        told = {history.scenario.ids[k] for k in members}
        if event.act == "call-caucus":
            told = {event.party, *cast("list[str]", event.on["members"])}
        elif event.heard_by is not None:
            told &= {*event.heard_by}
        for party in history.scenario.ids:
            assert history.hears(party)[position] == (party in told)


@pytest.mark.parametrize("see", ["ANN", "BEA"])
def test_moves_of_rooms_that_a_party_was_not_in_are_left_out(see: str) -> None:
    recording = Recording(PLENARY)
    history = [*read_history(recording)][-1]
    hidden = [int(one) for one in (~history.hears(see)).nonzero()[0]]
    words = [recording.move(position).words for position in hidden]
    heard = {recording.move(int(one)).words for one in history.hears(see).nonzero()[0]}
    secret = {one for one in words if one and one not in heard}

    def check(text: str) -> None:
        assert not [one for one in secret if one in text]
        assert "room 1" not in text

    looked_at(PLENARY, see, check)


def test_steps_and_numbers_count_what_a_party_has_heard() -> None:
    async def main() -> None:
        app = MinilateralApp(lambda: ReplayScreen(Recording(PLENARY), see="BEA"))
        async with app.run_test(size=WIDE) as pilot:
            await settled(pilot)
            screen = app.screen
            assert isinstance(screen, ReplayScreen)
            history = screen.history
            assert history is not None
            heard = [int(one) + 1 for one in history.hears("BEA").nonzero()[0]]
            assert len(heard) > 1
            stood = [screen.moves]
            while screen.moves < heard[-1]:
                await pilot.press("right")
                stood.append(screen.moves)
            assert stood == heard
            assert f"move {len(heard)}/{len(heard)}" in seen(pilot)
            await pilot.press("left")
            assert screen.moves == heard[-2]

    asyncio.run(main())
