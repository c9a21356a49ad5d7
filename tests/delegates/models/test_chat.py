from delegates.models.chat import (
    TOKENS_PER_ASK,
    TOKENS_PER_MESSAGE,
    TOKENS_PER_SCHEMA,
    Ask,
    Message,
    Schema,
    token_bound,
)


def test_the_bound_counts_bytes_and_overheads() -> None:
    ask = Ask(
        messages=(Message(role="system", content="é"), Message(role="user", content="abc")),
        max_tokens=7,
    )
    bound = token_bound(ask)
    assert bound.input == 5 + 2 * TOKENS_PER_MESSAGE + TOKENS_PER_ASK
    assert bound.output == 7
    assert bound.estimated


def test_a_schema_counts_as_prompt() -> None:
    bare = Ask(messages=(Message(role="user", content="x"),), max_tokens=1)
    full = Ask(
        messages=bare.messages, max_tokens=1, schema=Schema(name="s", json={"type": "object"})
    )
    more = token_bound(full).input - token_bound(bare).input
    assert more == 2 * len('{"type": "object"}') + TOKENS_PER_SCHEMA


def test_half_a_surrogate_pair_does_not_break_the_count() -> None:
    ask = Ask(messages=(Message(role="user", content="\ud800"),), max_tokens=1)
    assert token_bound(ask).input > 0
