"""Himsog Desktop: the front desk of a clinic as a desktop application.

Sub-packages, from the outside in (checked by import-linter, see ``pyproject.toml``):
``ui``, ``cli`` and ``bench`` show and drive; ``services`` holds the use cases; ``storage``,
``interchange``, ``system`` and ``runtime`` do one technical thing each; ``schema`` names every
table; ``domain`` holds the rules and imports the standard library only. ``bootstrap`` puts the
concrete parts together.
"""

__version__ = "0.1.0"
