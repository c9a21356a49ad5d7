"""What a session spent before, read from its transcript: what replies cost, what may be billed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pydantic import SecretStr

from delegates.models.budget import Reservation, Spent, most_of
from delegates.models.chat import Ask, Message, Schema, Usage
from delegates.models.dialect import REASONING_ROOM
from delegates.models.prices import find_price
from delegates.settings import DUMMY_KEY, EMBEDDED_HOST, Endpoint, Price, Settings
from transcripts.events import (
    Asked,
    Event,
    Failed,
    MoveMade,
    Replied,
    Resumed,
    Retried,
    Tokens,
)
from transcripts.rescue import DAMAGED

KILLED = "the run was cut off while this may have been asked"
"""Why a call of a killed run has no reply."""


class _Books:
    """Goes through a transcript's events and adds up what they may have cost."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.spent = Spent()
        self.unanswered: dict[tuple[int, str], Asked] = {}
        """Questions without a reply, by turn and party; a later run asks them again unrecorded."""
        self.flying: dict[tuple[int, str], Asked] = {}
        """Those among them that may have been in flight when the run ended."""
        self._run: tuple[str, str] | None = None

    def add(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case Asked():
                self.unanswered[event.turn, event.party] = event
                self.flying[event.turn, event.party] = event
            case Replied():
                self._reply(event)
            case Retried() | Failed():
                self.spent = self.spent.with_lost(_size(event.tokens), event.cost_usd)
                if isinstance(event, Failed) and not _is_of_a_cut(event):
                    self.flying.pop((event.turn, event.party), None)
            case MoveMade():
                # Whoever moves has heard of every call of its own, or made none.
                self._answered(event)
            case Resumed():
                self.end_run()
            case _:
                pass
        is_late = isinstance(event, Failed) and (event.reason == KILLED or _is_of_a_cut(event))
        if not is_late:
            # That is recorded by the next run: what lies between the two is nobody's time.
            self._run = (self._run[0] if self._run else event.at, event.at)

    def _reply(self, event: Replied) -> None:
        self._answered(event)
        if not event.from_cache:
            used = event.tokens
            usage = Usage(
                input=used.input, output=used.output, cached=used.cached, reasoning=used.reasoning
            )
            self.spent = self.spent.with_reply(usage, event.cost_usd)

    def _answered(self, event: Replied | MoveMade) -> None:
        self.unanswered.pop((event.turn, event.party), None)
        self.flying.pop((event.turn, event.party), None)

    def end_run(self) -> None:
        """Charge what was in flight when a run ended; the next one may ask it again."""
        for asked in self.flying.values():
            bound = _bound(asked, self.settings)
            self.spent = self.spent.with_lost(bound.tokens, bound.cost_usd)
        self.flying = dict(self.unanswered)
        if self._run is not None:
            taken = self.spent.time_s + _seconds_between(*self._run)
            self.spent = replace(self.spent, time_s=taken)
        self._run = None


def spent_by(events: Iterable[Event], settings: Settings, *, has_ended: bool) -> Spent:
    """Return what a session has used up according to its transcript.

    A question that has neither a reply nor a failure after it was in flight when its run was
    killed, and may be billed: it is counted at its upper bound, once for every such run.

    Args:
        events: What the session itself recorded, not what it shares with one it branched off.
        settings: Where prices are.
        has_ended: Whether the last run is over; if not, whoever plays it counts what it asks.
    """
    books = _Books(settings)
    for event in events:
        books.add(event)
    if has_ended:
        books.end_run()
    return books.spent


def cut_off(events: Iterable[Event], settings: Settings) -> list[Failed]:
    """Return what is to be recorded, before a session is carried on, of the calls of a killed run.

    Then the transcript itself says what may have been billed, to whoever adds it up.
    """
    books = _Books(settings)
    for event in events:
        books.add(event)
    failed: list[Failed] = []
    for asked in books.flying.values():
        bound = _bound(asked, settings)
        failed.append(
            Failed(
                turn=asked.turn,
                party=asked.party,
                reason=KILLED,
                tokens=Tokens(input=bound.bound.input, output=bound.bound.output),
                cost_usd=bound.cost_usd,
            )
        )
    return failed


def _is_of_a_cut(event: Failed) -> bool:
    """Return whether an event tells of a damaged record that was cut back, not of a call."""
    return event.reason.startswith(DAMAGED)


def _size(tokens: Tokens) -> int:
    return tokens.input + tokens.output


def _bound(asked: Asked, settings: Settings) -> Reservation:
    """Return the most that one attempt of a call can have used."""
    limit = asked.settings.get("max_tokens")
    schema = asked.answer_schema
    ask = Ask(
        messages=tuple(Message(role=m.role, content=m.content) for m in asked.messages),
        # Whether the server had taught by then that its model thinks before it answers?
        max_tokens=REASONING_ROOM + (limit if isinstance(limit, int) else 0),
        schema=None if schema is None else Schema(name="", json=schema),
    )
    return most_of(ask, _price(asked, settings))


def _price(asked: Asked, settings: Settings) -> Price | None:
    """Return what the model of a call costs, wherever the settings now say it is asked."""
    embedded = asked.host == EMBEDDED_HOST
    url = "" if embedded else f"https://{asked.host}/v1"
    endpoint = Endpoint(
        name=asked.host, base_url=url, api_key=SecretStr(DUMMY_KEY), host=asked.host
    )
    return find_price(settings, asked.model, endpoint)


def _seconds_between(first: str, last: str) -> float:
    try:
        seconds = (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
    except ValueError:
        return 0.0
    return max(0.0, seconds)
