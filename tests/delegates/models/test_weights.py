import errno
import hashlib
import os
from pathlib import Path

import pytest

from delegates.models.weights import (
    PACKAGED,
    STALE_S,
    Packaged,
    joined,
    missing,
    require_gguf,
)
from games.errors import SettingError

PIECES = [b"GGUF" + b"a" * 100, b"b" * 50, b"c" * 7]


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packaged:
    """A small model in three packages, whose code must never run."""
    name = f"weights_of_{tmp_path.name.rsplit('_', 1)[-1]}_part{{}}"
    for number, piece in enumerate(PIECES, start=1):
        folder = tmp_path / "site" / name.format(number)
        (folder / "data").mkdir(parents=True)
        (folder / "__init__.py").write_text("raise AssertionError('was run')")
        (folder / "data" / f"part{number:02d}.bin").write_bytes(piece)
    monkeypatch.syspath_prepend(tmp_path / "site")
    whole = b"".join(PIECES)
    return Packaged(
        label="Small",
        extra="local",
        module=name,
        parts=3,
        size=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
    )


def part(packaged: Packaged, tmp_path: Path, number: int) -> Path:
    folder = tmp_path / "site" / packaged.module.format(number)
    return folder / "data" / f"part{number:02d}.bin"


def test_the_parts_are_joined_in_order_into_the_cache(packaged: Packaged, tmp_path: Path) -> None:
    path = joined(packaged, tmp_path / "cache")
    assert path.read_bytes() == b"".join(PIECES)
    assert list((tmp_path / "cache").iterdir()) == [path]


def test_joined_weights_are_used_again_without_the_packages(
    packaged: Packaged, tmp_path: Path
) -> None:
    path = joined(packaged, tmp_path)
    written = path.stat().st_mtime_ns
    part(packaged, tmp_path, 2).unlink()
    assert missing(packaged, tmp_path) is None
    assert joined(packaged, tmp_path).stat().st_mtime_ns == written


def test_a_joined_file_of_the_wrong_size_is_joined_again(
    packaged: Packaged, tmp_path: Path
) -> None:
    path = joined(packaged, tmp_path)
    path.write_bytes(b"GGUF, cut short")
    assert joined(packaged, tmp_path).stat().st_size == packaged.size


def test_wrong_bytes_are_refused_and_leave_nothing(packaged: Packaged, tmp_path: Path) -> None:
    part(packaged, tmp_path, 2).write_bytes(b"x" * 50)
    with pytest.raises(SettingError, match=r"wrong SHA-256 .* reinstall"):
        joined(packaged, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_missing_part_names_the_extra_to_install(packaged: Packaged, tmp_path: Path) -> None:
    part(packaged, tmp_path, 3).unlink()
    with pytest.raises(SettingError, match=r"pip install 'minilateral\[local\]'"):
        joined(packaged, tmp_path / "cache")


def test_a_full_disk_gives_one_line_and_leaves_nothing(
    packaged: Packaged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SettingError, match=r"No space left on device.*--gguf"):
        joined(packaged, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_folder_that_cannot_be_made_gives_one_line(
    packaged: Packaged, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingError, match="cannot write"):
        joined(packaged, tmp_path / "file" / "cache")


def test_a_gguf_file_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.gguf", tmp_path / "bad.gguf"
    good.write_bytes(b"GGUF....")
    bad.write_bytes(b"PK")
    require_gguf(good)
    with pytest.raises(SettingError, match="is no GGUF file"):
        require_gguf(bad)
    with pytest.raises(SettingError, match="cannot be read"):
        require_gguf(tmp_path / "none.gguf")


def test_the_packaged_models_are_pinned() -> None:
    assert {name: (m.parts, m.size) for name, m in PACKAGED.items()} == {
        "local": (6, 491_400_064),
        "local-large": (22, 1_117_320_768),
    }


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("name", [".{}.0123abcd.new", "{}.k3_x9zq0.part"])
def test_what_a_process_left_that_died_while_it_joined_is_removed(
    packaged: Packaged, tmp_path: Path, name: str, is_whole: bool
) -> None:
    cache = tmp_path / "cache"
    path = joined(packaged, cache)
    if not is_whole:
        path.unlink()
    left, fresh = cache / name.format(path.name), cache / f".{path.name}.0123abce.new"
    for one in (left, fresh):
        one.write_bytes(PIECES[0])
    long_ago = left.stat().st_mtime - 2 * STALE_S
    os.utime(left, (long_ago, long_ago))

    joined(packaged, cache)

    assert sorted(cache.iterdir()) == sorted([path, fresh])
