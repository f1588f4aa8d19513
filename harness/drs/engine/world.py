"""All accounts and Regions of one emulator, and their common time."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from harness.drs.engine import recovery_instances, service
from harness.drs.engine.compute import Compute
from harness.drs.engine.faults import Fault, Faults
from harness.drs.engine.options import EmulatorOptions
from harness.drs.engine.region import Listener, Region, Settings
from harness.drs.engine.wire.requests import Request
from harness.drs.engine.wire.responses import Response

ComputeFactory = Callable[[str, str], Compute]
Place = tuple[str, str]


class World:
    """An emulator: Regions made on demand, one schedule over all of them.

    Attributes:
        settings: Seed, time model and options of all Regions.
        regions: By account id and Region name.
        faults: The faults that are set, for all Regions.
    """

    def __init__(self, compute: ComputeFactory, settings: Settings) -> None:
        """Start without any Region.

        Args:
            compute: Makes EC2 for an account id and a Region name.
            settings: Seed, time model and options.
        """
        self.settings = settings
        self.regions: dict[Place, Region] = {}
        self.faults = Faults()
        self._compute = compute
        self._listeners: list[Listener] = []
        self._guard = threading.RLock()

    def reset(self, settings: Settings) -> None:
        """Forget all Regions and go on with other settings."""
        with self._guard:
            self.regions.clear()
            self.faults.clear()
            self.settings = settings

    def choose(self, options: EmulatorOptions) -> None:
        """Go on with other options from now on."""
        with self._guard:
            self.catch_up()
            self.settings = replace(self.settings, options=options)
            for region in self.regions.values():
                region.settings = self.settings

    def region(self, account_id: str, name: str) -> Region:
        """Find an account's Region, or make it, as it stands now."""
        with self._guard:
            self.catch_up()
            return self._find_or_make(account_id, name)

    def catch_up(self) -> None:
        """Let happen what is due now, unless something happens right now."""
        with self._guard:
            if not any(
                region.schedule.firing_at for region in self.regions.values()
            ):
                self.advance_to(self.settings.now())

    def forget(self, account_id: str, name: str) -> None:
        """Forget one Region with all that was planned in it."""
        with self._guard:
            self.regions.pop((account_id, name), None)

    def inject(self, fault: Fault) -> None:
        """Set a fault from now on."""
        with self._guard:
            self.catch_up()
            self.faults.add(fault, self.settings.now())
            for region in self.regions.values():
                recovery_instances.let_vanish(region)

    def withdraw(self, fault: Fault) -> None:
        """Take a fault away from now on; one not set is no error."""
        with self._guard:
            self.catch_up()
            self.faults.withdraw(fault, self.settings.now())

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell a listener of each log item of each job.

        Returns:
            A function that ends the subscription.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def next_event_at(self) -> datetime | None:
        """Tell when something happens next in any Region, or None."""
        first = self._next_region()
        return first.next_event_at() if first else None

    def advance_to(self, now: datetime) -> None:
        """Let happen what is due in all Regions, in order of time."""
        with self._guard:
            while first := self._next_region():
                at = first.next_event_at()
                if at is None or at > now:
                    return
                first.fire_next()

    def answer(self, account_id: str, name: str, request: Request) -> Response:
        """Answer a request to an account's Region."""
        with self._guard:
            self.advance_to(self.settings.now())
            region = self._find_or_make(account_id, name)
            return service.answer(region, request)

    def _find_or_make(self, account_id: str, name: str) -> Region:
        place = (account_id, name)
        if place not in self.regions:
            self.regions[place] = self._new_region(account_id, name)
        return self.regions[place]

    def _new_region(self, account_id: str, name: str) -> Region:
        region = Region(
            account_id,
            name,
            self.settings,
            self._compute(account_id, name),
            self._listeners,
        )
        region.guard = self._guard
        region.faults = self.faults
        region.catch_up = self.catch_up
        region.find_region = lambda *place: self.regions.get(place)
        return region

    def _next_region(self) -> Region | None:
        """Find the Region with the earliest event; ties go by name."""
        planned = [
            (at, place)
            for place, region in self.regions.items()
            if (at := region.next_event_at())
        ]
        return self.regions[min(planned)[1]] if planned else None
