"""The form of an act: an offer issue by issue, and every other act with what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, ItemGrid, Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, SelectionList, TextArea
from textual.widgets.selection_list import Selection

from delegates.acts_open import OpenAct, Term, outcome_meant
from delegates.contract import View
from delegates.last_word import last_word
from delegates.persons.person import PersonMove, Turn, too_much_said
from delegates.text import MAX_WORDS_CHARACTERS, clean, one_line
from games.moves import Move
from games.outcomes import Option
from games.point_words import tenths
from tui.nodes import app_of
from tui.table.acts import (
    TERM_LABELS,
    WORDS,
    Given,
    built,
    fitting,
    options_of,
    problem_of,
    settled_levels,
    starting_points,
    term_text,
)
from tui.table.draft import Draft
from tui.table.keys import IN_FORMS, READING
from tui.table.selector import Selector, most_alike, rail_width
from tui.table.words_field import WordsField
from tui.table.worth import worth_bar
from tui.text.columns import width_of
from tui.text.labels import option_label
from tui.text.seat import giver_of, offer_lines, worth_line
from tui.text.wording import hung
from tui.widgets.dialogs import PapersScreen
from tui.widgets.fitted import Text
from tui.widgets.sure import SureScreen

_BEGINS = {
    "my prepared opening": "as prepared (^O)",
    "my last offer": "as last (^L)",
    "the text on the table": "as the text (^T)",
    "my best": "my best (^B)",
    "the advice": "as advised (^Y)",
}
"""What the buttons say that begin with another outcome."""

KEYS_OF_NONE = "F1 keys · Esc closes, all is kept"
KEYS_OF_ROWS = f"↑ ↓ row · ← → option · Tab words · {KEYS_OF_NONE}"
"""What a form's frame tells of its keys."""

_ON_TEXT = ("accept", "vote", "sign", "keep-silence", "break-silence")
"""Acts that are about the text on the table, which their form shows."""


class FormHelpScreen(PapersScreen):
    """Shows the keys of a form over it, and how to read what stands there."""

    def __init__(self) -> None:
        width = max(map(len, IN_FORMS)) + 2
        keys = [hung(f"{key:<{width}}", what) for key, what in IN_FORMS.items()]
        reading = [hung(f"{name}: ", what, "  ") for name, what in READING.items()]
        super().__init__({"Keys": [*keys, "", *reading]})


