"""The verb that says what is set, where it was set, and what is missing."""

from __future__ import annotations

import os
import platform
import socket
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from games.errors import SeatError, SettingError
from tui.cli.output import say

if TYPE_CHECKING:
    from delegates.settings import Settings

LOCAL_SERVERS = {
    "Ollama": "http://127.0.0.1:11434/v1",
    "LM Studio": "http://127.0.0.1:1234/v1",
    "llama.cpp": "http://127.0.0.1:8080/v1",
}
"""Servers that people often run, and where they listen by default."""

SMALL_MODEL = (
    "A tiny local model only phrases the delegates' statements; it does not negotiate. Models "
    "under 1B accepted good and bad offers equally often. Connect a larger model for model-made "
    "decisions."
)


def doctor(
    model: Annotated[str | None, typer.Option(help="Also say what this model would cost.")] = None,
) -> None:
    """Show settings and their origin, models and prices, and what is missing."""
    from delegates.models.local import available
    from delegates.negotiate import program_version
    from delegates.seats import default_seat
    from delegates.settings import EMBEDDED_MODELS, Flags, load_settings
    from tui.text.wording import paragraph

    settings = load_settings(os.environ, Flags(model=model))
    say(f"minilateral {program_version()}, Python {platform.python_version()}")
    say("\nSettings")
    for name, value, origin in settings.origins():
        say(f"  {name:<14} {value}  ({origin})")
    say("\nEmbedded models")
    for name in EMBEDDED_MODELS:
        found = available(name, settings)
        say(f"  {name:<14} {'ready' if found.ok else 'missing'}: {found.reason}")
    say(paragraph(SMALL_MODEL, "    "))
    say("\nServers on this machine")
    for name, url in LOCAL_SERVERS.items():
        say(f"  {name:<14} {'answers' if _listens(url) else 'does not answer'} at {url}")
    say("\nDefault seat")
    try:
        spec, why = default_seat(settings)
        say(f"  {spec}  ({why})")
    except SeatError as error:
        say(f"  missing: {error}")
    if settings.asks_for_model and settings.model.value not in EMBEDDED_MODELS:
        say(f"  {_price_line(settings, settings.model.value or '')}")


def _price_line(settings: Settings, model: str) -> str:
    from delegates.models.prices import find_price
    from delegates.seats import ModelName
    from delegates.settings import resolve_endpoint

    name = ModelName.parse(model)
    try:
        endpoint = resolve_endpoint(settings, name.model, name.endpoint)
    except SettingError as error:
        return f"missing: {error}"
    price = find_price(settings, name.model, endpoint)
    if price is None:
        return f"{name.model} at {endpoint.host}: price not known; give it in the config file"
    return (
        f"{name.model} at {endpoint.host}: {price.input:g} USD in, {price.output:g} USD out, "
        "per million tokens"
    )


def _listens(url: str) -> bool:
    """Return whether a server on this machine takes connections."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=0.3):
            return True
    except OSError:
        return False
