import asyncio
import os
from collections.abc import Callable, Iterable

import pytest

from tui.cli.typed_lines import MAX_LINE_BYTES, Lines, Typed


def chunks(*pieces: bytes) -> Callable[[], bytes]:
    """Return a source that gives these bytes piece by piece, then nothing."""
    left = iter([*pieces, b""])
    return lambda: next(left)


def read_all(lines: Lines) -> list[Typed]:
    async def collect() -> list[Typed]:
        found: list[Typed] = []
        while (typed := await lines.next()) is not None:
            found.append(typed)
        return found

    return asyncio.run(collect())


def texts(pieces: Iterable[bytes]) -> list[str]:
    return [typed.text for typed in read_all(Lines(chunks(*pieces), live=False))]


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        ([b"one\ntwo\n"], ["one", "two"]),
        ([b"on", b"e\ntw", b"o\n"], ["one", "two"]),
        ([b"one\r\n\r\n"], ["one", ""]),
        ([b"no end"], ["no end"]),
        ([], []),
        ([b"\n"], [""]),
        (["Gr\xfc\xdfe\n".encode()], ["Grüße"]),
        ([b"\xc3", b"\xa9\n"], ["é"]),
        ([b"\x1b[Aaccept\x1b[31m\x00\x7f\n"], ["accept"]),
    ],
)
def test_lines_are_read_whole_however_they_arrive(pieces: list[bytes], found: list[str]) -> None:
    assert texts(pieces) == found


def test_what_is_not_utf_8_is_not_used() -> None:
    bad, good = read_all(Lines(chunks(b"accept \xff\xfe\nquit\n"), live=False))
    assert bad == Typed("", "That line is not UTF-8 text; nothing was done.")
    assert good == Typed("quit")


@pytest.mark.parametrize("at_once", [True, False])
def test_of_a_line_that_is_too_long_nothing_is_used(at_once: bool) -> None:
    long = b"accept " * MAX_LINE_BYTES
    pieces = [long + b"\nback\n"] if at_once else [*[b"accept "] * MAX_LINE_BYTES, b"\nback\n"]
    first, second = read_all(Lines(chunks(*pieces), live=False))
    assert (first.text, second.text) == ("", "back")
    assert f"longer than {MAX_LINE_BYTES} bytes" in str(first.problem)


def test_a_long_line_without_an_end_is_no_line_either() -> None:
    (only,) = read_all(Lines(chunks(*[b"x" * 9000] * 20), live=False))
    assert only.problem


def test_the_longest_line_is_used() -> None:
    assert texts([b"x" * MAX_LINE_BYTES + b"\n"]) == ["x" * MAX_LINE_BYTES]


async def arrived(lines: Lines, count: int) -> None:
    """Wait until so many lines have come in."""
    lines.start()
    while len(lines._waiting) < count:
        await asyncio.sleep(0.001)


@pytest.mark.parametrize(("live", "early"), [(True, [True, True]), (False, [False, False])])
def test_what_someone_typed_before_their_turn_is_known_as_such(
    live: bool, early: list[bool]
) -> None:
    async def typed() -> list[bool]:
        number, end = os.pipe()
        lines = Lines(lambda: os.read(number, 99), live=live)
        os.write(end, b"accept\nyes\n")
        await arrived(lines, 2)
        lines.begin_turn()
        os.write(end, b"table\n")
        os.close(end)
        await arrived(lines, 3)
        found = [await lines.next() for _ in range(3)]
        os.close(number)
        return [one.early for one in found if one is not None]

    assert asyncio.run(typed()) == [*early, False]


def test_a_look_ahead_leaves_the_line_where_it_is() -> None:
    async def looked() -> list[str | None]:
        lines = Lines(chunks(b"back\nquit\n"), live=False)
        await arrived(lines, 2)
        seen = [lines.ahead(), lines.ahead()]
        lines.drop()
        seen += [lines.ahead(), await lines.next(), lines.ahead(), await lines.next()]
        return [None if one is None else one.text for one in seen]

    assert asyncio.run(looked()) == ["back", "back", "quit", "quit", None, None]


def test_where_there_is_no_stdin_there_are_no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert read_all(Lines.of_stdin()) == []


def test_a_source_that_fails_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    number, end = os.pipe()
    os.close(end)
    with os.fdopen(number, "r") as gone:
        monkeypatch.setattr("sys.stdin", gone)
        lines = Lines.of_stdin()
    assert read_all(lines) == []


def test_an_event_loop_that_is_gone_ends_the_reading() -> None:
    async def never() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    loop = asyncio.run(never())
    lines = Lines(chunks(b"one\ntwo\n"), live=False)
    lines._pump(loop)
    assert not lines._waiting
