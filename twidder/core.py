"""What both doors, HTTP and the live connection, stand on. Built once, by the composition root."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from twidder.accounts.passwords import Passwords
from twidder.config import Settings
from twidder.files.pictures import Pictures
from twidder.files.storage import Storage
from twidder.rates import Failures, Rates
from twidder.store import Database


@dataclasses.dataclass(frozen=True, slots=True)
class Core:
    settings: Settings
    store: Database
    passwords: Passwords
    rates: Rates
    failed_by_account: Failures  # key: (account, address), so that a stranger delays only himself
    failed_by_address: Failures
    people_here: Callable[[], int]
    here_in: Callable[[str], int]  # a topic: how many people are there
    storage: Storage
    pictures: Pictures


def build_core(
    settings: Settings,
    store: Database,
    people_here: Callable[[], int] = lambda: 0,
    here_in: Callable[[str], int] = lambda topic: 0,
) -> Core:
    limits = settings.limits

    def failures(free: int) -> Failures:
        return Failures(
            free,
            limits.failed_signins_seconds,
            limits.failed_signin_delay,
            limits.failed_signin_delay_max,
            limits.rate_entries,
        )

    return Core(
        settings,
        store,
        Passwords(limits),
        Rates(limits.rate_entries),
        failures(limits.failed_signins_account),
        failures(limits.failed_signins_address),
        people_here,
        here_in,
        Storage(settings.data / "files", limits),
        Pictures(limits),
    )
