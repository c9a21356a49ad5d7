"""Text files read with limits, and refused in one line."""

from __future__ import annotations

from pathlib import Path

from games.errors import UserError, plain


class Unreadable(UserError):  # noqa: N818 - it tells what the file is
    """Raised when a file cannot be read as text; the message names it."""

    def __init__(self, name: str, problem: str, *, is_missing: bool = False) -> None:
        """Keep what is wrong, for who looks elsewhere where there is none.

        Args:
            name: What the file is called.
            problem: What is wrong with it.
            is_missing: Whether there is none.
        """
        super().__init__(f"{plain(name)}: {problem}")
        self.is_missing = is_missing


def read_text(path: Path, most: int, name: str | None = None) -> str:
    """Return the text of a UTF-8 file, a byte order mark left out.

    Args:
        path: The file.
        most: Bytes above which it is not read.
        name: What errors call it; its path if not given.

    Raises:
        Unreadable: If there is none, or it cannot be read, is longer, or is not UTF-8.
    """
    name = str(path) if name is None else name
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except FileNotFoundError as error:
        raise Unreadable(name, f"cannot be read: {error.strerror}", is_missing=True) from None
    except OSError as error:
        raise Unreadable(name, f"cannot be read: {error.strerror}") from None
    except ValueError:
        raise Unreadable(repr(name), "no file can have this name") from None
    if len(raw) > most:
        raise Unreadable(name, f"larger than {most} bytes; not read")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(name, f"not UTF-8 text (byte {error.start})") from None
