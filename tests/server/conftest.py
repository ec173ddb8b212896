"""The clinic under test, for what begins with a profile."""

from tests.support.profiles import clinic_template, desk, world

__all__ = ["clinic_template", "desk", "world"]
