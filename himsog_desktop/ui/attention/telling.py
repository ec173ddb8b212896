"""How a card's instants, people and places are written on the screen, with names hidden when they are to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.time import HOUR, MINUTE, parse_instant
from himsog_desktop.domain.wording import initials, one_line
from himsog_desktop.services.attention_words import Row, Tell, headline, rows, who_when
from himsog_desktop.ui.appointments.words import day_words, moment_words

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.documents import AttentionDoc
    from himsog_desktop.ui.calendar.labels import Clock

_NAMES = frozenset({"Patient", "Name"})
_PRIVATE = frozenset({"Phone", "E-mail", "Note", "Activity notes", "Private note", "Birth date"})
HIDDEN = "•••"
TOPIC = "attention"
"""What messages about cards are about: the next one makes room for it, and so does the page."""


class Telling:
    """The words of one card after another."""

    def __init__(self, clock: Clock, now: Micros, providers: dict[str, str], *, privacy: bool) -> None:
        self._clock = clock
        self._now = now
        self._privacy = privacy
        self._tell = Tell(self.moment, clock.time, lambda key: providers.get(key, ""))

    def moment(self, at: Micros) -> str:
        """``Today 10:00``, ``Fri 27 Nov 10:00``."""
        zone = self._clock.zone
        return f"{day_words(zone.date_of(at), zone.date_of(self._now))} {self._clock.time(at)}"

    def headline(self, item: AttentionDoc) -> str:
        """What happened."""
        told = headline(item, self._tell, names=not self._privacy)
        if self._privacy and item.patient is not None:
            told = f"{told.rstrip('.')} ({initials(item.patient.name)})"
        return told

    def name(self, item: AttentionDoc) -> str:
        """The patient's name, initials where names are hidden."""
        if item.patient is None:
            return ""
        return initials(item.patient.name) if self._privacy else one_line(item.patient.name)

    def rows(self, item: AttentionDoc) -> list[Row]:
        """Both sides."""
        found = rows(item, self._tell)
        return [self._hidden(row) for row in found] if self._privacy else found

    def _hidden(self, row: Row) -> Row:
        def veil(text: str) -> str:
            if len(text) < 2:
                return text
            return initials(text) if row.label in _NAMES else HIDDEN

        if row.label not in _NAMES | _PRIVATE:
            return row
        return row._replace(before=veil(row.before), mine=veil(row.mine), theirs=veil(row.theirs))

    def mine(self, item: AttentionDoc) -> str:
        """Who wanted it, when, at which desk."""
        at = moment_words(self._clock, parse_instant(item.mine.at), self._now)
        who = ", ".join(part for part in (one_line(item.mine.by or ""), at) if part)
        return " · ".join(part for part in (who, one_line(item.mine.device)) if part)

    def theirs(self, item: AttentionDoc) -> str:
        """Who gave it what stands there, as far as is known."""
        if item.theirs.by is None and item.theirs.at is None:
            return ""
        tell = self._tell._replace(moment=lambda at: moment_words(self._clock, at, self._now))
        return who_when(item.theirs.by, item.theirs.source, "", item.theirs.at, tell)

    def away(self, item: AttentionDoc) -> str:
        """How long until the affected appointment: ``in 3 h``; empty for one that is past or far."""
        if item.start is None:
            return ""
        left = parse_instant(item.start) - self._now
        if left < 0 or not item.soon:
            return ""
        if left < HOUR:
            return f"in {max(left // MINUTE, 1)} min"
        return f"in {left // HOUR} h"
