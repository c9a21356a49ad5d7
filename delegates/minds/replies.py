"""From a model's reply to the move it names, or to what is wrong with it.

Nothing is repaired: a reply is read in every dress that models give it (a code fence, thoughts
before it, the arguments of a tool call, numbers as text), and whatever is still not one decision
about options that exist is unusable. What is wrong is said without quoting the reply: it goes back
to the model outside every quotation, and a reply may repeat what a counterpart told it to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, StrictFloat, StrictInt, StrictStr, ValidationError

from delegates.contract import View
from delegates.models.chat import Reply
from delegates.models.goal import spelt
from delegates.nesting import require_shallow
from games.errors import UnusableReply
from games.moves import AskCapital, Pass
from games.outcomes import Option, OutcomeSpace, option_text
from games.session import Accept, Move, Offer, WalkAway

MAX_REPLY_CHARACTERS = 40_000
"""Longest reply that is searched for a decision, thoughts taken off."""

_MAX_OPTION_CHARACTERS = 200
_THOUGHT = re.compile(
    r"[<\[](?P<closes>/?)(?:think|thinking|thought|reasoning)[>\]]", re.IGNORECASE
)
_FINAL_CHANNEL = "<|message|>"
"""What the last part of a reply follows where a server leaves a model's channels in the text."""

_REFUSED = frozenset({"refusal", "content_filter", "safety"})
_CUT_OFF = frozenset({"length", "max_tokens", "model_length"})
_REFUSALS = re.compile(
    r"\s*(?:(?:i'?m|i am) (?:very |so |truly )?(?:sorry|unable to|not able to)|sorry\b|"
    r"i apologi[sz]e|(?:unfortunately,? )?i (?:can(?:no|')t|can not|won't|will not|must decline to)"
    r" (?:assist|help|comply|participate|continue|fulfil|provide|do that|engage|take part)|"
    r"as an? (?:ai|artificial intelligence|language model|assistant)\b)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_CALL_KEYS = frozenset({"name", "type", "id", "function", "arguments", "parameters"})
_CALL_DEPTH = 2
"""Objects around the arguments of a tool call: the call, and its function."""


Raw = TypeVar("Raw", bound=BaseModel)


class RawDecision(BaseModel):
    """A model's decision as it should be written."""

    model_config = ConfigDict(extra="ignore")

    action: Literal["offer", "accept", "ask_capital", "pass", "walk_away"]
    offer: dict[str, StrictStr | StrictInt | StrictFloat] | None = None
    on: dict[str, StrictStr | StrictInt | StrictFloat | None] | None = None
    """What a capital is asked for: an issue and an option."""
    message: StrictStr = ""


def said_text(reply: Reply) -> str:
    """Return what a reply says, its thoughts taken off.

    Raises:
        UnusableReply: If it was refused, cut off, empty, or far longer than any answer.
    """
    text = without_thoughts(reply.text)
    if reply.finish.lower() in _REFUSED:
        raise UnusableReply("it was refused", "refused")
    if is_cut_off(reply):
        raise UnusableReply("it was cut off for length; be brief", "truncated")
    if not text.strip():
        raise UnusableReply("it was empty", "empty")
    if len(text) > MAX_REPLY_CHARACTERS:
        raise UnusableReply(f"it is longer than {MAX_REPLY_CHARACTERS:,} characters", "over-long")
    return text


def is_cut_off(reply: Reply) -> bool:
    """Return whether a model stopped because it had used up its limit."""
    return reply.finish.lower() in _CUT_OFF


def without_thoughts(text: str) -> str:
    """Return a text without the blocks in which models think aloud.

    A block that never ends goes to the end of the text. Where only the end of one stands there, its
    opening was part of the prompt, and all before it was thought.
    """
    kept: list[str] = []
    at, thinks = 0, False
    for tag in _THOUGHT.finditer(text):
        if tag["closes"] and not thinks:
            kept.clear()
        elif not thinks:
            kept.append(text[at : tag.start()])
        at, thinks = tag.end(), not tag["closes"]
    if not thinks:
        kept.append(text[at:])
    return "".join(kept).rpartition(_FINAL_CHANNEL)[2]


def is_refusal(text: str) -> bool:
    """Return whether a text begins as models begin when they refuse to answer."""
    return _REFUSALS.match(text.replace("’", "'")) is not None


def decision_in(reply: Reply) -> RawDecision:
    """Return the decision that a reply holds.

    Raises:
        UnusableReply: If it holds none, or more than one.
    """
    return read_as(RawDecision, reply)


def read_as(kind: type[Raw], reply: Reply) -> Raw:
    """Return what a reply holds, in the form that was asked for.

    Raises:
        UnusableReply: If it holds nothing of the kind, or more than one.
    """
    text = said_text(reply)
    try:
        found = _unwrapped(_object_in(text))
        return kind.model_validate(found)
    except RecursionError:
        raise UnusableReply("its JSON is nested too deeply") from None
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        # Below "offer" the place would be a key of the reply.
        raise UnusableReply(f'"{problem["loc"][0]}": {problem["msg"]}') from None


def _object_in(text: str) -> dict[str, object]:
    """Return the one JSON object in a text; it may stand there more than once."""
    found = list(_objects_in(text))
    require_shallow(found)
    if not found:
        if is_refusal(text):
            raise UnusableReply("it was refused", "refused")
        raise UnusableReply("it holds no JSON object")
    if any(one != found[0] for one in found[1:]):
        raise UnusableReply("it holds more than one JSON object")
    return found[0]


def _objects_in(text: str) -> Iterator[dict[str, object]]:
    """Yield the JSON objects that stand in a text, none within another."""
    # Not strict: models leave line ends within their strings.
    decoder = json.JSONDecoder(object_pairs_hook=_once_each, strict=False)
    at = depth = 0
    start = text.find("{")
    while start >= 0:
        # Within braces that are no JSON themselves, an object is at most a part of an answer.
        depth = max(0, depth + text.count("{", at, start) - text.count("}", at, start))
        at, end = start, start + 1
        try:
            found, past = decoder.raw_decode(text, start)
        except ValueError:
            pass
        else:
            at = end = past
            if depth == 0:
                yield found
        start = text.find("{", end)


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs) and any(found[key] != value for key, value in pairs):
        raise UnusableReply("its JSON says two things under one key")
    return found


