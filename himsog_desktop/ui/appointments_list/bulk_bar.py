"""Below the list while something is selected: how many, what can be done with them, and Esc. It only asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy

from himsog_desktop.ui.shell.controls import IconButton, Surface, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme


class Offer(NamedTuple):
    """One act: its name in code, icon, words, keys, and its worth (what is low loses its words first)."""

    act: str
    glyph: str
    words: str
    keys: str
    worth: int


OFFERS = (
    Offer("confirm", "tick", "Confirm", "C", 7),
    Offer("complete", "double-tick", "Complete", "F", 5),
    Offer("no-show", "person-crossed", "No-show", "N", 4),
    Offer("cancel", "cross", "Cancel…", "X", 6),
    Offer("move", "move", "Move…", "R", 3),
    Offer("reopen", "undo", "Reopen", "", 2),
    Offer("export", "download", "Export…", "", 1),
)


class BulkBar(Surface):
    """The bar. ``asked`` names an act of ``OFFERS``."""

    asked = Signal(str)
    cleared = Signal()
    stopped = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent, token="raised", edges="t")
        self.setAccessibleName(self.tr("What is selected"))
        self.count = Text(look, "", self, style="strong")
        self._figure = self._words = ""
        self.remark = Text(look, "", self, style="small", colour="muted")
        self.buttons: dict[str, IconButton] = {}
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.count)
        self._row.addWidget(self.remark)
        self._row.addStretch(1)
        for offer in OFFERS:
            words = self.tr(offer.words)
            button = IconButton(look, offer.glyph, words, self, words=words, kind="plain", keys=offer.keys)
            button.clicked.connect(lambda _on=False, act=offer.act: self.asked.emit(act))
            self.buttons[offer.act] = button
            self._row.addWidget(button)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.hide()
        self.stop = IconButton(look, "cross", self.tr("Stop; nothing is changed then"), self, words=self.tr("Stop"))
        self.stop.clicked.connect(self.stopped)
        self.stop.hide()
        self._row.addWidget(self.progress)
        self._row.addWidget(self.stop)
        self.clear = IconButton(look, "cross", self.tr("Select nothing"), self, keys="Esc")
        self.clear.clicked.connect(self.cleared)
        self._row.addWidget(self.clear)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.restyle(look.theme)

    def show_count(self, count: int, elsewhere: int = 0) -> None:
        """How many are selected, and how many of them are not in the list as it is filtered now."""
        self._figure, self._words = f"{count:,}", self.tr("{0} selected").format(f"{count:,}")
        self.count.setAccessibleName(self._words)
        self.remark.setText(self.tr("{0} not in this list").format(f"{elsewhere:,}") if elsewhere else "")
        self._fit()

    def show_progress(self, done: int, total: int) -> None:
        """An act takes longer than a moment: how far it is. Nothing else can be asked meanwhile."""
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self._working(True)

    def end_progress(self) -> None:
        """It is over."""
        self._working(False)

    def _working(self, on: bool) -> None:
        if self.progress.isVisibleTo(self) == on:
            return
        self.progress.setVisible(on)
        self.stop.setVisible(on)
        for button in (*self.buttons.values(), self.clear):
            button.setVisible(not on)

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        self._row.setContentsMargins(m.m, m.s, m.m, m.s)
        self._row.setSpacing(m.xs)
        self.progress.setFixedSize(m.px(180), m.px(8))
        self.setFixedHeight(m.control + 2 * m.s)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Words give way to icons, what is worth least first; then the remark; no button is ever cut."""
        theme, m = self.look.theme, self.look.theme.metrics
        around = 2 * m.m + m.control + (len(OFFERS) + 1) * m.xs + m.l
        room = self.width() - around - round(theme.strong.width(self._words))
        # Where not even the icons have room beside the words, the figure alone.
        self.count.setText(self._words if room >= len(OFFERS) * m.control else self._figure)
        wide = {o.act: round(theme.strong.width(self.tr(o.words))) + m.icon + m.s + 2 * m.m + 1 for o in OFFERS}
        shown = {offer.act for offer in OFFERS}
        for offer in sorted(OFFERS, key=lambda offer: offer.worth):
            if sum(wide[act] if act in shown else m.control for act in wide) <= room:
                break
            shown.discard(offer.act)
        for offer in OFFERS:
            self.buttons[offer.act].set_words(self.tr(offer.words) if offer.act in shown else "")
        self.remark.setVisible(bool(self.remark.text()) and len(shown) == len(OFFERS))
