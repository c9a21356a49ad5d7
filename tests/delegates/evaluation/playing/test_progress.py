"""Progress is told seldom enough, and its rate is that of late."""

from delegates.evaluation.planning.plan import Ended
from delegates.evaluation.playing.progress import FEW, Progress, Tally


class Told:
    """A tally by a clock that is set by hand, and what it told."""

    def __init__(self, planned: int = 1000, earlier: dict[Ended, int] | None = None) -> None:
        self.now = 100.0
        self.cost: float | None = 0.5
        self.heard: list[Progress] = []
        self.tally = Tally(
            planned,
            earlier or {},
            self.heard.append,
            cost_usd=lambda: self.cost,
            cap_usd=2.0,
            clock=lambda: self.now,
        )

    def end(self, count: int, seconds: float) -> Progress:
        """Have sessions end one after the other within some seconds; return what was told last."""
        for _ in range(count):
            self.now += seconds / count
            self.tally.add(["agreement"])
        return self.heard[-1]


def test_it_is_told_at_most_ten_times_a_second():
    told = Told()

    told.end(500, 1.0)

    assert 9 <= len(told.heard) <= 11


def test_sessions_are_counted_by_class_earlier_ones_among_them():
    told = Told(planned=10, earlier={"agreement": 2, "timeout": 1})
    told.now += 1
    told.tally.add(["agreement", "provider", "no-agreement"])
    told.tally.end()

    last = told.heard[-1]

    assert (last.done, last.earlier, last.failed, last.is_over) == (6, 3, 2, True)
    assert last.ended == {"agreement": 3, "timeout": 1, "provider": 1, "no-agreement": 1}
    assert (last.cost_usd, last.cap_usd, last.elapsed_s) == (0.5, 2.0, 1.0)


def test_nothing_is_said_of_a_rate_before_a_session_has_ended():
    told = Told(earlier={"agreement": 900})
    told.tally.run(7)

    assert (told.heard[-1].rate, told.heard[-1].eta_s, told.heard[-1].running) == (None, None, 7)


def test_the_rate_is_of_this_run_and_the_rest_follows_from_it():
    told = Told(planned=1000, earlier={"agreement": 900})

    last = told.end(20, 10.0)

    assert last.rate == 2.0
    assert last.eta_s == 40.0


def test_the_rate_forgets_what_is_long_past():
    told = Told(planned=100_000)
    told.end(10_000, 100.0)

    last = told.end(400, 40.0)

    assert last.rate is not None
    assert abs(last.rate - 10.0) < 0.6


def test_a_slow_batch_keeps_a_few_sessions_in_sight():
    told = Told(planned=100)

    last = told.end(3 * FEW, 3 * FEW * 60.0)

    assert last.rate is not None
    assert abs(last.rate - 1 / 60) < 1e-9


def test_whoever_does_not_watch_is_told_nothing():
    tally = Tally(10, {}, None, cost_usd=lambda: 0.0)

    tally.add(["agreement"])
    tally.end()

    assert tally.ended == {"agreement": 1}


def test_why_calls_fail_is_told_until_one_is_answered():
    told = Told()
    told.tally.call("")
    assert told.heard == []

    told.tally.call("HTTP 503")
    told.now += 1
    told.tally.run(3)
    assert told.heard[-1].trouble == "HTTP 503"
    told.now += 1
    told.tally.call("")
    assert told.heard[-1].trouble == ""
    told.now += 1
    told.tally.call("HTTP 503")
    told.tally.end()
    assert told.heard[-1].trouble == ""
