import asyncio
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.contract import Decision, View
from delegates.minds.firm import Firm
from delegates.minds.menu import (
    LETTERS,
    ROTATIONS,
    MenuMind,
    brief_messages,
    candidates,
    letter_scores,
    menu_messages,
    rotated,
)
from delegates.models.chat import Reply
from delegates.settings import EMBEDDED_HOST
from games.errors import UnusableReply
from games.scenario import Scenario
from games.session import Accept, Offer, WalkAway
from tests.delegates.scripted_model import Log, ScriptedModel, line_to, model_of, reply
from tests.delegates.sessions import mini, offer_of, view_at
from tests.support.domains import listed, scenarios
from transcripts.events import Fault

GAME = mini()
TALKS = [
    offer_of(GAME, volume=4, price=10, rail="no rail"),
    offer_of(GAME, volume=1, price=40, rail="rail"),
    offer_of(GAME, volume=4, price=20, rail="no rail"),
    offer_of(GAME, volume=2, price=30, rail="rail"),
]


def decide(model: ScriptedModel, view: View, log: Log | None = None) -> Decision:
    return asyncio.run(MenuMind(line_to(model, log)).decide(view))


def letter_of(view: View, position: int, rotation: int) -> str:
    """Return the letter under which a candidate stands in a rotation."""
    size = len(candidates(view))
    return LETTERS[rotated(size, rotation, min(size, ROTATIONS)).index(position)]


def choosing(view: View, position: int) -> ScriptedModel:
    """Return a model that picks one candidate wherever it stands."""
    return model_of(*(letter_of(view, position, rotation) for rotation in range(ROTATIONS)))


def test_the_menu_holds_acceptance_and_an_offer_at_each_stance() -> None:
    view = view_at(GAME, TALKS)
    menu = candidates(view)
    assert menu[0].move == Accept()
    assert len(menu) > 2
    assert all(isinstance(candidate.move, Offer) for candidate in menu[1:])
    assert len({candidate.move for candidate in menu}) == len(menu)


def test_an_offer_below_the_reservation_value_is_not_on_the_menu() -> None:
    view = view_at(GAME, TALKS[:2])
    assert view.own.utility(TALKS[1].outcome) < view.own.reservation
    assert Accept() not in [candidate.move for candidate in candidates(view)]


@given(game=scenarios(parties=(2, 4)), turns=st.integers(0, 5))
def test_every_move_on_the_menu_is_legal_and_rational(game: Scenario, turns: int) -> None:
    possible = [
        int(own.ranking[0][-1]) for own in game.preferences for _ in range(game.protocol.rounds)
    ]
    signable = [k for k in set(possible) if all(own.may_sign(k) for own in game.preferences)]
    limit = max(0, len(game.ids) * game.protocol.rounds - 1)
    view = view_at(game, [Offer(k) for k in signable[:1]] * min(turns, limit))
    for candidate in candidates(view):
        outcome = candidate.move.outcome if isinstance(candidate.move, Offer) else view.offer
        leaves = isinstance(candidate.move, WalkAway)
        assert leaves or view.own.utility(outcome or 0) >= view.own.reservation - 1e-9
        assert leaves or view.own.may_sign(outcome or 0)


@pytest.mark.parametrize("position", range(3))
def test_the_candidate_picked_in_every_rotation_is_chosen(position: int) -> None:
    view = view_at(GAME, TALKS)
    log = Log()
    decision = decide(choosing(view, position), view, log)
    assert decision == Decision(candidates(view)[position].move)
    assert log.kinds == ["asked", "replied"] * ROTATIONS


def test_log_probabilities_are_averaged_over_rotations() -> None:
    view = view_at(GAME, TALKS)
    first, second = (
        [letter_of(view, position, rotation) for rotation in range(ROTATIONS)]
        for position in (0, 1)
    )
    leaning = [(-0.6, -0.8), (-2.0, -0.1), (-0.6, -0.8)]
    replies = [
        reply(first[k], logprobs=((first[k], one), (f" {second[k].lower()}", other)))
        for k, (one, other) in enumerate(leaning)
    ]
    assert decide(model_of(*replies), view) == Decision(candidates(view)[1].move)


