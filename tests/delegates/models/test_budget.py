import asyncio
import math
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.models.budget import Budget, Spent
from delegates.models.chat import Ask, Message, Usage, token_bound
from delegates.models.prices import FREE, most_usd
from delegates.settings import Price
from games.errors import CapReached, SettingError

PRICE = Price(input=1.0, output=10.0, cached=0.1)
ASK = Ask(messages=(Message(role="user", content="x" * 1000),), max_tokens=100)
BOUND = token_bound(ASK)
MOST_USD = most_usd(PRICE, BOUND)
USED = Usage(input=250, output=50, cached=50)


def test_settling_replaces_the_bound_by_what_was_used() -> None:
    budget = Budget(max_cost_usd=1.0, clock=lambda: 0.0)
    cost = budget.settle(budget.reserve(ASK, PRICE), USED)
    assert cost == pytest.approx((200 + 5 + 500) / 1e6)
    assert budget.spent == Spent(cost_usd=cost or 0, input=250, output=50, cached=50, calls=1)
    assert budget.spent.tokens == 300


def test_a_call_that_could_pass_the_cap_on_money_is_not_made() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 0.99)
    with pytest.raises(CapReached, match=r"raise it with --max-cost") as caught:
        budget.reserve(ASK, PRICE)
    assert "\n" not in str(caught.value)
    assert Budget(max_cost_usd=MOST_USD).reserve(ASK, PRICE).cost_usd == MOST_USD


def test_a_call_that_could_pass_the_cap_on_tokens_is_not_made() -> None:
    most = BOUND.input + BOUND.output
    Budget(max_tokens=most).reserve(ASK, None)
    with pytest.raises(CapReached, match=rf"{most - 1:,} tokens .*--max-tokens"):
        Budget(max_tokens=most - 1).reserve(ASK, None)


def test_no_call_is_made_after_the_cap_on_time() -> None:
    now = [0.0]
    budget = Budget(max_time_s=60, spent=Spent(time_s=50), clock=lambda: now[0])
    budget.release(budget.reserve(ASK, PRICE))
    assert budget.time_left_s == pytest.approx(10)
    now[0] = 10.0
    with pytest.raises(CapReached, match="60 s is reached"):
        budget.reserve(ASK, PRICE)
    assert budget.time_left_s == 0


def test_earlier_spending_counts() -> None:
    budget = Budget(max_cost_usd=1.0, spent=Spent(cost_usd=1.0 - MOST_USD / 2))
    with pytest.raises(CapReached):
        budget.reserve(ASK, PRICE)


def test_calls_in_flight_count_until_settled_or_released() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 2.1)
    first, second = budget.reserve(ASK, PRICE), budget.reserve(ASK, PRICE)
    with pytest.raises(CapReached, match="in flight"):
        budget.reserve(ASK, PRICE)
    budget.release(first)
    budget.settle(second, USED)
    budget.reserve(ASK, PRICE)


def test_a_free_call_passes_any_cap_on_money() -> None:
    budget = Budget(max_cost_usd=0.0)
    assert budget.settle(budget.reserve(ASK, FREE), USED) == 0.0


def test_a_call_of_unknown_price_is_counted_as_such() -> None:
    budget = Budget(max_cost_usd=1.0)
    assert budget.settle(budget.reserve(ASK, None), USED) is None
    assert budget.spent.unpriced_calls == 1


def test_a_lost_answer_is_charged_whole_and_kept_apart() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 2)
    budget.charge(budget.reserve(ASK, PRICE))
    assert (budget.spent.cost_usd, budget.spent.tokens, budget.spent.calls) == (0.0, 0, 0)
    assert budget.spent.lost_cost_usd == budget.spent.most_usd == MOST_USD
    assert budget.spent.lost_tokens == BOUND.input + BOUND.output
    budget.settle(budget.reserve(ASK, PRICE), USED)
    with pytest.raises(CapReached, match=r"spent and up to \d\.\d+ for lost answers"):
        budget.reserve(ASK, PRICE)


def test_lost_answers_count_against_the_cap_on_tokens() -> None:
    budget = Budget(max_tokens=2 * (BOUND.input + BOUND.output) - 1)
    budget.charge(budget.reserve(ASK, None))
    with pytest.raises(
        CapReached, match=rf"0 used and up to {BOUND.input + BOUND.output:,} in lost"
    ):
        budget.reserve(ASK, None)


def test_ending_a_reservation_twice_counts_it_once() -> None:
    budget = Budget(within=Budget())
    held = budget.reserve(ASK, PRICE)
    budget.charge(held)
    budget.settle(held, USED)
    budget.charge(held)
    assert (budget.spent.calls, budget.spent.lost_cost_usd) == (0, MOST_USD)


