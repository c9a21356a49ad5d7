"""A real terminal for tests: a tmux session, keys in, the screen out as text."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Self

PATIENCE_S = 60.0
"""How long a screen may take to show what is expected of it."""


class Terminal:
    """A program in a terminal of a given size, driven by keys."""

    def __init__(
        self,
        command: list[str],
        size: tuple[int, int] = (80, 24),
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        """Start a program.

        Args:
            command: Program and arguments.
            size: Columns and lines.
            environment: Variables to set for it.
            cwd: Where it runs.
        """
        self._socket = f"minilateral-{token_hex(4)}"
        told = [f"{name}={shlex.quote(value)}" for name, value in (environment or {}).items()]
        line = " ".join(["env", *told, shlex.join(command)])
        columns, lines = size
        self._tmux(
            *("new-session", "-d", "-s", "it", "-x", str(columns), "-y", str(lines)),
            *("-c", str(cwd or Path.cwd())),
            f"{line}; printf 'exit code %s\\n' $?; read -r _",
        )
        self._tmux("set-option", "-g", "status", "off")
        self.resize(columns, lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], check=False)

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        self._tmux("resize-window", "-t", "it", "-x", str(columns), "-y", str(lines))

    def press(self, *keys: str) -> None:
        """Press keys, named as tmux names them: Enter, Escape, Down, C-p, a."""
        self._tmux("send-keys", "-t", "it", *keys)

    def type(self, text: str) -> None:
        """Type a text as it stands."""
        self._tmux("send-keys", "-t", "it", "-l", text)

    def screen(self) -> str:
        """Return what stands on the screen."""
        return self._tmux("capture-pane", "-p", "-t", "it")

    def styled(self) -> str:
        """Return what stands on the screen with the escapes that colour it."""
        return self._tmux("capture-pane", "-p", "-e", "-t", "it")

    def until(self, *expected: str, patience_s: float = PATIENCE_S) -> str:
        """Return the screen as soon as it shows one of some texts.

        Raises:
            AssertionError: If it does not in time; the screen is told.
        """
        end = time.monotonic() + patience_s
        seen = self.screen()
        while not any(text in seen for text in expected):
            assert time.monotonic() < end, f"none of {expected} came up:\n{seen}"
            time.sleep(0.1)
            seen = self.screen()
        return seen
