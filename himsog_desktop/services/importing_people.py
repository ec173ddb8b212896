"""Who a row of an imported file means: found in the register or added to it.

Found by the other system's key, else by e-mail, else by phone and name, else by name and birth date;
a row with a name and nothing else means the only person of that name. An address or phone that a
family shares does not make two people one: names have to agree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.appointment import shown_email
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.people import Patient, fold
from himsog_desktop.interchange.records import LineIssue
from himsog_desktop.services import texts
from himsog_desktop.services.patients import placeholder
from himsog_desktop.services.phones import e164, region_of
from himsog_desktop.storage import external
from himsog_desktop.storage.external import Registered

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.connection import Raw

_MOBILE = re.compile(r"(?:\+?63|0)(9\d{9})")
_BETWEEN = str.maketrans("", "", " -()")
_TITLES = frozenset({"dr", "dra", "doc", "doctor", "prof", "md", "m.d", "dmd"})


class Said(NamedTuple):
    """What a row says of a person: the phone as E.164, the e-mail in small letters."""

    key: str | None
    name: str | None
    email: str | None
    phone: str | None
    birth_date: str | None
    sex: str | None = None
    address: str | None = None
    notes: str | None = None
    alerts: tuple[str, ...] = ()


class Reader:
    """Phones and addresses of a row made comparable."""

    def __init__(self, desk: Desk) -> None:
        self._region = region_of(desk.clinic.timezone)
        self._phones: dict[str, str | None] = {}
        self._emails: dict[str, str | None] = {}

    def phone(self, typed: str | None) -> str | None:
        """E.164, None when there is none or it can't be right."""
        if typed is None:
            return None
        if typed not in self._phones:
            self._phones[typed] = self._e164(typed)
        return self._phones[typed]

    def _e164(self, typed: str) -> str | None:
        plain = typed.strip().lstrip("'").strip()
        if self._region == "PH" and (found := _MOBILE.fullmatch(plain.translate(_BETWEEN))):
            # What nearly every cell is; the library takes a hundred times as long.
            return "+63" + found[1]
        return e164(plain, self._region)

    def email(self, typed: str | None) -> str | None:
        """The address in small letters, None when there is none or it can't be right."""
        if typed is None:
            return None
        if typed not in self._emails:
            try:
                self._emails[typed] = shown_email(texts.email(typed))
            except BadInput:
                self._emails[typed] = None
        return self._emails[typed]

    def warnings(self, line: int, phone: str | None, email: str | None) -> list[LineIssue]:
        """What is left out of a row."""
        found = []
        if phone is not None and phone.strip(" '") and self.phone(phone) is None:
            text = "The phone number can't be right; it is left out."
            found.append(LineIssue(line, "warned", "phone", "bad_value", text))
        if email is not None and self.email(email) is None:
            text = "The e-mail address can't be right; it is left out."
            found.append(LineIssue(line, "warned", "email", "bad_value", text))
        return found


