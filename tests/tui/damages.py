"""Transcripts damaged as disks, editors and hands do it, and the first event that shows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random


@dataclass(frozen=True)
class Damage:
    """What became of a file, and how."""

    kind: str
    content: bytes


def first_damaged(sound: bytes, found: bytes) -> int | None:
    """Return the event that holds the first byte in which two files differ.

    It is counted in bytes and line breaks alone, without any of the program's own reading. None
    where nobody can tell: what is left are whole lines from the beginning on.
    """
    if sound.startswith(found) and (found.endswith(b"\n") or found == sound):
        return None
    pairs = enumerate(zip(sound, found, strict=False))
    place = next((at for at, (one, other) in pairs if one != other), min(len(sound), len(found)))
    return sound.count(b"\n", 0, place)


def damages(sound: bytes, chance: Random, count: int) -> Iterator[Damage]:
    """Yield so many damages of a transcript of at least four lines, kind after kind."""
    kinds: list[Callable[[bytes, Random], bytes]] = [
        _bit,
        _bytes,
        _nul_block,
        _nul_tail,
        _cut,
        _swapped,
        _doubled,
        _removed,
        _hole,
        _blank_line,
        _foreign_line,
        _converted,
    ]
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield Damage(kind.__name__.strip("_"), kind(sound, chance))


def write(damage: Damage, path: Path) -> Path:
    """Write a damaged file."""
    path.write_bytes(damage.content)
    return path


def _bit(sound: bytes, chance: Random) -> bytes:
    found = bytearray(sound)
    found[chance.randrange(len(sound))] ^= 1 << chance.randrange(8)
    return bytes(found)


def _bytes(sound: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(sound))
    return sound[:at] + chance.randbytes(chance.randint(1, 64)) + sound[at:]


def _nul_block(sound: bytes, chance: Random) -> bytes:
    # A block that was never written, as after a power loss.
    at = chance.randrange(len(sound))
    size = min(chance.choice((1, 512, 4096)), len(sound) - at)
    return sound[:at] + bytes(size) + sound[at + size :]


def _nul_tail(sound: bytes, chance: Random) -> bytes:
    at = chance.randrange(sound.index(b"\n") + 1, len(sound))
    return sound[:at] + bytes(len(sound) - at)


def _cut(sound: bytes, chance: Random) -> bytes:
    return sound[: chance.randrange(len(sound))]


def _swapped(sound: bytes, chance: Random) -> bytes:
    lines = sound.splitlines(keepends=True)
    at = chance.randrange(1, len(lines) - 1)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return b"".join(lines)


def _doubled(sound: bytes, chance: Random) -> bytes:
    lines = sound.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    return b"".join([*lines[: at + 1], *lines[at:]])


def _removed(sound: bytes, chance: Random) -> bytes:
    lines = sound.splitlines(keepends=True)
    at = chance.randrange(len(lines) - 1)
    return b"".join([*lines[:at], *lines[at + 1 :]])


def _hole(sound: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(sound) - 1)
    return sound[:at] + sound[at + chance.randint(1, min(2000, len(sound) - at - 1)) :]


def _blank_line(sound: bytes, chance: Random) -> bytes:
    lines = sound.splitlines(keepends=True)
    at = chance.randrange(1, len(lines))
    return b"".join([*lines[:at], b"\n", *lines[at:]])


def _foreign_line(sound: bytes, chance: Random) -> bytes:
    """Put in a line that is whole and sealed, but of another place: the header again."""
    lines = sound.splitlines(keepends=True)
    at = chance.randrange(1, len(lines))
    return b"".join([*lines[:at], lines[0], *lines[at:]])


def _converted(sound: bytes, chance: Random) -> bytes:
    # From some line on, as where two editors had it; from the first on, as where a tool did.
    lines = sound.splitlines(keepends=True)
    at = chance.choice((0, chance.randrange(len(lines))))
    return b"".join([*lines[:at], *(line[:-1] + b"\r\n" for line in lines[at:])])
