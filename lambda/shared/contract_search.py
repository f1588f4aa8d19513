"""Find everything that is wrong with a document."""

from shared import contract_engines, contract_files, contract_violations
from shared.contract_documents import (
    MAX_NESTING,
    NotJsonError,
    is_evidently_writable,
    is_nested_endlessly,
    is_writable,
    plain,
    size,
)
from shared.contract_engines import Engine
from shared.contract_violations import Violation, violation

# A document with a million wrong values would keep an engine busy for long,
# and take more memory than a Lambda has.
MAX_SEARCHED_BYTES = 1_048_576
_NESTED = violation(
    (), "json", f"at most {MAX_NESTING} levels of nesting", "more"
)


def violations(
    action: str, direction: str, version: str, document: object
) -> list[Violation]:
    """List where a document breaks its contract, in the order of places.

    Args:
        action: Folder of the contract.
        direction: "request" or "response".
        version: By which version.
        document: What is judged.

    Returns:
        All violations, or the first one found and one of rule "size".
    """
    engine = contract_engines.chosen()
    schema = contract_files.name(action, direction, version)
    can_travel = is_evidently_writable(document)
    if not can_travel:
        if is_nested_endlessly(document):
            return [_NESTED]
        can_travel = is_writable(document)
    if can_travel and engine.is_valid(schema, document):
        return []
    try:
        return _search(engine, schema, plain(document))
    except NotJsonError as error:
        return [violation(error.steps, "json", error.expected, error.actual)]


def _search(engine: Engine, schema: str, document: object) -> list[Violation]:
    length = size(document)
    if length <= MAX_SEARCHED_BYTES:
        findings = engine.findings(schema, document)
        return contract_violations.of_findings(findings, document)
    first = engine.first_finding(schema, document)
    expected = f"at most {MAX_SEARCHED_BYTES} bytes to be searched for more"
    return [
        *contract_violations.of_findings(first, document),
        violation((), "size", expected, f"{length} bytes"),
    ]
