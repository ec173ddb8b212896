"""What every item of a painted list answers assistive tools alike: it has no children, no relations and no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget


class PaintedItem(QAccessibleWidget):
    """One place of a painted list.

    No widget of its own: of ``QAccessibleWidget`` it takes only that C++ knows it for something with
    actions. Whoever derives from it says its parent, words, state and place.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view, QAccessible.Role.ListItem, "")

    def keyBindingsForAction(self, name: str) -> list[str]:
        return {self.pressAction(): ["Return"], self.toggleAction(): ["Space"]}.get(name, [])

    def relations(
        self, match: QAccessible.RelationFlag = QAccessible.RelationFlag.AllRelations
    ) -> list[tuple[QAccessibleInterface, QAccessible.RelationFlag]]:
        return []

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def object(self) -> QObject:
        # There is none; Qt's binding takes None, its type stubs do not say so.
        return None  # type: ignore[return-value]

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Names come from what is painted."""
