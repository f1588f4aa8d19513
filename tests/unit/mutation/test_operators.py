"""Every kind of change is found, where it is and nowhere else."""

import textwrap

import pytest

from tests.mutation import finding
from tests.mutation.mutations import Mutation


def found(source: str) -> list[Mutation]:
    return finding.mutations("shared/x.py", textwrap.dedent(source))


def changes(source: str) -> list[tuple[str, str]]:
    return [(each.operator, each.change) for each in found(source)]


@pytest.mark.parametrize(
    ("source", "operator", "change"),
    [
        ("a == b", "comparison", "a == b -> (a != b)"),
        ("a < b", "comparison", "a < b -> (a <= b)"),
        ("a in b", "comparison", "a in b -> (a not in b)"),
        ("a and b", "boolean", "a and b -> (a or b)"),
        ("a or b", "operand dropped", "a or b -> (a)"),
        ("a or b", "operand dropped", "a or b -> (b)"),
        ("not a", "not removed", "not a -> (a)"),
        ("a + b", "arithmetic", "a + b -> (a - b)"),
        ("x = True", "constant", "True -> False"),
        ("x = 30", "constant", "30 -> 31"),
        ("x = 'a'", "constant", "'a' -> 'XXa'"),
        ("x = None", "constant", "None -> ''"),
        ("f(a, b=c)", "keyword removed", "f(a, b=c) -> (f(a))"),
        ("x = {a: b, **c}", "entry removed", "{a: b, **c} -> ({a: b})"),
        ("x = [*a, b]", "element removed", "[*a, b] -> ([b])"),
        ("f(a)", "call removed", "f(a) -> pass"),
        ("a[b] = c", "assignment removed", "a[b] = c -> pass"),
        ("a += b", "adds nothing", "a += b -> a = b"),
        ("a += b", "arithmetic", "a += b -> a -= b"),
        ("raise A", "raise removed", "raise A -> pass"),
        ("x = a if b else c", "choice dropped", "a if b else c -> (a)"),
        ("for a in b: pass", "loop over nothing", "b -> ()"),
        ("if a: pass", "condition always true", "a -> True"),
        ("if a: pass", "condition never true", "a -> False"),
        ("x = [a for a in b if a]", "condition always true", "a -> True"),
    ],
)
def test_change_is_found(source: str, operator: str, change: str) -> None:
    assert (operator, change) in changes(source)


def test_except_clause_is_widened_and_narrowed() -> None:
    source = "try: pass\nexcept (A, B): pass"

    assert set(changes(source)) == {
        ("except widened", "(A, B) -> Exception"),
        ("except catches nothing", "(A, B) -> ()"),
        ("except narrowed", "(A, B) -> ((B,))"),
        ("except narrowed", "(A, B) -> ((A,))"),
    }


def test_answer_is_swapped() -> None:
    source = """
        def f(a):
            return a
    """

    assert changes(source) == [("return swapped", "return a -> return None")]


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""',
        "import a",
        'x = f"text {a}"',
        "x: Literal['a']",
        "x: TypeAlias = 'a'",
        "__all__ = ['a']",
        "@decorator(True)\nclass A: pass",
        "if TYPE_CHECKING:\n    x = 1",
    ],
)
def test_nothing_is_changed_that_no_program_reads(source: str) -> None:
    assert changes(source) == []


def test_identity_is_turned_round_but_not_compared_with_something() -> None:
    assert changes("a is None") == [
        ("comparison", "a is None -> (a is not None)")
    ]


def test_only_the_place_itself_is_changed() -> None:
    source = 'é = "é" == a  # é\nb == c\n'

    mutation = found(source)[-1]

    assert mutation.applied(source) == 'é = "é" == a  # é\n(b != c)\n'
    assert (mutation.line, mutation.nth) == (2, 1)


def test_change_keeps_its_name_when_lines_are_added_elsewhere() -> None:
    before = found("def f(): return 1")
    after = found("import a\n\n\ndef f(): return 1")

    assert [m.name for m in before] == [m.name for m in after]


def test_change_is_refused_when_the_file_is_another() -> None:
    mutation = found("x = 30")[0]

    with pytest.raises(ValueError, match="the file is another one"):
        mutation.applied("y = 1\n\n")
