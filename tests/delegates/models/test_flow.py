"""A flow against servers that refuse, in virtual time: every figure is the same on each run."""

import asyncio
import gc
import logging
import weakref
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.models.flow import (
    MOST_IN_FLIGHT,
    Flow,
    FlowState,
    Permit,
    flow_states,
    flow_to,
    next_ticket,
)
from tests.support.virtual_time import now, run_in_virtual_time

PAUSE_S = 0.5


@dataclass
class Server:
    """Serves so many at once and refuses the others at once."""

    slots: int
    latency_s: float = 1.0
    flying: int = 0
    peak: int = 0
    refused: int = 0
    served: int = 0
    order: list[int] = field(default_factory=list[int])

    async def answers(self) -> bool:
        if self.flying >= self.slots:
            self.refused += 1
            await asyncio.sleep(0.001)
            return False
        self.flying += 1
        self.peak = max(self.peak, self.flying)
        try:
            await asyncio.sleep(self.latency_s)
        finally:
            self.flying -= 1
        self.served += 1
        return True


def flow_in_virtual_time(most: int = MOST_IN_FLIGHT) -> Flow:
    return Flow("server", most=most, clock=now)


async def call(flow: Flow, server: Server, pause_s: float | None = PAUSE_S) -> None:
    """Ask until it is answered, as a client does."""
    ticket = next_ticket()
    while True:
        async with flow.permit(ticket) as permit:
            answered = await server.answers()
            if answered:
                flow.served()
            else:
                flow.refused(permit, pause_s)
        if answered:
            return
        await asyncio.sleep(pause_s or 0.1)


async def sessions(flow: Flow, server: Server, crowd: int, turns: int) -> float:
    """Let sessions take their turns side by side and return how long that took."""

    async def session() -> None:
        for _ in range(turns):
            await call(flow, server)

    began = now()
    await asyncio.gather(*(session() for _ in range(crowd)))
    return now() - began


def test_nothing_is_held_back_from_a_server_that_serves_all() -> None:
    async def play() -> tuple[float, FlowState]:
        flow = flow_in_virtual_time()
        took = await sessions(flow, server, 100, 10)
        return took, flow.state

    server = Server(slots=1000)
    took, state = run_in_virtual_time(play())
    assert took == pytest.approx(10.0)
    assert server.peak == 100
    assert (state.served, state.refused, state.in_flight, state.waiting) == (1000, 0, 0, 0)


@pytest.mark.parametrize("slots", [1, 2, 8, 30])
def test_a_flow_finds_what_a_server_serves_and_keeps_to_it(slots: int) -> None:
    async def play() -> tuple[float, int]:
        flow = flow_in_virtual_time()
        return await sessions(flow, server, 100, 20), flow.state.limit

    server = Server(slots=slots)
    took, limit = run_in_virtual_time(play())
    ideal = 100 * 20 / slots
    assert took < 1.2 * ideal
    # Everyone once at the start, then a few trials: never a share of all calls.
    assert server.refused <= (100 - slots) + 16
    assert slots / 2 <= limit <= slots + 1


def test_a_burst_of_refusals_halves_the_flow_once() -> None:
    async def play() -> tuple[int, int]:
        flow = flow_in_virtual_time(most=64)
        async with asyncio.TaskGroup() as group:
            entered = [await _enter(flow, group) for _ in range(40)]
            for permit, _ in entered[:4]:
                flow.refused(permit, None)
            few = flow.state.limit
            for permit, _ in entered[4:30]:
                flow.refused(permit, None)
            for _, leave in entered:
                leave.set()
        return few, flow.state.limit

    few, many = run_in_virtual_time(play())
    assert few == 20  # halved once, though four were refused
    assert many == 10  # thirty of forty were refused: ten is what it serves


async def _enter(flow: Flow, group: asyncio.TaskGroup) -> tuple[Permit, asyncio.Event]:
    entered: asyncio.Future[Permit] = asyncio.get_running_loop().create_future()
    leave = asyncio.Event()

    async def hold() -> None:
        async with flow.permit(next_ticket()) as permit:
            entered.set_result(permit)
            await leave.wait()

    group.create_task(hold())
    return await entered, leave


def test_while_a_server_wants_a_pause_nobody_asks_it() -> None:
    asked: list[float] = []

    async def ask(flow: Flow) -> None:
        async with flow.permit(next_ticket()):
            asked.append(now())
            flow.served()

    async def play() -> None:
        flow = flow_in_virtual_time()
        async with flow.permit(next_ticket()) as permit:
            flow.refused(permit, 7.0)
        early = [asyncio.create_task(ask(flow)) for _ in range(3)]
        await asyncio.sleep(2.0)
        assert flow.state.held_s == pytest.approx(5.0)
        assert flow.state.waiting == 3
        async with asyncio.timeout(None):
            await asyncio.gather(*early, *(ask(flow) for _ in range(3)))

    run_in_virtual_time(play())
    assert len(asked) == 6
    assert min(asked) == pytest.approx(7.0, abs=0.02)


