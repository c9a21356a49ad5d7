import os
import sqlite3
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.models.cache import (
    CacheFacts,
    ReplyCache,
    cache_facts,
    cache_path,
    is_worth_keeping,
    open_cache,
    question_key,
)
from delegates.models.chat import Ask, Message, Reply, Schema, Usage
from delegates.models.dialect import Dialect
from delegates.models.local import identity
from tests.delegates.sessions import settings_at

ASK = Ask(
    messages=(Message(role="system", content="You."), Message(role="user", content="Well?")),
    max_tokens=9,
    schema=Schema(name="move", json={"type": "object", "properties": {"a": {}, "b": {}}}),
    temperature=0.7,
    seed=3,
    top_logprobs=20,
    effort="low",
)
REPLY = Reply(
    text="Yes – “of course”.",
    finish="stop",
    usage=Usage(input=10, output=5, cached=3, reasoning=2),
    latency_s=0.4,
    model="m-2",
    request_id="r",
    logprobs=(("Y", -0.1), ("N", -3.0)),
    sent_as="tool",
)


def key(
    ask: Ask = ASK,
    *,
    served_by: str = "http://h/v1",
    model: str = "m",
    dialect: Dialect | None = None,
) -> str:
    return question_key(served_by, (dialect or Dialect()).request(ask, model), ask)


@pytest.fixture
def cache(tmp_path: Path) -> Any:
    kept = ReplyCache(tmp_path / "deep" / "replies.sqlite")
    yield kept
    kept.close()


TEXT = st.text(max_size=20)
ASKS = st.builds(
    Ask,
    messages=st.lists(
        st.builds(Message, role=st.sampled_from(["system", "user", "assistant"]), content=TEXT),
        min_size=1,
        max_size=3,
    ).map(tuple),
    max_tokens=st.integers(1, 2000),
    schema=st.none()
    | st.builds(
        Schema, name=TEXT, json=st.dictionaries(TEXT, TEXT | st.integers() | st.none(), max_size=3)
    ),
    temperature=st.none() | st.floats(0, 2),
    seed=st.none() | st.integers(0, 2**31),
    top_logprobs=st.none() | st.integers(1, 20),
    effort=st.none() | st.sampled_from(["low", "high"]),
)


@given(ASKS, ASKS, st.sampled_from([field.name for field in fields(Ask)]))
def test_whatever_is_asked_otherwise_has_another_key(ask: Ask, other: Ask, name: str) -> None:
    changed = replace(ask, **{name: getattr(other, name)})
    assert (key(changed) == key(ask)) == (changed == ask)


@given(ASKS, TEXT, TEXT)
def test_another_server_or_model_has_another_key(ask: Ask, one: str, other: str) -> None:
    same = one == other
    assert (key(ask, served_by=one) == key(ask, served_by=other)) == same
    assert (key(ask, model=one) == key(ask, model=other)) == same


@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(schema="tool"),
        Dialect(schema="loose"),
        Dialect(schema="words"),
        Dialect(limit="max_completion_tokens"),
        Dialect(dropped=frozenset({"seed"})),
        Dialect(folds_system=True),
        Dialect(wants_n=True),
    ],
)
def test_a_question_put_in_another_way_has_another_key(dialect: Dialect) -> None:
    assert key(dialect=dialect) != key()


def test_the_order_of_what_a_schema_asks_for_matters() -> None:
    turned = Schema(name="move", json={"type": "object", "properties": {"b": {}, "a": {}}})
    assert key(replace(ASK, schema=turned)) != key()


def test_another_format_of_the_cache_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key()
    monkeypatch.setattr("delegates.models.cache.CACHE_VERSION", 2)
    assert key() != before


