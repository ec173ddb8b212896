"""By keyboard and by ear: focus goes as the eye does, everything that takes it has a name, at any size of text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from himsog_desktop.ui.appointments import samples
from tests.ui.appointments.rig import TODAY, Rig, at


def walk(rig: Rig, panel: QWidget, most: int = 60) -> list[QWidget]:
    """What Tab goes through, once round."""
    found: list[QWidget] = []
    for _ in range(most):
        widget = rig.focus
        if widget in found or not panel.isAncestorOf(widget):
            break
        found.append(widget)
        rig.press(Qt.Key.Key_Tab)
    return found


def place(panel: QWidget, widget: QWidget) -> tuple[int, int]:
    """Where a widget stands in its column, as rows of 12 px, whatever is scrolled."""
    area = panel.area
    if area.widget().isAncestorOf(widget):
        at_ = widget.mapTo(area.widget(), QPoint(0, 0))
    else:
        at_ = widget.mapTo(panel, QPoint(0, 0)) + QPoint(0, 10_000)
    return at_.y() // 12, at_.x()


@pytest.mark.parametrize("which", ["empty", "chosen", "details"])
def test_focus_goes_down_the_column(rig: Rig, which: str) -> None:
    if which == "details":
        panel = rig.details(rig.booked(11, notes="x").id)
        panel.book_more.setFocus()
    elif which == "chosen":
        panel = rig.book(provider_id=rig.people.cruz.id, start=at(11), patient_id=rig.patient("Ng, Bo").id)
        panel.services.set_chosen((rig.service("Check-up"), rig.service("Vaccination")))
        panel.patient.change.setFocus()
    else:
        panel = rig.book()
    found = walk(rig, panel)
    places = [place(panel, widget) for widget in found]
    assert len(found) > 7
    assert places == sorted(places), [f"{type(w).__name__} {w.accessibleName()}" for w in found]
    for widget in found:
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        assert interface.text(QAccessible.Text.Name), f"{type(widget).__name__} has no name"


def test_everything_can_be_reached_at_twice_the_size(rig: Rig) -> None:
    rig.look.choose("dark", 2.0)
    rig.window.resize(780, 700)
    rig.settle()
    panel = rig.book(provider_id=rig.people.cruz.id, start=at(11), patient_id=rig.patient("Reyes, Ana").id)
    for widget in walk(rig, panel):
        widget.setFocus()
        rig.settle()
        window = rig.window.rect()
        where = widget.mapTo(rig.window, widget.rect().center())
        assert window.contains(where), f"{widget.accessibleName()} is out of sight while it has the keyboard"
    assert panel.area.horizontalScrollBar().maximum() == 0


def test_no_label_reads_markup(rig: Rig) -> None:
    panel = rig.details(rig.booked(11, "<b>Bold</b> & Co").id)
    panel.show_history()
    rig.settle()
    labels = list(panel.findChildren(QLabel))
    assert len(labels) > 10
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


@pytest.mark.parametrize("sample", samples.SAMPLES, ids=lambda s: s.name)
def test_every_sample_comes_about(rig: Rig, sample: samples.Sample) -> None:
    """The states that pictures are taken of, on any small clinic."""
    first = rig.booked(11, notes="Bring results", confirm=True)
    rig.booked(14, "Ng, Bo")
    rig.booked(15, "Reyes, Andrea")
    from himsog_desktop.domain.appointment import StatusAct
    from himsog_desktop.domain.commands import SetStatus
    from himsog_desktop.services import states

    third = rig.booked(16, "Ng, Bo")
    rig.do(lambda desk: states.set_status(desk, SetStatus(StatusAct.CANCEL, (third.id,), "Feeling better")))
    facts = samples.facts(rig.other)
    assert facts.day == TODAY
    panel = rig.show(sample.open(rig.panels, rig.context, facts))
    for step in sample.steps:
        step(panel, facts)
        rig.settle()
    assert rig.errors == []
    if sample.name == "booking-refused":
        assert panel.refusal.isVisible()
    elif sample.name == "details-confirmed":
        assert panel.details.appointment.id == first.id
    elif sample.name == "booking-filled":
        assert panel.do_book.hasFocus()
        assert panel.time.start is not None
    elif sample.name == "details-history":
        assert len(panel.history.shown) >= 3
    assert QApplication.focusWidget() is not None
