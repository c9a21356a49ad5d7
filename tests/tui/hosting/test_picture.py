"""What bytes from a host can do to the terminal that shows them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.hosting.driving import Hosted, at_table
from tui.joining.picture import LONGEST, Picture

HARMFUL = [
    "\x1b]52;c;cm0gLXJm\x07",
    "\x1b]0;a title\x1b\\",
    "\x1b]8;;http://elsewhere.example\x1b\\",
    "\x1b]11;?\x07",
    "\x1b[c",
    "\x1b[>c",
    "\x1b[6n",
    "\x1b[21t",
    "\x1b[8;1;1t",
    "\x1b[?2048h",
    "\x1b[4h",
    "\x1b[5i",
    "\x1bP+q544e\x1b\\",
    "\x1b_Ga=d\x1b\\",
    "\x1bc",
    "\x1b(0",
    "\x1b#8",
    "\x9b6n",
    "\x90q\x9c",
    "\x0e",
    "\x05",
    "\x7f",
]
DRAWING = [
    "\x1b[1;31;48;2;1;2;3m",
    "\x1b[4;2H",
    "\x1b[?25l",
    "\x1b[?2026$p",
    "\x1b[?1049h",
    "ä€\r\n",
]


@pytest.mark.parametrize("sent", HARMFUL)
def test_what_does_not_draw_is_left_out(sent: str) -> None:
    drawn = Picture().drawn(f"before{sent}after".encode()).decode()
    assert drawn.startswith("before")
    assert drawn.endswith("after")
    assert not {"\x1b", "\x07", *map(chr, range(0x7F, 0xA0)), "\x0e", "\x05"} & set(drawn)


@given(
    st.lists(st.sampled_from([*HARMFUL, *DRAWING, "x", "\x1b", "\x1b[", "\x1b]"]), max_size=8),
    st.lists(st.integers(0, 200), max_size=6),
)
def test_pieces_draw_what_the_whole_draws(parts: list[str], cuts: list[int]) -> None:
    sent = "".join(parts).encode()
    picture = Picture()
    places = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    pieces = b"".join(picture.drawn(sent[here:there]) for here, there in pairwise(places))
    assert pieces == Picture().drawn(sent)
    assert b"\x1b]" not in pieces
    assert b"\x1b[6n" not in pieces


@pytest.mark.parametrize("sent", DRAWING)
def test_what_draws_is_passed_on(sent: str) -> None:
    assert Picture().drawn(sent.encode()) == sent.encode()


def test_a_sequence_that_never_ends_is_forgotten() -> None:
    picture = Picture()
    for _ in range(9):
        picture.drawn(b"\x1b]52;" + b"x" * LONGEST)
    assert len(picture._begun) <= LONGEST
    picture.drawn(b"\x07")
    assert picture.drawn(b"here") == b"here"


def test_all_that_a_host_draws_is_passed_on(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        first, second = await at.join("AAA"), await at.join("BBB")
        await first.until("Your move")
        for key in ("b", "\x1b", "?", "\x1b", "o"):
            await first.type(key)
            await first.take()
        await second.type("\x11")
        await second.until("Leave now?")
        await second.type("y")
        await second.until_ended()
        for who in (first, second):
            # The pointer's shape is the one thing more that it asks for.
            drawn = re.sub(rb"\x1b\]22;[a-z-]*(?:\x07|\x1b\\)", b"", bytes(who.bytes))
            assert Picture().drawn(bytes(who.bytes)) == drawn

    at_table(tmp_path, act)
