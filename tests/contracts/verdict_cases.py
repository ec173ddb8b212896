"""One table of what is allowed and what is not: the law that the desk applies on a profile of its own, and
that the server applies when it takes an intent (design, section 3, "The local verdict and desk.push are two
faces of one law").

Nothing here knows who judges. A suite makes the clinic below, puts ``given`` there as it stands, asks, and
compares. The clinic: now is Friday 2026-11-20 08:00, provider ``p`` is open 08:00 to 17:00 every day with a
break from 12:00 to 13:00 and slots of 30 minutes; ``q`` the same without a break. Services of ``p``: ``plain``
(30 minutes, also at ``q``), ``buffered`` (30 minutes, 10 kept free before and after), ``once`` (30 minutes,
one a day). Patients ``x``, ``y`` and ``blocked``. ``blocks`` are stretches of ``p`` that take no bookings.
"""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from dataclasses import dataclass, field

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.domain.clinic import Policy
from himsog_desktop.domain.people import Role


@dataclass(frozen=True)
class There:
    """An appointment that stands, whatever the rules say."""

    start: str
    end: str
    status: Status = Status.CONFIRMED
    patient: str = "x"
    provider: str = "p"
    lane: int = 0
    services: tuple[str, ...] = ()
    day: int = 0


@dataclass(frozen=True)
class Book:
    """Book; ``day`` counts from today."""

    start: str
    minutes: int | None = None
    patient: str = "y"
    provider: str = "p"
    services: tuple[str, ...] = ()
    confirm: bool = False
    overbook: str | None = None
    day: int = 0


@dataclass(frozen=True)
class Move:
    """Move the first of ``given``."""

    start: str
    minutes: int | None = None
    provider: str | None = None
    overbook: str | None = None
    day: int = 0


@dataclass(frozen=True)
class Act:
    """Do a status act on the first of ``given``."""

    act: StatusAct


@dataclass(frozen=True)
class Allowed:
    """It is done, and stands like this."""

    status: Status | None = None
    lane: int = 0


