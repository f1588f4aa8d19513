"""Clients share what botocore works out from the same models each time.

A Lambda makes clients at every cold start and for every role it assumes.
For each of them botocore makes a function for each of a service's hundreds
of operations, works out the shapes that it reads and writes, takes in the
service's endpoint rules, and names and checks the handlers of some hundred
events: a quarter of what a local recovery costs.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from inspect import CO_VARKEYWORDS
from typing import Any

from botocore import client, hooks, regions
from botocore.client import ClientCreator
from botocore.compat import accepts_kwargs
from botocore.endpoint_provider import EndpointProvider
from botocore.hooks import EventAliaser
from botocore.model import ServiceModel

from harness.cloud.moto_patches.replacement import replaced

# Kept from one local cloud to the next: they follow from files that do not
# change. What an id stands for is kept too, so that no other gets the id.
_models: dict[int, tuple[ServiceModel, object]] = {}
_methods: dict[ServiceModel, dict[str, Any]] = {}
_providers: dict[object, tuple[EndpointProvider, object, object]] = {}
_names: dict[str, str] = {}


@contextmanager
def patch() -> Iterator[None]:
    """Let clients that are made from now on share their parts."""
    with ExitStack() as stack:
        for owner, name, shared in (
            (client, "ServiceModel", _shared_model),
            (ClientCreator, "_create_methods", _shared_methods()),
            (regions, "EndpointProvider", _shared_provider),
            (EventAliaser, "__init__", _with_shared_names()),
            (hooks, "accepts_kwargs", _accepts_kwargs),
        ):
            stack.enter_context(replaced(owner, name, shared))
        yield


def _shared_model(description: Any, service_name: Any = None) -> ServiceModel:
    key = id(description)
    if key not in _models:
        _models[key] = ServiceModel(description, service_name), description
    return _models[key][0]


def _shared_methods() -> Callable[[ClientCreator, Any], dict[str, Any]]:
    untyped: Any = ClientCreator
    create = untyped._create_methods

    def methods(creator: ClientCreator, model: Any) -> dict[str, Any]:
        if model not in _methods:
            _methods[model] = create(creator, model)
        # botocore adds more to what it gets.
        return dict(_methods[model])

    return methods


def _shared_provider(
    ruleset_data: Any, partition_data: Any, excluded_params: Any = None
) -> EndpointProvider:
    excluded = frozenset(excluded_params or ())
    key = id(ruleset_data), id(partition_data), excluded
    if key not in _providers:
        made = EndpointProvider(ruleset_data, partition_data, excluded)
        _providers[key] = made, ruleset_data, partition_data
    return _providers[key][0]


def _with_shared_names() -> Callable[..., None]:
    init = EventAliaser.__init__

    def initialise(self: Any, emitter: Any, event_aliases: Any = None) -> None:
        init(self, emitter, event_aliases)
        if event_aliases in (None, hooks.EVENT_ALIASES):
            self._alias_name_cache = _names

    return initialise


def _accepts_kwargs(function: Any) -> Any:
    code = getattr(function, "__code__", None)
    if code is None:
        return accepts_kwargs(function)
    return code.co_flags & CO_VARKEYWORDS
