"""Colours: themes dark and light, for many colours and for sixteen, and what each must name."""

from __future__ import annotations

from textual.theme import Theme

DARK_VARIABLES = {
    "party-0": "#6aa5ff",
    "party-1": "#f0a860",
    "party-2": "#74c991",
    "party-3": "#d194dd",
    "party-4": "#58c7d4",
    "party-5": "#ee8087",
    "muted": "#8f9bb0",
    "faint": "#46536a",
    "agreed": "#f5d76e",
    "here": "#1a2438",
}
"""Party colours, quiet text, the cloud of outcomes, an agreement's mark, the current move."""

LIGHT_VARIABLES = {
    "party-0": "#1d4fc4",
    "party-1": "#a3520a",
    "party-2": "#1c7a3e",
    "party-3": "#8d3a9c",
    "party-4": "#0d6b80",
    "party-5": "#b03030",
    "muted": "#5a6577",
    "faint": "#aab4c4",
    "agreed": "#8a6100",
    "here": "#d5e2fb",
}

DARK = Theme(
    name="minilateral-dark",
    dark=True,
    primary="#6aa5ff",
    secondary="#3f5f92",
    accent="#f5d76e",
    warning="#f0a860",
    error="#ee8087",
    success="#74c991",
    foreground="#d9dfea",
    background="#10141b",
    surface="#151a23",
    panel="#1c2431",
    variables={**DARK_VARIABLES, "footer-key-foreground": "#6aa5ff"},
)

LIGHT = Theme(
    name="minilateral-light",
    dark=False,
    primary="#1d4fc4",
    secondary="#7f99cc",
    accent="#8a6100",
    warning="#a3520a",
    error="#b03030",
    success="#1c7a3e",
    foreground="#1b2330",
    background="#f4f6f9",
    surface="#fbfcfd",
    panel="#e4e9f0",
    variables={**LIGHT_VARIABLES, "footer-key-foreground": "#1d4fc4"},
)


DARK_16 = Theme(
    name="minilateral-dark-16",
    dark=True,
    primary="#55ffff",
    secondary="#5555ff",
    accent="#ffff55",
    warning="#aa5500",
    error="#ff5555",
    success="#55ff55",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    variables={
        "party-0": "#55ffff",
        "party-1": "#aa5500",
        "party-2": "#55ff55",
        "party-3": "#ff55ff",
        "party-4": "#00aaaa",
        "party-5": "#ff5555",
        "muted": "#aaaaaa",
        "faint": "#555555",
        "agreed": "#ffff55",
        "here": "#0000aa",
        "footer-key-foreground": "#55ffff",
    },
)
"""For terminals of sixteen colours: these very ones, so that none is taken for another. Nearest to
the quiet colours of the dark theme would be one and the same white for half of the parties."""

LIGHT_16 = Theme(
    name="minilateral-light-16",
    dark=False,
    primary="#0000aa",
    secondary="#00aaaa",
    accent="#aa00aa",
    warning="#aa5500",
    error="#aa0000",
    success="#00aa00",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#ffffff",
    variables={
        "party-0": "#0000aa",
        "party-1": "#aa5500",
        "party-2": "#00aa00",
        "party-3": "#aa00aa",
        "party-4": "#00aaaa",
        "party-5": "#aa0000",
        "muted": "#555555",
        "faint": "#aaaaaa",
        "agreed": "#aa00aa",
        "here": "#aaaaaa",
        "footer-key-foreground": "#0000aa",
    },
)

THEMES = (DARK, LIGHT, DARK_16, LIGHT_16)
"""The app's own themes."""


def theme_for(colour_system: str | None) -> str:
    """Return the name of the theme to begin with on a terminal of so many colours."""
    return DARK_16.name if colour_system == "standard" else DARK.name


def variable_defaults(*, dark: bool) -> dict[str, str]:
    """Return this app's colours for a theme that does not name them."""
    return DARK_VARIABLES if dark else LIGHT_VARIABLES
