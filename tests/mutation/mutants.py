"""The small faults that may be put into a function, one at a time, as mutmut and Cosmic Ray do.

Docstrings, annotations, assertions (`zip(strict=True)` is one) and the wording of what is raised
are left as they are, the names under which results are kept too, and so is what would only ever
crash: a positional argument left out, a value replaced by None.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

Setter = Callable[[ast.AST], None]
Function = ast.FunctionDef | ast.AsyncFunctionDef

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
REVERSED = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
"""Comparisons whose swap is their negation already."""
RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}

TYPED = {"cast": 1, "isinstance": 0}
"""Calls of which one argument is a value and the other a type."""


@dataclass(frozen=True)
class Mutant:
    """One fault: where it is, what it changes into what, and the statement that it is in."""

    path: str
    function: str
    line: int
    operator: str
    before: str
    after: str
    number: int
    """Which point of the file it is."""
    again: int
    """How many points of its function read the same and come before it."""

    @property
    def name(self) -> str:
        """Its name, which does not change when the lines around it do."""
        again = f" ({self.again + 1})" if self.again else ""
        return f"{self.path}::{self.function}: {self.before} → {self.after}{again}"


@dataclass(frozen=True)
class Point:
    """A place where a fault may be put in, in one tree; `put` changes that tree."""

    function: str
    line: int
    operator: str
    before: ast.AST
    after: ast.AST
    put: Callable[[], None]


def mutants(root: Path, path: str) -> list[Mutant]:
    """Return every mutant of a file's functions."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found: list[Mutant] = []
    for number, point in enumerate(points(tree_of(root, path))):
        before, after = _words(point.before, point.after)
        same = (point.function, before, after)
        parts = (point.function, point.line, point.operator, before, after)
        found.append(Mutant(path, *parts, number, seen[same]))
        seen[same] += 1
    return found


def code_of(root: Path, mutant: Mutant) -> CodeType:
    """Return the code of the mutant's whole file, with its fault put in."""
    tree = tree_of(root, mutant.path)
    points(tree)[mutant.number].put()
    return compile(ast.fix_missing_locations(tree), str(root / mutant.path), "exec")


def watched(root: Path, path: str, seen: str) -> CodeType:
    """Return a file's code in which every statement of a function tells its line to `seen`."""
    tree = tree_of(root, path)
    for _, function in functions(tree):
        for block in list(_blocks(function)):
            for place in range(len(block) - 1, -1, -1):
                told = ast.Constant(f"{path}:{block[place].lineno}")
                call = ast.Call(ast.Name(seen, ast.Load()), [told], [])
                block.insert(place, ast.copy_location(ast.Expr(call), block[place]))
    return compile(ast.fix_missing_locations(tree), str(root / path), "exec")


def tree_of(root: Path, path: str) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse((root / path).read_text("utf-8"))


