"""The lines of a file: found wherever breaks stand, as it grows, and when it is cut short."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import TranscriptError
from transcripts import lines
from transcripts.lines import Lines

LINE = b"x" * 700


def written(folder: Path, content: bytes) -> Path:
    path = folder / "t.jsonl"
    path.write_bytes(content)
    return path


@given(content=st.binary(max_size=60), cuts=st.lists(st.integers(0, 60), max_size=4))
def test_lines_are_those_between_breaks_however_a_file_has_grown(
    content: bytes, cuts: list[int]
) -> None:
    content = b"first\n" + content
    with TemporaryDirectory() as folder:
        path = written(Path(folder), b"first\n")
        found = Lines(path)
        for cut in [*sorted(cuts), len(content)]:
            path.write_bytes(content[: max(cut, 6)])
            found.grow()
        whole, _, tail = content.rpartition(b"\n")
        assert [found.line(number) for number in range(len(found))] == whole.split(b"\n")
        assert found.tail == tail
        assert found.is_torn == bool(tail)


def test_lines_longer_than_what_is_read_at_once_are_whole(tmp_path: Path) -> None:
    long = b"y" * (3 * lines.BLOCK + 1)
    found = Lines(written(tmp_path, b"\n".join([LINE, long, LINE, b""])))

    assert [found.line(number) for number in (1, 0, 2)] == [long, LINE, LINE]


def test_growing_tells_whether_a_line_was_added(tmp_path: Path) -> None:
    path = written(tmp_path, b"one\n")
    found = Lines(path)

    assert not found.grow()
    path.write_bytes(b"one\ntwo")
    assert not found.grow()
    assert found.tail == b"two"
    path.write_bytes(b"one\ntwo\n")
    assert found.grow()
    assert found.line(1) == b"two"
    assert not found.is_torn


def test_a_file_cut_short_gives_one_line_where_it_is_read_and_where_it_is_to_grow(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, b"\n".join([LINE] * 300 + [b""]))
    found = Lines(path)
    path.write_bytes(LINE)

    with pytest.raises(TranscriptError, match="event 299: the file was cut short"):
        found.line(299)
    with pytest.raises(TranscriptError, match="cut short while it was read: 700 bytes of 210,300"):
        found.grow()


def test_a_file_that_is_gone_gives_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, b"\n".join([LINE] * 300 + [b""]))
    found = Lines(path)
    path.unlink()

    with pytest.raises(TranscriptError, match="cannot be read"):
        found.line(299)


def test_no_more_is_kept_than_places_and_a_block(tmp_path: Path) -> None:
    found = Lines(written(tmp_path, b"\n".join([LINE] * 5000 + [b""])))
    found.line(2500)

    assert found.starts.nbytes == 8 * 5000
    assert len(found._block.content) == lines.BLOCK
