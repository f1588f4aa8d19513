"""The names under which an answer's value may be found are listed once.

moto looks every member of an answer up under up to a dozen names, and
works them out again for each value: a twentieth of a local recovery.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.core.serialize import AttributePicker, XFormedAttributePicker

from harness.cloud.moto_patches.replacement import replaced

# Kept from one local cloud to the next: names follow from models, which
# moto keeps as well, and from classes.
_names: dict[object, tuple[str, ...]] = {}


@contextmanager
def patch() -> Iterator[None]:
    """Let moto remember the names that it has worked out."""
    with ExitStack() as stack:
        for picker in (AttributePicker, XFormedAttributePicker):
            remembering = _remembering(picker)
            stack.enter_context(
                replaced(picker, "get_possible_keys", remembering)
            )
        yield


def _remembering(
    picker: type[AttributePicker],
) -> Callable[[AttributePicker, Any], tuple[str, ...]]:
    listed = picker.get_possible_keys

    def names(self: AttributePicker, context: Any) -> tuple[str, ...]:
        key = (
            picker,
            tuple(self.alias_providers),
            type(context.obj),
            context.shape,
            getattr(context.shape, "parent", None),
            context.key,
        )
        if key not in _names:
            _names[key] = tuple(listed(self, context))
        return _names[key]

    return names
