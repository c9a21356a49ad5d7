"""The door of the command line: its verbs, and what each kind of failure exits with."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Container, Sequence
from contextlib import suppress
from typing import Annotated, NoReturn

import typer

from games.errors import CapReached, MinilateralError, Paused, ProviderError
from tui.cli.output import ReaderGone, complain, say
from tui.cli.unparsed import VerbGroup, unparsed_text
from tui.cli.verbs import VERBS

EXIT_AT_FAULT = 1
"""A value is at fault: a file, seat, model or number that is missing or not valid."""
EXIT_UNPARSED = 2
"""A command line that cannot be parsed."""
EXIT_PROVIDER = 3
"""A model provider failed for good. The session is kept and can be resumed."""
EXIT_CAP = 4
"""A cap on money, tokens or time was reached. The session is kept and can be resumed."""
EXIT_INTERRUPTED = 130
"""Interrupted, as by Ctrl+C. The session is kept and can be resumed."""


def application(named: Container[str] = tuple(VERBS)) -> typer.Typer:
    """Return the command line with its verbs.

    Args:
        named: The verbs that may be obeyed; of the others there is no more than the help's line.
    """
    app = typer.Typer(
        name="minilateral",
        help=(
            "Negotiations over critical minerals between model-driven delegates, refereed by game "
            "theory."
        ),
        cls=VerbGroup,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_before_any_verb)
    for name, verb in VERBS.items():
        if name in named:
            app.command(name, short_help=verb.line)(verb.load())
        else:
            app.command(name, short_help=verb.line)(_unread)
    return app


def _unread() -> None:
    """Stand where a verb is named in the help alone."""
    raise AssertionError("a verb was obeyed that was not read")


def _say_version(wanted: bool) -> None:
    if wanted:
        import platform

        from delegates.openings import program_version

        say(f"minilateral {program_version()}, Python {platform.python_version()}")
        raise typer.Exit


def _before_any_verb(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which this is."),
    ] = False,
) -> None:
    del version  # said, if wanted, before this is called


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; without any, open the app, or help off a terminal."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        result = _opened() if not given and _is_at_terminal() else _obeyed(given or ["--help"])
    except MinilateralError as error:
        complain(f"minilateral: {error}")
        _forget_output()
        _leave(exit_code(error))
    except (KeyboardInterrupt, typer.Abort):
        result = EXIT_INTERRUPTED
    except ReaderGone:
        # Whoever read our output has had enough of it; what Python still holds goes nowhere.
        _forget_output()
        _leave(0)
    except typer.Exit as done:
        _leave(done.exit_code)
    except typer.TyperException as error:
        complain(f"minilateral: {unparsed_text(error)}")
        _leave(EXIT_UNPARSED)
    if result == EXIT_INTERRUPTED:
        sys.stderr.write("minilateral: interrupted\n")
    _leave(result if isinstance(result, int) else 0)


def _leave(code: int | str | None) -> NoReturn:
    """Exit, without unloading an engine that may still compute: it would crash in the middle."""
    local = sys.modules.get("delegates.models.local")
    if local is not None and local.runs_here() and isinstance(code, int):
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        logging.shutdown()
        os._exit(code)
    sys.exit(code)


def _is_at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _opened() -> object:
    """Show the app until the user quits."""
    from tui.app import open_app

    open_app()
    return 0


def _obeyed(given: list[str]) -> object:
    # An option of a verb may have another verb's name for its value: then both are read.
    return application(given)(args=given, prog_name="minilateral", standalone_mode=False)


def _forget_output() -> None:
    """Let what Python still holds for a stdout that failed go nowhere."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def exit_code(error: MinilateralError) -> int:
    """Return what a failure exits with."""
    if isinstance(error, ProviderError):
        return EXIT_PROVIDER
    if isinstance(error, CapReached):
        return EXIT_CAP
    if isinstance(error, Paused):
        return EXIT_INTERRUPTED
    return EXIT_AT_FAULT
