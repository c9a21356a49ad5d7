"""The text under negotiation as a treaty draft has it: what is disputed stands in brackets."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from games.naming import called
from games.point_words import tenths
from tui.replay import Agenda, Recording, agenda
from tui.replay.agenda import AgendaItem
from tui.text.brackets import some
from tui.text.labels import PartyLabel, option_label
from tui.widgets.record_panel import MovePanel

_ON_TABLE = "▸"
_NAMED = 3
"""Parties that are named beside what they ask for; the others are counted."""

_MOST_WORTHS = 6
"""Parties up to which it is told what a text is worth to each."""


class DraftPanel(MovePanel):
    """Shows the text at the current move."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording, "The text", "agenda")

    def lines(self, width: int) -> list[Content] | None:
        """Return the text as it stands then."""
        history = self.history
        if history is None or self.moves > len(history):
            return None
        found = agenda(history, self.moves)
        scenario = history.state(self.moves).scenario
        worths = None
        if self.see in scenario.parties:
            own = scenario.parties[str(self.see)].points
            worths = tuple(own[name] for name in scenario.issues)
        return draft_lines(found, self._labels, width, see=self.see, worths=worths)


Worths = tuple[dict[str, float], ...]
"""What each option of each issue is worth to one party, by the option's text."""


def draft_lines(
    found: Agenda,
    labels: tuple[PartyLabel, ...],
    width: int,
    *,
    see: str | None = None,
    worths: Worths | None = None,
) -> list[Content]:
    """Return the text as lines of a width.

    Args:
        found: The agenda.
        labels: How the parties are called.
        width: Columns.
        see: The only party whose utility of the text is told; None for all.
        worths: That party's points, told beside each reading.
    """
    lines = [*_standing(found, labels, width, see), Content("")]
    readings = [
        _reading(item, labels, None if worths is None else worths[position], found, position)
        for position, item in enumerate(found.items)
    ]
    left = width - max(told.cell_length for told in readings) - 2
    longest = max(_named(item).cell_length for item in found.items)
    name = min(longest, max(width // 3, left)) + 2
    for item, told in zip(found.items, readings, strict=True):
        # A label that is longer has what its own reading leaves over.
        room = max(name, min(_named(item).cell_length + 2, width - told.cell_length))
        first, *rest = told.wrap(max(width - room, 10))
        head = _named(item).truncate(room - 1, ellipsis=True).truncate(room, pad=True)
        lines.append(Content.assemble(head, first))
        lines += [line.pad_left(room) for line in rest]
    note = f"{_ON_TABLE} in the text   [ ] disputed, with who asks for it   ✓ asked by all"
    if worths is not None:
        note += "   =n your points"
    return [*lines, Content(""), *Content.styled(note, "$muted").wrap(width)]


def _standing(
    found: Agenda, labels: tuple[PartyLabel, ...], width: int, see: str | None
) -> Iterator[Content]:
    """Yield whose text stands, and what it is worth to whom may be told."""
    if found.offerer is None:
        empty = "There is no text yet." if found.is_hall else "Nothing is on the table yet."
        yield Content.styled(empty, "$muted")
        return
    whose = labels[found.offerer]
    lead = ("Agreed text", "bold $agreed") if found.agreed else ("On the table", "bold")
    if found.is_hall:
        lead = ("Adopted text", "bold $agreed") if found.agreed else ("The chair's text", "bold")
    name = whose.name if found.is_hall else called(whose.name)
    told = (f"{whose.glyph} {name}", f"bold {whose.style}")
    by = ": " if found.is_hall else ": the offer of "
    yield Content.assemble(lead, by, told).truncate(width, ellipsis=True)
    told = [
        Content.assemble(
            (label.signed_id, label.style),
            f" {tenths(value)} ",
            (f"({value - without:+.1f})", "" if value >= without else "$error bold"),
        )
        for label, value, without in zip(labels, found.utilities, found.reservations, strict=True)
        if see in (None, label.id)
    ]
    if len(told) > _MOST_WORTHS:
        enough = sum(
            value >= r for value, r in zip(found.utilities, found.reservations, strict=True)
        )
        yield Content.assemble(
            ("worth no agreement or more to ", "$muted"), f"{enough} of {len(labels)}"
        )
        return
    worth = Content.assemble(("worth ", "$muted"), Content("   ").join(told))
    yield from Content.assemble(worth, ("  (over no agreement)", "$muted")).wrap(width)


def _named(item: AgendaItem) -> Content:
    unit = f" {item.unit}" if item.unit else ""
    return Content.assemble(item.label, (unit, "$muted"))


def _reading(
    item: AgendaItem,
    labels: tuple[PartyLabel, ...],
    own: dict[str, float] | None,
    whole: Agenda,
    position: int,
) -> Content:
    """Return the readings of one issue, the text's first, each in brackets unless all agree."""
    asked = {ask for ask in item.asks if ask is not None}
    levels = sorted(asked | {item.on_table} - {None}, key=lambda one: (one != item.on_table, one))
    found = [level for level in levels if level is not None]
    if whole.agreed and item.on_table is not None:
        found = [item.on_table]
    if not found:
        return Content.styled("–", "$muted")
    aside = (" parked", "$warning") if position in whole.parked else ""
    if len(found) == 1:
        mark = f"{_ON_TABLE} " if found[0] == item.on_table else "  "
        agreed = whole.agreed or None not in item.asks
        sign = (" ✓", "bold $success") if agreed else ""
        return Content.assemble(
            (f"{mark}{option_label(item.options[found[0]])}", "bold"),
            _worth(item, found[0], own),
            sign,
            aside,
        )
    parts = [_bracketed(item, level, labels, own) for level in found]
    return Content.assemble(Content(" ").join(parts), aside)


def _bracketed(
    item: AgendaItem, level: int, labels: tuple[PartyLabel, ...], own: dict[str, float] | None
) -> Content:
    who = [label.id for label, ask in zip(labels, item.asks, strict=True) if ask == level]
    is_text = level == item.on_table
    mark = f"{_ON_TABLE} " if is_text else ""
    return Content.assemble(
        (f"{mark}[", "bold $warning"),
        (option_label(item.options[level]), "bold" if is_text else ""),
        _worth(item, level, own),
        (f" ({some(who, _NAMED)})" if who else "", "$muted"),
        ("]", "bold $warning"),
    )


def _worth(item: AgendaItem, level: int, own: dict[str, float] | None) -> tuple[str, str]:
    from games.outcomes import option_text

    if own is None:
        return "", ""
    value = own.get(option_text(item.options[level]))
    return ("", "") if value is None else (f" ={tenths(value)}", "$primary")
