"""Backups: one encrypted file that holds the cache and its key slots, proven by opening it.

The file is a plain ZIP container of two parts: ``keyslots.json`` (the wrapped key: it opens with the
profile's passphrase, recovery key or keyring) and ``cache.db`` (encrypted). Nothing in it is readable
without one of the keys.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import BadInput, Fault, HimsogError
from himsog_desktop.services.digests import document
from himsog_desktop.services.documents import DigestDoc, Doc
from himsog_desktop.storage.backup import copy_to, prove
from himsog_desktop.storage.cache import Cache
from himsog_desktop.storage.connection import DATABASE_NAME
from himsog_desktop.storage.digest import digests
from himsog_desktop.system import keyslots, vault

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk

MOST_BYTES = 64 * 1024**3


class BackupDoc(Doc, frozen=True):
    """A backup that was made or restored, and what it holds."""

    file: str
    bytes: int
    digest: DigestDoc


def backup(desk: Desk, profile_dir: Path, out: Path) -> BackupDoc:
    """Write a backup and prove that it opens and holds the same. Others may go on writing meanwhile.

    Raises BadInput when the file is there already or cannot be written.
    """
    out = out.expanduser()
    part = out.with_name(out.name + ".part")
    try:
        if out.exists():
            raise BadInput("bad_value", "There is a file of that name already. Choose another name.")
        if not out.parent.is_dir():
            raise BadInput("bad_value", "The folder for the backup does not exist.")
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".himsog-") as folder:
            copy = Path(folder) / DATABASE_NAME
            copy_to(desk.cache.writer, copy)
            held = prove(copy, desk.cache.key)
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
                archive.write(profile_dir / keyslots.FILE, keyslots.FILE)
                archive.write(copy, DATABASE_NAME)
        part.chmod(0o600)
        part.replace(out)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise BadInput("bad_value", f"The backup could not be written: {error.strerror or 'disk error'}.") from None
    return BackupDoc(str(out), out.stat().st_size, document(desk.clinic.id, held))


def restore(file: Path, profile_dir: Path, passphrase: str | None) -> BackupDoc:
    """Put a backup into a folder that has no profile.

    The key is tried before anything is written. Raises BadInput for a file that is no backup or a
    folder in use, NoAccess as ``vault.unlock`` does.
    """
    made: list[Path] = []
    staged: Path | None = None
    try:
        if (profile_dir / keyslots.FILE).exists() or (profile_dir / DATABASE_NAME).exists():
            raise BadInput("bad_value", "There is a profile in that folder already. Restore into an empty folder.")
        existed = profile_dir.exists()
        made = [folder for folder in profile_dir.parents if not folder.exists()]
        profile_dir.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=profile_dir.parent, prefix=".himsog-restore-"))
        _unpack(file, staged)
        key = vault.unlock(staged, passphrase)
        held = prove(staged / DATABASE_NAME, key)
        with Cache(staged, key) as cache:
            clinic_id = cache.clinic.id
            if digests(cache.reader) != held:
                raise Fault("internal", "The restored profile does not agree with itself.")
        if existed:
            for name in (keyslots.FILE, DATABASE_NAME):
                (staged / name).replace(profile_dir / name)
        else:
            staged.rename(profile_dir)
    except HimsogError:
        raise
    except OSError as error:
        raise BadInput("bad_value", f"The backup could not be restored: {error.strerror or 'disk error'}.") from None
    finally:
        if staged is not None:
            shutil.rmtree(staged, ignore_errors=True)
        for folder in made:
            # Those that hold the profile now are not empty, and stay.
            with suppress(OSError):
                folder.rmdir()
    return BackupDoc(str(file), file.stat().st_size, document(clinic_id, held))


def _unpack(file: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = {info.filename: info for info in archive.infolist()}
            if set(names) != {keyslots.FILE, DATABASE_NAME} or sum(i.file_size for i in names.values()) > MOST_BYTES:
                raise BadInput("bad_value", "This file is not a backup of Himsog Desktop.")
            for name in names:
                with archive.open(name) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target, 1024 * 1024)
                (folder / name).chmod(0o600)
    except FileNotFoundError:
        raise BadInput("not_found", "There is no such file.") from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        raise BadInput("bad_value", "This file is not a backup of Himsog Desktop, or it is damaged.") from None