@dataclass(frozen=True)
class Refused:
    """It is refused; for ``slot_unavailable`` with exactly these rules."""

    code: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A clinic, what somebody asks, and what comes of it."""

    name: str
    ask: Book | Move | Act
    expect: Allowed | Refused
    given: tuple[There, ...] = ()
    role: Role = Role.MANAGER
    policy: Policy = field(default_factory=Policy)
    blocks: tuple[tuple[str, str], ...] = ()
    active_provider: bool = True


def taken(*rules: str) -> Refused:
    return Refused("slot_unavailable", rules)


NINE = There("09:00", "09:30")
LANES = Policy(overbook_lanes=1)

_SLOTS = [
    Case("a free time", Book("09:00"), Allowed(Status.PENDING)),
    Case("a free time, confirmed by hand", Book("09:00", confirm=True), Allowed(Status.CONFIRMED)),
    Case("a policy that confirms", Book("09:00"), Allowed(Status.CONFIRMED), policy=Policy(auto_confirm=True)),
    Case("the same time", Book("09:00"), taken("booked"), (NINE,)),
    Case("a requested one takes its time as well", Book("09:00"), taken("booked"), (There("09:00", "09:30", Status.PENDING),)),
    Case("back to back after", Book("09:30"), Allowed(), (NINE,)),
    Case("back to back before", Book("08:30"), Allowed(), (NINE,)),
    Case("a minute over the start", Book("08:31"), taken("booked"), (NINE,)),
    Case("a minute over the end", Book("09:29"), taken("booked"), (NINE,)),
    Case("all around", Book("08:30", minutes=90), taken("booked"), (NINE,)),
    Case("inside", Book("09:10", minutes=5), taken("booked"), (NINE,)),
    Case("another provider's", Book("09:00", provider="q"), Allowed(), (NINE,)),
    Case("another day's", Book("09:00", day=1), Allowed(), (NINE,)),
    *(
        Case(f"a {status} one takes no time", Book("09:00"), Allowed(), (There("09:00", "09:30", status),))
        for status in (Status.CANCELLED, Status.COMPLETED, Status.NO_SHOW)
    ),
    Case("who is overbooked takes time", Book("09:00"), taken("booked"), (There("09:00", "09:30", lane=1),)),
    Case("the break", Book("12:00"), taken("break")),
    Case("into the break", Book("11:45"), taken("break")),
    Case("out of the break", Book("13:00"), Allowed()),
    Case("before hours", Book("07:45", day=1), taken("closed")),
    Case("past closing", Book("16:45"), taken("closed")),
    Case("to closing", Book("16:30"), Allowed()),
    Case("the past", Book("07:30"), taken("past", "notice", "closed")),
    Case("too soon", Book("09:00"), taken("notice"), policy=Policy(notice_minutes=61)),
    Case("soon enough", Book("09:00"), Allowed(), policy=Policy(notice_minutes=60)),
    Case("blocked time", Book("09:00"), taken("blocked_time"), blocks=(("09:15", "10:00"),)),
    Case("up to blocked time", Book("08:45"), Allowed(), blocks=(("09:15", "10:00"),)),
    Case("a suspended provider", Book("09:00"), taken("provider_inactive"), active_provider=False),
    Case("every rule at once", Book("12:00"), taken("break", "booked", "blocked_time"), (There("12:00", "13:00"),), blocks=(("12:00", "13:00"),)),
    Case("the patient is elsewhere", Book("09:00", patient="x", provider="q"), taken("patient_busy"), (NINE,)),
    Case("the patient comes from elsewhere", Book("09:30", patient="x", provider="q"), Allowed(), (NINE,)),
    Case("a blocked patient", Book("09:00", patient="blocked"), Refused("patient_blocked")),
]  # fmt: skip

_BUFFERS = [
    Case("its own buffer after", Book("09:00", services=("buffered",)), taken("buffer"), (There("09:35", "10:00"),)),
    Case("its own buffer kept", Book("09:00", services=("buffered",)), Allowed(), (There("09:40", "10:00"),)),
    Case("its own buffer before", Book("09:00", services=("buffered",)), taken("buffer"), (There("08:30", "08:55"),)),
    Case("another's buffer after", Book("09:30"), taken("buffer"), (There("09:00", "09:30", services=("buffered",)),)),
    Case("another's buffer kept", Book("09:40"), Allowed(), (There("09:00", "09:30", services=("buffered",)),)),
    Case("both buffers between", Book("09:49", services=("buffered",)), taken("buffer"), (There("09:00", "09:30", services=("buffered",)),)),
    Case("both buffers kept", Book("09:50", services=("buffered",)), Allowed(), (There("09:00", "09:30", services=("buffered",)),)),
    Case("the policy's buffer", Book("09:30"), taken("buffer"), (NINE,), policy=Policy(buffer_after=15)),
    Case("the policy's buffer kept", Book("09:45"), Allowed(), (NINE,), policy=Policy(buffer_after=15)),
    Case("a buffer may pass closing", Book("16:30", services=("buffered",)), Allowed()),
]  # fmt: skip

_LIMITS = [
    Case("one more than a day takes", Book("15:00"), taken("max_per_day"), (NINE,), policy=Policy(max_per_day=1)),
    Case("as many as a day takes", Book("15:00"), Allowed(), (NINE,), policy=Policy(max_per_day=2)),
    Case("a cancelled one doesn't count", Book("15:00"), Allowed(), (There("09:00", "09:30", Status.CANCELLED),), policy=Policy(max_per_day=1)),
    Case("another day's doesn't count", Book("15:00", day=1), Allowed(), (NINE,), policy=Policy(max_per_day=1)),
    Case("a service once a day", Book("15:00", services=("once",)), taken("max_per_day"), (There("09:00", "09:30", services=("once",)),)),
    Case("other services go on", Book("15:00", services=("plain",)), Allowed(), (There("09:00", "09:30", services=("once",)),)),
    Case("moving it doesn't count twice", Move("15:00"), Allowed(), (NINE,), policy=Policy(max_per_day=1)),
]  # fmt: skip

_SERVICES = [
    Case("a service of another", Book("09:00", provider="q", services=("once",)), Refused("service_not_offered")),
    Case("the same at the other", Move("09:00", provider="q"), Allowed(), (There("09:00", "09:30", services=("plain",)),)),
    Case("not offered at the other", Move("09:00", provider="q"), Refused("service_not_offered"), (There("09:00", "09:30", services=("once",)),)),
]  # fmt: skip

_LANES = [
    Case("overbooked with a reason", Book("09:00", overbook="urgent"), Allowed(lane=1), (NINE,), policy=LANES),
    Case("overbooked by the desk", Book("09:00", overbook="urgent"), Allowed(lane=1), (NINE,), Role.RECEPTIONIST, LANES),
    Case("no policy for it at the desk", Book("09:00", overbook="urgent"), taken("booked"), (NINE,), Role.RECEPTIONIST),
    Case("a manager may all the same", Book("09:00", overbook="urgent"), Allowed(lane=1), (NINE,)),
    Case("lanes used up at the desk", Book("09:00", overbook="urgent"), taken("booked"), (NINE, There("09:00", "09:30", lane=1)), Role.RECEPTIONIST, LANES),
    Case("a third lane for a manager", Book("09:00", overbook="urgent"), Allowed(lane=2), (NINE, There("09:00", "09:30", lane=1))),
    Case("a lane given up is taken again", Book("09:00", overbook="urgent"), Allowed(lane=1), (NINE, There("09:00", "09:30", Status.CANCELLED, lane=1)), Role.RECEPTIONIST, LANES),
    Case("a free time needs no lane", Book("09:00", overbook="urgent"), Allowed(lane=0)),
    Case("a reason opens no closed day", Book("07:45", day=1, overbook="urgent"), taken("closed")),
    Case("a reason moves no blocked time", Book("09:00", overbook="urgent"), taken("blocked_time"), blocks=(("09:00", "10:00"),)),
    Case("a reason is needed", Book("09:00", overbook="  "), Refused("bad_value"), (NINE,)),
    Case("the day's limit, with a reason", Book("15:00", overbook="urgent"), Allowed(lane=0), (NINE,), Role.RECEPTIONIST, Policy(max_per_day=1, overbook_lanes=1)),
    Case("the day's limit, against the policy", Book("15:00", overbook="urgent"), taken("max_per_day"), (NINE,), Role.RECEPTIONIST, Policy(max_per_day=1)),
    Case("moved out of its lane", Move("15:00"), Allowed(lane=0), (There("09:00", "09:30", lane=1), NINE)),
]  # fmt: skip

_MOVES = [
    Case("to a free time", Move("10:00"), Allowed(), (NINE,)),
    Case("over its own time", Move("09:15"), Allowed(), (NINE,)),
    Case("over another's", Move("10:00"), taken("booked"), (NINE, There("10:00", "10:30", patient="y"))),
    Case("into the past", Move("07:00"), taken("past", "notice", "closed"), (NINE,)),
    Case("where it is", Move("09:00"), Allowed(), (NINE,)),
    Case("longer", Move("09:00", minutes=60), Allowed(), (NINE,)),
    Case("longer, over the next", Move("09:00", minutes=60), taken("booked"), (NINE, There("09:45", "10:15", patient="y"))),
    Case("longer though it has begun", Move("07:45", minutes=45), taken("closed"), (There("07:45", "08:15"),)),
    Case("out of the past", Move("10:00"), Allowed(), (There("09:00", "09:30", day=-1),)),
    *(
        Case(f"a {status} one", Move("10:00"), Refused("transition_refused"), (There("09:00", "09:30", status),))
        for status in (Status.CANCELLED, Status.COMPLETED, Status.NO_SHOW)
    ),
]  # fmt: skip

# Design, section 2, "Appointment states", once more as a table.
TRANSITIONS = {
    (Status.PENDING, StatusAct.CONFIRM),
    (Status.PENDING, StatusAct.CANCEL),
    (Status.CONFIRMED, StatusAct.COMPLETE),
    (Status.CONFIRMED, StatusAct.CANCEL),
    (Status.CONFIRMED, StatusAct.NO_SHOW),
    (Status.CONFIRMED, StatusAct.UNCONFIRM),
    (Status.COMPLETED, StatusAct.REOPEN),
    (Status.CANCELLED, StatusAct.REOPEN),
    (Status.NO_SHOW, StatusAct.REOPEN),
}
_MAY = (Role.RECEPTIONIST, Role.MANAGER)

_STATES = [
    Case(
        f"{role}: {act} from {status}",
        Act(act),
        Refused("forbidden")
        if role not in _MAY
        else Allowed(act.target)
        if (status, act) in TRANSITIONS
        else Refused("transition_refused"),
        (There("09:00", "09:30", status),),
        role,
    )
    for role in Role
    for act in StatusAct
    for status in Status
]
GONE = There("09:00", "09:30", Status.CANCELLED)
_REOPENED = [
    Case("its time is taken by now", Act(StatusAct.REOPEN), taken("booked"), (GONE, NINE)),
    Case("its time is partly taken", Act(StatusAct.REOPEN), taken("booked"), (GONE, There("09:15", "09:45"))),
    Case("who follows is no matter", Act(StatusAct.REOPEN), Allowed(Status.CONFIRMED), (GONE, There("09:30", "10:00"))),
    Case("who was overbooked beside it stays beside it", Act(StatusAct.REOPEN), Allowed(Status.CONFIRMED), (GONE, There("09:00", "09:30", lane=1))),
    Case("back into its own lane", Act(StatusAct.REOPEN), Allowed(Status.CONFIRMED, lane=1), (There("09:00", "09:30", Status.NO_SHOW, lane=1), NINE)),
    Case("its lane is taken", Act(StatusAct.REOPEN), taken("booked"), (There("09:00", "09:30", Status.NO_SHOW, lane=1), NINE, There("09:00", "09:30", lane=1))),
    Case("blocked by now", Act(StatusAct.REOPEN), taken("blocked_time"), (GONE,), blocks=(("09:00", "10:00"),)),
    Case("what cannot be helped any more", Act(StatusAct.REOPEN), Allowed(Status.CONFIRMED), (There("07:00", "07:30", Status.NO_SHOW),), policy=Policy(max_per_day=1)),
    Case("another day by the desk", Act(StatusAct.REOPEN), Refused("transition_refused"), (There("09:00", "09:30", Status.NO_SHOW, day=-1),), Role.RECEPTIONIST),
    Case("another day by a manager", Act(StatusAct.REOPEN), Allowed(Status.CONFIRMED), (There("09:00", "09:30", Status.NO_SHOW, day=-1),)),
]  # fmt: skip

_ROLES = [
    Case(f"{role}: {name}", ask, Allowed() if role in _MAY else Refused("forbidden"), (NINE,), role)
    for role in Role
    for name, ask in (("book", Book("10:00")), ("move", Move("10:00")))
]

CASES = [*_SLOTS, *_BUFFERS, *_LIMITS, *_SERVICES, *_LANES, *_MOVES, *_STATES, *_REOPENED, *_ROLES]
"""The whole law, a line a case."""
