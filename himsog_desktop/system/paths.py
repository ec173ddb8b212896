"""Where things lie: the profile's folder and what is in it (contract, Conventions)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from himsog_desktop.domain.errors import BadInput

VARIABLE: Final = "HIMSOG_PROFILE"
APPLICATION: Final = "himsog-desktop"

LOGS: Final = "logs"
SETTINGS: Final = "settings.json"


def profile_folder(argument: str | os.PathLike[str] | None = None) -> Path:
    """The profile's folder, absolute: ``--profile``, else ``HIMSOG_PROFILE``, else the user's data folder.

    Makes nothing. Raises BadInput when the name cannot be one of a folder.
    """
    said = os.fspath(argument) if argument is not None else os.environ.get(VARIABLE, "")
    if not said:
        if argument is not None:
            raise BadInput("bad_value", "The profile's folder has no name.")
        return default_profile_folder()
    if "\0" in said:
        raise BadInput("bad_value", "The name of the profile's folder holds a character that no folder can have.")
    try:
        # Absolute, since a program may change its folder; no link is followed, so that messages say what was typed.
        return Path(os.path.abspath(Path(said).expanduser()))  # noqa: PTH100
    except RuntimeError:
        raise BadInput("bad_value", "There is no home folder of that user.") from None


def default_profile_folder() -> Path:
    """The profile of a person who names none, in her data folder."""
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False) / "profile"


def has_profile(folder: Path) -> bool:
    """Whether there is a profile in that folder; nothing of ours is written where there is none."""
    from himsog_desktop.system.keyslots import FILE

    return (folder / FILE).is_file()
