import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.models.stream import assembled


def events(*chunks: object, end: str = "data: [DONE]\n\n") -> str:
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + end


def delta(content: object = None, finish: str | None = None, **more: object) -> dict[str, Any]:
    said = {"content": content, **more} if content is not None or more else {}
    return {"id": "c", "choices": [{"index": 0, "delta": said, "finish_reason": finish}]}


def whole(text: str) -> dict[str, Any]:
    got = assembled(text)
    assert got is not None
    read: dict[str, Any] = json.loads(got)
    return read


def test_chunks_add_up_to_a_completion() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 2}
    got = whole(
        events(
            delta("Ye", role="assistant"),
            delta("s."),
            delta(finish="stop"),
            {"id": "c", "model": "m", "choices": [], "usage": usage},
        )
    )
    assert got == {
        "id": "c",
        "model": "m",
        "usage": usage,
        "choices": [{"message": {"content": "Yes."}, "finish_reason": "stop"}],
    }


def test_a_call_is_put_together_from_its_pieces() -> None:
    first = [{"index": 0, "function": {"name": "move", "arguments": '{"a"'}}]
    second = [{"index": 0, "function": {"arguments": ": 1}"}}]
    got = whole(events(delta(tool_calls=first), delta(tool_calls=second), delta(finish="stop")))
    call = got["choices"][0]["message"]["tool_calls"][0]
    assert call["function"]["arguments"] == '{"a": 1}'


def test_reasoning_stays_apart() -> None:
    got = whole(events(delta(reasoning_content="weak"), delta("yes"), delta(finish="stop")))
    assert got["choices"][0]["message"] == {"reasoning_content": "weak", "content": "yes"}


@pytest.mark.parametrize("end", ["data: [DONE]\n\n", "data:[DONE]", "data: [DONE]\r\n\r\n"])
def test_a_stream_is_whole_at_its_mark(end: str) -> None:
    assert assembled(events(delta("yes"), end=end)) is not None


def test_a_stream_without_a_mark_is_whole_once_it_says_why_it_ended() -> None:
    assert assembled(events(delta("yes"), delta(finish="stop"), end="")) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        ": keep-alive\n\n",
        "data: [DONE]\n\n",
        events(delta("half"), end=""),
        events(delta("half"), end='data: {"choices": [{"del'),
        "data: nonsense\n\ndata: [DONE]\n\n",
        "data: " + "[" * 100_000 + "\n\n",
        "data: 5\n\ndata: [DONE]\n\n",
    ],
)
def test_half_a_stream_is_none(text: str) -> None:
    assert assembled(text) is None


def test_an_error_on_the_way_is_the_whole_of_it() -> None:
    text = events(delta("half"), {"error": {"message": "upstream is down", "code": 502}})
    assert whole(text) == {"error": {"message": "upstream is down", "code": 502}}


@given(st.lists(st.text(), min_size=1), st.sampled_from(["\n", "\r\n"]))
def test_words_survive_being_cut_into_pieces(pieces: list[str], newline: str) -> None:
    text = events(*(delta(piece) for piece in pieces)).replace("\n", newline)
    assert whole(text)["choices"][0]["message"]["content"] == "".join(pieces)
