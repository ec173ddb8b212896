"""Small painted parts of the frame: surfaces with a line at an edge, buttons with an icon, plain labels.

Each takes the look once and follows it: ``look.changed`` repaints, so that light and dark swap at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QMenu

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import TextStyle, Theme

_ALIGN_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class Surface(QWidget):
    """A widget filled with a token (``surface``, ``canvas``, ``raised``), with lines at the named edges."""

    def __init__(
        self, look: ThemeSource, parent: QWidget | None = None, *, token: str = "surface", edges: str = ""
    ) -> None:
        super().__init__(parent)
        self.look = look
        self._token = token
        self._edges = edges
        look.changed.connect(self._restyled)

    def _restyled(self) -> None:
        self.restyle(self.look.theme)
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Take sizes of a new look; colours are read when painting."""

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self)
        fill: QColor = getattr(theme, self._token)
        painter.fillRect(event.rect(), fill)
        width, height, line = self.width(), self.height(), theme.metrics.line
        for edge in self._edges:
            rect = {
                "t": QRect(0, 0, width, line),
                "b": QRect(0, height - line, width, line),
                "l": QRect(0, 0, line, height),
                "r": QRect(width - line, 0, line, height),
            }[edge]
            painter.fillRect(rect, theme.line)
        painter.end()


