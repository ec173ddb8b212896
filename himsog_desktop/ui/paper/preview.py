"""The sheets as they will be printed, one under the other, as wide as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy

from himsog_desktop.domain.paper import Words
from himsog_desktop.services.printing import faces
from himsog_desktop.ui.paper.draw import SheetPainter

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.domain.paper import Paper, PaperPage
    from himsog_desktop.ui.theme.system import ThemeSource

WIDEST = 1.5
"""Pixels a point at scale 1, beyond which a sheet does not grow."""
KEPT = 3
"""Sheets of which the picture is kept: each is some 5 MB, four times that on a sharp screen."""
TURN_MS = 4
"""How long a sheet is drawn at a time: a full one takes some 20 ms, and a key must not wait for that."""


class _Picture:
    """A sheet as a picture, and how many of its items have been drawn."""

    __slots__ = ("drawn", "pixmap", "ratio", "total")

    def __init__(self, pixmap: QPixmap, ratio: float, total: int) -> None:
        self.pixmap = pixmap
        self.ratio = ratio
        self.total = total
        self.drawn = 0

    @property
    def whole(self) -> bool:
        return self.drawn >= self.total


class PaperView(QAbstractScrollArea):
    """Paints a paper. It is a picture: what it says is told to a screen reader as the text of the sheet in view."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.paper: Paper | None = None
        self._painter: SheetPainter | None = None  # its fonts are read when they are needed
        self._pictures: dict[int, _Picture] = {}
        self._turns = QTimer(self)
        self._turns.setInterval(0)
        self._turns.timeout.connect(self._draw_on)
        self._words = ""
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.verticalScrollBar().valueChanged.connect(self._told)
        look.changed.connect(self.viewport().update)
        self.setAccessibleName(self.tr("Preview"))

    def show_paper(self, paper: Paper) -> None:
        """Another paper; the place that is in view stays."""
        self.paper = paper
        self._words = ""
        self._pictures.clear()
        self._fit()
        self._told()
        self.viewport().update()

    def say(self, words: str) -> None:
        """Words in place of a paper."""
        self.paper = None
        self._words = words
        self._fit()
        self.setAccessibleName(self.tr("Preview: {0}").format(words))
        self.setAccessibleDescription("")
        self.viewport().update()

    @property
    def current(self) -> int:
        """The sheet that stands in the middle of the view, from 0."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        rects = self._rects()
        return max((i for i, rect in enumerate(rects) if rect.top() <= middle), default=0)

    def show_sheet(self, number: int) -> None:
        """Scroll to a sheet."""
        rects = self._rects()
        if rects:
            rect = rects[min(max(number, 0), len(rects) - 1)]
            self.verticalScrollBar().setValue(rect.top() - self._gap())

    # ---------------------------------------------------------------------------------- geometry

    def _gap(self) -> int:
        return self.look.theme.metrics.l

    def _scale(self, page: PaperPage) -> float:
        room = self.viewport().width() - 2 * self._gap()
        return max(min(room / page.width, WIDEST * max(self.look.theme.metrics.scale, 1.0)), 0.2)

    def _rects(self) -> list[QRect]:
        """Where the sheets stand in the whole length."""
        found: list[QRect] = []
        y = self._gap()
        for page in self.paper.pages if self.paper is not None else ():
            scale = self._scale(page)
            width, height = round(page.width * scale), round(page.height * scale)
            found.append(QRect((self.viewport().width() - width) // 2, y, width, height))
            y += height + self._gap()
        return found

    def _fit(self) -> None:
        rects = self._rects()
        length = rects[-1].bottom() + self._gap() if rects else 0
        bar = self.verticalScrollBar()
        bar.setRange(0, max(length - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self.look.theme.metrics.px(40))

    def resizeEvent(self, event: QResizeEvent) -> None:
        number = self.current
        super().resizeEvent(event)
        self._pictures.clear()
        self._fit()
        if number:
            self.show_sheet(number)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pictures.clear()  # drawn again when they are looked at again

    def sizeHint(self) -> QSize:
        return QSize(self.look.theme.metrics.px(600), self.look.theme.metrics.px(600))

    # ---------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.canvas)
        if self.paper is None:
            painter.setPen(theme.muted)
            painter.setFont(theme.body.font)
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._words)
            painter.end()
            return
        top = self.verticalScrollBar().value()
        places = [rect.translated(0, -top) for rect in self._rects()]
        # In a tall window more are in view than are kept else: one would be drawn in the place of another for ever.
        most = max(KEPT, sum(shown.intersects(self.viewport().rect()) for shown in places))
        for number, (page, shown) in enumerate(zip(self.paper.pages, places, strict=True)):
            if not shown.intersects(event.rect()):
                continue
            painter.drawPixmap(shown.topLeft(), self._picture(number, page, shown.size(), most).pixmap)
            painter.setPen(QPen(theme.line, theme.metrics.line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(shown.adjusted(-1, -1, 0, 0))
        painter.end()

    def _picture(self, number: int, page: PaperPage, size: QSize, most: int) -> _Picture:
        """The picture of a sheet, kept, so that scrolling only blits; drawn turn by turn after it was asked for."""
        ratio = self.devicePixelRatioF()
        found = self._pictures.get(number)
        if found is None or found.ratio != ratio:
            pixmap = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.white)
            while len(self._pictures) >= most:
                self._pictures.pop(max(self._pictures, key=lambda other: abs(other - number)))
            found = self._pictures[number] = _Picture(pixmap, ratio, len(page.items))
        if not found.whole and not self._turns.isActive():
            self._turns.start()
        return found

    @property
    def drawn(self) -> bool:
        """Whether nothing more is to be drawn."""
        return not self._turns.isActive()

    def _draw_on(self) -> None:
        """A turn of drawing: the sheet in view first."""
        paper = self.paper
        waiting = [number for number, picture in self._pictures.items() if not picture.whole]
        if paper is None or not waiting or max(waiting) >= len(paper.pages):
            self._turns.stop()
            return
        current = self.current
        number = min(waiting, key=lambda other: abs(other - current))
        if self._painter is None:
            self._painter = SheetPainter(faces())
        picture, page = self._pictures[number], paper.pages[number]
        begun = QElapsedTimer()
        begun.start()
        painter = QPainter(picture.pixmap)
        picture.drawn = self._painter.paint(
            painter, page, self._rects()[number].width() / page.width, picture.drawn, lambda: begun.hasExpired(TURN_MS)
        )
        painter.end()
        if len(waiting) == 1 and picture.whole:
            self._turns.stop()
        self.viewport().update()

    # ---------------------------------------------------------------------------- keys and voice

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        key = event.key()
        if key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_Space):
            self.show_sheet(self.current + 1)
        elif key == Qt.Key.Key_PageUp:
            self.show_sheet(self.current - 1)
        elif key == Qt.Key.Key_Down:
            bar.setValue(bar.value() + bar.singleStep())
        elif key == Qt.Key.Key_Up:
            bar.setValue(bar.value() - bar.singleStep())
        else:
            event.ignore()

    def _told(self) -> None:
        """The sheet in view, in words."""
        self.viewport().update()
        if self.paper is None:
            return
        page = self.paper.pages[self.current]
        name = self.tr("Preview, sheet {0} of {1}: {2}").format(self.current + 1, len(self.paper.pages), page.label)
        if name != self.accessibleName():
            self.setAccessibleName(name)
            self.setAccessibleDescription("; ".join(item.text for item in page.items if isinstance(item, Words)))
