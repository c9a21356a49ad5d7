"""What happened: the durable record of every session."""

from transcripts.branch import branch
from transcripts.record import SessionRecord
from transcripts.store import Transcript
from transcripts.verify import Verification, verify

__all__ = ["SessionRecord", "Transcript", "Verification", "branch", "verify"]
