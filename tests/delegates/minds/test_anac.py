"""The two ANAC winners, on numbers worked by hand and against an agent that keeps its own state."""

from collections.abc import Sequence
from math import sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.contract import View
from delegates.minds.anac_agentk import AgentK, found
from delegates.minds.anac_hardheaded import AnacHardHeaded
from delegates.minds.anac_port import Port
from delegates.minds.ladder import ladder_of
from delegates.minds.time_based import TimeBased
from delegates.scripted import play_scripted
from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from games.scenario import Scenario
from games.session import Accept, Move, Offer
from games.tactics.anac import (
    Estimate,
    UnchangedIssues,
    chance_to_accept,
    compromise,
    estimate,
    held_share,
    port_schedule,
    share,
    worth,
)
from tests.delegates.sessions import view_at
from tests.support.domains import listed, party, random_scenario, scenario

UP, DOWN = list(range(11)), list(range(10, -1, -1))


def pie(rounds: int = 4, **reservations: float) -> Scenario:
    """Return ten points to share; outcome k gives k to A and 10 - k to B."""
    return listed({"A": UP, "B": DOWN}, reservations, protocol={"rounds": rounds, "opens": "fixed"})


# The ports.


@pytest.mark.parametrize(
    ("pace", "reservation", "offers"),
    [
        # t = .2, .4, .6, .8; the target is lo + (10 - lo)(1 - t^(1/e)).
        (1.0, 0.0, [8, 6, 4, 2]),
        (0.5, 0.0, [10, 9, 7, 4]),  # 9.6, 8.4, 6.4, 3.6
        (0.2, 0.0, [10, 10, 10, 7]),  # 9.997, 9.898, 9.222, 6.723
        (1.0, 5.0, [9, 8, 7, 6]),
        (1.0, 4.5, [9, 8, 7, 6]),  # lo is the least outcome that is worth 4.5, not 4.5
        (1.0, 10.0, [10, 10, 10, 10]),
    ],
)
def test_a_port_offers_the_outcome_nearest_above_its_target(pace, reservation, offers) -> None:
    own = pie(A=reservation).preferences[0]

    made, least = port_schedule(own, 4, pace)

    assert made.tolist() == offers
    assert least.tolist() == offers


def test_the_port_of_agentk_takes_anything_rational_once_the_time_is_nearly_gone() -> None:
    own = pie(A=3).preferences[0]

    _, least = port_schedule(own, 4, 1.0, closing=0.6)

    assert least.tolist() == pytest.approx([9, 8, 3, 3])


def test_a_port_does_not_reach_below_its_reservation_value_by_a_hair() -> None:
    low = 0.5
    values = [0, low - 4e-7, low + 1e-5, 1]
    game = listed({"A": values, "B": DOWN[:4]}, {"A": low}, protocol={"rounds": 100_000})

    made, _ = port_schedule(game.preferences[0], 100_000, 100.0)

    assert made.min() == 2


def test_the_ports_are_what_the_names_stand_for() -> None:
    names = {"agentk-2010": Port(0.2, 0.99), "hardheaded-2011": Port(0.2, None)}
    made = {name: scripted_mind(parse_seat(name)) for name in names}
    assert made == names
    assert scripted_mind(parse_seat("agentk-2010(e=0.5,closing=0.9)")) == Port(0.5, 0.9)


@pytest.mark.parametrize("rounds", [98, 99])
def test_only_agentk_gives_in_at_the_end_and_only_in_long_sessions(rounds: int) -> None:
    view = view_at(pie(rounds), [Offer(10), Offer(0)] * (rounds - 1))
    assert (Port().choose(view) == Accept()) == (rounds >= 99)
    assert Port(closing=None).choose(view) == Offer(1)


# AgentK.


