"""What for: services found as you type, as rows with their price, added by Enter, several.

One field does it all: letters find, Enter adds, Enter on an empty field goes on to the time, the arrows in
an empty field go on to the free times below, Backspace takes the last service away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from himsog_desktop.domain.clinic import ServiceKind
from himsog_desktop.ui.appointments.fields import Caption, EnterFilter, Notice, SmallButton, column
from himsog_desktop.ui.appointments.offers import minutes_words
from himsog_desktop.ui.appointments.painting import paint_frame
from himsog_desktop.ui.appointments.rows import Row, Rows
from himsog_desktop.ui.appointments.words import tip
from himsog_desktop.ui.calendar.labels import one_line
from himsog_desktop.ui.shell.controls import WrittenLine
from himsog_desktop.ui.shell.toasts import announce

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.appointments.offers import Item, Menu
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.theme.system import ThemeSource

MOST = 7
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class Chip(QWidget):
    """A chosen service: name, length, price, and what a package holds."""

    removed = Signal()

    def __init__(self, look: ThemeSource, name: str, price: str, facts: str, parent: QWidget, *, warn: bool) -> None:
        super().__init__(parent)
        self.look = look
        self.name, self.price, self.facts = name, price, facts
        self._warn = warn
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        self.remove = SmallButton(look, "cross", self.tr("Remove {0}").format(name), self)
        self.remove.setToolTip(tip(self.tr("Remove {0}").format(name)))
        self.remove.clicked.connect(self.removed)
        line.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(", ".join(part for part in (name, facts, price) if part))
        self.setToolTip(tip(f"{name}\n{facts}" if facts else name))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme, m = self.look.theme, self.look.theme.metrics
        return QSize(200, m.control + (theme.small.line + m.xs if self.facts else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = theme.danger_tint if self._warn else theme.canvas
        paint_frame(painter, self.rect(), fill, theme.line, m.line, m.radius)
        right = self.width() - m.control - m.xs
        price = round(theme.body.metrics.horizontalAdvance(self.price)) + 2
        painter.setFont(theme.body.font)
        painter.setPen(theme.text)
        painter.drawText(QRect(right - price, 0, price, m.control), _RIGHT, self.price)
        room = right - price - 2 * m.s
        words = theme.strong.metrics.elidedText(self.name, Qt.TextElideMode.ElideRight, room)
        painter.setFont(theme.strong.font)
        painter.drawText(QRect(m.s, 0, room, m.control), _LEFT, words)
        if self.facts:
            painter.setFont(theme.small.font)
            painter.setPen(theme.danger if self._warn else theme.muted)
            room = self.width() - 2 * m.s
            words = theme.small.metrics.elidedText(self.facts, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(m.s, m.control - m.xs, room, theme.small.line), _LEFT, words)
        painter.end()


class ServicePart(QWidget):
    """The chosen services and the field that finds them."""

    changed = Signal()
    proceed = Signal()
    """Enter on an empty field."""
    stepped = Signal(int)
    """An arrow in an empty field: on to the free times."""
    submitted = Signal()

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._menu: Menu | None = None
        self._provider: str | None = None
        self._enter_waits = False
        self._wanted: tuple[str, ...] = ()
        self.chosen: list[Item] = []
        self.chips: list[Chip] = []
        self.before: QWidget | None = None
        """What the keyboard comes from: the chips stand before the field, and are made after it."""
        look = context.look
        m = look.theme.metrics
        self._lines = column(self, m.xs)
        self.field = WrittenLine(self)
        self.field.setPlaceholderText(self.tr("Check-up, vaccination…"))
        self.field.setAccessibleName(self.tr("Service"))
        self.field.setMaxLength(120)
        self.field.installEventFilter(self)
        self.caption = Caption(look, self.tr("&Services"), self.field, self)
        self.results = Rows(look, self.tr("Found services"), self, two_lines=False)
        self.results.clear_rows()
        self.problem = Notice(look, self, tone="warn")
        for widget in (self.caption, self.field, self.results, self.problem):
            self._lines.addWidget(widget)
        self.field.written.connect(self._typed)
        enter = EnterFilter(self.field)
        enter.pressed.connect(self._enter)
        enter.with_control.connect(self.submitted)
        self.results.taken.connect(self._taken)

    # ------------------------------------------------------------------------------- what is

    def set_menu(self, menu: Menu) -> None:
        """What is offered. What was chosen before stays where it is still offered."""
        wanted = self._wanted or tuple(item.any.id for item in self.chosen)
        self._wanted = ()
        self._menu = menu
        self.chosen = [item for item in dict.fromkeys(map(menu.item_of, wanted)) if item is not None] if wanted else []
        self._rebuild()
        if self.results.rows or self.field.text().strip():
            self._search()
        if self._enter_waits:
            self._enter_waits = False
            self._enter()

    def set_provider(self, provider_id: str | None) -> None:
        """Whose services are found; None is everybody's."""
        if provider_id != self._provider:
            self._provider = provider_id
            self._rebuild()
            if self.results.rows:
                self._search()

    def set_chosen(self, service_ids: tuple[str, ...]) -> None:
        """Choose by ids of anybody's services."""
        if self._menu is None:
            self._wanted = service_ids
            return
        found = [self._menu.item_of(key) for key in service_ids]
        self.chosen = list({item.key: item for item in found if item is not None}.values())
        self._rebuild()

    def close_list(self) -> None:
        """Put the results away."""
        self.results.clear_rows()

    # ------------------------------------------------------------------------------ searching

    def _typed(self, _text: str) -> None:
        self._enter_waits = False
        self.problem.say()
        if not self.field.text().strip():
            self.results.clear_rows()
            return
        self._search()

    def _search(self) -> None:
        if self._menu is None:
            self.results.wait(3)
            return
        menu, provider = self._menu, self._provider
        found = menu.find(self.field.text(), provider, self.chosen, MOST)
        rows = []
        for item in found:
            service = item.of(provider) or item.any
            minutes = menu.minutes(service)
            facts = [menu.price_words(service), minutes_words(minutes) if minutes else ""]
            glyph = "layers" if service.kind is ServiceKind.PACKAGE else "tag"
            rows.append(Row(item.key, one_line(item.name), " · ".join(f for f in facts if f), "", glyph))
        self.results.show_rows(rows, self.tr("No service of that name is offered."))

    def _enter(self) -> None:
        if not self.field.text().strip() and not self.results.rows:
            self.proceed.emit()
        elif self._menu is None:
            self._enter_waits = True
        else:
            self.results.take()

    def _taken(self, at: int) -> None:
        key = self.results.rows[at].key
        item = next((i for i in self._menu.items if i.key == key), None) if self._menu is not None else None
        if item is None:
            return
        self.chosen.append(item)
        self.field.clear()
        self.results.clear_rows()
        self._rebuild()
        announce(self.field, self.tr("{0} added").format(one_line(item.name)))
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def remove(self, item: Item) -> None:
        """Take a service away."""
        if item in self.chosen:
            self.chosen.remove(item)
            self._rebuild()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QKeyEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key())) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
        empty = not self.field.text()
        if step is not None:
            if self.results.rows:
                self.results.step(step)
                announce(self.field, self.results.rows[self.results.current].spoken)
            elif empty and not self.chosen and step > 0:
                self._search()
            elif empty:
                self.stepped.emit(step)
            return True
        if key == Qt.Key.Key_Escape and self.results.rows:
            self.results.clear_rows()
            self.field.clear()
            return True
        if key == Qt.Key.Key_Backspace and empty and self.chosen:
            self.remove(self.chosen[-1])
            return True
        return False

    # -------------------------------------------------------------------------------- the face

    def _rebuild(self) -> None:
        for chip in self.chips:
            self._lines.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        menu = self._menu
        if menu is None:
            return
        for i, item in enumerate(self.chosen):
            service = item.of(self._provider)
            shown = service or item.any
            parts = ", ".join(one_line(part) for part in menu.parts(shown))
            facts = self.tr("Includes {0}").format(parts) if parts else ""
            if service is None:
                facts = self.tr("Not offered by this provider")
            chip = Chip(
                self._context.look, one_line(item.name), menu.price_words(shown), facts, self, warn=service is None
            )
            chip.removed.connect(lambda chosen=item: self.remove(chosen))
            # Above the field, in the order of choosing: the keyboard goes down the column.
            self._lines.insertWidget(1 + i, chip)
            self.chips.append(chip)
        before = self.before
        for chip in self.chips:
            if before is not None:
                QWidget.setTabOrder(before, chip.remove)
            before = chip.remove
        self.field.setPlaceholderText(
            self.tr("Another service, or Enter to go on") if self.chosen else self.tr("Check-up, vaccination…")
        )
