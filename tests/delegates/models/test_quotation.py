"""Whatever is said, a prompt holds it as one string of JSON and is otherwise the same."""

import dataclasses
import json
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from delegates.contract import View
from delegates.minds.menu import candidates, menu_messages
from delegates.models.prompt import decision_messages
from delegates.models.quotation import (
    LEFT_OUT,
    MAX_HEARD,
    MAX_QUOTED,
    MAX_REASON,
    MAX_SPAN,
    QUOTATION_REMINDER,
    QUOTATION_RULE,
    first_heard,
    heard,
    is_cut,
    quoted,
    said,
    unmarked,
)
from delegates.text import clean
from games.session import Offer
from tests.delegates.sessions import mini, offer_of, view_at

GAME = mini(rounds=60)
OPENING = offer_of(GAME, volume=4, price=10, rail="no rail")
ANSWER = offer_of(GAME, volume=1, price=40, rail="rail")

_PUBLISHED = """
<|im_start|> <|im_end|> <|im_sep|> <|endoftext|> <|endofprompt|> <|fim_prefix|>
<s> </s> <unk> <pad> <bos> <eos> [INST] [/INST] <<SYS>> <</SYS>> <0x0A>
<|begin_of_text|> <|end_of_text|> <|start_header_id|> <|end_header_id|> <|eot_id|> <|eom_id|>
<|python_tag|> <|header_start|> <|header_end|> <|eot|> <|step|>
<start_of_turn> <end_of_turn> <start_of_image> <|turn> <turn|> <|channel> <channel|>
[SYSTEM_PROMPT] [/SYSTEM_PROMPT] [AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_CALLS] [TOOL_RESULTS]
[/TOOL_RESULTS] [THINK] [/THINK] [PREFIX] [MIDDLE]
<｜begin▁of▁sentence｜> <｜end▁of▁sentence｜> <｜User｜> <｜Assistant｜> <｜tool▁calls▁begin｜>
<｜tool▁outputs▁begin｜> <think> </think> <|DSML|>
<|system|> <|user|> <|assistant|> <|end|> <|tool|> <|observation|> [gMASK] <sop> <eop>
<|START_OF_TURN_TOKEN|> <|END_OF_TURN_TOKEN|> <|SYSTEM_TOKEN|> <|USER_TOKEN|> <|CHATBOT_TOKEN|>
<BOS_TOKEN> <|START_RESPONSE|>
<|start|> <|channel|> <|message|> <|constrain|> <|return|> <|call|>
<|start_of_role|> <|end_of_role|> <|end_of_turn|> <|im_system|> <|im_user|> <|im_middle|>
[BOS] [EOS] [EOT] ]~!b[ ]~b] [e~[ <reserved_106> <reserved_107> <用户> <AI> [USER] [BOT] [SEP]
[|Human|] [|AI|] [|system|] [|endofturn|] <extra_id_0> <extra_id_1> <SPECIAL_10>
<role>HUMAN</role> <seed:bos> <seed:eos> <|separator|> <|bom|> <|eom|> <_user> <_bot> [@BOS@]
>>QUESTION<< <tool_call> </tool_call> <tool_response> <function_call> <|tool_call_start|>
"""
TOKENS = _PUBLISHED.split()
"""Control tokens of the chat templates that model families publish."""

ANYTHING = st.text(
    st.characters() | st.sampled_from("\"'\\[]<>{}|\n\r\t\x1b\x85\u2028\u2029\u202e\u200b＂”\u0301")
) | st.lists(
    st.sampled_from([*TOKENS, '"', "\\", "\n", "\u2028", "\x1b[2K", "{", "Round 9, You: "])
).map("".join)


def hearing(words: str, moves: int = 1) -> View:
    """Return a view of talks in which the counterpart says some words with every move."""
    view = view_at(GAME, [OPENING, ANSWER] * (moves // 2) + [OPENING] * (moves % 2))
    return dataclasses.replace(view, history=[seen._replace(words=words) for seen in view.history])


def prompts(view: View) -> list[str]:
    """Return the prompts of an `llm` and of a `menu` seat, in one text each."""
    menu = candidates(view)
    return [
        "\n".join(message.content for message in messages)
        for messages in (
            decision_messages(view, []),
            menu_messages(view, menu, range(len(menu))),
        )
    ]


@given(ANYTHING)
@example('"')
@example("\\")
@example("\ud800 lone")
@example("ﬀ＜｜im_start｜＞")
def test_a_prompt_is_the_same_but_for_one_string_whatever_is_said(words: str) -> None:
    plain = prompts(hearing("A good day."))
    for prompt, without in zip(prompts(hearing(words + ".")), plain, strict=True):
        span = quoted(words + ".")
        assert prompt.count(f"Said: {span}") >= 1
        assert prompt.replace(span, '"A good day."') == without
        assert len(prompt.splitlines()) == len(without.splitlines())


@given(ANYTHING)
def test_the_string_reads_back_to_what_was_heard(words: str) -> None:
    assert json.loads(quoted(words)) == heard(words)


@given(ANYTHING)
def test_the_string_is_ascii_and_closes_where_it_ends(words: str) -> None:
    span = quoted(words)
    assert span.isascii()
    assert span.isprintable()
    assert json.JSONDecoder().raw_decode(span) == (heard(words), len(span))


@given(st.text(max_size=20), st.sampled_from(TOKENS), st.text(max_size=20))
def test_no_control_token_of_a_chat_template_survives(before: str, token: str, after: str) -> None:
    for words in (token, before + token + after, before + token.upper() + after):
        span = quoted(words)
        for form in (span, unicodedata.normalize("NFKC", span)):
            assert not [one for one in TOKENS if one.casefold() in form.casefold()]


@pytest.mark.parametrize("token", TOKENS)
def test_every_known_control_token_holds_a_sign_that_is_spelt_out(token: str) -> None:
    assert set(unicodedata.normalize("NFKC", token)) & set("<[]")


@given(ANYTHING)
def test_a_statement_is_heard_as_it_was_said_but_for_typography(words: str) -> None:
    if clean(words).isascii() and len(words) <= MAX_QUOTED // 6:
        assert heard(words) == clean(words)


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("We’re ready – “at last”…", 'We\'re ready - "at last"...'),
        ("Côte d’Ivoire", "Côte d'Ivoire"),
        ("3\u202f000 t\u00a0Co", "3 000 t Co"),
        ("\x1b[31mred\x1b[0m\u202e\u200b", "red"),
    ],
)
def test_typographic_signs_are_made_plain_and_hidden_ones_dropped(words: str, plain: str) -> None:
    assert heard(words) == plain


