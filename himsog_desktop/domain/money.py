"""Money: integer centavos inside, decimal strings in documents, symbols on screen.

Source: design, section 2, "Money"; contract, "Money is a decimal string".
"""

from __future__ import annotations

import re

from himsog_desktop.domain.errors import BadInput

MOST = 10**10 - 1
"""The largest amount in centavos: the platform's columns are ``numeric(10,2)``."""

_SYMBOLS = {
    "PHP": "₱", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "THB": "฿", "VND": "₫",
}  # fmt: skip
_AMOUNT = re.compile(r"(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?", re.ASCII)


def parse_money(text: str, currency: str = "PHP") -> int:
    """Centavos of ``"1234.5"``, ``"1,234.50"`` or ``"₱ 1,234.50"``; a minus makes it negative.

    Commas only between thousands, at most two decimals: ``"1.234,50"`` and ``"12,5"`` are refused, not
    guessed at. The currency's symbol or code may stand in front. Raises BadInput (``bad_value``).
    """
    bare = text.strip()
    sign = "-" if bare.startswith(("-", "−")) else ""
    bare = bare[1:].lstrip() if sign else bare
    for mark in (currency, _SYMBOLS.get(currency, currency)):
        if bare.upper().startswith(mark):
            bare = bare[len(mark) :].lstrip()
            break
    found = _AMOUNT.fullmatch(bare)
    if found is None or (sign and found.group(1)):
        raise BadInput("bad_value", f"Not an amount of the form 1,234.50: {text.strip()[:30]!r}.")
    whole, cents = found.group(2).replace(",", ""), (found.group(3) or "").ljust(2, "0")
    if len(whole) > 12 or int(whole + cents) > MOST:
        raise BadInput("bad_value", f"The amount is too large: at most {decimal(MOST)}.")
    amount = int(whole + cents)
    return -amount if sign or found.group(1) else amount


def decimal(centavos: int) -> str:
    """The decimal string of documents: ``"1234.50"``, ``"-0.05"``."""
    sign, amount = ("-", -centavos) if centavos < 0 else ("", centavos)
    return f"{sign}{amount // 100}.{amount % 100:02d}"


def shown(centavos: int, currency: str = "PHP") -> str:
    """As on screen: ``"₱1,234.50"``, ``"−₱5.00"``; a currency without a symbol by its code."""
    sign, amount = ("−", -centavos) if centavos < 0 else ("", centavos)
    mark = _SYMBOLS.get(currency) or f"{currency} "
    return f"{sign}{mark}{amount // 100:,}.{amount % 100:02d}"
