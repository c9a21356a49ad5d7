"""Colours that stay apart on every terminal."""

import pytest
from rich.color import Color, ColorSystem
from textual.theme import Theme

from tui.themes import DARK, DARK_16, LIGHT_16, THEMES, theme_for

PARTIES = tuple(f"party-{number}" for number in range(6))


def sixteen(colour: str | None) -> int | None:
    """Return which of sixteen colours a terminal that has no more shows for one."""
    assert colour is not None
    return Color.parse(colour).downgrade(ColorSystem.STANDARD).number


@pytest.mark.parametrize("theme", [DARK_16, LIGHT_16], ids=lambda theme: theme.name)
def test_on_sixteen_colours_parties_differ_and_words_are_seen(theme: Theme) -> None:
    shown = {name: sixteen(colour) for name, colour in theme.variables.items()}
    assert len({shown[name] for name in PARTIES}) == len(PARTIES)
    ground = sixteen(theme.background)
    for name in (*PARTIES, "muted", "faint", "agreed", "here"):
        assert shown[name] != ground, name
    for colour in (theme.foreground, theme.primary, theme.error, theme.warning, theme.success):
        assert sixteen(colour) not in (ground, shown["here"], shown["faint"])
    for name in PARTIES:
        assert shown[name] not in (shown["here"], shown["muted"], shown["faint"])


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_theme_names_the_same_colours(theme: Theme) -> None:
    assert theme.variables.keys() == DARK.variables.keys()


@pytest.mark.parametrize(
    ("system", "name"),
    [("standard", DARK_16.name), ("256", DARK.name), ("truecolor", DARK.name), (None, DARK.name)],
)
def test_the_theme_fits_the_terminal(system: str | None, name: str) -> None:
    assert theme_for(system) == name
