"""Small files written so that a crash leaves the old one or the new one, never half of one."""

from __future__ import annotations

import os
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def make_private_folder(path: Path) -> None:
    """Make a folder, and what leads to it, that only its owner can look into.

    A folder that exists is left as it is. Raises OSError.
    """
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


def write_atomically(path: Path, content: bytes, *, exclusive: bool = False) -> None:
    """Write a file for its owner only (0600) and flush it to the disk before it gets its name.

    With ``exclusive`` a file that stands already is left alone and FileExistsError is raised, also
    when two processes write at once. Raises OSError; the temporary file is gone by then.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if exclusive:
            _rename_to_new(temporary, path)
        else:
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _rename_to_new(source: Path, target: Path) -> None:
    if os.name == "nt":
        source.rename(target)  # fails there when the target exists
        return
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: the best there is
        if target.exists():
            raise FileExistsError(target) from None
        source.replace(target)
        return
    source.unlink()


def _flush_folder(folder: Path) -> None:
    """Make the new name durable; Windows does this by itself and cannot open a folder."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some network and FUSE file systems refuse this on folders
        pass
    finally:
        os.close(handle)
