"""The keys of a scenario file as a page of text."""

from __future__ import annotations

from collections.abc import Sequence

from games.scenario_files.schema_words import Key, Keys
from tui.text.wording import paragraph


def keys_text(found: Sequence[Keys]) -> str:
    """Return sections with their keys: name, what is expected, default, meaning."""
    return "\n\n".join("\n".join(_section(one)) for one in found)


def _section(one: Keys) -> list[str]:
    lines = [one.heading]
    if one.meaning:
        lines.append(paragraph(one.meaning, "  "))
    for key in one.keys:
        lines += _lines(key)
    return lines


def _lines(key: Key) -> list[str]:
    default = "must be given" if key.default is None else f"default: {key.default}"
    lines = [paragraph(f"{key.name}: {key.kind}; {default}", "    ")]
    return [*lines, paragraph(key.meaning, "        ")] if key.meaning else lines
