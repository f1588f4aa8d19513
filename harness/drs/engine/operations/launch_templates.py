"""Launch configuration templates: one for an account and Region.

Source servers that are added later start with its settings.
"""

from collections.abc import Mapping
from typing import Any

from harness.drs.engine import admission, resources
from harness.drs.engine.error_options import ResourceKind
from harness.drs.engine.errors import NotSimulatedError
from harness.drs.engine.operations.filters import admits
from harness.drs.engine.operations.launch_configuration import MEMBERS, changed
from harness.drs.engine.paging import Listing
from harness.drs.engine.records import LaunchConfigurationTemplate
from harness.drs.engine.region import Region

TEMPLATES = Listing[LaunchConfigurationTemplate](
    "DescribeLaunchConfigurationTemplates"
)
QUOTA = "L-1F3FAE4D"
KIND: ResourceKind = "launch_configuration_template"


def create(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Make the template of this account and Region.

    Raises:
        DrsError: ServiceQuotaExceededException, there is one already.
    """
    admission.refuse_more(
        region,
        len(region.launch_templates) + 1,
        QUOTA,
        region.options.quotas.launch_configuration_templates,
        "launch configuration templates",
    )
    _refuse_existing_instances(parameters)
    template_id = region.ids.new("lct-")
    template = LaunchConfigurationTemplate(
        number=next(region.numbers),
        template_id=template_id,
        arn=region.arn("launch-configuration-template", template_id),
        settings=changed(region.options.launch_configuration, parameters),
        tags=dict(parameters.get("tags", {})),
        export_bucket_arn=parameters.get("exportBucketArn"),
    )
    region.launch_templates[template_id] = template
    return {"launchConfigurationTemplate": _view(template)}


def describe(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """List templates; one that is named must exist."""
    name = "launchConfigurationTemplateIDs"
    for template_id in parameters.get(name, []):
        _find(region, template_id)
    found = [
        template
        for template in region.launch_templates.values()
        if admits(region, parameters, name, template.template_id)
    ]
    return TEMPLATES.page(region, parameters, found).answer(_view)


def update(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change the members given; servers that exist keep what they have."""
    template = _find(region, parameters["launchConfigurationTemplateID"])
    _refuse_existing_instances(parameters)
    template.settings = changed(template.settings, parameters)
    bucket = parameters.get("exportBucketArn", template.export_bucket_arn)
    template.export_bucket_arn = bucket
    return {"launchConfigurationTemplate": _view(template)}


def delete(region: Region, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a template; servers that exist keep what they have."""
    template = _find(region, parameters["launchConfigurationTemplateID"])
    del region.launch_templates[template.template_id]
    return {}


def _find(region: Region, template_id: str) -> LaunchConfigurationTemplate:
    template = region.launch_templates.get(template_id)
    if template is None:
        text = region.options.error_texts.unknown_template
        raise resources.not_found(region, text, template_id, KIND)
    return template


def _refuse_existing_instances(parameters: Mapping[str, Any]) -> None:
    if parameters.get("launchIntoSourceInstance"):
        raise NotSimulatedError("launching into an existing instance")


def _view(template: LaunchConfigurationTemplate) -> dict[str, Any]:
    settings = template.settings
    members = {
        member: getattr(settings, name)
        for member, name in MEMBERS.items()
        if member != "name"
    }
    return members | {
        "launchConfigurationTemplateID": template.template_id,
        "arn": template.arn,
        "tags": template.tags,
        "licensing": {"osByol": settings.os_byol},
        "exportBucketArn": template.export_bucket_arn,
        "launchIntoSourceInstance": False,
    }
