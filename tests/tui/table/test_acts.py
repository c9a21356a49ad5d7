"""The words for every act, and the moves that forms come to, in every stage of a hall."""

from dataclasses import fields
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.acts_open import OpenAct, moves_allowed, outcome_meant
from delegates.contract import View
from delegates.views import view_of
from games.errors import IllegalMove
from games.moves import Merge, Move, Offer
from games.protocols.hall import HallState
from games.session import start, step
from tests.delegates.sessions import mini, view_at
from tests.tui.halls import hall, legal_move
from transcripts.acts import ACTS
from tui.table.acts import (
    TERM_LABELS,
    WORDS,
    built,
    fitting,
    options_of,
    problem_of,
    settled_levels,
    starting_points,
    term_text,
)


def test_every_act_has_words() -> None:
    assert set(WORDS) == set(ACTS)


def test_every_term_has_a_label() -> None:
    terms = {one.name for kind in ACTS.values() for one in fields(kind)} - {"outcome"}
    assert set(TERM_LABELS) == terms


def filled(view: View, act: OpenAct, lots: Random) -> tuple[dict[str, int], dict[str, object]]:
    """Return what a person might put into a form: anything it lets them choose."""
    levels = {
        name: view.public.issues[name].texts.index(lots.choice(options))
        for name, options in act.options.items()
    }
    terms: dict[str, object] = {}
    for name, term in act.terms.items():
        if term.is_list:
            count = lots.randint(term.least, term.most)
            terms[name] = tuple(str(one) for one in lots.sample(term.choices, count))
        elif term.choices:
            terms[name] = lots.choice(term.choices)
    if "option" in act.terms:
        terms["option"] = lots.choice(options_of(view, act.act, str(terms["issue"])))
    return levels, terms


def refusal(state: HallState, move: Move) -> str | None:
    """Return why the protocol does not allow a move."""
    try:
        step(state, move)
    except IllegalMove as error:
        return str(error)
    return None


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), kind=st.sampled_from(["plenary", "forum"]))
def test_a_form_knows_what_the_protocol_will_say(seed: int, kind: str) -> None:
    lots = Random(seed)
    state = start(hall(kind), seed)
    assert isinstance(state, HallState)
    for _ in range(60):
        if not state.is_open:
            break
        view = view_of(state, (), seed)
        for act in moves_allowed(view):
            levels, terms = filled(view, act, lots)
            move = built(view, act.act, levels, terms)  # type: ignore[arg-type]
            problem = problem_of(view, move)
            refused = refusal(state, move)
            if refused is not None:
                assert problem == refused.removeprefix(f"{view.party}: ")
            else:
                assert problem is None or isinstance(move, Offer)
        state, _ = step(state, legal_move(state, lots))
        assert isinstance(state, HallState)


def test_an_offer_begins_with_the_own_last_one_then_the_text_then_the_best() -> None:
    view = view_at(mini())
    assert list(starting_points(view)) == ["my best"]
    best = starting_points(view)["my best"]
    assert view.own.utility(best) == 100
    other = view.public.space.index({"volume": 1, "price": 40, "rail": "rail"})
    later = view_at(mini(), [Offer(best), Offer(other)])
    assert starting_points(later) == {
        "my last offer": best,
        "the text on the table": other,
        "my best": best,
    }


def test_levels_fit_what_is_open() -> None:
    view = view_at(mini())
    outcome = view.public.space.index({"volume": 3, "price": 20, "rail": "rail"})
    assert settled_levels(view, outcome) == {"volume": 2, "price": 1, "rail": 1}
    act = OpenAct(act="merge", options={"volume": ("1", "2"), "rail": ("rail",)})
    assert fitting(view, act, outcome) == {"volume": 0, "rail": 1}
    assert fitting(view, act, None) == {"volume": 0, "rail": 1}


def test_a_move_puts_ones_name_to_an_outcome_or_to_none() -> None:
    view = view_at(mini())
    assert outcome_meant(view, Offer(4)) == 4
    assert outcome_meant(view, Merge(4)) is None


@pytest.mark.parametrize(
    ("term", "choice", "told"),
    [
        ("measure", None, "my support alone"),
        ("pays", True, "yes"),
        ("pays", False, "no"),
        ("issue", "volume", "volume"),
        ("to", "COD", "DR Congo (COD)"),
        ("signature", "out", "stay out"),
        ("ballot", "abstain", "abstain"),
    ],
)
def test_choices_are_told_in_words(term: str, choice: str | bool | None, told: str) -> None:
    assert term_text(view_at(mini()), term, choice) == told
