"""The command `package_lambda.py`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.packages import sources
from harness.packages.building import Package, build
from harness.packages.errors import PackagingError, UnknownLambdaError
from harness.packages.platforms import PLATFORMS, PYTHON, Platform
from harness.packages.sources import LambdaSource

ROOT = Path(__file__).parents[2]
# That of the templates.
DEFAULT_PLATFORM = "arm64"
_MEGABYTE = 1_000_000
_DESCRIPTION = f"""\
Build the zips of the Lambdas below lambda/, for Lambda's Python {PYTHON}.

Equal sources give equal zips, byte for byte, wherever they are built with the
same zlib.
boto3 is not bundled: the Lambda runtime brings it.
"""
_EPILOG = """\
examples:
  python3 package_lambda.py
  python3 package_lambda.py --platform x86_64 --only query-handler
  .venv/bin/python package_lambda.py --local

exit codes:
  0  all zips were built
  1  a zip could not be built; what to do is said
  2  wrong usage, such as a Lambda that does not exist
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build what the command line asks for.

    Returns:
        The exit code.
    """
    options = _parser().parse_args(arguments)
    platform = (
        None
        if options.local
        else PLATFORMS[options.platform or DEFAULT_PLATFORM]
    )
    output = options.output or _default_output(platform)
    try:
        wanted = sources.find(ROOT, options.only)
        packages = _build(wanted, platform, output)
    except UnknownLambdaError as error:
        print(error, file=sys.stderr)
        return 2
    except (PackagingError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    _show(packages, output)
    return 0


def _build(
    wanted: Sequence[LambdaSource], platform: Platform | None, output: Path
) -> list[Package]:
    target = platform or "this machine and its Python"
    print(f"Packages of {len(wanted)} Lambdas for {target}", flush=True)
    packages: list[Package] = []
    for package in build(wanted, platform, output):
        packages.append(package)
        place = f"[{len(packages)}/{len(wanted)}]"
        print(f"{place} {package.name}", flush=True)
    return packages


def _show(packages: Sequence[Package], output: Path) -> None:
    width = max(len(package.name) for package in packages)
    print(f"\n{'':{width}}  files   zip MB  unpacked MB  SHA-256")
    for each in packages:
        print(
            f"{each.name:{width}}  {each.files:5}  "
            f"{each.size / _MEGABYTE:7.2f}  "
            f"{each.unpacked / _MEGABYTE:11.2f}  {each.sha256}"
        )
    print(f"\nThe zips are in {output}")


def _default_output(platform: Platform | None) -> Path:
    # Never the same: what runs here must not be deployed by mistake.
    return ROOT / "build" / ("lambda" if platform else "lambda-local")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="package_lambda.py",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="build this Lambda only; may be repeated",
    )
    target = parser.add_mutually_exclusive_group()
    target.add_argument(
        "--platform",
        choices=sorted(PLATFORMS),
        help="the parameter Architecture of the templates (default: arm64)",
    )
    target.add_argument(
        "--local",
        action="store_true",
        help="for this machine and its Python, to run the zips here",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where the zips go (default: build/lambda, with --local "
        "build/lambda-local)",
    )
    return parser