@pytest.mark.parametrize("cap", [math.nan, math.inf, -1.0])
def test_a_cap_that_nothing_can_stay_under_is_refused(cap: float) -> None:
    with pytest.raises(SettingError, match=r"max_cost_usd .* finite number from 0"):
        Budget(max_cost_usd=cap)
    with pytest.raises(SettingError, match=r"max_time_s .* finite number from 0"):
        Budget(max_time_s=cap)


def test_waiting_calls_use_what_others_turn_out_not_to_need() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 3)
    seen: list[float] = []

    async def call() -> None:
        held = await budget.acquire(ASK, PRICE)
        seen.append(budget.spent.cost_usd)
        await asyncio.sleep(0)
        budget.settle(held, USED)

    async def main() -> None:
        await asyncio.gather(*(call() for _ in range(5)))

    asyncio.run(main())
    assert seen[:3] == [0.0, 0.0, 0.0]
    assert seen[4] > 0
    assert budget.spent.calls == 5


def test_concurrent_calls_never_pass_the_cap_together() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 3.5)

    async def call() -> bool:
        try:
            held = await budget.acquire(ASK, PRICE)
        except CapReached:
            return False
        await asyncio.sleep(0)
        budget.settle(held, BOUND)
        return True

    async def main() -> list[bool]:
        return await asyncio.gather(*(call() for _ in range(10)))

    assert sum(asyncio.run(main())) == 3
    assert budget.spent.cost_usd <= MOST_USD * 3.5


def test_a_waiting_call_raises_once_nothing_is_in_flight() -> None:
    budget = Budget(max_cost_usd=MOST_USD / 2)
    with pytest.raises(CapReached):
        asyncio.run(budget.acquire(ASK, PRICE))


def test_a_shared_budget_holds_beside_a_sessions_own() -> None:
    shared = Budget(max_cost_usd=MOST_USD * 3.5)
    sessions = [Budget(max_cost_usd=MOST_USD * 2.5, within=shared) for _ in range(2)]
    first = [sessions[0].reserve(ASK, PRICE) for _ in range(2)]
    with pytest.raises(CapReached, match=f"the cap of {MOST_USD * 2.5:g} USD"):
        sessions[0].reserve(ASK, PRICE)
    sessions[1].reserve(ASK, PRICE)
    with pytest.raises(CapReached, match=f"the cap of {MOST_USD * 3.5:g} USD"):
        sessions[1].reserve(ASK, PRICE)
    sessions[0].charge(first[0])
    sessions[0].settle(first[1], USED)
    assert shared.spent.most_usd == pytest.approx(sessions[0].spent.most_usd)
    sessions[1].reserve(ASK, PRICE)


def test_what_does_not_fit_the_shared_budget_is_not_held_in_the_sessions_own() -> None:
    session = Budget(max_tokens=10**6, within=Budget(max_cost_usd=MOST_USD / 2))
    for _ in range(2):
        with pytest.raises(CapReached, match=r"0\.0000 in flight"):
            session.reserve(ASK, PRICE)
        with pytest.raises(CapReached):
            asyncio.run(session.acquire(ASK, PRICE))


def test_the_nearest_end_of_time_holds() -> None:
    now = [0.0]
    shared = Budget(max_time_s=30, clock=lambda: now[0])
    session = Budget(max_time_s=60, within=shared, clock=lambda: now[0])
    assert session.time_left_s == 30
    now[0] = 40.0
    with pytest.raises(CapReached, match="the cap of 30 s is reached"):
        session.reserve(ASK, PRICE)
    assert str(session.time_passed()).startswith("the cap of 30 s")
    assert session.time_left_s == 0


def test_who_asked_first_is_served_first() -> None:
    budget = Budget(max_cost_usd=MOST_USD * 1.5)
    served: list[int] = []

    async def call(number: int) -> None:
        held = await budget.acquire(ASK, PRICE)
        served.append(number)
        await asyncio.sleep(0)
        budget.settle(held, Usage(input=1, output=1))

    async def main() -> None:
        await asyncio.gather(*(call(number) for number in range(30)))

    asyncio.run(main())
    assert served == list(range(30))


