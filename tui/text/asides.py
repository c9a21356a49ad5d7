"""What a seat's record of the talks holds beside moves: requests to its capital, and news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from delegates.contract import News, PublicMove, View
from delegates.text import clean
from games.option_words import settled_words
from tui.text.wording import hung

_FROM = {"instruction": "from your capital: ", "answer": "from your capital: ", "shock": ""}


def requests_made(view: View) -> dict[int, str]:
    """Return what the seat asked its capital for, by the turns that this cost it."""
    if view.mandate is None:
        return {}
    mandate, issues = view.mandate, view.public.issues
    return {
        turn: clean(settled_words(issues, {issue: option}))
        for turn, (issue, option, _) in zip(mandate.asked_in, mandate.asked, strict=True)
    }


def in_their_place(
    view: View, heard: Iterable[PublicMove]
) -> Iterator[tuple[PublicMove | None, News | None]]:
    """Yield moves in their order, each after what the seat had learned of by then."""
    news = list(view.news)
    for seen in heard:
        while news and news[0].turn <= seen.turn:
            yield None, news.pop(0)
        yield seen, None
    for one in news:
        yield None, one


def news_line(one: News) -> str:
    """Return what happened, as a line of the talks."""
    alone = " (not all have heard it)" if one.is_private and one.kind == "shock" else ""
    lead = f"Round {one.round + 1} ◆ {_FROM[one.kind]}"
    return hung(lead, f"{clean(one.words)}{alone}", "    ")
