"""What may not stand in a text for Amazon: too long, links, phones, mail addresses. Pure.

Rules: the answer box takes text, and of links only the carrier's own tracking page is of use there;
contact details are not allowed (Amazon's communication guidelines). The length is a seller's setting,
since Amazon publishes none.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

#: Where carriers show tracking; a link to one of these hosts (or below) may stand in an answer.
CARRIER_HOSTS = (
    "usps.com", "ups.com", "fedex.com", "dhl.com", "dhl.de", "dpd.com", "dpd.co.uk", "dpd.de", "gls-group.eu",
    "gls-group.com", "royalmail.com", "parcelforce.com", "evri.com", "yodel.co.uk", "laposte.fr",
    "chronopost.fr", "colissimo.fr", "poste.it", "brt.it", "correos.es", "seur.com", "postnl.nl", "bpost.be",
    "postnord.com", "postnord.se", "inpost.pl", "poczta-polska.pl", "anpost.com", "canadapost-postescanada.ca",
    "canadapost.ca", "purolator.com", "auspost.com.au", "japanpost.jp", "kuronekoyamato.co.jp",
    "sagawa-exp.co.jp", "track.amazon.com", "estafeta.com", "correios.com.br", "yunexpress.com", "ems.com.cn",
)  # fmt: skip

# Each pattern begins only where a run of its characters begins: a text of any length is read in one pass.
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+|(?<![a-z0-9-])(?<![a-z0-9-]\.)[a-z0-9-]+(?:\.[a-z0-9-]+)+/[^\s<>\"]*",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_PHONE = re.compile(
    r"\+\d[\d\s().-]{6,}\d"
    r"|\(\d{2,5}\)\s?\d[\d\s-]{4,}\d"
    r"|(?<![\w-])\d{3}[.-]\d{3}[.-]\d{4}(?![\w-])"
    r"|(?:\b(?:tel|phone|telephone|mobile|whatsapp|fax|call(?: us)?(?: at| on)?))\b\W{0,3}[\d(][\d\s().-]{5,}\d",
    re.IGNORECASE,
)
_ENDS = ("\n", ". ", "! ", "? ")
_SHOWN = 500  # characters of a sentence, at most


@dataclass(frozen=True)
class Fault:
    """One sentence that cannot stay as it is. `detail` says what to do."""

    sentence: str
    code: str
    detail: str


def faults(text: str, *, max_length: int) -> list[Fault]:
    """Everything that keeps a text from being approved for Amazon's answer box; empty: nothing does."""
    found = []
    if len(text) > max_length:
        detail = f"The text has {len(text)} characters; at most {max_length} fit. Shorten it."
        found.append(Fault(text[max_length : max_length + 80], "too_long", detail))
    if not text.strip():
        found.append(Fault("", "empty", "The text is empty."))
    for match in _MAIL.finditer(text):
        found.append(_fault(text, match, "mail_address", "Take the mail address out."))
    for match in _LINK.finditer(text):
        if not _is_carrier(match.group()):
            found.append(
                _fault(
                    text, match, "link", "Take the link out; only the carrier's own tracking page may stand."
                )
            )
    for match in _PHONE.finditer(text):
        found.append(_fault(text, match, "phone", "Take the phone number out."))
    return found


def _is_carrier(link: str) -> bool:
    try:
        host = urlsplit(link if "://" in link else f"https://{link}").hostname or ""
    except ValueError:  # such as "http://[", which is no address at all
        return False
    return any(host == known or host.endswith(f".{known}") for known in CARRIER_HOSTS)


def _fault(text: str, match: re.Match[str], code: str, detail: str) -> Fault:
    first, last = max(0, match.start() - _SHOWN), match.end() + _SHOWN
    start = max([first, *(text.rfind(end, first, match.start()) + 1 for end in _ENDS)])
    ends = [i for i in (text.find(end, match.end(), last) for end in _ENDS) if i >= 0]
    return Fault(text[start : min(ends, default=last) + 1].strip()[:_SHOWN], code, detail)
