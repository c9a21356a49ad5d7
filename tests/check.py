"""Run every check of the house: format, lint, types, import contracts, tests."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "lint": [sys.executable, "-m", "ruff", "check", "."],
    "types": [sys.executable, "-m", "pyright", "--pythonpath", sys.executable],
    "imports": [str(BIN / "lint-imports")],
    "tests": [sys.executable, "-m", "pytest", "-q", "-n", "auto"],
}


def main() -> int:
    """Run the checks in order and return 0 if all of them pass."""
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one check, its output straight to the terminal."""
    print(f"--- {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
