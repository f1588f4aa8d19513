"""A plan file that cannot be used says where, and what to write instead."""

from pathlib import Path

import pytest

from harness import plans

GOOD = """\
planName: Small
sourceServers:
  - hostname: db-01
  - hostname: db-02
protectionGroups:
  - groupName: databases
    sourceServerIds: [db-01, db-02]
waves:
  - waveName: Databases
    protectionGroupId: databases
"""


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    """Load a file that must be refused; give `line pointer: message`."""
    with pytest.raises(plans.PlanFileError) as refusal:
        plans.load(path)
    return [
        f"{problem.line} {problem.pointer}: {problem.message}"
        for problem in refusal.value.problems
    ]


def bomb(first: str, lines: str) -> bytes:
    """Write aliases of aliases, each line ten of the line before."""
    text = f"a0: &a0 {first}\n"
    for depth in range(1, 12):
        again = ", ".join([f"*a{depth - 1}"] * 10)
        text += lines.format(depth=depth, again=again)
    return text.encode()


def test_the_file_is_accepted_when_nothing_is_wrong(plan_file: Path) -> None:
    assert plans.load(plan_file).name == "Small"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "    protectionGroupId: databases\n",
            "",
            '9 /waves/0: "protectionGroupId" is missing: the protection '
            "group that the wave recovers, by groupName or groupId",
        ),
        (
            "protectionGroupId: databases",
            "protectionGroupId: database",
            "10 /waves/0/protectionGroupId: there is no protection group "
            '"database"; did you mean "databases"?',
        ),
        (
            "    protectionGroupId: databases",
            "    protectionGroup: databases\n    protectionGroupId: databases",
            '10 /waves/0/protectionGroup: unknown key "protectionGroup"; '
            'did you mean "protectionGroupId"?',
        ),
        (
            "planName: Small",
            "planName: Small\ncolour: blue",
            '2 /colour: unknown key "colour"; known: planName, planId, '
            "description, expect, approvalMinutes, recoveryAccountId, "
            "accounts, network, sourceServers, protectionGroups, waves, "
            "faults, drs",
        ),
        (
            "planName: Small",
            "planName: 7",
            "1 /planName: expected text, found 7; put it in quotes",
        ),
        (
            "  - hostname: db-02",
            "  - hostname: db-02\n  - hostname: DB-01",
            '5 /sourceServers/2/hostname: hostname "DB-01" is already '
            "that of /sourceServers/0",
        ),
        (
            "[db-01, db-02]",
            "[db-01, db-2]",
            "7 /protectionGroups/0/sourceServerIds/1: there is no server "
            '"db-2"; did you mean "db-02"?',
        ),
        (
            "    sourceServerIds: [db-01, db-02]\n",
            "",
            "6 /protectionGroups/0: the group names no servers: add "
            "serverSelectionTags or sourceServerIds",
        ),
        (
            "  - hostname: db-02",
            "  - hostname: db-02\n    region: eu-west-1",
            '8 /protectionGroups/0/sourceServerIds/1: server "db-02" is in '
            "123456789012 eu-west-1, the group recovers in 123456789012 "
            "us-east-1",
        ),
        (
            "  - hostname: db-02",
            "  - hostname: db-02\n    hostname: db-02",
            '5 /sourceServers/1/hostname: "hostname" is given twice, '
            "first on line 4",
        ),
        (
            "  - hostname: db-02",
            "  - hostname: db-02\n    failAt: boot",
            '5 /sourceServers/1/failAt: "boot" is not allowed here; '
            "known: snapshot, conversion, launch",
        ),
        (
            "  - hostname: db-02",
            "  - hostname: db-02\n    accountId: 222222222222",
            "5 /sourceServers/1/accountId: expected text, found "
            "222222222222; put it in quotes",
        ),
        (
            "waves:",
            "faults:\n  - {times: 2, throttle: DescribeJob}\nwaves:",
            '9 /faults/0/throttle: "DescribeJob" is not allowed here; '
            'did you mean "DescribeJobs"?',
        ),
        (
            "waves:",
            "faults:\n  - {server: db-01}\nwaves:",
            '9 /faults/0: "server" needs "failAt" beside it',
        ),
        (
            "waves:",
            "network:\n  subnets: [{name: a, cidrBlock: 10.0.0.1/24}]\nwaves:",
            "9 /network/subnets/0/cidrBlock: not a CIDR block: 10.0.0.1/24 "
            "has host bits set",
        ),
        (
            "planName: Small",
            "planName: Small\napprovalMinutes: .nan",
            "2 /approvalMinutes: expected a number, found nan",
        ),
        (
            "planName: Small",
            "planName: Small\napprovalMinutes: -.inf",
            "2 /approvalMinutes: expected a number, found -inf",
        ),
        (
            "planName: Small",
            "planName: Small\napprovalMinutes: 525600",
            "2 /approvalMinutes: 525600 is too much; at most 525599",
        ),
        (
            "planName: Small",
            "planName: Small\napprovalMinutes: -1",
            "2 /approvalMinutes: -1 is too little; at least 0",
        ),
        (
            "planName: Small",
            'planName: "Small\\e[31m"',
            '1 /planName: "Small\\x1b[31m" is not text without control '
            "characters",
        ),
        (
            "waveName: Databases",
            'waveName: "Data\\nbases"',
            '9 /waves/0/waveName: "Data\\nbases" is not text without '
            "control characters",
        ),
        (
            "planName: Small",
            'planName: "Small\\x9b"',
            '1 /planName: "Small\\x9b" is not text without control '
            "characters",
        ),
        (
            "  - hostname: db-02",
            '  - hostname: db-02\n    "\\e[2J": 1',
            '5 /sourceServers/1/\\x1b[2J: unknown key "\\x1b[2J"; known: '
            "hostname, sourceServerId, tags, accountId, region, "
            "instanceType, privateIp, failAt, failMessage",
        ),
        (
            "    sourceServerIds",
            "    launchConfig: {subnetId: data}\n    sourceServerIds",
            "7 /protectionGroups/0/launchConfig/subnetId: there is no subnet "
            '"data"; the file defines no subnet',
        ),
        (
            "    sourceServerIds: [db-01",
            "    serverSelectionTags: {Tier: a}\n    sourceServerIds: [db-01",
            "8 /protectionGroups/0/sourceServerIds: serverSelectionTags "
            "already select the servers; keep one",
        ),
    ],
)
def test_one_message_names_line_and_pointer_when_one_thing_is_wrong(
    plan_file: Path, old: str, new: str, expected: str
) -> None:
    plan_file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")

    assert problems(plan_file) == [expected]


