"""Files that hold keys to seats: new, and for this user alone to read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from games.errors import SettingError
from games.formats.text_files import privately


def create_own(path: Path, option: str) -> None:
    """Create an empty file that this user alone may read.

    Args:
        path: The file.
        option: The option that names it.

    Raises:
        SettingError: If it exists, or cannot be created.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise SettingError(f"{option} {path}: exists already; expected a new file") from None
    except OSError as error:
        raise SettingError(f"{option} {path}: {error.strerror}; expected a file") from None


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
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise SettingError(f"{option} {path}: cannot be written: {error.strerror}") from None
