"""Pictures of the replay at the two sizes that must look right, on the fixed transcript."""

from pathlib import Path
from typing import Protocol

import pytest
from textual.pilot import Pilot

from tests.transcripts.test_golden import FOURTH
from tests.tui.recordings import TALKS, with_person
from tests.tui.replaying import SMALL, WIDE, settled
from tui.app import MinilateralApp, replay_app
from tui.replay import Recording


class Compare(Protocol):
    def __call__(
        self, app: MinilateralApp, *, terminal_size: tuple[int, int], run_before: object
    ) -> bool: ...


@pytest.mark.parametrize(
    "keys",
    [["f"], ["2", "f"], ["3", "f"], ["4", "a"], ["5"], ["question_mark"]],
    ids=["conversation", "agenda", "utilities", "outcomes", "referee", "help"],
)
def test_panel_in_a_small_terminal(snap_compare: Compare, keys: list[str]) -> None:
    assert snap_compare(
        replay_app(Recording(TALKS)), terminal_size=SMALL, run_before=pressing(keys)
    )


@pytest.mark.parametrize("keys", [["f"], ["a"]], ids=["midway", "agreed"])
def test_everything_in_a_large_terminal(snap_compare: Compare, keys: list[str]) -> None:
    assert snap_compare(replay_app(Recording(TALKS)), terminal_size=WIDE, run_before=pressing(keys))


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "large"])
def test_what_happens_between_moves(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = replay_app(Recording(FOURTH))
    assert snap_compare(app, terminal_size=size, run_before=pressing(["right"] * 8))


SIZES = {"small": SMALL, "middling": (120, 36), "large": (200, 60)}
THEMES = ("minilateral-dark", "minilateral-light")


def themed(app: MinilateralApp, theme: str, keys: list[str]):
    async def press(pilot: Pilot[None]) -> None:
        app.theme = theme
        await pressing(keys)(pilot)

    return press


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_what_all_sides_see(snap_compare: Compare, size: str, theme: str) -> None:
    app = replay_app(Recording(TALKS))
    keys = ["f", "slash", *"price", "enter"]
    assert snap_compare(app, terminal_size=SIZES[size], run_before=themed(app, theme, keys))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_what_one_party_sees(snap_compare: Compare, size: str, theme: str) -> None:
    app = replay_app(Recording(TALKS), "COD")
    keys = ["4", "f", "right", "right"]
    assert snap_compare(app, terminal_size=SIZES[size], run_before=themed(app, theme, keys))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["i", "question_mark"], ids=["record", "help"])
def test_what_opens_over_it(snap_compare: Compare, key: str, size: str, theme: str) -> None:
    app = replay_app(Recording(TALKS))
    assert snap_compare(app, terminal_size=SIZES[size], run_before=themed(app, theme, [key]))


def test_the_question_before_an_open_session_is_unsealed(
    snap_compare: Compare, tmp_path: Path
) -> None:
    app = replay_app(Recording(with_person(tmp_path / "t.jsonl", closes=False)))
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing(["s"]))


def test_everything_in_a_light_theme(snap_compare: Compare) -> None:
    app = replay_app(Recording(TALKS))

    async def light(pilot: Pilot[None]) -> None:
        app.theme = "minilateral-light"
        await pressing(["a"])(pilot)

    assert snap_compare(app, terminal_size=WIDE, run_before=light)


def pressing(keys: list[str]):
    async def press(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)

    return press
