"""What the engine needs from EC2."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from harness.drs.engine.job_options import DefaultSubnet


class LaunchRefusedError(Exception):
    """EC2 refused to launch; the text is what EC2 answered."""


class TerminationRefusedError(Exception):
    """EC2 refused to terminate; the text is what EC2 answered."""


class LaunchTemplateMissingError(Exception):
    """The launch template was deleted by someone else."""


@dataclass(frozen=True)
class TemplateOrder:
    """A launch template to make for a source server.

    ``tags`` go on the template and on the instances it launches. ``key``
    names the order, so that an implementation can derive the ids from it.
    """

    key: str
    name: str
    image_id: str
    instance_type: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class LaunchTemplate:
    """The default version of a launch template, as far as DRS reads it."""

    template_id: str
    version: int
    image_id: str | None = None
    instance_type: str | None = None
    subnet_id: str | None = None
    private_ip: str | None = None
    security_group_ids: tuple[str, ...] = ()
    instance_profile: Mapping[str, str] = field(default_factory=dict)
    instance_tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InstanceOrder:
    """An instance to launch: the template with DRS's own settings over it.

    ``key`` names the launch, as in ``TemplateOrder``. ``default_subnet``
    says which default subnet it takes if the template has none.
    """

    key: str
    template: LaunchTemplate
    image_id: str
    instance_type: str
    private_ip: str | None
    tags: Mapping[str, str]
    stopped: bool = False
    default_subnet: DefaultSubnet = "first"


@dataclass(frozen=True)
class LaunchedInstance:
    """What EC2 says of a new instance."""

    instance_id: str
    private_ip: str | None


class Compute(Protocol):
    """EC2 of one account in one Region."""

    def create_template(self, order: TemplateOrder) -> str:
        """Make a launch template and return its id."""

    def template(self, template_id: str) -> LaunchTemplate:
        """Read the default version of a launch template.

        Raises:
            LaunchTemplateMissingError: It does not exist any more.
        """

    def revise_template(self, template_id: str, private_ip: str | None) -> int:
        """Make a version from the default one and make it the default.

        Args:
            template_id: Launch template to revise.
            private_ip: Address for its first network interface, None for
                an address chosen by EC2. Without a subnet it is left alone.

        Returns:
            Number of the new version.

        Raises:
            LaunchTemplateMissingError: It does not exist any more.
        """

    def delete_template(self, template_id: str) -> None:
        """Delete a launch template; a missing one is no error."""

    def run(self, order: InstanceOrder) -> LaunchedInstance:
        """Launch one instance.

        Raises:
            LaunchRefusedError: EC2 refused, for example an unknown subnet.
        """

    def terminate(self, instance_id: str) -> None:
        """Terminate an instance; one that does not exist is no error.

        Raises:
            TerminationRefusedError: EC2 refused.
        """

    def states(self, instance_ids: Iterable[str]) -> Mapping[str, str]:
        """Read the state names of instances; unknown ones are left out."""
