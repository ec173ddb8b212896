"""The settings of this window: look, clock, rows, columns. Everything takes effect at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFormLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from himsog_desktop.ui.calendar.geometry import ZOOMS
from himsog_desktop.ui.shell.columns_menu import read_choices
from himsog_desktop.ui.shell.controls import MenuButton, Surface, Text
from himsog_desktop.ui.shell.keys_part import KeysPart
from himsog_desktop.ui.shell.menus import SCHEMES
from himsog_desktop.ui.shell.provider_picker import ProviderChooser

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

SCALES: tuple[tuple[float | None, str], ...] = (
    (None, "Like the system"),
    (0.9, "90 %"),
    (1.0, "100 %"),
    (1.15, "115 %"),
    (1.3, "130 %"),
    (1.5, "150 %"),
    (2.0, "200 %"),
)

CONTRASTS: tuple[tuple[bool | None, str], ...] = ((None, "Like the system"), (False, "Usual"), (True, "High"))
MOTIONS: tuple[tuple[bool | None, str], ...] = ((None, "Like the system"), (False, "Usual"), (True, "Less"))


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
        scroll = self.area = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        # The keyboard stands on what is in it, never on the frame: that would be a stop without a name.
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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
        self.scheme = self._choice(form, self.tr("Colours"), SCHEMES, "scheme")
        self.scheme.taken.connect(self.scheme_asked)
        self.scale = self._choice(form, self.tr("Text size"), SCALES, "scale")
        self.scale.taken.connect(lambda value: self._set(scale=value))
        self.contrast = self._choice(form, self.tr("Contrast"), CONTRASTS, "contrast")
        self.contrast.taken.connect(lambda value: self._set(contrast=value))
        self.motion = self._choice(form, self.tr("Motion"), MOTIONS, "still")
        self.motion.taken.connect(lambda value: self._set(still=value))
        hours = ((False, "09:30, 14:00"), (True, "9:30 AM, 2:00 PM"))
        self.clock = self._choice(form, self.tr("Times"), hours, "hour12")
        self.clock.taken.connect(lambda value: self._set(hour12=value))
        rows = tuple((z, self.tr("{0} minutes").format(z)) for z in ZOOMS)
        self.zoom = self._choice(form, self.tr("One row of the day"), rows, "zoom")
        self.zoom.taken.connect(lambda value: self._set(zoom=value))
        self.columns = ProviderChooser(context.look, body)
        label = Text(context.look, self.tr("Columns of the day"), body)
        form.addRow(label, self.columns)
        self.keys = KeysPart(context.look, context.prefs, body, shared=context.shared)
        form.addRow(Text(context.look, self.tr("Keys"), body), self.keys)
        column.addStretch(1)
        self.columns.arranged.connect(lambda hidden, order: self._set(hidden=hidden, order=order))
        self._prefs.changed.connect(self._follow)
        self.restyle(context.look.theme)

    def begin(self) -> None:
        """It came into view."""
        now = self._prefs.now
        self._context.backend.read(
            lambda desk: read_choices(desk, now.hidden, now.order), self.columns.list.show_choices, owner=self
        )
        self.area.verticalScrollBar().setValue(0)
        self.scheme.setFocus()

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        room = max(self.width() - 2 * m.xl - m.px(160), m.px(280))
        self.columns.setFixedWidth(min(m.px(400), room))
        self.columns.list.setFixedHeight(m.px(224))
        self.keys.setFixedWidth(min(m.px(460), room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.restyle(self.look.theme)

    def show_keys(self) -> None:
        """Bring the keys into view and give them the keyboard."""
        self.area.ensureWidgetVisible(self.keys, 0, self.look.theme.metrics.xl)
        self.keys.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choice(self, form: QFormLayout, name: str, choices: tuple[tuple[object, str], ...], field: str) -> Choices:
        made = Choices(self.look, name, choices, getattr(self._prefs.now, field), self)
        label = Text(self.look, name, self)
        label.setMinimumHeight(self.look.theme.metrics.control)
        form.addRow(label, made)
        return made

    def _set(self, **changes: object) -> None:
        self._prefs.set(self._prefs.now._replace(**changes))  # type: ignore[arg-type]

    def _follow(self, new: Prefs, _old: Prefs) -> None:
        self.scheme.show_value(new.scheme)
        self.scale.show_value(new.scale)
        self.contrast.show_value(new.contrast)
        self.motion.show_value(new.still)
        self.clock.show_value(new.hour12)
        self.zoom.show_value(new.zoom)


class Choices(MenuButton):
    """One of a few: a button that says which, and a menu of all."""

    taken = Signal(object)

    def __init__(
        self, look: ThemeSource, name: str, choices: tuple[tuple[object, str], ...], value: object, parent: QWidget
    ) -> None:
        super().__init__(look, name, parent, outlined=True)
        self._name = name
        self._choices = choices
        self._group = QActionGroup(self)
        menu = QMenu(self)
        for number, (_value, words) in enumerate(choices):
            action = menu.addAction(self.tr(words))
            action.setCheckable(True)
            action.triggered.connect(lambda _on=False, n=number: self._take(n))
            self._group.addAction(action)
        self.set_menu(menu)
        self.setMinimumWidth(look.theme.metrics.px(220))
        self.show_value(value)

    def show_value(self, value: object) -> None:
        """What is chosen."""
        for action, (known, words) in zip(self._group.actions(), self._choices, strict=True):
            action.setChecked(known == value)
            if known == value:
                self.setText(self.tr(words))
                self.setAccessibleName(f"{self._name}: {self.tr(words)}")
        self.update()

    def _take(self, number: int) -> None:
        self.taken.emit(self._choices[number][0])
