"""Characters of symbol fonts (w:sym, private use F000–F0FF) as the Unicode characters that they look like."""

from __future__ import annotations

_WINGDINGS = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x74: "◆", 0x75: "◆", 0x76: "❖",
    0x77: "◆", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA2: "○", 0xA4: "◎", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xD8: "➢",
    0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x28: "☎", 0x2A: "✉", 0x20: " ",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA2: "■", 0xA3: "□", 0x20: " "}
_SYMBOL = {
    0xA3: "≤", 0xAE: "→", 0xAC: "←", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠",
    0xBB: "≈", 0xA5: "∞", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x65: "ε", 0x71: "θ", 0x6C: "λ", 0x6D: "μ",
    0x70: "π", 0x72: "ρ", 0x73: "σ", 0x77: "ω", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x6A: "φ", 0x20: " ", 0x2D: "−",
}  # fmt: skip


def symbol(code: str, font: str) -> str | None:
    """The character for a hexadecimal code in a symbol font; None where it is not known.

    A code outside the private range is a character already.
    """
    try:
        point = int(code, 16)
    except ValueError:
        return None
    if not 0xF000 <= point <= 0xF0FF:
        return chr(point) if 0x20 <= point <= 0x10FFFF and not 0xD800 <= point <= 0xF8FF else _of(font, point)
    return _of(font, point - 0xF000)


def _of(font: str, point: int) -> str | None:
    font = font.strip().lower()
    if font.startswith("wingdings 2"):
        return _WINGDINGS_2.get(point)
    if font == "symbol":
        return _SYMBOL.get(point, chr(point) if 0x20 <= point < 0x40 else None)
    if font in ("wingdings", ""):
        if 0x81 <= point <= 0x8A:
            return chr(0x2460 + point - 0x81)
        if 0x8C <= point <= 0x95:
            return chr(0x2776 + point - 0x8C)
        return _WINGDINGS.get(point)
    return None
