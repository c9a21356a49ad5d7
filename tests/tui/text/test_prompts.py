import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.recordings import PROMPT, SCHEMA, asked, consulted, pair, replied
from transcripts.events import Failed, Message, Resumed, Retried, Unusable
from tui.text.prompts import parts, plain_lines, ruled, spelt, visible

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_every_message_stands_there_word_for_word_by_its_role() -> None:
    found = {part.title: part.body for part in parts(asked(0, "BUY"))}

    assert {message.role: message.content for message in PROMPT}.items() <= found.items()
    assert json.loads(found["answer schema"]) == SCHEMA


def test_a_call_names_model_host_and_settings() -> None:
    call, *_ = parts(asked(3, "BUY", 1, purpose="word"))

    assert call.title == "call 2, BUY: to word its move"
    assert call.note == (
        "deep-1 at models.example · max_tokens 1200 · temperature 0.7 · schema move"
    )


def test_a_reply_tells_how_it_ended_and_what_it_came_to() -> None:
    (part,) = parts(replied(0, "BUY", logprobs=(("A", -0.25), (" B", -1.5)), from_cache=True))

    assert part.body == '{"action": "offer", "message": "We offer this."}'
    assert part.note == (
        "stop · 1,812 tokens in (1,536 cached) · 64 out (20 thought) · 0.000331 USD · 1.2 s · "
        'schema sent as strict · used again from the cache · req-7 · first token "A" -0.25, '
        '" B" -1.50'
    )


@pytest.mark.parametrize(
    ("cost", "told"), [(None, "cost not known"), (0.0, "no cost"), (0.5, "0.500000 USD")]
)
def test_the_cost_of_a_call_is_told_finely_or_said_to_be_unknown(
    cost: float | None, told: str
) -> None:
    (part,) = parts(replied(0, "BUY", cost_usd=cost))
    assert told in part.note.split(" · ")


@pytest.mark.parametrize(
    ("event", "title"),
    [
        (
            Unusable(
                turn=0, party="A", purpose="decide", call=0, reason="why", fault="own-red-line"
            ),
            "the reply could not be used: own-red-line",
        ),
        (
            Unusable(turn=0, party="A", purpose="decide", call=0, reason="why"),
            "the reply could not be used",
        ),
        (
            Retried(turn=0, party="A", attempt=2, reason="why", wait_s=1.25),
            "attempt 2 failed; asked again after 1.2 s",
        ),
        (Failed(turn=0, party="A", reason="why"), "the session stopped here"),
    ],
)
def test_what_went_amiss_is_told_with_its_reason(event: Any, title: str) -> None:
    (part,) = parts(event)
    assert (part.kind, part.title, part.body) == ("trouble", title, "why")


def test_other_events_are_of_no_call() -> None:
    moved = consulted(pair())[-1]
    assert [*parts(Resumed(turn=1)), *parts(moved)] == []


@given(st.text())
def test_nothing_that_a_terminal_acts_on_is_left_and_nothing_is_dropped(text: str) -> None:
    shown = visible(text)
    assert all(
        character.isprintable() or character in "\n\t\u2028\u2029 " or character.isspace()
        for character in shown
    )
    assert len(shown) >= len(text)


def test_hidden_and_controlling_characters_are_seen_as_escapes() -> None:
    hostile = "a\x1b[31mb\u202ec\u200bd\re\x9bf\ud800\tg\nh"
    assert visible(hostile) == "a\\x1b[31mb\\u202ec\\u200bd\\re\\x9bf\\ud800\tg\nh"


@given(JSON)
def test_a_schema_is_spelt_so_that_it_reads_back_the_same(value: object) -> None:
    assert json.loads(spelt(value)) == value


def test_a_list_of_plain_values_stands_on_one_line() -> None:
    assert spelt({"enum": ["a  b", "[ c ]"], "of": [{}, {"x": [1]}]}) == (
        '{\n  "enum": ["a  b", "[ c ]"],\n  "of": [\n    {},\n    {\n      "x": [1]\n    }\n  ]\n}'
    )


def test_plain_lines_set_titles_apart() -> None:
    lines = list(plain_lines(asked(0, "BUY", answer_schema=None)))

    assert lines == [
        ruled("call 1, BUY: to decide"),
        "deep-1 at models.example · max_tokens 1200 · temperature 0.7 · schema move",
        ruled("system"),
        PROMPT[0].content,
        ruled("user"),
        PROMPT[1].content,
    ]
    assert len(lines[0]) == 80


def test_a_party_of_a_hostile_file_cannot_colour_a_title() -> None:
    hostile = asked(0, "A\x1b[2J", messages=(Message(role="user", content="\x1b]0;x\x07"),))
    assert all("\x1b" not in line for line in plain_lines(hostile))
