"""Making, opening and changing the key slots of a profile.

Long because every way in, and every way to be refused, has its case.
"""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked

from himsog_desktop.domain.errors import BadInput, HimsogError, NoAccess, Refused
from himsog_desktop.system import keyslots, oskeyring, recovery, vault

PROFILE = "0f8b8b54-8f3c-4b7a-9a51-6d1f5e6a7c11"


class Memory(KeyringBackend):
    """A keyring that keeps what it is given; real enough for the vault."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.calls: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.calls.append("get")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.calls.append("set")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class PlaintextKeyring(Memory):
    """As keyrings.alt names its readable file."""


class FileAtHome(Memory):
    """A backend that knows itself that it is second best."""

    priority = 0.5


class Forgetful(Memory):
    """Takes everything, gives nothing back."""

    def get_password(self, service: str, username: str) -> str | None:
        return None


class Garbled(Memory):
    """Gives back something else."""

    def get_password(self, service: str, username: str) -> str | None:
        kept = super().get_password(service, username)
        return kept and kept[::-1]


class Locked(Memory):
    """A SecretService whose collection stays locked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("the collection is locked: SECRET-DETAIL")


class Exploding(Memory):
    """Raises something that keyring never promised."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError("D-Bus fell over")


class NoPriority(Memory):
    """Computes its priority, and cannot."""

    @property
    def priority(self) -> float:  # type: ignore[override]
        raise RuntimeError("no service")


def _in_module(backend: KeyringBackend, module: str) -> KeyringBackend:
    type(backend).__module__ = module
    return backend


def _alt() -> KeyringBackend:
    class Keyring(Memory):
        pass

    return _in_module(Keyring(), "keyrings.alt.file")


def _subclass_of_alt() -> KeyringBackend:
    class Ours(type(_alt())):  # type: ignore[misc]
        pass

    return Ours()


class Chain(chainer.ChainerBackend):
    """A chain of given members."""

    members: list[KeyringBackend] = []  # noqa: RUF012

    @property
    def backends(self) -> list[KeyringBackend]:  # type: ignore[override]
        return self.members


def _chain(*members: KeyringBackend) -> KeyringBackend:
    chain = Chain()
    chain.members = list(members)
    return chain


UNUSABLE: dict[str, Callable[[], KeyringBackend]] = {
    "null": null.Keyring,
    "fail": fail.Keyring,
    "plain text by name": PlaintextKeyring,
    "keyrings.alt": _alt,
    "derived from keyrings.alt": _subclass_of_alt,
    "second best": FileAtHome,
    "forgetful": Forgetful,
    "garbled": Garbled,
    "locked": Locked,
    "exploding": Exploding,
    "no priority": NoPriority,
    "empty chain": lambda: _chain(),
    "chain without a real one": lambda: _chain(null.Keyring(), PlaintextKeyring(), fail.Keyring()),
}


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyslots, "COST", keyslots.Cost(64, 1, 1))


@pytest.fixture
def ring() -> Iterator[Memory]:
    before = keyring.get_keyring()
    backend = Memory()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def use_ring() -> Iterator[Callable[[KeyringBackend], None]]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def _tree(folder: Path) -> dict[str, bytes | None]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def _code(error: pytest.ExceptionInfo[HimsogError]) -> tuple[str, int]:
    assert error.value.message.endswith(".")
    return error.value.code, error.value.exit_code


# ---------------------------------------------------------------------------------------- every way in


def test_a_passphrase_and_the_recovery_key_open_it(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE, "correct horse")
    assert made.kinds == ("passphrase", "recovery") == vault.kinds(tmp_path / "p")
    assert len(made.data_key) == 32
    assert vault.unlock(tmp_path / "p", "correct horse") == made.data_key
    assert vault.unlock(tmp_path / "p", made.recovery_key) == made.data_key
    assert vault.unlock(tmp_path / "p", made.recovery_key.lower().replace("-", " ")) == made.data_key
    assert ring.calls == []


def test_the_keyring_and_the_recovery_key_open_it(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    assert made.kinds == ("keyring", "recovery")
    assert vault.unlock(tmp_path / "p") == made.data_key
    assert vault.unlock(tmp_path / "p", made.recovery_key, use_keyring=False) == made.data_key
    # One small entry, that is not the data key, and no probe left.
    [(where, secret)] = ring.kept.items()
    assert where == ("himsog-desktop", PROFILE)
    assert len(secret.encode("utf-16-le")) < 2560
    assert made.data_key.hex() not in secret
    assert oskeyring.SERVICE == "himsog-desktop"


def test_a_passphrase_for_a_profile_without_one_is_ignored(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    assert vault.unlock(tmp_path / "p", "left over in the environment") == made.data_key


def test_an_empty_passphrase_is_none(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE, "")
    assert made.kinds == ("keyring", "recovery")
    assert vault.unlock(tmp_path / "p", "") == made.data_key


def test_the_same_passphrase_typed_on_another_system_opens_it(tmp_path: Path) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE, "Pe\u00f1a 2026")
    assert vault.unlock(tmp_path / "p", "Pen\u0303a 2026") == made.data_key


def test_a_passphrase_that_is_no_utf8_works(tmp_path: Path) -> None:
    words = os.fsdecode(b"caf\xe9")
    made = vault.create_slots(tmp_path / "p", PROFILE, words)
    assert vault.unlock(tmp_path / "p", words) == made.data_key


def test_a_passphrase_shaped_like_a_recovery_key_opens_it(tmp_path: Path) -> None:
    words = "-".join(["ABCD"] * 9)
    made = vault.create_slots(tmp_path / "p", PROFILE, words)
    assert vault.unlock(tmp_path / "p", words) == made.data_key
    another = recovery.encode(bytes(20))
    vault.change_passphrase(tmp_path / "p", words, another)
    assert vault.unlock(tmp_path / "p", another) == made.data_key


def test_a_real_member_of_a_chain_is_used(tmp_path: Path, use_ring: Callable[[KeyringBackend], None]) -> None:
    real, plain = Memory(), PlaintextKeyring()
    use_ring(_chain(plain, real))
    made = vault.create_slots(tmp_path / "p", PROFILE)
    assert list(real.kept) == [("himsog-desktop", PROFILE)]
    assert plain.kept == {}
    assert vault.unlock(tmp_path / "p") == made.data_key


def test_the_vault_object_does_the_same(tmp_path: Path, ring: Memory) -> None:
    made = vault.SystemVault().create(tmp_path / "p", PROFILE, None)
    assert vault.SystemVault().unlock(tmp_path / "p") == made.data_key
    assert vault.SystemVault().kinds(tmp_path / "p") == made.kinds
    with pytest.raises(NoAccess):
        vault.SystemVault(use_keyring=False).unlock(tmp_path / "p")


def test_keys_are_new_each_time(tmp_path: Path) -> None:
    made = [vault.create_slots(tmp_path / str(i), PROFILE, "x") for i in range(5)]
    assert len({m.data_key for m in made}) == len({m.recovery_key for m in made}) == 5


# --------------------------------------------------------------------------------------- nothing opens


def test_a_wrong_passphrase(tmp_path: Path) -> None:
    vault.create_slots(tmp_path / "p", PROFILE, "right")
    for wrong in ("wrong", "Right", "right ", " ", "x" * 5_000):
        with pytest.raises(NoAccess) as error:
            vault.unlock(tmp_path / "p", wrong)
        assert _code(error) == ("wrong_key", 4)


def test_a_wrong_passphrase_is_not_saved_by_the_keyring(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    vault.add_passphrase(tmp_path / "p", made.data_key, "right")
    with pytest.raises(NoAccess) as error:
        vault.unlock(tmp_path / "p", "wrong")
    assert _code(error) == ("wrong_key", 4)


def test_a_typo_in_the_recovery_key_is_said(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    key = made.recovery_key
    typo = key[:-1] + ("A" if key[-1] != "A" else "B")
    with pytest.raises(NoAccess, match="typing mistake") as error:
        vault.unlock(tmp_path / "p", typo)
    assert _code(error) == ("wrong_key", 4)


def test_the_recovery_key_of_another_profile(tmp_path: Path, ring: Memory) -> None:
    vault.create_slots(tmp_path / "p", PROFILE)
    with pytest.raises(NoAccess, match="another profile") as error:
        vault.unlock(tmp_path / "p", recovery.encode(bytes(20)))
    assert _code(error) == ("wrong_key", 4)


def test_a_passphrase_is_asked_for(tmp_path: Path) -> None:
    vault.create_slots(tmp_path / "p", PROFILE, "right")
    with pytest.raises(NoAccess, match="HIMSOG_PASSPHRASE") as error:
        vault.unlock(tmp_path / "p")
    assert _code(error) == ("locked", 4)


def test_the_keyring_lost_it(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    ring.kept.clear()
    with pytest.raises(NoAccess, match="recovery key") as error:
        vault.unlock(tmp_path / "p")
    assert _code(error) == ("no_key", 4)
    vault.add_keyring(tmp_path / "p", vault.unlock(tmp_path / "p", made.recovery_key))
    assert vault.unlock(tmp_path / "p") == made.data_key


def test_the_keyring_is_gone_and_there_is_a_passphrase(
    tmp_path: Path, ring: Memory, use_ring: Callable[[KeyringBackend], None]
) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    vault.add_passphrase(tmp_path / "p", made.data_key, "right")
    use_ring(fail.Keyring())
    with pytest.raises(NoAccess) as error:
        vault.unlock(tmp_path / "p")
    assert _code(error) == ("locked", 4)
    assert vault.unlock(tmp_path / "p", "right") == made.data_key


def test_the_keyring_is_locked(tmp_path: Path, ring: Memory, use_ring: Callable[[KeyringBackend], None]) -> None:
    vault.create_slots(tmp_path / "p", PROFILE)
    use_ring(Locked())
    with pytest.raises(NoAccess) as error:
        vault.unlock(tmp_path / "p")
    assert _code(error) == ("locked", 4)
    assert "SECRET-DETAIL" not in str(error.value)


@pytest.mark.parametrize("entry", ["", "not base64 é", "AAAA", "A" * 43 + "="])
def test_the_keyring_holds_something_else(tmp_path: Path, ring: Memory, entry: str) -> None:
    vault.create_slots(tmp_path / "p", PROFILE)
    ring.kept["himsog-desktop", PROFILE] = entry
    with pytest.raises(NoAccess) as error:
        vault.unlock(tmp_path / "p")
    assert _code(error) == ("wrong_key", 4)


def test_no_profile(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path, tmp_path / "missing", tmp_path / "file"):
        with pytest.raises(BadInput) as error:
            vault.unlock(folder, "x")
        assert error.value.code == "not_found"


# ---------------------------------------------------------------------------- refused: nothing is written


@pytest.mark.parametrize("name", sorted(UNUSABLE))
@pytest.mark.parametrize("folder", ["new/deeper", "."])
def test_no_keyring_and_no_passphrase_writes_nothing(
    tmp_path: Path, name: str, folder: str, use_ring: Callable[[KeyringBackend], None]
) -> None:
    (tmp_path / "already.txt").write_text("here")
    backend = UNUSABLE[name]()
    use_ring(backend)
    before = _tree(tmp_path)
    with pytest.raises(NoAccess, match="HIMSOG_PASSPHRASE") as error:
        vault.create_slots(tmp_path / folder, PROFILE, None)
    assert _code(error) == ("no_key", 4)
    assert _tree(tmp_path) == before
    assert ("himsog-desktop", PROFILE) not in getattr(backend, "kept", {})


def test_an_untrusted_keyring_is_not_even_asked(use_ring: Callable[[KeyringBackend], None]) -> None:
    for backend in (PlaintextKeyring(), FileAtHome()):
        use_ring(backend)
        assert oskeyring.usable_backend() is None
        assert backend.calls == []


@pytest.mark.parametrize(("words", "code"), [("   ", "bad_value"), ("x" * 1025, "too_long")])
def test_a_passphrase_that_cannot_be_one_writes_nothing(tmp_path: Path, words: str, code: str) -> None:
    with pytest.raises(BadInput) as error:
        vault.create_slots(tmp_path / "p", PROFILE, words)
    assert error.value.code == code
    assert _tree(tmp_path) == {}


def test_a_second_profile_in_the_same_folder_is_refused(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    before = _tree(tmp_path)
    for words in (None, "x"):
        with pytest.raises(BadInput) as error:
            vault.create_slots(tmp_path / "p", PROFILE, words)
        assert error.value.code == "bad_value"
    assert _tree(tmp_path) == before
    assert vault.unlock(tmp_path / "p") == made.data_key


def test_a_folder_that_cannot_be_written_leaves_the_keyring_clean(tmp_path: Path, ring: Memory) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(BadInput) as error:
            vault.create_slots(folder, PROFILE)
        assert error.value.code == "bad_value"
    assert ring.kept == {}
    assert _tree(tmp_path) == {"file": b""}


def test_a_full_disk_leaves_nothing(tmp_path: Path, ring: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadInput, match="No space left"):
        vault.create_slots(tmp_path / "p", PROFILE)
    assert ring.kept == {}
    assert _tree(tmp_path) == {}


@pytest.mark.parametrize("profile_id", ["", "../x", "a b", "x" * 65, "a\n"])
def test_a_profile_id_is_plain(tmp_path: Path, profile_id: str) -> None:
    with pytest.raises(ValueError, match="profile id"):
        vault.create_slots(tmp_path / "p", profile_id, "x")
    assert _tree(tmp_path) == {}


# --------------------------------------------------------------------------------------------- the file


def test_the_file_is_for_its_owner_only_and_holds_no_key(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE, "hush hush")
    assert list(_tree(tmp_path / "p")) == ["keyslots.json"]
    path = tmp_path / "p" / "keyslots.json"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    text = path.read_text()
    for secret in (made.data_key.hex(), made.recovery_key, "hush", made.recovery_key.replace("-", "")):
        assert secret not in text
    assert vault.profile_id(tmp_path / "p") == PROFILE


def test_what_argon2_costs_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyslots, "COST", keyslots.Cost(128, 2, 1))
    made = vault.create_slots(tmp_path / "p", PROFILE, "x")
    [slot] = [
        s for s in json.loads((tmp_path / "p" / "keyslots.json").read_text())["slots"] if s["kind"] == "passphrase"
    ]
    assert slot["argon2id"] == {"memory_kib": 128, "passes": 2, "lanes": 1}
    monkeypatch.setattr(keyslots, "COST", keyslots.Cost(64, 1, 1))
    assert vault.unlock(tmp_path / "p", "x") == made.data_key


def test_the_shipped_cost_is_not_weak() -> None:
    import importlib.util

    spec = importlib.util.find_spec("himsog_desktop.system.keyslots")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert fresh.COST.memory_kib >= 64 * 1024
    assert fresh.COST.passes >= 3


def _document(folder: Path) -> dict[str, object]:
    document = json.loads((folder / "keyslots.json").read_text())
    assert isinstance(document, dict)
    return document


def test_every_changed_byte_of_a_slot_closes_it(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    vault.add_passphrase(tmp_path / "p", made.data_key, "right")
    ways = {
        "keyring": lambda: vault.unlock(tmp_path / "p"),
        "passphrase": lambda: vault.unlock(tmp_path / "p", "right"),
        "recovery": lambda: vault.unlock(tmp_path / "p", made.recovery_key),
    }
    path = tmp_path / "p" / "keyslots.json"
    sound = path.read_text()
    for index, slot in enumerate(json.loads(sound)["slots"]):
        for field in set(slot) & {"nonce", "wrapped", "salt"}:
            document = json.loads(sound)
            value = slot[field]
            document["slots"][index][field] = ("B" if value[0] == "A" else "A") + value[1:]
            path.write_text(json.dumps(document))
            with pytest.raises(NoAccess):
                ways[slot["kind"]]()
    path.write_text(sound)
    assert {way() for way in ways.values()} == {made.data_key}


def test_a_slot_does_not_open_another_profile_or_kind(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE, "right")
    path = tmp_path / "p" / "keyslots.json"
    document = json.loads(path.read_text())
    document["profile"] = "another"
    path.write_text(json.dumps(document))
    for words in ("right", made.recovery_key):
        with pytest.raises(NoAccess) as error:
            vault.unlock(tmp_path / "p", words)
        assert error.value.code == "wrong_key"


def test_a_swapped_data_key_is_noticed(tmp_path: Path) -> None:
    """A slot that opens, but for another data key than the profile's ``check``, is not believed."""
    first = vault.create_slots(tmp_path / "p", PROFILE, "right")
    other = vault.create_slots(tmp_path / "q", PROFILE, "mine")
    theirs, document = _document(tmp_path / "q"), _document(tmp_path / "p")
    document["slots"] = theirs["slots"]
    (tmp_path / "p" / "keyslots.json").write_text(json.dumps(document))
    assert first.data_key != other.data_key
    with pytest.raises(NoAccess):
        vault.unlock(tmp_path / "p", "mine")


