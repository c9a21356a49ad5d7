"""A forum: statements, breakouts, the chair's text, and each delegation signs it or does not.

Nothing is voted on: the chair opens the text for signature, binding or declaratory, and it enters
into force if enough weight is bound. The rules of the hall stand in `games.protocols.assembly`.
"""

from games.protocols.assembly import lapse, start, step

__all__ = ["lapse", "start", "step"]
