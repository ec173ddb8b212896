"""Settings, Keys: every act with its keys; Enter and a key gives it another, and who had that is said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from himsog_desktop.ui.shell import chords
from himsog_desktop.ui.shell.controls import IconButton, Text
from himsog_desktop.ui.shell.keymap import KEYS, Chosen, Key, bindings, chosen_with, keys_for, take, taken_from, words
from himsog_desktop.ui.shell.toasts import announce

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from himsog_desktop.ui.shell.prefs import PrefsStore
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

_DISPLAY = Qt.ItemDataRole.DisplayRole.value
_ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole.value
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
NOTHING = ("Backspace", "Del")
"""Keys that take an act's keys away."""


class KeysModel(QAbstractListModel):
    """The acts whose keys can be others."""

    def __init__(self, parent: QObject, *, shared: bool) -> None:
        super().__init__(parent)
        self.rows: list[Key] = [key for key in keys_for(shared=shared) if not key.fixed]
        self.chosen: Chosen = ()
        self.waiting = -1

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def keys(self, row: int) -> tuple[str, ...]:
        """The keys of a row as they are shown."""
        return bindings(self.chosen).shown(self.rows[row].act)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if not index.isValid() or role not in (_DISPLAY, _ACCESSIBLE):
            return None
        key = self.rows[index.row()]
        if role == _DISPLAY:
            return words(key)
        return f"{words(key)}, {key.group}: {' or '.join(self.keys(index.row())) or self.tr('no key')}"

    def show(self, chosen: Chosen) -> None:
        """Other keys."""
        self.chosen = chosen
        self.changed()

    def changed(self) -> None:
        """Have all of it painted again."""
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))


class _Row(QStyledItemDelegate):
    """One act: what it does, where it belongs, its keys as caps."""

    def __init__(self, look: ThemeSource, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, self._look.theme.metrics.row)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, KeysModel):
            return
        theme, m = self._look.theme, self._look.theme.metrics
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        key = model.rows[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.selected)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), m.radius, m.radius)
        right = rect.right() - m.s
        if model.waiting == index.row():
            says = self.tr("Press a key…")
            painter.setFont(theme.strong.font)
            painter.setPen(theme.accent)
            painter.drawText(rect.adjusted(0, 0, -m.s, 0), _MIDDLE | Qt.AlignmentFlag.AlignRight, says)
            right -= round(theme.strong.width(says)) + m.s
        else:
            own = key.act in bindings(model.chosen).changed
            for cap in reversed(model.keys(index.row())):
                right = paint_cap(painter, theme, cap, right, rect, strong=own)
            if not model.keys(index.row()):
                painter.setFont(theme.small.font)
                painter.setPen(theme.muted)
                painter.drawText(rect.adjusted(0, 0, -m.s, 0), _MIDDLE | Qt.AlignmentFlag.AlignRight, self.tr("no key"))
                right -= round(theme.small.width(self.tr("no key"))) + m.s
        painter.setFont(theme.body.font)
        painter.setPen(theme.text)
        room = right - rect.left() - 2 * m.s
        says = theme.body.metrics.elidedText(words(key), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(rect.left() + m.s, rect.top(), room, rect.height()), _MIDDLE, says)
        painter.restore()


def paint_cap(painter: QPainter, theme: Theme, word: str, right: int, rect: QRect, *, strong: bool = False) -> int:
    """A key as a cap whose right edge is given; where the next one to the left may end."""
    m = theme.metrics
    style = theme.small_strong if strong else theme.small
    width = round(style.metrics.horizontalAdvance(word)) + 2 * m.s
    height = style.line + m.xs
    cap = QRect(right - width, rect.top() + (rect.height() - height) // 2, width, height)
    painter.setPen(QPen(theme.accent if strong else theme.line, m.line))
    painter.setBrush(theme.canvas)
    painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), m.xs, m.xs)
    painter.setFont(style.font)
    painter.setPen(theme.text)
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, word)
    return right - width - m.xs


class KeysList(QListView):
    """The acts. Enter, or a double click, waits for a key; the window's own shortcuts are off meanwhile."""

    waiting = False
    """Whether the next key is meant for an act. Of the class: Qt asks ``event`` before there is an object."""

    def __init__(self, look: ThemeSource, part: KeysPart) -> None:
        super().__init__(part)
        self._part = part
        self.acts = KeysModel(self, shared=part.shared)
        self.setModel(self.acts)
        self.setItemDelegate(_Row(look, self))
        self.setUniformItemSizes(True)
        self.setObjectName("keys")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Keys"))
        self.setAccessibleDescription(self.tr("Enter, then a key, gives an act another key. Delete takes it away."))
        self.setCurrentIndex(self.acts.index(0, 0))
        self.doubleClicked.connect(lambda _index: part.begin())

    def event(self, event: QEvent) -> bool:
        if self.waiting and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self.waiting and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._part.pressed(chords.of_event(event))  # Tab too, which would else go on to the next widget
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._part.begin()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._part.clear()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End) or event.text().isalnum():
            super().keyPressEvent(event)
            return
        else:
            event.ignore()
            return
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._part.give_up()


