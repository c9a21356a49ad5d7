"""The preparation sheet asked line by line; whatever is left empty is left open."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from delegates.contract import View
from delegates.text import clean, names_meant
from games.naming import called
from games.outcomes import Option, option_text
from games.point_words import tenths
from games.preparation import Guess, Points, Sheet, Trade
from tui.cli.table_commands import NotUnderstood, issue_meant, only, terms
from tui.cli.typed_lines import Typed
from tui.text.seat import hindrance, worth_line
from tui.text.wording import paragraph

T = TypeVar("T")

MOST_ASKED = 4
"""Counterparts up to which all are asked about; of more it is asked first about whom."""

MOST_GUESSED = 12
"""Counterparts that are asked about at most."""

_EXCHANGE = "Your first exchange? The issue you yield on, then the one you want more of"
_APART = "Name them apart by commas, the weightiest first."

_ENTER = "Enter leaves a question open, stop all that follow."

_POINTS: TypeAdapter[float] = TypeAdapter(Points)


class Enough(Exception):  # noqa: N818 - nothing is wrong
    """Raised when a person would rather answer no more questions."""


@dataclass(frozen=True)
class Questions:
    """Asks one person, one question at a time."""

    view: View
    write: Callable[[str], None]
    """Writes a line."""
    typed: Callable[[str], Awaitable[Typed]]
    """Returns what is typed behind a prompt.

    Raises `NotUnderstood` if it cannot be read, `Paused` if the person leaves.
    """

    async def sheet(self) -> Sheet:
        """Return the preparation sheet as far as it was filled in.

        Raises:
            Paused: If the person leaves.
        """
        self.write(
            paragraph(
                "Before the first move: your preparation sheet. Nobody at the table sees it; the "
                f"review sets it against the truth and against what you did. {_ENTER}"
            )
        )
        self.write("")
        found = Sheet()
        questions = (
            ("reservation", "What is no agreement worth to you, in points?", _number),
            ("target", "What do you mean to reach, in points?", _number),
            ("walk_away", "Below how many points will you leave rather than sign?", _number),
            ("ranking", f"{self._which_issues()} matter most to you? {_APART}", self._ranking),
            ("opening", f"Your first offer? As in: {self._example()}", self._opening),
            ("trade", f"{_EXCHANGE}, as in: {self._exchange()}", self._trade),
        )
        try:
            for field, question, parse in questions:
                answer = await self._answer(question, field.replace("_", "-"), parse)
                if answer is not None:
                    found = found.model_copy(update={field: answer})
            guesses = await self._guesses()
        except Enough:
            return found
        return found.model_copy(update={"guesses": guesses})

    async def guesses(self) -> Sheet:
        """Return what is guessed at half time.

        Raises:
            Paused: If the person leaves.
        """
        self.write(paragraph(f"What do you take the others to want by now? {_ENTER}"))
        return Sheet(guesses=await self._guesses())

    async def _guesses(self) -> dict[str, Guess]:
        found: dict[str, Guess] = {}
        try:
            for party in await self._asked_about():
                name = called(clean(self.view.public.parties[party].name))
                question = f"What is no agreement worth to {name}, in its own points?"
                value = await self._answer(question, f"{party} reservation", _number)
                if value is not None:
                    found[party] = Guess(reservation=value)
                question = f"{self._which_issues()} matter most to {name}? {_APART}"
                ranking = await self._answer(question, f"{party} ranking", self._ranking)
                if ranking is not None:
                    found[party] = found.get(party, Guess()).model_copy(update={"ranking": ranking})
        except Enough:
            pass
        return found

    async def _asked_about(self) -> tuple[str, ...]:
        others = tuple(party for party in self.view.public.parties if party != self.view.party)
        if len(others) <= MOST_ASKED:
            return others
        question = f"About whom do you guess? Up to {MOST_GUESSED}, apart by commas"
        return await self._answer(question, "whom", self._parties) or ()

    async def _answer(self, question: str, prompt: str, parse: Callable[[str], T]) -> T | None:
        """Return the answer to a question, asked until it is understood; None if it is left open.

        Raises:
            Enough: If the person stops.
        """
        self.write(paragraph(question, "  "))
        while True:
            try:
                typed = (await self.typed(f"  {prompt}> ")).text.strip()
                if typed.casefold() == "stop":
                    raise Enough
                return parse(typed) if typed else None
            except NotUnderstood as problem:
                self.write(paragraph(str(problem), "    "))

    def _which_issues(self) -> str:
        return f"Which of {', '.join(self.view.public.issues)}"

    def _example(self) -> str:
        """Return a whole offer that crosses none of the seat's red lines: neither its best nor its
        worst, so that it suggests nothing."""
        view = self.view
        order = view.own.ranking[0]
        from_middle = (int(one) for one in order[len(order) // 2 :])
        found = next((one for one in from_middle if hindrance(view, one) is None), None)
        outcome = view.public.space.outcome(int(order[-1]) if found is None else found)
        return ", ".join(f"{name}={option_text(option)}" for name, option in outcome.items())

    def _exchange(self) -> str:
        first, *others = self.view.public.issues
        return f"{first} for {others[-1]}" if others else "ISSUE for ISSUE"

    def _ranking(self, text: str) -> tuple[str, ...]:
        """Return issues as they were typed, the weightiest first."""
        found = [
            issue_meant(self.view, part.strip())
            for part in re.split(r"[,;>]", text)
            if part.strip()
        ]
        if len(set(found)) < len(found):
            raise NotUnderstood("An issue is named twice; name each once, the weightiest first.")
        return tuple(found)

    def _parties(self, text: str) -> tuple[str, ...]:
        parties = self.view.public.parties
        others = {party: clean(one.name) for party, one in parties.items()}
        del others[self.view.party]
        by_name = {name: party for party, name in others.items()}
        found: list[str] = []
        for part in (one.strip() for one in text.split(",") if one.strip()):
            named = names_meant(part, by_name)
            if not names_meant(part, others) and len(named) == 1:
                found.append(by_name[named[0]])
            else:
                found.append(only("counterpart", part, others, f"there are {', '.join(others)}"))
        if len(found) > MOST_GUESSED:
            raise NotUnderstood(f"That are {len(found)}; name at most {MOST_GUESSED}.")
        return tuple(dict.fromkeys(found))

    def _opening(self, text: str) -> dict[str, Option]:
        """Return the terms of a whole offer, and say what it is worth."""
        view = self.view
        named = terms(view, text)
        missing = [name for name in view.public.issues if name not in named]
        if missing:
            raise NotUnderstood(f"Name {', '.join(missing)} as well: an offer settles every issue.")
        outcome = view.public.space.index(named)
        if not view.public.space.is_possible(outcome):
            raise NotUnderstood(f"That cannot be offered: {hindrance(view, outcome)}.")
        self.write(paragraph(f"That is {worth_line(view, outcome)}.", "    "))
        problem = hindrance(view, outcome)
        if problem is not None:
            self.write(paragraph(f"You could not sign it: {problem}.", "    "))
        return named

    def _trade(self, text: str) -> Trade:
        parts = re.split(r"\s+for\s+", text.strip(), flags=re.IGNORECASE)
        if len(parts) != 2:
            raise NotUnderstood(
                "Name two issues as in: ISSUE for ISSUE, the one you yield on first."
            )
        gives, wants = (issue_meant(self.view, part.strip()) for part in parts)
        if gives == wants:
            raise NotUnderstood("A trade takes two issues.")
        return Trade(gives=gives, wants=wants)


def _number(text: str) -> float:
    """Return points as they were typed."""
    try:
        value = float(text.replace(",", "").replace("_", ""))
        return _POINTS.validate_python(value) if math.isfinite(value) else _refused(text)
    except (ValueError, ValidationError):
        return _refused(text)


def _refused(text: str) -> float:
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    raise NotUnderstood(f"{shown!r} is no number of points; type one as in 42.5, or Enter.")


def sheet_summary(sheet: Sheet) -> str:
    """Return in a line what of a sheet was filled in."""
    told = [
        *(
            [f"no agreement worth {tenths(sheet.reservation)}"]
            if sheet.reservation is not None
            else []
        ),
        *([f"target {tenths(sheet.target)}"] if sheet.target is not None else []),
        *([f"walk-away line {tenths(sheet.walk_away)}"] if sheet.walk_away is not None else []),
        *(["a ranking"] if sheet.ranking else []),
        *(["an opening"] if sheet.opening is not None else []),
        *(["a trade"] if sheet.trade is not None else []),
        *([f"guesses about {', '.join(sheet.guesses)}"] if sheet.guesses else []),
    ]
    return f"Your sheet is sealed: {', '.join(told)}."
