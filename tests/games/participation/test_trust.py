"""What was seen during talks, and what is believed of it: by hand, persistent, cheap, unprivate."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.compliance.verdicts import verdict
from games.participation.trust import EVENTS, Counts, Seen, after_session, belief
from games.parts.aftermath import Belief
from games.scenario import Scenario
from tests.support.domains import party, scenario

ALL = range(3)


def talks(**more: Any) -> Scenario:
    """Return three parties, of whom A has seen one commitment kept."""
    fields: dict[str, Any] = {"trust": {"A": {"a": 2, "b": 1, "kept": 1}}, **more}
    return scenario(
        {
            "goods": {"label": "g", "options": [0, 1], "obligor": "B"},
            "money": {"label": "m", "options": [0, 1], "obligor": "A"},
        },
        {
            name: party({"goods": {"0": 0, "1": good}, "money": {"0": 0, "1": paid}}, side=side)
            for name, side, good, paid in (
                ("A", "consumer", 10, -4),
                ("B", "supplier", -4, 10),
                ("C", "mixed", 1, 1),
            )
        },
        **fields,
    )


def test_before_anything_is_seen_trust_is_as_stated_or_even():
    assert belief(talks(), Seen(), 0, ALL) == pytest.approx(3 / 4)
    assert belief(talks(), Seen(), 1, ALL) == 0.5
    assert belief(talks(), Seen(), 0, []) == belief(talks(), Seen(), 0, [0]) == 0.75


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("kept", 2 / 3), ("broken", 1 / 3), ("withdrawn", 1 / 2.25), ("threat", 1 / 2.5)],
)
def test_each_event_counts_with_its_weight(kind, expected):
    seen = Seen().with_event(kind, by=0)

    assert belief(talks(), seen, 1, [0]) == pytest.approx(expected)


def test_weights_are_those_that_statecraft_states():
    game = talks(statecraft={"trust": {"kept": 3, "broken": 2, "withdrawn": 0, "threat": 1}})
    seen = Seen()
    for kind in EVENTS:
        seen = seen.with_event(kind, by=0)

    assert belief(game, seen, 1, [0]) == pytest.approx((1 + 3) / (1 + 3 + 1 + 3))


def test_a_threat_counts_with_those_it_is_aimed_at():
    seen = Seen().with_event("threat", by=2, towards=[1])

    assert belief(talks(), seen, 1, [2]) == pytest.approx(1 / 2.5)
    assert belief(talks(), seen, 0, [2]) == 0.75


def test_what_is_seen_by_all_and_by_some_adds_up():
    seen = (
        Seen()
        .with_event("broken", by=2)
        .with_event("broken", by=2, towards=[1])
        .with_event("kept", by=2, towards=(0, 1))
    )

    assert seen.of(1, 2) == Counts(kept=1, broken=2)
    assert seen.of(0, 2) == Counts(kept=1, broken=1)
    assert seen.of(2, 2) == Counts()


def test_trust_in_several_is_the_mean_by_their_weights():
    seen = Seen().with_event("broken", by=2).with_event("kept", by=0)
    even = belief(talks(), seen, 1, ALL)
    uneven = belief(talks(participation={"weights": {"C": 3}}), seen, 1, ALL)

    assert even == pytest.approx((2 / 3 + 1 / 3) / 2)
    assert uneven == pytest.approx((2 / 3 + 3 * 1 / 3) / 4)


events = st.lists(
    st.tuples(
        st.sampled_from(EVENTS),
        st.integers(0, 2),
        st.none() | st.lists(st.integers(0, 2), max_size=3),
    ),
    max_size=12,
)


@given(events)
def test_the_ledger_is_the_sum_of_what_each_saw_in_any_order(happened):
    seen, backwards = Seen(), Seen()
    for event in happened:
        seen = seen.with_event(*event)
    for event in reversed(happened):
        backwards = backwards.with_event(*event)

    assert seen == backwards
    for observer in ALL:
        for subject in set(ALL) - {observer}:
            plain = [
                sum(
                    done == kind and by == subject and (towards is None or observer in towards)
                    for done, by, towards in happened
                )
                for kind in EVENTS
            ]
            assert list(seen.of(observer, subject)) == plain


@given(events, st.sampled_from(EVENTS), st.integers(0, 2))
def test_good_news_raises_trust_and_bad_news_lowers_it(happened, kind, by):
    seen = Seen()
    for event in happened:
        seen = seen.with_event(*event)
    later = seen.with_event(kind, by)

    for observer in ALL:
        before, after = (belief(talks(), one, observer, ALL) for one in (seen, later))
        change = after - before
        assert change == 0 if observer == by else (change > 0) == (kind == "kept")


def test_an_event_leaves_the_earlier_ledger_alone_and_shares_what_did_not_change():
    before = Seen().with_event("threat", by=0, towards=[1]).with_event("kept", by=0, towards=[2])
    after = before.with_event("broken", by=0, towards=[1])

    assert before.of(1, 0) == Counts(threat=1)
    assert after.of(1, 0) == Counts(broken=1, threat=1)
    assert after.by_some[2] is before.by_some[2]
    assert after.by_all is before.by_all


def test_only_what_happened_takes_room():
    seen = Seen()
    for number in range(3000):
        seen = seen.with_event("withdrawn", by=number % 56)

    assert len(seen.by_all) == 56
    assert seen.by_some == {}
    assert seen.of(3, 4).withdrawn == 54  # 3000 = 53 · 56 + 32


def test_the_talks_leave_their_mean_in_every_partys_belief():
    seen = Seen().with_event("broken", by=2).with_event("kept", by=2, towards=[0])

    after = after_session(talks(), seen)

    assert after.trust["A"] == Belief(a=2, b=1, kept=1.5, broken=0.5)
    assert after.trust["B"] == Belief(kept=0, broken=0.5)
    assert "C" not in after.trust


def test_the_mean_of_what_was_seen_counts_by_weight():
    game = talks(participation={"weights": {"C": 3}})

    after = after_session(game, Seen().with_event("broken", by=2))

    assert after.trust["B"].broken == pytest.approx(3 / 4)


def test_talks_in_which_nothing_was_seen_change_nothing():
    game = talks()

    assert after_session(game, Seen()) is game


def test_between_two_the_belief_after_the_talks_is_the_one_at_their_end():
    game = scenario(
        {"x": [1]}, {"A": party({"x": {"1": 1}}), "B": party({"x": {"1": 1}}, side="supplier")}
    )
    seen = Seen().with_event("broken", by=1).with_event("threat", by=1, towards=[0])
    after = after_session(game, seen)

    assert belief(after, Seen(), 0, [1]) == pytest.approx(belief(game, seen, 0, [1]))


def test_verdicts_afterwards_use_the_trust_that_the_talks_left():
    game = talks(commitments={"collapse": 2}, trust={"A": {}, "B": {}})
    betrayed = Seen()
    for _ in range(8):
        betrayed = betrayed.with_event("broken", by=1, towards=[0])

    signed = game.space.index({"goods": 1, "money": 1})
    before, after = (
        verdict(one, signed).parties[0] for one in (game, after_session(game, betrayed))
    )

    assert (before.belief, after.belief) == (0.5, pytest.approx(1 / (2 + 4)))
