"""Tries mutants: each in a child of a process that has imported everything and run nothing.

In the child the code of the mutated function is swapped for its mutant's wherever the function is
referred to, and the tests that reach the changed line are run, the likeliest and fastest first.
"""

from __future__ import annotations

import builtins
import gc
import os
import pickle
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import NoReturn, Protocol

import pytest

from tests.mutation.mutants import Mutant, code_of, watched
from tests.mutation.parts import ROOT

SEEN = "__seen__"
FAILED, BEYOND = 1, 3
"""What a child's exit code says; 0 is a mutant that lived, 3 one that could not be put in."""
Place = tuple[str, str, int]
CACHE = type(cache(lambda: None))


class Cache(Protocol):
    """What `functools.cache` makes of a function."""

    def cache_clear(self) -> None:
        """Forget what was returned."""


@dataclass(frozen=True)
class Tried:
    """What came of one mutant."""

    mutant: Mutant
    fate: str
    """`killed`, `hung` (which is killed), `lived`, `unreached` (which lived) or `beyond`."""
    by: str = ""
    tests: int = 0
    seconds: float = 0


@dataclass(eq=False)
class Trial:
    """A pytest plug-in that tries mutants instead of running the tests it has collected."""

    mutants: Sequence[Mutant]
    budget: float
    """CPU seconds of tests after which a mutant counts as alive."""
    results: list[Tried] = field(default_factory=list)
    functions: dict[Place, list[FunctionType]] = field(default_factory=dict)
    caches: list[Cache] = field(default_factory=list)
    seconds: dict[int, float] = field(default_factory=dict[int, float])
    reached: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    killers: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure the tests, then try the mutants."""
        self._items = session.items
        for item in session.items:
            _without_shrinking(item)
        paths = sorted({mutant.path for mutant in self.mutants})
        self._find(paths)
        gc.freeze()
        self._measure(paths)
        for number, mutant in enumerate(self.mutants, start=1):
            tried = self._try(mutant)
            self.results.append(tried)
            self._tell(number, tried)
        return True

    def _tell(self, number: int, tried: Tried) -> None:
        if tried.fate not in {"killed", "hung"}:
            print(f"{tried.fate:9} {tried.mutant.line:4} {tried.mutant.name}", flush=True)
        if number % 50 == 0:
            fates = Counter(tried.fate for tried in self.results)
            print(f"… {number} of {len(self.mutants)}: {dict(fates)}", file=sys.stderr, flush=True)

    def _find(self, paths: Sequence[str]) -> None:
        wanted = {str(ROOT / path): path for path in paths}
        for found in gc.get_objects():
            if isinstance(found, CACHE):
                self.caches.append(found)
            elif isinstance(found, FunctionType) and found.__code__.co_filename in wanted:
                path = wanted[found.__code__.co_filename]
                place = (path, found.__qualname__, found.__code__.co_firstlineno)
                self.functions.setdefault(place, []).append(found)

    def _measure(self, paths: Sequence[str]) -> None:
        ours, theirs = os.pipe()
        if os.fork() == 0:
            os.close(ours)
            with os.fdopen(theirs, "wb") as answer:
                _in_silence()
                pickle.dump(self._baseline(paths), answer)
            os._exit(0)
        os.close(theirs)
        with os.fdopen(ours, "rb") as answer:
            seconds, reached, modules = pickle.load(answer)
        os.wait()
        self.seconds = seconds
        for number, lines in reached.items():
            for line in lines:
                self.reached.setdefault(line, []).append(number)
        _import_all(modules)
        failing = [item.nodeid for item in self._items if self._number(item) not in seconds]
        print(f"{len(seconds)} tests take {sum(seconds.values()):.0f} s of CPU", file=sys.stderr)
        print("".join(f"fails anyway: {name}\n" for name in failing), file=sys.stderr, flush=True)

    def _number(self, item: pytest.Item) -> int:
        return self._items.index(item)

    def _baseline(
        self, paths: Sequence[str]
    ) -> tuple[dict[int, float], dict[int, frozenset[str]], list[str]]:
        for path in paths:
            self._swap(path, watched(ROOT, path, SEEN))
        before = set(sys.modules)
        seconds: dict[int, float] = {}
        reached: dict[int, frozenset[str]] = {}
        for number, item in enumerate(self._items):
            for cache in self.caches:
                cache.cache_clear()
            seen: set[str] = set()
            setattr(builtins, SEEN, seen.add)
            watch = Watch()
            item.config.pluginmanager.register(watch, "watch")
            began = time.process_time()
            following = self._items[number + 1] if number + 1 < len(self._items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            item.config.pluginmanager.unregister(watch)
            if not watch.failed:
                seconds[number] = time.process_time() - began
                reached[number] = frozenset(seen)
        return seconds, reached, sorted(set(sys.modules) - before)

    def _swap(self, path: str, code: CodeType) -> int:
        swapped = 0
        for name, new in _named(code):
            for function in self.functions.get((path, name, new.co_firstlineno), ()):
                if len(function.__code__.co_freevars) == len(new.co_freevars):
                    swapped += function.__code__ != new
                    function.__code__ = new
        return swapped

    def _try(self, mutant: Mutant) -> Tried:
        numbers = self._chosen(mutant)
        if not numbers:
            return Tried(mutant, "unreached")
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            self._run(mutant, numbers, theirs)
        os.close(theirs)
        with os.fdopen(ours, "rb") as answer:
            told = answer.read().decode().split()
        _, status, used = os.wait4(child, 0)
        seconds = round(used.ru_utime + used.ru_stime, 2)
        last = int(told[-1]) if told else numbers[0]
        name = self._items[last].nodeid
        if os.WIFSIGNALED(status):
            self.killers[mutant.function, last] += 1
            return Tried(mutant, "hung", name, len(told), seconds)
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            return Tried(mutant, "lived", tests=len(told), seconds=seconds)
        if code == BEYOND:
            return Tried(mutant, "beyond")
        self.killers[mutant.function, last] += 1
        return Tried(mutant, "killed", name, len(told), seconds)

    def _chosen(self, mutant: Mutant) -> list[int]:
        """Return the tests that reach the mutant: those first that kill its like, then the fast."""
        numbers = self.reached.get(f"{mutant.path}:{mutant.line}", [])
        ordered = sorted(
            numbers, key=lambda n: (-self.killers[mutant.function, n], self.seconds[n])
        )
        chosen: list[int] = []
        spent = 0.0
        for number in ordered:
            spent += self.seconds[number]
            if spent > self.budget and chosen:
                break
            chosen.append(number)
        return chosen

    def _run(self, mutant: Mutant, numbers: Sequence[int], told: int) -> NoReturn:
        _in_silence()
        try:
            if not self._swap(mutant.path, code_of(ROOT, mutant)):
                os._exit(BEYOND)
            for cache in self.caches:
                cache.cache_clear()
            self._items[0].config.pluginmanager.register(FirstFailure(), "first-failure")
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            for number, following in zip(numbers, [*numbers[1:], None], strict=True):
                os.write(told, f"{number} ".encode())
                signal.setitimer(signal.ITIMER_PROF, 3 + 4 * self.seconds[number])
                signal.setitimer(signal.ITIMER_REAL, 120 + 20 * self.seconds[number])
                item = self._items[number]
                after = self._items[following] if following is not None else None
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        except BaseException:  # noqa: BLE001 whatever a mutant throws at its runner kills it
            os._exit(FAILED)
        os._exit(0)


@dataclass(eq=False)
class Watch:
    """Notes whether the test that runs has failed, or was skipped and says nothing."""

    failed: bool = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a phase that did not pass."""
        self.failed = self.failed or not report.passed


