"""Text files read with limits, and files that appear whole or not at all.

What is written holds what not everybody at a table may know, in folders where others may have put
something: every file is for this user alone, and no link is followed to where it leads.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from errno import ELOOP
from glob import escape
from pathlib import Path
from secrets import token_hex

from games.errors import UserError, plain

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)

_A_LINK = "is a link, and none is written through; put the file itself there, or remove the link"

_UNBORN = ".new"
_TOKEN = "[0-9a-f]" * 8


def privately(path: str, flags: int) -> int:
    """Open a file for this user alone, unless it is a link to another: `open(…, opener=…)`.

    Raises:
        OSError: If it cannot be opened; of a link it says what to do.
    """
    try:
        return os.open(path, flags | _NO_LINK, 0o600)
    except OSError as error:
        if error.errno != ELOOP or not Path(path).is_symlink():
            raise
        told = f"{plain(Path(path).name)} {_A_LINK}"
        raise OSError(ELOOP, told, path) from None


def put_in_place(path: Path, content: str | bytes) -> None:
    """Write a file that bears its name only when it is whole and on disk, in place of what bore it.

    Of several who write the same file at once, each puts its own in place whole; the last one's
    stays.

    Args:
        path: The file.
        content: What it holds.

    Raises:
        OSError: If it cannot be written; what bore its name still does, and no draft is left.
    """
    while not _is_put(path, content.encode() if isinstance(content, str) else content):
        # Who clears a folder of what the dead have left cannot know that this writer lives.
        pass


def _is_put(path: Path, content: bytes) -> bool:
    """Return whether a file was put in place, or somebody cleared its draft away."""
    # A name that nobody else writes under, and that nobody could plant a link for.
    draft = path.with_name(f".{path.name}.{token_hex(4)}{_UNBORN}")
    file = open(draft, "xb", opener=privately)  # noqa: SIM115 - it is closed below
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except FileNotFoundError:
        if path.parent.is_dir() and not os.path.lexists(draft):
            return False
        raise
    finally:
        remove(draft)
    return True


def drafts_of(path: Path) -> list[Path]:
    """Return what writers of a file have left who died, or who are at it."""
    return [*path.parent.glob(f".{escape(path.name)}.{_TOKEN}{_UNBORN}")]


def clear_drafts(folder: Path) -> None:
    """Remove what writers have left in a folder who died; who is at it only writes once more."""
    for draft in folder.glob(f".*.{_TOKEN}{_UNBORN}"):
        remove(draft)


def read_text(path: Path, most: int) -> str:
    """Return the text of a UTF-8 file, a byte order mark left out.

    Args:
        path: The file.
        most: Bytes above which it is not read.

    Raises:
        UserError: If it cannot be read, is longer, or is not UTF-8.
    """
    name = plain(str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise UserError(f"{name}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise UserError(f"{name}: no file can have this name") from None
    if len(raw) > most:
        raise UserError(f"{name}: larger than {most} bytes; not read")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{name}: not UTF-8 text (byte {error.start})") from None


def write_new(files: Mapping[Path, str | bytes]) -> None:
    """Write files that do not exist yet: all of them, or none.

    Each is written beside its place under another name and linked into place when all are whole.

    Args:
        files: What is written, by where.

    Raises:
        UserError: If one exists already or cannot be written; then none is left behind.
    """
    for path in files:
        if os.path.lexists(path):
            raise _exists(path)
    parts: dict[Path, Path] = {}
    placed: list[Path] = []
    path = Path()
    try:
        for path, content in files.items():
            # Of a process that died there may be one; it may have had this process's number.
            part = path.with_name(f".{path.name}.{token_hex(4)}.part")
            with open(part, "xb", opener=privately) as file:
                parts[path] = part
                file.write(content.encode() if isinstance(content, str) else content)
        for path, part in parts.items():
            _place(part, path)
            placed.append(path)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise UserError(f"{plain(str(path))}: cannot be written: {error.strerror}") from None
    finally:
        given_up = placed if len(placed) < len(files) else []
        for left in (*parts.values(), *given_up):
            remove(left)


def remove(path: Path) -> None:
    """Remove a file that nobody needs, if it can be removed."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _exists(path: Path) -> UserError:
    return UserError(f"{plain(str(path))}: exists already; expected the name of a new file")


def _place(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        # Not every file system knows links.
        part.rename(path)


def shown(text: str) -> str:
    """Return a text quoted from a file, short enough for an error's one line."""
    return plain(repr(text if len(text) <= 60 else f"{text[:60]}…"))
