"""Amounts of money as letters write them: "119,00 €", "$1,234.56", "1 234,56 zł", "¥1,234", "CHF 1'234.50".

It finds and reads amounts; which store's dollar a bare "$" means is passed in, never guessed from a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claims.intake.text import Sentence, plain_signs
from claims.marketplaces import CURRENCY_DECIMALS, decimals_of

_SIGNS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "MX$": "MXN", "R$": "BRL", "AU$": "AUD", "A$": "AUD",
    "SG$": "SGD", "S$": "SGD", "CN¥": "CNY", "€": "EUR", "£": "GBP", "₹": "INR", "RS.": "INR",
    "RS": "INR", "₺": "TRY",
    "TL": "TRY", "ZŁ": "PLN", "円": "JPY", "元": "CNY", "RMB": "CNY",
    "د.إ": "AED", "ر.س": "SAR", "ج.م": "EGP",
}  # fmt: skip
# Signs several currencies share: the store's own currency decides where it is one of them.
_SHARED_SIGNS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "MXN", "AUD", "SGD"),
    "¥": ("JPY", "CNY"),
    "KR": ("SEK", "DKK", "NOK"),
    "R": ("ZAR",),
}
_CODES = sorted({*CURRENCY_DECIMALS, "CHF", "CNY", "DKK", "NOK", "CZK", "HUF", "RON", "NZD"})
_SIGN = "|".join(re.escape(sign) for sign in sorted([*_SIGNS, *_SHARED_SIGNS], key=len, reverse=True))
_CODE = "|".join(_CODES)
_NUMBER = r"\d{1,3}(?:[ .,']\d{2,3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d{1,12}(?:[.,]\d{1,2})?(?!\d)"
_AMOUNT = re.compile(
    rf"(?<![\w.])(?P<before>{_CODE}|{_SIGN})\s?(?P<number>{_NUMBER})(?:\s?(?P<code>{_CODE})\b)?"
    rf"|(?<![\d.,'-])(?P<number_first>{_NUMBER})\s?(?P<after>{_CODE}|{_SIGN})(?!\w)",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[ .,']\d{2,3})*")


@dataclass(frozen=True)
class Amount:
    """A figure with its currency; `currencies` are those its sign may mean."""

    value: Decimal
    currencies: tuple[str, ...]

    def currency(self, store_currency: str | None) -> str | None:
        """The one currency meant, by the store's where the sign is shared; None where it stays open."""
        if store_currency in self.currencies:
            return store_currency
        if len(self.currencies) == 1 or self.currencies == _SHARED_SIGNS["¥"]:
            return self.currencies[0]
        return None


def read_number(written: str, decimals: int = 2) -> Decimal | None:
    """The number in local form: three digits after the last separator are a group, one or two decimals."""
    figure = plain_signs(written).strip()
    whole, fraction = figure, ""
    ending = re.search(r"[.,](\d{1,2})$", figure)
    if ending:
        whole, fraction = figure[: ending.start()], ending.group(1)
    if not whole.isdecimal() and not _GROUPED.fullmatch(whole):
        return None
    separators = set(re.findall(r"[ .,']", whole))
    if len(separators) > 1 or (ending and figure[ending.start()] in separators):
        return None
    if separators and len(whole.split(separators.pop())[-1]) != 3:
        return None
    value = Decimal(f"{re.sub('[^0-9]', '', whole) or '0'}.{fraction or '0'}")
    if decimals == 0:
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else None
    return value.quantize(Decimal(1).scaleb(-decimals))


def find_amounts(text: str) -> tuple[Amount, ...]:
    """Every amount with a currency in `text`, in order."""
    found = []
    for match in _AMOUNT.finditer(plain_signs(text)):
        mark = (match["code"] or match["before"] or match["after"]).upper()
        meant = _SHARED_SIGNS.get(mark) or (_SIGNS.get(mark, mark),)
        figure = match["number"] or match["number_first"]
        readings = {code: read_number(figure, decimals_of(code)) for code in meant}
        # "¥12.50" is no yen: a currency whose decimals the figure does not fit is out.
        currencies = tuple(code for code, value in readings.items() if value is not None)
        value = readings[currencies[0]] if currencies else None
        if value is not None and 0 < value < Decimal("1e10"):
            found.append(Amount(value, currencies))
    return tuple(found)


def claimed_amount(letter: Sequence[Sentence], tiers: Iterable[Sequence[Sentence]]) -> Amount | None:
    """The amount of the first group of sentences that names any, where it names exactly one.

    `tiers` are groups from the most to the least telling; the whole letter comes last.
    """
    for tier in (*tiers, letter):
        amounts = {amount for sentence in tier for amount in find_amounts(sentence.text)}
        if amounts:
            return amounts.pop() if len(amounts) == 1 else None
    return None
