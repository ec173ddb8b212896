"""What a person types into a field, made safe and checked for length."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import parse_date

NAME_MOST = 200
NOTE_MOST = 10_000
REASON_MOST = 500
_MAIL = re.compile(r"^[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s.,;<>\"]{2,63}$")


def name(text: str, field: str = "name") -> str:
    """A name: one line, no control characters, at most 200 characters. Raises BadInput."""
    if len(text) > NAME_MOST * 4:
        raise BadInput("too_long", f"The {field} has more than {NAME_MOST} characters.")
    found = " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text).split())
    if not any(unicodedata.category(c)[0] not in "CZ" for c in found):
        # Nor is it a name when nothing of it can be seen.
        raise BadInput("bad_value", f"The {field} is empty.")
    if len(found) > NAME_MOST:
        raise BadInput("too_long", f"The {field} has more than {NAME_MOST} characters.")
    return found


def note(text: str | None, field: str = "note", most: int = NOTE_MOST) -> str | None:
    """A text of several lines, None when empty. Raises BadInput when it is too long."""
    if text is None:
        return None
    if len(text) > most:
        raise BadInput("too_long", f"The {field} has {len(text):,} characters; {most:,} are the most.")
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip() or None


def email(text: str | None) -> str | None:
    """An e-mail address in lower case, None when empty. Raises BadInput for one that can't be right."""
    if text is None or not text.strip():
        return None
    found = text.strip().lower()
    if not _MAIL.match(found):
        raise BadInput("bad_value", "The e-mail address can't be right: write it like name@example.com.")
    return found


def birth_date(text: str | None, today: date) -> str | None:
    """A date of birth as ``YYYY-MM-DD``, None when empty. Raises BadInput for a day that can't be one."""
    if text is None or not text.strip():
        return None
    try:
        found = parse_date(text)
    except ValueError as problem:
        raise BadInput("bad_value", f"The birth date can't be right: {problem}.") from None
    if found > today:
        raise BadInput("bad_value", "The birth date lies in the future.")
    return found.isoformat()
