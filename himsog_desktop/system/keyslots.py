"""Key slots: the data key of a profile, wrapped once per way in, in ``keyslots.json``.

Each slot holds the data key under AES-256-GCM, bound to the profile, the kind of slot and the format
by the associated data, so that a slot moved to another profile or renamed does not open. The
wrapping keys come from the OS keyring (random), a passphrase (Argon2id, parameters kept in the slot)
or the recovery key (HKDF-SHA256: it is random already). ``check`` is derived from the data key and
tells a wrong data key before a slot is made with it. Source: design, section 3.
"""

from __future__ import annotations

import json
import os
from binascii import a2b_base64, b2a_base64
from pathlib import Path
from typing import Final, NamedTuple

from himsog_desktop.domain.errors import BadInput, NoAccess
from himsog_desktop.system.files import write_atomically

FILE: Final = "keyslots.json"
CACHE: Final = "cache.db"
"""The file that the keys are for (``storage.connection.DATABASE_NAME``)."""
FORMAT: Final = 1
KEY_BYTES: Final = 32

KEYRING: Final = "keyring"
PASSPHRASE: Final = "passphrase"
RECOVERY: Final = "recovery"
KINDS: Final = (KEYRING, PASSPHRASE, RECOVERY)

LONGEST_PASSPHRASE: Final = 1024
_LONGEST_FILE = 65_536
_PUT_BACK = "Put back keyslots.json from a copy of this profile's folder, or restore a backup."
_NONCE = 12
_SALT = 16
_WRAPPED = KEY_BYTES + 16
_LONGEST_ID = 64
_ID_LETTERS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-")


class Cost(NamedTuple):
    """What Argon2id spends: kibibytes, passes, lanes."""

    memory_kib: int
    passes: int
    lanes: int


COST = Cost(64 * 1024, 3, 2)
"""About 110 ms on two cores (RFC 9106, second choice: 64 MiB, t=3). Tests lower it; files record it."""
_MOST = Cost(1024 * 1024, 16, 16)
"""More than this in a file is damage or an attack on memory, not a setting of ours."""


class Slot(NamedTuple):
    """One way in. ``salt`` is empty for the keyring, ``cost`` None but for the passphrase."""

    kind: str
    nonce: bytes
    wrapped: bytes
    salt: bytes = b""
    cost: Cost | None = None


