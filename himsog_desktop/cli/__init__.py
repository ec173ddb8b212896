"""The ``himsog`` command: everything an administrator, a script or an agent needs, headless.

Thin: a command reads its options, calls one service and answers its document; ``program`` prints it as
JSON or as text for people, and turns every error into a sentence and an exit code (contract,
"Conventions"). Scripts start it hundreds of times, so nothing is imported before it is needed.
May import: ``services``, ``system``, ``bench``, ``domain``, click, msgspec. Never Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code. ``argv`` are the arguments without the program's name."""
    from himsog_desktop.cli.program import run

    return run(argv)
