"""Processes that run a command of the program: forked from one that has everything loaded.

Loading takes two seconds, a fork a few milliseconds; each child is a process of its own all the
same, and SIGKILL ends it wherever it is. Run as a module, this file is the process forked from.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[3]


class Nursery:
    """The process that children are forked from; a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.delegates.killing.nursery"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)

    def _told(self, request: Mapping[str, object]) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(request).encode() + b"\n")
        stdin.flush()
        return json.loads(stdout.readline())

    def start(self, arguments: Sequence[str], environ: Mapping[str, str], output: Path) -> "Child":
        """Return a child that begins to run a command; what it prints goes to a file."""
        request = {"arguments": arguments, "environ": environ, "output": str(output)}
        return Child(self, self._told(request), output)

    def code(self, pid: int, *, wait: bool) -> int | None:
        """Return a child's exit code, negative for a signal; None while it runs."""
        return self._told({"pid": pid, "wait": wait})


class Child:
    """A command under way."""

    def __init__(self, nursery: Nursery, pid: int, output: Path) -> None:
        self._nursery = nursery
        self._pid = pid
        self._code: int | None = None
        self.output = output

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        if self._code is None:
            self._code = self._nursery.code(self._pid, wait=False)
        return self._code is not None

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._code is None:
            # Until it is waited for, a child that has ended keeps its number.
            os.kill(self._pid, signal.SIGKILL)

    def interrupt(self) -> None:
        """Interrupt it, as Ctrl+C at its terminal would."""
        if self._code is None:
            os.kill(self._pid, signal.SIGINT)

    @property
    def children(self) -> "list[Grandchild]":
        """The processes that it has started and that have not been waited for."""
        tasks = Path(f"/proc/{self._pid}/task").glob("*/children")
        try:
            return [Grandchild(int(pid)) for task in tasks for pid in task.read_text().split()]
        except OSError:
            # It has just ended.
            return []

    def wait(self) -> int:
        """Return its exit code once it is over, negative for a signal."""
        while self._code is None:
            self._code = self._nursery.code(self._pid, wait=True)
        return self._code


class Grandchild:
    """A process that a command has started."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    @property
    def is_alive(self) -> bool:
        """Whether it runs, and is not merely waited for."""
        try:
            return ") Z " not in Path(f"/proc/{self._pid}/stat").read_text()
        except OSError:
            return False

    def kill(self) -> bool:
        """End it at once, and return whether it was there."""
        try:
            os.kill(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True


def serve() -> None:
    """Fork a child for every request, or tell what became of one."""
    load()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        told = _became(request) if "pid" in request else _forked(request)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def load() -> None:
    """Load all that a session with models needs."""
    import langgraph.graph  # pyright: ignore[reportMissingTypeStubs]
    import langsmith
    import openai

    import delegates.fork
    import tui.cli.main
    import tui.text.result

    del langgraph, langsmith, openai, delegates, tui


def _forked(request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.environ.update(request["environ"])
    code = 70
    try:
        from tui.cli.main import main

        main(request["arguments"])
    except SystemExit as done:
        code = int(done.code or 0)
    except Exception:  # noqa: BLE001 - the last door: nobody would see it after `_exit`
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _became(request: dict[str, Any]) -> int | None:
    pid, status = os.waitpid(request["pid"], 0 if request["wait"] else os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


if __name__ == "__main__":
    serve()
