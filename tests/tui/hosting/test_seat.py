"""A seat between its session and the apps that come and go: asked once, answered by the newest."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from textual.app import App
from textual.message import Message

from delegates.leading.trainer import OpenShock
from delegates.listening import Partial
from delegates.persons.person import Answer, HandOver, HaveStrike, PersonMove, Turn
from games.moves import WalkAway
from tests.delegates.sessions import mini, view_at
from tests.tui.hosting.driving import AWAY_S, Clock
from tests.tui.staging import settings_at
from tui.hosting.seat import AWAY, WAS_AWAY, Desk, HostedSeat, Sitting
from tui.live.messages import EventKept, PersonAsked, SeatHeld, SessionStopped, TurnOver, WordsCame
from tui.wire.driver import driver_to
from tui.wire.joined import LEFT, TOO_SLOW, Joined

SHOCK = OpenShock(name="strike", label="a strike", words="", changes=(), heard_by=())
LEAVES = PersonMove(WalkAway())


def asked() -> Turn:
    return Turn(view=view_at(mini()), shocks=(SHOCK,), struck=("flood",))


@dataclass
class Screen:
    """An app that only keeps what it is told, in a thread of its own as every app's."""

    sitting: Sitting
    told: list[Message] = field(default_factory=list[Message])
    here: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self.sitting.hold, args=(self._take,), daemon=True)
        self.thread.start()

    def _take(self, message: Message) -> None:
        self.told.append(message)
        self.here.set()

    async def until(self, kind: type[Message]) -> Message:
        while not (found := [one for one in self.told if isinstance(one, kind)]):
            await asyncio.sleep(0)
        return found[-1]


Act = Callable[[HostedSeat, Clock], Awaitable[None]]


def seated(tmp_path: Path, act: Act) -> None:
    clock = Clock()
    desk = Desk(
        path=tmp_path / "t.jsonl", settings=settings_at(tmp_path), away_s=AWAY_S, timer=clock.timer
    )

    async def main() -> None:
        seat = HostedSeat("USA", desk)
        try:
            await act(seat, clock)
        finally:
            seat.sitting().leave()

    asyncio.run(main())


def asking(seat: HostedSeat) -> asyncio.Task[Answer]:
    return asyncio.ensure_future(seat.move(asked()))


def test_the_person_is_asked_and_shocks_are_not_theirs(tmp_path: Path) -> None:
    async def act(seat: HostedSeat, _: Clock) -> None:
        screen = Screen(seat.sitting())
        question = asking(seat)
        found = cast("PersonAsked", await screen.until(PersonAsked))
        assert (found.turn.shocks, found.turn.struck) == ((), ())
        assert found.turn.view.party == "USA"
        screen.sitting.answer(HaveStrike("strike"), found.turn)
        screen.sitting.answer(LEAVES, found.turn)
        assert await question == LEAVES
        assert not seat.is_asked

    seated(tmp_path, act)


def test_who_comes_late_is_asked_the_same_and_the_older_app_is_heard_no_more(
    tmp_path: Path,
) -> None:
    async def act(seat: HostedSeat, _: Clock) -> None:
        first = Screen(seat.sitting())
        question = asking(seat)
        asked_first = cast("PersonAsked", await first.until(PersonAsked))
        second = Screen(seat.sitting())
        asked_second = cast("PersonAsked", await second.until(PersonAsked))
        assert asked_first.turn is asked_second.turn
        await first.until(SessionStopped)
        first.thread.join()
        first.sitting.answer(HandOver(), asked_first.turn)
        first.sitting.take_back()
        await asyncio.sleep(0)
        assert not question.done()
        assert not seat.wants_back("USA")
        second.sitting.answer(LEAVES, asked_second.turn)
        assert await question == LEAVES

    seated(tmp_path, act)


