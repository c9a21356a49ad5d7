from pathlib import Path

import pytest

from games.errors import TranscriptError
from tui.app import replay


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
