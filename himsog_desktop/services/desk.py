"""Who sits where, at which profile: what every service works with."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec

from himsog_desktop.domain.errors import HimsogError, Refused
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.rights import Verb
from himsog_desktop.domain.rights import require as require_right
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.services.documents import ErrorDoc
from himsog_desktop.storage import ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from himsog_desktop.domain.clinic import Clinic
    from himsog_desktop.domain.people import Staff
    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.ports import Clock
    from himsog_desktop.storage.cache import Cache
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.write import Transaction

D = TypeVar("D")

UNDO_MINUTES = 10
"""How long an act can be taken back (design, section 2, "Undo")."""


class Desk:
    """One person at one workstation on one profile, from one thread.

    ``initiator`` names the screen or program in change sets, so that it can tell its own echo.
    """

    def __init__(self, cache: Cache, clock: Clock, staff: Staff, device: str, initiator: str = "") -> None:
        self.cache = cache
        self.clock = clock
        self.staff = staff
        self.device = device
        self.initiator = initiator

    @property
    def zone(self) -> Zone:
        """The clinic's zone."""
        return self.cache.zone

    @property
    def clinic(self) -> Clinic:
        """The home clinic."""
        return self.cache.clinic

    @property
    def reader(self) -> Raw:
        """The reading connection, for services only."""
        return self.cache.reader

    @property
    def unfinished(self) -> bool:
        """Whether a long act is under way or was left half done by a program that died (``undoing.finish_broken``)."""
        return bool(ledger.open_acts(self.reader))

    def now(self) -> Micros:
        """The wall clock."""
        return self.clock.now()

    def require(self, verb: Verb) -> None:
        """Raises NoAccess("forbidden") when this person's role may not."""
        require_right(self.staff.role, verb)

    @contextmanager
    def write(self, kind: str, *, act_id: str | None = None, source: str = "desk") -> Iterator[Transaction]:
        """One write transaction in this person's name."""
        with self.cache.write(
            act_id=act_id or new_id(),
            at=self.now(),
            by_id=self.staff.id,
            device=self.device,
            source=source,
            initiator=self.initiator,
            kind=kind,
        ) as tx:
            yield tx

    def act(
        self,
        kind: str,
        work: Callable[[Transaction], D],
        document: type[D],
        *,
        request_id: str | None = None,
        asked: str = "",
        asked_as: str | None = None,
        undo_of: str | None = None,
    ) -> D:
        """Do one act in one transaction and keep its answer.

        The same ``request_id`` gives the first answer again, or raises the first refusal again, and
        does nothing. ``asked_as`` and ``asked`` say what was asked for (``kind`` where the former is not
        given). Raises what ``work`` raises; then nothing was changed.
        """
        asked_hash = ledger.request_hash(f"{asked_as or kind}\n{asked}") if request_id else None
        try:
            with self.write(kind) as tx:
                if request_id and asked_hash is not None:
                    known = ledger.answered(tx.raw, request_id, asked_hash)
                    if known is not None:
                        return _replayed(known, document)
                answer = work(tx)
                ledger.add(
                    tx.raw,
                    act_id=tx.act_id,
                    kind=kind,
                    at=tx.at,
                    by_id=self.staff.id,
                    request_id=request_id,
                    asked=asked_hash,
                    undo_of=undo_of,
                    answer=ledger.Answer(exit_code(answer), msgspec.json.encode(answer)) if request_id else None,
                )
        except Refused as refusal:
            # What somebody stopped was not refused: asked again it is done.
            if request_id and asked_hash is not None and refusal.code != "cancelled":
                self._keep_refusal(kind, request_id, asked_hash, refusal)
            raise
        if "clinic" in tx.changes.lists:
            # The clinic and its zone are remembered.
            self.cache.forget()
        return answer

    def answered(self, asked_as: str, request_id: str, asked: str, document: type[D]) -> D | None:
        """The answer that this request got before, None for a new one. Raises as ``act`` does."""
        known = ledger.answered(self.reader, request_id, ledger.request_hash(f"{asked_as}\n{asked}"))
        return None if known is None else _replayed(known, document)

    def keep_refusal(self, asked_as: str, request_id: str, asked: str, refusal: Refused) -> None:
        """Keep a refusal that came before the act began, so that the same request is refused again."""
        self._keep_refusal(asked_as, request_id, ledger.request_hash(f"{asked_as}\n{asked}"), refusal)

    def _keep_refusal(self, kind: str, request_id: str, asked: bytes, refusal: Refused) -> None:
        from himsog_desktop.services.render import error_document

        kept = ledger.Answer(refusal.exit_code, msgspec.json.encode(error_document(refusal, self.zone)))
        with self.write(kind) as tx:
            if ledger.answered(tx.raw, request_id, asked) is None:
                ledger.add(
                    tx.raw,
                    act_id=tx.act_id,
                    kind=kind,
                    at=tx.at,
                    by_id=self.staff.id,
                    state="refused",
                    request_id=request_id,
                    asked=asked,
                    answer=kept,
                )

    def undoable_until(self, at: Micros) -> Micros:
        """Until when an act of that moment can be taken back."""
        return at + UNDO_MINUTES * MINUTE


def exit_code(answer: object) -> int:
    """The exit code of an answer: 1 when a bulk act had refusals."""
    refused = getattr(answer, "refused", None)
    return 1 if isinstance(refused, list) and refused else 0


class Replayed(HimsogError):
    """A refusal that was given before to the same request; ``document`` is its answer."""

    def __init__(self, code: int, document: ErrorDoc) -> None:
        super().__init__(document.error.code, document.error.message)
        self.code_of_exit = code
        self.document = document


def _replayed(known: ledger.Answer, document: type[D]) -> D:
    try:
        error = msgspec.json.decode(known.document, type=ErrorDoc)
    except msgspec.ValidationError:
        return msgspec.json.decode(known.document, type=document)
    raise Replayed(known.exit_code, error)