def test_nobody_there_means_the_stand_in_after_a_while_and_back_once_they_are(
    tmp_path: Path,
) -> None:
    async def act(seat: HostedSeat, clock: Clock) -> None:
        question = asking(seat)
        while not clock.sleepers:
            await asyncio.sleep(0)
        clock.move(AWAY_S - 1)
        await asyncio.sleep(0)
        assert not question.done()
        clock.move(1)
        assert await question == HandOver(None, AWAY.format(AWAY_S))
        assert not seat.wants_back("USA")
        seat.hold(AWAY.format(AWAY_S))

        screen = Screen(seat.sitting())
        held = cast("SeatHeld", await screen.until(SeatHeld))
        assert not held.may_take_back
        assert seat.wants_back("USA")
        seat.hold(None)
        assert not seat.wants_back("USA")

    seated(tmp_path, act)


def test_who_was_away_when_a_session_stopped_has_the_seat_back_once_it_is_carried_on(
    tmp_path: Path,
) -> None:
    async def act(seat: HostedSeat, _: Clock) -> None:
        seat.hold(AWAY.format(90.0))  # as the transcript says it, of another host's wait
        assert not seat.wants_back("USA")

        screen = Screen(seat.sitting())
        held = cast("SeatHeld", await screen.until(SeatHeld))
        assert held.told == WAS_AWAY
        assert seat.wants_back("USA")
        seat.hold("the trainer wants it")
        assert not seat.wants_back("USA")

    seated(tmp_path, act)


def test_who_is_back_in_time_is_waited_for_anew(tmp_path: Path) -> None:
    async def act(seat: HostedSeat, clock: Clock) -> None:
        question = asking(seat)
        while not clock.sleepers:
            await asyncio.sleep(0)
        clock.move(AWAY_S - 1)
        screen = Screen(seat.sitting())
        await screen.until(PersonAsked)
        while clock.sleepers:
            await asyncio.sleep(0)
        clock.move(10 * AWAY_S)
        assert not question.done()
        screen.sitting.leave()
        while not clock.sleepers:
            await asyncio.sleep(0)
        assert not question.done()
        clock.move(AWAY_S)
        assert isinstance(await question, HandOver)

    seated(tmp_path, act)


def test_an_answer_to_what_is_asked_no_more_is_not_taken(tmp_path: Path) -> None:
    async def act(seat: HostedSeat, _: Clock) -> None:
        screen = Screen(seat.sitting())
        first = asking(seat)
        before = cast("PersonAsked", await screen.until(PersonAsked)).turn
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        screen.told.clear()
        second = asking(seat)
        now = cast("PersonAsked", await screen.until(PersonAsked)).turn
        screen.sitting.answer(LEAVES, before)
        screen.sitting.answer(HandOver(), now)
        screen.sitting.answer(LEAVES, now)
        assert await second == HandOver()

    seated(tmp_path, act)


def test_who_answers_as_time_runs_out_and_the_connection_breaks_has_answered(
    tmp_path: Path,
) -> None:
    async def act(seat: HostedSeat, clock: Clock) -> None:
        question = asking(seat)
        while not clock.sleepers:
            await asyncio.sleep(0)
        # All of it before the session's loop looks again.
        sitting = seat.sitting()
        sitting.come()
        clock.move(AWAY_S)
        told = sitting._messages.get_nowait()
        assert isinstance(told, PersonAsked)
        sitting.answer(LEAVES, told.turn)
        sitting.leave()
        assert await question == LEAVES

    seated(tmp_path, act)


def test_a_question_that_is_taken_back_is_told(tmp_path: Path) -> None:
    async def act(seat: HostedSeat, _: Clock) -> None:
        screen = Screen(seat.sitting())
        question = asking(seat)
        await screen.until(PersonAsked)
        question.cancel()
        await screen.until(TurnOver)
        assert not seat.is_asked

    seated(tmp_path, act)


