"""What an import says of itself: counts that are exact, lines that are bounded."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from himsog_desktop.domain.appointment import Status
from himsog_desktop.interchange.records import LineIssue
from himsog_desktop.services.documents import CreatedCountsDoc, ImportDoc, LineDoc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

R = TypeVar("R")

LINES_MOST = 1_000

SAID_MOST = 5_000
"""After so many lines with nothing to write, an import looks up: to tell how far it is, to be stopped."""


class Report:
    """Counts the rows of one import. ``read`` = taken + unchanged + refused."""

    def __init__(self) -> None:
        self.taken = 0
        self.unchanged = 0
        self.by_status: Counter[Status] = Counter()
        self.patients = 0
        self.providers = 0
        self.services = 0
        self._refused: set[int] = set()
        self._warned: set[int] = set()
        self._lines: list[LineDoc] = []
        self._said = 0

    @property
    def refused(self) -> int:
        """Lines that are not taken."""
        return len(self._refused)

    @property
    def read(self) -> int:
        """Lines with a row on them."""
        return self.taken + self.unchanged + len(self._refused)

    def issue(self, issue: LineIssue) -> None:
        """One thing to say about one line."""
        (self._refused if issue.outcome == "refused" else self._warned).add(issue.line)
        self._said += 1
        if len(self._lines) < LINES_MOST:
            self._lines.append(LineDoc(issue.line, issue.outcome, issue.field, issue.rule, issue.text))

    def portions(self, found: Iterable[object], kind: type[R], size: Callable[[], int]) -> Iterator[list[R]]:
        """A file's rows of that kind, so many at a time; what is found to say of lines is said."""
        rows: list[R] = []
        wanted, said = size(), 0
        for one in found:
            if isinstance(one, LineIssue):
                self.issue(one)
                said += 1
            elif isinstance(one, kind):
                rows.append(one)
            if len(rows) >= wanted or said >= SAID_MOST:
                yield rows
                rows = []
                wanted, said = size(), 0
        yield rows

    def issues(self, issues: Iterable[LineIssue]) -> None:
        """Several."""
        for issue in issues:
            self.issue(issue)

    def refuse(self, line: int, field: str | None, rule: str, text: str) -> None:
        """A line that is not taken."""
        self.issue(LineIssue(line, "refused", field, rule, text))

    def warn(self, line: int, field: str | None, rule: str, text: str) -> None:
        """A line that is taken, with something to know about it."""
        self.issue(LineIssue(line, "warned", field, rule, text))

    def document(self, kind: str, *, dry_run: bool, act: str | None, encoding: str) -> ImportDoc:
        """The report as the contract has it."""
        return ImportDoc(
            kind=kind,
            dry_run=dry_run,
            act=act,
            encoding=encoding,
            read=self.read,
            taken=self.taken,
            unchanged=self.unchanged,
            refused=len(self._refused),
            warned=len(self._warned - self._refused),
            created=CreatedCountsDoc(self.patients, self.providers, self.services),
            by_status={status.value: self.by_status[status] for status in Status if kind == "appointments"},
            lines=sorted(self._lines, key=lambda line: line.line),
            lines_left_out=self._said - len(self._lines),
        )
