"""The screenshot tour: every screen and state of the window as pictures, from the real program.

``stage`` is a window with its hands and its camera, ``days``, ``panels`` and ``gates`` are the shots,
``contact`` the sheet that shows them all. The profiles are made and opened by ``bootstrap.tour``: demo
clinics of a fixed date that are thrown away, so that the same program takes the same pictures.
May import: what ``ui`` may.
"""
