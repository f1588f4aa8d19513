"""Read YAML and remember on which line each value stands."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from harness.plans.problems import PlanFileError, Problem

_MERGE = "tag:yaml.org,2002:merge"
# Far more than any plan has; aliases of aliases multiply.
_MAX_VALUES = 100_000
# As long as 5,000 servers make it; PyYAML needs seconds for it.
_MAX_BYTES = 524_288
# PyYAML's time grows with the square of the depth.
_MAX_NESTING = 100
# Python writes no number of many thousand digits.
_MAX_BITS = 64
_NO_VALUE = (ValueError, LookupError, AttributeError, TypeError)
_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class PlanSource:
    """A file's content with the place of everything in it.

    Attributes:
        path: The file.
        document: Its content as plain mappings, lists and scalars.
        lines: Line, from 1, of each JSON pointer in the document.
        problems: What YAML allows and a plan file does not.
    """

    path: Path
    document: Any
    lines: dict[str, int]
    problems: list[Problem] = field(default_factory=list)

    def line(self, pointer: str) -> int:
        """Give the line of a value, or of what encloses it."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)

    def problem(self, pointer: str, message: str) -> Problem:
        """Describe something wrong with one value."""
        return Problem(self.line(pointer), pointer, message)


def read(path: Path) -> PlanSource:
    """Read a YAML file.

    Raises:
        PlanFileError: There is no such file, it cannot be read, it is not
            YAML, or it is empty.
    """
    try:
        return _parse(path, _text(path))
    except yaml.MarkedYAMLError as error:
        raise PlanFileError(path, [_not_yaml(error)]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise _unreadable(path, f"not YAML: {_first_line(error)}") from error
    except RecursionError as error:
        raise _unreadable(path, "not YAML: nested too deeply") from error


def step(pointer: str, key: object) -> str:
    """Extend a JSON pointer by one key or index (RFC 6901)."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            message = f"longer than {_MAX_BYTES} bytes; split the plan"
            raise _unreadable(path, message)
        # As text files are read: each end of line is one character.
        return io.TextIOWrapper(io.BytesIO(content), "utf-8-sig").read()
    except FileNotFoundError as error:
        raise _unreadable(path, "there is no such file") from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, "not YAML: not UTF-8 text") from error
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise _unreadable(path, f"cannot be read: {reason}") from error


def _unreadable(path: Path, message: str) -> PlanFileError:
    return PlanFileError(path, [Problem(0, "", message)])


def _parse(path: Path, text: str) -> PlanSource:
    loader = _Loader(text)
    node = loader.get_single_node()
    if node is None:
        raise _unreadable(path, "the file is empty; a plan file is a mapping")
    walk = _Walk()
    walk.visit(node, "", ())
    document = loader.construct_document(node)
    return PlanSource(path, document, walk.lines, walk.problems)


def _not_yaml(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    reasons = [part for part in (error.context, error.problem) if part]
    line = mark.line + 1 if mark else 0
    return Problem(line, "", f"not YAML: {', '.join(reasons)}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__


class _Loader(yaml.SafeLoader):
    """Reads plain values, and says where one is not what its tag claims.

    PyYAML leaves it at whatever Python raised: `!!bool x` is a KeyError.
    What is nested is refused before it takes time, not after.
    """

    def fetch_flow_collection_start(self, token: type[yaml.Token]) -> None:
        """Begin a collection in brackets."""
        self._refuse_nesting(self.flow_level)
        super().fetch_flow_collection_start(token)

    def add_indent(self, column: int) -> bool:
        """Begin a collection by indentation, if it is one."""
        self._refuse_nesting(len(self.indents))
        return bool(super().add_indent(column))

    def _refuse_nesting(self, levels: int) -> None:
        if levels >= _MAX_NESTING:
            raise yaml.scanner.ScannerError(
                None, None, "nested too deeply", self.get_mark()
            )

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Make the value of a node."""
        try:
            value = super().construct_object(node, deep)
        except _NO_VALUE as error:
            raise _not_of_its_kind(node) from error
        if isinstance(value, int) and value.bit_length() > _MAX_BITS:
            raise _not_of_its_kind(node)
        return value


def _not_of_its_kind(node: yaml.Node) -> yaml.MarkedYAMLError:
    kind = str(node.tag).rpartition(":")[2]
    return yaml.constructor.ConstructorError(
        None, None, f"no usable value of the kind {kind}", node.start_mark
    )


class _Walk:
    """A walk over YAML nodes that notes lines and refuses odd keys."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []
        self._visited = 0

    def visit(
        self, node: yaml.Node, pointer: str, above: tuple[yaml.Node, ...]
    ) -> None:
        if node in above:
            raise ValueError(f"{pointer} contains itself")
        self._visited += 1
        if self._visited > _MAX_VALUES:
            raise ValueError(
                f"more than {_MAX_VALUES} values; an alias counts as often "
                "as it is used"
            )
        self.lines.setdefault(pointer, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            self._visit_mapping(node, pointer, (*above, node))
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.visit(item, step(pointer, index), (*above, node))

    def _visit_mapping(
        self,
        node: yaml.MappingNode,
        pointer: str,
        above: tuple[yaml.Node, ...],
    ) -> None:
        for key, value in self._entries(node, pointer):
            inner = step(pointer, key.value)
            self.lines.setdefault(inner, key.start_mark.line + 1)
            self.visit(value, inner, above)
        for key, value in node.value:
            if key.tag == _MERGE:
                self.visit(value, pointer, above)

    def _entries(
        self, node: yaml.MappingNode, pointer: str
    ) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.tag == _MERGE:
                continue
            if not isinstance(key, yaml.ScalarNode) or key.tag != _TEXT:
                self._refuse(line, pointer, "a key must be text: quote it")
            elif key.value in seen:
                first = seen[key.value]
                message = (
                    f'"{key.value}" is given twice, first on line {first}'
                )
                self._refuse(line, step(pointer, key.value), message)
            else:
                seen[key.value] = line
                yield key, value

    def _refuse(self, line: int, pointer: str, message: str) -> None:
        self.problems.append(Problem(line, pointer, message))
