"""How many sessions of models may begin, told by how servers and this machine keep up."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from delegates.evaluation.playing.pace import AT_FIRST, MOST, MOST_LAG_S, PAUSE_S, Pace
from delegates.models.flow import FlowState
from tests.support.virtual_time import now, run_in_virtual_time

FREE = FlowState(limit=MOST, in_flight=5, waiting=0, held_s=0.0, served=9, refused=0)


def paced(most: int | None = None, **flows: FlowState) -> Pace:
    """Return a pace that began before these servers were asked anything."""
    states: dict[str, FlowState] = {}
    pace = Pace(most, states=lambda: states, clock=lambda: 0.0)
    states.update(flows)
    return pace


def test_few_begin_before_any_server_has_answered() -> None:
    silent = replace(FREE, served=0)
    assert paced().room(0) == AT_FIRST
    assert paced(s=silent).room(AT_FIRST - 3) == 3
    assert paced(s=silent).room(AT_FIRST) == 0


def test_many_begin_in_quick_succession_where_a_server_answers() -> None:
    going_on, looks = 0, 0
    pace = paced(s=FREE)
    while going_on < 100:
        going_on += pace.room(going_on)
        looks += 1
    assert looks * PAUSE_S < 0.06


@pytest.mark.parametrize("busy", [{"waiting": 1}, {"held_s": 0.2}])
def test_none_begins_while_requests_wait(busy: Mapping[str, float]) -> None:
    assert paced(s=replace(FREE, **busy)).room(7) == 0
    assert paced(s=FREE, t=replace(FREE, **busy)).room(7) == 0


def test_a_server_that_refused_is_given_as_many_sessions_as_it_takes_requests() -> None:
    refusing = replace(FREE, limit=4, in_flight=3, refused=2)
    assert paced(s=refusing).room(3) == 1
    assert paced(s=refusing).room(4) == 0
    assert paced(s=refusing).room(9) == 0


def test_where_nothing_goes_on_some_begin_in_any_case() -> None:
    assert paced(s=replace(FREE, held_s=9.0, in_flight=0)).room(0) > 0


@pytest.mark.parametrize("most", [1, 10, 30])
def test_never_more_go_on_than_was_said(most: int) -> None:
    pace = paced(most, s=FREE)
    for going_on in range(most + 1):
        assert 0 <= pace.room(going_on) <= most - going_on


def test_what_a_server_answered_before_the_batch_counts_for_nothing() -> None:
    old = replace(FREE, in_flight=0, limit=4, refused=7)
    pace = Pace(states=lambda: {"old": old}, clock=lambda: 0.0)
    assert pace.room(AT_FIRST) == 0
    assert pace.room(AT_FIRST - 1) == 1


def test_none_begins_while_the_event_loop_is_late() -> None:
    late_s = [0.0]

    async def sleep(seconds: float) -> None:
        time[0] += seconds + late_s[0]

    time = [0.0]

    async def looked_on() -> list[int]:
        pace = Pace(states=lambda: {"s": FREE}, sleep=sleep, clock=lambda: time[0])
        pace._before = {}  # pyright: ignore[reportPrivateUsage]
        found: list[int] = []
        for late in (0.0, 2 * MOST_LAG_S, 0.0, 0.0, 0.0, 0.0):
            late_s[0] = late
            await pace.look_on()
            found.append(pace.room(20))
        return found

    found = run_in_virtual_time(looked_on())
    assert found[0] > 0
    assert found[1] == 0
    assert found[-1] > 0


def test_a_look_takes_a_moment_of_the_loops_own_time() -> None:
    async def looked_on() -> float:
        await Pace(states=dict).look_on()
        return now()

    assert run_in_virtual_time(looked_on()) == pytest.approx(PAUSE_S)
