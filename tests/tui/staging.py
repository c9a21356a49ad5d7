"""One screen on stage in tests: a user's folder with fixed sessions, errands caught, not run."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from delegates.settings import Flags, Settings, load_settings
from games.scenario import Scenario, load_scenario
from tests.tui.recordings import TALKS, header, moved, pair
from tests.tui.replaying import settled
from transcripts.events import Seat
from transcripts.store import seal
from tui import errands
from tui.app import MinilateralApp
from tui.session_plan import SessionPlan

SMALL, MIDDLE, LARGE = (80, 24), (120, 36), (200, 60)
SIZES = {"small": SMALL, "middle": MIDDLE, "large": LARGE}
THEMES = {"dark": "minilateral-dark", "light": "minilateral-light"}

ERRANDS = tuple(
    one for one in vars(errands).values() if getattr(one, "__module__", "") == errands.__name__
)

Shown = TypeVar("Shown", bound=Screen[Any])


class Stage(MinilateralApp):
    """Opens with one screen and keeps the errands that it posts, and what it says in passing."""

    def __init__(self, opening: Callable[[], Screen[Any]], settings: Settings) -> None:
        super().__init__(opening, settings)
        self.errands: list[Message] = []
        self.said: list[str] = []

    def notify(self, message: str, **how: Any) -> None:
        self.said.append(message)
        super().notify(message, **how)

    def post_message(self, message: Message) -> bool:
        if isinstance(message, ERRANDS):
            self.errands.append(message)
            return True
        return super().post_message(message)


def staged(
    opening: Callable[[], Shown],
    act: Callable[[Shown, Pilot[None], list[Message]], Awaitable[None]],
    settings: Settings,
    size: tuple[int, int] = SMALL,
) -> None:
    """Open a screen, wait for its workers, and act on it."""

    async def main() -> None:
        app = Stage(opening, settings)
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            screen: Any = app.screen
            await act(screen, pilot, app.errands)

    asyncio.run(main())


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each once all before it is done."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def told(pilot: Pilot[None]) -> list[str]:
    """Return what was said in passing; on a stage, what is shown no more, too."""
    if isinstance(pilot.app, Stage):
        return pilot.app.said
    return [notice.message for notice in pilot.app._notifications]


def playing(*keys: str, theme: str = "dark") -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what a snapshot test does before the picture is taken."""

    async def play(pilot: Pilot[None]) -> None:
        pilot.app.theme = THEMES[theme]
        await settled(pilot)
        await pressed(pilot, *keys)

    return play


def settings_at(home: Path) -> Settings:
    """Return settings with that folder, and no model."""
    return load_settings({"MINILATERAL_HOME": str(home)}, Flags(model="none"))


def planned(home: Path, name: str | Scenario, party: str | None, **more: Any) -> SessionPlan:
    """Return a plan of a bundled scenario, or of one given, with a fixed seed."""
    scenario = load_scenario(name) if isinstance(name, str) else name
    return SessionPlan(
        scenario=scenario, settings=settings_at(home), party=party, **{"seed": 7, **more}
    )


def user_folder(home: Path) -> Path:
    """Fill a folder with four sessions: finished, a person's unfinished, another, a damaged one."""
    folder = home / "transcripts"
    folder.mkdir(parents=True)
    shutil.copyfile(TALKS, folder / "talks.jsonl")
    shutil.copyfile(TALKS, folder / "talks-again.jsonl")
    _unfinished(folder / "buyer.jsonl")
    (folder / "broken.jsonl").write_text("no transcript\n")
    for age, name in enumerate(("talks", "buyer", "talks-again", "broken")):
        os.utime(folder / f"{name}.jsonl", (9_000 - age, 9_000 - age))
    return home


def _unfinished(path: Path) -> None:
    """Write a session in which a person sits for the buyer and two moves were made."""
    of = pair().model_copy(update={"title": "Ore for a smelter"})
    opened = header(of)
    person = Seat(spec="human", decides="a person (stand-in: firm)", words="the person")
    opened = opened.model_copy(update={"seats": {**opened.seats, "BUY": person}})
    last, lines = "", list[bytes]()
    for number, event in enumerate([opened, moved(of, 0, 3), moved(of, 1, 1)]):
        told = {"n": number, "at": "2026-03-01T10:30:00.000Z", "prev": last}
        line, last = seal(event.model_copy(update=told).model_dump_json().encode()[:-1])
        lines.append(line)
    path.write_bytes(b"".join(lines))
