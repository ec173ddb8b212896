"""The tables as SQLAlchemy has them: for making files, for selects, and for ``shapes``.

Loading SQLAlchemy takes longer than a booking and the start of the program together, so nothing on
the way to the first paint and nothing of a booking may import this: rows are written by ``sql``, from
``shapes``, which is made from here::

    python -m himsog_desktop.storage.tables > himsog_desktop/storage/shapes.py
"""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, cast

from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

# The three modules name every table of the cache; importing them fills ``metadata``.
from himsog_desktop.schema import cache, desk, platform
from himsog_desktop.schema.platform import metadata

if TYPE_CHECKING:
    from sqlalchemy import FromClause
    from sqlalchemy.sql import ClauseElement
    from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["cache", "compiled", "desk", "metadata", "platform", "shapes"]


class _Compiler(SQLiteCompiler):
    """Writes the hints of ``Select.with_hint`` as well (``INDEXED BY``), which SQLAlchemy leaves out here."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        """The hint, to stand after the name of the table."""
        return text


_DIALECT = sqlite.dialect(paramstyle="qmark")
_DIALECT.statement_compiler = _Compiler


def compiled(statement: ClauseElement) -> tuple[str, list[object]]:
    """A Core statement as text with its parameters in order, for the database library."""
    made = cast("SQLCompiler", statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True}))
    return str(made), [made.params[name] for name in made.positiontup or []]


def shapes() -> dict[str, tuple[str, tuple[int, ...]]]:
    """Per table its columns in order, and the places of those that are its key."""
    return {
        table.name: (
            " ".join(column.name for column in table.columns),
            tuple(i for i, column in enumerate(table.columns) if column.primary_key),
        )
        for table in metadata.sorted_tables
    }


_HEAD = '''"""Per table its columns in order, and the places of those that are its key.

Made from ``schema`` by ``python -m himsog_desktop.storage.tables``, and held to it by
``tests/storage/test_shapes.py``: change the schema, then make this anew.
"""

from __future__ import annotations

SHAPES: dict[str, tuple[str, tuple[int, ...]]] = {
'''
_WIDE = 109


def _module() -> str:
    lines = [_HEAD]
    for name, (columns, keys) in shapes().items():
        lines.append(f'    "{name}": (\n')
        # As the formatter would have it: one line where it fits.
        rows = textwrap.wrap(columns, _WIDE if len(columns) <= _WIDE else _WIDE - 10, break_on_hyphens=False)
        lines += [f'        "{row}{" " if row is not rows[-1] else ""}"\n' for row in rows]
        lines[-1] = lines[-1].replace("\n", ",\n")
        lines.append(f"        {keys},\n    ),\n")
    return "".join([*lines, "}\n"])


if __name__ == "__main__":
    sys.stdout.write(_module())
