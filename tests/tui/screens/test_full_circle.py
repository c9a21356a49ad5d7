"""Try again, full circle: from review or replay into a branch, to its end, to both futures."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
from textual.screen import Screen

from delegates import negotiate
from tests.delegates.sessions import settings_at
from tests.tui.debriefs import buyers
from tests.tui.recordings import pair
from tests.tui.table.driving import MIDDLE, Heard, Seated
from transcripts.store import Transcript
from tui.app import MinilateralApp
from tui.replay import Recording
from tui.screens.compare import CompareScreen
from tui.screens.replay import ReplayScreen
from tui.screens.review import ReviewScreen
from tui.screens.table import TableScreen
from tui.screens.try_again import TryAgainScreen

Tour = Callable[[Seated], Awaitable[None]]


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "parent.jsonl"
    negotiate(pair(), {"BUY": "boulware", "SUP": "boulware"}, seed=1, transcript=path)
    return path


def toured(home: Path, opening: Callable[[], Screen[None]], tour: Tour) -> None:
    """Open the app at a screen and go through it."""

    async def main() -> None:
        heard = Heard()
        app = MinilateralApp(opening, settings_at(home=home))
        async with app.run_test(size=MIDDLE, message_hook=heard) as pilot:
            await tour(Seated(app, pilot, heard))

    asyncio.run(main())


def branches(home: Path) -> list[Path]:
    return sorted((home / "transcripts").glob("*.jsonl"))


async def to_both_futures(
    seated: Seated, home: Path, parent: Path, kept: int, *, by_key: bool
) -> None:
    """Play the branch to its end and look at both futures."""
    await seated.until(lambda: isinstance(seated.app.screen, TableScreen))
    await seated.ended()
    (branch,) = branches(home)
    began = Transcript(branch).header().parent
    assert began is not None
    assert began.moves == kept
    await seated.until(lambda: seated.screen.history is not None)
    await (seated.press("C") if by_key else seated.click("both futures"))
    await seated.until(lambda: isinstance(seated.app.screen, CompareScreen))
    await seated.until(lambda: "shared" in seated.seen())
    shown = seated.app.screen
    assert isinstance(shown, CompareScreen)
    assert [one.path for one in shown._both] == [parent, branch]
    await seated.until(lambda: shown._found is not None)
    assert shown._found is not None
    assert shown._found.shared >= kept


def test_from_the_review_others_play_on_and_both_futures_are_seen(
    tmp_path: Path, parent: Path
) -> None:
    async def tour(seated: Seated) -> None:
        await seated.until(lambda: "accuracy" in seated.seen())
        await seated.press("right", "right", "T")
        await seated.until(lambda: isinstance(seated.app.screen, TryAgainScreen))
        await seated.press("tab", "tab")
        await seated.write("BUY=firm;SUP=conceder")
        await seated.press("enter")
        await to_both_futures(seated, tmp_path, parent, kept=2, by_key=True)
        await seated.press("escape", "escape")
        await seated.until(lambda: isinstance(seated.app.screen, ReviewScreen))

    toured(tmp_path, partial(ReviewScreen, parent, review=buyers), tour)


def test_from_the_replay_a_seat_is_taken_played_and_both_futures_are_seen(
    tmp_path: Path, parent: Path
) -> None:
    async def tour(seated: Seated) -> None:
        await seated.until(lambda: isinstance(seated.app.screen, ReplayScreen))
        await seated.press("right", "right", "T")
        await seated.until(lambda: isinstance(seated.app.screen, TryAgainScreen))
        await seated.press("j", "j", "enter")
        await seated.until(lambda: isinstance(seated.app.screen, TableScreen))
        await seated.asked()
        assert seated.screen.live.party == "SUP"
        await seated.press("w", "ctrl+s", "y")
        await to_both_futures(seated, tmp_path, parent, kept=3, by_key=False)
        assert "walked away" in seated.seen()

    toured(tmp_path, partial(ReplayScreen, Recording(parent)), tour)


def test_a_session_that_is_no_branch_has_one_future(tmp_path: Path, parent: Path) -> None:
    async def tour(seated: Seated) -> None:
        await seated.until(lambda: "accuracy" in seated.seen())
        await seated.press("C")
        await seated.until(lambda: bool(seated.app._notifications))
        told = [one.message for one in seated.app._notifications]
        assert len(told) == 1
        assert told[0].endswith("it branched off no session; expected a branch")

    toured(tmp_path, partial(ReviewScreen, parent, review=buyers), tour)
