"""From a model's name to a client that can ask it."""

from collections.abc import Callable
from functools import partial

from delegates.models.client import ModelClient, RetryPolicy
from delegates.models.local import embedded_model
from delegates.models.remembered import dialects_at
from delegates.models.wire import Carrier
from delegates.settings import Endpoint, Settings, resolve_endpoint

Carriers = Callable[[str, str | None], Carrier]
"""Returns what carries the requests to a model, at an endpoint of that name or the default one."""


def connect(
    settings: Settings,
    model: str,
    endpoint: str | None = None,
    *,
    policy: RetryPolicy | None = None,
    carriers: Carriers | None = None,
) -> ModelClient:
    """Return a client for `model`, starting the embedded model (which blocks) if that is meant.

    Requests to the embedded model are carried by nobody else.

    Raises:
        SettingError: The endpoint, its key or the embedded model is missing or cannot be used.
    """
    found = resolve_endpoint(settings, model, endpoint)
    dialects = dialects_at(settings.home.value)
    dialects.reload()
    if not found.embedded:
        carrier = None if carriers is None else carriers(model, endpoint)
        return ModelClient(found, model, policy=policy, dialects=dialects, carrier=carrier)
    running = embedded_model(model, settings)
    return ModelClient(
        running.endpoint(),
        model,
        policy=policy,
        label=running.label,
        relocate=partial(_found_anew, model, settings),
        dialects=dialects,
    )


def _found_anew(model: str, settings: Settings) -> Endpoint:
    return embedded_model(model, settings).endpoint()
