"""Makes the panels of one open session (``ui.shell.panels.PanelFactory``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.ui.appointments.booking_panel import BookingPanel
from himsog_desktop.ui.appointments.details_panel import DetailsPanel

if TYPE_CHECKING:
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.panels import BookingRequest, Panel


class Appointments:
    """Booking and details. It keeps nothing: drafts lie in the cache, not in the window."""

    def booking(self, context: DeskContext, request: BookingRequest) -> Panel:
        """The panel that books; empty but for what the request says."""
        return BookingPanel(context, request)

    def details(self, context: DeskContext, appointment_id: str) -> Panel:
        """The panel that shows one appointment."""
        return DetailsPanel(context, appointment_id)
