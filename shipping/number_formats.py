"""The table of tracking number formats: pattern, check digit, carrier. Data, no rules.

Facts from the carriers' label specifications as collected in https://github.com/jkeen/tracking_number_data (MIT).
`serial` and `check` are the groups that a check digit is computed from and compared with.
"""

import re
from dataclasses import dataclass
from typing import Final

from shipping import check_digits as rule
from shipping.check_digits import CheckDigit

AMAZON: Final = "Amazon"
CANADA_POST: Final = "Canada Post"
DHL: Final = "DHL"
DPD: Final = "DPD"
FEDEX: Final = "FedEx"
LASERSHIP: Final = "LaserShip"
ONTRAC: Final = "OnTrac"
POST: Final = "S10 International Standard"
UPS: Final = "UPS"
USPS: Final = "United States Postal Service"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    carrier: str
    name: str
    pattern: re.Pattern[str]
    check: CheckDigit | None = None

    def fits(self, number: str) -> bool:
        """`number` is normalised: capitals and digits alone."""
        found = self.pattern.fullmatch(number)
        if found is None:
            return False
        return self.check is None or self.check(found["serial"], found["check"])


def _format(carrier: str, name: str, pattern: str, check: CheckDigit | None = None) -> NumberFormat:
    return NumberFormat(carrier, name, re.compile(pattern, re.ASCII), check)


_ROUTED = r"(?:420(?:\d{5}|\d{9}))?"
FORMATS: Final[tuple[NumberFormat, ...]] = (
    _format(UPS, "UPS", r"1Z(?P<serial>[0-9A-Z]{15})(?P<check>\d)", rule.ups),
    _format(UPS, "UPS Waybill", r"[KV](?P<serial>\d{9})(?P<check>\d)", rule.ups),
    _format(UPS, "UPS (T)", r"T\d{10}"),
    _format(UPS, "UPS Mail Innovations", r"MI\d{6}[0-9A-Z]{1,22}"),
    _format(POST, "S10", r"[A-Z]{2}(?P<serial>\d{8})(?P<check>\d)[A-Z]{2}", rule.s10),
    _format(USPS, "USPS IMpb N", _ROUTED + r"(?P<serial>9[45]\d{19})(?P<check>\d)", rule.gs1),
    _format(USPS, "USPS IMpb C", _ROUTED + r"(?P<serial>9[23]\d{19}(?:\d{4})?)(?P<check>\d)", rule.gs1),
    _format(USPS, "USPS Legacy", _ROUTED + r"(?P<serial>91\d{19})(?P<check>\d)", rule.gs1),
    _format(USPS, "USPS Legacy", r"(?P<serial>7\d{18})(?P<check>\d)", rule.prefixed("91", rule.gs1)),
    _format(USPS, "USPS 20", r"(?P<serial>\d{19})(?P<check>\d)", rule.gs1),
    _format(FEDEX, "FedEx Express (12)", r"(?P<serial>\d{11})(?P<check>\d)", rule.fedex),
    _format(FEDEX, "FedEx Express (34)", r"1\d{19}(?P<serial>\d{13})(?P<check>\d)", rule.fedex),
    _format(FEDEX, "FedEx ASTRA (32)", r"\d{16}(?P<serial>\d{11})(?P<check>\d)\d{4}", rule.fedex),
    _format(FEDEX, "FedEx SmartPost", r"(?:92)?(?P<serial>61\d{17})(?P<check>\d)", rule.prefixed("92", rule.gs1)),
    _format(FEDEX, "FedEx Ground", r"(?P<serial>\d{14})(?P<check>\d)", rule.gs1),
    _format(FEDEX, "FedEx Ground (SSCC-18)", r"(?P<serial>0[0124]\d{15})(?P<check>\d)", rule.gs1),
    _format(FEDEX, "FedEx Ground 96 (22)", r"96\d{5}(?P<serial>\d{14})(?P<check>\d)", rule.gs1),
    _format(FEDEX, "FedEx Ground GSN", r"96\d{18}(?P<serial>\d{13})(?P<check>\d)", rule.fedex),
    _format(DHL, "DHL Express", r"(?P<serial>\d{9,10})(?P<check>\d)", rule.mod7),
    _format(DHL, "DHL Express (Piece ID)", r"J[A-Z]{2,3}\d{9,10}"),
    _format(DHL, "DHL E-Commerce", r"(?:GM|LX|RX|UV|CN|SG|TH|IN|HK|MY)\d{10,39}"),
    _format(DHL, "DHL Paket (20)", r"(?P<serial>003404\d{13})(?P<check>\d)", rule.gs1),
    _format(DHL, "DHL Paket Identcode", r"(?P<serial>\d{11})(?P<check>\d)", rule.identcode),
    _format(DHL, "DHL Parcel", r"(?:3S|JVGL)[0-9A-Z]{8,18}"),
    _format(DHL, "DHL E-Commerce (14)", r"60\d{12}"),
    _format(DPD, "DPD (28)", r"(?P<serial>\d{27})(?P<check>[0-9A-Z])", rule.iso7064_mod37_36),
    _format(DPD, "DPD (14)", r"(?P<serial>\d{14})(?P<check>[0-9A-Z])", rule.iso7064_mod37_36),
    _format(DPD, "DPD (14, printed without its check digit)", r"\d{14}"),
    _format(AMAZON, "Amazon Logistics", r"TB[AC]\d{12}"),
    _format(AMAZON, "Amazon Logistics (other countries)", r"TBM\d{12}|(?:DE|QA|QB)\d{10}"),
    _format(AMAZON, "Amazon International", r"C1\d{9}"),
    _format(CANADA_POST, "Canada Post (16)", r"(?P<serial>\d{15})(?P<check>\d)", rule.gs1),
    _format("Canpar", "Canpar (22)", r"[CDKLSUXZ]\d{21}"),
    _format("Purolator", "Purolator (12)", r"(?P<serial>[0-5]\d{10})(?P<check>\d)", rule.luhn),
    _format("Purolator", "Purolator (alpha + 9)", r"[A-Z]{3}\d{9}"),
    _format(ONTRAC, "OnTrac", r"C(?P<serial>\d{13})(?P<check>\d)", rule.prefixed("4", rule.ups)),
    _format(ONTRAC, "OnTrac D", r"D(?P<serial>\d{13})(?P<check>\d)", rule.prefixed("5", rule.ups)),
    _format(LASERSHIP, "LaserShip LX", r"L[AEHINX]\d{8}"),
    _format(LASERSHIP, "LaserShip 1LS7 (15)", r"1LS7[12]\d{10}"),
    _format(LASERSHIP, "LaserShip 1LS7 (18)", r"1LS7[12]\d{2}01[1-4]\d{6}1"),
    _format(LASERSHIP, "LaserShip 1LSCX (15)", r"1LSCX[0-9A-Z]{10}"),
    _format("GOFO Express", "GOFO Express (US)", r"GFUS\d{14}"),
    _format("Landmark Global LTN", "Landmark Global LTN", r"LTN\d{8}N1"),
    _format("Old Dominion Freight Line", "Old Dominion", r"(?P<serial>(?:77|78|07)\d{8})(?P<check>\d)", rule.luhn),
    _format("Old Dominion Freight Line", "Old Dominion Guaranteed Shipment", r"(?P<serial>80\d{8})(?P<check>\d)",
            rule.luhn),
    _format("Spee-Dee Delivery", "Spee-Dee (20)", r"SP\d{18}"),
    _format("Yodel", "Yodel", r"JJ?D\d{16}"),
    _format("YunExpress", "YunExpress", r"YT\d{16}"),
)  # fmt: skip

