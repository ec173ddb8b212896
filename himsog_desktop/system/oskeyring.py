"""The operating system's keyring, and which of its backends we trust (reliability S3).

We keep one small secret there per profile: a random wrapping key, 44 letters (Windows takes 2,560
bytes). A backend that forgets what it is given (``null``, ``fail``) or keeps it readable on the disk
(``keyrings.alt``, anything called plain text) counts as no keyring at all. A backend from elsewhere
that says it is a real one (priority 1 or more) and lies cannot be told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE: Final = "himsog-desktop"

_UNTRUSTED_MODULES = ("keyring.backends.null", "keyring.backends.fail", "keyrings.alt")
_UNTRUSTED_WORDS = ("plaintext", "plain_text", "uncrypted", "unencrypted", "null", "fail")
_RECOMMENDED = 1.0
"""keyring's documentation: "a priority of one or greater is recommended"; files have less."""


class KeyringTrouble(Exception):
    """The keyring refused: it is locked, or its service does not answer. Carries no secret."""


def trusted_backend() -> KeyringBackend | None:
    """The keyring in use, if it keeps secrets; the first such member of a chain. Stores nothing."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    try:
        backend = keyring.get_keyring()
        members = list(backend.backends) if isinstance(backend, ChainerBackend) else [backend]
    except Exception:  # a backend's start-up may raise anything: a missing service, a broken plug-in
        return None
    return next((member for member in members if _trusted(member)), None)


def usable_backend() -> KeyringBackend | None:
    """A trusted keyring that just stored, gave back and deleted a random probe; None without one."""
    import secrets

    backend = trusted_backend()
    if backend is None:
        return None
    account, secret = "probe-" + secrets.token_hex(8), secrets.token_hex(16)
    try:
        store(backend, account, secret)
        kept = read(backend, account) == secret
        erase(backend, account)
    except KeyringTrouble:
        return None
    return backend if kept else None


def store(backend: KeyringBackend, account: str, secret: str) -> None:
    """Keep a secret under our service. Raises KeyringTrouble."""
    try:
        backend.set_password(SERVICE, account, secret)
    except Exception as error:
        raise KeyringTrouble(type(error).__name__) from None


def read(backend: KeyringBackend, account: str) -> str | None:
    """The secret, or None when there is none. Raises KeyringTrouble, also when it is locked."""
    try:
        return backend.get_password(SERVICE, account)
    except Exception as error:
        raise KeyringTrouble(type(error).__name__) from None


def erase(backend: KeyringBackend, account: str) -> None:
    """Forget a secret; one that is not there is no trouble."""
    try:
        if backend.get_password(SERVICE, account) is not None:
            backend.delete_password(SERVICE, account)
    except Exception as error:
        raise KeyringTrouble(type(error).__name__) from None


def _trusted(backend: KeyringBackend) -> bool:
    for kind in type(backend).__mro__:
        if kind.__module__.startswith(_UNTRUSTED_MODULES):
            return False
        if any(word in kind.__name__.lower() for word in _UNTRUSTED_WORDS):
            return False
    try:
        return float(backend.priority) >= _RECOMMENDED
    except Exception:  # a priority is computed, and raises where the backend cannot work
        return False
