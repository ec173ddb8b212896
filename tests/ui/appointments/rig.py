"""A small real clinic behind real panels: cache, worker, follower, backend, acts, and a window to hold them."""

from __future__ import annotations

import dataclasses
import os
import time
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from himsog_desktop.domain.appointment import Appointment, Status
from himsog_desktop.domain.clinic import (
    Break,
    Clinic,
    Hours,
    Policy,
    Pricing,
    Provider,
    ProviderStatus,
    Service,
    ServiceKind,
)
from himsog_desktop.domain.commands import Book
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.people import Patient, Role, Staff
from himsog_desktop.domain.time import DAY as A_DAY
from himsog_desktop.domain.time import HOUR, MINUTE, zone
from himsog_desktop.runtime.follower import Follower
from himsog_desktop.runtime.worker import Worker
from himsog_desktop.services import booking, lists
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import ActDoc, AppointmentDoc
from himsog_desktop.storage import rows, sql
from himsog_desktop.storage.cache import LOCAL, Cache
from himsog_desktop.storage.connection import transaction
from himsog_desktop.storage.create import create_cache
from himsog_desktop.ui.appointments.factory import Appointments
from himsog_desktop.ui.bridge import Backend
from himsog_desktop.ui.calendar.labels import Clock as DayClock
from himsog_desktop.ui.shell.acts import Acts
from himsog_desktop.ui.shell.context import DeskContext
from himsog_desktop.ui.shell.panel_host import PanelHost
from himsog_desktop.ui.shell.panels import BookingRequest, Panel, Proposal
from himsog_desktop.ui.shell.prefs import Prefs, PrefsStore
from himsog_desktop.ui.shell.toasts import Toasts
from himsog_desktop.ui.theme.system import ThemeSource

TODAY = date(2026, 11, 20)
MANILA = zone("Asia/Manila")
NOW = MANILA.instant(TODAY, 9 * 60 + 10)

SERVICES = (
    ("Check-up", Pricing.FIXED, 50_000, 50_000, 15),
    ("Consultation", Pricing.FIXED, 65_000, 65_000, 30),
    ("Vaccination", Pricing.RANGE, 60_000, 250_000, 15),
    ("Minor procedure", Pricing.INQUIRE, 0, 0, 60),
    ("X-ray & scan", Pricing.FIXED, 90_000, 90_000, 15),
)


class StillClock:
    """A wall clock that stands still until it is told otherwise."""

    def __init__(self, at: int = NOW) -> None:
        self.at = at

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return time.monotonic()


