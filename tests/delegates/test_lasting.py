"""What is kept of a seat's game is what would be worked out anew, in every turn and session."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from delegates.contract import News, View
from delegates.lasting import Lasting
from delegates.models import prompt
from delegates.models.prompt import act_text, decision_messages, decision_schema
from delegates.voices.speech import secrets_of_seat
from games.scenario import Dispute, Scenario
from games.session import Offer
from tests.delegates.sessions import mini, view_at

SCENARIOS = (mini(), mini(rounds=5), mini(rounds=5))
"""Two of them are equal, yet not the same."""


def view_after(scenario: Scenario, moves: int) -> View:
    """Return what the party to move knows after so many offers."""
    return view_at(scenario, [Offer(7 * n % scenario.space.size) for n in range(moves)])


views = st.builds(view_after, st.sampled_from(SCENARIOS), st.integers(0, 9))


@given(st.lists(views, max_size=12), st.integers(1, 4))
def test_each_seat_of_each_scenario_has_its_own(seen: list[View], most: int) -> None:
    kept = Lasting(_facts, most)
    for view in seen:
        assert kept(view) == _facts(view)


def _facts(view: View) -> tuple[str, int, float]:
    return view.party, view.public.rules.rounds, view.own.reservation


def test_it_is_worked_out_once_for_all_turns_and_sessions() -> None:
    seen: list[int] = []
    kept = Lasting(lambda view: seen.append(view.turn))
    for moves in (0, 2, 4, 1, 3, 5):
        kept(view_after(SCENARIOS[0], moves))
    assert seen == [0, 1]


@given(views)
def test_what_a_model_is_told_is_what_it_would_be_told_afresh(view: View) -> None:
    afresh: list[Callable[[View], object]] = [
        prompt._system,  # pyright: ignore[reportPrivateUsage]
        prompt._schema,  # pyright: ignore[reportPrivateUsage]
    ]
    assert decision_messages(view, [])[0] == afresh[0](view)
    assert decision_schema(view) == afresh[1](view)
    assert [act_text(view, seen) for seen in view.history] == [
        f"OFFER {_spelt_afresh(view, seen.move.outcome)}."
        for seen in view.history
        if isinstance(seen.move, Offer)
    ]
    line, afresh_line = prompt._LINE(view), prompt._lining(view)  # pyright: ignore[reportPrivateUsage]
    assert [line(seen, "x") for seen in view.history] == [
        afresh_line(seen, "x") for seen in view.history
    ]
    assert secrets_of_seat(view).own is view.own


def _spelt_afresh(view: View, outcome: int) -> str:
    return json.dumps(prompt.outcome_texts(view, outcome))


def test_a_seat_that_has_heard_news_is_told_of_its_game_anew() -> None:
    seen: list[int] = []
    kept = Lasting(lambda view: seen.append(view.turn))
    view = view_after(SCENARIOS[0], 0)
    news = News(turn=0, round=0, kind="shock", words="a shock", is_private=False)
    told = replace(view, news=(news,))
    for one in (view, told, told, view):
        kept(one)
    assert len(seen) == 3


def secretive(word: str) -> Scenario:
    """Return the small game in which every seat has a secret of its own, also known by a word."""
    game = mini(rounds=4)
    parties = {
        party: details.model_copy(
            update={"brief": f"{word}-{party}", "reservation_basis": f"{word}-{party}-BASIS"}
        )
        for party, details in game.parties.items()
    }
    return game.model_copy(
        update={
            "parties": parties,
            "dispute": Dispute(level=1, audience_cost={"USA": 11.0, "COD": 13.0}),
        }
    )


SECRETIVE = {word: secretive(word) for word in ("CANARY", "MAGPIE", "RAVEN")}


@given(st.lists(st.tuples(st.sampled_from(sorted(SECRETIVE)), st.integers(0, 6)), min_size=6))
def test_a_seat_is_told_its_own_secrets_in_whatever_order_seats_and_scenarios_ask(
    asked: list[tuple[str, int]],
) -> None:
    for word, moves in asked:
        view = view_after(SECRETIVE[word], moves)
        told = "\n".join(message.content for message in decision_messages(view, []))
        told += repr(decision_schema(view)) + repr(secrets_of_seat(view))
        found = set(re.findall(r"(?:CANARY|MAGPIE|RAVEN)-[A-Z]+(?:-BASIS)?", told))
        assert found == {f"{word}-{view.party}", f"{word}-{view.party}-BASIS"}


def test_scenarios_that_come_and_go_are_never_taken_for_one_another() -> None:
    """What is kept is told apart by identity, which memory may give to another object later."""
    for number in range(200):
        view = view_after(secretive(f"N{number}"), number % 2)
        told = decision_messages(view, [])[0].content
        assert set(re.findall(r"N\d+-[A-Z]{3}", told)) == {f"N{number}-{view.party}"}
