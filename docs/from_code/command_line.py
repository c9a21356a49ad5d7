"""The page of the command line, from the definitions that it is parsed by."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import typer.main

from docs.from_code.markdown import code, page, table
from docs.from_code.sentences import constant_sentences
from tui.cli.main import application
from tui.cli.verbs import VERBS

_AHEAD = """\
`minilateral` alone opens [the app](../how-to/app.md). On a terminal `run`, `play`, `resume`,
`replay`, `review`, `debrief` and `host` open it too, at their own screen; with `--plain`, or into a
pipe, they write line by line, for screen readers and scripts. Verbs that take `--json`
then print [one JSON object](json.md) and nothing else. How a seat is written for `--seat`
is told [on a page of its own](seats.md)."""


def command_line_page() -> str:
    """Return the page: exit codes, then each verb with its arguments and options."""
    commands = cast("Any", typer.main.get_command(application())).commands
    verbs = [_verb(name, commands[name]) for name in VERBS]
    return page("Command line", _AHEAD, _exit_codes(), *verbs)


def _exit_codes() -> str:
    main = import_module("tui.cli.main")
    told = constant_sentences(main)
    codes = {name: value for name, value in vars(main).items() if name.startswith("EXIT_")}
    rows = [["0", "Done."], *([str(value), told[name]] for name, value in codes.items())]
    return f"## Exit codes\n\n{table(['code', 'meaning'], rows)}"


def _verb(name: str, command: Any) -> str:
    taken = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one not in taken and not one.hidden]
    usage = " ".join(["minilateral", name, *(str(one.metavar or one.name) for one in taken)])
    rows = [[code(str(one.metavar or one.name)), _told(one)] for one in taken]
    rows += [[code(_written(one, command)), _told(one)] for one in options]
    return "\n\n".join(
        [
            f"## `{name}`",
            _joined(command.help),
            f"```text\n{usage}{' [OPTIONS]' if options else ''}\n```",
            table(["argument or option", "meaning"], rows) if rows else "",
        ]
    ).rstrip()


def _joined(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _written(option: Any, command: Any) -> str:
    told = str(option.get_help_record(command.context_class(command))[0])
    return f"{told}{' …' if option.multiple else ''}"


def _told(one: Any) -> str:
    default = one.default
    shown = default is not None and not isinstance(default, bool) and default not in ((), [])
    return f"{one.help or ''}{f' Default: `{default}`.' if shown and one.show_default else ''}"