class People:
    """The register as an import sees it, with those whom it adds. ``added`` wait to be written."""

    def __init__(self, raw: Raw, system: str, at: Micros) -> None:
        self._raw, self._system, self._at = raw, system, at
        self.added: list[Patient] = []
        self._by_key = {p.external_id: p for p in external.registered_of(raw, system)}
        self._loaded = False
        self._by_email: dict[str, list[Registered]] = {}
        self._by_phone: dict[tuple[str, str], Registered] = {}
        self._by_birth: dict[tuple[str, str], Registered] = {}
        self._by_name: dict[str, list[Registered]] = {}
        self._bare: dict[str, Registered] = {}
        self._claimed: dict[str, str] = {}

    def keyed(self, key: str) -> Registered | None:
        """Who has this key in the other system."""
        return self._by_key.get(key)

    def find(self, said: Said) -> Registered | None:
        """Who is meant; None when nobody fits."""
        if said.key is not None and (found := self._by_key.get(said.key)) is not None:
            return found
        if said.name is None:
            return None
        self._load()
        found = self._alike(said)
        if found is not None and said.key is not None:
            self._by_key[said.key] = found
        return found

    def _alike(self, said: Said) -> Registered | None:
        name = fold(said.name or "")
        if said.email is not None:
            for known in self._by_email.get(said.email, ()):
                if self._may_be(known, said) and same_name(fold(known.name), name):
                    return known
        found = self._by_phone.get((said.phone, name)) if said.phone else None
        if found is not None and self._may_be(found, said):
            return found
        found = self._by_birth.get((name, said.birth_date)) if said.birth_date else None
        if found is not None and self._may_be(found, said):
            return found
        if said.key is None and said.email is None and said.phone is None and said.birth_date is None:
            namesakes = self._by_name.get(name, [])
            return self._bare.get(name) or (namesakes[0] if len(namesakes) == 1 else None)
        return None

    def _may_be(self, known: Registered, said: Said) -> bool:
        """Nothing says that they are two people: another key of the same system, another birth date."""
        if said.key is not None:
            own = known.external_id if known.external_system == self._system else self._claimed.get(known.id)
            if own is not None and own != said.key:
                return False
        return said.birth_date is None or known.birth_date is None or said.birth_date == known.birth_date

    def add(self, said: Said, external_id: str | None) -> Registered:
        """Put somebody into the register: with the next chunk."""
        self._load()
        key = new_id()
        patient = Patient(
            id=key,
            name=said.name or f"Patient {(said.key or '')[:60]}".strip(),
            email=said.email or placeholder(key),
            created=self._at,
            updated=self._at,
            phone=said.phone,
            birth_date=said.birth_date,
            sex=said.sex,
            address=said.address,
            alerts=said.alerts,
            private_notes=said.notes,
            external_system=self._system if external_id else None,
            external_id=external_id,
            email_shared=said.email is not None and said.email in self._by_email,
        )
        self.added.append(patient)
        known = Registered(
            key, patient.name, patient.email, said.phone, said.birth_date, patient.external_system, external_id
        )
        if external_id:
            self._by_key[external_id] = known
        self._keep(known)
        if said.email is None and said.phone is None and said.birth_date is None and said.key is None:
            self._bare.setdefault(fold(patient.name), known)
        return known

    def claim(self, patient_id: str, key: str) -> None:
        """That patient is known by this key from now on; a row with another key means somebody else."""
        self._claimed[patient_id] = key

    def email_taken(self, email: str, but: str) -> bool:
        """Whether somebody else has this address."""
        self._load()
        return any(known.id != but for known in self._by_email.get(email, ()))

    def _load(self) -> None:
        if not self._loaded:
            self._loaded = True
            for known in external.registered(self._raw):
                self._keep(known)

    def _keep(self, known: Registered) -> None:
        name = fold(known.name)
        email = shown_email(known.email)
        if email is not None:
            self._by_email.setdefault(email.lower(), []).append(known)
        if known.phone is not None:
            self._by_phone.setdefault((known.phone, name), known)
        if known.birth_date is not None:
            self._by_birth.setdefault((name, known.birth_date), known)
        self._by_name.setdefault(name, []).append(known)


def same_name(one: str, other: str) -> bool:
    """Whether two folded names may be one person's: every word of the shorter begins one of the longer.

    ``maria c. dela pena`` is ``maria cristina dela pena``; ``jose ng`` is not ``maria ng``.
    """
    if one == other:
        return True
    short, long = sorted((_words(one), _words(other)), key=len)
    left = list(long)
    for word in short:
        fitting = next((w for w in left if w.startswith(word)), None) or next(
            (w for w in left if word.startswith(w)), None
        )
        if fitting is None:
            return False
        left.remove(fitting)
    return bool(short)


def plain_title(name: str) -> str:
    """A provider's folded name without title: ``Dr. Reyes`` and ``reyes`` are one."""
    words = [word for word in _words(fold(name)) if word not in _TITLES]
    return " ".join(words) or fold(name)


def _words(folded: str) -> list[str]:
    return [word for part in folded.replace(",", " ").split() if (word := part.strip(".'\""))]
