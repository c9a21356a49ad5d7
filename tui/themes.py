"""Colours: a dark and a light theme, and what every theme must name for this app."""

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


def variable_defaults(*, dark: bool) -> dict[str, str]:
    """Return this app's colours for a theme that does not name them."""
    return DARK_VARIABLES if dark else LIGHT_VARIABLES
