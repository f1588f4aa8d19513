"""Say whether every text that fits some patterns fits another, too.

Patterns of the contracts are regular expressions in the narrow sense:
characters, classes, groups, branches and repeats, anchored or not. They are
read by Python's own parser, walked as automata side by side, and compared
character by character. Whatever else a pattern may hold is not compared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from re import _parser  # type: ignore[attr-defined]
from typing import Any

MAX_REPEAT = 200
MAX_STATES = 5_000
HIGHEST = 0x10FFFF

# Characters as ranges of code points, both ends included.
Ranges = tuple[tuple[int, int], ...]
ANYTHING: Ranges = ((0, HIGHEST),)
# A dot takes all but a line end.
DOT: Ranges = ((0, 9), (11, HIGHEST))


class NotComparedError(Exception):
    """A pattern holds what is not compared, or is too large."""


@dataclass
class Automaton:
    """A pattern as states with steps from one to another.

    Attributes:
        steps: By state: characters that lead on, and to where.
        free: By state: where it leads without a character.
        start: First state.
        end: Last state.
    """

    steps: list[list[tuple[Ranges, int]]] = field(default_factory=list)
    free: list[list[int]] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def state(self) -> int:
        """Add a state."""
        if len(self.steps) >= MAX_STATES:
            raise NotComparedError
        self.steps.append([])
        self.free.append([])
        return len(self.steps) - 1

    def reached(self, states: frozenset[int]) -> frozenset[int]:
        """Add all that is reached without a character."""
        found, todo = set(states), list(states)
        while todo:
            for state in self.free[todo.pop()]:
                if state not in found:
                    found.add(state)
                    todo.append(state)
        return frozenset(found)

    def after(self, states: frozenset[int], code: int) -> frozenset[int]:
        """Return where a character leads from any of some states."""
        return self.reached(
            frozenset(
                target
                for state in states
                for ranges, target in self.steps[state]
                if any(low <= code <= high for low, high in ranges)
            )
        )


def includes(pattern: str, *others: str) -> bool:
    """Say whether all that fits `others` is proved to fit `pattern`.

    Args:
        pattern: What shall be fitted.
        others: At least one; a text fits all of them.

    Returns:
        False also where they are not compared.
    """
    try:
        return _includes(_automaton(pattern), list(map(_automaton, others)))
    except (NotComparedError, re.error, RecursionError):
        return False


def _includes(large: Automaton, smalls: list[Automaton]) -> bool:
    automata = [large, *smalls]
    codes = sorted({code for each in automata for code in _edges(each)})
    first = tuple(each.reached(frozenset({each.start})) for each in automata)
    seen, todo = {first}, [first]
    while todo:
        states = todo.pop()
        fits = [e.end in s for e, s in zip(automata, states, strict=True)]
        if all(fits[1:]) and not fits[0]:
            return False
        for code in codes:
            after = tuple(
                each.after(state, code)
                for each, state in zip(automata, states, strict=True)
            )
            if all(after[1:]) and after not in seen:
                seen.add(after)
                todo.append(after)
        if len(seen) > MAX_STATES:
            raise NotComparedError
    return True


def _edges(automaton: Automaton) -> Iterator[int]:
    """Return one character for each stretch that is treated alike."""
    yield 0
    for steps in automaton.steps:
        for ranges, _ in steps:
            for low, high in ranges:
                yield low
                yield min(high + 1, HIGHEST)


def _automaton(pattern: str) -> Automaton:
    parsed = list(_parser.parse(pattern))
    if _parser.parse(pattern).state.flags & ~re.UNICODE:
        raise NotComparedError
    made = Automaton()
    made.start = made.state()
    at = made.start
    if parsed and _is_at(parsed[0], "AT_BEGINNING"):
        parsed = parsed[1:]
    else:
        made.steps[at].append((ANYTHING, at))
    is_open = not (parsed and _is_at(parsed[-1], "AT_END"))
    made.end = _sequence(made, parsed if is_open else parsed[:-1], at)
    if is_open:
        last = made.state()
        made.free[made.end].append(last)
        made.steps[last].append((ANYTHING, last))
        made.end = last
    return made


def _is_at(piece: Any, where: str) -> bool:
    return str(piece[0]) == "AT" and str(piece[1]) == where


def _sequence(made: Automaton, pieces: Any, at: int) -> int:
    for operation, argument in pieces:
        at = _piece(made, str(operation), argument, at)
    return at


def _piece(made: Automaton, operation: str, argument: Any, at: int) -> int:
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        return _repeat(made, argument, at)
    if operation == "BRANCH":
        end = made.state()
        for branch in argument[1]:
            made.free[_sequence(made, branch, at)].append(end)
        return end
    if operation == "SUBPATTERN":
        _, flags_on, flags_off, inner = argument
        if flags_on or flags_off:
            raise NotComparedError
        return _sequence(made, inner, at)
    end = made.state()
    made.steps[at].append((_characters(operation, argument), end))
    return end


def _repeat(made: Automaton, argument: Any, at: int) -> int:
    least, most, inner = argument
    is_endless = most == _parser.MAXREPEAT
    if least > MAX_REPEAT or (not is_endless and most > MAX_REPEAT):
        raise NotComparedError
    for _ in range(least):
        at = _sequence(made, inner, at)
    if is_endless:
        loop = made.state()
        made.free[at].append(loop)
        made.free[_sequence(made, inner, loop)].append(loop)
        return loop
    end = made.state()
    made.free[at].append(end)
    for _ in range(most - least):
        at = _sequence(made, inner, at)
        made.free[at].append(end)
    return end


def _characters(operation: str, argument: Any) -> Ranges:
    if operation == "LITERAL":
        return ((argument, argument),)
    if operation == "NOT_LITERAL":
        return _inverted([(argument, argument)])
    if operation == "ANY":
        return DOT
    if operation != "IN":
        raise NotComparedError
    ranges = []
    for member, value in argument:
        if str(member) == "LITERAL":
            ranges.append((value, value))
        elif str(member) == "RANGE":
            ranges.append(value)
        elif str(member) != "NEGATE":
            raise NotComparedError
    if str(argument[0][0]) == "NEGATE":
        return _inverted(ranges)
    return tuple(ranges)


def _inverted(ranges: list[tuple[int, int]]) -> Ranges:
    found, low = [], 0
    for first, last in sorted(ranges):
        if first > low:
            found.append((low, first - 1))
        low = max(low, last + 1)
    if low <= HIGHEST:
        found.append((low, HIGHEST))
    return tuple(found)
