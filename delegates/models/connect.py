"""From a model's name to a client that can ask it."""

from functools import partial

from delegates.models.client import ModelClient, RetryPolicy
from delegates.models.local import embedded_model
from delegates.models.remembered import dialects_at
from delegates.settings import Endpoint, Settings, resolve_endpoint


def connect(
    settings: Settings,
    model: str,
    endpoint: str | None = None,
    *,
    policy: RetryPolicy | None = None,
) -> ModelClient:
    """Return a client for `model`, starting the embedded model (which blocks) if that is meant.

    Raises:
        SettingError: The endpoint, its key or the embedded model is missing or cannot be used.
    """
    found = resolve_endpoint(settings, model, endpoint)
    dialects = dialects_at(settings.home.value)
    dialects.reload()
    if not found.embedded:
        return ModelClient(found, model, policy=policy, dialects=dialects)
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
