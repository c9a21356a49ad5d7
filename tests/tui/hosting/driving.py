"""Hosted tables in tests: a server on this machine, browsers that draw what they are sent, a clock
that is moved by hand."""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pyte

from delegates.leading.lead import Lead
from delegates.negotiate import negotiate_async
from delegates.persons.person import Timer
from delegates.place import take_place
from delegates.seating import seat_specs
from games.preparation import Sheet
from games.scenario import Scenario
from tests.support.domains import party, scenario
from tests.tui.staging import settings_at
from tui.hosting.table import Happening, HostedTable, Waiting
from tui.wire.server import HostServer

AWAY_S = 60.0
WIDTH, HEIGHT = 120, 36
PATIENCE_S = 30.0
"""Seconds after which a test that waits in vain fails, and shows the screen."""

CANARIES = {
    "AAA": ("Zinnia", "Quokka"),
    "BBB": ("Yarrow", "Wombat"),
    "CCC": ("Xerxes", "Vizcacha"),
}
"""Party → words that stand nowhere but in its own brief, and in its alternative's name."""


def three(rounds: int = 6, **more: Any) -> Scenario:
    """Return a small scenario of three parties, in turn, with canaries in their papers."""
    points = {
        "AAA": {"one": 40, "two": 30, "three": 0},
        "BBB": {"one": 30, "two": 40, "three": 0},
        "CCC": {"one": 40, "two": 20, "three": 10},
    }
    sides = {"AAA": "consumer", "BBB": "supplier", "CCC": "mixed"}
    return scenario(
        {"tonnes": {"label": "volume", "options": ["one", "two", "three"]}},
        {
            name: party(
                {"tonnes": own},
                8.25 + number,
                name=f"{name.title()}land",
                side=sides[name],
                brief=f"Bring home the {CANARIES[name][0]} whatever it takes.",
                alternatives=[{"name": CANARIES[name][1], "points": 8.25 + number}],
            )
            for number, (name, own) in enumerate(points.items())
        },
        protocol={"kind": "alternating-offers", "rounds": rounds, "opens": "fixed"},
        **more,
    )


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 1000.0
        self._waits: list[tuple[float, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        due: asyncio.Future[None] = loop.create_future()
        with self._lock:
            self._waits.append((self._now + seconds, loop, due))
        await due

    @property
    def sleepers(self) -> int:
        """How many wait for time to go by."""
        with self._lock:
            return sum(not due.done() for _, _, due in self._waits)

    def move(self, seconds: float) -> None:
        """Let time go by."""
        with self._lock:
            self._now += seconds
            late = [one for one in self._waits if one[0] <= self._now]
            self._waits = [one for one in self._waits if one[0] > self._now]
        for _, loop, due in late:
            if not loop.is_closed():
                loop.call_soon_threadsafe(lambda due=due: due.done() or due.set_result(None))

    @property
    def timer(self) -> Timer:
        return Timer(self.now, self.sleep)


@dataclass
class Browser:
    """A page, or a terminal, joined to a seat: keeps every byte and every picture it was sent."""

    socket: aiohttp.ClientWebSocketResponse
    bytes: bytearray = field(default_factory=bytearray)
    pictures: list[str] = field(default_factory=list[str])
    pongs: list[str] = field(default_factory=list[str])
    ended: tuple[int, str] | None = None
    """With which code and words the host ended it, once it has."""

    def __post_init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self.screen)
        self._came: asyncio.Queue[aiohttp.WSMessage] = asyncio.Queue()
        # Pings are answered whether or not anybody looks.
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        while True:
            message = await self.socket.receive()
            self._came.put_nowait(message)
            if message.type not in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT):
                return

    def seen(self) -> str:
        """Return what stands on the screen."""
        return "\n".join(self.screen.display)

    async def take(self) -> bool:
        """Draw what comes next; return whether anything may still come."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                message = await self._came.get()
        except TimeoutError:
            raise AssertionError(f"nothing more was drawn:\n{self.seen()}") from None
        if message.type is aiohttp.WSMsgType.BINARY:
            self.bytes += message.data
            # Pyte takes the private parameters of some questions for text.
            self._stream.feed(re.sub(rb"\x1b\[\?2026(\$p|[hl])", b"", message.data))
            self.pictures.append(self.seen())
            return True
        if message.type is aiohttp.WSMsgType.TEXT:
            self.pongs.append(message.data)
        if message.type is aiohttp.WSMsgType.CLOSE:
            self.ended = (message.data, message.extra or "")
        return message.type is aiohttp.WSMsgType.TEXT

    async def until(self, *words: str) -> None:
        """Draw until all these words stand on the screen."""
        while not all(word in self.seen() for word in words):
            if not await self.take():
                raise AssertionError(f"{words} never came ({self.ended}):\n{self.seen()}")

    async def until_gone(self, word: str) -> None:
        """Draw until a word does not stand on the screen."""
        while word in self.seen():
            assert await self.take(), f"the connection ended: {self.ended}"

    async def until_ended(self) -> tuple[int, str]:
        """Draw until the host ends the connection; return how."""
        while await self.take():
            pass
        assert self.ended is not None
        return self.ended

    async def type(self, text: str) -> None:
        """Type."""
        await self.socket.send_str(json.dumps(["stdin", text]))

    async def heeded(self) -> None:
        """Draw until what was typed so far has been heeded, whether or not it changed a thing."""
        known = len(self.pongs)
        await self.socket.send_str(json.dumps(["ping", str(known)]))
        while len(self.pongs) == known:
            assert await self.take(), f"the connection ended: {self.ended}"

    async def cut(self) -> None:
        """Break the connection without a word, as a network does."""
        connection = self.socket._response.connection
        assert connection is not None
        assert connection.transport is not None
        connection.transport.abort()


@dataclass
class Hosted:
    """A table in a test, and whoever wants to join it."""

    table: HostedTable
    server: HostServer
    client: aiohttp.ClientSession
    clock: Clock
    url: str
    happened: list[Happening] = field(default_factory=list[Happening])
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def join(self, seat: str, **query: str) -> Browser:
        """Return a browser that has just joined a seat."""
        asked = {"width": str(WIDTH), "height": str(HEIGHT), **query}
        link = self.table.seats[seat].link
        return Browser(await self.client.ws_connect(f"{link}ws", params=asked, heartbeat=None))

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait, change by change, until something holds of the table."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self.news.clear()
                await self.news.wait()

    async def let_go_by(self, seconds: float) -> None:
        """Let time go by once somebody waits for it."""
        while not self.clock.sleepers:
            await asyncio.sleep(0)
        self.clock.move(seconds)

    def told(self, party: str | None = None) -> list[str]:
        """Return what happened of note, at a seat or at the table."""
        return [one.words for one in self.happened if one.party == party]


Act = Callable[[Hosted], Awaitable[None]]


def table_of(
    tmp_path: Path,
    of: Scenario,
    seats: Mapping[str, str],
    clock: Clock,
    sheets: Mapping[str, Sheet] | None = None,
) -> HostedTable:
    """Return a table; minds that follow a rule move at once there."""
    settings = settings_at(tmp_path)
    path = tmp_path / "talks.jsonl"
    specs = seat_specs(of, dict(seats), settings)

    def held(watch: Any, person: Any, listen: Any, lead: Lead) -> Any:
        return negotiate_async(
            of,
            dict(seats),
            seed=1,
            transcript=path,
            settings=settings,
            watch=watch,
            person=person,
            listen=listen,
            lead=lead,
            sheets=sheets,
        )

    return HostedTable(
        held,
        number=1,
        path=path,
        scenario=of,
        seed=1,
        people=[party for party, spec in specs.items() if spec.is_person],
        settings=settings,
        waiting=Waiting(away_s=AWAY_S, timer=clock.timer),
        lead=Lead(pace_s=0.0, timer=clock.timer),
    )


@asynccontextmanager
async def hosting(table: HostedTable, clock: Clock) -> AsyncIterator[Hosted]:
    """Serve a table's seats; whatever is under way at the end is closed."""
    place = take_place("127.0.0.1", 0, anyone=False)
    server = HostServer(place, [table])
    await server.open()
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession() as client:
        at = Hosted(table, server, client, clock, place.url)

        def tell(happening: Happening | None) -> None:
            if happening is not None:
                at.happened.append(happening)
            loop.call_soon_threadsafe(at.news.set)

        table.tell(tell)
        table.start()
        try:
            yield at
        finally:
            await asyncio.to_thread(table.close)
            await server.close()


def at_table(tmp_path: Path, act: Act, of: Scenario | None = None, **seats: str) -> HostedTable:
    """Host a table of three, act at it, and return it, closed."""
    seats = seats or {"AAA": "human", "BBB": "human", "CCC": "conceder"}
    clock = Clock()
    table = table_of(tmp_path, of or three(), seats, clock)

    async def main() -> None:
        async with hosting(table, clock) as at:
            await act(at)

    asyncio.run(main())
    return table
