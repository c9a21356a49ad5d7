"""The fence around what is quoted, and what it would be without one of its parts."""

import json
import sys
from collections.abc import Callable

import pytest

from delegates.models import quotation
from delegates.models.quotation import heard
from delegates.text import clean

Fence = Callable[[str], str]


def raw(words: str) -> str:
    """No fence at all."""
    return words


def in_plain_marks(words: str) -> str:
    """Quotation marks around words, nothing escaped."""
    return f'"{heard(words)}"'


def with_line_ends(words: str) -> str:
    """A quotation that may run over several lines."""
    return _marked(json.dumps(heard(words)), "<[]").replace("\\n", "\n")


def with_bare_backslashes(words: str) -> str:
    """Quotation marks are escaped, backslashes not."""
    return _marked(json.dumps(heard(words)).replace("\\\\", "\\"), "<[]")


def beyond_ascii(words: str) -> str:
    """Characters beyond ASCII stand as they are."""
    return _marked(json.dumps(heard(words), ensure_ascii=False), "<[]")


def with_angle_brackets(words: str) -> str:
    """The sign `<` stands as it is."""
    return _marked(json.dumps(heard(words)), "[]")


def with_opening_brackets(words: str) -> str:
    """The sign `[` stands as it is."""
    return _marked(json.dumps(heard(words)), "<]")


def with_closing_brackets(words: str) -> str:
    """The sign `]` stands as it is."""
    return _marked(json.dumps(heard(words)), "<[")


def at_any_length(words: str) -> str:
    """Nothing is cut."""
    return _marked(json.dumps(clean(words)), "<[]")


MUTANTS: dict[Fence, str] = {
    in_plain_marks: "JSON: closed quotation",
    with_line_ends: "fake record: own acceptance",
    with_bare_backslashes: "JSON: escaped quote",
    beyond_ascii: "unicode: full-width quote",
    with_angle_brackets: "chat template: ChatML",
    with_opening_brackets: "chat template: MiniMax",
    with_closing_brackets: "chat template: MiniMax, half a token",
    at_any_length: "flooding: repeated order",
}
"""Each fence that lacks one part, and an attempt that it lets in."""


def _marked(span: str, signs: str) -> str:
    for sign in signs:
        span = span.replace(sign, f"\\u{ord(sign):04x}")
    return span


def put_up(monkeypatch: pytest.MonkeyPatch, fence: Fence) -> None:
    """Quote all words in prompts by a fence."""
    monkeypatch.setattr(quotation, "said", lambda words: f"Said: {fence(words)}")
    if fence in (raw, at_any_length):
        monkeypatch.setattr(quotation, "first_heard", lambda lengths, most=0: 0)


def clean_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let models' words into the record as they are."""
    for name, module in list(sys.modules.items()):
        if name.startswith("delegates.minds.") and getattr(module, "clean", None) is clean:
            monkeypatch.setattr(module, "clean", lambda text: text)
