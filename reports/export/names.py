"""The names that accounts have in a text ledger: no two accounts ever have one name, and each name says which it is.

beancount knows five roots, and parts that begin with a capital or a digit and hold letters, digits and hyphens. So

- `asset`, `liability`, `equity`, `income`, `expense` are `Assets`, `Liabilities`, `Equity`, `Income`, `Expenses`;
  `budget` and `memo` are `Equity:Budget` and `Equity:Memo`, and any other root is a part below `Equity:Other`;
- a character that is no letter, digit or hyphen, and a hyphen before an x, is `-xHEX-`, its number in hexadecimal;
- a part that begins with a small letter gets a capital, if small letters follow: `main` is `Main`; one that begins with
  a digit, or with a capital and has no small letter, stands as it is: `EUR`, `2ND-BANK`;
- any other part stands behind `X-`, as it is: `Nordbank` is `X-Nordbank`. So do parts that would look like such a one,
  and parts of `equity` that would look like one of ours.

hledger takes almost any name. What it would read as its own is `%XX` for each byte of its UTF-8: control characters,
semicolons, spaces that do not stand alone between two other characters, and a % before two hexadecimal digits.
"""

from __future__ import annotations

import re
import unicodedata

_ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expense": "Expenses",
    "budget": "Equity:Budget",
    "memo": "Equity:Memo",
}
_OTHER = "Equity:Other"
_OURS_IN_EQUITY = ("budget", "memo", "other")
_AS_IT_IS = "X-"
_ROOT_ALONE = "X--x-"
"""The part of an account that is a root and nothing else: no part of an account is written so."""


def beancount_name(account: str) -> str:
    """Return an account's name in beancount.

    >>> beancount_name("liability:unapplied-receipts")
    'Liabilities:Unapplied-receipts'
    >>> beancount_name("asset:advance:Ministry of Labour")
    'Assets:Advance:X-Ministry-x20-of-x20-Labour'
    """
    root, *parts = account.split(":")
    if root not in _ROOTS:
        return ":".join([_OTHER, *map(_beancount_part, (root, *parts))])
    if not parts:
        return f"{_ROOTS[root]}:{_ROOT_ALONE}"
    names = [_beancount_part(part) for part in parts]
    if root == "equity" and parts[0] in _OURS_IN_EQUITY:
        names[0] = _AS_IT_IS + _beancount_signs(parts[0])
    return ":".join([_ROOTS[root], *names])


def _beancount_part(part: str) -> str:
    signs = _beancount_signs(part)
    if not part:
        return _AS_IT_IS
    first = unicodedata.category(part[0])
    has_small = any(unicodedata.category(sign) == "Ll" for sign in part[1:])
    if first == "Ll" and has_small and _has_own_capital(part[0]):
        name = part[0].upper() + signs[1:]
    elif first == "Nd" or (first == "Lu" and not has_small):
        name = signs
    else:
        return _AS_IT_IS + signs
    return name if not name.startswith(_AS_IT_IS) else _AS_IT_IS + signs


def _has_own_capital(sign: str) -> bool:
    """Return whether a small letter and its capital are one character each, and each other's."""
    capital = sign.upper()
    return len(capital) == 1 and unicodedata.category(capital) == "Lu" and capital.lower() == sign


def _beancount_signs(part: str) -> str:
    return "".join(_beancount_sign(sign, part[place + 1 : place + 2]) for place, sign in enumerate(part))


def _beancount_sign(sign: str, after: str) -> str:
    if sign == "-":
        return sign if after != "x" else "-x2D-"
    category = unicodedata.category(sign)
    return sign if category.startswith("L") or category == "Nd" else f"-x{ord(sign):X}-"


_ODD = re.compile(r"%(?=[0-9A-Fa-f]{2})|;|(?<=\s)\s|\A\s|\s\Z")
_ODD_AT_FIRST = re.compile(_ODD.pattern + r"|\A\W")
"""In the root, whose first character may not be one that opens a mark of hledger."""


def hledger_name(account: str) -> str:
    """Return an account's name in hledger.

    >>> hledger_name("asset:advance:Ministry of Labour")
    'asset:advance:Ministry of Labour'
    >>> hledger_name("asset:cash:Nord;  50%25")
    'asset:cash:Nord%3B %2050%2525'
    """
    root, *parts = account.split(":")
    return ":".join([_hledger_part(root, _ODD_AT_FIRST), *(_hledger_part(part, _ODD) for part in parts)])


def _hledger_part(part: str, odd: re.Pattern[str]) -> str:
    escaped = {found.start() for found in odd.finditer(part)}
    return "".join(
        "".join(f"%{byte:02X}" for byte in sign.encode()) if place in escaped or _is_no_plain_space(sign) else sign
        for place, sign in enumerate(part)
    )


def _is_no_plain_space(sign: str) -> bool:
    return sign != " " and unicodedata.category(sign)[0] in "CZ"
