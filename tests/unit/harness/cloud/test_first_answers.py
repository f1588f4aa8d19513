"""The patch of answers is needed, and lets the first one count."""

import pytest
from moto.core.exceptions import AWSError
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint,
    CallbackOutcomeSuccess,
)

from harness.cloud.moto_patches import first_answers

FIRST, SECOND = (CallbackOutcomeSuccess("token", text) for text in "12")


def test_the_patch_is_needed_when_moto_takes_a_second_answer() -> None:
    endpoint = CallbackEndpoint("token")

    endpoint.notify(FIRST)
    endpoint.notify(SECOND)

    assert endpoint.get_outcome() is SECOND


def test_a_second_answer_is_refused_when_moto_is_patched() -> None:
    endpoint = CallbackEndpoint("token")

    with first_answers.patch():
        endpoint.notify(FIRST)
        with pytest.raises(AWSError, match="Task Timed Out"):
            endpoint.notify(SECOND)

    assert endpoint.get_outcome() is FIRST
