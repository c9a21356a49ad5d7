"""What a host draws, kept to drawing: a terminal does more than that when it is told to.

Sequences that set the clipboard or the title, that ask the terminal what it would then type, or
that change its settings come from no host of this version. Whatever it is not known to draw with is
left out.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder

LONGEST = 4096
"""Characters of a sequence that does not end after which it is forgotten."""

_ANY = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]?"
    r"|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]",
    re.DOTALL,
)
_DRAWS = re.compile(
    r"\x1b\[[0-9;:]*[mABCDGHJK]"
    r"|\x1b\[\?(?:25|1000|1003|1006|1015|1049|2004|2026)[hl]|\x1b\[\?2026\$p|\x07"
)
_OPENS = re.compile(r"\x1b[\]PX^_]")
_HALF = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[ -/]*)\Z")


class Picture:
    """Passes on what draws, piece by piece."""

    def __init__(self) -> None:
        """Begin with nothing drawn."""
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._begun = ""

    def drawn(self, sent: bytes) -> bytes:
        """Return of what was sent what draws; a sequence that has only begun waits for the rest."""
        text = self._begun + self._decode(sent)
        begun = _begun_at(text)
        text, self._begun = text[:begun], text[begun:]
        if len(self._begun) > LONGEST:
            self._begun = ""
        return _ANY.sub(lambda found: found[0] if _DRAWS.fullmatch(found[0]) else "", text).encode()


def _begun_at(text: str) -> int:
    """Return where a sequence begins that does not end in a text; its length where none does.

    What follows the last end of a string is looked at once, however often one begins before it.
    """
    end = max(text.rfind("\x07"), text.rfind("\x1b\\"))
    opens = _OPENS.search(text, end + 1)
    if opens is not None:
        return opens.start()
    last = text.rfind("\x1b")
    return last if last >= 0 and _HALF.match(text, last) else len(text)