def functions(tree: ast.Module | ast.ClassDef, within: str = "") -> Iterator[tuple[str, Function]]:
    """Yield each function that stands in a module or a class, with its qualified name."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{within}{node.name}.")
        elif isinstance(node, Function):
            yield f"{within}{node.name}", node


def points(tree: ast.Module) -> list[Point]:
    """Return where a fault may be put into a tree, in the order of the text."""
    return [
        Point(name, line, operator, node, after, put)
        for name, function in functions(tree)
        for node, line, setter in _places(function.body, function.lineno)
        for operator, after, put in _faults(node, setter)
    ]


def _words(before: ast.AST, after: ast.AST) -> tuple[str, str]:
    """Return what is changed into what; of a compound statement, its head or the case left out."""
    if isinstance(before, ast.Match) and isinstance(after, ast.Match):
        lost = next(case for case in before.cases if case not in after.cases)
        return _head(lost), "nothing"
    return _head(before), _head(after)


def _head(node: ast.AST) -> str:
    return ast.unparse(node).strip().partition("\n")[0]


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _blocks(child)


def _places(body: list[ast.stmt], line: int) -> Iterator[tuple[ast.AST, int, Setter]]:
    for place, statement in enumerate(body):
        is_words = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not is_words:
            yield from _below(statement, statement.lineno, _into(body, place))


def _below(node: ast.AST, line: int, setter: Setter) -> Iterator[tuple[ast.AST, int, Setter]]:
    yield node, line, setter
    match node:
        case ast.Raise() | ast.Assert() | ast.JoinedStr() | ast.keyword(arg="strict"):
            return
        case ast.Call(ast.Attribute(attr="once")):
            return
        case ast.Call(ast.Name(name), arguments) if name in TYPED:
            place = TYPED[name]
            yield from _below(arguments[place], line, _into(arguments, place))
        case _:
            yield from _inside(node, line)


def _inside(node: ast.AST, line: int) -> Iterator[tuple[ast.AST, int, Setter]]:
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list"} or isinstance(value, ast.arguments):
            continue
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield from _places(value, line)
        elif isinstance(value, list):
            for place, child in enumerate(value):
                if isinstance(child, ast.AST):
                    yield from _below(child, line, _into(value, place))
        elif isinstance(value, ast.AST):
            yield from _below(value, line, _onto(node, field))


def _into(nodes: list[ast.stmt] | list[ast.expr], place: int) -> Setter:
    def put(node: ast.AST) -> None:
        nodes[place] = node  # pyright: ignore[reportArgumentType,reportCallIssue]

    return put


def _onto(parent: ast.AST, field: str) -> Setter:
    return lambda node: setattr(parent, field, node)


Fault = tuple[str, ast.AST, Callable[[], None]]


def _faults(node: ast.AST, setter: Setter) -> Iterator[Fault]:
    for operator, made in (*_of_expression(node), *_of_choice(node), *_of_statement(node)):
        faulty = ast.copy_location(made, node)
        yield operator, faulty, lambda faulty=faulty: setter(faulty)


def _of_expression(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(left, ops, comparators):
            for place, op in enumerate(ops):
                other = [*ops[:place], COMPARED[type(op)](), *ops[place + 1 :]]
                yield "comparison", ast.Compare(left, other, comparators)
        case ast.BoolOp(op, values):
            yield "boolean", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield "sign", operand
        case ast.BinOp(left, op, right) if type(op) in RECKONED:
            yield "arithmetic", ast.BinOp(left, RECKONED[type(op)](), right)
        case ast.Constant(bool() as value):
            yield "constant", ast.Constant(not value)
        case ast.Constant(int() | float() as value) if value + 1 != value:
            yield "number", ast.Constant(value + 1)
        case ast.Constant(str() as value):
            yield "text", ast.Constant(f"XX{value}XX")
        case ast.Call(ast.Name(name) as function, arguments, keywords):
            if name in SWAPPED:
                swapped = ast.copy_location(ast.Name(SWAPPED[name], ast.Load()), function)
                yield "extreme", ast.Call(swapped, arguments, keywords)
            yield from _less_keywords(node)
        case ast.Call():
            yield from _less_keywords(node)
        case _:
            return


def _less_keywords(call: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    for place, keyword in enumerate(call.keywords):
        if keyword.arg not in {None, "strict"}:
            fewer = [*call.keywords[:place], *call.keywords[place + 1 :]]
            yield "keyword", ast.Call(call.func, call.args, fewer)


def _of_choice(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.If(test, body, orelse) if not _is_reversed(test):
            yield "condition", ast.If(_not(test), body, orelse)
        case ast.While(test, body, orelse) if not _is_reversed(test):
            yield "condition", ast.While(_not(test), body, orelse)
        case ast.IfExp(_, body, orelse):
            yield "choice", body
            yield "choice", orelse
        case ast.comprehension(target, iterated, ifs, is_async):
            for place, test in enumerate(ifs):
                if not _is_reversed(test):
                    other = [*ifs[:place], _not(test), *ifs[place + 1 :]]
                    yield "condition", ast.comprehension(target, iterated, other, is_async)
                fewer = [*ifs[:place], *ifs[place + 1 :]]
                yield "filter", ast.comprehension(target, iterated, fewer, is_async)
        case ast.Match(subject, cases) if len(cases) > 1:
            for place in range(len(cases)):
                yield "case", ast.Match(subject, [*cases[:place], *cases[place + 1 :]])
        case _:
            return


def _of_statement(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.AugAssign(target, op, value):
            yield "statement", ast.Pass()
            if type(op) in RECKONED:
                yield "arithmetic", ast.AugAssign(target, RECKONED[type(op)](), value)
        case ast.Expr(ast.Call()) | ast.Raise():
            yield "statement", ast.Pass()
        case ast.Assign([ast.Subscript() | ast.Attribute()]):
            yield "statement", ast.Pass()
        case ast.Break():
            yield "loop", ast.Continue()
        case ast.Continue():
            yield "loop", ast.Break()
        case ast.For(target, iterated, body, orelse):
            none = ast.copy_location(ast.Tuple([], ast.Load()), iterated)
            yield "loop", ast.For(target, none, body, orelse)
        case _:
            return


def _is_reversed(test: ast.expr) -> bool:
    """Say whether another operator makes the negation of a condition anyway."""
    is_not = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    return is_not or (isinstance(test, ast.Compare) and isinstance(test.ops[-1], REVERSED))


def _not(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)
