"""The palette for Fusion and one small style sheet, both made from tokens."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from himsog_desktop.system.resources import resource
from himsog_desktop.ui.theme.theme import Theme

_ROLE = QPalette.ColorRole
_GROUP = QPalette.ColorGroup


def palette(theme: Theme) -> QPalette:
    """The palette of the whole application."""
    made = QPalette()
    roles = {
        _ROLE.Window: theme.canvas,
        _ROLE.WindowText: theme.text,
        _ROLE.Base: theme.surface,
        _ROLE.AlternateBase: theme.canvas,
        _ROLE.Text: theme.text,
        _ROLE.PlaceholderText: theme.muted,
        _ROLE.Button: theme.surface,
        _ROLE.ButtonText: theme.text,
        _ROLE.BrightText: theme.danger,
        _ROLE.ToolTipBase: theme.raised,
        _ROLE.ToolTipText: theme.text,
        _ROLE.Highlight: theme.accent,
        _ROLE.HighlightedText: theme.on_accent,
        _ROLE.Accent: theme.accent,
        _ROLE.Link: theme.accent,
        _ROLE.LinkVisited: theme.accent,
        _ROLE.Light: theme.raised,
        _ROLE.Midlight: theme.hover,
        _ROLE.Mid: theme.line,
        _ROLE.Dark: _between(theme.line, theme.muted),
        _ROLE.Shadow: theme.shadow,
    }
    for role, colour in roles.items():
        made.setColor(role, colour)
    faint = _between(theme.muted, theme.surface)
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        made.setColor(_GROUP.Disabled, role, faint)
    made.setColor(_GROUP.Disabled, _ROLE.Highlight, theme.line)
    made.setColor(_GROUP.Disabled, _ROLE.HighlightedText, theme.muted)
    # A selection stays readable when another window is in front.
    made.setColor(_GROUP.Inactive, _ROLE.Highlight, theme.accent)
    made.setColor(_GROUP.Inactive, _ROLE.HighlightedText, theme.on_accent)
    return made


def _between(one: QColor, other: QColor) -> QColor:
    return QColor((one.red() + other.red()) // 2, (one.green() + other.green()) // 2, (one.blue() + other.blue()) // 2)


def _tick(theme: Theme) -> str:
    """The picture of a tick for a style sheet, which draws none itself (the glyph ``tick``, larger than needed)."""
    try:
        return resource("images", f"tick-{theme.scheme}.png").replace("\\", "/")
    except FileNotFoundError:
        return ""


def style_sheet(theme: Theme) -> str:
    """What Fusion and the palette can't say. Properties: ``primary``, ``danger`` and ``quiet`` on buttons."""
    t, m = theme.tokens, theme.metrics
    faint = _between(theme.muted, theme.surface).name()
    return f"""
QToolTip {{ background: {t.raised}; color: {t.text}; border: {m.line}px solid {t.line}; padding: {m.xs}px {m.s}px; }}
QPushButton {{ background: {t.surface}; color: {t.text}; border: {m.line}px solid {t.line};
  border-radius: {m.radius}px; padding: 0 {m.m}px; min-height: {m.control - 2}px; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.line}; }}
QPushButton:focus {{ border: {m.ring}px solid {t.accent}; }}
QPushButton:disabled {{ color: {faint}; background: {t.canvas}; }}
QPushButton[primary="true"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton[primary="true"]:focus {{ border: {m.ring}px solid {t.text}; }}
QPushButton[primary="true"]:disabled {{ background: {t.line}; color: {t.muted}; border-color: {t.line}; }}
QPushButton[danger="true"] {{ color: {t.danger}; }}
QPushButton[quiet="true"] {{ border-color: transparent; background: transparent; }}
QPushButton[quiet="true"]:hover {{ background: {t.hover}; }}
QPushButton[quiet="true"]:focus {{ border: {m.ring}px solid {t.accent}; }}
QLineEdit, QPlainTextEdit {{ background: {t.surface}; color: {t.text}; border: {m.line}px solid {t.line};
  border-radius: {m.radius}px; padding: 0 {m.s}px; selection-background-color: {t.accent};
  selection-color: {t.on_accent}; }}
QLineEdit {{ min-height: {m.control - 2}px; }}
QPlainTextEdit {{ padding: {m.xs}px; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border: {m.ring}px solid {t.accent}; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ background: {t.canvas}; color: {t.muted}; }}
QListWidget, QListView#keys {{ background: {t.surface}; color: {t.text}; border: {m.line}px solid {t.line};
  border-radius: {m.radius}px; padding: {m.xs}px; outline: none; }}
QListWidget:focus, QListView#keys:focus {{ border: {m.ring}px solid {t.accent}; }}
QListWidget::item {{ min-height: {m.px(28)}px; padding: 0 {m.s}px; border-radius: {m.radius}px; }}
QListWidget::item:disabled {{ color: {t.muted}; }}
QListWidget::item:hover {{ background: {t.hover}; }}
QListWidget::item:selected {{ background: {t.selected}; color: {t.text}; }}
QListWidget::indicator, QCheckBox::indicator {{ width: {m.px(12)}px; height: {m.px(12)}px;
  border: {m.line}px solid {t.muted}; border-radius: {m.xs}px; background: {t.surface}; }}
QListWidget::indicator:checked, QCheckBox::indicator:checked {{ background: {t.accent};
  border: {m.line}px solid {t.accent}; image: url("{_tick(theme)}"); }}
QCheckBox {{ spacing: {m.s}px; padding: {m.line}px; border: {m.ring}px solid transparent;
  border-radius: {m.radius}px; }}
QCheckBox:focus {{ border-color: {t.accent}; }}
QRadioButton {{ spacing: {m.s}px; padding: {m.line}px; border: {m.ring}px solid transparent;
  border-radius: {m.radius}px; }}
QRadioButton:focus {{ border-color: {t.accent}; }}
QRadioButton::indicator {{ width: {m.px(12)}px; height: {m.px(12)}px; border: {m.line}px solid {t.muted};
  border-radius: {m.px(12) // 2 + m.line}px; background: {t.surface}; }}
QRadioButton::indicator:checked {{ width: {m.px(12) - 2 * m.px(4) + 2 * m.line}px;
  height: {m.px(12) - 2 * m.px(4) + 2 * m.line}px; border: {m.px(4)}px solid {t.accent}; background: {t.on_accent}; }}
QMenu {{ background: {t.raised}; color: {t.text}; border: {m.line}px solid {t.line}; padding: {m.xs}px; }}
QMenu::item {{ padding: {m.s - 2}px {m.xl}px; border-radius: {m.radius}px; }}
QMenu::item:selected {{ background: {t.hover}; color: {t.text}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: {m.line}px; background: {t.line}; margin: {m.xs}px {m.s}px; }}
QAbstractScrollArea::corner {{ background: {t.surface}; border: none; }}
QProgressBar {{ background: {t.line}; border: none; border-radius: {m.xs}px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: {m.xs}px; }}
QScrollBar:vertical {{ background: transparent; width: {m.m}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {m.m}px; margin: 0; }}
QScrollBar::handle {{ background: {_between(theme.line, theme.muted).name()}; border-radius: 3px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: {m.xl}px; }}
QScrollBar::handle:horizontal {{ min-width: {m.xl}px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: transparent; width: 0; height: 0; }}
""".strip()
