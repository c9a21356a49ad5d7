"""An evaluation as screens need it: what is planned, a batch under way, what was found."""

from tui.evaluating.batch import LiveBatch, Played
from tui.evaluating.foretelling import Foretold
from tui.evaluating.messages import BatchOver, BatchStopped, ProgressTold

__all__ = ["BatchOver", "BatchStopped", "Foretold", "LiveBatch", "Played", "ProgressTold"]
