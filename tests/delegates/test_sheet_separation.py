"""What a person writes on a sheet, guesses and is advised never reaches another seat."""

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from delegates import negotiate
from delegates.persons.person import AskAdvice, GuessAgain, HandOver, PersonMove
from games.preparation import Guess, Sheet
from tests.delegates.persons.test_person import BEST, Script
from tests.delegates.sessions import WORDS, events_of, haggle, mini, said, settings_at
from tests.delegates.test_separation import SPYING, Spy, parts
from tests.support.openai_stub import OpenAIStub
from transcripts import verify
from transcripts.events import Asked, Event, Prepared, Suggested

CANARY = 31.4159265
"""A figure that stands nowhere but on a sheet."""

FEINT = ("rail", "price", "volume")
"""A ranking that nothing else would bring into this order."""

SHEET = Sheet(
    reservation=CANARY,
    target=CANARY,
    walk_away=CANARY,
    ranking=FEINT,
    guesses={"COD": Guess(reservation=CANARY, ranking=FEINT)},
)


def told_of(text: str) -> bool:
    """Whether a text gives away anything of a sheet, of guesses or of advice."""
    traces = ("31.4", "counterparts that fit", json.dumps(FEINT), ", ".join(FEINT))
    return any(trace in text for trace in traces)


def never_accepts(request: Mapping[str, Any]) -> str:
    """Answer as a model that goes on offering the same, each time in other words."""
    if "response_format" not in request:
        return haggle(request)
    number = Random(json.dumps(request["messages"])).randrange(10_000, 100_000)
    offer = {"volume": "2", "price": "30", "rail": "rail"}
    return said("offer", offer, f"{WORDS} This is our text {number}.")


def secret_session(path: Path, counterpart: str, home: Path | None = None) -> list[Event]:
    """Play a session whose sheet, guesses and advice are full of canaries."""
    script = Script(
        {
            0: [AskAdvice(), PersonMove(BEST)],
            2: [PersonMove(BEST)],
            4: [GuessAgain(SHEET), AskAdvice(), PersonMove(BEST)],
            6: [HandOver()],
        }
    )
    with OpenAIStub(never_accepts) as stub:
        negotiate(
            mini(rounds=4),
            {"USA": "human(hints=yes,stand-in=llm):m+llm:m", "COD": counterpart},
            seed=2,
            transcript=path,
            settings=settings_at(stub.url, home=home or path.parent),
            person=script,
            watch=script.watch,
            sheets={"USA": SHEET},
        )
        prompts = [json.dumps(request) for request in stub.requests]
    assert prompts
    assert [prompt for prompt in prompts if told_of(prompt)] == []
    for turn in script.asked:
        reached = [part for part in parts(turn.view, set()) if isinstance(part, str | float)]
        assert CANARY not in reached
    return events_of(path)


def test_no_prompt_and_no_other_event_tells_of_them(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    events = secret_session(path, "llm:m+llm:m")
    assert verify(path).ok
    kinds = [event.type for event in events if isinstance(event, Prepared | Suggested)]
    assert kinds == ["prepared", "suggested", "prepared", "suggested"]
    assert {event.party for event in events if isinstance(event, Asked)} == {"USA", "COD"}
    others = [event for event in events if not isinstance(event, Prepared | Suggested)]
    assert [event.type for event in others if told_of(event.model_dump_json())] == []


def test_moves_and_words_are_the_same_without_them(tmp_path: Path) -> None:
    path = tmp_path / "with.jsonl"
    with_sheet = secret_session(path, "firm")
    script = Script({0: [PersonMove(BEST)], 2: [PersonMove(BEST)], 4: [PersonMove(BEST)]})
    bare_path = tmp_path / "without.jsonl"
    with OpenAIStub(never_accepts) as stub:
        negotiate(
            mini(rounds=4),
            {"USA": "human(hints=yes,stand-in=llm):m+llm:m", "COD": "firm"},
            seed=2,
            transcript=bare_path,
            settings=settings_at(stub.url, home=tmp_path),
            person=script,
            watch=script.watch,
        )
    kept = {"turn", "round", "party", "act", "outcome", "words"}
    made, without = (
        [event.model_dump(include=kept) for event in events if event.type == "moved"]
        for events in (with_sheet, events_of(bare_path))
    )
    assert made == without


def test_whoever_traces_the_graph_is_told_nothing_of_them(tmp_path: Path) -> None:
    spy = Spy()
    SPYING.set(spy)
    secret_session(tmp_path / "s.jsonl", "firm")
    SPYING.set(None)
    assert len(spy.told) > 10
    assert not told_of(repr(spy.told))
    assert "Sheet(" not in repr(spy.told)