def test_agentk_expects_more_the_more_its_counterparts_offers_varied() -> None:
    seen = estimate(2, 0.2 + 0.4, 0.04 + 0.16)
    assert seen.mean == pytest.approx(0.3)
    assert seen.deviation == pytest.approx(sqrt(12 * 0.01))
    assert seen.most == pytest.approx(0.3 + 0.7 * sqrt(0.12))
    assert estimate(3, 1.2, 0.48).most == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("time", "target"),
    [
        # mean .5, no deviation: pace 1 + 2 + 5 - 2 = 6; given up: rho t^6 (1 - .5), rho = 2.
        # 1 - 2/128 = .984375, then less .484375 · (1/.484375²) / (400 - 300/8) = .0056952
        (0.5, 0.9786798),
        # rho = .1 / (.5 · .9^6) = .37634; 1 - .1 = .9, less .4 · (1/.16) / (400 - 218.7) = .013789
        (0.9, 0.8862107),
    ],
)
def test_agentk_goes_towards_what_it_expects(time: float, target: float) -> None:
    far = compromise(Estimate(0.5, 0.0), time, tremor=2.0, lot=0.5)
    assert far.pace == 6
    assert far.target == far.asks == pytest.approx(target, abs=1e-7)


def test_chance_moves_the_pace_of_agentks_own_offers_alone() -> None:
    seen = Estimate(0.5, 0.1)
    early, late = (compromise(seen, 0.5, tremor=2.0, lot=lot) for lot in (0.0, 0.999))
    assert early.target == late.target
    assert early.asks < early.target < late.asks


@given(
    mean=st.floats(0, 1),
    deviation=st.floats(0, sqrt(3)),
    time=st.floats(0.001, 0.999),
    tremor=st.floats(0, 5),
    lot=st.floats(0, 0.999),
)
def test_agentk_never_asks_for_less_than_it_expects(mean, deviation, time, tremor, lot) -> None:
    seen = Estimate(mean, deviation)
    far = compromise(seen, time, tremor, lot)
    assert far.target >= seen.most - 1e-12
    assert far.asks >= seen.most - 1e-12


@pytest.mark.parametrize(
    ("offered", "chance"),
    [
        (0.9, 0.5**6 / 5 + 0.4 + 0.9 - 0.9786798),
        (0.78, 0.0),  # .003 + .28 - .199 = .084, below .1
        (0.6, 0.0),
    ],
)
def test_agentk_accepts_by_lot_what_exceeds_its_expectation(offered, chance) -> None:
    seen = Estimate(0.5, 0.0)
    far = compromise(seen, 0.5, tremor=2.0, lot=0.5)
    assert chance_to_accept(offered, seen, far, 0.5) == pytest.approx(chance, abs=1e-6)


def test_shares_run_from_no_agreement_to_the_best() -> None:
    own = pie(A=4).preferences[0]
    assert [share(own, k) for k in (2, 4, 7, 10)] == pytest.approx([0, 0, 0.5, 1])
    assert worth(own, 0.5) == 7
    barred = listed(
        {"A": [0, 5, 10], "B": [0, 1, 2]}, parties={"A": {"red_lines": [{"deal": "o1"}]}}
    )
    assert [share(barred.preferences[0], k) for k in range(3)] == [0, 0, 1]
    even = listed({"A": [3, 3], "B": [0, 1]}).preferences[0]
    assert [share(even, k) for k in range(2)] == [1, 1]


def test_agentk_finds_an_outcome_as_often_as_drawing_501_times_would() -> None:
    own = listed({"A": list(range(1000)), "B": list(range(1000))}).preferences[0]
    rng = Random(1)
    drawn = [found(own, 1000, 0.9985, rng) for _ in range(4000)]
    # Two of 1000 reach .9985: 501 draws all miss with chance .367; then twelve reach .9885.
    below = (1 - 2 / 1000) ** 501 * 10 / 12
    assert sum(outcome < 998 for outcome in drawn) / 4000 == pytest.approx(below, abs=0.025)
    assert set(drawn) == set(range(988, 1000))
    often = np.bincount(drawn, minlength=1000)
    assert often[998] / often[999] == pytest.approx(1, abs=0.1)
    assert often[988] / often[997] == pytest.approx(1, abs=0.5)


