"""Who negotiates, and how they are brought together."""

from delegates.connections import Caps
from delegates.evaluation.evaluate import evaluate, evaluate_async
from delegates.negotiate import negotiate, negotiate_async, resume, resume_async
from delegates.outside.door import Door, Invitation

__all__ = [
    "Caps",
    "Door",
    "Invitation",
    "evaluate",
    "evaluate_async",
    "negotiate",
    "negotiate_async",
    "resume",
    "resume_async",
]
