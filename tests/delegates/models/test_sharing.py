import subprocess
import sys
from pathlib import Path

import portalocker
import pytest

from delegates.models.sharing import Address, Lease, is_alive, join_or_start
from tests.support.openai_stub import OpenAIStub

OTHER = "http://127.0.0.1:9/v1"
OWNER = """
import sys, portalocker
lock = portalocker.Lock(sys.argv[1], mode="a", flags=portalocker.LOCK_EX | portalocker.LOCK_NB)
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


class Starts:
    def __init__(self, url: str = OTHER) -> None:
        self.url = url
        self.count = 0

    def __call__(self) -> tuple[Address, object]:
        self.count += 1
        return Address(base_url=self.url, token="t"), "server"


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def freed(lease: Lease) -> Lease:
    if lease.lock is not None:
        lease.lock.release()
    return lease


@pytest.fixture
def held(tmp_path: Path) -> portalocker.Lock:
    lock = portalocker.Lock(
        tmp_path / "m.lock", mode="a", flags=portalocker.LOCK_EX | portalocker.LOCK_NB
    )
    lock.acquire()
    return lock


def test_the_first_process_starts_a_server_and_leaves_its_address(tmp_path: Path) -> None:
    start = Starts()
    lease = freed(join_or_start(tmp_path, "m", start))
    assert lease.server == "server"
    note = tmp_path / "m.json"
    assert Address.model_validate_json(note.read_bytes()).base_url == OTHER
    assert note.stat().st_mode & 0o077 == 0


def test_where_nothing_can_be_locked_each_has_a_server_of_its_own_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise portalocker.LockException("not on this file system")

    monkeypatch.setattr(portalocker, "lock", refuse)
    start, clock = Starts(), Clock()

    lease = join_or_start(tmp_path, "m", start, clock=clock, sleep=clock.sleep)

    assert (lease.server, lease.lock, start.count, clock.time) == ("server", None, 1, 0.0)


def test_a_second_one_shares_a_server_that_is_alive(tmp_path: Path, held: portalocker.Lock) -> None:
    with OpenAIStub(lambda _: "x") as stub:
        (tmp_path / "m.json").write_text(Address(base_url=stub.url, token="t").model_dump_json())
        start = Starts()
        lease = join_or_start(tmp_path, "m", start)
    held.release()
    assert (lease.address.base_url, lease.server, start.count) == (stub.url, None, 0)


def test_it_waits_for_an_owner_that_is_still_loading(
    tmp_path: Path, held: portalocker.Lock
) -> None:
    with OpenAIStub(lambda _: "x") as stub:

        def sleep(_: float) -> None:
            written = Address(base_url=stub.url, token="t").model_dump_json()
            (tmp_path / "m.json").write_text(written)

        lease = join_or_start(tmp_path, "m", Starts(), sleep=sleep)
    held.release()
    assert lease.address.base_url == stub.url


def test_it_takes_over_when_the_owner_ends(tmp_path: Path, held: portalocker.Lock) -> None:
    lease = freed(join_or_start(tmp_path, "m", Starts(), sleep=lambda _: held.release()))
    assert lease.server == "server"


def test_an_owner_that_never_gets_ready_is_not_waited_for_for_ever(
    tmp_path: Path, held: portalocker.Lock
) -> None:
    (tmp_path / "m.json").write_text("not an address")
    clock = Clock()
    lease = join_or_start(tmp_path, "m", Starts(), patience_s=5, clock=clock, sleep=clock.sleep)
    held.release()
    assert (lease.server, lease.lock) == ("server", None)
    assert 5 <= clock.time < 6


def test_a_failed_start_frees_the_lock(tmp_path: Path) -> None:
    def broken() -> tuple[Address, object]:
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError):
        join_or_start(tmp_path, "m", broken)
    freed(join_or_start(tmp_path, "m", Starts()))


def test_the_lock_of_a_process_that_died_is_free(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "m.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        owner.kill()
    assert freed(join_or_start(tmp_path, "m", Starts())).server == "server"


def test_nobody_listening_is_not_alive() -> None:
    assert not is_alive(Address(base_url=OTHER, token="t"))
