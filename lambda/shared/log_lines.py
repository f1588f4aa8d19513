"""The catalogue of log lines: metric filters and saved queries read them.

Old and new orchestration write the same text for the same event. A line
never holds a task token, a credential or an external id.
"""

import logging

logger = logging.getLogger("drs_orchestration")
logger.setLevel(logging.INFO)
metrics = logging.getLogger("drs_orchestration.metrics")

EXECUTION_BEGINS = "Execution %s of plan %s begins: %d waves, drill %s"
EXECUTION_COMPLETED = "Execution %s completed: %d waves"
EXECUTION_CANCELLED = "Execution %s cancelled on request"
EXECUTION_PAUSED = "Execution %s pauses before wave %d"
EXECUTION_RESUMED = "Execution %s resumes with wave %d"
EXECUTION_ENDED = "Execution %s has ended already (%s): nothing to do"
TOKEN_STORED = "Execution %s waits for a person before wave %d"

STATUS_UNREADABLE = "Execution %s: status could not be read: %s"
WRITE_FAILED = "Execution %s: history could not be written: %s"
WRITE_REFUSED = "Execution %s: %s not written over %s"

WAVE_STARTED = "Wave %d (%s): DRS job %s started for %d servers in %s"
WAVE_ADOPTED = "Wave %d (%s): DRS job %s had been started, adopted"
WAVE_EMPTY = "Wave %d (%s): no servers, nothing to recover"
WAVE_NOT_COUNTED = "Wave %d (%s): servers not counted beforehand: %s"
WAVE_PROGRESS = "Wave %d (%s): %s, %d of %d servers launched"
WAVE_COMPLETED = "Wave %d (%s): completed, %d servers launched"
WAVE_FAILED = "Wave %d (%s): failed: %s"
WAVE_TIMED_OUT = "Wave %d (%s): timed out after %d s"
POLL_DEFERRED = "Wave %d (%s): no answer from AWS, polled again later: %s"

SERVER_FAILED = "Server %s: launch status %s"
LAUNCH_STATUS_UNKNOWN = "Server %s: launch status %s is not known"
LAUNCH_CONFIGURED = "Server %s: launch configuration applied"
LAUNCH_NOT_CONFIGURED = "Server %s: launch configuration not applied: %s"
JOB_LOG_UNREADABLE = "DRS job %s: log could not be read: %s"
DETAILS_UNREADABLE = "DRS job %s: instance details could not be read: %s"
START_REPEATED = "StartRecovery of %d servers was sent before: DRS job %s"
START_UNCERTAIN = "StartRecovery of %d servers left its outcome open: %s"

CONTRACT_BROKEN = "Contract violation in %s %s, version %s, %s: %s"
POLICY_UNKNOWN = "%s is %s: it must be %s or %s; %s is taken"
