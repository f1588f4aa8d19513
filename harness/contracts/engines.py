"""What each of the two engines finds wrong with a document."""

from collections.abc import Iterable

import jsonschema
import jsonschema_rs

Finding = tuple[str, str]


def reference_findings(
    validator: jsonschema.Draft202012Validator, document: object
) -> set[Finding]:
    """Return JSON pointer and keyword of everything jsonschema refuses."""
    return {
        (pointer(error.absolute_path), str(error.validator))
        for error in validator.iter_errors(document)
    }


def fast_findings(
    validator: jsonschema_rs.Draft202012Validator, document: object
) -> set[Finding]:
    """Return JSON pointer and keyword of everything jsonschema_rs refuses."""
    return {
        (pointer(error.instance_path), error.kind.name)
        for error in validator.iter_errors(document)
    }


def pointer(steps: Iterable[str | int]) -> str:
    """Write the way to a value as a JSON pointer (RFC 6901)."""
    escaped = (str(s).replace("~", "~0").replace("/", "~1") for s in steps)
    return "".join(f"/{step}" for step in escaped)
