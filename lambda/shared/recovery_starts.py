"""A start of which nobody knows what became (BEHAVIOUR.md section 4)."""


class RecoveryStartUncertainError(Exception):
    """A wave could not be started now; a DRS job of it may run or not.

    The wave must not fail, for its job would run on with nobody to watch
    it. The state machine runs the step again: a job is found then.
    """

    @classmethod
    def of(
        cls, servers: int, start: Exception | None, look_up: Exception
    ) -> "RecoveryStartUncertainError":
        """Say what is open.

        Args:
            servers: How many source servers were to be recovered.
            start: What became of StartRecovery; None before it.
            look_up: Why its job could not be looked for.
        """
        why = f"{type(look_up).__name__}: {look_up}"
        if start is None:
            return cls(
                f"Nothing was started now: whether an earlier try started a "
                f"job for these {servers} servers could not be looked up "
                f"({why}): look for a running job of them in DRS"
            )
        return cls(
            f"StartRecovery of {servers} servers left its outcome open "
            f"({start}), and its job could not be looked for ({why}): "
            "look for a running job of these servers in DRS"
        )

    @classmethod
    def unnamed(cls, servers: int) -> "RecoveryStartUncertainError":
        """Say that DRS took a start, and its answer names no job.

        Args:
            servers: How many source servers were to be recovered.
        """
        return cls(
            f"StartRecovery of {servers} servers was answered without a job: "
            "look for a running job of these servers in DRS"
        )

    @classmethod
    def passing(
        cls, wave_number: int, error: Exception
    ) -> "RecoveryStartUncertainError":
        """Say that AWS may well do in a minute what it failed to do now.

        Args:
            wave_number: The wave that was to be started, zero-based.
            error: Throttling, a server error, or no answer.
        """
        return cls(f"Wave {wave_number} could not be started now: {error}")

    @classmethod
    def unclaimed(cls, job_id: str) -> "RecoveryStartUncertainError":
        """Say that a job was just started, and by whom is not on record."""
        return cls(
            f"DRS job {job_id} was just started for these servers and is not "
            "on record yet: it shows in some seconds whose it is"
        )