class Going:
    """Where panels sent the window."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.opened: list[tuple[str, date | None]] = []
        self.bookings: list[BookingRequest] = []
        self.cancels: list[tuple[str, ...]] = []
        self.moves: list[tuple[str, date]] = []
        self.proposals: list[Proposal | None] = []

    def day(self, day: date) -> None:
        self.days.append(day)

    def details(self, appointment_id: str, day: date | None = None) -> None:
        self.opened.append((appointment_id, day))

    def book(self, request: BookingRequest) -> None:
        self.bookings.append(request)

    def cancel(self, ids: tuple[str, ...]) -> None:
        self.cancels.append(ids)

    def move(self, appointment_id: str, day: date) -> None:
        self.moves.append((appointment_id, day))

    def propose(self, proposal: Proposal | None) -> None:
        self.proposals.append(proposal)

    def close_panel(self) -> None:
        return None


@dataclasses.dataclass
class People:
    """Who is in the profile."""

    clinic: Clinic
    cruz: Provider
    lim: Provider
    services: dict[tuple[str, str], Service]
    patients: dict[str, Patient]


def at(hour: float, day: date = TODAY) -> int:
    """The instant of an hour of a clinic day."""
    return MANILA.instant(day, round(hour * 60))


def fill(folder: Path, key: bytes) -> People:
    """A clinic with two providers, five services and a package each, and some patients."""
    clinic = Clinic(new_id(), "Digos Family Clinic", "Asia/Manila")
    create_cache(folder, key, {"profile": new_id(), "clinic": clinic.id, "authority": LOCAL, "device": new_id()})
    staff = [
        Staff("owner", "owner", "Owner", Role.MANAGER, clinic.id),
        Staff("mara", "mara", "Mara", Role.RECEPTIONIST, clinic.id),
        Staff("joel", "joel", "Joel", Role.READ_ONLY, clinic.id),
    ]
    hours = tuple(Hours(clinic.id, d, 8 * 60, 17 * 60) for d in range(7))
    lunch = tuple(Break("Lunch", d, 12 * 60, 13 * 60) for d in range(7))

    def provider(name: str, position: int, **policy: object) -> Provider:
        return Provider(
            new_id(),
            new_id(),
            name,
            ProviderStatus.VERIFIED,
            30,
            NOW,
            NOW,
            clinics=(clinic.id,),
            hours=hours,
            breaks=lunch,
            policy=Policy(overbook_lanes=1, **policy),
            position=position,
            key=f"p{position}",
        )

    cruz, lim = provider("Dr Elena Cruz", 0), provider("Dr Ramon Lim", 1, auto_confirm=True)
    services: dict[tuple[str, str], Service] = {}
    groups = {name: new_id() for name, *_ in SERVICES}
    groups["Health package"] = new_id()
    for owner in (cruz, lim):
        for i, (name, pricing, low, high, minutes) in enumerate(SERVICES):
            if owner is lim and name == "Minor procedure":
                continue
            services[owner.name, name] = Service(
                new_id(),
                owner.id,
                name,
                ServiceKind.SINGLE,
                pricing,
                NOW + i,
                NOW,
                low,
                high,
                minutes,
                catalogue=groups[name],
            )
        services[owner.name, "Health package"] = Service(
            new_id(),
            owner.id,
            "Health package",
            ServiceKind.PACKAGE,
            Pricing.FIXED,
            NOW + 50,
            NOW,
            180_000,
            180_000,
            60,
            parts=(services[owner.name, "Check-up"].id, services[owner.name, "Vaccination"].id),
            catalogue=groups["Health package"],
        )
    people = [
        Patient(
            new_id(), "Reyes, Ana", "ana@example.com", NOW, NOW, "+639175550101", "1985-03-14", alerts=("Penicillin",)
        ),
        Patient(new_id(), "Reyes, Andrea", "x@patients.invalid", NOW, NOW, "+639175550202", "2019-06-02"),
        Patient(new_id(), "Ng, Bo", "bo@example.com", NOW, NOW, "+639185550303"),
        Patient(new_id(), "Santos, Carlo", "c@example.com", NOW, NOW, "+639195550404", "1970-01-01", blocked=True),
        Patient(new_id(), "<b>Bold</b> & Co", "b@example.com", NOW, NOW, "+639205550505"),
    ]
    with Cache(folder, key) as cache:
        with transaction(cache.writer):
            found = [*rows.clinic_rows(clinic), *(r for s in staff for r in rows.staff_rows(s))]
            for name, row in found:
                cache.writer.execute(sql.upsert_text(name), row)
        with cache.write(act_id=new_id(), at=NOW - A_DAY, by_id="owner", device="test", kind="setup") as tx:
            for record in (cruz, lim, *services.values(), *people):
                tx.put(None, record)
    return People(clinic, cruz, lim, services, {p.name: p for p in people})


class Rig(QObject):
    """Everything a panel needs, and a window that holds it."""

    def __init__(self, app: QApplication, folder: Path, staff: str = "owner", *, scheme: str = "light") -> None:
        super().__init__()
        self.folder = folder
        self.key = os.urandom(32)
        self.people = fill(folder, self.key)
        self.clock = StillClock()
        self.staff = staff
        self.reported: list[BaseException] = []
        self.look = ThemeSource(app, scheme=scheme, scale=1.0, follow=False)
        self.look.apply()
        self.worker = Worker("cache", self.reported.append)
        self.follow_cache = Cache(folder, self.key)
        self.backend = Backend(
            self.worker,
            lambda: self.desk("window"),
            lambda: self.desk("window"),
            nudge=lambda: self.follower.nudge(),
            report=self.reported.append,
            parent=self,
        )
        self.follower = Follower(self.follow_cache.poll, self.backend.written, closing=self.follow_cache.close)
        self.follower.start()
        self.errors: list[str] = []
        self.backend.unhandled.connect(lambda error: self.errors.append(error.message))
        self.window = QWidget()
        self.window.resize(380, 700)
        line = QHBoxLayout(self.window)
        line.setContentsMargins(0, 0, 0, 0)
        self.before = QWidget(self.window)
        self.before.setFixedWidth(0)
        line.addWidget(self.before)
        self.host = PanelHost(self.look, self.window)
        line.addWidget(self.host)
        self.prefs = PrefsStore(Prefs(), lambda _prefs: None, self)
        self.toasts = Toasts(self.look, self.window)
        self.acts = Acts(self.backend, self.toasts, lambda: DayClock(MANILA), lambda: self.prefs.now.privacy, self)
        self.go = Going()
        self.panels = Appointments()
        self.context = DeskContext(
            self.backend, self.acts, self.toasts, self.look, self.prefs, MANILA, self.clock, self.go
        )
        self._others: list[Desk] = []
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)
        self.window.activateWindow()

    # ------------------------------------------------------------------------------ the data

    def desk(self, initiator: str, staff: str = "") -> Desk:
        """A desk of its own, on the thread that asks."""
        cache = Cache(self.folder, self.key)
        wanted = staff or self.staff
        roles = {"owner": Role.MANAGER, "mara": Role.RECEPTIONIST, "joel": Role.READ_ONLY}
        return Desk(cache, self.clock, Staff(wanted, wanted, wanted.title(), roles[wanted]), "front-desk", initiator)

    @property
    def other(self) -> Desk:
        """Another process at the same profile."""
        if not self._others:
            self._others.append(self.desk("other", "owner"))
        return self._others[0]

    def patient(self, key: str) -> Patient:
        """A patient by name."""
        return self.people.patients[key]

    def service(self, name: str, provider: Provider | None = None) -> str:
        """The id of a provider's service."""
        return self.people.services[(provider or self.people.cruz).name, name].id

    def booked(
        self, hour: float, patient: str = "Reyes, Ana", *, day: date = TODAY, **fields: object
    ) -> AppointmentDoc:
        """Another process books."""
        provider = fields.pop("provider", self.people.cruz)
        command = Book(
            provider.id,
            at(hour, day),
            patient_id=self.patient(patient).id,
            service_ids=fields.pop("services", (self.service("Consultation", provider),)),
            **fields,
        )
        return booking.book(self.other, command).changed[0]

    def do(self, work: object) -> ActDoc:
        """Another process does something."""
        return work(self.other)

    def appointments(self) -> list[AppointmentDoc]:
        """What is in the profile now."""
        return lists.appointments(self.other, lists.AppointmentFilter())

    # --------------------------------------------------------------------------- the window

    def book(self, **request: object) -> Panel:
        """Open the booking panel."""
        return self.show(self.panels.booking(self.context, BookingRequest(TODAY, **request)))

    def details(self, appointment_id: str) -> Panel:
        """Open the details."""
        return self.show(self.panels.details(self.context, appointment_id))

    def show(self, panel: Panel) -> Panel:
        """Put a panel into the window and wait until nothing is under way."""
        self.host.show_panel(panel)
        self.settle()
        self.until(lambda: panel.x() <= self.host.contentsRect().left() + 2)
        return panel

    def settle(self, rounds: int = 3) -> None:
        """Until nothing is under way and what was written has been heard of."""
        for _ in range(rounds):
            self.until(lambda: not self.backend.busy and not self.host.sliding)
            QApplication.processEvents()

    def until(self, holds: object, within: float = 5.0) -> None:
        """Let events run until something holds."""
        end = time.monotonic() + within
        while not holds():
            if time.monotonic() > end:
                raise AssertionError("it did not happen in time")
            QTest.qWait(2)

    def heard(self, holds: object) -> None:
        """What somebody else wrote is on the screen."""
        self.follower.nudge()
        self.until(holds)

    def keys(self, text: str) -> None:
        """Type into whatever has the keyboard."""
        QTest.keyClicks(self.focus, text)

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press keys, each on whatever has the keyboard then."""
        for key in keys:
            QTest.keyClick(self.focus, key, modifier)
            self.settle()

    @property
    def focus(self) -> QWidget:
        """What has the keyboard."""
        found = QApplication.focusWidget()
        assert found is not None, "nothing has the keyboard"
        return found

    def close(self) -> None:
        """End it all, in the order of the program."""
        self.host.close_panel()
        QApplication.processEvents()
        self.backend.close()
        self.worker.stop()
        self.follower.stop()
        for desk in self._others:
            desk.cache.close()
        self.window.close()
        self.window.deleteLater()
        self.deleteLater()
        QApplication.sendPostedEvents(None, 52)
        QApplication.processEvents()


__all__ = ["HOUR", "MANILA", "MINUTE", "NOW", "TODAY", "Appointment", "QTimer", "Rig", "Status", "at"]
