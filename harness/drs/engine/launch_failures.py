"""Whether a launch fails at a phase because it was told to."""

from harness.drs.engine import fault_reading
from harness.drs.engine.faults import CallerDenied, FailAt
from harness.drs.engine.records import Phase, SourceServer
from harness.drs.engine.region import Region


def raw_error(
    region: Region, server: SourceServer, phase: Phase
) -> str | None:
    """Tell the ``rawError`` with which a server fails at a phase, if any."""
    usual: str = getattr(region.options.failure_texts, phase)
    for fault in fault_reading.active(region, FailAt):
        if fault.server_id == server.server_id and fault.phase == phase:
            return fault.message or usual
    denied = fault_reading.of_server(region, CallerDenied, server.server_id)
    if denied is not None and phase == "launch":
        call = denied.action.removeprefix("ec2:")
        text = region.options.failure_texts.denied
        return text.format(call=call, action=denied.action)
    if server.fail_at == phase:
        return server.seed.fail_message or usual
    return None
