"""How many servers each wave of a plan has before the first one starts."""

from typing import TYPE_CHECKING, Any

from execution_handler import protection_groups
from shared import log_lines, source_servers, wave_results
from shared.account_access import RecoveryAccount, open_account
from shared.account_context import get_account_context
from shared.execution_state import State
from shared.log_lines import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


class PlanServers:
    """Counts the source servers of a plan's waves, as they are now.

    DRS lists its servers once for each Region, whatever the number of
    waves: a plan for thousands of servers must not list them for each.
    """

    def __init__(
        self, groups: "Table", state: State, account: RecoveryAccount
    ) -> None:
        """Prepare to count.

        Args:
            groups: The protection groups.
            state: The execution's, with its plan.
            account: Account and Region of the first wave, open already.
        """
        self._groups = groups
        self._state = state
        self._accounts = {account.region: account}
        self._listed: dict[str, list[source_servers.Tags]] = {}

    def count(self, first: int) -> list[int]:
        """Count the servers of each wave.

        A wave that cannot be counted has none: it may yet be mended before
        its turn, and fails then if it is not.

        Args:
            first: How many servers the first wave has, known already.
        """
        later = range(1, len(self._state["waves"]))
        return [first, *(self._count_or_warn(number) for number in later)]

    def _count_or_warn(self, number: int) -> int:
        wave = self._state["waves"][number]
        try:
            return self._count(wave)
        except Exception as error:
            name = wave_results.wave_name(self._state, number)
            logger.warning(log_lines.WAVE_NOT_COUNTED, number, name, error)
            return 0

    def _count(self, wave: Any) -> int:
        group = protection_groups.read(self._groups, wave)
        tags = group.get("serverSelectionTags")
        if not tags:
            return len(protection_groups.named_servers(group, wave))
        wanted = source_servers.normalised(tags)
        listed = self._list(protection_groups.region(group))
        return sum(wanted <= tags for tags in listed)

    def _list(self, region: str) -> list[source_servers.Tags]:
        if region not in self._listed:
            account = self._accounts.get(region) or open_account(
                get_account_context(self._state), region
            )
            self._listed[region] = source_servers.list_tags(account.drs)
        return self._listed[region]
