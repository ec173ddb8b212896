"""A stray line in the log fails the test that wrote it.

The guard listens on the root logger. A test that means to make noise says so::

    def test_a_bad_file(log_guard):
        log_guard.expect(r"could not read")     # must come, or the test fails
        log_guard.allow(r"retrying")            # may come
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field


@dataclass
class _Rule:
    pattern: re.Pattern[str]
    level: int
    must: bool
    met: int = 0

    def takes(self, record: logging.LogRecord) -> bool:
        return record.levelno <= self.level and self.pattern.search(record.getMessage()) is not None


@dataclass
class LogGuard(logging.Handler):
    """Collects what is logged at WARNING or above and knows which of it was announced."""

    stray: list[logging.LogRecord] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.WARNING)

    __hash__ = logging.Handler.__hash__

    def allow(self, pattern: str, level: int = logging.CRITICAL) -> None:
        """A message that matches, up to ``level``, is no failure."""
        self._rules.append(_Rule(re.compile(pattern), level, must=False))

    def expect(self, pattern: str, level: int = logging.CRITICAL) -> None:
        """A message that matches has to come before the test ends."""
        self._rules.append(_Rule(re.compile(pattern), level, must=True))

    def emit(self, record: logging.LogRecord) -> None:
        for rule in self._rules:
            if rule.takes(record):
                rule.met += 1
                return
        self.stray.append(record)

    def complaints(self) -> list[str]:
        """What is wrong, a sentence each; empty when all is well."""
        found = [
            f"unexpected log record: {record.levelname} {record.name}: {record.getMessage()}"
            f" ({record.pathname}:{record.lineno})"
            for record in self.stray
        ]
        found += [
            f"no log record matched the expected {rule.pattern.pattern!r}"
            for rule in self._rules
            if rule.must and not rule.met
        ]
        return found
