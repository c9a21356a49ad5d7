"""Files that appear whole or not at all, for this user alone.

What is written holds what not everybody at a table may know, in folders where others may have put
something: every file is for this user alone, and no link is followed to where it leads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from errno import EEXIST, ELOOP, ENOSYS, ENOTSUP, EPERM
from glob import escape
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

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


@dataclass(frozen=True)
class Draft:
    """A new file that does not bear its name yet."""

    name: Path
    """What it is called until then."""
    file: BinaryIO

    def fill(self, content: bytes, *, durable: bool) -> None:
        """Write all that it is to hold; what is durable is on disk by then."""
        with self.file as file:
            file.write(content)
            if durable:
                self.settle()

    def settle(self) -> None:
        """Wait until all that was written to its file is on disk, and close it."""
        with self.file as file:
            file.flush()
            os.fsync(file.fileno())

    def take_place(self, path: Path) -> bool:
        """Take the place of whatever bears a name; return whether it is still there to do so."""
        return self._take(path, Path.replace)

    def take_name(self, path: Path) -> bool:
        """Take a name that no file bears; return whether it is still there to do so.

        Raises:
            FileExistsError: If one does.
        """
        return self._take(path, publish)

    def _take(self, path: Path, way: Callable[[Path, Path], object]) -> bool:
        try:
            way(self.name, path)
        except FileNotFoundError:
            if os.path.lexists(self.name) or not path.parent.is_dir():
                raise
            return False
        return True


@contextmanager
def draft(path: Path) -> Generator[Draft]:
    """Open a new file beside its place; if it is given no other name, nothing of it is left.

    Its own name is one that nobody else writes under, and that nobody could plant a link for.
    """
    name = path.with_name(f".{path.name}.{token_hex(4)}{_UNBORN}")
    file = open(name, "xb", opener=privately)  # noqa: SIM115 - who fills it may keep it open
    try:
        yield Draft(name, file)
    except BaseException:
        with suppress(OSError):
            file.close()
        raise
    finally:
        remove(name)


def drafts_of(path: Path) -> list[Path]:
    """Return what writers of a file have left who died, or who are at it."""
    return [*path.parent.glob(f".{escape(path.name)}.{_TOKEN}{_UNBORN}")]


def clear_drafts_of(path: Path) -> None:
    """Remove what writers of a file have left who died; who is at it only writes once more."""
    for left in drafts_of(path):
        remove(left)


def clear_drafts(folder: Path) -> None:
    """Remove what writers have left in a folder who died; who is at it only writes once more."""
    for left in folder.glob(f".*.{_TOKEN}{_UNBORN}"):
        remove(left)


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
    while True:
        with draft(path) as unborn:
            unborn.fill(_encoded(content), durable=True)
            if unborn.take_place(path):
                return
        # Somebody cleared the folder of what the dead have left, and could not know of the living.


def create(files: Mapping[Path, str | bytes], *, durable: bool = False) -> None:
    """Write files that do not exist yet: all of them, or none.

    Args:
        files: What is written, by where.
        durable: Whether they are on disk by then.

    Raises:
        FileExistsError: If there is one already, which is named; then none is left behind.
        OSError: If one cannot be written; likewise.
    """
    for path in files:
        if os.path.lexists(path):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
    path = Path()
    placed: list[Path] = []
    try:
        with ExitStack() as stack:

            def written(path: Path) -> Draft:
                unborn = stack.enter_context(draft(path))
                unborn.fill(_encoded(files[path]), durable=durable)
                return unborn

            drafts: dict[Path, Draft] = {}
            for path in files:
                drafts[path] = written(path)
            for path in files:
                # As in `put_in_place`, somebody may have cleared the folder meanwhile.
                while not drafts[path].take_name(path):
                    drafts[path] = written(path)
                placed.append(path)
    except BaseException as error:
        for one in placed:
            remove(one)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


def write_new(files: Mapping[Path, str | bytes]) -> None:
    """Write files that do not exist yet, all of them or none, or say in a line why not.

    Args:
        files: What is written, by where.

    Raises:
        UserError: If one exists already or cannot be written; then none is left behind.
    """
    try:
        create(files)
    except FileExistsError as error:
        name = plain(error.filename)
        raise UserError(f"{name}: exists already; expected the name of a new file") from None
    except OSError as error:
        name = plain(error.filename)
        raise UserError(f"{name}: cannot be written: {error.strerror}") from None


def publish(name: Path, path: Path) -> None:
    """Give a file another name, unless another file has it; the old one may be gone by then.

    Raises:
        FileExistsError: If one has.
        OSError: If it cannot be given.
    """
    try:
        # link, unlike rename, refuses to replace a file that came into being meanwhile.
        os.link(name, path)
    except OSError as error:
        if error.errno not in (EPERM, ENOTSUP, ENOSYS):
            raise
        # A file system without hard links: the name was free a moment ago.
        if os.path.lexists(path):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path)) from None
        name.rename(path)


def remove(path: Path) -> None:
    """Remove a file that nobody needs, if it can be removed."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _encoded(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