POSTAL_OPERATORS: Final = {
    "US": USPS, "CA": CANADA_POST, "DE": DHL, "GB": "Royal Mail", "FR": "La Poste", "IT": "Poste Italiane",
    "ES": "Correos", "NL": "PostNL", "BE": "bpost", "SE": "PostNord", "DK": "PostNord", "PL": "Poczta Polska",
    "IE": "An Post", "TR": "PTT", "EG": "Egypt Post", "SA": "Saudi Post", "AE": "Emirates Post", "IN": "India Post",
    "JP": "Japan Post", "SG": "Singapore Post", "AU": "Australia Post", "ZA": "South African Post Office",
    "MX": "Correos de México", "BR": "Correios", "CN": "China Post", "HK": "Hongkong Post",
}  # fmt: skip
"""Which operator an S10 number's country means (UPU member operators)."""

ONLY_ABROAD: Final = frozenset(POSTAL_OPERATORS.values()) - {USPS, CANADA_POST, DHL}
"""Operators of whose numbers the table knows the international ones alone: it cannot say that one misfits."""

CARRIER_NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("usps", USPS),
    ("royalmail", "Royal Mail"),
    ("parcelforce", "Royal Mail"),
    ("laposte", "La Poste"),
    ("colissimo", "La Poste"),
    ("posteitaliane", "Poste Italiane"),
    ("correosdemexico", "Correos de México"),
    ("correosmexico", "Correos de México"),
    ("correos", "Correos"),
    ("postnl", "PostNL"),
    ("bpost", "bpost"),
    ("postnord", "PostNord"),
    ("pocztapolska", "Poczta Polska"),
    ("anpost", "An Post"),
    ("ptt", "PTT"),
    ("egyptpost", "Egypt Post"),
    ("saudipost", "Saudi Post"),
    ("spl", "Saudi Post"),
    ("emiratespost", "Emirates Post"),
    ("indiapost", "India Post"),
    ("japanpost", "Japan Post"),
    ("singpost", "Singapore Post"),
    ("singaporepost", "Singapore Post"),
    ("australiapost", "Australia Post"),
    ("auspost", "Australia Post"),
    ("southafricanpost", "South African Post Office"),
    ("correios", "Correios"),
    ("chinapost", "China Post"),
    ("hongkongpost", "Hongkong Post"),
    ("unitedstatespostal", USPS),
    ("uspostal", USPS),
    ("fedex", FEDEX),
    ("federalexpress", FEDEX),
    ("dhl", DHL),
    ("deutschepost", DHL),
    ("dpd", DPD),
    ("amazon", AMAZON),
    ("amzl", AMAZON),
    ("canadapost", CANADA_POST),
    ("postescanada", CANADA_POST),
    ("canpar", "Canpar"),
    ("purolator", "Purolator"),
    ("ontrac", ONTRAC),
    ("lasership", LASERSHIP),
    ("gofo", "GOFO Express"),
    ("landmark", "Landmark Global LTN"),
    ("olddominion", "Old Dominion Freight Line"),
    ("speedee", "Spee-Dee Delivery"),
    ("yodel", "Yodel"),
    ("yunexpress", "YunExpress"),
    ("ups", UPS),
    ("unitedparcel", UPS),
)
"""Beginnings of carriers' names as sellers write them, without blanks and case."""