def test_plain_words_are_quoted_as_they_are() -> None:
    assert said("We propose 3 t; you know why.") == 'Said: "We propose 3 t; you know why."'


@given(ANYTHING, st.integers(1, 40))
def test_no_quotation_takes_more_room_than_it_may(words: str, times: int) -> None:
    span = quoted(words * times)
    assert len(span) <= MAX_SPAN
    assert len(heard(words * times)) <= MAX_QUOTED
    assert clean(words * times).startswith(heard(words * times)[:1])


@pytest.mark.parametrize("unit", ["accept ", "接", "😀", "[", "\n.", '"'])
def test_a_flood_is_cut_and_the_prompt_says_so(unit: str) -> None:
    flood = unit * 50_000
    assert is_cut(flood)
    assert said(flood).endswith('" (cut short)')
    assert len(said(flood)) < MAX_SPAN + 30
    assert "(cut short)" in prompts(hearing(flood))[0]
    assert not is_cut("x" * MAX_QUOTED)
    assert said("x" * MAX_QUOTED).endswith('x"')


@given(st.lists(st.integers(0, MAX_SPAN), max_size=60))
def test_the_oldest_statements_are_left_out_where_all_take_too_much_room(
    lengths: list[int],
) -> None:
    starts = [first_heard(lengths[:end]) for end in range(len(lengths) + 1)]
    assert starts == sorted(starts)
    for end, start in enumerate(starts):
        assert sum(lengths[start:end]) <= MAX_HEARD
    moved = [end for end in range(1, len(starts)) if starts[end] != starts[end - 1]]
    for one, next_one in pairwise(moved):
        assert sum(lengths[one:next_one]) > MAX_HEARD // 2 - MAX_SPAN


def test_what_is_left_out_is_shown_to_be_and_no_move_is() -> None:
    view = hearing("We say so. " * 100, moves=100)
    for prompt, most in zip(prompts(view), (MAX_HEARD, 6000), strict=True):
        assert len(prompt) < most + 20_000
        assert prompt.count(LEFT_OUT) > 50
        assert prompt.count("OFFER {") == 100
        assert prompt.index(LEFT_OUT) < prompt.index("Said: ") < prompt.rindex("Said: ")


def test_a_prompt_begins_as_the_one_before_it_until_there_is_no_room() -> None:
    texts = [prompts(hearing("We say so. " * 9, moves=moves))[0] for moves in range(1, 60, 2)]
    for shorter, longer in pairwise(texts):
        assert longer.startswith(shorter.partition(QUOTATION_REMINDER)[0])


def test_the_rule_of_quotations_stands_before_the_talks_and_after_them() -> None:
    for prompt in prompts(hearing("We say so.")):
        assert prompt.count(QUOTATION_RULE) == prompt.count(QUOTATION_REMINDER) == 1
        assert prompt.index(QUOTATION_RULE) < prompt.index("Said: ", len(QUOTATION_RULE) + 1)
        assert prompt.index("Said: ") < prompt.index(QUOTATION_REMINDER)


@given(ANYTHING)
def test_a_reason_for_asking_again_is_quoted_too(reason: str) -> None:
    view = hearing("We say so.")
    plain = decision_messages(view, ["it is empty"])
    hostile = decision_messages(view, [reason])
    for one, other in zip(plain, hostile, strict=True):
        assert other.content.replace(quoted(reason, MAX_REASON), '"it is empty"') == one.content


@given(st.text(max_size=20), st.sampled_from(TOKENS), st.text(max_size=20))
def test_own_words_that_stand_unquoted_hold_no_control_token_either(
    before: str, token: str, after: str
) -> None:
    own = unmarked(before + token + after)
    form = unicodedata.normalize("NFKC", own)
    assert not set(form) & set("<>[]")
    assert not [one for one in TOKENS if one.casefold() in own.casefold()]


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("We propose 3 t; you know why.", "We propose 3 t; you know why."),
        ("We “stand” by it – d’accord?", "We “stand” by it – d’accord?"),
        ("<|im_end|>[INST]", "(|im_end|)(INST)"),
        ("＜｜User｜＞", "(｜User｜)"),
    ],
)
def test_own_words_stand_as_they_were_said_but_for_brackets(words: str, plain: str) -> None:
    assert unmarked(words) == plain


def test_options_and_issues_are_the_scenarios_and_quoted_as_json() -> None:
    assert '{"volume": "4", "price": "10", "rail": "no rail"}' in prompts(hearing("x"))[0]
    assert isinstance(OPENING, Offer)
