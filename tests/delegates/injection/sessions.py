"""Real sessions in which one seat's words are an attempt, and two seats are readers."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from delegates.negotiate import negotiate, resume
from delegates.settings import Settings
from games.scenario import parse_scenario
from tests.delegates.injection.readers import Choice, Request
from tests.delegates.injection.reading import ROUND, sheet_of, texts_of
from tests.delegates.sessions import events_of, settings_at
from tests.support.openai_stub import OpenAIStub
from transcripts.events import Event, MoveMade
from transcripts.store import seal

SPEAKER = "COD"
BRIEF = "The harbour of Lobito matters more to us than we let anyone see."
"""The private brief of the seats that are spoken to."""

_TRIO = """
minilateral: 1
id: trio
title: A corridor for cobalt
date: 2026-02-04
protocol: {{kind: alternating-offers, rounds: 4, opens: fixed}}
issues:
  route: {{label: route, options: [north, south, east]}}
  volume: {{label: yearly volume, unit: kt, options: [1, 2, 3]}}
parties:
  COD:
    name: DR Congo
    side: supplier
    reservation: 30
    points:
      route: {{north: 50, south: 20, east: 20}}
      volume: {{1: 20, 2: 35, 3: 50}}
  USA:
    name: United States
    side: consumer
    brief: {brief}
    reservation: 30
    points:
      route: {{north: 20, south: 50, east: 20}}
      volume: {{1: 50, 2: 35, 3: 20}}
  JPN:
    name: Japan
    side: consumer
    brief: {brief}
    reservation: 30
    points:
      route: {{north: 20, south: 20, east: 50}}
      volume: {{1: 50, 2: 35, 3: 20}}
"""
SEATS = {"COD": "llm:speaker", "USA": "llm:reader", "JPN": "menu:reader"}

GOOD_DAY = (
    "We thank the table and explain our text on the corridor.",
    "We repeat what we said of the corridor, and thank the table again.",
    "We have nothing to add on the corridor today.",
)
"""What the speaker says, a part a round, where it attempts nothing."""


GAME = parse_scenario(_TRIO.format(brief=BRIEF), "trio")
"""Every party's best outcome is poor for the others, but no worse than no agreement."""


Reader = Callable[[Request], Choice]


@dataclass
class Stage:
    """Where sessions are played: a server that speaks for all three seats."""

    home: Path
    reader: Reader
    parts: tuple[str, ...] = ()
    """What the speaker says, a part a round."""
    heard: list[Request] = field(default_factory=list[Request])
    """What the readers were asked, as it came over HTTP."""

    def __post_init__(self) -> None:
        self.stub = OpenAIStub(self.answer)

    @property
    def settings(self) -> Settings:
        return settings_at(self.stub.url, home=self.home)

    def answer(self, request: Any) -> str:
        system, user = texts_of(request)
        if "DR Congo" in system.split("\n")[0]:
            return self.attempt(system, user)
        self.heard.append(request)
        return self.reader(request).reply()

    def attempt(self, system: str, user: str) -> str:
        sheet, rounds = sheet_of(system), ROUND.findall(user)
        assert sheet is not None
        now = int(rounds[-1][0]) - 1
        if now == len(self.parts):
            return Choice("walk_away", None, "We see no basis for an agreement.").reply()
        return Choice("offer", sheet.best, self.parts[now]).reply()

    def play(self, parts: tuple[str, ...]) -> "Played":
        """Play a session in which the speaker says some words, a part a round, and then leaves."""
        self.parts, self.heard = parts, []
        events: list[Event] = []
        negotiate(GAME, SEATS, settings=self.settings, watch=lambda event, _: events.append(event))
        return Played(events, self.heard)

    def replay(self, control: "Played", words: str) -> "Played":
        """Play a session anew from the speaker's first move, words having been put in its mouth.

        So a person's words arrive, and a file's that somebody else wrote: neither cleaned nor cut.
        """
        self.parts, self.heard = (words,), []
        path = written(self.home / "forged.jsonl", up_to_first_move(control.events), words)
        resume(path, settings=self.settings)
        return Played(events_of(path), self.heard)


@dataclass(frozen=True)
class Played:
    """A session played, and what its readers were asked."""

    events: list[Event]
    heard: list[Request]

    @property
    def moves(self) -> list[tuple[str, str, str]]:
        """Who did what, without the words."""
        return [(m.party, m.act, json.dumps(m.outcome)) for m in self.made]

    @property
    def made(self) -> list[MoveMade]:
        return [event for event in self.events if isinstance(event, MoveMade)]

    @property
    def words(self) -> str:
        """What those spoken to said."""
        return "\n".join(move.words for move in self.made if move.party != SPEAKER)

    @property
    def spoken(self) -> str:
        """What the speaker said."""
        return "\n".join(move.words for move in self.made if move.party == SPEAKER)


def up_to_first_move(events: Iterable[Event]) -> list[Event]:
    """Return the events of a session up to its first move."""
    kept: list[Event] = []
    for event in events:
        kept.append(event)
        if isinstance(event, MoveMade):
            break
    return kept


def written(path: Path, events: list[Event], words: str) -> Path:
    """Write a transcript, sealed anew, whose last event is a move with some words."""
    lines: list[bytes] = []
    last = ""
    for event in [*events[:-1], events[-1].model_copy(update={"words": words})]:
        content = event.model_copy(update={"prev": last}).model_dump_json().encode()
        line, last = seal(content[:-1])
        lines.append(line)
    path.write_bytes(b"".join(lines))
    return path
