"""Write every page that comes from the code."""

from docs.from_code.pages import DOCS, PAGES

for place, write in PAGES.items():
    (DOCS / place).write_text(write(), encoding="utf-8")
