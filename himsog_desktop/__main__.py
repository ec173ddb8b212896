"""``python -m himsog_desktop``: the window."""

from __future__ import annotations

import sys

from himsog_desktop.bootstrap import main

if __name__ == "__main__":
    sys.exit(main())
