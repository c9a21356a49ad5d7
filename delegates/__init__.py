"""Who negotiates, and how they are brought together."""

from delegates.connections import Caps
from delegates.negotiate import negotiate, negotiate_async, resume, resume_async

__all__ = ["Caps", "negotiate", "negotiate_async", "resume", "resume_async"]
