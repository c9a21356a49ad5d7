"""The door of the command line: its verbs, and what each kind of failure exits with."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from games.errors import CapReached, MinilateralError, Paused, ProviderError
from tui.cli import (
    analyze,
    check,
    convert,
    doctor,
    fork,
    games,
    play,
    review,
    scenarios,
    serve,
    sessions,
    transcripts,
)
from tui.cli.output import ReaderGone, note, say

EXIT_AT_FAULT = 1
EXIT_UNPARSED = 2
EXIT_PROVIDER = 3
EXIT_CAP = 4
EXIT_INTERRUPTED = 130


def application() -> typer.Typer:
    """Return the command line with its verbs."""
    app = typer.Typer(
        name="minilateral",
        help=(
            "Negotiations over critical minerals between model-driven delegates, refereed by game "
            "theory."
        ),
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_before_any_verb)
    app.command("scenarios")(scenarios.list_scenarios)
    app.command("check")(check.check)
    app.command("analyze")(analyze.analyze)
    app.command("solve")(games.solve)
    app.command("run")(sessions.run)
    app.command("play")(play.play)
    app.command("resume")(sessions.resume)
    app.command("fork")(fork.fork)
    app.command("replay")(transcripts.replay)
    app.command("review")(review.review)
    app.command("verify")(transcripts.verify)
    app.command("convert")(convert.convert)
    app.command("serve")(serve.serve)
    app.command("doctor")(doctor.doctor)
    return app


def _say_version(wanted: bool) -> None:
    if wanted:
        from delegates.negotiate import program_version

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
        note(f"minilateral: {error}")
        _forget_output()
        sys.exit(exit_code(error))
    except (KeyboardInterrupt, typer.Abort):
        result = EXIT_INTERRUPTED
    except ReaderGone:
        # Whoever read our output has had enough of it; what Python still holds goes nowhere.
        _forget_output()
        sys.exit(0)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except typer.TyperException as error:
        note(f"minilateral: {error.format_message()}")
        sys.exit(EXIT_UNPARSED)
    if result == EXIT_INTERRUPTED:
        sys.stderr.write("minilateral: interrupted\n")
    sys.exit(result if isinstance(result, int) else 0)


def _is_at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _opened() -> object:
    """Show the app until the user quits."""
    from tui.app import open_app

    open_app()
    return 0


def _obeyed(given: list[str]) -> object:
    return application()(args=given, prog_name="minilateral", standalone_mode=False)


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
