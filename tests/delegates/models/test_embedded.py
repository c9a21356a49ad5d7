"""The embedded model for real; run by hand with `-m model`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

TALK = """
import asyncio, json, os, sys, time
from delegates.models.chat import Ask, Message, Schema
from delegates.models.connect import connect
from delegates.models.local import embedded_model
from delegates.settings import load_settings

settings = load_settings(os.environ)
began = time.monotonic()
client = connect(settings, "local")
loaded_s = time.monotonic() - began
schema = {
    "type": "object",
    "properties": {"statement": {"type": "string", "maxLength": 200, "pattern": "^[ -~]*$"}},
    "required": ["statement"],
    "additionalProperties": False,
}
words = "Put this offer into one polite sentence to DR Congo: 7,500 t of cobalt a year."
ask = Ask(
    messages=(
        Message(role="system", content="You speak for the United States."),
        Message(role="user", content=words),
    ),
    max_tokens=120, schema=Schema(name="statement", json=schema), temperature=0.7, seed=7,
)
letter = Ask(
    messages=(Message(role="user", content="Answer with one letter, A or B. Which is first?"),),
    max_tokens=1, temperature=0.0, seed=1, top_logprobs=5,
)

async def main():
    replies = [await client.complete(ask, attempts=Heard()) for _ in range(3)]
    one = await client.complete(letter, attempts=Heard())
    await client.aclose()
    return replies, one

replies, one = asyncio.run(main())
print(json.dumps({
    "loaded_s": loaded_s,
    "shared": embedded_model("local", settings).shared,
    "texts": [r.text for r in replies],
    "latencies": [r.latency_s for r in replies],
    "usage": [(r.usage.input, r.usage.output) for r in replies],
    "model": replies[0].model,
    "logprobs": one.logprobs,
}))
if len(sys.argv) > 1:
    sys.stdin.read()
"""


@pytest.mark.model
@pytest.mark.timeout(600)
def test_it_words_an_offer_as_json_the_same_each_time_with_a_clean_terminal() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", TALK], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said = json.loads(ran.stdout)
    print(ran.stdout)
    assert ran.stderr == ""
    assert len(set(said["texts"])) == 1
    assert set(json.loads(said["texts"][0])) == {"statement"}
    assert len(said["logprobs"]) == 5


@pytest.mark.model
@pytest.mark.timeout(600)
def test_a_second_process_shares_the_server_of_the_first() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TALK, "wait"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        first = json.loads(owner.stdout.readline())
        ran = subprocess.run(
            [sys.executable, "-c", TALK], cwd=ROOT, capture_output=True, text=True, check=True
        )
    second = json.loads(ran.stdout)
    assert (first["shared"], second["shared"]) == (False, True)
    assert second["loaded_s"] < 1.5


CARRY_ON = """
import asyncio, os, sys
from delegates.models.chat import Ask, Message
from delegates.models.connect import connect
from delegates.settings import load_settings

ask = Ask(messages=(Message(role="user", content="Say hello."),), max_tokens=8, seed=1)
client = connect(load_settings(os.environ), "local")

async def main():
    await client.complete(ask, attempts=Heard())
    print("ready", flush=True)
    sys.stdin.readline()
    await client.complete(ask, attempts=Heard())
    await client.aclose()

asyncio.run(main())
"""


@pytest.mark.model
@pytest.mark.timeout(600)
def test_a_process_carries_on_when_the_one_that_ran_the_server_ends() -> None:
    def start(code: str, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code, *args],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    with start(TALK, "wait") as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        guest = start(CARRY_ON)
        assert guest.stdout is not None
        assert guest.stdout.readline() == "ready\n"
    out, _ = guest.communicate("go on\n")
    assert out == "connection refused\n"
    assert guest.returncode == 0
