"""The settings of this window: look, clock, rows, columns. Everything takes effect at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QScrollArea, QVBoxLayout, QWidget

from himsog_desktop.ui.calendar.geometry import ZOOMS
from himsog_desktop.ui.shell.controls import Surface, Text
from himsog_desktop.ui.shell.menus import SCHEMES, read_choices
from himsog_desktop.ui.shell.provider_picker import ProviderChooser

if TYPE_CHECKING:
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.prefs import Prefs

SCALES: tuple[tuple[float | None, str], ...] = (
    (None, "Like the system"),
    (0.9, "90 %"),
    (1.0, "100 %"),
    (1.15, "115 %"),
    (1.3, "130 %"),
    (1.5, "150 %"),
    (2.0, "200 %"),
)


class SettingsPage(Surface):
    """One page of choices."""

    scheme_asked = Signal(object)

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        super().__init__(context.look, parent, token="canvas")
        self._context = context
        self._prefs = context.prefs
        m = context.look.theme.metrics
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        outer.addWidget(scroll)
        body = Surface(context.look, scroll, token="canvas")
        scroll.setWidget(body)
        column = QVBoxLayout(body)
        column.setContentsMargins(m.xl, m.xl, m.xl, m.xl)
        column.setSpacing(m.l)
        column.addWidget(Text(context.look, self.tr("Settings"), body, style="title"))
        form = QFormLayout()
        form.setHorizontalSpacing(m.xl)
        form.setVerticalSpacing(m.m)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFormAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        column.addLayout(form)
        now = self._prefs.now
        self.scheme = self._choice(form, self.tr("Colours"), SCHEMES, now.scheme)
        self.scheme.activated.connect(lambda _i: self.scheme_asked.emit(self.scheme.currentData()))
        self.scale = self._choice(form, self.tr("Text size"), SCALES, now.scale)
        self.scale.activated.connect(lambda _i: self._set(scale=self.scale.currentData()))
        hours = ((False, "09:30, 14:00"), (True, "9:30 AM, 2:00 PM"))
        self.clock = self._choice(form, self.tr("Times"), hours, now.hour12)
        self.clock.activated.connect(lambda _i: self._set(hour12=self.clock.currentData()))
        rows = tuple((z, self.tr("{0} minutes").format(z)) for z in ZOOMS)
        self.zoom = self._choice(form, self.tr("One row of the day"), rows, now.zoom)
        self.zoom.activated.connect(lambda _i: self._set(zoom=self.zoom.currentData()))
        self.columns = ProviderChooser(context.look, body)
        self.columns.setFixedWidth(m.px(360))
        self.columns.list.setFixedHeight(m.px(300))
        label = Text(context.look, self.tr("Columns of the day"), body)
        form.addRow(label, self.columns)
        column.addStretch(1)
        self.columns.arranged.connect(lambda hidden, order: self._set(hidden=hidden, order=order))
        self._prefs.changed.connect(self._follow)

    def begin(self) -> None:
        """It came into view."""
        now = self._prefs.now
        self._context.backend.read(
            lambda desk: read_choices(desk, now.hidden, now.order), self.columns.list.show_choices, owner=self
        )
        self.scheme.setFocus()

    def _choice(
        self, form: QFormLayout, name: str, choices: tuple[tuple[object, str], ...], chosen: object
    ) -> QComboBox:
        box = QComboBox(self)
        for value, words in choices:
            box.addItem(words, value)
        box.setAccessibleName(name)
        m = self.look.theme.metrics
        box.setMinimumWidth(m.px(220))
        box.setMinimumHeight(m.control)
        _select(box, chosen)
        form.addRow(Text(self.look, name, self), box)
        return box

    def _set(self, **changes: object) -> None:
        self._prefs.set(self._prefs.now._replace(**changes))  # type: ignore[arg-type]

    def _follow(self, new: Prefs, _old: Prefs) -> None:
        _select(self.scheme, new.scheme)
        _select(self.scale, new.scale)
        _select(self.clock, new.hour12)
        _select(self.zoom, new.zoom)


def _select(box: QComboBox, value: object) -> None:
    for i in range(box.count()):
        if box.itemData(i) == value:
            box.setCurrentIndex(i)
            return