class KeysPart(QWidget):
    """The list, what is said about it, and the way back to the usual keys."""

    def __init__(self, look: ThemeSource, prefs: PrefsStore, parent: QWidget, *, shared: bool = False) -> None:
        super().__init__(parent)
        self.look = look
        self.shared = shared
        self._prefs = prefs
        self._asked = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.metrics.s)
        self.list = KeysList(look, self)
        self.says = Text(look, "", self, style="small", colour="muted", wrap=True)
        self.change = IconButton(look, "", self.tr("Change the key"), self, words=self.tr("Change"), kind="plain")
        self.usual = IconButton(
            look, "", self.tr("The usual key of this act"), self, words=self.tr("Usual key"), kind="plain"
        )
        self.all = IconButton(look, "", self.tr("All keys as usual"), self, words=self.tr("All as usual"), kind="plain")
        buttons = QHBoxLayout()
        for made in (self.change, self.usual, self.all):
            buttons.addWidget(made)
        buttons.addStretch(1)
        column.addWidget(self.list)
        column.addWidget(self.says)
        column.addLayout(buttons)
        self.change.clicked.connect(self.begin)
        self.usual.clicked.connect(self.reset)
        self.all.clicked.connect(self.reset_all)
        prefs.changed.connect(lambda new, _old: self._show(new.keys))
        look.changed.connect(self._restyle)
        self._restyle()
        self._show(prefs.now.keys)
        self.give_up()

    @property
    def act(self) -> Key:
        """The act that is highlighted."""
        return self.list.acts.rows[max(self.list.currentIndex().row(), 0)]

    def begin(self) -> None:
        """Wait for the key."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.list.waiting = True
        self.list.acts.waiting = max(self.list.currentIndex().row(), 0)
        self._asked = ""
        self.list.acts.changed()
        self._say(self.tr("Press the new key for “{0}”. Esc leaves it as it is.").format(words(self.act)))

    def give_up(self) -> None:
        """Leave the key as it is."""
        self._asked = ""
        if self.list.acts.waiting >= 0:
            self.list.waiting = False
            self.list.acts.waiting = -1
            self.list.acts.changed()
        self.says.setText(self.tr("Enter, then a key, gives an act another key. Delete leaves it without one."))

    def pressed(self, chord: str) -> None:
        """A key came: taken, refused with why, or asked about once when another act has it."""
        if not chord:
            return
        if chord == "Esc":
            self.give_up()
            return
        if chord in NOTHING:
            self.clear()
            return
        key, shown = self.act, chords.shown(chord)
        if chords.fixed(chord):
            self._say(self.tr("{0} belongs to the grid, to fields or to the system. Another one?").format(shown))
            return
        holder = taken_from(self._prefs.now.keys, chord, key.act)
        if holder and self._asked != chord:
            self._asked = chord
            name = next(words(k) for k in KEYS if k.act == holder)
            self._say(self.tr("{0} is the key of “{1}”. Press it again to take it from there.").format(shown, name))
            return
        self._keep(take(self._prefs.now.keys, key.act, chord))
        self._say(self.tr("“{0}” is {1} now.").format(words(key), shown))

    def clear(self) -> None:
        """Leave the act without a key."""
        self._keep(chosen_with(self._prefs.now.keys, self.act.act, ()))
        self._say(self.tr("“{0}” has no key now; the palette still finds it.").format(words(self.act)))

    def reset(self) -> None:
        """The usual key of the highlighted act, taken back from whoever has it."""
        key = self.act
        chosen = chosen_with(self._prefs.now.keys, key.act, None)
        wanted = {chords.normal(chord) for chord in (*key.keys, *key.also)}
        for act, keys in chosen:
            if wanted & set(keys):
                chosen = chosen_with(chosen, act, tuple(chord for chord in keys if chord not in wanted))
        self._keep(chosen)
        self._say(self.tr("“{0}” has its usual key.").format(words(key)))

    def reset_all(self) -> None:
        """Every act its usual keys."""
        self._keep(())
        self._say(self.tr("All acts have their usual keys."))

    def _keep(self, chosen: Chosen) -> None:
        self.give_up()
        self._prefs.set(self._prefs.now._replace(keys=chosen))

    def _say(self, text: str) -> None:
        self.says.setText(text)
        announce(self.list, text)

    def _show(self, chosen: Chosen) -> None:
        self.list.acts.show(chosen)

    def _restyle(self) -> None:
        m = self.look.theme.metrics
        self.list.setFixedHeight(m.row * 7 + 2 * m.line)
        self.says.setMinimumHeight(2 * self.look.theme.small.line)
