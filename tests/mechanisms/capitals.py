"""What stands behind a delegate: its mandate, its parliament, its public, and words left open."""

from tests.mechanisms.mechanism import Mechanism

CAPITALS: dict[str, Mechanism] = {}
"""By the name that its row has."""
