"""What holds for workers of either kind: processes of this machine, and actors of a Ray cluster."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from delegates import negotiate
from delegates.evaluation.playing.finish import finished
from delegates.evaluation.playing.scripted_session import Line
from tests.delegates.evaluation.made import made_design
from tests.delegates.evaluation.playing.crews import (
    Kind,
    killed,
    needs_ray,
    of_processes,
    of_ray,
)
from tests.delegates.evaluation.playing.deadly import DEADLY
from tests.delegates.evaluation.playing.test_scripted_engine import MINDS, bare, ended
from tests.delegates.halls import hall_of
from tests.delegates.sessions import mini
from tests.games.eventful import eventful
from transcripts import verify

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="finds workers by /proc"
)


@pytest.fixture(params=["processes", pytest.param("ray", marks=needs_ray)])
def kind(request: pytest.FixtureRequest) -> Kind:
    if request.param == "processes":
        return of_processes()
    return of_ray(request.getfixturevalue("cluster").cluster)


def test_every_session_ends_once_and_as_it_does_alone(tmp_path: Path, kind: Kind) -> None:
    games = (mini(), eventful(), hall_of("plenary"))
    named = [game.model_copy(update={"id": f"g{n}"}) for n, game in enumerate(games)]
    strategies = {"linear": "linear", "random-walker": "random-walker"}
    design = made_design(*named, strategies=strategies, repetitions=3, names=("own", "alias"))

    found = kind.ended(design, tmp_path)

    assert sorted(found) == [*range(len(design))]
    for row in design.rows():
        game = design.played_as(row)
        seats = dict(zip(game.ids, row.seats, strict=True))
        expected = finished(design, row, negotiate(game, seats, seed=row.seed))
        assert bare(found)[row.number] == expected
        assert found[row.number].seconds > 0


def test_what_a_dead_worker_has_not_told_is_played_by_another(tmp_path: Path, kind: Kind) -> None:
    design = made_design(strategies=MINDS, repetitions=60)
    batches: list[Sequence[Line]] = []
    died: set[int] = set()

    def kept(lines: Sequence[Line]) -> None:
        batches.append(lines)
        alive = [pid for pid in kind.alive() if pid not in died]
        if len(batches) in (2, 5) and alive and killed(alive[0]):
            died.add(alive[0])

    found = kind.ended(design, tmp_path, kept=kept)

    assert died
    assert sorted(found) == [*range(len(design))]
    assert bare(found) == bare(ended(design, tmp_path))


def test_a_session_that_no_worker_survives_becomes_an_error(
    tmp_path: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind.make_deadly(monkeypatch)
    design = made_design(strategies=MINDS, repetitions=2)

    found = kind.ended(design, tmp_path)

    assert found[DEADLY].ended == "error"
    assert found[DEADLY].problem == "3 processes died while they played it"
    others = {number: one for number, one in bare(found).items() if number != DEADLY}
    alone = bare(ended(design, tmp_path))
    assert others == {number: one for number, one in alone.items() if number != DEADLY}


def test_who_wants_it_to_end_early_is_heard(tmp_path: Path, kind: Kind) -> None:
    design = made_design(strategies=MINDS, repetitions=3000)
    stop = threading.Event()

    found = kind.ended(design, tmp_path, kept=lambda _: stop.set(), stop=stop)

    assert 0 < len(found) < len(design)
    assert kind.all_die()


def test_an_interrupt_leaves_no_worker_and_keeps_what_had_ended(tmp_path: Path, kind: Kind) -> None:
    design = made_design(strategies=MINDS, repetitions=3000)
    told: list[Line] = []

    def kept(lines: Sequence[Line]) -> None:
        told.extend(lines)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kind.ended(design, tmp_path, kept=kept)

    assert told
    assert kind.all_die()


def test_sessions_that_take_too_long_are_broken_off(tmp_path: Path, kind: Kind) -> None:
    design = made_design(session={"timeout_s": 1e-6})

    found = kind.ended(design, tmp_path)

    assert {one.ended for one in found.values()} == {"timeout"}
    assert sorted(found) == [*range(len(design))]


def test_transcripts_lie_where_the_plan_wants_them(tmp_path: Path, kind: Kind) -> None:
    games = (mini(), eventful().model_copy(update={"id": "other"}))
    design = made_design(*games, strategies={"linear": "linear"}, transcripts="all")

    found = kind.ended(design, tmp_path)

    for number, one in found.items():
        assert one.transcript == f"transcripts/{design.session(number)}.jsonl"
        verdict = verify(tmp_path / str(one.transcript))
        assert (verdict.ok, verdict.complete) == (True, True)
    assert len([*tmp_path.rglob("*")]) == len(design) + 1
