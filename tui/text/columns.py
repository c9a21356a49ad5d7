"""Text laid out by the columns that its letters take: wide ones take two, accents none."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

_WORDS = re.compile(r"([ \t\n\r\f\v]*)([^ \t\n\r\f\v]+(?:(?<=[0-9]) (?=%)[^ \t\n\r\f\v]+)*)")
"""Blanks and the word after them; a no-break space, or one between number and %, is part of it."""


def width_of(text: str) -> int:
    """Return how many columns a line of text takes."""
    return cell_len(text)


def left(text: str, width: int) -> str:
    """Return a text with blanks behind it, up to a width."""
    return text + " " * (width - cell_len(text))


def right(text: str, width: int) -> str:
    """Return a text with blanks before it, up to a width."""
    return " " * (width - cell_len(text)) + text


def centred(text: str, width: int) -> str:
    """Return a text with blanks on both sides, up to a width."""
    space = max(width - cell_len(text), 0)
    return " " * (space // 2) + text + " " * (space - space // 2)


def cut(text: str, longest: int) -> str:
    """Return a text of at most so many columns, its end told by `…` where it is cut."""
    return text if cell_len(text) <= longest else f"{cut_to(text, longest - 1)}…"


def cut_to(text: str, room: int) -> str:
    """Return as much of a text's beginning as so many columns hold."""
    return next(iter(chop_cells(text, room)), "") if room > 0 else ""


def cut_inside(text: str, longest: int) -> str:
    """Return a text of at most so many columns, its middle told by `…` where it is left out."""
    if cell_len(text) <= longest:
        return text
    head, start = longest // 2, len(text)
    while start and cell_len(text[start - 1 :]) < longest - head:
        start -= 1
    return f"{cut_to(text, head)}…{text[start:]}"


def lines_of(
    text: str, width: int, *, first: str = "", rest: str = "", breaks_words: bool = True
) -> list[str]:
    """Return a text as lines of at most so many columns; no lines of a blank one.

    Words are kept whole where a line holds them, hyphens and all.

    Args:
        text: The text; its own line breaks are blanks.
        width: Columns.
        first: What the first line begins with.
        rest: What the others begin with.
        breaks_words: Whether a word that is longer than a line is broken, or goes beyond it.
    """
    lines: list[str] = []
    line, used, is_begun = first, cell_len(first), False
    room = width - cell_len(rest)
    for blanks, word in _WORDS.findall(text):
        gap, left_over = " " * len(blanks) if is_begun else "", word
        if is_begun and used + len(gap) + cell_len(word) <= width:
            line, used = f"{line}{gap}{word}", used + len(gap) + cell_len(word)
            continue
        if breaks_words and cell_len(word) > (room if is_begun else width - used):
            begun = cut_to(word, width - used - len(gap))
            line, left_over = f"{line}{gap}{begun}" if begun else line, word[len(begun) :]
            is_begun = is_begun or bool(begun)
            # A letter is shown even where a line has no room for one.
            pieces = chop_cells(left_over, max(room, 2))
        else:
            pieces = [left_over]
        for piece in pieces:
            if is_begun:
                lines.append(line)
                line = rest
            line, is_begun = f"{line}{piece}", True
        used = cell_len(line)
    return [*lines, line] if is_begun else lines
