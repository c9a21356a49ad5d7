"""A few sessions with drawn seats say whether anything hangs on how one negotiates."""

from delegates.trials.drawn_sessions import drawn_sessions, session_findings
from delegates.trials.endings import played
from games.scenario import Scenario, load_scenario
from tests.support.domains import listed


def three(*middle: float, own: float = 9, rounds: int = 6) -> Scenario:
    """Return three parties with an outcome of its own for each, and one worth so much to all."""
    a, b, c = middle
    return listed(
        {"A": [own, 0, 0, a], "B": [0, own, 0, b], "C": [0, 0, own, c]},
        {"A": 2, "B": 2, "C": 2},
        protocol={"rounds": rounds},
    )


def test_agreements_are_counted_over_the_seeds() -> None:
    game = load_scenario("nickel-hub")
    found = drawn_sessions(game)

    assert found is not None
    assert found.sessions == 10
    assert found.agreed == sum(played(game, seed).agreement is not None for seed in range(1, 11))
    assert 0 < found.agreed < 10
    assert list(session_findings(game)) == []
    assert found.words == (
        f"{found.agreed} of 10 end in agreement, seats drawn among boulware, linear, conceder"
    )


def test_that_all_agree_is_worth_knowing() -> None:
    (note,) = session_findings(three(9, 9, 9, own=1))

    assert note.severity == "note"
    assert note.what.startswith("all of 10 sessions")


def test_that_none_agrees_is_worth_knowing() -> None:
    (note,) = session_findings(three(2, 2, 2, rounds=1))

    assert note.what.startswith("none of 10 sessions")


def test_nothing_is_played_for_two_or_where_it_takes_long_or_leads_nowhere() -> None:
    assert drawn_sessions(load_scenario("first-table")) is None
    assert drawn_sessions(load_scenario("ministerial")) is None
    assert drawn_sessions(three(1, 1, 1)) is None
    assert drawn_sessions(three(9, 9, 9, rounds=201)) is None
