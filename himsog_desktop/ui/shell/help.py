"""F1: the map of all keys, laid over the window. Typing finds in it, Ctrl+P prints it, Esc or F1 takes it away.

As many columns as there is room for at the size of text that a person has; what is more is scrolled, never drawn
smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from himsog_desktop.ui.shell import chords
from himsog_desktop.ui.shell.controls import IconButton, Text
from himsog_desktop.ui.shell.keymap import ATTENTION, CARD_KEYS, VIEWS, bindings, keys_for, view_act, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from himsog_desktop.ui.shell.keymap import Bindings, Chosen
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

COLUMN, WIDEST = 380, 1240
"""Width of one column and of the whole card at scale 1."""
_MIDDLE = Qt.AlignmentFlag.AlignVCenter

Lines = list[tuple[str, list[tuple[str, tuple[str, ...]]]]]
"""Groups with their acts: words and keys as they are shown."""


def lines_of(keys: Bindings, text: str = "", *, shared: bool = False) -> Lines:
    """The map, or what of it holds the words typed: in what an act does, its group or its keys.

    ``shared``: the profile has a server.
    """
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    typed = text.casefold().split()
    for key in keys_for(shared=shared):
        says, shown = words(key), keys.shown(key.act)
        if key.act.startswith("view_") and key.group == VIEWS and not typed:
            if key.act != view_act(0):
                continue
            # One line for all of them, unless one is looked for.
            says, shown = "A saved view", (*shown, "…", *keys.shown(view_act(10)))
        held = f"{says} {key.group} {' '.join(shown)}".casefold()
        if all(word in held for word in typed):
            found.setdefault(key.group, []).append((says, shown))
    for says, shown in CARD_KEYS if shared else ():
        held = f"{says} {ATTENTION} {' '.join(shown)}".casefold()
        if all(word in held for word in typed):
            found.setdefault(ATTENTION, []).append((says, shown))
    return list(found.items())


def in_columns(lines: Lines, count: int) -> list[Lines]:
    """The groups in so many columns of about the same height; a group is never torn."""
    heights = [len(acts) + 2 for _group, acts in lines]
    columns: list[Lines] = [[] for _ in range(max(count, 1))]
    goal, at, filled = sum(heights) / max(count, 1), 0, 0
    for group, height in zip(lines, heights, strict=True):
        if columns[at] and at + 1 < len(columns) and filled + height / 2 > goal:
            at, filled = at + 1, 0
        columns[at].append(group)
        filled += height
    return columns


class Sheet(QWidget):
    """The painted map."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.lines: Lines = []
        look.changed.connect(self.fit)

    def show_lines(self, lines: Lines) -> None:
        """What of the map is shown."""
        self.lines = lines
        self.fit()
        self.update()

    def _columns(self) -> list[Lines]:
        room = max(1, self.width() // self.look.theme.metrics.px(COLUMN))
        return in_columns(self.lines, min(room, max(len(self.lines), 1), 3))

    def fit(self) -> None:
        """As tall as its longest column."""
        row = self._row()
        tall = max((sum(2 * len(acts) + 3 for _, acts in column) for column in self._columns()), default=0)
        self.setMinimumHeight(max(tall * row // 2, row))

    def _row(self) -> int:
        return self.look.theme.metrics.px(26)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.raised)
        row = self._row()
        columns = self._columns()
        if not self.lines:
            painter.setFont(theme.body.font)
            painter.setPen(theme.muted)
            painter.drawText(QRect(0, 0, self.width(), row), _MIDDLE, self.tr("No act and no key of that name."))
        each = self.width() // len(columns)
        for number, column in enumerate(columns):
            left, top = number * each, 0
            room = each - (m.xl if number + 1 < len(columns) else 0)
            for group, acts in column:
                painter.setFont(theme.small_strong.font)
                painter.setPen(theme.muted)
                painter.drawText(QRect(left, top, room, row), _MIDDLE, group)
                top += row
                for says, shown in acts:
                    _paint_key(painter, theme, says, shown, QRect(left, top, room, row))
                    top += row
                top += row // 2
        painter.end()


def _paint_key(painter: QPainter, theme: Theme, says: str, shown: Sequence[str], rect: QRect) -> None:
    m = theme.metrics
    right = rect.right()
    painter.setFont(theme.small.font)
    for word in reversed(shown):
        width = round(theme.small.metrics.horizontalAdvance(word)) + 2 * m.s
        cap = QRect(right - width, rect.top() + 3, width, rect.height() - 6)
        painter.setPen(QPen(theme.line, m.line))
        painter.setBrush(theme.canvas)
        painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), m.xs, m.xs)
        painter.setPen(theme.text)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, word)
        right -= width + m.xs
    painter.setFont(theme.body.font)
    painter.setPen(theme.text)
    room = right - rect.left() - m.xs
    painter.drawText(
        QRect(rect.left(), rect.top(), room, rect.height()),
        _MIDDLE,
        theme.body.metrics.elidedText(says, Qt.TextElideMode.ElideRight, room),
    )


