"""The child's side of ``runtime.child``: take the limits, then do the work.

Run as ``python -m himsog_desktop.runtime.child_main CPU_SECONDS MEMORY_BYTES MODULE ARGUMENT…``, or by
a frozen program as ``PROGRAM --run-child …``.
"""

from __future__ import annotations

import importlib
import math
import os
import sys
from collections.abc import Sequence

FLAG = "--run-child"


def asked(arguments: Sequence[str]) -> bool:
    """Whether a frozen program was started to be a child; it then calls ``main(arguments[1:])`` at once."""
    return arguments[:1] == [FLAG]


def limit(cpu_seconds: float, memory_bytes: int) -> None:
    """Have the system kill this process beyond its CPU time, and refuse it memory beyond that."""
    if sys.platform == "win32":
        return
    import resource

    soft = max(1, math.ceil(cpu_seconds))
    # Where a limit stands already that is lower, it stays.
    for kind, wanted, spare in ((resource.RLIMIT_CPU, soft, 1), (resource.RLIMIT_AS, memory_bytes, 0)):
        _, hard = resource.getrlimit(kind)
        highest = wanted + spare if hard == resource.RLIM_INFINITY else min(hard, wanted + spare)
        resource.setrlimit(kind, (min(wanted, highest), highest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: Sequence[str]) -> int:
    """Limit this process, import the module and run its ``main(arguments, out)``."""
    cpu_seconds, memory_bytes, module, *rest = arguments
    if not module.startswith("himsog_desktop."):
        return 2
    limit(float(cpu_seconds), int(memory_bytes))
    with os.fdopen(os.dup(1), "wb") as out:
        importlib.import_module(module).main(rest, out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
