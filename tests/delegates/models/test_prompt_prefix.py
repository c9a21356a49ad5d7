"""Nearly all of what a model is sent in a session is the beginning of a prompt it was sent before.

Counted in characters, which tokens follow closely enough for a share. The schema counts as part of
what is sent: providers put it before the prompt.
"""

import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from delegates import negotiate
from delegates.models.chat import Ask, Message, Schema
from delegates.models.dialect import LADDER, Dialect
from games.scenario import Scenario, load_scenario
from tests.delegates.sessions import mini, settings_at
from tests.support.openai_stub import OpenAIStub, Said
from transcripts.events import Asked
from transcripts.store import Transcript

ROUNDS = 10
LEAST = 0.8
SPEECH = (
    "We have listened with care to what was said, and we want an agreement that both of us can "
    "defend at home for years. What is on the table does not do that yet. {} With that we would be "
    "ready to close, and to take the text to our capitals tonight; let us see whether you can move."
)


def haggling(request: Mapping[str, Any], failing: float) -> str | Said:
    """Answer in role, at the length that models answer, without ever accepting.

    A share of the answers fails, so that they are asked for again.
    """
    chance = Random(json.dumps(request["messages"]))
    schema = request.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is not None:
        if chance.random() < failing:
            return "Let me think about that."
        issues = schema["properties"]["offer"]["anyOf"][0]["properties"]
        offer = {name: chance.choice(issue["enum"]) for name, issue in issues.items()}
        message = SPEECH.format(f"Our text has the number {chance.randrange(1000, 9999)}.")
        said = {"reasoning": "We wait.", "action": "offer", "offer": offer, "message": message}
        return json.dumps(said)
    if request.get("logprobs"):
        return "C" if chance.random() >= failing else "I would rather not say."
    return SPEECH.format("We propose this, stand by it and would accept nothing less.")


def ten_rounds(of: Scenario, seat: str, home: Path, failing: float = 0.0) -> list[Asked]:
    """Return every question of a session of ten rounds in which both seats are of one kind."""
    protocol = of.protocol.model_copy(update={"rounds": ROUNDS})
    game = of.model_copy(update={"protocol": protocol})
    path = home / "s.jsonl"
    with OpenAIStub(partial(haggling, failing=failing)) as stub:
        settings = settings_at(stub.url, home=home)
        seats = dict.fromkeys(game.ids, seat)
        negotiate(game, seats, seed=3, transcript=path, settings=settings)
    return [event for event in Transcript(path).events() if isinstance(event, Asked)]


def share_sent_before(questions: list[Asked], dialect: Dialect) -> float:
    """Return which share of what was sent begins like something sent for the same seat before."""
    sent: dict[tuple[str, str], list[str]] = {}
    whole = known = 0
    for question in questions:
        text = as_sent(question, dialect)
        before = sent.setdefault((question.party, question.purpose), [])
        whole += len(text)
        known += max((shared(text, one) for one in before), default=0)
        before.append(text)
    return known / whole


def shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def as_sent(question: Asked, dialect: Dialect) -> str:
    schema = question.answer_schema
    ask = Ask(
        messages=tuple(Message(role=m.role, content=m.content) for m in question.messages),
        max_tokens=1,
        schema=None if schema is None else Schema(name="move", json=schema),
    )
    request = dialect.request(ask, "m")
    first = json.dumps([request.get("response_format"), request.get("tools")])
    messages: Any = request["messages"]
    return first + "".join(f"\n<{one['role']}>\n{one['content']}" for one in messages)


COBALT, SMALL = load_scenario("cobalt-offtake"), mini()


@pytest.mark.parametrize("seat", ["llm:m", "menu:m", "firm+llm:m"])
@pytest.mark.parametrize("game", [COBALT, SMALL], ids=lambda one: one.id)
def test_four_fifths_of_a_session_were_sent_before(
    tmp_path: Path, seat: str, game: Scenario
) -> None:
    questions = ten_rounds(game, seat, tmp_path)
    assert len(questions) >= 2 * ROUNDS
    for way in LADDER:
        assert share_sent_before(questions, Dialect(schema=way)) >= LEAST, way


@pytest.mark.parametrize("seat", ["llm:m", "menu:m"])
def test_asking_again_begins_as_the_question_did(tmp_path: Path, seat: str) -> None:
    questions = ten_rounds(SMALL, seat, tmp_path, failing=0.4)
    again = [one for one in questions if "could not be used" in one.messages[-1].content]
    assert len(again) > 5
    assert share_sent_before(questions, Dialect()) >= LEAST


def test_rotations_show_the_menu_from_another_end(tmp_path: Path) -> None:
    picked = ten_rounds(SMALL, "menu:m", tmp_path)
    shown = [re.findall(r"^A\) (.*)$", one.messages[-1].content, re.MULTILINE) for one in picked]
    assert len({first for (first,) in shown[:3]}) > 1


def test_a_schema_stays_the_same_all_through_a_session(tmp_path: Path) -> None:
    schemas = [json.dumps(one.answer_schema) for one in ten_rounds(SMALL, "llm:m", tmp_path)]
    assert len(set(schemas)) == 1
