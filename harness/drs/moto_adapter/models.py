"""The service ``drs`` as moto sees it; moto finds ``urls`` by this name."""

from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from botocore.exceptions import ConnectionClosedError
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import BaseResponse

from harness.drs.engine.fault_effects import ResponseLostError
from harness.drs.engine.wire.requests import Request
from harness.drs.engine.world import World
from harness.drs.moto_adapter.compute import MotoCompute


class DrsBackend(BaseBackend):
    """Passes moto's resets on: the records live in the world."""

    world: ClassVar[World]

    def reset(self) -> None:
        """Forget the Region, as moto does when a mock starts or ends."""
        self.world.forget(self.account_id, self.region_name)
        super().reset()


drs_backends = BackendDict(DrsBackend, "drs")


def make_compute(account_id: str, region: str) -> MotoCompute:
    """Make EC2 for a new Region and let moto know the Region.

    Args:
        account_id: Twelve digits.
        region: A Region that has DRS.

    Raises:
        KeyError: DRS does not exist in the Region.
    """
    _ = drs_backends[account_id][region]
    return MotoCompute(account_id, region)


class DrsResponse(BaseResponse):
    """Hands each request to the world."""

    def __init__(self) -> None:
        """Name the service."""
        super().__init__(service_name="drs")

    def call_action(self) -> TYPE_RESPONSE:
        """Answer the request that moto has taken apart."""
        url = urlsplit(self.uri)
        request = Request(
            method=self.method,
            path=self.raw_path,
            query=parse_qs(url.query, keep_blank_values=True),
            body=self.body or "",
        )
        try:
            answer = DrsBackend.world.answer(
                self.current_account, self.region, request
            )
        except ResponseLostError as error:
            # What botocore itself raises for a connection that breaks.
            raise ConnectionClosedError(endpoint_url=self.uri) from error
        headers = {**self.response_headers, **answer.headers}
        return answer.status, headers, answer.body
