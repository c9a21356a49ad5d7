"""The sentences that stand under constants and fields in the code."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import ModuleType


def constant_sentences(module: ModuleType) -> Mapping[str, str]:
    """Return, by constant of a module, the sentence that stands under it."""
    return sentences_under(ast.parse(inspect.getsource(module)).body)


def sentences_under(body: Sequence[ast.stmt]) -> Mapping[str, str]:
    """Return, by name that is assigned or annotated in a body, the text that follows it."""
    found: dict[str, str] = {}
    for statement, after in pairwise(body):
        name = _assigned(statement)
        if name and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[name] = " ".join(str(after.value.value).split())
    return found


def _assigned(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return None
