"""Wrong candidates whose answers, the states, are wrong."""

from tests.property.miniatures.miniature import (
    INDEX,
    POLL,
    POLLS,
    START,
    Miniature,
)

WRONG_STATES = (
    Miniature(
        name="wave-start-time-dropped",
        breaks="The result of a started wave has no start time.",
        file="shared/wave_results.py",
        old='        "startTime": epoch_seconds(),\n',
        new="",
    ),
    Miniature(
        name="wave-end-time-missing",
        breaks="The result of an ended wave has no end time.",
        file="shared/wave_results.py",
        old='    result["endTime"] = epoch_seconds()\n',
        new="",
    ),
    Miniature(
        name="end-time-in-milliseconds",
        breaks="The state's end time is in milliseconds.",
        file="shared/execution_state.py",
        old='    state["end_time"] = ended\n',
        new='    state["end_time"] = ended * 1000\n',
    ),
    Miniature(
        name="launch-time-in-milliseconds",
        breaks="The launch time of an instance is in milliseconds.",
        file=f"{POLLS}/recovery_instances.py",
        old='int(instance["LaunchTime"].timestamp())',
        new='int(instance["LaunchTime"].timestamp() * 1000)',
    ),
    Miniature(
        name="drill-is-the-default-even-if-false",
        breaks="A recovery that is no drill becomes one: false is falsy.",
        file="shared/execution_state.py",
        old='event.get("isDrill", True)',
        new='event.get("isDrill") or True',
    ),
    Miniature(
        name="drill-is-not-the-default",
        breaks="An event that does not say so begins no drill.",
        file="shared/execution_state.py",
        old='event.get("isDrill", True)',
        new='event.get("isDrill", False)',
    ),
    Miniature(
        name="plan-name-required",
        breaks="A plan without a name does not begin.",
        file="shared/execution_state.py",
        old='plan.get("planName") or ""',
        new='plan["planName"] or ""',
    ),
    Miniature(
        name="account-context-dropped",
        breaks="The state forgets whose account it recovers into.",
        file="shared/execution_state.py",
        old='"accountContext": get_account_context(event),',
        new='"accountContext": {},',
    ),
    Miniature(
        name="last-wave-never-started",
        breaks="The plan is complete one wave too early.",
        file="shared/wave_sequence.py",
        old='    if next_wave >= len(state["waves"]):',
        new='    if next_wave >= len(state["waves"]) - 1:',
    ),
    Miniature(
        name="completed-waves-not-counted",
        breaks="A recovered wave is not counted before the plan's end.",
        file=f"{POLLS}/wave_polls.py",
        old='    state["completed_waves"] += 1\n',
        new="",
    ),
    Miniature(
        name="failed-waves-not-counted",
        breaks="A failed wave is not counted.",
        file="shared/execution_state.py",
        old='    state["failed_waves"] += 1\n',
        new="",
    ),
    Miniature(
        name="wait-time-not-added",
        breaks="Polls do not add to the time waited for a wave.",
        file=f"{POLLS}/wave_polls.py",
        old=(
            '    state["current_wave_total_wait_time"] += '
            'state["current_wave_update_time"]\n'
        ),
        new="",
    ),
    Miniature(
        name="wait-time-kept-for-the-next-wave",
        breaks="A wave begins with the time waited for the one before.",
        file="shared/execution_state.py",
        old=(
            '    state["current_wave_total_wait_time"] = 0\n'
            '    state["wave_completed"] = False\n'
        ),
        new='    state["wave_completed"] = False\n',
    ),
    Miniature(
        name="timeout-never",
        breaks="A wave that takes too long is waited for all the same.",
        file=f"{POLLS}/wave_polls.py",
        old='    if waited >= state["current_wave_max_wait_time"]:\n',
        new="    if waited < 0:\n",
    ),
    Miniature(
        name="timeout-one-poll-late",
        breaks="A wave that takes exactly as long as it may is polled on.",
        file=f"{POLLS}/wave_polls.py",
        old='    if waited >= state["current_wave_max_wait_time"]:\n',
        new='    if waited > state["current_wave_max_wait_time"]:\n',
    ),
    Miniature(
        name="instance-ids-duplicated",
        breaks="Each instance of a completed wave is listed twice.",
        file=f"{POLLS}/wave_polls.py",
        old='    state["recovery_instance_ids"] += wave_results.details(',
        new='    state["recovery_instance_ids"] += 2 * wave_results.details(',
    ),
    Miniature(
        name="addresses-forgotten",
        breaks="Instances are listed without their addresses.",
        file=f"{POLLS}/wave_polls.py",
        old='        servers, "privateIp"\n',
        new='        [], "privateIp"\n',
    ),
    Miniature(
        name="gate-kept-after-resume",
        breaks="A resumed execution still names the wave it waited for.",
        file="shared/execution_state.py",
        old=(
            '    state["wave_completed"] = False\n'
            '    state["paused_before_wave"] = None\n'
        ),
        new='    state["wave_completed"] = False\n',
    ),
    Miniature(
        name="pause-of-the-plan-lost",
        breaks="A wave that a person must approve starts by itself.",
        file="shared/wave_sequence.py",
        old='asked or state["waves"][next_wave].get("pauseBeforeWave")',
        new="asked",
    ),
    Miniature(
        name="pause-of-a-person-lost",
        breaks="A pause that was asked for does not happen.",
        file="shared/wave_sequence.py",
        old='asked or state["waves"][next_wave].get("pauseBeforeWave")',
        new='state["waves"][next_wave].get("pauseBeforeWave")',
    ),
    Miniature(
        name="cancel-lost-by-the-poll",
        breaks="A poll goes on though the execution was cancelled.",
        file=POLL,
        old=(
            "    if execution_ends.obey_current(table, state):\n"
            "        return state\n"
        ),
        new="",
    ),
    Miniature(
        name="cancel-lost-by-the-start",
        breaks="A wave starts though the execution was cancelled.",
        file=START,
        old=(
            "    if execution_ends.obey(table, state, item):\n"
            "        return state\n"
        ),
        new="",
    ),
    Miniature(
        name="region-kept-by-a-failed-start",
        breaks="A wave that could not start names a Region all the same.",
        file=START,
        old='        state["region"] = None\n',
        new="",
    ),
    Miniature(
        name="wrong-error-code",
        breaks="A wave that failed to start has the error code of a poll.",
        file=START,
        old='"WAVE_START_FAILED"',
        new='"WAVE_POLL_FAILED"',
    ),
    Miniature(
        name="wrong-error-message",
        breaks="The sentence about a missing protection group differs.",
        file="execution-handler/execution_handler/protection_groups.py",
        old='f"Protection Group {group_id} not found"',
        new='f"Protection group {group_id} not found"',
    ),
    Miniature(
        name="failed-server-overlooked",
        breaks="A wave goes on though one of its servers failed.",
        file=f"{POLLS}/wave_polls.py",
        old="    if progress.failed:\n",
        new="    if progress.failed > 1:\n",
    ),
    Miniature(
        name="input-changed",
        breaks="A step changes the event that it was given.",
        file="shared/execution_state.py",
        old="    return require_current_wave(copy.deepcopy(state))\n",
        new="    return require_current_wave(state)\n",
    ),
    Miniature(
        name="empty-plan-waits-for-a-wave",
        breaks="A plan without waves fails instead of being complete.",
        file=INDEX,
        old='    if not state["waves"]:\n',
        new='    if state["waves"] is None:\n',
    ),
)
