"""Vietnamese text: accent-free search keys, sort keys, and what may enter a text field. The only
place for each.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Vietnamese alphabet order; f, j, w, z stand where foreign names expect them.
_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_KEY: Final = {letter: f"{place:02}" for place, letter in enumerate(_ALPHABET, start=37)}
#: Tones in the order of Vietnamese dictionaries: level, grave, hook, tilde, acute, dot below.
_TONES: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES: Final = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: they make another letter
_SPACES: Final = re.compile(r"\s+")
_KEPT_CONTROLS: Final = {"\n", "\t"}


def fold(text: str) -> str:
    """Search key: no accents, đ → d, case-folded, single spaces. "Nguyễn  Đức" → "nguyen duc"."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "d"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACES.sub(" ", bare.casefold()).strip()


def sort_key(text: str) -> str:
    """Text that sorts by code point (``COLLATE "C"``) as Vietnamese dictionaries do.

    First the letters (a < ă < â, d < đ, …) word by word, then the tones: every server orders
    alike.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in _SPACES.sub(" ", unicodedata.normalize("NFC", text).strip()):
        letter, tone = _split_tone(char)
        letters.append(_letter_key(letter))
        tones.append(tone)
    return f"{''.join(letters)} {''.join(tones)}"


def _split_tone(char: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", char.lower())
    base, marks = decomposed[0], decomposed[1:]
    shape = "".join(mark for mark in marks if mark in _SHAPES)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), "0")
    return unicodedata.normalize("NFC", base + shape), tone


def _letter_key(letter: str) -> str:
    """Two characters a letter: space, then digits, then the alphabet, then everything else."""
    if letter == " ":
        return "00"
    if letter in "0123456789":
        return f"1{letter}"
    return _LETTER_KEY.get(letter) or f"9{letter}"


def clean(text: str, *, lines: bool = False) -> str:
    """NFC, no surrounding spaces; line ends become ``\\n``; one-line text gets single spaces."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if lines:
        return "\n".join(line.rstrip() for line in text.strip().split("\n"))
    return _SPACES.sub(" ", text).strip()


def forbidden(text: str) -> str | None:
    """The first character that must not be stored: NUL, control, unpaired surrogate, direction
    override, and the mark that stands where the sender's encoding could not be read.
    """
    for char in text:
        if char in _KEPT_CONTROLS:
            continue
        if unicodedata.category(char) in ("Cc", "Cs") or char in _UNREADABLE:
            return char
    return None


#: Characters that make a name read backwards on paper and in lists, and U+FFFD.
_UNREADABLE: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd")


def name_sort_key(full_name: str) -> str:
    """Vietnamese lists of people go by given name, then family name, then the rest."""
    words = full_name.split()
    if len(words) < 2:
        return sort_key(full_name)
    given, family, middle = words[-1], words[0], words[1:-1]
    return sort_key(" ".join([given, family, *middle]))
