"""What a person types at the table, read: commands, and the terms of an offer.

Names of commands, issues and options may be shortened as long as they can be told apart. What
cannot be read is answered by one line that helps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from delegates.contract import View
from delegates.hall import Hall
from delegates.text import clean, names_meant
from games.moves import AskCapital
from games.outcomes import Option, option_text
from games.scenario import Issue

T = TypeVar("T")

COMMANDS: Mapping[str, str] = {
    "offer": "offer ISSUE=OPTION, …        propose; what you do not name stays as it was",
    "accept": "accept                       take the offer on the table",
    "leave": "leave                        end the talks for good, without agreement",
    "say": "say WORDS                    is said with your next move; or accept: WORDS",
    "worth": "worth ISSUE=OPTION, …        what an outcome is worth to you; offers nothing",
    "table": "table                        the offer on the table, issue by issue",
    "points": "points                       what each option is worth to you",
    "brief": "brief                        your brief and the setting once more",
    "talks": "talks                        what was done and said so far",
    "time": "time                         rounds and seconds left",
    "ai": "ai, ai 3                     your stand-in moves: on and on, or three times",
    "back": "back                         have your seat back, from your next turn on",
    "help": "help                         this list",
    "quit": "quit                         stop for now; the session can be resumed",
}
"""Every command that there is at any table, and what it is for."""

HOW_NAMED = "ISSUE is its name in points, its label, or how either begins; so are options."
"""How issues and options may be typed."""

_OF_A_MANDATE: Mapping[str, str] = {
    "ask": "ask ISSUE OPTION             ask your capital to let you sign it; costs the turn",
    "pass": "pass                         while your capital lets you sign nothing",
    "mandate": "mandate                      what you may sign, and who must ratify it",
}
_NEWS = "news                         what happened between moves, as far as you know"
_OF_SHOCKS: Mapping[str, str] = {
    "shocks": "shocks                       what can strike, for whoever leads the exercise",
    "shock": "shock NAME                   have it strike now",
}

_HINT = "hint                         ask the adviser, who sees what you may see"
_GUESS = "guess, guess no              say what you take the others to want by now, or do not"

BETWEEN_MOVES = (*_OF_A_MANDATE, *_OF_SHOCKS, "news", "hint", "guess")
"""Commands for what happens between moves, and for what helps to learn: understood everywhere,
listed where they apply."""

NO_MANDATE = (
    "Your seat has no mandate: nobody at home limits what you may sign, so there is nothing to ask "
    "for and nothing to wait for."
)


def aids_of(*, hints: bool, guesses: bool) -> dict[str, str]:
    """Return the commands for what helps a person to learn, as far as they apply now."""
    return {**({"hint": _HINT} if hints else {}), **({"guess": _GUESS} if guesses else {})}


def commands_of(view: View, *, has_shocks: bool = False) -> dict[str, str]:
    """Return the commands for what may happen between moves, and what each is for."""
    found: dict[str, str] = {}
    if view.mandate is not None:
        found |= _OF_A_MANDATE
    if has_shocks:
        found |= _OF_SHOCKS
    return {**found, "news": _NEWS} if found or view.news else found


MOST_COLONS = 8
"""How many places are tried at which the terms of an offer may end and words begin."""

MOST_SHOWN = 12
"""How many options one line names."""

_PARTS = re.compile(r"[,;]\s*(?=[^,;=]*=)")
_LAST_WORD = re.compile(r"\s+(?=[\w-]+\s*$)")


class NotUnderstood(Exception):  # noqa: N818 - nothing is wrong but a typed line
    """Raised when a line cannot be obeyed; the message helps in one line."""


@dataclass(frozen=True)
class Command:
    """What was typed: a command's full name and what followed it."""

    name: str
    rest: str


def read(line: str, known: Iterable[str] = COMMANDS, also: Iterable[str] = ()) -> Command:
    """Return the command that a line holds, of those that are known.

    Args:
        line: What was typed.
        known: Those that are listed.
        also: Others that are understood where none of the known is meant.

    Raises:
        NotUnderstood: If it holds none, or one that could be several.
    """
    typed = line.strip()
    if not typed:
        raise NotUnderstood("Type a command; help lists them.")
    word = re.split(r"[\s:]", typed, maxsplit=1)[0]
    listed = list(known)
    if word and not names_meant(word, listed):
        listed += also
    name = "help" if word == "?" else only("command", word, listed, "help lists them")
    return Command(name, typed[len(word) :].strip())


