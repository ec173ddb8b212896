"""Measuring the real window from inside: ``himsog-desktop --bench NAME`` (``himsog bench`` starts it).

Key presses are real events sent to the real window; a figure ends when the last widget has been painted.
One JSON line goes to standard output: samples, samples of the floor, a note.
May import: what ``ui`` may.
"""
