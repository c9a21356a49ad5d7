"""The verb that says what is set, where it was set, and what is missing."""

from __future__ import annotations

import os
import platform
import re
from typing import TYPE_CHECKING, Annotated

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


MOST_LISTED = 12
"""Models of one server that are shown."""


def doctor(
    model: Annotated[str | None, typer.Option(help="Also say what this model would cost.")] = None,
) -> None:
    """Show settings and their origin, models and prices, what was learnt and what is missing."""
    from delegates.openings import program_version
    from delegates.settings import Flags, load_settings

    settings = load_settings(os.environ, Flags(model=model))
    say(f"minilateral {program_version()}, Python {platform.python_version()}")
    say("\nSettings")
    for name, value, origin in settings.origins():
        _say_of(name, f"{value} ({origin})")
    _say_cache(settings)
    _say_exposed(settings)
    _say_embedded(settings)
    _say_servers(settings)
    _say_learnt(settings)
    _say_default_seat(settings)


def _say_embedded(settings: Settings) -> None:
    """Say which embedded models could be started, and what they are fit for."""
    from delegates.models.local import label, why_unavailable
    from delegates.models.sizes import too_small
    from delegates.settings import EMBEDDED_MODELS
    from tui.text.wording import paragraph

    say("\nEmbedded models")
    for name in EMBEDDED_MODELS:
        problem = why_unavailable(name, settings)
        state = f"ready: {label(name, settings)}" if problem is None else f"missing: {problem}"
        fit = "words only" if too_small(name, "menu") else f"words; or menu:{name} decides"
        _say_of(name, f"{state} ({fit})")
    say(paragraph(SMALL_MODEL, "    "))


def _say_cache(settings: Settings) -> None:
    """Say what the cache of replies holds, or why it cannot be used."""
    from delegates.models.cache import CacheFacts, cache_facts, cache_path

    facts = cache_facts(cache_path(settings.home.value))
    if isinstance(facts, CacheFacts):
        kept = f"{facts.entries:,} repl{'y' if facts.entries == 1 else 'ies'}"
        _say_of("", f"{kept}, {facts.size_bytes / 1000:,.0f} kB in {facts.path}")
    elif facts is not None:
        _say_of("", facts)


def _say_exposed(settings: Settings) -> None:
    """Say which keys others can get at."""
    from delegates.exposure import exposures

    for line in exposures(settings):
        say(_hung(f"warning: {line}"))


def _say_of(name: str, text: str) -> None:
    """Say something of a setting, model or server, in the column beside its name."""
    say(_hung(text, f"  {name:<14} ", " " * 17))


def _hung(text: str, first: str = "  ", rest: str = "    ") -> str:
    """Return a text wrapped to the width, nothing cut that is one word: it may be copied."""
    from tui.text.columns import lines_of
    from tui.text.wording import WIDTH

    return "\n".join(lines_of(text, WIDTH, first=first, rest=rest, breaks_words=False))


def _say_servers(settings: Settings) -> None:
    """Say which servers of this machine answer, and which seats they could serve."""
    from delegates.models.served import listens

    say("\nServers on this machine")
    for name, url in LOCAL_SERVERS.items():
        if not listens(url):
            say(f"  {name:<14} does not answer at {url}")
            continue
        say(f"  {name:<14} answers at {url}")
        _say_offered(settings, name, url)


def _say_offered(settings: Settings, server: str, url: str) -> None:
    from delegates.models.served import models_at
    from delegates.models.sizes import too_small

    offered = models_at(url)
    named = [name for name, end in settings.endpoints.items() if end.base_url == url]
    called = named[0] if named else re.sub(r"\W+", "-", server.lower())
    for model in offered[:MOST_LISTED]:
        spec = f"{model}@{called}"
        # It may still word what code decides.
        say(f"    {'firm+llm' if too_small(spec) else 'llm'}:{spec}")
    if len(offered) > MOST_LISTED:
        say(f"    and {len(offered) - MOST_LISTED} more")
    if offered and not named:
        say(f"    once {settings.config_file} says")
        say(f'    [endpoints.{called}]\n    base_url = "{url}"')


def _say_learnt(settings: Settings) -> None:
    """Say how models want to be asked, as real turns have taught."""
    from delegates.models.remembered import FILE_NAME, KEPT_DAYS, Dialects

    home = settings.home.value
    learnt = Dialects(home / FILE_NAME).proven()
    say(f"\nLearnt of models (for {KEPT_DAYS} days, in {home / FILE_NAME})")
    if not learnt:
        say("  nothing yet: each is asked in full, and what it refuses is learnt as you play")
    for at, one in learnt.items():
        told = "; ".join(one.dialect.told())
        say(_hung(f"{at.model} at {at.host}: {told} (since {one.since})"))


def _say_default_seat(settings: Settings) -> None:
    from delegates.models.sizes import too_small
    from delegates.seating import default_seat
    from delegates.seats import parse_seat
    from delegates.settings import EMBEDDED_MODELS

    say("\nDefault seat")
    try:
        spec, why = default_seat(settings)
        say(_hung(f"{spec} ({why})"))
        seat = parse_seat(spec)
        warning = too_small(str(seat.model), seat.mind) if seat.model else None
        if warning:
            say(_hung(f"warning: {warning}"))
    except SeatError as error:
        say(_hung(f"missing: {error}"))
    if settings.asks_for_model and settings.model.value not in EMBEDDED_MODELS:
        say(_hung(_price_line(settings, settings.model.value or "")))


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
