"""Sessions as tables for other tools: what the columns mean, their rows, and the files."""

from transcripts.exports.files import write_tables
from transcripts.exports.schema import TABLES, Table

__all__ = ["TABLES", "Table", "write_tables"]
