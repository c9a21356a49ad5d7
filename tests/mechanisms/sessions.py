"""Sessions played for their results alone, with who sits there drawn by the seed."""

from delegates.endings import STRATEGIES, played, seated

__all__ = ["STRATEGIES", "played", "seated"]
