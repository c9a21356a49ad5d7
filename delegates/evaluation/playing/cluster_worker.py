"""What a worker of a cluster does, wherever it runs: it plays sessions, or carries requests.

Nothing of this knows Ray: `cluster` makes actors of these classes. A worker keeps nothing: what it
plays is sent to whoever asked, files included. Its settings and its keys are its own machine's.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import platform
import socket
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from delegates.evaluation.planning.design import Design, releases_here
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.scripted_session import Line, interruptible
from delegates.evaluation.playing.worker import Told, Work, told_of
from delegates.models import failures
from delegates.models.answer import Raw
from delegates.models.failures import Failure, without_key
from delegates.models.wire import Wire
from delegates.openings import program_version
from delegates.settings import Endpoint, load_settings, resolve_endpoint
from games.errors import SettingError

SHARE_S = 0.25
"""How long a worker plays before it tells, at most one session longer."""

WINDOW_S = 0.02
"""How long answers are collected before they are told: little beside what a model takes."""

_NETWORK = Path("/proc/self/ns/net")


@dataclass(frozen=True)
class Build:
    """What plays somewhere, and where that is."""

    program: str
    """The version of Minilateral."""
    python: str
    host: str
    network: str
    """By which those are told apart whose loopback addresses mean the same and who share a name."""

    @property
    def plays(self) -> str:
        """What has to be the same everywhere, in words."""
        return f"Minilateral {self.program} on Python {self.python}"

    def shares_loopback(self, other: Build) -> bool:
        """Return whether an address of this machine means the same to both."""
        return (self.host, self.network) == (other.host, other.network)


def this_build() -> Build:
    """Return what would play here."""
    try:
        network = str(_NETWORK.readlink())
    except OSError:
        network = ""
    return Build(program_version(), platform.python_version(), socket.gethostname(), network)


@dataclass(frozen=True)
class Address:
    """Where a request goes; by whose key is for whoever carries it to find out."""

    model: str
    endpoint: str | None
    """Its name in the settings; None is the default one."""
    base_url: str


class Player:
    """Plays scripted sessions, in the order in which it is asked for them."""

    def __init__(self) -> None:
        self._numbers: deque[int] = deque()
        self._design: Design | None = None

    def build(self) -> Build:
        """Return what plays here."""
        return this_build()

    def begin(self, packed: bytes) -> tuple[str, ...]:
        """Take in what is evaluated, and return the releases of libraries that it seats here."""
        # Both ends are this program.
        self._design = pickle.loads(packed)  # noqa: S301
        if not isinstance(self._design, Design):
            raise TypeError(f"{self._design!r}: expected what is evaluated")
        return tuple(releases_here(self._design.specs).values())

    def play(self, numbers: Sequence[int]) -> tuple[Told, int]:
        """Play for a while what was asked for before and now.

        Returns:
            What ended, and how many sessions are left: to be played when it is asked again, be it
            for none.
        """
        if self._design is None:
            raise AssertionError("asked to play before it was told what")
        self._numbers.extend(numbers)
        lines: list[Line] = []
        began = perf_counter()
        with (
            TemporaryDirectory(prefix="minilateral-") as place,
            interruptible(self._design),
        ):
            work = Work(self._design, Folder(Path(place)))
            while self._numbers:
                # One by one: what is told is what was taken, whatever becomes of the rest.
                for told in told_of(work, (self._numbers.popleft(),)):
                    lines.extend(told.lines)
                if perf_counter() - began >= SHARE_S:
                    break
            told = Told(lines, perf_counter() - began, _files_in(work.folder))
        return told, len(self._numbers)


def _files_in(folder: Folder) -> Mapping[str, bytes]:
    """Return the files that sessions left, by name."""
    return {
        path.relative_to(folder.path).as_posix(): path.read_bytes()
        for kept in (folder.transcripts, folder.errors)
        for path in kept.glob("*")
    }


@dataclass(frozen=True)
class Request:
    """A request that is to be carried."""

    number: int
    """By which its answer is told."""
    to: Address
    body: Mapping[str, object]
    timeout_s: float


class Caller:
    """Carries requests to the servers of models, and their answers back."""

    def __init__(self) -> None:
        self._wire = Wire(lambda: datetime.now(UTC))
        self._known: dict[Address, Endpoint] = {}
        self._under_way: dict[int, asyncio.Task[Raw | Failure]] = {}

    async def build(self) -> Build:
        """Return what carries here."""
        return this_build()

    async def exchange(
        self, requests: Sequence[Request], withdrawn: Sequence[int]
    ) -> list[tuple[int, Raw | Failure]]:
        """Send requests, give others up, and return what was answered after a moment.

        Many at a time: what a message between two machines costs is the same for one as for ten.
        """
        for request in requests:
            self._under_way[request.number] = asyncio.create_task(self.ask(request))
        for number in withdrawn:
            task = self._under_way.pop(number, None)
            if task is not None:
                task.cancel()
        await asyncio.sleep(WINDOW_S)
        done = [number for number, task in self._under_way.items() if task.done()]
        return [(number, self._under_way.pop(number).result()) for number in done]

    async def ask(self, request: Request) -> Raw | Failure:
        """Return the answer to a request, as `Wire.ask` does, by this machine's own key."""
        try:
            endpoint = self._endpoint(request.to)
        except SettingError as error:
            return failures.of_worker_settings(socket.gethostname(), str(error))
        got = await self._wire.ask(endpoint, request.body, request.timeout_s)
        if isinstance(got, Failure):
            return got
        # Whoever asked takes its own key out of what it reads; this one may be another.
        told = got.body.decode("utf-8", errors="surrogateescape")
        body = without_key(told, endpoint.api_key).encode("utf-8", errors="surrogateescape")
        return Raw(status=got.status, headers=dict(got.headers.items()), body=body)

    def _endpoint(self, to: Address) -> Endpoint:
        """Return where that is by this machine's own settings.

        Raises:
            SettingError: If they do not say, or say otherwise: no key goes where they do not.
        """
        if to not in self._known:
            found = resolve_endpoint(load_settings(os.environ), to.model, to.endpoint)
            if found.base_url != to.base_url:
                raise SettingError(
                    f"{found.origin}: {found.base_url}; expected {to.base_url}, as where the "
                    "evaluation was started"
                )
            self._known[to] = found
        return self._known[to]
