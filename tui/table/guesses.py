"""Half time: what the counterparts are taken to want by now, asked once more."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input

from delegates.contract import View
from delegates.text import clean
from games.preparation import Guess, Sheet
from tui.nodes import app_of
from tui.text.brackets import short
from tui.text.seat import talk_lines
from tui.widgets.fitted import Text
from tui.widgets.ranking import RankingList

MOST = 6
"""Counterparts that are asked about, those first of whom the sheet held a guess."""


NEWEST = 4
"""Lines that are told of what the others did last."""


def newest_told(view: View) -> list[str]:
    """Return what was done and said last, in few lines."""
    talks = talk_lines(view)
    starts = [at for at, line in enumerate(talks) if line.startswith("Round ")]
    last = talks[starts[-1] :] if starts else talks[-NEWEST:]
    newest = [line.strip() for item in last for line in item.split("\n")]
    if len(newest) > NEWEST:
        newest = [*newest[:NEWEST], "…"]
    return newest


class GuessScreen(ModalScreen[Sheet | None]):
    """Asks what each counterpart has without agreement, and what weighs most for it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "Keep", key_display="^S"),
        Binding("escape", "close", "Skip"),
    ]

    def __init__(self, view: View, before: Sheet | None) -> None:
        """Ask.

        Args:
            view: Whose turn it is.
            before: What the preparation sheet held.
        """
        super().__init__()
        self._view = view
        self._before = {} if before is None else dict(before.guesses)
        others = [party for party in view.public.parties if party != view.party]
        self._others = sorted(others, key=lambda one: one not in self._before)[:MOST]

    def compose(self) -> ComposeResult:
        """Lay out a number and a ranking for each counterpart."""
        issues = {name: short(name, issue) for name, issue in self._view.public.issues.items()}
        with Vertical(classes="dialog form") as box:
            box.border_title = "Half time: what do they want, you think by now?"
            box.border_subtitle = "^S keeps it · Esc skips; g opens it again at half time"
            yield Text(
                "Nobody at the table learns of it; the review sets it against the truth.",
                classes="about",
            )
            yield Text(Content("\n".join(newest_told(self._view))), id="newest")
            with VerticalScroll(id="rows", can_focus=False):
                for party in self._others:
                    guess = self._before.get(party, Guess())
                    name = clean(self._view.public.parties[party].name)
                    yield Text(f"{name}: points without agreement", markup=False)
                    known = "" if guess.reservation is None else f"{guess.reservation:g}"
                    yield Input(known, name=party, placeholder="its own points", compact=True)
                    yield Text(
                        "what weighs most for it, first to last (shift+↑ ↓ moves)", markup=False
                    )
                    yield RankingList(issues, guess.ranking, name=party)
            yield Text(id="verdict")
            with Horizontal(classes="buttons"):
                yield Button(Content("Keep it (^S)"), id="send", compact=True)
                yield Button(Content("Skip (Esc)"), id="cancel", compact=True)

    def on_mount(self) -> None:
        """Begin with the first number."""
        self.query(Input).first().focus()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._read()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.focus_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "send":
            self.action_send()
        else:
            self.action_close()

    def action_send(self) -> None:
        """Keep what was guessed; nothing is kept of nothing, for it is asked once."""
        guesses = self._read()
        if guesses is None:
            app_of(self).bell()
        elif guesses:
            self.dismiss(Sheet(guesses=guesses))
        else:
            self._tell("Nothing is filled in yet. Esc skips; g opens it again at half time.")

    def _tell(self, problem: str) -> None:
        told = Content.assemble(("✗ ", "bold $error"), problem) if problem else Content("")
        self.query_one("#verdict", Text).update(told)

    def _read(self) -> dict[str, Guess] | None:
        """Return what was guessed, party by party; None, told in a line, if a number is none."""
        guesses: dict[str, Guess] = {}
        for party in self._others:
            typed = next(one for one in self.query(Input) if one.name == party).value.strip()
            ranking = next(one for one in self.query(RankingList) if one.name == party)
            try:
                value = float(typed) if typed else None
                guess = Guess(reservation=value, ranking=ranking.ranking)
            except ValueError:
                name = clean(self._view.public.parties[party].name)
                self._tell(f"{name}: {typed!r} is no number of points.")
                return None
            if guess != Guess():
                guesses[party] = guess
        self._tell("")
        return guesses

    def action_close(self) -> None:
        """Guess nothing."""
        self.dismiss(None)
