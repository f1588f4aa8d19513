"""Errors that DRS answers with."""

from collections.abc import Sequence
from typing import Any


class DrsError(Exception):
    """An error answer: a code, a message and the members of its shape."""

    def __init__(self, code: str, message: str, **members: Any) -> None:
        """Describe the answer.

        Args:
            code: Name of the error shape in the service model.
            message: Text for the caller.
            members: Further members of the shape, by their wire names.
        """
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.members = members


class InvalidRequestError(DrsError):
    """The request breaks a constraint of the service model."""

    def __init__(
        self,
        reason: str,
        message: str,
        fields: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Describe a ValidationException.

        Args:
            reason: ``unknownOperation``, ``cannotParse``,
                ``fieldValidationFailed`` or ``other``.
            message: Text for the caller.
            fields: Name and message for each field at fault.
        """
        members: dict[str, Any] = {"reason": reason}
        if fields:
            members["fieldList"] = [
                {"name": name, "message": text} for name, text in fields
            ]
        super().__init__("ValidationException", message, **members)


class NotSimulatedError(DrsError):
    """The emulator does not know how DRS would answer this."""

    def __init__(self, what: str) -> None:
        """Say what is missing, so that nobody takes it for a success."""
        super().__init__(
            "NotImplemented", f"The DRS emulator does not simulate {what}"
        )
