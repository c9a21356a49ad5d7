"""How the site of the docs is built: `python -m sphinx -W -b html docs build/site`."""

import re

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

project = "Minilateral"
author = "The Minilateral developers"
html_title = "Minilateral"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["examples"]
myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]
nitpicky = True
smartquotes = False
html_theme = "furo"
html_static_path = ["style"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
linkcheck_ignore = [r"http://127\.0\.0\.1.*"]
linkcheck_timeout = 20


class Steps(Directive):
    """A drawing of steps told as a list, since drawn it would need a script from elsewhere."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return each step with those that may follow it."""
        followers: dict[str, list[str]] = {}
        for line in self.content:
            if arrow := re.match(r"\s*(\w+) -[.-]+> (\w+);", line):
                before, after = (name.strip("_") for name in arrow.groups())
                followers.setdefault(before, []).append(after)
        told = nodes.bullet_list()
        for before, after in followers.items():
            line = nodes.paragraph("", "", nodes.literal(text=before), nodes.Text(" → "))
            line += nodes.Text(", ".join(after))
            told += nodes.list_item("", line)
        return [told]


def setup(app: Sphinx) -> None:
    """Have drawings told."""
    app.add_directive("mermaid", Steps)
