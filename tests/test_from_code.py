"""Pages that the code writes say what the code says."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from delegates.settings import ENVIRONMENT, load_settings
from docs.from_code.keys import SCREENS
from docs.from_code.pages import DOCS, PAGES


@pytest.mark.parametrize("place", PAGES)
def test_a_page_is_what_the_code_would_write(place: str) -> None:
    kept = (DOCS / place).read_text(encoding="utf-8")

    assert kept == PAGES[place](), "stale: run python -m docs.from_code"


def test_every_variable_that_is_read_is_told(tmp_path: Path) -> None:
    class Asked(dict[str, str]):
        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
            asked.add(key)
            return {"MINILATERAL_HOME": str(tmp_path)}.get(key, default)

    asked: set[str] = set()
    environ: Mapping[str, str] = Asked()
    load_settings(environ)

    assert asked == set(ENVIRONMENT)


def test_every_screen_that_has_help_has_its_keys_on_the_page() -> None:
    sources = (DOCS.parent / "tui" / "screens").glob("*.py")
    helped = {one.stem for one in sources if "HelpScreen(" in one.read_text(encoding="utf-8")}

    assert len(helped - {"help"}) == len(SCREENS) - 2  # the replay lives in help; forms in table
