"""The page of what Python code may import, from signatures and docstrings."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from types import ModuleType
from typing import cast

import delegates
import games
import transcripts
from docs.from_code.markdown import page, table
from docs.from_code.sentences import sentences_under

_AHEAD = """\
What these three packages name in `__all__` is meant to be used from outside. The rest may change
from one version to the next. Examples stand in [Use it from Python](../how-to/python.md)."""

_ROOMS: tuple[ModuleType, ...] = (games, delegates, transcripts)


def python_page() -> str:
    """Return the page: each package's names, in the order of its own list."""
    return page("Python", _AHEAD, *(part for room in _ROOMS for part in _room(room)))


def _room(room: ModuleType) -> Iterator[str]:
    yield f"## `{room.__name__}`\n\n{inspect.getdoc(room)}"
    for name in cast("list[str]", vars(room)["__all__"]):
        yield from _named(name, getattr(room, name))


def _named(name: str, what: object) -> Iterator[str]:
    yield f"### `{name}`"
    if inspect.isfunction(what):
        yield f"```text\n{_signature(what)}\n```"
        yield told(what)
    elif inspect.isclass(what):
        yield told(what)
        yield from _members(what)
    else:
        names = sorted(one.__name__ for one in getattr(what, "__args__", ()))
        yield f"Any of {', '.join(f'`{one}`' for one in names)}."


def _members(what: type) -> Iterator[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(what)))
    body = cast("ast.ClassDef", tree.body[0]).body
    rows = [[f"`{name}`", sentence] for name, sentence in sentences_under(body).items()]
    for one in body:
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
            first = (ast.get_docstring(one) or "").partition("\n\n")[0]
            called = "" if one.decorator_list else f"({_arguments(one)})"
            rows.append([f"`{one.name}{called}`", " ".join(first.split())])
    if rows:
        yield table(["field or method", "meaning"], rows)


def _arguments(one: ast.FunctionDef) -> str:
    names = [arg.arg for arg in (*one.args.args, *one.args.kwonlyargs) if arg.arg != "self"]
    return ", ".join(names)


def _signature(what: object) -> str:
    """Return a function's signature as it is written, an argument a line."""
    source = textwrap.dedent(inspect.getsource(cast("type", what)))
    node = cast("ast.FunctionDef | ast.AsyncFunctionDef", ast.parse(source).body[0])
    arguments = ast.unparse(node.args)
    spaced = re.sub(r"(: [^=,]*(?:\[[^\]]*\][^=,]*)?)=", r"\1 = ", arguments)
    inner = "".join(f"\n    {one}," for one in re.split(r", (?=\*,|\w+:)", spaced) if one)
    begins = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = ast.unparse(node.returns) if node.returns else "None"
    return (
        f"{begins} {node.name}({inner}\n) -> {returns}"
        if inner
        else (f"{begins} {node.name}() -> {returns}")
    )


def told(what: object) -> str:
    """Return a docstring as Markdown: what it takes and raises as lists."""
    lines: list[str] = []
    for line in (inspect.getdoc(what) or "").splitlines():
        if line in ("Args:", "Raises:", "Returns:"):
            lines.append(f"**{_HEADS[line]}**\n")
        elif re.match(r"    [\w|]+: ", line):
            name, _, rest = line.strip().partition(": ")
            lines.append(f"- `{name}`: {rest}")
        else:
            lines.append(f"  {line.strip()}" if line.startswith("    ") else line)
    return "\n".join(lines)


_HEADS = {"Args:": "Takes", "Raises:": "Raises", "Returns:": "Returns"}
