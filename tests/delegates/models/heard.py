"""The attempts of a call, kept as they fail; whoever pays allows all of them."""

from dataclasses import dataclass, field

from delegates.models.chat import Ask, Retry


@dataclass
class Heard:
    """Keeps the attempts that are made again, and those that end a call."""

    retries: list[Retry] = field(default_factory=list[Retry])
    last: list[Retry] = field(default_factory=list[Retry])
    begun: list[Ask] = field(default_factory=list[Ask])

    async def begin(self, ask: Ask) -> None:
        """Let every attempt be made."""
        self.begun.append(ask)

    def failed(self, retry: Retry) -> None:
        (self.last if retry.wait_s is None else self.retries).append(retry)
