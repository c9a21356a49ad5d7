"""What can be agreed, and who keeps it from being agreed, is told as hand-worked."""

import numpy as np
import pytest
from hypothesis import given, settings

from games.bargaining.quorum import zopa
from games.lint.findings import findings
from games.lint.space import Opening, openings, unused_options
from games.scenario import Scenario
from tests.support.domains import listed, party, scenario, scenarios


def told(game: Scenario, where: str, severity: str) -> list[str]:
    return [one.what for one in findings(game) if (one.where, one.severity) == (where, severity)]


def test_the_smallest_change_that_opens_an_empty_zopa_is_named_first():
    # Three outcomes; A accepts the third only, B the first two, C all. A would have to ask 3 less
    # (the second is worth 6 to it), B 4 less (the third is worth 1).
    game = listed({"A": [0, 6, 9], "B": [9, 5, 1], "C": [1, 1, 1]}, {"A": 9, "B": 5, "C": 1})

    assert openings(game) == (Opening(party="A", points=3), Opening(party="B", points=4))
    assert told(game, "parties", "weakness") == [
        (
            "no outcome is acceptable to all: the ZOPA is empty; A keeps it so: with 3 points "
            "less as its reservation value there would be one. So would there be with less for "
            "B (4)"
        )
    ]


def test_a_zopa_that_no_single_party_can_open_is_said_to_be_so():
    game = listed({"A": [0, 1], "B": [1, 0], "C": [0, 0]}, {"A": 2, "B": 2, "C": 2})
    found = next(one for one in findings(game) if one.where == "parties")

    assert openings(game) == ()
    assert "no single party can open it" in found.what
    assert "If all asked 2 points less" in found.why


def test_who_keeps_a_zopa_empty_does_not_hang_on_anyones_unit():
    # A lacks 3 of the 9 points there are for it, B 4 of 8; in tenths of a point A lacks 30 of 90.
    points, least = {"A": [0, 6, 9], "B": [9, 5, 1], "C": [1, 1, 1]}, {"A": 9, "B": 5, "C": 1}
    tenths = {**points, "A": [0, 60, 90]}

    assert [one.party for one in openings(listed(points, least))] == ["A", "B"]
    assert [one.party for one in openings(listed(tenths, {**least, "A": 90}))] == ["A", "B"]


def test_what_less_must_be_asked_where_signing_may_fail_at_home_opens_the_zopa():
    ratify = {"threshold": 6, "slope": 0.5, "audience_cost": 4, "points": {"deal": {"o0": -2}}}

    def talks(reservation: float) -> Scenario:
        return listed(
            {"A": [0, 6, 9], "B": [9, 5, 1]},
            {"A": reservation, "B": 5},
            mandates={"A": {"ratify": ratify}},
        )

    (one,) = (own for own in openings(talks(8)) if own.party == "A")
    assert len(zopa(talks(8 - one.points + 1e-3))) == 0
    assert len(zopa(talks(8 - one.points - 1e-3))) == 1


def test_red_lines_that_leave_nothing_to_all_are_named():
    game = scenario(
        {"deal": {"label": "deal", "options": ["a", "b"], "obligor": "A"}},
        {
            "A": party({"deal": {"a": 0, "b": 1}}, name="one", red_lines=[{"deal": "a"}]),
            "B": party({"deal": {"a": 1, "b": 0}}, name="two", red_lines=[{"deal": "b"}]),
        },
    )
    found = next(one for one in findings(game) if one.where == "parties")

    assert "Red lines leave no outcome that all may sign" in found.why


def test_a_processor_without_a_bloc_is_told_where_it_leaves_a_side_empty():
    points = {"A": [0, 3, 4], "B": [4, 3, 0]}
    loose = listed(points, parties={"B": {"side": "processor", "name": "other"}})
    bound = listed(
        points, parties={"B": {"side": "processor", "bloc": "supplier", "name": "other"}}
    )
    found = [one for one in findings(loose) if one.where == "parties.B"]

    assert [one.what for one in found] == [
        "is a processor without `bloc`, and no party counts as a supplier"
    ]
    assert found[0].severity == "weakness"
    assert found[0].why.endswith("Add bloc: supplier.")
    assert told(bound, "parties.B", "weakness") == []


