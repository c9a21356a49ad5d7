"""A text in brackets, and what a scenario states around the table, on hand-worked numbers."""

import pytest

from games.protocols.hall import Alternative, Bracket
from games.scenario import Issue, bundled_scenarios, load_scenario
from games.session import start
from tests.tui.halls import hall
from tui.text.brackets import SHORT, bracket_words, called_in, short, some, text_lines
from tui.text.surroundings import surrounding_lines

CALLED = called_in(start(hall(), 1))  # pyright: ignore[reportArgumentType]


def test_the_texts_reading_comes_first_and_proposers_are_counted_beyond_two() -> None:
    readings = (Alternative(3, (0,)), Alternative(1, ()), Alternative(2, (1, 2, 3, 0)))

    assert (
        bracket_words(Bracket(0, 1, readings), CALLED)
        == "[60 | 85: Beania, Cyria (+2) | 110: Annland] USD/kg"
    )


def test_words_have_no_unit_and_long_labels_are_shortened() -> None:
    bracket = Bracket(2, None, (Alternative(0, (1,)), Alternative(2, (0,))))

    assert bracket_words(bracket, CALLED) == "[summary: Beania | treaty: Annland]"
    assert CALLED.labels == {
        "floor": "price floor",
        "fund": "joint fund for mines…",
        "form": "legal form",
    }


def test_what_is_free_of_brackets_stands_in_one_line() -> None:
    bracket = Bracket(0, 1, (Alternative(1, ()), Alternative(2, (1,))))

    assert text_lines((1, 0, 2), (bracket,), CALLED, frozenset({0})) == [
        "    price floor (parked): [60 | 85: Beania] USD/kg",
        "    free of brackets: joint fund for mines… 0 M USD · legal form treaty",
    ]


def test_one_more_name_is_said_rather_than_counted() -> None:
    assert some(["A", "B", "C"]) == "A, B, C"
    assert some(["A", "B", "C", "D"]) == "A, B (+2)"


def test_no_agreement_moves_with_the_suppliers_share() -> None:
    # 26 − 24 s²: 24.5 at a quarter, 20 at a half, 12.5 at three quarters, where 14 is better.
    told = "\n".join(surrounding_lines(hall(), None))

    assert "the outsider holds 50% of the market" in told
    assert "Annland                    20.0   24.5   20.0   14.0   14.0" in told
    assert "above about 71%: recycle at home" in told  # s = √½ = .7071


def test_a_long_label_ends_where_a_word_does_and_on_none_that_leads_on() -> None:
    named = {
        "quota": "export licence for the contract",
        "localref": "share refined in DR Congo by year 7",
        "x": "supercalifragilisticexpialidocious",
        "plain": "tariff",
    }
    told = {name: short(name, Issue(label=label, options=(1,))) for name, label in named.items()}
    assert told == {
        "quota": "export licence…",
        "localref": "share refined in DR Congo…",
        "x": "supercalifragilisticexpialid"[:27] + "…",
        "plain": "tariff",
    }


@pytest.mark.parametrize("name", bundled_scenarios())
def test_shortened_labels_differ_within_a_scenario(name: str) -> None:
    issues = load_scenario(name).issues
    told = [short(one, issue) for one, issue in issues.items()]
    assert len(set(told)) == len(told)
    assert max(map(len, told)) <= SHORT
