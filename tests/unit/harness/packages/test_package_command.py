"""The command line of `package_lambda.py`."""

from pathlib import Path

import pytest

from harness.packages import command


def test_it_names_the_lambdas_when_one_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--only", "query-handlr", "--output", str(tmp_path)]

    assert command.main(arguments) == 2

    error = capsys.readouterr().err
    assert "no Lambda 'query-handlr'" in error
    assert "query-handler" in error


def test_it_fails_with_what_to_do_when_pip_finds_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    arguments = ["--only", "query-handler", "--output", str(tmp_path / "to")]

    assert command.main(arguments) == 1

    assert "pip found no wheel of jsonschema-rs" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--platform", "sparc"], ["--local", "--platform", "arm64"]]
)
def test_wrong_usage_has_an_exit_code_of_its_own(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(arguments)

    assert caught.value.code == 2
