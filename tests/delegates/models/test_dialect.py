import pytest

from delegates.models.chat import Ask, Message, Schema
from delegates.models.dialect import Dialect, refused_parameter

ASK = Ask(
    messages=(Message(role="system", content="Be brief."), Message(role="user", content="Hello")),
    max_tokens=50,
    schema=Schema(name="line", json={"type": "object"}),
    temperature=0.2,
    seed=7,
    top_logprobs=3,
)


def test_an_ask_is_worded_in_full_at_first() -> None:
    assert Dialect().request(ASK, "m") == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
        ],
        "max_tokens": 50,
        "temperature": 0.2,
        "seed": 7,
        "logprobs": True,
        "top_logprobs": 3,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "line", "schema": {"type": "object"}, "strict": True},
        },
    }


def test_what_an_ask_leaves_open_is_not_sent() -> None:
    bare = Ask(messages=ASK.messages, max_tokens=5)
    assert set(Dialect().request(bare, "m")) == {"model", "messages", "max_tokens"}


@pytest.mark.parametrize("parameter", ["seed", "temperature"])
def test_a_refused_parameter_is_dropped(parameter: str) -> None:
    learnt = Dialect().without(parameter)
    assert learnt is not None
    assert parameter not in learnt.request(ASK, "m")


@pytest.mark.parametrize("parameter", ["logprobs", "top_logprobs"])
def test_logprobs_are_dropped_together(parameter: str) -> None:
    learnt = Dialect().without(parameter)
    assert learnt is not None
    assert not {"logprobs", "top_logprobs"} & set(learnt.request(ASK, "m"))


def test_max_tokens_gets_its_new_name_and_no_third_one() -> None:
    learnt = Dialect().without("max_tokens")
    assert learnt is not None
    request = learnt.request(ASK, "m")
    assert request["max_completion_tokens"] == 50
    assert "max_tokens" not in request
    assert learnt.without("max_completion_tokens") is None


def test_a_refused_schema_is_loosened_then_put_in_words() -> None:
    loose = Dialect().without("response_format")
    assert loose is not None
    assert '"strict": False' in str(loose.request(ASK, "m")).replace("'", '"')
    words = loose.without("response_format")
    assert words is not None
    request = words.request(ASK, "m")
    assert "response_format" not in request
    assert 'JSON schema: {"type": "object"}' in str(request["messages"])
    assert words.without("response_format") is None


def test_there_is_no_way_round_an_unknown_parameter() -> None:
    assert Dialect().without("messages") is None


@pytest.mark.parametrize(
    ("named", "body", "expected"),
    [
        ("seed", "anything", "seed"),
        ("response_format.json_schema.strict", "bad", "response_format"),
        (None, "Unknown field: seed", "seed"),
        (None, "This model does not support json_schema", "response_format"),
        (None, "'max_tokens' no; use 'max_completion_tokens'", "max_tokens"),
        (None, '[{"loc":["body","top_logprobs"]}]', "top_logprobs"),
        ("messages", "too long", None),
        (None, "the seeds were planted", None),
    ],
)
def test_the_refused_parameter_is_found_by_name_or_in_the_text(
    named: str | None, body: str, expected: str | None
) -> None:
    assert refused_parameter(named, body, Dialect().request(ASK, "m")) == expected


def test_a_parameter_that_was_not_sent_was_not_refused() -> None:
    bare = Dialect().request(Ask(messages=ASK.messages, max_tokens=5), "m")
    assert refused_parameter("seed", "seed and json_schema", bare) is None
