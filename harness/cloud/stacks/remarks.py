"""What becomes of a resource that moto's stacks do not carry in full."""

from dataclasses import dataclass

from harness.cloud.stacks.carriers import CLASSES
from harness.cloud.stacks.places import Properties
from harness.cloud.stacks.supplements import SUPPLEMENTS

COMPLETED = "Completed by the local cloud"
LEFT_OUT = "Without effect in the local cloud"


@dataclass(frozen=True)
class Share:
    """Which part of a resource is not moto's work.

    Attributes:
        carried: Whether the local cloud carries the whole resource.
        completed: Properties that the local cloud gives to it.
        left_out: Properties that have no effect.
    """

    carried: bool = False
    completed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def share(kind: str, properties: Properties) -> Share:
    """Tell which part of a resource is not moto's work.

    Args:
        kind: Resource type.
        properties: Those it is given.
    """
    if kind in CLASSES:
        return Share(carried=True)
    supplement = SUPPLEMENTS.get(kind)
    if supplement is None:
        return Share()
    given = set(properties)
    return Share(
        completed=tuple(sorted(given & supplement.applied)),
        left_out=tuple(sorted(given - supplement.made - supplement.applied)),
    )


def remark(kind: str, properties: Properties) -> str | None:
    """Say in a sentence what is not moto's work; None if all of it is."""
    found = share(kind, properties)
    if found.carried:
        return COMPLETED
    parts = [
        f"{what}: {', '.join(names)}"
        for what, names in (
            (COMPLETED, found.completed),
            (LEFT_OUT, found.left_out),
        )
        if names
    ]
    return ". ".join(parts) or None
