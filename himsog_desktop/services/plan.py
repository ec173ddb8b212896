"""What a bulk act comes to, row by row, before anything is written.

The verdicts are those of the single acts; rows see what the rows before them did (``laid``). The same plan
is shown as a preview and carried out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.errors import Refused
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.services import texts
from himsog_desktop.services.booking import appointment_of, moved
from himsog_desktop.services.diaries import Columns
from himsog_desktop.services.documents import RefusedDoc
from himsog_desktop.services.laid import WAYS_MOST, Laid
from himsog_desktop.services.render import reason, slot
from himsog_desktop.services.states import restated
from himsog_desktop.services.verdicts import reasons_of
from himsog_desktop.storage import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.commands import Bulk, Step
    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.write import Transaction

    Pairs = list[tuple[Appointment, Appointment]]

CHUNK = 500
"""So many rows are read or written at once."""

LOOK_SECONDS = 0.1
"""How often it is said how far it is, and looked whether somebody stopped it."""


class Outcome(NamedTuple):
    """What becomes of one row: ``after`` or a refusal."""

    before: Appointment
    after: Appointment | None
    refusal: Refused | None
    kind: str

    @property
    def changes(self) -> bool:
        """Whether anything changes; what is moved to where it is stays as it is."""
        return self.after is not None and self.after != self.before


class Plan:
    """The outcomes of a bulk act at one moment, on one connection.

    ``ways_out``: for how many refused rows it is looked up what is free instead.
    """

    def __init__(
        self,
        desk: Desk,
        raw: Raw,
        at: Micros,
        progress: Callable[[int, int], None] | None = None,
        stopped: Callable[[], bool] | None = None,
        *,
        ways_out: int = WAYS_MOST,
    ) -> None:
        self.raw = raw
        self.at = at
        self.outcomes: list[Outcome] = []
        self._desk = desk
        self._progress = progress
        self._stopped = stopped
        self._laid = Laid(ways_out=ways_out)
        self._columns = Columns(raw, desk.clinic)
        self._total = 0
        self._looked = 0.0
        self._users: dict[str, str] | None = None

    def add(self, bulk: Bulk) -> None:
        """Plan every step. Raises BadInput for unknown ids, Refused("cancelled") when somebody stopped it."""
        self._total = sum(len(step.ids) for step in bulk.steps)
        done = 0
        self._look(done)
        for step in bulk.steps:
            seen: set[str] = set()
            for low in range(0, len(step.ids), CHUNK):
                for old in self._named(step.ids[low : low + CHUNK]):
                    # Somebody may name the same one twice, by id and by number.
                    if old.id not in seen:
                        seen.add(old.id)
                        self.outcomes.append(self._outcome(step, old))
                    done += 1
                    if self._desk.clock.monotonic() - self._looked > LOOK_SECONDS:
                        self._look(done)
        self._look(done)

    def changed_ids(self) -> list[str]:
        """Ids of the rows that change, each once, in the order of the steps."""
        return list(dict.fromkeys(o.before.id for o in self.outcomes if o.changes))

    def write(self, tx: Transaction) -> None:
        """Write what changes. Raises Refused("cancelled") when somebody stopped it: then nothing is kept."""
        written = 0
        for kind, pairs in self._changes():
            tx.put_many(pairs, kind)
            written += len(pairs)
            self._look(self._total, written)
        if self._progress is not None:
            self._progress(self._total, self._total)

    def _changes(self) -> Iterator[tuple[str, Pairs]]:
        """Runs of one kind, each row once in a run, so that undo goes back in order."""
        kind, seen = "", set[str]()
        pairs: Pairs = []
        for o in self.outcomes:
            if o.after is None:
                continue
            if pairs and (o.kind != kind or o.before.id in seen or len(pairs) >= CHUNK):
                yield kind, pairs
                pairs, seen = [], set()
            kind = o.kind
            pairs.append((o.before, o.after))
            seen.add(o.before.id)
        if pairs:
            yield kind, pairs

    def patient_names(self) -> dict[str, str]:
        """How the patients are called today."""
        ids = list({o.before.patient_id for o in self.outcomes})
        found: dict[str, str] = {}
        for low in range(0, len(ids), CHUNK):
            chunk = load.patients(self.raw, ids[low : low + CHUNK], self._desk.clinic.id)
            found.update((p.id, p.name) for p in chunk)
        return found

    # ------------------------------------------------------------------------------- one row

    def _look(self, planned: int, written: int = 0) -> None:
        self._looked = self._desk.clock.monotonic()
        if self._progress is not None:
            # To find out takes long where times are asked for, to write does not.
            self._progress((9 * planned + written) // 10, self._total)
        if self._stopped is not None and self._stopped():
            raise Refused("cancelled", "It was stopped. Nothing was changed.")

    def _named(self, keys: Sequence[str]) -> Iterator[Appointment]:
        stored = {a.id: a for a in load.appointments(self.raw, dict.fromkeys(keys))}
        for key in keys:
            found = stored.get(key) or appointment_of(self.raw, key)
            yield self._laid.get(found.id) or found

    def _outcome(self, step: Step, old: Appointment) -> Outcome:
        kind = f"appointment.{step.act.value}" if step.act else "appointment.move"
        try:
            new = self._moved(step, old) if step.moves else old
            if step.act is not None:
                new = restated(
                    self._desk,
                    self.raw,
                    self.at,
                    new,
                    step.act,
                    reason=texts.note(step.reason, "reason", texts.REASON_MOST),
                    cancelled_for=step.cancelled_for,
                    users=self._user_ids(),
                    columns=self._columns,
                    laid=self._laid,
                )
        except Refused as refusal:
            return Outcome(old, None, refusal, kind)
        self._laid.put(new.id, new)
        return Outcome(old, new, None, kind)

    def _moved(self, step: Step, old: Appointment) -> Appointment:
        provider, services = self._columns.of(step.provider_id or old.provider_id)
        start, zone = old.start, self._desk.zone
        if step.day is not None:
            # The same wall time, to the second.
            wall = zone.minutes_of(start)
            start = zone.instant(step.day, wall) + (start - zone.instant(zone.date_of(start), wall)) % MINUTE
        start += step.shift * MINUTE
        return moved(self._desk, self.raw, self.at, old, provider, services, start, laid=self._laid)

    def _user_ids(self) -> dict[str, str]:
        if self._users is None:
            self._users = dict(self.raw.execute("SELECT id, user_id FROM providers").fetchall())
        return self._users


def refusals(plan: Plan, zone: Zone) -> list[RefusedDoc]:
    """The rows that a rule refuses, as documents."""
    return [
        RefusedDoc(
            o.before.id,
            o.refusal.code,
            [reason(r) for r in reasons_of(o.refusal)],
            [slot(s, zone) for s in o.refusal.alternatives],
        )
        for o in plan.outcomes
        if o.refusal is not None
    ]
