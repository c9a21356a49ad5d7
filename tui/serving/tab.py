"""What runs for each tab of the browser: the app, with the page in place of a terminal."""

from __future__ import annotations

import sys

from games.errors import MinilateralError
from tui.app import open_app

if __name__ == "__main__":
    try:
        open_app()
    except MinilateralError as error:
        sys.stderr.write(f"minilateral: {error}\n")
        sys.exit(1)
