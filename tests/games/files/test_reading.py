"""A text file is read up to a limit, and refused in one line that names it."""

from pathlib import Path

import pytest

from games.errors import plain, shown
from games.files.reading import Unreadable, read_text


def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfzwei \xc3\xbc\r\n")

    assert read_text(path, 100) == "zwei ü\r\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"12345678901", "larger than 10 bytes; not read"),
        (b"a\xff", "not UTF-8 text (byte 1)"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    path = tmp_path / "a\nb"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(Unreadable) as by_path:
        read_text(path, 10)
    with pytest.raises(Unreadable) as by_name:
        read_text(path, 10, "what it is called")

    assert str(by_path.value) == f"{tmp_path}/a b: {told}"
    assert str(by_name.value) == f"what it is called: {told}"
    assert by_path.value.is_missing == (content is None)


@pytest.mark.parametrize(
    ("name", "told"),
    [(".", ".: cannot be read: Is a directory"), ("a\0b", r"'a\x00b': no file can have this name")],
)
def test_what_is_no_file_is_not_missing(name: str, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_text(Path(name), 10)

    assert (str(caught.value), caught.value.is_missing) == (told, False)


def test_quoted_text_is_short_and_harmless() -> None:
    assert shown("a\x1b\n\u202e" + "x" * 100).isprintable()
    assert len(shown("x" * 100)) == 63
    assert plain("a\nb\udc80") == "a b?"
