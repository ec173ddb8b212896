"""The list in view: its sections read from the top, its rows by id when they are looked at, both kept up to date.

What changed meanwhile (by this window, a colleague, a script) is read again by id and stays where it stands;
that it would stand elsewhere by now is counted in ``stale`` until somebody asks for order (``reload``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from himsog_desktop.domain.listing import PIECE, Order
from himsog_desktop.ui.appointments_list.found import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.listing import Line, Piece
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.listing import ListFilter, Opening
    from himsog_desktop.ui.bridge import Backend

KEPT = 3_000
"""Rows kept in memory."""
ROWS_FIRST = 60
"""Rows that are read with the beginning of the list: more than a screen holds."""
BEHIND_MS = 30
"""After the beginning is there, the rest of the ids is read; after a jump, the screens on either side."""
MANY = 400
"""Of more changed rows than this only those in view are read again, the others when they are looked at."""


class ListModel(QObject):
    """Found ids and known rows of one page. ``initiator`` is this window's own word in change sets."""

    opened = Signal(bool)
    """Another list is there; True: the same one in order again."""
    grew = Signal()
    """More ids of the same list are known."""
    lines_read = Signal()
    """Rows that were asked for."""
    rows_changed = Signal(object, bool)
    """Ids of known rows that somebody changed, and whether it was somebody else."""
    stale_changed = Signal()
    waiting = Signal()
    failed = Signal(object)
    """A ``HimsogError``: the list could not be read."""

    def __init__(self, backend: Backend, initiator: str, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._initiator = initiator
        self.wanted: ListFilter | None = None
        self.found = Found()
        self.lines: dict[str, Line] = {}
        self.gone: set[str] = set()
        """Ids that are listed and exist no more (a booking undone)."""
        self.stale: set[str] = set()
        """Ids that would stand elsewhere, or not at all, if the list were read now."""
        self.read_once = False
        self.error: HimsogError | None = None
        self._asked: set[str] = set()
        self.dirty: set[str] = set()
        """Known rows that are no longer what they were; shown until they have been read again."""
        self.moved: set[str] = set()
        """What stood elsewhere when the list was put in order last."""
        self._turn = 0
        self._since: set[str] | None = None
        """While a list is being read: what was changed meanwhile, which it may or may not know."""
        self._in_pieces = False
        self._coming = False
        """Another list was asked for, and none of it is there yet."""
        self._later: Callable[[], None] | None = None
        self._behind = QTimer(self)
        self._behind.setSingleShot(True)
        self._behind.setInterval(BEHIND_MS)
        self._behind.timeout.connect(self._go_on)
        self._beside_keys: list[str] = []
        self._beside = QTimer(self)
        self._beside.setSingleShot(True)
        self._beside.setInterval(BEHIND_MS)
        self._beside.timeout.connect(self._read_beside)
        backend.changed.connect(self._changed)

    # ------------------------------------------------------------------------------- reading

    def show(self, wanted: ListFilter) -> None:
        """Another list: in view as soon as its beginning is there."""
        self.wanted = wanted
        self._begin(again=False)

    def reload(self) -> None:
        """The same list in order again: in view when all of it is there, so that nothing jumps."""
        if self.wanted is not None:
            self._begin(again=self.read_once and self.error is None)

    def forget(self) -> None:
        """Know nothing any more."""
        self.found, self.lines, self.read_once = Found(), {}, False
        self.gone, self.stale, self.dirty = set(), set(), set()

    @property
    def ready(self) -> bool:
        """Whether every id of the list that was asked for is known; not while the one before it is still in view."""
        return self.read_once and self.found.whole and not self._coming

    def _begin(self, *, again: bool) -> None:
        self._turn += 1
        turn, wanted = self._turn, self.wanted
        assert wanted is not None
        self._since, self._in_pieces = set(), False
        if not again:
            self._coming = True
            self.waiting.emit()

        def read(desk: Desk) -> Opening:
            from himsog_desktop.services import listing

            return listing.begin(desk, wanted, ROWS_FIRST)

        def done(opening: Opening) -> None:
            if turn == self._turn:
                self._opened(opening, turn, again)

        def missed(error: HimsogError) -> None:
            if turn == self._turn:
                self._since, self._coming = None, False
                self.error = error
                self.failed.emit(error)

        self._backend.read(read, done, missed, key="list:begin", owner=self)

    def _opened(self, opening: Opening, turn: int, again: bool) -> None:
        self.error = None
        found = Found(opening.sections)
        for line in opening.lines:
            self.lines[line.tile.id] = line
        if again and not found.whole:
            self._in_pieces = True
            self._read_on(found, turn, again=True)
            return
        self._show(found, again)
        if not found.whole:
            # When the beginning has been painted: to read meanwhile would slow the paint.
            self._later = lambda: self._read_on(found, turn, again=False)
            self._behind.start()

    def _show(self, found: Found, again: bool) -> None:
        self.found = found
        self.read_once, self._coming = True, False
        self.gone.clear()
        self._asked.clear()
        since, self._since = self._since or set(), None
        self.dirty |= since & self.lines.keys()
        had, self.moved, self.stale = bool(self.stale), self.stale, since
        self.opened.emit(again)
        if had or since:
            self.stale_changed.emit()

    def _go_on(self) -> None:
        later, self._later = self._later, None
        if later is not None:
            later()

    def _read_on(self, found: Found, turn: int, *, again: bool) -> None:
        """The next piece, and so on until every id is known."""
        section = next((one for one in found.sections if not one.whole), None)
        wanted = self.wanted
        if turn != self._turn:
            return
        if section is None or wanted is None:
            if again:
                self._show(found, again)
            else:
                self.grew.emit()
            return
        status, first, last = section.status, section.known, section.last

        def read(desk: Desk) -> Piece:
            from himsog_desktop.services import listing

            return listing.more(desk, wanted, status, first, last)

        def done(piece: Piece) -> None:
            if turn != self._turn:
                return
            section.add(piece)
            if len(piece.ids) < PIECE or wanted.order not in (Order.TIME, Order.STATUS):
                section.end()
            if not again:
                self.grew.emit()
            self._read_on(found, turn, again=again)

        self._backend.read(read, done, self.failed.emit, key="list:more", owner=self, background=True)

    def need(self, keys: Sequence[str], ahead: Iterable[str] = ()) -> None:
        """Read these rows if they are not known; ``ahead`` comes with them when anything is read at all.

        After a jump, when none of them is known, they come first: the others when they have been painted.
        """
        missing = self._missing(keys)
        if not missing or self._asked.issuperset(missing):
            return
        further = self._missing(ahead)
        if len(missing) < len(keys):
            self._read([*missing, *further], "list:rows", self.lines_read.emit)
            return

        def landed() -> None:
            self.lines_read.emit()
            self._beside_keys = further
            self._beside.start()

        self._read(missing, "list:rows", landed)

    def _read_beside(self) -> None:
        keys = self._missing(self._beside_keys)
        if keys:
            self._read(keys, "list:beside", _nothing, background=True)

    def read_here(self, key: str) -> None:
        """Read one row at once: a screen reader asks for one that nobody has looked at."""
        from himsog_desktop.services import listing

        found = listing.lines(self._backend.here, (key,))
        if found:
            self.lines[key] = found[0]
        else:
            self.gone.add(key)

    def _missing(self, keys: Iterable[str]) -> list[str]:
        lines, gone, dirty = self.lines, self.gone, self.dirty
        return [key for key in keys if (key not in lines or key in dirty) and key not in gone]

    def _read(self, keys: list[str], key: str, done: Callable[[], None], *, background: bool = False) -> None:
        wanted = tuple(dict.fromkeys(keys))
        if key == "list:rows":
            self._asked = set(wanted)

        def read(desk: Desk) -> list[Line]:
            from himsog_desktop.services import listing

            return listing.lines(desk, wanted)

        def landed(lines: list[Line]) -> None:
            asked = set(wanted)
            there = {line.tile.id: line for line in lines}
            self.gone |= asked - there.keys()
            for gone in asked - there.keys():
                self.lines.pop(gone, None)
            self._asked -= asked
            self.dirty -= asked
            self.lines.update(there)
            self._forget(asked)
            done()

        def missed(error: HimsogError) -> None:
            self._asked.clear()
            self.failed.emit(error)

        self._backend.read(read, landed, missed, key=key, owner=self, background=background)

    def _forget(self, kept: set[str]) -> None:
        """Rows that were looked at long ago go first."""
        over = len(self.lines) - KEPT
        if over > 0:
            for key in [key for key in self.lines if key not in kept][:over]:
                del self.lines[key]

    # ------------------------------------------------------------------------------ following

    def _changed(self, changes: ChangeSet) -> None:
        if self._since is not None and (self._in_pieces or changes.initiator != self._initiator):
            self._since |= changes.appointments  # what this window did before, the beginning knows
        if not self.read_once or self.wanted is None:
            return
        self.gone -= changes.appointments
        if changes.everything or "provider" in changes.lists or (changes.patients and not changes.appointments):
            if changes.everything:
                self.stale.add("")
            self._again(set(self.lines), changes, set())
        elif changes.appointments:
            known = changes.appointments & self.lines.keys()
            self._again(set(known), changes, set(changes.appointments - known))

    def _again(self, known: set[str], changes: ChangeSet, elsewhere: set[str]) -> None:
        """Read known rows again; the others may stand elsewhere by now."""
        foreign = changes.initiator != self._initiator
        self.stale |= elsewhere
        if len(known) > MANY:
            # Those in view are asked for by the view; what was known is shown until they are there.
            self.dirty |= known
            self.stale |= known & changes.appointments
            self.rows_changed.emit(frozenset(known & changes.appointments), foreign)
            self.stale_changed.emit()
            return
        if self.stale:
            self.stale_changed.emit()
        if not known:
            self.rows_changed.emit(frozenset(), foreign)
            return
        before = {key: self.lines[key] for key in known}

        def landed() -> None:
            other = {key for key in known if self.lines.get(key) != before[key]}
            self.stale |= {key for key in other if self._elsewhere(before[key], self.lines.get(key))}
            if other:
                self.rows_changed.emit(frozenset(other), foreign)
                self.stale_changed.emit()

        self._read(list(known), "", landed)

    def _elsewhere(self, before: Line, now: Line | None) -> bool:
        """Whether a change moves the row: to another section or to another place in its order."""
        if now is None or now.tile.status != before.tile.status or now.tile.start != before.tile.start:
            return True
        assert self.wanted is not None
        if self.wanted.order is Order.PATIENT and now.tile.name != before.tile.name:
            return True
        provider = now.tile.provider_id != before.tile.provider_id
        return provider and (self.wanted.order is Order.PROVIDER or bool(self.wanted.providers))


def _nothing() -> None:
    """Rows that nobody looks at yet are there."""
