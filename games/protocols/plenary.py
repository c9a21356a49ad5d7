"""A plenary: a chair's single negotiating text, bracketed by those who differ, and a roll call.

The text is adopted by the protocol's agreement rule, or by a silence that nobody breaks. Where the
scenario speaks of participation it is then signed. The rules of the hall stand in
`games.protocols.assembly`.
"""

from games.protocols.assembly import lapse, start, step

__all__ = ["lapse", "start", "step"]