def _damaged() -> dict[str, Callable[[bytes], bytes]]:
    def with_document(change: Callable[[dict[str, object]], object]) -> Callable[[bytes], bytes]:
        def damage(content: bytes) -> bytes:
            document = json.loads(content)
            change(document)
            return json.dumps(document).encode()

        return damage

    def slot(**fields: object) -> Callable[[bytes], bytes]:
        return with_document(lambda d: d["slots"][0].update(fields))  # type: ignore[index]

    return {
        "empty": lambda _: b"",
        "half": lambda content: content[: len(content) // 2],
        "zeros": lambda content: bytes(len(content)),
        "not text": lambda _: b"\xff\xfe\x00",
        "a list": lambda _: b"[]",
        "a number": lambda _: b"1",
        "deep": lambda _: b"[" * 60_000,
        "huge": lambda content: content + b" " * 100_000,
        "no slots": with_document(lambda d: d.update(slots=[])),
        "slots no list": with_document(lambda d: d.update(slots={"a": 1})),
        "a slot that is a word": with_document(lambda d: d.update(slots=["x"])),
        "twice the same slot": with_document(lambda d: d["slots"].append(d["slots"][0])),  # type: ignore[attr-defined,index]
        "no check": with_document(lambda d: d.pop("check")),
        "format a word": with_document(lambda d: d.update(format="1")),
        "format 0": with_document(lambda d: d.update(format=0)),
        "profile a path": with_document(lambda d: d.update(profile="../../x")),
        "unknown kind": slot(kind="token"),
        "kind a list": slot(kind=[]),
        "short nonce": slot(nonce="AAAA"),
        "nonce no base64": slot(nonce="é" * 16),
        "wrapped null": slot(wrapped=None),
        "terabytes for argon2": slot(argon2id={"memory_kib": 2**40, "passes": 1, "lanes": 1}),
        "years for argon2": slot(argon2id={"memory_kib": 64, "passes": 2**31, "lanes": 1}),
        "no lanes": slot(argon2id={"memory_kib": 64, "passes": 1, "lanes": 0}),
        "too little memory": slot(argon2id={"memory_kib": 1, "passes": 1, "lanes": 4}),
        "cost in words": slot(argon2id={"memory_kib": "64", "passes": 1, "lanes": 1}),
        "cost true": slot(argon2id={"memory_kib": True, "passes": 1, "lanes": 1}),
        "cost missing": slot(argon2id={}),
    }


@pytest.mark.parametrize("name", sorted(_damaged()))
def test_a_damaged_file_gets_a_sentence(tmp_path: Path, name: str) -> None:
    vault.create_slots(tmp_path / "p", PROFILE, "right")
    path = tmp_path / "p" / "keyslots.json"
    path.write_bytes(_damaged()[name](path.read_bytes()))
    before = path.read_bytes()
    for act in (
        lambda: vault.unlock(tmp_path / "p", "right"),
        lambda: vault.kinds(tmp_path / "p"),
        lambda: vault.add_passphrase(tmp_path / "p", bytes(32), "x"),
    ):
        with pytest.raises(NoAccess, match="damaged") as error:
            act()
        assert _code(error) == ("no_key", 4)
    assert path.read_bytes() == before


def test_a_file_of_a_newer_release(tmp_path: Path) -> None:
    vault.create_slots(tmp_path / "p", PROFILE, "right")
    document = _document(tmp_path / "p")
    (tmp_path / "p" / "keyslots.json").write_text(json.dumps(document | {"format": 2, "slots": "new shape"}))
    with pytest.raises(NoAccess) as error:
        vault.unlock(tmp_path / "p", "right")
    assert _code(error) == ("schema_newer", 4)


# ------------------------------------------------------------------------------------- changing the slots


def test_a_passphrase_takes_the_place_of_the_keyring(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    vault.add_passphrase(tmp_path / "p", made.data_key, "right")
    assert vault.kinds(tmp_path / "p") == ("keyring", "passphrase", "recovery")
    vault.remove_slot(tmp_path / "p", made.data_key, "keyring")
    assert ring.kept == {}
    # Stolen with the file, by the same user: the keyring is no help (S4).
    with pytest.raises(NoAccess) as error:
        vault.unlock(tmp_path / "p")
    assert error.value.code == "locked"
    assert vault.unlock(tmp_path / "p", "right") == made.data_key


def test_changing_the_passphrase(tmp_path: Path) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE, "old")
    with pytest.raises(NoAccess):
        vault.change_passphrase(tmp_path / "p", "wrong", "new")
    vault.change_passphrase(tmp_path / "p", "old", "new")
    assert vault.unlock(tmp_path / "p", "new") == made.data_key
    with pytest.raises(NoAccess):
        vault.unlock(tmp_path / "p", "old")
    with pytest.raises(BadInput):
        vault.change_passphrase(tmp_path / "p", "new", "  ")
    assert vault.unlock(tmp_path / "p", "new") == made.data_key
    assert vault.unlock(tmp_path / "p", made.recovery_key) == made.data_key


def test_no_passphrase_to_change(tmp_path: Path, ring: Memory) -> None:
    vault.create_slots(tmp_path / "p", PROFILE)
    with pytest.raises(BadInput):
        vault.change_passphrase(tmp_path / "p", "", "new")


def test_the_last_way_in_stays(tmp_path: Path) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE, "right")
    for kind, error in (("passphrase", Refused), ("recovery", Refused), ("keyring", BadInput)):
        with pytest.raises(error):
            vault.remove_slot(tmp_path / "p", made.data_key, kind)
    assert vault.unlock(tmp_path / "p", "right") == made.data_key


