"""Packages are built for what the templates deploy."""

from collections.abc import Mapping

from harness.cloud.declarations import LambdaFunction
from harness.cloud.templates import Template
from harness.packages import sources
from harness.packages.command import DEFAULT_PLATFORM, ROOT
from harness.packages.platforms import PLATFORMS, PYTHON


def test_each_function_has_a_package_for_its_python(
    functions: Mapping[str, LambdaFunction],
) -> None:
    built = [source.name for source in sources.find(ROOT)]

    assert sorted(functions) == built
    assert {each.runtime for each in functions.values()} == {f"python{PYTHON}"}


def test_packages_are_for_the_architectures_of_the_template(
    lambda_stack: Template,
) -> None:
    declared = lambda_stack.document["Parameters"]["Architecture"]

    assert sorted(declared["AllowedValues"]) == sorted(PLATFORMS)
    assert declared["Default"] == DEFAULT_PLATFORM