def test_a_longer_pause_asked_for_meanwhile_is_kept() -> None:
    async def play() -> float:
        flow = flow_in_virtual_time()
        async with asyncio.TaskGroup() as group:
            one, leave_one = await _enter(flow, group)
            other, leave_other = await _enter(flow, group)
            flow.refused(one, 1.0)
            leave_one.set()
            waiting = asyncio.create_task(call(flow, Server(slots=9, latency_s=0.0)))
            await asyncio.sleep(0.5)
            flow.refused(other, 9.0)
            leave_other.set()
            await waiting
        return now()

    assert run_in_virtual_time(play()) == pytest.approx(9.5, abs=0.02)


def test_without_a_pause_the_others_may_ask_on() -> None:
    async def play() -> float:
        flow = flow_in_virtual_time()
        async with flow.permit(next_ticket()) as permit:
            flow.refused(permit, None)
        await call(flow, Server(slots=1))
        return now()

    assert run_in_virtual_time(play()) == pytest.approx(1.0)


def test_whoever_asked_first_is_served_first_even_after_a_refusal() -> None:
    served: list[int] = []

    async def ask(flow: Flow, name: int, refusals: int) -> None:
        ticket = next_ticket()
        for attempt in range(refusals + 1):
            async with flow.permit(ticket) as permit:
                await asyncio.sleep(1.0)
                if attempt < refusals:
                    flow.refused(permit, PAUSE_S)
                else:
                    flow.served()
                    served.append(name)
            if attempt < refusals:
                await asyncio.sleep(PAUSE_S)

    async def play() -> None:
        flow = flow_in_virtual_time(most=1)
        await asyncio.gather(ask(flow, 0, refusals=3), *(ask(flow, n, 0) for n in range(1, 5)))

    run_in_virtual_time(play())
    assert served == [0, 1, 2, 3, 4]


def test_a_server_that_grew_is_found_out_in_leaps() -> None:
    async def play() -> tuple[int, int]:
        flow = flow_in_virtual_time()
        await sessions(flow, server, 60, 10)
        before = flow.state.limit
        server.slots = 48
        await sessions(flow, server, 60, 50)
        return before, flow.state.limit

    server = Server(slots=4)
    before, after = run_in_virtual_time(play())
    assert before <= 5
    # Three trials of patience, then one more a success: not a trial for each of 44.
    assert after >= 24


def test_a_flow_does_not_grow_by_what_its_limit_did_not_hold_back() -> None:
    async def play() -> tuple[int, int]:
        flow = flow_in_virtual_time()
        async with asyncio.TaskGroup() as group:
            entered = [await _enter(flow, group) for _ in range(10)]
            for permit, _ in entered[:5]:
                flow.refused(permit, None)
            for _, leave in entered:
                leave.set()
        before = flow.state.limit
        await sessions(flow, Server(slots=9), 1, 500)
        return before, flow.state.limit

    assert run_in_virtual_time(play()) == (5, 5)


def test_a_server_that_shrank_is_asked_less() -> None:
    async def play() -> tuple[int, float]:
        flow = flow_in_virtual_time()
        await sessions(flow, server, 60, 10)
        server.slots = 3
        began = server.refused
        took = await sessions(flow, server, 60, 10)
        assert server.refused - began < 60
        return flow.state.limit, took

    server = Server(slots=40)
    limit, took = run_in_virtual_time(play())
    assert limit <= 4
    assert took < 1.2 * 600 / 3


def test_stray_refusals_do_not_choke_a_flow() -> None:
    async def play() -> float:
        flow = flow_in_virtual_time()
        count = 0

        async def one() -> None:
            nonlocal count
            ticket = next_ticket()
            while True:
                async with flow.permit(ticket) as permit:
                    count += 1
                    stray = count % 97 == 0
                    await asyncio.sleep(1.0)
                    if stray:
                        flow.refused(permit, PAUSE_S)
                    else:
                        flow.served()
                        return

        async def session() -> None:
            for _ in range(50):
                await one()

        await asyncio.gather(*(session() for _ in range(20)))
        return now()

    assert run_in_virtual_time(play()) < 2.2 * 50


def test_embedded_models_are_asked_as_often_as_they_have_slots() -> None:
    async def play() -> float:
        return await sessions(flow_in_virtual_time(most=2), server, 10, 3)

    server = Server(slots=1000)
    assert run_in_virtual_time(play()) == pytest.approx(15.0)
    assert server.peak == 2