class MoveForm(ModalScreen[PersonMove | None]):
    """Has an act filled in; shows at every change what it would be worth, and what stands in its
    way."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "Do it", key_display="^S"),
        Binding("ctrl+t", "begin_with('the text on the table')", "Text on the table", show=False),
        Binding("ctrl+o", "begin_with('my prepared opening')", "My opening", show=False),
        Binding("ctrl+l", "begin_with('my last offer')", "My last offer", show=False),
        Binding("ctrl+b", "begin_with('my best')", "My best", show=False),
        Binding("ctrl+y", "begin_with('the advice')", "The advice", show=False),
        Binding("f1", "help", "Help", show=False),
        Binding("escape", "close", "Close"),
    ]

    is_paused: reactive[bool] = reactive(default=False, init=False)
    """Whether what is sent is taken later."""

    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (20, "-roomy"), (30, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        turn: Turn,
        act: OpenAct,
        draft: Draft,
        *,
        note: str = "",
        opening: Mapping[str, Option] | None = None,
        is_paused: bool = False,
    ) -> None:
        """Lay out the form of an act.

        Args:
            turn: What the person is asked.
            act: What is to be done, with its terms or options.
            draft: What was put into forms before; it is written to as the person goes.
            note: Why the person is here again, if they are.
            opening: What they prepared to open with.
            is_paused: Whether what is sent is taken later.
        """
        super().__init__()
        self.set_reactive(MoveForm.is_paused, is_paused)
        view = turn.view
        self._view, self._act, self._draft, self._note = view, act, draft, note
        self._made = draft.made
        self._begins = starting_points(view, turn.advice, opening)
        if act.options:
            if set(draft.levels) != set(act.options):
                draft.levels = fitting(view, act, next(iter(self._begins.values()), None))
            self._keep_to_what_is_open()
        self._asking = False

    def _keep_to_what_is_open(self) -> None:
        """Put right what the draft holds of issues that are not open any more."""
        for name, options in self._act.options.items():
            texts = self._view.public.issues[name].texts
            if texts[self._draft.levels[name]] not in options:
                self._draft.levels[name] = texts.index(options[0])

    def compose(self) -> ComposeResult:
        """Lay out the rows, what they come to, the words and the buttons."""
        words = WORDS[self._act.act]
        with Vertical(classes="dialog form") as box:
            self._tell_frame(box)
            if words.about:
                yield Text(words.about, classes="about", markup=False)
            with VerticalScroll(id="rows", can_focus=False):
                yield from self._rows()
                if self._act.act in _ON_TEXT and self._view.offer is not None:
                    told = "\n".join(offer_lines(self._view, self._view.offer)[:-1])
                    yield Text(told, classes="terms", markup=False)
            yield Text(id="detail")
            yield Text(id="verdict")
            with Horizontal(id="saying"):
                yield Text("say ", classes="label")
                yield WordsField(
                    self._draft.words,
                    id="words",
                    compact=True,
                    placeholder="your words, or nothing: then your seat's voice finds them",
                )
            with Horizontal(classes="buttons"):
                yield Button(Content(f"{words.button} (^S)"), id="send", compact=True)
                yield Button(Content("Cancel (Esc)"), id="cancel", compact=True)
            if self._act.options:
                with ItemGrid(min_column_width=18, max_column_width=19, classes="begins"):
                    yield from self._begin_buttons()

    def _begin_buttons(self) -> Iterator[Button]:
        for name in self._begins:
            yield Button(Content(_BEGINS[name]), name=name, classes="begin", compact=True)

    def _rows(self) -> Iterator[Selector | SelectionList[str]]:
        issues = self._view.public.issues
        labels = {name: one_line(issues[name].label) or name for name in self._act.options}
        rails = [rail_width(self._labels_of(name)) for name in self._act.options]
        for name in self._act.options:
            yield self._issue_row(name, labels, max(rails))
        for name, term in self._act.terms.items():
            yield from self._term_row(name, term)

    def _labels_of(self, name: str) -> list[str]:
        """Return what the open options of an issue are called."""
        issue = self._view.public.issues[name]
        return [
            option_label(issue.options[issue.texts.index(one)]) for one in self._act.options[name]
        ]

    def _issue_row(self, name: str, labels: Mapping[str, str], widest: int) -> Selector:
        issue, options = self._view.public.issues[name], self._act.options[name]
        worths = self._view.private.points[name]
        chosen = options.index(issue.texts[self._draft.levels[name]])
        text = None if self._view.offer is None else settled_levels(self._view, self._view.offer)
        marked = None
        if text is not None and issue.texts[text[name]] in options:
            marked = options.index(issue.texts[text[name]])
        row = Selector(
            name,
            labels[name],
            self._labels_of(name),
            chosen=chosen,
            marked=marked,
            notes=[tenths(worths[option]) for option in options],
            label_width=max(12, *map(width_of, labels.values())) + 1,
            rail_width=widest,
            alike=most_alike(labels[name], [labels[one] for one in labels if one != name]),
        )
        row.disabled = len(options) == 1
        return row

    def _term_row(self, name: str, term: Term) -> Iterator[Selector | SelectionList[str]]:
        kept = self._draft.terms.setdefault(self._act.act, {})
        if term.is_list:
            before = kept.get(name)
            chosen = before if isinstance(before, tuple) else ()
            box = SelectionList[str](
                *(
                    Selection(Content(term_text(self._view, name, one)), str(one), one in chosen)
                    for one in term.choices
                ),
                name=name,
                compact=True,
            )
            box.border_title = f"{TERM_LABELS[name]} ({_how_many(term)}; space chooses)"
            yield box
            return
        choices = self._choices(term)
        if name not in kept or kept[name] not in choices:
            kept[name] = choices[0] if choices else None
        yield Selector(
            name,
            TERM_LABELS[name],
            [term_text(self._view, name, one) for one in choices],
            chosen=choices.index(kept[name]) if choices else 0,
            label_width=16,
        )

    def _choices(self, term: Term) -> tuple[str | bool | None, ...]:
        if term.choices:
            return term.choices
        issue = self._draft.terms[self._act.act].get("issue")
        return options_of(self._view, self._act.act, str(issue))

    def watch_is_paused(self) -> None:
        """Tell whether what is sent is taken later."""
        for box in self.query(".form"):
            self._tell_frame(box)

    def _tell_frame(self, box: Widget) -> None:
        """Tell on the frame, where it takes no room, what the form is and whether it waits."""
        title = WORDS[self._act.act].title
        closes = KEYS_OF_ROWS if self._act.options or self._act.terms else KEYS_OF_NONE
        if self.is_paused:
            mark = (" PAUSED ", "bold $background on $warning")
            box.border_title = Content.assemble(title, " ", mark)
            box.border_subtitle = f"taken once it goes on · {KEYS_OF_NONE}"
        else:
            box.border_title, box.border_subtitle = title, closes

    def on_mount(self) -> None:
        """Begin in the first row, or at the button where there is none."""
        rows = [row for row in self.query("Selector, SelectionList") if not row.disabled]
        (rows[0] if rows else self.query_one("#send")).focus()
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Fit what is told to the width."""
        self.call_after_refresh(self._show)

    @on(Selector.Changed)
    def _changed(self, event: Selector.Changed) -> None:
        row = event.selector
        if self._is_done:
            return
        if row.topic in self._act.options:
            option = self._act.options[row.topic][row.chosen]
            texts = self._view.public.issues[row.topic].texts
            self._draft.levels[row.topic] = texts.index(option)
        else:
            self._take_term(row)
        self._show()

    @property
    def _is_done(self) -> bool:
        """Whether the move has been made: keys that were pressed before still come in then."""
        return self._draft.made != self._made

    def _take_term(self, row: Selector) -> None:
        kept = self._draft.terms[self._act.act]
        choices = self._choices(self._act.terms[row.topic])
        kept[row.topic] = choices[row.chosen] if choices else None
        if row.topic == "issue" and "option" in self._act.terms:
            options = options_of(self._view, self._act.act, str(kept["issue"]))
            kept["option"] = options[0] if options else None
            for other in self.query(Selector):
                if other.topic == "option":
                    other.set_options(options)

    @on(SelectionList.SelectedChanged)
    def _chosen(self, event: SelectionList.SelectedChanged[str]) -> None:
        if self._is_done:
            return
        name = event.selection_list.name or ""
        chosen = set(event.selection_list.selected)
        order = [str(one) for one in self._act.terms[name].choices]
        self._draft.terms[self._act.act][name] = tuple(one for one in order if one in chosen)
        self._show()

    @on(TextArea.Changed)
    def _worded(self, event: TextArea.Changed) -> None:
        if self._is_done:
            return
        self._draft.words = event.text_area.text
        self._show()

    @on(Selector.Focused)
    def _reached(self, event: Selector.Focused) -> None:
        self._tell_detail(event.selector)

    def _tell_detail(self, row: Selector) -> None:
        """Tell what every option of the row that was reached is worth."""
        detail = self.query_one("#detail", Text)
        name = row.topic
        if name not in self._act.options:
            detail.update(Content(""))
            return
        issue, worths = self._view.public.issues[name], self._view.private.points[name]
        unit = f", {one_line(issue.unit)}" if issue.unit else ""
        owed = f" (from {one_line(giver)})" if (giver := giver_of(self._view, name)) else ""
        told = " · ".join(f"{one_line(option)}: {tenths(worths[option])}" for option in issue.texts)
        detail.update(Content.styled(f"{clean(issue.label)}{unit}{owed} – {told}", "$muted"))

    def _terms(self) -> dict[str, Given]:
        return dict(self._draft.terms.get(self._act.act, {})) if self._act.terms else {}

    def _move(self) -> tuple[Move | None, str | None]:
        """Return the move that the form comes to, and what is wrong with it."""
        terms = self._terms()
        for name, term in self._act.terms.items():
            chosen = terms.get(name)
            if term.is_list:
                count = len(chosen) if isinstance(chosen, tuple) else 0
                if not term.least <= count <= term.most:
                    return None, f"{TERM_LABELS[name]}: choose {_how_many(term)}"
                terms.setdefault(name, ())
        move = built(self._view, self._act.act, self._draft.levels, terms)
        problem = problem_of(self._view, move) or too_much_said(self._draft.words)
        if problem is None and self._act.act == "ask-capital" and one_line(self._draft.words):
            problem = "what is asked of a capital nobody hears; say nothing with it"
        return move, problem

    def _show(self, *, is_refused: bool = False) -> None:
        if not self.is_attached or self._is_done:
            return
        move, problem = self._move()
        lines: list[Content] = []
        outcome = None if move is None else outcome_meant(self._view, move)
        if outcome is None and move is not None and self._act.act == "merge":
            outcome = getattr(move, "outcome", None)
        if outcome is not None:
            width = max(min(app_of(self).size.width - 56, 40), 12)
            lines.append(worth_bar(self._view, outcome, width))
            lines.append(Content.styled(f"{_beside(self._view, outcome)}", "$muted"))
        if self._unanswered is not None:
            lines.append(Content.assemble(("! ", "bold $warning"), self._unanswered))
        if problem is not None:
            told = (f"Not sent: {problem}.", "bold $error") if is_refused else f"{problem}."
            lines.append(Content.assemble(("✗ ", "bold $error"), told))
        elif self._note:
            lines.append(Content.assemble(("! ", "bold $warning"), self._note))
        length = len(one_line(self._draft.words))
        if length > MAX_WORDS_CHARACTERS // 2:
            lines.append(Content.styled(f"{length} of {MAX_WORDS_CHARACTERS} characters", "$muted"))
        self.query_one("#verdict", Text).update(Content("\n").join(lines))

    @on(WordsField.Sent)
    def _sent(self) -> None:
        self.action_send()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "send":
                self.action_send()
            case "cancel":
                self.action_close()
            case _:
                self.action_begin_with(event.button.name or "")

    def action_begin_with(self, name: str) -> None:
        """Put another outcome into the rows."""
        outcome = self._begins.get(name)
        if outcome is None or not self._act.options or self._is_done:
            return
        self._draft.levels = fitting(self._view, self._act, outcome)
        for row in self.query(Selector):
            issue = self._view.public.issues[row.topic]
            options = self._act.options[row.topic]
            row.chosen = options.index(issue.texts[self._draft.levels[row.topic]])
        self._show()

    def action_send(self) -> None:
        """Make the move, once nothing stands in its way and the person is sure."""
        if self._is_done:
            return
        move, problem = self._move()
        if move is None or problem is not None:
            app_of(self).bell()
            self._show(is_refused=True)
            return
        answer = PersonMove(move, one_line(self._draft.words))
        outcome = outcome_meant(self._view, move)
        warning = self._warning(outcome)
        if warning is None:
            self.dismiss(answer)
        elif not self._asking:
            self._asking = True
            button = WORDS[self._act.act].button
            app_of(self).push_screen(
                SureScreen(warning, button, "Not now", title="Are you sure?"),
                lambda sure: self._is_sure(answer, sure=bool(sure)),
            )

    def _warning(self, outcome: int | None) -> str | None:
        view = self._view
        if self._act.act == "walk-away":
            if view.hall is not None and view.hall.room is not None:
                return "To leave this room settles nothing in it for you."
            without = tenths(view.own.reservation)
            return f"To leave ends the talks for you, with the {without} points of no agreement."
        told: list[str] = []
        if outcome is not None and view.own.falls_short(outcome):
            told.append(f"That is {worth_line(view, outcome)}.")
        if self._unanswered is not None:
            told.append(self._unanswered)
        return " ".join(told) or None

    @property
    def _unanswered(self) -> str | None:
        """What must be known before an offer that nobody may answer; None elsewhere."""
        return last_word(self._view) if self._act.act == "offer" else None

    def _is_sure(self, answer: PersonMove, *, sure: bool) -> None:
        self._asking = False
        if sure:
            self.dismiss(answer)

    def action_help(self) -> None:
        """Show the keys of forms."""
        app_of(self).push_screen(FormHelpScreen())

    def action_close(self) -> None:
        """Close the form; the draft keeps what it held."""
        self.dismiss(None)


def _how_many(term: Term) -> str:
    if term.least == term.most:
        return f"{term.least}"
    return f"{term.least} to {term.most}"


def _beside(view: View, outcome: int) -> str:
    """Return how an outcome compares with the text on the table."""
    text = view.offer
    if text is None:
        return "nothing is on the table yet"
    if text == outcome:
        return "the text on the table as it stands"
    old, new = (view.public.space.levels_of(one) for one in (text, outcome))
    changed = sum(was != now for was, now in zip(old, new, strict=True))
    gain = view.own.utility(outcome) - view.own.utility(text)
    differ = "issue differs" if changed == 1 else "issues differ"
    return f"{gain:+.1f} against the text on the table; {changed} {differ}"