def test_agentk_finds_something_however_rare() -> None:
    own = listed({"A": UP, "B": DOWN}, {"A": 10}).preferences[0]
    assert found(own, 10**9, 1.0, Random(1)) == 10
    assert found(own, 11, 0.0, Random(1)) == 10


def test_agentk_opens_with_its_best_and_repeats_what_it_was_offered_and_likes() -> None:
    game = pie(10)
    assert AgentK().choose(view_at(game)) == Offer(10)
    # Of 9 once and 5 eight times it expects .743 in the end: 9 exceeds that.
    talks = [Offer(10), Offer(9), *[Offer(10), Offer(5)] * 8]
    assert AgentK().choose(view_at(game, talks)) == Offer(9)


def test_agentk_accepts_by_a_lot_of_its_own() -> None:
    game = pie(10)
    talks = [*[Offer(10), Offer(5)] * 8, Offer(10), Offer(9)]
    shares = [0.5] * 8 + [0.9]
    seen = estimate(9, sum(shares), sum(value * value for value in shares))
    far = compromise(seen, 10 / 11, 2.0, 0.0)
    chance = chance_to_accept(0.9, seen, far, 10 / 11)
    assert chance == pytest.approx(0.424, abs=0.002)
    accepted = [AgentK().choose(view_at(game, talks, seed=seed)) == Accept() for seed in range(900)]
    assert sum(accepted) / 900 == pytest.approx(chance, abs=0.05)


def test_agentk_goes_by_the_counterpart_that_will_offer_least() -> None:
    game = listed(dict.fromkeys("ABC", UP), protocol={"rounds": 10, "opens": "fixed"})
    both = [Offer(10), Offer(6), Offer(2)] * 9
    mind = AgentK()
    mind.choose(view_at(game, both))
    expected = mind.offered.hardest() if mind.offered else None
    assert expected is not None
    assert expected.mean == pytest.approx(0.2)


# HardHeaded.


@pytest.mark.parametrize(
    ("time", "discount", "held"),
    [
        (0.0, 1.0, 0.585 + 0.95 * 0.415),
        (0.5, 1.0, 0.585 + (0.95 - 0.95 / 2**20) * 0.415),
        (1.0, 1.0, 0.585),
        (0.9, 0.9, 0.585),  # a discount of .9 moves the end
        (0.0, 0.5, 0.7925 + 0.95 * 0.2075),  # down to half the range at half the time
        (0.5, 0.5, 0.7925),
        (1.0, 0.5, 0.585),
        (0.75, 0.5, 0.585 + (0.95 - 0.95 * 0.5 ** (1 / 30)) * 0.2075),
    ],
)
def test_hardheaded_holds_to_the_end_or_to_what_the_discount_leaves(time, discount, held) -> None:
    assert held_share(time, 0.05, 0.585, discount) == pytest.approx(held)


def test_what_a_counterpart_leaves_as_it_was_matters_to_it() -> None:
    points = {"x": {"a": 1, "b": 0}, "y": {"a": 1, "b": 0, "c": 0}}
    space = scenario(
        {"x": ["a", "b"], "y": ["a", "b", "c"]}, {"A": party(points), "B": party(points)}
    ).space
    model = UnchangedIssues(space)
    of = {name: space.index({"x": name[0], "y": name[1]}) for name in ("aa", "ab", "ba", "bb")}
    every = np.array(list(of.values()))
    assert model.worths(every).tolist() == [1, 1, 1, 1]
    model.hear(of["aa"])
    assert model.worths(every).tolist() == [1, 1, 1, 1]
    model.hear(of["ab"])
    # x weighs (.5 + .1) / 1.1, y .5 / 1.1; a counts 2 of 2 in x, b 2 of 2 in y.
    x, y = 0.6 / 1.1, 0.5 / 1.1
    assert model.worths(every) == pytest.approx([x + y / 2, x + y, x / 2 + y / 2, x / 2 + y])


