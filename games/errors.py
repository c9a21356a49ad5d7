"""What can go wrong, and who can mend it.

MinilateralError
├── UserError            the user can mend it: a file, a name, a number (exit 1)
│   ├── ScenarioError    a scenario file is not valid
│   ├── PlanError        a plan of an evaluation is not valid
│   ├── TranscriptError  a transcript is broken, missing or in use
│   │   ├── UnsoundEvent an event is not what was written, or cannot have happened there
│   │   └── NotKept      the disk does not take what happens; what it has stays, to be resumed
│   ├── SeatError        a seat, mind, voice or model named does not exist
│   └── SettingError     a setting in the environment or config file is not valid
├── DelegateError        a delegate broke the protocol: recorded, asked again, then replaced
│   ├── IllegalMove      the protocol does not allow this move now
│   └── UnusableReply    a model's reply holds no move or no words that can be used
├── ProviderError        a model endpoint failed for good (exit 3); the session can be resumed
├── CapReached           a cap on money, tokens or time was met (exit 4); likewise
└── Paused               a person left the table for now (exit 130); likewise

Anything else that is raised is a bug of ours and is left to crash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def plain(text: str) -> str:
    """Return a text as a message may quote it: on one line, free of what a terminal would act on
    or UTF-8 cannot hold."""
    known = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(char if char.isprintable() else " " for char in known)


def shown(text: str) -> str:
    """Return a text quoted from a file, short enough for an error's one line."""
    return plain(repr(text if len(text) <= 60 else f"{text[:60]}…"))


LONGEST_LINE = 2_000
"""Characters of the longest message that still is a line."""

_TAIL = 400
"""Characters at a message's end that are kept when it is cut: there stands what was expected."""


def shortened(text: str) -> str:
    """Return a message, its middle left out if what it quotes makes it too long to be read."""
    if len(text) <= LONGEST_LINE:
        return text
    return f"{text[: LONGEST_LINE - _TAIL - 1]}…{text[-_TAIL:]}"


class MinilateralError(Exception):
    """Any failure that Minilateral foresees."""

    def __reduce__(self) -> tuple[object, ...]:
        """Come to another process as it is: what it says need not be what it was made of."""
        return _as_it_was, (type(self), self.args), self.__dict__


def _as_it_was(kind: type[MinilateralError], args: tuple[object, ...]) -> MinilateralError:
    return kind.__new__(kind, *args)


class UserError(MinilateralError):
    """Raised when a value given by the user is at fault; the message says what, where, expected."""

    def __init__(self, line: str) -> None:
        """Keep the message, short enough for a line whatever it quotes."""
        super().__init__(shortened(line))


class ScenarioError(UserError):
    """Raised when a scenario file cannot be read or describes no game."""


class PlanError(UserError):
    """Raised when a plan of an evaluation cannot be read or played."""


class TranscriptError(UserError):
    """Raised when a transcript cannot be read, continued or written."""


class UnsoundEvent(TranscriptError):  # noqa: N818 - the field's word for what is at fault
    """Raised when an event is not what was written, or cannot have happened where it stands."""

    def __init__(self, event: int, problem: str, path: Path | None = None, way: str = "") -> None:
        """Keep which one it is and what is wrong, for who tells it in another way.

        Args:
            event: Its number.
            problem: What is wrong with it.
            path: The transcript, where it is known.
            way: How one goes on, as the end of a line.
        """
        where = "" if path is None else f"{path}: "
        super().__init__(f"{where}event {event}: {problem}{way}")
        self.event, self.problem = event, problem

    @property
    def told(self) -> str:
        """What is wrong with which event, the file not named."""
        return shortened(f"event {self.event}: {self.problem}")

    def of(self, path: Path, way: str = "") -> UnsoundEvent:
        """Return the same, told of a file.

        Args:
            path: The transcript.
            way: How one goes on, as the end of a line.
        """
        return UnsoundEvent(self.event, self.problem, path, way)


class NotKept(TranscriptError):  # noqa: N818 - nothing that is kept is at fault
    """Raised when the disk does not take what a session records; what it has can be carried on."""

    def __init__(self, problem: str) -> None:
        """Keep what is wrong, for who carries sessions on in another way than `resume`."""
        super().__init__(
            f"{problem}; what it holds is kept, and `resume` carries on once it can be written"
        )
        self.problem = problem


class SeatError(UserError):
    """Raised when a seat specification names what does not exist."""


class SettingError(UserError):
    """Raised when the environment or the config file holds a value that cannot be used."""


class DelegateError(MinilateralError):
    """Raised when a delegate, not its user, is at fault."""


class IllegalMove(DelegateError):  # noqa: N818 - the field's word; it is a kind of DelegateError
    """Raised by `step` when the protocol does not allow a move; the session is unchanged."""


class UnusableReply(DelegateError):  # noqa: N818 - likewise
    """Raised when a model's reply cannot be read as what it was asked for."""

    def __init__(self, line: str, fault: str = "unparsable") -> None:
        """Keep what is wrong in a word, by which faults are counted."""
        super().__init__(line)
        self.fault = fault


class ProviderError(MinilateralError):
    """Raised when an endpoint still fails after every retry, or can never succeed."""


class CapReached(MinilateralError):  # noqa: N818 - likewise
    """Raised before a call that could pass a cap on money or tokens, or when time is up."""


class Paused(MinilateralError):  # noqa: N818 - likewise
    """Raised when a person leaves the table for now; the session can be resumed."""
