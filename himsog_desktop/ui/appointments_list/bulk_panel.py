"""Moving or cancelling many: what will happen to each stands here before anything does, refusals with a way out.

The act itself is worked out by ``services.bulk`` both times, for this preview and when it is done; the panel
only says what is wanted. Some may be moved, others cancelled, others left: it is one act with one undo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from himsog_desktop.domain.appointment import CancelledBy
from himsog_desktop.domain.quickparse import read_typed
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.ui.appointments_list.bulk_plan import CANCEL, MOVE, OUT, BulkPlan
from himsog_desktop.ui.appointments_list.outcome_list import DONE, REFUSED, Outcome, OutcomeList
from himsog_desktop.ui.appointments_list.outcome_list import OUT as STAYS
from himsog_desktop.ui.calendar.labels import STATES, Clock
from himsog_desktop.ui.models.words import short_day
from himsog_desktop.ui.shell.cancel_panel import CLINIC_REASONS, PATIENT_REASONS
from himsog_desktop.ui.shell.controls import IconButton, MenuButton, Text
from himsog_desktop.ui.shell.panels import Panel

if TYPE_CHECKING:
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import ActDoc, OutcomeDoc, PlaceDoc, PreviewDoc, SlotDoc
    from himsog_desktop.ui.shell.context import DeskContext

TYPING_MS = 250
MOST_SHIFT = 24 * 60


class BulkPanel(Panel):
    """The panel. ``fate`` is what was asked for: ``move`` or ``cancel``."""

    def __init__(self, context: DeskContext, ids: tuple[str, ...], fate: str) -> None:
        super().__init__("")
        self._context = context
        self.plan = BulkPlan(ids, fate)
        self.preview: PreviewDoc | None = None
        self._docs: dict[str, OutcomeDoc] = {}
        self._names: list[tuple[str, str]] = []
        self._doing = False
        # Filled when nobody waits for the preview under way: a long one must not hold up the worker.
        given_up = self._given_up = [list[bool]()]
        self.destroyed.connect(lambda: given_up[0].append(True))
        title = self.tr("Cancel {0} appointments") if fate == CANCEL else self.tr("Move {0} appointments")
        self.set_title(title.format(f"{len(ids):,}"))
        look, m = context.look, context.look.theme.metrics
        column = QVBoxLayout(self)
        column.setContentsMargins(m.l, 0, m.l, m.l)
        column.setSpacing(m.s)
        self._moving = self._move_part()
        self._cancelling = self._cancel_part()
        column.addWidget(self._cancelling)
        column.addWidget(self._moving)
        self.summary = Text(look, "", self, style="strong", wrap=True)
        column.addWidget(self.summary)
        self.outcomes = OutcomeList(look, self)
        self.outcomes.selectionModel().selectionChanged.connect(lambda *_: self._show_ways())
        column.addWidget(self.outcomes, 1)
        self._ways = QWidget(self)
        self._ways_column = QVBoxLayout(self._ways)
        self._ways_column.setContentsMargins(0, 0, 0, 0)
        self._ways_column.setSpacing(m.xs)
        column.addWidget(self._ways)
        self._error = Text(look, "", self, colour="danger", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        row = QHBoxLayout()
        self.do = QPushButton(self)
        self.do.setProperty("primary", "true")
        self.do.clicked.connect(self.do_now)
        keep = QPushButton(self.tr("Keep"), self)
        keep.setToolTip("Esc")
        keep.clicked.connect(self.closed)
        row.addWidget(self.do, 1)
        row.addWidget(keep)
        column.addLayout(row)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._typed)
        self._choose_reason("Provider unavailable", CancelledBy.CLINIC)
        context.backend.read(_providers, self._named, owner=self)
        self.look_ahead()

    # ------------------------------------------------------------------------------- its parts

    def _move_part(self) -> QWidget:
        part = QWidget(self)
        look, m = self._context.look, self._context.look.theme.metrics
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(m.xs)
        self.to = MenuButton(look, self.tr("Move to provider"), part, glyph="people", outlined=True)
        self.to.setText(self.tr("The same provider"))
        self._to_menu = QMenu(self.to)
        self.to.set_menu(self._to_menu)
        self.day = self._field(self.tr("Same day: tue, 24 nov, +7d"), self.tr("To the day"), part)
        self.later = self._field(self.tr("Same time: 30m, 1h"), self.tr("Later by"), part)
        column.addWidget(self.to)
        row = QHBoxLayout()
        row.setSpacing(m.s)
        row.addWidget(self.day, 3)
        row.addWidget(self.later, 2)
        column.addLayout(row)
        return part

    def _cancel_part(self) -> QWidget:
        part = QWidget(self)
        look, m = self._context.look, self._context.look.theme.metrics
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(m.xs)
        self.why = MenuButton(look, self.tr("Reason for cancelling"), part, outlined=True)
        menu = QMenu(self.why)
        for heading, by, reasons in (
            (self.tr("The clinic cancels"), CancelledBy.CLINIC, CLINIC_REASONS),
            (self.tr("The patient cancels"), CancelledBy.PATIENT, PATIENT_REASONS),
        ):
            menu.addSection(heading)
            head = menu.addAction(heading)
            head.setEnabled(False)
            for reason in reasons:
                action = menu.addAction(reason)
                action.triggered.connect(lambda _on=False, r=reason, by=by: self._choose_reason(r, by))
        self.why.set_menu(menu)
        self.note = self._field(self.tr("A few words more, if needed"), self.tr("A few words more"), part)
        self.note.setMaxLength(400)
        column.addWidget(self.why)
        column.addWidget(self.note)
        return part

    def _field(self, hint: str, name: str, parent: QWidget) -> QLineEdit:
        field = QLineEdit(parent)
        field.setPlaceholderText(hint)
        field.setAccessibleName(name)
        field.setMaxLength(60)
        field.textEdited.connect(lambda _text: self._typing.start())
        field.returnPressed.connect(self._typed)
        return field

    def _named(self, names: list[tuple[str, str]]) -> None:
        self._names = names
        self._to_menu.clear()
        for key, name in (("", self.tr("The same provider")), *names):
            action = self._to_menu.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, key=key, name=name: self._choose_provider(key, name))

    def focus_first(self) -> None:
        (self.why if self.plan.usual == CANCEL else self.to).setFocus()

    # ------------------------------------------------------------------------- what is wanted

    def _choose_reason(self, reason: str, by: CancelledBy) -> None:
        self._reason, self.plan.by = reason, by
        who = self.tr("Patient") if by is CancelledBy.PATIENT else self.tr("Clinic")
        self.why.setText(f"{who}: {reason}")
        self.why.update()

    def _choose_provider(self, key: str, name: str) -> None:
        self.plan.provider_id = key or None
        self.to.setText(name)
        self.to.update()
        self.look_ahead()

    def _typed(self) -> None:
        """Take what stands in the fields; what is not understood is marked and moves nothing."""
        self._typing.stop()
        today = self._context.zone.date_of(self._context.clock.now())
        day = read_typed(self.day.text(), today) if self.day.text().strip() else None
        wrong_day = bool(self.day.text().strip()) and (day is None or day.day is None or not day.complete)
        typed, back = self.later.text().strip(), self.later.text().strip().startswith(("-", "−"))
        length = read_typed(typed.lstrip("-−+ "), today) if typed else None
        wrong_later = bool(typed) and (length is None or length.duration is None or not length.complete)
        self._mark(self.day, wrong_day, self.tr("Not a date: try tue, 24 nov or +7d"))
        self._mark(self.later, wrong_later, self.tr("Not a length of time: try 30m, 1h or -15m"))
        self.plan.day = None if day is None or wrong_day else day.day
        minutes = 0 if length is None or wrong_later else min(length.duration or 0, MOST_SHIFT)
        self.plan.shift = -minutes if back else minutes
        self.look_ahead()

    def _mark(self, field: QLineEdit, wrong: bool, hint: str) -> None:
        field.setStyleSheet(f"color: {self._context.look.theme.tokens.danger};" if wrong else "")
        field.setAccessibleDescription(hint if wrong else "")
        field.setToolTip(hint if wrong else "")

    def set_fate(self, fate: str) -> None:
        """Something else for what is highlighted in the list, else for the one that the keyboard is on."""
        current = self.outcomes.current()
        marked = self.outcomes.marked() or ((current.id,) if current is not None else ())
        if marked:
            self.plan.set(marked, fate)
            self.look_ahead()

    def pick(self, key: str, slot: SlotDoc) -> None:
        """Another time for one that was refused."""
        self.plan.pick(self._docs[key], slot)
        self.look_ahead()

    # ------------------------------------------------------------------------------ the preview

    def look_ahead(self) -> None:
        """Work out every outcome of what is wanted now."""
        self._cancelling.setVisible(bool(self.plan.count(CANCEL)))
        self._moving.setVisible(bool(self.plan.count(MOVE)))
        command = self.plan.command(self._context.zone)
        self._given_up[0].append(True)
        given_up = self._given_up[0] = []
        self.do.setEnabled(False)
        if command is None:
            self.preview = None
            self._show_outcomes()
            return

        def work(desk: Desk) -> PreviewDoc:
            from himsog_desktop.services import bulk

            return bulk.preview(desk, command, stopped=lambda: bool(given_up))

        self.summary.setText(self.tr("Looking what will happen…"))
        self._context.backend.read(work, self._previewed, self._refused, key="bulk:preview", owner=self)

    def _previewed(self, preview: PreviewDoc) -> None:
        self.preview = preview
        self._error.hide()
        self._docs.update({outcome.id: outcome for outcome in preview.outcomes})
        self._show_outcomes()

    def _refused(self, error: HimsogError) -> None:
        self._doing = False
        self.preview = None
        self._show_outcomes()
        self._error.setText(error.message)
        self._error.show()

    def _show_outcomes(self) -> None:
        preview = self.preview
        known = {} if preview is None else {outcome.id: outcome for outcome in preview.outcomes}
        kinds: dict[str, list[tuple[str, str]]] = {REFUSED: [], DONE: [], STAYS: []}
        for key in self.plan.ids:
            now = known.get(key)
            if now is not None or key in self._docs:
                kind = STAYS if now is None else REFUSED if now.after is None else DONE
                kinds[kind].append((key, kind))
        rows = [*kinds[REFUSED], *kinds[DONE], *kinds[STAYS]]
        self.outcomes.show_outcomes(rows, lambda key: self._row(key, known.get(key)))
        changed, refused = (0, 0) if preview is None else (preview.will_change, preview.refused)
        self._summarise(changed, refused)
        self.do.setEnabled(changed > 0 and not self._doing)
        self._show_ways()

    def _summarise(self, changed: int, refused: int) -> None:
        if self.preview is None:
            waits = self.plan.count(MOVE) and not self.plan.moves_somewhere
            self.summary.setText(
                self.tr("Say where to: another provider, a day, or later.")
                if waits
                else self.tr("Nothing will change.")
            )
            self.do.setText(self.tr("Move them") if self.plan.usual == MOVE else self.tr("Cancel them"))
            return
        parts = [self.tr("{0} will change").format(f"{changed:,}")]
        if refused:
            parts.append(self.tr("{0} refused").format(f"{refused:,}"))
        rest = len(self.plan.ids) - changed - refused
        if rest:
            parts.append(self.tr("{0} stay as they are").format(f"{rest:,}"))
        self.summary.setText(" · ".join(parts))
        moves, cancels = self.plan.count(MOVE), self.plan.count(CANCEL)
        word = (
            self.tr("Move")
            if moves and not cancels
            else self.tr("Cancel")
            if cancels and not moves
            else self.tr("Do it:")
        )
        self.do.setText(
            f"{word} {changed:,}"
            if not refused
            else self.tr("{0} {1} of {2}").format(word, f"{changed:,}", f"{changed + refused:,}")
        )

    def _row(self, key: str, now: OutcomeDoc | None) -> Outcome:
        known = now or self._docs[key]
        who = known.patient if not self._context.prefs.now.privacy else self.tr("Patient {0}").format(known.number[-4:])
        before = self._place(known.before)
        if now is None:
            return Outcome(key, STAYS, who, before, self.tr("Stays as it is"))
        if now.after is None:
            why = "; ".join(rule.text.rstrip(".") for rule in now.rules) or self.tr("Refused")
            return Outcome(key, REFUSED, who, before, why)
        if now.after.status != now.before.status and now.after.start == now.before.start:
            return Outcome(key, DONE, who, before, f"→ {STATES.get(now.after.status, now.after.status)}")
        return Outcome(key, DONE, who, before, f"→ {self._place(now.after)}")

    def _place(self, place: PlaceDoc) -> str:
        return f"{self._when(place.start)}, {place.provider.name}"

    def _when(self, iso: str) -> str:
        clock = Clock(self._context.zone, hour12=self._context.prefs.now.hour12)
        start = parse_instant(iso)
        return f"{short_day(self._context.zone.date_of(start))} {clock.time(start)}"

    # ----------------------------------------------------------------------------- ways out

    def _show_ways(self) -> None:
        """What can be done about the highlighted ones: free times instead, the other act, leaving them out."""
        while self._ways_column.count():
            item = self._ways_column.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        marked = self.outcomes.marked()
        self._ways.setVisible(bool(marked))
        if not marked:
            return
        names = dict(self._names)
        if len(marked) == 1 and self._is_refused(marked[0]):
            for slot in self._docs[marked[0]].alternatives[:3]:
                words = f"{self._when(slot.start)}, {names.get(slot.provider or '', '')}".rstrip(", ")
                button = self._way("clock", words, self.tr("Instead at {0}").format(words))
                button.clicked.connect(lambda _on=False, key=marked[0], slot=slot: self.pick(key, slot))
        fates = {self.plan.of(key) for key in marked}
        many = f"{len(marked):,}" if len(marked) > 1 else self.tr("it")
        row = QWidget(self._ways)
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(self._context.look.theme.metrics.xs)
        for fate, glyph, words in (
            (CANCEL, "cross", self.tr("Cancel {0} instead")),
            (MOVE, "move", self.tr("Move {0} instead")),
            (OUT, "minus", self.tr("Leave {0}")),
        ):
            if fates != {fate}:
                text = words.format(many)
                button = self._way(glyph, text, text, row)
                button.clicked.connect(lambda _on=False, fate=fate: self.set_fate(fate))
                across.addWidget(button)
        across.addStretch(1)
        self._ways_column.addWidget(row)

    def _is_refused(self, key: str) -> bool:
        known = self._docs.get(key)
        return known is not None and known.after is None and self.plan.of(key) != OUT

    def _way(self, glyph: str, words: str, name: str, row: QWidget | None = None) -> IconButton:
        button = IconButton(self._context.look, glyph, name, row or self._ways, words=words, kind="plain")
        if row is None:
            self._ways_column.addWidget(button)
        return button

    # --------------------------------------------------------------------------------- doing

    def do_now(self) -> None:
        """Do it, as one act; the message that follows takes all of it back."""
        note = self.note.text().strip()
        self.plan.reason = f"{self._reason}: {note}" if note else self._reason
        command = self.plan.command(self._context.zone)
        if command is None or self._doing or self.preview is None:
            return
        self._doing = True
        self.do.setEnabled(False)
        self._context.acts.bulk(command, done=self._done, failed=self._refused)

    def _done(self, _doc: ActDoc) -> None:
        self.closed.emit()

    def shows(self, appointment_id: str) -> bool:
        return False


def _providers(desk: Desk) -> list[tuple[str, str]]:
    from himsog_desktop.services import listing

    return listing.names(desk)
