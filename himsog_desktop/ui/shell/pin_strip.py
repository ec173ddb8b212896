"""The strip of the pinboard above the status bar: one chip per appointment, with its length and where it is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from himsog_desktop.ui.shell.controls import IconButton, Surface, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

PinRow = tuple[str, str, str, str, str]
"""Id, name or initials, length, from when, provider."""
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Chip(QAbstractButton):
    """One pinned appointment: Enter or a click takes it in hand, a drag carries it, Delete unpins."""

    stepped = Signal(int)
    unpinned = Signal()
    left = Signal()
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)

    def __init__(self, look: ThemeSource, row: PinRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.row = row
        _key, name, length, since, provider = row
        self.setText(name)
        self.setAccessibleName(f"{name}, {length}, {since}, {provider}")
        self.setAccessibleDescription(self.tr("Pinned. Enter takes it in hand, Delete unpins it."))
        self.setToolTip(f"{name}\n{length} · {since}\n{provider}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._pressed: QPoint | None = None
        self._carried = False

    def _details(self) -> str:
        return f"{self.row[2]} · {self.row[3]}"

    def sizeHint(self) -> QSize:
        theme = self.look.theme
        m = theme.metrics
        words = theme.small_strong.width(self.text()) + theme.small.width(self._details()) + m.s
        return QSize(round(words) + 2 * m.s + m.icon + m.xs, theme.small.line + m.s)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        m = theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        painter.setBrush(theme.selected if focus or self.underMouse() else theme.raised)
        painter.setPen(QPen(theme.accent if focus else theme.line, m.ring if focus else m.line))
        half = 1.0 if focus else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), m.radius, m.radius)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(m.s, (self.height() - m.icon) // 2, theme.icon("pin", theme.tokens.accent, ratio))
        x = m.s + m.icon + m.xs
        painter.setFont(theme.small_strong.font)
        painter.setPen(theme.text)
        width = round(theme.small_strong.width(self.text())) + 1
        painter.drawText(QRect(x, 0, width, self.height()), _MIDDLE, self.text())
        painter.setFont(theme.small.font)
        painter.setPen(theme.muted)
        painter.drawText(QRect(x + width + m.s, 0, self.width(), self.height()), _MIDDLE, self._details())
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        back = Qt.Key.Key_Right if self.isRightToLeft() else Qt.Key.Key_Left
        on = Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right
        if key in (back, Qt.Key.Key_Up):
            self.stepped.emit(-1)
        elif key in (on, Qt.Key.Key_Down):
            self.stepped.emit(1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.unpinned.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        self._carried = False
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if self._carried or (at - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._carried = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, carried = self._pressed, self._carried
        self._pressed, self._carried = None, False
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        if carried:
            self.dropped.emit(event.globalPosition().toPoint())
        elif pressed is not None and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        event.accept()


class PinStrip(Surface):
    """The chips in a row; a row too long is scrolled. Gone while nothing is pinned."""

    picked = Signal(str)
    unpinned = Signal(str)
    cleared = Signal()
    left = Signal()
    dragged = Signal(str, QPoint)
    dropped = Signal(QPoint)

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent, edges="t")
        self._rows: list[PinRow] = []
        self.chips: list[Chip] = []
        self._line = QHBoxLayout(self)
        self.caption = Text(look, "", self, style="small_strong", colour="muted")
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._holder = QWidget(self.area)
        self._chips = QHBoxLayout(self._holder)
        self._chips.setContentsMargins(0, 0, 0, 0)
        self._chips.addStretch(1)
        self.area.setWidget(self._holder)
        for ground in (self.area.viewport(), self._holder):
            ground.setAutoFillBackground(False)  # the strip's own shows
        self.clear = IconButton(look, "", self.tr("Clear the pinboard: nothing is moved"), self, words=self.tr("Clear"))
        self.clear.clicked.connect(self.cleared)
        self._line.addWidget(self.caption)
        self._line.addWidget(self.area, 1)
        self._line.addWidget(self.clear)
        self.hide()
        self.restyle(look.theme)

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        self._line.setContentsMargins(m.l, m.xs, m.m, m.xs)
        self._line.setSpacing(m.m)
        self._chips.setSpacing(m.s)
        self.setFixedHeight(theme.small.line + m.s + 2 * m.s)
        for chip in self.chips:
            chip.updateGeometry()

    def show_pins(self, rows: list[PinRow]) -> None:
        """What is pinned; the chip with the keyboard keeps it, or its neighbour gets it."""
        if rows == self._rows:
            return
        at = next((n for n, chip in enumerate(self.chips) if chip.hasFocus()), -1)
        self._rows = rows
        known = {chip.row: chip for chip in self.chips}
        chips = [known.pop(row) if row in known else self._make(row) for row in rows]
        for place, chip in enumerate(chips):
            self._chips.insertWidget(place, chip)
        self.chips = chips
        if at >= 0 and chips and not any(chip.hasFocus() for chip in chips):
            chips[min(at, len(chips) - 1)].setFocus()
        elif at >= 0 and not chips:
            self.left.emit()
        for chip in known.values():
            self._chips.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        count = len(rows)
        self.caption.setText(self.tr("Pinned: {0}").format(count))
        self.setAccessibleName(
            self.tr("Pinboard, 1 appointment") if count == 1 else self.tr("Pinboard, {0} appointments").format(count)
        )
        self.setVisible(bool(rows))

    def _make(self, row: PinRow) -> Chip:
        chip = Chip(self.look, row, self._holder)
        key = row[0]
        chip.clicked.connect(lambda: self.picked.emit(key))
        chip.unpinned.connect(lambda: self.unpinned.emit(key))
        chip.left.connect(self.left)
        chip.stepped.connect(lambda step: self._step(chip, step))
        chip.dragged.connect(lambda at: self.dragged.emit(key, at))
        chip.dropped.connect(self.dropped)
        return chip

    def _step(self, chip: Chip, step: int) -> None:
        place = min(max(self.chips.index(chip) + step, 0), len(self.chips) - 1)
        self.chips[place].setFocus()
        self.area.ensureWidgetVisible(self.chips[place])

    def take_keyboard(self) -> None:
        """The keyboard stands on the first chip."""
        if self.chips:
            self.chips[0].setFocus(Qt.FocusReason.ShortcutFocusReason)


class DropHint(QWidget):
    """Laid over the status bar while an appointment is dragged: it can be let go there."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        m = theme.metrics
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.selected)
        painter.fillRect(QRect(0, 0, self.width(), 1), theme.accent)
        top = (self.height() - m.icon) // 2
        painter.drawPixmap(m.l, top, theme.icon("pin", theme.tokens.accent, self.devicePixelRatioF()))
        painter.setFont(theme.small_strong.font)
        painter.setPen(theme.accent)
        words = QRect(m.l + m.icon + m.xs, 0, self.width(), self.height())
        painter.drawText(words, _MIDDLE, self.tr("Let go here to pin it, and carry it to another day"))
        painter.end()
