"""Check digits as carriers compute them. Pure; each takes the digits before the check digit, and that digit."""

from collections.abc import Callable
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)

CheckDigit = Callable[[str, str], bool]


def gs1(digits: str, check: str) -> bool:
    """Modulo 10 with weights 3 and 1 from the right (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (1 if index % 2 else 3) for index, digit in enumerate(reversed(digits)))
    return int(check) == -total % 10


def luhn(digits: str, check: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * (1 if index % 2 else 2) for index, digit in enumerate(reversed(digits)))
    return int(check) == -sum(value // 10 + value % 10 for value in doubled) % 10


def mod7(digits: str, check: str) -> bool:
    """The number without its last digit, modulo 7 (DHL Express waybills)."""
    return int(digits) % 7 == int(check)


def identcode(digits: str, check: str) -> bool:
    """Weights 4 and 9 from the left, modulo 10 (Deutsche Post Identcode)."""
    total = sum(int(digit) * (9 if index % 2 else 4) for index, digit in enumerate(digits))
    return int(check) == -total % 10


def fedex(digits: str, check: str) -> bool:
    """Weights 1, 3, 7 from the right, modulo 11, then modulo 10."""
    total = sum(int(digit) * (1, 3, 7)[index % 3] for index, digit in enumerate(reversed(digits)))
    return int(check) == total % 11 % 10


def ups(digits: str, check: str) -> bool:
    """Every second character counts twice; letters stand for digits from A = 2 upwards."""
    values = (int(char) if char.isdigit() else (ord(char) - 3) % 10 for char in digits)
    total = sum(value * (2 if index % 2 else 1) for index, value in enumerate(values))
    return check.isdigit() and int(check) == -total % 10


def s10(digits: str, check: str) -> bool:
    """UPU standard S10: weights 8 6 4 2 3 5 9 7, modulo 11."""
    rest = sum(int(digit) * weight for digit, weight in zip(digits, _S10_WEIGHTS, strict=True)) % 11
    return int(check) == {0: 5, 1: 0}.get(rest, 11 - rest)


def iso7064_mod37_36(digits: str, check: str) -> bool:
    """ISO/IEC 7064 MOD 37,36 (DPD parcel label specification)."""
    value = 36
    for char in digits:
        value = (_ALPHABET.index(char) + value) % 36 or 36
        value = value * 2 % 37
    return check == _ALPHABET[(37 - value) % 36]


def prefixed(prefix: str, rule: CheckDigit) -> CheckDigit:
    """The rule over digits that are printed without this prefix."""

    def check_with_prefix(digits: str, check: str) -> bool:
        return rule(prefix + digits, check)

    return check_with_prefix
