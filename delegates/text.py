"""Text from models and files is hostile until cleaned of escapes, controls, hidden characters."""

import re
import unicodedata

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\x9c|$)|\x9b[0-?]*[ -/]*[@-~]|\x1b.?",
    re.DOTALL,
)
_KEPT_CONTROLS = frozenset("\n\t")


def clean(text: str) -> str:
    """Return a text without terminal escapes, control characters and invisible formatting.

    Bidirectional overrides, zero-width characters, private-use and unassigned code points go too;
    line ends become plain.
    """
    plain = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        character
        for character in plain
        if character in _KEPT_CONTROLS or not unicodedata.category(character).startswith("C")
    ).strip()
