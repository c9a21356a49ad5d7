"""What a reader may not do while it reads: run code, start programs, talk, write elsewhere, hang.

The interpreter itself tells of every attempt (`sys.addaudithook`), so that nothing has to be
replaced. Time is the processor's, which other programs do not use up.
"""

import os
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

MOST_CPU_S = 5.0
"""Processor seconds after which a reader is said to hang."""

MOST_BYTES = 1 << 30
"""Bytes beyond those in use that a reader may ask for."""

_NEVER = frozenset(
    {
        "ctypes.dlopen",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.kill",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "pickle.find_class",
        "pty.spawn",
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.sendto",
        "subprocess.Popen",
        "urllib.Request",
    }
)
_CHANGES = frozenset(
    {
        "os.chmod",
        "os.link",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.symlink",
        "os.truncate",
        "shutil.move",
        "shutil.rmtree",
    }
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_BY_ITSELF = ("<frozen importlib", "/typing.py", "/dataclasses.py", "/pydantic/")
"""Files by whose doing code of the program's own is run: its modules, its annotations."""


class Trespass(BaseException):
    """Raised when a reader does what no reader may; no handler of its own is to catch it."""


class Hang(Trespass):
    """Raised when a reader uses more processor time than any file is worth."""


class _Watch:
    """Whether a reader is at work, and what it did that it may not."""

    def __init__(self) -> None:
        self.is_on = False
        self.read = b""
        self.found: list[str] = []

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.is_on or not _is_trespass(event, args, self.read):
            return
        what = f"{event}: {args!r:.300}"
        self.found.append(what)
        raise Trespass(what)


def _is_trespass(event: str, args: tuple[Any, ...], read: bytes) -> bool:
    match event:
        case "open":
            return bool(args[2] & _WRITES) and not _is_ours(args[0])
        case "exec" | "compile":
            return not _is_by_itself()
        case "import":
            return _is_named_in(str(args[0]), read)
        case _ if event in _CHANGES:
            return not _is_ours(args[0])
        case _:
            return event in _NEVER


def _is_ours(path: object) -> bool:
    if isinstance(path, int):
        return True
    found = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
    # Not `resolve`, which would look at the disk.
    place = Path(os.path.abspath(found))  # noqa: PTH100
    return place.is_relative_to(room()) or found == os.devnull


def _is_by_itself() -> bool:
    """Whether the program makes a part of its own ready, as it does when that is first needed."""
    frame = sys._getframe()
    while frame is not None:
        if any(name in frame.f_code.co_filename for name in _BY_ITSELF):
            return True
        frame = frame.f_back
    return False


def _is_named_in(module: str, read: bytes) -> bool:
    """Whether what is read names a module that is not loaded yet and is none of the program's."""
    ours = ("delegates", "games", "transcripts", "tui", "encodings", "negmas")
    return module.partition(".")[0] not in ours and len(module) > 3 and module.encode() in read


@cache
def room() -> Path:
    """Return the folder in which readers may write."""
    folder = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
    return Path(tempfile.mkdtemp(prefix="minilateral-fuzz-", dir=folder))


@cache
def _watch() -> _Watch:
    watch = _Watch()
    sys.addaudithook(watch.hear)
    return watch


@contextmanager
def confined(read: bytes) -> Iterator[None]:
    """Watch a reader at work.

    Raises:
        Trespass: If it does what no reader may, even where it got over it.
    """
    room()
    watch = _watch()
    watch.read, watch.found = read, []
    before = signal.signal(signal.SIGPROF, _hangs)
    signal.setitimer(signal.ITIMER_PROF, MOST_CPU_S)
    watch.is_on = True
    try:
        yield
    finally:
        watch.is_on = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    if watch.found:
        raise Trespass(watch.found[0])


def _hangs(*_: object) -> None:
    raise Hang(f"more than {MOST_CPU_S:g} seconds of processor time")


def held_bytes() -> int:
    """Return the address space that the process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def limit_memory() -> None:
    """Let the process ask for no more than `MOST_BYTES` beyond what it has now."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (held_bytes() + MOST_BYTES, hard))
