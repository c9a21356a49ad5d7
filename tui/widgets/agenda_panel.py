"""The agenda: each issue, the option on the table, what each side asks for, and the gap between."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from games.naming import called
from games.point_words import tenths
from tui.replay import Agenda, Recording, agenda
from tui.replay.agenda import AgendaItem
from tui.text.brackets import some
from tui.text.labels import PartyLabel, option_label
from tui.widgets.record_panel import READING, MovePanel

MOST_COLUMNS = 3
"""Parties up to which each has a column of its own."""

MOST_WORTHS = 6
"""Parties up to which it is told what a text is worth to each."""

_LONGEST_TRACK = 10
_ON_TABLE = "▸"


class AgendaPanel(MovePanel):
    """Shows the agenda at the current move."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording, "Agenda and current text", "agenda")

    def lines(self, width: int) -> Sequence[Content] | None:
        """Return the agenda as it stands then."""
        history = self.history
        if history is None:
            return None
        if self.moves > len(history):
            return READING
        found = agenda(history, self.moves, self.see)
        return agenda_lines(found, self._labels, found.reservations, width)


def agenda_lines(
    found: Agenda, labels: tuple[PartyLabel, ...], reservations: tuple[float, ...], width: int
) -> list[Content]:
    """Return the agenda as lines of a width."""
    table = _columns if len(labels) <= MOST_COLUMNS else _distinct
    if found.is_hall:
        table = _brackets
    lines = [*_standing(found, labels, reservations, width), *table(found, labels, width)]
    return [line.truncate(width, ellipsis=True) for line in lines]


def _standing(
    found: Agenda, labels: tuple[PartyLabel, ...], reservations: tuple[float, ...], width: int
) -> list[Content]:
    """Return whose offer is on the table and what it is worth to each."""
    if found.is_hall:
        return _text_stands(found, labels, reservations, width)
    if found.offerer is None:
        return [Content.styled("Nothing is on the table yet.", "$muted"), Content("")]
    offerer = labels[found.offerer]
    lead = ("Agreed text", "bold $agreed") if found.agreed else ("On the table", "bold")
    worth = _worths(found, labels, reservations)
    whose = (f"{offerer.glyph} {called(offerer.name)}", f"bold {offerer.style}")
    head = Content.assemble(lead, ": the offer of ", whose)
    value = Content.assemble(("worth ", "$muted"), Content("   ").join(worth))
    note = Content.styled("  (over its reservation value)", "$muted")
    if head.cell_length + value.cell_length + 3 <= width:
        lines = [Content.assemble(head, "   ", value)]
    else:
        lines = [head, *value.wrap(width)]
    if lines[-1].cell_length + note.cell_length <= width:
        lines[-1] = Content.assemble(lines[-1], note)
    return [*lines, Content("")]


def _worths(
    found: Agenda, labels: tuple[PartyLabel, ...], reservations: tuple[float, ...]
) -> list[Content]:
    """Return what the text is worth to each whose points are told."""
    seen = [labels[party] for party in found.seen]
    return [
        Content.assemble(
            (label.signed_id, label.style),
            f" {tenths(value)} ",
            (f"({value - reservation:+.1f})", "" if value >= reservation else "$error bold"),
        )
        for label, value, reservation in zip(seen, found.utilities, reservations, strict=True)
    ]


def _text_stands(
    found: Agenda, labels: tuple[PartyLabel, ...], reservations: tuple[float, ...], width: int
) -> list[Content]:
    """Return whose pen the text of a hall is in, and what it is worth to each, or to how many."""
    if found.offerer is None:
        return [Content.styled("There is no text yet.", "$muted"), Content("")]
    chair = labels[found.offerer]
    lead = ("Adopted text", "bold $agreed") if found.agreed else ("The chair's text", "bold")
    head = Content.assemble(
        lead, (" (", "$muted"), (f"{chair.glyph} {chair.name}", chair.style), (")", "$muted")
    )
    worth = _worths(found, labels, reservations)
    if len(found.seen) <= MOST_WORTHS:
        told = Content.assemble(("worth ", "$muted"), Content("   ").join(worth))
        return [head, *told.wrap(width), Content("")]
    pairs = zip(labels, found.utilities, reservations, strict=True)
    less = [label.id for label, value, reservation in pairs if value < reservation]
    told = Content.assemble(
        ("worth no agreement or more to ", "$muted"),
        f"{len(labels) - len(less)} of {len(labels)}",
        (f"; less to {some(less, 4)}" if less else "", "$error"),
    )
    return [head, *told.wrap(width), Content("")]


