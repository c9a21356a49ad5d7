"""What a model may answer in a hall: the words of its acts, and the schema that a reply is to fit.

The schema of a stage is the same all through a session: providers put it before the prompt, and one
that changed would make them read all of it anew. Whether an act is allowed now is the protocol's to
say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from delegates.acts_open import OpenAct
from delegates.contract import View
from delegates.hall import Hall
from delegates.models.chat import Schema
from delegates.models.schema_parts import object_of, one_of, or_null
from delegates.text import MAX_WORDS_CHARACTERS
from games.moves import Move
from transcripts.acts import act_of

FEW_ENUMERATED = 16
"""Delegations up to which a schema lists them all."""


OF_ONE_TERM: Mapping[str, tuple[str, Mapping[str | bool, str]]] = {
    "vote": ("ballot", {"yes": "vote_yes", "no": "vote_no", "abstain": "abstain"}),
    "sign": (
        "signature",
        {"binding": "sign_binding", "declaratory": "sign_declaratory", "out": "stay_out"},
    ),
    "pledge": ("pays", {True: "pay", False: "pay_nothing"}),
    "carry-out": ("does", {True: "make_good", False: "back_down"}),
}
"""Acts whose one term is said with the action."""


def action_words(act: OpenAct) -> list[str]:
    """Return how a reply names an act, once for each choice of a term that is said with it."""
    of = OF_ONE_TERM.get(act.act)
    if of is None:
        return [act.act.replace("-", "_")]
    term, words = of
    return [words[cast("str | bool", choice)] for choice in act.terms[term].choices]


def action_of(move: Move) -> str:
    """Return how a reply names a move."""
    act = act_of(move)
    of = OF_ONE_TERM.get(act)
    if of is None:
        return act.replace("-", "_")
    term, words = of
    return words[getattr(move, term)]


def actions_of_stage(view: View, hall: Hall) -> list[str]:
    """Return the words of every act that a seat may ever do at the stage."""
    match hall.stage:
        case "floor":
            measures = hall.affairs.measures.values()
            asides = ["threaten"] if any(one.is_threat for one in measures) else []
            asides.append("promise")
            asides += ["approach"] if hall.affairs.deals else []
            asides += ["call_caucus"] if view.public.rules.caucuses else []
            capital = ["ask_capital"] if view.mandate is not None else []
            return ["offer", "accept", "pass", *capital, *asides, "walk_away"]
        case "room":
            return ["offer", "accept", "pass", "promise", "walk_away"]
        case "chair":
            ends = ["open_signature"] if hall.kind == "forum" else ["put_to_vote"]
            return [*_CHAIRING, *ends, "extend", "adjourn", "walk_away"]
        case "silence":
            return ["keep_silence", "break_silence", "walk_away"]
        case "vote":
            return [*OF_ONE_TERM["vote"][1].values(), "walk_away"]
        case "sign":
            return [*OF_ONE_TERM["sign"][1].values()]
        case "pledge":
            return [*OF_ONE_TERM["pledge"][1].values()]
        case "due":
            return [*OF_ONE_TERM["carry-out"][1].values()]


_CHAIRING = (
    "merge",
    "call_informal",
    "open_breakouts",
    "park",
    "group",
    "reopen",
    "open_silence",
)


def fields_of(view: View, hall: Hall) -> tuple[str, ...]:
    """Return the terms that a seat's acts at the stage may have beside an outcome."""
    actions = actions_of_stage(view, hall)
    wanted: list[str] = []
    for action in actions:
        wanted += [name for name in TERMS.get(action, ()) if name not in wanted]
    return tuple(wanted)


TERMS: Mapping[str, tuple[str, ...]] = {
    "threaten": ("measure", "issue", "option"),
    "promise": ("to", "issue", "option", "measure"),
    "approach": ("deal",),
    "call_caucus": ("members", "issues"),
    "park": ("issue",),
    "group": ("issues",),
    "call_informal": ("issue", "members"),
    "ask_capital": ("issue", "option"),
}


def hall_schema(view: View, hall: Hall) -> Schema:
    """Return the JSON schema of a decision at the stage that a hall is in."""
    actions = actions_of_stage(view, hall)
    text = {"type": "string", "maxLength": MAX_WORDS_CHARACTERS}
    properties: dict[str, object] = {"reasoning": text, "action": one_of(actions)}
    if "offer" in actions or "merge" in actions:
        options = {name: one_of(issue.texts) for name, issue in view.public.issues.items()}
        properties["offer"] = or_null(object_of(options))
    terms = fields_of(view, hall)
    if terms:
        properties["on"] = or_null(object_of({name: _term(view, hall, name) for name in terms}))
    if hall.is_aloud and hall.stage in ("floor", "room", "chair"):
        properties["message"] = text
    return Schema(name=f"move_{hall.stage}", json=object_of(properties))


def _term(view: View, hall: Hall, name: str) -> dict[str, object]:
    ids = list(view.public.parties)
    match name:
        case "measure":
            known = list(hall.affairs.measures)
            return or_null(one_of(known)) if known else {"type": "null"}
        case "deal":
            return or_null(one_of(list(hall.affairs.deals)))
        case "issue":
            return or_null(one_of(list(view.public.issues)))
        case "issues":
            return or_null({"type": "array", "items": one_of(list(view.public.issues))})
        case "option":
            return or_null({"type": "string"})
        case _:
            few = len(ids) <= FEW_ENUMERATED
            return or_null({"type": "array", "items": one_of(ids) if few else {"type": "string"}})
