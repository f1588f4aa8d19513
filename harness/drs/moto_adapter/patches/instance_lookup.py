"""An instance is found without a copy of all reservations.

moto copies them for every look-up, of which a launch makes several, so that
a launch takes the longer the more instances there are.
"""

from moto.ec2.exceptions import InvalidInstanceIdError
from moto.ec2.models.instances import Instance, InstanceBackend

_NAME = "get_instance"
_original = InstanceBackend.get_instance


def apply() -> None:
    """Make moto look where the instances are."""
    setattr(InstanceBackend, _NAME, _get_instance)


def remove() -> None:
    """Give moto its own behaviour back."""
    setattr(InstanceBackend, _NAME, _original)


def _get_instance(backend: InstanceBackend, instance_id: str) -> Instance:
    # Another thread may launch meanwhile.
    for reservation in tuple(backend.reservations.values()):
        for instance in reservation.instances:
            if instance.id == instance_id:
                return instance
    raise InvalidInstanceIdError(instance_id)
