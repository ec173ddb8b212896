"""What becomes of the intents that wait behind a refused one.

Source: reliability, section 2.3. A later intent on a field of the refused one was made on top of a value that
never came to be: the *immediately next* one on that field takes over what the refused one had seen. (By value
instead of by place would be wrong: a, b, a again.) What stands on a refused creation, or needs the refused
one, can't be: it is given up at the server, so that every desk sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from himsog_desktop.domain.intents import Intent, Verdict
from himsog_desktop.ports import Repair


def repair(verdict: Verdict, queue: Sequence[Intent]) -> Repair:
    """For a refused intent, the first of ``queue``, and all that waits behind it in order."""
    if not verdict.refused or not queue:
        return Repair()
    refused, behind = queue[0], queue[1:]
    doomed = _doomed(refused, behind)
    return Repair(tuple(_chain(refused, [i for i in behind if i.id not in doomed])), tuple(doomed))


def _doomed(refused: Intent, behind: Sequence[Intent]) -> dict[str, None]:
    """Ids, in order, of what makes no sense without the refused one."""
    fallen = {refused.id: refused}
    for intent in behind:
        needs = any(n in fallen for n in intent.needs)
        if needs or any(f.creates and _same(f, intent) for f in fallen.values()):
            fallen[intent.id] = intent
    del fallen[refused.id]
    return dict.fromkeys(fallen)


def _chain(refused: Intent, behind: Sequence[Intent]) -> list[Intent]:
    if refused.creates:
        return []
    # A refused deletion had seen everything; whoever made the thing anew behind it edits it instead, or clashes.
    left = dict(refused.before) if not refused.deletes else {}
    changed = []
    for intent in behind:
        if not left:
            break
        if not _same(refused, intent):
            continue
        seen = {n: left.pop(n) for n in intent.before if n in left}
        if any(intent.before[n] != v for n, v in seen.items()):
            changed.append(replace(intent, before={**intent.before, **seen}))
    return changed


def _same(one: Intent, other: Intent) -> bool:
    return one.key == other.key and one.entity == other.entity
