"""Negotiators of other libraries at our table, and our minds at theirs; each behind an extra."""