def only(kind: str, typed: str, names: Iterable[str], hint: str) -> str:
    """Return the one name that was meant.

    Raises:
        NotUnderstood: If it means none or several.
    """
    found = names_meant(typed, names)
    if len(found) == 1:
        return found[0]
    if found:
        raise NotUnderstood(f"{_shown(typed)} could be {' or '.join(found[:MOST_SHOWN])}.")
    raise NotUnderstood(f"There is no {kind} {_shown(typed)}; {hint}.")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def words_after(command: Command) -> str:
    """Return the words that go with a move without terms.

    Raises:
        NotUnderstood: If something stands there that is not set apart by a colon.
    """
    if command.rest and not command.rest.startswith(":"):
        raise NotUnderstood(
            f"{command.name} takes nothing more; to say something with it: {command.name}: WORDS"
        )
    return command.rest[1:].strip()


def terms_and_words(view: View, text: str) -> tuple[dict[str, Option], str]:
    """Return the terms that a text names, and the words that follow them after a colon.

    Raises:
        NotUnderstood: If an issue or option is not known or could be several.
    """
    return split_words(text, lambda part: terms(view, part))


def split_words(text: str, parse: Callable[[str], T]) -> tuple[T, str]:
    """Return what a text means up to some colon, and the words that follow it.

    Raises:
        NotUnderstood: If no part of it up to a colon or its end means anything.
    """
    problem: NotUnderstood | None = None
    ends = [found.start() for found in re.finditer(":", text)][:MOST_COLONS]
    for end in (*ends, len(text)):
        try:
            return parse(text[:end]), text[end + 1 :].strip()
        except NotUnderstood as error:
            # An option may hold a colon itself; if none does, the first end tells most.
            problem = problem or error
    raise problem or NotUnderstood("Name terms as issue=option, apart by commas.")


def terms(view: View, text: str) -> dict[str, Option]:
    """Return the terms that a text names: `issue=option`, apart by commas.

    Raises:
        NotUnderstood: If an issue or option is not known or could be several.
    """
    found: dict[str, Option] = {}
    for part in _parts(view, text):
        name, equals, value = part.partition("=")
        if not equals:
            raise NotUnderstood(
                f"{_shown(part)}: name terms as issue=option, apart by commas; "
                f"the issues are {issues_named(view)}."
            )
        issue = issue_meant(view, name.strip())
        if issue in found:
            raise NotUnderstood(f"{issue} is named twice.")
        found[issue] = option_meant(issue, view.public.issues[issue], value.strip(" ,;"))
    return found