def test_time_outs_halve_the_flow_without_a_pause() -> None:
    async def play() -> FlowState:
        flow = flow_in_virtual_time()
        async with asyncio.TaskGroup() as group:
            entered = [await _enter(flow, group) for _ in range(10)]
            for permit, leave in entered:
                flow.slowed(permit)
                leave.set()
        return flow.state

    state = run_in_virtual_time(play())
    assert (state.limit, state.held_s) == (5, 0.0)


def test_what_is_refused_without_any_success_is_counted_as_one_trouble() -> None:
    async def play() -> list[float | None]:
        flow = flow_in_virtual_time()
        seen: list[float | None] = [flow.refusing_since]
        for _ in range(3):
            async with flow.permit(next_ticket()) as permit:
                flow.refused(permit, None)
            await asyncio.sleep(20)
            seen.append(flow.refusing_since)
        await asyncio.sleep(100)
        seen.append(flow.refusing_since)
        async with flow.permit(next_ticket()) as permit:
            flow.refused(permit, None)
            seen.append(flow.refusing_since)
            flow.served()
            seen.append(flow.refusing_since)
        return seen

    assert run_in_virtual_time(play()) == [None, 0.0, 0.0, 0.0, None, 160.0, None]


@dataclass
class Script:
    """What calls do: how long each takes, whether it is refused, when it is given up."""

    latency_s: float
    is_refused: bool
    given_up_after_s: float | None


scripts = st.builds(
    Script,
    latency_s=st.sampled_from([0.0, 0.1, 1.0]),
    is_refused=st.booleans(),
    given_up_after_s=st.sampled_from([None, None, 0.0, 0.05, 0.5, 1.0]),
)


@given(st.lists(scripts, min_size=1, max_size=30), st.integers(1, 8))
def test_whatever_is_given_up_no_permit_is_lost(calls: list[Script], most: int) -> None:
    async def one(flow: Flow, script: Script) -> None:
        async with flow.permit(next_ticket()) as permit:
            assert flow.state.in_flight <= most
            await asyncio.sleep(script.latency_s)
            if script.is_refused:
                flow.refused(permit, 0.3)
            else:
                flow.served()

    async def give_up(work: Callable[[], Awaitable[None]], after_s: float | None) -> None:
        try:
            async with asyncio.timeout(after_s):
                await work()
        except TimeoutError:
            pass

    async def play() -> FlowState:
        flow = flow_in_virtual_time(most)
        await asyncio.gather(
            *(give_up(lambda s=s: one(flow, s), s.given_up_after_s) for s in calls)
        )
        await call(flow, Server(slots=1))  # the door still opens
        return flow.state

    state = run_in_virtual_time(play())
    assert (state.in_flight, state.waiting) == (0, 0)
    assert 1 <= state.limit <= most


def test_a_call_given_up_at_the_moment_it_is_let_in_passes_its_turn_on() -> None:
    async def play() -> None:
        flow = flow_in_virtual_time(most=1)
        async with asyncio.TaskGroup() as group:
            _, leave = await _enter(flow, group)
            first = asyncio.create_task(call(flow, Server(slots=1)))
            second = asyncio.create_task(call(flow, Server(slots=1)))
            await asyncio.sleep(0.1)
            leave.set()
            await asyncio.sleep(0)  # the holder leaves: the first is let in, but has not run yet
            first.cancel()
            await second
            assert first.cancelled()

    run_in_virtual_time(play())


def test_one_loop_has_one_flow_to_a_server() -> None:
    async def play() -> tuple[Flow, Flow, Flow]:
        return flow_to("a:1"), flow_to("a:1"), flow_to("b:1")

    one, same, other = run_in_virtual_time(play())
    assert one is same
    assert one is not other
    assert run_in_virtual_time(play())[0] is not one


def test_how_flows_stand_can_be_asked() -> None:
    async def play() -> dict[str, FlowState]:
        async with flow_to("a:1").permit(next_ticket()):
            return flow_states()

    assert run_in_virtual_time(play())["a:1"].in_flight == 1


def test_a_refusal_is_logged_with_what_follows(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        flow = flow_in_virtual_time()
        async with flow.permit(next_ticket()) as permit:
            flow.refused(permit, 2.5)

    caplog.set_level(logging.INFO, logger="minilateral.models")
    run_in_virtual_time(play())
    assert "server: asked too much; at most 1 in flight, 2.50 s of pause" in caplog.text


def test_a_loop_that_ended_takes_its_flows_along() -> None:
    seen: list[weakref.ref[Flow]] = []

    async def play() -> None:
        flow = flow_to("a:1")
        seen.append(weakref.ref(flow))
        async with flow.permit(next_ticket()) as permit:
            flow.refused(permit, 50.0)
        asyncio.get_running_loop().create_task(call(flow, Server(slots=1)))
        await asyncio.sleep(0)

    run_in_virtual_time(play())
    gc.collect()
    assert seen[0]() is None
