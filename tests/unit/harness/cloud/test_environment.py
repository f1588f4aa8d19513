"""What boto3 reads from the environment, and for how long."""

import os

import pytest

from harness.cloud import environment


@pytest.mark.parametrize(
    "name",
    ["AWS_PROFILE", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_NEW", "BOTO_CONFIG"],
)
def test_a_variable_of_boto3_is_hidden_and_put_back_when_in_the_sandbox(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "theirs")

    with environment.applied(environment.sandbox()):
        assert name not in os.environ

    assert os.environ[name] == "theirs"


def test_files_of_a_home_directory_are_not_read_when_in_the_sandbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/theirs")
    monkeypatch.delenv("AWS_SHARED_CREDENTIALS_FILE", raising=False)

    with environment.applied(environment.sandbox()):
        assert os.environ["AWS_CONFIG_FILE"] == os.devnull
        assert os.environ["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull

    assert os.environ["AWS_CONFIG_FILE"] == "/theirs"
    assert "AWS_SHARED_CREDENTIALS_FILE" not in os.environ


def test_other_variables_stay_when_in_the_sandbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")

    with environment.applied(environment.sandbox()):
        assert os.environ["LANG"] == "C.UTF-8"