def test_the_second_server_is_named_when_two_share_an_id(
    plan_file: Path,
) -> None:
    shared = "    sourceServerId: s-11111111111111111\n"
    text = GOOD.replace("db-01\n", f"db-01\n{shared}", 1)
    text = text.replace("db-02\n", f"db-02\n{shared}", 1)
    plan_file.write_text(text, encoding="utf-8")

    assert problems(plan_file) == [
        '6 /sourceServers/1/sourceServerId: sourceServerId "'
        's-11111111111111111" is already that of /sourceServers/0'
    ]


def test_every_problem_is_listed_in_order_when_several_things_are_wrong(
    plan_file: Path,
) -> None:
    text = GOOD.replace("Small", "''").replace("Databases", "[]")
    text = text.replace("protectionGroupId: databases", "wait: yes")
    plan_file.write_text(text, encoding="utf-8")

    found = problems(plan_file)

    assert [problem.split(":")[0] for problem in found] == [
        "1 /planName",
        "9 /waves/0",
        "9 /waves/0/waveName",
        "10 /waves/0/wait",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "0 : the file is empty; a plan file is a mapping"),
        (b"# nothing\n", "0 : the file is empty; a plan file is a mapping"),
        (b"- a\n- b\n", "1 : expected a mapping, found a list"),
        (b"just text\n", '1 : expected a mapping, found "just text"'),
        (b"a: &a\n  b: *a\n", "0 : not YAML: /a/b contains itself"),
        (b"\xff\xfe\x00", "0 : not YAML: not UTF-8 text"),
        (
            b"a: [1\nb: 2\n",
            "2 : not YAML: while parsing a flow sequence, "
            "expected ',' or ']', but got ':'",
        ),
        (
            b"a: !!python/name:os.system\n",
            "1 : not YAML: could not determine a constructor for the tag "
            "'tag:yaml.org,2002:python/name:os.system'",
        ),
        (
            bomb("[1]", "a{depth}: &a{depth} [{again}]\n"),
            "0 : not YAML: more than 100000 values; an alias counts as "
            "often as it is used",
        ),
        (
            bomb("{b: 1}", "a{depth}: &a{depth} {{<<: [{again}]}}\n"),
            "0 : not YAML: more than 100000 values; an alias counts as "
            "often as it is used",
        ),
        (b"[" * 5000, "1 : not YAML: nested too deeply"),
    ],
)
def test_one_message_says_so_when_the_file_is_no_mapping_of_yaml(
    plan_file: Path, content: bytes, expected: str
) -> None:
    plan_file.write_bytes(content)

    assert problems(plan_file) == [expected]


