"""Fuzz one reader, guided by coverage: `python -m tests.fuzzing TARGET --cpu-minutes 30`.

Needs atheris (`pip install atheris`), which the ordinary tests do without. What is found is kept in
the folder of `--finds`, one file an input beside one that tells the traceback, and fuzzing goes on;
the same fault is kept once. The last line of the output is an account in JSON.
"""

import argparse
import hashlib
import json
import os
import resource
import sys
import time
import traceback
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

LONGEST = 40_000
"""Bytes of the longest input."""

BY_FORM = 0.65
"""Share of the changes that keep an input's form."""

MOST_HELD = 4 << 30
"""Bytes at which a run ends early. Atheris 3.0 keeps every array that a traced comparison makes, so
a reader that compares arrays grows by what they hold, though it keeps nothing itself."""

_PACKAGES = ["games", "transcripts", "delegates", "tui"]


@dataclass
class Account:
    """What a run came to."""

    target: str
    finds: Path
    cpu_limit_s: float
    executions: int = 0
    found: dict[str, int] = field(default_factory=dict)

    @property
    def cpu_s(self) -> float:
        """Processor seconds of this process and of its children."""
        used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in used)

    def take(self, error: BaseException, read: bytes) -> None:
        """Keep an input that was not read as it should be, the first of each fault."""
        fault = fault_of(error)
        self.found[fault] = self.found.get(fault, 0) + 1
        if self.found[fault] > 1:
            return
        name = f"{self.target}-{hashlib.sha256(fault.encode()).hexdigest()[:12]}"
        self.finds.mkdir(parents=True, exist_ok=True)
        (self.finds / f"{name}.bin").write_bytes(read)
        told = "".join(traceback.format_exception(error))
        (self.finds / f"{name}.txt").write_text(f"{fault}\n{told}", "utf-8", "backslashreplace")
        print(f"FOUND {name}: {fault}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Tell the account and end the process, which libFuzzer would not let return."""
        told = {
            "target": self.target,
            "cpu_s": round(self.cpu_s, 1),
            "executions": self.executions,
            "finds": self.found,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(told), flush=True)
        sys.stderr.flush()
        os._exit(0)


def fault_of(error: BaseException) -> str:
    """Return what tells one fault from another: its kind and where in our own code it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if any(f"/{name}/" in one.filename for name in _PACKAGES)]
    where = ours[-1] if ours else frames[-1]
    parts = Path(where.filename).parts[-3:]
    return f"{type(error).__name__} in {'/'.join(parts)}:{where.name}"


def main() -> None:
    """Fuzz one target for so many processor minutes."""
    options = _options()
    try:
        atheris: Any = import_module("atheris")
    except ModuleNotFoundError:
        sys.exit("atheris is not installed; install it where you fuzz: pip install atheris")
    with atheris.instrument_imports(include=_PACKAGES):
        from tests.fuzzing.targets import TARGETS
    from tests.fuzzing.confinement import held_bytes, limit_memory
    from tests.fuzzing.target import tried

    target = TARGETS[options.target]
    account = Account(target.name, options.finds, options.cpu_minutes * 60 + _cpu_before())
    for seed in target.seeds():
        (options.corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        # What is loaded when it is first needed is loaded now.
        target.reads(seed)

    def once(read: bytes) -> None:
        account.executions += 1
        try:
            tried(target, read)
        except KeyboardInterrupt:
            account.close()
        except BaseException as error:  # noqa: BLE001 - every find is kept, and fuzzing goes on
            account.take(error, read)
        if account.executions % 16 == 0:
            if account.cpu_s > account.cpu_limit_s or held_bytes() > MOST_HELD:
                account.close()
            limit_memory()

    def change(read: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() > BY_FORM:
            return atheris.Mutate(read, most)
        return target.change(read, chance)[:most]

    atheris.Setup(
        [
            sys.argv[0],
            str(options.corpus),
            f"-max_len={LONGEST}",
            "-timeout=1200",
            "-rss_limit_mb=0",
            f"-seed={options.seed}",
            "-print_final_stats=1",
            f"-dict={_dictionary(target.words, options.corpus)}",
        ],
        once,
        custom_mutator=change,
    )
    limit_memory()
    atheris.Fuzz()


def _cpu_before() -> float:
    return time.process_time()


def _dictionary(words: Any, corpus: Path) -> Path:
    path = corpus.with_name(f"{corpus.name}.dict")
    lines = {
        '"' + "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "replace")) + '"'
        for word in words
        if word
    }
    path.write_text("\n".join(sorted(lines)) + "\n", encoding="ascii")
    return path


def _options() -> Any:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("target", help="the reader; an unknown one lists them")
    parser.add_argument("--cpu-minutes", type=float, default=30.0)
    parser.add_argument("--corpus", type=Path, default=None, help="inputs kept between runs")
    parser.add_argument("--finds", type=Path, default=Path("fuzz-finds"))
    parser.add_argument("--seed", type=int, default=0, help="0 for another one each time")
    options = parser.parse_args()
    options.corpus = options.corpus or Path("fuzz-corpus") / options.target
    options.corpus.mkdir(parents=True, exist_ok=True)
    return options


if __name__ == "__main__":
    main()
