"""Giving memory back to the system after much work, for programs that stay."""

from __future__ import annotations

import gc
import sys


def give_back() -> None:
    """Collect what nobody holds any more, and return what is free; elsewhere than on Linux only the first."""
    gc.collect()
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    # Of the C library that is loaded; musl has none of it.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
