"""Messages to patients that wait their three minutes, or for a server.

A profile without a server sends nothing: what is due stays listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.services.documents import Named, NoticeDoc
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import notices

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk


def waiting(desk: Desk) -> list[NoticeDoc]:
    """What waits, what may go first before; of the columns that this person may see."""
    only = seen_providers(desk)
    now, zone = desk.now(), desk.zone
    return [
        NoticeDoc(
            appointment=n.appointment_id,
            number=n.number,
            kind=n.kind,
            patient=n.patient,
            provider=Named(n.provider_id, n.provider or ""),
            start=zone.iso(n.start),
            due=zone.iso(n.due),
            state="due" if n.due <= now else "held",
            channels=list(n.channels),
            act=n.act_id,
        )
        for n in notices.waiting(desk.reader)
        if only is None or n.provider_id in only
    ]
