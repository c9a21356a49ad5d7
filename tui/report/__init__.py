"""A report of a scenario that a trainer hands out, as Markdown or as one HTML file."""

from tui.report.editions import Edition
from tui.report.html import html_text
from tui.report.markdown import markdown_text
from tui.report.pages import report
from tui.report.review import review_report

__all__ = ["Edition", "html_text", "markdown_text", "report", "review_report"]
