"""Words that claim another act than is made cannot be said with it."""

import pytest

from delegates.minds.llm import decision_of
from delegates.voices.speech import require_consistent
from games.errors import UnusableReply
from games.moves import (
    Accept,
    BreakSilence,
    CarryOut,
    KeepSilence,
    Merge,
    Move,
    Offer,
    Pass,
    Pledge,
    Sign,
    Vote,
    WalkAway,
)
from tests.delegates.halls import hall_of, moment_at
from tests.delegates.scripted_model import reply

CONTRADICTIONS: list[tuple[str, Move, str]] = [
    ("silence", BreakSilence(), "We will sign the text."),
    ("silence", BreakSilence(), "We support the text as it stands."),
    ("silence", KeepSilence(), "The European Commission breaks the silence."),
    ("silence", KeepSilence(), "We object to the text."),
    ("vote", Vote("yes"), "We vote against the text."),
    ("vote", Vote("yes"), "We cannot support this text."),
    ("vote", Vote("no"), "We vote in favour."),
    ("vote", Vote("abstain"), "We will vote yes."),
    ("sign", Sign("out"), "We hereby sign the text."),
    ("sign", Sign("binding"), "We stay out of the text."),
    ("sign", Sign("declaratory"), "We do not sign."),
    ("pledge", Pledge(pays=False), "We will pay into the fund."),
    ("pledge", Pledge(pays=True), "We will not pay into the joint fund."),
    ("due", CarryOut(does=False), "We keep our word."),
    ("due", CarryOut(does=True), "We back down."),
    ("vote", WalkAway(), "We support the text."),
    ("chair", Merge(0), "We leave the talks."),
    ("floor", Pass(), "We leave the hall."),
]


@pytest.mark.parametrize(("stage", "move", "words"), CONTRADICTIONS)
def test_words_that_claim_the_opposite_are_refused(stage: str, move: Move, words: str) -> None:
    party = "EUE" if "European" in words else None
    view = moment_at(hall_of(), stage, party).view
    with pytest.raises(UnusableReply) as caught:
        require_consistent(view, move, f"We thank the chair. {words}")
    assert caught.value.fault == "contradictory"


@pytest.mark.parametrize(
    ("stage", "move", "words"),
    [
        ("silence", BreakSilence(), "We cannot sign the text until the railway is in it."),
        ("vote", Vote("yes"), "We vote yes, though we would have liked to vote no to the price."),
        ("sign", Sign("binding"), "We sign the text."),
        ("sign", Sign("out"), "If the railway were in it, we would sign the text."),
        ("floor", Pass(), "We support the railway."),
    ],
)
def test_words_that_may_mean_something_else_pass(stage: str, move: Move, words: str) -> None:
    require_consistent(moment_at(hall_of(), stage).view, move, words)


def test_acceptance_is_not_said_with_an_offer_of_other_terms() -> None:
    view = moment_at(hall_of(), "vote").view
    assert view.offer is not None
    with pytest.raises(UnusableReply):
        require_consistent(view, Offer((view.offer + 1) % 8), "We accept the text.")
    require_consistent(view, Accept(), "We accept the text.")


def test_a_reply_is_held_to_its_words_even_where_nobody_hears_them() -> None:
    view = moment_at(hall_of(), "silence").view
    said = '{"action": "break_silence", "message": "We support the text as it stands."}'
    with pytest.raises(UnusableReply, match="the message says"):
        decision_of(view, reply(said))
    plain = '{"action": "break_silence", "message": "The railway is missing."}'
    assert decision_of(view, reply(plain)).words == ""
