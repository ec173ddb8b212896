"""Files for people, written so that there is the whole one or none, and only its owner reads it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from himsog_desktop.domain.errors import BadInput


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of ``path`` when the block ends well, and is gone if not.

    The file is its owner's only (0600) and lies on the disk before it gets its name. Raises BadInput
    when it cannot be written there.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        raise BadInput("bad_value", f"The file {path.name!r} cannot be written there: {error.strerror}.") from None
    try:
        try:
            with os.fdopen(handle, "wb", buffering=1 << 18) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError as error:
            raise BadInput("bad_value", f"The file {path.name!r} cannot be written: {error.strerror}.") from None
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
