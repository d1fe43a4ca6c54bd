"""The active currencies of ISO 4217 with the digits after their decimal point. Pure facts.

Source: ISO 4217 list one, maintained by SIX (https://www.six-group.com/en/products-services/financial-information/
data-standards.html). Funds, metals and test codes are left out: no claim is paid in them.
"""

from decimal import Decimal
from typing import Final

_TWO = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
    "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON "
    "RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD "
    "TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"

MINOR_DIGITS: Final[dict[str, int]] = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
}


def amount_fits(amount: Decimal, currency: str) -> bool:
    """Whether the amount has no more digits after the point than the currency: 10.50 JPY does not."""
    return amount == amount.quantize(Decimal(1).scaleb(-MINOR_DIGITS[currency]))


def printed(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency and that currency's digits ("8600 JPY", "23.50 EUR"); more are never cut off."""
    if amount is None:
        return ""
    stated = -int(amount.normalize().as_tuple().exponent)
    return f"{amount:.{max(MINOR_DIGITS.get(currency, 2), stated)}f} {currency}".strip()
