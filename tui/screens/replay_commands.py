"""Everything that a key of the replay does, in the command palette: for the mouse, and to find."""

from __future__ import annotations

from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.screens.replay_keys import REPLAY_KEYS


class ReplayCommands(Provider):
    """Offers what the keys do."""

    async def discover(self) -> Hits:
        """Yield everything."""
        for told, action in commands():
            yield DiscoveryHit(told, partial(self.screen.run_action, action))

    async def search(self, query: str) -> Hits:
        """Yield what fits what is typed."""
        matcher = self.matcher(query)
        for told, action in commands():
            score = matcher.match(told)
            if score > 0:
                run = partial(self.screen.run_action, action)
                yield Hit(score, matcher.highlight(told), run)


def commands() -> list[tuple[str, str]]:
    """Return what each key does, with the key, and the action; each action once."""
    found: dict[str, str] = {}
    for binding in REPLAY_KEYS:
        if isinstance(binding, Binding) and binding.action not in found:
            key = binding.key_display or binding.key.partition(",")[0].replace("_", " ")
            found[binding.action] = f"{binding.description.capitalize()} ({key})"
    return [(told, action) for action, told in found.items()]
