"""Rules of the house that no general linter knows, each with what to do instead.

    python packaging/house_lint.py [folder]      folder: the repository by default

Run by ``dev.py check``; ``tests/workshop/test_house_lint.py`` plants a violation of each rule. A rule that
has to be broken in one place is broken there with a comment on the line, ``# house: <rule>, because ...``, so
that the reason stands beside it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "himsog_desktop"
LONG = 400

_EXCUSE = re.compile(r"#\s*house:\s*([a-z-]+),?\s+because\s+\S+")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_DIALOGS = {"QMessageBox", "QFileDialog", "QInputDialog", "QColorDialog", "QFontDialog"}
_STATIC = {
    *("about", "aboutQt", "critical", "information", "question", "warning"),
    *("getExistingDirectory", "getOpenFileName", "getOpenFileNames", "getSaveFileName", "getSaveFileUrl"),
    *("getOpenFileUrl", "getOpenFileUrls", "getExistingDirectoryUrl"),
    *("getText", "getInt", "getDouble", "getItem", "getMultiLineText", "getColor", "getFont"),
}
_THREADS = {"QThread", "QThreadPool", "QRunnable", "QtConcurrent", "QProcess"}
_EXECUTE = {"execute", "executemany", "executescript"}

RULES = (
    "absolute-import",
    "bound-sql",
    "ignore-with-code",
    "long-file",
    "no-bare-except",
    "no-colour",
    "no-exec",
    "no-notes-to-self",
    "no-plain-sqlite",
    "no-print",
    "no-qt-threads",
    "no-silent-except",
    "no-sleep",
    "no-static-dialog",
    "plain-text",
    "pure-domain",
)

# Where a rule does not hold, by the start of the path inside the package.
_MAY_PRINT = ("cli/", "bench/", "bench.py")
_MAY_SLEEP = ("runtime/", "storage/", "system/locks.py")
_MAY_COLOUR = ("ui/theme/", "ui/theme.py")


@dataclass(frozen=True, order=True)
class Finding:
    """One place that breaks a rule."""

    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


# First line, last line, rule, text.
_Raw = tuple[int, int, str, str]


class _Walk(ast.NodeVisitor):
    """Reads one module of the package and collects what breaks a rule."""

    def __init__(self, inside: str) -> None:
        self.inside = inside
        self.found: list[_Raw] = []

    def add(self, node: ast.expr | ast.stmt | ast.ExceptHandler, rule: str, text: str) -> None:
        # A comment that excuses may stand on any line of a call, and on the first of a block.
        last = node.end_lineno if isinstance(node, ast.expr) else node.lineno
        self.found.append((node.lineno, last or node.lineno, rule, text))

    # ------------------------------------------------------------------------------- calls

    def visit_Call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Attribute(attr="exec" | "exec_"):
                if not (self.inside.startswith("bootstrap") and _names(node.func.value) & {"app", "QApplication"}):
                    text = "a nested event loop loses what waits outside it; open() the dialog and connect finished"
                    self.add(node, "no-exec", text)
            case ast.Attribute(value=owner, attr=name) if name in _STATIC and _names(owner) & _DIALOGS:
                text = f"{name}() runs a nested event loop; make the dialog, open() it and connect finished"
                self.add(node, "no-static-dialog", text)
            case ast.Attribute(attr="setTextFormat") if not _names(*node.args) & {"PlainText"}:
                text = "text from data is never markup; setTextFormat(Qt.TextFormat.PlainText)"
                self.add(node, "plain-text", text)
            case ast.Attribute(attr="setHtml" | "insertHtml" | "toHtml" | "appendHtml"):
                self.add(node, "plain-text", "text from data is never markup; use setPlainText()")
            case ast.Name(id="print") if not self.inside.startswith(_MAY_PRINT):
                self.add(node, "no-print", "log it, or hand it to cli, which owns stdout")
            case ast.Attribute(value=ast.Name(id="time"), attr="sleep") if not self.inside.startswith(_MAY_SLEEP):
                self.add(node, "no-sleep", "wait on an event with a timeout (runtime), or poll from a QTimer (ui)")
            case ast.Attribute(attr=name) if name in _EXECUTE and node.args and _is_built(node.args[0]):
                text = "SQL put together from text; bind values with ?, or mark the line `# sql: identifiers only`"
                self.add(node, "bound-sql", text)
        if _names(node.func) & {"QColor"} and not self.inside.startswith(_MAY_COLOUR) and _has_number(node):
            self.add(node, "no-colour", "take the colour from ui.theme, which knows light and dark")
        self.generic_visit(node)

    # ----------------------------------------------------------------------------- imports

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._imported(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level:
            self.add(node, "absolute-import", "write the whole name: from himsog_desktop.… import …")
            return
        self._imported(node, module)
        names = {alias.name for alias in node.names}
        if module == "time" and "sleep" in names and not self.inside.startswith(_MAY_SLEEP):
            self.add(node, "no-sleep", "wait on an event with a timeout (runtime), or poll from a QTimer (ui)")
        if module.startswith("PySide6") and names & _THREADS:
            self.add(node, "no-qt-threads", "threads and processes are runtime's: hand it a Query or an Operation")

    def _imported(self, node: ast.stmt, module: str) -> None:
        top = module.partition(".")[0]
        if top == "sqlite3":
            self.add(node, "no-plain-sqlite", "it would write a plain file; storage opens encrypted ones (sqlcipher3)")
        known = top in sys.stdlib_module_names or f"{module}.".startswith(f"{PACKAGE}.domain.")
        if self.inside.startswith("domain/") and not known:
            self.add(node, "pure-domain", f"the domain imports the standard library only, not {module}")

    # ---------------------------------------------------------------------------- the rest

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        silent = all(isinstance(s, ast.Pass) or _is_constant(s) for s in node.body)
        if node.type is None:
            self.add(node, "no-bare-except", "name what can be raised; a bare one also stops Ctrl+C")
        elif silent and _names(node.type) & {"Exception", "BaseException"}:
            self.add(node, "no-silent-except", "name what can be raised, or log it; a fault must not vanish")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        text = node.value
        if not isinstance(text, str) or not self.inside.startswith("ui/") or self.inside.startswith(_MAY_COLOUR):
            return
        if _COLOUR.fullmatch(text) or (";" in text and _COLOUR.search(text)):
            self.add(node, "no-colour", "take the colour from ui.theme, which knows light and dark")


def _names(*nodes: ast.AST) -> set[str]:
    """Every plain name and attribute in these expressions."""
    found: set[str] = set()
    for root in nodes:
        for node in ast.walk(root):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
    return found


def _has_number(call: ast.Call) -> bool:
    return any(isinstance(a, ast.Constant) and isinstance(a.value, int | float | str) for a in call.args)


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_built(argument: ast.expr) -> bool:
    """Whether a text is put together from values where it is used: f-string, %, + or format()."""
    match argument:
        case ast.JoinedStr():
            return any(isinstance(v, ast.FormattedValue) for v in argument.values)
        case ast.BinOp(op=ast.Mod() | ast.Add()):
            leaves = [n for n in ast.walk(argument) if isinstance(n, ast.Constant | ast.Name | ast.Call)]
            return len({isinstance(n, ast.Constant) for n in leaves}) == 2
        case ast.Call(func=ast.Attribute(attr="format")):
            return True
    return False


def _by_line(text: str, tree: ast.Module) -> Iterator[_Raw]:
    """Rules about lines and whole files, for everything we write in Python."""
    lines = text.splitlines()
    note = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME)\b")
    for number, line in enumerate(lines, 1):
        if note.search(line):
            yield number, number, "no-notes-to-self", "do it now, or open an issue and say nothing here"
        if re.search(r"#\s*type:\s*ignore(?!\[)", line):
            yield number, number, "ignore-with-code", "say which error it is about, in square brackets"
    if len(lines) > LONG and "Long because" not in (ast.get_docstring(tree) or ""):
        yield 1, 1, "long-file", f"{len(lines)} lines; split it, or give the reason in its docstring: Long because ..."


def lint_text(path: Path, text: str, inside: str | None) -> list[Finding]:
    """What breaks a rule in one module; ``inside`` is its path inside the package, None outside of it."""
    tree = ast.parse(text, str(path))
    found = list(_by_line(text, tree))
    if inside is not None:
        walk = _Walk(inside)
        walk.visit(tree)
        found += walk.found
    lines = text.splitlines()
    kept = []
    for first, last, rule, words in found:
        own = "\n".join(lines[first - 1 : last])
        if rule in _EXCUSE.findall(own) or (rule == "bound-sql" and "# sql: identifiers only" in own):
            continue
        kept.append(Finding(str(path), first, rule, words))
    return kept


def lint(root: Path) -> list[Finding]:
    """What breaks a rule anywhere in the repository at ``root``."""
    found: list[Finding] = []
    for folder in (PACKAGE, "packaging", "migrations", "tests"):
        for path in sorted((root / folder).rglob("*.py")):
            inside = path.relative_to(root / PACKAGE).as_posix() if folder == PACKAGE else None
            found += lint_text(path.relative_to(root), path.read_text(encoding="utf-8"), inside)
    return sorted(found)


def main(argv: list[str]) -> int:
    """Print every finding; 1 if there is one."""
    root = Path(argv[0]) if argv else Path(__file__).resolve().parent.parent
    found = lint(root)
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
