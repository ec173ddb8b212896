"""Names and phones as they are written for people, on the screen and on paper. No Qt, nothing but text."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Text as one line: what people pasted may hold line breaks, tabs and control characters."""
    if text.isprintable() and "  " not in text:
        return text
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def counted(number: int, one: str, many: str = "") -> str:
    """``1 change``, ``2,100 changes``; ``many`` where an s is not enough."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def initials(name: str) -> str:
    """A name that strangers may see: ``"Reyes, Ana Lim"`` is ``"R. A. L."``."""
    return " ".join(f"{part[0]}." for part in one_line(name).replace(",", " ").split() if part) or "–"


def shorter_names(name: str) -> tuple[str, ...]:
    """What a name may be cut to, longest first: ``"Reyes, Ana Lim"``, ``"Reyes, A."``, ``"Reyes"``."""
    family, comma, given = name.partition(", ")
    if not comma or not family or not given:
        return (name,)
    return (name, f"{family}, {given[0]}.", family)


def phone_words(phone: str) -> str:
    """A Philippine number as people say it, ``0917 555 0101``, others as they stand."""
    line = one_line(phone)
    if line.startswith("+63"):
        bare = "".join([c for c in line if c.isdigit()])
        if len(bare) == 12:
            return f"0{bare[2:5]} {bare[5:8]} {bare[8:]}"
    return line
