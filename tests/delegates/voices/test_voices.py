import asyncio
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.contract import Utterance, View
from delegates.voices.llm import MAX_CHARACTERS, LlmVoice
from delegates.voices.template import TemplateVoice, phrase
from games.session import Accept, Move, Offer, WalkAway
from tests.delegates.scripted_model import Log, ScriptedModel, line_to, model_of, reply
from tests.delegates.sessions import WORDS, mini, offer_of, view_at

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
        ("As an AI language model, I propose this.", FIRST, OFFER, "out of its role"),
        ("I'm sorry, I cannot assist with proposals.", FIRST, OFFER, "out of its role"),
        ("", FIRST, OFFER, "said nothing"),
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
