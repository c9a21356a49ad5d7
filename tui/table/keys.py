"""The keys of the table, and how to read it."""

from __future__ import annotations

from textual.binding import Binding

RESULT_PANEL = 4
"""The number of the panel that is there once the session is over."""

BINDINGS = (
    # What the row of chips above the line of keys shows is not said there again.
    Binding("v", "review", "review", show=False),
    Binding("r", "replay", "replay", show=False),
    Binding("o", "act('offer')", "offer", show=False),
    Binding("a", "act('accept')", "accept", show=False),
    Binding("w", "act('walk-away')", "walk away", show=False),
    Binding("p", "act('pass')", "pass", show=False),
    Binding("c", "act('ask-capital')", "ask capital", show=False),
    Binding("m", "menu", "acts"),
    Binding("s", "say", "say", show=False),
    Binding("i", "advice", "advice", show=False),
    Binding("g", "guess", "guess again", show=False),
    Binding("t", "shock", "shock", show=False),
    Binding("d", "delegate", "hand over", show=False),
    Binding("d", "take_back", "take back", show=False),
    Binding("b", "papers", "brief"),
    Binding("n", "papers('News')", "news", show=False),
    Binding("u", "undo", "undo", show=False),
    Binding("A", "analyse", "analysis", show=False),
    Binding("T", "try_again", "try again", show=False),
    Binding("C", "compare", "both futures", show=False),
    Binding("c", "carry_on", "carry on", show=False),
    Binding("H", "home", "home", show=False),
    Binding("left,k,up", "step(-1)", "Move back", show=False),
    Binding("right,j,down", "step(1)", "Move on", show=False),
    Binding("pageup", "step(-10)", "Page back", show=False),
    Binding("pagedown", "step(10)", "Page on", show=False),
    Binding("G,end", "newest", "Newest move", show=False),
    Binding("home", "first", "First move", show=False),
    Binding("1", "panel(1)", "panels", key_display="1–3"),
    *(Binding(str(number), f"panel({number})", show=False) for number in (2, 3)),
    Binding("4", f"panel({RESULT_PANEL})", "result"),
    Binding("tab", "next_panel(1)", "Next panel", show=False),
    Binding("shift+tab", "next_panel(-1)", "Panel before", show=False),
    Binding("question_mark", "help", "help", key_display="?"),
    Binding("escape", "close", "leave", show=False),
    Binding("q", "app.quit", "quit"),
)

KEYS = {
    "o": "make an offer, issue by issue; in a hall what the text should read",
    "a": "accept the offer on the table",
    "w": "walk away",
    "p · c": "pass · ask your capital, where you have a mandate",
    "m": "every act that is open to you now",
    "s": "write what you say with your next move",
    "i": "ask the adviser, where hints are allowed",
    "g": "guess again at half time what the others want",
    "t": "have a shock strike, where the scenario has any",
    "d": "hand your seat over to the stand-in, and take it back",
    "b · n": "your brief, points, talks, news and mandate · the news",
    "u": "take back your last move: a branch begins before it, nothing is rewritten",
    "← → · k j": "look back at earlier moves; G or End is the newest",
    "1 – 4, Tab": "conversation, text, utilities; the result, once it is over",
    "v r A T H": "once it is over: review, replay, analysis, try again from a move, home",
    "C": "once a branch is over: both futures side by side",
    "c": "once it has stopped: carry on",
    "Esc": "leave the table, back to the screen before; what happened is kept",
    "q": "leave the table and quit the program; what happened is kept",
}
"""What each key does."""

IN_FORMS = {
    "↑ ↓ · ← →": "another row · another option; click an option to choose it",
    "^T ^L ^B": "begin with the text on the table, your last offer, your best",
    "^O ^Y": "begin with the opening you prepared, with the advice",
    "Tab": "the words, then the buttons",
    "Enter": "in the words: do it",
    "^S": "do it",
    "F1": "these keys",
    "Esc": "close the form; what you wrote is kept",
}
"""What the keys of a form do."""

READING = {
    "The text": "▸ is what the text on the table has. What is disputed stands in brackets with who "
    "asks for it; ✓ is asked by all.",
    "Offer form": "it begins with your last offer; before the first with your prepared opening, "
    "else with the text on the table, else with what is best for you.",
    "Bar of worth": "from the least an outcome can bring you to the most you could sign; ┃ is your "
    "reservation value, what you have without agreement.",
    "Words in grey": "are being written by a model and may still change; the move replaces them.",
    "Mouse": "click what can be done, a tab, an option, or a move.",
}
"""How to read the table."""
