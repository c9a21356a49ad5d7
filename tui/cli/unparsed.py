"""What is said of a command line that cannot be parsed: what, where, and what was expected."""

from __future__ import annotations

from typing import Any, cast

import typer
from typer.core import TyperGroup

from games.naming import perhaps


class VerbGroup(TyperGroup):
    """The verbs; one that there is not is answered with those that are spelt alike."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the verb that was asked for, and what it was given.

        Raises:
            TyperException: If there is none of that name.
        """
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            meant = perhaps(args[0], self.commands)
            raise typer.TyperException(
                f"{args[0]!r}: no such command{meant or '; `minilateral --help` lists them'}"
            )
        return cast("tuple[str | None, Any, list[str]]", super().resolve_command(ctx, args))


def unparsed_text(error: typer.TyperException) -> str:
    """Return why a command line cannot be parsed, in a line."""
    if not isinstance(error, typer.BadParameter):
        return error.format_message()
    from pydantic import ValidationError

    if error.param is not None and isinstance(error.__cause__, ValidationError):
        return _value_text(error.param.get_error_hint(), error.__cause__)
    # What our own verbs say of options that do not go together is a sentence of its own.
    return error.message if error.param is None else error.format_message()


def _value_text(hint: str, fault: Any) -> str:
    """Return what a value was, and what was expected instead, as it is said of files."""
    from games.faults import fault_text

    problem = fault.errors(include_url=False)[0]
    where, found = hint.replace("'", ""), problem["input"]
    return f"{where} {found!r}: {fault_text(problem)}"
