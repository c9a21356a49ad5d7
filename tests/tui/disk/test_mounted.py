"""Real file systems that are full or read-only; needs leave to mount them."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.disk.striking import Place, require_told
from tests.tui.disk.test_disk import NAMES, tell
from tests.tui.disk.verbs import Verb, verbs

SIZES = (*range(16), *range(16, 120, 8))
"""What is free on file systems, in pages of 4 KiB."""

MOUNT = ("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs")


def _called(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def mounted(folder: Path) -> Iterator[Callable[[str], None]]:
    """Give a file system in memory, and what changes its options."""
    folder.mkdir()
    if os.geteuid() != 0 or not _called(*MOUNT, str(folder)):
        pytest.skip("nothing can be mounted here")

    def remount(options: str) -> None:
        assert _called("mount", "-o", f"remount,{options}", str(folder))

    try:
        yield remount
    finally:
        assert _called("umount", "-l", str(folder))


def _require_refused(place: Place, verb: Verb, error: int, remount: Callable[[str], None]) -> bool:
    """Run a verb, and once it can be written again carry it on; return whether it was refused."""
    folder = place.folder(verb)
    remount({errno.ENOSPC: "rw", errno.EROFS: "ro"}[error])
    ended = place.ends(verb, folder)
    require_told(ended, folder, error)
    verb.kept(folder, ended.out, ended.err)
    remount("rw,size=64m")
    if ended.code:
        verb.tidy(folder)
        again = place.carried_on(verb, folder)
        assert again.code == 0, (ended, again)
    verb.check(folder)
    place.clear(folder)
    return ended.code == 1


@pytest.mark.campaign
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", NAMES)
def test_a_small_disk_is_full_sooner_or_later(
    place: Place, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb, refused, tried = verbs(place.given)[name], 0, 0
    for pages in SIZES:
        with mounted(tmp_path / f"{pages}") as remount:
            disk = replace(place, disk=tmp_path / f"{pages}", number=10_000 + pages)
            remount("size=64m")
            folder = disk.disk
            assert folder is not None
            verb.prepare(folder, place.given)
            used = sum(-(-one.stat().st_size // 4096) for one in folder.iterdir())
            for one in folder.iterdir():
                one.unlink()
            # A file system of no size at all would be one without a limit.
            (folder / "filler").write_bytes(b"x" * 4096)
            remount(f"size={4 * (1 + used + pages)}k")
            tried += 1
            refused += _require_refused(disk, verb, errno.ENOSPC, remount)
    tell(capsys, f"{name}: {refused} of {tried} disks were full before its end")
    assert refused > 0


@pytest.mark.campaign
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", NAMES)
def test_a_file_system_that_is_read_only_is_told(place: Place, name: str, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk") as remount:
        remount("size=64m")
        disk = replace(place, disk=tmp_path / "disk", number=20_000)
        assert _require_refused(disk, verbs(place.given)[name], errno.EROFS, remount)
