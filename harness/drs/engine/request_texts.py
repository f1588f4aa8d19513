"""Texts of errors about requests that the service model refuses."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RequestTexts:
    """Messages of ValidationException; none was seen.

    ``invalid`` joins the ``member`` of each field at fault, whose
    ``message`` is the text of the constraint it breaks.
    """

    unknown_operation: str = "No operation answers {method} {path}"
    not_json: str = "The body is not JSON: {error}"
    no_object: str = "The body is not a JSON object"
    invalid: str = "{count} validation error(s) detected: {members}"
    member: str = "Value at '{field}' failed to satisfy constraint: {message}"
    wrong_type: str = "Member must be a {kind}"
    missing: str = "Member must not be null"
    not_one: str = "Member must have exactly one of [{names}]"
    too_short: str = "Member must have a length of at least {limit}"
    too_long: str = "Member must have a length of at most {limit}"
    too_small: str = "Member must have a value of at least {limit}"
    too_large: str = "Member must have a value of at most {limit}"
    bad_pattern: str = "Member must satisfy regular expression: {pattern}"
    not_in_enum: str = "Member must be one of [{names}]"
