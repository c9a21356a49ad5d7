"""The door of the command line: its verbs, and what each kind of failure exits with."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from games.errors import CapReached, MinilateralError, Paused, ProviderError
from tui.cli import convert, doctor, fork, games, play, scenarios, sessions, transcripts
from tui.cli.output import ReaderGone, note

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
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.command("scenarios")(scenarios.list_scenarios)
    app.command("check")(scenarios.check)
    app.command("analyze")(scenarios.analyze)
    app.command("solve")(games.solve)
    app.command("run")(sessions.run)
    app.command("play")(play.play)
    app.command("resume")(sessions.resume)
    app.command("fork")(fork.fork)
    app.command("replay")(transcripts.replay)
    app.command("verify")(transcripts.verify)
    app.command("convert")(convert.convert)
    app.command("doctor")(doctor.doctor)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    try:
        result: object = application()(
            args=arguments, prog_name="minilateral", standalone_mode=False
        )
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
