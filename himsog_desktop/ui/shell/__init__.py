"""The frame around every page: sidebar, top bar, panel at the side, messages, keys.

May import: ``domain``, ``services``, ``ports``, ``runtime``, ``ui.theme``, ``ui.calendar``, ``ui.models``,
``ui.bridge``. Never ``storage``. The main window gets what it needs handed in by ``bootstrap``; there is no
place to fetch services from.

For whoever makes a panel (``ui.appointments``):

- A panel is a ``panels.Panel``: a widget with a title that stands in the 380 px beside the day. It emits
  ``closed`` when it is done, and overrides ``focus_first()`` (where typing begins) and ``may_close()``.
- Panels come from a ``panels.PanelFactory``, one per open session, so a draft may live in it:
  ``booking(context, request)`` and ``details(context, appointment_id)``. ``bootstrap`` imports
  ``ui.appointments.factory.Appointments`` after the first paint.
- A panel gets a ``context.DeskContext``: ``backend`` (``read``, ``act``, ``changed``), ``acts`` (book, move,
  states, undo: each with its toast and Undo), ``messages`` (toasts), ``look`` (``.theme``, ``.changed``),
  ``prefs`` (clock format and so on), ``zone``, ``clock``, ``go`` (where a panel may send the window:
  ``go.day(date)``, ``go.details(id)``, ``go.book(BookingRequest)``, ``go.propose(proposal)``,
  ``go.close_panel()``).
- ``go.propose(Proposal(provider_id, start, end))`` shows the time that the panel is about to take as a ghost
  in the day; ``None`` takes it away.
- When a time is clicked while the booking panel is open, the window calls ``panel.take(request)`` in place of
  making a new one, so that what was typed stays.
"""