def test_a_small_call_does_not_overtake_a_large_one_that_waits() -> None:
    small = Ask(messages=(Message(role="user", content="x"),), max_tokens=1)
    budget = Budget(max_cost_usd=MOST_USD + most_usd(PRICE, token_bound(small)) * 1.5)
    served: list[str] = []

    async def call(name: str, ask: Ask) -> None:
        held = await budget.acquire(ask, PRICE)
        served.append(name)
        budget.release(held)

    async def main() -> None:
        first = budget.reserve(ASK, PRICE)
        waiting = [
            asyncio.create_task(call("large", ASK)),
            asyncio.create_task(call("small", small)),
        ]
        await asyncio.sleep(0)
        assert served == []
        budget.release(first)
        await asyncio.gather(*waiting)

    asyncio.run(main())
    assert served == ["large", "small"]


def test_a_cancelled_call_leaves_the_queue_and_holds_nothing() -> None:
    shared = Budget(max_cost_usd=MOST_USD * 1.5)
    budgets = [Budget(within=shared) for _ in range(3)]

    async def main() -> None:
        first = budgets[0].reserve(ASK, PRICE)
        waiting = [asyncio.create_task(budget.acquire(ASK, PRICE)) for budget in budgets[1:]]
        await asyncio.sleep(0)
        waiting[0].cancel()
        budgets[0].release(first)  # serves the cancelled one in the same moment
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        budgets[2].release(await waiting[1])
        budgets[0].reserve(ASK, PRICE)

    asyncio.run(main())


Act = tuple[int, int, int, str]
"""Of one call: its session, how long its prompt is, how long it takes to end, and how."""


@given(
    acts=st.lists(
        st.tuples(
            st.integers(0, 4),
            st.integers(1, 3000),
            st.integers(0, 3),
            st.sampled_from(["settle", "charge", "release", "cancel"]),
        ),
        min_size=1,
        max_size=40,
    ),
    room=st.floats(0.3, 12.0),
    own_room=st.floats(0.3, 6.0),
)
def test_no_cap_is_passed_and_nobody_waits_for_ever(
    acts: list[Act], room: float, own_room: float
) -> None:
    shared = Budget(max_cost_usd=MOST_USD * room)
    sessions = [Budget(max_cost_usd=MOST_USD * own_room, within=shared) for _ in range(5)]
    ends = asyncio.run(asyncio.wait_for(_play(sessions, acts), 20))
    billed = [sum(cost for one, cost in ends if one == number) for number in range(5)]
    assert all(cost <= MOST_USD * own_room * (1 + 1e-9) for cost in billed)
    assert sum(billed) <= MOST_USD * room * (1 + 1e-9)
    assert shared.spent.most_usd == pytest.approx(sum(billed))
    for number, session in enumerate(sessions):
        assert session.spent.most_usd == pytest.approx(billed[number])
        # Nothing is held back any more: what fits what is left is served at once.
        left = min(own_room - billed[number] / MOST_USD, room - sum(billed) / MOST_USD)
        if left > 1.001:
            session.release(session.reserve(ASK, PRICE))


async def _play(sessions: list[Budget], acts: list[Act]) -> list[tuple[int, float]]:
    """Make calls at once, and return what the provider bills each session for."""
    ends: list[tuple[int, float]] = []

    async def call(session: int, size: int, delay: int, how: str) -> None:
        ask = Ask(messages=(Message(role="user", content="x" * size),), max_tokens=50)
        budget = sessions[session]
        try:
            held = await budget.acquire(ask, PRICE)
        except CapReached:
            return
        try:
            for _ in range(delay):
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            how = "charge"
        if how == "settle":
            used = Usage(input=size // 2, output=size % 50)
            ends.append((session, budget.settle(held, used) or 0.0))
        elif how == "release":
            budget.release(held)
        else:
            budget.charge(held)
            ends.append((session, held.cost_usd or 0.0))

    tasks = [asyncio.create_task(call(*act)) for act in acts]
    await asyncio.sleep(0)
    for task, act in zip(tasks, acts, strict=True):
        if act[3] == "cancel":
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return ends


def test_twenty_sessions_in_four_threads_stay_under_one_budget() -> None:
    shared = Budget(max_cost_usd=MOST_USD * 40)
    ended: list[bool] = []

    async def session() -> None:
        own = Budget(within=shared)
        for _ in range(8):
            try:
                held = await own.acquire(ASK, PRICE)
            except CapReached:
                ended.append(False)
                return
            await asyncio.sleep(0.001)
            own.settle(held, BOUND)
        ended.append(True)

    async def some() -> None:
        await asyncio.gather(*(session() for _ in range(5)))

    threads = [threading.Thread(target=asyncio.run, args=(some(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(ended) == 20
    assert shared.spent.calls == 40
    assert shared.spent.most_usd == pytest.approx(MOST_USD * 40)
