"""Every mechanism: how it is switched off, what it should move, and which way."""

from tests.mechanisms.capitals import CAPITALS
from tests.mechanisms.halls import HALLS
from tests.mechanisms.mechanism import Change, Ends, Mechanism, Metric
from tests.mechanisms.years import YEARS

__all__ = ["MECHANISMS", "Change", "Ends", "Mechanism", "Metric"]

MECHANISMS: dict[str, Mechanism] = {**HALLS, **YEARS, **CAPITALS}
"""By the name that its row has."""
