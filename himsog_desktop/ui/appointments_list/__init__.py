"""The page Appointments: every appointment in sections by state, found, chosen and acted on by the hundred.

``found`` (what is listed), ``chosen`` (what is selected) and ``shape`` (where everything stands) hold no Qt.
``model`` reads and follows; ``view`` is one painted widget with no widget per row; ``page`` puts them together
with the bars above and below and the panel that shows what an act would do before it is done.
May import: ``domain``, ``services``, ``ui.theme``, ``ui.bridge``, ``ui.calendar.labels`` and the painted parts of
``ui.calendar`` that know no day, ``ui.models``, ``ui.shell``'s seam. Never ``storage``.
"""
