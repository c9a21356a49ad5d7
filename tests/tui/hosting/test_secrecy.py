"""Nothing a seat is sent tells another seat's secrets: canaries, in bytes and in pictures."""

import asyncio
import logging
import re
from pathlib import Path

import pytest

from delegates.listening import Partial
from games.preparation import Guess, Sheet
from tests.tui.halls import hall
from tests.tui.hosting.driving import (
    CANARIES,
    Browser,
    Clock,
    hosting,
    table_of,
    three,
)
from tests.tui.hosting.test_together import accepts, both, offers
from transcripts.events import Purpose

SHEETS = {"AAA": Sheet(target=37.625), "BBB": Sheet(guesses={"AAA": Guess(reservation=11.375)})}
FIGURES = {"AAA": ("37.625", "37.6"), "BBB": ("11.375", "11.4")}

_SEQUENCE = re.compile(rb"\x1b(\[[0-9;?<>=$]*[a-zA-Z@~`]|\][^\x07]*\x07|.)")


def sent(who: Browser) -> str:
    """Return every letter that a seat was ever sent, and every picture that it made."""
    plain = _SEQUENCE.sub(b"\n", bytes(who.bytes)).decode()
    run_together = _SEQUENCE.sub(b"", bytes(who.bytes)).decode()
    return "\n".join([bytes(who.bytes).decode(), plain, run_together, *who.pictures])


async def look_everywhere(who: Browser) -> None:
    """Open every panel and paper of the table."""
    for key, word in (("2", "text"), ("3", "tilities"), ("1", "onversation")):
        await who.type(key)
        await who.until(word)
    await who.type("b")
    await who.until("Esc")
    for key in ("2", "3", "4", "5", "1"):
        await who.type(key)
        await who.heeded()
    await who.type("\x1b")
    await who.until_gone("Esc closes")
    await who.type("?")
    await who.until("Esc closes")
    await who.type("\x1b")
    await who.until_gone("Esc closes")


def test_no_seat_is_sent_what_is_another_seats(tmp_path: Path) -> None:
    clock = Clock()
    seats = {"AAA": "human(hints=yes)", "BBB": "human", "CCC": "firm"}
    table = table_of(tmp_path, three(), seats, clock, SHEETS)
    shown: dict[str, str] = {}

    async def main() -> None:
        async with hosting(table, clock) as at:
            first, second = await both(at)
            await look_everywhere(first)
            await look_everywhere(second)
            await offers(first)
            await second.until("Your move")
            await accepts(second)
            for who in (first, second):
                await who.until("Agreement")
                await who.type("4")
                await who.until("Result")
                await who.type("v")
                await who.until("Review ·", "kept by whoever hosted")
                for key in ("2", "3", "4", "5"):
                    await who.type(key)
                    await who.heeded()
            shown.update({"AAA": sent(first), "BBB": sent(second)})

    asyncio.run(main())

    for seat, text in shown.items():
        assert CANARIES[seat][0] in text, f"{seat} was never shown its own brief"
        for other, words in CANARIES.items():
            if other != seat:
                assert [word for word in words if word in text] == []
                assert [one for one in FIGURES.get(other, ()) if one in text] == []


def test_words_in_a_room_reach_those_in_it_alone(tmp_path: Path) -> None:
    clock = Clock()
    table = table_of(
        tmp_path, hall(), {"ANN": "human", "BEA": "human", "CYR": "human", "DOR": "firm"}, clock
    )
    heard: dict[str, str] = {}

    async def main() -> None:
        async with hosting(table, clock) as at:
            who = {party: await at.join(party) for party in table.seats}
            await at.until(lambda: table.moves or any(s.is_asked for s in table.seats.values()))
            for one in who.values():
                await one.until("round 1")
            turn = table.moves
            said: list[tuple[str, tuple[str, ...] | None, Purpose]] = [
                ("Nutmeg is between two of us", ("ANN", "BEA"), "word"),
                ("Saffron is what I think", None, "decide"),
                ("Turmeric is for all to hear", None, "word"),
            ]
            for words, heard_by, purpose in said:
                table._listen(
                    Partial(turn=turn, party="DOR", purpose=purpose, text=words, heard_by=heard_by)
                )
            for one in who.values():
                await one.until("Turmeric")
            heard.update({party: sent(one) for party, one in who.items()})

    asyncio.run(main())

    for party, text in heard.items():
        assert "Turmeric" in text
        assert ("Nutmeg" in text) <= (party in ("ANN", "BEA"))
        assert "Saffron" not in text


def test_the_link_stands_in_no_transcript_log_or_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clock = Clock()
    table = table_of(tmp_path, three(), {"AAA": "human", "BBB": "human", "CCC": "firm"}, clock)
    tokens: list[str] = []

    async def main() -> None:
        async with hosting(table, clock) as at:
            await both(at)
            tokens.extend(seat.link.rstrip("/").rpartition("/")[2] for seat in table.seats.values())
            assert not any(token in str(at.happened) for token in tokens)
            # What cannot be parsed is told in full by whoever parses it.
            reader, writer = await asyncio.open_connection("127.0.0.1", at.server._place.port)
            writer.write(f"GET seat/{tokens[0]}/\xff HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            assert b" 400 " in await reader.readline()
            writer.close()

    asyncio.run(main())

    assert len(set(tokens)) == 2
    assert not any(token in caplog.text for token in tokens)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert not any(token.encode() in path.read_bytes() for token in tokens), path
