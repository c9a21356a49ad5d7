"""Whose a seat is that was given anew in a branch: yours only to who sits there."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from delegates.fork import fork
from delegates.negotiate import negotiate
from tests.delegates.sessions import mini, settings_at
from tests.tui.hosting.driving import Clock
from tests.tui.leading.driving import Led, Player, led
from tests.tui.table.driving import seated
from tui.hosting.table import HostedTable, Waiting, table_again

ONE, BOTH = {"USA": "human"}, {"USA": "human", "COD": "human"}
WIDE = (160, 36)


def branched(folder: Path, seats: Mapping[str, str]) -> HostedTable:
    """Return the table of a branch in which people took some seats."""
    settings = settings_at(home=folder)
    parent = folder / "parent.jsonl"
    rules: dict[str, str] = {"USA": "conceder", "COD": "conceder"}
    negotiate(mini(), rules, seed=3, transcript=parent, session="talks", settings=settings)
    child = fork(parent, at=1, seats=seats, out=folder / "branch.jsonl", settings=settings)
    return table_again(child.path, settings, 1, waiting=Waiting(away_s=120.0, timer=Clock().timer))


@pytest.mark.parametrize(("seats", "whose"), [(ONE, "USA"), (BOTH, "USA, COD")])
def test_whoever_leads_reads_whose_seat_was_given_anew(
    tmp_path: Path, seats: Mapping[str, str], whose: str
) -> None:
    """The only person's was "yours" to whoever led, who holds no seat."""
    table = branched(tmp_path, seats)

    async def act(at: Led) -> None:
        for party in seats:
            Player(table, party).come()
        await at.shows("branched off")
        assert f"branched off talks after move 1; seats given anew: {whose} " in at.seen()

    led([table], act, WIDE)


@pytest.mark.parametrize(("seats", "whose"), [(ONE, "yours"), (BOTH, "yours, COD")])
def test_whoever_sits_there_reads_that_it_is_theirs(
    tmp_path: Path, seats: Mapping[str, str], whose: str
) -> None:
    """Where several people sat, nobody's was told to be their own."""
    table = branched(tmp_path, seats)

    async def main() -> None:
        table.start()
        try:
            for party in [*seats][1:]:
                Player(table, party).come()
            async with seated(table.seats["USA"].sitting(), WIDE) as at:
                await at.until(lambda: "branched off" in at.seen())
                assert f"branched off talks after move 1; seats given anew: {whose} " in at.seen()
        finally:
            await asyncio.to_thread(table.close)

    asyncio.run(main())
