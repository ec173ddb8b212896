"""The vault: making, opening and changing the key slots of a profile.

A profile without a passphrase and without a keyring that keeps secrets is never made: there is no
key in a plain file, not even by accident (design, section 3; reliability S2 to S4). Python cannot
wipe the memory of ``bytes``: the key stays in this process until it ends, and nowhere else. Keys
never go into logs, messages or reprs.
"""

from __future__ import annotations

import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.system import files, keyslots, recovery
from himsog_desktop.system.keyslots import KEY_BYTES, KEYRING, PASSPHRASE, RECOVERY, KeySlots
from himsog_desktop.system.locks import FileLock

if TYPE_CHECKING:
    from himsog_desktop.ports import Created

_LOCK: Final = "keyslots.lock"
_LOCK_WAIT: Final = 10.0

NO_WAY_IN: Final = (
    "This computer has no keyring that keeps secrets, and no passphrase was given, so nothing was made. "
    "Set HIMSOG_PASSPHRASE to a passphrase and try again, or start the system's keyring service."
)
_WRONG: Final = "The passphrase does not fit this profile. Check it, or use the recovery key instead."
_WRONG_RECOVERY: Final = "This recovery key is written correctly, but it belongs to another profile."
_NEEDED: Final = (
    "This profile is locked. Set HIMSOG_PASSPHRASE to its passphrase, or to its recovery key, and try again."
)
_LOST: Final = (
    "The keyring of this computer and user no longer holds the key of this profile. "
    "Set HIMSOG_PASSPHRASE to the recovery key that was shown when the profile was made."
)
_KEYRING_SHUT: Final = (
    "The system's keyring is locked or does not answer. Unlock it, or set HIMSOG_PASSPHRASE to the recovery key."
)


def create_slots(profile_dir: Path, profile_id: str, passphrase: str | None = None) -> Created:
    """Make a new profile's data key, with a recovery slot and a passphrase or keyring slot.

    With a passphrase the keyring is not touched. The way in is decided, and tried, before the folder
    or any file is made. Raises NoAccess ``no_key`` when there is neither a passphrase nor a keyring
    that keeps secrets, and BadInput when there is a profile already, the passphrase cannot be one,
    or the folder cannot be written; nothing is left behind then.
    """
    from himsog_desktop.ports import Created

    keyslots.checked_profile_id(profile_id)
    # By os.path: a folder that may not be looked into has no profile that we could name.
    if any(os.path.exists(profile_dir / name) for name in (keyslots.FILE, keyslots.CACHE)):  # noqa: PTH110
        raise _taken(profile_dir)
    data_key, secret = os.urandom(KEY_BYTES), recovery.new_secret()
    undo: Callable[[], None] = _nothing
    if passphrase:
        way_in = keyslots.passphrase_slot(profile_id, data_key, passphrase)
    else:
        wrapping_key, undo = _into_keyring(profile_id)
        way_in = keyslots.keyring_slot(profile_id, data_key, wrapping_key)
    slots = KeySlots(
        profile_id,
        keyslots.new_check(data_key),
        (way_in, keyslots.recovery_slot(profile_id, data_key, secret)),
    )
    existed = os.path.exists(profile_dir)  # noqa: PTH110
    try:
        files.make_private_folder(profile_dir)
        keyslots.write(profile_dir, slots, new=True)
    except OSError as error:
        undo()
        if os.path.exists(profile_dir / keyslots.FILE):  # noqa: PTH110  # another process was quicker
            raise _taken(profile_dir) from None
        if not existed:
            with suppress(OSError):
                profile_dir.rmdir()
        why = error.strerror or "it cannot be used"
        raise BadInput("bad_value", f"No profile can be made in {profile_dir}: {why}.") from None
    return Created(data_key, recovery.encode(secret), slots.kinds)


def unlock(profile_dir: Path, passphrase: str | None = None, use_keyring: bool = True) -> bytes:
    """The data key of a profile: 32 bytes.

    ``passphrase`` (the value of ``HIMSOG_PASSPHRASE``) may also be the recovery key. When it is given
    and does not fit, nothing else is tried; on a profile without a passphrase one that is no recovery
    key is ignored. Takes about 0.15 s by passphrase.

    Raises NoAccess: ``wrong_key``; ``locked`` when a passphrase is needed or the keyring is locked;
    ``no_key`` when the keyring has lost it or ``keyslots.json`` is damaged; ``schema_newer``. Raises
    BadInput ``not_found`` when the folder has no profile.
    """
    slots = keyslots.read(profile_dir)
    if passphrase:
        data_key = _by_words(slots, passphrase)
        if data_key is not None:
            return data_key
    if slots.slot(KEYRING) is None or not use_keyring:
        raise NoAccess("locked", _NEEDED)
    try:
        return _by_keyring(slots)
    except NoAccess:
        if slots.slot(PASSPHRASE) is not None:
            raise NoAccess("locked", _NEEDED) from None
        raise


