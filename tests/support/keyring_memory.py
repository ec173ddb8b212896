"""A keyring that lives in memory, so that no test ever touches the one of the person at the machine."""

from __future__ import annotations

import keyring.errors
from keyring.backend import KeyringBackend


class MemoryKeyring(KeyringBackend):
    """The whole of a keyring in one dictionary; ``refuse`` makes it behave as a locked or absent one."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.refuse: Exception | None = None

    # keyring reads the priority from the class; with a positive one the backend counts as usable.
    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not found")

    def clear(self) -> None:
        self.entries.clear()
        self.refuse = None

    def _check(self) -> None:
        if self.refuse is not None:
            raise self.refuse
