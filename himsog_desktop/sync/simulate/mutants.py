"""The protocol with one decision made wrongly, each with a campaign that raises the fault it is about.

A mutant that no oracle notices would mean that the oracles, or the faults, prove nothing about that decision.
Source: reliability, sections 2.9 and 3 (F2). They are in ``mutants_client`` and ``mutants_server``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from himsog_desktop.sync.engine import Engine
from himsog_desktop.sync.simulate.faults import Faults
from himsog_desktop.sync.simulate.mutants_client import (
    AbandonUnfenced,
    AckNoImage,
    ChainByValue,
    Chained,
    ChunkApply,
    CursorFirst,
    DeleteOnEvict,
    DiskIsPoison,
    DropConflict,
    HeldIsRefused,
    Impatient,
    LateAdoption,
    LatePull,
    NoChainRepair,
    NoPlaceOrder,
    NoReoffer,
    PoisonBlocks,
    RetryAsConflict,
    SentWithdrawn,
    SignedOutIsRefused,
    SlowPoison,
    SnapshotOverAnswers,
    SnapshotOverOutbox,
    StaleAnswer,
    StalePull,
    VersionRebase,
    counter_id,
    unchecked_steps,
)
from himsog_desktop.sync.simulate.mutants_server import SERVERS, NoHash
from himsog_desktop.sync.simulate.store import SimStore
from himsog_desktop.sync.simulate.world import Parts


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong decision; ``about`` says which, ``faults`` is its campaign."""

    name: str
    about: str
    parts: Parts
    faults: Faults


_BUSY: Final = Faults(clients=4, acts=40, loss=0.05, lost_reply=0.1, chains=0.5, hot=0.5)


def _store(kind: type[SimStore]) -> Parts:
    return Parts(store=kind)


def _engine(kind: type[Engine]) -> Parts:
    return Parts(engine=kind)


def _about(kind: Callable[..., object]) -> str:
    return (kind.__doc__ or "").strip()


def _mutants() -> Iterator[Mutant]:
    client: list[tuple[str, type[SimStore] | type[Engine], dict[str, float]]] = [
        ("ack_no_image", AckNoImage, {}),
        ("stale_pull", StalePull, {"wedge": 0.1, "zombie": 1.0, "slow": 0.3}),
        ("late_pull", LatePull, {"expired": 0.3, "zombie": 1.0, "slow": 0.4, "seconds": 240.0}),
        ("stale_answer", StaleAnswer, {"lost_reply": 0.3}),
        ("cursor_first", CursorFirst, {"crash": 0.02}),
        ("chunk_apply", ChunkApply, {"broken_stream": 0.3}),
        ("drop_conflict", DropConflict, {}),
        ("version_rebase", VersionRebase, {"loss": 0.0, "lost_reply": 0.0, "partitions": 4}),
        ("delete_on_evict", DeleteOnEvict, {"evictions": 0.4, "web": 0.6, "partitions": 4}),
        ("snapshot_over_outbox", SnapshotOverOutbox, {"expired": 0.1, "retry": 0.3}),
        ("snapshot_over_answers", SnapshotOverAnswers, {"expired": 0.2, "broken_stream": 0.6}),
        # That a broken-off snapshot goes on after a newer pull can't be told here: in the model none is applied
        # between the two. The cache's own word on it is tested in tests/storage.
        ("sent_withdrawn", SentWithdrawn, {"undo": 0.4, "lost_reply": 0.4}),
        ("no_chain_repair", NoChainRepair, {"chains": 0.1, "hot": 1.0, "partitions": 6, "acts": 60}),
        ("chain_by_value", ChainByValue, {"chains": 1.5, "partitions": 5}),
        ("poison_blocks", PoisonBlocks, {"poison": 0.1}),
        ("retry_as_conflict", RetryAsConflict, {"retry": 0.2}),
        ("disk_is_poison", DiskIsPoison, {"disk": 0.6}),
        ("held_is_refused", HeldIsRefused, {"holds": 3}),
        ("signed_out_is_refused", SignedOutIsRefused, {"signouts": 6}),
        ("abandon_unfenced", AbandonUnfenced, {"lost_reply": 0.3, "duplicate": 0.3, "dally": 60.0}),
        ("no_reoffer", NoReoffer, {"restores": 1}),
        ("late_adoption", LateAdoption, {"restores": 1, "broken_stream": 0.9}),
        ("slow_poison", SlowPoison, {"poison": 0.1, "retry": 0.4}),
        ("chained", Chained, {"chains": 0.1, "hot": 1.0, "partitions": 6, "acts": 60}),
        ("no_place_order", NoPlaceOrder, {"retry": 0.3, "hot": 1.0}),
        ("impatient", Impatient, {"loss": 0.97, "seconds": 400.0}),
    ]
    for name, kind, faults in client:
        parts = _store(kind) if issubclass(kind, SimStore) else _engine(kind)
        yield Mutant(name, _about(kind), parts, replace(_BUSY, **faults))  # type: ignore[arg-type]
    cloned = replace(_BUSY, clones=1, partitions=2)
    restored = replace(_BUSY, restores=5, seconds=40.0, open=0.9, expired=0.5, partitions=4, chains=0.8, acts=60)
    yield Mutant("unchecked_snapshot", _about(unchecked_steps), Parts(steps=unchecked_steps), restored)
    yield Mutant("counter_key", _about(counter_id), Parts(new_id=counter_id), cloned)
    yield Mutant("no_hash", _about(NoHash), Parts(new_id=counter_id, server=NoHash), cloned)
    yield Mutant(
        "no_watchdog", "P24: nobody notices that all stands still.", Parts(watchdog=False), replace(_BUSY, wedge=0.05)
    )
    for server in SERVERS:
        yield Mutant(server.name, server.about, server.parts, replace(_BUSY, **server.faults))  # type: ignore[arg-type]


MUTANTS: Final = {mutant.name: mutant for mutant in _mutants()}
