from pathlib import Path

import numpy as np

from games.bargaining.solutions import bargain
from tests.tui.recordings import offers, pair, recorded, several
from tui.replay import Recording, cloud, curves, read_history
from tui.replay.charts import scattered, thinned


def test_each_curve_holds_what_a_party_offered_and_what_it_received(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, 2]))
    history = [*read_history(Recording(path))][-1]

    buyer, supplier = curves(history)

    assert buyer.own[0].tolist() == [1, 3]
    assert buyer.own[1].tolist() == [70, 50]
    assert buyer.received[1].tolist() == [30]
    assert supplier.own[1].tolist() == [60]
    assert supplier.received[0].tolist() == [1, 3]
    assert buyer.reservation == 20


def test_acceptances_are_on_no_curve(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [3, 1, None]))
    history = [*read_history(Recording(path))][-1]

    assert history.offers.tolist() == [0, 1]


def test_a_long_curve_keeps_its_extremes_and_its_ends() -> None:
    numbers = np.arange(100_000.0)
    values = np.sin(numbers)
    values[54_321], values[77_777] = 9.0, -9.0

    xs, ys = thinned(numbers, values, 100)

    assert len(xs) <= 102
    assert (ys.max(), ys.min()) == (9.0, -9.0)
    assert (xs[0], xs[-1]) == (0, 99_999)
    assert (np.diff(xs) > 0).all()


def test_a_cloud_keeps_one_point_a_cell() -> None:
    points = np.random.default_rng(1).random((2, 50_000))

    kept = scattered(points, 20)

    assert kept.shape == (2, 400)


def test_the_outcome_space_is_seen_by_the_two_parties_asked_for() -> None:
    of = several(3)
    seen = cloud(of, bargain(of), (0, 2))

    assert sorted(map(tuple, seen.outcomes.T.tolist())) == [(0, 10), (20, 40), (40, 10)]
    assert seen.reservations == (5, 5)
    assert seen.limits == ((0, 40), (5, 40))
    assert seen.solutions["nash"].tolist() == [[20], [40]]
