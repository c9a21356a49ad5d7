"""What a person types in a hall, read: every act that is legal for the seat now, with its terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from delegates.acts_open import OpenAct, moves_allowed, named
from delegates.contract import View
from delegates.hall import Hall
from games.moves import (
    Accept,
    Adjourn,
    Approach,
    BreakSilence,
    CallCaucus,
    CallInformal,
    CarryOut,
    Extend,
    Group,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenBreakouts,
    OpenSignature,
    OpenSilence,
    Park,
    Pass,
    Pledge,
    Promise,
    PutToVote,
    Reopen,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.outcomes import option_text
from transcripts.events import Act
from tui.cli.hall_examples import (
    example_amend,
    example_choices,
    example_demand,
    example_group,
    example_merge,
    example_offer,
    example_request,
    example_room,
    yes_or_no,
)
from tui.cli.hall_examples import (
    no_example as bare,
)
from tui.cli.table_commands import (
    BETWEEN_MOVES,
    COMMANDS,
    NO_MANDATE,
    Command,
    NotUnderstood,
    completed,
    issue_meant,
    one_term,
    only,
    read,
    request,
    split_words,
    standing_terms,
    terms,
)
from tui.text.hall_seat import affairs_lines, hall_situation, suggestion_words
from tui.text.wording import paragraph

_SHOWN = ("say", "worth", "points", "brief", "talks", "time", "ai", "back", "help", "quit")
"""Commands of any table that are obeyed in a hall as well."""

EXAMPLE = 36
"""Columns of an example in the list of commands."""

_ALSO: Mapping[str, str] = {
    "text": "text                         the text with its brackets; what it is worth to you",
    "who": "who ID                       what a delegation wants, as far as all know",
    "affairs": "affairs                      your measures, side deals and fund; what was vowed",
}


_NOTHING_MORE: Mapping[str, str] = {}


@dataclass(frozen=True)
class _Verb:
    """A command for an act: how it is typed, what it is for, and how it is read."""

    name: str
    act: Act
    example: Callable[[View, Hall, OpenAct], str]
    what: str
    read: Callable[[View, Hall, OpenAct, str], Move]


def verbs_open(view: View) -> dict[str, tuple[_Verb, OpenAct]]:
    """Return the commands for acts that are legal now, with what is legal of each."""
    acts = moves_allowed(view)
    found = {
        verb.name: (verb, act) for verb in _VERBS if (act := named(acts, verb.act)) is not None
    }
    if standing_terms(view)[0] is None:
        found.pop("amend", None)  # there is nothing yet to be amended
    return found


def examples(view: View, hall: Hall) -> list[tuple[str, str]]:
    """Return for each command that is possible now what may be typed, and what it is for."""
    return [
        (f"{_typed(name)} {verb.example(view, hall, act)}".strip(), verb.what)
        for name, (verb, act) in verbs_open(view).items()
    ]


def help_lines(view: View, hall: Hall, more: Mapping[str, str] = _NOTHING_MORE) -> list[str]:
    """Return what can be typed now: acts with an example each, then what only shows something.

    Args:
        view: Whose turn it is.
        hall: The hall.
        more: Commands for what happens between moves, as `commands_of` has them.
    """
    listed = examples(view, hall)
    if hall.stage == "chair":
        listed.append(("suggest", "what the chair's rule would do now"))
    if hall.problem(WalkAway()) is None:
        listed.append(("leave", f"leave {'this room' if hall.room is not None else 'for good'}"))
    lines = ["What you can do now:"]
    for typed, what in listed:
        if len(typed) > EXAMPLE:
            lines += [f"  {typed}", f"  {'':<{EXAMPLE}} {what}"]
        else:
            lines.append(f"  {typed:<{EXAMPLE}} {what}")
    besides = [usage for name, usage in more.items() if name not in ("ask", "pass")]
    shown = [*_ALSO.values(), *besides, *(COMMANDS[name] for name in _SHOWN)]
    return [
        *lines,
        "What only shows something, or is said with an act:",
        *map("  {}".format, shown),
    ]


def read_in_hall(
    view: View, hall: Hall, line: str, besides: Mapping[str, str] = _NOTHING_MORE
) -> Command:
    """Return the command that a line holds, among those that make sense now.

    Args:
        view: Whose turn it is.
        hall: The hall.
        line: What was typed.
        besides: Commands for what happens between moves.

    Raises:
        NotUnderstood: If it holds none, or one that could be several.
    """
    typed = re.sub(r"^(\s*)(back|carry) (down|out)\b", r"\1\2-\3", line, flags=re.IGNORECASE)
    open_now = verbs_open(view)
    more = ("suggest",) if hall.stage == "chair" else ()
    leave = ("leave",) if hall.problem(WalkAway()) is None else ()
    shown = [name for name in besides if name not in ("ask", "pass")]
    known = [*open_now, *_ALSO, "table", *leave, *_SHOWN, *shown, *more]
    word = re.split(r"[\s:]", typed.strip(), maxsplit=1)[0].casefold()
    if word == "ask" and view.mandate is None:
        raise NotUnderstood(NO_MANDATE)
    if word not in known and word in {verb.name for verb in _VERBS}:
        raise NotUnderstood(f"{_typed(word)} is not possible now; help lists what is.")
    return read(typed, known, [name for name in BETWEEN_MOVES if name not in ("ask", "pass")])


def act_in_hall(view: View, hall: Hall, command: Command) -> tuple[Move, str] | None:
    """Return the act that a command is, and the words that go with it; None if it is none.

    Raises:
        NotUnderstood: If its terms cannot be read, or the protocol does not allow it.
    """
    found = verbs_open(view).get(command.name)
    if found is None:
        return None
    verb, act = found
    move, words = split_words(command.rest, lambda text: verb.read(view, hall, act, text))
    problem = hall.problem(move)
    if problem is not None:
        raise NotUnderstood(f"That cannot be done: {problem}.")
    return move, words


def hall_shown(
    view: View, hall: Hall, command: Command, more: Mapping[str, str] = _NOTHING_MORE
) -> list[str] | None:
    """Return what a command of a hall shows; None if it is as at any table.

    Args:
        view: Whose turn it is.
        hall: The hall.
        command: What was typed.
        more: Commands for what happens between moves.

    Raises:
        NotUnderstood: If it names no delegation that there is.
    """
    match command.name:
        case "text" | "table":
            return hall_situation(view, hall)[1:]
        case "who":
            (party,) = _parties(view, command.rest)[:1] or (view.party,)
            details = view.public.parties[party]
            return [paragraph(f"{details.name} ({details.side}): {details.interests}")]
        case "affairs":
            return affairs_lines(view, hall) or ["You have none, and nobody has vowed anything."]
        case "suggest":
            return [paragraph(f"The chair's rule: {suggestion_words(hall.by_rule(Pass), view)}.")]
        case "help":
            return help_lines(view, hall, more)
        case _:
            return None


def _typed(name: str) -> str:
    return name.replace("-", " ") if name in ("back-down", "carry-out") else name


# --- reading terms


def _nothing(make: Callable[[], Move]) -> Callable[[View, Hall, OpenAct, str], Move]:
    def build(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
        del view, hall
        if text.strip():
            raise NotUnderstood(
                f"{act.act} takes nothing more; to say something: end it with : WORDS"
            )
        return make()

    return build


def _offer(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del hall, act
    return Offer(completed(view, terms(view, text))[0])


def _amend(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del hall, act
    return Offer(completed(view, one_term(view, text, "amend"))[0])


def _ask(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del hall, act
    return request(view, text)


def _merge(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del act
    if not text.strip():
        found = hall.by_rule(Pass)
        if isinstance(found, Merge):
            return found
        if hall.text is None:
            raise NotUnderstood("Nobody has asked for anything yet: name every issue.")
        raise NotUnderstood("The text is the middle of what is asked already; name what to change.")
    named_terms = terms(view, text)
    space = view.public.space
    missing = [name for name in view.public.issues if name not in named_terms]
    if hall.text is None and missing:
        raise NotUnderstood(
            f"There is no text yet: name {', '.join(missing[:6])} too, or merge alone."
        )
    base = {} if hall.text is None else space.outcome(hall.text)
    return Merge(space.index({**base, **named_terms}))


def _threaten(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del hall
    measure, demand = _before_term(text)
    issue, option = _demand(view, demand)
    measures = [str(one) for one in act.terms["measure"].choices]
    return Threaten(only("measure", measure, measures, f"yours: {_some(measures)}"), issue, option)


def _promise(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del hall
    measures = [str(one) for one in act.terms["measure"].choices if one is not None]
    body, _, last = text.rpartition(" with ")
    measure = None
    if body and (found := [one for one in measures if one.startswith(last.strip())]):
        text, measure = body, found[0]
    to, demand = _before_term(text)
    issue, option = _demand(view, demand)
    return Promise(_parties(view, to), issue, option, measure)


def _before_term(text: str) -> tuple[str, str]:
    """Return what stands before the first ISSUE=OPTION, and that."""
    found = re.search(r"[^\s,;]+\s*=", text)
    if found is None:
        raise NotUnderstood("Name what the text is to have as ISSUE=OPTION.")
    before = re.sub(r"\b(unless|for)\s*$", "", text[: found.start()].strip(" ,;")).strip(" ,;")
    if not before:
        raise NotUnderstood("Name first whom or what, then ISSUE=OPTION.")
    return before, text[found.start() :]


def _demand(view: View, text: str) -> tuple[str, str]:
    found = terms(view, text)
    if len(found) != 1:
        raise NotUnderstood("Name one issue and its option, as ISSUE=OPTION.")
    ((issue, option),) = found.items()
    return issue, option_text(option)


def _approach(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del view, hall
    deals = [str(one) for one in act.terms["deal"].choices]
    return Approach(only("side deal", text.strip(), deals, f"open to you: {_some(deals)}"))


def _caucus(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del hall, act
    who, on, issues = text.partition(" on ")
    if not on:
        raise NotUnderstood("Name whom and on what, as in: caucus ID, ID on ISSUE, ISSUE")
    return CallCaucus(_parties(view, who), _issues(view, issues))


def _informal(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del hall, act
    issue, with_, who = text.partition(" with ")
    if not with_:
        raise NotUnderstood("Name a bracket and whom, as in: informal ISSUE with ID, ID")
    return CallInformal(issue_meant(view, issue.strip()), _parties(view, who))


def _park(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del hall, act
    return Park(issue_meant(view, text.strip()))


def _group(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
    del hall, act
    return Group(_issues(view, text))


def _choice(term: str, make: Callable[[str], Move]) -> Callable[[View, Hall, OpenAct, str], Move]:
    def build(view: View, hall: Hall, act: OpenAct, text: str) -> Move:
        del view, hall
        known = [yes_or_no(one) for one in act.terms[term].choices]
        return make(only(term, text.strip(), known, f"expected {' or '.join(known)}"))

    return build


def _vote(text: str) -> Move:
    return Vote("yes" if text == "yes" else "no" if text == "no" else "abstain")


def _sign(text: str) -> Move:
    return Sign("binding" if text == "binding" else "out" if text == "out" else "declaratory")


def _parties(view: View, text: str) -> tuple[str, ...]:
    by_name = {party.name: name for name, party in view.public.parties.items()}
    ids = list(view.public.parties)
    return tuple(_party(one, ids, by_name) for one in _listed(text))


def _party(typed: str, ids: list[str], by_name: Mapping[str, str]) -> str:
    exact = [name for name in ids if name.casefold() == typed.casefold()]
    named_so = [
        name for label, name in by_name.items() if label.casefold().startswith(typed.casefold())
    ]
    if not exact and len(named_so) == 1:
        return named_so[0]
    return only("delegation", typed, ids, f"there are {_some(ids)}")


def _issues(view: View, text: str) -> tuple[str, ...]:
    return tuple(issue_meant(view, one) for one in _listed(text))


def _listed(text: str) -> list[str]:
    found = [part for part in re.split(r"\s*(?:[,;]|\band\b)\s*", text.strip()) if part]
    return found if len(found) > 1 else text.split()


def _some(names: Iterable[str]) -> str:
    known = list(names)
    return ", ".join(known[:8]) + (", …" if len(known) > 8 else "")


_VERBS: tuple[_Verb, ...] = (
    _Verb("offer", "offer", example_offer, "ask that the text read so; alone: by issue", _offer),
    _Verb("amend", "offer", example_amend, "ask for one change", _amend),
    _Verb("support", "accept", bare, "support what you are asked about", _nothing(Accept)),
    _Verb("accept", "accept", bare, "the same", _nothing(Accept)),
    _Verb("pass", "pass", bare, "say nothing, and stand where you stood", _nothing(Pass)),
    _Verb("ask", "ask-capital", example_request, "ask your capital to let you sign it", _ask),
    _Verb("threaten", "threaten", example_demand, "announce a measure", _threaten),
    _Verb("promise", "promise", example_demand, "promise your support, and a measure", _promise),
    _Verb(
        "approach",
        "approach",
        example_choices("deal"),
        "say you are ready for a side deal",
        _approach,
    ),
    _Verb("caucus", "call-caucus", example_room, "a private room; nothing there binds", _caucus),
    _Verb("merge", "merge", example_merge, "change the text; alone: the middle text", _merge),
    _Verb("park", "park", example_choices("issue"), "set an issue aside", _park),
    _Verb("reopen", "reopen", bare, "take up what was set aside", _nothing(Reopen)),
    _Verb("group", "group", example_group, "have a few issues taken together", _group),
    _Verb("informal", "call-informal", example_room, "a small room on one bracket", _informal),
    _Verb(
        "breakouts",
        "open-breakouts",
        bare,
        "send all into small rooms",
        _nothing(OpenBreakouts),
    ),
    _Verb(
        "silence",
        "open-silence",
        bare,
        "adopted unless somebody objects",
        _nothing(OpenSilence),
    ),
    _Verb(
        "silence",
        "keep-silence",
        bare,
        "keep silence: let the text pass",
        _nothing(KeepSilence),
    ),
    _Verb("object", "break-silence", bare, "break the silence", _nothing(BreakSilence)),
    _Verb("vote", "put-to-vote", bare, "put the text to the vote", _nothing(PutToVote)),
    _Verb("vote", "vote", example_choices("ballot"), "vote on the text", _choice("ballot", _vote)),
    _Verb(
        "signature",
        "open-signature",
        bare,
        "open the text for signature",
        _nothing(OpenSignature),
    ),
    _Verb(
        "sign",
        "sign",
        example_choices("signature"),
        "sign, or stay out",
        _choice("signature", _sign),
    ),
    _Verb(
        "pledge",
        "pledge",
        example_choices("pays"),
        "pay or not",
        _choice("pays", lambda p: Pledge(p == "yes")),
    ),
    _Verb(
        "carry-out",
        "carry-out",
        bare,
        "make good on it",
        _nothing(lambda: CarryOut(does=True)),
    ),
    _Verb("back-down", "carry-out", bare, "do not", _nothing(lambda: CarryOut(does=False))),
    _Verb("extend", "extend", bare, "extend the talks, once", _nothing(Extend)),
    _Verb("adjourn", "adjourn", bare, "close the round", _nothing(Adjourn)),
)
