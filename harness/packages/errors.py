"""Why a package cannot be built, each with what to do about it."""

from collections.abc import Iterable


class PackagingError(Exception):
    """A package cannot be built."""


class UnknownLambdaError(PackagingError):
    """Somebody asks for a Lambda that has no folder."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(
            f"There is no Lambda {name!r}. Those below lambda/ are: "
            + ", ".join(self.known)
        )


class UnknownImportError(PackagingError):
    """A Lambda imports something that nobody said how to provide."""

    def __init__(self, module: str, importer: str) -> None:
        self.module = module
        self.importer = importer
        super().__init__(
            f"{importer} imports {module!r}, which is neither the project's "
            "own, nor Python's, nor part of the Lambda runtime. Name its "
            "distribution in BUNDLED of harness/packages/imports.py, and add "
            "it to pyproject.toml"
        )


class UnpinnedError(PackagingError):
    """No version is pinned for a distribution."""

    def __init__(self, distribution: str, pins: str) -> None:
        self.distribution = distribution
        super().__init__(
            f"{distribution} has no line {distribution}==... in {pins}: add "
            "it to pyproject.toml and write that file anew "
            "(docs/dependencies.md)"
        )


class NotInstalledError(PackagingError):
    """This Python lacks the pinned version of a distribution."""

    def __init__(
        self, distribution: str, pinned: str, installed: str | None
    ) -> None:
        self.distribution = distribution
        found = f"has {installed}" if installed else "has none"
        super().__init__(
            f"--local needs {distribution} {pinned}, and this Python {found}: "
            "run 'make check' once and use .venv/bin/python, or 'pip install "
            f"{distribution}=={pinned}'"
        )


class NoWheelError(PackagingError):
    """pip gives no wheel for the target."""

    def __init__(self, distribution: str, target: str, output: str) -> None:
        self.distribution = distribution
        self.output = output
        super().__init__(
            f"pip found no wheel of {distribution} for {target}. See whether "
            "the package index can be reached and has one ('pip download' "
            "below says more); if its platform tag is new, add it in "
            "harness/packages/platforms.py; else pin an older version.\n\n"
            f"{output.strip()}"
        )


class NoPipError(PackagingError):
    """This Python has no pip."""

    def __init__(self, python: str) -> None:
        super().__init__(
            f"{python} has no pip: run 'python3 -m ensurepip', or use "
            ".venv/bin/python"
        )
