"""Laws of the DRS emulator: any requests, at any time, with any faults."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from harness import drs
from tests.property import drs_laws
from tests.property.drs_accounts import Account
from tests.property.drs_histories import History, JobSeen, Logged

QUOTAS = drs.Quotas(servers_per_job=2, servers_in_active_jobs=3, active_jobs=2)
# A few of each, so that they meet; the last one is never ready.
SERVERS = [f"s-{number:017d}" for number in range(5)]
NEVER_READY = SERVERS[-1]
UNKNOWN = "s-99999999999999999"
PHASES = ("snapshot", "conversion", "launch", None)
# Around the edges of the phases of the Linux profile, and past the end.
SPANS = (0.2, 0.7, 30, 90, 180, 290, 700)
LONG = 3 * 3600
THROTTLE = drs.Throttle("StartRecovery", times=1)
INTERNAL_ERROR = drs.InternalError("StartRecovery", times=1)
CODES = {
    THROTTLE: "ThrottlingException",
    INTERNAL_ERROR: "InternalServerException",
}
DENIED = drs.CallerDenied()

servers = st.sampled_from(SERVERS)
some_servers = st.lists(
    st.sampled_from(SERVERS[:-1]), min_size=1, max_size=3, unique=True
) | st.lists(
    st.sampled_from([*SERVERS, UNKNOWN]), min_size=1, max_size=3, unique=True
)


class Drs(RuleBasedStateMachine):
    """The same requests and faults on two accounts with equal seeds.

    One is watched after every event; the other is asked only when something
    is wanted of it. Looking must change nothing.
    """

    watched: Account
    unwatched: Account

    @initialize(
        unlock_delay=st.sampled_from([0, 60]),
        in_progress=st.booleans(),
        seed=st.integers(0, 3),
    )
    def begin(self, unlock_delay: int, in_progress: bool, seed: int) -> None:
        options = drs.EmulatorOptions(
            quotas=QUOTAS,
            shows_in_progress=in_progress,
            unlock_delay=timedelta(seconds=unlock_delay),
        )
        self.unlock_delay = options.unlock_delay
        self.watched = Account(options, seed)
        self.unwatched = Account(options, seed)
        for server_id in SERVERS:
            state = (
                "INITIAL_SYNC" if server_id == NEVER_READY else "CONTINUOUS"
            )
            for account in self.accounts:
                account.region.add_source_server(
                    drs.SourceServerSeed(
                        server_id, server_id, replication_state=state
                    )
                )

    @property
    def accounts(self) -> tuple[Account, Account]:
        return self.watched, self.unwatched

    @rule(server_ids=some_servers, drill=st.booleans())
    def start(self, server_ids: list[str], drill: bool) -> None:
        expected = self.expected_start(server_ids)

        answers = [each.start(server_ids, drill) for each in self.accounts]

        assert [each.status for each in answers] == [expected] * 2

    @rule(server_ids=some_servers)
    def recover(self, server_ids: list[str]) -> None:
        self.start(server_ids, drill=False)
        self.pass_time(LONG)

    @rule(
        server_ids=some_servers,
        fault=st.sampled_from([THROTTLE, INTERNAL_ERROR]),
    )
    def start_in_vain(self, server_ids: list[str], fault: drs.Fault) -> None:
        before = self.watched.last_look.jobs
        for account in self.accounts:
            account.world.inject(fault)

        answers = [each.start(server_ids) for each in self.accounts]

        self.watched.look()
        assert {each.code for each in answers} == {CODES[fault]}
        assert self.watched.last_look.jobs == before

    @rule(server_ids=some_servers)
    def start_and_hear_nothing(self, server_ids: list[str]) -> None:
        expected = self.expected_start(server_ids)

        heard = [each.start_unheard(server_ids) for each in self.accounts]

        assert heard == [expected != 202] * 2

    @precondition(lambda self: self.watched.last_look.jobs)
    @rule(data=st.data())
    def delete_job(self, data: st.DataObject) -> None:
        jobs = self.watched.last_look.jobs
        job = data.draw(st.sampled_from(jobs))
        if job.status == "COMPLETED" and self.is_held(job):
            return

        answers = [
            each.request("DeleteJob", jobID=job.job_id)
            for each in self.accounts
        ]

        expected = 204 if job.status == "COMPLETED" else 409
        assert [each.status for each in answers] == [expected] * 2

    @precondition(lambda self: self.instances())
    @rule(data=st.data())
    def terminate(self, data: st.DataObject) -> None:
        owners = self.instances()
        wanted = data.draw(
            st.lists(
                st.sampled_from(sorted(owners)),
                min_size=1,
                max_size=3,
                unique_by=owners.__getitem__,
            )
        )
        expected = self.expected_termination(wanted)

        answers = [each.terminate(wanted) for each in self.accounts]

        assert [each.status for each in answers] == [expected] * 2

    @precondition(lambda self: self.instances())
    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        instance_id = data.draw(st.sampled_from(sorted(self.instances())))
        for account in self.accounts:
            account.forget(instance_id)

    @precondition(lambda self: self.watched.compute.running)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        running = sorted(self.watched.compute.running)
        instance_id = data.draw(st.sampled_from(running))
        for account in self.accounts:
            account.lose(instance_id)

    @rule(
        server_id=servers,
        phase=st.sampled_from(PHASES),
        mode=st.sampled_from(["FAST", "OPTIMAL"]),
    )
    def prepare_server(self, server_id: str, phase: Any, mode: str) -> None:
        for account in self.accounts:
            account.catch_up()
            account.region.fail_at(server_id, phase)
            account.request(
                "UpdateLaunchConfiguration",
                sourceServerID=server_id,
                recoveryMode=mode,
            )

    @rule(
        refuses_launches=st.booleans(),
        refuses_terminations=st.booleans(),
        denied=st.booleans(),
    )
    def disturb(
        self, refuses_launches: bool, refuses_terminations: bool, denied: bool
    ) -> None:
        for account in self.accounts:
            account.catch_up()
            account.compute.refuses_launches = refuses_launches
            account.compute.refuses_terminations = refuses_terminations
            account.world.withdraw(DENIED)
            if denied:
                account.world.inject(DENIED)

    @rule(seconds=st.sampled_from(SPANS))
    def pass_time(self, seconds: float) -> None:
        self.watched.step(seconds)
        self.unwatched.wait(seconds)

    @rule()
    def read_page_by_page(self) -> None:
        jobs = self.watched.items("DescribeJobs")
        listings = [
            ("DescribeSourceServers", {}),
            ("DescribeJobs", {}),
            ("DescribeRecoveryInstances", {}),
            *(("DescribeJobLogItems", {"jobID": j["jobID"]}) for j in jobs),
        ]
        for operation, members in listings:
            whole = self.watched.items(operation, **members)
            pages = self.watched.items(operation, maxResults=1, **members)
            assert pages == whole

    @invariant()
    def look(self) -> None:
        self.watched.look()

    def teardown(self) -> None:
        if not hasattr(self, "watched"):
            return
        self.pass_time(LONG)
        self.watched.look()
        self.unwatched.look()
        history = self.watched.history
        quotas = drs_laws.quotas_are_kept(QUOTAS)
        laws = (*drs_laws.ALWAYS, drs_laws.jobs_complete, quotas)
        assert drs_laws.broken(history, *laws) == []
        assert log_of(history) == log_of(self.unwatched.history)
        assert self.watched.last_look == self.unwatched.last_look

    def instances(self) -> Mapping[str, str]:
        """Tell the server of each recovery instance there is now."""
        return self.watched.last_look.instances

    def expected_start(self, server_ids: list[str]) -> int:
        if UNKNOWN in server_ids:
            return 404
        if self.busy() & set(server_ids) or NEVER_READY in server_ids:
            return 409
        return 202 if self.fits(len(server_ids)) else 402

    def expected_termination(self, instance_ids: list[str]) -> int:
        owners = self.instances()
        if self.busy() & {owners[each] for each in instance_ids}:
            return 409
        return 200 if self.fits(len(instance_ids)) else 402

    def busy(self) -> set[str]:
        return {
            server_id
            for job in self.watched.last_look.jobs
            if self.is_held(job)
            for server_id in job.servers
        }

    def is_held(self, job: JobSeen) -> bool:
        """Tell whether a job still locks its servers."""
        if job.ended_at is None:
            return True
        return self.watched.now < job.ended_at + self.unlock_delay

    def fits(self, number: int) -> bool:
        seen = self.watched.last_look
        sizes = [
            len(job.servers) for job in seen.jobs if job.status != "COMPLETED"
        ]
        return (
            number <= QUOTAS.servers_per_job
            and sum(sizes) + number <= QUOTAS.servers_in_active_jobs
            and len(sizes) < QUOTAS.active_jobs
        )


def log_of(history: History) -> list[Logged]:
    return [each for each in history if isinstance(each, Logged)]


TestDrs = Drs.TestCase
