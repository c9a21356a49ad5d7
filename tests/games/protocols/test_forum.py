"""A forum: statements, rooms, the chair's text, and signatures in place of a vote."""

import pytest

from games.errors import IllegalMove
from games.moves import Adjourn, Offer, OpenSignature, Pass, Sign, Vote
from games.protocols import forum
from games.session import step
from tests.games.protocols.halls import after, opened, three, with_text

FLOOR = [Pass()] * 3


def test_the_chair_signs_first_and_each_once() -> None:
    game = three(kind="forum", chair="B")
    signing = after(with_text(opened(game)), OpenSignature())
    assert signing.queue == (1, 0, 2)
    with pytest.raises(IllegalMove, match="expected a signature, binding or declaratory, or out"):
        step(signing, Vote("yes"))
    end = after(signing, Sign("binding"), Sign("out"), Sign("declaratory"))
    assert (end.signatures, end.status) == (("out", "binding", "declaratory"), "agreement")


def test_when_time_is_up_the_text_lies_open_for_signature() -> None:
    last = after(with_text(opened(three(kind="forum", rounds=2))), Adjourn(), *FLOOR)
    assert after(last, Adjourn()).stage == "sign"


def test_without_a_text_a_forum_ends_in_nothing() -> None:
    end = after(opened(three(kind="forum", rounds=1)), *FLOOR, Adjourn())
    assert (end.status, end.agreement) == ("no-agreement", None)


def test_an_uncertain_end_closes_a_forum_with_the_text_there_is() -> None:
    game = three(kind="forum", rounds=5, deadline={"from": 1, "close": 0.9})
    seed = next(seed for seed in range(99) if opened(game, seed).last_round == 1)
    assert after(with_text(opened(game, seed)), Adjourn()).stage == "sign"


def test_only_so_many_speak_aloud_on_a_floor() -> None:
    state, aloud = opened(three(kind="forum", speakers=2)), list[bool]()
    for _ in range(3):
        aloud.append(state.is_aloud)
        state = after(state, Offer(1))
    assert aloud == [True, True, False]
    assert state.is_aloud  # the chair is heard


def test_a_forum_is_a_hall() -> None:
    assert forum.start(three(kind="forum"), 0) == opened(three(kind="forum"))