def kinds(profile_dir: Path) -> tuple[str, ...]:
    """The ways in that the profile has, of ``keyring``, ``passphrase``, ``recovery``.

    Raises BadInput ``not_found``, or NoAccess when the key file is damaged.
    """
    return keyslots.read(profile_dir).kinds


def profile_id(profile_dir: Path) -> str:
    """The profile's id, known before it is unlocked. Raises as ``kinds`` does."""
    return keyslots.read(profile_dir).profile_id


def add_passphrase(profile_dir: Path, data_key: bytes, passphrase: str) -> None:
    """Add a passphrase, or put this one in place of the old. Raises BadInput or NoAccess ``wrong_key``."""
    _edit(
        profile_dir,
        data_key,
        lambda slots: slots.with_slot(keyslots.passphrase_slot(slots.profile_id, data_key, passphrase)),
    )


def change_passphrase(profile_dir: Path, old: str, new: str) -> None:
    """Put a new passphrase in place of the old one, which must fit (``wrong_key`` otherwise)."""
    slots = keyslots.read(profile_dir)
    if slots.slot(PASSPHRASE) is None:
        raise BadInput("bad_value", "This profile has no passphrase yet: add one instead of changing it.")
    data_key = keyslots.open_with_passphrase(slots, old)
    if data_key is None:
        raise NoAccess("wrong_key", _WRONG)
    add_passphrase(profile_dir, data_key, new)


def add_keyring(profile_dir: Path, data_key: bytes) -> None:
    """Let the keyring open this profile from now on.

    Raises NoAccess ``no_key`` without a keyring that keeps secrets, ``wrong_key`` when this is not the
    profile's data key.
    """

    def edit(slots: KeySlots) -> KeySlots:
        wrapping_key, _ = _into_keyring(slots.profile_id)
        return slots.with_slot(keyslots.keyring_slot(slots.profile_id, data_key, wrapping_key))

    _edit(profile_dir, data_key, edit)


def renew_recovery(profile_dir: Path, data_key: bytes) -> str:
    """Make a new recovery key, to be shown once; the old one opens nothing any more."""
    secret = recovery.new_secret()
    _edit(
        profile_dir,
        data_key,
        lambda slots: slots.with_slot(keyslots.recovery_slot(slots.profile_id, data_key, secret)),
    )
    return recovery.encode(secret)


def remove_slot(profile_dir: Path, data_key: bytes, kind: str) -> None:
    """Close the way in by ``keyring`` or ``passphrase``.

    Raises Refused ``in_use`` for the recovery slot and for the last other one: a lost recovery key
    would then lose the clinic's data.
    """
    if kind == RECOVERY:
        raise Refused("in_use", "The recovery key cannot be removed. Renew it if somebody else has seen it.")

    def edit(slots: KeySlots) -> KeySlots:
        if slots.slot(kind) is None:
            raise BadInput("not_found", "This profile has no such way in.")
        if not set(slots.without(kind).kinds) - {RECOVERY}:
            raise Refused("in_use", "This is the only way in beside the recovery key. Add another one first.")
        return slots.without(kind)

    slots = _edit(profile_dir, data_key, edit)
    if kind == KEYRING:
        _forget(slots.profile_id)


class SystemVault:
    """The ``Vault`` of ``ports``: the functions of this module as an object."""

    __slots__ = ("_use_keyring",)

    def __init__(self, *, use_keyring: bool = True) -> None:
        self._use_keyring = use_keyring

    def create(self, profile_dir: Path, profile_id: str, passphrase: str | None) -> Created:
        """See ``create_slots``."""
        return create_slots(profile_dir, profile_id, passphrase)

    def unlock(self, profile_dir: Path, passphrase: str | None = None) -> bytes:
        """See ``unlock``."""
        return unlock(profile_dir, passphrase, self._use_keyring)

    def kinds(self, profile_dir: Path) -> tuple[str, ...]:
        """See ``kinds``."""
        return kinds(profile_dir)


