"""A recorded session as a screen needs it, without any screen."""

from tui.replay.agenda import Agenda, agenda
from tui.replay.charts import Cloud, Curve, cloud, curves
from tui.replay.history import History
from tui.replay.offsets import Offsets
from tui.replay.reading import HistoryReader, read_history
from tui.replay.recording import Recording
from tui.replay.spoken_move import SpokenMove

__all__ = [
    "Agenda",
    "Cloud",
    "Curve",
    "History",
    "HistoryReader",
    "Offsets",
    "Recording",
    "SpokenMove",
    "agenda",
    "cloud",
    "curves",
    "read_history",
]