def test_an_alias_is_accepted_when_it_is_used_now_and_then(
    plan_file: Path,
) -> None:
    text = GOOD.replace("[db-01, db-02]", "&both [db-01, db-02]")
    text += "    serverIds: *both\n"
    plan_file.write_text(text, encoding="utf-8")

    [wave] = plans.load(plan_file).waves

    assert wave.server_ids and len(wave.server_ids) == 2


def test_the_path_is_named_when_there_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "absent.yaml"

    with pytest.raises(plans.PlanFileError) as refusal:
        plans.load(path)

    assert str(refusal.value) == f"{path}: there is no such file"


def test_a_message_begins_with_file_and_line_when_shown(
    plan_file: Path,
) -> None:
    plan_file.write_text(GOOD.replace("Small", "7"), encoding="utf-8")

    with pytest.raises(plans.PlanFileError) as refusal:
        plans.load(plan_file)

    assert str(refusal.value).startswith(f"{plan_file}:1: /planName: ")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ('!!int ""', "int"),
        ("!!int x", "int"),
        ("0x" + "f" * 5_000, "int"),
        ("9" * 5_000, "int"),
        ("9223372036854775808" * 2, "int"),
        ("!!bool x", "bool"),
        ("!!float x", "float"),
        ("!!timestamp x", "timestamp"),
        ("2026-99-99", "timestamp"),
    ],
)
def test_a_value_is_told_with_its_line_when_it_is_not_of_its_kind(
    plan_file: Path, value: str, kind: str
) -> None:
    plan_file.write_text(f"{GOOD}approvalMinutes: {value}\n")

    told = problems(plan_file)

    assert told == [f"11 : not YAML: no usable value of the kind {kind}"]


def test_a_complaint_is_short_when_what_it_quotes_is_long(
    plan_file: Path,
) -> None:
    plan_file.write_text(f"{GOOD}expect: {'x' * 100_000}\n")

    (told,) = problems(plan_file)

    assert told.startswith('11 /expect: "xxx')
    assert len(told) < 600


def test_complaints_are_counted_when_there_are_too_many_to_read(
    plan_file: Path,
) -> None:
    unknown = "".join(f"key{number}: 0\n" for number in range(1_000))
    plan_file.write_text(GOOD + unknown)

    with pytest.raises(plans.PlanFileError) as refusal:
        plans.load(plan_file)

    assert len(refusal.value.problems) == 1_000
    assert str(refusal.value).endswith("\nand 900 more problems")
    assert len(str(refusal.value).splitlines()) == 101


@pytest.mark.parametrize(
    "nested", ["[" * 100_000, "[" * 500 + "]" * 500, "{a: " * 200, "- " * 200]
)
def test_a_file_is_refused_at_once_when_it_is_nested(
    plan_file: Path, nested: str
) -> None:
    plan_file.write_text(f"{GOOD}network:\n  {nested}\n")

    (told,) = problems(plan_file)

    assert told == "12 : not YAML: nested too deeply"


def test_a_file_is_refused_when_no_plan_is_so_long(plan_file: Path) -> None:
    plan_file.write_text(GOOD + "# a comment\n" * 50_000)

    (told,) = problems(plan_file)

    assert told == "0 : longer than 524288 bytes; split the plan"
