"""What a person can do at the table: the words for each act, and the move that a form comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from delegates.acts_open import OpenAct, options_to_ask_for
from delegates.contract import View
from delegates.text import clean
from games.moves import Accept, AskCapital, Merge, Move, Offer
from games.outcomes import Option, option_text
from transcripts.acts import ACTS
from transcripts.events import Act, Suggested
from tui.text.brackets import short
from tui.text.seat import hindrance

Given = str | bool | tuple[str, ...] | None
"""What a form holds for a term."""


@dataclass(frozen=True)
class ActWords:
    """How an act is called on the screen."""

    chip: str
    """In the row of what can be done."""
    title: str
    """Above its form."""
    button: str
    about: str = ""
    """What it means, where that is not plain."""


WORDS: Mapping[Act, ActWords] = {
    "offer": ActWords("offer", "Make an offer", "Offer it"),
    "accept": ActWords("accept", "Accept", "Accept it"),
    "walk-away": ActWords("walk away", "Walk away", "Walk away", "It ends the talks for you."),
    "pass": ActWords("pass", "Pass", "Pass", "You say nothing and stand where you stood."),
    "vote": ActWords("vote", "Vote on the text", "Vote"),
    "keep-silence": ActWords(
        "let it pass", "Let the text pass", "Let it pass", "Unless somebody objects it is adopted."
    ),
    "break-silence": ActWords(
        "object", "Object to the text", "Object", "Then it is not adopted in this way."
    ),
    "sign": ActWords("sign", "Sign the text", "Sign"),
    "pledge": ActWords("pledge", "Pay into the joint fund, or do not", "Say so"),
    "threaten": ActWords(
        "threaten",
        "Threaten",
        "Threaten",
        "A measure, unless the text settles an issue as you say.",
    ),
    "promise": ActWords(
        "promise", "Promise", "Promise", "Support for a text that settles an issue as you say."
    ),
    "approach": ActWords(
        "side deal", "Say you are ready for a side deal", "Say so", "It stands once both have."
    ),
    "call-caucus": ActWords(
        "caucus", "Call a caucus", "Call it", "A private room; nothing said there binds."
    ),
    "ask-capital": ActWords(
        "ask capital",
        "Ask your capital",
        "Ask",
        "It costs your turn; the answer comes with the next round.",
    ),
    "carry-out": ActWords("keep your word?", "Make good on your word, or back down", "Do so"),
    "merge": ActWords("merge", "Put forward a text without brackets", "Put it forward"),
    "park": ActWords("park", "Set an issue aside", "Park it"),
    "reopen": ActWords("reopen", "Take up again what was parked or grouped", "Reopen"),
    "group": ActWords("group", "Have the floor speak to some issues together", "Group them"),
    "call-informal": ActWords(
        "small room", "Send those at odds over a bracket into a small room", "Send them"
    ),
    "open-breakouts": ActWords("breakouts", "Open small rooms for all", "Open them"),
    "open-silence": ActWords(
        "silence", "Have the text adopted unless somebody objects", "Open the procedure"
    ),
    "put-to-vote": ActWords("call a vote", "Put the text to the vote", "Call the roll"),
    "open-signature": ActWords("signature", "Open the text for signature", "Open it"),
    "extend": ActWords("extend", "Extend the talks, once", "Extend"),
    "adjourn": ActWords("adjourn", "Close the round", "Close it"),
}
"""The words for every act; a test holds that none is missing."""

TERM_LABELS = {
    "measure": "measure",
    "issue": "on the issue",
    "option": "to read",
    "to": "to whom",
    "members": "with whom",
    "issues": "on which issues",
    "deal": "which deal",
    "ballot": "your vote",
    "signature": "your signature",
    "pays": "you pay",
    "does": "you do it",
}
"""What each term of an act is called."""

_SIGNATURES = {"out": "stay out"}


def term_text(view: View, term: str, choice: Given) -> str:
    """Return how a choice is called."""
    if choice is None:
        return "my support alone"
    if isinstance(choice, bool):
        return "yes" if choice else "no"
    name = str(choice)
    if term in ("issue", "issues") and name in view.public.issues:
        return short(name, view.public.issues[name])
    if term in ("to", "members") and name in view.public.parties:
        return f"{clean(view.public.parties[name].name)} ({name})"
    if term in ("measure", "deal"):
        return clean(view.public.labels.get(name, name))
    return clean(_SIGNATURES.get(name, name))


def options_of(view: View, act: Act, issue: str) -> tuple[str, ...]:
    """Return the options that can be named with an issue."""
    if act == "ask-capital":
        return options_to_ask_for(view).get(issue, ())
    return view.public.issues[issue].texts


def built(view: View, act: Act, levels: Mapping[str, int], terms: Mapping[str, Given]) -> Move:
    """Return the move that a form comes to.

    Args:
        view: Whose turn it is.
        act: What is done.
        levels: Issue → position of its option, of an act that names an outcome.
        terms: What else it is about.
    """
    kind = cast("Any", ACTS[act])
    if act in ("offer", "merge"):
        issues = view.public.issues
        return kind(view.public.space.index({k: issues[k].options[v] for k, v in levels.items()}))
    return kind(**terms)


def problem_of(view: View, move: Move) -> str | None:
    """Return why a move cannot be made now, as far as the seat can tell."""
    if view.hall is None:
        if isinstance(move, AskCapital):
            return None if view.mandate is None else view.mandate.problem(move)
    else:
        problem = view.hall.problem(move)
        if problem is not None:
            return problem
    match move:
        case Offer(outcome=outcome) | Merge(outcome=outcome):
            return _unsignable(view, outcome, is_text=isinstance(move, Merge))
        case Accept() if view.offer is not None:
            return _unsignable(view, view.offer)
        case _:
            return None


def _unsignable(view: View, outcome: int, *, is_text: bool = False) -> str | None:
    # A chair may put forward a text that its own capital would not let it sign.
    return None if is_text else hindrance(view, outcome)


def settled_levels(view: View, outcome: int) -> dict[str, int]:
    """Return an outcome as issue → position of its option."""
    return dict(zip(view.public.space.issues, view.public.space.levels_of(outcome), strict=True))


def starting_points(
    view: View, advice: Suggested | None = None, opening: Mapping[str, Option] | None = None
) -> dict[str, int]:
    """Return the outcomes from which an offer may be composed, the one to begin with first.

    Args:
        view: Whose offer it is to be.
        advice: What the adviser said in this turn.
        opening: What the seat prepared to open with; it is for the first own offer.
    """
    found: dict[str, int] = {}
    if view.last_offer is not None:
        found["my last offer"] = view.last_offer
    elif opening is not None and _is_open(view, opening):
        found["my prepared opening"] = view.public.space.index(opening)
    text = view.offer
    if text is not None and text != view.last_offer:
        found["the text on the table"] = text
    best = view.own.ranking[0]
    if len(best):
        found["my best"] = int(best[-1])
    if advice is not None and advice.outcome is not None:
        found["the advice"] = view.public.space.index(advice.outcome)
    return found


def _is_open(view: View, outcome: Mapping[str, Option]) -> bool:
    """Return whether an outcome names one option of each issue as they are by now."""
    issues = view.public.issues
    return set(outcome) == set(issues) and all(
        option in issues[name].options for name, option in outcome.items()
    )


def fitting(view: View, act: OpenAct, outcome: int | None) -> dict[str, int]:
    """Return an outcome as far as an act's options allow; the first option elsewhere."""
    issues = view.public.issues
    settled = {} if outcome is None else view.public.space.outcome(outcome)
    found: dict[str, int] = {}
    for name, options in act.options.items():
        wanted = option_text(settled[name]) if name in settled else options[0]
        chosen = wanted if wanted in options else options[0]
        found[name] = issues[name].texts.index(chosen)
    return found
