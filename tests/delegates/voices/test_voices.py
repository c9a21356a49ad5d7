import asyncio
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.contract import Utterance, View
from delegates.models.chat import Reply
from delegates.settings import EMBEDDED_HOST
from delegates.voices.llm import MAX_CHARACTERS, MOST_SAID, LlmVoice
from delegates.voices.template import TemplateVoice, phrase
from games.session import Accept, Move, Offer, WalkAway
from tests.delegates.scripted_model import Log, ScriptedModel, line_to, model_of, reply
from tests.delegates.sessions import WORDS, mini, offer_of, view_at
from transcripts.events import Fault, Unusable

GAME = mini()
OFFER = offer_of(GAME, volume=3, price=20, rail="rail")
FIRST = view_at(GAME)
SECOND = view_at(GAME, [OFFER])
MOVES = [(FIRST, OFFER), (SECOND, OFFER), (SECOND, Accept()), (SECOND, WalkAway())]


def word(model: ScriptedModel, view: View, move: Move, log: Log | None = None) -> Utterance:
    return asyncio.run(LlmVoice(line_to(model, log)).word(view, move))


@pytest.mark.parametrize(("view", "move"), MOVES)
def test_words_that_say_the_move_are_spoken(view: View, move: Move) -> None:
    log = Log()
    assert word(model_of(f'"{WORDS}"\n'), view, move, log) == Utterance(WORDS)
    assert log.kinds == ["asked", "replied"]


def test_figures_of_the_offer_may_be_named() -> None:
    words = "We propose 3 t at 20 USD, with rail."
    assert word(model_of(words), FIRST, OFFER) == Utterance(words)


@pytest.mark.parametrize(
    ("answer", "view", "move", "reason"),
    [
        ("We propose 3 t at 25 USD.", FIRST, OFFER, "figure that was not offered: 25"),
        ("We accept 40 t.", SECOND, Accept(), "figure that was not offered: 40"),
        ("We propose ٣٠ t.", FIRST, OFFER, "figure that was not offered"),
        ("Good morning to you all.", FIRST, OFFER, "did not say what the move is"),
        ("What a fine text this is.", SECOND, Accept(), "did not say what the move is"),
        ("We propose peace. " * 60, FIRST, OFFER, f"at most {MAX_CHARACTERS}"),
        ("We propose this as a language model.", FIRST, OFFER, "out of its role"),
        ("Your assistant proposes this.", FIRST, OFFER, "out of its role"),
        ("As an AI language model, I propose this.", FIRST, OFFER, "refused to speak"),
        ("I’m sorry, I cannot assist with proposals.", FIRST, OFFER, "refused to speak"),
        (reply("We propose this.", finish="refusal"), FIRST, OFFER, "it was refused"),
        ("", FIRST, OFFER, "it was empty"),
        ("<think>We propose what is ours.", FIRST, OFFER, "it was empty"),
        ('""', FIRST, OFFER, "said nothing"),
        ("\x1b[31m\u200b", FIRST, OFFER, "said nothing"),
        (reply("We propose that all of", finish="length"), FIRST, OFFER, "cut off"),
    ],
)
def test_words_that_cannot_be_used_are_replaced_by_the_template_with_the_reason(
    answer: str, view: View, move: Move, reason: str
) -> None:
    log = Log()
    spoken = word(model_of(answer), view, move, log)
    assert spoken.words == phrase(view, move)
    assert reason in str(spoken.fallback)
    assert log.reasons == [spoken.fallback]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("We propose 3 t at 25 USD.", "invented-figure"),
        ("Good morning to you all.", "unclear-act"),
        ("We propose peace. " * 60, "over-long"),
        ("We propose this as a language model.", "out-of-role"),
        ("As an AI, I propose this.", "refused"),
        ("", "empty"),
        ('""', "empty"),
        (reply("We propose that all of", finish="length"), "truncated"),
    ],
)
def test_what_was_wrong_with_words_has_a_name(answer: str | Reply, fault: Fault) -> None:
    log = Log()
    word(model_of(answer), FIRST, OFFER, log)
    assert [event.fault for event in log.events if isinstance(event, Unusable)] == [fault]


def test_thoughts_are_not_spoken() -> None:
    answer = "<think>We could propose 4 t, 35 USD.</think>\nWe propose 3 t."
    assert word(model_of(answer), FIRST, OFFER) == Utterance("We propose 3 t.")


