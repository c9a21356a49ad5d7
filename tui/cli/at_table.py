"""A person at the table who sees lines and types lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from delegates.acts_open import outcome_meant
from delegates.contract import View
from delegates.hall import Hall
from delegates.last_word import last_word
from delegates.persons.person import (
    Answer,
    AskAdvice,
    GuessAgain,
    HandOver,
    HaveStrike,
    PersonMove,
    Turn,
    too_much_said,
)
from delegates.text import clean, names_meant
from games.errors import Paused, SeatError
from games.moves import Pass
from games.point_words import tenths
from games.preparation import Sheet
from games.session import Accept, Move, Offer, WalkAway
from tui.cli.hall_commands import (
    act_in_hall,
    hall_shown,
    read_in_hall,
    verbs_open,
)
from tui.cli.issue_by_issue import settled
from tui.cli.sheet_questions import Questions, sheet_summary
from tui.cli.table_commands import (
    BETWEEN_MOVES,
    COMMANDS,
    HOW_NAMED,
    NO_MANDATE,
    Command,
    NotUnderstood,
    aids_of,
    commands_of,
    completed,
    only,
    read,
    request,
    terms_and_words,
    turns_of,
    words_after,
)
from tui.cli.typed_lines import Lines, Typed
from tui.text.home import home_now, mandate_lines, news_lines, shock_lines
from tui.text.seat import (
    briefing,
    hindrance,
    offer_lines,
    points_table,
    ratification_told,
    situation,
    talk_lines,
    worth_line,
)
from tui.text.wording import paragraph

_BOLD, _RESET = "\x1b[1m", "\x1b[0m"

MOVES = ("offer", "accept", "leave", "ai", "ask", "pass", "shock")
"""Commands that are not obeyed when typed before the turn had begun."""

QUIT = "you left the table for now"

HALF_TIME = (
    "Half time: what do you take the others to want by now? Type guess, or guess no. Nobody at the "
    "table learns of it."
)
"""Told at each turn until it is answered."""

NO_GUESSES = "Guesses are asked for at half time, once, of who filled in a preparation sheet."


@dataclass
class LinePerson:
    """Asks a person line by line; shows nothing but what their seat may know."""

    lines: Lines
    write: Callable[[str], None]
    """Writes a line."""
    prompt: Callable[[str], None]
    """Writes what stands before the cursor."""
    colour: bool = False
    party: str | None = None
    """The seat, once it is known."""
    words: str = ""
    """What is to be said with the next move."""
    shown: tuple[int, int] = (-1, 0)
    """The turn whose situation was shown last, and how much news there was by then."""
    advised: int = -1
    """The event of the advice that was shown last."""

    async def prepare(self, view: View) -> Sheet:
        """Return the preparation sheet that the person fills in, their brief before them.

        Raises:
            Paused: If there are no more lines, or the person quits.
        """
        self._sit_down(view)
        self.write("")
        sheet = await Questions(view, self.write, self._typed).sheet()
        empty = "Nothing was filled in, so you play without a sheet."
        self.write(paragraph(empty if sheet.is_empty else sheet_summary(sheet)))
        return sheet

    async def move(self, turn: Turn) -> Answer:
        """Return what the person wants to do now.

        Raises:
            Paused: If there are no more lines, or the person quits.
            SeatError: If a second seat is to be asked here.
        """
        self._sit_down(turn.view)
        if turn.problem is not None:
            self.write(f"That cannot be done: {turn.problem}.")
        if _moment(turn) != self.shown:
            self._show_situation(turn)
        if turn.advice is not None and turn.advice.n != self.advised:
            self._show_advice(turn)
        try:
            return await self._answer(turn)
        except asyncio.CancelledError:
            if turn.left_s() == 0:
                self.lines.forget()
                self.write("")
                self.write("Time is up.")
            raise

    async def _answer(self, turn: Turn) -> Answer:
        while True:
            try:
                typed = await self._typed(f"{turn.view.party}{_left(turn)}> ")
                answer = await self._obey(turn, _command(typed, turn))
            except NotUnderstood as problem:
                self.write(paragraph(str(problem)))
                continue
            if answer is not None:
                if isinstance(answer, HandOver | PersonMove):
                    self.words = ""
                return answer

    def wants_back(self, party: str) -> bool:
        """Return whether the person has asked for the seat that the stand-in holds.

        Raises:
            Paused: If the person quits.
        """
        del party
        while (typed := self.lines.ahead()) is not None:
            try:
                name = read(typed.text).name
            except NotUnderstood:
                name = ""
            if name not in ("back", "quit") and not self.lines.live:
                return False  # a script's next line is for the next turn that is the person's own
            self.lines.drop()
            if name == "back":
                return True
            if name == "quit":
                raise Paused(QUIT)
            self.write("(your stand-in moves; type back to have your next turn yourself)")
        return False

    def _sit_down(self, view: View) -> None:
        if self.party is None:
            self.party = view.party
            self.write("")
            title, *rest = briefing(view)
            self.write(self._bold(title))
            for line in rest:
                self.write(line)
            if view.history:
                self.write("")
                self._show(["What was done and said so far", *talk_lines(view)])
            if view.news:
                self.write("")
                self._show(["What happened between moves", *news_lines(view)])
            self.write("")
            self.write("Type help for what you can do here.")
        elif self.party != view.party:
            raise SeatError(
                f"seat {view.party}=human: {self.party} sits here already; expected one person at "
                "a terminal"
            )

    def _show_situation(self, turn: Turn) -> None:
        self.shown = _moment(turn)
        self.lines.begin_turn()
        title, *rest = situation(turn.view)
        self.write("")
        self.write(self._bold(title))
        self._show(rest)
        if turn.guesses_due:
            self.write("")
            self.write(paragraph(HALF_TIME))

    def _show_advice(self, turn: Turn) -> None:
        if turn.advice is not None:
            self.advised = turn.advice.n
            self.write(paragraph(f"The adviser: {clean(turn.advice.words)}"))

    def _show(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def _bold(self, text: str) -> str:
        return f"{_BOLD}{text}{_RESET}" if self.colour else text

    async def _typed(self, prompt: str) -> Typed:
        """Return the next line that can be used.

        Raises:
            NotUnderstood: If it cannot be read.
            Paused: If there are no more, or the person quits.
        """
        self.prompt(prompt)
        typed = await self.lines.next()
        if typed is None:
            self.write("")
            raise Paused("no more lines were typed, so you left the table for now")
        if not self.lines.live:
            self.write(typed.text)  # where nobody types, nothing else shows what was read
        if typed.problem is not None:
            raise NotUnderstood(typed.problem)
        if typed.text.casefold() == "quit":
            raise Paused(QUIT)
        return typed

    async def _obey(self, turn: Turn, command: Command) -> Answer | None:
        """Return the answer that a command is; None if it only shows something."""
        view = turn.view
        if command.name == "hint":
            return self._hint(turn)
        if command.name == "guess":
            return await self._guess(turn, command.rest)
        if view.hall is not None:
            return await self._in_hall(turn, view.hall, command)
        return await self._at_table(turn, command)

    async def _in_hall(self, turn: Turn, hall: Hall, command: Command) -> Answer | None:
        """Return the act of a hall that a command is; whatever else it is, as at a table."""
        view = turn.view
        if command.name == "offer" and not command.rest:
            return await self._offer(turn, "")
        found = act_in_hall(view, hall, command)
        if found is not None:
            move, words = found
            outcome = outcome_meant(view, move)
            falls_short = outcome is not None and view.own.falls_short(outcome)
            if outcome is None or not falls_short or await self._is_sure(turn, outcome):
                return self._said(move, words)
            return None
        shown = hall_shown(view, hall, command, _besides(turn))
        if shown is None:
            return await self._at_table(turn, command)
        self._show(shown)
        return None

    async def _at_table(self, turn: Turn, command: Command) -> Answer | None:
        view = turn.view
        match command.name:
            case "offer":
                return await self._offer(turn, command.rest)
            case "accept":
                return await self._accept(turn, words_after(command))
            case "leave":
                return await self._leave(turn, words_after(command))
            case "ai":
                return HandOver(turns_of(command.rest))
            case "ask":
                return PersonMove(request(view, command.rest))
            case "pass":
                return self._pass(view, words_after(command))
            case "shock":
                return _strike(turn, command.rest)
            case "quit":
                raise Paused(QUIT)
            case "say":
                self._say(command.rest.removeprefix(":").strip())
            case "worth":
                self._show_worth(view, command.rest)
            case _:
                self._show(self._shown(turn, command.name))
        return None

    def _shown(self, turn: Turn, what: str) -> list[str]:
        view = turn.view
        match what:
            case "table":
                if view.offer is None:
                    return ["Nothing is on the table."]
                return [*situation(view)[1:], *offer_lines(view, view.offer)]
            case "points":
                return points_table(view)
            case "brief":
                return briefing(view)
            case "talks":
                return talk_lines(view)
            case "time":
                return [_time(turn)]
            case "back":
                return ["You have your seat."]
            case "news":
                return news_lines(view)
            case "mandate":
                return [*mandate_lines(view), *ratification_told(view), *home_now(view)]
            case "shocks":
                return shock_lines(turn.shocks)
            case _:
                usages = (*COMMANDS.values(), *_besides(turn).values())
                return [*(f"  {usage}" for usage in usages), HOW_NAMED]

    def _say(self, words: str) -> None:
        problem = too_much_said(words)
        if problem is not None:
            raise NotUnderstood(f"{problem[0].upper()}{problem[1:]}.")
        if words:
            self.words = words
        if not self.words:
            raise NotUnderstood("say WORDS: what you say with your next move.")
        self.write(paragraph(f"With your next move you say: “{self.words}”"))

    def _show_worth(self, view: View, text: str) -> None:
        named = terms_and_words(view, text)[0]
        outcome, whence = completed(view, named) if named else (view.offer, None)
        if outcome is None:
            raise NotUnderstood("Nothing is on the table; name terms, as in: worth ISSUE=OPTION, …")
        self._show_rest(whence)
        self._show(offer_lines(view, outcome))
        problem = hindrance(view, outcome)
        if problem is not None:
            self.write(paragraph(f"You could not sign it: {problem}.", "  "))

    def _show_rest(self, whence: str | None) -> None:
        if whence is not None:
            self.write(f"(What you do not name is as in {whence}.)")

    async def _offer(self, turn: Turn, text: str) -> PersonMove | None:
        view = turn.view
        named, words = terms_and_words(view, text)
        if not text:
            outcome = await settled(view, self.write, self._typed, lambda: _left(turn))
            self._require_signable(view, outcome)
            sure = await self._is_sure(turn, outcome)
        else:
            outcome, whence = completed(view, named)
            self._show_rest(whence)
            self._require_signable(view, outcome)
            sure = not view.own.falls_short(outcome) or await self._is_sure(turn, outcome)
        told = last_word(view)
        if sure and told is not None:
            sure = await self._confirmed(turn, told)
        return self._said(Offer(outcome), words) if sure else None

    async def _accept(self, turn: Turn, words: str) -> PersonMove | None:
        view = turn.view
        if view.offer is None:
            raise NotUnderstood("Nothing is on the table to accept; make an offer.")
        self._require_signable(view, view.offer)
        sure = not view.own.falls_short(view.offer) or await self._is_sure(turn, view.offer)
        return self._said(Accept(), words) if sure else None

    def _pass(self, view: View, words: str) -> PersonMove:
        if view.mandate is None:
            raise NotUnderstood(NO_MANDATE)
        if not view.is_held:
            raise NotUnderstood("You pass only while your capital lets you sign nothing.")
        return self._said(Pass(), words)

    async def _leave(self, turn: Turn, words: str) -> PersonMove | None:
        without = tenths(turn.view.own.reservation)
        hall = turn.view.hall
        if hall is not None and hall.room is not None:
            sure = await self._confirmed(turn, "To leave this room settles nothing in it for you.")
            return self._said(WalkAway(), words) if sure else None
        sure = await self._confirmed(
            turn, f"To leave ends the talks for you, with the {without} points of no agreement."
        )
        return self._said(WalkAway(), words) if sure else None

    def _hint(self, turn: Turn) -> AskAdvice | None:
        if not turn.may_ask_advice:
            raise NotUnderstood("No hints in this session; play --hints allows them.")
        if turn.advice is None:
            self.write("The adviser looks at it …")
            return AskAdvice()
        self._show_advice(turn)
        return None

    async def _guess(self, turn: Turn, rest: str) -> GuessAgain:
        if not turn.guesses_due:
            raise NotUnderstood(NO_GUESSES)
        if rest and not "no".startswith(rest.casefold()):
            raise NotUnderstood("Type guess, or guess no.")
        if rest:
            return GuessAgain(Sheet())
        return GuessAgain(await Questions(turn.view, self.write, self._typed).guesses())

    def _said(self, move: Move, words: str) -> PersonMove:
        words = words or self.words
        problem = too_much_said(words)
        if problem is not None:
            raise NotUnderstood(f"{problem[0].upper()}{problem[1:]}.")
        return PersonMove(move, words)

    def _require_signable(self, view: View, outcome: int) -> None:
        problem = hindrance(view, outcome)
        if problem is not None:
            raise NotUnderstood(f"You cannot sign that: {problem}.")

    async def _is_sure(self, turn: Turn, outcome: int) -> bool:
        return await self._confirmed(turn, f"That is {worth_line(turn.view, outcome)}.")

    async def _confirmed(self, turn: Turn, warning: str) -> bool:
        self.write(paragraph(warning))
        typed = await self._typed(f"Type yes to do it{_left(turn)}> ")
        if typed.text.casefold() in ("yes", "y"):
            return True
        self.write("Nothing was done.")
        return False


def _moment(turn: Turn) -> tuple[int, int]:
    return turn.view.turn, len(turn.view.news)


def _besides(turn: Turn) -> dict[str, str]:
    """Return the commands for what happens between moves, and for what helps to learn."""
    aids = aids_of(hints=turn.may_ask_advice, guesses=turn.guesses_due)
    return {**commands_of(turn.view, has_shocks=bool(turn.shocks)), **aids}


def _strike(turn: Turn, typed: str) -> HaveStrike:
    names = [one.name for one in turn.shocks]
    over = [] if names_meant(typed, names) else names_meant(typed, turn.struck)
    if over:
        raise NotUnderstood(f"{over[0]} has struck already; a shock strikes once in a session.")
    if not names:
        raise NotUnderstood("There is nothing that could strike.")
    return HaveStrike(
        only("shock", typed, names, f"there {'are' if len(names) > 1 else 'is'} {', '.join(names)}")
    )


def _command(typed: Typed, turn: Turn) -> Command:
    """Return the command of a line, unless it is a move made before the turn could be seen."""
    view, besides = turn.view, _besides(turn)
    hall = view.hall
    if hall is None:
        command = read(typed.text, [*COMMANDS, *besides], BETWEEN_MOVES)
    else:
        command = read_in_hall(view, hall, typed.text, besides)
    acts = MOVES if hall is None else (*MOVES, *verbs_open(view))
    if typed.early and command.name in acts:
        raise NotUnderstood(
            f"{command.name} was typed before your turn and is not done: look at the table, then "
            "type it again."
        )
    return command


def _left(turn: Turn) -> str:
    left = turn.left_s()
    return "" if left is None else f" [{left:.0f} s left]"


def _time(turn: Turn) -> str:
    view, left = turn.view, turn.left_s()
    seconds = "no time limit" if left is None else f"{left:.0f} s left for this move"
    rounds = view.rounds - view.round - 1
    after = "this is the last" if rounds == 0 else f"{rounds} more after it"
    return f"Round {view.round + 1} of {view.rounds}, {after}; {seconds}."