def _brackets(found: Agenda, labels: tuple[PartyLabel, ...], width: int) -> list[Content]:
    """Return the text as treaty drafts have it: readings in brackets, with who asks for each."""
    name = min(max(len(_named(item).plain) for item in found.items), width // 3) + 2
    lines: list[Content] = []
    for position, item in enumerate(found.items):
        told = _reading(item, labels, parked=position in found.parked)
        wrapped = told.wrap(max(width - name, 10))
        head = _named(item).truncate(name - 1, ellipsis=True).truncate(name, pad=True)
        lines.append(Content.assemble(head, wrapped[0]))
        lines += [line.pad_left(name) for line in wrapped[1:]]
    note = f"{_ON_TABLE} the text's reading   [ ] not agreed, with who asks for it"
    return [*lines, Content(""), Content.styled(note, "$muted")]


def _reading(item: AgendaItem, labels: tuple[PartyLabel, ...], *, parked: bool) -> Content:
    """Return the readings of one issue, the text's first."""
    asked = {ask for ask in item.asks if ask is not None}
    levels = sorted(asked | {item.on_table} - {None}, key=lambda one: (one != item.on_table, one))
    parts: list[Content] = []
    for level in levels:
        if level is None:
            continue
        option = option_label(item.options[level])
        if level == item.on_table:
            parts.append(Content.styled(f"{_ON_TABLE}{option}", "bold"))
            continue
        who = [label.id for label, ask in zip(labels, item.asks, strict=True) if ask == level]
        parts.append(Content.assemble((option, "$warning"), (f": {some(who, 3)}", "$muted")))
    if len(parts) < 2:
        return parts[0] if parts else Content("–")
    told = Content.assemble("[", Content.styled(" | ", "$muted").join(parts), "]")
    return Content.assemble(told, (" parked", "$warning")) if parked else told


def _columns(found: Agenda, labels: tuple[PartyLabel, ...], width: int) -> list[Content]:
    """Return a table with a column for what each party asks."""
    track = 2 * min(max(len(item.options) for item in found.items), _LONGEST_TRACK) - 1
    track = track if width >= 60 else 0
    name = min(max(len(_named(item).plain) for item in found.items), width // 3) + 2
    each = max((width - name - track - 2) // len(labels), 8)
    heads = [
        Content.assemble(
            (f"{_ON_TABLE} " if found.offerer == party else "  ", "bold"),
            (f"{label.signed_id} asks", f"bold {label.style}"),
        )
        for party, label in enumerate(labels)
    ]
    gap = Content.styled("gap", "$muted") if track else Content("")
    lines = [_row(Content.styled("issue", "$muted"), heads, gap, name, each)]
    for item in found.items:
        asks = [_ask(item, party, found.offerer == party) for party in range(len(labels))]
        lines.append(_row(_named(item), asks, _track(item, labels, track), name, each))
    lines += [Content(""), Content.styled(f"{_ON_TABLE} the text on the table   ", "$muted")]
    if track:
        lines[-1] = Content.assemble(
            lines[-1],
            ("gap: how many options lie between the asks, ", "$muted"),
            ("✓", "$success"),
            (" none", "$muted"),
        ).truncate(width, ellipsis=True)
    return lines


def _row(name: Content, cells: list[Content], tail: Content, first: int, each: int) -> Content:
    return Content.assemble(
        name.truncate(first - 1, ellipsis=True).truncate(first, pad=True),
        *(cell.truncate(each - 1, ellipsis=True).truncate(each, pad=True) for cell in cells),
        tail,
    )


def _named(item: AgendaItem) -> Content:
    unit = f" {item.unit}" if item.unit else ""
    return Content.assemble(item.label, (unit, "$muted"))


def _ask(item: AgendaItem, party: int, on_table: bool) -> Content:
    level = item.asks[party]
    if level is None:
        return Content.styled("  –", "$muted")
    text = option_label(item.options[level])
    mark = _ON_TABLE if on_table else " "
    return Content.styled(f"{mark} {text}", "bold" if on_table else "")


def _track(item: AgendaItem, labels: tuple[PartyLabel, ...], width: int) -> Content:
    """Return the options as a rail on which each party's ask is marked."""
    if not width:
        return Content("")
    cells = min(2 * len(item.options) - 1, width)
    places = [_place(ask, len(item.options), cells) for ask in item.asks]
    asked = [place for place in places if place is not None]
    rail = [("─", "$faint")] * cells
    if asked:
        for cell in range(min(asked), max(asked) + 1):
            rail[cell] = ("━", "$warning")
    for label, place in zip(labels, places, strict=True):
        if place is not None:
            rail[place] = (label.glyph, f"bold {label.style}")
    if len(asked) > 1 and len(set(asked)) == 1 and item.gap == 0:
        rail[asked[0]] = ("✓", "bold $success")
    return Content.assemble(*rail)


def _place(level: int | None, options: int, cells: int) -> int | None:
    if level is None:
        return None
    return round(level * (cells - 1) / max(options - 1, 1))


def _distinct(found: Agenda, labels: tuple[PartyLabel, ...], width: int) -> list[Content]:
    """Return a table of the options asked for and who asks for each: for many parties."""
    name = min(max(len(_named(item).plain) for item in found.items), width // 3) + 2
    lines: list[Content] = []
    for item in found.items:
        asks: list[Content] = []
        for level in sorted({ask for ask in item.asks if ask is not None}):
            who = " ".join(
                label.id for label, ask in zip(labels, item.asks, strict=True) if ask == level
            )
            mark = _ON_TABLE if level == item.on_table else ""
            style = "bold" if mark else ""
            asks.append(
                Content.assemble(
                    (f"{mark}{option_label(item.options[level])} ", style), (who, "$muted")
                )
            )
        told = Content.styled(" · ", "$muted").join(asks) if asks else Content("–")
        wrapped = told.wrap(max(width - name, 10))
        head = _named(item).truncate(name - 1, ellipsis=True).truncate(name, pad=True)
        lines.append(Content.assemble(head, wrapped[0]))
        lines += [line.pad_left(name) for line in wrapped[1:]]
    return [*lines, Content(""), Content.styled(f"{_ON_TABLE} the text on the table", "$muted")]