def test_no_issue_outweighs_the_others_for_good() -> None:
    options = {"x": {"a": 1, "b": 0}, "y": {"a": 1, "b": 0}}
    space = scenario(
        {name: list(row) for name, row in options.items()},
        {"A": party(options), "B": party(options)},
    ).space
    model = UnchangedIssues(space)
    for turn in range(200):
        model.hear(space.index({"x": "a", "y": "ab"[turn % 2]}))
    named, unnamed = model.worths(np.array([space.index({"x": name, "y": "a"}) for name in "ab"]))
    # One in two issues is left: it gains only while it weighs less than 1 - .2 / 1.1.
    assert 0.7 < named - unnamed < (1 - 0.2 / 1.1 + 0.1) / 1.1


def asked(mind: AnacHardHeaded, game: Scenario, turns: int, answer: int) -> list[int]:
    """Return what it offers to a counterpart that always offers the same."""
    talks = list[Move]()
    for _ in range(turns):
        talks += [mind.choose(view_at(game, talks)), Offer(answer)]
    return [move.outcome for move in talks[::2] if isinstance(move, Offer)]


def test_hardheaded_holds_to_what_reaches_its_limit() -> None:
    # .979 of ten points for long: only 10 reaches that.
    assert asked(AnacHardHeaded(), pie(100), 40, 0) == [10] * 40


def test_hardheaded_goes_down_one_by_one_and_then_repeats_by_lot() -> None:
    offers = asked(AnacHardHeaded(least=0.0), pie(100), 99, 0)
    fresh = list(dict.fromkeys(offers))
    assert len(fresh) > 3
    assert fresh == list(range(10, fresh[-1] - 1, -1))
    assert offers != sorted(offers, reverse=True)


def test_hardheaded_offers_the_five_of_many_alike_that_its_counterpart_likes_best() -> None:
    rows = {"x": {"a": 1.0, "b": 0.5}, "y": {name: k / 1000 for k, name in enumerate("abcdefgh")}}
    game = scenario(
        {name: list(row) for name, row in rows.items()},
        {"A": party(rows), "B": party(rows)},
        protocol={"rounds": 100, "opens": "fixed"},
    )

    def asks(x: str, y: str) -> Offer:
        return Offer(game.space.index({"x": x, "y": y}))

    # A counterpart's options are counted from its second offer on.
    talks: list[Move] = [asks("b", "a"), asks("a", "h"), asks("b", "d")]
    mind, made = AnacHardHeaded(), list[Move]()
    for _ in range(7):
        made.append(mind.choose(view_at(game, talks)))
        talks += [made[-1], asks("b", "a")]
    # Six are within .01 of ag, the next best for itself; ad is liked best, the rest alike. Of ab
    # and aa, two only, the worse comes first.
    assert made == [asks("a", y) for y in "dgfec" + "ab"]


@pytest.mark.parametrize(("heard", "next_offer"), [(0, 2), (3, 3), (2, 2)])
def test_hardheaded_puts_the_best_it_was_offered_before_what_is_worse(heard, next_offer) -> None:
    # Of 9.6 and 9.55, alike, the worse comes first.
    game = listed(
        {"A": UP[:5], "B": [0, 5, 9.55, 9.6, 10]}, protocol={"rounds": 100, "opens": "fixed"}
    )
    view = view_at(game, [Offer(heard), Offer(4), Offer(0)])
    assert AnacHardHeaded(least=0.0).choose(view) == Offer(next_offer)


def test_hardheaded_accepts_better_than_its_own_worst_or_as_good_as_its_next() -> None:
    game = pie(100)
    mind = AnacHardHeaded()
    opened = [Offer(10), Offer(10)]
    assert mind.choose(view_at(game, opened)) == Accept()
    assert mind.choose(view_at(game, [Offer(10), Offer(9)])) == Offer(10)
    overruled = [Offer(8), Offer(9)]  # it has gone down to 8, whoever made it do so
    assert AnacHardHeaded().choose(view_at(game, overruled)) == Accept()


