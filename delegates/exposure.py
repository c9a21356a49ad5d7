"""What of a user's settings others can get at: keys that they may read, on disk or on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_IRWXG, S_IRWXO, S_IWGRP, S_IWOTH

from delegates.settings import Settings, is_loopback

_OTHERS = S_IRWXG | S_IRWXO
_OTHERS_WRITE = S_IWGRP | S_IWOTH


def exposures(settings: Settings) -> tuple[str, ...]:
    """Return what others could read or change, each in a line with what mends it."""
    return (*_on_disk(settings), *_on_the_way(settings))


def _on_disk(settings: Settings) -> Iterator[str]:
    config, home = settings.config_file, settings.home.value
    holds_key = any(one.api_key and not one.api_key_env for one in settings.endpoints.values())
    if holds_key and _mode(config) & _OTHERS:
        yield f"{config} holds a key, and others on this machine may read it; chmod 600 {config}"
    if _mode(home) & _OTHERS_WRITE:
        yield f"{home}: others on this machine may write there; chmod go-w {home}"


def _on_the_way(settings: Settings) -> Iterator[str]:
    asked = [(settings.base_url.origin, settings.base_url.value, settings.api_key.value)]
    asked += [(one.origin, one.base_url, one.api_key) for one in settings.endpoints.values()]
    for origin, url, key in asked:
        if key is not None and url.startswith("http://") and not is_loopback(url):
            yield (
                f"{origin}: {url} is not encrypted: whoever can listen on the way reads the key "
                "and every brief; expected https://"
            )


def _mode(path: Path) -> int:
    # Other systems tell of no rights in this way.
    if os.name != "posix":
        return 0
    try:
        return path.stat().st_mode
    except OSError:
        return 0
