"""One card: what happened, both sides, the next free times, and a key for each way out.

The keys work while the card or anything in it has the keyboard; what they do stands on the buttons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from himsog_desktop.domain.resolution import Resolution
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.domain.wording import one_line, phone_words
from himsog_desktop.ui.appointments.fields import EnterFilter, KeyButton, Notice, button
from himsog_desktop.ui.attention.sides import ROOM, Sides
from himsog_desktop.ui.shell.controls import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QPaintEvent, QResizeEvent

    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.documents import AttentionDoc
    from himsog_desktop.ui.attention.telling import Telling
    from himsog_desktop.ui.theme.system import ThemeSource

MINE, THEIRS, CALL, DISCARD = "K", "T", "P", "X"
"""The keys, beside the digits of the free times."""
LONGEST_REASON = 400


class CardView(QWidget):
    """A card of Needs attention."""

    answered = Signal(object, object, str)
    """A ``Resolution``, the other time or None, the reason or ``""``."""
    opened = Signal()
    """Enter: show the appointment itself."""
    stepped = Signal(int)

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.item: AttentionDoc | None = None
        self.busy = False
        self._soon = False
        self._times: list[Micros] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.head = Text(look, "", self, style="section", wrap=True)
        self.away = Text(look, "", self, style="small_strong", colour="danger")
        self.away.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.why = Text(look, "", self, colour="muted", wrap=True)
        self.sides = Sides(look, self)
        self.phone = PhoneLine(look, self)
        self.trouble = Notice(look, self, tone="danger")
        self.times_words = Text(look, self.tr("The next free times"), self, style="small", colour="muted")
        self.times = [KeyButton(look, "", str(n), self) for n in (1, 2, 3)]
        self.mine = KeyButton(look, self.tr("Keep what was wanted"), MINE, self)
        self.theirs = KeyButton(look, self.tr("Keep what is there"), THEIRS, self)
        self.call = KeyButton(look, self.tr("Call the patient"), CALL, self)
        self.discard = KeyButton(look, self.tr("Discard…"), DISCARD, self, kind="danger")
        self.reason = ReasonLine(look, self)
        self._arrange()
        for number, made in enumerate(self.times):
            made.clicked.connect(lambda _on=False, n=number: self.take_time(n))
        self.mine.clicked.connect(lambda: self._answer(Resolution.MINE))
        self.theirs.clicked.connect(lambda: self._answer(Resolution.THEIRS))
        self.call.clicked.connect(self.toggle_phone)
        self.discard.clicked.connect(self.begin_discard)
        self.reason.given.connect(lambda text: self._answer(Resolution.DISCARDED, reason=text))
        self.reason.kept.connect(self._keep)
        look.changed.connect(self._restyled)

    def _arrange(self) -> None:
        m = self.look.theme.metrics
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(m.l + m.xs, m.l, m.l, m.l)
        self._column.setSpacing(m.m)
        top = QHBoxLayout()
        top.setSpacing(m.m)
        top.addWidget(self.head, 1)
        top.addWidget(self.away, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(top)
        for part in (self.why, self.sides, self.phone, self.trouble, self.times_words):
            self._column.addWidget(part)
        self._free = QGridLayout()
        self._free.setSpacing(m.s)
        self._column.addLayout(self._free)
        self._ways = QGridLayout()
        self._ways.setSpacing(m.s)
        self._column.addLayout(self._ways)
        self._column.addWidget(self.reason)
        before: QWidget = self
        for widget in (*self.times, self.mine, self.theirs, self.call, self.discard):
            QWidget.setTabOrder(before, widget)
            before = widget

    # ------------------------------------------------------------------------------- contents

    def show_item(self, item: AttentionDoc, telling: Telling) -> None:
        """Show a card, or what became of it."""
        self.item = item
        self._soon = item.soon
        self.head.setText(telling.headline(item))
        self.away.setText(telling.away(item))
        self.away.setVisible(bool(self.away.text()))
        self.why.setText(" ".join(one_line(rule.text) for rule in item.rules))
        self.why.setVisible(bool(item.rules))
        there = self.tr("Who has it") if item.kind == "slot" else self.tr("There now")
        self.sides.show_sides(
            (self.tr("Wanted"), telling.mine(item)), (there, telling.theirs(item)), telling.rows(item)
        )
        self._show_ways(item, telling)
        self._name(item)
        self.update()

    def _show_ways(self, item: AttentionDoc, telling: Telling) -> None:
        ways = set(item.ways)
        self._times = [parse_instant(slot.start) for slot in item.alternatives[: len(self.times)]]
        self.times_words.setVisible(bool(self._times))
        for number, made in enumerate(self.times):
            made.setVisible(number < len(self._times))
            if number < len(self._times):
                words = telling.moment(self._times[number])
                made.setText(words)
                made.setAccessibleName(self.tr("Take {0}").format(words))
        self.mine.setVisible("mine" in ways)
        self.theirs.setVisible("theirs" in ways)
        theirs = self.tr("Leave it to them") if item.creates else self.tr("Keep what is there")
        self.theirs.setText(theirs)
        self.theirs.setAccessibleName(theirs)
        self.discard.setVisible("discard" in ways)
        phone = item.patient.phone if item.patient is not None else None
        self.call.setVisible(item.patient is not None)
        self.phone.show_phone(telling.name(item), phone)
        self._lay_buttons()

    def _lay_buttons(self) -> None:
        narrow = self.width() < self.look.theme.metrics.px(ROOM)
        _fill(self._free, [made for made in self.times if not made.isHidden()], 1 if narrow else 3)
        ways = [made for made in (self.mine, self.theirs, self.call, self.discard) if not made.isHidden()]
        edges, gap = self._column.contentsMargins(), self._ways.spacing()
        room = self.width() - edges.left() - edges.right() - gap * (len(ways) - 1)
        tight = any(made.roomy * len(ways) > room for made in ways)
        _fill(self._ways, ways, 2 if narrow or tight else len(ways))
        self.sides.set_narrow(narrow)

    def _name(self, item: AttentionDoc) -> None:
        soon = f", {self.away.text()}" if self.away.text() else ""
        self.setAccessibleName(f"{self.head.text()}{soon}")
        keys = [f"{made.accessibleName()}: {made.shown_keys}" for made in self._keys() if not made.isHidden()]
        told = [rule.text for rule in item.rules]
        self.setAccessibleDescription(". ".join([*told, self.sides.spoken, "; ".join(keys)]))

    def _keys(self) -> tuple[KeyButton, ...]:
        return (*self.times, self.mine, self.theirs, self.call, self.discard)

    # ------------------------------------------------------------------------------- answering

    def take_time(self, number: int) -> None:
        """The key of one of the free times."""
        if 0 <= number < len(self._times):
            self._answer(Resolution.SLOT, self._times[number])

    def toggle_phone(self) -> None:
        """Show whom to call, large; or put it away."""
        if self.call.isHidden():
            return
        self.phone.setVisible(self.phone.isHidden())
        if not self.phone.isHidden():
            self.phone.tell()

    def begin_discard(self) -> None:
        """Ask why."""
        if not self.discard.isHidden():
            self.reason.begin()

    def _keep(self) -> None:
        self.reason.hide()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, how: Resolution, start: Micros | None = None, reason: str = "") -> None:
        shown = {Resolution.MINE: self.mine, Resolution.THEIRS: self.theirs, Resolution.DISCARDED: self.discard}
        made = shown.get(how)
        if self.busy or (made is not None and made.isHidden()):
            return
        self.busy = True
        self.trouble.say()
        self.answered.emit(how, start, reason)

    def refused(self, error: HimsogError, telling: Telling) -> None:
        """It could not be answered like that: why, and what is free instead; the card stays."""
        self.busy = False
        self.trouble.say(error.message, *(reason.text for reason in error.details if len(error.details) > 1))
        if error.alternatives and self.item is not None:
            self._times = [slot.start for slot in error.alternatives[: len(self.times)]]
            for number, at in enumerate(self._times):
                self.times[number].setText(telling.moment(at))
                self.times[number].setAccessibleName(self.tr("Take {0}").format(telling.moment(at)))
                self.times[number].show()
            self.times_words.show()
            self._lay_buttons()

    # ------------------------------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() and event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.accept()
            return
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        letter = event.text().upper() if plain else ""
        key = event.key()
        if letter == MINE:
            self._answer(Resolution.MINE)
        elif letter == THEIRS:
            self._answer(Resolution.THEIRS)
        elif letter == CALL:
            self.toggle_phone()
        elif letter == DISCARD:
            self.begin_discard()
        elif letter.isdigit() and letter.isascii() and 1 <= int(letter) <= len(self._times):
            self.take_time(int(letter) - 1)
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # ----------------------------------------------------------------------------------- looks

    def _restyled(self) -> None:
        QTimer.singleShot(0, self, self._lay_buttons)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_buttons()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        face = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        path = QPainterPath()
        path.addRoundedRect(face, m.radius, m.radius)
        painter.fillPath(path, theme.raised)
        painter.setClipPath(path)
        bar = theme.danger if self._soon else theme.statuses["requested"].bar
        painter.fillRect(QRectF(0, 0, m.xs + 1, self.height()), bar)
        painter.setClipping(False)
        painter.strokePath(path, QPen(theme.accent if focus else theme.line, m.ring if focus else m.line))
        painter.end()


def _fill(grid: QGridLayout, buttons: list[KeyButton], columns: int) -> None:
    """Buttons in so many columns of one width."""
    while grid.takeAt(0) is not None:
        pass
    for column in range(4):
        grid.setColumnStretch(column, 1 if column < columns else 0)
    for at, made in enumerate(buttons):
        grid.addWidget(made, at // columns, at % columns)


class PhoneLine(QWidget):
    """Whom to call and the number, large enough to be dialled from."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        column = QVBoxLayout(self)
        m = look.theme.metrics
        column.setContentsMargins(m.l, m.m, m.l, m.m)
        column.setSpacing(0)
        self.who = Text(look, "", self, style="small", colour="muted", wrap=True)
        self.number = Text(look, "", self, style="title", wrap=True)
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.who)
        column.addWidget(self.number)
        look.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def show_phone(self, name: str, phone: str | None) -> None:
        """Whose number it is."""
        self.who.setText(self.tr("Call {0}").format(name))
        self.number.setText(phone_words(phone) if phone else self.tr("No phone is known"))
        self.setAccessibleName(f"{self.who.text()}: {self.number.text()}")

    def tell(self) -> None:
        """Have it read out."""
        from himsog_desktop.ui.shell.toasts import announce

        announce(self, self.accessibleName())

    def _restyle(self) -> None:
        letters = self.number.font()
        letters.setPixelSize(round(self.look.theme.metrics.title * 1.8))
        self.number.setFont(letters)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.selected)
        painter.drawRoundedRect(self.rect(), m.radius, m.radius)
        painter.end()


class ReasonLine(QWidget):
    """Why a change is discarded: one line, Enter; Esc keeps the card."""

    given = Signal(str)
    kept = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.theme.metrics.s)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Why is it discarded? Then Enter; Esc keeps the card"))
        self.field.setAccessibleName(self.tr("Reason for discarding"))
        self.field.setMaxLength(LONGEST_REASON)
        self.go = button(self.tr("Discard"), self, "danger")
        row.addWidget(self.field, 1)
        row.addWidget(self.go)
        EnterFilter(self.field).pressed.connect(self._give)
        self.go.clicked.connect(self._give)
        self.hide()

    def begin(self) -> None:
        """Ask."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _give(self) -> None:
        text = self.field.text().strip()
        if text:
            self.given.emit(text)
        else:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.kept.emit()
        # What is typed here is a reason, never one of the card's keys.
        event.accept()
