"""Puts small faults into the code one at a time, and says which of them no test notices.

python -m tests.mutation PART… [--sample N] [--seed S] [--file PATH] [--budget SECONDS] [--out FILE]
                         [--again FILE]

A PART is equilibria, bargaining, protocols, fold or rest. Without --sample every mutant is tried.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.parts import PARTS, ROOT, equivalents, is_equivalent

if TYPE_CHECKING:
    from tests.mutation.runner import Tried


def main(given: Sequence[str]) -> int:
    """Try the mutants of some parts; return 0 if at least nine in ten of each were killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("part", choices=list(PARTS))
    parser.add_argument("--sample", type=int, help="how many mutants to draw, by file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", action="append", help="only this file of the part")
    parser.add_argument("--budget", type=float, default=6, help="CPU seconds of tests a mutant")
    parser.add_argument("--again", type=Path, help="only what lived by this earlier --out")
    parser.add_argument("--out", type=Path, help="where to write what came of each, as JSON lines")
    asked = parser.parse_args(given)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from tests.mutation.runner import try_mutants

    part = PARTS[asked.part]
    paths = [path for path in part.paths() if not asked.file or path in asked.file]
    known = equivalents()
    every = {
        path: [mutant for mutant in mutants(ROOT, path) if not is_equivalent(mutant, known)]
        for path in paths
    }
    for pattern in stale(known):
        print(f"no such mutant any more: {pattern}")
    if asked.again:
        lived = names_that_lived(asked.again)
        every = {path: [m for m in found if m.name in lived] for path, found in every.items()}
    drawn = sample(every, asked.sample, asked.seed)
    print(
        f"{asked.part}: {len(drawn)} of {sum(map(len, every.values()))} mutants, seed {asked.seed}"
    )
    if asked.out:
        asked.out.write_text("", "utf-8")
    results = try_mutants(part.tests, drawn, asked.budget, lambda tried: tell(tried, asked.out))
    fates = defaultdict[str, Counter[str]](Counter)
    for tried in results:
        fates[tried.mutant.path][tried.fate] += 1
        fates["together"][tried.fate] += 1
    for path, counts in sorted(fates.items()):
        print(line(path, counts))
    return 0 if killed(fates["together"])[0] >= 0.9 * killed(fates["together"])[1] else 1


def stale(patterns: Iterable[str]) -> list[str]:
    """Return the patterns of accepted mutants that fit none any more."""
    parts = [part for name, part in PARTS.items() if name != "rest"]
    every = [mutant for part in parts for path in part.paths() for mutant in mutants(ROOT, path)]
    return [one for one in patterns if not any(is_equivalent(mutant, [one]) for mutant in every)]


def tell(tried: Tried, out: Path | None) -> None:
    """Tell what came of a mutant: who lives on the screen, all of them in the file."""
    if tried.fate not in {"killed", "hung"}:
        print(f"{tried.fate:9} {tried.mutant.line:4} {tried.mutant.name}", flush=True)
    if out is not None:
        with out.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(asdict(tried))}\n")


def names_that_lived(written: Path) -> set[str]:
    """Return the names of the mutants that were alive when a file of results was written."""
    told = [json.loads(line) for line in written.read_text("utf-8").splitlines()]
    alive = [Mutant(**one["mutant"]) for one in told if one["fate"] not in {"killed", "hung"}]
    return {mutant.name for mutant in alive}


def sample(every: dict[str, list[Mutant]], size: int | None, seed: int) -> list[Mutant]:
    """Draw as many mutants of each file as its share of all of them, the remainder by lot.

    They come in an order drawn by lot too, so that what was tried by any moment is a fair sample.
    """
    lots = Random(f"mutation/{seed}")
    whole = sum(map(len, every.values()))
    size = whole if size is None else min(size, whole)
    shares = {path: len(found) * size / whole for path, found in every.items()}
    counts = {path: int(share) for path, share in shares.items()}
    by_rest = sorted(shares, key=lambda path: counts[path] - shares[path])
    for path in by_rest[: size - sum(counts.values())]:
        counts[path] += 1
    drawn = [m for path, found in every.items() for m in lots.sample(found, counts[path])]
    lots.shuffle(drawn)
    return drawn


def killed(counts: Counter[str]) -> tuple[int, int]:
    """Return how many were killed, of how many that could be put in."""
    return counts["killed"] + counts["hung"], counts.total() - counts["beyond"]


def line(path: str, counts: Counter[str]) -> str:
    """Return a line with the share killed and its Wilson interval at 95 %."""
    dead, whole = killed(counts)
    low, high = wilson(dead, whole)
    share = f"{dead / whole:6.1%}" if whole else "     –"
    return f"{share} [{low:.1%}, {high:.1%}] {dead:4} of {whole:4}  {path}  {dict(counts)}"


def wilson(dead: int, whole: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the Wilson interval of a share."""
    if not whole:
        return 0.0, 1.0
    share, spread = dead / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / whole + spread / whole / 4) / (1 + spread)
    return middle - half, middle + half


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
