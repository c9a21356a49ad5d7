"""Who attends a session beside its delegates."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.leading.lead import Lead
from delegates.listening import Listener
from delegates.outside.door import Door
from delegates.persons.person import Person
from delegates.table import Watcher


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """Who attends a session beside its delegates; nobody, if nothing else is said."""

    watch: Watcher | None = None
    """Shown each event once it is kept."""
    person: Person | None = None
    """The front end through which persons at the table are asked."""
    listen: Listener | None = None
    """Shown the words of models as they come."""
    door: Door | None = None
    """Where outside agents are let in."""
    lead: Lead | None = None
    """Whoever leads the exercise from elsewhere."""
