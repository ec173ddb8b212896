"""The measured piece of work behind the bench figure ``slots_30_days`` (contract, "Bench names").

A provider with two blocks a day, a break, buffers, notice and a limit, and appointments spread over
two years: what a long-kept profile hands to the engine. The clock is the caller's.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

from himsog_desktop.domain.clinic import Break, Hours, Override
from himsog_desktop.domain.slots import Busy, Diary, Slot, SlotRules
from himsog_desktop.domain.time import DAY, MINUTE, zone

FIRST_DAY = date(2026, 11, 20)


def slots_workload(appointments: int = 2000, days: int = 30, name: str = "Asia/Manila") -> Callable[[], list[Slot]]:
    """A function that lists the slots of ``days`` days from busy times as they come from the cache.

    Each call does the whole work anew: sorting the busy times, opening the days, judging every slot.
    """
    where, draw = zone(name), random.Random(20261120)
    midnight = where.day_bounds(FIRST_DAY)[0]
    rules = SlotRules(
        zone=where,
        duration=30,
        hours=tuple(Hours("c", day, *wall) for day in range(7) for wall in ((540, 720), (780, 1080))),
        overrides=tuple(Override(f"2026-12-{day:02d}", False, 540, 600) for day in range(1, 11)),
        breaks=tuple(Break("Tea", day, 630, 645) for day in range(7)),
        step=15,
        notice=60,
        buffer_before=5,
        buffer_after=10,
        max_per_day=16,
    )
    starts = sorted(
        midnight + draw.randrange(-365, 365) * DAY + draw.randrange(540, 1080, 15) * MINUTE for _ in range(appointments)
    )
    rows = [(start, start + 30 * MINUTE) for start in starts]

    def work() -> list[Slot]:
        busy = [Busy(start, end) for start, end in rows]
        return Diary(rules, busy, now=midnight + 600 * MINUTE, provider="p").slots(FIRST_DAY, days)

    return work
