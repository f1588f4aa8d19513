"""How long launch configurations take by the clock, each call its time."""

from typing import Any

from benchmarks.performance.inside.player import Player

Document = dict[str, Any]


def measure(
    answers: list[Document],
    group: Document,
    server_ids: list[str],
    region: str,
    delay: float,
) -> Document:
    """Configure servers once, with clients that were made before.

    Args:
        answers: AWS's, to the calls for these servers.
        group: A protection group.
        delay: Seconds that each call takes.
    """
    player = Player()
    import index

    from shared.account_access import open_account

    account = open_account({}, region)
    player.insert(answers)
    # Clients are made by their first use.
    index.apply_launch_config_before_recovery(account, group, server_ids[:1])
    player.delay = delay
    player.insert(answers)
    with player.timing() as taken:
        index.apply_launch_config_before_recovery(account, group, server_ids)
    return taken
