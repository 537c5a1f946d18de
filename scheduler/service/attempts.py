"""Attempts at a password: how many are free, and how long one waits after those."""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import TYPE_CHECKING

from scheduler.errors import WaitFirst
from scheduler.service.emails import printable
from scheduler.store.accounts import Accounts
from scheduler.store.sign_ins import Failures
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.store import Store, Work
    from scheduler.store.accounts import Account

WITHIN = dt.timedelta(minutes=15)
"""Failures older than this are forgiven."""

FREE_BY_EMAIL, FREE_BY_ADDRESS = 5, 30
"""So many failures for one e-mail address, or from one computer, cost nothing; from then on one has to wait."""

FIRST_WAIT_SECONDS = 30
"""The first wait; each further failure doubles it, up to `WITHIN`."""


def attempt(store: Store, email: str, address: str) -> Account | None:
    """Write an attempt down as failed, which it is until the password was right, and find the account.

    Raises
    ------
    WaitFirst
    """
    computer = _computer(address)

    def do(work: Work) -> Account | None:
        failures = Failures(work, WITHIN)
        failures.hold(email, computer)
        waits = [_wait(work, *failures.of_email(email), FREE_BY_EMAIL)]
        if computer:
            waits.append(_wait(work, *failures.of_address(computer), FREE_BY_ADDRESS))
        seconds = max(waits)
        if seconds > 0:
            minutes = -(-seconds // 60)
            one = T("too many failed attempts; wait a minute, then try again")
            more = T("too many failed attempts; wait {minutes} minutes, then try again", minutes=minutes)
            raise WaitFirst(one if minutes == 1 else more, seconds)
        failures.add(email, computer)
        return Accounts(work).by_email(email)

    return store.in_work(do)


def _wait(work: Work, count: int, last: dt.datetime | None, free: int) -> int:
    """Give the seconds that are still to be waited after `count` failures."""
    if last is None or count < free:
        return 0
    # The exponent is bounded, for somebody may fail ten thousand times.
    wait = min(FIRST_WAIT_SECONDS << min(count - free, 20), int(WITHIN.total_seconds()))
    return wait - (work.now - last) // dt.timedelta(seconds=1)


def _computer(address: str) -> str:
    """Name what counts as one computer: an IPv4 address, or the 64 bits of IPv6 that one household has for itself."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return printable(address)[:64]
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped:
            return str(read.ipv4_mapped)
        return str(ipaddress.ip_network((read, 64), strict=False))
    return str(read)
