"""A Ray cluster whose workers play an evaluation's sessions and carry its requests.

This is the one module that loads Ray. Ray decides where workers run, says when one has died, and
carries what is told; what is played next, what is kept and what may be spent is decided here alone,
by the same code as without a cluster.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import socket
import threading
import warnings
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from delegates.evaluation.playing.cluster_calls import Callers
from delegates.evaluation.playing.cluster_worker import Build, Player, this_build
from delegates.evaluation.playing.scripted_engine import available_processors
from delegates.evaluation.playing.worker import Told, Work
from delegates.evaluation.playing.workers import Tell
from delegates.settings import is_loopback
from games.errors import SettingError, plain

EXTRA = "pip install 'minilateral[cluster]'"
"""What installs Ray beside the program."""

LOCAL = "local"
"""The address that means a cluster of this machine alone, for as long as the evaluation takes."""

LOOK_S = 5.0
"""How often it is looked at how many processors a cluster has."""

ANSWER_S = 5.0
"""How long an address may take to be reached at all."""

GRACE_S = 30.0
"""How long is waited for whoever listens to a worker that was ended."""

_STORE_BYTES = 128 * 2**20
"""For Ray's object store on this machine, which holds next to nothing here."""

_LONGEST_WHY = 300

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
"""Its makers are not told of its use; it does not warn of graphics cards that nobody asks for."""


def _ray() -> Any:
    # It is loaded where it is asked for, and has no whole types.
    import ray  # pyright: ignore[reportMissingImports]

    return ray


@contextmanager
def joined(address: str) -> Generator[Cluster]:
    """Give the cluster at an address, as Ray takes it, until it is let go.

    Args:
        address: `auto`, HOST:PORT, `ray://HOST:PORT`, or `local` for one of this machine alone.

    Raises:
        SettingError: If Ray is not installed, or there is no cluster that can be joined.
    """
    if not address.strip():
        raise SettingError(_problem(address, "names no cluster"))
    if find_spec("ray") is None:
        raise SettingError(f"--ray {address}: Ray is not installed; {EXTRA}")
    with _quietly():
        ray = _ray()
        cluster = Cluster(address)
        if ray.is_initialized():
            if address != "auto":
                known = "this process has joined a cluster already"
                raise SettingError(f"--ray {address}: {known}; expected auto")
            yield cluster
            return
        try:
            _join(ray, address)
            if not cluster.size:
                raise ValueError("it has no processors yet")  # noqa: TRY301 - told like the others
        except (OSError, RuntimeError, ValueError, AssertionError, ray.exceptions.RayError) as why:
            ray.shutdown()
            raise SettingError(_problem(address, f"cannot be joined: {_line(why)}")) from None
        try:
            yield cluster
        finally:
            ray.shutdown()


def _require_answer(ray: Any, address: str) -> None:
    """Check that somebody listens at an address: Ray itself tries for minutes.

    Raises:
        OSError: If nobody does, or it is no address.
    """
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if not colon or not port.isdecimal():
        return
    host = host.strip("[]")
    # Ray looks for a cluster of this machine at its address in the network.
    hosts = (host, ray.util.get_node_ip_address()) if is_loopback(f"http://{host}") else (host,)
    for place, one in enumerate(hosts, start=1):
        try:
            socket.create_connection((one, int(port)), ANSWER_S).close()
        except OSError:
            if place == len(hosts):
                raise
        else:
            return


def _join(ray: Any, address: str) -> None:
    quiet = {"log_to_driver": False, "configure_logging": False}
    if address != LOCAL:
        _require_answer(ray, address)
        with warnings.catch_warnings():
            # What it warns of before it gives up is said by its error.
            warnings.simplefilter("ignore")
            ray.init(address=address, **quiet)
        return
    ray.init(
        address=LOCAL,
        num_cpus=available_processors(),
        include_dashboard=False,
        object_store_memory=_STORE_BYTES,
        **quiet,
    )


def _problem(address: str, what: str) -> str:
    expected = "expected auto, HOST:PORT or ray://HOST:PORT of a cluster that runs, or local"
    return f"--ray {address!r}: {what}; {expected}"


def _line(error: BaseException) -> str:
    """Return what an error says, in a line."""
    said = (isinstance(error, OSError) and error.strerror) or str(error)
    told = plain(" ".join(said.split())) or type(error).__name__
    return told if len(told) <= _LONGEST_WHY else f"{told[:_LONGEST_WHY]}…"


@contextmanager
def _quietly() -> Generator[None]:
    """Have Ray say nothing of its own, and leave signals and environment as they were."""
    environ = {name: os.environ.get(name) for name in _QUIET}
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM)
    os.environ.update(_QUIET)
    # Loading it sets the level of what it logs.
    logger = logging.getLogger(_ray().__name__)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
        for name, value in environ.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if is_main:
            signal.signal(signal.SIGTERM, before)


