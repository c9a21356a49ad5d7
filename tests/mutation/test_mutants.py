"""The faults that are put in, in a file of a few lines."""

from collections import Counter
from pathlib import Path

import pytest

from tests.mutation.__main__ import killed, sample, wilson
from tests.mutation.mutants import Mutant, code_of, mutants
from tests.mutation.parts import is_equivalent

SOURCE = '''
"""A docstring is left alone."""

LEFT = 1


def shares(gains: list[float], least: float = 0.5) -> list[float]:
    """As is this one."""
    if not gains:
        raise ValueError("and what is raised")
    total = sum(gain for gain in gains if gain > least)
    return [gain / total for gain in sorted(gains, reverse=True)]


class Table:
    def first(self, rows: dict[str, int]) -> int:
        assert rows
        return max(rows.values()) if len(rows) > 1 else -1
'''


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "small.py").write_text(SOURCE, "utf-8")
    return tmp_path


def test_every_fault_is_told_by_what_it_changes_into_what(root: Path) -> None:
    assert [mutant.name.removeprefix("small.py::") for mutant in mutants(root, "small.py")] == [
        "shares: not gains → gains",
        "shares: raise ValueError('and what is raised') → pass",
        "shares: for gain in gains if gain > least → for gain in gains if not gain > least",
        "shares: for gain in gains if gain > least → for gain in gains",
        "shares: gain > least → gain >= least",
        "shares: gain / total → gain * total",
        "shares: sorted(gains, reverse=True) → sorted(gains)",
        "shares: True → False",
        "Table.first: max(rows.values()) if len(rows) > 1 else -1 → max(rows.values())",
        "Table.first: max(rows.values()) if len(rows) > 1 else -1 → -1",
        "Table.first: len(rows) > 1 → len(rows) >= 1",
        "Table.first: 1 → 2",
        "Table.first: max(rows.values()) → min(rows.values())",
        "Table.first: -1 → 1",
        "Table.first: 1 → 2 (2)",
    ]


def test_each_fault_is_in_the_code_of_its_mutant(root: Path) -> None:
    found = {mutant.operator: mutant for mutant in mutants(root, "small.py")}
    scope: dict[str, object] = {}
    exec(code_of(root, found["keyword"]), scope)
    assert scope["shares"]([1.0, 3.0]) == [0.25, 0.75]  # pyright: ignore[reportCallIssue]


def test_a_sample_takes_of_each_file_its_share_and_hangs_on_the_seed_alone(root: Path) -> None:
    every = {"a": mutants(root, "small.py") * 3, "b": mutants(root, "small.py")}
    drawn = sample(every, 12, 1)
    assert len(drawn) == 12
    assert drawn == sample(every, 12, 1) != sample(every, 12, 2)
    assert len(sample(every, None, 1)) == 60


def test_an_equivalent_is_named_by_a_pattern() -> None:
    mutant = Mutant("a.py", "f", 1, "number", "x * 2", "x * 3", 0, 0)
    assert is_equivalent(mutant, ["number a.py::f: * → x * 3"])
    assert not is_equivalent(mutant, ["text a.py::f: *", "number a.py::g: *"])


def test_what_hung_counts_as_killed_and_what_could_not_be_put_in_for_nothing() -> None:
    assert killed(Counter(killed=6, hung=1, lived=2, unreached=1, beyond=5)) == (7, 10)


@pytest.mark.parametrize(
    ("dead", "whole", "low", "high"), [(9, 10, 0.596, 0.982), (0, 10, 0.0, 0.278)]
)
def test_the_interval_is_wilsons(dead: int, whole: int, low: float, high: float) -> None:
    assert wilson(dead, whole) == pytest.approx((low, high), abs=5e-4)