def test_each_rotation_shows_the_same_moves_in_another_order() -> None:
    view = view_at(GAME, TALKS)
    menu = candidates(view)
    shown = [
        re.findall(
            r"^[A-H]\) (.*)$",
            menu_messages(view, menu, rotated(len(menu), r, ROTATIONS))[-1].content,
            re.MULTILINE,
        )
        for r in range(ROTATIONS)
    ]
    assert all(sorted(lines) == sorted(shown[0]) for lines in shown)
    assert len({tuple(lines) for lines in shown}) == ROTATIONS
    assert len({lines[0] for lines in shown}) == ROTATIONS


@pytest.mark.parametrize("size", range(1, 9))
def test_a_rotation_leaves_nothing_out(size: int) -> None:
    shown = min(size, ROTATIONS)
    assert all(sorted(rotated(size, r, shown)) == list(range(size)) for r in range(shown))


def test_a_model_that_names_no_letter_leaves_the_move_to_the_fallback() -> None:
    view = view_at(GAME, TALKS)
    log = Log()
    decision = decide(model_of("I think", "the", ""), view, log)
    assert decision.move == Firm().choose(view)
    assert "never picked a letter of the menu" in str(decision.fallback)
    assert log.kinds == ["asked", "replied", "unusable"] * ROTATIONS


def test_a_model_is_told_why_its_answer_was_no_letter() -> None:
    view = view_at(GAME, TALKS)
    model = model_of("I think", "the", letter_of(view, 1, 2))
    decision = decide(model, view)
    assert decision == Decision(candidates(view)[1].move)
    told = [model.told(call).count("could not be used") for call in range(3)]
    assert told == [0, 1, 2]


def test_a_menu_of_two_is_shown_a_third_time_only_where_no_letter_was_read() -> None:
    view = view_at(listed({"A": [10], "B": [8]}), [Offer(0)])
    assert len(candidates(view)) == 2
    log = Log()
    decide(model_of("?", "?", "A"), view, log)
    assert log.kinds.count("asked") == 3
    log = Log()
    decide(model_of("?", "A"), view, log)
    assert log.kinds.count("asked") == 2


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("", "empty"),
        ("I'm sorry, but no.", "refused"),
        (reply("", finish="refusal"), "refused"),
        (reply("<think>Let me", finish="length"), "truncated"),
        ("which", "unparsable"),
    ],
)
def test_what_was_wrong_with_an_answer_has_a_name(answer: str | Reply, fault: Fault) -> None:
    with pytest.raises(UnusableReply) as caught:
        letter_scores(reply(answer) if isinstance(answer, str) else answer, [0, 1, 2])
    assert caught.value.fault == fault


def test_effort_is_the_seats() -> None:
    view = view_at(GAME, TALKS)
    model = model_of(*(letter_of(view, 0, rotation) for rotation in range(ROTATIONS)))
    asyncio.run(MenuMind(line_to(model), effort="low").decide(view))
    assert [ask.effort for ask in model.asks] == ["low"] * ROTATIONS


def test_one_letter_that_can_be_read_is_enough() -> None:
    view = view_at(GAME, TALKS)
    letter = letter_of(view, 1, 2)
    decision = decide(model_of("hm", "hm", letter), view)
    assert decision == Decision(candidates(view)[1].move)


def test_a_menu_of_one_move_asks_nobody() -> None:
    game = listed({"A": [10], "B": [10]})
    model = model_of()
    assert decide(model, view_at(game)).move == Offer(0)
    assert model.asks == []


def test_a_party_that_nothing_satisfies_walks_away_unasked() -> None:
    game = listed({"A": [1], "B": [1]}, reservations={"A": 5})
    assert decide(model_of(), view_at(game)).move == WalkAway()


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        ("B", 1),
        (" b", 1),
        ("(C)", 2),
        ("A)", 0),
        ("**B**", 1),
        ("B: offer", 1),
        ("c.", 2),
        ("<think>A or C?</think>B", 1),
    ],
)
def test_a_letter_is_read_as_models_write_it(text: str, picked: int) -> None:
    assert int(letter_scores(reply(text), [0, 1, 2]).argmax()) == picked


