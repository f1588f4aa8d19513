"""CloudFormation's YAML: ordinary YAML with short tags such as `!Ref`."""

from pathlib import Path
from typing import Any

import yaml


class _TemplateLoader(yaml.SafeLoader):
    """A safe loader that also knows CloudFormation's short tags."""


def _construct_short_form(
    loader: _TemplateLoader, tag: str, node: yaml.Node
) -> dict[str, Any]:
    key = "Ref" if tag == "Ref" else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        return {key: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {key: loader.construct_sequence(node, deep=True)}
    raise yaml.constructor.ConstructorError(
        None, None, f"!{tag} takes no mapping", node.start_mark
    )


_TemplateLoader.add_multi_constructor("!", _construct_short_form)


def read(path: Path) -> dict[str, Any]:
    """Read a template; its short tags become their long form.

    Raises:
        yaml.YAMLError: The file is not YAML, or asks for an object that a
            safe loader must not build.
    """
    document: dict[str, Any] = yaml.load(
        path.read_text("utf-8"), Loader=_TemplateLoader
    )
    return document
