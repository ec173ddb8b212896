"""Several clinic days beside one another, each a column: a week as a screen paints it. Prepared SQL only.

A column is the day of one provider, or of all who are shown: then it is open while any of them works, and
what lies in the way is what lies in the way of all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.day import DayPage, ProviderColumn, Span
from himsog_desktop.domain.stretches import clip, cut, merge
from himsog_desktop.services.day import blocked_time, openings_of, spans_of
from himsog_desktop.storage import hot, load

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date

    from himsog_desktop.domain.clinic import Provider
    from himsog_desktop.domain.stretches import Stretch
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.cache import Cache

DAYS = 7
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Seen(NamedTuple):
    """Whose appointments are shown: all but the ``hidden`` ones, in ``order``; of ``only`` these, if given."""

    hidden: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    only: Collection[str] | None = None


EVERYBODY = Seen()


def week_page(
    cache: Cache,
    first: date,
    seen: Seen = EVERYBODY,
    days: int = DAYS,
    head: Callable[[date], str] | None = None,
) -> DayPage:
    """The days from ``first`` on, one column each. ``head`` writes the words above a day."""
    raw, zone = cache.reader, cache.zone
    dates = [first + timedelta(days=number) for number in range(days)]
    bounds = [zone.day_bounds(day) for day in dates]
    low, high = bounds[0][0], bounds[-1][1]
    tiles = hot.tiles(raw, low, high)
    used = {tile.provider_id for tile in tiles}
    shown = _shown(load.providers(raw, cache.clinic.id), seen, used)
    ids = frozenset(provider.id for provider in shown)
    blocked = blocked_time(raw, low, high)
    working = [(provider, openings_of(provider, cache.clinic.id, zone)) for provider in shown]
    columns = []
    for day, (start, end) in zip(dates, bounds, strict=True):
        opened: list[tuple[Stretch, ...]] = []
        spans: list[tuple[Span, ...]] = []
        for provider, openings in working:
            mine = [_clipped(s, start, end) for s in blocked.get(provider.id, ()) if s.start < end and s.end > start]
            opened.append(openings.open(day))
            spans.append(spans_of(provider, openings, day, start, end, mine))
        slots = [provider.slot_minutes for provider in shown]
        columns.append(
            ProviderColumn(
                day.isoformat(),
                head(day) if head is not None else f"{_WEEKDAYS[day.weekday()]} {day.day}",
                None,
                min(slots, default=30),
                True,
                tuple(merge(stretch for one in opened for stretch in one)),
                common_spans(opened, spans, start, end),
                start,
                end,
                tuple(provider.id for provider in shown),
            )
        )
    kept = tiles if used <= ids else tuple(tile for tile in tiles if tile.provider_id in ids)
    names = tuple((provider.id, provider.name) for provider in shown)
    return DayPage(first.isoformat(), zone.name, low, high, tuple(columns), kept, names)


def _shown(providers: Iterable[Provider], seen: Seen, used: set[str]) -> list[Provider]:
    """As the day has them: who may take no bookings only where there are appointments of theirs."""
    out = frozenset(seen.hidden)
    found = [
        p
        for p in providers
        if p.id not in out and (p.bookable or p.id in used) and (seen.only is None or p.id in seen.only)
    ]
    place = {key: number for number, key in enumerate(seen.order)}
    found.sort(key=lambda p: place.get(p.id, len(place)))
    return found


def _clipped(span: Span, start: Micros, end: Micros) -> Span:
    return span._replace(start=max(span.start, start), end=min(span.end, end))


def common_spans(
    opened: list[tuple[Stretch, ...]], spans: list[tuple[Span, ...]], start: Micros, end: Micros
) -> tuple[Span, ...]:
    """What lies in the way of everybody between two instants: the spans of the only one, or what all share."""
    if len(spans) == 1:
        return spans[0]
    if not spans:
        return ()
    free = [cut(merge(mine), [(s.start, s.end) for s in way]) for mine, way in zip(opened, spans, strict=True)]
    anybody = merge(stretch for one in free for stretch in one)
    # Of the hours in which somebody would work, those in which nobody can; and whole days that all are away.
    stopped = cut(merge(stretch for one in opened for stretch in one), anybody)
    found = [_named(stretch, spans) for stretch in stopped]
    away = [(s.start, s.end) for s in spans[0] if s.kind in ("vacation", "holiday", "override")]
    for way in spans[1:]:
        mine = [(s.start, s.end) for s in way if s.kind in ("vacation", "holiday", "override")]
        away = [piece for a, b in away for piece in clip(mine, a, b)]
    found += [_named(stretch, spans) for stretch in cut(merge(away), stopped)]
    return tuple(sorted(s for s in found if s.start < end and s.end > start))


def _named(stretch: Stretch, spans: list[tuple[Span, ...]]) -> Span:
    """A stretch by the kind and the words that all have for it; without words where they differ."""
    there = [[s for s in way if s.start < stretch[1] and s.end > stretch[0]] for way in spans]
    kinds = {s.kind for way in there for s in way}
    words = {s.text for way in there for s in way}
    kind = kinds.pop() if len(kinds) == 1 else "block"
    return Span(*stretch, kind, words.pop() if len(words) == 1 else "")