class Keeping:
    """HardHeaded as an agent that lives through a session and keeps its state as it goes."""

    def __init__(self) -> None:
        self.said, self.waiting = list[int](), list[int]()
        self.heard: dict[str, list[int]] = {}
        self.read = 0

    def choose(self, view: View) -> Move:
        """Return its move."""
        own, steps = view.own, ladder_of(view.own)
        for seen in view.history[self.read :]:
            if seen.party != view.party and isinstance(seen.move, Offer):
                self.heard.setdefault(seen.party, []).append(seen.move.outcome)
        self.read = len(view.history)
        ladder = [offer.outcome for offer in steps.offers]
        if not self.waiting:
            self.waiting = self._next(view, ladder) if self.said else ladder[:1]
        if view.offer is not None and view.offer in ladder:
            value = own.utility(view.offer)
            worst = min((own.utility(outcome) for outcome in self.said), default=value)
            if view.stands_by or value > worst or value >= own.utility(self.waiting[0]):
                return Accept()
        self.said.append(self.waiting.pop(0))
        return Offer(self.said[-1])

    def _next(self, view: View, ladder: Sequence[int]) -> list[int]:
        own = view.own
        time = (view.round + 1) / (view.rounds + 1)
        kept = (own.discount * (1 - view.public.rules.breakdown)) ** view.rounds
        limit = worth(own, held_share(time, 0.05, 0.585, kept))
        below = ladder[ladder.index(self.said[-1]) + 1 :]
        reach = [outcome for outcome in below if own.utility(outcome) >= limit]
        if not reach:
            chosen = [view.random("hardheaded").choice(self.said)]
        else:
            near = 0.01 * (own.highest - max(own.reservation, own.lowest))
            alike = [k for k in reach if own.utility(k) > own.utility(reach[0]) - near]
            chosen = alike[::-1] if len(alike) <= 4 else self._liked(view, alike)[:5]
        known = [k for offers in self.heard.values() for k in offers if k in ladder]
        best = max(known, key=own.utility, default=None)
        if best is not None and own.utility(best) > own.utility(chosen[0]):
            return [best, *chosen]
        return chosen

    def _liked(self, view: View, outcomes: list[int]) -> list[int]:
        total = np.zeros(len(outcomes))
        for offers in self.heard.values():
            model = UnchangedIssues(view.public.space)
            for offer in offers:
                model.hear(offer)
            total += model.worths(np.array(outcomes))
        return [outcomes[k] for k in np.argsort(-np.round(total, 9), kind="stable")]


@pytest.mark.parametrize("seed", range(24))
def test_hardheaded_rebuilt_from_the_history_is_the_agent_that_kept_its_state(seed: int) -> None:
    parties = 2 + seed % 2
    game = random_scenario(500 + seed, parties=parties, outcomes=(50, 1500), rounds=(20, 120))
    if any(own.highest < own.reservation for own in game.preferences):
        game = random_scenario(900 + seed, parties=parties, outcomes=(50, 1500))

    class Anew:
        def choose(self, view: View) -> Move:
            return AnacHardHeaded().choose(view)

    others = [TimeBased(4.0), TimeBased(1.0)][: parties - 1]
    plays = [
        list(play_scripted(game, [mind, *others], seed).moves)
        for mind in (Keeping(), AnacHardHeaded(), Anew())
    ]
    assert plays[0] == plays[1] == plays[2]


def test_hardheaded_reads_a_history_in_which_someone_else_spoke_for_it() -> None:
    # Its own opening would have been 10; having gone down to 3 it takes anything better than 3.
    talks = [Offer(3), Offer(1), Offer(10), Offer(4)]
    assert AnacHardHeaded().choose(view_at(pie(50), talks)) == Accept()
    assert AnacHardHeaded().choose(view_at(pie(50), [*talks[:-1], Offer(3)])) == Offer(10)
