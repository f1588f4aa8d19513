"""What the packages are made for: Lambda's platforms and its Python."""

from dataclasses import dataclass

# As the templates say; a test compares.
PYTHON = "3.13"
# Lambda's Python 3.12 and later runs on Amazon Linux 2023, whose glibc 2.34
# takes wheels made for any older one:
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
_GLIBC = ("2_34", "2_31", "2_28", "2_27", "2_24", "2_17")


@dataclass(frozen=True)
class Platform:
    """An architecture of Lambda.

    Attributes:
        name: As CloudFormation calls it.
        machine: As wheels call it.
    """

    name: str
    machine: str

    @property
    def tags(self) -> tuple[str, ...]:
        """The platform tags of wheels that run on it."""
        tags = (f"manylinux_{glibc}_{self.machine}" for glibc in _GLIBC)
        return (*tags, f"manylinux2014_{self.machine}")

    @property
    def abis(self) -> tuple[str, ...]:
        """The tags of the Python interfaces that it offers to wheels."""
        return (f"cp{PYTHON.replace('.', '')}", "abi3", "none")

    def __str__(self) -> str:
        return f"{self.name}, Python {PYTHON}"


PLATFORMS = {
    "arm64": Platform("arm64", "aarch64"),
    "x86_64": Platform("x86_64", "x86_64"),
}
