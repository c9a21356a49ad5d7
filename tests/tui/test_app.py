import asyncio
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from textual.screen import Screen

from games.errors import TranscriptError
from tui.app import MinilateralApp, replay


def test_a_missing_transcript_is_refused_before_anything_is_shown(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match="cannot be read"):
        replay(tmp_path / "none.jsonl")


def test_a_file_that_is_no_transcript_is_refused_before_anything_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"n": 0}\n')

    with pytest.raises(TranscriptError, match="event 0"):
        replay(path)


def test_an_empty_file_is_refused_before_anything_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"")

    with pytest.raises(TranscriptError, match="no whole line"):
        replay(path)


class Faulty(Screen[None]):
    def on_mount(self) -> None:
        brief = "CANARY-" + "BRIEF"
        raise RuntimeError(len(brief))


def test_a_fault_tells_no_value_that_it_came_upon() -> None:
    """The player sees it, and sends it in with a report."""
    app = MinilateralApp(Faulty)
    app.error_console = Console(file=StringIO(), width=200)

    async def main() -> None:
        async with app.run_test():
            pass

    with pytest.raises(RuntimeError):
        asyncio.run(main())
    told = app.error_console.file.getvalue()  # type: ignore[attr-defined]
    assert "RuntimeError: 12" in told
    assert "on_mount" in told
    assert "CANARY-BRIEF" not in told
