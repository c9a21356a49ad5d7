"""What a transcript says was spent, through kills, resumes and failures."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.books import KILLED, cut_off, spent_by
from delegates.line import Calls, Line, Paid, earlier_calls
from delegates.models.budget import Budget, most_of
from delegates.models.chat import Ask, Message, Reply, Retry, Schema, Usage
from delegates.models.dialect import REASONING_ROOM
from delegates.models.prices import cost_usd
from delegates.settings import Price, Settings
from games.errors import CapReached
from tests.delegates.scripted_model import Log, ScriptedModel, line_to
from tests.delegates.sessions import mini, settings_at, view_at
from transcripts.events import (
    Asked,
    Event,
    Failed,
    MoveMade,
    Opened,
    Replied,
    Resumed,
    Retried,
    Tokens,
)

PRICE = Price(input=1.0, output=10.0, cached=0.1)
PRICED = '[prices."m"]\ninput = 1.0\noutput = 10.0\ncached = 0.1\n'
ASK = Ask(
    messages=(Message(role="user", content="Well?"),),
    max_tokens=100,
    schema=Schema(name="s", json={"type": "object"}),
)
VIEW = view_at(mini())


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_at(config=PRICED, home=tmp_path_factory.mktemp("home"))


def asked(turn: int = 0, party: str = "USA", call: int = 0, **changes: Any) -> Asked:
    return Asked(
        turn=turn,
        party=party,
        purpose="decide",
        call=call,
        model="m",
        host="h",
        messages=(),
        settings={"max_tokens": 100},
    ).model_copy(update=changes)


def replied(cost: float | None = 0.5, *, from_cache: bool = False) -> Replied:
    return Replied(
        turn=0,
        party="USA",
        purpose="decide",
        call=0,
        text="x",
        tokens=Tokens(input=10, output=5, cached=4, reasoning=2),
        cost_usd=cost,
        from_cache=from_cache,
    )


def retried(cost: float = 0.25) -> Retried:
    return Retried(
        turn=0,
        party="USA",
        attempt=1,
        reason="no answer",
        wait_s=1,
        tokens=Tokens(input=7, output=3),
        cost_usd=cost,
    )


def failed(cost: float = 0.0) -> Failed:
    return Failed(turn=0, party="USA", reason="cap", cost_usd=cost)


RESUMED = Resumed(turn=0)
MOVED = MoveMade(turn=0, round=0, party="USA", act="accept")
MOST = most_of(
    Ask(messages=(), max_tokens=100 + REASONING_ROOM), Price(input=1.0, output=10.0, cached=0.1)
)


@pytest.mark.parametrize(
    ("events", "cut"),
    [
        ([], 0),
        ([asked()], 1),
        ([asked(), replied()], 0),
        ([asked(), retried()], 1),
        ([asked(), failed()], 0),
        ([asked(), retried(), failed()], 0),
        # Once for every run in which it may have been in flight.
        ([asked(), RESUMED], 1),
        ([asked(), RESUMED, RESUMED], 2),
        ([asked(), RESUMED, replied(), RESUMED], 1),
        ([asked(), failed(), RESUMED], 0),
        ([asked(), failed(), RESUMED, RESUMED], 1),
        ([asked(), failed(), RESUMED, failed(), RESUMED], 0),
        ([asked(), RESUMED, retried(), RESUMED], 2),
        # Another model was asked instead: the first one no more.
        ([asked(), RESUMED, asked(model="n"), replied(), RESUMED], 1),
        ([asked(), failed(), RESUMED, MOVED, RESUMED], 0),
        # Two parties at once.
        ([asked(), asked(party="COD"), RESUMED], 2),
    ],
)
def test_calls_in_flight_when_a_run_was_killed_are_charged(
    settings: Settings, events: list[Event], cut: int
) -> None:
    kept = [event for event in events if isinstance(event, Retried | Failed)]
    spent = spent_by(events, settings, has_ended=bool(events) and events[-1] != RESUMED)
    known = sum(event.cost_usd or 0.0 for event in kept)
    assert spent.lost_cost_usd == pytest.approx(cut * (MOST.cost_usd or 0.0) + known)
    assert spent.lost_tokens == cut * MOST.tokens + 10 * sum(isinstance(e, Retried) for e in kept)


def test_replies_are_summed_and_those_from_the_cache_cost_nothing(settings: Settings) -> None:
    events = [asked(), replied(), asked(), replied(0.0, from_cache=True), asked(), replied(None)]
    spent = spent_by(events, settings, has_ended=True)
    assert (spent.calls, spent.unpriced_calls, spent.cost_usd) == (2, 1, 0.5)
    assert (spent.input, spent.output, spent.cached, spent.reasoning) == (20, 10, 8, 4)
    assert spent.lost_tokens == 0


def test_time_is_that_of_the_runs_not_of_the_pause_between_them(settings: Settings) -> None:
    def at(event: Event, second: float) -> Event:
        time = datetime.fromisoformat("2026-02-04T10:00:00.000Z") + timedelta(seconds=second)
        return event.model_copy(update={"at": time.isoformat().replace("+00:00", "Z")})

    header = Opened(program="x", session="s", scenario={}, seats={}, seed=0)
    first = [at(header, 0), at(asked(), 1), at(replied(), 3.5)]
    second = [at(RESUMED, 5000), at(asked(), 5001), at(failed(), 5002.5), at(RESUMED, 9000)]
    assert spent_by(first, settings, has_ended=True).time_s == pytest.approx(3.5)
    assert spent_by(first, settings, has_ended=False).time_s == 0.0
    assert spent_by([*first, *second], settings, has_ended=False).time_s == pytest.approx(6.0)
    back = [at(header, 10), at(RESUMED, 0), at(asked(), 1), at(RESUMED, 2)]
    assert spent_by(back, settings, has_ended=False).time_s == pytest.approx(1.0)


def test_the_night_between_a_kill_and_the_run_that_carries_on_is_nobodys_time(
    settings: Settings,
) -> None:
    killed = [asked().model_copy(update={"at": "2026-02-04T10:00:00Z"}), *dated(cut_off_at=2)]
    resumed = RESUMED.model_copy(update={"at": "2026-02-05T08:00:00Z"})
    assert spent_by([*killed, resumed], settings, has_ended=True).time_s == pytest.approx(2.0)


def dated(cut_off_at: float) -> list[Event]:
    """Return a last sign of life, and what the run of the next morning records of a kill."""
    alive = retried(0.0).model_copy(update={"at": f"2026-02-04T10:00:0{cut_off_at:g}Z"})
    next_day = Failed(turn=0, party="USA", reason=KILLED).model_copy(
        update={"at": "2026-02-05T08:00:00Z"}
    )
    return [alive, next_day]


def test_the_calls_of_a_killed_run_are_put_on_record_before_the_next(settings: Settings) -> None:
    events: list[Event] = [asked()]
    (cut,) = cut_off(events, settings)
    assert (cut.turn, cut.party, cut.reason) == (0, "USA", KILLED)
    assert cut.tokens == Tokens(input=MOST.bound.input, output=MOST.bound.output)
    assert cut.cost_usd == pytest.approx(MOST.cost_usd)
    events += [cut, RESUMED]
    assert cut_off(events[:2], settings) == []
    spent = spent_by(events, settings, has_ended=False)
    assert spent.lost_cost_usd == pytest.approx(MOST.cost_usd)
    assert [one.party for one in cut_off(events, settings)] == ["USA"], "it may be asked again"


def test_a_call_to_a_model_without_a_price_has_tokens_alone(settings: Settings) -> None:
    (cut,) = cut_off([asked(model="unknown")], settings)
    assert cut.cost_usd is None
    assert cut.tokens.output == 100 + REASONING_ROOM


def test_the_embedded_models_calls_cost_nothing(settings: Settings) -> None:
    (cut,) = cut_off([asked(model="local", host="embedded")], settings)
    assert cut.cost_usd == 0.0


def test_the_schema_counts(settings: Settings) -> None:
    (plain,) = cut_off([asked()], settings)
    (with_schema,) = cut_off([asked(answer_schema={"type": "object"})], settings)
    assert with_schema.tokens.input > plain.tokens.input


@dataclass
class Provider:
    """Keeps its own ledger of what it bills."""

    billed_usd: float = 0.0
    calls: list[str] = field(default_factory=list[str])

    def bill(self, input_: int, output: int) -> None:
        self.billed_usd += cost_usd(PRICE, Usage(input=input_, output=output))


Ending = str
"""How a run of a call ends."""

ENDINGS = ["reply", "fails", "killed in flight", "killed while it waits", "interrupted", "killed"]
RUNS = st.lists(
    st.tuples(st.lists(st.booleans(), max_size=3), st.sampled_from(ENDINGS)), min_size=1, max_size=5
)


@given(runs=RUNS, share=st.floats(0.05, 1.0), on_record=st.booleans(), room=st.floats(0.5, 400.0))
def test_what_is_counted_covers_what_is_billed_and_the_cap_covers_both(
    settings: Settings,
    runs: list[tuple[list[bool], Ending]],
    share: float,
    on_record: bool,
    room: float,
) -> None:
    provider, events = Provider(), list[Event]()
    cap = room * (most_of(ASK, PRICE).cost_usd or 0.0)
    for number, (attempts, ending) in enumerate(runs):
        if number:
            if on_record:
                events += cut_off(events, settings)
            events.append(RESUMED)
        spent = spent_by(events, settings, has_ended=False)
        assert spent.most_usd >= provider.billed_usd * (1 - 1e-9)
        log = Log()
        budget = Budget(max_cost_usd=cap, spent=spent)
        asyncio.run(_run(provider, log, budget, earlier_calls(events), attempts, ending, share))
        events += log.events
        # Uncommon kills may charge more than the cap in the books, never more at the provider.
        assert provider.billed_usd <= cap * (1 + 1e-9)
        if any(isinstance(event, Replied) for event in log.events):
            break


async def _run(
    provider: Provider,
    log: Log,
    budget: Budget,
    earlier: Any,
    attempts: list[bool],
    ending: Ending,
    share: float,
) -> None:
    """Play one run of a call up to its end; a killed one records nothing any more."""
    base = line_to(ScriptedModel([]), log, budget, PRICE)
    line = Line(base.client, "m", "h", PRICE, Calls(log, budget, earlier))
    question = line._question(VIEW, "decide", ASK)  # pyright: ignore[reportPrivateUsage]
    paid = Paid(line, question, ASK, earlier.holds(question))
    used = Usage(input=int(200 * share) or 1, output=int(100 * share) or 1)
    try:
        for attempt, billed in enumerate(attempts, 1):
            await paid.begin(ASK)
            if billed:
                provider.bill(used.input, used.output)
            paid.failed(Retry(attempt=attempt, reason="r", wait_s=0.0, billable=billed))
        if ending == "killed while it waits":
            return
        await paid.begin(ASK)
    except CapReached as error:
        paid.broken_off(str(error))
        return
    if ending == "killed":
        return
    provider.bill(used.input, used.output)
    if ending == "reply":
        await paid.settled(_reply(used))
    elif ending == "fails":
        paid.failed(Retry(attempt=9, reason="r", wait_s=None, billable=True))
    elif ending == "interrupted":
        paid.broken_off("interrupted")


def _reply(used: Usage) -> Reply:
    return Reply(text="Yes.", finish="stop", usage=used, latency_s=0.0, model="m", request_id=None)