class KeySlots(NamedTuple):
    """The content of ``keyslots.json``; there is nothing secret in it."""

    profile_id: str
    check: bytes
    slots: tuple[Slot, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of slots there are, in a fixed order."""
        return tuple(kind for kind in KINDS if self.slot(kind) is not None)

    def slot(self, kind: str) -> Slot | None:
        """The slot of that kind."""
        return next((slot for slot in self.slots if slot.kind == kind), None)

    def with_slot(self, slot: Slot) -> KeySlots:
        """The same with this slot in place of any of its kind."""
        others = tuple(other for other in self.slots if other.kind != slot.kind)
        return self._replace(slots=(*others, slot))

    def without(self, kind: str) -> KeySlots:
        """The same without slots of that kind."""
        return self._replace(slots=tuple(slot for slot in self.slots if slot.kind != kind))


# --- wrapping -------------------------------------------------------------------------------------


def new_check(data_key: bytes) -> bytes:
    """Sixteen bytes that tell whether a data key is the right one, and nothing about it."""
    return _hkdf(data_key, b"", b"himsog-desktop data key check", 16)


def fits(slots: KeySlots, data_key: bytes) -> bool:
    """Whether this is the profile's data key; compared in constant time."""
    from hmac import compare_digest

    return compare_digest(new_check(data_key), slots.check)


def keyring_slot(profile_id: str, data_key: bytes, wrapping_key: bytes) -> Slot:
    """A slot for a random wrapping key of 32 bytes that the keyring keeps."""
    return _wrap(profile_id, KEYRING, data_key, wrapping_key)


def passphrase_slot(profile_id: str, data_key: bytes, passphrase: str, cost: Cost | None = None) -> Slot:
    """A slot for a passphrase or PIN. Raises BadInput when it is empty or too long."""
    cost, salt = cost or COST, os.urandom(_SALT)
    slot = _wrap(profile_id, PASSPHRASE, data_key, _stretch(passphrase, salt, cost))
    return slot._replace(salt=salt, cost=cost)


def recovery_slot(profile_id: str, data_key: bytes, secret: bytes) -> Slot:
    """A slot for the random bytes of a recovery key (``recovery.decode``)."""
    salt = os.urandom(_SALT)
    return _wrap(profile_id, RECOVERY, data_key, _from_recovery(secret, salt))._replace(salt=salt)


def open_with_key(slots: KeySlots, kind: str, secret: bytes) -> bytes | None:
    """The data key by the keyring's wrapping key or the recovery secret; None when it does not fit."""
    slot = slots.slot(kind)
    if slot is None:
        return None
    return _unwrap(slots, slot, _from_recovery(secret, slot.salt) if kind == RECOVERY else secret)


def open_with_passphrase(slots: KeySlots, passphrase: str) -> bytes | None:
    """The data key by the passphrase; None when it does not fit. Takes about a tenth of a second."""
    slot = slots.slot(PASSPHRASE)
    if slot is None or slot.cost is None:
        return None
    return _unwrap(slots, slot, _stretch(passphrase, slot.salt, slot.cost))


def _associated(profile_id: str, kind: str) -> bytes:
    return f"himsog-desktop keyslot {FORMAT} {profile_id} {kind}".encode()


def _wrap(profile_id: str, kind: str, data_key: bytes, wrapping_key: bytes) -> Slot:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(data_key) != KEY_BYTES or len(wrapping_key) != KEY_BYTES:
        raise ValueError("keys are 32 bytes")
    nonce = os.urandom(_NONCE)
    return Slot(kind, nonce, AESGCM(wrapping_key).encrypt(nonce, data_key, _associated(profile_id, kind)))


def _unwrap(slots: KeySlots, slot: Slot, wrapping_key: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(wrapping_key) != KEY_BYTES:
        return None
    associated = _associated(slots.profile_id, slot.kind)
    try:
        data_key = AESGCM(wrapping_key).decrypt(slot.nonce, slot.wrapped, associated)
    except InvalidTag:
        return None
    return data_key if fits(slots, data_key) else None


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=length, salt=salt or None, info=info).derive(secret)


def _from_recovery(secret: bytes, salt: bytes) -> bytes:
    return _hkdf(secret, salt, b"himsog-desktop recovery slot", KEY_BYTES)


def checked_passphrase(passphrase: str) -> bytes:
    """The bytes that are stretched: the same on every keyboard and system (Unicode NFC).

    Raises BadInput when it is empty, blank or over 1,024 letters.
    """
    from unicodedata import normalize

    if len(passphrase) > LONGEST_PASSPHRASE:
        raise BadInput("too_long", f"A passphrase has at most {LONGEST_PASSPHRASE:,} letters.")
    if not passphrase.strip():
        raise BadInput("bad_value", "A passphrase needs at least one letter or digit.")
    # The environment hands over bytes that are no UTF-8 as lone surrogates.
    return normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    try:
        return hash_secret_raw(
            checked_passphrase(passphrase), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
        )
    except HashingError:
        megabytes = cost.memory_kib // 1024
        raise NoAccess(
            "locked",
            f"There is not enough free memory to check the passphrase ({megabytes} MB are needed). "
            "Close other programs and try again.",
        ) from None


# --- the file -------------------------------------------------------------------------------------


def write(profile_dir: Path, slots: KeySlots, *, new: bool = False) -> None:
    """Write ``keyslots.json``: whole, flushed, for its owner only.

    With ``new``, raises FileExistsError when there is one already. Raises OSError.
    """
    document = {
        "format": FORMAT,
        "profile": slots.profile_id,
        "check": _text(slots.check),
        "slots": [_document(slot) for slot in slots.slots],
    }
    write_atomically(profile_dir / FILE, json.dumps(document, indent=1).encode() + b"\n", exclusive=new)


def read(profile_dir: Path) -> KeySlots:
    """Read ``keyslots.json``.

    Raises BadInput ``not_found`` without a profile, NoAccess ``no_key`` when it is damaged or lost, ``forbidden``
    when it may not be read and ``schema_newer`` when a newer release wrote it.
    """
    path = profile_dir / FILE
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        if (profile_dir / CACHE).exists():
            raise NoAccess(
                "no_key", f"The key file {path} is missing, so the profile cannot be opened. {_PUT_BACK}"
            ) from None
        raise BadInput(
            "not_found", f"There is no profile in {profile_dir}. Make one with: himsog profile create"
        ) from None
    except OSError:
        raise NoAccess("forbidden", f"The key file {path} may not be read by this user.") from None
    try:
        if len(content) > _LONGEST_FILE:
            raise ValueError
        return _parsed(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoAccess(
            "no_key",
            f"The key file {path} is damaged, so the profile cannot be opened. {_PUT_BACK}",
        ) from None


def _parsed(document: object) -> KeySlots:
    fields = _fields(document)
    if not isinstance(fields["format"], int):
        raise ValueError
    if fields["format"] > FORMAT:
        raise NoAccess("schema_newer", "A newer Himsog Desktop made this profile. Update this one to open it.")
    profile_id, entries, check = fields["profile"], fields["slots"], _bytes(fields["check"], 16)
    if fields["format"] != FORMAT or not isinstance(entries, list) or not 1 <= len(entries) <= len(KINDS):
        raise ValueError
    slots = tuple(_slot(_fields(entry)) for entry in entries)
    if len({slot.kind for slot in slots}) != len(slots):
        raise ValueError
    return KeySlots(checked_profile_id(profile_id), check, slots)


def checked_profile_id(profile_id: object) -> str:
    """A profile's id as it may stand in files and in the keyring. Raises ValueError."""
    # Not a regular expression: compiling one costs half a millisecond before the first paint.
    plain = isinstance(profile_id, str) and 1 <= len(profile_id) <= _LONGEST_ID and _ID_LETTERS.issuperset(profile_id)
    if not isinstance(profile_id, str) or not plain or not profile_id[0].isalnum():
        raise ValueError("a profile id is 1 to 64 letters, digits, dots and hyphens")
    return profile_id


def _fields(document: object) -> dict[str, object]:
    if not isinstance(document, dict):
        raise TypeError
    return document


def _slot(fields: dict[str, object]) -> Slot:
    kind = fields["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError
    salt = b"" if kind == KEYRING else _bytes(fields["salt"], _SALT)
    cost = _cost(_fields(fields["argon2id"])) if kind == PASSPHRASE else None
    return Slot(kind, _bytes(fields["nonce"], _NONCE), _bytes(fields["wrapped"], _WRAPPED), salt, cost)


def _cost(fields: dict[str, object]) -> Cost:
    numbers = [fields[name] for name in Cost._fields]
    if any(type(number) is not int for number in numbers):
        raise TypeError
    cost = Cost(*(int(str(number)) for number in numbers))
    if not all(1 <= number <= most for number, most in zip(cost, _MOST, strict=True)):
        raise ValueError
    if cost.memory_kib < 8 * cost.lanes:  # Argon2's own least
        raise ValueError
    return cost


def _document(slot: Slot) -> dict[str, object]:
    document: dict[str, object] = {"kind": slot.kind, "nonce": _text(slot.nonce), "wrapped": _text(slot.wrapped)}
    if slot.salt:
        document["salt"] = _text(slot.salt)
    if slot.cost is not None:
        document["argon2id"] = slot.cost._asdict()
    return document


def _text(value: bytes) -> str:
    return b2a_base64(value, newline=False).decode()


def _bytes(value: object, length: int) -> bytes:
    if not isinstance(value, str):
        raise TypeError
    found = a2b_base64(value, strict_mode=True)
    if len(found) != length:
        raise ValueError
    return found
