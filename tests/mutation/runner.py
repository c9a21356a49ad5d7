"""Tries mutants, a few at a time, in a child of a process that has imported all and run nothing.

For each the code of the mutated function is swapped for its mutant's wherever the function is
referred to, what has been computed and kept is forgotten, and the tests that reach the changed line
are run, the likeliest and fastest first. A test that fails is run again without the mutant: if it
fails still, something was left behind, and the mutant is tried anew in a fresh child.
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import NoReturn, Protocol

import pytest

from games.scenario import Scenario
from tests.mutation.mutants import Mutant, code_of, watched
from tests.mutation.parts import ROOT

SEEN = "__seen__"
DIRTY = 3
"""The exit code of a child in which a mutant has left something behind."""
BATCH = 25
"""Mutants that are tried in one child, unless one of them hangs."""
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
    """`killed`, `hung` (which is killed), `lived`, `unreached` (which lived), `dirty` (which lived
    too, nothing being known of it) or `beyond`, which could not be put in."""
    by: str = ""
    tests: int = 0
    seconds: float = 0


@dataclass(eq=False)
class Trial:
    """A pytest plug-in that tries mutants instead of running the tests it has collected."""

    mutants: Sequence[Mutant]
    budget: float
    """CPU seconds of tests after which a mutant counts as alive."""
    tell: Callable[[Tried], None]
    results: list[Tried] = field(default_factory=list)
    functions: dict[Place, list[FunctionType]] = field(default_factory=dict)
    caches: list[Cache | Scenario] = field(default_factory=list)
    seconds: dict[int, float] = field(default_factory=dict[int, float])
    reached: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    killers: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    announced: pytest.Item | None = None
    """The test that the last one to run was told would follow."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure the tests, then try the mutants."""
        self._items = session.items
        self.watch = Watch()
        for item in session.items:
            _without_shrinking(item)
        paths = sorted({mutant.path for mutant in self.mutants})
        self._find(paths)
        gc.freeze()
        self._measure(paths)
        while len(self.results) < len(self.mutants):
            self._try_some()
        return True

    def _find(self, paths: Sequence[str]) -> None:
        wanted = {str(ROOT / path): path for path in paths}
        for found in gc.get_objects():
            if isinstance(found, CACHE | Scenario):
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
        self._items[0].config.pluginmanager.register(self.watch, "watch")
        seconds: dict[int, float] = {}
        reached: dict[int, frozenset[str]] = {}
        for number, item in enumerate(self._items):
            self._forget()
            seen: set[str] = set()
            setattr(builtins, SEEN, seen.add)
            self.watch.failed = False
            began = time.process_time()
            following = self._items[number + 1] if number + 1 < len(self._items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if not self.watch.failed:
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

    def _try_some(self) -> None:
        """Try the next few mutants in one child; whoever makes it hang was tried last."""
        done = len(self.results)
        coming = self.mutants[done : done + BATCH]
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            self._run(coming, theirs)
        os.close(theirs)
        with os.fdopen(ours, encoding="utf-8") as answer:
            for told in answer:
                fate, last, tests, seconds = told.split()
                by = "" if last == "-" else self._items[int(last)].nodeid
                mutant = coming[len(self.results) - done]
                self._note(Tried(mutant, fate, by, int(tests), float(seconds)), last)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            self._note(Tried(coming[len(self.results) - done], "hung"), "-")
        elif os.waitstatus_to_exitcode(status) not in {0, DIRTY}:
            raise RuntimeError(f"a child ended with {status} after {len(self.results)} mutants")
        elif status and len(self.results) == done:
            self._note(Tried(coming[0], "dirty"), "-")

    def _note(self, tried: Tried, last: str) -> None:
        self.results.append(tried)
        if last != "-":
            self.killers[tried.mutant.function, int(last)] += 1
        self.tell(tried)
        if len(self.results) % 50 == 0:
            fates = Counter(tried.fate for tried in self.results)
            told = f"… {len(self.results)} of {len(self.mutants)}: {dict(fates)}"
            print(told, file=sys.stderr, flush=True)

    def _chosen(self, mutant: Mutant) -> list[int]:
        """Return the tests that reach the mutant: first those that have killed others of its
        function, then those of its file's own, each lot by how long they take."""
        own = f"test_{Path(mutant.path).stem}"

        def rank(number: int) -> tuple[int, bool, float]:
            is_own = self._items[number].path.stem.startswith(own)
            return -self.killers[mutant.function, number], not is_own, self.seconds[number]

        ordered = sorted(self.reached.get(f"{mutant.path}:{mutant.line}", []), key=rank)
        chosen: list[int] = []
        spent = 0.0
        for number in ordered:
            spent += self.seconds[number]
            if spent > self.budget and chosen:
                break
            chosen.append(number)
        return chosen

    def _run(self, mutants: Sequence[Mutant], told: int) -> NoReturn:
        _in_silence()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        self._items[0].config.pluginmanager.register(self.watch, "watch")
        for mutant in mutants:
            began = time.process_time()
            fate, last, tests = self._fate(mutant)
            if last is not None and not self._passes(last, None):
                os._exit(DIRTY)
            if last is not None:
                self.killers[mutant.function, last] += 1
            seconds = time.process_time() - began
            line = f"{fate} {'-' if last is None else last} {tests} {seconds:.2f}\n"
            os.write(told, line.encode())
        os._exit(0)

    def _fate(self, mutant: Mutant) -> tuple[str, int | None, int]:
        """Return what comes of a mutant, which test killed it, and how many were run."""
        numbers = self._chosen(mutant)
        if not numbers:
            return "unreached", None, 0
        kept = {
            function: function.__code__
            for place, found in self.functions.items()
            if place[0] == mutant.path
            for function in found
        }
        try:
            if not self._swap(mutant.path, code_of(ROOT, mutant)):
                return "beyond", None, 0
            self._forget()
            for tried, number in enumerate(numbers, start=1):
                following = numbers[tried] if tried < len(numbers) else None
                if not self._passes(number, following):
                    return "killed", number, tried
            return "lived", None, len(numbers)
        finally:
            for function, code in kept.items():
                function.__code__ = code
            self._forget()

    def _passes(self, number: int, following: int | None) -> bool:
        """Say whether a test passes; one that takes several times as long as it did hangs."""
        item = self._items[number]
        if item is not self.announced:
            item.session._setupstate.teardown_exact(None)
        self.announced = None if following is None else self._items[following]
        signal.setitimer(signal.ITIMER_PROF, 3 + 4 * self.seconds[number])
        signal.setitimer(signal.ITIMER_REAL, 120 + 40 * self.seconds[number])
        self.watch.failed = False
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=self.announced)
        except BaseException:  # noqa: BLE001 whatever a mutant throws at its runner kills it
            self.announced = None
            return False
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
        return not self.watch.failed

    def _forget(self) -> None:
        """Forget what functions and scenarios have computed and kept."""
        found = [one for one in gc.get_objects() if isinstance(one, CACHE | Scenario)]
        for one in (*self.caches, *found):
            if isinstance(one, Scenario):
                one.kept.clear()
            else:
                one.cache_clear()


@dataclass(eq=False)
class Watch:
    """Notes whether the test that runs has failed, or was skipped and says nothing."""

    failed: bool = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a phase that did not pass."""
        self.failed = self.failed or not report.passed


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
        slow = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
        quick = settings(getattr(test, name), phases=few, suppress_health_check=slow)
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


def try_mutants(
    tests: Sequence[str],
    mutants: Sequence[Mutant],
    budget: float,
    tell: Callable[[Tried], None] = lambda _: None,
) -> list[Tried]:
    """Try the mutants with some tests, telling of each and returning what came of all."""
    trial = Trial(mutants, budget, tell)
    given = [str(Path(ROOT, path)) for path in tests]
    options = [
        "-q",
        "-s",
        "--tb=no",
        "--assert=plain",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--timeout=0",
    ]
    pytest.main([*options, f"--rootdir={ROOT}", *given], plugins=[trial])
    return trial.results
