"""An offer settled issue by issue, where a person names no terms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from delegates.contract import View
from games.outcomes import Option, option_text
from games.scenario import Issue
from tui.cli.table_commands import NotUnderstood, option_meant, standing_terms
from tui.cli.typed_lines import Typed
from tui.text.wording import paragraph, terms


class Stopped(NotUnderstood):
    """Raised when a person leaves an offer unfinished."""


async def settled(
    view: View,
    write: Callable[[str], None],
    typed: Callable[[str], Awaitable[Typed]],
    left: Callable[[], str],
) -> int:
    """Return the outcome that a person settles issue by issue.

    Args:
        view: Whose turn it is.
        write: Writes a line.
        typed: Returns what is typed behind a prompt.
        left: How much time is left, as a prompt tells it.

    Raises:
        Stopped: If the person would rather not.
    """
    before, whence = standing_terms(view)
    keep = f"Enter keeps what {whence} has, " if whence else ""
    write(paragraph(f"Issue by issue: type an option; {keep}stop stops."))
    chosen: dict[str, Option] = {}
    for name in view.public.issues:
        kept = None if before is None else before[name]
        if kept is not None and view.hall is not None and name not in view.hall.open_issues:
            chosen[name] = kept
            continue
        chosen[name] = await _option(view, name, kept, write, typed, left)
    outcome = view.public.space.index(chosen)
    write(paragraph(terms(view.public, chosen), "  "))
    return outcome


async def _option(
    view: View,
    name: str,
    before: Option | None,
    write: Callable[[str], None],
    typed: Callable[[str], Awaitable[Typed]],
    left: Callable[[], str],
) -> Option:
    issue, worth = view.public.issues[name], view.private.points[name]
    unit = f", {issue.unit}" if issue.unit else ""
    write(paragraph(f"{issue.label}{unit}", "  "))
    write(paragraph(" · ".join(f"{text}: {worth[text]:g}" for text in issue.texts), "    "))
    kept = "" if before is None else f" [{option_text(before)}]"
    while True:
        try:
            line = await typed(f"  {name}{kept}{left()}> ")
            option = None if line.text else before
            return _option_typed(name, issue, line.text) if option is None else option
        except Stopped:
            raise
        except NotUnderstood as problem:
            write(paragraph(str(problem), "    "))


def _option_typed(name: str, issue: Issue, text: str) -> Option:
    match text.casefold():
        case "stop":
            raise Stopped("Nothing was offered.")
        case "":
            raise NotUnderstood("Type an option, or stop.")
        case _:
            return option_meant(name, issue, text)