def test_other_weights_have_another_identity(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    seen = {
        identity("local", settings_at(home=tmp_path)),
        identity("local-large", settings_at(home=tmp_path)),
    }
    for size, time in ((1, 1), (2, 1), (2, 2)):
        path.write_bytes(b"x" * size)
        os.utime(path, ns=(time, time))
        seen.add(identity("local", settings_at(home=tmp_path, MINILATERAL_GGUF=str(path))))
    assert len(seen) == 5


def test_a_reply_comes_back_as_it_was_but_for_time_and_request(cache: ReplyCache) -> None:
    cache.keep("k", REPLY)
    assert cache.reply("k") == replace(REPLY, latency_s=0.0, request_id=None)
    assert cache.reply("other") is None


def test_the_first_reply_stays(cache: ReplyCache) -> None:
    cache.keep("k", REPLY)
    cache.keep("k", replace(REPLY, text="No."))
    found = cache.reply("k")
    assert found is not None
    assert found.text == REPLY.text


def test_a_reply_that_cannot_be_read_is_none(cache: ReplyCache) -> None:
    cache.keep("k", REPLY)
    with sqlite3.connect(cache.path) as file:
        file.execute("UPDATE replies SET reply = '{}'")
    file.close()
    assert cache.reply("k") is None


@pytest.mark.parametrize(
    ("changes", "worth"),
    [
        ({}, True),
        ({"finish": "tool_calls"}, True),
        ({"text": ""}, False),
        ({"text": " \n"}, False),
        ({"finish": "content_filter"}, False),
        ({"finish": "refusal"}, False),
        ({"finish": "no choice"}, False),
        ({"finish": "error"}, False),
    ],
)
def test_only_whole_replies_are_kept(changes: dict[str, Any], worth: bool) -> None:
    assert is_worth_keeping(ASK, replace(REPLY, **changes)) is worth


def test_what_is_cut_off_matters_only_where_it_is_read() -> None:
    cut = replace(REPLY, finish="length")
    assert is_worth_keeping(ASK, cut), "of a choice by letter the first token is read"
    assert not is_worth_keeping(replace(ASK, top_logprobs=None), cut)


def test_a_file_that_is_something_else_is_one_line_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    path.write_text("my notes, nothing to do with this\n" * 100)
    before = path.read_bytes()
    found = open_cache(path)
    assert found == (
        f"{path}: cannot be used as cache of replies (file is not a database); delete it to begin "
        "a new one"
    )
    assert cache_facts(path) == found
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    file = sqlite3.connect(path)
    file.execute("CREATE TABLE replies (mine TEXT)")
    file.close()
    assert "no such column: key" in str(open_cache(path))


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    found = open_cache(cache_path(tmp_path))
    assert isinstance(found, str)
    assert "cannot be used as cache of replies" in found
    assert "\n" not in found


def test_a_file_that_breaks_under_way_is_done_without(
    cache: ReplyCache, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(cache.path) as file:
        file.execute("DROP TABLE replies")
    file.close()
    cache.keep("k", REPLY)
    assert cache.reply("k") is None
    assert cache.reply("k") is None
    (record,) = caplog.records
    assert "nothing is reused from here on" in record.getMessage()


def test_a_closed_cache_knows_nothing(cache: ReplyCache) -> None:
    cache.keep("k", REPLY)
    cache.close()
    cache.close()
    assert cache.reply("k") is None


def test_size_and_entries_are_told(tmp_path: Path) -> None:
    path = cache_path(tmp_path)
    assert path == tmp_path / "cache" / "replies.sqlite"
    assert cache_facts(path) is None
    kept = ReplyCache(path)
    for number in range(3):
        kept.keep(str(number), REPLY)
    kept.close()
    facts = cache_facts(path)
    assert isinstance(facts, CacheFacts)
    assert (facts.path, facts.entries) == (path, 3)
    assert facts.size_bytes > 0


def test_only_the_user_may_read_the_file(tmp_path: Path) -> None:
    ReplyCache(tmp_path / "replies.sqlite").close()
    assert (tmp_path / "replies.sqlite").stat().st_mode & 0o777 == 0o600


def test_no_question_and_no_request_id_lies_in_the_file(tmp_path: Path) -> None:
    secret = replace(ASK, messages=(Message(role="user", content="canary-7731"),))
    kept = ReplyCache(tmp_path / "replies.sqlite")
    kept.keep(key(secret), replace(REPLY, request_id="req-canary"))
    kept.close()
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"of course" in files
    assert b"canary" not in files


WRITER = """
import sys
from pathlib import Path
from delegates.models.cache import ReplyCache
from delegates.models.chat import Reply, Usage

for number in range(60):
    # Opened anew each time: many processes begin at once.
    kept = ReplyCache(Path(sys.argv[1]))
    kept.keep(f"{sys.argv[2]}/{number}", Reply(
        text=str(number), finish="stop", usage=Usage(input=1, output=1), latency_s=0.0,
        model="m", request_id=None))
    assert kept.reply(f"{sys.argv[2]}/{number}").text == str(number)
    kept.close()
"""


def test_several_processes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(number)])
        for number in range(4)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    facts = cache_facts(path)
    assert isinstance(facts, CacheFacts)
    assert facts.entries == 240
