"""A mind that lets a language model decide freely and word its own moves.

A reply that cannot be used is asked for again with the reason, at most twice. Where no reply names
a legal move, the fallback mind moves and the event says so. Where one did and only its words could
not be spoken, the move stands and is worded by a template. No reply is ever repaired into a move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from delegates.contract import Decision, ScriptedMind, View
from delegates.hearing import is_worded
from delegates.line import Line
from delegates.listening import message_in
from delegates.minds.firm import Firm
from delegates.minds.hall_replies import RawHallDecision, hall_move
from delegates.minds.replies import decision_in, legal_move, read_as
from delegates.models.chat import Ask, Reply
from delegates.models.hall_prompt import hall_messages
from delegates.models.hall_schema import hall_schema
from delegates.models.prompt import decision_messages, decision_schema
from delegates.shortfall import falls_short
from delegates.text import clean
from delegates.voices.speech import flags_of_words, require_consistent, require_speakable
from games.errors import UnusableReply
from games.session import Move
from transcripts.events import Flag

ATTEMPTS = 3
"""How often a model is asked for one move, the first time included."""

MAX_REPLY_TOKENS = 1200
"""Longest reply that is paid for."""

Guard = Literal["flag", "off", "enforce"]
"""What becomes of a move worth less to the seat than no agreement: it is made and marked, made as
any other, or refused like one that is illegal. It is counted in the end whatever the guard."""

_FLAGS: dict[str, tuple[Flag, ...]] = {"repeating": ("repeating",), "off-topic": ("off-topic",)}


@dataclass(frozen=True)
class LlmMind:
    """Decides by what a model replies."""

    line: Line
    guard: Guard = "flag"
    temperature: float = 0.7
    effort: str | None = None
    """How hard a model that reasons is to think; None leaves it to the server."""
    speaks: bool = True
    """Whether its words are spoken; else a voice words its moves."""
    fallback: ScriptedMind = field(default_factory=Firm)

    async def decide(self, view: View) -> Decision:
        """Return the model's decision, or the fallback mind's if it gives none that can be used."""
        problems: list[str] = []
        unworded: Decision | None = None
        for attempt in range(ATTEMPTS):
            ask = self._ask(view, problems, attempt)
            aloud = message_in if self.speaks and _asks_for_words(ask) else None
            reply = await self.line.ask(view, "decide", ask, aloud)
            try:
                decision = decision_of(view, reply, self.guard)
            except UnusableReply as error:
                self._refuse(view, reply, error, problems)
                continue
            try:
                return self._spoken(view, decision)
            except UnusableReply as error:
                self._refuse(view, reply, error, problems)
                unworded = _without_words(decision, error)
        return unworded or Decision(
            by_rule(view, self.fallback),
            fallback=f"{self.line.model} gave no usable move in {ATTEMPTS} replies: {problems[-1]}",
            unworded="the fallback says nothing of its own",
        )

    def _refuse(self, view: View, reply: Reply, error: UnusableReply, problems: list[str]) -> None:
        problems.append(str(error))
        if error.fault == "unparsable" and reply.sent_as:
            self.line.client.note_unparsable(reply.sent_as)
        self.line.unusable(view, "decide", str(error), error.fault)

    def _spoken(self, view: View, decision: Decision) -> Decision:
        """Return a decision whose words, if they are spoken, were checked and are marked."""
        if not self.speaks or not decision.words:
            return decision
        require_speakable(view, decision.move, decision.words)
        told = flags_of_words(view, decision.move, decision.words)
        return replace(decision, flags=(*decision.flags, *told))

    def _ask(self, view: View, problems: list[str], attempt: int) -> Ask:
        hall = view.hall
        return Ask(
            messages=decision_messages(view, problems)
            if hall is None
            else hall_messages(view, hall, problems),
            schema=decision_schema(view) if hall is None else hall_schema(view, hall),
            max_tokens=MAX_REPLY_TOKENS,
            temperature=self.temperature,
            seed=view.random(f"decide/{attempt}").randrange(2**31),
            effort=self.effort,
        )


def _asks_for_words(ask: Ask) -> bool:
    """Return whether a reply is to hold words that are said aloud; in a vote it is not."""
    properties = None if ask.schema is None else ask.schema.json["properties"]
    return "message" in cast("Mapping[str, object]", properties or {})


def _without_words(decision: Decision, error: UnusableReply) -> Decision:
    return replace(
        decision,
        words=None,
        unworded=f"its words could not be spoken: {error}",
        flags=(*decision.flags, *_FLAGS.get(error.fault, ())),
    )


def decision_of(view: View, reply: Reply, guard: Guard = "flag") -> Decision:
    """Return the decision that a reply holds.

    Raises:
        UnusableReply: If it holds none, contradicts itself, is not a legal move, or is one that the
            guard does not let pass.
    """
    move, words = _deed(view, reply)
    require_consistent(view, move, words)
    if not is_worded(view, move):
        words = ""
    if not falls_short(view, move):
        return Decision(move, words=words)
    if guard == "enforce":
        # Not by how much: what is wrong is shown to whoever watches.
        raise UnusableReply(
            "the move would leave you with less than no agreement", "below-reservation"
        )
    flags: tuple[Flag, ...] = ("below-reservation",) if guard == "flag" else ()
    return Decision(move, words=words, flags=flags)


def _deed(view: View, reply: Reply) -> tuple[Move, str]:
    """Return the legal move that a reply names, and the words to go with it."""
    if view.hall is None:
        raw = decision_in(reply)
        return legal_move(view, raw), clean(raw.message)
    said = read_as(RawHallDecision, reply)
    return hall_move(view, view.hall, said), clean(said.message)


def by_rule(view: View, mind: ScriptedMind) -> Move:
    """Return what a seat does that follows a mind's rule: held or not, in every stage of a hall."""
    if view.hall is None:
        instead = None if view.mandate is None else view.mandate.instead()
        return instead or mind.choose(view)
    return view.hall.by_rule(lambda: mind.choose(view))


def guard_of(word: object) -> Guard:
    """Return the guard that a seat's parameter names."""
    return cast("Guard", word)


def effort_of(word: object) -> str | None:
    """Return the effort that a seat's parameter names; None where it leaves it to the server."""
    return None if word == "default" else str(word)
