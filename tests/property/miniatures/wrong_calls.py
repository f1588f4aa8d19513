"""Wrong candidates that ask AWS for the wrong thing, or log it wrongly."""

from tests.property.miniatures.miniature import POLLS, STARTS, Miniature

WRONG_CALLS = (
    Miniature(
        name="recovery-started-twice",
        breaks="Each wave asks DRS for its recovery twice.",
        file=f"{STARTS}/recovery_jobs.py",
        old="        return _start(account.drs_start, request)\n",
        new=(
            "        _start(account.drs_start, request)\n"
            "        return _start(account.drs_start, request)\n"
        ),
    ),
    Miniature(
        name="drill-inverted",
        breaks="A drill is asked for where a recovery was wanted.",
        file=f"{STARTS}/recovery_jobs.py",
        old="        isDrill=request.is_drill,\n",
        new="        isDrill=not request.is_drill,\n",
    ),
    Miniature(
        name="lost-start-not-looked-for",
        breaks="A start whose answer was lost fails the wave.",
        file=f"{STARTS}/recovery_jobs.py",
        old="        if not _may_run_already(error):\n            raise\n",
        new="        raise\n",
    ),
    Miniature(
        name="job-of-an-earlier-try-overlooked",
        breaks="A start whose function died is made again.",
        file=f"{STARTS}/recovery_jobs.py",
        old="and not _servers(job).isdisjoint(request.server_ids)",
        new="and _servers(job).isdisjoint(request.server_ids)",
    ),
    Miniature(
        name="instances-of-the-wrong-account",
        breaks="EC2 is asked in the orchestration's own account.",
        file="shared/account_access.py",
        old='        client: EC2Client = self._client("ec2", aws.STANDARD)\n',
        new=(
            "        client: EC2Client = aws.client(\n"
            '            "ec2", aws.STANDARD, self.region\n'
            "        )\n"
        ),
    ),
    Miniature(
        name="external-id-not-given",
        breaks="The role is assumed without the external id.",
        file="shared/account_access.py",
        old='        request["ExternalId"] = context["externalId"]\n',
        new="        pass\n",
    ),
    Miniature(
        name="denied-role-not-recognised",
        breaks="A role that may not be assumed is told in AWS's words.",
        file="shared/account_access.py",
        old='        if aws_errors.code(error) == "AccessDenied":\n',
        new='        if aws_errors.code(error) == "AccessDeniedException":\n',
    ),
    Miniature(
        name="account-context-by-its-other-name-ignored",
        breaks="An account_context is not read; the hub is recovered.",
        file="shared/account_context.py",
        old=(
            '    context: AccountContext | None = state.get("accountContext") '
            "or state.get(\n"
            '        "account_context"\n'
            "    )\n"
        ),
        new=(
            '    context: AccountContext | None = state.get("accountContext")\n'
        ),
    ),
    Miniature(
        name="account-is-foreign-by-default",
        breaks="An account whose place is not told counts as foreign.",
        file="shared/account_context.py",
        old='    return context.get("isCurrentAccount") is False\n',
        new=(
            "    return bool(context) and "
            'not context.get("isCurrentAccount")\n'
        ),
    ),
    Miniature(
        name="external-id-required",
        breaks="A role that asks for no external id is not assumed.",
        file="shared/account_access.py",
        old='    if context.get("externalId"):\n',
        new='    if context["externalId"]:\n',
    ),
    Miniature(
        name="region-ignored",
        breaks="Every group is recovered in the default Region.",
        file=f"{STARTS}/protection_groups.py",
        old='    return group.get("region") or DEFAULT_REGION\n',
        new="    return DEFAULT_REGION\n",
    ),
    Miniature(
        name="any-tag-suffices",
        breaks="A server that carries one of two tags is recovered.",
        file="shared/source_servers.py",
        old="return part(server) if wanted <= _tags(server) else None\n",
        new="return part(server) if wanted & _tags(server) else None\n",
    ),
    Miniature(
        name="tags-compared-with-case",
        breaks="A tag in other letters selects no server.",
        file="shared/source_servers.py",
        old="        (key.strip().casefold(), value.strip().casefold())\n",
        new="        (key.strip(), value.strip())\n",
    ),
    Miniature(
        name="tags-compared-with-spaces",
        breaks="A tag with a space around it selects no server.",
        file="shared/source_servers.py",
        old="        (key.strip().casefold(), value.strip().casefold())\n",
        new="        (key.casefold(), value.casefold())\n",
    ),
    Miniature(
        name="servers-of-the-group-first",
        breaks="A wave recovers the group's servers, not its own.",
        file=f"{STARTS}/protection_groups.py",
        old='wave.get("serverIds") or group.get("sourceServerIds") or []',
        new='group.get("sourceServerIds") or wave.get("serverIds") or []',
    ),
    Miniature(
        name="servers-of-the-wave-before-tags",
        breaks="A wave's own servers win over the group's tags.",
        file=f"{STARTS}/protection_groups.py",
        old="    if tags:\n",
        new='    if tags and not wave.get("serverIds"):\n',
    ),
    Miniature(
        name="launch-configuration-applied-twice",
        breaks="Each server's launch configuration is applied twice.",
        file=f"{STARTS}/launch_configuration.py",
        old=(
            "        return apply("
            "account, server_id, effective(group, server_id))\n"
        ),
        new=(
            "        apply(account, server_id, effective(group, server_id))\n"
            "        return apply("
            "account, server_id, effective(group, server_id))\n"
        ),
    ),
    Miniature(
        name="launch-configuration-of-servers-lost",
        breaks="The settings that a server has of its own are ignored.",
        file=f"{STARTS}/launch_configuration.py",
        old='    own = _present(entry.get("launchTemplate") or {})\n',
        new="    own: LaunchSettings = {}\n",
    ),
    Miniature(
        name="security-groups-dropped",
        breaks="A server's network interface has no security groups.",
        file=f"{STARTS}/launch_templates.py",
        old='    "securityGroupIds": "Groups",\n',
        new="",
    ),
    Miniature(
        name="subnet-dropped",
        breaks="A server is launched in whichever subnet.",
        file=f"{STARTS}/launch_templates.py",
        old='    "subnetId": "SubnetId",\n',
        new="",
    ),
    Miniature(
        name="instance-profile-ignored",
        breaks="A server is launched without its instance profile.",
        file=f"{STARTS}/launch_templates.py",
        old='    if settings.get("instanceProfileName"):\n',
        new='    if settings.get("instanceProfile"):\n',
    ),
    Miniature(
        name="launch-configuration-of-the-group-wins",
        breaks="The group's settings win over a server's own.",
        file=f"{STARTS}/launch_configuration.py",
        old='    return {**_present(group.get("launchConfig") or {}), **own}\n',
        new='    return {**own, **_present(group.get("launchConfig") or {})}\n',
    ),
    Miniature(
        name="launch-configuration-of-the-group-forced",
        breaks="A server that refuses the group's settings gets them.",
        file=f"{STARTS}/launch_configuration.py",
        old='    if entry.get("useGroupDefaults") is False:\n',
        new='    if entry.get("useGroupDefaults") is None:\n',
    ),
    Miniature(
        name="throttled-poll-fails-the-wave",
        breaks="A poll that was throttled fails the wave.",
        file="shared/aws_errors.py",
        old="    return code(error) in THROTTLING_CODES or may_have_happened",
        new="    return may_have_happened",
    ),
    Miniature(
        name="denied-poll-is-deferred",
        breaks="A poll that may not look never fails the wave.",
        file="shared/aws_errors.py",
        old=(
            "    return code(error) in THROTTLING_CODES "
            "or may_have_happened(error)\n"
        ),
        new="    return True\n",
    ),
    Miniature(
        name="history-read-inconsistently",
        breaks="The history is read as it may have been a second ago.",
        file="shared/history_writes.py",
        old='"Key": item_key(state), "ConsistentRead": True}',
        new='"Key": item_key(state)}',
    ),
    Miniature(
        name="log-line-changed",
        breaks="The line about a started wave has another text.",
        file="shared/log_lines.py",
        old="DRS job %s started for %d servers in %s",
        new="DRS job %s was started for %d servers in %s",
    ),
    Miniature(
        name="log-level-changed",
        breaks="A failed server is reported as a warning.",
        file=f"{POLLS}/launch_progress.py",
        old="        logger.error(log_lines.SERVER_FAILED",
        new="        logger.warning(log_lines.SERVER_FAILED",
    ),
    Miniature(
        name="log-lines-in-another-order",
        breaks="What became of the servers is logged, the last one first.",
        file=f"{STARTS}/launch_configuration.py",
        old="        for server_id, configured in begun:\n",
        new="        for server_id, configured in begun[::-1]:\n",
    ),
    Miniature(
        name="progress-line-missing",
        breaks="The line about a wave's progress is not written.",
        file=f"{POLLS}/wave_polls.py",
        old=("    logger.info(\n" "        log_lines.WAVE_PROGRESS,\n"),
        new=("    logger.debug(\n" "        log_lines.WAVE_PROGRESS,\n"),
    ),
)
