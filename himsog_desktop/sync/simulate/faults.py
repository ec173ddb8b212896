"""What goes wrong in a run: each seed draws its own mixture, or a campaign says what it is about."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Faults:
    """Chances (0 to 1) unless said otherwise; what is 0 never happens.

    ``open``: a transaction stays open for a while. ``dally``: how long a lost duplicate may be late, in seconds.
    ``wedge``: an answer never comes, and no deadline either. ``poison``: an intent that the server can't digest.
    ``holds``: for a while the server wants a newer program; ``signouts``: a person has to sign in again.
    ``disk``: a write of a profile fails, and nothing of it was saved.
    ``slow``: an answer that takes longer than its deadline; ``zombie``: it is taken in all the same when it comes.
    """

    clients: int = 4
    acts: int = 40
    seconds: float = 60.0
    loss: float = 0.0
    lost_reply: float = 0.0
    duplicate: float = 0.0
    dally: float = 5.0
    broken_stream: float = 0.0
    partitions: int = 0
    crash: float = 0.0
    disk: float = 0.0
    wedge: float = 0.0
    slow: float = 0.0
    zombie: float = 0.0
    skew: float = 0.0
    open: float = 0.0
    rollback: float = 0.0
    retry: float = 0.0
    poison: float = 0.0
    restarts: int = 0
    restores: int = 0
    holds: int = 0
    signouts: int = 0
    clones: int = 0
    web: float = 0.3
    web_deletes: float = 0.1
    evictions: float = 0.0
    expired: float = 0.0
    hot: float = 0.0
    chains: float = 0.3
    undo: float = 0.1


_DRAWN: Final = (
    ("loss", 0.08), ("lost_reply", 0.1), ("duplicate", 0.1), ("broken_stream", 0.1), ("crash", 0.01),
    ("wedge", 0.01), ("disk", 0.03), ("skew", 0.5), ("open", 0.3), ("rollback", 0.05), ("retry", 0.1), ("poison", 0.02),
    ("slow", 0.05), ("zombie", 0.5), ("evictions", 0.1), ("expired", 0.02), ("hot", 0.5), ("web_deletes", 0.2),
)  # fmt: skip
_COUNTED: Final = (("partitions", 3), ("restarts", 2), ("clones", 1), ("restores", 1), ("holds", 2), ("signouts", 2))


def drawn(random: Random) -> Faults:
    """The mixture of a seed: each kind of fault is in about every second one, so that they meet in all ways."""
    chosen: dict[str, float | int] = {
        "clients": random.choice((2, 3, 3, 4, 4, 5, 6, 8)),
        "acts": random.randint(20, 40),
        "web": random.choice((0.0, 0.2, 0.4)),
        "dally": random.choice((2.0, 15.0, 60.0)),
        "chains": random.choice((0.1, 0.5)),
    }
    for name, most in _DRAWN:
        chosen[name] = most if random.random() < 0.5 else 0.0
    for name, count in _COUNTED:
        chosen[name] = random.randint(1, count) if random.random() < 0.4 else 0
    if random.random() < 0.8:
        chosen["restores"] = 0
    return Faults(**chosen)  # type: ignore[arg-type]  # names and kinds are those of the fields


def raised(base: Faults, **more: float) -> Faults:
    """A mixture with some faults said outright, for a campaign that is about them."""
    known = {field.name for field in fields(Faults)}
    assert more.keys() <= known, more
    return replace(base, **more)  # type: ignore[arg-type]
