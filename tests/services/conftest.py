from __future__ import annotations

from tests.support.profiles import clinic_template, desk, world

__all__ = ["clinic_template", "desk", "world"]
