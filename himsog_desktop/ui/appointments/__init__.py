"""The panels beside the day: booking an appointment, and one appointment's details.

``factory.Appointments`` makes them (``ui.shell.panels.PanelFactory``). Each panel is one column of parts;
a part is a widget that is told what to show and says what was asked for, the panel reads and acts.
``offers`` and ``words`` hold no Qt. May import: ``domain``, ``services``, ``ports``, ``ui.theme``,
``ui.bridge``, ``ui.calendar.labels``, ``ui.shell``'s seam (``panels``, ``context``, ``controls``). Never ``storage``.
"""