class FirstFailure:
    """Ends the process at the first failure."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """End it."""
        if report.failed:
            os._exit(FAILED)


def _named(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for found in code.co_consts:
        if isinstance(found, CodeType):
            yield found.co_qualname, found
            yield from _named(found)


def _without_shrinking(item: pytest.Item) -> None:
    """A property that a mutant breaks is not brought to its smallest example."""
    from hypothesis import HealthCheck, Phase, settings

    test = getattr(item, "obj", None)
    name = "_hypothesis_internal_use_settings"
    test = getattr(test, "__func__", test)
    if hasattr(test, name):
        few = (Phase.explicit, Phase.generate)
        quick = settings(getattr(test, name), phases=few, suppress_health_check=list(HealthCheck))
        setattr(test, name, quick)


def _import_all(modules: Sequence[str]) -> None:
    ours = ("games", "transcripts", "delegates", "tui", "tests")
    for name in modules:
        if name.partition(".")[0] not in ours:
            try:
                __import__(name)
            except ImportError:
                continue


def _in_silence() -> None:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)


def try_mutants(tests: Sequence[str], mutants: Sequence[Mutant], budget: float) -> list[Tried]:
    """Try the mutants with some tests, and return what came of each."""
    trial = Trial(mutants, budget)
    given = [str(Path(ROOT, path)) for path in tests]
    options = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "--timeout=0"]
    pytest.main([*options, f"--rootdir={ROOT}", *given], plugins=[trial])
    return trial.results