# --- ways in --------------------------------------------------------------------------------------


def _by_words(slots: KeySlots, words: str) -> bytes | None:
    """By a recovery key or passphrase; None when the profile has no passphrase and this is no key."""
    if len(words) > keyslots.LONGEST_PASSPHRASE:
        raise NoAccess("wrong_key", _WRONG)
    mistyped: recovery.Mistyped | None = None
    secret: bytes | None = None
    try:
        secret = recovery.decode(words)
    except recovery.Mistyped as error:
        mistyped = error
    if secret is not None:
        data_key = keyslots.open_with_key(slots, RECOVERY, secret)
        if data_key is not None:
            return data_key
    if slots.slot(PASSPHRASE) is not None and words.strip():
        data_key = keyslots.open_with_passphrase(slots, words)
        if data_key is not None:
            return data_key
    if mistyped is not None:
        raise NoAccess("wrong_key", str(mistyped))
    if secret is not None:
        raise NoAccess("wrong_key", _WRONG_RECOVERY)
    if slots.slot(PASSPHRASE) is not None:
        raise NoAccess("wrong_key", _WRONG)
    if slots.slot(KEYRING) is None:
        raise NoAccess("wrong_key", "This profile opens by its recovery key only, and this is not one.")
    return None


def _by_keyring(slots: KeySlots) -> bytes:
    from himsog_desktop.system import oskeyring

    backend = oskeyring.trusted_backend()
    if backend is None:
        raise NoAccess("no_key", _LOST)
    try:
        kept = oskeyring.read(backend, slots.profile_id)
    except oskeyring.KeyringTrouble:
        raise NoAccess("locked", _KEYRING_SHUT) from None
    if kept is None:
        raise NoAccess("no_key", _LOST)
    try:
        wrapping_key = a2b_base64(kept)
    except ValueError:
        wrapping_key = b""
    data_key = keyslots.open_with_key(slots, KEYRING, wrapping_key)
    if data_key is None:
        raise NoAccess(
            "wrong_key",
            "The key in this computer's keyring does not fit this profile. "
            "Set HIMSOG_PASSPHRASE to the recovery key that was shown when the profile was made.",
        )
    return data_key


def _into_keyring(account: str) -> tuple[bytes, Callable[[], None]]:
    """A new wrapping key that the keyring has been seen to keep, and how to take it back."""
    from himsog_desktop.system import oskeyring

    backend = oskeyring.usable_backend()
    if backend is None:
        raise NoAccess("no_key", NO_WAY_IN)
    wrapping_key = os.urandom(KEY_BYTES)
    secret = b2a_base64(wrapping_key, newline=False).decode()
    try:
        oskeyring.store(backend, account, secret)
        kept = oskeyring.read(backend, account) == secret
    except oskeyring.KeyringTrouble:
        kept = False
    if not kept:
        raise NoAccess("no_key", NO_WAY_IN)
    return wrapping_key, lambda: _forget(account)


def _forget(account: str) -> None:
    from himsog_desktop.system import oskeyring

    backend = oskeyring.trusted_backend()
    if backend is None:
        return
    try:
        oskeyring.erase(backend, account)
    except oskeyring.KeyringTrouble:
        # What stays there wraps nothing any more: its slot is gone, or was never written.
        return


def _edit(profile_dir: Path, data_key: bytes, edit: Callable[[KeySlots], KeySlots]) -> KeySlots:
    """Read, change and write the slots as one act among processes. Raises NoAccess ``wrong_key``."""
    slots = keyslots.read(profile_dir)
    lock = FileLock(profile_dir / _LOCK)
    if not lock.acquire(_LOCK_WAIT):
        raise Refused("in_use", "Another program is changing the keys of this profile. Try again in a moment.")
    try:
        slots = keyslots.read(profile_dir)
        if not keyslots.fits(slots, data_key):
            raise NoAccess("wrong_key", "This key does not belong to this profile.")
        changed = edit(slots)
        keyslots.write(profile_dir, changed)
    finally:
        lock.release()
    return changed


def _taken(profile_dir: Path) -> BadInput:
    return BadInput("bad_value", f"There is a profile in {profile_dir} already. Choose another folder.")


def _nothing() -> None:
    return None
