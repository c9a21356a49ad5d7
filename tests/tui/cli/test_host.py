"""The verb `host`, from the first line to Ctrl+C, and a seat that is joined by its link."""

import asyncio
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from delegates import negotiate
from delegates.persons.person import Answer, PersonMove, Turn
from games.moves import WalkAway
from tests.delegates.sessions import mini
from tests.tui.cli.conftest import Cli
from tests.tui.hosting.driving import Browser
from transcripts.verify import verify

LINK = re.compile(r"minilateral play --join (http://127\.0\.0\.1:\d+/seat/[\w-]{32}/)")
PEOPLE = ("--seat", "USA=human", "--seat", "COD=human")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "host: expected a scenario, or --resume TRANSCRIPT"),
        (("mini.yaml", "--seat", "USA=firm", "--seat", "COD=firm"), "nobody is to join"),
        (("mini.yaml", *PEOPLE, "--tables", "0"), "--tables 0: expected 1 to 40"),
        (("mini.yaml", *PEOPLE, "--tables", "41"), "--tables 41: expected 1 to 40"),
        (("mini.yaml", *PEOPLE, "--away", "0"), "--away 0: expected seconds from 1"),
        (("mini.yaml", *PEOPLE, "--away", "nan"), "--away nan: expected seconds from 1"),
        (("mini.yaml", *PEOPLE, "--host", "0.0.0.0"), "expected --anyone"),
        (("mini.yaml", *PEOPLE, "--port", "70000"), "--port 70000: expected 1 to 65535"),
        (("mini.yaml", *PEOPLE, "--out", "mini.yaml"), "exists already"),
        (("mini.yaml", *PEOPLE, "--links", "mini.yaml"), "--links mini.yaml: exists already"),
        (("mini.yaml", *PEOPLE, "--links", "no/links"), "--links no/links: no folder no"),
        (("mini.yaml", "--resume", "x.jsonl"), "--resume: mini.yaml is given as well"),
        (("--resume", "x.jsonl"), "x.jsonl"),
        (("--resume", "x.jsonl", *PEOPLE), "--resume: --seat is given as well"),
        (("--resume", "x.jsonl", "--seed", "0"), "--resume: --seed is given as well"),
        (("--resume", "x.jsonl", "--tables", "2"), "--resume: --tables is given as well"),
        (("--resume", "x.jsonl", "--alias"), "--resume: --alias is given as well"),
        (("--resume", "x.jsonl", "--resume", "./x.jsonl"), "--resume x.jsonl: given twice"),
    ],
)
def test_what_cannot_be_hosted_exits_with_one_line(
    cli: Cli, arguments: tuple[str, ...], told: str
) -> None:
    shown = cli("host", *arguments)

    assert shown.code == 1
    assert told in shown.line


def test_what_a_table_may_cost_is_said_once_and_holds_for_each(cli: Cli) -> None:
    """Of tables that cost nothing it was said that they cost as much each."""
    shown = cli("host", "mini.yaml", *PEOPLE, "--tables", "2", "--port", "70000")

    assert "this costs nothing.\n" in shown.out
    assert "\nSo it is at each of the 2 tables.\n" in shown.out


class Leaver:
    """Walks away at once."""

    async def move(self, _: Turn, /) -> Answer:
        return PersonMove(WalkAway())

    def wants_back(self, _: str, /) -> bool:
        return False


def test_a_session_that_has_ended_is_not_hosted_again(cli: Cli, tmp_path: Path) -> None:
    path, seats = tmp_path / "over.jsonl", {"USA": "human", "COD": "firm"}
    negotiate(mini(), seats, transcript=path, person=Leaver())

    shown = cli("host", "--resume", str(path))

    assert shown.code == 1
    assert "over.jsonl: the session has ended; expected one that goes on" in shown.line


def test_beyond_this_machine_it_is_told_what_a_link_is(cli: Cli) -> None:
    shown = cli("host", "mini.yaml", *PEOPLE, "--host", "0.0.0.0")

    assert "who has a seat's link plays that seat" in shown.line
    assert "nothing is encrypted" in shown.line


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "FILE|NAME is missing; expected a scenario, or --join LINK"),
        (("mini.yaml",), 2, "--as ID is missing; expected whom you sit for: USA or COD"),
        (("--join", "x"), 1, "expected the link of a seat"),
        (("mini.yaml", "--join", "x"), 1, "a scenario is given as well"),
        (("--as", "USA", "--join", "x"), 1, "--as is given as well"),
        (("--join", "http://127.0.0.1:1/seat/secret/"), 1, "expected a terminal at both ends"),
    ],
)
def test_what_cannot_be_joined_exits_with_one_line(
    cli: Cli, arguments: tuple[str, ...], code: int, told: str
) -> None:
    shown = cli("play", *arguments)

    assert shown.code == code
    assert told in shown.line
    assert "secret" not in shown.line


@contextmanager
def running(home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, "MINILATERAL_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", "from tui.cli import main; main()", "host", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def links(process: subprocess.Popen[str]) -> list[str]:
    """Return the links that a host tells, once it answers to them."""
    assert process.stdout is not None
    found: list[str] = []
    for line in process.stdout:
        found += LINK.findall(line)
        if "Ctrl+C" in line:
            return found
    raise AssertionError(process.communicate())


async def joined(link: str, *words: str) -> None:
    """Join a seat until words stand on its screen."""
    async with aiohttp.ClientSession() as client:
        socket = await client.ws_connect(f"{link}ws?width=120&height=36")
        browser = Browser(socket)
        await browser.until(*words)
        await socket.close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_keeps_the_session_and_the_line_carries_it_on(
    home: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    with running(
        home, "mini.yaml", "--seat", "USA=human", "--seat", "COD=firm", "--port", "0"
    ) as process:
        (link,) = links(process)
        asyncio.run(joined(link, "Your move"))
        process.send_signal(sign)
        out, err = process.communicate()
        assert process.returncode == 130
    kept = re.findall(r"minilateral host (--resume .*)", err)
    assert len(kept) == 1
    assert "Traceback" not in err
    assert "USA" in out
    (path,) = (home / "transcripts").iterdir()
    assert verify(path).ok

    with running(home, *shlex.split(kept[0]), "--port", "0") as process:
        (again,) = links(process)
        asyncio.run(joined(again, "Your move"))
        process.send_signal(sign)
        process.communicate()
        assert process.returncode == 130
    assert again != link


def test_every_table_has_links_and_a_file_of_its_own(home: Path, tmp_path: Path) -> None:
    with running(
        home, "mini.yaml", *PEOPLE, "--tables", "3", "--out", "class.jsonl", "--port", "0"
    ) as process:
        found = links(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        assert process.returncode == 130

    assert len(set(found)) == 6
    assert err.splitlines() == ["minilateral: you closed the tables"]
    assert "stopped" not in out
    assert not list(tmp_path.glob("class*"))
    assert "kept" not in out + err


def test_links_to_be_handed_out_stand_in_a_file_of_ones_own_and_nowhere_else(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "links.tsv"
    with running(
        home, "mini.yaml", *PEOPLE, "--tables", "2", "--links", str(path), "--port", "0"
    ) as process:
        assert links(process) == []
        head, *rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
        asyncio.run(joined(rows[0][3], "You sit for"))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()

    assert head == ["table", "seat", "party", "link"]
    assert [(table, seat) for table, seat, *_ in rows] == [
        (table, seat) for table in "12" for seat in ("USA", "COD")
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert "/seat/" not in out + err