def test_a_seat_handed_over_by_choice_can_be_taken_back_and_by_order_not(tmp_path: Path) -> None:
    async def act(seat: HostedSeat, _: Clock) -> None:
        for reason, may_take_back in ((HandOver().reason, True), ("the trainer wants it", False)):
            seat.hold(None)
            screen = Screen(seat.sitting())
            while not seat.is_here:
                await asyncio.sleep(0)
            seat.hold(reason)
            held = cast("SeatHeld", await screen.until(SeatHeld))
            assert held.may_take_back == may_take_back
            assert (reason in held.told) != may_take_back

    seated(tmp_path, act)


def test_words_reach_a_seat_that_may_hear_them(tmp_path: Path) -> None:
    async def act(seat: HostedSeat, _: Clock) -> None:
        screen = Screen(seat.sitting())
        while not seat.is_here:
            await asyncio.sleep(0)
        plain = Partial(turn=0, party="COD", purpose="word", text="aloud")
        seat.hear(replace(plain, text="in a room", heard_by=("COD", "EUE")))
        seat.hear(replace(plain, text="thought", purpose="decide"))
        seat.hear(replace(plain, text="whispered", heard_by=("COD", "USA")))
        seat.hear(plain)
        await screen.until(WordsCame)
        screen.sitting.leave()
        screen.thread.join()
        heard = [one.partial.text for one in screen.told if isinstance(one, WordsCame)]
        assert heard == ["whispered", "aloud"]

    seated(tmp_path, act)


def test_an_app_whose_loop_is_gone_leaves_the_seat(tmp_path: Path) -> None:
    async def act(seat: HostedSeat, _: Clock) -> None:
        def gone(_: Message) -> None:
            raise RuntimeError("Event loop is closed")

        sitting = seat.sitting()
        thread = threading.Thread(target=sitting.hold, args=(gone,), daemon=True)
        thread.start()
        while not seat.is_here:
            await asyncio.sleep(0)
        seat.tell(EventKept(0, None, 0.0, 0))
        await asyncio.to_thread(thread.join)
        assert not seat.is_here

    seated(tmp_path, act)


class Deaf:
    """A web socket at whose other end nobody reads or says anything."""

    async def send_bytes(self, _: bytes) -> None:
        await asyncio.Event().wait()

    def __aiter__(self) -> "Deaf":
        return self

    async def __anext__(self) -> Any:
        await asyncio.Event().wait()


def test_a_reader_that_does_not_read_is_hung_up_on() -> None:
    async def main() -> None:
        made: list[App[None]] = []

        def opens(driver: Any) -> App[None]:
            made.append(App(driver_class=driver))
            return made[0]

        joined = Joined(cast("web.WebSocketResponse", Deaf()), opens, (80, 24))
        running = asyncio.ensure_future(joined.run())
        while made[0]._driver is None:
            await asyncio.sleep(0)
        while not joined._outlet.over_full.is_set():
            made[0]._driver.write("x" * 100_000)
            await asyncio.sleep(0)
        assert await running == TOO_SLOW
        assert joined._outlet._pending == []
        assert driver_to(joined._outlet).outlet is joined._outlet

    asyncio.run(main())


class Stuck(App[None]):
    """An app that ends for nobody."""

    async def run_async(self, **_: Any) -> None:
        while not self.is_freed:
            with suppress(asyncio.CancelledError):
                await self.free.wait()

    def __init__(self, driver: Any) -> None:
        super().__init__(driver_class=driver)
        self.free = asyncio.Event()

    @property
    def is_freed(self) -> bool:
        return self.free.is_set()


def test_an_app_that_does_not_end_does_not_keep_the_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.wire.joined.PATIENCE_S", 0.0)

    async def main() -> None:
        made: list[Stuck] = []

        def opens(driver: Any) -> App[None]:
            made.append(Stuck(driver))
            return made[0]

        joined = Joined(cast("web.WebSocketResponse", Deaf()), opens, (80, 24))
        joined.end(LEFT)
        async with asyncio.timeout(30):
            assert await joined.run() == LEFT
        made[0].free.set()
        await asyncio.sleep(0)

    asyncio.run(main())
