"""How the site of the docs is built: `python -m sphinx -W -b html docs build/site`."""

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

project = "Minilateral"
author = "The Minilateral developers"
html_title = "Minilateral"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["examples"]
myst_heading_anchors = 4
myst_linkify_fuzzy_links = False
nitpicky = True
html_theme = "furo"
html_static_path = ["style"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
linkcheck_timeout = 20


def setup(app: Sphinx) -> None:
    """Show a drawing's source as text: drawn it would need a script from elsewhere."""
    app.add_lexer("mermaid", TextLexer)
