"""``python -m himsog_desktop.cli``: the ``himsog`` command where the package is not installed."""

from __future__ import annotations

import sys

from himsog_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
