"""The saved views in the menu of the columns: open, name, put into another order, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from himsog_desktop.services.views import NAME_MOST
from himsog_desktop.ui.shell.controls import IconButton, Text
from himsog_desktop.ui.shell.reorder_list import ReorderList

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

    from himsog_desktop.ui.shell.views import Views
    from himsog_desktop.ui.theme.system import ThemeSource

KEY, HERE = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
"""A row's key in words, and whether its view is in view."""


class KeyedRow(QStyledItemDelegate):
    """A name with its key at the right, and a tick beside what is in view."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = self._look.theme
        m = theme.metrics
        keys = str(index.data(KEY) or "")
        wide = round(theme.small.width(keys)) + m.s if keys else 0
        tick = m.icon + m.s
        rect = QRect(option.rect)
        # The ground is the style's, the words stand between the tick and the key.
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        empty = QStyleOptionViewItem(option)
        self.initStyleOption(empty, index)
        empty.text = ""
        style = empty.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, empty, painter, empty.widget)
        painter.save()
        inner = rect.adjusted(m.s, 0, -m.s, 0)
        if index.data(HERE):
            pixmap = theme.icon("tick", theme.tokens.accent, painter.deviceTransform().m11())
            painter.drawPixmap(inner.left(), inner.center().y() - m.icon // 2 + 1, pixmap)
        painter.setPen(theme.text)
        painter.setFont(theme.strong.font if index.data(HERE) else theme.body.font)
        used = theme.strong if index.data(HERE) else theme.body
        name = QRect(inner.left() + tick, inner.top(), inner.width() - tick - wide, inner.height())
        shown = used.metrics.elidedText(words, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(theme.muted)
        painter.setFont(theme.small.font)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, keys)
        painter.restore()


class ViewRows(ReorderList):
    """The rows: a click or Enter opens, Alt with an arrow or a drag moves, Delete deletes."""

    opened = Signal(int)
    deleted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Saved views"))

    def ids(self) -> list[str]:
        """The ids of the views as they stand."""
        return [self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count())]

    def current_id(self) -> str:
        """The id of the chosen one, ``""`` for none."""
        row = self.currentRow()
        return str(self.item(row).data(Qt.ItemDataRole.UserRole)) if row >= 0 else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.opened.emit(self.currentRow())
        elif event.key() == Qt.Key.Key_Delete and self.current_id():
            self.deleted.emit(self.current_id())
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        carried = self._carried
        super().mouseReleaseEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        if not carried and row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(row)


class NameField(QLineEdit):
    """A name, taken with Enter; the menu that it stands in hears nothing of the keys."""

    taken = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(self.text())
            event.accept()
            return
        super().keyPressEvent(event)
        if event.key() not in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.accept()


class ViewSection(QWidget):
    """Rows and a field for the name of what is in view. ``done`` asks for the menu to go.

    ``rows`` are seen at once; more are scrolled to.
    """

    done = Signal()
    resized = Signal()

    def __init__(self, look: ThemeSource, views: Views, parent: QWidget, *, rows: int = 4) -> None:
        super().__init__(parent)
        self._look = look
        self._most = rows
        self._views = views
        self._renamed = ""
        m = look.theme.metrics
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(m.s)
        top = QHBoxLayout()
        top.setSpacing(m.xs)
        top.addWidget(Text(look, self.tr("Saved views"), self, style="small_strong", colour="muted"), 1)
        self.rename = IconButton(look, "pencil", self.tr("Another name for the view"), self)
        self.remove = IconButton(look, "trash", self.tr("Delete the view"), self, keys="Del")
        self.up = IconButton(look, "chevron-up", self.tr("Move the view up: the keys follow"), self, keys="Alt+↑")
        self.down = IconButton(look, "chevron-down", self.tr("Move the view down: the keys follow"), self, keys="Alt+↓")
        for button in (self.rename, self.remove, self.up, self.down):
            top.addWidget(button)
        column.addLayout(top)
        self.rows = ViewRows(self)
        self.rows.setItemDelegate(KeyedRow(look, self.rows))
        column.addWidget(self.rows)
        last = QHBoxLayout()
        last.setSpacing(m.xs)
        self.name = NameField(self)
        self.name.setMaxLength(NAME_MOST)
        self.name.setFixedHeight(m.control)
        self.save = IconButton(look, "", self.tr("Save this view"), self, words=self.tr("Save view"), kind="plain")
        last.addWidget(self.name, 1)
        last.addWidget(self.save)
        column.addLayout(last)
        self._connect()
        self._stop_renaming()
        self.show_views()

    def _connect(self) -> None:
        rows, views = self.rows, self._views
        rows.opened.connect(self._open)
        rows.deleted.connect(views.delete)
        rows.moved.connect(lambda: views.arrange(rows.ids()))
        self.remove.clicked.connect(lambda: views.delete(rows.current_id()))
        self.up.clicked.connect(lambda: rows.move_current(-1))
        self.down.clicked.connect(lambda: rows.move_current(1))
        self.rename.clicked.connect(self._begin_rename)
        self.name.taken.connect(self._take)
        self.save.clicked.connect(lambda: self._take(self.name.text()))
        views.changed.connect(self.show_views)

    def show_views(self) -> None:
        """The rows as they are now; a tick stands beside what is in view."""
        views, rows, theme = self._views, self.rows, self._look.theme
        current, kept, row = views.current, rows.current_id(), rows.currentRow()
        rows.blockSignals(True)
        rows.clear()
        for number, view in enumerate(views.all):
            here = view.id == current
            item = QListWidgetItem(view.name, rows)
            item.setData(Qt.ItemDataRole.UserRole, view.id)
            item.setData(KEY, views.key_of(number))
            item.setData(HERE, here)
            words = self.tr("{0}, {1}, in view") if here else self.tr("{0}, {1}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words.format(view.name, views.key_of(number)))
        if rows.count():
            known = rows.ids()
            rows.setCurrentRow(known.index(kept) if kept in known else min(max(row, 0), rows.count() - 1))
        rows.blockSignals(False)
        some = rows.count() > 0
        rows.setVisible(some)
        m = theme.metrics
        rows.setFixedHeight(min(max(rows.count(), 1), self._most) * (m.px(28) + 2) + 2 * m.xs)
        for button in (self.rename, self.remove, self.up, self.down):
            button.setVisible(some)
        self.resized.emit()
        # What is being typed stays: the rows are also shown anew when somebody else wrote.
        if self._renamed and all(view.id != self._renamed for view in views.all):
            self._stop_renaming()

    def begin_naming(self) -> None:
        """The keyboard stands in the field for the name of what is in view."""
        self._stop_renaming()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, number: int) -> None:
        self.done.emit()
        self._views.open(number)

    def _begin_rename(self) -> None:
        view = next((view for view in self._views.all if view.id == self.rows.current_id()), None)
        if view is not None:
            self._renamed = view.id
            self.name.setAccessibleName(self.tr("Another name for {0}").format(view.name))
            self.name.setText(view.name)
            self.save.set_words(self.tr("Rename"))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.name.selectAll()

    def _stop_renaming(self) -> None:
        self._renamed = ""
        self.name.clear()
        self.name.setAccessibleName(self.tr("Name of this view"))
        self.name.setPlaceholderText(self.tr("Save this view as…"))
        self.save.set_words(self.tr("Save view"))

    def _take(self, name: str) -> None:
        if not name.strip():
            self.name.setFocus()
        elif self._renamed:
            if self._views.rename(self._renamed, name):
                self._stop_renaming()
                self.rows.setFocus()
        elif self._views.save(name):
            self._stop_renaming()
            self.done.emit()
