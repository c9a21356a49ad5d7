"""Files that hold keys to seats: new, and for this user alone to read."""

from __future__ import annotations

from pathlib import Path

from games.errors import SettingError
from games.files.writing import create, privately, remove


def create_own(path: Path, option: str, lines: str = "") -> None:
    """Create a file that this user alone may read.

    Args:
        path: The file.
        option: The option that names it.
        lines: What it holds, each with its end.

    Raises:
        SettingError: If it exists, or cannot be created.
    """
    try:
        create({path: lines})
    except FileExistsError:
        raise SettingError(f"{option} {path}: exists already; expected a new file") from None
    except OSError as error:
        told = f"{option} {path}: cannot be written: {error.strerror}"
        raise SettingError(f"{told}; expected a new file") from None


def append_own(path: Path, option: str, lines: str) -> None:
    """Add lines to such a file.

    Args:
        path: The file.
        option: The option that names it.
        lines: What is added, each with its end.

    Raises:
        SettingError: If it cannot be written; then it is gone, for half a key opens nothing.
    """
    try:
        with open(path, "a", encoding="utf-8", opener=privately) as file:
            file.write(lines)
    except OSError as error:
        remove(path)
        raise SettingError(f"{option} {path}: cannot be written: {error.strerror}") from None