class FindField(QLineEdit):
    """What is typed to find; keys that find nothing go to the map."""

    def __init__(self, over: KeyMap) -> None:
        super().__init__(over)
        self._over = over

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._over.key(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        from PySide6.QtGui import QKeyEvent

        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._over.wants(event):
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._over.left(event.reason())


class KeyMap(QWidget):
    """The overlay. It covers its parent, has the keyboard, and gives it back."""

    print_asked = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget, *, shared: bool = False) -> None:
        super().__init__(parent)
        self.look = look
        self.shared = shared
        self._under = parent
        self._before: QWidget | None = None
        self._keys = bindings()
        self.setAccessibleName(self.tr("The map of keys"))
        self.field = FindField(self)
        self.field.setPlaceholderText(self.tr("Type to find: move, undo, Ctrl+K"))
        self.field.setAccessibleName(self.tr("Find in the map of keys"))
        self.field.setMaxLength(40)
        self.title = Text(look, self.tr("Keys"), self, style="title")
        self.print_button = IconButton(look, "", self.tr("Print the map"), self, words=self.tr("Print…"), kind="plain")
        self.print_button.setToolTip("Ctrl+P")
        self.shut = IconButton(look, "cross", self.tr("Close the map"), self, keys="Esc")
        for made in (self.print_button, self.shut):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays in the field, where every key works
        self.area = QScrollArea(self)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sheet = Sheet(look, self.area)
        self.area.setWidget(self.sheet)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title)
        self._head.addWidget(self.field, 1)
        self._head.addWidget(self.print_button)
        self._head.addWidget(self.shut)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self.area, 1)
        self.field.textChanged.connect(self._found)
        self.print_button.clicked.connect(self.print_asked)
        self.shut.clicked.connect(self.close_map)
        look.changed.connect(self._arrange)
        parent.installEventFilter(self)
        self.set_keys(())
        self.hide()

    def set_keys(self, chosen: Chosen) -> None:
        """The keys that a person gave to acts."""
        self._keys = bindings(chosen)
        keys = keys_for(shared=self.shared)
        spoken = [f"{words(key)}: {' or '.join(self._keys.shown(key.act))}" for key in keys]
        self.setAccessibleDescription("; ".join(spoken))
        self._found(self.field.text())

    @property
    def keys(self) -> Bindings:
        """The keys that it shows."""
        return self._keys

    def toggle(self) -> None:
        """Show it, or take it away."""
        if self.isVisible():
            self.close_map()
            return
        self._before = self.window().focusWidget()
        self.field.clear()
        self.setGeometry(self._under.rect())
        self._arrange()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_map(self) -> None:
        """Take it away and give the keyboard back to whoever had it, if she is still there."""
        before, self._before = self._before, None
        had = self.field.hasFocus()
        self.hide()
        if had and before is not None and shiboken6.isValid(before):
            before.setFocus()

    def left(self, reason: Qt.FocusReason) -> None:
        """A key of the whole window (Ctrl+N) opened something: the map must not lie over it."""
        if reason not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._before = None
            self.hide()

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is the map's own, before the window's shortcuts."""
        return chords.of_event(event) == "Ctrl+P"

    def key(self, event: QKeyEvent) -> bool:
        """A key in the field that is not for typing: leave, print, scroll."""
        chord = chords.of_event(event)
        bar = self.area.verticalScrollBar()
        page = bar.pageStep()
        steps = {"Up": -bar.singleStep() * 2, "Down": bar.singleStep() * 2, "PgUp": -page, "PgDown": page}
        if chord in ("Esc", "Return") or (self._keys.act(chord) == "help" and not self.field.text()):
            self.close_map()
        elif chord == "Ctrl+P":
            self.print_asked.emit()
        elif chord in steps:
            bar.setValue(bar.value() + steps[chord])
        else:
            return False
        event.accept()
        return True

    def _found(self, text: str) -> None:
        self.sheet.show_lines(lines_of(self._keys, text, shared=self.shared))
        self.area.verticalScrollBar().setValue(0)

    # --------------------------------------------------------------------------------- looks

    def _card(self) -> QRect:
        m = self.look.theme.metrics
        width = min(self.width() - 2 * m.l, m.px(WIDEST))
        height = self.height() - 2 * m.l
        wanted = self.sheet.minimumHeight() + m.control + 3 * m.xl
        height = min(height, max(wanted, m.px(280)))
        return QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def _arrange(self) -> None:
        m = self.look.theme.metrics
        inner = min(self.width() - 2 * m.l, m.px(WIDEST)) - 2 * m.xl
        self.sheet.resize(inner, self.sheet.height())
        self.sheet.fit()
        card = self._card()
        self._column.setContentsMargins(
            card.left() + m.xl, card.top() + m.l, self.width() - card.right() + m.l, self.height() - card.bottom() + m.l
        )
        self._column.setSpacing(m.l)
        self._head.setSpacing(m.m)
        self.update()

    def sizeHint(self) -> QSize:
        return self._under.size()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card().contains(event.position().toPoint()):
            self.close_map()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._under.rect())
            self._arrange()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.canvas)
        veil.setAlpha(225)
        painter.fillRect(self.rect(), veil)
        painter.setBrush(theme.raised)
        painter.setPen(QPen(theme.line, m.line))
        painter.drawRoundedRect(QRectF(self._card()).adjusted(0.5, 0.5, -0.5, -0.5), m.radius, m.radius)
        painter.end()