def one_term(view: View, text: str, command: str) -> dict[str, Option]:
    """Return one issue and its option, set apart by `=` or by a space.

    Raises:
        NotUnderstood: If an issue or option is missing, not known or could be several.
    """
    name, equals, value = text.partition("=")
    words = text.split()
    if not equals and len(words) > 1:
        cuts = [(" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words))]
        name, value = next((cut for cut in cuts if _is_term(view, *cut)), cuts[0])
    if not name.strip() or not value.strip():
        raise NotUnderstood(f"Name an issue and an option, as in: {command} ISSUE OPTION")
    issue = issue_meant(view, name.strip())
    return {issue: option_meant(issue, view.public.issues[issue], value.strip(" ,;"))}


def request(view: View, text: str) -> AskCapital:
    """Return what a text asks the capital for.

    Raises:
        NotUnderstood: If an issue or option is missing, not known or could be several, or the seat
            has no mandate.
    """
    if view.mandate is None:
        raise NotUnderstood(NO_MANDATE)
    ((issue, option),) = one_term(view, text, "ask").items()
    return AskCapital(issue, option_text(option))


def _parts(view: View, text: str) -> list[str]:
    """Return the terms of a text one by one; labels written out give way to their ids."""
    issues = view.public.issues
    for name in sorted(issues, key=lambda one: -len(issues[one].label)):
        label = re.compile(rf"(?<![\w-]){re.escape(issues[name].label)}\s*=", re.IGNORECASE)
        text = label.sub(f"{name}=", text)
    return [
        part.strip(" ,;")
        for stretch in _PARTS.split(text)
        for part in _apart(view, stretch)
        if part.strip(" ,;")
    ]


def _apart(view: View, stretch: str) -> list[str]:
    """Return terms that nothing but spaces sets apart: where one ends and another's name begins."""
    name, *rest = stretch.split("=")
    found: list[str] = []
    value = ""
    for k, piece in enumerate(rest):
        value = f"{value}={piece}" if value else piece
        cut = _where_name_begins(view, name, value) if k + 1 < len(rest) else None
        if cut is not None:
            found.append(f"{name}={value[:cut]}")
            name, value = value[cut:], ""
    return [*found, f"{name}={value}" if rest else name]


def _where_name_begins(view: View, name: str, between: str) -> int | None:
    """Return where, between two equals signs, an option ends and the next issue begins."""
    for gap in re.finditer(r"\s+", between):
        option, following = between[: gap.start()], between[gap.end() :]
        if _is_issue(view, following) and _is_term(view, name, option):
            return gap.start()
    last = _LAST_WORD.search(between)
    return None if last is None else last.start()


def _is_issue(view: View, typed: str) -> bool:
    try:
        issue_meant(view, typed.strip())
    except NotUnderstood:
        return False
    return True


def _is_term(view: View, name: str, option: str) -> bool:
    try:
        issue = issue_meant(view, name.strip())
        option_meant(issue, view.public.issues[issue], option.strip(" ,;"))
    except NotUnderstood:
        return False
    return True


def _some(names: Iterable[str]) -> str:
    known = list(names)
    return ", ".join(known[:MOST_SHOWN]) + (", …" if len(known) > MOST_SHOWN else "")


def issue_meant(view: View, typed: str) -> str:
    """Return the issue that a name, a label or the beginning of either means.

    Raises:
        NotUnderstood: If it means none or several.
    """
    issues = view.public.issues
    wanted = " ".join(typed.strip("\"'“”").split()).removesuffix("…").rstrip()
    by_label = {" ".join(issue.label.split()): name for name, issue in issues.items()}
    if wanted.casefold() not in {name.casefold() for name in issues}:
        called = names_meant(wanted, by_label)
        meant = {*map(by_label.__getitem__, called)}
        if not any(label.casefold() == wanted.casefold() for label in called):
            meant |= {*names_meant(wanted, issues)}
        if len(meant) == 1:
            return meant.pop()
        if meant:
            found = " or ".join(issue_named(view, name) for name in issues if name in meant)
            raise NotUnderstood(f"{_shown(typed)} could be {found}.")
    return only("issue", wanted, issues, f"there are {issues_named(view)}")


def issue_named(view: View, name: str) -> str:
    """Return what an issue is called, with its short name where that is another."""
    label = " ".join(clean(view.public.issues[name].label).split())
    return f"{label} ({name})" if label and label.casefold() != name.casefold() else name


def issues_named(view: View) -> str:
    """Return what the issues are called, each with the name that is shortest to type."""
    return _some(issue_named(view, name) for name in view.public.issues)


def option_meant(name: str, issue: Issue, typed: str) -> Option:
    """Return the option that a text means: a number by its value, words by their beginning.

    Raises:
        NotUnderstood: If it means none or several.
    """
    by_text = {option_text(option): option for option in issue.options}
    if typed in by_text:
        return by_text[typed]
    number = _number(typed, issue.unit)
    for option in issue.options:
        if number is not None and not isinstance(option, str) and option == number:
            return option
    worded = [text for text, option in by_text.items() if isinstance(option, str)]
    hint = f"there are {_some(by_text)}"
    return by_text[only(f"option of {name}", typed, worded, hint)]


def _number(typed: str, unit: str) -> float | None:
    bare = typed.casefold().removesuffix(unit.casefold()) if unit else typed
    try:
        return float(bare.replace(",", "").replace("_", "").strip())
    except ValueError:
        return None


def completed(view: View, named: Mapping[str, Option]) -> tuple[int, str | None]:
    """Return the outcome that some terms make, and whence the issues come that they leave out.

    The rest is as in the own last offer, else as in the one on the table.

    Raises:
        NotUnderstood: If issues are left out and no offer was made yet.
    """
    before, whence = standing_terms(view)
    missing = [issue_named(view, name) for name in view.public.issues if name not in named]
    if missing and before is None:
        raise NotUnderstood(
            f"Nothing to start from yet: name {_some(missing)} as well, or type offer alone."
        )
    outcome = view.public.space.index({**(before or {}), **named})
    return outcome, whence if missing else None


def standing_terms(view: View) -> tuple[dict[str, Option] | None, str | None]:
    """Return the terms that an offer starts from, and whose they are."""
    if view.hall is not None:
        return _standing_in_hall(view, view.hall)
    own = view.offers_of(view.party)
    if own:
        return view.public.space.outcome(own[-1]), "your last offer"
    if view.offer is not None:
        return view.public.space.outcome(view.offer), "the offer on the table"
    return None, None


def _standing_in_hall(view: View, hall: Hall) -> tuple[dict[str, Option] | None, str | None]:
    """Return what is asked for or proposed so far; on what is not open now, as the text has it."""
    space = view.public.space
    base = hall.text if hall.room is None else hall.room.base
    own = view.last_offer if hall.room is None else hall.room.offer
    whence = "what you last asked for" if hall.room is None else "what is proposed here"
    if own is None:
        return (None, None) if base is None else (space.outcome(base), "the text")
    found = space.outcome(own)
    if base is not None:
        text = space.outcome(base)
        found = {name: found[name] if name in hall.open_issues else text[name] for name in text}
    return found, whence


def turns_of(rest: str) -> int | None:
    """Return for how many turns the stand-in is to move; None for as long as it lasts.

    Raises:
        NotUnderstood: If it is no number from 1.
    """
    if not rest:
        return None
    if rest.isascii() and rest.isdigit() and len(rest) <= 6 and int(rest) > 0:
        return int(rest)
    raise NotUnderstood(f"ai {_shown(rest)}: expected a number of turns from 1, or nothing.")
