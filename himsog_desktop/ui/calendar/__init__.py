"""The painted day: a column per provider, drawn by one widget.

``geometry``, ``columns``, ``layout`` and ``cursor`` are pure (no Qt); ``labels`` makes the words;
``paint_grid`` and ``paint_tile`` draw; ``gestures`` is the state of a drag; ``day_view.DayView`` puts
them together: properties in, signals out, no services inside. ``gallery`` renders its states.
May import ``domain`` and ``ui.theme``. Imported before the first paint: keep it light.
"""
