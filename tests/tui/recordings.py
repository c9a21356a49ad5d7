"""Transcripts for the tests of the replay: a fixed one, short ones as told, and a very long one."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from games.scenario import Scenario
from tests.support.domains import party, scenario
from transcripts.events import (
    Asked,
    Event,
    Message,
    MoveMade,
    Opened,
    Parent,
    Replied,
    Retried,
    Seat,
    SessionClosed,
    Tokens,
    Unusable,
)
from transcripts.store import seal

TALKS = Path(__file__).parent / "data" / "talks.jsonl"
"""A finished session of 14 moves over 7 rounds; move 5 was worded by a template after all."""

NOON = "2026-02-04T12:00:00.000Z"


def pair(rounds: int = 10, **more: Any) -> Scenario:
    """Return a small scenario of two parties, who take turns in a fixed order."""
    return scenario(
        {
            "tonnes": {"label": "volume", "unit": "t", "options": [1, 2, 3], "obligor": "SUP"},
            "price": {"label": "price", "unit": "USD", "options": [10, 20, 30], "obligor": "BUY"},
        },
        {
            "BUY": party(
                {"tonnes": {"1": 0, "2": 20, "3": 40}, "price": {"10": 40, "20": 30, "30": 0}},
                20,
                name="Buyer",
            ),
            "SUP": party(
                {"tonnes": {"1": 40, "2": 30, "3": 0}, "price": {"10": 0, "20": 20, "30": 40}},
                20,
                name="Supplier",
                side="supplier",
            ),
        },
        protocol={"rounds": rounds, "opens": "fixed"},
        **more,
    )


def several(parties: int) -> Scenario:
    """Return a small scenario of three to five parties."""
    names = ["AAA", "BBB", "CCC", "DDD", "EEE"][:parties]
    sides = ["consumer", "supplier", "mixed", "mixed", "mixed"]
    points = [{"1": 0, "2": 20, "3": 40}, {"1": 40, "2": 20, "3": 0}]
    points += 3 * [{"1": 10, "2": 40, "3": 10}]
    return scenario(
        {"tonnes": {"label": "volume", "options": [1, 2, 3]}},
        {
            name: party({"tonnes": own}, 5, side=side)
            for name, own, side in zip(names, points, sides, strict=False)
        },
        protocol={"rounds": 4, "opens": "fixed"},
    )


def header(of: Scenario, parent: Parent | None = None) -> Opened:
    seat = Seat(spec="firm", decides="code (firm)", words="templates")
    return Opened(
        program="test",
        session="test",
        scenario=json.loads(of.canonical()),
        seats=dict.fromkeys(of.ids, seat),
        seed=1,
        parent=parent,
    )


def moved(of: Scenario, turn: int, tonnes: int | None = None, **more: Any) -> MoveMade:
    """Return a move in a fixed order of turns: an offer of so many tonnes, else an acceptance."""
    price = {"price": 20} if "price" in of.issues else {}
    return MoveMade(
        turn=turn,
        round=turn // len(of.ids),
        **{
            "party": of.ids[turn % len(of.ids)],
            "act": "accept" if tonnes is None else "offer",
            "outcome": None if tonnes is None else {"tonnes": tonnes, **price},
            "words": f"Words of turn {turn}.",
            **more,
        },
    )


def offers(of: Scenario, tonnes: Sequence[int | None], **more: Any) -> list[MoveMade]:
    """Return moves, each an offer of so many tonnes, or an acceptance for None."""
    return [moved(of, turn, amount, **more) for turn, amount in enumerate(tonnes)]


PROMPT = (
    Message(role="system", content="You are the chief delegate of Buyer.\nYou want cheap ore."),
    Message(role="user", content='THE TALKS SO FAR\nRound 1, Supplier: OFFER {"tonnes": "1"}.'),
)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "action": {"type": "string", "enum": ["offer", "accept", "walk_away"]},
        "message": {"type": "string", "maxLength": 600},
    },
    "required": ["action", "message"],
}


def asked(turn: int, party: str, call: int = 0, **more: Any) -> Asked:
    """Return a question to a model."""
    return Asked(
        turn=turn,
        party=party,
        call=call,
        **{
            "purpose": "decide",
            "model": "deep-1",
            "host": "models.example",
            "messages": PROMPT,
            "settings": {"max_tokens": 1200, "temperature": 0.7, "schema": "move"},
            "answer_schema": SCHEMA,
            **more,
        },
    )


def replied(turn: int, party: str, call: int = 0, **more: Any) -> Replied:
    """Return what it replied."""
    return Replied(
        turn=turn,
        party=party,
        call=call,
        **{
            "purpose": "decide",
            "text": '{"action": "offer", "message": "We offer this."}',
            "finish": "stop",
            "tokens": Tokens(input=1812, output=64, cached=1536, reasoning=20),
            "cost_usd": 0.000331,
            "latency_s": 1.23,
            "request_id": "req-7",
            "sent_as": "strict",
            **more,
        },
    )


def consulted(of: Scenario) -> list[Event]:
    """Return two moves: one after two calls that went badly first, one that code decided."""
    first, second = of.ids[:2]
    again = Message(role="user", content="Your last reply could not be used: no offer. Reply again")
    return [
        asked(0, first),
        Retried(turn=0, party=first, attempt=1, reason="HTTP 503 (busy)", wait_s=0.4),
        replied(0, first, text="I would rather talk.", cost_usd=None, sent_as=""),
        Unusable(
            turn=0, party=first, purpose="decide", call=0, reason="no offer", fault="unparsable"
        ),
        asked(0, first, 1, messages=(*PROMPT, again)),
        replied(0, first, 1),
        moved(of, 0, 3, decided_by="deep-1 (freely)", worded_by="deep-1"),
        moved(of, 1, 1, party=second, decided_by="code (firm)", worded_by="templates"),
    ]


def closed(of: Scenario) -> SessionClosed:
    return SessionClosed(status="agreement", outcome=None, utilities={}, payoffs={})


def recorded(
    path: Path, of: Scenario, events: Iterable[Event], parent: Parent | None = None, **said: Any
) -> Path:
    """Write a transcript of some events, its header saying more, and return where it is."""
    last, lines = "", list[bytes]()
    for number, event in enumerate([header(of, parent).model_copy(update=said), *events]):
        kept = event.model_copy(update={"n": number, "at": NOON, "prev": last})
        line, last = seal(kept.model_dump_json().encode()[:-1])
        lines.append(line)
    path.write_bytes(b"".join(lines))
    return path


def with_person(path: Path, *, closes: bool) -> Path:
    """Write a session in which a person sits for BUY, over or not, and return where it is."""
    of = pair()
    opened = header(of)
    seats = {**opened.seats, "BUY": opened.seats["BUY"].model_copy(update={"spec": "human"})}
    events: list[Event] = [*offers(of, [3, 1])]
    if closes:
        events = [moved(of, 0, 3), moved(of, 1, None), closed(of)]
    return recorded(path, of, events, seats=seats)


def long_recording(path: Path, moves: int, of: Scenario | None = None) -> Path:
    """Write a transcript of very many offers, line by line as text, and return where it is.

    Args:
        path: The file.
        moves: How many there are.
        of: What is negotiated, by as many parties as it takes, with issues `tonnes` and `price`.
    """
    of = of or pair(rounds=moves // 2 + 1)
    parties = len(of.ids)
    recorded(path, of, [])
    lines = [path.read_bytes()]
    last = json.loads(lines[0])["hash"]
    for turn in range(moves):
        words = "We ask our partners to consider this text. " * (1 + turn * 7 % 5)
        body = (
            f'{{"n":{turn + 1},"at":"{NOON}","prev":"{last}","type":"moved","turn":{turn},'
            f'"round":{turn // parties},"party":"{of.ids[turn % parties]}","act":"offer",'
            f'"outcome":{{"tonnes":{1 + turn % 3},"price":20}},"words":"{words}",'
            '"decided_by":"","worded_by":"","fallback":null,"words_fallback":null'
        )
        line, last = seal(body.encode())
        lines.append(line)
    path.write_bytes(b"".join(lines))
    return path


def spoilt(path: Path, number: int) -> Path:
    """Change one letter of a line's content."""
    lines = path.read_bytes().splitlines(keepends=True)
    lines[number] = lines[number].replace(b'"words":"W', b'"words":"w')
    path.write_bytes(b"".join(lines))
    return path
