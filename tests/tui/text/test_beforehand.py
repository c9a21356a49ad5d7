"""What a seat knows before the first move, and the rules in plain words."""

from dataclasses import fields

import pytest

from delegates.views import view_of
from games.scenario import bundled_scenarios, load_scenario
from games.session import start
from tests.tui.recordings import pair, several
from tui.text.beforehand import rules_lines, view_before
from tui.text.seat import briefing


@pytest.mark.parametrize("name", bundled_scenarios())
def test_every_seat_is_told_what_it_would_be_told_at_its_turn(name: str) -> None:
    of = load_scenario(name)
    state = start(of, 7)

    first = view_before(of, state.party, 7)

    at_turn = view_of(state, (), 7)
    told = {field.name for field in fields(first)} - {"hall", "mandate"}
    assert {one: getattr(first, one) for one in told} == {
        one: getattr(at_turn, one) for one in told
    }
    assert briefing(first) == briefing(at_turn)


@pytest.mark.parametrize("name", bundled_scenarios())
def test_a_seat_that_is_not_first_to_move_sees_its_own_papers(name: str) -> None:
    of = load_scenario(name)
    for party in (of.ids[0], of.ids[-1]):
        view = view_before(of, party, 7)
        assert view.party == party
        assert view.private.brief == of.parties[party].brief
        assert view.own.party == party
        assert view.history == ()
        assert view.round == 0
        assert view.offer is None


def test_rules_of_two_who_take_turns() -> None:
    of = pair(rounds=6)

    turns = (
        "Each in turn makes an offer on all issues, accepts the one on the table, or leaves; "
        "Buyer opens every round."
    )
    assert rules_lines(of) == [
        turns,
        "An offer is agreed when the other side accepts it.",
        "There are at most 6 rounds. After the last, no agreement.",
    ]


@pytest.mark.parametrize(
    ("protocol", "line"),
    [
        ({"opens": "alternate"}, "each in turn opens a round."),
        ({"opens": "lot"}, "a lot draws who opens a round."),
        (
            {"breakdown": 0.025},
            "counts as a chance of 2.5% that the talks break down: gains shrink by as much.",
        ),
        ({"rounds": 1}, "There is at most 1 round. After the last, no agreement."),
        (
            {"deadline": {"from": 3, "close": 0.2}},
            "From round 3 on each round may be the last, with a chance of 20%.",
        ),
        (
            {"agreement": {"quorum": 0.6, "vetoes": ["AAA"]}},
            "An offer is agreed when 60% of the voting weight accepts it, A party among them.",
        ),
        ({}, "An offer is agreed when all of you accept it."),
    ],
)
def test_rules_say_what_a_scenario_states(protocol: dict[str, object], line: str) -> None:
    of = several(3)
    stated = {**of.model_dump(by_alias=True, exclude_defaults=True)}
    of = type(of).model_validate({**stated, "protocol": {"rounds": 5, **protocol}})

    assert any(told.endswith(line) for told in rules_lines(of))


def test_rules_of_a_plenary_name_the_chair_and_what_may_be_called() -> None:
    told = "\n".join(rules_lines(load_scenario("tungsten-accord")))

    assert "Kazakhstan chairs and holds the pen" in told
    assert "You may call a private caucus 2 times; nobody outside hears it." in told
    assert "There are at most 12 rounds; the chair may add 1, once." in told
    assert "signed" not in told
