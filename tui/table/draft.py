"""What a person has put into the forms of the table so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.table.acts import Given


@dataclass
class Draft:
    """What a person has put into forms so far; it outlives the form, so that nothing is lost."""

    levels: dict[str, int] = field(default_factory=dict[str, int])
    """Issue → position of its option, of the offer that is being composed."""
    terms: dict[str, dict[str, Given]] = field(default_factory=dict[str, dict[str, Given]])
    """Act → what was chosen of its terms."""
    words: str = ""
    """What is to be said with the next move."""
    sent: int | None = None
    """The turn in which a move was sent that may not be made yet."""
    made: int = 0
    """How many moves it has led to."""

    def forget(self) -> None:
        """Forget everything: the move it led to has been made."""
        self.levels, self.terms, self.words = {}, {}, ""
        self.made += 1
