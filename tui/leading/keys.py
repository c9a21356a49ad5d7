"""The keys of whoever leads an exercise, and how to read their screens."""

from __future__ import annotations

from textual.binding import Binding

from tui.table.keys import BINDINGS as OF_TABLE

_SHARED = ("step", "newest", "first", "panel", "next_panel", "help", "close", "app.quit")

TRAINER_BINDINGS = (
    Binding("space", "pause", "pause", show=False),
    Binding("space", "go_on", "go on", show=False),
    Binding("i", "inject", "inject", show=False),
    Binding("x", "seat", "seat", show=False),
    Binding("l", "links", "links", show=False),
    Binding("D", "debriefs", "debriefs", show=False),
    Binding("v", "review", "review", show=False),
    Binding("r", "replay", "replay", show=False),
    *(one for one in OF_TABLE if one.action.partition("(")[0] in _SHARED),
)

TRAINER_KEYS = {
    "Space": "pause the session before its next move, or let it go on",
    "i": "have a shock strike before the next move: all that are left, whoever hears of them",
    "x": "hand a person's seat over to its stand-in, or give it back",
    "l": "the links of the seats: whoever has one plays there",
    "D": "once it has ended: the debriefs of all seats side by side",
    "v · r": "once it has ended: review, replay",
    "← → · k j": "look back at earlier moves; G or End is the newest",
    "1 – 4, Tab": "conversation, text, utilities, result",
    "Esc": "back to the tables, or stop hosting",
    "q": "stop hosting and quit; what happened is kept",
}

TABLES_KEYS = {
    "↑ ↓ · k j": "another table",
    "Enter": "watch and lead the table",
    "P": "pause every table before its next move, or let all go on",
    "l": "the links of the table's seats",
    "C": "once tables are over: the page that compares them",
    "Esc · q": "stop hosting; what happened is kept",
}

READING = {
    "● ○ ◐": "the person is there; is not; the stand-in moves for them.",
    "PAUSED": "No move is made and no clock runs. Whoever is asked can look and write; what they "
    "send is taken once the session goes on. A move that was under way is still made.",
    "Secrets": "You see every seat's private side. Let nobody read your screen who plays.",
}
