"""What is installed beside the program: locked by hash, declared, used, and under known licences.

Whether a locked release has a known vulnerability is nothing that can be told offline:
`pip-audit --no-deps --disable-pip -r requirements-dev.lock` asks.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.test_house import PACKAGES, ROOT, SOURCES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements-dev.lock", "requirements-local.lock")
DIRECT = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = {
    name: [Requirement(line) for line in lines]
    for name, lines in PROJECT["optional-dependencies"].items()
}
LOCKED_BY = {
    "requirements-dev.lock": ("dev", "mcp", "negmas"),
    "requirements-local.lock": ("local",),
}

_ENTRY = re.compile(r"([A-Za-z0-9._-]+)==(\S+?)(?: ;.*?)?((?: --hash=sha256:[0-9a-f]{64})+)")

COMES_ALONG = {
    "httpx2": "openai's own client, whose class is extended",
    "langsmith": "langgraph's tracer, which is kept silent",
    "pydantic_core": "pydantic's own errors",
}
"""Modules that are imported and come with what is declared."""

PERMISSIVE = re.compile(
    r"MIT|Apache|BSD|ISC|PSF|Python Software Foundation|MPL-2\.0|Mozilla|0BSD|Zlib|CC0"
)
COPYLEFT = re.compile(r"\bA?GPL|General Public")
_LICENCE = ("License-Expression", "License")

LESSER = {"moocore"}
"""Under the LGPL: used as a separate package, and named so in NOTICE."""


@cache
def locked(lock: str) -> dict[str, Version]:
    """Return the releases of a lock, each line of which pins one by its hashes."""
    lines = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    found: dict[str, Version] = {}
    for line in filter(None, (" ".join(line.partition(" #")[0].split()) for line in lines)):
        if line.startswith("#"):
            continue
        entry = _ENTRY.fullmatch(line)
        assert entry, f"{lock}: no release pinned by its hashes: {line[:80]}"
        found[canonicalize_name(entry[1])] = Version(entry[2])
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_release_is_locked_by_its_hashes_and_covers_what_is_declared(lock: str) -> None:
    releases = locked(lock)

    wanted = [*DIRECT, *(one for extra in LOCKED_BY[lock] for one in EXTRAS[extra])]
    missing = [
        str(one)
        for one in wanted
        if not one.specifier.contains(releases.get(canonicalize_name(one.name), Version("0")))
    ]

    assert missing == []


def imported() -> set[str]:
    """Return the modules beyond this program and the standard library that it imports."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - set(PACKAGES)


def test_what_is_declared_is_imported_and_what_is_imported_is_declared() -> None:
    modules = {"PyYAML": "yaml"}
    named = {modules.get(one.name, one.name.replace("-", "_")) for one in DIRECT}
    optional = {one.name for extra in ("mcp", "negmas", "cluster") for one in EXTRAS[extra]}

    assert imported() - optional - set(COMES_ALONG) == named


def closure() -> Iterator[str]:
    """Yield what is installed with the program where no extra is asked for."""
    left = [(one.name, frozenset(one.extras)) for one in DIRECT]
    seen: set[tuple[str, frozenset[str]]] = set()
    while left:
        name, extras = left.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        yield name
        for line in metadata.requires(name) or []:
            one = Requirement(line)
            if one.marker is None or any(
                one.marker.evaluate({"extra": extra}) for extra in extras or {""}
            ):
                left.append((canonicalize_name(one.name), frozenset(one.extras)))


def licences_of(name: str) -> str:
    """Return what a package says of its licence, in a line."""
    told = metadata.metadata(name)
    stated = [told[key].partition("\n")[0] for key in _LICENCE if key in told]
    classified = [one for one in told.get_all("Classifier") or [] if one.startswith("License")]
    return " ".join((*stated, *classified))


def test_nothing_that_is_installed_with_it_is_under_the_gpl() -> None:
    names = {canonicalize_name(name) for name in closure()}
    told = {name: licences_of(name) for name in names}

    assert len(names) > 50
    assert {name for name, one in told.items() if COPYLEFT.search(one.replace("LGPL", ""))} == set()
    assert {name for name, one in told.items() if not PERMISSIVE.search(one)} == LESSER
    assert names <= set(locked("requirements-local.lock")) | {"colorama", "pywin32"}


def test_notice_names_every_package_that_is_declared() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    said = [one.name for one in DIRECT if one.name not in notice]
    said += [
        one.name
        for extra in ("mcp", "negmas")
        for one in EXTRAS[extra]
        if one.name.casefold() not in notice.casefold()
    ]

    assert said == []
    assert all(f"{name} (LGPL" in notice for name in LESSER)
