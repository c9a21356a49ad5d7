"""The app in a headless browser: a seat, an offer, an agreement, and the review of it."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.driven.browser import Page, browser_here, opened

pytestmark = [
    pytest.mark.driven,
    pytest.mark.timeout(600),
    pytest.mark.skipif(browser_here() is None, reason="no browser here"),
]

COMMAND = Path(sys.executable).with_name("minilateral")
ROUNDS = 10

PICTURES = os.environ.get("PICTURES")
"""A folder in which pictures are kept, if one is named."""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the app from a data folder and tell its address."""
    environment = {**os.environ, "MINILATERAL_HOME": str(home)}
    with subprocess.Popen(
        [COMMAND, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield re.findall(r"http://\S+", process.stdout.readline())[0]
        finally:
            process.terminate()


def test_a_negotiation_in_a_browser_from_home_to_review(tmp_path: Path) -> None:
    home = tmp_path / "home"

    async def main(url: str) -> None:
        async with opened(url, tmp_path / "profile") as page:
            await page.until("Welcome")
            await kept(page, "home")
            await page.press("Enter")
            await page.until("Your brief")
            await kept(page, "briefing")
            await page.press("Enter")
            await page.until("Your move, round 1 of 10")
            await agree(page)
            await page.until("v review")
            await kept(page, "agreement")
            since = len(page.came)
            await page.press("v")
            await page.until("Lessons", since=since)
            assert re.search(r"\d+ ± [\d.]+ %", page.came[since:])
            await kept(page, "review")
            await page.press("q")

    with served(home) as url:
        asyncio.run(main(url))
    transcripts = list((home / "transcripts").glob("*.jsonl"))
    assert len(transcripts) == 1
    told = subprocess.run(
        [COMMAND, "verify", transcripts[0]], capture_output=True, text=True, check=True
    ).stdout
    assert "sound, complete" in told


async def agree(page: Page) -> None:
    """Offer less on the price and the money in every round, and accept what is worth it."""
    since = 0
    for number in range(1, ROUNDS + 1):
        await page.until(f"round {number} of 10", "★ Agreement", since=since)
        told = page.came[since:]
        if "★ Agreement" in told:
            return
        since = len(page.came)
        if number > 1 and "more than without agreement" in told:
            await page.press("a")
            await page.until("Accept it", since=since)
        else:
            await page.press("o")
            await page.until("Make an offer", since=since)
            if number == 1:
                await kept(page, "offer")
            await page.press("ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight")
        since = len(page.came)
        await page.press("Control+s")
    await page.until("★ Agreement", since=since)


async def kept(page: Page, name: str) -> None:
    if PICTURES is not None:
        await asyncio.sleep(1)  # the page draws what came a moment later
        await page.picture(Path(PICTURES) / f"browser-{name}.png")
