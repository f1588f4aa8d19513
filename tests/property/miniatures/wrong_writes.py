"""Wrong candidates that write, or leave, the wrong items."""

from tests.property.miniatures.miniature import START, STARTS, Miniature

HISTORY = "shared/execution_history.py"

WRONG_WRITES = (
    Miniature(
        name="started-job-not-recorded",
        breaks="The history does not hear of a wave's job.",
        file=f"{STARTS}/wave_starts.py",
        old="    execution_history.record_started(table, state, result)\n",
        new="",
    ),
    Miniature(
        name="begin-not-recorded",
        breaks="The status of a new execution stays as it was.",
        file=HISTORY,
        old=(
            "        return history_writes.update("
            "table, state, changes, MAY_RUN)\n"
        ),
        new="        return True\n",
    ),
    Miniature(
        name="begin-overwrites-wishes",
        breaks="RUNNING is written over what a person asked for.",
        file=HISTORY,
        old='MAY_RUN = status_in("PENDING", "RUNNING")',
        new=(
            'MAY_RUN = status_in("PENDING", "RUNNING", "PAUSE_PENDING", '
            '"CANCELLING")'
        ),
    ),
    Miniature(
        name="start-overwrites-a-pause",
        breaks="POLLING is written over PAUSE_PENDING.",
        file=HISTORY,
        old='MAY_POLL = status_in("PENDING", "RUNNING", "POLLING")',
        new=(
            'MAY_POLL = status_in("PENDING", "RUNNING", "POLLING", '
            '"PAUSE_PENDING")'
        ),
    ),
    Miniature(
        name="end-overwrites-an-end",
        breaks="A late step writes its end over the one that stands.",
        file=HISTORY,
        old="MAY_END = status_not_in(*TERMINAL)",
        new='MAY_END = status_not_in("CANCELLING")',
    ),
    Miniature(
        name="token-kept-after-resume",
        breaks="The history keeps the token of an open gate.",
        file=HISTORY,
        old='GATE = ("taskToken", "pausedBeforeWave")',
        new='GATE = ("pausedBeforeWave",)',
    ),
    Miniature(
        name="error-message-not-recorded",
        breaks="The history does not say why an execution failed.",
        file=HISTORY,
        old='        changes["errorMessage"] = state["error"]\n',
        new="        pass\n",
    ),
    Miniature(
        name="progress-not-recorded",
        breaks="The history does not show how far servers are.",
        file="query-handler/query_handler/wave_polls.py",
        old="    if result != before:\n",
        new="    if result == before:\n",
    ),
    Miniature(
        name="wave-end-error-swallowed",
        breaks="A wave's end that could not be written is only logged.",
        file=HISTORY,
        old=(
            "        wave_records.put(table, state, result)\n"
            "    except AWS_ERRORS as error:\n"
            "        raise ExecutionHistoryError.of(state, error) from error\n"
        ),
        new=(
            "        wave_records.put(table, state, result)\n"
            "    except AWS_ERRORS as error:\n"
            "        logger.warning(\n"
            '            log_lines.WRITE_FAILED, state["execution_id"], error\n'
            "        )\n"
        ),
    ),
    Miniature(
        name="end-error-swallowed",
        breaks="An end that could not be written counts as written.",
        file=HISTORY,
        old=(
            "condition, GATE)\n"
            "    except AWS_ERRORS as error:\n"
            "        raise ExecutionHistoryError.of(state, error) from error\n"
        ),
        new=(
            "condition, GATE)\n"
            "    except AWS_ERRORS as error:\n"
            "        return True\n"
        ),
    ),
    Miniature(
        name="wrong-error-class",
        breaks="A history that cannot be read fails the wave for good.",
        file=HISTORY,
        old=(
            "        raise ExecutionHistoryError(\n"
            "            f\"Execution {state['execution_id']}: history could "
            'not be "\n'
            '            f"read: {error}"'
        ),
        new=(
            "        raise RuntimeError(\n"
            "            f\"Execution {state['execution_id']}: history could "
            'not be "\n'
            '            f"read: {error}"'
        ),
    ),
    Miniature(
        name="job-not-adopted",
        breaks="A start that is run again does not find its own job.",
        file=START,
        old="    record = wave_starts.recorded(item, wave_number)\n",
        new="    record = None\n",
    ),
    Miniature(
        name="handler-error-not-retryable",
        breaks="An error to be tried again comes as one that is final.",
        file="shared/handler_calls.py",
        old="        return _PASSED_ON[error_type](message)\n",
        new="        return ValueError(message)\n",
    ),
    Miniature(
        name="failed-invocation-ignored",
        breaks="A handler that did not answer counts as having worked.",
        file="shared/handler_calls.py",
        old=(
            "        payload = json.loads("
            'response["Payload"].read())\n'
            "    except (BotoCoreError, ClientError, ValueError) as error:\n"
            "        raise HandlerInvocationError(\n"
            "            function, action, type(error).__name__, str(error)\n"
            "        ) from error\n"
        ),
        new=(
            "        payload = json.loads("
            'response["Payload"].read())\n'
            "    except (BotoCoreError, ClientError, ValueError):\n"
            '        return request["state"]\n'
        ),
    ),
)
