"""Where output goes: words to the reader, JSON alone on stdout, diagnostics to stderr and a log."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from pathlib import Path
from shutil import get_terminal_size

from games.errors import UserError, plain
from games.files.folders import make_folder
from games.files.writing import privately

LOG_NAME = "minilateral.log"

_HOSTILE = re.compile(
    r"(?P<style>\x1b\[(?:[0-3]|3[2-6])m)"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
    r"|[\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""What a terminal acts on, or shows out of order or not at all; our own styles stand apart."""


class ReaderGone(Exception):  # noqa: N818 - nothing is wrong
    """Raised when whoever read stdout has closed it."""


def say(text: str = "") -> None:
    """Write a line for the reader; what a terminal cannot write is replaced, and what it would act
    on is spelt out, wherever it comes from.

    Raises:
        ReaderGone: If nobody reads any more.
        UserError: If it cannot be written.
    """
    ask(f"{text}\n")


def ask(text: str) -> None:
    """Write what stands before the reader's cursor, likewise.

    Raises:
        ReaderGone: If nobody reads any more.
        UserError: If it cannot be written.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        told = _HOSTILE.sub(_spelt_out, text)
        sys.stdout.write(told.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        # Not passed on as it is: Typer would make a failure of it.
        raise ReaderGone from None
    except OSError as error:
        raise UserError(f"stdout: cannot be written: {error.strerror}") from None


def _spelt_out(found: re.Match[str]) -> str:
    return found["style"] or found[0].encode("unicode_escape").decode("ascii")


def note(text: str) -> None:
    """Write a diagnostic line, without what would move or colour a terminal's text."""
    sys.stderr.write(plain(text) + "\n")
    sys.stderr.flush()


def complain(text: str) -> None:
    """Write why a command did not do what it was to do: a line, on a terminal broken between words
    where it is too long for one."""
    if sys.stderr.isatty():
        from tui.text.columns import lines_of

        lines = lines_of(plain(text), get_terminal_size().columns, breaks_words=False)
        sys.stderr.writelines(f"{line}\n" for line in lines)
        sys.stderr.flush()
    else:
        note(text)


def say_json(value: object) -> None:
    """Write one JSON object, the only thing on stdout."""
    is_unicode = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not is_unicode, allow_nan=False)
    say(_HOSTILE.sub(lambda found: json.dumps(found[0])[1:-1], text))


def is_plain(*, plain: bool) -> bool:
    """Return whether output is to be free of colour and screens."""
    return plain or not sys.stdout.isatty()


def is_coloured(*, plain: bool) -> bool:
    """Return whether lines are to be coloured; the user's NO_COLOR (no-color.org) says no."""
    unwanted = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not (is_plain(plain=plain) or unwanted)


class _OneLine(logging.Formatter):
    """Writes a record on one line, whatever a server called itself."""

    def format(self, record: logging.LogRecord) -> str:
        return plain(super().format(record))


class _LogFile(logging.FileHandler):
    """Writes a log until its disk takes no more; that is said once, and a session goes on."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Take note that a record could not be written."""
        error = sys.exception()
        if not isinstance(error, OSError):
            super().handleError(record)
            return
        logging.getLogger("minilateral").removeHandler(self)
        note(f"minilateral: no more is logged in {self.baseFilename}: {error.strerror}")


def keep_log(home: Path, *, verbose: bool) -> None:
    """Send the log of model calls to a file in the home folder, and to stderr if verbose."""
    handlers: list[logging.Handler] = []
    try:
        make_folder(home)
        path = home / LOG_NAME
        os.close(privately(str(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND))
        handlers.append(_LogFile(path, encoding="utf-8"))
    except OSError as error:
        note(f"minilateral: no log file in {home}: {error.strerror}")
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    logger = logging.getLogger("minilateral")
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    logger.propagate = False
    for handler in handlers:
        handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
