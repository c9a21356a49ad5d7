"""The parts of the house whose tests are tried, and the tests that pin each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.mutation.mutants import Mutant

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENTS = Path(__file__).with_name("equivalents.txt")


@dataclass(frozen=True)
class Part:
    """Some files, by pattern, less those of other parts; and the tests that pin them."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    less: tuple[str, ...] = ()

    def paths(self) -> list[str]:
        """Return its files, in order."""
        other = set(_matching(self.less))
        return sorted(path for path in _matching(self.files) if path not in other)


def _matching(patterns: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        yield from (found.relative_to(ROOT).as_posix() for found in ROOT.glob(pattern))


_EQUILIBRIA = ("games/equilibrium/*.py",)
_BARGAINING = ("games/bargaining/*.py",)
_PROTOCOLS = ("games/protocols/*.py",)
_FOLD = ("transcripts/fold.py", "transcripts/acts.py", "transcripts/proceedings.py")

PARTS = {
    "equilibria": Part(
        _EQUILIBRIA,
        (
            "tests/games/equilibrium",
            "tests/oracles/test_equilibria_against_gambit.py",
            "tests/oracles/test_forms_against_gambit.py",
        ),
    ),
    "bargaining": Part(
        _BARGAINING,
        (
            "tests/games/bargaining",
            "tests/oracles/test_bargaining_against_negmas.py",
            "tests/oracles/test_measures_against_negmas.py",
        ),
    ),
    "protocols": Part(
        _PROTOCOLS,
        (
            "tests/games/protocols",
            "tests/games/test_session.py",
            "tests/games/happenings",
            "tests/games/test_ratification.py",
        ),
    ),
    "fold": Part(
        _FOLD,
        (
            "tests/transcripts/test_fold.py",
            "tests/transcripts/test_fold_refusals.py",
            "tests/transcripts/test_acts.py",
            "tests/transcripts/test_proceedings.py",
            "tests/transcripts/test_golden.py",
            "tests/transcripts/test_record.py",
            "tests/transcripts/test_preparation.py",
            "tests/transcripts/test_conduct.py",
            "tests/transcripts/test_eventful_conduct.py",
        ),
    ),
    "rest": Part(
        ("games/**/*.py", "transcripts/**/*.py"),
        ("tests/games", "tests/transcripts"),
        less=(*_EQUILIBRIA, *_BARGAINING, *_PROTOCOLS, *_FOLD),
    ),
}


def equivalents() -> dict[str, str]:
    """Return patterns of mutants that were read and found to change nothing, with the reasons.

    A pattern is what is done and the mutant's name; an asterisk stands for any text.
    """
    lines = EQUIVALENTS.read_text("utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith("#")]
    return dict(zip(kept[::2], (reason.strip() for reason in kept[1::2]), strict=True))


def is_equivalent(mutant: Mutant, patterns: Iterable[str]) -> bool:
    """Say whether one of the patterns is a mutant's."""
    told = f"{mutant.operator} {mutant.name}"
    return any(_pattern(pattern).fullmatch(told) for pattern in patterns)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