def test_a_new_recovery_key_ends_the_old(tmp_path: Path, ring: Memory) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE)
    renewed = vault.renew_recovery(tmp_path / "p", made.data_key)
    assert vault.unlock(tmp_path / "p", renewed) == made.data_key
    with pytest.raises(NoAccess):
        vault.unlock(tmp_path / "p", made.recovery_key)


def test_a_wrong_data_key_makes_no_slot(tmp_path: Path, ring: Memory) -> None:
    vault.create_slots(tmp_path / "p", PROFILE)
    before, kept = (tmp_path / "p" / "keyslots.json").read_bytes(), dict(ring.kept)
    wrong = bytes(32)
    for act in (
        lambda: vault.add_passphrase(tmp_path / "p", wrong, "x"),
        lambda: vault.add_keyring(tmp_path / "p", wrong),
        lambda: vault.renew_recovery(tmp_path / "p", wrong),
        lambda: vault.remove_slot(tmp_path / "p", wrong, "keyring"),
    ):
        with pytest.raises(NoAccess) as error:
            act()
        assert error.value.code == "wrong_key"
    assert (tmp_path / "p" / "keyslots.json").read_bytes() == before
    assert ring.kept == kept


def test_a_keyring_that_goes_while_it_is_added_changes_nothing(
    tmp_path: Path, use_ring: Callable[[KeyringBackend], None]
) -> None:
    made = vault.create_slots(tmp_path / "p", PROFILE, "right")
    use_ring(null.Keyring())
    before = (tmp_path / "p" / "keyslots.json").read_bytes()
    with pytest.raises(NoAccess):
        vault.add_keyring(tmp_path / "p", made.data_key)
    assert (tmp_path / "p" / "keyslots.json").read_bytes() == before


# -------------------------------------------------------------------------------------- nothing tells a key


def test_no_repr_message_or_log_tells_a_key(
    tmp_path: Path, ring: Memory, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        made = vault.create_slots(tmp_path / "p", PROFILE)
        vault.unlock(tmp_path / "p")
        vault.add_passphrase(tmp_path / "p", made.data_key, "hush hush")
        said = [repr(made), str(made)]
        for words in ("hush wrong", made.recovery_key[:-1] + "U", recovery.encode(bytes(20))):
            with pytest.raises(NoAccess) as error:
                vault.unlock(tmp_path / "p", words)
            assert error.value.__context__ is None or error.value.__suppress_context__
            said.append(str(error.value))
            assert words not in str(error.value)
    out = capfd.readouterr()
    everything = "\n".join([*said, caplog.text, out.out, out.err])
    for secret in (made.recovery_key, made.data_key.hex(), repr(made.data_key), "hush", *ring.kept.values()):
        assert secret not in everything