def test_a_table_of_consumers_alone_is_worth_knowing():
    game = listed({"A": [0, 3], "B": [3, 0]}, {"A": 1}, {"B": {"side": "consumer"}})

    assert told(game, "parties", "note") == ["no party counts as a supplier"]


def test_an_option_beyond_a_mandate_is_not_said_to_be_out_of_reach():
    # Without limits all could agree on o2 as well; o3 nobody but A would sign.
    game = listed(
        {"A": [1, 2, 3, 9], "B": [3, 2, 1, 0]},
        {"A": 1, "B": 1},
        mandates={"B": {"limits": {"deal": ["o0", "o1", "o3"]}}},
    )

    assert told(game, "issues.deal.options", "note") == [
        "o2: beyond B's mandate at the outset",
        "o3: in no outcome of the ZOPA",
    ]


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_what_is_said_to_open_a_zopa_opens_it_and_less_does_not(game: Scenario):
    if len(zopa(game)):
        return
    for one in openings(game):
        assert len(zopa(asking_less(game, one.party, one.points + 1e-6)))
        assert len(zopa(asking_less(game, one.party, one.points - 1e-3))) == 0


def asking_less(game: Scenario, name: str, points: float) -> Scenario:
    own = game.parties[name]
    lower = own.model_copy(update={"reservation": own.reservation - points})
    return game.model_copy(update={"parties": {**game.parties, name: lower}})


def test_a_party_that_gains_nothing_in_the_zopa_is_named():
    game = listed({"A": [5, 4, 9], "B": [3, 2, 0]}, {"A": 5, "B": 1})

    assert told(game, "parties.A", "weakness") == [
        "can gain nothing by any outcome that is acceptable to all"
    ]


def test_a_party_whose_best_is_its_reservation_value_can_never_gain():
    game = listed({"A": [5, 4], "B": [3, 2]}, {"A": 5, "B": 1})

    assert told(game, "parties.A", "weakness") == [
        "no outcome is worth more to it than no agreement"
    ]


def test_an_option_in_no_acceptable_outcome_is_told_apart_from_a_dominated_one():
    # B refuses o0; to both o2 is worth more than o1.
    game = listed({"A": [9, 2, 3, 5], "B": [0, 4, 6, 5]}, {"A": 1, "B": 1})

    assert told(game, "issues.deal.options", "note") == [
        (
            "o1: dominated by o2, which is at least as good for everyone and better for someone, "
            "whatever else is settled"
        ),
        "o0: in no outcome of the ZOPA",
    ]


def test_an_issue_with_one_attainable_option_is_settled_from_the_outset():
    game = listed({"A": [9, 2], "B": [0, 4]}, {"A": 1, "B": 1})

    assert told(game, "issues.deal.options", "note") == [
        "o0: in no outcome of the ZOPA, so that o1 is settled from the outset"
    ]


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_unused_options_are_those_of_no_outcome(game: Scenario):
    outcomes = zopa(game)
    for issue in game.issues:
        used = {str(game.space.outcome(int(one))[issue]) for one in outcomes}
        missing = unused_options(game, issue, np.array(outcomes, dtype=np.intp))
        assert set(missing) == set(game.issues[issue].texts) - used


def test_a_zopa_that_is_nearly_everything_is_noted():
    game = listed({"A": [1, 2], "B": [2, 1]})

    assert told(game, "parties", "note") == ["the ZOPA holds 100% of the outcomes"]


@pytest.mark.parametrize("quorum", [0.5, 0.6])
def test_an_empty_zopa_is_told_even_where_a_quorum_can_agree(quorum):
    game = listed(
        {"A": [9, 1], "B": [9, 1], "C": [0, 9]},
        {"A": 5, "B": 5, "C": 5},
        protocol={"agreement": {"quorum": quorum}},
    )

    assert told(game, "protocol.agreement.quorum", "weakness") == []
    assert len(told(game, "parties", "weakness")) == 1