class Cluster:
    """A cluster that this process has joined."""

    def __init__(self, address: str) -> None:
        """Take in how it is called."""
        self.address = address
        self.build = this_build()
        self._size, self._looked = 0, float("-inf")

    @property
    def size(self) -> int:
        """How many processors it has: as many workers are hired."""
        if monotonic() - self._looked > LOOK_S:
            self._size = int(_ray().cluster_resources().get("CPU", 0))
            self._looked = monotonic()
        return self._size

    def hire(self, kind: type, at_once: int = 1) -> Any:
        """Return a new worker of that kind, which Ray starts where a processor is free.

        Raises:
            SettingError: If the cluster does not know it.
        """
        options = {"num_cpus": 1, "max_restarts": 0, "max_concurrency": at_once}
        try:
            return _ray().remote(kind).options(**options).remote()
        except ImportError as error:
            # Through `ray://` the head node looks at it first.
            raise self._unable(_line(error)) from None

    def require_same(self, build: Build) -> None:
        """Check that a worker plays as this process does.

        Raises:
            SettingError: If not: its results might be others.
        """
        if build.plays != self.build.plays:
            raise SettingError(
                f"--ray {self.address}: the worker on {build.host} is {build.plays}; expected "
                f"{self.build.plays}, as here; what was kept stays"
            )

    def fault(self, error: Exception) -> SettingError | None:
        """Return why no worker can do this, by what came of asking one; None if it only died."""
        ray = _ray()
        cause = getattr(error, "cause", None)
        if isinstance(error, ray.exceptions.RayTaskError):
            return self._unable(_line(cause or error))
        if "creation task" in str(error):
            return self._unable(_last_line(error))
        return None

    def _unable(self, why: str) -> SettingError:
        return SettingError(
            f"--ray {self.address}: a worker cannot play: {why}; expected {self.build.plays} on "
            "every node; what was kept stays"
        )

    def dismiss(self, actor: Any) -> None:
        """End a worker at once."""
        _ray().kill(actor)

    @property
    def errors(self) -> type[Exception]:
        """What is raised where a worker died, or failed."""
        return _ray().exceptions.RayError

    def crew(self, work: Work) -> Players:
        """Return workers that play scripted sessions."""
        return Players(self, work)

    @asynccontextmanager
    async def callers(self) -> AsyncGenerator[Callers]:
        """Give workers that carry requests, at least one of which is there.

        Raises:
            SettingError: If none can be.
        """
        callers = Callers(self)
        try:
            await callers.come()
            yield callers
        finally:
            await callers.go()


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return _line(ValueError(lines[-1] if lines else type(error).__name__))


class Players:
    """Workers of a cluster that play scripted sessions."""

    def __init__(self, cluster: Cluster, work: Work) -> None:
        """Put what is evaluated where they find it; it holds no key."""
        self.cluster = cluster
        self.libraries = tuple(work.design.releases.values())
        self.packed = _ray().put(pickle.dumps(work.design, protocol=pickle.HIGHEST_PROTOCOL))

    @property
    def size(self) -> int:
        """How many there shall be now."""
        return self.cluster.size

    def start(self, tell: Tell) -> _Player:
        """Return a worker that is being hired."""
        return _Player(self, tell)


class _Player:
    """One of them, listened to by a thread."""

    def __init__(self, players: Players, tell: Tell) -> None:
        self._players = players
        self._actor = players.cluster.hire(Player)
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._thread = Thread(target=self._serve, args=(tell,), daemon=True)
        self._thread.start()

    def ask(self, numbers: Sequence[int]) -> None:
        """Send it numbers of sessions."""
        self._answers.put(self._actor.play.remote(list(numbers)))

    def stop(self) -> None:
        """End it at once."""
        self._answers.put(None)
        _ray().kill(self._actor)
        self._thread.join(GRACE_S)

    def _serve(self, tell: Tell) -> None:
        """See that it plays as others do, then pass on all that it tells, and its death."""
        ray, cluster = _ray(), self._players.cluster
        try:
            cluster.require_same(ray.get(self._actor.build.remote()))
            self._begin(ray)
            tell(Told())
            while (answer := self._answers.get()) is not None:
                told, left = ray.get(answer)
                if left and self._answers.empty():
                    # It has more before it than it was asked for of late.
                    self.ask(())
                tell(told)
        except SettingError as error:
            tell(error)
        except ray.exceptions.RayError as error:
            tell(cluster.fault(error))

    def _begin(self, ray: Any) -> None:
        libraries = ray.get(self._actor.begin.remote(self._players.packed))
        if libraries != self._players.libraries:
            raise SettingError(
                f"--ray {self._players.cluster.address}: a worker seats the minds of "
                f"{', '.join(libraries)}; expected {', '.join(self._players.libraries)}, as here; "
                "what was kept stays"
            )
