"""Somebody at another workstation, for the bench: acts now and then, and says when the server had it.

    python -m himsog_desktop.bench.colleague PROFILE TIMES     HIMSOG_PASSPHRASE opens the profile

Its acts are states of today's appointments, sent by rounds of its own, as a colleague's are. It prints one line of
JSON at the end: the monotonic clock in nanoseconds at each commit.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.domain.commands import SetStatus
from himsog_desktop.services import lists, profiles, states
from himsog_desktop.services.sessions import address_of
from himsog_desktop.services.syncrun import Run, once
from himsog_desktop.sync.remotes.postgres import PostgresRemote
from himsog_desktop.system import vault
from himsog_desktop.system.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.domain.intents import Intent, Verdict
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.sessions import Session

EVERY_S = 1.6
"""Longer than the least time between two pulls: each act is heard of by its own hint."""


class Timed(PostgresRemote):
    """Remembers when the server had what was pushed."""

    at = 0

    def push(self, intents: Sequence[Intent]) -> Sequence[Verdict]:
        """See ``ports.Remote``."""
        found = super().push(intents)
        self.at = time.monotonic_ns()
        return found


def act(desk: Desk, times: int) -> list[int]:
    """Confirm and unconfirm appointments of today, one at a time; when the server had each."""
    cache = desk.cache
    lines: list[Timed] = []

    def line(session: Session) -> Timed:
        clinic = cache.meta("clinic")
        lines.append(Timed(address_of(cache), session.login, session.secret, clinic=clinic, name="colleague"))
        return lines[-1]

    run = Run(cache, desk.clock, line)
    once(run)
    today = desk.zone.date_of(desk.now())
    coming = lists.AppointmentFilter(today, today, None, (Status.PENDING, Status.CONFIRMED))
    found = lists.documents(desk, lists.ids(desk, coming, 200))
    at = []
    for i in range(times):
        time.sleep(EVERY_S)  # house: no-sleep, because this is the pace of a person
        one = found[i % len(found)]
        confirmed = (one.status == Status.CONFIRMED) != bool(i // len(found) % 2)
        what = StatusAct.UNCONFIRM if confirmed else StatusAct.CONFIRM
        states.set_status(desk, SetStatus(what, (one.id,)))
        once(run)
        at.append(lines[-1].at)
    run.close()
    return at


def main(arguments: Sequence[str]) -> int:
    """Act as often as was asked for."""
    folder = Path(arguments[0])
    key = vault.unlock(folder, os.environ.get("HIMSOG_PASSPHRASE"))
    desk = profiles.open_desk(folder, key, system_clock())
    with desk.cache:
        at = act(desk, int(arguments[1]))
    sys.stdout.write(json.dumps(at) + "\n")  # house: no-print, because it is what this program is for
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
