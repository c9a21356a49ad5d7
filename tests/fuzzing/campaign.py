"""Fuzz every reader in turn, in slices: `python -m tests.fuzzing.campaign`.

The reader that has had the least processor time comes next, until each has had `--cpu-minutes`. The
account is a file of JSON lines to which each slice adds one, so a campaign can be stopped at any
time and carried on at another; corpora and finds are kept between slices.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_COVERED = re.compile(rb"cov: (\d+)")


def told(account: Path) -> list[dict[str, Any]]:
    """Return what the slices so far came to."""
    if not account.exists():
        return []
    return [json.loads(line) for line in account.read_text(encoding="utf-8").splitlines()]


def spent(slices: Iterable[dict[str, Any]]) -> Counter[str]:
    """Return the processor seconds that each target has had."""
    seconds: Counter[str] = Counter()
    for one in slices:
        seconds[one["target"]] += one["cpu_s"]
    return seconds


def summary(slices: Iterable[dict[str, Any]]) -> str:
    """Return the account as a table."""
    listed = list(slices)
    lines = [f"{'target':<12}{'cpu min':>8}{'executions':>12}{'edges':>7}  finds"]
    for target, seconds in sorted(spent(listed).items()):
        own = [one for one in listed if one["target"] == target]
        runs = sum(one["executions"] for one in own)
        edges = max(one["edges"] for one in own)
        finds = len({fault for one in own for fault in one["finds"]})
        lines.append(f"{target:<12}{seconds / 60:>8.1f}{runs:>12,}{edges:>7}  {finds}")
    return "\n".join(lines)


def fuzzed(target: str, options: Any) -> dict[str, Any]:
    """Fuzz a target for one slice and return what it came to."""
    command = [
        *(sys.executable, "-m", "tests.fuzzing", target),
        *("--cpu-minutes", str(options.slice_minutes)),
        *("--corpus", str(options.corpora / target)),
        *("--finds", str(options.finds)),
    ]
    ended = subprocess.run(command, capture_output=True, check=False)
    covered = [int(one) for one in _COVERED.findall(ended.stderr)]
    lines = ended.stdout.splitlines()
    if not lines or not lines[-1].startswith(b"{"):
        # It died of itself: what libFuzzer says last is the find.
        last = ended.stderr.decode("utf-8", "replace")[-2000:]
        (options.finds / f"{target}-died-{datetime.now(UTC):%H%M%S}.txt").write_text(last)
        return {
            "target": target, "cpu_s": 0.0, "executions": 0, "edges": 0,
            "finds": {f"died: {last[-200:]}": 1},
        }  # fmt: skip
    return {**json.loads(lines[-1]), "edges": max(covered, default=0)}


def main() -> None:
    """Fuzz slice after slice until every target has had its time, or so many slices are over."""
    options = _options()
    from tests.fuzzing.targets import TARGETS

    options.finds.mkdir(parents=True, exist_ok=True)
    wanted = options.targets or list(TARGETS)
    for _ in range(options.slices):
        seconds = spent(told(options.account))
        left = [one for one in wanted if seconds[one] < options.cpu_minutes * 60]
        if not left:
            break
        target = min(left, key=lambda one: seconds[one])
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        )
        entry = {
            "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "commit": commit.stdout.strip(),
            **fuzzed(target, options),
        }
        with options.account.open("a", encoding="utf-8") as account:
            account.write(json.dumps(entry) + "\n")
    print(summary(told(options.account)))


def _options() -> Any:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing.campaign", description=__doc__)
    parser.add_argument("targets", nargs="*", help="all of them if none is named")
    parser.add_argument("--cpu-minutes", type=float, default=30.0, help="for each, in all")
    parser.add_argument("--slice-minutes", type=float, default=5.0)
    parser.add_argument("--slices", type=int, default=1_000_000, help="0 to tell the account alone")
    parser.add_argument("--account", type=Path, default=Path("fuzz-account.jsonl"))
    parser.add_argument("--corpora", type=Path, default=Path("fuzz-corpus"))
    parser.add_argument("--finds", type=Path, default=Path("fuzz-finds"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