@pytest.mark.parametrize("text", ["D", "H", "Accept", "42", "AB", "I pick B", "é", "Offer"])
def test_anything_else_is_no_letter(text: str) -> None:
    with pytest.raises(UnusableReply, match="expected one letter from A to C"):
        letter_scores(reply(text), [0, 1, 2])


@pytest.mark.parametrize(
    "answer",
    [
        reply("B", logprobs=(("The", -0.1), ("I", -2.0))),
        reply("B", logprobs=(("D", -0.1), ("E", -2.0))),
    ],
)
def test_log_probabilities_without_a_letter_leave_the_letter_said(answer: Reply) -> None:
    assert int(letter_scores(answer, [2, 0, 1]).argmax()) == 0


def test_an_answer_that_ends_at_the_limit_is_read() -> None:
    assert int(letter_scores(reply("B is", finish="length"), [0, 1, 2]).argmax()) == 1


def test_scores_are_probabilities() -> None:
    scores = letter_scores(reply("A", logprobs=(("A", -0.2), ("B", -1.9))), [1, 0, 2])
    assert scores.sum() == pytest.approx(1)
    assert scores[1] > scores[0] > scores[2]


def test_a_menu_of_two_is_shown_once_from_each_end() -> None:
    assert [rotated(2, rotation, 2) for rotation in range(2)] == [[0, 1], [1, 0]]


def embedded(model: ScriptedModel, log: Log | None = None) -> MenuMind:
    return MenuMind(replace(line_to(model, log), host=EMBEDDED_HOST))


def test_the_embedded_model_sees_every_move_at_every_letter() -> None:
    view = view_at(GAME, TALKS)
    menu = candidates(view)
    model = model_of(*["A"] * len(menu))
    asyncio.run(embedded(model).decide(view))
    shown = [
        re.findall(r"^([A-H])\) (.*)$", ask.messages[-1].content, re.MULTILINE)
        for ask in model.asks
    ]
    assert len(shown) == len(menu) > ROTATIONS
    assert len({line for lines in shown for line in lines}) == len(menu) ** 2


def test_a_liking_for_a_letter_decides_nothing_where_every_move_stands_at_every_letter() -> None:
    view = view_at(GAME, TALKS)
    menu = candidates(view)
    decision = asyncio.run(embedded(model_of(*["B"] * len(menu))).decide(view))
    best = max(menu, key=lambda candidate: candidate.utility)
    assert decision.move == best.move


def test_a_brief_menu_is_one_of_figures_alone() -> None:
    view = view_at(GAME, TALKS)
    menu = candidates(view)
    system, user = brief_messages(view, menu, range(len(menu)))
    assert "We say so." not in system.content + user.content
    assert len(system.content + user.content) < 900
    lines = re.findall(r"(\d+) points for you, about (\d+)% likely.*: (\d+) exp", user.content)
    none = view.own.reservation
    assert len(lines) == sum(isinstance(one.move, Offer) for one in menu) == 3
    for worth, chance, expected in lines:
        assert abs(none + int(chance) / 100 * (int(worth) - none) - int(expected)) <= 1.5


def test_accepting_is_certain_and_openings_have_no_likelihood() -> None:
    opening = view_at(GAME)
    _, user = brief_messages(opening, candidates(opening), range(len(candidates(opening))))
    assert "likely" not in user.content
    game = listed({"A": [10, 6, 0], "B": [0, 6, 10]}, reservations={"A": 2, "B": 2})
    answering = view_at(game, [Offer(1)])
    _, user = brief_messages(answering, candidates(answering), range(len(candidates(answering))))
    assert "A) 6 points for you, 100% certain: 6 expected" in user.content


@pytest.mark.parametrize("value", [1000.0, float("inf"), float("nan")])
def test_what_cannot_be_a_log_probability_is_none(value: float) -> None:
    scores = letter_scores(reply("B", logprobs=(("A", value), ("B", -0.5))), range(3))
    assert scores.argmax() == 1
    assert scores.sum() == pytest.approx(1.0)
