"""The frame around every page: sidebar, top bar, panel at the side, messages, keys.

May import: ``domain``, ``services``, ``ports``, ``runtime``, ``ui.theme``, ``ui.calendar``, ``ui.models``,
``ui.bridge``. Never ``storage``. The main window gets what it needs handed in by ``bootstrap``; there is no
place to fetch services from.

For whoever makes a panel (``ui.appointments``):

- A panel is a ``panels.Panel``: a widget with a title that stands in the 380 px beside the day. It emits
  ``closed`` when it is done; it may override ``focus_first()`` (where typing begins), ``may_close()``,
  ``take(request)`` (another time was clicked while it is open: True keeps it and what was typed),
  ``shows(appointment_id)`` and ``show_history()`` (the key H).
- Panels come from a ``panels.PanelFactory``, one per open session: ``booking(context, request)`` and
  ``details(context, appointment_id)``. ``bootstrap.session`` imports ``ui.appointments.factory.Appointments``
  with the first panel that is opened.
- A panel gets a ``context.DeskContext``: ``backend`` (``read``, ``act``, ``changed``), ``acts`` (book, move,
  states, visit, note, undo: each with its message and Undo), ``messages`` (toasts), ``look`` (``.theme``,
  ``.changed``), ``prefs`` (clock format, privacy), ``zone``, ``clock``, and ``go``, where a panel may send the
  window: ``day(date)``, ``details(id, day)``, ``book(BookingRequest)``, ``move(id, day)``, ``cancel(ids)``,
  ``propose(Proposal)`` (the time that it is about to take, marked in the day; None takes the mark away),
  ``close_panel()``.
- Connect signals of the context to *methods* of the panel, never to lambdas that hold it: a method goes with
  the panel, a lambda outlives it.

For whoever measures or films: ``bootstrap.run(options, key=…, started=…)`` calls ``started(program, app)`` with
the window empty and not shown; ``program.window.painted`` follows the first paint, ``program.opened`` carries
the ``Backend`` once the session lives, ``program.backend.busy`` says whether an answer is under way.
"""
