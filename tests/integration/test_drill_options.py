"""A drill meets DRS as the plan file says that it is."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from harness.cli import app

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(("limit", "code"), [(100, 0), (1, 1)])
def test_a_drill_goes_by_the_options_of_its_plan_file(
    tmp_path: Path, limit: int, code: int
) -> None:
    text = (EXAMPLES / "three-tier.yaml").read_text(encoding="utf-8")
    quotas = {"quotas": {"servers_per_job": limit}}
    path = tmp_path / "plan.yaml"
    path.write_text(f"{text}\n{yaml.safe_dump({'drs': quotas})}", "utf-8")

    result = CliRunner().invoke(
        app, ["drill", str(path), "--json", "--profile", "instant"]
    )

    assert result.exit_code == code
    refused = "ServiceQuotaExceededException" in json.dumps(
        json.loads(result.stdout)
    )
    assert refused is (code == 1)
