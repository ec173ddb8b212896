"""What a screen reader does, for ``test_screen_reader``. Runs in the system's Python, which has pyatspi."""

from __future__ import annotations

import sys
import time

import pyatspi


def found(node, role):
    if node is not None and node.getRoleName() == role and len(node) and node[0].getRoleName() == "list item":
        return node
    for child in node or ():
        match = found(child, role)
        if match is not None:
            return match
    return None


def main() -> int:
    for _ in range(100):
        day = next((d for d in (found(app, "list") for app in pyatspi.Registry.getDesktop(0)) if d is not None), None)
        if day is not None:
            break
        time.sleep(0.1)
    else:
        print("no list")
        return 1
    print("list", day.name)
    for item in list(day):
        extents = item.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        focusable = item.getState().contains(pyatspi.STATE_FOCUSABLE)
        print(
            "item", item.name, "|", item.description, "|", focusable, extents.width > 20, item.parent.name == day.name
        )
    actions = day[1].queryAction()
    print("actions", *(actions.getName(place) for place in range(actions.nActions)))
    actions.doAction(0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