def _unwrapped(found: dict[str, object]) -> dict[str, object]:
    """Return the arguments of a tool call that was written out as text, else the object itself."""
    for _ in range(_CALL_DEPTH):
        if not found.keys() <= _CALL_KEYS:
            break
        inner = found.get("arguments", found.get("parameters", found.get("function")))
        if isinstance(inner, str):
            inner = _object_in(inner)
        if not isinstance(inner, dict):
            break
        found = cast("dict[str, object]", inner)
    return found


def legal_move(view: View, raw: RawDecision) -> Move:
    """Return the move a decision names.

    Raises:
        UnusableReply: If the move is not legal now, or the decision contradicts itself.
    """
    if raw.offer and raw.action not in ("offer", "accept"):
        raise UnusableReply(
            f'the action is "{raw.action}" but "offer" is not null', "contradictory"
        )
    match raw.action:
        case "walk_away":
            return WalkAway()
        case "accept":
            return _acceptance(view, raw)
        case "offer":
            return _offer(view, raw)
        case "ask_capital":
            return asked_for(view, raw.on or {})
        case "pass":
            if not view.is_held:
                raise UnusableReply(
                    "nobody passes here unless its capital lets nothing be signed", "illegal"
                )
            return Pass()


def asked_for(view: View, on: Mapping[str, object]) -> AskCapital:
    """Return what a capital is asked for, both terms checked to name what there is.

    Raises:
        UnusableReply: If they do not, or the capital cannot be asked for that now.
    """
    mandate = view.mandate
    if mandate is None:
        raise UnusableReply("you have no mandate that could be widened", "illegal")
    issue = next((name for name in mandate.limits if name == on.get("issue")), None)
    if issue is None:
        known = ", ".join(mandate.limits) or "none: your mandate limits nothing now"
        raise UnusableReply(f'"on": "issue": expected one of {known}', "illegal")
    given, texts = on.get("option"), view.public.issues[issue].texts
    option = next(
        (text for text in texts if isinstance(given, str | int | float) and text == str(given)),
        None,
    )
    if option is None:
        raise UnusableReply(
            f'"on": "option": expected an option of {issue}: {", ".join(texts)}', "illegal"
        )
    move = AskCapital(issue, option)
    problem = mandate.problem(move)
    if problem is not None:
        raise UnusableReply(problem, "illegal")
    return move


