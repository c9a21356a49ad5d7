"""Voices in a hall: asked for what is said aloud, in the terms of the act, told nothing private."""

from random import Random

import pytest

from delegates.contract import View
from delegates.models.prompt import described
from delegates.voices.examples import ALL, EXAMPLES, HALL_ACTS
from delegates.voices.llm import acts_shown, brief_messages, checked, voice_messages, voice_task
from delegates.voices.template import highlights, phrase
from games.errors import UnusableReply
from games.moves import Accept, Merge, Move, Offer, Pass, Promise, Sign, Threaten, Vote
from tests.delegates.halls import hall_of, moment_at, moments

WORDS: list[tuple[str, Move, str]] = [
    ("USA", Threaten("tariffs", "price", "10"), "Unless the price is 10 USD we will act on cars."),
    ("EUE", Promise(("COD",), "price", "30", "loans"), "At a price of 30 USD we promise loans."),
    ("USA", Merge(0), "We put forward a text with volume 1 t."),
    ("COD", Accept(), "We support the text as it stands."),
]


def with_text(party: str) -> View:
    """Return a view of a seat on the floor, once there is a text."""
    for moment in moments(hall_of(), Random(3), 0.0):
        if moment.state.stage == "floor" and moment.view.offer and moment.view.party == party:
            return moment.view
    raise AssertionError("no floor with a text")


@pytest.mark.parametrize(("party", "move", "words"), WORDS)
def test_words_that_say_the_act_are_spoken(party: str, move: Move, words: str) -> None:
    assert checked(with_text(party), move, words) == words


@pytest.mark.parametrize(("party", "move", "words"), WORDS)
def test_a_figure_that_the_act_does_not_have_is_not_spoken(
    party: str, move: Move, words: str
) -> None:
    with pytest.raises(UnusableReply, match="a figure that was not offered: 77"):
        checked(with_text(party), move, f"{words} And 77 more.")


def test_words_that_do_not_say_the_act_are_not_spoken() -> None:
    with pytest.raises(UnusableReply, match="did not say what the move is"):
        checked(with_text("USA"), Threaten("tariffs", "price", "10"), "Good morning to all.")


def test_what_is_to_be_said_names_what_departs_from_the_text() -> None:
    view = with_text("EUE")
    assert view.offer is not None
    levels = list(view.public.space.levels_of(view.offer))
    levels[1] = (levels[1] + 1) % 4
    move = Offer(view.public.space.index_of_levels(tuple(levels)))
    task = voice_task(view, move)
    assert "Act: asks that the chair's text read otherwise. Terms: price" in task
    assert "volume" not in task
    assert f"To: {ALL}." in task


def test_every_act_of_a_hall_has_two_examples_of_its_own() -> None:
    assert all(len(EXAMPLES[act]) >= 2 for act in HALL_ACTS)


def test_a_seat_is_shown_examples_of_what_it_may_come_to_say() -> None:
    assert "merge" in acts_shown(with_text("USA"))
    assert "threaten" in acts_shown(with_text("USA"))
    assert not {"merge", "threaten"} & set(acts_shown(with_text("COD")))


@pytest.mark.parametrize(("party", "move", "words"), WORDS)
def test_a_voice_is_told_nothing_private(party: str, move: Move, words: str) -> None:
    assert words
    view = with_text(party)
    for messages in (voice_messages(view, move), brief_messages(view, move)):
        text = "\n".join(message.content for message in messages)
        assert "BRIEF" not in text
        assert "points" not in text


def test_plain_phrases_say_what_is_done() -> None:
    vote, sign = (moment_at(hall_of(), stage, "USA").view for stage in ("vote", "sign"))
    assert phrase(vote, Vote("no")) == "The United States votes no."
    assert phrase(sign, Sign("binding")) == "The United States signs, binding."
    assert phrase(with_text("COD"), Pass()) == "DR Congo passes."


def test_only_what_is_aloud_and_worth_words_is_spoken() -> None:
    for moment in moments(hall_of("forum", speakers=1), Random(1), 0.5):
        hall = moment.view.hall
        assert hall is not None
        if hall.stage in ("room", "vote", "sign", "silence", "pledge", "due"):
            assert not hall.is_spoken(Accept())
        assert not hall.is_spoken(Pass())
        assert hall.is_spoken(Merge(0)) == (hall.stage == "chair" or hall.is_aloud)


def test_in_a_room_the_words_name_what_the_room_settles() -> None:
    seen = 0
    for moment in moments(hall_of(), Random(1), 0.5):
        view, hall = moment.view, moment.view.hall
        if hall is None or hall.room is None:
            continue
        outcome = hall.room.base
        settled = view.public.space.outcome(outcome)
        names = [view.public.space.issues[issue] for issue in hall.room.issues]
        own = {name: settled[name] for name in names}
        assert highlights(view, outcome, len(names)) == described(view, own)
        seen += 1
    assert seen
