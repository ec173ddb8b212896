"""Column types that mean the same in the cache and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Numeric
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from himsog_desktop.domain.time import to_datetime, to_micros

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class Instant(TypeDecorator[int]):
    """An instant: microseconds since the epoch in Python and in the cache.

    On PostgreSQL ``timestamp(6) with time zone`` when ``zoned``, else the platform's
    ``timestamp(3)`` holding UTC (platform README, "What the tables do not say").
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, *, zoned: bool = False) -> None:
        super().__init__()
        self.zoned = zoned

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=self.zoned, precision=6 if self.zoned else 3))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | datetime | None:
        if value is None or dialect.name != "postgresql":
            return value
        moment = to_datetime(value)
        return moment if self.zoned else moment.replace(tzinfo=None)

    def process_result_value(self, value: int | datetime | None, dialect: Dialect) -> int | None:
        if isinstance(value, datetime):
            return to_micros(value if value.tzinfo else value.replace(tzinfo=UTC))
        return value


class Money(TypeDecorator[int]):
    """An amount: centavos in Python and in the cache, ``numeric(10,2)`` on PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(10, 2))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | Decimal | None:
        if value is None or dialect.name != "postgresql":
            return value
        return Decimal(value) / 100

    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> int | None:
        return int(value * 100) if isinstance(value, Decimal) else value
