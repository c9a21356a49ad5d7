"""What a target is, and what every reader's refusal has to be."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from games.errors import LONGEST_LINE, UserError, plain
from tests.fuzzing.confinement import confined

Change = Callable[[bytes, Random], bytes]
"""Changes an input as somebody would who knows its form."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A reader, and what is known of what it reads."""

    name: str
    reads: Callable[[bytes], object]
    """Takes bytes to the reader; raises only what is a defect."""
    seeds: Callable[[], Sequence[bytes]]
    """Inputs that it reads, or nearly."""
    change: Change
    words: Sequence[str] = ()
    """Words that mean something to it."""


@contextmanager
def refused(*kinds: type[Exception]) -> Iterator[None]:
    """Let pass a refusal of the kinds that a reader says it raises, if it is one clear line."""
    caught = kinds or (UserError,)
    try:
        yield
    except caught as error:
        require_line(str(error))


def require_line(text: str) -> None:
    """Check what a person is told: something, on one line, not too long."""
    told = plain(text)
    if not told.strip():
        raise AssertionError("a refusal that says nothing")
    if len(told) > LONGEST_LINE:
        raise AssertionError(f"a refusal of {len(told)} characters: {told[:200]}")


def require_shown(text: str) -> None:
    """Check what is shown as it is: one line that no terminal acts on."""
    require_line(text)
    if plain(text) != text:
        raise AssertionError(f"a terminal would act on {text[:200]!r}")


def require_same(one: object, other: object, what: str) -> None:
    """Check that what was read and written reads back the same."""
    if one != other:
        raise AssertionError(f"{what}: {one!r:.400} is not {other!r:.400}")


def tried(target: Target, read: bytes) -> None:
    """Give a reader one input.

    Raises:
        BaseException: Whatever the reader lets through, or does that it may not.
    """
    with confined(read):
        target.reads(read)
