"""The tables of docs/reference/exports.md, as the code would write them."""

from transcripts.exports import TABLES, Table


def schema_table(table: Table) -> str:
    lines = ["| column | type | unit | meaning |", "|---|---|---|---|"]
    lines += [
        f"| `{column.name}` | {column.kind} | {column.unit} | {column.meaning} |"
        for column in TABLES[table]
    ]
    return "\n".join(lines)