def test_a_public_figure_that_is_a_private_one_too_is_marked_where_points_are_spoken_of() -> None:
    offer = offer_of(GAME, volume=3, price=30, rail="rail")
    plain, slip = "We propose 30 USD.", "We propose 30, a score that we can defend."
    assert FIRST.own.reservation == 30
    assert word(model_of(plain), FIRST, offer).flags == ()
    assert word(model_of(slip), FIRST, offer).flags == ("own-figure-told",)


def own_words(view: View) -> list[str]:
    """Return what a prompt shows as said before in the seat, after the examples."""
    model = model_of(WORDS)
    word(model, view, OFFER)
    messages = model.asks[0].messages
    return [
        answer.content
        for asked, answer in pairwise(messages)
        if asked.content.endswith("Act: spoke before.")
    ]


def spoken(statements: list[str]) -> View:
    """Return a view of the United States after it has said this, DR Congo answering each time."""
    game = mini(rounds=40)
    other = offer_of(game, volume=1, price=40, rail="rail")
    view = view_at(game, [OFFER, other] * len(statements))
    said = iter(statements)
    heard = [
        seen._replace(words=next(said) if seen.party == "USA" else "-") for seen in view.history
    ]
    return replace(view, history=heard)


def test_a_voice_hears_what_its_own_seat_said_and_nobody_else() -> None:
    assert own_words(spoken(["One.", "Two\nlines.", "Three."])) == ["One.", "Two lines.", "Three."]


def test_what_was_said_long_ago_is_left_out_all_at_once() -> None:
    shown = [own_words(spoken([str(k) for k in range(count)])) for count in range(26)]
    assert [len(words) for words in shown] == [k % MOST_SAID for k in range(26)]
    assert shown[25] == ["24"]


def test_the_embedded_model_is_shown_two_examples_that_change_from_round_to_round() -> None:
    first, again, later = (
        model_of(WORDS),
        model_of(WORDS),
        model_of(WORDS),
    )
    for model, view in ((first, FIRST), (again, FIRST), (later, spoken(["One.", "Two."]))):
        line = replace(line_to(model), host=EMBEDDED_HOST)
        asyncio.run(LlmVoice(line).word(view, OFFER))
    assert len(first.asks[0].messages) == 6
    assert first.asks[0].messages == again.asks[0].messages
    assert first.asks[0].messages[:5] != later.asks[0].messages[:5]
    assert "One." not in later.told(0)


def test_the_voice_is_asked_once_only() -> None:
    model = model_of("", WORDS)
    word(model, FIRST, OFFER)
    assert len(model.asks) == 1


@given(st.text())
def test_spoken_words_hold_no_control_characters(text: str) -> None:
    spoken = word(model_of(f"\x1b[1mWe propose{text}\u202e\x07"), FIRST, OFFER).words
    assert not any(unicodedata.category(c).startswith("C") for c in spoken)


@pytest.mark.parametrize(("view", "move"), MOVES)
def test_the_voice_is_told_the_move_and_nothing_private(view: View, move: Move) -> None:
    private = view.private.model_copy(update={"brief": "CANARY", "reservation": 31.4159})
    watched = replace(view, private=private)
    model = model_of(WORDS)
    word(model, watched, move)
    assert "CANARY" not in model.told(0)
    assert "31.4159" not in model.told(0)
    assert "points" not in model.told(0)


@pytest.mark.parametrize(("view", "move"), MOVES)
def test_the_template_says_who_does_what(view: View, move: Move) -> None:
    spoken = asyncio.run(TemplateVoice().word(view, move))
    assert spoken.fallback is None
    assert spoken == Utterance(phrase(view, move))
    assert spoken.words.endswith(".")


def test_the_template_names_every_term_of_an_opening_offer() -> None:
    words = phrase(FIRST, OFFER)
    assert all(part in words for part in ("United States", "3", "20", "rail"))


def test_the_template_is_the_same_for_the_same_seed_and_turn() -> None:
    views = [view_at(GAME, seed=seed) for seed in range(20)]
    assert [phrase(view, OFFER) for view in views] == [phrase(view, OFFER) for view in views]
    assert len({phrase(view, OFFER) for view in views}) > 1


def test_own_offers_are_stood_by_and_others_accepted() -> None:
    three = view_at(GAME, [OFFER])
    own = replace(three, stands_by=True)
    assert "accept" in phrase(three, Accept())
    assert "accept" not in phrase(own, Accept())


def test_an_offer_of_one_term_reads_as_english() -> None:
    from tests.support.domains import listed

    game = listed({"A": [1, 2], "B": [2, 1]})
    assert " and " not in phrase(view_at(game), Offer(0)).partition(" o0")[2]
