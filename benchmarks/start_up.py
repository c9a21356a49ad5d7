"""What it costs until something is seen: the help, a verb that only lists, the app's first screen.

    python benchmarks/start_up.py [RUNS]

CPU time of the child processes, user and system, which a busy machine changes little; the median
of alternating runs. A third of the help's time is Python itself, and most of the rest is Typer,
which every command line made with it pays: so the measure is `python -c "import typer"`.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile

RUNS = 15

MOST = 1.5
"""Times the CPU of importing Typer that the help may take."""

_FIRST_SCREEN = """
import asyncio
from tui.app import MinilateralApp

async def main():
    async with MinilateralApp().run_test(size=(120, 36)) as pilot:
        await pilot.pause()

asyncio.run(main())
"""

_MINILATERAL = (sys.executable, "-c", "from tui.cli import main; main()")

COMMANDS = {
    "python -c pass": (sys.executable, "-c", "pass"),
    'python -c "import typer"': (sys.executable, "-c", "import typer"),
    "minilateral --help": (*_MINILATERAL, "--help"),
    "minilateral run --help": (*_MINILATERAL, "run", "--help"),
    "minilateral scenarios": (*_MINILATERAL, "scenarios"),
    'python -c "import textual.app"': (sys.executable, "-c", "import textual.app"),
    "minilateral: the first screen": (sys.executable, "-c", _FIRST_SCREEN),
}


def cpu_s(command: tuple[str, ...], home: str) -> float:
    """Return the CPU time that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        env={"MINILATERAL_HOME": home, "PATH": "", "TERM": "xterm-256color"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(runs: int) -> None:
    """Measure, and print one table."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as home:
        for _ in range(runs):
            for name, command in COMMANDS.items():
                taken[name].append(cpu_s(command, home))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    unit = medians['python -c "import typer"']
    print(f"CPU of {runs} runs each, in milliseconds")
    print(f"{'':<34}{'median':>8}{'least':>8}{'most':>8}{'× typer':>9}")
    for name, values in taken.items():
        low, mid, high = (1000 * value for value in (min(values), medians[name], max(values)))
        print(f"{name:<34}{mid:>8.0f}{low:>8.0f}{high:>8.0f}{medians[name] / unit:>9.2f}")
    share = medians["minilateral --help"] / unit
    verdict = "holds" if share <= MOST else "does not hold"
    print(f"at most {MOST} times: {verdict} ({share:.2f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
