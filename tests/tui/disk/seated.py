"""A person in the app who makes a move and waits for the answer, in a process that may die.

After every move it says how many moves the screen shows.
"""

import sys
from pathlib import Path

from tests.tui.table.driving import Seated, at_table, session


def play(folder: Path) -> None:
    """Play in a folder, and leave."""

    async def act(at: Seated) -> None:
        await at.asked()
        print("moves shown:", at.screen.total, flush=True)
        await at.press("o", "ctrl+s")
        await at.asked(2)
        print("moves shown:", at.screen.total, flush=True)

    at_table(session(folder), act)


if __name__ == "__main__":
    play(Path(sys.argv[1]))
