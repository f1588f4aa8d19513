"""The page about plan files tells every key, and its example is one."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness import plans
from harness.plans.shape import SCHEMA_FILE

PAGE = Path(__file__).parents[4] / "docs" / "plan-files.md"


def keys(schema: Any) -> Iterator[tuple[str, str]]:
    """Give each key of the schema with its description."""
    if isinstance(schema, dict):
        for key, meaning in schema.get("properties", {}).items():
            yield key, meaning["description"]
        for part in schema.values():
            yield from keys(part)


def test_the_page_tells_every_key_when_the_schema_grows() -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")

    untold = [
        key
        for key, meaning in keys(schema)
        if f"`{key}`" not in page or meaning not in page
    ]

    assert not untold


def test_the_example_of_the_page_is_a_plan_when_loaded(tmp_path: Path) -> None:
    examples = re.findall(
        r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    path = tmp_path / "plan.yaml"
    path.write_text(examples[0], encoding="utf-8")

    assert plans.load(path).name == "Shop"
