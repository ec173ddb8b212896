"""Map files: which column of another system's table is which field of ours (contract, "Map files").

A map is TOML. At its top: ``kind`` (appointments or patients), ``system`` (whose ids these are), and
where needed ``encoding``, ``delimiter``, ``zone``, ``decimal``, ``title``, ``about``, ``recognise``
(headers by which the layout is known) and ``skip`` (lines that are no record). Every other key, at the
top or in ``[fields]``, is a field with its source: ``"Column"`` or a table with

- where it comes from: ``column``, ``columns`` with ``join``, ``any`` (the first that is not empty),
  ``constant``, or for moments ``date`` and ``time``;
- what is done to it: ``strip_prefix``, ``pattern`` (one group is taken), ``split`` (only the part
  before it is taken), ``flip`` ("Reyes, Ana" becomes "Ana Reyes");
- how it is read: ``format`` (one or several), ``values`` with ``default``, ``separator`` (of services
  and alerts), ``unit`` (of durations), ``infer`` (duration: the step of the file's own grid);
- ``optional``: the column may be missing; ``zone_column`` (of start): a zone per line.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.interchange.bounds import MAX_MAP_BYTES
from himsog_desktop.interchange.map_model import ImportMap
from himsog_desktop.interchange.map_parser import parse_map
from himsog_desktop.interchange.records import Kind


def maps_folder() -> Path:
    """Where the maps that ship with the product are."""
    return Path(__file__).resolve().parents[2] / "resources" / "import_maps"


def shipped_maps() -> tuple[str, ...]:
    """The names of the shipped maps, sorted."""
    return tuple(sorted(path.stem for path in maps_folder().glob("*.toml")))


@lru_cache(maxsize=64)
def _shipped(name: str) -> ImportMap:
    return load_map(maps_folder() / f"{name}.toml")


def find_map(name_or_path: str | Path) -> ImportMap:
    """The map in that file, or the shipped one of that name (with or without ``.toml``).

    Raises BadInput: no such map, or a map that cannot be used, naming the key at fault.
    """
    path = Path(name_or_path)
    if path.is_file():
        return load_map(path)
    name = path.name.removesuffix(".toml").replace("_", "-").casefold()
    if path.name == str(name_or_path) and name in shipped_maps():
        return _shipped(name)
    raise BadInput(
        "not_found",
        f"There is no map {str(name_or_path)[:120]!r}: give a TOML file or one of {', '.join(shipped_maps())}.",
    )


def load_map(path: Path) -> ImportMap:
    """Read and check a map file. Raises BadInput naming the key at fault."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_MAP_BYTES + 1)
    except OSError as error:
        raise BadInput("not_found", f"The map {path.name!r} cannot be read: {error.strerror}.") from None
    if len(content) > MAX_MAP_BYTES:
        raise BadInput("too_long", f"The map {path.name!r} is larger than {MAX_MAP_BYTES // 1024} kB.")
    return parse_map(content, name=path.stem)


def normal(header: str) -> str:
    """A header as it is compared: no case, single spaces, no byte order mark."""
    return " ".join(header.replace("\ufeff", "").replace("\u00a0", " ").casefold().split())


def squashed(header: str) -> str:
    """A header as it is compared when nothing else fits: letters and digits only."""
    return "".join(c for c in header.casefold() if c.isalnum())


def find_column(header: Iterable[str], wanted: str) -> int | None:
    """The index of a column, forgiving case, spaces and punctuation; None when it is not there."""
    names = list(header)
    for same in (normal, squashed):
        target = same(wanted)
        for index, name in enumerate(names):
            if target and same(name) == target:
                return index
    return None


def guess_map(header: Iterable[str], kind: Kind | None = None) -> ImportMap | None:
    """The shipped map whose layout this header is; None when none fits. The most telling one wins."""
    names = [name for name in header if name.strip()]
    best: tuple[int, int, ImportMap] | None = None
    for shipped in shipped_maps():
        candidate = _shipped(shipped)
        if kind is not None and candidate.kind != kind:
            continue
        wanted = set(candidate.required_columns()) | set(candidate.recognise)
        if not wanted or any(find_column(names, column) is None for column in wanted):
            continue
        known = wanted.union(*(source.columns for source in candidate.fields.values()))
        present = sum(find_column(names, column) is not None for column in known)
        score = (len(wanted), present)
        if best is None or score > best[:2]:
            best = (*score, candidate)
    return best[2] if best else None
