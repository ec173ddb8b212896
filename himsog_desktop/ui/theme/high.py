"""The colours of high contrast, light and dark: text at 7:1 or better, lines that carry meaning at 4.5:1.

WCAG 2.2, 1.4.6. Read only where somebody asks for them: the person, or the system.
"""

from __future__ import annotations

from himsog_desktop.ui.theme.tokens import StatusTokens, Tokens

LIGHT_HIGH = Tokens(
    scheme="light",
    canvas="#ECEFF3",
    surface="#FFFFFF",
    raised="#FFFFFF",
    hover="#E6E9EE",
    selected="#CFE0FF",
    line="#4A5462",
    grid="#A4ADB8",
    hatch="#CDD4DC",
    text="#000000",
    muted="#2B3440",
    accent="#0A3D91",
    on_accent="#FFFFFF",
    danger="#820C07",
    on_danger="#FFFFFF",
    danger_tint="#FFE9E7",
    now="#860B3E",
    on_now="#FFFFFF",
    shadow="#000000",
    requested=StatusTokens("#FFF4D6", "#4A3000", "#845500"),
    confirmed=StatusTokens("#E3EEFF", "#0A2F6B", "#0A4FC0"),
    visit=StatusTokens("#EFE6FF", "#3B1478", "#5E2BC0"),
    completed=StatusTokens("#E2F5E7", "#0B3D20", "#146B35"),
    cancelled=StatusTokens("#F3F4F6", "#343B46", "#9A1F18"),
    no_show=StatusTokens("#FFE9DC", "#5A2100", "#A03F00"),
)

DARK_HIGH = Tokens(
    scheme="dark",
    canvas="#161B23",
    surface="#000000",
    raised="#12161D",
    hover="#1E2530",
    selected="#0D2E5C",
    line="#9AA6B5",
    grid="#4A5666",
    hatch="#2E3743",
    text="#FFFFFF",
    muted="#D5DCE5",
    accent="#9CC4FF",
    on_accent="#000814",
    danger="#FFB3AC",
    on_danger="#2A0503",
    danger_tint="#3A1412",
    now="#FF9DBE",
    on_now="#2A0713",
    shadow="#000000",
    requested=StatusTokens("#2B2108", "#FFE29A", "#FFC62B"),
    confirmed=StatusTokens("#0E1F3D", "#CFE2FF", "#86B7FF"),
    visit=StatusTokens("#221638", "#E6DAFF", "#C0A2FF"),
    completed=StatusTokens("#0E2516", "#C4F2D0", "#6FDC95"),
    cancelled=StatusTokens("#171B21", "#D2D9E2", "#FF9A93"),
    no_show=StatusTokens("#2C190C", "#FFD9BF", "#FFA661"),
)