class Text(QLabel):
    """Plain text in one of the theme's styles (``body``, ``small``, ``strong``, ``section``, ``title``)."""

    def __init__(
        self,
        look: ThemeSource,
        text: str = "",
        parent: QWidget | None = None,
        *,
        style: str = "body",
        colour: str = "text",
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.look = look
        self._style = style
        self._colour = colour
        self.setWordWrap(wrap)
        self.setText(text)
        self._restyle()
        look.changed.connect(self._restyle)

    def set_colour(self, token: str) -> None:
        """Another token of the theme."""
        if token != self._colour:
            self._colour = token
            self._restyle()

    def _restyle(self) -> None:
        theme = self.look.theme
        style: TextStyle = getattr(theme, self._style)
        colour: QColor = getattr(theme, self._colour)
        self.setFont(style.font)
        made = self.palette()
        made.setColor(self.foregroundRole(), colour)
        self.setPalette(made)


class ShortText(Text):
    """A line that is cut with an ellipsis where there is no room for all of it."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), _ALIGN_LEFT, words)
        painter.end()


class WrittenLine(QLineEdit):
    """A field that says what a person wrote, by keyboard or by an assistive tool; what the program sets is quiet.

    Qt's ``textEdited`` leaves assistive tools out: they set the text of a field whole. They do it below Python,
    so what comes through ``setText`` and ``clear`` here is the program's own.
    """

    written = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.textChanged.connect(self._heard)

    def setText(self, text: str | None) -> None:
        self._quiet = True
        super().setText(text or "")
        self._quiet = False

    def clear(self) -> None:
        self._quiet = True
        super().clear()
        self._quiet = False

    def _heard(self, text: str) -> None:
        if not self._quiet:
            self.written.emit(text)


class IconButton(QAbstractButton):
    """A button with an icon of the family, words beside it or none (then only a name to hear).

    ``kind`` is ``quiet``, ``plain`` (a line around it) or ``primary``. Painted here, not styled: it stands in
    the first paint, where every styled button and every ``QIcon`` costs.
    """

    def __init__(
        self,
        look: ThemeSource,
        glyph: str,
        name: str,
        parent: QWidget | None = None,
        *,
        words: str = "",
        kind: str = "quiet",
        keys: str = "",
    ) -> None:
        super().__init__(parent)
        self.look = look
        self._glyph = glyph
        self._kind = kind
        self.setText(words)
        self.setAccessibleName(name)
        tip = f"{name}  {keys}" if keys else name
        if tip != words:
            self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyled)

    def set_glyph(self, glyph: str) -> None:
        """Another icon."""
        self._glyph = glyph
        self.update()

    def set_words(self, words: str) -> None:
        """Other words beside the icon."""
        if words != self.text():
            self.setText(words)
            self.updateGeometry()

    def _restyled(self) -> None:
        self.updateGeometry()
        self.update()

    def width_of(self, words: str) -> int:
        """Its width with these words."""
        theme, m = self.look.theme, self.look.theme.metrics
        if not words:
            return m.control
        icon = m.icon + m.s if self._glyph else 0
        return round(theme.strong.metrics.horizontalAdvance(words)) + icon + 2 * m.m + 1

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self.text()), self.look.theme.metrics.control)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hover, down = self.underMouse() and self.isEnabled(), self.isDown()
        colour, token = theme.text, theme.tokens.text
        if self._kind == "primary":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.accent if self.isEnabled() else theme.line)
            painter.drawRoundedRect(self.rect(), m.radius, m.radius)
            colour, token = theme.on_accent, theme.tokens.on_accent
            if self.hasFocus():
                painter.setPen(QPen(theme.text, m.ring))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), m.radius, m.radius)
        else:
            paint_control(painter, theme, self.rect(), hover=hover, focus=self.hasFocus(), down=down)
            if self._kind == "plain" and not self.hasFocus():
                paint_outline(painter, theme, self.rect())
        if not self.isEnabled():
            colour, token = theme.muted, theme.tokens.muted
        left = m.m if self.text() else (self.width() - m.icon) // 2
        if self._glyph:
            top = (self.height() - m.icon) // 2
            painter.drawPixmap(left, top, theme.icon(self._glyph, token, self.devicePixelRatioF()))
            left += m.icon + m.s
        if self.text():
            painter.setFont(theme.strong.font if self._kind == "primary" else theme.body.font)
            painter.setPen(colour)
            room = QRect(left, 0, self.width() - left - m.s, self.height())
            if not self._glyph:
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
            else:
                painter.drawText(room, _ALIGN_LEFT, self.text())
        painter.end()


class MenuButton(QAbstractButton):
    """Words, a chevron and a menu below; the menu is shown without a nested loop."""

    def __init__(
        self,
        look: ThemeSource,
        name: str,
        parent: QWidget | None = None,
        *,
        glyph: str = "",
        strong: bool = False,
        outlined: bool = False,
    ) -> None:
        super().__init__(parent)
        self.look = look
        self._outlined = outlined
        self._glyph = glyph
        self._strong = strong
        self._menu: QMenu | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_menu)
        look.changed.connect(self._restyled)

    @property
    def menu(self) -> QMenu | None:
        """The menu that a click opens."""
        return self._menu

    def set_menu(self, menu: QMenu) -> None:
        """The menu that a click opens."""
        self._menu = menu
        self.updateGeometry()

    def open_menu(self) -> None:
        """Show the menu below, inside the screen."""
        if self._menu is None:
            return
        size = self._menu.sizeHint()
        right_edge = self.window().mapToGlobal(QPoint(self.window().width(), 0)).x()
        at = self.mapToGlobal(QPoint(0, self.height() + self.look.theme.metrics.xs))
        at.setX(min(at.x(), right_edge - size.width() - self.look.theme.metrics.s))
        self._menu.popup(at)

    def _restyled(self) -> None:
        self.updateGeometry()
        self.update()

    def _style(self) -> TextStyle:
        theme = self.look.theme
        return theme.strong if self._strong else theme.body

    def sizeHint(self) -> QSize:
        m = self.look.theme.metrics
        words = self._style().metrics.horizontalAdvance(self.text())
        width = m.s + (m.icon + m.s if self._glyph else 0) + words + (m.xs + m.icon if self._menu else 0) + m.s
        return QSize(round(width) + 1, m.control)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.theme.metrics.px(72), self.look.theme.metrics.control)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._outlined:
            paint_outline(painter, theme, self.rect())
        paint_control(painter, theme, self.rect(), hover=self.underMouse(), focus=self.hasFocus(), down=self.isDown())
        left, right = m.s, self.width() - m.s
        ratio = self.devicePixelRatioF()
        top = (self.height() - m.icon) // 2
        if self._glyph:
            painter.drawPixmap(left, top, theme.icon(self._glyph, theme.tokens.muted, ratio))
            left += m.icon + m.s
        if self._menu is not None:
            right -= m.icon
            painter.drawPixmap(right, top, theme.icon("chevron-down", theme.tokens.muted, ratio))
            right -= m.xs
        style = self._style()
        painter.setFont(style.font)
        painter.setPen(theme.text if self.isEnabled() else theme.muted)
        words = style.metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, 0, right - left, self.height()), _ALIGN_LEFT, words)
        painter.end()


def paint_outline(painter: QPainter, theme: Theme, rect: QRect) -> None:
    """A line around a control."""
    m = theme.metrics
    painter.setPen(QPen(theme.line, m.line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), m.radius, m.radius)


def paint_control(
    painter: QPainter, theme: Theme, rect: QRect, *, hover: bool, focus: bool, down: bool = False, on: bool = False
) -> None:
    """The face of a quiet control: nothing, a tint under the pointer, a ring with the keyboard."""
    m = theme.metrics
    painter.setPen(Qt.PenStyle.NoPen)
    if on or down or hover:
        painter.setBrush(theme.selected if on else theme.line if down else theme.hover)
        painter.drawRoundedRect(rect, m.radius, m.radius)
    if focus:
        half = m.ring // 2
        painter.setPen(QPen(theme.accent, m.ring))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), m.radius, m.radius)
