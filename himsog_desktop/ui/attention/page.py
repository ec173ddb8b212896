"""The page Needs attention: cards one below the other, the nearest appointment first; everything by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from himsog_desktop.domain.commands import AnswerCard
from himsog_desktop.domain.resolution import CARD, Resolution
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.ui.appointments_list.notice import Notice
from himsog_desktop.ui.attention.card import CardView
from himsog_desktop.ui.attention.empty import Empty
from himsog_desktop.ui.attention.telling import TOPIC, Telling
from himsog_desktop.ui.calendar.labels import Clock
from himsog_desktop.ui.shell.controls import Surface, Text

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QResizeEvent

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import ActDoc, AttentionDoc
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.session import Session

MOST = 20
"""Cards that are made at once; the next ones follow as these are answered."""
WIDEST = 920
"""Width of a card at scale 1: longer lines nobody reads."""
CONCERNS = frozenset({CARD, "appointment", "patient", "provider", "service", "block"})
"""Lists of a change set after which the cards are read again."""

Read = tuple[list["AttentionDoc"], dict[str, str]]


def read_cards(desk: Desk) -> Read:
    """The cards, and the names of the providers."""
    from himsog_desktop.services import attention

    names = dict(desk.reader.execute("SELECT id, healthcare_name FROM providers").fetchall())
    return attention.items(desk, whole=MOST), names


class AttentionPage(Surface):
    """Every card that waits for a person (``ui.shell.pages.Page``)."""

    def __init__(self, context: DeskContext, _session: Session, parent: QWidget) -> None:
        super().__init__(context.look, parent, token="canvas")
        self.context = context
        self.cards: list[CardView] = []
        self.items: list[AttentionDoc] = []
        self._providers: dict[str, str] = {}
        self.known = False
        self.setAccessibleName(self.tr("Needs attention"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = Text(context.look, self.tr("Needs attention"), self, style="title")
        self.says = Text(context.look, "", self, colour="muted", wrap=True)
        self.more = Text(context.look, "", self, colour="muted", wrap=True)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body = Surface(context.look, self.area, token="canvas")
        self._column = QVBoxLayout(self._body)
        self._column.addWidget(self.title)
        self._column.addWidget(self.says)
        self._list = QVBoxLayout()
        self._column.addLayout(self._list)
        self._column.addWidget(self.more)
        self._column.addStretch(1)
        self.area.setWidget(self._body)
        self.empty = Empty(context.look, self)
        self.empty.left.connect(lambda: context.go.into(self._today()))
        self.notice = Notice(context.look, self)
        self.notice.retried.connect(self.read)
        self._stack = QStackedLayout(self)
        for part in (self.area, self.empty, self.notice):
            self._stack.addWidget(part)
        self._minute = QTimer(self)
        self._minute.setInterval(30_000)
        self._minute.timeout.connect(self._read_again)
        context.backend.changed.connect(self._changed)
        context.prefs.changed.connect(lambda _new, _old: self._tell_again())
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        context.look.changed.connect(self._restyle)
        self._restyle()

    # ----------------------------------------------------------------------------- the protocol

    def arrive(self) -> None:
        """See ``Page``."""
        self._minute.start()
        self.context.messages.drop(TOPIC)
        if not self.known:
            self.read()
        self.take_keyboard()

    def chosen(self) -> tuple[str, ...]:
        """The state keys mean nothing here: the cards have keys of their own."""
        return ()

    def take_keyboard(self) -> None:
        """To the card that had it, else the first; to the page where there is none."""
        held = QApplication.focusWidget()
        if held is not None and self.isAncestorOf(held):
            return
        target: QWidget = self.cards[0] if self.cards else self
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # --------------------------------------------------------------------------------- reading

    def read(self) -> None:
        """Read the cards."""
        self.context.backend.read(read_cards, self.show_cards, self.failed, key="attention", owner=self)

    def _changed(self, changes: ChangeSet) -> None:
        if self.known and (changes.everything or changes.lists & CONCERNS):
            if self.isVisible():
                self.read()
            else:
                self.known = False

    def failed(self, error: HimsogError) -> None:
        """They could not be read."""
        self.notice.show_error(error.message, self.tr("Retry"))
        self._stack.setCurrentWidget(self.notice)

    def _telling(self) -> Telling:
        prefs = self.context.prefs.now
        clock = Clock(self.context.zone, hour12=prefs.hour12)
        return Telling(clock, self.context.clock.now(), self._providers, privacy=prefs.privacy)

    def show_cards(self, read: Read) -> None:
        """Cards that were read."""
        self.known = True
        self.items, self._providers = read
        self._lay_out()

    def _read_again(self) -> None:
        """Free times become past ones, and what was far comes near."""
        if self.known and self.isVisible():
            self.read()

    def _tell_again(self) -> None:
        if self.known and self.isVisible():
            self._lay_out()

    def _lay_out(self) -> None:
        telling = self._telling()
        held = self._held()
        known = {card.item.id: card for card in self.cards if card.item is not None}
        shown = self.items[:MOST]
        cards = [known.pop(item.id) if item.id in known else self._make() for item in shown]
        gone = list(known.values())
        for place, (card, item) in enumerate(zip(cards, shown, strict=True)):
            card.show_item(item, telling)
            if self._list.indexOf(card) != place:
                self._list.insertWidget(place, card)
            card.show()
        self.cards = cards
        self._move_keyboard(held, gone)
        for card in gone:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._say()

    def _say(self) -> None:
        count, left = len(self.items), len(self.items) - len(self.cards)
        soon = sum(item.soon for item in self.items)
        told = self.tr("The server could not take one change.") if count == 1 else ""
        told = told or self.tr("The server could not take {0} changes.").format(count)
        told += " " + self.tr("Nothing of it is lost: choose for each what shall stand.")
        if soon:
            told += " " + self.tr("Within a day: {0}.").format(soon)
        self.says.setText(told)
        self.more.setText(self.tr("{0} more follow when these are answered.").format(left))
        self.more.setVisible(left > 0)
        self._stack.setCurrentWidget(self.area if self.cards else self.empty)

    def _make(self) -> CardView:
        card = CardView(self.context.look, self._body)
        card.answered.connect(lambda how, start, reason: self._answer(card, how, start, reason))
        card.opened.connect(lambda: self._open(card))
        card.stepped.connect(lambda step: self._step(card, step))
        return card

    # -------------------------------------------------------------------------------- answering

    def _answer(self, card: CardView, how: Resolution, start: Micros | None, reason: str) -> None:
        item = card.item
        if item is None:
            return

        def done(_doc: ActDoc) -> None:
            card.busy = False
            self.items = [other for other in self.items if other.id != item.id]
            self._lay_out()

        def failed(error: HimsogError) -> None:
            gone = not shiboken6.isValid(card)
            if gone or (error.code in ("changed_meanwhile", "not_found") and not error.details):
                self.context.messages.say(error.message, error=True)
                card.busy = False
                self.read()
            else:
                card.refused(error, self._telling())

        self.context.acts.answer(AnswerCard(item.id, how, start, reason or None), done, failed)

    def _open(self, card: CardView) -> None:
        item = card.item
        if item is None or item.entity.type != "appointment":
            return
        if not item.creates and item.theirs.values:
            self.context.go.details(item.entity.id)
        elif item.start is not None:
            # What was refused is not there: the day on which it was wanted is.
            self.context.go.into(self.context.zone.date_of(parse_instant(item.start)))

    # ---------------------------------------------------------------------------------- keyboard

    def _held(self) -> tuple[CardView | None, int]:
        """The card that has the keyboard, and its place."""
        held = QApplication.focusWidget()
        for place, card in enumerate(self.cards):
            if held is card or (held is not None and card.isAncestorOf(held)):
                return card, place
        return None, -1

    def _move_keyboard(self, held: tuple[CardView | None, int], gone: list[CardView]) -> None:
        """The keyboard of a card that goes is the next one's; of the last one, the page's."""
        card, place = held
        waits = QApplication.focusWidget() is self and self.isVisible()
        if not waits and (card is None or card not in gone):
            return
        if self.cards:
            self.cards[min(max(place, 0), len(self.cards) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, card: CardView, step: int) -> None:
        place = self.cards.index(card) + step
        if 0 <= place < len(self.cards):
            self.cards[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self._body.isAncestorOf(new):
            return
        bar, m = self.area.verticalScrollBar(), self.look.theme.metrics
        if isinstance(new, CardView) and new.height() + m.xl > self.area.viewport().height():
            bar.setValue(new.y() - m.s)  # what happened stands at its top
        else:
            self.area.ensureWidgetVisible(new, 0, m.xl)

    # ------------------------------------------------------------------------------------ looks

    def _today(self) -> date:
        return self.context.zone.date_of(self.context.clock.now())

    def _restyle(self) -> None:
        m = self.look.theme.metrics
        self._column.setSpacing(m.m)
        self._list.setSpacing(m.l)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Cards in the middle of a wide page, from edge to edge of a narrow one."""
        m = self.look.theme.metrics
        air = m.l if self.width() < m.px(600) else m.xl
        side = max((self.width() - m.px(WIDEST)) // 2, air) if self.width() > m.px(WIDEST) + 8 * m.xl else air
        self._column.setContentsMargins(side, m.xl, side, m.xl)
