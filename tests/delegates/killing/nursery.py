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

from tests.support.disk import arm

ROOT = Path(__file__).resolve().parents[3]


class Nursery:
    """The process that children are forked from; a context manager."""

    def __init__(self, disk: Path | None = None) -> None:
        """Have children forked.

        Args:
            disk: The library of `tests.support.disk`, where what children do to files is struck.
        """
        self._disk = disk

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.delegates.killing.nursery"],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                **({} if self._disk is None else {"LD_PRELOAD": str(self._disk)}),
            },
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

    def start(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        output: Path,
        *,
        errors: Path | None = None,
        typed: Path | None = None,
    ) -> "Child":
        """Return a child that begins to run a command; what it prints goes to a file.

        Args:
            arguments: The command's.
            environ: What its environment has besides.
            output: The file.
            errors: Another file for what it says on stderr.
            typed: What stands on its stdin; nothing if not given.
        """
        request = {
            "arguments": [*arguments],
            "environ": {**environ},
            "output": str(output),
            "errors": str(errors or output),
            "typed": str(typed or os.devnull),
        }
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
    def number(self) -> int:
        """The process's."""
        return self._pid

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
    import nashpy  # pyright: ignore[reportMissingTypeStubs]
    import openai

    import delegates.fork
    import tui.cli.main
    import tui.text.result
    from tui.cli.verbs import VERBS

    for verb in VERBS.values():
        verb.load()
    del langgraph, langsmith, nashpy, openai, delegates, tui


def _forked(request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.dup2(os.open(request["typed"], os.O_RDONLY), 0)
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    is_one = request["errors"] == request["output"]
    errors = output if is_one else os.open(request["errors"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for descriptor, file in ((1, output), (2, errors)):
        os.dup2(file, descriptor)
    os.environ.update(request["environ"])
    if "DISK_PLAN" in os.environ:
        arm(os.environ["DISK_PLAN"])
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
