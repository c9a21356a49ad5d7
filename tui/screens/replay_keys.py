"""The keys of the replay."""

from __future__ import annotations

from textual.binding import Binding, BindingType

PANELS = {
    "conversation": "Conversation",
    "agenda": "Agenda",
    "utilities": "Utilities",
    "outcomes": "Outcomes",
    "referee": "Referee",
}
"""The panels by their ids, in the order of their keys 1 to 5."""

_STEP = Binding.Group("step", compact=True)
_ROUND = Binding.Group("round", compact=True)

REPLAY_KEYS: list[BindingType] = [
    Binding("left", "step(-1)", "Back", key_display="←", group=_STEP),
    Binding("right", "step(1)", "On", key_display="→", group=_STEP),
    Binding("h,k,up", "step(-1)", "Back", show=False),
    Binding("l,j,down", "step(1)", "On", show=False),
    Binding("left_square_bracket", "round(-1)", "Round back", key_display="[", group=_ROUND),
    Binding("right_square_bracket", "round(1)", "Round on", key_display="]", group=_ROUND),
    Binding("g,home", "go_to(1)", "First", show=False),
    Binding("G,end", "last", "Last", show=False),
    Binding("a", "agreement", "Agreement", show=False),
    Binding("f", "next_trouble(1)", "Next fallback", show=False),
    Binding("F", "next_trouble(-1)", "Fallback before", show=False),
    Binding("x", "next_news(1)", "Next shock or instruction", show=False),
    Binding("X", "next_news(-1)", "Shock or instruction before", show=False),
    Binding("slash", "ask('search')", "search", key_display="/"),
    Binding("n", "next_hit(1)", "Next found", show=False),
    Binding("N", "next_hit(-1)", "Found before", show=False),
    Binding("colon", "ask('go')", "Go to move", show=False),
    Binding("pageup", "step(-10)", "Page back", show=False),
    Binding("pagedown", "step(10)", "Page on", show=False),
    Binding("less_than_sign", "leap(-1)", "A tenth back", show=False),
    Binding("greater_than_sign", "leap(1)", "A tenth on", show=False),
    *(
        Binding(str(number), f"panel('{panel}')", name, show=False)
        for number, (panel, name) in enumerate(PANELS.items(), start=1)
    ),
    Binding("tab", "next_panel(1)", "panel", key_display="1–5"),
    Binding("shift+tab", "next_panel(-1)", "Panel before", show=False),
    Binding("o", "next_pair", "Other pair", show=False),
    Binding("s", "next_view(1)", "view"),
    Binding("S", "next_view(-1)", "View before", show=False),
    Binding("t", "next_scale", "Moves, rounds or time", show=False),
    Binding("p", "prompts", "prompt"),
    Binding("i", "chain", "The record", show=False),
    Binding("T", "try_again", "Try again from here", show=False),
    Binding("C", "compare", "Beside the session it branched off", show=False),
    Binding("v", "review", "review"),
    Binding("A", "analyse", "Analysis", show=False),
    Binding("H", "app.home", "Home", show=False),
    Binding("question_mark", "app.push_screen('help')", "help", key_display="?"),
    Binding("escape", "back", "Back", show=False),
    Binding("q", "app.quit", "quit"),
]
"""What each key does; those that the footer tells come first."""
