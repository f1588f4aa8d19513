"""The operations that a service class answers are found out once.

moto reads through all attributes of the class for each request, which takes
longer than many a request itself: EC2's class has more than a thousand.
"""

from functools import cache

from moto.core import responses
from moto.core.utils import method_names_from_class

_NAME = "method_names_from_class"
# Service classes live as long as the process does, and so may their names.
_remembered = cache(method_names_from_class)


def apply() -> None:
    """Make moto remember them."""
    setattr(responses, _NAME, _remembered)


def remove() -> None:
    """Give moto its own behaviour back."""
    setattr(responses, _NAME, method_names_from_class)