def _offer(view: View, raw: RawDecision) -> Offer:
    if raw.offer is None:
        raise UnusableReply('the action is "offer" but "offer" is null', "contradictory")
    outcome = outcome_in(view.public.space, raw.offer)
    if not view.public.space.is_possible(outcome):
        raise UnusableReply("the offer combines options that exclude each other", "illegal")
    if view.is_held or not view.own.may_sign(outcome):
        raise unsignable(view, "the offer", outcome)
    return Offer(outcome)


def unsignable(view: View, what: str, outcome: int) -> UnusableReply:
    """Return why a seat may not put its name to an outcome: its capital, mandate or a red line."""
    if view.is_held:
        return UnusableReply(
            "your capital lets nothing be signed in this round: you may neither offer nor accept",
            "beyond-mandate",
        )
    beyond = view.outside_mandate(outcome)
    if beyond is not None and view.red_line_crossed(outcome) is None:
        issue, option = beyond
        return UnusableReply(
            f"{what} is beyond your mandate, which does not reach as far as {issue} "
            f"{spelt(option)}",
            "beyond-mandate",
        )
    crossed = red_line_named(view, outcome)
    return UnusableReply(f"{what} crosses your own red line: {crossed}", "own-red-line")


def red_line_named(view: View, outcome: int) -> str:
    """Return the own red line that an outcome crosses, as a seat's instructions name it."""
    crossed = view.red_line_crossed(outcome) or {}
    return " with ".join(f"{issue} {spelt(option)}" for issue, option in crossed.items())


def _acceptance(view: View, raw: RawDecision) -> Accept:
    if view.offer is None:
        raise UnusableReply("there is no offer on the table to accept", "illegal")
    if view.is_held or not view.own.may_sign(view.offer):
        raise unsignable(view, "the offer on the table", view.offer)
    if raw.offer:
        offer = raw.offer
        require_on_table(view, lambda: outcome_in(view.public.space, offer))
    return Accept()


def require_on_table(view: View, named: Callable[[], int]) -> None:
    """Check that who accepts, and names an outcome with it, names the one on the table.

    Args:
        view: Whose turn it is.
        named: Returns the outcome that is named; raises `UnusableReply` where there is none.

    Raises:
        UnusableReply: If it is another one.
    """
    try:
        is_same = named() == view.offer
    except UnusableReply:
        is_same = False
    if not is_same:
        raise UnusableReply(
            'the action is "accept" but "offer" is another than on the table', "contradictory"
        )


def outcome_in(space: OutcomeSpace, offer: Mapping[str, Option]) -> int:
    """Return the outcome that an offer names: an option for every issue, as text or as a number.

    Raises:
        UnusableReply: If it names an issue or option that does not exist, or leaves an issue out.
    """
    if any(name not in space.issues for name in offer):
        raise UnusableReply(
            f"the offer names an issue that does not exist; there are {', '.join(space.issues)}",
            "illegal",
        )
    levels: list[int] = []
    for name, options in zip(space.issues, space.options, strict=True):
        if name not in offer:
            raise UnusableReply(f"the offer leaves {name!r} open; settle every issue", "illegal")
        level = _level(options, offer[name])
        if level is None:
            raise UnusableReply(
                f"{name!r} has no such option; choose one of those that are listed", "illegal"
            )
        levels.append(level)
    return space.index_of_levels(levels)


def _level(options: tuple[Option, ...], given: Option) -> int | None:
    """Return the place of the option that is given: by its very text, else by the same number."""
    if isinstance(given, str):
        texts = [option_text(option) for option in options]
        if given in texts:
            return texts.index(given)
    meant = {level for number in _numbers(given) for level in _of_number(options, number)}
    return meant.pop() if len(meant) == 1 else None


def _of_number(options: tuple[Option, ...], number: Decimal) -> list[int]:
    return [
        level
        for level, option in enumerate(options)
        if not isinstance(option, str) and Decimal(repr(option)) == number
    ]


def _numbers(given: Option) -> list[Decimal]:
    """Return the numbers that an option may mean: a comma sets off thousands, or decimals."""
    text = given.strip() if isinstance(given, str) else _plainly(given)
    if len(text) > _MAX_OPTION_CHARACTERS or not _NUMBER.fullmatch(text):
        return []
    readings = [text.replace(",", "")]
    if text.count(",") == 1 and "." not in text:
        readings.append(text.replace(",", "."))
    try:
        return [Decimal(reading) for reading in readings]
    except InvalidOperation:
        return []


def _plainly(number: float) -> str:
    # A number of thousands of digits would not even turn into text.
    return repr(number) if abs(number) < 1e15 else ""
